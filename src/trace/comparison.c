/* SPDX-License-Identifier: MIT */
/*
 * comparison.c - all records of two traces, side by side. What is the same but for its time belongs
 * together; of what is left, what is alike; of what is still left, what happens at one moment.
 */
#include <base/align.h>
#include "trace/essence.h"

/* By what records are matched: all but these, one pass after the other. */
static const unsigned without[] = {
	DIFFERS_TIME | DIFFERS_STAMPS | DIFFERS_FIELDS | DIFFERS_RULE,
	~(unsigned)(DIFFERS_WHAT | DIFFERS_WHO | DIFFERS_PORTS | DIFFERS_FLAGS | DIFFERS_SEQ |
		    DIFFERS_STATE),
	~(unsigned)(DIFFERS_WHAT | DIFFERS_WHO | DIFFERS_PORTS | DIFFERS_TIME),
};

enum { PASSES = sizeof without / sizeof without[0] };

/* The compared records of one side, and the partners found so far. */
struct list {
	const struct side *side;
	ARRAY(uint64_t) records;
	size_t *partner; /* index into the other list */
	uint64_t *keys;  /* while a pass goes on: of a stretch */
};

struct matcher {
	struct list a, b;
	unsigned ignored;
	size_t *found;
};

static void gather(struct list *l, unsigned ignored)
{
	uint64_t count = trace_count(l->side->trace);

	for (uint64_t i = side_next(l->side, 0, ignored); i < count;
	     i = side_next(l->side, i + 1, ignored))
		*array_push(&l->records) = i;
	l->partner = xcalloc(l->records.count + 1, sizeof *l->partner);
	l->keys = xcalloc(l->records.count + 1, sizeof *l->keys);
	for (size_t i = 0; i < l->records.count; i++)
		l->partner[i] = ALIGN_NONE;
}

static unsigned differences(const struct matcher *m, size_t a, size_t b)
{
	struct essence of_a, of_b;

	side_essence(m->a.side, m->a.records.at[a], &of_a);
	side_essence(m->b.side, m->b.records.at[b], &of_b);
	return essence_differences(&of_a, &of_b) & ~ignored_differences(m->ignored);
}

static void find_keys(struct list *l, size_t from, size_t to, unsigned bits)
{
	for (size_t i = from; i < to; i++) {
		struct essence e;

		side_essence(l->side, l->records.at[i], &e);
		l->keys[i] = essence_hash(&e, bits);
	}
}

/* Keys are equal when hashes are; who lies is found out. */
static void match_stretch(struct matcher *m, const size_t a[2], const size_t b[2], unsigned bits)
{
	if (a[0] == a[1] || b[0] == b[1])
		return;
	find_keys(&m->a, a[0], a[1], bits);
	find_keys(&m->b, b[0], b[1], bits);
	align(m->a.keys + a[0], a[1] - a[0], m->b.keys + b[0], b[1] - b[0], m->found);
	for (size_t i = 0; i < a[1] - a[0]; i++) {
		if (m->found[i] == ALIGN_NONE ||
		    (differences(m, a[0] + i, b[0] + m->found[i]) & ~bits) != 0)
			continue;
		m->a.partner[a[0] + i] = b[0] + m->found[i];
		m->b.partner[b[0] + m->found[i]] = a[0] + i;
	}
}

/* Between those that have a partner. */
static void match_rest(struct matcher *m, size_t begin, unsigned bits)
{
	size_t a[2] = {begin, begin}, b[2] = {begin, begin};

	for (; a[1] <= m->a.records.count; a[1]++) {
		bool is_end = a[1] == m->a.records.count;

		if (!is_end && m->a.partner[a[1]] == ALIGN_NONE)
			continue;
		b[1] = is_end ? m->b.records.count : m->a.partner[a[1]];
		match_stretch(m, a, b, bits);
		a[0] = a[1] + 1;
		b[0] = b[1] + 1;
	}
}

static size_t match_begin(struct matcher *m, const struct divergence *first)
{
	size_t i = 0;

	while (i < m->a.records.count && i < m->b.records.count &&
	       (!first->differs || m->a.records.at[i] < first->a)) {
		m->a.partner[i] = m->b.partner[i] = i;
		i++;
	}
	return i;
}

