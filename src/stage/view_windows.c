/* SPDX-License-Identifier: MIT */
/*
 * view_windows.c - the windows as sequence space. For each direction what the sender has made of
 * each octet stands above what the receiver has made of the same octet, on one scale; numbers at
 * the edges between. What is far from everything else is broken, and its break is drawn.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/scale.h"
#include "stage/space.h"

enum region { ACKED, IN_FLIGHT, SACKED, QUEUED, USABLE, READ, WAITING, HOLE, HELD, FREE, NOTHING };

static const struct {
	enum glyph glyph;
	bool is_text; /* octets that somebody has said: in the colour of who */
	enum string word;
} regions[] = {
	[ACKED] = {GLYPH_MEDIUM, true, STRING_SPACE_ACKED},
	[IN_FLIGHT] = {GLYPH_FULL, true, STRING_IN_FLIGHT},
	[SACKED] = {GLYPH_DARK, true, STRING_SPACE_SACKED},
	[QUEUED] = {GLYPH_DUPLICATE, true, STRING_SPACE_QUEUED},
	[USABLE] = {GLYPH_SHADE, false, STRING_SPACE_USABLE},
	[READ] = {GLYPH_MEDIUM, true, STRING_SPACE_READ},
	[WAITING] = {GLYPH_FULL, true, STRING_WAITING},
	[HOLE] = {GLYPH_NEXT, false, STRING_SPACE_HOLE},
	[HELD] = {GLYPH_DARK, true, STRING_SPACE_HELD},
	[FREE] = {GLYPH_SHADE, false, STRING_FREE},
	[NOTHING] = {GLYPH_NEXT, false, STRING_COUNT},
};

enum { LABEL_COLUMNS = 13 };

struct lane {
	struct canvas *canvas;
	const struct view *v;
	struct space space;
	struct scale scale;
	uint8_t from, to;
	int column, columns; /* of the cells between the bars' ends */
};

/* ---- what lies where ------------------------------------------------------------------------- */

static bool lies_in(const struct extent *runs, int n, int64_t at)
{
	for (int i = 0; i < n; i++) {
		if (at >= runs[i].low && at < runs[i].high)
			return true;
	}
	return false;
}

static enum region sent(const struct space *s, int64_t at)
{
	if (at < s->una)
		return ACKED;
	if (lies_in(s->sacked, s->sackeds, at))
		return SACKED;
	if (at < s->nxt)
		return IN_FLIGHT;
	if (at < s->queued)
		return QUEUED;
	return at < s->edge ? USABLE : NOTHING;
}

static enum region received(const struct space *s, int64_t at)
{
	if (at < s->read)
		return READ;
	if (at < s->rcv_nxt)
		return WAITING;
	if (lies_in(s->held, s->helds, at))
		return HELD;
	if (s->helds > 0 && at < s->held[s->helds - 1].low)
		return HOLE;
	return at < s->rcv_edge ? FREE : NOTHING;
}

/* What is long past needs a place only when it is more than the SYN. */
static int64_t begin_of(const struct space *s)
{
	int64_t begin = s->has_sender ? s->una : s->read;

	if (s->has_receiver && s->read < begin)
		begin = s->read;
	return begin > 1 ? 0 : begin;
}

static void add_edges(struct scale *scale, const struct space *s)
{
	scale_add(scale, begin_of(s));
	if (s->has_sender) {
		scale_add(scale, s->una);
		scale_add(scale, s->nxt);
		scale_add(scale, s->edge);
		scale_add(scale, s->queued);
		if (s->cwnd >= 0)
			scale_add(scale, s->cwnd);
	}
	if (s->has_receiver) {
		scale_add(scale, s->read);
		scale_add(scale, s->rcv_nxt);
		scale_add(scale, s->rcv_edge);
	}
	for (int i = 0; i < s->sackeds; i++) {
		scale_add(scale, s->sacked[i].low);
		scale_add(scale, s->sacked[i].high);
	}
	for (int i = 0; i < s->helds; i++) {
		scale_add(scale, s->held[i].low);
		scale_add(scale, s->held[i].high);
	}
}

/* ---- bars ------------------------------------------------------------------------------------ */

/* Columns of the bar that hold a word; a break goes beside it. */
struct word {
	int from, to;
};

/* "in flight 7", else "7", where there is room for it with a blank on both sides. Not over the mark
 * of the congestion window. */
