/* SPDX-License-Identifier: MIT */
#include "stage/view.h"

#include <string.h>
#include <base/assert.h>
#include <base/utf8.h>

/* ---- what the parts share -------------------------------------------------------------------- */

void view_rule(struct canvas *c, struct area a, const char *heading)
{
	int used;

	canvas_hline(c, a.row, a.column, a.columns, GLYPH_HLINE, INK(ROLE_FRAME));
	if (heading[0] == '\0' || a.columns < 8)
		return;
	canvas_text(c, a.row, a.column + 1, 1, INK(ROLE_HEAD), " ");
	used = canvas_text(c, a.row, a.column + 2, a.columns - 4, INK(ROLE_HEAD), heading);
	canvas_text(c, a.row, a.column + 2 + used, 1, INK(ROLE_HEAD), " ");
}

struct ink view_ink(const struct view *v, uint8_t host)
{
	switch (story_lifeline(v->story, host)) {
	case 0: return INK(ROLE_PERSON_0);
	case 1: return INK(ROLE_PERSON_1);
	default: return INK(ROLE_OTHERS);
	}
}

struct ink view_line_ink(const struct view *v, uint8_t host)
{
	switch (story_lifeline(v->story, host)) {
	case 0: return INK(ROLE_LINE_0);
	case 1: return INK(ROLE_LINE_1);
	default: return INK(ROLE_OTHERS);
	}
}

const char *view_name(const struct view *v, uint8_t host)
{
	const struct trace_host *h;

	if (host >= trace_host_count(v->story->trace))
		return "?";
	h = trace_host_at(v->story->trace, host);
	return text_in(h->title[0], h->title[1], v->player->lang);
}

void view_put_name(struct sink *out, const struct view *v, uint8_t host)
{
	const struct trace_host *h;

	if (host >= trace_host_count(v->story->trace)) {
		sink_putc(out, '?');
		return;
	}
	h = trace_host_at(v->story->trace, host);
	sink_puts(out, text_in(h->title[0], h->title[1],
			       v->player->lang == LANG_EN ? LANG_EN : LANG_ZH));
	if (v->player->lang == LANG_BOTH && strcmp(h->title[0], h->title[1]) != 0)
		sink_printf(out, " %s", h->title[0]);
}

const struct beat *view_beat(const struct view *v)
{
	const struct stop *stop = &v->story->stops.at[player_stop(v->player)];

	if (stop->cursor == 0 || v->story->beats.count == 0)
		return NULL;
	return &v->story->beats.at[stop->beat];
}

const struct moment_conn *view_conn(const struct view *v, uint8_t host)
{
	uint32_t serial = v->moment->host[host].newest;

	if (serial == 0)
		serial = v->moment->host[host].listener;
	return serial ? moment_conn(v->moment, serial) : NULL;
}

/* The newest record of the beat that has two people names them. */
static void find_pair(const struct view *v, int line[2])
{
	const struct beat *b = view_beat(v);
	const struct story *s = v->story;

	for (uint64_t i = b ? b->first : 0; b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(s->trace, i);
		int host = story_lifeline(s, r->host), peer = story_lifeline(s, r->peer);

		if (host < 0 || peer < 0 || host == peer)
			continue;
		line[0] = host < peer ? host : peer;
		line[1] = host < peer ? peer : host;
	}
}

int view_pair(const struct view *v, uint8_t host[2])
{
	int people = v->story->people_count;
	int line[2] = {0, 1};

	if (people > 2)
		find_pair(v, line);
	for (int i = 0; i < people && i < 2; i++)
		host[i] = v->story->people[line[i]];
	return people < 2 ? people : 2;
}

void view_pair_rule(struct canvas *c, struct area a, const struct view *v, enum string heading)
{
	const char *which = string_in(STRING_STEP_PAIR, v->player->lang);
	struct sink text = {0};

	string_put(&text, heading, v->player->lang);
	if (v->story->people_count > 2) {
		sink_printf(&text, " 2/%d", v->story->people_count);
		if ((int)(utf8_columns(text.at) + utf8_columns(which)) + 2 <= a.columns - 4)
			sink_printf(&text, ": %s", which);
	}
	view_rule(c, a, text.at);
	sink_fini(&text);
}

void view_bar(struct canvas *c, int row, int column, int columns, int64_t part, int64_t whole,
	      struct ink ink)
{
	int inner = columns - 2;
	int full;

