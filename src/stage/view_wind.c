/* SPDX-License-Identifier: MIT */
/*
 * view_wind.c - what is in the air between the people: each word at the place where the clock has
 * brought it, and what the wind took.
 */
#include <string.h>
#include <base/utf8.h>
#include "stage/pose.h"
#include "stage/view.h"

/* The lanes lie between the figures. */
enum { LANES = 3, LANE_ROW = 2, SCATTER_FRAMES = 3 };

struct air {
	struct canvas *canvas;
	const struct view *view;
	struct area area; /* of the people */
	int row;          /* the first lane */
	int untold;       /* words for which there was no room */
};

static bool goes_right(const struct view *v, const struct voyage *w)
{
	return story_lifeline(v->story, w->from) < story_lifeline(v->story, w->to);
}

/* The columns [left, right) between two people. */
static void span_of(const struct air *air, const struct voyage *w, int *left, int *right)
{
	const struct story *s = air->view->story;
	int from = story_lifeline(s, w->from), to = story_lifeline(s, w->to);
	int low = from < to ? from : to, high = from < to ? to : from;
	int ignored;

	if (low < 0)
		low = 0;
	if (high <= low)
		high = s->people_count - 1;
	view_figure(air->area, air->view, low, &ignored, left);
	view_figure(air->area, air->view, high, right, &ignored);
}

static bool is_free(const struct air *air, int row, int column, int columns)
{
	for (int i = 0; i < columns; i++) {
		if (!canvas_is_blank(air->canvas, row, column + i))
			return false;
	}
	return true;
}

/* "──────── SYN 0 ►": the tail tells from where it comes. */
static void draw_word(struct air *air, const struct voyage *w, int row)
{
	const struct view *v = air->view;
	struct ink ink = view_ink(v, w->from);
	struct sink label = {0};
	int left, right, columns, room, at;
	bool is_rightward = goes_right(v, w);
	int progress = v->motion == MOTION_FULL ? voyage_progress(w, v->player->now) : 0;

	span_of(air, w, &left, &right);
	room = right - left;
	if (room < 8)
		return;
	view_label(&label, v, w, room / 2);
	columns = (int)utf8_columns(label.at ? label.at : "") + 2;
	at = (room - columns) * progress / 1000;
	at = is_rightward ? left + at : right - columns - at;
	if (!is_free(air, row, at, columns)) {
		air->untold++;
		sink_fini(&label);
		return;
	}
	if (is_rightward) {
		for (int i = left; i < at - 1; i++)
			if (canvas_is_blank(air->canvas, row, i))
				canvas_glyph(air->canvas, row, i, GLYPH_HLINE, INK(ROLE_FRAME));
		canvas_text(air->canvas, row, at, columns, ink, label.at);
		canvas_glyph(air->canvas, row, at + columns - 1, GLYPH_DELIVERED_RIGHT, ink);
	} else {
		canvas_glyph(air->canvas, row, at, GLYPH_DELIVERED_LEFT, ink);
		canvas_text(air->canvas, row, at + 2, columns, ink, label.at);
		for (int i = at + columns + 1; i < right; i++)
			if (canvas_is_blank(air->canvas, row, i))
				canvas_glyph(air->canvas, row, i, GLYPH_HLINE, INK(ROLE_FRAME));
	}
	sink_fini(&label);
}

/* The frame of a word being blown away; -1: not now. It takes as long as the way it still had. */
static int scatter_frame(const struct view *v, const struct voyage *w)
{
	usec half = w->due - w->sent;
	usec since = v->player->now - w->due;

	if (since < 0 || since >= (half > 0 ? half : 1))
		return -1;
	return half > 0 ? (int)(since * SCATTER_FRAMES / half) : 0;
}

static uint32_t letter_at(const char *text, size_t *at)
{
	uint32_t code;

	*at += utf8_next(text + *at, strlen(text + *at), &code);
	return code;
}