static struct word draw_word(const struct lane *l, int row, enum region region, int from, int to,
			     int64_t octets, int mark)
{
	struct sink text = {0};
	struct word word = {0, 0};
	int columns;

	if (regions[region].word == STRING_COUNT)
		return word;
	if (mark >= from && mark < to) {
		if (mark - from > to - mark)
			to = mark;
		else
			from = mark + 1;
	}
	sink_printf(&text, " %s %" PRId64 " ", string_in(regions[region].word, l->v->player->lang),
		    octets);
	columns = (int)utf8_columns(text.at);
	if (columns > to - from - 2) {
		sink_clear(&text);
		sink_printf(&text, " %" PRId64 " ", octets);
		columns = (int)utf8_columns(text.at);
	}
	if (columns <= to - from - 2) {
		word.from = from + (to - from - columns) / 2;
		word.to = word.from + columns;
		canvas_text(l->canvas, row, l->column + word.from, columns, INK(ROLE_TEXT),
			    text.at);
	}
	sink_fini(&text);
	return word;
}

static void draw_stretch(const struct lane *l, int row, enum region region, int from, int to)
{
	struct ink ink = regions[region].is_text ? view_line_ink(l->v, l->from) : INK(ROLE_FRAME);

	canvas_hline(l->canvas, row, l->column + from, to - from, regions[region].glyph, ink);
}

/* In each broken stretch one, in its middle or as near to it as the word lets it. */
static void draw_breaks(const struct lane *l, int row, int first, int end, struct word word,
			int mark)
{
	const struct scale *s = &l->scale;

	for (int i = first; i < end; i++) {
		int middle = (s->column[i] + s->column[i + 1] - 1) / 2, best = -1;

		for (int at = s->column[i]; at < s->column[i + 1] && s->is_broken[i]; at++) {
			if ((at >= word.from && at < word.to) || at == mark)
				continue;
			if (best < 0 || abs(at - middle) < abs(best - middle))
				best = at;
		}
		if (s->is_broken[i])
			canvas_glyph(l->canvas, row, l->column + (best < 0 ? middle : best),
				     GLYPH_BREAK, INK(ROLE_TEXT));
	}
}

static void draw_bar(const struct lane *l, int row,
		     enum region (*region_at)(const struct space *, int64_t), int mark)
{
	const struct scale *s = &l->scale;
	int last = s->edges - 1;

	canvas_glyph(l->canvas, row, l->column - 1, GLYPH_BAR_LEFT, INK(ROLE_FRAME));
	canvas_glyph(l->canvas, row, l->column + l->columns, GLYPH_BAR_RIGHT, INK(ROLE_FRAME));
	for (int i = 0; i < last; i++)
		draw_stretch(l, row, region_at(&l->space, s->edge[i]), s->column[i],
			     s->column[i + 1]);
	for (int i = 0, end; i < last; i = end) {
		enum region region = region_at(&l->space, s->edge[i]);
		struct word word;

		for (end = i + 1; end < last; end++) {
			if (region_at(&l->space, s->edge[end]) != region)
				break;
		}
		word = draw_word(l, row, region, s->column[i], s->column[end],
				 s->edge[end] - s->edge[i], mark);
		draw_breaks(l, row, i, end, word, mark);
	}
	if (mark >= 0)
		canvas_glyph(l->canvas, row, l->column + mark, GLYPH_HEAVY_VLINE,
			     view_line_ink(l->v, l->from));
}

static void draw_bars(const struct lane *l, int sender, int receiver)
{
	const struct space *s = &l->space;
	const char *none = string_in(STRING_NO_CONNECTION, l->v->player->lang);

	if (s->has_sender)
		draw_bar(l, sender, sent, s->cwnd < 0 ? -1 : scale_column(&l->scale, s->cwnd));
	else
		canvas_text(l->canvas, sender, l->column, l->columns, INK(ROLE_FAINT), none);
	if (receiver < 0)
		return;
	if (s->has_receiver)
		draw_bar(l, receiver, received, -1);
	else
		canvas_text(l->canvas, receiver, l->column, l->columns, INK(ROLE_FAINT), none);
}

/* ---- the ruler ------------------------------------------------------------------------------- */

/* An edge of the bar above, or of the one below, or of both. */
struct tick {
	int64_t at;
	bool is_above, is_below;
	const char *name; /* of a size that begins at SND.UNA; NULL: a sequence number */
};

