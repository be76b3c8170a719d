/* SPDX-License-Identifier: MIT */
/*
 * view_timeline.c - the whole play in one row. Every step has the same share of it: a timeline in
 * seconds would be all mourning. Long silences are dotted.
 */
#include <base/utf8.h>
#include "stage/view.h"

struct bar {
	struct area area; /* between its ends */
	size_t stops;
};

static int column_of(const struct bar *b, uint32_t stop)
{
	if (b->stops <= 1)
		return 0;
	return (int)((uint64_t)stop * (uint64_t)(b->area.columns - 1) / (b->stops - 1));
}

static uint32_t stop_at(const struct bar *b, int column)
{
	if (b->area.columns <= 1)
		return 0;
	return (uint32_t)(((uint64_t)column * (b->stops - 1) + (uint64_t)b->area.columns / 2) /
			  (uint64_t)(b->area.columns - 1));
}

static void draw_line(struct canvas *c, const struct bar *b, const struct view *v)
{
	const struct story *s = v->story;

	for (int i = 0; i < b->area.columns; i++) {
		uint32_t stop = stop_at(b, i);
		/* Nor how long nothing will happen. */
		bool is_hidden = view_is_guessing(v) && stop >= player_stop(v->player);
		bool is_gap = stop + 1 < b->stops && !is_hidden &&
			      s->stops.at[stop + 1].at - s->stops.at[stop].at >= USEC_PER_S;

		canvas_glyph(c, b->area.row, b->area.column + i,
			     is_gap ? GLYPH_DOTTED : GLYPH_HLINE, INK(ROLE_FRAME));
	}
}

static void draw_marks(struct canvas *c, const struct bar *b, const struct view *v)
{
	const struct story *s = v->story;

	for (size_t i = 0; i < s->marks.count; i++)
		canvas_glyph(c, b->area.row, b->area.column + column_of(b, s->marks.at[i].stop),
			     s->marks.at[i].kind == MARK_SCENE ? GLYPH_CHAPTER : GLYPH_MARKER,
			     INK(ROLE_TEXT));
	for (uint32_t i = 0; i < s->stops.count; i++) {
		/* What is still to be lost is not given away. */
		if (s->stops.at[i].lost >= 0 && i <= player_stop(v->player))
			canvas_glyph(c, b->area.row, b->area.column + column_of(b, i), GLYPH_LOST,
				     INK(ROLE_LOSS));
	}
	canvas_glyph(c, b->area.row, b->area.column + column_of(b, player_stop(v->player)),
		     GLYPH_AT, INK(ROLE_HERE, ATTR_BOLD));
}

/* "✓ 3/16" or "✓ 3/16  ✗ 1" */
static void put_verdicts(struct sink *out, const struct view *v)
{
	char sign[5] = {0};

	if (v->story->expects == 0)
		return;
	utf8_put(glyph_code(GLYPH_YES), sign);
	sink_printf(out, "%s %s%u/%u", string_in(STRING_EXPECT, v->player->lang), sign,
		    v->moment->expect_pass, v->story->expects);
	if (v->moment->expect_fail > 0) {
		sign[utf8_put(glyph_code(GLYPH_NO), sign)] = '\0';
		sink_printf(out, " %s%u", sign, v->moment->expect_fail);
	}
}

void view_timeline(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct sink from = {0}, to = {0}, verdicts = {0};
	struct bar b = {.area = a, .stops = v->story->stops.count};
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
	b.area.column = left + 2;
	b.area.columns = right - left - 4;
	if (b.area.columns > 4) {
		canvas_glyph(c, a.row, left + 1, GLYPH_VERT_RIGHT, INK(ROLE_FRAME));
		canvas_glyph(c, a.row, right - 2, GLYPH_VERT_LEFT, INK(ROLE_FRAME));
		draw_line(c, &b, v);
		draw_marks(c, &b, v);
		for (int i = 0; i < b.area.columns; i++)
			hits_add(hits, (struct area){a.row, b.area.column + i, 1, 1},
				 ACTION_GOTO_STOP, stop_at(&b, i));
	}
	sink_fini(&from);
	sink_fini(&to);
	sink_fini(&verdicts);
}
