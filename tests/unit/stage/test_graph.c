/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <base/prng.h>
#include <stage/graph.h>
#include "scenery.h"

/* ---- dots and axes --------------------------------------------------------------------------- */

START_TEST(dots_are_braille)
{
	const struct layer low = {INK(ROLE_LINE_0), 1, '-'}, high = {INK(ROLE_LINE_1), 2, '|'};

	for (int ascii = 0; ascii < 2; ascii++) {
		struct canvas c;
		struct plot p;

		canvas_init(&c, 2, 3, ascii == 1);
		plot_init(&p, (struct area){0, 1, 2, 2});
		plot_dot(&p, 0, 0, &low);
		plot_column(&p, 1, -3, 3, &high);
		plot_dot(&p, 3, 7, &low);
		plot_dot(&p, 4, 0, &low);
		plot_dot(&p, -1, 8, &low);
		plot_show(&p, &c);
		ck_assert_str_eq(canvas_at(&c, 0, 1)->text, ascii ? "|" : "⢹");
		ck_assert_int_eq(canvas_at(&c, 0, 1)->role, ROLE_LINE_1);
		ck_assert_str_eq(canvas_at(&c, 1, 2)->text, ascii ? "-" : "⢀");
		ck_assert(canvas_is_blank(&c, 0, 0) && canvas_is_blank(&c, 0, 2));
		plot_fini(&p);
		canvas_fini(&c);
	}
}
END_TEST

START_TEST(axes_are_round)
{
	static const struct {
		int64_t least, step, span;
	} cases[] = {{0, 1, 1},
		     {1, 1, 1},
		     {2, 2, 2},
		     {3, 5, 3},
		     {11, 20, 15},
		     {50, 50, 50},
		     {51, 100, 75},
		     {76, 100, 100},
		     {100, 100, 100},
		     {2001, 5000, 3000},
		     {63050000, 100000000, 75000000}};
	static const struct {
		int64_t n;
		const char *text;
	} amounts[] = {{0, "0"},         {99999, "99999"},  {100000, "100k"},
		       {123456, "123k"}, {1500000, "1.5M"}, {4294967296, "4.2G"}};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert_int_eq(plot_step(cases[i].least), cases[i].step);
		ck_assert_int_eq(plot_span(cases[i].least), cases[i].span);
	}
	for (int64_t n = 1; n < INT64_MAX / 100; n = n * 3 + 1) {
		ck_assert_int_ge(plot_step(n), n);
		ck_assert_int_ge(plot_span(n), n);
		ck_assert_int_le(plot_span(n), n * 2);
	}
	for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
		struct sink out = {0};

		plot_put_amount(&out, amounts[i].n);
		ck_assert_str_eq(out.at, amounts[i].text);
		sink_fini(&out);
	}
}
END_TEST

/* ---- series ---------------------------------------------------------------------------------- */

START_TEST(a_course_is_found_as_by_looking_at_all_of_it)
{
	enum { POINTS = 700 };
	struct trace *t = trace_new();
	const struct course *c;
	struct prng chance;
	struct scenery s;

	prng_init(&chance, 99, 0);
	trace_add_host(t, &(struct trace_host){.name = "a", .title = {"A", "A"}, .profile = "rfc"});
	trace_add_conn(t, &(struct trace_conn){.serial = 1});
	for (int i = 0; i < POINTS; i++) {
		struct tcb_change change = {.field = F_cwnd};
		struct record *r = trace_push(t, REC_RULE, i / 3);

		r->host = 0;
		r->conn = 1;
		change.new = (int64_t)prng_below(&chance, 1000) * POINTS + i;
		trace_change_put(t, r->serial, &change);
	}
	scenery_init(&s, t);
	c = &series_life(&s.story->series, 1)->course[COURSE_CWND];
	ck_assert_uint_eq(c->points.count, POINTS);
	for (int round = 0; round < 3000; round++) {
		size_t from = prng_below(&chance, POINTS);
		size_t to = from + 1 + prng_below(&chance, POINTS - from);
		struct extent e = course_extent(c, from, to), naive = {INT64_MAX, INT64_MIN};

		for (size_t i = from; i < to; i++) {
			int64_t value = c->points.at[i].value;

			naive.low = value < naive.low ? value : naive.low;
			naive.high = value > naive.high ? value : naive.high;
		}
		if (e.low != naive.low || e.high != naive.high)
			ck_abort_msg("[%zu, %zu)", from, to);
	}
	ck_assert_uint_eq(series_told(c->points.at, sizeof *c->points.at, POINTS, 10), 10);
	ck_assert_uint_eq(course_until(c, POINTS, 0), 3);
	ck_assert_uint_eq(course_until(c, 2, 0), 2);
	ck_assert_uint_eq(course_until(c, POINTS, -1), 0);
	ck_assert_ptr_null(series_life(&s.story->series, 2));
	scenery_fini(&s);
}
END_TEST