static void add_tick(struct tick *ticks, int *n, int64_t at, bool is_above, const char *name)
{
	for (int i = 0; i < *n; i++) {
		if (ticks[i].at != at)
			continue;
		ticks[i].is_above = ticks[i].is_above || is_above;
		ticks[i].is_below = ticks[i].is_below || !is_above;
		ticks[i].name = ticks[i].name ? ticks[i].name : name;
		return;
	}
	ticks[(*n)++] = (struct tick){at, is_above, !is_above, name};
}

static void put_number(struct sink *out, const struct lane *l, const struct tick *tick)
{
	if (tick->name)
		sink_printf(out, "%s %" PRId64, tick->name, tick->at - l->space.una);
	else if (l->v->player->is_absolute)
		sink_printf(out, "%" PRIu32, (uint32_t)tick->at + l->space.iss);
	else
		sink_printf(out, "%" PRId64, tick->at);
}

/* The arrow at its edge, the number behind it or else before it, where nothing stands yet. */
static void draw_tick(const struct lane *l, int row, const struct tick *tick)
{
	enum glyph arrow = !tick->is_below ? GLYPH_UP : tick->is_above ? GLYPH_UP_DOWN : GLYPH_DOWN;
	struct ink ink = view_ink(l->v, tick->is_above ? l->from : l->to);
	int at = scale_column(&l->scale, tick->at), columns;
	struct sink text = {0};
	bool is_free = true, is_free_before = true;

	if (!canvas_is_blank(l->canvas, row, l->column + at))
		return;
	put_number(&text, l, tick);
	columns = (int)utf8_columns(text.at);
	for (int i = -1; i <= columns + 1; i++) {
		is_free = is_free && canvas_is_blank(l->canvas, row, l->column + at + i);
		is_free_before =
			is_free_before && canvas_is_blank(l->canvas, row, l->column + at - i);
	}
	is_free = is_free && at + columns <= l->columns;
	is_free_before = is_free_before && at - columns >= 0;
	canvas_glyph(l->canvas, row, l->column + at, arrow, ink);
	if (is_free)
		canvas_text(l->canvas, row, l->column + at + 1, columns, ink, text.at);
	else if (is_free_before)
		canvas_text(l->canvas, row, l->column + at - columns, columns, ink, text.at);
	sink_fini(&text);
}

static void draw_ruler(const struct lane *l, int row, bool above, bool below)
{
	const struct space *s = &l->space;
	struct tick ticks[8];
	int n = 0;

	if (s->has_sender && above) {
		add_tick(ticks, &n, s->una, true, NULL);
		add_tick(ticks, &n, s->nxt, true, NULL);
		add_tick(ticks, &n, s->edge, true, NULL);
	}
	if (s->has_receiver && below) {
		add_tick(ticks, &n, s->rcv_nxt, false, NULL);
		add_tick(ticks, &n, s->rcv_edge, false, NULL);
		add_tick(ticks, &n, s->read, false, NULL);
	}
	if (s->has_sender && above && s->cwnd >= 0)
		add_tick(ticks, &n, s->cwnd, true, "cwnd");
	for (int i = 0; i < n; i++)
		draw_tick(l, row, &ticks[i]);
}

/* ---- lanes ----------------------------------------------------------------------------------- */

/* "张三 →" says it, "→ 李四" hears it. */
static void draw_label(const struct lane *l, int row, int column, bool says)
{
	uint8_t host = says ? l->from : l->to;
	struct ink ink = view_ink(l->v, host);
	int room = LABEL_COLUMNS - 4;

	column++;
	if (!says)
		column += 1 + canvas_glyph(l->canvas, row, column, GLYPH_TO, INK(ROLE_FAINT));
	column += canvas_text(l->canvas, row, column, room, ink, view_name(l->v, host));
	if (says)
		canvas_glyph(l->canvas, row, column + 1, GLYPH_TO, INK(ROLE_FAINT));
}

