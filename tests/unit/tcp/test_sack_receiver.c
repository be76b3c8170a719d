/* SPDX-License-Identifier: MIT */
/* RFC 2018 section 4 and RFC 2883 section 4: what the receiver tells of text out of order, and of
 * text that comes twice. */
#include "fixture.h"
#include "suites.h"

static void begin(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.sack = true;
	e->profile.dsack = true;
	e->opts = OPT_SACK_PERMITTED;
}

static void selective(struct end *e, int iss_case)
{
	begin(e, iss_case);
	tcb_in(e, ESTABLISHED);
}

/* The peer's octets `from` up to `to`, counted as its sequence numbers. */
static void comes(struct end *e, int64_t from, int64_t to)
{
	arrives(e, ACK, from, 1, (uint32_t)(to - from));
}

/* An ACK with these blocks, left and right by turns; -1 ends them. */
static void expect_blocks(struct end *e, int64_t ack, const int64_t *edges)
{
	const struct seg *s = expect(e, ACK, 1, ack, 0);
	int n = 0;

	for (; edges[2 * n] >= 0; n++) {
		expect_that(e, n < s->sacks);
		expect_number(e, seq_span(e->irs, s->sack[n].left), edges[2 * n]);
		expect_number(e, seq_span(e->irs, s->sack[n].right), edges[2 * n + 1]);
	}
	expect_number(e, s->sacks, n);
	expect_number(e, (s->opts & OPT_SACK) != 0, n > 0);
	expect_nothing(e);
}

#define BLOCKS(...) ((const int64_t[]){__VA_ARGS__ __VA_OPT__(, ) - 1})

START_TEST(it_is_permitted_in_the_syn_and_only_then_told)
{
	static struct end e;

	begin(&e, _i);
	call_open(&e, OPEN_ACTIVE);
	expect_that(&e, (expect(&e, SYN, 0, 0, 0)->opts & OPT_SACK_PERMITTED) != 0);
	e.opts = 0; /* the peer does not: MUST NOT send SACK options */
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect(&e, ACK, 1, 1, 0);
	comes(&e, 501, 1001);
	expect_blocks(&e, 1, BLOCKS());

	begin(&e, _i);
	e.opts = 0;
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	expect_number(&e, expect(&e, SYN | ACK, 0, 1, 0)->opts, OPT_MSS);

	begin(&e, _i);
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	expect_number(&e, expect(&e, SYN | ACK, 0, 1, 0)->opts, OPT_MSS | OPT_SACK_PERMITTED);
}
END_TEST

START_TEST(the_first_of_a_burst_is_lost)
{
	static struct end e;

	/* RFC 2018 section 7, case 2: segments of 500 from 5000 on, the first is missing. */
	selective(&e, _i);
	for (int64_t right = 1001; right <= 4001; right += 500) {
		comes(&e, right - 500, right);
		expect_blocks(&e, 1, BLOCKS(501, right));
	}
	comes(&e, 1, 501);
	expect_blocks(&e, 4001, BLOCKS());
}
END_TEST

START_TEST(every_other_of_a_burst_is_lost)
{
	static struct end e;

	/* Case 3: the second, fourth, sixth and last of eight are missing. */
	selective(&e, _i);
	comes(&e, 1, 501);
	forget(&e);
	after(&e, S(1));
	forget(&e);
	comes(&e, 1001, 1501);
	expect_blocks(&e, 501, BLOCKS(1001, 1501));
	comes(&e, 2001, 2501);
	expect_blocks(&e, 501, BLOCKS(2001, 2501, 1001, 1501));
	comes(&e, 3001, 3501);
	expect_blocks(&e, 501, BLOCKS(3001, 3501, 2001, 2501, 1001, 1501));
	/* "The 4th packet is received out of order": then the second. */
	comes(&e, 1501, 2001);
	expect_blocks(&e, 501, BLOCKS(1001, 2501, 3001, 3501));
	comes(&e, 501, 1001);
	expect_blocks(&e, 2501, BLOCKS(3001, 3501));
}
END_TEST

START_TEST(four_blocks_fit_three_with_timestamps)
{
	static struct end e;

	selective(&e, _i);
	for (int64_t at = 100; at <= 500; at += 100)
		comes(&e, at, at + 10);
	e.taken = e.outs - 1;
	expect_blocks(&e, 1, BLOCKS(500, 510, 400, 410, 300, 310, 200, 210));
	comes(&e, 100, 110); /* the fifth comes again: now it is the most recent */
	expect_blocks(&e, 1, BLOCKS(100, 110, 100, 110, 500, 510, 400, 410));

	begin(&e, _i);
	e.profile.timestamps = true;
	e.opts |= OPT_TIMESTAMPS;
	tcb_in(&e, ESTABLISHED);
	for (int64_t at = 100; at <= 500; at += 100)
		comes(&e, at, at + 10);
	e.taken = e.outs - 1;
	expect_blocks(&e, 1, BLOCKS(500, 510, 400, 410, 300, 310));
}
END_TEST

START_TEST(every_ack_tells_while_anything_is_held)
{
	static struct end e;

	selective(&e, _i);
	comes(&e, 1001, 2001);
	forget(&e);
	call_send(&e, 5000, SEND_PUSH);
	for (int i = 0; i < 5; i++) { /* text leaves room for the block: 1000 - 4 - 8 */
		const struct seg *s = expect(&e, ACK, 1 + 988 * i, 1, 988);

		expect_number(&e, s->sacks, 1);
		expect_number(&e, seq_span(e.irs, s->sack[0].left), 1001);
	}
}
END_TEST

