/* SPDX-License-Identifier: MIT */
#include "stage/slant.h"

#include <string.h>
#include <base/array.h>

/* The dots of one cell are 2 x 4; Unicode numbers them by columns, the lowest row last. */
static const uint8_t dots[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

enum { DOTS_ACROSS = 2, DOTS_DOWN = 4, SPARSE = 4, BRAILLE = 0x2800 };

struct dot_cell {
	uint8_t bits;
	uint8_t role, attrs;
	uint8_t level; /* of 4, for ASCII */
	int8_t direction;
	bool is_ahead; /* still to fly */
};

static bool is_of_beat(const struct view *v, const struct voyage *w)
{
	const struct beat *b = view_beat(v);

	return b && ((w->send >= b->first && w->send < b->end) ||
		     (w->end >= b->first && w->end < b->end));
}

static struct slant slant_of(const struct ladder *l, const struct voyage *w)
{
	const struct view *v = l->view;
	const struct player *p = v->player;
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
	s.is_over = voyage_has_ended(w, p->now, p->cursor);
	s.is_new = !v->is_page && (!s.is_over || is_of_beat(v, w));
	s.is_looked_at = p->is_looking && (p->look == w->leave_row || p->look == w->reach_row);
	s.is_selected = l->selected >= 0 && w == &v->story->voyages.at[l->selected];
	s.progress = s.is_over                  ? (w->fate == FATE_LOST ? w->dies_at : 1000)
		     : v->motion == MOTION_FULL ? voyage_progress(v->story, w, p->now)
						: 0;
	return s;
}

void ladder_for_each(struct ladder *l, slant_visitor *visit)
{
	const struct story *s = l->view->story;
	size_t begun = story_begun(s, l->view->player->cursor);
	int64_t end = l->top + l->area.rows;

	for (size_t i = s->rows.at[l->top].first_open; i < begun; i++) {
		const struct voyage *w = &s->voyages.at[i];

		if (w->leave_row >= end)
			break;
		if (w->reach_row >= l->top) {
			struct slant slant = slant_of(l, w);

			if (slant.columns > 2)
				visit(l, &slant);
		}
	}
}

void ladder_take(struct ladder *l, int row, int column, int columns, enum taken what)
{
	row -= l->area.row;
	column -= l->area.column;
	for (int i = column; i < column + columns; i++) {
		if (row >= 0 && row < l->area.rows && i >= 0 && i < l->area.columns)
			l->taken[row * l->area.columns + i] = (uint8_t)what;
	}
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* In half dots from the top of the row where it leaves; the last row of dots stays free, for the
 * head stands in the middle of its cell. */
static int64_t height_at(const struct slant *s, int x, int width)
{
	int64_t height = (s->reach - s->leave + 1) * DOTS_DOWN - 1;

	return (int64_t)(2 * x + 1) * (2 * height - 1) / (2 * width);
}

static void set_dot(struct ladder *l, const struct slant *s, int x, int64_t y, bool is_ahead)
{
	int64_t row = s->leave + y / DOTS_DOWN - l->top;
	int column = s->from + s->direction * (x / DOTS_ACROSS) - l->area.column;
	int half = s->direction > 0 ? x % DOTS_ACROSS : 1 - x % DOTS_ACROSS;
	struct ink ink = view_line_ink(l->view, s->voyage->from);
	struct dot_cell *cell;

	if (row < 0 || row >= l->area.rows || column < 0 || column >= l->area.columns)
		return;
	cell = &l->cells[row * l->area.columns + column];
	if (cell->bits != 0 && is_ahead && !cell->is_ahead)
		return;
	if (cell->bits == 0 || cell->is_ahead) {
		cell->level = (uint8_t)(y % DOTS_DOWN);
		cell->direction = (int8_t)s->direction;
	}
	cell->bits |= dots[y % DOTS_DOWN][half];
	cell->is_ahead = is_ahead;
	cell->role = (uint8_t)(is_ahead ? ROLE_FRAME : ink.role);
	cell->attrs = s->is_new && !is_ahead ? ATTR_BOLD : 0;
}

static void draw_line(struct ladder *l, const struct slant *s)
{
	int width = s->columns * DOTS_ACROSS;
	int flown = (int)((int64_t)width * s->progress / 1000);

	for (int x = 0; x < width; x++) {
		int64_t y = height_at(s, x, width);

		if (x < flown) {
			set_dot(l, s, x, y / 2, false);
			if (s->is_looked_at)
				set_dot(l, s, x, (y + 1) / 2, false);
		} else if (s->voyage->fate == FATE_LOST && s->is_over) {
			break;
		} else if (x % SPARSE == SPARSE / 2) {
			set_dot(l, s, x, y / 2, true);
		}
	}
}

/* In ASCII a line is what its letters are. */
static unsigned stroke_attr(const struct ladder *l)
{
	return l->canvas->keeps_strokes && !l->canvas->is_ascii ? ATTR_STROKE : 0;
}

static uint32_t ascii_of(const struct dot_cell *cell)
{
	if (cell->is_ahead)
		return '.';
	return (uint32_t)(cell->direction > 0 ? "`-._" : "'-._")[cell->level];
}

static void show_cells(struct ladder *l)
{
	for (int row = 0; row < l->area.rows; row++) {
		for (int column = 0; column < l->area.columns; column++) {
			const struct dot_cell *cell = &l->cells[row * l->area.columns + column];
			uint32_t code = l->canvas->is_ascii ? ascii_of(cell)
							    : (uint32_t)BRAILLE + cell->bits;

			if (cell->bits == 0)
				continue;
			canvas_code(l->canvas, l->area.row + row, l->area.column + column, code,
				    INK(cell->role, cell->attrs | stroke_attr(l)));
			ladder_take(l, l->area.row + row, l->area.column + column, 1, TAKEN_LINE);
		}
	}
}

/* ---- heads ----------------------------------------------------------------------------------- */

static enum glyph head_of(const struct ladder *l, const struct slant *s)
{
	const struct voyage *w = s->voyage;
	bool is_garbled = w->fate == FATE_DISCARDED &&
			  trace_at(l->view->story->trace, w->end)->detail == DISCARD_CHECKSUM;

	if (!s->is_over)
		return s->is_selected ? GLYPH_SELECTED : GLYPH_WORD;
	if (is_garbled)
		return GLYPH_CORRUPT;
	if (w->fate == FATE_LOST || w->fate == FATE_DISCARDED)
		return GLYPH_LOST;
	return s->direction > 0 ? GLYPH_DELIVERED_RIGHT : GLYPH_DELIVERED_LEFT;
}

static void draw_head(struct ladder *l, const struct slant *s)
{
	int at = s->columns * s->progress / 1000;
	enum glyph g = head_of(l, s);
	bool is_lost = g == GLYPH_LOST || g == GLYPH_CORRUPT;
	struct ink ink = is_lost ? INK(ROLE_LOSS) : view_line_ink(l->view, s->voyage->from);
	int64_t row;

	if (at >= s->columns)
		at = s->columns - 1;
	row = s->is_over ? s->reach
			 : s->leave + height_at(s, at * DOTS_ACROSS, s->columns * DOTS_ACROSS) /
					      (2 * DOTS_DOWN);
	row -= l->top;
	if (row < 0 || row >= l->area.rows || at < 0)
		return;
	ink.attrs |= ATTR_BOLD | stroke_attr(l);
	if (s->is_looked_at)
		ink.attrs |= ATTR_REVERSE;
	canvas_glyph(l->canvas, l->area.row + (int)row, s->from + s->direction * at, g, ink);
	ladder_take(l, l->area.row + (int)row, s->from + s->direction * at, 1, TAKEN_WORD);
}

/* ---- the same as true lines -------------------------------------------------------------------
 */

/* From lifeline to lifeline, and from the middle of the row of the one event to that of the other.
 */
struct way {
	int64_t x1, y1, x2, y2;
};

static struct way way_of(const struct ladder *l, const struct slant *s)
{
	int64_t first = l->area.row - l->top;
	struct way way = {.x1 = (s->from - s->direction) * INT64_C(1000) + 500,
			  .y1 = (first + s->leave) * 1000 + 500,
			  .y2 = (first + s->reach) * 1000 + 500};
	int64_t whole = s->direction * (s->columns + 1) * INT64_C(1000);
	bool is_dead = s->voyage->fate == FATE_LOST && s->is_over;

	way.x2 = way.x1 + (is_dead ? whole / 2 : whole);
	return way;
}

/* The part of a way from `from` to `to` thousandths of it, as far as it lies in the window. */
static void put_stroke(struct ladder *l, const struct way *way, int64_t from, int64_t to,
		       struct stroke s)
{
	int64_t top = l->area.row * INT64_C(1000), bottom = top + l->area.rows * INT64_C(1000);
	int64_t height = way->y2 - way->y1, first = from, last = to;

	if (way->y1 + height * from / 1000 < top)
		first = (top - way->y1) * 1000 / height;
	if (way->y1 + height * to / 1000 > bottom) {
		last = (bottom - way->y1) * 1000 / height;
		s.head = GLYPH_COUNT;
	}
	if (first >= last)
		return;
	s.x1 = (int)(way->x1 + (way->x2 - way->x1) * first / 1000);
	s.y1 = (int)(way->y1 + height * first / 1000);
	s.x2 = (int)(way->x1 + (way->x2 - way->x1) * last / 1000);
	s.y2 = (int)(way->y1 + height * last / 1000);
	canvas_stroke(l->canvas, &s);
}

static void keep_stroke(struct ladder *l, const struct slant *s)
{
	struct way way = way_of(l, s);
	enum glyph head = head_of(l, s);
	bool is_lost = head == GLYPH_LOST || head == GLYPH_CORRUPT;
	uint8_t role = (uint8_t)view_line_ink(l->view, s->voyage->from).role;
	struct stroke flown = {.role = role,
			       .attrs = s->is_new ? ATTR_BOLD : 0,
			       .head = (uint8_t)head,
			       .head_role = is_lost ? ROLE_LOSS : role};
	struct stroke ahead = {.role = ROLE_FRAME, .is_dotted = true, .head = GLYPH_COUNT};

	put_stroke(l, &way, 0, s->is_over ? 1000 : s->progress, flown);
	if (!s->is_over)
		put_stroke(l, &way, s->progress, 1000, ahead);
}

void ladder_draw_slants(struct ladder *l)
{
	l->cells = xcalloc((size_t)l->area.rows * (size_t)l->area.columns + 1, sizeof *l->cells);
	ladder_for_each(l, draw_line);
	show_cells(l);
	free(l->cells);
	l->cells = NULL;
	ladder_for_each(l, draw_head);
	if (stroke_attr(l))
		ladder_for_each(l, keep_stroke);
}
