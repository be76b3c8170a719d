/* SPDX-License-Identifier: MIT */
/* slant_words.c - the words beside the lines of the ladder, where they hide least. */
#include <stdlib.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/slant.h"

/* What it costs to stand there. Nobody writes over a head or another word. */
enum {
	COST_COLUMN = 1,
	COST_MARGIN = 8,
	COST_LINE = 16,
	COST_BEHIND = 24,
	COST_TOUCH = 400,
	COST_NEVER = 1 << 20,
};

struct spot {
	int column;
	int cost; /* of which covered: by what stands there already */
	int covered;
};

static enum taken taken_at(const struct ladder *l, int row, int column)
{
	row -= l->area.row;
	column -= l->area.column;
	if (row < 0 || row >= l->area.rows || column < 0 || column >= l->area.columns)
		return TAKEN_WORD;
	return (enum taken)l->taken[row * l->area.columns + column];
}

static int cost_of(const struct ladder *l, int row, int column)
{
	switch (taken_at(l, row, column)) {
	case TAKEN_NOT: return 0;
	case TAKEN_LINE: return COST_LINE;
	case TAKEN_WORD: return COST_NEVER;
	}
	return COST_NEVER;
}

/* One blank on either side keeps words off the lines and off each other. */
static int margin_cost(const struct ladder *l, int row, int column)
{
	if (column <= l->low || column >= l->high)
		return 0;
	switch (taken_at(l, row, column)) {
	case TAKEN_NOT: return 0;
	case TAKEN_LINE: return COST_MARGIN;
	case TAKEN_WORD: return COST_TOUCH;
	}
	return 0;
}

/* The place for `columns` of text that costs least: what it covers, and how far it is from `from`.
 * Behind `from` the words lie on their own line. */
static struct spot find_spot(const struct ladder *l, int row, int from, int direction, int columns)
{
	struct spot best = {.column = l->low + 2, .cost = COST_NEVER, .covered = COST_NEVER};
	int first = l->low + 2, last = l->high - 1 - columns;
	int under = 0;

	if (last < first)
		return best;
	for (int i = first; i < first + columns; i++)
		under += cost_of(l, row, i);
	for (int column = first; column <= last; column++) {
		int off = direction > 0 ? column - from - 2 : from - 1 - (column + columns);
		int covered = under + margin_cost(l, row, column - 1) +
			      margin_cost(l, row, column + columns);
		int cost = covered + COST_COLUMN * abs(off) + (off < 0 ? COST_BEHIND : 0);

		if (cost < best.cost)
			best = (struct spot){column, cost, covered};
		under += cost_of(l, row, column + columns) - cost_of(l, row, column);
	}
	return best;
}

bool ladder_has_room(const struct ladder *l, int row, int from, int direction, int columns)
{
	return find_spot(l, row, from, direction, columns).covered == 0;
}

static void put_words(struct ladder *l, int row, struct spot spot, int columns, struct ink ink,
		      const char *text)
{
	/* Beside words that lie on a line a blank sets them off. */
	for (int side = 0; side < 2; side++) {
		int column = side == 0 ? spot.column - 1 : spot.column + columns;

		if (column > l->low && column < l->high && taken_at(l, row, column) == TAKEN_LINE)
			canvas_text(l->canvas, row, column, 1, INK(ROLE_TEXT), " ");
	}
	canvas_text_cut(l->canvas, row, spot.column, columns, ink, text);
	ladder_take(l, row, spot.column, columns, TAKEN_WORD);
}

bool ladder_place(struct ladder *l, int row, int from, int direction, struct ink ink,
		  const char *text)
{
	enum { SHORTEST = 4 };
	int wanted = (int)utf8_columns(text), columns = wanted;
	struct spot spot = find_spot(l, row, from, direction, columns);

	while (spot.cost >= COST_NEVER && columns > SHORTEST)
		spot = find_spot(l, row, from, direction, --columns);
	if (spot.cost >= COST_NEVER)
		return false;
	put_words(l, row, spot, columns, ink, text);
	return columns == wanted;
}

/* ---- the words of a voyage ------------------------------------------------------------------- */

/* Where the line leaves row `index` of its rows, as it flies. */
static int line_end(const struct slant *s, int64_t index)
{
	int64_t rows = s->reach - s->leave + 1;

	return s->from + s->direction * (int)(s->columns * (index + 1) / rows);
}

/* The words of a voyage stay between the lifelines that it connects. */
static void keep_between(struct ladder *l, const struct slant *s)
{
	int a = s->from - s->direction, b = s->from + s->direction * s->columns;

	if (s->voyage->is_stranger)
		a -= s->direction * (s->columns + 1);
	l->low = a < b ? a : b;
	l->high = a < b ? b : a;
}

static void keep_nothing(struct ladder *l)
{
	l->low = l->left;
	l->high = l->right;
}

