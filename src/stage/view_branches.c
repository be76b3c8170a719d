/* SPDX-License-Identifier: MIT */
/* view_branches.c - the branches of history: the tree, what became of the chosen one, and two side
 * by side from where they part. */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/hands.h"
#include "stage/page.h"
#include "stage/view.h"
#include "trace/brief.h"

/* What each part of the list needs. */
struct sheet {
	struct canvas *canvas;
	const struct view *view;
	const struct hands *hands;
	struct hits *hits;
	struct area area; /* inside the box */
};

/* The rows and columns of the whole that a box may take: the notice at the foot stays to be seen.
 */
static struct area place_for(struct area a)
{
	a.rows--;
	return a;
}

/* ---- the tree -------------------------------------------------------------------------------- */

/* "│ └ ": the rails of the ancestors that have more children below, and the own branch. */
static int draw_rails(const struct sheet *s, int row, int column, const struct branch_line *line)
{
	int most = s->area.columns / 3 / 2;
	int first = line->depth > most ? line->depth - most : 1;

	for (int d = first; d < line->depth; d++, column += 2) {
		bool has_rail = d < 64 && (line->rails >> d & 1);

		if (has_rail)
			canvas_glyph(s->canvas, row, column, GLYPH_VLINE, INK(ROLE_FRAME));
	}
	if (line->depth > 0) {
		canvas_glyph(s->canvas, row, column,
			     line->is_last ? GLYPH_UP_RIGHT : GLYPH_VERT_RIGHT, INK(ROLE_FRAME));
		column += 2;
	}
	return column;
}

/* "1.000 s  drop 3rd zhang -> li". */
static void put_deed(struct sink *out, const struct view *v, const struct branch *b)
{
	if (b->parent == NO_BRANCH) {
		sink_puts(out, string_in(STRING_AS_WRITTEN, v->player->lang));
		return;
	}
	sink_time(out, b->at);
	sink_printf(out, " s  %s", b->deed);
}

static void draw_line(const struct sheet *s, int row, const struct branch_line *line,
		      bool is_chosen)
{
	const struct branch *b = history_branch(s->hands->history, line->branch);
	bool is_shown = line->branch == s->hands->branch;
	bool is_unsaved = b->parent != NO_BRANCH && !b->is_saved;
	int column = s->area.column, end = column + s->area.columns;
	struct sink text = {0};

	if (is_shown)
		canvas_glyph(s->canvas, row, column, GLYPH_HERE, INK(ROLE_HERE));
	column = draw_rails(s, row, column + 2, line);
	if (is_unsaved && s->area.columns >= 60)
		end -= canvas_text_right(s->canvas, row, end, 14,
					 INK(is_chosen ? ROLE_TEXT : ROLE_FAINT),
					 string_in(STRING_UNSAVED, s->view->player->lang)) +
		       2;
	else if (is_unsaved)
		canvas_glyph(s->canvas, row, --end, GLYPH_MARKER, INK(ROLE_FAINT)), end--;
	column += canvas_text_cut(s->canvas, row, column, end - column,
				  INK(is_shown ? ROLE_HERE : ROLE_HEAD), b->name) +
		  2;
	put_deed(&text, s->view, b);
	if (column < end)
		canvas_text_cut(s->canvas, row, column, end - column,
				INK(b->parent == NO_BRANCH && !is_chosen ? ROLE_FAINT : ROLE_TEXT),
				text.at);
	if (is_chosen)
		canvas_mark(s->canvas, row, s->area.column, s->area.columns, ATTR_REVERSE);
	sink_fini(&text);
}

/* As many as there is room for, the chosen one among them. */
static void draw_list(const struct sheet *s, int rows)
{
	const struct branches *b = &s->hands->branches;
	int count = (int)b->lines.count, first = b->at - rows / 2;

	if (first > count - rows)
		first = count - rows;
	if (first < 0)
		first = 0;
	for (int i = 0; i < rows && first + i < count; i++) {
		draw_line(s, s->area.row + i, &b->lines.at[first + i], first + i == b->at);
		hits_add(s->hits,
			 (struct area){s->area.row + i, s->area.column, 1, s->area.columns},
			 ACTION_PICK, (uint32_t)(first + i));
	}
}

/* ---- the chosen one -------------------------------------------------------------------------- */

/* "14 segments, 2 lost, ends at 63.050 s, expectations 12/16". */
static void put_outcome(struct sink *out, const struct view *v, const struct outcome *o)
{
	enum lang lang = v->player->lang;
	struct sink end = {0};

	sink_time(&end, o->end);
	sink_printf(out, string_in(STRING_OUTCOME, lang), (size_t)o->segments, (size_t)o->lost,
		    end.at);
	if (o->pass + o->fail > 0) {
		char sign[5] = {0};

		utf8_put(glyph_code(o->fail == 0 ? GLYPH_YES : GLYPH_NO), sign);
		sink_printf(out, "  %s %s%" PRIu32 "/%" PRIu32, string_in(STRING_EXPECT, lang),
			    sign, o->pass, o->pass + o->fail);
	}
	sink_fini(&end);
}

