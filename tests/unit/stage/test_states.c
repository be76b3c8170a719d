/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <stage/figure.h>
#include "scenery.h"

/* Figure 5 as it stands in RFC 9293 section 3.3.2, arrow by arrow from top to bottom; what it does
 * with the TCB itself is not written again. */
static const struct {
	enum state from, to;
	const char *label;
} arrows[] = {
	{CLOSED, LISTEN, "passive OPEN"},
	{CLOSED, SYN_SENT, "active OPEN / snd SYN"},
	{LISTEN, CLOSED, "CLOSE"},
	{LISTEN, SYN_RECEIVED, "rcv SYN / snd SYN,ACK"},
	{LISTEN, SYN_SENT, "SEND / snd SYN"},
	{SYN_SENT, CLOSED, "CLOSE"},
	{SYN_RECEIVED, LISTEN, "rcv RST"},
	{SYN_SENT, SYN_RECEIVED, "rcv SYN / snd SYN,ACK"},
	{SYN_RECEIVED, ESTABLISHED, "rcv ACK of SYN"},
	{SYN_SENT, ESTABLISHED, "rcv SYN,ACK / snd ACK"},
	{SYN_RECEIVED, FIN_WAIT_1, "CLOSE / snd FIN"},
	{ESTABLISHED, FIN_WAIT_1, "CLOSE / snd FIN"},
	{ESTABLISHED, CLOSE_WAIT, "rcv FIN / snd ACK"},
	{FIN_WAIT_1, FIN_WAIT_2, "rcv ACK of FIN"},
	{FIN_WAIT_1, CLOSING, "rcv FIN / snd ACK"},
	{CLOSE_WAIT, LAST_ACK, "CLOSE / snd FIN"},
	{FIN_WAIT_2, TIME_WAIT, "rcv FIN / snd ACK"},
	{CLOSING, TIME_WAIT, "rcv ACK of FIN"},
	{TIME_WAIT, CLOSED, "Timeout=2MSL"},
	{LAST_ACK, CLOSED, "rcv ACK of FIN"},
};

enum { ARROWS = sizeof arrows / sizeof arrows[0] };

static const struct figure *figure(int i)
{
	return i == 0 ? figure_small() : figure_large();
}

START_TEST(it_is_the_rfcs_figure)
{
	int of_figure = 0;

	for (int i = 0; i < ARROWS; i++) {
		int edge = figure_edge(arrows[i].from, arrows[i].to);
		bool is_figures = false;

		ck_assert_int_ge(edge, 0);
		ck_assert_str_eq(figure_label(edge, &is_figures), arrows[i].label);
		ck_assert(is_figures);
	}
	for (int i = 0; i < FIGURE_EDGES; i++) {
		bool is_figures;

		figure_label(i, &is_figures);
		of_figure += is_figures;
	}
	ck_assert_int_eq(of_figure, ARROWS);
}
END_TEST

START_TEST(every_edge_has_its_way)
{
	const struct figure *f = figure(_i);

	ck_assert_uint_eq(edge_count(), FIGURE_EDGES);
	for (int i = 0; i < FIGURE_EDGES; i++) {
		enum state from, to;
		const char *label;
		bool is_figures;

		edge_at((size_t)i, &from, &to, &label);
		ck_assert_uint_eq(f->way[i].from, from);
		ck_assert_uint_eq(f->way[i].to, to);
		ck_assert_str_eq(figure_label(i, &is_figures), label);
		ck_assert_int_eq(figure_edge(from, to), i);
	}
	ck_assert_int_eq(figure_edge(CLOSED, TIME_WAIT), -1);
}
END_TEST