/* A trace from a file may number its connections as it likes: that costs nothing. */
START_TEST(connections_may_have_any_number)
{
	static const uint32_t serials[] = {7, 2147483648u, UINT32_MAX};
	struct trace *t = trace_new();
	struct scenery s;

	trace_add_host(t, &(struct trace_host){.name = "a", .title = {"A", "A"}, .profile = "rfc"});
	for (int i = 0; i < 3; i++)
		trace_add_conn(t, &(struct trace_conn){.serial = serials[i]});
	for (int i = 0; i < 4; i++) {
		struct tcb_change change = {.field = F_cwnd, .new = 100 + i};
		struct record *r = trace_push(t, REC_RULE, i);

		/* The last is one that the trace does not name. */
		r->conn = i < 3 ? serials[2 - i] : 4000000000u;
		trace_change_put(t, r->serial, &change);
	}
	scenery_init(&s, t);
	for (int i = 0; i < 3; i++) {
		const struct life *life = series_life(&s.story->series, serials[2 - i]);

		ck_assert_ptr_nonnull(life);
		ck_assert_uint_eq(life->conn, serials[2 - i]);
		ck_assert_uint_eq(life->course[COURSE_CWND].points.count, 1);
		ck_assert_int_eq(life->course[COURSE_CWND].points.at[0].value, 100 + i);
	}
	ck_assert_ptr_null(series_life(&s.story->series, 4000000000u));
	ck_assert_ptr_null(series_life(&s.story->series, 1));
	ck_assert_uint_eq(s.story->series.lives.count, 3);
	scenery_fini(&s);
}
END_TEST

/* ---- a conversation -------------------------------------------------------------------------- */

static const usec MS = USEC_PER_MS;
static const uint32_t iss = 4294967290u; /* soon it wraps */

static void put(struct trace *t, enum tcb_field f, int64_t value)
{
	struct tcb_change change = {.field = f, .new = value};

	trace_change_put(t, trace_count(t) - 1, &change);
}

static struct record *push(struct trace *t, enum record_kind kind, usec at, uint8_t host)
{
	struct record *r = trace_push(t, kind, at);

	r->host = host;
	r->peer = !host;
	r->conn = 1u + host;
	return r;
}

static uint64_t say(struct trace *t, usec at, uint32_t from, uint32_t len, int again)
{
	struct record *r = push(t, REC_SEND, at, 0);

	r->seg = (struct seg){.seq = seq(iss + from), .ctl = ACK, .len = len};
	r->seg.rexmit = (uint8_t)again;
	return r->serial;
}

static void acked(struct trace *t, usec at, uint32_t to)
{
	push(t, REC_ARRIVE, at, 0)->of = trace_count(t) - 1;
	put(t, F_snd_una, (uint32_t)(iss + to));
}

/* Of three times a hundred octets the second is lost and said again. */
static struct trace *three_words(void)
{
	struct trace *t = trace_new();
	uint64_t lost;

