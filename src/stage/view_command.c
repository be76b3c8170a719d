/* SPDX-License-Identifier: MIT */
/*
 * view_command.c - the line at the foot of the stage that the reader types in, with what may come
 * next or what was wrong with it.
 */
#include <string.h>
#include <base/utf8.h>
#include "stage/hands.h"
#include "stage/view.h"

/* ---- the line to type in --------------------------------------------------------------------- */

/* A foot of the stage: heading, line, what is below it. */
struct foot {
	struct canvas *canvas;
	const struct view *view;
	struct area area; /* inside, from the line on */
	const char *sign; /* before the line: ":" */
	int sign_columns;
	struct ink below; /* of the text below */
};

static struct area foot_area(struct area a, int below)
{
	int rows = 2 + below;

	if (rows > a.rows - 2)
		rows = a.rows - 2;
	return (struct area){a.row + a.rows - rows, a.column, rows, a.columns};
}

/* Clears the foot and draws its rule and the line. `below`: rows under the line. */
static struct foot draw_foot(struct canvas *c, struct area a, const struct view *v,
			     const char *heading, const char *sign, int below)
{
	struct area all = foot_area(a, below);
	struct foot f = {.canvas = c, .view = v, .sign = sign};

	canvas_clear_area(c, all);
	view_rule(c, all, heading);
	f.area = (struct area){all.row + 1, all.column + 1, all.rows - 1, all.columns - 2};
	f.sign_columns = (int)utf8_columns(sign) + 1;
	canvas_text(c, f.area.row, f.area.column, f.sign_columns, INK(ROLE_KEY), sign);
	entry_draw(&v->player->prompt.entry, c, f.area.row, f.area.column + f.sign_columns,
		   f.area.columns - f.sign_columns, INK(ROLE_TEXT, ATTR_BOLD));
	return f;
}

/* From row `row` of the foot on. */
static int draw_lines(const struct foot *f, int row, struct ink ink, const char *text)
{
	struct area a = f->area;

	a.row += row;
	a.rows -= row;
	return view_lines(f->canvas, a, ink, text);
}

static const struct candidates *candidates_of(const struct prompt *p)
{
	return p->completion.is_cycling ? &p->completion.words : &p->words;
}

/* Rows that the words take when each has a blank or two behind it. */
static int words_rows(const struct prompt *p, int columns)
{
	const struct candidates *words = candidates_of(p);
	int rows = 1, used = 0;

	for (int i = 0; i < words->count; i++) {
		int wide = (int)utf8_columns(words->at[i]);

		if (used > 0 && used + wide > columns) {
			rows++;
			used = 0;
		}
		used += wide + 2;
	}
	return rows;
}

/* The words that may come next; the one that Tab has put there is marked. What does not fit is left
 * out from the end, but for the marked one: then it begins later. */
static void draw_words(const struct foot *f, int row, int rows)
{
	const struct prompt *p = &f->view->player->prompt;
	const struct candidates *words = candidates_of(p);
	int at = p->completion.is_cycling ? p->completion.at : -1;
	int end = f->area.column + f->area.columns;
	int first = 0, column = f->area.column, last = row + rows;

	for (int i = 0, used = 0, used_rows = 1; i <= at; i++) {
		int wide = (int)utf8_columns(words->at[i]);

		if (used > 0 && used + wide > f->area.columns && used_rows++ == rows) {
			first = i;
			used_rows = 1;
		}
		used = used > 0 && used + wide <= f->area.columns ? used + wide + 2 : wide + 2;
	}
	for (int i = first; i < words->count && row < f->area.rows; i++) {
		int wide = (int)utf8_columns(words->at[i]);
		struct ink ink = i == at ? INK(ROLE_TEXT, ATTR_REVERSE) : INK(ROLE_KEY);

		if (column > f->area.column && column + wide > end && ++row == last) {
			canvas_glyph(f->canvas, f->area.row + row - 1, end - 1, GLYPH_ELLIPSIS,
				     INK(ROLE_FAINT));
			return;
		}
		if (column > f->area.column && column + wide > end)
			column = f->area.column;
		canvas_text_cut(f->canvas, f->area.row + row, column, end - column, ink,
				words->at[i]);
		column += wide + 2;
	}
}

/* ---- goto ------------------------------------------------------------------------------------ */

static void put_complaint(struct sink *out, const struct player *p)
{
	if (p->complaint == STRING_COUNT)
		return;
	sink_puts(out, string_in(p->complaint, p->lang));
	if (p->complaint != STRING_GOTO_TIME)
		return;
	sink_printf(out, " %s: ", string_in(STRING_END, p->lang));
	sink_time(out, p->story->end);
	sink_puts(out, " s");
}

void view_goto(struct canvas *c, struct area a, const struct view *v)
{
	const struct player *p = v->player;
	struct sink heading = {0}, complaint = {0};
	struct foot f;

	string_put(&heading, STRING_GOTO_TITLE, p->lang);
	put_complaint(&complaint, p);
	f = draw_foot(c, a, v, heading.at, ">", 2);
	if (complaint.count > 0) {
		draw_lines(&f, 1, INK(ROLE_LOSS), complaint.at);
	} else {
		draw_words(&f, 1, 1);
		draw_lines(&f, 2, INK(ROLE_FAINT), string_in(STRING_GOTO_HELP, p->lang));
	}
	sink_fini(&heading);
	sink_fini(&complaint);
}

