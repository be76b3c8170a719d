/* SPDX-License-Identifier: MIT */
/* How cwnd grows and when it does not: RFC 3465, RFC 9406 and its elder, RFC 2861, and Linux' whole
 * segments. */
#include "flow.h"
#include "suites.h"

enum { SMSS = 1000 };

/* ---- RFC 3465 ------------------------------------------------------------------------------- */

START_TEST(an_ack_raises_the_window_by_l_segments_at_most)
{
	static struct flow f;
	static const struct {
		uint32_t l, acked, grown;
	} cases[] = {{1, 3000, 1000}, {1, 400, 400}, {2, 3000, 2000}, {2, 1400, 1400},
		     {8, 9000, 8000}, {0, 9000, 9000}};

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		flow_init(&f, CC_NEWRENO, SMSS);
		f.profile.abc = cases[i].l;
		flow_open(&f, 10 * SMSS);
		flow_ack(&f, cases[i].acked);
		ck_assert_uint_eq(f.cc.cwnd, 10 * SMSS + cases[i].grown);
	}
}
END_TEST

/* "The exception ... is during a slow start phase that follows a retransmission timeout." */
START_TEST(after_a_timeout_l_is_one)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.abc = 2;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 60000, SEND_PUSH);
	arrives(&e, ACK, 1, 2001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 12000);
	after(&e, S(1));
	expect_number(&e, e.tcb.cc.cwnd, 1000);
	expect_number(&e, e.tcb.cc.ssthresh, 6000);
	arrives(&e, ACK, 1, 12001, 0); /* it had arrived long before */
	expect_number(&e, e.tcb.cc.cwnd, 2000);
	arrives(&e, ACK, 1, 14001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 3000);
	for (int i = 17; i <= 26; i += 3)
		arrives(&e, ACK, 1, 1000 * i + 1, 0);
	expect_that(&e, e.tcb.cc.cwnd >= 6000);
	expect_number(&e, e.tcb.flags & TCB_AFTER_RTO, 0);
}
END_TEST

/* ---- RFC 9406 ------------------------------------------------------------------------------- */

/* A round of 10 segments or more at this RTT; true while cwnd doubles. */
static uint32_t round_at(struct flow *f, usec rtt)
{
	uint32_t before = f->cc.cwnd;

	f->srtt = f->rtt = rtt;
	flow_round(f, SMSS);
	return f->cc.cwnd - before;
}

static void slow_start(struct flow *f, enum hystart_choice which)
{
	flow_init(f, CC_NEWRENO, SMSS);
	f->profile.hystart = (uint8_t)which;
	f->srtt = f->rtt = MS(80);
	flow_open(f, 10 * SMSS);
}

/* The ACK that ends a round is the first sample of the next one. */
START_TEST(growing_delay_slows_it_down_and_then_ends_it)
{
	static struct flow f;

	slow_start(&f, HYSTART_RFC9406);
	ck_assert_uint_eq(round_at(&f, MS(80)), 10 * SMSS);
	ck_assert_uint_eq(round_at(&f, MS(80)), 20 * SMSS);
	ck_assert_uint_eq(round_at(&f, MS(90)), 40 * SMSS);
	/* RttThresh = max(4, min(80 / 8, 16)) = 10 ms: after 8 samples, some of which we have. */
	uint32_t grown = round_at(&f, MS(90));
	ck_assert_uint_lt(grown, 7 * SMSS + 74 * SMSS / 4);
	ck_assert_uint_ge(grown, 80 * SMSS / 4);
	/* CSS_ROUNDS = 5, with the first, partial one. */
	for (int i = 0; i < 4; i++) {
		uint32_t flight = flow_flight(&f);

		ck_assert_uint_eq(f.cc.ssthresh, CC_HIGH);
		ck_assert_uint_le(round_at(&f, MS(90)), flight / 4 + SMSS);
	}
	ck_assert_uint_eq(f.cc.ssthresh, f.cc.cwnd);
	ck_assert_uint_le(round_at(&f, MS(90)), 2 * SMSS);
}
END_TEST