/* × where it died, and its letters flying on, ever farther apart and fainter. */
static void draw_scatter(struct air *air, const struct voyage *w, int lane, int frame)
{
	static const int dance[] = {0, 1, -1, 0, 1, 0, -1};
	const struct view *v = air->view;
	struct sink label = {0};
	int left, right, column, step;
	bool is_rightward = goes_right(v, w);
	size_t at = 0;
	int i = 0;

	span_of(air, w, &left, &right);
	view_label(&label, v, w, 12);
	column = (left + right) / 2;
	step = is_rightward ? 1 : -1;
	canvas_glyph(air->canvas, air->row + lane, column, GLYPH_LOST, INK(ROLE_LOSS));
	column += step * (2 + 2 * frame);
	while (label.at && at < label.count) {
		uint32_t code = letter_at(label.at, &at);
		int row = air->row + (lane + dance[i++ % 7] + LANES) % LANES;

		if (column < left || column >= right - 1)
			break;
		if (code != ' ' && canvas_is_blank(air->canvas, row, column))
			canvas_code(air->canvas, row, column, code,
				    frame == 0 ? view_ink(v, w->from) : INK(ROLE_FAINT));
		column += step * (2 + frame);
	}
	sink_fini(&label);
}

/* The first voyage that may still be in the air. */
static size_t first_open(const struct view *v)
{
	const struct story *s = v->story;
	size_t i;

	if (s->rows.count == 0)
		return 0;
	i = s->rows.at[s->stops.at[player_stop(v->player)].row].first_open;
	/* A scattering word may belong to a row already left behind. */
	return i > 8 ? i - 8 : 0;
}

static void put_count(struct sink *out, const struct view *v, enum string what, uint32_t count)
{
	if (count == 0)
		return;
	if (out->count > 0)
		sink_puts(out, "   ");
	sink_printf(out, "%s %u", string_in(what, v->player->lang), count);
}

/* "被风吹走 1   重说 2" */
static void draw_counts(struct air *air, int row)
{
	const struct view *v = air->view;
	const struct story *s = v->story;
	size_t begun = story_begun(s, v->player->cursor);
	uint32_t lost = begun > 0 ? s->voyages.at[begun - 1].lost : 0;
	struct sink text = {0};
	int columns, column;

	/* Those that are lost and not yet shown so are among the last. */
	for (size_t i = first_open(v); i < begun; i++) {
		const struct voyage *w = &s->voyages.at[i];

		if (w->fate == FATE_LOST && !voyage_has_ended(w, v->player->now, v->player->cursor))
			lost--;
	}
	put_count(&text, v, STRING_BLOWN_AWAY, lost);
	put_count(&text, v, STRING_SAID_AGAIN, begun > 0 ? s->voyages.at[begun - 1].again : 0);
	put_count(&text, v, STRING_MORE, (uint32_t)air->untold);
	columns = (int)utf8_columns(text.at ? text.at : "");
	column = air->area.column + (air->area.columns - columns) / 2;
	if (columns > 0 && is_free(air, row, column - 1, columns + 2))
		canvas_text(air->canvas, row, column, columns, INK(ROLE_FAINT), text.at);
	sink_fini(&text);
}

void view_wind(struct canvas *c, struct area a, const struct view *v)
{
	struct air air = {.canvas = c, .view = v, .area = a, .row = a.row + LANE_ROW};
	const struct story *s = v->story;
	size_t i, begun = story_begun(s, v->player->cursor);

	if (s->people_count < 2)
		return;
	for (i = first_open(v); i < begun && v->motion != MOTION_NONE; i++) {
		const struct voyage *w = &s->voyages.at[i];
		int lane = (int)(i % LANES);

		if (!voyage_has_ended(w, v->player->now, v->player->cursor))
			draw_word(&air, w, air.row + lane);
		else if (w->fate == FATE_LOST && scatter_frame(v, w) >= 0)
			draw_scatter(&air, w, lane, scatter_frame(v, w));
	}
	draw_counts(&air, a.row + a.rows - 1);
}