/* What stands in each cell: 0 nothing, 1 + state a name with its two cells of room, 100 a label. */
static void put_names(const struct figure *f, uint8_t *grid)
{
	for (int s = 0; s <= STATE_COUNT; s++) {
		enum state state = s == STATE_COUNT ? CLOSED : (enum state)s;
		struct spot at = figure_state(f, state, s == STATE_COUNT);
		int columns = (int)strlen(state_name(state));

		for (int i = -1; i <= columns; i++) {
			int column = at.column + i;

			ck_assert_int_ge(column, 0);
			ck_assert_int_lt(column, f->columns);
			ck_assert_uint_eq(grid[at.row * f->columns + column], 0);
			grid[at.row * f->columns + column] = (uint8_t)(1 + s);
		}
	}
}

static uint8_t at_side(const struct figure *f, const uint8_t *grid, struct spot at, unsigned side)
{
	int row = at.row + (side == JOIN_DOWN) - (side == JOIN_UP);
	int column = at.column + (side == JOIN_RIGHT) - (side == JOIN_LEFT);

	ck_assert(row >= 0 && row < f->rows && column >= 0 && column < f->columns);
	return grid[row * f->columns + column];
}

/* From name to name over empty cells, each joined to the next, with the head at the end. */
START_TEST(ways_lead_from_state_to_state)
{
	const struct figure *f = figure(_i);
	uint8_t *grid = xcalloc((size_t)(f->rows * f->columns), 1);

	put_names(f, grid);
	for (int e = 0; e < FIGURE_EDGES; e++) {
		const struct way *w = &f->way[e];
		struct way_cell cells[WAY_CELLS];
		int n = way_cells(f, w, cells);
		unsigned begins = 0;

		ck_assert_int_ge(n, 1);
		for (unsigned side = 1; side < 16; side *= 2) {
			if ((cells[0].sides & side) &&
			    at_side(f, grid, cells[0].at, side) == 1 + w->from)
				begins = side;
		}
		ck_assert_msg(begins != 0, "edge %d begins nowhere", e);
		ck_assert_msg(at_side(f, grid, cells[n - 1].at, cells[n - 1].head) ==
				      1 + (w->to_end ? STATE_COUNT : w->to),
			      "edge %d leads nowhere", e);
		for (int i = 0; i < n; i++) {
			struct spot at = cells[i].at;

			ck_assert_uint_eq(grid[at.row * f->columns + at.column], 0);
			ck_assert_int_eq(cells[i].head != 0, i == n - 1);
			if (i > 0)
				ck_assert_int_eq(abs(at.row - cells[i - 1].at.row) +
							 abs(at.column - cells[i - 1].at.column),
						 1);
		}
	}
	free(grid);
}
END_TEST

/* Two ways in one cell either cross straight or lead to the same state: none can be read as
 * another's. */
START_TEST(ways_cannot_be_confused)
{
	const struct figure *f = figure(_i);
	struct way_cell a[WAY_CELLS], b[WAY_CELLS];

	for (int e = 0; e < FIGURE_EDGES; e++) {
		int n = way_cells(f, &f->way[e], a);

		for (int g = 0; g < e; g++) {
			int m = way_cells(f, &f->way[g], b), shared = 0;
			bool joins = f->way[e].to == f->way[g].to &&
				     f->way[e].to_end == f->way[g].to_end;

			for (int i = 0; i < n; i++) {
				for (int k = 0; k < m; k++) {
					if (a[i].at.row != b[k].at.row ||
					    a[i].at.column != b[k].at.column)
						continue;
					shared++;
					ck_assert_msg(joins || (a[i].sides & b[k].sides) == 0,
						      "edges %d and %d at %d,%d", e, g, a[i].at.row,
						      a[i].at.column);
				}
			}
			ck_assert_msg(shared < n && shared < m, "edges %d and %d", e, g);
		}
	}
}
END_TEST