	for (int i = 0; i < 2; i++) {
		trace_add_host(t,
			       &(struct trace_host){.name = i ? "li" : "zhang",
						    .title = {i ? "Li" : "Zhang", i ? "李" : "张"},
						    .profile = "rfc"});
		trace_add_conn(t, &(struct trace_conn){.serial = 1u + (unsigned)i,
						       .host = (uint8_t)i,
						       .peer = (uint8_t)!i});
	}
	push(t, REC_STATE, 0, 0)->to = ESTABLISHED;
	put(t, F_iss, iss);
	put(t, F_snd_una, (uint32_t)(iss + 1));
	put(t, F_snd_wnd, 100);
	put(t, F_cwnd, 200);
	put(t, F_ssthresh, 300);
	push(t, REC_STATE, 0, 1)->to = ESTABLISHED;
	/* It takes 50 ms from one to the other. */
	lost = push(t, REC_SEND, 0, 1)->serial;
	push(t, REC_ARRIVE, 50 * MS, 0)->of = lost;
	say(t, 100 * MS, 1, 100, 0);
	lost = say(t, 150 * MS, 101, 100, 0);
	push(t, REC_WIND, 150 * MS, 0)->of = lost;
	acked(t, 200 * MS, 101);
	put(t, F_cwnd, 300);
	put(t, F_recovering, 1);
	say(t, 250 * MS, 101, 100, 1);
	acked(t, 300 * MS, 201);
	put(t, F_recovering, 0);
	say(t, 300 * MS, 201, 100, 0);
	return t;
}

enum { ROWS = 12, COLUMNS = 59 + 9, PLOT_ROWS = 10, MARGIN = 8 };

static struct canvas draw(struct scenery *s, int rows, int columns)
{
	struct canvas c;

