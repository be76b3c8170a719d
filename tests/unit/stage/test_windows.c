/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <base/prng.h>
#include <stage/scale.h>
#include <stage/space.h>
#include "scenery.h"

/* ---- the scale ------------------------------------------------------------------------------- */

START_TEST(near_numbers_share_one_scale)
{
	struct scale s = {0};

	scale_add(&s, 400);
	scale_add(&s, 0);
	scale_add(&s, 100);
	scale_add(&s, 100);
	ck_assert_int_eq(s.edges, 3);
	ck_assert(scale_deal(&s, 80));
	ck_assert(!s.is_broken[0] && !s.is_broken[1]);
	ck_assert_int_eq(scale_column(&s, 0), 0);
	ck_assert_int_eq(scale_column(&s, 100), 20);
	ck_assert_int_eq(scale_column(&s, 200), 40);
	ck_assert_int_eq(scale_column(&s, 400), 80);
	ck_assert_int_eq(scale_column(&s, 9999), 80);
	ck_assert_int_eq(scale_column(&s, -5), 0);
	ck_assert_int_eq(s.octets / s.cells, 5);
}
END_TEST

/* Seven octets beside sixty-five thousand: the far stretch is broken, the seven are to be seen. */
START_TEST(far_numbers_are_broken_off)
{
	struct scale s = {0};

	scale_add(&s, 1000);
	scale_add(&s, 1007);
	scale_add(&s, 1014);
	scale_add(&s, 66542);
	ck_assert(scale_deal(&s, 60));
	ck_assert(!s.is_broken[0] && !s.is_broken[1] && s.is_broken[2]);
	ck_assert_int_eq(s.column[1] - s.column[0], s.column[2] - s.column[1]);
	ck_assert_int_ge(s.column[1], 14);
	ck_assert_int_eq(s.column[3], 60);
}
END_TEST

START_TEST(too_many_edges_are_no_scale)
{
	struct scale s = {0};

	ck_assert(!scale_deal(&s, 100));
	scale_add(&s, 1);
	ck_assert(!scale_deal(&s, 100));
	for (int i = 0; i < 2 * SCALE_EDGES; i++)
		scale_add(&s, i);
	ck_assert_int_eq(s.edges, SCALE_EDGES);
	ck_assert(!scale_deal(&s, SCALE_EDGES));
	ck_assert(scale_deal(&s, 900));
}
END_TEST

static const char *check_scale(const struct scale *s, int columns)
{
	int cells = 0;
	int64_t octets = 0;

	for (int i = 0; i + 1 < s->edges; i++) {
		int width = s->column[i + 1] - s->column[i];
		int64_t length = s->edge[i + 1] - s->edge[i];

		if (width < SCALE_LEAST - 1)
			return "a stretch cannot be seen";
		if (s->is_broken[i])
			continue;
		cells += width;
		octets += length;
		/* Within a column of its share. */
		if (llabs(length * s->cells - (int64_t)width * s->octets) > s->octets)
			return "a whole stretch is out of proportion";
	}
	if (octets > 0 && (cells != s->cells || octets != s->octets))
		return "the scale is told wrong";
	if (s->column[0] != 0 || s->column[s->edges - 1] > columns)
		return "it does not fit";
	return NULL;
}

START_TEST(any_scale_is_in_proportion)
{
	struct prng chance;

	prng_init(&chance, 4711, 0);

	for (int round = 0; round < 4000; round++) {
		struct scale s = {0};
		int n = 2 + (int)(prng_below(&chance, 10));
		int columns = 48 + (int)(prng_below(&chance, 120));
		const char *wrong;

		for (int i = 0; i < n; i++)
			scale_add(&s,
				  (int64_t)(prng_u64(&chance) >> (32 + prng_below(&chance, 31))));
		if (!scale_deal(&s, columns))
			continue;
		wrong = check_scale(&s, columns);
		ck_assert_msg(!wrong, "round %d: %s", round, wrong);
		for (int i = 0; i < s.edges; i++)
			ck_assert_int_eq(scale_column(&s, s.edge[i]), s.column[i]);
	}
}
END_TEST

/* ---- sequence space -------------------------------------------------------------------------- */

struct sender {
	uint32_t una, nxt, wnd;
};

static void put(struct trace *t, enum tcb_field f, int64_t value)
{
	struct tcb_change change = {.field = f, .new = value};

	trace_change_put(t, trace_count(t) - 1, &change);
}

static struct trace *two_people(void)
{
	struct trace *t = trace_new();