START_TEST(what_is_sent_again_carries_the_blocks_that_fit)
{
	static struct end e;

	selective(&e, _i);
	call_send(&e, 1000, SEND_PUSH);
	forget(&e);
	comes(&e, 1001, 2001);
	forget(&e);
	after(&e, S(1)); /* a full segment again: no room, and no ACK was owed */
	expect_number(&e, expect(&e, ACK, 1, 1, 1000)->sacks, 0);
	expect_nothing(&e);
}
END_TEST

/* ---- text that comes twice ------------------------------------------------------------------ */

START_TEST(text_that_comes_twice_is_told_first)
{
	/* What is acknowledged, three runs held, the segment, and what must come of it. */
	static const struct {
		const char *name;
		int64_t from, to, ack;
		int64_t edges[9];
	} rows[] = {
		{"4.1.1: wholly old", 50, 90, 100, {50, 90, 600, 700, 400, 500, 200, 300, -1}},
		{"4.1.2: wholly in a run",
		 650,
		 680,
		 100,
		 {650, 680, 600, 700, 400, 500, 200, 300, -1}},
		{"a run itself", 200, 300, 100, {200, 300, 200, 300, 600, 700, 400, 500, -1}},
		{"4.2.1: old and new, in order",
		 50,
		 150,
		 150,
		 {50, 100, 600, 700, 400, 500, 200, 300, -1}},
		{"old, new and held: the first is told", 50, 475, 500, {50, 100, 600, 700, -1}},
		{"4.2.2: part of a run, and new behind it",
		 250,
		 350,
		 100,
		 {250, 300, 200, 350, 600, 700, 400, 500, -1}},
		{"4.2.3: of two runs the first", 250, 475, 100, {250, 300, 200, 500, 600, 700, -1}},
		{"new, a run, new", 150, 350, 100, {200, 300, 150, 350, 600, 700, 400, 500, -1}},
		{"new in order, then a run", 100, 500, 500, {200, 300, 600, 700, -1}},
		{"all of it, and new at the end", 1, 800, 800, {1, 100, -1}},
		{"nothing twice", 300, 400, 100, {200, 500, 600, 700, -1}},
		{"nothing twice, in order", 100, 200, 300, {600, 700, 400, 500, -1}},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		selective(&e, _i);
		e.profile.ack_delay = 0;
		comes(&e, 1, 100);
		comes(&e, 200, 300);
		comes(&e, 400, 500);
		comes(&e, 600, 700);
		forget(&e);
		story_add("-- %s\n", rows[i].name);
		comes(&e, rows[i].from, rows[i].to);
		expect_blocks(&e, rows[i].ack, rows[i].edges);
	}
}
END_TEST

START_TEST(it_is_told_once_and_by_who_knows_how)
{
	static struct end e;

	selective(&e, _i);
	comes(&e, 1, 101);
	comes(&e, 1, 101);
	expect_blocks(&e, 101, BLOCKS(1, 101));
	arrives(&e, ACK, 5, 1, 0); /* an ACK for another reason */
	expect_blocks(&e, 101, BLOCKS());

	selective(&e, _i);
	e.profile.dsack = false;
	comes(&e, 1, 101);
	comes(&e, 1, 101);
	expect_blocks(&e, 101, BLOCKS());
}
END_TEST

START_TEST(partly_old_text_is_acknowledged_at_once)
{
	static struct end e;

	selective(&e, _i);
	comes(&e, 1, 101);
	expect_nothing(&e); /* delayed */
	comes(&e, 51, 151);
	expect_blocks(&e, 151, BLOCKS(51, 101));
}
END_TEST

START_TEST(what_was_heard_of_last_is_part_of_the_value)
{
	static struct end a, b;
	struct tcb copy;

	selective(&a, _i);
	selective(&b, _i);
	comes(&a, 101, 201);
	comes(&a, 301, 401);
	comes(&b, 301, 401);
	comes(&b, 101, 201);
	expect_number(&a, a.tcb.rcv.held_count, b.tcb.rcv.held_count);
	expect_that(&a, !tcb_eq(&a.tcb, &b.tcb, &a.pool, &b.pool));
	expect_that(&a, tcb_hash(&a.tcb, &a.pool) != tcb_hash(&b.tcb, &b.pool));

	uint32_t free = a.pool.free_count;

	tcb_copy(&copy, &a.tcb, &a.env);
	expect_that(&a, tcb_eq(&copy, &a.tcb, &a.pool, &a.pool));
	expect_number(&a, free - a.pool.free_count, tcb_blocks(&a.tcb, &a.pool));
	tcb_fini(&copy, &a.env);
	tcb_fini(&a.tcb, &a.env);
	expect_number(&a, a.pool.free_count, END_BLOCKS - 1);
}
END_TEST

Suite *sack_receiver_suite(void)
{
	Suite *s = suite_create("sack receiver");
	TCase *tc = tcase_create("SACK, the receiver's part");

	tcase_add_loop_test(tc, it_is_permitted_in_the_syn_and_only_then_told, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_first_of_a_burst_is_lost, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_other_of_a_burst_is_lost, 0, ISS_CASES);
	tcase_add_loop_test(tc, four_blocks_fit_three_with_timestamps, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_ack_tells_while_anything_is_held, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_sent_again_carries_the_blocks_that_fit, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_that_comes_twice_is_told_first, 0, ISS_CASES);
	tcase_add_loop_test(tc, it_is_told_once_and_by_who_knows_how, 0, ISS_CASES);
	tcase_add_loop_test(tc, partly_old_text_is_acknowledged_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_was_heard_of_last_is_part_of_the_value, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
