/* SPDX-License-Identifier: MIT */
/* Segments in any order, cut and overlapping in any way: the user reads the stream, once, in order.
 * The model is a map with one mark an octet. */
#include <string.h>
#include <base/prng.h>
#include <tcp/queues.h>
#include "fixture.h"
#include "suites.h"

enum { STREAM = 4000, SEEDS = 150 };

struct map {
	bool has[STREAM + 1]; /* and the FIN's */
	uint32_t prefix;
};

static void mark(struct map *m, uint32_t from, uint32_t len, bool has_fin)
{
	for (uint32_t i = from; i < from + len; i++)
		m->has[i] = true;
	if (has_fin)
		m->has[STREAM] = true;
	while (m->prefix <= STREAM && m->has[m->prefix])
		m->prefix++;
}

/* A random cut of the stream; the last octet brings the FIN along, at times. */
static void arrive_piece(struct end *e, struct prng *p, struct map *m, uint32_t longest)
{
	uint32_t from = (uint32_t)prng_below(p, STREAM);
	uint32_t len = 1 + (uint32_t)prng_below(p, longest);

	if (from + len > STREAM)
		len = STREAM - from;
	bool has_fin = from + len == STREAM && prng_below(p, 2);
	mark(m, from, len, has_fin);
	arrives(e, ACK | (has_fin ? FIN : 0), 1 + from, 1, len);
}

/* The ranges held are those of the map behind its prefix. */
static void expect_ranges(struct end *e, const struct map *m)
{
	enum { MOST = 40 };
	struct sack_block ranges[MOST], one;
	size_t n = held_ranges(&e->tcb, ranges, MOST, &e->pool), seen = 0;
	seq32 zero = seq_add(e->irs, 1);

	for (uint32_t from = m->prefix; from < STREAM && seen < MOST;) {
		uint32_t to = from;

		while (to < STREAM && m->has[to])
			to++;
		if (to == from) {
			expect_that(e, !held_run_of(&e->tcb, seq_add(zero, from), &one, &e->pool));
			from++;
			continue;
		}
		expect_that(e, seen < n);
		expect_that(e, seq_eq(ranges[seen].left, seq_add(zero, from)));
		expect_that(e, seq_eq(ranges[seen].right, seq_add(zero, to)));
		expect_that(e,
			    held_run_of(&e->tcb, seq_add(zero, (from + to) / 2), &one, &e->pool));
		expect_that(e, memcmp(&one, &ranges[seen], sizeof one) == 0);
		seen++;
		from = to;
	}
	expect_number(e, (int64_t)seen, (int64_t)n);
}

START_TEST(any_order_and_any_overlap_gives_the_stream)
{
	static struct end e;
	static struct map m;
	struct prng p;
	uint32_t read = 0;

	end_init(&e, "rfc", _i % ISS_CASES);
	memset(&m, 0, sizeof(m));
	prng_init(&p, (uint64_t)_i, 1);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	for (int turn = 0; turn < 2000 && m.prefix <= STREAM; turn++) {
		arrive_piece(&e, &p, &m, _i % 3 == 0 ? 10 : 400);
		/* SHLD-31: what lies before a gap counts at once, what lies behind it when it
		 * closes. */
		expect_number(&e, e.tcb.rcv.nxt.v - e.irs.v - 1, m.prefix);
		if (_i % 3 != 0) /* so many small ones are not all held */
			expect_ranges(&e, &m);
		if (prng_below(&p, 4) == 0)
			read += call_receive(&e, 1 + (uint32_t)prng_below(&p, 700), read, NULL);
		forget(&e);
		story_begin();
	}
	arrives(&e, FIN | ACK, 1, 1, STREAM); /* all of it, once more */
	expect_state(&e, CLOSE_WAIT);
	read += call_receive(&e, UINT32_MAX, read, NULL);
	expect_number(&e, read, STREAM);
	expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
}
END_TEST

