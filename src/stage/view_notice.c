/* SPDX-License-Identifier: MIT */
/* view_notice.c - what is said in passing: a notice at the foot, and which word is meant. */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/hands.h"
#include "stage/view.h"

int view_lines(struct canvas *c, struct area a, struct ink ink, const char *text)
{
	struct sink line = {0};
	int used = 0;

	while (*text && used < a.rows && a.columns > 0) {
		size_t next, n = text_line(text, (size_t)a.columns, &next);
		bool is_cut = used + 1 == a.rows && text[next] != '\0';

		sink_clear(&line);
		sink_put(&line, text, is_cut ? strlen(text) : n);
		canvas_text_cut(c, a.row + used, a.column, a.columns, ink, line.at);
		text += next;
		used++;
	}
	sink_fini(&line);
	return used;
}

/* ---- which word ------------------------------------------------------------------------------ */

static const char *ordinal_ending(uint32_t n)
{
	if (n % 100 >= 11 && n % 100 <= 13)
		return "th";
	return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

void view_put_nth(struct sink *out, const struct view *v, const struct voyage *w)
{
	const struct trace *t = v->story->trace;

	sink_printf(out, "%" PRIu32 "%s %s -> %s", w->nth, ordinal_ending(w->nth),
		    trace_host_at(t, w->from)->name, trace_host_at(t, w->to)->name);
}

void view_put_word(struct sink *out, const struct view *v, const struct voyage *w)
{
	enum { LABEL_COLUMNS = 24 };
	struct sink label = {0};

	view_label(&label, v, w, LABEL_COLUMNS);
	sink_printf(out, "%s (", label.at ? label.at : "");
	view_put_nth(out, v, w);
	sink_putc(out, ')');
	sink_fini(&label);
}

/* "─── selected: SYN 0 (1st zhang -> li) ─": on the right of a rule that is drawn already, where it
 * does not reach the heading. */
void view_selected(struct canvas *c, struct area a, const struct view *v)
{
	int64_t i = v->hands && v->hands->history ? player_selected(v->player) : -1;
	const struct voyage *w = i >= 0 ? &v->story->voyages.at[i] : NULL;
	struct sink text = {0};
	int columns, column;

	if (!w)
		return;
	sink_printf(&text, " %s: ", string_in(STRING_SELECTED, v->player->lang));
	view_put_word(&text, v, w);
	sink_putc(&text, ' ');
	columns = (int)utf8_columns(text.at);
	column = a.column + a.columns - 1;
	while (column > a.column && canvas_at(c, a.row, column)->role != ROLE_FRAME)
		column--;
	column -= columns + 1;
	for (int k = 0; k < columns; k++) {
		if (column + k <= a.column || canvas_at(c, a.row, column + k)->role != ROLE_FRAME) {
			sink_fini(&text);
			return;
		}
	}
	canvas_text(c, a.row, column, columns, view_ink(v, w->from), text.at);
	sink_fini(&text);
}

const char *view_branch_name(const struct view *v)
{
	const struct history *h = v->hands ? v->hands->history : NULL;

	return h && history_count(h) > 1 ? history_branch(h, v->hands->branch)->name : NULL;
}

/* ---- notices --------------------------------------------------------------------------------- */

static int offer_columns(enum action a, enum lang lang)
{
	return (int)utf8_columns(action_keys(a)) + 1 +
	       (int)utf8_columns(string_in(action_word(a), lang)) + 2;
}

void view_offers(struct canvas *c, struct area a, const struct view *v, const enum action *actions,
		 struct hits *hits)
{
	enum lang lang = v->player->lang;
	int column = a.column, end = a.column + a.columns;

	for (; *actions != ACTION_NONE; actions++) {
		int from = column;

		if (column + offer_columns(*actions, lang) - 2 > end)
			return;
		column += canvas_text(c, a.row, column, end - column, INK(ROLE_KEY),
				      action_keys(*actions)) +
			  1;
		column += canvas_text(c, a.row, column, end - column, INK(ROLE_FAINT),
				      string_in(action_word(*actions), lang));
		hits_add(hits, (struct area){a.row, from, 1, column - from}, *actions, 0);
		column += 2;
	}
}

void view_notice(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	const struct notice *n = &v->player->notice;
	enum action offers[4] = {n->offer[0], n->offer[1], n->offer[2], ACTION_NONE};
	int columns = a.columns - 2, offered = 0, rows, column = a.column + 1;
	struct area lines;

	if (n->text[0] == '\0' || columns < 8 || a.rows < 3)
		return;
	for (int i = 0; offers[i] != ACTION_NONE; i++)
		offered += offer_columns(offers[i], v->player->lang);
	rows = (int)text_lines(n->text, (size_t)columns);
	if (rows == 1 && (int)utf8_columns(n->text) + 3 + offered <= columns + 2)
		column += (int)utf8_columns(n->text) + 3;
	else
		rows += offered > 0;
	if (rows > 3)
		rows = 3;
	lines = (struct area){a.row + a.rows - rows, a.column + 1, rows, columns};
	canvas_clear_area(c, (struct area){lines.row, a.column, rows, a.columns});
	if (offered > 0 && column == a.column + 1)
		lines.rows--;
	view_lines(c, lines, INK(n->is_bad ? ROLE_LOSS : ROLE_TEXT, ATTR_BOLD), n->text);
	view_offers(c,
		    (struct area){a.row + a.rows - 1, column, 1, a.column + a.columns - 1 - column},
		    v, offers, hits);
}