START_TEST(one_millisecond_less_is_no_delay)
{
	static struct flow f;

	slow_start(&f, HYSTART_RFC9406);
	round_at(&f, MS(80));
	ck_assert_uint_eq(round_at(&f, MS(89)), 20 * SMSS);
	ck_assert_uint_eq(round_at(&f, MS(89)), 40 * SMSS);
	ck_assert_uint_eq(round_at(&f, MS(98)), 80 * SMSS);
	ck_assert_uint_eq(round_at(&f, MS(98)), 160 * SMSS);
	ck_assert_uint_eq(f.cc.ssthresh, CC_HIGH);
}
END_TEST

/* MIN_RTT_THRESH and MAX_RTT_THRESH: an eighth of 8 ms is 1, of 400 ms 50. */
START_TEST(the_threshold_lies_between_4_and_16_ms)
{
	static struct flow f;
	static const int cases[][2] = {{8, 4}, {400, 16}};

	for (unsigned i = 0; i < 4; i++) {
		int base = cases[i / 2][0], grown = cases[i / 2][1] - (i % 2 == 0);

		slow_start(&f, HYSTART_RFC9406);
		round_at(&f, MS(base));
		round_at(&f, MS(base));
		round_at(&f, MS(base + grown));
		if (i % 2 == 0)
			ck_assert_uint_eq(round_at(&f, MS(base + grown)), 80 * SMSS);
		else
			ck_assert_uint_lt(round_at(&f, MS(base + grown)), 40 * SMSS);
	}
}
END_TEST

/* "If loss or ... (ECN) marking is observed at any time": congestion avoidance from there. */
START_TEST(a_loss_or_a_mark_ends_css)
{
	static struct flow f;

	for (int is_mark = 0; is_mark < 2; is_mark++) {
		slow_start(&f, HYSTART_RFC9406);
		round_at(&f, MS(80));
		round_at(&f, MS(80));
		round_at(&f, MS(100));
		ck_assert_uint_lt(round_at(&f, MS(100)), 40 * SMSS);
		if (is_mark)
			flow_mark(&f);
		else
			flow_lose(&f);
		ck_assert_uint_eq(f.cc.ssthresh, f.cc.cwnd);
		ck_assert_uint_le(round_at(&f, MS(100)), 2 * SMSS);
		ck_assert_uint_le(round_at(&f, MS(80)), 2 * SMSS);
	}
}
END_TEST

START_TEST(falling_delay_resumes_it)
{
	static struct flow f;

	slow_start(&f, HYSTART_RFC9406);
	round_at(&f, MS(80));
	round_at(&f, MS(80));
	round_at(&f, MS(100));
	ck_assert_uint_lt(round_at(&f, MS(100)), 40 * SMSS);
	uint32_t flight = flow_flight(&f);

	/* Below cssBaselineMinRtt, told by the eighth sample at the latest. */
	ck_assert_uint_ge(round_at(&f, MS(95)), flight - 6 * SMSS);
	for (int i = 0; i < 3; i++) {
		flight = flow_flight(&f);
		ck_assert_uint_eq(round_at(&f, MS(95)), flight);
	}
}
END_TEST

/* "SHOULD use HyStart++ only for the initial slow start". */
START_TEST(later_slow_starts_are_left_alone)
{
	static struct flow f;

	slow_start(&f, HYSTART_RFC9406);
	for (int i = 0; i < 4; i++)
		round_at(&f, MS(80));
	flow_time_out(&f, false);
	for (int i = 0; i < 5; i++) {
		uint32_t cwnd = f.cc.cwnd;

		ck_assert_uint_eq(round_at(&f, MS(80 + 30 * i)), cwnd);
	}
}
END_TEST

/* ---- Linux' HyStart ------------------------------------------------------------------------- */