/* "a cell 32": of the common scale; a break has its own. */
static void draw_cell_size(const struct lane *l, int row, int column)
{
	struct sink text = {0};

	if (l->scale.cells <= 0 || l->scale.octets <= 0)
		return;
	sink_printf(&text, "%s ", string_in(STRING_SPACE_CELL, l->v->player->lang));
	if (l->scale.octets >= l->scale.cells)
		sink_printf(&text, "%" PRId64,
			    (l->scale.octets + l->scale.cells / 2) / l->scale.cells);
	else
		sink_printf(&text, "1/%" PRId64,
			    (l->scale.cells + l->scale.octets / 2) / l->scale.octets);
	canvas_text(l->canvas, row, column + 1, LABEL_COLUMNS - 2, INK(ROLE_FAINT), text.at);
	sink_fini(&text);
}

/* Behind the bar, for where nothing may be sent there is no stretch to write it in. */
static int draw_shut(const struct lane *l, int row, struct area a)
{
	const char *word = string_in(STRING_SHUT, l->v->player->lang);
	const struct moment_conn *k = view_conn(l->v, l->from);
	int columns = (int)utf8_columns(word);

	if (!l->space.has_sender || l->space.edge > l->space.una || k->field[F_state] == SYN_SENT ||
	    k->field[F_state] == SYN_RECEIVED || columns + LABEL_COLUMNS > a.columns / 2)
		return 0;
	canvas_text_right(l->canvas, row, a.column + a.columns - 1, columns, INK(ROLE_LOSS), word);
	return columns + 1;
}

/* One row: the sender's bar. Two: the receiver's below. Three: a ruler between them. Four: a ruler
 * for each. */
static void draw_lane(struct lane *l, struct area a)
{
	const struct space *s = &l->space;
	int receiver = a.row + (a.rows >= 3 ? 2 : 1);
	int sender = a.rows >= 4 ? a.row + 1 : a.row;

	if (a.rows >= 4)
		receiver = a.row + 2;
	draw_label(l, sender, a.column, true);
	if (a.rows >= 2)
		draw_label(l, receiver, a.column, false);
	l->column = a.column + LABEL_COLUMNS;
	l->columns = a.columns - LABEL_COLUMNS - 2 - draw_shut(l, sender, a);
	add_edges(&l->scale, s);
	if ((!s->has_sender && !s->has_receiver) || !scale_deal(&l->scale, l->columns)) {
		canvas_text(l->canvas, sender, l->column, l->columns, INK(ROLE_FAINT),
			    string_in(STRING_NO_CONNECTION, l->v->player->lang));
		return;
	}
	l->columns = l->scale.column[l->scale.edges - 1];
	draw_bars(l, sender, a.rows >= 2 ? receiver : -1);
	if (a.rows >= 3)
		draw_cell_size(l, a.rows >= 4 ? a.row : a.row + 1, a.column);
	if (a.rows >= 4) {
		draw_ruler(l, a.row, true, false);
		draw_ruler(l, a.row + 3, false, true);
	} else if (a.rows == 3) {
		draw_ruler(l, a.row + 1, true, true);
	}
}

static int rows_of_lane(int rows)
{
	return rows >= 8 ? 4 : rows >= 6 ? 3 : rows >= 4 ? 2 : 1;
}

void view_windows(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct sink heading = {0};
	struct lane lanes[2];
	uint8_t pair[2];
	int n = view_pair(v, pair) == 2 ? 2 : 0, rows = rows_of_lane(a.rows - 1), top;
	bool is_derived = false;

	for (int i = 0; i < n; i++) {
		lanes[i] = (struct lane){.canvas = c, .v = v, .from = pair[i], .to = pair[1 - i]};
		space_find(&lanes[i].space, v, pair[i], pair[1 - i]);
		is_derived = is_derived || lanes[i].space.helds > 0;
	}
	top = view_scroll(v, hits, PANEL_WINDOWS, n, (a.rows - 1) / rows);
	view_put_pair(&heading, v, STRING_WINDOWS, a.columns - 4);
	if (is_derived)
		sink_printf(&heading, " (%s)", string_in(STRING_SPACE_DERIVED, v->player->lang));
	view_heading(c, a, v, PANEL_WINDOWS, heading.at, top, n - top - (a.rows - 1) / rows);
	sink_fini(&heading);
	for (int i = top; i < n && 1 + (i - top + 1) * rows <= a.rows; i++)
		draw_lane(&lanes[i],
			  (struct area){a.row + 1 + (i - top) * rows, a.column, rows, a.columns});
	if (n == 0)
		canvas_text(c, a.row + 1, a.column + 1, a.columns - 1, INK(ROLE_FAINT),
			    string_in(STRING_NO_CONNECTION, v->player->lang));
}
