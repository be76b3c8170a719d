/* SPDX-License-Identifier: MIT */
/*
 * view_command.c - what is said and asked at the foot of the stage: a passing notice, and the line
 * that the reader types in, with what may come next or what was wrong with it.
 */
#include <string.h>
#include <base/utf8.h>
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

static int draw_lines(const struct foot *f, int row, struct ink ink, const char *text)
{
	struct sink line = {0};
	int used = 0;

	while (*text && row + used < f->area.rows) {
		size_t next, n = text_line(text, (size_t)f->area.columns, &next);

		sink_clear(&line);
		sink_put(&line, text, n);
		canvas_text(f->canvas, f->area.row + row + used, f->area.column, f->area.columns,
			    ink, line.at);
		text += next;
		used++;
	}
	sink_fini(&line);
	return used;
}

/* A row of the words that may come next; the one that Tab has put there is marked. As many as fit,
 * from the marked one's page on. */
static void draw_words(const struct foot *f, int row)
{
	const struct prompt *p = &f->view->player->prompt;
	const struct candidates *words =
		p->completion.is_cycling ? &p->completion.words : &p->words;
	int at = p->completion.is_cycling ? p->completion.at : -1;
	int first = 0, column = f->area.column, end = f->area.column + f->area.columns;

	for (int i = 0, used = 0; i <= at; i++) {
		used += (int)utf8_columns(words->at[i]) + 2;
		if (used > f->area.columns) {
			first = i;
			used = (int)utf8_columns(words->at[i]) + 2;
		}
	}
	for (int i = first; i < words->count && column < end; i++) {
		int columns = (int)utf8_columns(words->at[i]);
		struct ink ink = i == at ? INK(ROLE_TEXT, ATTR_REVERSE) : INK(ROLE_KEY);

		if (column + columns > end && i > first) {
			canvas_glyph(f->canvas, f->area.row + row, end - 1, GLYPH_ELLIPSIS,
				     INK(ROLE_FAINT));
			break;
		}
		canvas_text(f->canvas, f->area.row + row, column, end - column, ink, words->at[i]);
		column += columns + 2;
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
		draw_words(&f, 1);
		draw_lines(&f, 2, INK(ROLE_FAINT), string_in(STRING_GOTO_HELP, p->lang));
	}
	sink_fini(&heading);
	sink_fini(&complaint);
}

/* ---- notices --------------------------------------------------------------------------------- */

static int offer_columns(enum action a, enum lang lang)
{
	return (int)utf8_columns(action_keys(a)) + 1 +
	       (int)utf8_columns(string_in(action_word(a), lang)) + 2;
}

/* "U undo", where a click does it. Returns the column behind it. */
static int draw_offer(struct canvas *c, int row, int column, int end, enum action a, enum lang lang,
		      struct hits *hits)
{
	int from = column;

	column += canvas_text(c, row, column, end - column, INK(ROLE_KEY), action_keys(a)) + 1;
	column += canvas_text(c, row, column, end - column, INK(ROLE_FAINT),
			      string_in(action_word(a), lang));
	hits_add(hits, (struct area){row, from, 1, column - from}, a, 0);
	return column + 2;
}

void view_notice(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	const struct notice *n = &v->player->notice;
	enum lang lang = v->player->lang;
	int columns = a.columns - 2, offered = 0, rows, column;
	int end = a.column + a.columns - 1;
	struct foot f = {.canvas = c, .view = v};

	if (n->text[0] == '\0' || columns < 8)
		return;
	for (int i = 0; i < 3; i++)
		offered += n->offer[i] ? offer_columns(n->offer[i], lang) : 0;
	rows = (int)text_lines(n->text, (size_t)columns);
	column = a.column + 1 + (int)utf8_columns(n->text) + 3;
	if (rows > 1 || column + offered > end) {
		rows += offered > 0;
		column = a.column + 1;
	}
	if (rows > 3)
		rows = 3;
	f.area = (struct area){a.row + a.rows - rows, a.column + 1, rows, columns};
	canvas_clear_area(c, (struct area){f.area.row, a.column, rows, a.columns});
	draw_lines(&f, 0, INK(n->is_bad ? ROLE_LOSS : ROLE_TEXT, ATTR_BOLD), n->text);
	for (int i = 0; i < 3; i++) {
		if (n->offer[i])
			column = draw_offer(c, a.row + a.rows - 1, column, end, n->offer[i], lang,
					    hits);
	}
}