START_TEST(with_few_blocks_nothing_wrong_is_read)
{
	static struct end e;
	static struct map m;
	struct prng p;
	uint32_t read = 0, nxt = 0;

	end_init_pool(&e, "rfc", _i % ISS_CASES, 2 + (uint32_t)_i % 7);
	memset(&m, 0, sizeof(m));
	prng_init(&p, (uint64_t)_i, 2);
	e.profile.ack_delay = 0;
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	arrives(&e, ACK, 1, 1, 0);
	expect_state(&e, ESTABLISHED);
	for (int turn = 0; turn < 500; turn++) {
		arrive_piece(&e, &p, &m, 300);
		uint32_t now = seq_span(seq_add(e.irs, 1), e.tcb.rcv.nxt);
		expect_that(&e, now >= nxt);
		expect_that(&e, now <= m.prefix);
		nxt = now;
		if (prng_below(&p, 4) == 0)
			read += call_receive(&e, 1 + (uint32_t)prng_below(&p, 700), read, NULL);
		forget(&e);
		story_begin();
	}
	/* In order it always comes through, however few blocks there are. */
	for (int turn = 0; turn < 100 && nxt < STREAM; turn++) {
		uint32_t len = STREAM - nxt < 500 ? STREAM - nxt : 500;
		arrives(&e, ACK, 1 + nxt, 1, len);
		read += call_receive(&e, UINT32_MAX, read, NULL);
		nxt = seq_span(seq_add(e.irs, 1), e.tcb.rcv.nxt);
		forget(&e);
	}
	expect_number(&e, read, STREAM);
}
END_TEST

START_TEST(backwards)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	for (int i = 99; i > 0; i--)
		arrives(&e, ACK, 1 + 10 * i, 1, 10);
	forget(&e);
	arrives(&e, ACK, 1, 1, 10);
	expect(&e, ACK, 1, 1001, 0);
	expect_number(&e, call_receive(&e, UINT32_MAX, 0, NULL), 1000);
}
END_TEST

START_TEST(every_second_octet_first)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	for (int i = 1; i < 60; i += 2)
		arrives(&e, ACK, 1 + i, 1, 1);
	for (int i = 58; i >= 0; i -= 2) {
		forget(&e);
		arrives(&e, ACK, 1 + i, 1, 1);
		expect(&e, ACK, 1, i == 0 ? 61 : 1, 0);
	}
	expect_number(&e, call_receive(&e, UINT32_MAX, 0, NULL), 60);
}
END_TEST

START_TEST(what_lies_behind_a_fin_is_never_read)
{
	static struct end e;

	/* A peer that lies: text after its FIN. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 21, 1, 10);
	arrives(&e, FIN | ACK, 11, 1, 0);
	arrives(&e, ACK, 1, 1, 10);
	expect_number(&e, call_receive(&e, 10, 0, NULL), 10);
	enum tcp_answer last;
	expect_number(&e, call_receive(&e, 10, 10, &last), 0);
	expect_number(&e, last, TCP_CLOSING);
	expect_state(&e, CLOSE_WAIT);
}
END_TEST

START_TEST(runs_that_touch_are_one_range)
{
	static struct end e;
	struct sack_block range;

	/* Text of another place in the stream, as only a stranger would send it. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 101, 1, 50);
	struct seg s = peer_seg(&e, ACK, 151, 1, 10);
	s.text = (struct text){500, 9, 10};
	arrives_seg(&e, &s);
	expect_number(&e, e.tcb.rcv.held_count, 2);
	for (uint32_t at = 101; at < 161; at++) {
		expect_that(&e, held_run_of(&e.tcb, seq_add(e.irs, at), &range, &e.pool));
		expect_that(&e, seq_eq(range.left, seq_add(e.irs, 101)));
		expect_that(&e, seq_eq(range.right, seq_add(e.irs, 161)));
	}
	expect_that(&e, !held_run_of(&e.tcb, seq_add(e.irs, 161), &range, &e.pool));
	expect_number(&e, (int64_t)held_ranges(&e.tcb, &range, 1, &e.pool), 1);
}
END_TEST

Suite *reasm_suite(void)
{
	Suite *s = suite_create("reassembly");
	TCase *tc = tcase_create("streams");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, any_order_and_any_overlap_gives_the_stream, 0, SEEDS);
	tcase_add_loop_test(tc, with_few_blocks_nothing_wrong_is_read, 0, 28);
	tcase_add_loop_test(tc, backwards, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_second_octet_first, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_lies_behind_a_fin_is_never_read, 0, ISS_CASES);
	tcase_add_loop_test(tc, runs_that_touch_are_one_range, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
