/* SPDX-License-Identifier: MIT */
#include "stage/scale.h"

#include <base/assert.h>

/* A broken stretch has room for its break and a number; a single octet is not spread out further.
 */
enum { BROKEN_LEAST = 4, BROKEN_MOST = 16, CELLS_AN_OCTET = 3 };

void scale_add(struct scale *s, int64_t edge)
{
	int i = s->edges;

	while (i > 0 && s->edge[i - 1] > edge)
		i--;
	if ((i > 0 && s->edge[i - 1] == edge) || s->edges == SCALE_EDGES)
		return;
	for (int k = s->edges; k > i; k--)
		s->edge[k] = s->edge[k - 1];
	s->edge[i] = edge;
	s->edges++;
}

static int64_t length(const struct scale *s, int i)
{
	return s->edge[i + 1] - s->edge[i];
}

/* What is left when each broken stretch has `each` columns, for how many octets, in how many
 * stretches. */
static int measure(struct scale *s, int columns, int each, int *whole)
{
	s->octets = 0;
	*whole = 0;
	for (int i = 0; i + 1 < s->edges; i++) {
		if (s->is_broken[i]) {
			columns -= each;
		} else {
			s->octets += length(s, i);
			++*whole;
		}
	}
	return columns;
}

/* The longest whole stretch, when on the common scale another one would be too short to be seen.
 * -1: all can be seen. */
static int find_break(const struct scale *s, int cells, int whole)
{
	int longest = -1;
	bool is_short = false;

	for (int i = 0; i + 1 < s->edges; i++) {
		if (s->is_broken[i])
			continue;
		if (longest < 0 || length(s, i) > length(s, longest))
			longest = i;
		/* Sequence space is 2^32 and a canvas 1000 columns wide: no overflow. */
		is_short = is_short || length(s, i) * cells < SCALE_LEAST * s->octets;
	}
	return is_short && whole > 1 ? longest : -1;
}

/* Whole stretches by their length, each at least SCALE_LEAST; rounding shifts edges by less than a
 * column. */
static void place(struct scale *s, int cells, int each, int spare)
{
	int64_t before = 0;
	int column = 0, used = 0;

	for (int i = 0; i + 1 < s->edges; i++) {
		int width = each;

		s->column[i] = column;
		if (!s->is_broken[i]) {
			before += length(s, i);
			width = (int)((before * cells + s->octets / 2) / s->octets) - used;
			used += width;
		} else if (spare > 0) {
			int broken = 0;

			for (int k = i; k + 1 < s->edges; k++)
				broken += s->is_broken[k];
			width += spare / broken;
			spare -= spare / broken;
		}
		column += width;
	}
	s->column[s->edges - 1] = column;
}

bool scale_deal(struct scale *s, int columns)
{
	int stretches = s->edges - 1, each, cells, whole, at, spare = 0;

	if (stretches < 1 || columns < stretches * BROKEN_LEAST)
		return false;
	each = columns / (2 * stretches);
	each = each < BROKEN_LEAST ? BROKEN_LEAST : each > BROKEN_MOST ? BROKEN_MOST : each;
	for (int i = 0; i < s->edges; i++)
		s->is_broken[i] = false;
	do {
		cells = measure(s, columns, each, &whole);
		at = find_break(s, cells, whole);
		if (at >= 0)
			s->is_broken[at] = true;
	} while (at >= 0);
	if (whole < stretches && s->octets * CELLS_AN_OCTET < cells) {
		spare = cells - (int)s->octets * CELLS_AN_OCTET;
		cells -= spare;
	}
	s->cells = cells;
	place(s, cells, each, spare);
	return true;
}

int scale_column(const struct scale *s, int64_t value)
{
	int i = 0;

	ASSERT(s->edges > 1);
	while (i + 2 < s->edges && value >= s->edge[i + 1])
		i++;
	if (value <= s->edge[i])
		return s->column[i];
	if (value >= s->edge[i + 1])
		return s->column[i + 1];
	return s->column[i] +
	       (int)((value - s->edge[i]) * (s->column[i + 1] - s->column[i]) / length(s, i));
}