static void put_states(struct sink *out, const struct view *v, const struct outcome *o)
{
	sink_printf(out, "%s ", string_in(STRING_AT_THE_END, v->player->lang));
	for (int i = 0; i < o->people; i++)
		sink_printf(out, "%s%s %s", i > 0 ? ", " : "", view_name(v, (uint8_t)i),
			    state_name((enum state)o->state[i]));
}

static void put_parting(struct sink *out, const struct sheet *s, uint32_t a, uint32_t b,
			const struct divergence *d)
{
	const struct history *h = s->hands->history;
	enum lang lang = s->view->player->lang;

	sink_printf(out, string_in(STRING_PARTS_FROM, lang), history_branch(h, a)->name);
	if (d->differs)
		divergence_put(out, history_trace(h, a), history_trace(h, b), d,
			       lang == LANG_BOTH ? LANG_EN : lang);
	else
		sink_puts(out, string_in(STRING_PARTS_NOWHERE, lang));
}

/* What is told of the chosen one, gathered first, so that the box fits it. */
struct telling {
	struct {
		struct sink text;
		enum role role;
	} at[5];
	int count;
};

static struct sink *add(struct telling *t, enum role role)
{
	t->at[t->count].role = role;
	return &t->at[t->count++].text;
}

static void tell_chosen(struct telling *t, const struct sheet *s)
{
	const struct branch_line *line = &s->hands->branches.lines.at[s->hands->branches.at];
	const struct branch *b = history_branch(s->hands->history, line->branch);

	put_outcome(add(t, line->outcome.fail > 0 ? ROLE_LOSS : ROLE_TEXT), s->view,
		    &line->outcome);
	put_states(add(t, ROLE_TEXT), s->view, &line->outcome);
	if (b->parent != NO_BRANCH)
		put_parting(add(t, ROLE_TEXT), s, b->parent, line->branch, &line->from_parent);
	if (line->branch != s->hands->branch && s->hands->branch != b->parent)
		put_parting(add(t, ROLE_TEXT), s, s->hands->branch, line->branch,
			    &line->from_shown);
	if (b->silenced > 0)
		sink_printf(add(t, ROLE_FAINT), string_in(STRING_SILENCED, s->view->player->lang),
			    b->silenced);
}

static int telling_rows(const struct telling *t, int columns)
{
	int rows = 1;

	for (int i = 0; i < t->count && columns > 0; i++)
		rows += (int)text_lines(t->at[i].text.at, (size_t)columns);
	return rows;
}

/* In the area: a rule with its name, then the lines. */
static void draw_telling(const struct sheet *s, struct area a, struct telling *t)
{
	uint32_t chosen = s->hands->branches.lines.at[s->hands->branches.at].branch;

	if (a.rows > 0)
		view_rule(s->canvas, (struct area){a.row, a.column, 1, a.columns},
			  history_branch(s->hands->history, chosen)->name);
	a.row++;
	a.rows--;
	for (int i = 0; i < t->count; i++) {
		int used = a.rows > 0
				   ? view_lines(s->canvas, a, INK(t->at[i].role), t->at[i].text.at)
				   : 0;

		a.row += used;
		a.rows -= used;
		sink_fini(&t->at[i].text);
	}
}

static void draw_tree(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	enum { FRAME = 2, FRAME_COLUMNS = 4, WIDEST = 100 };
	struct area place = place_for(a);
	int count = (int)v->hands->branches.lines.count, list, told;
	int columns = place.columns - 2 < WIDEST ? place.columns - 2 : WIDEST;
	struct sink heading = {0};
	struct sheet s = {c, v, v->hands, hits, {0}};
	struct telling t = {.count = 0};

	tell_chosen(&t, &s);
	told = telling_rows(&t, columns - FRAME_COLUMNS);
	string_put(&heading, STRING_BRANCHES_TITLE, v->player->lang);
	s.area = page_box(c, place, count + told + 1 + FRAME, columns, heading.at, hits);
	sink_fini(&heading);
	/* The list gives way to what is told, down to a third. */
	list = s.area.rows - told - 1;
	if (list < s.area.rows / 3)
		list = s.area.rows / 3;
	if (list > count)
		list = count;
	draw_list(&s, list);
	draw_telling(&s,
		     (struct area){s.area.row + list, s.area.column, s.area.rows - list - 1,
				   s.area.columns},
		     &t);
	canvas_text_cut(c, s.area.row + s.area.rows - 1, s.area.column, s.area.columns,
			INK(ROLE_FAINT), string_in(STRING_BRANCHES_HINT, v->player->lang));
}

/* ---- two side by side ------------------------------------------------------------------------ */

enum { BEFORE = 2, HALVES_COLUMNS = 66 };

static void put_record(struct sink *out, const struct view *v, const struct trace *t, uint64_t i)
{
	enum lang lang = v->player->lang == LANG_BOTH ? LANG_EN : v->player->lang;

	sink_puts(out, "");
	if (i == PAIRING_NONE)
		return;
	sink_time(out, trace_at(t, i)->at);
	sink_puts(out, "  ");
	brief_record(out, t, trace_at(t, i), lang);
}

