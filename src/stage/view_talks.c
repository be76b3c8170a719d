/* SPDX-License-Identifier: MIT */
/*
 * view_talks.c - a live recording's own: the line that says what is watched and what is missing,
 * and the list of conversations.
 */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/growth.h"
#include "stage/page.h"
#include "stage/view.h"

enum { SIGN_COLUMNS = 2, TALK_ROWS = 2 };

bool view_is_live(const struct view *v)
{
	return v->growth && v->growth->live;
}

/* ---- the status ------------------------------------------------------------------------------ */

/* One line of harmless text. */
static bool put_status(struct sink *out, const struct view *v)
{
	const struct stage_live *live = v->growth->live;
	struct sink raw = {0};
	bool is_lack = false;

	sink_puts(&raw, "");
	live->status(live->user, v->player->lang, &raw, &is_lack);
	put_harmless(out, raw.at, strlen(raw.at));
	sink_puts(out, "");
	sink_fini(&raw);
	return is_lack;
}

int view_status_rows(const struct canvas *c, const struct view *v)
{
	struct sink text = {0};
	int rows = 0;

	if (!view_is_live(v))
		return 0;
	put_status(&text, v);
	if (text.count > 0)
		rows = (int)text_lines(text.at, (size_t)(c->columns - SIGN_COLUMNS - 2));
	sink_fini(&text);
	if (rows > 1 && c->rows < SMALL_ROWS)
		rows = 1;
	return rows > 2 ? 2 : rows;
}

/* A lack has a sign: colour alone is not seen by everybody. */
static int draw_status(struct canvas *c, struct area a, const struct view *v)
{
	struct sink text = {0};
	bool is_lack = put_status(&text, v);
	struct ink ink = is_lack ? INK(ROLE_LOSS) : INK(ROLE_FAINT);
	int rows;

	canvas_glyph(c, a.row, a.column, is_lack ? GLYPH_CORRUPT : GLYPH_NEXT, ink);
	a.column += SIGN_COLUMNS;
	a.columns -= SIGN_COLUMNS;
	rows = view_lines(c, a, ink, text.at);
	sink_fini(&text);
	return rows;
}

void view_status(struct canvas *c, struct area a, const struct view *v)
{
	if (a.rows > 0)
		draw_status(c, (struct area){a.row, a.column + 1, a.rows, a.columns - 2}, v);
}

/* Nothing has been said yet: how to begin stands where the words will. */
void view_waiting(struct canvas *c, struct area a, const struct view *v)
{
	struct sink text = {0};

	if (!view_is_live(v) || v->story->voyages.count > 0 || a.rows < 4 || a.columns < 20)
		return;
	string_put(&text, STRING_NO_TALKS, v->player->lang);
	canvas_text_cut(c, a.row + 1, a.column, a.columns, INK(ROLE_TEXT, ATTR_BOLD), text.at);
	sink_fini(&text);
	draw_status(c, (struct area){a.row + 2, a.column, a.rows - 2, a.columns}, v);
}

/* ---- the list -------------------------------------------------------------------------------- */

static void put_state(struct canvas *c, int row, int *column, int end, const struct view *v,
		      const struct stage_conversation *talk)
{
	for (uint8_t i = 0; i < 2; i++) {
		if (i == 1)
			*column += canvas_text_cut(c, row, *column, end - *column, INK(ROLE_FAINT),
						   " / ");
		*column += canvas_text_cut(c, row, *column, end - *column, view_ink(v, i),
					   state_name(talk->state[i]));
	}
	*column += 2;
}

