/* SPDX-License-Identifier: MIT */
#include "stage/figure.h"

#include <string.h>
#include <base/assert.h>

/* clang-format off */
static const struct figure small = {
	.rows = 14,
	.columns = 40,
	.end = {12, 30},
	.state = {
		[CLOSED] = {0, 17},
		[LISTEN] = {2, 17},
		[SYN_RECEIVED] = {4, 4},
		[SYN_SENT] = {4, 28},
		[ESTABLISHED] = {6, 14},
		[FIN_WAIT_1] = {8, 3},
		[CLOSE_WAIT] = {8, 28},
		[FIN_WAIT_2] = {10, 3},
		[CLOSING] = {10, 15},
		[LAST_ACK] = {10, 29},
		[TIME_WAIT] = {12, 14},
	},
	.way = {
		{CLOSED, LISTEN, false, {{1, 19}}},
		{CLOSED, SYN_SENT, false, {{0, 24}, {0, 34}, {3, 34}}},
		{LISTEN, CLOSED, false, {{1, 21}}},
		{LISTEN, SYN_RECEIVED, false, {{2, 15}, {2, 10}, {3, 10}}},
		{LISTEN, SYN_SENT, false, {{2, 24}, {2, 29}, {3, 29}}},
		{SYN_SENT, CLOSED, false, {{3, 32}, {1, 32}, {1, 23}}},
		{SYN_SENT, SYN_RECEIVED, false, {{4, 26}, {4, 13}}},
		{SYN_SENT, ESTABLISHED, false, {{5, 30}, {6, 30}, {6, 26}}},
		{SYN_RECEIVED, LISTEN, false, {{3, 6}, {1, 6}, {1, 17}}},
		{SYN_RECEIVED, ESTABLISHED, false, {{5, 9}, {6, 9}, {6, 12}}},
		{SYN_RECEIVED, FIN_WAIT_1, false, {{5, 6}, {7, 6}}},
		{ESTABLISHED, FIN_WAIT_1, false, {{7, 16}, {8, 16}, {8, 14}}},
		{ESTABLISHED, CLOSE_WAIT, false, {{7, 22}, {8, 22}, {8, 26}}},
		{FIN_WAIT_1, FIN_WAIT_2, false, {{9, 6}}},
		{FIN_WAIT_1, CLOSING, false, {{9, 11}, {9, 18}}},
		{FIN_WAIT_2, TIME_WAIT, false, {{11, 6}, {12, 6}, {12, 12}}},
		{CLOSING, TIME_WAIT, false, {{11, 18}}},
		{CLOSE_WAIT, LAST_ACK, false, {{9, 32}}},
		{LAST_ACK, CLOSED, true, {{11, 32}}},
		{TIME_WAIT, CLOSED, true, {{12, 24}, {12, 28}}},
		{SYN_RECEIVED, CLOSED, true, {{4, 2}, {4, 0}, {13, 0}, {13, 33}}},
		{ESTABLISHED, CLOSED, true, {{7, 19}, {9, 19}, {9, 25}, {13, 25}, {13, 33}}},
		{FIN_WAIT_1, CLOSED, true, {{8, 1}, {8, 0}, {13, 0}, {13, 33}}},
		{FIN_WAIT_2, CLOSED, true, {{10, 1}, {10, 0}, {13, 0}, {13, 33}}},
		{CLOSE_WAIT, CLOSED, true, {{8, 39}, {13, 39}, {13, 33}}},
		{CLOSING, CLOSED, true, {{10, 23}, {10, 25}, {13, 25}, {13, 33}}},
	},
};