static struct ink ink_of(const struct ladder *l, const struct slant *s)
{
	struct ink ink =
		s->voyage->is_stranger ? INK(ROLE_OTHERS) : view_ink(l->view, s->voyage->from);

	if (s->is_new)
		ink.attrs |= ATTR_BOLD;
	if (s->is_looked_at)
		ink.attrs |= ATTR_REVERSE;
	return ink;
}

/* What was said is rather cut than left out: its numbers say less. How much was said is not cut. */
static struct spot cut_words(struct ladder *l, const struct slant *s, int row, int from,
			     struct sink *text, int *columns)
{
	enum { WORDS_ONLY = 3, SHORTEST = 7, COST_CUT = 8, COST_ELLIPSIS = 160 };
	struct spot best = {.cost = COST_NEVER};
	int whole;

	view_label_form(text, l->view, s->voyage, WORDS_ONLY);
	whole = strchr(text->at, '"') ? (int)utf8_columns(text->at) : 0;
	for (int wanted = whole - 1; wanted >= SHORTEST; wanted--) {
		struct spot spot = find_spot(l, row, from, s->direction, wanted);

		if (spot.cost >= COST_NEVER)
			continue;
		spot.cost += label_loss(WORDS_ONLY) + COST_ELLIPSIS + COST_CUT * (whole - wanted);
		if (spot.cost < best.cost) {
			best = spot;
			*columns = wanted;
		}
	}
	return best;
}

/* The form of a voyage's label that says most for what it covers. */
static void label_at(struct ladder *l, const struct slant *s, int row, int from)
{
	struct sink text = {0}, words = {0};
	struct spot best = {.cost = COST_NEVER}, cut;
	int best_form = LABEL_FORMS - 1, columns = 0;

	for (int form = 0; form < LABEL_FORMS; form++) {
		struct spot spot;

		view_label_form(&text, l->view, s->voyage, form);
		spot = find_spot(l, row, from, s->direction, (int)utf8_columns(text.at));
		if (spot.cost >= COST_NEVER)
			continue;
		spot.cost += label_loss(form);
		if (spot.cost < best.cost) {
			best = spot;
			best_form = form;
		}
	}
	view_label_form(&text, l->view, s->voyage, best_form);
	cut = cut_words(l, s, row, from, &words, &columns);
	if (cut.cost < best.cost)
		put_words(l, row, cut, columns, ink_of(l, s), words.at);
	else if (best.cost < COST_NEVER)
		put_words(l, row, best, (int)utf8_columns(text.at), ink_of(l, s), text.at);
	else
		ladder_place(l, row, from, s->direction, ink_of(l, s), text.at);
	sink_fini(&text);
	sink_fini(&words);
}

static void label_departure(struct ladder *l, const struct slant *s)
{
	int row = l->area.row + (int)(s->leave - l->top);

	if (s->leave < l->top || s->leave >= l->top + l->area.rows)
		return;
	keep_between(l, s);
	label_at(l, s, row, line_end(s, 0));
	if (s->voyage->is_stranger) {
		const char *remark = string_in(STRING_STRANGER, l->view->player->lang);

		if (ladder_has_room(l, row, l->low, 1, (int)utf8_columns(remark)))
			ladder_place(l, row, l->low, 1, INK(ROLE_FAINT), remark);
	}
	keep_nothing(l);
}

/* Beside its own line in this row, after it or before it; elsewhere it would name another. */
static struct spot find_beside(const struct ladder *l, const struct slant *s, int64_t row,
			       int columns)
{
	enum { BESIDE = 4 };
	int at = l->area.row + (int)(row - l->top);
	struct spot spot = find_spot(l, at, line_end(s, row - s->leave), s->direction, columns);

	if (spot.cost > BESIDE)
		spot = find_spot(l, at, line_end(s, row - s->leave - 1), -s->direction, columns);
	if (spot.cost > BESIDE)
		spot.cost = COST_NEVER;
	return spot;
}

/* In the first of its rows that has room for this form of its name. */
static bool label_somewhere(struct ladder *l, const struct slant *s, int form)
{
	struct sink text = {0};
	int64_t end = s->reach < l->top + l->area.rows ? s->reach : l->top + l->area.rows - 1;
	bool is_drawn = false;
	int columns;

	view_label_form(&text, l->view, s->voyage, form);
	columns = (int)utf8_columns(text.at);
	for (int64_t row = l->top; row <= end && !is_drawn; row++) {
		struct spot spot = find_beside(l, s, row, columns);

		is_drawn = spot.cost < COST_NEVER;
		if (is_drawn)
			put_words(l, l->area.row + (int)(row - l->top), spot, columns, ink_of(l, s),
				  text.at);
	}
	sink_fini(&text);
	return is_drawn;
}

static bool is_old(const struct ladder *l, const struct slant *s)
{
	return s->leave < l->top && !l->view->is_page;
}

