/* SPDX-License-Identifier: MIT */
/*
 * view_states.c - RFC 9293's Figure 5 with everybody in it. What nobody has gone is dotted, what
 * somebody has gone is a line, what has just been gone is heavy: a glyph each, for the colour says
 * only who. Where there is no room for a figure the same is told in rows.
 */
#include <string.h>
#include <base/utf8.h>
#include "stage/figure.h"
#include "stage/view.h"

enum tread { TREAD_NEVER, TREAD_GONE, TREAD_JUST };

/* What is known of one edge. */
struct trodden {
	enum tread tread;
	unsigned who; /* set of 1 << lifeline */
};

struct map {
	struct canvas *canvas;
	const struct view *v;
	struct area area; /* of the figure or the rows, without heading */
	struct trodden edge[FIGURE_EDGES];
	unsigned been[STATE_COUNT + 1]; /* in each state who has been; last: in CLOSED at the end */
	int only;                       /* this lifeline's ways only; -1: everybody's */
};

static const enum glyph marks[STORY_PEOPLE] = {GLYPH_PERSON_0, GLYPH_PERSON_1, GLYPH_PERSON_2,
					       GLYPH_PERSON_3, GLYPH_PERSON_4, GLYPH_PERSON_5};

/* Of one person the own colour; of several none. */
static struct ink ink_of(const struct map *m, unsigned who)
{
	for (int i = 0; i < m->v->story->people_count; i++) {
		if (who == 1u << i)
			return view_line_ink(m->v, m->v->story->people[i]);
	}
	return INK(who ? ROLE_TEXT : ROLE_FRAME);
}

/* ---- who went where -------------------------------------------------------------------------- */

static void go(struct map *m, int line, const struct step *step)
{
	int edge = figure_edge((enum state)step->from, (enum state)step->to);
	bool is_end = edge >= 0 && figure_small()->way[edge].to_end;

	if (edge < 0)
		return;
	m->edge[edge].who |= 1u << line;
	if (m->edge[edge].tread == TREAD_NEVER)
		m->edge[edge].tread = TREAD_GONE;
	m->been[step->from] |= 1u << line;
	m->been[is_end ? STATE_COUNT : step->to] |= 1u << line;
}

/* The way of one connection. Returns its first step. */
static const struct step *walk(struct map *m, int line, uint32_t conn)
{
	const struct life *of = series_life(&m->v->story->series, conn);
	size_t n;

	if (!of)
		return NULL;
	n = series_told(of->steps.at, sizeof *of->steps.at, of->steps.count, m->v->player->cursor);
	for (size_t i = 0; i < n; i++)
		go(m, line, &of->steps.at[i]);
	return n > 0 ? &of->steps.at[0] : NULL;
}

/* A connection that began in LISTEN began with its listener. */
static void walk_person(struct map *m, int line)
{
	uint8_t host = m->v->story->people[line];
	const struct moment *now = m->v->moment;
	const struct step *first = walk(m, line, now->host[host].newest);

	if (now->host[host].listener != now->host[host].newest && first && first->from == LISTEN)
		walk(m, line, now->host[host].listener);
}

/* The steps of the beat just told. Returns how many there are; at most `most` are written. */
static int just_gone(const struct view *v, const struct record **out, int most)
{
	const struct beat *b = view_beat(v);
	int n = 0;

	for (uint64_t i = b ? b->first : 0; b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);

		if (r->kind != REC_STATE || r->from == r->to || n == most)
			continue;
		if (figure_edge((enum state)r->from, (enum state)r->to) >= 0)
			out[n++] = r;
	}
	return n;
}

enum { JUST_MOST = 8 };

