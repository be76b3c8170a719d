/* SPDX-License-Identifier: MIT */
/*
 * view_timeline.c - the whole play in one row. Every step has the same share of it: a timeline in
 * seconds would be all mourning. Long silences are dotted. Where there is a second row, it names
 * what has been reached: chapters, markers, and how long it was silent.
 */
#include <string.h>
#include <base/utf8.h>
#include "stage/timeline.h"
#include "stage/view.h"

struct line_of_time {
	struct canvas *canvas;
	const struct view *v;
	struct bar bar;
	int row, column; /* of the bar's first cell */
	uint32_t here;   /* the stop */
};

/* The first mark at or after this stop. */
static size_t mark_from(const struct story *s, uint32_t stop)
{
	size_t low = 0, high = s->marks.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->marks.at[middle].stop < stop)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The gap that this column is a part of, or UINT32_MAX. */
static uint32_t gap_in(const struct line_of_time *l, int column)
{
	const struct timeline *t = &l->v->story->timeline;
	uint32_t gap = stop_set_before(&t->gaps, bar_first(&l->bar, column + 1));

	if (gap == UINT32_MAX ||
	    (bar_column(&l->bar, gap) != column && bar_column(&l->bar, gap + 1) <= column))
		return UINT32_MAX;
	return gap;
}

static bool lies_in(uint32_t stop, uint32_t from, uint32_t end)
{
	return stop >= from && stop < end;
}

/* What is still to be lost or to fail is not given away. */
static void draw_cell(const struct line_of_time *l, int column)
{
	const struct story *s = l->v->story;
	uint32_t from = bar_first(&l->bar, column), end = bar_first(&l->bar, column + 1);
	uint32_t told = end < l->here + 1 ? end : l->here + 1;
	enum glyph g = gap_in(l, column) != UINT32_MAX ? GLYPH_DOTTED : GLYPH_HLINE;
	struct ink ink = INK(ROLE_FRAME);

	for (size_t i = mark_from(s, from); i < s->marks.count && s->marks.at[i].stop < end; i++) {
		ink = INK(ROLE_TEXT);
		g = s->marks.at[i].kind == MARK_SCENE ? GLYPH_CHAPTER : GLYPH_MARKER;
		if (g == GLYPH_CHAPTER)
			break;
	}
	if (lies_in(stop_set_from(&s->timeline.losses, from), from, told)) {
		g = GLYPH_LOST;
		ink = INK(ROLE_LOSS);
	}
	if (lies_in(stop_set_from(&s->timeline.failures, from), from, told)) {
		g = GLYPH_NO;
		ink = INK(ROLE_LOSS);
	}
	if (column == bar_column(&l->bar, l->here)) {
		g = GLYPH_AT;
		ink = INK(ROLE_HERE, ATTR_BOLD);
	}
	canvas_glyph(l->canvas, l->row, l->column + column, g, ink);
}

/* ---- the second row -------------------------------------------------------------------------- */

static const char *mark_name(const struct view *v, const struct mark *m)
{
	const struct trace *t = v->story->trace;
	const struct record *r = trace_at(t, m->record);

	if (m->kind == MARK_MARKER)
		return trace_text_of(t, r, 0);
	return text_in(trace_text_of(t, r, 0), trace_text_of(t, r, 1), v->player->lang);
}

/* Up to the next mark's column, a silence or the end: as much of the name as there is room for. */
static void draw_name(const struct line_of_time *l, const struct mark *m, bool is_last)
{
	const struct story *s = l->v->story;
	int column = bar_column(&l->bar, m->stop), end = l->bar.columns;
	size_t next = mark_from(s, m->stop + 1);
	struct sink name = {0};

	if (next < s->marks.count)
		end = bar_column(&l->bar, s->marks.at[next].stop) - 1;
	for (int i = column; i < end; i++) {
		if (!canvas_is_blank(l->canvas, l->row + 1, l->column + i))
			end = i - 1;
	}
	put_harmless(&name, mark_name(l->v, m), strlen(mark_name(l->v, m)));
	if (end - column >= 3 && name.count > 0)
		canvas_text_cut(l->canvas, l->row + 1, l->column + column, end - column,
				INK(is_last ? ROLE_TEXT : ROLE_FAINT), name.at);
	sink_fini(&name);
}