	for (int i = 0; i < 2; i++) {
		trace_add_host(t,
			       &(struct trace_host){.name = i ? "li" : "zhang",
						    .title = {i ? "Li" : "Zhang", i ? "李" : "张"},
						    .profile = "rfc"});
		trace_add_conn(t, &(struct trace_conn){.serial = 1u + (unsigned)i,
						       .host = (uint8_t)i,
						       .peer = (uint8_t)!i,
						       .port = 7,
						       .peer_port = 7});
	}
	return t;
}

static struct record *push(struct trace *t, enum record_kind kind, uint8_t host)
{
	struct record *r = trace_push(t, kind, (usec)trace_count(t));

	r->host = host;
	r->peer = !host;
	r->conn = 1u + host;
	return r;
}

/* Zhang's ISS is 4 billion, so that his numbers wrap. */
static const uint32_t iss = 4294967000u;

static void establish(struct trace *t, uint8_t host, struct sender own)
{
	struct record *r = push(t, REC_STATE, host);

	r->from = SYN_RECEIVED;
	r->to = ESTABLISHED;
	put(t, F_iss, host == 0 ? iss : 5000);
	put(t, F_irs, host == 0 ? 5000 : iss);
	put(t, F_snd_una, own.una);
	put(t, F_snd_nxt, own.nxt);
	put(t, F_snd_wnd, own.wnd);
}

/* Five segments of 100 octets, of which the second and the fifth did not come. */
static struct trace *with_holes(bool has_sack)
{
	struct trace *t = two_people();
	static const int arrived[] = {0, 2, 3};
	uint32_t first = iss + 1;

	establish(t, 0, (struct sender){first, first + 500, 1000});
	put(t, F_flight, 500);
	put(t, F_cwnd, 700);
	put(t, F_snd_queued, 600);
	put(t, F_rcv_nxt, 5001);
	put(t, F_rcv_wnd, 4000);
	establish(t, 1, (struct sender){5001, 5001, 4000});
	put(t, F_rcv_nxt, first);
	put(t, F_rcv_wnd, 1000);
	for (int i = 0; i < 3; i++) {
		struct record *r = push(t, REC_ARRIVE, 1);

		r->seg = (struct seg){.seq = seq(first + 100 * (uint32_t)arrived[i]),
				      .ack = seq(5001),
				      .len = 100,
				      .ctl = ACK};
		if (i == 0) {
			put(t, F_rcv_nxt, first + 100);
			put(t, F_rcv_wnd, 900);
			put(t, F_rcv_user, 30);
		}
		if (i == 1)
			put(t, F_rcv_held, 1);
	}
	if (has_sack) {
		struct record *r = push(t, REC_ARRIVE, 0);

		r->seg = (struct seg){.seq = seq(5001), .ack = seq(first + 100), .ctl = ACK};
		r->seg.opts = OPT_SACK;
		r->seg.sacks = 1;
		r->seg.sack[0].left = seq(first + 200);
		r->seg.sack[0].right = seq(first + 400);
		put(t, F_snd_una, first + 100);
		put(t, F_flight, 400);
	}
	return t;
}

START_TEST(both_ends_are_seen_on_one_line)
{
	struct scenery s;
	struct space space;

	scenery_init(&s, with_holes(true));
	player_key(&s.player, 'G');
	moment_go(&s.moment, s.trace, s.player.cursor);
	space_find(&space, &s.view, 0, 1);
	ck_assert(space.has_sender && space.has_receiver);
	ck_assert_int_eq(space.una, 101);
	ck_assert_int_eq(space.nxt, 501);
	ck_assert_int_eq(space.edge, 1101);
	ck_assert_int_eq(space.cwnd, 801);
	ck_assert_int_eq(space.queued, 701);
	ck_assert_int_eq(space.read, 71);
	ck_assert_int_eq(space.rcv_nxt, 101);
	ck_assert_int_eq(space.rcv_edge, 1001);
	ck_assert_int_eq(space.helds, 1);
	ck_assert_int_eq(space.held[0].low, 201);
	ck_assert_int_eq(space.held[0].high, 401);
	ck_assert_int_eq(space.sackeds, 1);
	ck_assert_int_eq(space.sacked[0].low, 201);
	ck_assert_int_eq(space.sacked[0].high, 401);
	space_find(&space, &s.view, 1, 0);
	ck_assert_int_eq(space.helds, 0);
	ck_assert_int_eq(space.sackeds, 0);
	scenery_fini(&s);
}
END_TEST

/* ---- drawn ----------------------------------------------------------------------------------- */

static struct canvas draw(struct scenery *s, int rows, int columns)
{
	struct canvas c;

	canvas_init(&c, rows, columns, false);
	moment_go(&s->moment, s->trace, s->player.cursor);
	view_windows(&c, (struct area){0, 0, rows, columns}, &s->view, NULL);
	ck_assert(canvas_is_sound(&c));
	return c;
}