/* ---- commands and questions ------------------------------------------------------------------ */

/* Under the place in the line that is wrong. */
static void draw_caret(const struct foot *f)
{
	const struct prompt *p = &f->view->player->prompt;
	const struct entry *e = &p->entry;
	int room = f->area.columns - f->sign_columns;
	size_t first = entry_first(e, room), at = p->wrong_at, end = at + p->wrong_size;
	int column = first > 0 ? 1 : 0, columns;

	if (p->wrong_size == 0 || f->area.rows < 2)
		return;
	if (at < first)
		at = first;
	if (end > e->count)
		end = e->count;
	column += (int)utf8_width(e->text + first, at - first);
	columns = end > at ? (int)utf8_width(e->text + at, end - at) : 1;
	if (columns < 1)
		columns = 1;
	for (int i = 0; i < columns && column + i < room; i++)
		canvas_text(f->canvas, f->area.row + 1,
			    f->area.column + f->sign_columns + column + i, 1, INK(ROLE_LOSS),
			    i == 0 ? "^" : "~");
}

static int lines_of(const char *text, int columns)
{
	return text[0] != '\0' ? (int)text_lines(text, (size_t)columns) : 0;
}

static void put_complaint_and_hint(struct sink *out, const struct prompt *p)
{
	sink_puts(out, p->complaint);
	if (p->hint[0] != '\0')
		sink_printf(out, " (%s)", p->hint);
}

static const char *question_heading(const struct view *v, struct sink *out)
{
	static const enum string headings[] = {
		[QUESTION_COMMAND] = STRING_COMMAND_TITLE,
		[QUESTION_DELAY] = STRING_DELAY_TITLE,
		[QUESTION_NAME] = STRING_SAVE_TITLE,
		[QUESTION_OVERWRITE] = STRING_OVERWRITE_TITLE,
		[QUESTION_SAY] = STRING_SAY_TITLE,
	};

	string_put(out, headings[v->hands->question], v->player->lang);
	if (v->hands->question == QUESTION_DELAY && player_selected(v->player) >= 0) {
		sink_puts(out, ": ");
		view_put_word(out, v, &v->story->voyages.at[player_selected(v->player)]);
	}
	return out->at;
}

static void draw_overwrite(struct canvas *c, struct area a, const struct view *v,
			   const char *heading)
{
	struct sink text = {0};
	struct area all = foot_area(a, 1);

	canvas_clear_area(c, all);
	view_rule(c, all, heading);
	sink_printf(&text, string_in(STRING_OVERWRITE, v->player->lang), v->hands->writing.path);
	view_lines(c, (struct area){all.row + 1, all.column + 1, all.rows - 1, all.columns - 2},
		   INK(ROLE_TEXT, ATTR_BOLD), text.at);
	sink_fini(&text);
}

static enum string hint_of(enum question q)
{
	return q == QUESTION_DELAY ? STRING_DELAY_HINT
	       : q == QUESTION_SAY ? STRING_SAY_HINT
				   : STRING_SAVE_HINT;
}

static void draw_question(struct canvas *c, struct area a, const struct view *v,
			  const char *heading)
{
	const struct prompt *p = &v->player->prompt;
	const char *sign = v->hands->question == QUESTION_COMMAND ? ":" : ">";
	int words = v->hands->question == QUESTION_DELAY ? 0 : words_rows(p, a.columns - 2);
	struct sink usage = {0}, complaint = {0};
	struct foot f;
	int below;

	put_complaint_and_hint(&complaint, p);
	sink_puts(&usage, "");
	if (v->hands->question == QUESTION_COMMAND)
		command_usage(v->hands, v->player, &usage);
	else
		sink_puts(&usage, string_in(hint_of(v->hands->question), v->player->lang));
	if (words > 1 && a.rows < SMALL_ROWS)
		words = 1;
	if (words > 2)
		words = 2;
	below = 1 + lines_of(complaint.at, a.columns - 2);
	if (complaint.count == 0)
		below = words + lines_of(usage.at, a.columns - 2);
	f = draw_foot(c, a, v, heading, sign, below > 2 ? below : 2);
	if (complaint.count > 0) {
		draw_caret(&f);
		draw_lines(&f, 2, INK(ROLE_LOSS), complaint.at);
	} else {
		if (words > 0)
			draw_words(&f, 1, words);
		draw_lines(&f, 1 + words, INK(ROLE_FAINT), usage.at);
	}
	sink_fini(&usage);
	sink_fini(&complaint);
}

void view_command(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct sink heading = {0};

	if (!v->hands)
		return;
	if (v->hands->below == OVERLAY_BRANCHES)
		view_branches(c, a, v, hits);
	else if (v->hands->below == OVERLAY_EXPORT)
		view_exports(c, a, v, hits);
	question_heading(v, &heading);
	if (v->hands->question == QUESTION_OVERWRITE)
		draw_overwrite(c, a, v, heading.at);
	else
		draw_question(c, a, v, heading.at);
	sink_fini(&heading);
}
