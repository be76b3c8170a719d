/* SPDX-License-Identifier: MIT */
#include <base/align.h>

#include <stdbool.h>
#include <base/array.h>

enum {
	TABLE_MAX = 1 << 20, /* cells of the exact table */
	LEVELS = 48,         /* of cuts within cuts: who needs more is no list of this world */
	LOOK_AHEAD = 64,
};

/* a[a0, a1) and b[b0, b1) are still to be aligned. */
struct stretch {
	size_t a0, a1, b0, b1;
	int level;
};

struct aligner {
	const uint64_t *a, *b;
	size_t *partner;
	ARRAY(struct stretch) todo;
	uint16_t *table; /* TABLE_MAX of them */
	struct entry *entries;
};

/* An element while the keys that both have once are looked for. */
struct entry {
	uint64_t key;
	size_t index;
	bool is_b;
};

/* ---- short ones: the longest common subsequence ---------------------------------------------- */

static void align_exactly(struct aligner *k, struct stretch s)
{
	size_t rows = s.a1 - s.a0, columns = s.b1 - s.b0, width = columns + 1;
	uint16_t *most = k->table; /* of the rests from (i, j) on */
	size_t i, j;

	for (j = 0; j <= columns; j++)
		most[rows * width + j] = 0;
	for (i = rows; i-- > 0;) {
		most[i * width + columns] = 0;
		for (j = columns; j-- > 0;) {
			uint16_t down = most[(i + 1) * width + j], right = most[i * width + j + 1];
			uint16_t both = (uint16_t)(most[(i + 1) * width + j + 1] + 1);

			most[i * width + j] = k->a[s.a0 + i] == k->b[s.b0 + j] ? both
					      : down > right                   ? down
									       : right;
		}
	}
	for (i = 0, j = 0; i < rows && j < columns;) {
		if (k->a[s.a0 + i] == k->b[s.b0 + j]) {
			k->partner[s.a0 + i++] = s.b0 + j++;
		} else if (most[(i + 1) * width + j] >= most[i * width + j + 1]) {
			i++;
		} else {
			j++;
		}
	}
}

/* ---- long ones: cut at what both have once --------------------------------------------------- */

static int by_key(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->is_b != b->is_b)
		return a->is_b ? 1 : -1;
	return a->index < b->index ? -1 : a->index > b->index;
}

struct anchor {
	size_t a, b;
	size_t below; /* in the longest rising row that ends here, the one before; ALIGN_NONE */
};

static int by_a(const void *x, const void *y)
{
	const struct anchor *a = x, *b = y;

	return a->a < b->a ? -1 : a->a > b->a;
}

static size_t find_anchors(struct aligner *k, struct stretch s, struct anchor *anchors)
{
	size_t count = 0, found = 0;

	for (size_t i = s.a0; i < s.a1; i++)
		k->entries[count++] = (struct entry){k->a[i], i, false};
	for (size_t i = s.b0; i < s.b1; i++)
		k->entries[count++] = (struct entry){k->b[i], i, true};
	qsort(k->entries, count, sizeof *k->entries, by_key);
	for (size_t i = 0; i < count;) {
		const struct entry *e = &k->entries[i];
		size_t end = i + 1;

		while (end < count && k->entries[end].key == e->key)
			end++;
		if (end - i == 2 && !e[0].is_b && e[1].is_b)
			anchors[found++] = (struct anchor){e[0].index, e[1].index, ALIGN_NONE};
		i = end;
	}
	qsort(anchors, found, sizeof *anchors, by_a);
	return found;
}

/* The longest row of anchors that rises in b, too; its last one, or ALIGN_NONE. */
static size_t longest_rise(struct anchor *anchors, size_t count, size_t *tops)
{
	size_t piles = 0;

	for (size_t i = 0; i < count; i++) {
		size_t low = 0, high = piles;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (anchors[tops[middle]].b < anchors[i].b)
				low = middle + 1;
			else
				high = middle;
		}
		anchors[i].below = low > 0 ? tops[low - 1] : ALIGN_NONE;
		tops[low] = i;
		if (low == piles)
			piles++;
	}
	return piles > 0 ? tops[piles - 1] : ALIGN_NONE;
}

/* False: there is nothing to cut at. */
static bool cut(struct aligner *k, struct stretch s)
{
	size_t most = s.a1 - s.a0 < s.b1 - s.b0 ? s.a1 - s.a0 : s.b1 - s.b0;
	struct anchor *anchors = xcalloc(most + 1, sizeof *anchors);
	size_t *tops = xcalloc(most + 1, sizeof *tops);
	size_t last = longest_rise(anchors, find_anchors(k, s, anchors), tops);
	bool has_cut = last != ALIGN_NONE;

	for (; last != ALIGN_NONE; last = anchors[last].below) {
		const struct anchor *at = &anchors[last];

		k->partner[at->a] = at->b;
		*array_push(&k->todo) =
			(struct stretch){at->a + 1, s.a1, at->b + 1, s.b1, s.level + 1};
		s.a1 = at->a;
		s.b1 = at->b;
	}
	if (has_cut)
		*array_push(&k->todo) = (struct stretch){s.a0, s.a1, s.b0, s.b1, s.level + 1};
	free(anchors);
	free(tops);
	return has_cut;
}

/* The nearest pair of equals from (i, j) on: the least that must be skipped of both together. */
static bool find_near(const struct aligner *k, struct stretch s, size_t *i, size_t *j)
{
	for (size_t skip = 0; skip < LOOK_AHEAD; skip++) {
		for (size_t of_a = 0; of_a <= skip && *i + of_a < s.a1; of_a++) {
			size_t at = *j + skip - of_a;

			if (at < s.b1 && k->a[*i + of_a] == k->b[at]) {
				*i += of_a;
				*j = at;
				return true;
			}
		}
	}
	return false;
}

/* Nothing stands out: always the nearest pair. */
static void align_greedily(struct aligner *k, struct stretch s)
{
	size_t i = s.a0, j = s.b0;

	for (; i < s.a1 && j < s.b1; i++, j++) {
		if (find_near(k, s, &i, &j))
			k->partner[i] = j;
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void trim(struct aligner *k, struct stretch *s)
{
	while (s->a0 < s->a1 && s->b0 < s->b1 && k->a[s->a0] == k->b[s->b0])
		k->partner[s->a0++] = s->b0++;
	while (s->a0 < s->a1 && s->b0 < s->b1 && k->a[s->a1 - 1] == k->b[s->b1 - 1])
		k->partner[--s->a1] = --s->b1;
}

void align(const uint64_t *a, size_t n, const uint64_t *b, size_t m, size_t *partner)
{
	struct aligner k = {.a = a, .b = b, .partner = partner};

	for (size_t i = 0; i < n; i++)
		partner[i] = ALIGN_NONE;
	k.table = xcalloc(TABLE_MAX, sizeof *k.table);
	k.entries = xcalloc(n + m + 1, sizeof *k.entries);
	*array_push(&k.todo) = (struct stretch){0, n, 0, m, 0};
	while (k.todo.count > 0) {
		struct stretch s = array_pop(&k.todo);
		size_t rows, columns;

		trim(&k, &s);
		rows = s.a1 - s.a0;
		columns = s.b1 - s.b0;
		if (rows == 0 || columns == 0)
			continue;
		if (rows < UINT16_MAX && columns < UINT16_MAX &&
		    (rows + 1) * (columns + 1) <= TABLE_MAX)
			align_exactly(&k, s);
		else if (s.level >= LEVELS || !cut(&k, s))
			align_greedily(&k, s);
	}
	array_fini(&k.todo);
	free(k.table);
	free(k.entries);
}