static const struct figure large = {
	.rows = 27,
	.columns = 73,
	.has_labels = true,
	.end = {24, 59},
	.state = {
		[CLOSED] = {0, 34},
		[LISTEN] = {4, 34},
		[SYN_RECEIVED] = {8, 8},
		[SYN_SENT] = {8, 58},
		[ESTABLISHED] = {12, 32},
		[FIN_WAIT_1] = {16, 7},
		[CLOSE_WAIT] = {16, 57},
		[FIN_WAIT_2] = {20, 7},
		[CLOSING] = {20, 33},
		[LAST_ACK] = {20, 58},
		[TIME_WAIT] = {24, 32},
	},
	.way = {
		{CLOSED, LISTEN, false, {{1, 35}, {3, 35}}, {2, 22}},
		{CLOSED, SYN_SENT, false, {{0, 41}, {0, 64}, {7, 64}}, {1, 42}},
		{LISTEN, CLOSED, false, {{3, 37}, {1, 37}}, {3, 39}},
		{LISTEN, SYN_RECEIVED, false, {{4, 32}, {4, 14}, {7, 14}}, {5, 16}},
		{LISTEN, SYN_SENT, false, {{4, 41}, {4, 58}, {7, 58}}, {5, 43}},
		{SYN_SENT, CLOSED, false, {{7, 60}, {2, 60}, {2, 39}, {1, 39}}, {3, 54}},
		{SYN_SENT, SYN_RECEIVED, false, {{8, 56}, {8, 17}}, {7, 26}},
		{SYN_SENT, ESTABLISHED, false, {{9, 60}, {12, 60}, {12, 44}}, {11, 38}},
		{SYN_RECEIVED, LISTEN, false, {{7, 10}, {3, 10}, {3, 33}}, {2, 12}},
		{SYN_RECEIVED, ESTABLISHED, false, {{9, 14}, {12, 14}, {12, 30}}, {11, 16}},
		{SYN_RECEIVED, FIN_WAIT_1, false, {{9, 10}, {15, 10}}, {14, 12}},
		{ESTABLISHED, FIN_WAIT_1, false, {{13, 34}, {16, 34}, {16, 18}}, {15, 18}},
		{ESTABLISHED, CLOSE_WAIT, false, {{13, 40}, {16, 40}, {16, 55}}, {15, 42}},
		{FIN_WAIT_1, FIN_WAIT_2, false, {{17, 10}, {19, 10}}, {19, 12}},
		{FIN_WAIT_1, CLOSING, false, {{17, 15}, {17, 36}, {19, 36}}, {18, 18}},
		{FIN_WAIT_2, TIME_WAIT, false, {{21, 10}, {24, 10}, {24, 30}}, {23, 12}},
		{CLOSING, TIME_WAIT, false, {{21, 36}, {23, 36}}, {22, 21}},
		{CLOSE_WAIT, LAST_ACK, false, {{17, 61}, {19, 61}}, {18, 45}},
		{LAST_ACK, CLOSED, true, {{21, 61}, {23, 61}}, {22, 46}},
		{TIME_WAIT, CLOSED, true, {{24, 42}, {24, 57}}, {23, 45}},
		{SYN_RECEIVED, CLOSED, true, {{8, 6}, {8, 3}, {26, 3}, {26, 62}, {25, 62}}, {25, 5}},
		{ESTABLISHED, CLOSED, true, {{13, 37}, {17, 37}, {17, 43}, {26, 43}, {26, 62}, {25, 62}}, {25, 5}},
		{FIN_WAIT_1, CLOSED, true, {{16, 5}, {16, 3}, {26, 3}, {26, 62}, {25, 62}}, {25, 5}},
		{FIN_WAIT_2, CLOSED, true, {{20, 5}, {20, 3}, {26, 3}, {26, 62}, {25, 62}}, {25, 5}},
		{CLOSE_WAIT, CLOSED, true, {{16, 68}, {16, 72}, {26, 72}, {26, 62}, {25, 62}}, {25, 5}},
		{CLOSING, CLOSED, true, {{20, 41}, {20, 43}, {26, 43}, {26, 62}, {25, 62}}, {25, 5}},
	},
};
/* clang-format on */

const struct figure *figure_small(void)
{
	return &small;
}

const struct figure *figure_large(void)
{
	return &large;
}

struct spot figure_state(const struct figure *f, enum state s, bool is_end)
{
	return s == CLOSED && is_end ? f->end : f->state[s];
}

int figure_edge(enum state from, enum state to)
{
	for (int i = 0; i < FIGURE_EDGES; i++) {
		if (small.way[i].from == from && small.way[i].to == to)
			return i;
	}
	return -1;
}

const char *figure_label(int edge, bool *is_figures)
{
	static const struct {
		const char *label, *source;
	} edges[] = {
#define EDGE(from, to, label, source) {label, source},
#include <woshou/edge.def>
#undef EDGE
	};

	ASSERT(edge >= 0 && edge < FIGURE_EDGES);
	*is_figures = strstr(edges[edge].source, "Figure 5") != NULL;
	return edges[edge].label;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static unsigned side_of(int rows, int columns)
{
	if (rows != 0)
		return rows < 0 ? JOIN_UP : JOIN_DOWN;
	return columns < 0 ? JOIN_LEFT : JOIN_RIGHT;
}

/* On which side of the cell the state's name lies, with a cell of room at both of its ends. */
static unsigned side_to(struct spot cell, struct spot name, enum state s)
{
	int columns = (int)strlen(state_name(s));

	if (cell.row == name.row)
		return cell.column < name.column ? JOIN_RIGHT : JOIN_LEFT;
	ASSERT(cell.column >= name.column - 1 && cell.column <= name.column + columns);
	return cell.row < name.row ? JOIN_DOWN : JOIN_UP;
}

static bool is_bend(struct spot s)
{
	return s.row != 0 || s.column != 0;
}

int way_cells(const struct figure *f, const struct way *w, struct way_cell cells[WAY_CELLS])
{
	struct spot at = w->bend[0];
	int n = 0;

	cells[0] =
		(struct way_cell){.at = at,
				  .sides = side_to(at, figure_state(f, (enum state)w->from, false),
						   (enum state)w->from)};
	for (int i = 1; i < FIGURE_BENDS && is_bend(w->bend[i]); i++) {
		int rows = sign(w->bend[i].row - at.row),
		    columns = sign(w->bend[i].column - at.column);

		while (at.row != w->bend[i].row || at.column != w->bend[i].column) {
			ASSERT(n + 1 < WAY_CELLS);
			cells[n++].sides |= side_of(rows, columns);
			at.row = (int8_t)(at.row + rows);
			at.column = (int8_t)(at.column + columns);
			cells[n] = (struct way_cell){.at = at, .sides = side_of(-rows, -columns)};
		}
	}
	cells[n].head =
		side_to(at, figure_state(f, (enum state)w->to, w->to_end), (enum state)w->to);
	cells[n].sides |= cells[n].head;
	return n + 1;
}
