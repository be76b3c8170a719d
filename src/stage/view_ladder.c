/* SPDX-License-Identifier: MIT */
/*
 * view_ladder.c - time goes down, words go across: one row an event, one slanted line a segment
 * from the row where it leaves to the row where it arrives (slant.c draws the lines).
 */
#include <string.h>
#include <base/utf8.h>
#include <woshou/names.h>
#include "stage/slant.h"
#include "stage/view.h"

enum { TIME_COLUMNS = 9, STATE_COLUMNS = 11 };

/* Enough of them for the names of the states beside the outer lines? */
static bool has_states(struct area a)
{
	return a.columns >= SMALL_COLUMNS - 8;
}

static int outer_left(struct area a)
{
	return a.column + 1 + TIME_COLUMNS + 1 + (has_states(a) ? STATE_COLUMNS + 1 : 0);
}

static int outer_right(struct area a)
{
	return a.column + a.columns - 2 - (has_states(a) ? STATE_COLUMNS + 2 : 0);
}

int view_lifeline(struct area a, int people, int line)
{
	int left = outer_left(a);

	return people > 1 ? left + (outer_right(a) - left) * line / (people - 1) : left;
}

static void layout(struct ladder *l, struct canvas *c, struct area a, const struct view *v)
{
	const struct story *s = v->story;

	*l = (struct ladder){.canvas = c, .view = v, .area = a, .selected = view_selection(v)};
	l->time = a.column + 1;
	l->left = outer_left(a);
	l->right = outer_right(a);
	l->has_states = has_states(a);
	l->low = l->left;
	l->high = l->right;
	l->lines = s->people_count;
	for (int i = 0; i < l->lines; i++)
		l->x[i] = view_lifeline(a, l->lines, i);
}

/* The window follows the clock: its rows and the ends of what is in the air are in it, the newest
 * near the bottom. Who looks elsewhere takes the window along. */
static void choose_window(struct ladder *l)
{
	const struct view *v = l->view;
	const struct story *s = v->story;
	int64_t rows = l->area.rows, total = (int64_t)s->rows.count;
	int64_t here = s->stops.at[player_stop(v->player)].row;
	int64_t bottom = here;

	for (size_t i = s->rows.at[here].first_open; i < story_begun(s, v->player->cursor); i++) {
		const struct voyage *w = &s->voyages.at[i];

		if (!voyage_has_ended(w, v->player->now, v->player->cursor) &&
		    w->reach_row > bottom && w->reach_row <= here + rows / 2)
			bottom = w->reach_row;
	}
	l->top = bottom - rows + 1;
	if (v->player->is_looking && v->player->look < l->top + 1)
		l->top = (int64_t)v->player->look - 1;
	if (v->player->is_looking && v->player->look > l->top + rows - 1)
		l->top = (int64_t)v->player->look - rows + 1;
	if (l->top > total - rows)
		l->top = total - rows;
	if (l->top < 0)
		l->top = 0;
}

static const struct row *row_in(const struct ladder *l, int i)
{
	const struct story *s = l->view->story;

	return l->top + i < (int64_t)s->rows.count ? &s->rows.at[l->top + i] : NULL;
}

static bool is_told(const struct ladder *l, const struct row *r)
{
	return r && row_is_told(l->view->story, r, l->view->player->now, l->view->player->cursor);
}

/* ---- margins --------------------------------------------------------------------------------- */

static void draw_time(struct ladder *l, int row, const struct row *r, bool is_marked)
{
	struct sink time = {0};

	sink_time(&time, r->at);
	canvas_text_right(l->canvas, row, l->time + TIME_COLUMNS, TIME_COLUMNS,
			  INK(is_marked ? ROLE_HERE : ROLE_FAINT), time.at);
	sink_fini(&time);
}

/* The sign that nobody saw it takes the blank before the name. */
static void draw_margin_state(struct ladder *l, int row, int column, struct ink ink,
			      const struct row *r)
{
	if (r->is_inferred)
		canvas_text(l->canvas, row, column - 1, 1, ink, VIEW_INFERRED);
	canvas_text(l->canvas, row, column, STATE_COLUMNS, ink, state_name((enum state)r->state));
}