/* 200 ms at least, an eighth is 25 but at most 16: the ninth sample above 216 ms ends it. */
START_TEST(nine_late_samples_end_it)
{
	static struct flow f;

	slow_start(&f, HYSTART_LINUX);
	ck_assert_uint_eq(round_at(&f, MS(200)), 10 * SMSS);
	f.env.now += MS(40);
	f.rtt = MS(240);
	for (int i = 1; i <= 8; i++) {
		f.env.now += MS(3);
		flow_ack(&f, SMSS);
		ck_assert_uint_eq(f.cc.cwnd, (20 + i) * SMSS);
		ck_assert_uint_eq(f.cc.ssthresh, CC_HIGH);
	}
	f.env.now += MS(3);
	flow_ack(&f, SMSS);
	ck_assert_uint_eq(f.cc.cwnd, 28 * SMSS);
	ck_assert_uint_eq(f.cc.ssthresh, 28 * SMSS);
}
END_TEST

START_TEST(a_sample_that_is_the_least_ends_nothing)
{
	static struct flow f;

	slow_start(&f, HYSTART_LINUX);
	round_at(&f, MS(200));
	for (int i = 0; i < 8; i++) {
		f.env.now += MS(3);
		f.rtt = MS(201);
		flow_ack(&f, SMSS);
	}
	f.rtt = MS(29);
	flow_ack(&f, SMSS);
	ck_assert_uint_eq(f.cc.ssthresh, CC_HIGH);
	ck_assert_uint_eq(f.cc.cwnd, 29 * SMSS);
}
END_TEST

/* ACKs at most 2 ms apart, for longer than half the least RTT. */
START_TEST(a_long_train_of_acks_ends_it)
{
	static struct flow f;

	for (int is_train = 0; is_train < 2; is_train++) {
		slow_start(&f, HYSTART_LINUX);
		round_at(&f, MS(80));
		round_at(&f, MS(80)); /* an ACK every 4 ms */
		f.rtt = MS(80);
		flow_ack(&f, SMSS);
		for (int i = 0; i < 30; i++) {
			f.env.now += is_train ? 1500 : 2500;
			flow_ack(&f, SMSS);
		}
		ck_assert_int_eq(f.cc.ssthresh < CC_HIGH, is_train);
	}
}
END_TEST

/* What is paced comes in a train of half the RTT anyway. */
START_TEST(a_paced_train_is_long_when_it_is_as_long_as_the_rtt)
{
	static struct flow f;

	slow_start(&f, HYSTART_LINUX);
	f.profile.pacing = true;
	for (int i = 0; i < 3; i++)
		round_at(&f, MS(80));
	flow_ack(&f, SMSS);
	for (int i = 0; i < 53; i++) { /* 79.5 ms; 81 with the slack */
		f.env.now += 1500;
		flow_ack(&f, SMSS);
		ck_assert_uint_eq(f.cc.ssthresh, CC_HIGH);
	}
	f.env.now += 1500;
	flow_ack(&f, SMSS);
	ck_assert_uint_eq(f.cc.ssthresh, CC_HIGH);
	f.env.now += 1500;
	flow_ack(&f, SMSS);
	ck_assert_uint_lt(f.cc.ssthresh, CC_HIGH);
}
END_TEST

/* "A paced TCP implementation SHOULD use L = infinity", but not after a timeout. */
START_TEST(who_paces_has_no_limit_an_ack)
{
	static struct flow f;

	for (int is_paced = 0; is_paced < 2; is_paced++) {
		slow_start(&f, HYSTART_RFC9406);
		f.profile.pacing = is_paced;
		f.profile.abc = 8;
		flow_ack(&f, 9 * SMSS);
		ck_assert_uint_eq(f.cc.cwnd, (is_paced ? 19 : 18) * SMSS);
	}
	slow_start(&f, HYSTART_LINUX); /* L is RFC 9406's */
	f.profile.pacing = true;
	f.profile.abc = 8;
	flow_ack(&f, 9 * SMSS);
	ck_assert_uint_eq(f.cc.cwnd, 18 * SMSS);
}
END_TEST

