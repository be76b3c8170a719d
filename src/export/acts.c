/* SPDX-License-Identifier: MIT */
#include "export/acts.h"

static int by_segment(const void *a, const void *b)
{
	const struct act *x = a, *y = b;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	return x->deed < y->deed ? -1 : 1;
}

void acts_init(struct acts *all, const struct trace *t)
{
	*all = (struct acts){.trace = t};
	acts_grow(all, 0);
}

void acts_grow(struct acts *all, uint64_t from)
{
	size_t before = all->list.count;

	for (uint64_t i = from; i < trace_count(all->trace); i++) {
		const struct record *r = trace_at(all->trace, i);

		if (r->kind == REC_WIND && r->of < i)
			*array_push(&all->list) = (struct act){r->of, i};
	}
	if (all->list.count > before)
		qsort(all->list.at, all->list.count, sizeof *all->list.at, by_segment);
}

void acts_fini(struct acts *all)
{
	array_fini(&all->list);
}

size_t acts_first(const struct acts *all, uint64_t of)
{
	size_t low = 0, high = all->list.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->list.at[middle].of < of)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct record *acts_at(const struct acts *all, size_t i, uint64_t of)
{
	if (i >= all->list.count || all->list.at[i].of != of)
		return NULL;
	return trace_at(all->trace, all->list.at[i].deed);
}