static void draw_state(struct ladder *l, int row, const struct row *r)
{
	int line = story_lifeline(l->view->story, r->host);
	const char *name = state_name((enum state)r->state);
	struct ink ink = view_ink(l->view, r->host);
	struct sink marked = {0};

	if (line < 0)
		return;
	sink_printf(&marked, "%s%s", r->is_inferred ? VIEW_INFERRED : "", name);
	if (line == 0 && l->has_states)
		draw_margin_state(l, row, l->time + TIME_COLUMNS + 1, ink, r);
	else if (line == l->lines - 1 && l->has_states)
		draw_margin_state(l, row, l->right + 2, ink, r);
	else if (ladder_has_room(l, row, l->x[line], line == 0 ? +1 : -1, (int)marked.count))
		ladder_place(l, row, l->x[line], line == 0 ? +1 : -1, ink, marked.at);
	sink_fini(&marked);
}

static void draw_margin(struct ladder *l, int i)
{
	const struct player *p = l->view->player;
	const struct row *r = row_in(l, i);
	int row = l->area.row + i;
	int64_t index = l->top + i;
	bool is_looked_at = p->is_looking && index == (int64_t)p->look;
	bool is_here =
		!l->view->is_page && index == (int64_t)l->view->story->stops.at[player_stop(p)].row;

	if (is_told(l, r) && r->kind != ROW_LOST && r->kind != ROW_GAP && r->kind != ROW_SCENE)
		draw_time(l, row, r, is_here || is_looked_at);
	if (is_looked_at)
		canvas_mark(l->canvas, row, l->time, TIME_COLUMNS, ATTR_REVERSE);
	if (is_here && is_told(l, r)) {
		canvas_glyph(l->canvas, row, l->area.column, GLYPH_HERE, INK(ROLE_HERE));
		canvas_glyph(l->canvas, row, l->area.column + l->area.columns - 1, GLYPH_HERE_LEFT,
			     INK(ROLE_HERE));
	}
}

static void draw_lifelines(struct ladder *l, int i)
{
	const struct row *r = row_in(l, i);

	if (r && (r->kind == ROW_SCENE && is_told(l, r)))
		return;
	for (int line = 0; line < l->lines; line++) {
		bool is_down = r && is_told(l, r) && (r->down & 1u << line);

		canvas_glyph(l->canvas, l->area.row + i, l->x[line],
			     is_down ? GLYPH_DOTTED_DOWN : GLYPH_VLINE, INK(ROLE_FRAME));
		ladder_take(l, l->area.row + i, l->x[line], 1, TAKEN_LINE);
	}
}

/* ---- rows without a line --------------------------------------------------------------------- */

static void put_call(struct sink *out, const struct view *v, const struct record *r)
{
	const struct trace *t = v->story->trace;
	const char *text = trace_text_of(t, r, 0);
	const char *name = name_of(NAMES_CALL, r->detail);

	sink_printf(out, "%s(", name ? name : "?");
	if (text[0] != '\0')
		put_harmless(out, text, strlen(text));
	else if (r->detail == CALL_CONNECT && r->peer < trace_host_count(t))
		sink_puts(out, view_name(v, r->peer));
	sink_putc(out, ')');
	if (r->error != SOCK_OK)
		sink_printf(out, " %s", sock_error_name((enum sock_error)r->error));
}

static void put_two_texts(struct sink *out, const struct view *v, const struct record *r,
			  enum string before)
{
	const struct trace *t = v->story->trace;

	sink_printf(out, "%s: ", string_in(before, v->player->lang));
	put_harmless(out, trace_text_of(t, r, 0), strlen(trace_text_of(t, r, 0)));
	if (trace_text_of(t, r, 1)[0] != '\0') {
		sink_puts(out, " / ");
		put_harmless(out, trace_text_of(t, r, 1), strlen(trace_text_of(t, r, 1)));
	}
}