/* ---- the list of pairs ----------------------------------------------------------------------- */

static void add(struct comparison *c, const struct matcher *m, size_t a, size_t b)
{
	struct pairing *p = array_push(&c->pairs);

	p->a = a == ALIGN_NONE ? PAIRING_NONE : m->a.records.at[a];
	p->b = b == ALIGN_NONE ? PAIRING_NONE : m->b.records.at[b];
	p->what = a == ALIGN_NONE || b == ALIGN_NONE || c->pairs.count <= c->begin
			  ? 0
			  : differences(m, a, b);
}

static usec time_of(const struct list *l, size_t i)
{
	return trace_at(l->side->trace, l->records.at[i])->at;
}

/* What only one has stands where its time is. */
static void list_pairs(struct comparison *c, const struct matcher *m)
{
	size_t a = 0, b = 0;

	while (a < m->a.records.count || b < m->b.records.count) {
		bool has_a = a < m->a.records.count && m->a.partner[a] == ALIGN_NONE;
		bool has_b = b < m->b.records.count && m->b.partner[b] == ALIGN_NONE;

		if (has_a && has_b && time_of(&m->b, b) < time_of(&m->a, a))
			has_a = false;
		if (has_a)
			add(c, m, a++, ALIGN_NONE);
		else if (has_b)
			add(c, m, ALIGN_NONE, b++);
		else
			add(c, m, a++, b++);
	}
}

static void count(struct comparison *c)
{
	c->rejoin = c->pairs.count;
	for (size_t i = c->begin; i < c->pairs.count; i++) {
		const struct pairing *p = &c->pairs.at[i];

		if (p->a == PAIRING_NONE)
			c->only_b++;
		else if (p->b == PAIRING_NONE)
			c->only_a++;
		else if (pairing_is_same(p))
			c->same++;
		else
			c->changed++;
	}
	while (c->rejoin > c->begin && pairing_is_same(&c->pairs.at[c->rejoin - 1]))
		c->rejoin--;
}

static void find_shift(struct comparison *c, const struct matcher *m)
{
	for (size_t i = c->rejoin; i < c->pairs.count; i++) {
		usec by = trace_at(m->b.side->trace, c->pairs.at[i].b)->at -
			  trace_at(m->a.side->trace, c->pairs.at[i].a)->at;

		if (i == c->rejoin) {
			c->has_shift = true;
			c->shift = by;
		}
		if (by != c->shift)
			c->has_shift = false;
	}
}

void comparison_init(struct comparison *c, const struct trace *a, const struct trace *b,
		     unsigned ignored)
{
	struct matcher m = {.ignored = ignored};

	*c = (struct comparison){0};
	trace_compare_but(a, b, ignored, &c->first);
	c->sides = xcalloc(2, sizeof *c->sides);
	sides_init(&c->sides[0], &c->sides[1], a, b, ignored);
	m.a.side = &c->sides[0];
	m.b.side = &c->sides[1];
	gather(&m.a, ignored);
	gather(&m.b, ignored);
	m.found = xcalloc(m.a.records.count + 1, sizeof *m.found);
	c->begin = match_begin(&m, &c->first);
	for (int pass = 0; pass < PASSES; pass++)
		match_rest(&m, c->begin, without[pass] | ignored_differences(ignored));
	list_pairs(c, &m);
	count(c);
	find_shift(c, &m);
	free(m.found);
	for (int i = 0; i < 2; i++) {
		struct list *l = i ? &m.b : &m.a;

		array_fini(&l->records);
		free(l->partner);
		free(l->keys);
	}
}

uint64_t comparison_fields(const struct comparison *c, const struct pairing *p)
{
	return sides_fields(&c->sides[0], p->a, &c->sides[1], p->b);
}

void comparison_fini(struct comparison *c)
{
	side_fini(&c->sides[0]);
	side_fini(&c->sides[1]);
	free(c->sides);
	array_fini(&c->pairs);
}
