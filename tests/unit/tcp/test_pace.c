/* SPDX-License-Identifier: MIT */
/* Pacing: text leaves spread over the round trip. RFC 9406 4.3 only names it; the figures are what
 * Linux computes in tcp_update_pacing_rate and tcp_update_skb_after_send. */
#include "fixture.h"
#include "suites.h"

enum { MSS = 1000 }; /* the peer's */

/* Ten segments are cwnd, and a round trip takes 100 ms: 2 * 10000 octets in 100 ms while cwnd is
 * under half of ssthresh, so 5 ms a segment. */
static void paced(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.pacing = true;
	e->profile.pacing_first = 0;
	tcb_in(e, ESTABLISHED);
	e->tcb.flags |= TCB_SAMPLED;
	e->tcb.srtt = MS(100);
	e->tcb.rto = S(10);
}

static void segment(struct end *e, int n)
{
	expect(e, ACK, 1 + n * MSS, 1, MSS);
}

START_TEST(segments_leave_one_by_one)
{
	static struct end e;

	paced(&e, _i);
	call_send(&e, 20 * MSS, SEND_PUSH);
	segment(&e, 0);
	for (int n = 1; n < 10; n++) {
		expect_nothing(&e);
		expect_silence(&e, MS(5));
		segment(&e, n);
	}
	expect_nothing(&e); /* cwnd is full, and so the pace is not what holds */
	after(&e, MS(50));
	expect_nothing(&e);
}
END_TEST

START_TEST(without_pacing_they_leave_at_once)
{
	static struct end e;

	paced(&e, _i);
	e.profile.pacing = false;
	call_send(&e, 20 * MSS, SEND_PUSH);
	for (int n = 0; n < 10; n++)
		segment(&e, n);
	expect_number(&e, e.tcb.deadline[TIMER_PACE], USEC_NEVER);
	expect_number(&e, e.tcb.snd.more, 0);
}
END_TEST

/* As many as the initial window has: nothing is known of the path, and it is meant to go at once.
 */
START_TEST(the_first_flight_is_not_paced)
{
	static struct end e;

	paced(&e, _i);
	e.profile.pacing_first = 4;
	call_send(&e, 20 * MSS, SEND_PUSH);
	for (int n = 0; n < 4; n++)
		segment(&e, n);
	expect_nothing(&e);
	expect_silence(&e, MS(5));
	segment(&e, 4);
}
END_TEST

/* A fifth faster than ACKs come, from half of ssthresh on: 12000 octets in 100 ms. */
START_TEST(near_ssthresh_the_pace_is_slower)
{
	static struct end e;

	for (int is_near = 0; is_near < 2; is_near++) {
		paced(&e, _i);
		e.tcb.cc.ssthresh = is_near ? 20 * MSS : 20 * MSS + 2;
		call_send(&e, 20 * MSS, SEND_PUSH);
		segment(&e, 0);
		expect_silence(&e, is_near ? 8333 : MS(5));
		segment(&e, 1);
	}
	e.profile.pacing_avoid = 50;
	expect_silence(&e, 8333);
	segment(&e, 2);
	expect_silence(&e, MS(20));
	segment(&e, 3);
}
END_TEST

START_TEST(a_limit_is_a_pace_of_its_own)
{
	static struct end e;

	paced(&e, _i);
	e.profile.pacing = false;
	e.profile.pacing_most = 50000;         /* SO_MAX_PACING_RATE */
	e.tcb.flags &= ~(uint32_t)TCB_SAMPLED; /* with no round trip measured yet, too */
	call_send(&e, 20 * MSS, SEND_PUSH);
	segment(&e, 0);
	expect_silence(&e, MS(20));
	segment(&e, 1);
	e.tcb.flags |= TCB_SAMPLED;
	expect_silence(&e, MS(20));
	segment(&e, 2);
	e.profile.pacing_most = 1000000; /* faster than cwnd in a round trip is no limit */
	expect_silence(&e, MS(20));
	segment(&e, 3);
	expect_silence(&e, MS(5));
	segment(&e, 4);
}
END_TEST

/* Who comes late waits less after it: by half, or by how late it was. */
START_TEST(lateness_is_made_good_by_half_a_pause)
{
	static struct end e;
	static const struct {
		usec late, pause;
	} cases[] = {{0, MS(5)}, {MS(1), MS(4)}, {2500, 2500}, {S(1), 2500}};

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		paced(&e, _i);
		e.profile.restart_idle = false;
		call_send(&e, MSS, SEND_PUSH);
		segment(&e, 0);
		after(&e, MS(5) + cases[i].late);
		call_send(&e, 3 * MSS, SEND_PUSH);
		segment(&e, 1);
		expect_silence(&e, cases[i].pause);
		segment(&e, 2);
		expect_silence(&e, MS(5));
		segment(&e, 3);
	}
}
END_TEST

