/* SPDX-License-Identifier: MIT */
/* graph.c - the two graphs: sequence numbers over time, and the congestion window over time. */
#include "stage/graph.h"

#include <string.h>
#include <base/utf8.h>

/* Uppermost last. */
enum { RANK_WINDOW = 1, RANK_FLIGHT, RANK_SSTHRESH, RANK_ACK, RANK_CWND, RANK_SEGMENT };

/* An ssthresh like this is none yet. */
static const int64_t UNLIMITED = INT64_C(1) << 30;

enum { DASH = 2, FEW = 64 };

/* "↑ window 66536": what is now beyond the axis is at least said. */
static void tell_beyond(const struct graph *g, enum course_of which, enum string word, int row,
			struct ink ink)
{
	const struct course *c = &g->life->course[which];
	const struct area *a = &g->plot.area;
	size_t told = graph_told(g, which);
	struct sink text = {0};
	char up[5] = {0};

	if (told == 0 || c->points.at[told - 1].value <= g->high)
		return;
	utf8_put(glyph_code(GLYPH_UP), up);
	sink_printf(&text, "%s %s ", up, string_in(word, g->v->player->lang));
	if (c->points.at[told - 1].value >= UNLIMITED)
		sink_puts(&text, string_in(STRING_UNLIMITED, g->v->player->lang));
	else
		plot_put_amount(&text, c->points.at[told - 1].value);
	canvas_text(g->canvas, a->row + row, a->column + 1, a->columns - 1, ink, text.at);
	sink_fini(&text);
}

/* ---- sequence numbers ------------------------------------------------------------------------ */

