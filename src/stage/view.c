/* SPDX-License-Identifier: MIT */
#include "stage/view.h"

#include <string.h>
#include <base/assert.h>
#include <base/utf8.h>
#include "stage/alongside.h"
#include "stage/growth.h"
#include "stage/hands.h"

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

void view_heading(struct canvas *c, struct area a, const struct view *v, enum panel panel,
		  const char *heading, int above, int below)
{
	struct sink more = {0};
	char sign[5] = {0};
	int columns;

	view_rule(c, (struct area){a.row, a.column, 1, a.columns}, heading);
	if (above > 0) {
		sign[utf8_put(glyph_code(GLYPH_UP), sign)] = '\0';
		sink_printf(&more, " %s%d", sign, above);
	}
	if (below > 0) {
		sign[utf8_put(glyph_code(GLYPH_DOWN), sign)] = '\0';
		sink_printf(&more, " %s%d", sign, below);
	}
	if (more.count > 0) {
		sink_putc(&more, ' ');
		canvas_text_right(c, a.row, a.column + a.columns - 1, 16, INK(ROLE_FAINT), more.at);
	}
	sink_fini(&more);
	if (view_focus(c, v) != panel || a.columns < 8)
		return;
	columns = (int)utf8_columns(heading);
	canvas_glyph(c, a.row, a.column + 1, GLYPH_HERE, INK(ROLE_HEAD));
	canvas_mark(c, a.row, a.column + 1, (columns < a.columns - 4 ? columns : a.columns - 4) + 2,
		    ATTR_REVERSE);
}

int view_scroll(const struct view *v, struct hits *hits, enum panel panel, int total, int rows)
{
	int i = panel_index(panel);
	int most = total > rows ? total - rows : 0;

	if (hits) {
		hits->panels.most[i] = most;
		hits->panels.page[i] = rows > 1 ? rows - 1 : 1;
	}
	return v->player->scrolled[i] < most ? v->player->scrolled[i] : most;
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

int64_t view_selection(const struct view *v)
{
	bool is_time = v->hands && v->hands->history && !v->player->is_playing;

	return is_time ? player_selected(v->player) : -1;
}

const struct moment_conn *view_conn(const struct view *v, uint8_t host)
{
	uint32_t serial = v->moment->host[host].newest;

	if (serial == 0)
		serial = v->moment->host[host].listener;
	return serial ? moment_conn(v->moment, serial) : NULL;
}

static bool is_state_inferred(const struct view *v, uint8_t host)
{
	const struct moment_conn *k = view_conn(v, host);
	const struct life *life = k ? series_life(&v->story->series, k->conn) : NULL;
	size_t told = life ? series_told(life->steps.at, sizeof *life->steps.at, life->steps.count,
					 v->moment->cursor)
			   : 0;

	return told > 0 && trace_at(v->story->trace, life->steps.at[told - 1].record)->is_inferred;
}

void view_put_state(struct sink *out, const struct view *v, uint8_t host)
{
	sink_printf(out, "%s%s", is_state_inferred(v, host) ? VIEW_INFERRED : "",
		    state_name(moment_state(v->moment, host)));
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

void view_put_pair(struct sink *out, const struct view *v, enum string heading, int columns)
{
	const char *which = string_in(STRING_STEP_PAIR, v->player->lang);

	string_put(out, heading, v->player->lang);
	if (v->story->people_count <= 2)
		return;
	sink_printf(out, " 2/%d", v->story->people_count);
	if ((int)(utf8_columns(out->at) + utf8_columns(which)) + 2 <= columns)
		sink_printf(out, ": %s", which);
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

static void draw_panel(struct canvas *c, const struct view *v, const struct layout *l,
		       enum panel panel, struct hits *hits)
{
	int i = panel_index(panel);
	struct area a = l->panel[i];

	if (hits) {
		hits->panels.area[i] = a;
		if (panel != PANEL_PEOPLE && a.rows > 0)
			hits_add(hits, a, ACTION_FOCUS_ON, panel);
	}
	if (a.rows == 0)
		return;
	switch (panel) {
	case PANEL_PEOPLE: view_people(c, a, v, hits); return;
	case PANEL_STATES: view_states(c, a, v, hits); return;
	case PANEL_TCB: view_tcb(c, a, v, hits); return;
	case PANEL_WINDOWS: view_windows(c, a, v, hits); return;
	case PANEL_NARRATION:
		if (view_has_card(v))
			view_card(c, a, v, hits);
		else
			view_words(c, a, v, hits);
		return;
	case PANEL_GRAPH: view_graph(c, a, v, hits); return;
	case PANEL_BESIDE: view_beside(c, a, v, hits); return;
	case PANEL_LADDER: view_ladder(c, a, v, hits); return;
	}
}

static unsigned shown_at(const struct canvas *c, const struct view *v)
{
	bool has_twin = alongside_is_there(v->alongside);
	unsigned shown = (panels_given(c->rows, c->columns, v->player->panels.has_twin) ^
			  v->player->toggled) |
			 PANEL_LADDER;

	if (!has_twin)
		shown &= ~(unsigned)PANEL_BESIDE;
	return view_has_card(v) ? shown | PANEL_NARRATION : shown;
}

enum panel view_focus(const struct canvas *c, const struct view *v)
{
	return shown_at(c, v) & v->player->focus ? v->player->focus : PANEL_LADDER;
}

/* Which keys mean something here. */
static unsigned keys_of(const struct view *v)
{
	unsigned set = view_is_live(v) ? KEYS_LIVE : 0;

	set |= v->player->panels.has_twin ? KEYS_TWIN : 0;
	return set |
	       (view_is_live(v) && v->growth->live->say && v->player->edge.is_open ? KEYS_SAY : 0);
}

void view_draw(struct canvas *c, const struct view *v, struct hits *hits)
{
	struct text_rows text;
	struct layout l;

	canvas_clear(c);
	if (hits) {
		hits->count = 0;
		hits->panels = (struct panels){
			.given = panels_given(c->rows, c->columns, v->player->panels.has_twin),
			.has_twin = v->player->panels.has_twin};
	}
	if (c->rows < LEAST_ROWS || c->columns < LEAST_COLUMNS) {
		draw_too_small(c, v);
		return;
	}
	text = (struct text_rows){.words = view_has_card(v)
						   ? view_card_rows(c, v)
						   : view_words_rows(v, c->rows, c->columns),
				  .status = view_status_rows(c, v)};
	l = layout_of(c->rows, c->columns, shown_at(c, v), view_focus(c, v), text);
	view_title(c, l.title, v);
	if (l.rule.rows > 0)
		view_rule(c, l.rule, "");
	if (l.names.rows > 0)
		view_names(c, l.names, v);
	for (int i = 0; i < l.divider.rows; i++)
		canvas_glyph(c, l.divider.row + i, l.divider.column, GLYPH_VLINE, INK(ROLE_FRAME));
	for (int i = 0; i < PANELS; i++)
		draw_panel(c, v, &l, panel_at(i), hits);
	view_timeline(c, l.timeline, v, hits);
	view_status(c, l.status, v);
	if (view_has_card(v))
		view_card_keys(c, l.footer, v, hits);
	else
		keys_footer(c, l.footer, v->player->lang, keys_of(v), hits);
	view_overlay(c, (struct area){0, 0, c->rows, c->columns}, v, hits);
	view_notice(c, (struct area){0, 0, c->rows, c->columns}, v, hits);
}