/* Ten segments leave, two are acknowledged every 100 ms: rounds from the beginning on end with the
 * 10th and the 30th segment, and nine samples are there at the 14th ACK. Rounds that begin with 16
 * segments, at the 4th ACK, end with the 22nd segment, and the ninth sample behind it is the 20th.
 */
START_TEST(rounds_may_begin_late)
{
	static struct flow f;

	for (int is_late = 0; is_late < 2; is_late++) {
		uint32_t at = is_late ? 48 : 36;

		flow_init(&f, CC_CUBIC, SMSS);
		f.profile.cwnd_whole = true;
		f.profile.abc = 0;
		f.profile.hystart = HYSTART_LINUX;
		f.profile.hystart_late = is_late;
		flow_open(&f, 10 * SMSS);
		for (int i = 1; f.cc.ssthresh == CC_HIGH; i++) {
			f.env.now += MS(100);
			f.rtt = MS(100 * i);
			flow_ack(&f, 2 * SMSS);
			ck_assert_int_lt(i, 25);
		}
		ck_assert_uint_eq(f.cc.ssthresh, at * SMSS);
	}
}
END_TEST

START_TEST(a_small_window_is_not_looked_at)
{
	static struct flow f;

	slow_start(&f, HYSTART_LINUX);
	f.cc.cwnd = 15 * SMSS;
	for (int i = 0; i < 10; i++) {
		f.rtt = MS(80 + 100 * i);
		f.cc.cwnd = 15 * SMSS - SMSS / 2;
		flow_ack(&f, SMSS / 4);
	}
	ck_assert_uint_eq(f.cc.ssthresh, CC_HIGH);
}
END_TEST

/* ---- is it used? ---------------------------------------------------------------------------- */

/* Six segments of ten: RFC 2861 says the window was not full; Linux lets it come to twice the six.
 */
START_TEST(an_unused_window_does_not_grow)
{
	static struct end e;
	static const uint32_t windows[3][3] = {
		{12000, 14000, 16000}, {10000, 10000, 10000}, {12000, 12000, 12000}};

	for (int v = VALIDATE_OFF; v <= VALIDATE_LINUX; v++) {
		end_init(&e, "rfc", _i);
		e.profile.cwnd_validate = (uint8_t)v;
		e.profile.abc = 0;
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 6000, SEND_PUSH);
		for (int i = 0; i < 3; i++) {
			arrives(&e, ACK, 1, 2000 * (i + 1) + 1, 0);
			expect_number(&e, e.tcb.cc.cwnd, windows[v][i]);
		}
	}
}
END_TEST

START_TEST(a_full_window_grows_however_it_is_seen)
{
	static struct end e;

	for (int v = VALIDATE_OFF; v <= VALIDATE_LINUX; v++) {
		end_init(&e, "rfc", _i);
		e.profile.cwnd_validate = (uint8_t)v;
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 10000, SEND_PUSH);
		arrives(&e, ACK, 1, 1001, 0);
		expect_number(&e, e.tcb.cc.cwnd, 11000);
	}
	/* The last ones of it find no full window by RFC 2861; Linux remembers that it was. */
	arrives(&e, ACK, 1, 5001, 0);
	arrives(&e, ACK, 1, 10001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 13000);
}
END_TEST

/* ---- whole segments ------------------------------------------------------------------------- */

START_TEST(whole_segments_are_counted)
{
	static struct flow f;

	flow_init(&f, CC_NEWRENO, SMSS);
	f.profile.cwnd_whole = true;
	f.profile.abc = 0;
	flow_open(&f, 10 * SMSS);
	flow_ack(&f, 2500);
	ck_assert_uint_eq(f.cc.cwnd, 12 * SMSS);
	flow_ack(&f, 2500);
	ck_assert_uint_eq(f.cc.cwnd, 15 * SMSS);
	flow_lose(&f);
	ck_assert_uint_eq(f.cc.cwnd, 7 * SMSS); /* half of 15 */
	flow_time_out(&f, false);               /* ssthresh 3 */
	flow_ack(&f, SMSS);
	ck_assert_uint_eq(f.cc.cwnd, 2 * SMSS);
	/* One to ssthresh, and one for congestion avoidance. */
	flow_ack(&f, 2 * SMSS);
	ck_assert_uint_eq(f.cc.cwnd, 3 * SMSS);
	ck_assert_uint_eq(f.cc.acked, SMSS);
	flow_ack(&f, 2 * SMSS);
	ck_assert_uint_eq(f.cc.cwnd, 4 * SMSS);
}
END_TEST

