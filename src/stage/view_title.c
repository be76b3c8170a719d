/* SPDX-License-Identifier: MIT */
/* view_title.c - the first row: what is played, which chapter, the clock. */
#include <string.h>
#include <base/utf8.h>
#include "stage/view.h"

/* "×1/8", "×4". */
static void put_speed(struct sink *out, int speed)
{
	char times[5] = {0};

	utf8_put(glyph_code(GLYPH_LOST), times);
	sink_puts(out, times);
	if (speed >= 0)
		sink_printf(out, "%d", 1 << speed);
	else
		sink_printf(out, "1/%d", 1 << -speed);
}

/* "12 s behind"; where it is less than a second, how many steps. */
static void put_behind(struct sink *out, const struct player *p)
{
	usec by = p->story->end - p->now;
	uint32_t steps = player_behind(p);
	struct sink span = {0};

	if (steps == 0)
		return;
	sink_puts(out, "  ");
	put_span(&span, by);
	if (by >= USEC_PER_S)
		sink_printf(out, string_in(STRING_BEHIND, p->lang), span.at);
	else if (steps == 1)
		sink_puts(out, string_in(STRING_BEHIND_STEP, p->lang));
	else
		sink_printf(out, string_in(STRING_BEHIND_STEPS, p->lang), steps);
	sink_fini(&span);
}

/* Of a recording that still grows: at its edge time is the wall's, and nothing to be set. */
static void put_edge(struct sink *out, const struct player *p)
{
	char sign[5] = {0};

	utf8_put(glyph_code(GLYPH_WORD), sign);
	if (p->edge.is_followed) {
		sink_printf(out, "%s %s", sign, string_in(STRING_LIVE, p->lang));
		if (player_behind(p) > 0)
			sink_printf(out, " +%u", player_behind(p));
		return;
	}
	if (p->is_playing) {
		put_speed(out, p->speed);
		sink_puts(out, "  ");
	}
	sink_puts(out, string_in(p->is_playing ? STRING_PLAYING : STRING_PAUSED, p->lang));
	put_behind(out, p);
}

static void put_clock(struct sink *out, const struct view *v)
{
	const struct player *p = v->player;
	bool is_over = player_is_at_end(p) && !p->is_playing;
	bool is_running = p->is_playing || player_is_at_edge(p);

	sink_puts(out, "t ");
	/* While it runs, microseconds would only flicker. */
	sink_time(out, is_running ? p->now / USEC_PER_MS * USEC_PER_MS : p->now);
	sink_puts(out, " s  ");
	if (p->edge.is_open) {
		put_edge(out, p);
		return;
	}
	put_speed(out, p->speed);
	sink_printf(out, "  %s",
		    string_in(p->is_playing ? STRING_PLAYING
			      : is_over     ? STRING_END
					    : STRING_PAUSED,
			      p->lang));
}

/* "1/3 Two waves and two nods" */
static void put_chapter(struct sink *out, const struct view *v)
{
	const struct story *s = v->story;
	size_t scenes = 0, here = 0;
	uint64_t record = 0;

	for (size_t i = 0; i < s->marks.count; i++) {
		if (s->marks.at[i].kind != MARK_SCENE)
			continue;
		scenes++;
		if (s->marks.at[i].record < v->player->cursor) {
			here = scenes;
			record = s->marks.at[i].record;
		}
	}
	if (here == 0)
		return;
	sink_printf(out, "%zu/%zu ", here, scenes);
	sink_puts(out,
		  text_in(trace_text_of(s->trace, trace_at(s->trace, record), 0),
			  trace_text_of(s->trace, trace_at(s->trace, record), 1), v->player->lang));
}

const char *view_play_name(const struct view *v)
{
	const char *slash = strrchr(v->title, '/');

	if (v->play[0] && v->play[1])
		return text_in(v->play[0], v->play[1], v->player->lang);
	return slash && slash[1] != '\0' ? slash + 1 : v->title;
}

/* "→ what-if-1". Returns the column behind it. */
static int put_branch(struct canvas *c, int row, int column, int end, const struct view *v)
{
	if (end - column < 6)
		return column;
	canvas_glyph(c, row, column, GLYPH_TO, INK(ROLE_KEY));
	return column + 2 +
	       canvas_text_cut(c, row, column + 2, end - column - 2, INK(ROLE_KEY),
			       view_branch_name(v)) +
	       2;
}

/* "score 7/9  " */
static void put_score(struct sink *out, const struct view *v)
{
	const struct predict *p = v->predict;

	if (!p || (!p->is_on && score_asked(p->score) == 0))
		return;
	sink_printf(out, "%s %u/%u  ", string_in(STRING_PREDICT_SCORE, v->player->lang),
		    score_of(p->score, OUTCOME_RIGHT), score_asked(p->score));
}

/* The program's name, where there is room for it beside all that says more. */
static int put_program(struct canvas *c, int row, int column, int end, const struct view *v,
		       int columns)
{
	const char *name = string_in(STRING_APP, v->player->lang);

	if (c->columns < SMALL_COLUMNS || column + (int)utf8_columns(name) + 2 + columns > end)
		return column;
	return column + canvas_text(c, row, column, end - column, INK(ROLE_FAINT), name) + 2;
}

/* The play's name has what the chapter leaves, and half of it at least. */
static int put_play(struct canvas *c, int row, int column, int end, const struct view *v,
		    int chapter)
{
	int room = end - column, most = room - chapter - 2;

	if (chapter == 0 || most < room / 2)
		most = chapter == 0 ? room : room / 2;
	return column + canvas_text_cut(c, row, column, most, INK(ROLE_HEAD), view_play_name(v)) +
	       2;
}

void view_title(struct canvas *c, struct area a, const struct view *v)
{
	struct sink clock = {0}, chapter = {0};
	int end = a.column + a.columns - 1;
	int column = a.column + 1, columns;

	sink_puts(&chapter, "");
	if (a.columns >= SMALL_COLUMNS)
		put_score(&clock, v);
	put_clock(&clock, v);
	put_chapter(&chapter, v);
	end -= canvas_text_right(c, a.row, end, a.columns - 2,
				 INK(v->player->is_playing || v->player->edge.is_followed
					     ? ROLE_HEAD
					     : ROLE_TEXT),
				 clock.at) +
	       2;
	columns = (int)utf8_columns(chapter.at);
	column = put_program(c, a.row, column, end, v,
			     (int)utf8_columns(view_play_name(v)) + 2 + columns);
	/* Who has little room knows what is played, but not on which branch. */
	if (!view_branch_name(v) || a.columns >= SMALL_COLUMNS)
		column = put_play(c, a.row, column, end, v, columns);
	if (view_branch_name(v))
		column = put_branch(c, a.row, column, end, v);
	if (columns > 0 && end - column > 8)
		canvas_text_cut(c, a.row, column, end - column, INK(ROLE_TEXT), chapter.at);
	sink_fini(&clock);
	sink_fini(&chapter);
}