static int count(const struct canvas *c, int row, const char *glyph)
{
	int n = 0;

	for (int column = 0; column < c->columns; column++)
		n += strcmp(canvas_at(c, row, column)->text, glyph) == 0;
	return n;
}

static int find(const struct canvas *c, int row, const char *glyph)
{
	for (int column = 0; column < c->columns; column++) {
		if (strcmp(canvas_at(c, row, column)->text, glyph) == 0)
			return column;
	}
	return -1;
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

START_TEST(the_same_octet_stands_above_itself)
{
	struct scenery s;
	struct canvas c;

	scenery_init(&s, with_holes(true));
	player_key(&s.player, 'G');
	c = draw(&s, 7, 126);
	/* SACKed by the sender, held by the receiver: the same columns. */
	ck_assert_int_gt(count(&c, 1, "▓"), 3);
	ck_assert_int_eq(find(&c, 1, "▓"), find(&c, 3, "▓"));
	/* The hole before it: in flight above, nothing below. */
	ck_assert_str_eq(canvas_at(&c, 3, find(&c, 3, "▓") - 1)->text, "·");
	ck_assert_str_eq(canvas_at(&c, 1, find(&c, 1, "▓") - 1)->text, "█");
	ck_assert(has_text(&c, "SACKed 200"));
	ck_assert(has_text(&c, "held 200"));
	ck_assert(has_text(&c, "usable 400"));
	ck_assert(has_text(&c, "held: from what arrived"));
	ck_assert_int_eq(count(&c, 1, "┃"), 1);
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

START_TEST(numbers_stand_at_their_edges)
{
	struct scenery s;
	struct canvas c;

	scenery_init(&s, with_holes(true));
	player_key(&s.player, 'G');
	c = draw(&s, 7, 126);
	ck_assert(has_text(&c, "71↓"));
	ck_assert(has_text(&c, "↕101"));
	ck_assert(has_text(&c, "↑501"));
	ck_assert(has_text(&c, "↑cwnd 700"));
	ck_assert(has_text(&c, "↓1001"));
	canvas_fini(&c);
	s.player.is_absolute = true;
	c = draw(&s, 7, 126);
	ck_assert(has_text(&c, "↑205")); /* 4294967000 + 501, modulo 2^32 */
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

START_TEST(what_is_shut_says_so_in_every_height)
{
	for (int rows = 3; rows <= 9; rows += 2) {
		struct trace *t = two_people();
		struct scenery s;
		struct canvas c;

		establish(t, 0, (struct sender){iss + 1, iss + 1, 0});
		establish(t, 1, (struct sender){5001, 5001, 500});
		scenery_init(&s, t);
		player_key(&s.player, 'G');
		c = draw(&s, rows, 80);
		ck_assert(has_text(&c, "window shut"));
		ck_assert(has_text(&c, "usable 500"));
		canvas_fini(&c);
		scenery_fini(&s);
	}
}
END_TEST

/* Wherever a number is far from the others its break is seen. */
START_TEST(seven_octets_of_a_large_window_are_seen)
{
	struct scenery s;
	struct canvas c;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1205 * USEC_PER_MS);
	c = draw(&s, 7, 76);
	ck_assert(has_text(&c, "in flight 7"));
	ck_assert_int_ge(count(&c, 1, "█"), 7);
	ck_assert_int_ge(count(&c, 1, "≈"), 1);
	ck_assert_int_ge(count(&c, 3, "≈"), 1);
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

START_TEST(any_size_is_sound)
{
	struct scenery s;

	scenery_init(&s, with_holes(_i == 1));
	player_key(&s.player, 'G');
	for (int rows = 1; rows < 12; rows++) {
		for (int columns = 10; columns < 130; columns++) {
			struct canvas c = draw(&s, rows, columns);

			canvas_fini(&c);
		}
	}
	scenery_fini(&s);
}
END_TEST

Suite *windows_suite(void)
{
	Suite *s = suite_create("windows");
	TCase *t = tcase_create("sequence space");

	tcase_add_test(t, near_numbers_share_one_scale);
	tcase_add_test(t, far_numbers_are_broken_off);
	tcase_add_test(t, too_many_edges_are_no_scale);
	tcase_add_test(t, any_scale_is_in_proportion);
	tcase_add_test(t, both_ends_are_seen_on_one_line);
	tcase_add_test(t, the_same_octet_stands_above_itself);
	tcase_add_test(t, numbers_stand_at_their_edges);
	tcase_add_test(t, what_is_shut_says_so_in_every_height);
	tcase_add_test(t, seven_octets_of_a_large_window_are_seen);
	tcase_add_loop_test(t, any_size_is_sound, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