START_TEST(labels_lie_over_nothing)
{
	const struct figure *f = figure_large();
	uint8_t *grid = xcalloc((size_t)(f->rows * f->columns), 1);
	bool is_figures;

	put_names(f, grid);
	for (int e = 0; e < FIGURE_EDGES; e++) {
		struct way_cell cells[WAY_CELLS];
		int n = way_cells(f, &f->way[e], cells);

		for (int i = 0; i < n; i++)
			grid[cells[i].at.row * f->columns + cells[i].at.column] = 99;
	}
	for (int e = 0; e < FIGURE_EDGES; e++) {
		struct spot at = f->way[e].label;
		int columns = (int)strlen(figure_label(e, &is_figures));
		bool is_shared = false;

		for (int g = 0; g < e; g++)
			is_shared = is_shared || (f->way[g].label.row == at.row &&
						  f->way[g].label.column == at.column &&
						  strcmp(figure_label(g, &is_figures),
							 figure_label(e, &is_figures)) == 0);
		for (int i = 0; i < columns && !is_shared; i++) {
			ck_assert_int_lt(at.column + i, f->columns);
			ck_assert_msg(grid[at.row * f->columns + at.column + i] == 0, "edge %d", e);
			grid[at.row * f->columns + at.column + i] = 100;
		}
	}
	free(grid);
}
END_TEST

/* ---- drawn ----------------------------------------------------------------------------------- */

/* One person goes one edge, the other waits. */
static struct trace *one_step(enum state from, enum state to)
{
	struct trace *t = fixture_empty();
	struct record *r;

	for (int i = 0; i < 2; i++)
		trace_add_host(t,
			       &(struct trace_host){.name = i ? "li" : "zhang",
						    .title = {i ? "Li" : "Zhang", i ? "李" : "张"},
						    .profile = "rfc"});
	trace_add_conn(t, &(struct trace_conn){.serial = 1, .peer = 1});
	r = trace_push(t, REC_STATE, 0);
	r->host = 0;
	r->peer = 1;
	r->conn = 1;
	r->from = (uint8_t)from;
	r->to = (uint8_t)to;
	return t;
}

static struct canvas draw(struct scenery *s, const struct figure *f, int more)
{
	struct canvas c;

	canvas_init(&c, f->rows + 1 + more, f->columns + 2, false);
	moment_go(&s->moment, s->trace, s->player.cursor);
	view_states(&c, (struct area){0, 0, c.rows, c.columns}, &s->view, NULL);
	return c;
}

static bool has_text(const struct canvas *c, const char *text)
{
	struct sink out = {0};
	bool found;

	canvas_dump(c, &out);
	found = strstr(out.at, text) != NULL;
	sink_fini(&out);
	return found;
}

static bool is_heavy(const struct canvas *c, struct spot at)
{
	static const char *const glyphs[] = {"━", "┃", "┏", "┓", "┗", "┛", "►", "◄", "▲", "▼"};
	const struct cell *cell = canvas_at(c, 1 + at.row, 1 + at.column);

	if (cell->role != ROLE_LINE_0 || !(cell->attrs & ATTR_BOLD))
		return false;
	for (size_t i = 0; i < sizeof glyphs / sizeof glyphs[0]; i++) {
		if (strncmp(cell->text, glyphs[i], cell->octets) == 0)
			return true;
	}
	return false;
}

START_TEST(the_edge_just_taken_stands_out)
{
	for (int size = 0; size < 2; size++) {
		const struct figure *f = figure(size);
		const struct way *w = &f->way[_i];
		struct way_cell cells[WAY_CELLS];
		int n = way_cells(f, w, cells), heavy = 0;
		struct scenery s;
		struct canvas c;
		bool is_figures;

		scenery_init(&s, one_step((enum state)w->from, (enum state)w->to));
		player_key(&s.player, 'G');
		c = draw(&s, f, 2);
		ck_assert(canvas_is_sound(&c));
		for (int i = 0; i < n; i++)
			ck_assert(is_heavy(&c, cells[i].at));
		for (int row = 0; row < f->rows; row++) {
			for (int column = 0; column < f->columns; column++)
				heavy += is_heavy(&c, (struct spot){(int8_t)row, (int8_t)column});
		}
		ck_assert_int_eq(heavy, n);
		ck_assert(has_text(&c, figure_label(_i, &is_figures)));
		canvas_fini(&c);
		/* Before it nothing of it is shown. */
		player_key(&s.player, '0');
		c = draw(&s, f, 2);
		for (int i = 0; i < n; i++)
			ck_assert(!is_heavy(&c, cells[i].at));
		canvas_fini(&c);
		scenery_fini(&s);
	}
}
END_TEST

