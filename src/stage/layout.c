/* SPDX-License-Identifier: MIT */
/* layout.c - where everything lies. Rows are dealt out from the edges; the ladder has the rest. */
#include <base/assert.h>
#include "stage/panel.h"

enum {
	PEOPLE_COLUMNS = 64, /* the least for both with their words */
	LADDER_ROWS = 6,     /* the least, with its heading */
	WINDOWS_LEAST = 3,
	WINDOWS_ROWS = 7,
	WINDOWS_HUGE = 9,
	GRAPH_LEAST = 8,
	GRAPH_ROWS = 11,
	GRAPH_HUGE = 15,
	BESIDE_LEAST = 7,
	BESIDE_ROWS = 12,
	BESIDE_HUGE = 13,
	TCB_LEAST = 5,
	SIDE_LEAST = 6,
};

int panel_index(enum panel p)
{
	for (int i = 0; i < PANELS; i++) {
		if (p == (enum panel)(1 << i))
			return i;
	}
	UNREACHABLE();
}

enum panel panel_at(int index)
{
	ASSERT(index >= 0 && index < PANELS);
	return (enum panel)(1 << index);
}

static bool is_huge(int rows, int columns)
{
	return rows >= HUGE_ROWS && columns >= HUGE_COLUMNS;
}

unsigned panels_given(int rows, int columns, bool has_twin)
{
	unsigned given = PANEL_NARRATION | PANEL_LADDER;

	if (rows >= SMALL_ROWS && columns >= SMALL_COLUMNS)
		given |= PANEL_PEOPLE;
	if (rows >= LARGE_ROWS && columns >= LARGE_COLUMNS)
		given |= PANEL_STATES | PANEL_TCB | PANEL_WINDOWS;
	if (is_huge(rows, columns))
		given |= PANEL_GRAPH;
	/* Two ladders need the room that the windows have. */
	if (has_twin && rows >= LARGE_ROWS && columns >= LARGE_COLUMNS)
		given = (given & ~(is_huge(rows, columns) ? 0u : PANEL_WINDOWS)) | PANEL_BESIDE;
	return given;
}

enum panel panel_next(unsigned shown, enum panel from, int by)
{
	static const enum panel order[] = {PANEL_LADDER,  PANEL_BESIDE, PANEL_STATES,   PANEL_TCB,
					   PANEL_WINDOWS, PANEL_GRAPH,  PANEL_NARRATION};
	enum { N = sizeof order / sizeof order[0] };
	int at = 0;

	while (at < N && order[at] != from)
		at++;
	/* From a panel that is none of these to the first. */
	at = at == N ? N - by : at;
	for (int i = 0; i < N; i++) {
		at = (at + by + N) % N;
		if (shown & order[at])
			return order[at];
	}
	return PANEL_LADDER;
}

/* ---- dealing out ----------------------------------------------------------------------------- */

static struct area take_top(struct area *from, int rows)
{
	struct area top = *from;

	if (rows > from->rows)
		rows = from->rows;
	top.rows = rows;
	from->row += rows;
	from->rows -= rows;
	return top;
}

static struct area take_bottom(struct area *from, int rows)
{
	struct area bottom = *from;

	if (rows > from->rows)
		rows = from->rows;
	bottom.row += from->rows - rows;
	bottom.rows = rows;
	from->rows -= rows;
	return bottom;
}

static struct area take_right(struct area *from, int columns)
{
	struct area right = *from;

	right.column += from->columns - columns;
	right.columns = columns;
	from->columns -= columns;
	return right;
}

static struct area *place_of(struct layout *l, enum panel p)
{
	return &l->panel[panel_index(p)];
}

/* The states and the TCBs stand beside the ladder. Where the height is not enough for both, the one
 * with the focus is there. */
static void place_side(struct layout *l, struct area *middle, unsigned shown, enum panel focus,
		       bool huge)
{
	int states = huge ? STATES_HUGE_ROWS : STATES_ROWS;
	struct area side;

	shown &= PANEL_STATES | PANEL_TCB;
	if (shown == 0 || middle->rows < SIDE_LEAST)
		return;
	side = take_right(middle, huge ? STATES_HUGE_COLUMNS : STATES_COLUMNS);
	l->divider = take_right(middle, 1);
	if (shown == (PANEL_STATES | PANEL_TCB) && side.rows < states + TCB_LEAST)
		shown = focus == PANEL_TCB ? PANEL_TCB : PANEL_STATES;
	if (shown == (PANEL_STATES | PANEL_TCB))
		*place_of(l, PANEL_STATES) = take_top(&side, states);
	if (shown == PANEL_STATES)
		*place_of(l, PANEL_STATES) = side;
	else
		*place_of(l, PANEL_TCB) = side;
}

/* So many rows at least, or none. */
struct wish {
	enum panel panel;
	int least, most, rows;
};