/* With `push burst` the segments of a gift go together, and the pause is as long as all of them. */
START_TEST(a_burst_goes_at_once)
{
	static struct end e;

	paced(&e, _i);
	e.profile.push_burst = 2;
	call_send(&e, 20 * MSS, SEND_PUSH);
	for (int n = 0; n < 10; n += 2) {
		segment(&e, n);
		expect_that(&e, e.out[e.taken].ctl & PSH);
		segment(&e, n + 1);
		expect_nothing(&e);
		if (n < 8)
			expect_silence(&e, MS(10));
	}
	/* As many as go in a millisecond, if that is more: 4 of 1000 at 4.5 million a second. */
	paced(&e, _i);
	e.profile.push_burst = 2;
	e.tcb.srtt = 4400;
	call_send(&e, 20 * MSS, SEND_PUSH);
	for (int n = 0; n < 4; n++)
		segment(&e, n);
	expect_nothing(&e);
	expect_silence(&e, 4 * 220);
	segment(&e, 4);
}
END_TEST

/* Lateness counts for the whole burst: half of its pause at most. */
START_TEST(a_late_burst_waits_less)
{
	static struct end e;

	paced(&e, _i);
	e.profile.push_burst = 2;
	call_send(&e, 2 * MSS, SEND_PUSH);
	segment(&e, 0);
	segment(&e, 1);
	after(&e, MS(10) + 3200);
	call_send(&e, 4 * MSS, SEND_PUSH);
	segment(&e, 2);
	segment(&e, 3);
	expect_silence(&e, MS(10) - 3200);
	segment(&e, 4);
	segment(&e, 5);
}
END_TEST

/* After a timeout the first is sent at once, what follows it in step. */
START_TEST(repetitions_are_paced_but_the_first)
{
	static struct end e;

	for (int is_sack = 0; is_sack < 2; is_sack++) {
		end_init(&e, "rfc", _i);
		e.opts = is_sack ? OPT_SACK_PERMITTED : 0;
		e.profile.sack = is_sack;
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 6 * MSS, SEND_PUSH);
		forget(&e);
		e.profile.pacing_most = 100000; /* 10 ms a segment */
		e.profile.pacing_first = 0;
		after(&e, S(1));
		segment(&e, 0);
		expect_nothing(&e);
		after(&e, MS(2));
		arrives(&e, ACK, 1, 1001, 0); /* cwnd is two segments */
		expect_nothing(&e);
		expect_silence(&e, MS(8));
		segment(&e, 1);
		expect_silence(&e, MS(10));
		segment(&e, 2);
		expect_nothing(&e);
	}
}
END_TEST

/* ACKs go when they are owed, and with the FIN nothing waits that has no text. */
START_TEST(only_text_waits)
{
	static struct end e;

	paced(&e, _i);
	e.profile.ack_delay = 0;
	call_send(&e, 2 * MSS, SEND_PUSH);
	segment(&e, 0);
	arrives(&e, ACK, 1, 1, 1000);
	expect(&e, ACK, 1001, 1001, 0);
	after(&e, MS(5));
	expect(&e, ACK, 1001, 1001, 1000);
	call_close(&e, CLOSE_SEND);
	expect(&e, FIN | ACK, 2001, 1001, 0);
}
END_TEST

/* It is remembered in a block of the pool. When there is none, text is not held. */
START_TEST(without_a_block_nothing_waits)
{
	static struct end e;
	uint32_t taken = 0, first = 0;

	paced(&e, _i);
	while (e.pool.free) { /* all that are left are somebody else's */
		uint32_t b = e.pool.free;

		e.pool.free = e.pool.blocks[b].word[0];
		e.pool.free_count--;
		first = b;
		taken++;
	}
	ck_assert_uint_gt(taken, 0);
	ck_assert_uint_gt(first, 0);
	call_send(&e, MSS, SEND_PUSH);
	segment(&e, 0);
	expect_number(&e, e.tcb.snd.more, 0);
	expect_number(&e, e.tcb.deadline[TIMER_PACE], USEC_NEVER);
}
END_TEST

/* A copy goes on at the same moment, and is equal until then. */
START_TEST(a_copy_keeps_the_pace)
{
	static struct end e, copy;

	paced(&e, _i);
	call_send(&e, 5 * MSS, SEND_PUSH);
	segment(&e, 0);
	end_copy(&copy, &e);
	expect_that(&e, tcb_eq(&e.tcb, &copy.tcb, &e.pool, &copy.pool));
	expect_silence(&copy, MS(5));
	segment(&copy, 1);
	expect_that(&e, !tcb_eq(&e.tcb, &copy.tcb, &e.pool, &copy.pool));
	expect_silence(&e, MS(5));
	segment(&e, 1);
	expect_that(&e, tcb_eq(&e.tcb, &copy.tcb, &e.pool, &copy.pool));
}
END_TEST

Suite *pace_suite(void)
{
	Suite *s = suite_create("pacing");
	TCase *tc = tcase_create("in step");

	tcase_add_loop_test(tc, segments_leave_one_by_one, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_pacing_they_leave_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_first_flight_is_not_paced, 0, ISS_CASES);
	tcase_add_loop_test(tc, near_ssthresh_the_pace_is_slower, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_limit_is_a_pace_of_its_own, 0, ISS_CASES);
	tcase_add_loop_test(tc, lateness_is_made_good_by_half_a_pause, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_burst_goes_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_late_burst_waits_less, 0, ISS_CASES);
	tcase_add_loop_test(tc, repetitions_are_paced_but_the_first, 0, ISS_CASES);
	tcase_add_loop_test(tc, only_text_waits, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_a_block_nothing_waits, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_copy_keeps_the_pace, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