/* How many of the told segments left at or before `at`. */
static size_t said_until(const struct graph *g, usec at)
{
	size_t low = 0, high = g->said;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (g->life->said.at[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Many segments at once, as one. */
struct sheaf {
	struct extent seq;
	bool has_again, has_lost;
};

static bool is_lost(const struct graph *g, const struct said *s)
{
	const struct voyage *w = &g->v->story->voyages.at[s->voyage];

	return (w->fate == FATE_LOST || w->fate == FATE_DISCARDED) &&
	       voyage_has_ended(w, g->now, g->v->player->cursor);
}

static void widen(struct extent *e, int64_t low, int64_t high)
{
	e->low = low < e->low ? low : e->low;
	e->high = high > e->high ? high : e->high;
}

static void add_said(struct sheaf *s, const struct graph *g, const struct said *said)
{
	if (said->seq == said->end)
		return;
	widen(&s->seq, said->seq, said->end);
	s->has_again = s->has_again || said->is_again;
	s->has_lost = s->has_lost || is_lost(g, said);
}

static struct sheaf gather(const struct graph *g, size_t from, size_t to)
{
	struct sheaf s = {.seq = {INT64_MAX, INT64_MIN}};

	while (from < to) {
		const struct said_block *block = &g->life->said_blocks.at[from / COURSE_BLOCK];

		if (from % COURSE_BLOCK != 0 || from + COURSE_BLOCK > to) {
			add_said(&s, g, &g->life->said.at[from++]);
			continue;
		}
		widen(&s.seq, block->seq.low, block->seq.high);
		s.has_again = s.has_again || block->has_again;
		s.has_lost = s.has_lost ||
			     (block->lost < g->v->player->cursor && block->lost_at <= g->now);
		from += COURSE_BLOCK;
	}
	return s;
}

/* The lowest and the highest number that the axis has to show; the window's edge only while it is
 * not so far away that the rest would be a line at the bottom. */
static void find_range(struct graph *g)
{
	const struct course *una = &g->life->course[COURSE_UNA];
	const struct course *edge = &g->life->course[COURSE_EDGE];
	size_t told = graph_told(g, COURSE_UNA);
	size_t from = course_until(una, told, g->begin), first = said_until(g, g->begin - 1);
	struct sheaf s = gather(g, first, g->said);
	int64_t low = from > 0 ? una->points.at[from - 1].value : 0, high = low + 1;

	if (s.seq.low < s.seq.high) {
		low = s.seq.low < low || from == 0 ? s.seq.low : low;
		high = s.seq.high > high ? s.seq.high : high;
	}
	told = graph_told(g, COURSE_EDGE);
	from = course_until(edge, told, g->begin - 1);
	if (from < told) {
		int64_t most = course_extent(edge, from, told).high;

		if (most > high && most - low <= 3 * (high - low))
			high = most;
	}
	graph_range(g, low, high);
}

static void draw_segment(struct graph *g, int x, const struct sheaf *s, const struct layer *layer)
{
	int top = graph_y(g, s->seq.high - 1), bottom = graph_y(g, s->seq.low);

	plot_column(&g->plot, x, top, bottom, layer);
}

/* Signs lie over the dots: what was lost, what was said again, and where a long stroke ends. */
static void draw_signs(const struct graph *g, int x, const struct sheaf *s)
{
	const struct area *a = &g->plot.area;
	int top = graph_y(g, s->seq.high - 1) / PLOT_DOWN,
	    bottom = graph_y(g, s->seq.low) / PLOT_DOWN;
	int column = a->column + x / PLOT_ACROSS;
	struct ink ink = view_line_ink(g->v, g->from);

	if (bottom - top >= 2) {
		canvas_glyph(g->canvas, a->row + top, column, GLYPH_UP, ink);
		canvas_glyph(g->canvas, a->row + bottom, column, GLYPH_DOWN, ink);
	}
	if (s->has_again)
		canvas_text(g->canvas, a->row + (top > 0 ? top - 1 : top), column, 1,
			    INK(ink.role, ATTR_BOLD), "R");
	if (s->has_lost)
		canvas_glyph(g->canvas, a->row + (top + bottom) / 2, column, GLYPH_LOST,
			     INK(ROLE_LOSS));
}

/* One dot's width of time after the other; few segments stand for themselves. */
static void each_segment(struct graph *g, const struct layer *layer)
{
	size_t from = said_until(g, g->begin - 1);

	for (int x = 0; x < g->plot.width && from < g->said; x++) {
		size_t to = said_until(g, graph_time(g, x + 1) - 1);
		size_t each = to - from <= FEW ? 1 : to - from;

		for (; from < to; from += each) {
			struct sheaf s = gather(g, from, from + each);

			if (s.seq.low >= s.seq.high)
				continue;
			if (layer)
				draw_segment(g, x, &s, layer);
			else
				draw_signs(g, x, &s);
		}
	}
}

void graph_draw_seq(struct graph *g)
{
	struct ink own = view_line_ink(g->v, g->from), peer = view_line_ink(g->v, g->to);
	const struct layer window = {peer, RANK_WINDOW, '.'};
	const struct layer ack = {peer, RANK_ACK, '-'};
	const struct layer segment = {own, RANK_SEGMENT, '|'};

	find_range(g);
	graph_course(g, COURSE_EDGE, &window, DASH);
	graph_course(g, COURSE_UNA, &ack, 0);
	each_segment(g, &segment);
	plot_show(&g->plot, g->canvas);
	each_segment(g, NULL);
	tell_beyond(g, COURSE_EDGE, STRING_GRAPH_WINDOW, 0, peer);
}

/* ---- the congestion window ------------------------------------------------------------------- */

static int64_t most_of(const struct graph *g, enum course_of which)
{
	const struct course *c = &g->life->course[which];
	size_t told = graph_told(g, which), from = course_until(c, told, g->begin);

	from = from > 0 ? from - 1 : 0;
	return from < told ? course_extent(c, from, told).high : 0;
}

static int64_t value_at(const struct graph *g, enum course_of which, usec at)
{
	const struct course *c = &g->life->course[which];
	size_t n = course_until(c, graph_told(g, which), at);

	return n > 0 ? c->points.at[n - 1].value : 0;
}

/* RFC 5681 section 3.1, 3.2: below ssthresh slow start, above it congestion avoidance. */
static enum string phase_at(const struct graph *g, usec at)
{
	int64_t cwnd = value_at(g, COURSE_CWND, at);

	if (cwnd == 0 || cwnd >= UNLIMITED)
		return STRING_COUNT;
	if (value_at(g, COURSE_RECOVERING, at))
		return STRING_GRAPH_RECOVERY;
	return cwnd < value_at(g, COURSE_SSTHRESH, at) ? STRING_GRAPH_SLOW : STRING_GRAPH_AVOID;
}

static enum glyph phase_glyph(enum string phase)
{
	return phase == STRING_GRAPH_SLOW       ? GLYPH_SHADE
	       : phase == STRING_GRAPH_RECOVERY ? GLYPH_DARK
						: GLYPH_HLINE;
}

/* Above the graph which phase it is in, column by column, with its name where it lasts. */
static void draw_phases(const struct graph *g)
{
	const struct area *a = &g->plot.area;
	int last = g->is_past ? a->columns - 1 : graph_x(g, g->now) / PLOT_ACROSS;
	enum lang lang = g->v->player->lang;

	if (last >= a->columns)
		last = a->columns - 1;
	for (int column = 0, end; column <= last; column = end) {
		enum string phase = phase_at(g, graph_time(g, column * PLOT_ACROSS + 1));
		int columns;

		for (end = column + 1; end <= last; end++) {
			if (phase_at(g, graph_time(g, end * PLOT_ACROSS + 1)) != phase)
				break;
		}
		if (phase == STRING_COUNT)
			continue;
		canvas_hline(g->canvas, a->row - 1, a->column + column, end - column,
			     phase_glyph(phase), view_line_ink(g->v, g->from));
		columns = (int)utf8_columns(string_in(phase, lang)) + 2;
		if (columns > end - column)
			continue;
		column += (end - column - columns) / 2;
		canvas_text(g->canvas, a->row - 1, a->column + column, 1, INK(ROLE_TEXT), " ");
		canvas_text(g->canvas, a->row - 1, a->column + column + 1, columns - 2,
			    INK(ROLE_TEXT), string_in(phase, lang));
		canvas_text(g->canvas, a->row - 1, a->column + column + columns - 1, 1,
			    INK(ROLE_TEXT), " ");
	}
}

void graph_draw_cwnd(struct graph *g)
{
	struct ink own = view_line_ink(g->v, g->from), peer = view_line_ink(g->v, g->to);
	const struct layer window = {peer, RANK_WINDOW, '.'};
	const struct layer flight = {own, RANK_FLIGHT, ':'};
	const struct layer ssthresh = {own, RANK_SSTHRESH, '='};
	const struct layer cwnd = {own, RANK_CWND, '*'};
	int64_t high = 1, most;

	most = most_of(g, COURSE_CWND);
	high = most < UNLIMITED && most > high ? most : high;
	most = most_of(g, COURSE_FLIGHT);
	high = most > high ? most : high;
	most = most_of(g, COURSE_SSTHRESH);
	high = most <= 3 * high && most > high ? most : high;
	most = most_of(g, COURSE_WND);
	high = most <= 3 * high && most > high ? most : high;
	graph_range(g, 0, high + high / 8);
	graph_course(g, COURSE_WND, &window, DASH);
	graph_course(g, COURSE_FLIGHT, &flight, 1);
	graph_course(g, COURSE_SSTHRESH, &ssthresh, 2 * DASH);
	graph_course(g, COURSE_CWND, &cwnd, 0);
	plot_show(&g->plot, g->canvas);
	draw_phases(g);
	tell_beyond(g, COURSE_WND, STRING_GRAPH_WINDOW, 0, peer);
	tell_beyond(g, COURSE_SSTHRESH, STRING_GRAPH_SSTHRESH, 1, own);
}

/* ---- the legend ------------------------------------------------------------------------------ */

/* A sign as it looks in the graph, and what it is. */
struct sample {
	const char *sign, *twin;
	bool is_peers;
	enum string word;
};

static int draw_sample(const struct graph *g, int row, int column, const struct sample *s)
{
	struct ink ink = view_line_ink(g->v, s->is_peers ? g->to : g->from);
	const char *sign = g->canvas->is_ascii ? s->twin : s->sign;
	int used = canvas_text(g->canvas, row, column, 1, INK(ROLE_TEXT), " ");

	used += canvas_text(g->canvas, row, column + used, 4, ink, sign);
	used += canvas_text(g->canvas, row, column + used, 1, INK(ROLE_TEXT), " ");
	return used + canvas_text(g->canvas, row, column + used, 16, INK(ROLE_FAINT),
				  string_in(s->word, g->v->player->lang));
}

void graph_legend(const struct graph *g, struct area a, int from, bool is_cwnd)
{
	static const struct sample seq[] = {{"⡇", "|", false, STRING_GRAPH_SEGMENT},
					    {"R", "R", false, STRING_SAID_AGAIN},
					    {"×", "x", false, STRING_GRAPH_LOST},
					    {"⠒⠒", "--", true, STRING_GRAPH_ACK},
					    {"⠒ ⠒", ". .", true, STRING_GRAPH_WINDOW}};
	static const struct sample cwnd[] = {{"⠒⠒", "**", false, STRING_GRAPH_CWND},
					     {"⠒ ⠒", "= =", false, STRING_GRAPH_SSTHRESH},
					     {"⠂⠂", "::", false, STRING_IN_FLIGHT},
					     {"⠒ ⠒", ". .", true, STRING_GRAPH_WINDOW}};
	enum { SEQ = sizeof seq / sizeof seq[0], CWND = sizeof cwnd / sizeof cwnd[0] };
	const struct sample *samples = is_cwnd ? cwnd : seq;
	int end = a.column + a.columns - 2, columns[SEQ + CWND], all = 1, n = 0;

	for (; n < (is_cwnd ? (int)CWND : (int)SEQ); n++) {
		columns[n] = 2 + (int)utf8_columns(samples[n].sign) +
			     (int)utf8_columns(string_in(samples[n].word, g->v->player->lang));
		if (from + all + columns[n] > end)
			break;
		all += columns[n];
	}
	from = end - all;
	for (int i = 0; i < n; i++)
		from += draw_sample(g, a.row, from, &samples[i]);
	if (n > 0)
		canvas_text(g->canvas, a.row, from, 1, INK(ROLE_TEXT), " ");
}