static void find_ways(struct map *m)
{
	const struct record *just[JUST_MOST];
	int n = just_gone(m->v, just, JUST_MOST);

	for (int i = 0; i < m->v->story->people_count; i++) {
		if (m->only < 0 || m->only == i)
			walk_person(m, i);
	}
	for (int i = 0; i < n; i++) {
		int line = story_lifeline(m->v->story, just[i]->host);
		struct trodden *edge =
			&m->edge[figure_edge((enum state)just[i]->from, (enum state)just[i]->to)];

		if (line < 0 || (m->only >= 0 && m->only != line))
			continue;
		if (edge->tread != TREAD_JUST)
			edge->who = 0;
		edge->tread = TREAD_JUST;
		edge->who |= 1u << line;
	}
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* By the set of enum join. */
static enum glyph light_glyph(unsigned sides)
{
	static const enum glyph glyphs[16] = {
		[JOIN_UP | JOIN_DOWN] = GLYPH_VLINE,
		[JOIN_LEFT | JOIN_RIGHT] = GLYPH_HLINE,
		[JOIN_DOWN | JOIN_RIGHT] = GLYPH_DOWN_RIGHT,
		[JOIN_DOWN | JOIN_LEFT] = GLYPH_DOWN_LEFT,
		[JOIN_UP | JOIN_RIGHT] = GLYPH_UP_RIGHT,
		[JOIN_UP | JOIN_LEFT] = GLYPH_UP_LEFT,
		[JOIN_UP | JOIN_DOWN | JOIN_RIGHT] = GLYPH_VERT_RIGHT,
		[JOIN_UP | JOIN_DOWN | JOIN_LEFT] = GLYPH_VERT_LEFT,
		[JOIN_DOWN | JOIN_LEFT | JOIN_RIGHT] = GLYPH_DOWN_HORZ,
		[JOIN_UP | JOIN_LEFT | JOIN_RIGHT] = GLYPH_UP_HORZ,
		[JOIN_UP | JOIN_DOWN | JOIN_LEFT | JOIN_RIGHT] = GLYPH_CROSS,
	};

	return glyphs[sides & 15];
}

static enum glyph heavy_glyph(unsigned sides)
{
	switch (sides) {
	case JOIN_LEFT | JOIN_RIGHT: return GLYPH_HEAVY_HLINE;
	case JOIN_UP | JOIN_DOWN: return GLYPH_HEAVY_VLINE;
	case JOIN_DOWN | JOIN_RIGHT: return GLYPH_HEAVY_DOWN_RIGHT;
	case JOIN_DOWN | JOIN_LEFT: return GLYPH_HEAVY_DOWN_LEFT;
	case JOIN_UP | JOIN_RIGHT: return GLYPH_HEAVY_UP_RIGHT;
	case JOIN_UP | JOIN_LEFT: return GLYPH_HEAVY_UP_LEFT;
	default: return GLYPH_HEAVY_CROSS;
	}
}

static enum glyph head_glyph(unsigned head)
{
	switch (head) {
	case JOIN_UP: return GLYPH_ARROW_UP;
	case JOIN_DOWN: return GLYPH_ARROW_DOWN;
	case JOIN_LEFT: return GLYPH_DELIVERED_LEFT;
	default: return GLYPH_DELIVERED_RIGHT;
	}
}

/* What several ways have drawn into one cell. */
struct crossing {
	unsigned sides;
	unsigned head;
	bool is_figures;
};

/* One step of treading after the other, so that what matters more lies above. */
static void draw_tread(const struct map *m, const struct figure *f, enum tread tread)
{
	struct crossing *grid = xcalloc((size_t)(f->rows * f->columns), sizeof *grid);

	for (int e = 0; e < FIGURE_EDGES; e++) {
		struct way_cell cells[WAY_CELLS];
		int n = m->edge[e].tread == tread ? way_cells(f, &f->way[e], cells) : 0;
		struct ink ink = ink_of(m, m->edge[e].who);
		bool is_figures;

		figure_label(e, &is_figures);
		for (int i = 0; i < n; i++) {
			struct crossing *x =
				&grid[cells[i].at.row * f->columns + cells[i].at.column];
			enum glyph g;

			x->sides |= cells[i].sides;
			x->head |= cells[i].head;
			x->is_figures = x->is_figures || is_figures;
			g = x->head               ? head_glyph(x->head)
			    : tread == TREAD_JUST ? heavy_glyph(x->sides)
						  : light_glyph(x->sides);
			if (tread == TREAD_NEVER && g == GLYPH_HLINE)
				g = x->is_figures ? GLYPH_DOTTED : GLYPH_NEXT;
			if (tread == TREAD_NEVER && g == GLYPH_VLINE)
				g = x->is_figures ? GLYPH_DOTTED_DOWN : GLYPH_NEXT;
			if (tread == TREAD_JUST)
				ink.attrs |= ATTR_BOLD;
			canvas_glyph(m->canvas, m->area.row + cells[i].at.row,
				     m->area.column + cells[i].at.column, g, ink);
		}
	}
	free(grid);
}

static void draw_labels(const struct map *m, const struct figure *f)
{
	for (int tread = TREAD_NEVER; tread <= TREAD_JUST; tread++) {
		for (int e = 0; e < FIGURE_EDGES; e++) {
			struct spot at = f->way[e].label;
			bool is_figures;
			struct ink ink = ink_of(m, m->edge[e].who);

			if ((int)m->edge[e].tread != tread)
				continue;
			if (tread == TREAD_NEVER)
				ink = INK(ROLE_FAINT);
			canvas_text(m->canvas, m->area.row + at.row, m->area.column + at.column,
				    f->columns, ink, figure_label(e, &is_figures));
		}
	}
}

/* ---- people ---------------------------------------------------------------------------------- */

static void draw_names(const struct map *m, const struct figure *f)
{
	for (int s = 0; s <= STATE_COUNT; s++) {
		bool is_end = s == STATE_COUNT;
		enum state state = is_end ? CLOSED : (enum state)s;
		struct spot at = figure_state(f, state, is_end);
		struct ink ink = m->been[s] ? ink_of(m, m->been[s]) : INK(ROLE_FAINT);

		canvas_text(m->canvas, m->area.row + at.row, m->area.column + at.column, f->columns,
			    ink, state_name(state));
	}
}

/* The first one's mark stands before the name, the others' behind it. */
static void draw_mark(const struct map *m, const struct figure *f, int line, enum state state,
		      bool is_end, bool is_here)
{
	struct spot at = figure_state(f, state, is_end);
	struct ink ink = view_ink(m->v, m->v->story->people[line]);
	int row = m->area.row + at.row, column = m->area.column + at.column;
	int columns = (int)strlen(state_name(state));

	if (is_here) {
		ink.attrs |= ATTR_BOLD;
		canvas_text(m->canvas, row, column, columns, ink, state_name(state));
	}
	canvas_glyph(m->canvas, row, line == 0 ? column - 1 : column + columns + line - 1,
		     marks[line], ink);
}

/* Who has been in a conversation is CLOSED at the end of the figure, not at its top. */
static void draw_person(const struct map *m, const struct figure *f, int line)
{
	uint8_t host = m->v->story->people[line];
	const struct moment *now = m->v->moment;
	enum state state = moment_state(now, host);
	const struct moment_conn *listener = moment_conn(now, now->host[host].listener);

	if (listener && listener->field[F_state] == LISTEN && state != LISTEN)
		draw_mark(m, f, line, LISTEN, false, false);
	draw_mark(m, f, line, state, state == CLOSED && now->host[host].newest != 0, true);
}

/* "LISTEN → SYN_RCVD  rcv SYN / snd SYN,ACK"; the figure shows from where to where if it must. */
static void put_step(struct sink *out, const struct record *r, int room)
{
	enum state from = (enum state)r->from, to = (enum state)r->to;
	char arrow[5] = {0};
	const char *label;
	bool is_figures;

	utf8_put(glyph_code(GLYPH_TO), arrow);
	label = figure_label(figure_edge(from, to), &is_figures);
	sink_printf(out, "%s %s %s%s  %s", state_name(from), arrow,
		    r->is_inferred ? VIEW_INFERRED : "", state_name(to), label);
	if ((int)utf8_columns(out->at) <= room)
		return;
	sink_clear(out);
	sink_puts(out, label);
}

/* What has just been gone, the last of it in the last row. */
static void draw_just(const struct map *m, struct area a)
{
	const struct record *just[JUST_MOST];
	int n = just_gone(m->v, just, JUST_MOST);
	int shown = n < a.rows ? n : a.rows;

	for (int i = 0; i < shown; i++) {
		const struct record *r = just[n - shown + i];
		int line = story_lifeline(m->v->story, r->host), row = a.row + a.rows - shown + i;
		struct ink ink = view_ink(m->v, r->host);
		struct sink text = {0};

		put_step(&text, r, a.columns - 2);
		if (line >= 0)
			canvas_glyph(m->canvas, row, a.column, marks[line], ink);
		canvas_text_cut(m->canvas, row, a.column + 2, a.columns - 2, ink, text.at);
		sink_fini(&text);
	}
}

static void draw_figure(struct map *m, const struct figure *f, struct area a)
{
	enum { JUST_ROWS = 2 };
	struct area below = {a.row + f->rows, a.column + 1, a.rows - f->rows, a.columns - 1};

	m->area =
		(struct area){a.row, a.column + (a.columns - f->columns) / 2, f->rows, f->columns};
	for (int tread = TREAD_NEVER; tread <= TREAD_JUST; tread++)
		draw_tread(m, f, (enum tread)tread);
	if (f->has_labels)
		draw_labels(m, f);
	draw_names(m, f);
	for (int i = 0; i < m->v->story->people_count; i++)
		draw_person(m, f, i);
	if (below.rows > JUST_ROWS) {
		below.row += below.rows - JUST_ROWS;
		below.rows = JUST_ROWS;
	}
	draw_just(m, below);
}

/* ---- in rows --------------------------------------------------------------------------------- */

/* Where each is, and where one can go from there. */
static int put_rows(const struct map *m, int from, int rows)
{
	int n = 0;

	for (int line = 0; line < m->v->story->people_count; line++) {
		uint8_t host = m->v->story->people[line];
		enum state state = moment_state(m->v->moment, host);
		struct ink ink = view_ink(m->v, host);
		int row = m->area.row + n - from, used = m->area.column + 2;

		if (m->only >= 0 && m->only != line)
			continue;
		if (n >= from && n < from + rows) {
			canvas_glyph(m->canvas, row, m->area.column, marks[line], ink);
			used += canvas_text(m->canvas, row, used, 16, ink, view_name(m->v, host)) +
				1;
			ink.attrs |= ATTR_BOLD;
			canvas_text(m->canvas, row, used, 12, ink, state_name(state));
		}
		n++;
		for (int e = 0; e < FIGURE_EDGES; e++) {
			const struct way *w = &figure_small()->way[e];
			struct area r = {m->area.row + n - from, m->area.column + 2, 1,
					 m->area.columns - 2};
			bool is_figures;

			if (w->from != state)
				continue;
			if (n >= from && n < from + rows) {
				canvas_glyph(m->canvas, r.row, r.column, GLYPH_TO, INK(ROLE_FAINT));
				canvas_text(m->canvas, r.row, r.column + 2, 11, INK(ROLE_TEXT),
					    state_name((enum state)w->to));
				canvas_text_cut(m->canvas, r.row, r.column + 14, r.columns - 14,
						INK(ROLE_FAINT), figure_label(e, &is_figures));
			}
			n++;
		}
	}
	return n;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* From the right: each name with its sign, blanks between them. */
static void draw_signs(struct canvas *c, struct area a, const struct view *v, int end, int from)
{
	for (int i = v->story->people_count; i-- > 0;) {
		struct ink ink = view_ink(v, v->story->people[i]);
		const char *name = view_name(v, v->story->people[i]);
		int columns = (int)utf8_columns(name);

		columns = columns < 12 ? columns : 12;
		if (end - columns - 4 < from)
			break;
		end -= canvas_text_right(c, a.row, end, 1, INK(ROLE_TEXT), " ");
		canvas_glyph(c, a.row, --end, marks[i], ink);
		end -= canvas_text_right(c, a.row, end, 1, INK(ROLE_TEXT), " ");
		end -= canvas_text_right(c, a.row, end, columns, ink, name);
		end -= canvas_text_right(c, a.row, end, 1, INK(ROLE_TEXT), " ");
	}
}

/* The reader turns from everybody to one and the next. */
static int choose_person(const struct view *v, struct hits *hits)
{
	int i = panel_index(PANEL_STATES);

	if (hits) {
		hits->panels.most[i] = v->story->people_count;
		hits->panels.page[i] = 1;
	}
	return v->player->scrolled[i] <= v->story->people_count ? v->player->scrolled[i] - 1 : -1;
}

/* Where no row is left below the figure, the last step stands in the heading. */
static void draw_last_step(struct canvas *c, struct area a, const struct view *v, int end, int from)
{
	const struct record *just[JUST_MOST];
	int n = just_gone(v, just, JUST_MOST), line;
	const char *label;
	bool is_figures;
	int columns;

	line = n > 0 ? story_lifeline(v->story, just[n - 1]->host) : -1;
	if (line < 0) {
		draw_signs(c, a, v, end, from);
		return;
	}
	label = figure_label(
		figure_edge((enum state)just[n - 1]->from, (enum state)just[n - 1]->to),
		&is_figures);
	columns = (int)strlen(label);
	columns = columns < end - from - 4 ? columns : end - from - 4;
	canvas_text(c, a.row, end - columns - 4, 1, INK(ROLE_TEXT), " ");
	canvas_glyph(c, a.row, end - columns - 3, marks[line], view_ink(v, just[n - 1]->host));
	canvas_text(c, a.row, end - columns - 2, 1, INK(ROLE_TEXT), " ");
	canvas_text(c, a.row, end - columns - 1, columns, view_ink(v, just[n - 1]->host), label);
	canvas_text(c, a.row, end - 1, 1, INK(ROLE_TEXT), " ");
}

static void draw_heading(struct canvas *c, struct area a, const struct view *v, int only, int above,
			 int below)
{
	int end = a.column + a.columns - 1, from;
	struct sink heading = {0};

	string_put(&heading, STRING_STATES, v->player->lang);
	if (only >= 0)
		sink_printf(&heading, ": %s", view_name(v, v->story->people[only]));
	view_heading(c, a, v, PANEL_STATES, heading.at, above, below);
	from = a.column + 4 + (int)utf8_columns(heading.at);
	if (a.rows == 1 + figure_small()->rows)
		draw_last_step(c, a, v, end, from);
	else if (above == 0 && below == 0)
		draw_signs(c, a, v, end, from);
	sink_fini(&heading);
}

void view_states(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct area in = {a.row + 1, a.column, a.rows - 1, a.columns};
	struct map m = {.canvas = c, .v = v, .area = in, .only = -1};
	const struct figure *f = figure_large();

	if (in.rows < 1)
		return;
	if (f->rows > in.rows || f->columns > in.columns)
		f = figure_small();
	if (f->rows > in.rows || f->columns > in.columns) {
		int all = put_rows(&m, 0, 0);
		int top = view_scroll(v, hits, PANEL_STATES, all, in.rows);

		draw_heading(c, a, v, -1, top, all - top - in.rows);
		put_rows(&m, top, in.rows);
		return;
	}
	m.only = choose_person(v, hits);
	draw_heading(c, a, v, m.only, 0, 0);
	find_ways(&m);
	draw_figure(&m, f, in);
}