/* Out of HyStart at 48 segments, 2 acknowledged every 100 ms: a twentieth a window while the curve
 * is flat, and in the end one for every two acknowledged. */
START_TEST(cubic_in_whole_segments_grows_a_twentieth_at_least)
{
	static struct flow f;
	static const struct {
		unsigned acks, cwnd;
	} steps[] = {{11, 49}, {10, 50}, {10, 52}, {10, 58}, {1, 59}, {1, 60}, {1, 61}, {10, 71}};

	flow_init(&f, CC_CUBIC, SMSS);
	f.profile.cwnd_whole = true;
	f.profile.hystart = HYSTART_LINUX;
	f.rtt = MS(100);
	flow_open(&f, 40 * SMSS);
	flow_ack(&f, SMSS);
	f.cc.cwnd = f.cc.ssthresh = 48 * SMSS;
	flow_fill(&f);
	for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		for (unsigned n = 0; n < steps[i].acks; n++) {
			f.env.now += MS(100);
			f.rtt = S(2);
			flow_ack(&f, 2 * SMSS);
		}
		ck_assert_uint_eq(f.cc.cwnd, steps[i].cwnd * SMSS);
	}
}
END_TEST

/* Against the curve in whole segments, after a loss; and Reno's pace where that is faster. */
START_TEST(cubic_in_whole_segments_follows_the_curve)
{
	static struct flow f;

	flow_init(&f, CC_CUBIC, SMSS);
	f.profile.cwnd_whole = true;
	f.profile.hystart = HYSTART_LINUX;
	f.srtt = f.rtt = MS(100);
	flow_open(&f, 1000 * SMSS);
	flow_lose(&f);
	ck_assert_uint_eq(f.cc.cwnd, 700 * SMSS);
	for (int i = 0; i < 91; i++) /* K = 9.09 s */
		flow_round(&f, SMSS);
	ck_assert_double_eq_tol((double)f.cc.cwnd / SMSS, 1000, 10);
	for (int i = 0; i < 91; i++)
		flow_round(&f, SMSS);
	ck_assert_double_eq_tol((double)f.cc.cwnd / SMSS, 1300, 20);
	flow_init(&f, CC_CUBIC, SMSS);
	f.profile.cwnd_whole = true;
	f.srtt = MS(2);
	flow_open(&f, 20 * SMSS);
	flow_lose(&f);
	for (int i = 0; i < 30; i++)
		flow_round(&f, SMSS);
	ck_assert_double_eq_tol((double)f.cc.cwnd / SMSS, 14 + 30 * 8.0 / 15, 2);
}
END_TEST

/* ---- after idleness ------------------------------------------------------------------------- */

/* RFC 2861: half for every RTO, and 3/4 is remembered. */
START_TEST(an_idle_window_decays)
{
	static struct end e;
	static const struct {
		usec idle;
		uint32_t cwnd;
	} cases[] = {{S(1), 40000}, {S(1) + 1, 20000}, {S(2) + 1, 10000}, {S(9), 10000}};

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		end_init(&e, "rfc", _i);
		e.profile.idle_decay = true;
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 30000, SEND_PUSH);
		for (int n = 1; n <= 30; n++)
			arrives(&e, ACK, 1, 1000 * n + 1, 0);
		expect_number(&e, e.tcb.cc.cwnd, 40000);
		after(&e, cases[i].idle);
		call_send(&e, 1000, SEND_PUSH);
		expect_number(&e, e.tcb.cc.cwnd, cases[i].cwnd);
	}
	end_init(&e, "rfc", _i);
	e.profile.idle_decay = true;
	e.profile.cwnd_whole = true;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 30000, SEND_PUSH);
	after(&e, S(1)); /* ssthresh 5000 */
	for (int n = 1; n <= 30; n++)
		arrives(&e, ACK, 1, 1000 * n + 1, 0);
	uint32_t cwnd = e.tcb.cc.cwnd;
	expect_that(&e, cwnd > 5000 && cwnd < 10000);
	e.profile.initial_window = IW_ONE;
	after(&e, S(60));
	call_send(&e, 1000, SEND_PUSH);
	expect_number(&e, e.tcb.cc.cwnd, 1000);
	expect_number(&e, e.tcb.cc.ssthresh, cwnd * 3 / 4);
}
END_TEST

