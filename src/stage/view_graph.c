/* SPDX-License-Identifier: MIT */
/*
 * view_graph.c - numbers over time, from a connection's birth until now: nothing of what is still
 * to come, not even the room for it. What said means stands beside what was said, as tcptrace
 * draws it: segments as upright strokes, the acknowledged and the allowed as lines below and above.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <base/utf8.h>
#include "stage/graph.h"

enum {
	MARGIN = 8, /* for the numbers of the upright axis */
	SIDE_BY_SIDE = 110,
	LEAST_ROWS_OF_IT = 4,
	LEAST_COLUMNS_OF_IT = 12,
	ZOOM_MOST = 12,
	TICK_COLUMNS = 14, /* of the lying axis, about */
};

/* ---- whose ----------------------------------------------------------------------------------- */

static bool choose(struct graph *g, bool is_second)
{
	uint8_t host[2];
	int n = view_pair(g->v, host);
	const struct moment_conn *k;

	if (n == 0)
		return false;
	g->from = host[is_second ? n - 1 : 0];
	g->to = host[is_second ? 0 : n - 1];
	k = view_conn(g->v, g->from);
	g->life = k ? series_life(&g->v->story->series, k->conn) : NULL;
	return g->life != NULL;
}

/* ---- the frame ------------------------------------------------------------------------------- */

size_t graph_told(const struct graph *g, enum course_of which)
{
	const struct course *c = &g->life->course[which];

	return series_told(c->points.at, sizeof *c->points.at, c->points.count,
			   g->v->player->cursor);
}

/* From the first to the last thing that has happened to the connection. */
static void find_times(struct graph *g)
{
	const struct life *life = g->life;
	int zoom = g->v->player->scrolled[panel_index(PANEL_GRAPH)];
	usec first = g->v->player->now, last = 0, span;

	if (g->said > 0) {
		first = life->said.at[0].at;
		last = life->said.at[g->said - 1].at;
	}
	for (int i = 0; i < COURSES; i++) {
		size_t told = graph_told(g, (enum course_of)i);

		if (told > 0 && life->course[i].points.at[0].at < first)
			first = life->course[i].points.at[0].at;
		if (told > 0 && life->course[i].points.at[told - 1].at > last)
			last = life->course[i].points.at[told - 1].at;
	}
	/* A long silence after the last word would press everything into a corner. */
	g->last = last;
	g->is_past = g->now - last > (last - first) / 4 && g->now > last;
	if (!g->is_past)
		last = g->now;
	span = plot_span(last - first > USEC_PER_MS ? last - first : USEC_PER_MS);
	g->begin = first;
	g->span = span;
	for (int i = 0; i < zoom && i < ZOOM_MOST && g->span > USEC_PER_MS; i++)
		g->span /= 2;
	if (last - g->begin > g->span)
		g->begin = last - g->span;
	if (g->span < 1)
		g->span = 1;
}

int graph_x(const struct graph *g, usec at)
{
	return (int)((at - g->begin) * g->plot.width / g->span);
}

usec graph_time(const struct graph *g, int x)
{
	return g->begin + (usec)x * g->span / g->plot.width;
}

int graph_y(const struct graph *g, int64_t value)
{
	int64_t height = g->plot.height - 1;

	if (value > g->high)
		return -1;
	if (value < g->low)
		return g->plot.height;
	return (int)((g->high - value) * height / (g->high - g->low));
}

