/* SPDX-License-Identifier: MIT */
#include "stage/slant.h"

#include <string.h>
#include <base/array.h>
#include <base/utf8.h>

/* The dots of one cell are 2 x 4; Unicode numbers them by columns, the lowest row last. */
static const uint8_t dots[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

enum { DOTS_ACROSS = 2, DOTS_DOWN = 4, THICK = 2, SPARSE = 4, BRAILLE = 0x2800 };

/* A voyage in the ladder: from column `from` over `columns` cells in a direction, rows [leave,
 * reach] of the story. */
struct slant {
	const struct voyage *voyage;
	int from, columns, direction;
	int64_t leave, reach;
	int progress; /* 0..1000 of the whole way */
	bool is_over;
};

struct dot_cell {
	uint8_t bits;
	uint8_t role;
	uint8_t level; /* of 4, for ASCII */
	int8_t direction;
};

static struct slant slant_of(const struct ladder *l, const struct voyage *w)
{
	const struct view *v = l->view;
	int from = story_lifeline(v->story, w->from), to = story_lifeline(v->story, w->to);
	struct slant s = {.voyage = w, .leave = w->leave_row, .reach = w->reach_row};
	int x1 = from >= 0 ? l->x[from] : (l->left + l->right) / 2;
	int x2 = to >= 0 ? l->x[to] : (l->left + l->right) / 2;

	s.direction = x1 <= x2 ? 1 : -1;
	/* A stranger's word comes from nowhere: from the middle of the air. */
	if (w->is_stranger)
		x1 = (x1 + x2) / 2;
	s.from = x1 + s.direction;
	s.columns = (x2 - x1) * s.direction - 1;
	s.is_over = voyage_has_ended(w, v->player->now, v->player->cursor);
	s.progress = s.is_over                  ? (w->fate == FATE_LOST ? 500 : 1000)
		     : v->motion == MOTION_FULL ? voyage_progress(w, v->player->now)
						: 0;
	return s;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void set_dot(struct ladder *l, const struct slant *s, int x, int64_t y)
{
	int64_t row = s->leave + y / DOTS_DOWN - l->top;
	int column = s->from + s->direction * (x / DOTS_ACROSS) - l->area.column;
	int half = s->direction > 0 ? x % DOTS_ACROSS : 1 - x % DOTS_ACROSS;
	struct dot_cell *cell;

	if (row < 0 || row >= l->area.rows || column < 0 || column >= l->area.columns)
		return;
	cell = &l->cells[row * l->area.columns + column];
	if (cell->bits == 0) {
		cell->level = (uint8_t)(y % DOTS_DOWN);
		cell->direction = (int8_t)s->direction;
	}
	cell->bits |= dots[y % DOTS_DOWN][half];
	cell->role = (uint8_t)view_line_ink(l->view, s->voyage->from).role;
}

static void draw_line(struct ladder *l, const struct slant *s)
{
	int width = s->columns * DOTS_ACROSS;
	int64_t height = (s->reach - s->leave + 1) * DOTS_DOWN;
	int flown = (int)((int64_t)width * s->progress / 1000);

	for (int x = 0; x < width; x++) {
		int64_t y = (int64_t)(2 * x + 1) * (height - THICK + 1) / (2 * width);

		if (x < flown) {
			for (int k = 0; k < THICK; k++)
				set_dot(l, s, x, y + k);
		} else if (s->voyage->fate == FATE_LOST && s->is_over) {
			break;
		} else if (x % SPARSE == SPARSE / 2) {
			set_dot(l, s, x, y);
		}
	}
}

static void show_cells(struct ladder *l)
{
	for (int row = 0; row < l->area.rows; row++) {
		for (int column = 0; column < l->area.columns; column++) {
			const struct dot_cell *cell = &l->cells[row * l->area.columns + column];
			bool is_sparse = (cell->bits & (cell->bits - 1)) == 0;
			uint32_t code;

			if (cell->bits == 0)
				continue;
			if (!l->canvas->is_ascii)
				code = BRAILLE + cell->bits;
			else if (is_sparse)
				code = '.';
			else
				code = (uint32_t)(cell->direction > 0 ? "`-._"
								      : "'-._")[cell->level];
			if (l->canvas->is_ascii && is_sparse && column % 2)
				continue;
			canvas_code(l->canvas, l->area.row + row, l->area.column + column, code,
				    INK(cell->role));
		}
	}
}

/* ---- heads ----------------------------------------------------------------------------------- */

static void draw_head(struct ladder *l, const struct slant *s)
{
	const struct voyage *w = s->voyage;
	int at = s->columns * s->progress / 1000;
	int64_t height = (s->reach - s->leave + 1) * DOTS_DOWN;
	int64_t y = (int64_t)at * (height - THICK + 1) / (s->columns > 0 ? s->columns : 1);
	enum glyph g = s->direction > 0 ? GLYPH_DELIVERED_RIGHT : GLYPH_DELIVERED_LEFT;
	struct ink ink = view_line_ink(l->view, w->from);
	int64_t row;

	if (at >= s->columns)
		at = s->columns - 1;
	if (!s->is_over) {
		g = GLYPH_WORD;
	} else if (w->fate == FATE_LOST) {
		g = GLYPH_LOST;
		ink = INK(ROLE_LOSS);
	} else if (w->fate == FATE_DISCARDED) {
		bool is_garbled =
			trace_at(l->view->story->trace, w->end)->detail == DISCARD_CHECKSUM;

		g = is_garbled ? GLYPH_CORRUPT : GLYPH_LOST;
		ink = INK(ROLE_LOSS);
	}
	row = s->is_over ? s->reach : s->leave + y / DOTS_DOWN;
	row -= l->top;
	if (row < 0 || row >= l->area.rows || at < 0)
		return;
	ink.attrs |= ATTR_BOLD;
	canvas_glyph(l->canvas, l->area.row + (int)row, s->from + s->direction * at, g, ink);
}

/* All voyages that touch the window. */
static void for_each(struct ladder *l, void (*draw)(struct ladder *, const struct slant *))
{
	const struct story *s = l->view->story;
	size_t begun = story_begun(s, l->view->player->cursor);
	int64_t end = l->top + l->area.rows;

	for (size_t i = s->rows.at[l->top].first_open; i < begun; i++) {
		const struct voyage *w = &s->voyages.at[i];

		if (w->reach_row >= l->top && w->leave_row < end) {
			struct slant slant = slant_of(l, w);

			if (slant.columns > 2)
				draw(l, &slant);
		}
	}
}

void ladder_draw_slants(struct ladder *l)
{
	l->cells = xcalloc((size_t)l->area.rows * (size_t)l->area.columns + 1, sizeof *l->cells);
	for_each(l, draw_line);
	show_cells(l);
	free(l->cells);
	l->cells = NULL;
	for_each(l, draw_head);
}

/* ---- words ----------------------------------------------------------------------------------- */

struct gap {
	int from, columns;
};

static bool is_inside(const struct ladder *l, int column)
{
	return column > l->low && column < l->high;
}

/* The blank cells that `text` fits best: the first that hold it all, else the widest. */
static struct gap find_gap(const struct ladder *l, int row, int from, int direction, int wanted)
{
	struct gap best = {0, 0};
	int column = from + direction;

	while (is_inside(l, column)) {
		int first = column, columns = 0;

		while (is_inside(l, column) && canvas_is_blank(l->canvas, row, column)) {
			columns++;
			column += direction;
		}
		/* One blank on either side keeps words off the lines. */
		if (columns - 2 > best.columns)
			best = (struct gap){direction > 0 ? first + 1 : column + 2, columns - 2};
		if (best.columns >= wanted)
			break;
		if (columns == 0)
			column += direction;
	}
	return best;
}

bool ladder_has_room(const struct ladder *l, int row, int from, int direction, int columns)
{
	return find_gap(l, row, from, direction, columns).columns >= columns;
}

bool ladder_place(struct ladder *l, int row, int from, int direction, struct ink ink,
		  const char *text)
{
	enum { TOO_NARROW = 12 };
	int wanted = (int)utf8_columns(text);
	struct gap gap = find_gap(l, row, from, direction, wanted);

	if (gap.columns < wanted && gap.columns < TOO_NARROW) {
		gap.columns = direction > 0 ? l->high - from - 3 : from - l->low - 3;
		gap.from = direction > 0 ? from + 2 : l->low + 2;
	}
	/* Where even that is too little the words begin earlier, over their own line. */
	if (gap.columns < wanted && gap.columns < TOO_NARROW) {
		gap.columns = l->high - l->low - 4 < wanted ? l->high - l->low - 4 : wanted;
		gap.from = direction > 0 ? l->high - 2 - gap.columns : l->low + 2;
	}
	if (direction < 0 && gap.columns > wanted)
		gap.from += gap.columns - wanted;
	canvas_text_cut(l->canvas, row, gap.from, gap.columns, ink, text);
	return gap.columns >= wanted;
}

/* The column where the line leaves its first row. */
static int line_end(const struct slant *s)
{
	int64_t rows = s->reach - s->leave + 1;

	return s->from + s->direction * (int)(s->columns / rows);
}

/* The words of a voyage stay between the lifelines that it connects. */
static void keep_between(struct ladder *l, const struct slant *s)
{
	int a = s->from - s->direction, b = s->from + s->direction * s->columns;

	if (s->voyage->is_stranger)
		a -= s->direction * (s->columns + 1);
	l->low = a < b ? a : b;
	l->high = a < b ? b : a;
}

static void keep_nothing(struct ladder *l)
{
	l->low = l->left;
	l->high = l->right;
}

/* What there is room for beyond the line, else what is shortest. */
static void label_departure(struct ladder *l, const struct slant *s)
{
	enum { SHORTEST = 14 };
	const struct view *v = l->view;
	int64_t row = s->leave - l->top;
	struct sink text = {0};
	struct ink ink = view_ink(v, s->voyage->from);
	struct gap gap;

	if (row < 0 || row >= l->area.rows)
		return;
	keep_between(l, s);
	gap = find_gap(l, l->area.row + (int)row, line_end(s), s->direction, 40);
	view_label(&text, v, s->voyage, gap.columns > SHORTEST ? gap.columns : SHORTEST);
	if (s->voyage->is_stranger) {
		const char *remark = string_in(STRING_STRANGER, v->player->lang);

		if ((int)(utf8_columns(text.at) + utf8_columns(remark)) + 3 <= gap.columns)
			sink_printf(&text, " (%s)", remark);
		ink = INK(ROLE_OTHERS);
	}
	ladder_place(l, l->area.row + (int)row, line_end(s), s->direction, ink,
		     text.at ? text.at : "");
	keep_nothing(l);
	sink_fini(&text);
}

/* The line of the play that willed it, on whichever side of column `at` it fits; else nowhere. */
static void place_source(struct ladder *l, int row, int at, int direction, const struct record *r)
{
	const struct view *v = l->view;
	struct sink text = {0};
	int columns;

	if (r->place.line == 0)
		return;
	put_harmless(&text, trace_file_name(v->story->trace, r->place.file),
		     strlen(trace_file_name(v->story->trace, r->place.file)));
	sink_printf(&text, ":%u", r->place.line);
	columns = (int)utf8_columns(text.at);
	if (ladder_has_room(l, row, at, direction, columns))
		ladder_place(l, row, at, direction, INK(ROLE_FAINT), text.at);
	else if (ladder_has_room(l, row, at, -direction, columns))
		ladder_place(l, row, at, -direction, INK(ROLE_FAINT), text.at);
	sink_fini(&text);
}

/* Beside × and !: what happened to it. */
static void label_end(struct ladder *l, const struct slant *s)
{
	const struct view *v = l->view;
	const struct voyage *w = s->voyage;
	const struct record *r = trace_at(v->story->trace, w->end);
	int row = l->area.row + (int)(s->reach - l->top);
	int middle = s->from + s->direction * (s->columns / 2);

	if (!s->is_over || s->reach < l->top || s->reach >= l->top + l->area.rows)
		return;
	keep_between(l, s);
	if (w->fate == FATE_LOST) {
		ladder_place(l, row, middle, s->direction, INK(ROLE_LOSS),
			     string_in(string_of_deed((enum deed)r->detail), v->player->lang));
		place_source(l, row, middle, s->direction, r);
	} else if (w->fate == FATE_DISCARDED) {
		ladder_place(
			l, row, s->from + s->direction * s->columns, -s->direction, INK(ROLE_LOSS),
			string_in(string_of_discard((enum discard)r->detail), v->player->lang));
	}
	keep_nothing(l);
}

void ladder_draw_labels(struct ladder *l)
{
	for_each(l, label_departure);
	for_each(l, label_end);
}