/* Each in its turn gets the least, then each in its turn more of it. */
static void deal(struct wish *wish, int n, int left)
{
	for (int i = 0; i < n; i++) {
		if (wish[i].least > left)
			continue;
		wish[i].rows = wish[i].least;
		left -= wish[i].least;
	}
	for (int i = 0; i < n; i++) {
		int more = wish[i].most - wish[i].rows;

		if (wish[i].rows == 0)
			continue;
		more = more < left ? more : left;
		wish[i].rows += more;
		left -= more;
	}
}

/* On a small screen the windows are two lines, and more while they have the focus. */
static int windows_most(enum panel focus, int rows, bool huge)
{
	if (huge)
		return WINDOWS_HUGE;
	return rows >= LARGE_ROWS || focus == PANEL_WINDOWS ? WINDOWS_ROWS : WINDOWS_LEAST;
}

/* What lies above windows and graph needs so much: the ladder, and on a screen where they lie below
 * the side, too, what has the focus there. */
static int rows_kept(unsigned shown, enum panel focus, int columns)
{
	if (columns < LARGE_COLUMNS && focus == PANEL_STATES && (shown & PANEL_STATES))
		return STATES_ROWS;
	return 1 + LADDER_ROWS;
}

/* Windows and graph lie below the ladder, the one with the focus first served. */
static void place_below(struct layout *l, struct area *middle, unsigned shown, enum panel focus,
			int rows, int columns)
{
	bool huge = is_huge(rows, columns);
	struct wish windows = {PANEL_WINDOWS, WINDOWS_LEAST, windows_most(focus, rows, huge), 0};
	struct wish graph = {PANEL_GRAPH, GRAPH_LEAST, huge ? GRAPH_HUGE : GRAPH_ROWS, 0};
	struct wish beside = {PANEL_BESIDE, BESIDE_LEAST, huge ? BESIDE_HUGE : BESIDE_ROWS, 0};
	struct wish wish[3];
	int n = 0;

	if ((shown & PANEL_BESIDE) && focus == PANEL_BESIDE)
		wish[n++] = beside;
	if ((shown & PANEL_GRAPH) && focus == PANEL_GRAPH)
		wish[n++] = graph;
	if ((shown & PANEL_BESIDE) && focus != PANEL_BESIDE)
		wish[n++] = beside;
	if (shown & PANEL_WINDOWS)
		wish[n++] = windows;
	if ((shown & PANEL_GRAPH) && focus != PANEL_GRAPH)
		wish[n++] = graph;
	deal(wish, n, middle->rows - rows_kept(shown, focus, columns));
	for (int i = 0; i < n; i++) {
		if (wish[i].rows > 0)
			*place_of(l, wish[i].panel) = take_bottom(middle, wish[i].rows);
	}
}

/* Where there is no room for it beside the ladder, what has the focus takes the ladder's place. */
static bool wants_ladders_place(const struct layout *l, unsigned shown, enum panel focus)
{
	const unsigned able = PANEL_STATES | PANEL_TCB | PANEL_WINDOWS | PANEL_GRAPH | PANEL_BESIDE;

	return (shown & focus & able) && l->panel[panel_index(focus)].rows == 0;
}

static void place_middle(struct layout *l, struct area middle, int rows, int columns,
			 unsigned shown, enum panel focus)
{
	bool huge = is_huge(rows, columns);
	int people = PEOPLE_ROWS;

	/* Where there is room the side has the whole height, else the wide panels the whole width.
	 */
	if (columns >= LARGE_COLUMNS)
		place_side(l, &middle, shown, focus, huge);
	if (columns >= SMALL_COLUMNS)
		place_below(l, &middle, shown, focus, rows, columns);
	if (columns >= SMALL_COLUMNS && columns < LARGE_COLUMNS)
		place_side(l, &middle, shown, focus, false);
	if (rows >= LARGE_ROWS && middle.rows >= PEOPLE_LARGE_ROWS + 2 * LADDER_ROWS)
		people = PEOPLE_LARGE_ROWS;
	if ((shown & PANEL_PEOPLE) && middle.columns >= PEOPLE_COLUMNS &&
	    middle.rows >= people + LADDER_ROWS)
		*place_of(l, PANEL_PEOPLE) = take_top(&middle, people);
	else
		l->names = take_top(&middle, 1);
	*place_of(l, wants_ladders_place(l, shown, focus) ? focus : PANEL_LADDER) = middle;
}

struct layout layout_of(int rows, int columns, unsigned shown, enum panel focus,
			struct text_rows text)
{
	struct layout l = {0};
	struct area all = {0, 0, rows, columns};
	bool is_small = rows < SMALL_ROWS || columns < SMALL_COLUMNS;

	l.title = take_top(&all, 1);
	l.footer = take_bottom(&all, 1);
	l.status = take_bottom(&all, text.status);
	l.timeline = take_bottom(&all, rows >= LARGE_ROWS && columns >= SMALL_COLUMNS ? 2 : 1);
	if (shown & PANEL_NARRATION) {
		l.words = take_bottom(&all, text.words);
		*place_of(&l, PANEL_NARRATION) = l.words;
	}
	if (!is_small)
		l.rule = take_top(&all, 1);
	place_middle(&l, all, rows, columns, shown, focus);
	return l;
}