/* CUBIC's window is reset as the others', and the stage begins anew when it is there again. */
START_TEST(cubic_starts_slowly_after_idleness)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.cc = CC_CUBIC;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 50000, SEND_PUSH);
	for (int n = 1; n <= 20; n++)
		arrives(&e, ACK, 1, 1000 * n + 1, 0);
	for (int n = 0; n < 4; n++)
		arrives(&e, ACK, 1, 20001, 0);
	arrives(&e, ACK, 1, 50001, 0);
	expect_number(&e, e.tcb.cc.ssthresh, 21000);
	call_send(&e, 40000, SEND_PUSH);
	for (int n = 51; n <= 90; n++)
		arrives(&e, ACK, 1, 1000 * n + 1, 0);
	expect_that(&e, e.tcb.cc.cwnd >= 21000 && e.tcb.cc.cwnd < 24000);
	after(&e, S(90));
	call_send(&e, 60000, SEND_PUSH);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	for (int n = 91; n <= 110; n++)
		arrives(&e, ACK, 1, 1000 * n + 1, 0);
	expect_that(&e, e.tcb.cc.cwnd >= 21000 && e.tcb.cc.cwnd < 24000);
}
END_TEST

static void add_hystart(Suite *s)
{
	TCase *tc = tcase_create("HyStart");

	tcase_add_test(tc, growing_delay_slows_it_down_and_then_ends_it);
	tcase_add_test(tc, one_millisecond_less_is_no_delay);
	tcase_add_test(tc, the_threshold_lies_between_4_and_16_ms);
	tcase_add_test(tc, a_loss_or_a_mark_ends_css);
	tcase_add_test(tc, falling_delay_resumes_it);
	tcase_add_test(tc, later_slow_starts_are_left_alone);
	tcase_add_test(tc, nine_late_samples_end_it);
	tcase_add_test(tc, a_sample_that_is_the_least_ends_nothing);
	tcase_add_test(tc, a_long_train_of_acks_ends_it);
	tcase_add_test(tc, a_paced_train_is_long_when_it_is_as_long_as_the_rtt);
	tcase_add_test(tc, who_paces_has_no_limit_an_ack);
	tcase_add_test(tc, rounds_may_begin_late);
	tcase_add_test(tc, a_small_window_is_not_looked_at);
	suite_add_tcase(s, tc);
}

Suite *slow_start_suite(void)
{
	Suite *s = suite_create("slow start");
	TCase *tc = tcase_create("growth");

	tcase_add_test(tc, an_ack_raises_the_window_by_l_segments_at_most);
	tcase_add_loop_test(tc, after_a_timeout_l_is_one, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_unused_window_does_not_grow, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_full_window_grows_however_it_is_seen, 0, ISS_CASES);
	tcase_add_test(tc, whole_segments_are_counted);
	tcase_add_test(tc, cubic_in_whole_segments_grows_a_twentieth_at_least);
	tcase_add_test(tc, cubic_in_whole_segments_follows_the_curve);
	tcase_add_loop_test(tc, an_idle_window_decays, 0, ISS_CASES);
	tcase_add_loop_test(tc, cubic_starts_slowly_after_idleness, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	add_hystart(s);
	return s;
}