void graph_range(struct graph *g, int64_t low, int64_t high)
{
	int64_t step = plot_step((high - low) / 4 > 1 ? (high - low) / 4 : 1);

	g->low = low - low % step;
	g->high = g->low + step;
	while (g->high < high)
		g->high += step;
	g->step = step;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* A line that holds its value until the next point, as far as now. Where it comes from beyond the
 * axis or goes there it is not drawn. `dash`: only so many dots of twice as many; 0: all. */
void graph_course(struct graph *g, enum course_of which, const struct layer *layer, int dash)
{
	const struct course *c = &g->life->course[which];
	size_t told = graph_told(g, which), from;
	int end = g->is_past ? g->plot.width : graph_x(g, g->now) + 1;

	from = course_until(c, told, g->begin - 1);
	for (int x = 0; x < end && x < g->plot.width; x++) {
		size_t to = course_until(c, told, graph_time(g, x + 1) - 1);
		bool is_drawn = dash == 0 || x % (2 * dash) < dash;

		if (to > from) {
			struct extent e = course_extent(c, from > 0 ? from - 1 : from, to);

			if (e.high > g->high || e.low < g->low)
				e.low = e.high = c->points.at[to - 1].value;
			plot_column(&g->plot, x, graph_y(g, e.high), graph_y(g, e.low), layer);
		} else if (to > 0 && is_drawn) {
			plot_dot(&g->plot, x, graph_y(g, c->points.at[to - 1].value), layer);
		}
		from = to;
	}
}

/* ---- axes ------------------------------------------------------------------------------------ */

static void draw_upright(const struct graph *g)
{
	const struct area *a = &g->plot.area;

	for (int row = 0; row < a->rows; row++)
		canvas_glyph(g->canvas, a->row + row, a->column - 1, GLYPH_VLINE, INK(ROLE_FRAME));
	for (int64_t value = g->low; value <= g->high; value += g->step) {
		int row = a->row + graph_y(g, value) / PLOT_DOWN;
		struct sink text = {0};

		plot_put_amount(&text, value);
		canvas_glyph(g->canvas, row, a->column - 1, GLYPH_VERT_LEFT, INK(ROLE_FRAME));
		canvas_text_right(g->canvas, row, a->column - 1, MARGIN - 2, INK(ROLE_FAINT),
				  text.at);
		sink_fini(&text);
	}
}

/* "0.25": as many decimals as the steps need. */
static void put_seconds(struct sink *out, usec at, usec step)
{
	usec rest = at % USEC_PER_S;

	if (at < 0)
		sink_putc(out, '-');
	sink_printf(out, "%lld", llabs(at) / USEC_PER_S);
	for (usec unit = USEC_PER_S / 10, dot = '.'; unit > 0 && step % (10 * unit) != 0;
	     unit /= 10, dot = 0) {
		if (dot)
			sink_putc(out, (char)dot);
		sink_putc(out, (char)('0' + llabs(rest) / unit % 10));
	}
	sink_puts(out, " s");
}

static void draw_lying(const struct graph *g)
{
	const struct area *a = &g->plot.area;
	int row = a->row + a->rows, ticks = a->columns / TICK_COLUMNS;
	usec step = plot_step(g->span / (ticks > 0 ? ticks : 1));

	canvas_glyph(g->canvas, row, a->column - 1, GLYPH_UP_RIGHT, INK(ROLE_FRAME));
	canvas_hline(g->canvas, row, a->column, a->columns, GLYPH_HLINE, INK(ROLE_FRAME));
	for (usec at = (g->begin + step - 1) / step * step; at < g->begin + g->span; at += step) {
		int column = graph_x(g, at) / PLOT_ACROSS;
		struct sink text = {0};

		put_seconds(&text, at, step);
		canvas_glyph(g->canvas, row, a->column + column, GLYPH_UP_HORZ, INK(ROLE_FRAME));
		if (column + 1 + (int)utf8_columns(text.at) <= a->columns)
			canvas_text(g->canvas, row, a->column + column + 1, TICK_COLUMNS,
				    INK(ROLE_FAINT), text.at);
		sink_fini(&text);
	}
}

/* Where the clock is: a line, or when it stands far beyond the last word, that and how far. */
static void draw_now(const struct graph *g)
{
	const struct area *a = &g->plot.area;
	int column = graph_x(g, g->now) / PLOT_ACROSS;
	struct sink text = {0};

	if (!g->is_past) {
		for (int row = 0; row < a->rows && column < a->columns; row++) {
			if (canvas_is_blank(g->canvas, a->row + row, a->column + column))
				canvas_glyph(g->canvas, a->row + row, a->column + column,
					     GLYPH_DOTTED_DOWN, INK(ROLE_HERE));
		}
		return;
	}
	sink_printf(&text, " %s ", string_in(STRING_GRAPH_NOW, g->v->player->lang));
	put_span(&text, g->now);
	sink_putc(&text, ' ');
	canvas_text_right(g->canvas, a->row + a->rows, a->column + a->columns - 1, a->columns / 2,
			  INK(ROLE_HERE), text.at);
	canvas_glyph(g->canvas, a->row + a->rows, a->column + a->columns - 1, GLYPH_HERE,
		     INK(ROLE_HERE));
	sink_fini(&text);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void draw_one(struct graph *g, struct area a, bool is_cwnd)
{
	const struct life *life = g->life;
	struct area inner = {a.row, a.column + MARGIN, a.rows - 1, a.columns - MARGIN - 1};

	if (inner.rows < LEAST_ROWS_OF_IT - 1 || inner.columns < LEAST_COLUMNS_OF_IT)
		return;
	g->said = series_told(life->said.at, sizeof *life->said.at, life->said.count,
			      g->v->player->cursor);
	if (is_cwnd) {
		inner.row++;
		inner.rows--;
	}
	plot_init(&g->plot, inner);
	find_times(g);
	if (is_cwnd)
		graph_draw_cwnd(g);
	else
		graph_draw_seq(g);
	draw_upright(g);
	draw_lying(g);
	draw_now(g);
	plot_fini(&g->plot);
}

static void put_heading(struct sink *out, const struct graph *g, bool is_cwnd, bool is_both)
{
	enum lang lang = g->v->player->lang;
	char arrow[5] = {0};

	utf8_put(glyph_code(GLYPH_TO), arrow);
	string_put(out, STRING_GRAPH, lang);
	sink_printf(out, ": %s", view_name(g->v, g->from));
	if (!is_cwnd)
		sink_printf(out, " %s %s", arrow, view_name(g->v, g->to));
	if (is_cwnd || is_both)
		sink_puts(out, "  cwnd");
}

void view_graph(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	enum graph_kind which = v->player->graph;
	bool is_second = which == GRAPH_SEQ_SECOND || which == GRAPH_CWND_SECOND;
	bool is_cwnd = which == GRAPH_CWND_FIRST || which == GRAPH_CWND_SECOND;
	bool is_both = a.columns >= SIDE_BY_SIDE;
	struct graph g = {.canvas = c, .v = v, .now = v->player->now};
	struct area in = {a.row + 1, a.column, a.rows - 1, a.columns};
	bool has_life = choose(&g, is_second);
	int i = panel_index(PANEL_GRAPH);
	struct sink heading = {0};

	if (hits) {
		hits->panels.most[i] = ZOOM_MOST;
		hits->panels.page[i] = 2;
	}
	put_heading(&heading, &g, is_cwnd, is_both);
	view_heading(c, a, v, PANEL_GRAPH, heading.at, 0, 0);
	graph_legend(&g, a, a.column + 4 + (int)utf8_columns(heading.at), is_cwnd && !is_both);
	sink_fini(&heading);
	if (!has_life) {
		canvas_text(c, in.row, in.column + 1, in.columns - 1, INK(ROLE_FAINT),
			    string_in(STRING_NO_CONNECTION, v->player->lang));
		return;
	}
	if (is_both) {
		struct area left = in;

		left.columns = in.columns / 2;
		in.column += left.columns;
		in.columns -= left.columns;
		draw_one(&g, left, false);
		is_cwnd = true;
	}
	draw_one(&g, in, is_cwnd);
}