static void count_old(struct ladder *l, const struct slant *s)
{
	l->old += is_old(l, s);
}

/* The row where it leaves has scrolled out. Where more such lines cross the window than it has rows
 * there is no room for a name. */
static void label_old(struct ladder *l, const struct slant *s)
{
	enum { WORDS_ONLY = 3 };

	if (!is_old(l, s) || l->old > l->area.rows)
		return;
	keep_between(l, s);
	for (int form = 0; form <= WORDS_ONLY; form++) {
		if (label_somewhere(l, s, form))
			break;
	}
	keep_nothing(l);
}

/* The line of the play that willed it, on whichever side of column `at` it fits; else nowhere. */
static void place_source(struct ladder *l, int row, int at, int direction, const struct record *r)
{
	const struct view *v = l->view;
	const char *file = trace_file_name(v->story->trace, r->place.file);
	const char *slash = strrchr(file, '/');
	struct sink text = {0};
	int columns;

	/* What was done by hand stands in no file until it is saved. */
	if (r->place.line == 0 ||
	    strncmp(trace_quoted(v->story->trace, &r->place), "by hand", 7) == 0)
		return;
	file = slash ? slash + 1 : file;
	put_harmless(&text, file, strlen(file));
	sink_printf(&text, ":%u", r->place.line);
	columns = (int)utf8_columns(text.at);
	if (ladder_has_room(l, row, at, direction, columns))
		ladder_place(l, row, at, direction, INK(ROLE_FAINT), text.at);
	else if (ladder_has_room(l, row, at, -direction, columns))
		ladder_place(l, row, at, -direction, INK(ROLE_FAINT), text.at);
	sink_fini(&text);
}

/* On paper nobody can ask why: the wind's rule stands beside ×, with its line, as far as there is
 * room for them. */
static void place_rule(struct ladder *l, int row, int at, int direction, const struct record *r,
		       const char *deed)
{
	const struct trace *t = l->view->story->trace;
	const char *rule = trace_quoted(t, &r->place);
	struct sink quoted = {0}, text = {0};

	sink_puts(&quoted, "");
	put_harmless(&quoted, rule, strlen(rule));
	for (int try = 0; try < 3; try++) {
		sink_clear(&text);
		if (try == 0)
			sink_printf(&text, "%s: %s (:%u)", deed, quoted.at, r->place.line);
		else if (try == 1)
			sink_printf(&text, "%s: %s", deed, quoted.at);
		else
			sink_puts(&text, quoted.at);
		if (ladder_has_room(l, row, at, direction, (int)utf8_columns(text.at)))
			break;
		sink_clear(&text);
		sink_puts(&text, deed);
	}
	ladder_place(l, row, at, direction, INK(ROLE_LOSS), text.at);
	sink_fini(&quoted);
	sink_fini(&text);
}

/* Beside × and !: what happened to it. */
static void label_end(struct ladder *l, const struct slant *s)
{
	const struct view *v = l->view;
	const struct trace *t = v->story->trace;
	const struct voyage *w = s->voyage;
	const struct record *r = trace_at(t, w->end);
	/* Whose rule it was: what garbles a word is another deed than what throws it away. */
	const struct record *deed = w->deeds != 0 ? trace_at(t, w->deed) : r;
	int row = l->area.row + (int)(s->reach - l->top);
	int middle = s->from + s->direction * (s->columns * s->progress / 1000);
	int end = s->from + s->direction * s->columns;
	bool has_rule = v->is_page && trace_quoted(t, &deed->place)[0] != '\0';
	struct sink marked = {0};
	const char *why;

	if (!s->is_over || s->reach < l->top || s->reach >= l->top + l->area.rows)
		return;
	keep_between(l, s);
	if (w->fate == FATE_LOST) {
		why = string_in(string_of_deed((enum deed)r->detail), v->player->lang);
		sink_printf(&marked, "%s%s", r->is_inferred ? VIEW_INFERRED : "", why);
		if (has_rule)
			place_rule(l, row, middle, s->direction, deed, why);
		else
			ladder_place(l, row, middle, s->direction, INK(ROLE_LOSS), marked.at);
		if (!has_rule)
			place_source(l, row, middle, s->direction, r);
	} else if (w->fate == FATE_DISCARDED) {
		why = string_in(string_of_discard((enum discard)r->detail), v->player->lang);
		if (has_rule && r->detail == DISCARD_CHECKSUM)
			place_rule(l, row, end, -s->direction, deed, why);
		else
			ladder_place(l, row, end, -s->direction, INK(ROLE_LOSS), why);
	}
	sink_fini(&marked);
	keep_nothing(l);
}

void ladder_draw_labels(struct ladder *l)
{
	ladder_for_each(l, label_end);
	ladder_for_each(l, label_departure);
	l->old = 0;
	ladder_for_each(l, count_old);
	ladder_for_each(l, label_old);
}