static void draw_names(const struct line_of_time *l)
{
	const struct story *s = l->v->story;
	size_t told = mark_from(s, l->here + 1);

	for (int column = 0; column < l->bar.columns; column++) {
		size_t i = mark_from(s, bar_first(&l->bar, column));

		/* Of several in a column the last one that has been reached. */
		while (i + 1 < told && s->marks.at[i + 1].stop < bar_first(&l->bar, column + 1) &&
		       bar_column(&l->bar, s->marks.at[i].stop) == column)
			i++;
		if (i < told && bar_column(&l->bar, s->marks.at[i].stop) == column)
			draw_name(l, &s->marks.at[i], i + 1 == told);
	}
}

/* How long each silence was that is over, in its middle. */
static void draw_silences(const struct line_of_time *l)
{
	const struct story *s = l->v->story;

	for (int column = 0; column < l->bar.columns; column++) {
		uint32_t gap = gap_in(l, column);
		struct sink text = {0};
		int from, columns;
		bool is_free = true;

		if (gap == UINT32_MAX || gap >= l->here || bar_column(&l->bar, gap) != column)
			continue;
		put_span(&text, s->stops.at[gap + 1].at - s->stops.at[gap].at);
		columns = (int)utf8_columns(text.at);
		from = (column + bar_column(&l->bar, gap + 1) - columns + 1) / 2;
		if (from + columns > l->bar.columns)
			from = l->bar.columns - columns;
		for (int i = -1; i <= columns; i++)
			is_free = is_free &&
				  canvas_is_blank(l->canvas, l->row + 1, l->column + from + i);
		if (is_free && from >= 0)
			canvas_text(l->canvas, l->row + 1, l->column + from, columns,
				    INK(ROLE_FAINT), text.at);
		sink_fini(&text);
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* "expect ✓ 3/16", "expect ✓ 3/16 ✗1": as wide at first as when all are told, so that the bar keeps
 * its length. */
static void put_verdicts(struct sink *out, const struct view *v)
{
	int digits = 1;

	char sign[5] = {0};

	if (v->story->expects == 0)
		return;
	utf8_put(glyph_code(GLYPH_YES), sign);
	for (uint32_t n = v->story->expects; n >= 10; n /= 10)
		digits++;
	sink_printf(out, "%s %s%*u/%u", string_in(STRING_EXPECT, v->player->lang), sign, digits,
		    v->moment->expect_pass, v->story->expects);
	if (v->moment->expect_fail > 0) {
		sign[utf8_put(glyph_code(GLYPH_NO), sign)] = '\0';
		sink_printf(out, " %s%u", sign, v->moment->expect_fail);
	}
}

static void draw_bar(struct line_of_time *l, struct area a, struct hits *hits)
{
	canvas_glyph(l->canvas, a.row, l->column - 1, GLYPH_VERT_RIGHT, INK(ROLE_FRAME));
	canvas_glyph(l->canvas, a.row, l->column + l->bar.columns, GLYPH_VERT_LEFT,
		     INK(ROLE_FRAME));
	for (int i = 0; i < l->bar.columns; i++) {
		draw_cell(l, i);
		hits_add(hits, (struct area){a.row, l->column + i, a.rows, 1}, ACTION_GOTO_STOP,
			 bar_stop(&l->bar, i));
	}
	if (a.rows >= 2) {
		draw_silences(l);
		draw_names(l);
	}
}

void view_timeline(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct line_of_time l = {.canvas = c,
				 .v = v,
				 .bar.stops = (uint32_t)v->story->stops.count,
				 .row = a.row,
				 .here = player_stop(v->player)};
	struct sink to = {0}, verdicts = {0};
	int left = a.column + 1, right = a.column + a.columns - 1;

	if (a.rows < 1)
		return;
	put_verdicts(&verdicts, v);
	put_span(&to, v->story->end);
	if (verdicts.count > 0 && a.columns >= SMALL_COLUMNS)
		right -= canvas_text_right(c, a.row, right, 30,
					   INK(v->moment->expect_fail ? ROLE_LOSS : ROLE_FAINT),
					   verdicts.at) +
			 2;
	left += canvas_text(c, a.row, left, 10, INK(ROLE_FAINT), "0");
	right -= canvas_text_right(c, a.row, right, 16, INK(ROLE_FAINT), to.at);
	l.column = left + 2;
	l.bar.columns = right - left - 4;
	if (l.bar.columns > 4)
		draw_bar(&l, a, hits);
	sink_fini(&to);
	sink_fini(&verdicts);
}