	canvas_init(&c, rows, columns, false);
	moment_go(&s->moment, s->trace, s->player.cursor);
	view_graph(&c, (struct area){0, 0, rows, columns}, &s->view, NULL);
	ck_assert(canvas_is_sound(&c));
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

/* Where a number stands: the time axis is 0 to 300 ms, the other 0 to `high`. */
static int column_of(usec at)
{
	return MARGIN + (int)(at * (COLUMNS - MARGIN - 1) / (300 * MS));
}

static int row_of(int64_t value, int64_t high)
{
	return 1 + (int)((high - value) * (PLOT_ROWS * 4 - 1) / high) / 4;
}

/* Of a dashed line one of two cells. */
static bool is_peers(const struct canvas *c, int row, int column)
{
	return canvas_at(c, row, column)->role == ROLE_LINE_1 ||
	       canvas_at(c, row, column + 1)->role == ROLE_LINE_1;
}

START_TEST(segments_stand_where_they_were_said)
{
	struct scenery s;
	struct canvas c;

	scenery_init(&s, three_words());
	player_key(&s.player, 'G');
	c = draw(&s, ROWS, COLUMNS);
	ck_assert(has_text(&c, "graph: Zhang → Li"));
	/* [1, 101) at 100 ms: an upright stroke with a head at each end. */
	ck_assert_str_eq(canvas_at(&c, row_of(100, 400), column_of(100 * MS))->text, "↑");
	ck_assert_str_eq(canvas_at(&c, row_of(1, 400), column_of(100 * MS))->text, "↓");
	/* [101, 201) at 150 ms was lost, at 250 ms said again. */
	ck_assert_str_eq(
		canvas_at(&c, (row_of(200, 400) + row_of(101, 400)) / 2, column_of(150 * MS))->text,
		"×");
	ck_assert_str_eq(canvas_at(&c, row_of(200, 400) - 1, column_of(250 * MS))->text, "R");
	/* The window's edge: 1 + 100 at first, 201 + 100 at last. */
	ck_assert(is_peers(&c, row_of(101, 400), column_of(50 * MS)));
	ck_assert(is_peers(&c, row_of(201, 400), column_of(220 * MS)));
	ck_assert(canvas_is_blank(&c, row_of(301, 400), column_of(220 * MS)));
	canvas_fini(&c);
	/* Before the loss is told there is no sign of it. */
	player_seek(&s.player, 150 * MS);
	c = draw(&s, ROWS, COLUMNS);
	ck_assert(has_text(&c, "↑"));
	for (int row = 1; row <= PLOT_ROWS; row++) {
		for (int column = MARGIN; column < COLUMNS; column++)
			ck_assert_str_ne(canvas_at(&c, row, column)->text, "×");
	}
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

START_TEST(phases_are_told)
{
	struct scenery s;
	struct canvas c;

	scenery_init(&s, three_words());
	s.player.graph = GRAPH_CWND_FIRST;
	player_key(&s.player, 'G');
	c = draw(&s, ROWS, COLUMNS);
	ck_assert(has_text(&c, "slow start"));
	ck_assert(has_text(&c, "fast recovery"));
	ck_assert(has_text(&c, "graph: Zhang  cwnd"));
	canvas_fini(&c);
	s.player.graph = GRAPH_CWND_SECOND;
	c = draw(&s, ROWS, COLUMNS);
	ck_assert(has_text(&c, "graph: Li  cwnd"));
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

START_TEST(nearer_is_finer)
{
	struct scenery s;
	struct canvas c;

	scenery_init(&s, three_words());
	player_key(&s.player, 'G');
	c = draw(&s, ROWS, COLUMNS);
	ck_assert(has_text(&c, "0.1 s"));
	canvas_fini(&c);
	s.player.scrolled[panel_index(PANEL_GRAPH)] = 2;
	c = draw(&s, ROWS, COLUMNS);
	ck_assert(has_text(&c, "0.26 s"));
	ck_assert(!has_text(&c, "0.1 s"));
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

/* A long silence does not press what was said into a corner. */
START_TEST(long_after_the_last_word_the_axis_stands)
{
	struct scenery s;
	struct canvas a, b;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 3200 * MS);
	s.player.now = 10 * USEC_PER_S;
	a = draw(&s, ROWS, COLUMNS);
	ck_assert(has_text(&a, "now 10.0 s"));
	s.player.now = 30 * USEC_PER_S;
	b = draw(&s, ROWS, COLUMNS);
	for (int row = 0; row < ROWS - 1; row++) {
		for (int column = 0; column < COLUMNS; column++)
			ck_assert_str_eq(canvas_at(&a, row, column)->text,
					 canvas_at(&b, row, column)->text);
	}
	canvas_fini(&a);
	canvas_fini(&b);
	scenery_fini(&s);
}
END_TEST

START_TEST(the_key_goes_through_all_graphs)
{
	struct scenery s;

	scenery_init(&s, three_words());
	for (int i = 0; i < GRAPHS; i++) {
		player_key(&s.player, '6');
		ck_assert(player_shown(&s.player) & PANEL_GRAPH);
		ck_assert_int_eq(player_focus(&s.player), PANEL_GRAPH);
		ck_assert_int_eq(s.player.graph, i);
	}
	player_key(&s.player, '6');
	ck_assert(!(player_shown(&s.player) & PANEL_GRAPH));
	ck_assert_int_eq(s.player.graph, GRAPH_SEQ_FIRST);
	scenery_fini(&s);
}
END_TEST

/* ---- for every panel ------------------------------------------------------------------------- */

static struct trace *some(int i)
{
	return i == 0 ? fixture_first_wave() : i == 1 ? three_words() : fixture_storm();
}

static void draw_all(struct scenery *s, struct canvas out[4])
{
	static const struct area a = {0, 0, 32, 80};

	moment_go(&s->moment, s->trace, s->player.cursor);
	for (int i = 0; i < 4; i++)
		canvas_init(&out[i], a.rows, a.columns, false);
	view_states(&out[0], a, &s->view, NULL);
	view_tcb(&out[1], a, &s->view, NULL);
	view_windows(&out[2], (struct area){0, 0, 9, 80}, &s->view, NULL);
	view_graph(&out[3], (struct area){0, 0, 14, 80}, &s->view, NULL);
}

/* Cut off behind this moment, a trace gives the same picture of it. */
START_TEST(the_future_does_not_show)
{
	struct scenery whole;

	scenery_init(&whole, some(_i));
	while (!player_is_at_end(&whole.player)) {
		struct scenery cut;
		struct trace *t;
		struct canvas a[4], b[4];

		player_key(&whole.player, '.');
		/* When a loss is shown depends on how long others take. */
		if (whole.story->stops.at[player_stop(&whole.player)].lost >= 0)
			continue;
		t = some(_i);
		trace_rewind(t, whole.player.cursor);
		scenery_init(&cut, t);
		cut.player.now = whole.player.now;
		cut.player.cursor = whole.player.cursor;
		for (int kind = 0; kind < GRAPHS; kind++) {
			whole.player.graph = cut.player.graph = (enum graph_kind)kind;
			draw_all(&whole, a);
			draw_all(&cut, b);
			for (int i = 0; i < 4; i++) {
				ck_assert_msg(canvas_eq(&a[i], &b[i]), "panel %d at %lld us", i,
					      (long long)whole.player.now);
				canvas_fini(&a[i]);
				canvas_fini(&b[i]);
			}
		}
		scenery_fini(&cut);
	}
	scenery_fini(&whole);
}
END_TEST

/* Forward and back again at a size that shows all of them. */
START_TEST(going_back_shows_what_was_shown)
{
	enum { STEPS = 100 };
	static struct canvas seen[STEPS];
	struct scenery s;
	int n = 0;

	scenery_init(&s, some(_i));
	s.player.lang = LANG_BOTH;
	for (; n < STEPS && !player_is_at_end(&s.player); n++) {
		seen[n] = scenery_draw(&s, 60, 200);
		ck_assert(canvas_is_sound(&seen[n]));
		player_key(&s.player, '.');
	}
	while (n-- > 0) {
		struct canvas again;

		player_key(&s.player, ',');
		again = scenery_draw(&s, 60, 200);
		ck_assert(canvas_eq(&again, &seen[n]));
		canvas_fini(&again);
		canvas_fini(&seen[n]);
	}
	scenery_fini(&s);
}
END_TEST

START_TEST(any_size_is_sound)
{
	struct scenery s;

	scenery_init(&s, some(_i));
	player_key(&s.player, 'G');
	for (int kind = 0; kind < GRAPHS; kind++) {
		s.player.graph = (enum graph_kind)kind;
		for (int rows = 1; rows < 20; rows += 2) {
			for (int columns = 8; columns < 140; columns += 3) {
				struct canvas c = draw(&s, rows, columns);

				canvas_fini(&c);
			}
		}
	}
	scenery_fini(&s);
}
END_TEST

Suite *graph_suite(void)
{
	Suite *s = suite_create("graph");
	TCase *t = tcase_create("graphs");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, dots_are_braille);
	tcase_add_test(t, connections_may_have_any_number);
	tcase_add_test(t, axes_are_round);
	tcase_add_test(t, a_course_is_found_as_by_looking_at_all_of_it);
	tcase_add_test(t, segments_stand_where_they_were_said);
	tcase_add_test(t, phases_are_told);
	tcase_add_test(t, nearer_is_finer);
	tcase_add_test(t, long_after_the_last_word_the_axis_stands);
	tcase_add_test(t, the_key_goes_through_all_graphs);
	tcase_add_loop_test(t, the_future_does_not_show, 0, 3);
	tcase_add_loop_test(t, going_back_shows_what_was_shown, 0, 3);
	tcase_add_loop_test(t, any_size_is_sound, 0, 3);
	suite_add_tcase(s, t);
	return s;
}