static void draw_record(const struct sheet *s, int row, int column, int columns,
			const struct trace *t, uint64_t i, enum role role)
{
	struct sink text = {0};

	put_record(&text, s->view, t, i);
	canvas_text_cut(s->canvas, row, column, columns, INK(role), text.at);
	sink_fini(&text);
}

/* What is the same is faint; where one has nothing stands a dash. */
static void draw_pair(const struct sheet *s, int row, const struct pairing *p,
		      const struct trace *a, const struct trace *b)
{
	int half = (s->area.columns - 3) / 2, right = s->area.column + half + 3;
	enum role role = p->what == 0 && pairing_is_same(p) ? ROLE_FAINT : ROLE_TEXT;

	draw_record(s, row, s->area.column, half, a, p->a, role);
	canvas_glyph(s->canvas, row, s->area.column + half + 1, GLYPH_VLINE, INK(ROLE_FRAME));
	draw_record(s, row, right, s->area.columns - half - 3, b, p->b, role);
	if (p->a == PAIRING_NONE)
		canvas_glyph(s->canvas, row, s->area.column, GLYPH_DASH, INK(ROLE_LOSS));
	if (p->b == PAIRING_NONE)
		canvas_glyph(s->canvas, row, right, GLYPH_DASH, INK(ROLE_LOSS));
}

/* Where two halves would be too narrow: what only the first has with -, what the other with +. */
static int draw_under(const struct sheet *s, int row, const struct pairing *p,
		      const struct trace *a, const struct trace *b)
{
	bool is_same = p->what == 0 && pairing_is_same(p);
	int column = s->area.column + 2, columns = s->area.columns - 2;
	int used = 0;

	if (is_same) {
		draw_record(s, row, column, columns, a, p->a, ROLE_FAINT);
		return 1;
	}
	if (p->a != PAIRING_NONE) {
		canvas_text(s->canvas, row, s->area.column, 1, INK(ROLE_LOSS), "-");
		draw_record(s, row + used++, column, columns, a, p->a, ROLE_TEXT);
	}
	if (p->b != PAIRING_NONE && row + used < s->area.row + s->area.rows - 1) {
		canvas_text(s->canvas, row + used, s->area.column, 1, INK(ROLE_KEY), "+");
		draw_record(s, row + used++, column, columns, b, p->b, ROLE_TEXT);
	}
	return used;
}

static void draw_names(const struct sheet *s, uint32_t a, uint32_t b)
{
	const struct history *h = s->hands->history;
	int half = (s->area.columns - 3) / 2;
	struct sink both = {0};

	if (s->area.columns < HALVES_COLUMNS) {
		sink_printf(&both, "- %s   + %s", history_branch(h, a)->name,
			    history_branch(h, b)->name);
		canvas_text_cut(s->canvas, s->area.row, s->area.column, s->area.columns,
				INK(ROLE_HEAD), both.at);
		sink_fini(&both);
		return;
	}
	canvas_text_cut(s->canvas, s->area.row, s->area.column, half, INK(ROLE_HEAD),
			history_branch(h, a)->name);
	canvas_text_cut(s->canvas, s->area.row, s->area.column + half + 3,
			s->area.columns - half - 3, INK(ROLE_HEAD), history_branch(h, b)->name);
}

static void draw_comparison(struct canvas *c, struct area a, const struct view *v,
			    struct hits *hits)
{
	const struct branches *b = &v->hands->branches;
	const struct comparison *k = &b->comparison;
	uint32_t other = b->lines.at[b->at].branch;
	const struct trace *ours = history_trace(v->hands->history, v->hands->branch);
	const struct trace *theirs = history_trace(v->hands->history, other);
	size_t first = k->begin > BEFORE ? k->begin - BEFORE : 0, most;
	struct sheet s = {c, v, v->hands, hits, {0}};
	struct sink heading = {0};

	string_put(&heading, STRING_COMPARE_TITLE, v->player->lang);
	s.area = page_box(c, place_for(a), a.rows, 160, heading.at, hits);
	sink_fini(&heading);
	draw_names(&s, v->hands->branch, other);
	most = k->pairs.count - first;
	most = most > (size_t)(s.area.rows - 2) ? most - (size_t)(s.area.rows - 2) : 0;
	first += (size_t)b->scroll < most ? (size_t)b->scroll : most;
	for (int i = 1; i < s.area.rows - 1 && first < k->pairs.count; first++) {
		const struct pairing *p = &k->pairs.at[first];

		if (s.area.columns >= HALVES_COLUMNS)
			draw_pair(&s, s.area.row + i++, p, ours, theirs);
		else
			i += draw_under(&s, s.area.row + i, p, ours, theirs);
	}
	canvas_text_cut(c, s.area.row + s.area.rows - 1, s.area.column, s.area.columns,
			INK(ROLE_FAINT), string_in(STRING_COMPARE_HINT, v->player->lang));
}

void view_branches(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	if (!v->hands || !v->hands->history || v->hands->branches.lines.count == 0)
		return;
	if (v->hands->branches.is_comparing)
		draw_comparison(c, a, v, hits);
	else
		draw_tree(c, a, v, hits);
}