	if (inner <= 0)
		return;
	if (part > whole)
		part = whole;
	/* Sizes and times stay far below 2^63 / 1000 cells. */
	full = whole > 0 && part > 0 ? (int)((part * inner + whole - 1) / whole) : 0;
	canvas_glyph(c, row, column, GLYPH_BAR_LEFT, INK(ROLE_FRAME));
	for (int i = 0; i < inner; i++)
		canvas_glyph(c, row, column + 1 + i, i < full ? GLYPH_FULL : GLYPH_SHADE,
			     i < full ? ink : INK(ROLE_FRAME));
	canvas_glyph(c, row, column + 1 + inner, GLYPH_BAR_RIGHT, INK(ROLE_FRAME));
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void draw_too_small(struct canvas *c, const struct view *v)
{
	struct sink text = {0}, line = {0};
	const char *rest;

	sink_puts(&text, "woshou: ");
	sink_printf(&text, string_in(STRING_TOO_SMALL, v->player->lang), c->columns, c->rows);
	rest = text.at;
	for (int row = 0; row < c->rows && c->columns > 0 && *rest; row++) {
		size_t next, n = text_line(rest, (size_t)c->columns, &next);

		sink_clear(&line);
		sink_put(&line, rest, n);
		canvas_text(c, row, 0, c->columns, INK(ROLE_TEXT), line.at);
		rest += next;
	}
	sink_fini(&text);
	sink_fini(&line);
}

/* What is shown: what the size gives, changed by what the reader has toggled. */
static unsigned panels(const struct canvas *c, const struct view *v)
{
	unsigned shown = PANEL_NARRATION;

	if (c->rows >= SMALL_ROWS && c->columns >= SMALL_COLUMNS)
		shown |= PANEL_PEOPLE;
	if (c->rows >= LARGE_ROWS && c->columns >= LARGE_COLUMNS)
		shown |= PANEL_STATES | PANEL_TCB | PANEL_WINDOWS;
	return shown ^ v->player->toggled;
}

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

/* With the heading. Two rows for each language, so that the ladder seldom moves; more where more is
 * said, as long as a ladder is left. */
static int narration_rows(const struct canvas *c, const struct view *v)
{
	bool is_both = v->player->lang == LANG_BOTH;
	int least = is_both ? 4 : 2, most = least + (c->rows >= LARGE_ROWS ? 4 : 2);
	int rows;

	if (c->rows < SMALL_ROWS)
		return 2;
	rows = view_words_rows(v, c->columns);
	return 1 + (rows < least ? least : rows > most ? most : rows);
}

/* On a small screen a panel lies over the ladder; on a large one it has its own place. */
static void draw_side(struct canvas *c, struct area *middle, const struct view *v, unsigned shown)
{
	struct area side;

	if (!(shown & (PANEL_STATES | PANEL_TCB)))
		return;
	if (middle->columns >= LARGE_COLUMNS) {
		side = take_right(middle, STATES_COLUMNS);
		take_right(middle, 1);
	} else {
		side = *middle;
		side.column = middle->column + middle->columns - STATES_COLUMNS;
		side.columns = STATES_COLUMNS;
		if (side.column < 0 || middle->rows < 6)
			return;
		canvas_clear_area(
			c, (struct area){side.row, side.column - 1, side.rows, side.columns + 1});
	}
	for (int i = 0; i < side.rows; i++)
		canvas_glyph(c, side.row + i, side.column - 1, GLYPH_VLINE, INK(ROLE_FRAME));
	if (shown & PANEL_STATES)
		view_states(c, take_top(&side, STATES_ROWS), v);
	if (shown & PANEL_TCB)
		view_tcb(c, side, v);
}

static void draw_middle(struct canvas *c, struct area middle, const struct view *v, unsigned shown,
			struct hits *hits)
{
	bool has_place = middle.columns >= LARGE_COLUMNS;
	struct area whole = middle;

	if (has_place)
		draw_side(c, &middle, v, shown);
	if (shown & PANEL_PEOPLE)
		view_people(c, take_top(&middle, 6), v);
	else
		view_names(c, take_top(&middle, 1), v);
	view_ladder(c, middle, v, hits);
	if (!has_place)
		draw_side(c, &whole, v, shown);
}

void view_draw(struct canvas *c, const struct view *v, struct hits *hits)
{
	struct area all = {0, 0, c->rows, c->columns};
	unsigned shown = panels(c, v);
	bool is_small = c->rows < SMALL_ROWS || c->columns < SMALL_COLUMNS;

	canvas_clear(c);
	if (hits)
		hits->count = 0;
	if (c->rows < LEAST_ROWS || c->columns < LEAST_COLUMNS) {
		draw_too_small(c, v);
		return;
	}
	view_title(c, take_top(&all, 1), v);
	keys_footer(c, take_bottom(&all, 1), v->player->lang, hits);
	view_timeline(c, take_bottom(&all, 1), v, hits);
	if (shown & PANEL_NARRATION)
		view_words(c, take_bottom(&all, narration_rows(c, v)), v);
	if ((shown & PANEL_WINDOWS) && !is_small)
		view_windows(c, take_bottom(&all, 3), v);
	if (!is_small)
		view_rule(c, take_top(&all, 1), "");
	draw_middle(c, all, v, shown, hits);
	view_notice(c, (struct area){0, 0, c->rows, c->columns}, v, hits);
	view_overlay(c, (struct area){0, 0, c->rows, c->columns}, v);
}