static void put_note(struct sink *out, const struct view *v, const struct record *r)
{
	enum lang lang = v->player->lang;
	const char *name;

	switch ((enum record_kind)r->kind) {
	case REC_CALL:
	case REC_RESULT: put_call(out, v, r); break;
	case REC_TIMER:
		sink_puts(out, string_in(string_of_timer((enum tcp_timer)r->detail), lang));
		break;
	case REC_CRASH: sink_puts(out, string_in(STRING_CRASHES, lang)); break;
	case REC_REBOOT: sink_puts(out, string_in(STRING_REBOOTS, lang)); break;
	case REC_ICMP:
		name = name_of(NAMES_ICMP, r->detail);
		sink_printf(out, "%s: %s", string_in(STRING_ICMP, lang), name ? name : "?");
		break;
	case REC_SIGNAL:
		name = name_of(NAMES_SIGNAL, (unsigned)r->number[0]);
		sink_puts(out, name ? name : "?");
		break;
	case REC_PROMISE: put_two_texts(out, v, r, STRING_PROMISE_BROKEN); break;
	case REC_EXPECT: put_two_texts(out, v, r, STRING_EXPECTED); break;
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_STATE:
	case REC_RULE:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
}

static void draw_note(struct ladder *l, int row, const struct row *r)
{
	const struct record *record = trace_at(l->view->story->trace, r->record);
	int line = story_lifeline(l->view->story, r->host);
	bool is_bad = record->kind == REC_EXPECT || record->kind == REC_PROMISE ||
		      record->error != SOCK_OK;
	int at = line < 0 ? l->left : l->x[line];
	int direction = line > 0 && line == l->lines - 1 ? -1 : +1;
	struct ink ink = is_bad ? INK(ROLE_LOSS) : view_ink(l->view, r->host);
	struct sink text = {0};

	sink_puts(&text, record->is_inferred ? VIEW_INFERRED : "");
	put_note(&text, l->view, record);
	ladder_place(l, row, at, direction, ink, text.at);
	sink_fini(&text);
}

/* Across the row, but for what flies through it. */
static void draw_across(struct ladder *l, int row, enum glyph g)
{
	for (int column = l->left; column <= l->right; column++) {
		bool is_lifeline = false;

		for (int line = 0; line < l->lines; line++)
			is_lifeline |= column == l->x[line];
		if (is_lifeline || canvas_is_blank(l->canvas, row, column))
			canvas_glyph(l->canvas, row, column, g, INK(ROLE_FRAME));
	}
}

/* In the middle, or as near to it as what flies there lets it; nothing else stands in this row. */
static void place_middle(struct ladder *l, int row, struct ink ink, const char *text)
{
	int columns = (int)utf8_columns(text), room = l->right - l->left - 3;
	struct sink padded = {0};

	if (columns > room)
		columns = room;
	sink_printf(&padded, " %s ", text);
	ladder_place(l, row, (l->left + l->right - columns) / 2 - 3, +1, ink, padded.at);
	ladder_take(l, row, l->left, l->right - l->left + 1, TAKEN_WORD);
	sink_fini(&padded);
}

/* "┄┄┄┄ nothing for 59.9 s ┄┄┄┄", and while it lasts how much of it is over. */
static void draw_gap(struct ladder *l, int row, usec gap, usec over)
{
	struct sink text = {0};

	sink_printf(&text, "%s ", string_in(STRING_SILENCE, l->view->player->lang));
	if (over >= 0) {
		put_span(&text, over);
		sink_puts(&text, " / ");
	}
	put_span(&text, gap);
	draw_across(l, row, GLYPH_DOTTED);
	place_middle(l, row, INK(ROLE_FAINT), text.at);
	sink_fini(&text);
}

static void draw_chapter(struct ladder *l, int row, const struct row *r)
{
	const struct trace *t = l->view->story->trace;
	const struct record *record = trace_at(t, r->record);

	draw_across(l, row, GLYPH_HLINE);
	place_middle(l, row, INK(ROLE_HEAD),
		     text_in(trace_text_of(t, record, 0), trace_text_of(t, record, 1),
			     l->view->player->lang));
}

/* The silence that is going on has its row already, and counts. */
static void draw_live_gap(struct ladder *l, int row, const struct row *r)
{
	const struct player *p = l->view->player;
	const struct stop *stop = &l->view->story->stops.at[player_stop(p)];
	bool is_next = (int64_t)(r - l->view->story->rows.at) == (int64_t)stop->row + 1;
	usec over = p->now - (r->at - r->gap);

	if (is_next && over > 0 && p->now > stop->at && !view_hides_deadlines(l->view))
		draw_gap(l, row, r->gap, over);
}

static void draw_plain_row(struct ladder *l, int i)
{
	const struct row *r = row_in(l, i);
	int row = l->area.row + i;

	if (!r)
		return;
	if (r->kind == ROW_GAP && !is_told(l, r))
		draw_live_gap(l, row, r);
	if (!is_told(l, r))
		return;
	if (r->kind == ROW_GAP)
		draw_gap(l, row, r->gap, -1);
	else if (r->kind == ROW_SCENE)
		draw_chapter(l, row, r);
	else if (r->kind == ROW_NOTE)
		draw_note(l, row, r);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Is the rule still a rule there? */
static bool is_rule(const struct ladder *l, int row, int column, int columns)
{
	for (int i = column; i < column + columns; i++) {
		if (i <= l->area.column || i >= l->area.column + l->area.columns ||
		    canvas_at(l->canvas, row, i)->role != ROLE_FRAME)
			return false;
	}
	return true;
}

/* " name " over column `at`, or as near to it as the other headings let it. */
static void put_heading(struct ladder *l, int row, int at, struct ink ink, const char *text)
{
	enum { FAR = 12 };
	int columns = (int)utf8_columns(text) + 2;
	int column = at - columns / 2, off = 0;

	while (off <= FAR && !is_rule(l, row, column + off, columns) &&
	       !is_rule(l, row, column - off, columns))
		off++;
	if (off > FAR)
		return;
	column += is_rule(l, row, column + off, columns) ? off : -off;
	canvas_text(l->canvas, row, column, 1, INK(ROLE_TEXT), " ");
	canvas_text(l->canvas, row, column + 1, columns - 2, ink, text);
	canvas_text(l->canvas, row, column + columns - 1, 1, INK(ROLE_TEXT), " ");
}

static void draw_heading(struct ladder *l, struct area a)
{
	const struct view *v = l->view;
	struct sink heading = {0};

	string_put(&heading, STRING_LADDER, v->player->lang);
	view_rule(l->canvas, a, heading.at);
	sink_fini(&heading);
	for (int i = 0; i < l->lines; i++)
		put_heading(l, a.row, l->x[i], view_ink(v, v->story->people[i]),
			    view_name(v, v->story->people[i]));
	put_heading(l, a.row, (l->left + l->right) / 2, INK(ROLE_FAINT),
		    string_in(v->player->is_absolute ? STRING_ABSOLUTE : STRING_RELATIVE,
			      v->player->lang));
}

static void draw_rows(struct ladder *l, struct hits *hits)
{
	struct area body = l->area;

	l->taken = xcalloc((size_t)body.rows * (size_t)body.columns + 1, sizeof *l->taken);
	for (int i = 0; i < body.rows; i++)
		draw_lifelines(l, i);
	ladder_draw_slants(l);
	for (int i = 0; i < body.rows; i++)
		draw_plain_row(l, i);
	ladder_draw_labels(l);
	for (int i = 0; i < body.rows; i++) {
		const struct row *r = row_in(l, i);

		if (is_told(l, r) && r->state != STATE_COUNT)
			draw_state(l, body.row + i, r);
		draw_margin(l, i);
		if (is_told(l, r))
			hits_add(hits, (struct area){body.row + i, body.column, 1, body.columns},
				 ACTION_LOOK_AT, (uint32_t)(l->top + i));
	}
	free(l->taken);
}

void view_ladder(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct area body = {a.row + 1, a.column, a.rows - 1, a.columns};
	struct ladder l;

	if (a.rows < 2)
		return;
	layout(&l, c, body, v);
	draw_heading(&l, (struct area){a.row, a.column, 1, a.columns});
	if (v->story->voyages.count == 0)
		view_waiting(c,
			     (struct area){body.row + (int)v->story->rows.count, l.left + 2,
					   body.rows - (int)v->story->rows.count,
					   l.right - l.left - 3},
			     v);
	if (v->story->rows.count == 0)
		return;
	choose_window(&l);
	draw_rows(&l, hits);
}

void view_ladder_heading(struct canvas *c, struct area a, const struct view *v)
{
	struct ladder l;

	layout(&l, c, a, v);
	draw_heading(&l, a);
}

void view_ladder_rows(struct canvas *c, struct area a, const struct view *v, int64_t top)
{
	struct ladder l;

	layout(&l, c, a, v);
	l.top = top;
	draw_rows(&l, NULL);
}