/* Where from and to, and how many segments; below it both states and what else is known. */
static void draw_talk(struct canvas *c, struct area a, const struct view *v,
		      const struct stage_conversation *talk)
{
	struct sink name = {0}, note = {0}, segments = {0};
	int column = a.column + SIGN_COLUMNS, end = a.column + a.columns;

	put_harmless(&name, talk->name, strlen(talk->name));
	put_harmless(&note, talk->note, strlen(talk->note));
	sink_puts(&note, "");
	sink_printf(&segments, string_in(STRING_TALK_SEGMENTS, v->player->lang),
		    (unsigned long long)talk->segments);
	if (talk->is_shown)
		canvas_glyph(c, a.row, a.column, GLYPH_HERE, INK(ROLE_HERE));
	else if (talk->is_ended)
		canvas_glyph(c, a.row, a.column, GLYPH_TIMES, INK(ROLE_FAINT));
	canvas_text_cut(c, a.row, column, a.columns - SIGN_COLUMNS,
			INK(talk->is_ended ? ROLE_FAINT : ROLE_TEXT, ATTR_BOLD), name.at);
	column += (int)utf8_columns(name.at) + 2;
	if (column + (int)utf8_columns(segments.at) <= end)
		canvas_text_right(c, a.row, end, end - column, INK(ROLE_FAINT), segments.at);
	column = a.column + SIGN_COLUMNS;
	put_state(c, a.row + 1, &column, end, v, talk);
	if (column < end)
		canvas_text_cut(c, a.row + 1, column, end - column, INK(ROLE_TEXT), note.at);
	sink_fini(&name);
	sink_fini(&note);
	sink_fini(&segments);
}

/* The newest first; the one that is picked is among those seen. */
static void draw_talks(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	const struct stage_live *live = v->growth->live;
	const struct talks_list *list = &v->growth->list;
	size_t count = live->count(live->user), index, first = 0;
	size_t page = (size_t)(a.rows / TALK_ROWS);

	if (hits)
		hits->panels.overlay_most = (int)page;
	if (talks_find(live, list->picked, list->index, &index) && count - 1 - index >= page)
		first = count - index - page;
	for (size_t i = 0; i < page && first + i < count; i++) {
		struct area at = {a.row + (int)i * TALK_ROWS, a.column, TALK_ROWS, a.columns};
		struct stage_conversation talk;

		if (!live->at(live->user, count - 1 - first - i, &talk))
			continue;
		draw_talk(c, at, v, &talk);
		if (talk.id == list->picked)
			canvas_mark(c, at.row, at.column, at.columns, ATTR_REVERSE);
		hits_add(hits, at, ACTION_PICK, talk.id);
	}
	if (first + page < count && a.rows > 0)
		canvas_glyph(c, a.row + a.rows - 1, a.column, GLYPH_DOWN, INK(ROLE_FAINT));
}

static int rows_wanted(const struct view *v)
{
	size_t count = v->growth->live->count(v->growth->live->user);

	return 6 + TALK_ROWS * (int)(count < 64 ? count : 64);
}

void view_talks(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct sink heading = {0};
	struct area in, list;
	bool is_newest;
	int top;

	if (!view_is_live(v))
		return;
	string_put(&heading, STRING_TALKS_TITLE, v->player->lang);
	sink_printf(&heading, " %zu", v->growth->live->count(v->growth->live->user));
	in = page_box(c, (struct area){a.row, a.column, a.rows - 1, a.columns}, rows_wanted(v), 84,
		      heading.at, hits);
	sink_fini(&heading);
	list = (struct area){in.row, in.column, in.rows > 9 ? 2 : 1, in.columns};
	top = draw_status(c, list, v);
	is_newest = v->growth->chosen == 0;
	canvas_glyph(c, in.row + top, in.column, is_newest ? GLYPH_WORD : GLYPH_CHAPTER,
		     INK(is_newest ? ROLE_HERE : ROLE_FAINT));
	canvas_text_cut(c, in.row + top, in.column + SIGN_COLUMNS, in.columns - SIGN_COLUMNS,
			INK(ROLE_TEXT), string_in(STRING_TALKS_NEWEST, v->player->lang));
	if (v->growth->list.picked == 0)
		canvas_mark(c, in.row + top, in.column, in.columns, ATTR_REVERSE);
	hits_add(hits, (struct area){in.row + top, in.column, 1, in.columns}, ACTION_PICK, 0);
	draw_talks(c, (struct area){in.row + top + 1, in.column, in.rows - top - 2, in.columns}, v,
		   hits);
	canvas_text_cut(c, in.row + in.rows - 1, in.column, in.columns, INK(ROLE_FAINT),
			string_in(STRING_TALKS_HINT, v->player->lang));
}