/* With no row below the figure the label goes into the heading. */
START_TEST(the_label_has_a_place_in_every_height)
{
	struct scenery s;
	struct canvas c;

	scenery_init(&s, one_step(LISTEN, SYN_RECEIVED));
	player_key(&s.player, 'G');
	for (int more = 0; more < 6; more++) {
		c = draw(&s, figure_small(), more);
		ck_assert(has_text(&c, "rcv SYN / snd SYN,ACK"));
		canvas_fini(&c);
	}
	/* And with less there are rows instead: the state, and all ways out of it. */
	c = draw(&s, figure_small(), -6);
	ck_assert(has_text(&c, "Zhang SYN_RCVD"));
	ck_assert(has_text(&c, "rcv ACK of SYN"));
	ck_assert(has_text(&c, "CLOSE / snd FIN"));
	ck_assert(has_text(&c, "rcv RST"));
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

static const char *glyph_of(const struct canvas *c, const struct figure *f, enum state from,
			    enum state to)
{
	struct way_cell cells[WAY_CELLS];

	way_cells(f, &f->way[figure_edge(from, to)], cells);
	return canvas_at(c, 1 + cells[0].at.row, 1 + cells[0].at.column)->text;
}

START_TEST(the_way_gone_stays_to_be_seen)
{
	const struct figure *f = figure_large();
	struct scenery s;
	struct canvas c;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 2100 * USEC_PER_MS);
	c = draw(&s, f, 2);
	ck_assert_str_eq(glyph_of(&c, f, CLOSED, SYN_SENT), "─");
	ck_assert_str_eq(glyph_of(&c, f, CLOSED, LISTEN), "│");
	ck_assert_str_eq(glyph_of(&c, f, FIN_WAIT_1, FIN_WAIT_2), "┃");
	ck_assert_str_eq(glyph_of(&c, f, CLOSE_WAIT, LAST_ACK), "┊");
	ck_assert_str_eq(glyph_of(&c, f, FIN_WAIT_2, CLOSED), "·");
	ck_assert(has_text(&c, "■FIN_WAIT_2"));
	ck_assert(has_text(&c, "CLOSE_WAIT□"));
	canvas_fini(&c);
	/* One person alone: the other's way is not drawn, the other's mark is. */
	s.player.scrolled[panel_index(PANEL_STATES)] = 1;
	c = draw(&s, f, 2);
	ck_assert_str_eq(glyph_of(&c, f, CLOSED, SYN_SENT), "─");
	ck_assert_str_eq(glyph_of(&c, f, CLOSED, LISTEN), "┊");
	ck_assert(has_text(&c, "CLOSE_WAIT□"));
	ck_assert(has_text(&c, "states: Zhang San"));
	canvas_fini(&c);
	player_key(&s.player, 'G');
	c = draw(&s, f, 2);
	ck_assert(has_text(&c, "■CLOSED□"));
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

Suite *states_suite(void)
{
	Suite *s = suite_create("states");
	TCase *t = tcase_create("figure 5");

	tcase_add_test(t, it_is_the_rfcs_figure);
	tcase_add_loop_test(t, every_edge_has_its_way, 0, 2);
	tcase_add_loop_test(t, ways_lead_from_state_to_state, 0, 2);
	tcase_add_loop_test(t, ways_cannot_be_confused, 0, 2);
	tcase_add_test(t, labels_lie_over_nothing);
	tcase_add_loop_test(t, the_edge_just_taken_stands_out, 0, FIGURE_EDGES);
	tcase_add_test(t, the_label_has_a_place_in_every_height);
	tcase_add_test(t, the_way_gone_stays_to_be_seen);
	suite_add_tcase(s, t);
	return s;
}
