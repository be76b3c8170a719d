/* SPDX-License-Identifier: MIT */
#include "stage/timeline.h"

#include "stage/story.h"

static void add(struct stop_set *set, uint32_t stop)
{
	if (set->stops.count == 0 || *array_last(&set->stops) < stop)
		*array_push(&set->stops) = stop;
}

void timeline_find(struct story *s)
{
	for (uint32_t i = 0; i < s->stops.count; i++) {
		if (s->stops.at[i].lost >= 0)
			add(&s->timeline.losses, i);
		if (i + 1 < s->stops.count &&
		    s->stops.at[i + 1].at - s->stops.at[i].at >= USEC_PER_S)
			add(&s->timeline.gaps, i);
	}
	for (uint64_t i = 0; i < trace_count(s->trace); i++) {
		const struct record *r = trace_at(s->trace, i);

		if (r->kind == REC_PROMISE || (r->kind == REC_EXPECT && r->detail != VERDICT_PASS))
			add(&s->timeline.failures, story_stop_of(s, i));
	}
}

void timeline_fini(struct timeline *t)
{
	array_fini(&t->losses.stops);
	array_fini(&t->failures.stops);
	array_fini(&t->gaps.stops);
}

/* How many of the set lie before this stop. */
static size_t count_before(const struct stop_set *set, uint32_t stop)
{
	size_t low = 0, high = set->stops.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->stops.at[middle] < stop)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t stop_set_from(const struct stop_set *set, uint32_t stop)
{
	size_t i = count_before(set, stop);

	return i < set->stops.count ? set->stops.at[i] : UINT32_MAX;
}

uint32_t stop_set_before(const struct stop_set *set, uint32_t stop)
{
	size_t i = count_before(set, stop);

	return i > 0 ? set->stops.at[i - 1] : UINT32_MAX;
}

int bar_column(const struct bar *b, uint32_t stop)
{
	if (b->stops <= 1)
		return 0;
	return (int)((uint64_t)stop * (uint64_t)(b->columns - 1) / (b->stops - 1));
}

uint32_t bar_stop(const struct bar *b, int column)
{
	if (b->columns <= 1 || b->stops == 0)
		return 0;
	return (uint32_t)(((uint64_t)column * (b->stops - 1) + (uint64_t)(b->columns - 1) / 2) /
			  (uint64_t)(b->columns - 1));
}

uint32_t bar_first(const struct bar *b, int column)
{
	uint64_t last = (uint64_t)(b->columns - 1);

	if (column <= 0)
		return 0;
	if (column >= b->columns || b->stops <= 1)
		return b->stops;
	return (uint32_t)(((uint64_t)column * (b->stops - 1) + last - 1) / last);
}
