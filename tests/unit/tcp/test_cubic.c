/* SPDX-License-Identifier: MIT */
/* RFC 9438, held against its own equations in floating point, which the engine does not have. */
#include <math.h>
#include <stdlib.h>
#include "flow.h"
#include "suites.h"

enum { SMSS = 1000 };

static double w_cubic(double w_max, double k, double t) /* Figure 1, segments and seconds */
{
	return 0.4 * (t - k) * (t - k) * (t - k) + w_max;
}

static bool is_root(uint64_t a, uint64_t x)
{
	const uint64_t largest = 2642245; /* the cube root of 2^64 */

	return x <= largest && x * x * x <= a &&
	       (x == largest || (x + 1) * (x + 1) * (x + 1) > a);
}

START_TEST(the_cube_root_is_exact_everywhere)
{
	uint64_t state = 1;

	for (uint64_t x = 0; x <= 2642245; x += x < 5000 ? 1 : 331) {
		ck_assert_uint_eq(cc_cube_root(x * x * x), x);
		ck_assert(is_root(x * x * x + 1, cc_cube_root(x * x * x + 1)));
		if (x > 0)
			ck_assert_uint_eq(cc_cube_root(x * x * x - 1), x - 1);
	}
	for (int i = 0; i < 200000; i++) { /* of every size */
		state = state * 6364136223846793005u + 1442695040888963407u;
		uint64_t a = state >> (i % 64);

		ck_assert_msg(is_root(a, cc_cube_root(a)), "%llu", (unsigned long long)a);
	}
	ck_assert_uint_eq(cc_cube_root(UINT64_MAX), 2642245);
	for (uint64_t a = 0; a < 100000; a++) /* monotone, without a gap */
		ck_assert_uint_le(cc_cube_root(a), cc_cube_root(a + 1));
}
END_TEST

START_TEST(k_and_the_curve_are_the_equations)
{
	static const uint32_t sizes[] = {64, 536, 1000, 1460, 8960};
	static const double windows[] = {2, 10, 33, 100, 1000, 12000, 83333};

	for (unsigned s = 0; s < 5; s++) {
		for (unsigned w = 0; w < 7; w++) {
			uint32_t smss = sizes[s], w_max = (uint32_t)(windows[w] * smss);
			uint32_t cwnd = (uint32_t)((uint64_t)w_max * 7 / 10);
			double k = cbrt((w_max - cwnd) / 0.4 / smss);
			uint32_t ticks = cc_cubic_k(w_max, cwnd, smss), before = 0;

			ck_assert_double_eq_tol(ticks / 1e4, k, 2e-4 + k * 1e-5);
			for (double t = 0; t < 3 * k; t += k / 37) {
				double should = w_cubic((double)w_max / smss, k, t);
				uint32_t is = cc_cubic_window(w_max, ticks, (uint64_t)(t * 1e4),
							      smss);

				if (should * smss >= CC_HIGH)
					break;
				/* A tick is worth the slope of the curve; octets are whole. */
				ck_assert_double_eq_tol((double)is / smss, should,
							2.0 / smss + 0.01 +
								1.2e-3 * (t - k) * (t - k));
				ck_assert_uint_ge(is, before);
				before = is;
			}
		}
	}
	ck_assert_uint_eq(cc_cubic_k(5000, 5000, SMSS), 0);
	ck_assert_uint_eq(cc_cubic_k(5000, 6000, SMSS), 0);
	ck_assert_uint_eq(cc_cubic_window(CC_HIGH, 0, UINT32_MAX, 8960), CC_HIGH);
}
END_TEST

/* A window of so many segments is lost once; then nothing is. RTT 100 ms. */
static void lose_at(struct flow *f, uint32_t segments)
{
	flow_init(f, CC_CUBIC, SMSS);
	f->srtt = MS(100);
	flow_open(f, segments * SMSS);
	flow_lose(f);
}

/* 4.2, 4.4, 4.5: W(t) for t = 0 ... 2.2 K, with an ACK for each segment, or for every fourth. */
START_TEST(the_window_follows_the_curve)
{
	static struct flow f;
	uint32_t each = _i ? 4 * SMSS : SMSS;
	double k = cbrt(300 / 0.4), t;

	lose_at(&f, 1000);
	ck_assert_uint_eq(f.cc.cwnd, 700 * SMSS);
	usec start = f.env.now;
	do {
		flow_round(&f, each);
		t = (double)(f.env.now - start) / 1e6;
		double should = w_cubic(1000, k, t), is = (double)f.cc.cwnd / SMSS;

		/* An RTT later than the curve at the most, where it is steep. */
		ck_assert_msg(fabs(is - should) < 3 + should * 0.01, "at %.1f s %.1f, not %.1f", t,
			      is, should);
	} while (t < 2.2 * k);
	ck_assert_double_gt((double)f.cc.cwnd / SMSS, 1400);
}
END_TEST

/* "less than the increase rate of slow start": 1.5 * cwnd in an RTT at most. */
START_TEST(no_round_grows_by_more_than_half)
{
	static struct flow f;

	lose_at(&f, 10);
	f.srtt = S(8); /* the curve runs away */
	for (int i = 0; i < 8; i++) {
		uint32_t before = f.cc.cwnd;

		flow_round(&f, SMSS);
		ck_assert_uint_le(f.cc.cwnd, before * 8 / 5);
	}
	ck_assert_uint_gt(f.cc.cwnd, 20 * SMSS);
}
END_TEST

/* 4.3: at a short RTT Reno would be faster than the curve. W_est grows by 9/17 of a segment a round
 * until it is where cwnd was, and by one from there. */
START_TEST(at_a_short_rtt_it_is_as_fast_as_reno)
{
	static struct flow f;
	double w_est = 14;

	flow_init(&f, CC_CUBIC, SMSS);
	f.srtt = MS(2);
	flow_open(&f, 20 * SMSS);
	flow_lose(&f);
	ck_assert_uint_eq(f.cc.cwnd, 14 * SMSS);
	for (int i = 0; i < 40; i++) {
		double acked = (double)flow_flight(&f) / SMSS;

		w_est += (w_est < 20 ? 9.0 / 17 : 1) * acked / ((double)f.cc.cwnd / SMSS);
		flow_round(&f, SMSS);
		ck_assert_double_eq_tol((double)f.cc.cwnd / SMSS, w_est, 0.7);
	}
	ck_assert_double_gt(w_est, 45);
}
END_TEST

START_TEST(a_loss_takes_three_tenths)
{
	static struct flow f;

	lose_at(&f, 100);
	ck_assert_uint_eq(f.cc.ssthresh, 70 * SMSS);
	flow_init(&f, CC_CUBIC, SMSS);
	flow_open(&f, 2 * SMSS);
	flow_lose(&f); /* "max(ssthresh, 2)" */
	ck_assert_uint_eq(f.cc.ssthresh, 2 * SMSS);
	/* Of what was outstanding, or of cwnd if the profile says so. */
	for (int is_cwnd = 0; is_cwnd < 2; is_cwnd++) {
		flow_init(&f, CC_CUBIC, SMSS);
		f.profile.ssthresh_cwnd = is_cwnd;
		flow_open(&f, 100 * SMSS);
		f.is_idle = true;
		f.una = seq_add(f.una, 50 * SMSS);
		flow_lose(&f);
		ck_assert_uint_eq(f.cc.ssthresh, is_cwnd ? 70 * SMSS : 35 * SMSS);
	}
}
END_TEST

/* "MUST continue to reduce cwnd ... until it reaches a value of 1 SMSS" */
START_TEST(marks_reduce_it_down_to_one_segment)
{
	static struct flow f;

	flow_init(&f, CC_CUBIC, SMSS);
	flow_open(&f, 10 * SMSS);
	flow_mark(&f);
	ck_assert_uint_eq(f.cc.cwnd, 7 * SMSS);
	ck_assert_uint_eq(f.cc.ssthresh, 7 * SMSS);
	for (int i = 0; i < 20; i++) {
		f.una = f.nxt;
		flow_fill(&f);
		flow_mark(&f);
	}
	ck_assert_uint_eq(f.cc.cwnd, SMSS);
	ck_assert_uint_eq(f.cc.ssthresh, 2 * SMSS);
	flow_init(&f, CC_NEWRENO, SMSS);
	flow_open(&f, 10 * SMSS);
	flow_mark(&f); /* RFC 3168 6.1.2 */
	ck_assert_uint_eq(f.cc.cwnd, 5 * SMSS);
	ck_assert_uint_eq(f.cc.ssthresh, 5 * SMSS);
}
END_TEST

/* 4.7: a second loss below W_max makes W_max 0.85 of cwnd: the plateau is lower, and reached
 * earlier. */
START_TEST(who_loses_early_makes_room)
{
	static struct flow f;
	double plateau[2];

	for (int is_on = 0; is_on < 2; is_on++) {
		flow_init(&f, CC_CUBIC, SMSS);
		f.profile.fast_convergence = is_on;
		f.srtt = MS(100);
		flow_open(&f, 1000 * SMSS);
		flow_lose(&f);
		flow_lose(&f); /* at 700, below 1000 */
		ck_assert_uint_eq(f.cc.cwnd, 490 * SMSS);
		double w_max = is_on ? 595 : 700, k = cbrt((w_max - 490) / 0.4);

		usec start = f.env.now;
		while ((double)(f.env.now - start) / 1e6 < k)
			flow_round(&f, SMSS);
		plateau[is_on] = (double)f.cc.cwnd / SMSS;
		ck_assert_double_eq_tol(plateau[is_on], w_max, 4);
	}
	ck_assert_double_lt(plateau[1], plateau[0]);
}
END_TEST

/* 4.8: after a timeout "K is set to 0, and W_max is set to the congestion window size at the
 * beginning": the convex branch from there. */
START_TEST(after_a_timeout_the_curve_begins_flat)
{
	static struct flow f;

	flow_init(&f, CC_CUBIC, SMSS);
	f.srtt = MS(100);
	flow_open(&f, 1000 * SMSS);
	flow_time_out(&f, false);
	ck_assert_uint_eq(f.cc.cwnd, SMSS);
	ck_assert_uint_eq(f.cc.ssthresh, 700 * SMSS);
	flow_time_out(&f, true); /* held constant */
	ck_assert_uint_eq(f.cc.ssthresh, 700 * SMSS);
	while (f.cc.cwnd < f.cc.ssthresh)
		flow_round(&f, SMSS);
	double begin = (double)f.cc.cwnd / SMSS;
	usec start = f.env.now;

	for (int i = 0; i < 80; i++) {
		flow_round(&f, SMSS);
		double t = (double)(f.env.now - start) / 1e6, reno = begin + (i + 1) * 9.0 / 17;

		ck_assert_double_eq_tol((double)f.cc.cwnd / SMSS,
					fmax(w_cubic(begin, 0, t), reno), 5 + 0.01 * begin);
	}
}
END_TEST

/* "The elapsed time t MUST NOT include periods during which cwnd has not been updated due to
 * application-limited behavior". */
START_TEST(time_without_use_does_not_count)
{
	static struct flow f, g;

	for (int is_trickle = 0; is_trickle < 2; is_trickle++) {
		lose_at(&f, 1000);
		for (int i = 0; i < 20; i++)
			flow_round(&f, SMSS);
		g = f; /* the twin goes on without a pause */
		g.env.profile = &g.profile;
		g.env.pool = &g.pool;
		g.pool.blocks = g.blocks;
		f.is_idle = true;
		flow_round(&f, SMSS);
		for (int i = 0; i < 100; i++) { /* ten seconds of nothing, or of little */
			f.env.now += MS(100);
			if (is_trickle) {
				f.is_idle = false;
				f.nxt = seq_add(f.nxt, SMSS);
				f.is_idle = true;
				flow_ack(&f, SMSS);
			}
		}
		uint32_t kept = f.cc.cwnd;
		f.is_idle = false;
		flow_fill(&f);
		flow_round(&f, SMSS);
		flow_round(&g, SMSS);
		flow_round(&g, SMSS);
		ck_assert_uint_lt(f.cc.cwnd, kept + 40 * SMSS);
		ck_assert_double_eq_tol(f.cc.cwnd, g.cc.cwnd, 40 * SMSS);
		/* Ten seconds on the curve would be beyond W_max. */
		ck_assert_uint_lt(f.cc.cwnd, 1000 * SMSS);
	}
}
END_TEST

/* 4.6: who takes a part of cwnd "MUST use other measures to prevent cwnd from growing". */
START_TEST(cubic_grows_only_by_what_is_used)
{
	static struct flow f;

	for (int is_avoidance = 0; is_avoidance < 2; is_avoidance++) {
		flow_init(&f, CC_CUBIC, SMSS);
		f.profile.ssthresh_cwnd = true;
		f.srtt = MS(100);
		flow_open(&f, 100 * SMSS);
		if (is_avoidance)
			flow_lose(&f);
		uint32_t cwnd = f.cc.cwnd;

		f.is_idle = true;
		f.una = f.nxt;
		for (int i = 0; i < 200; i++) {
			f.env.now += MS(100);
			f.nxt = seq_add(f.nxt, 10 * SMSS);
			flow_ack(&f, 10 * SMSS);
			ck_assert_uint_eq(f.cc.cwnd, cwnd);
		}
	}
}
END_TEST

/* 4.10: out of HyStart++ nothing was lost: K is 0, W_max and cwnd_prior are cwnd. */
START_TEST(out_of_hystart_the_curve_begins_flat)
{
	static struct flow f;

	flow_init(&f, CC_CUBIC, SMSS);
	f.profile.hystart = HYSTART_RFC9406;
	f.srtt = f.rtt = MS(80);
	flow_open(&f, 10 * SMSS);
	for (int i = 0; f.cc.ssthresh == CC_HIGH; i++) {
		f.srtt = f.rtt = MS(i < 2 ? 80 : 100);
		flow_round(&f, SMSS);
		ck_assert_int_lt(i, 20);
	}
	double begin = (double)f.cc.ssthresh / SMSS;
	usec start = f.env.now;

	for (int i = 0; i < 100; i++) {
		flow_round(&f, SMSS);
		double t = (double)(f.env.now - start) / 1e6, reno = begin + i + 1;

		ck_assert_double_eq_tol((double)f.cc.cwnd / SMSS,
					fmax(w_cubic(begin, 0, t), reno), 5 + 0.01 * begin);
	}
	ck_assert_double_gt((double)f.cc.cwnd / SMSS, begin + 300);
}
END_TEST

/* 4.9.2: as if the loss had not been. recovery.c puts cwnd and ssthresh back. */
START_TEST(a_loss_that_was_none_is_forgotten)
{
	static struct flow f, g;

	lose_at(&f, 1000);
	for (int i = 0; i < 30; i++)
		flow_round(&f, SMSS);
	g = f;
	g.env.profile = &g.profile;
	g.env.pool = &g.pool;
	g.pool.blocks = g.blocks;
	uint32_t cwnd = f.cc.cwnd, ssthresh = f.cc.ssthresh;
	if (_i)
		flow_time_out(&f, false);
	else
		flow_lose(&f);
	ck_assert_uint_lt(f.cc.ssthresh, cwnd * 3 / 4);
	f.cc.cwnd = cwnd;
	f.cc.ssthresh = ssthresh;
	flow_undo(&f);
	flow_fill(&f);
	for (int i = 0; i < 60; i++) {
		flow_round(&f, SMSS);
		flow_round(&g, SMSS);
		ck_assert_double_eq_tol(f.cc.cwnd, g.cc.cwnd, 2 * SMSS);
	}
	ck_assert_uint_gt(f.cc.cwnd, 980 * SMSS);
}
END_TEST

/* Without a block to remember the curve it is Reno. */
START_TEST(without_a_block_it_grows_as_reno)
{
	static struct flow f, g;

	flow_init(&f, CC_CUBIC, SMSS);
	f.pool.free = 0;
	flow_init(&g, CC_NEWRENO, SMSS);
	flow_open(&f, 20 * SMSS);
	flow_open(&g, 20 * SMSS);
	ck_assert_uint_eq(f.cc.more, 0);
	flow_lose(&f);
	flow_lose(&g);
	for (int i = 0; i < 10; i++) {
		flow_round(&f, SMSS);
		flow_round(&g, SMSS);
		ck_assert_uint_eq(f.cc.cwnd, g.cc.cwnd);
	}
	flow_mark(&f);
	flow_mark(&g);
	flow_time_out(&f, false);
	flow_time_out(&g, false);
	flow_undo(&f);
	ck_assert_uint_eq(f.cc.cwnd, g.cc.cwnd);
	ck_assert_uint_eq(f.cc.ssthresh, g.cc.ssthresh);
}
END_TEST

Suite *cubic_suite(void)
{
	Suite *s = suite_create("cubic");
	TCase *tc = tcase_create("RFC 9438");

	tcase_add_test(tc, the_cube_root_is_exact_everywhere);
	tcase_add_test(tc, k_and_the_curve_are_the_equations);
	tcase_add_loop_test(tc, the_window_follows_the_curve, 0, 2);
	tcase_add_test(tc, no_round_grows_by_more_than_half);
	tcase_add_test(tc, at_a_short_rtt_it_is_as_fast_as_reno);
	tcase_add_test(tc, a_loss_takes_three_tenths);
	tcase_add_test(tc, marks_reduce_it_down_to_one_segment);
	tcase_add_test(tc, who_loses_early_makes_room);
	tcase_add_test(tc, after_a_timeout_the_curve_begins_flat);
	tcase_add_test(tc, time_without_use_does_not_count);
	tcase_add_test(tc, cubic_grows_only_by_what_is_used);
	tcase_add_test(tc, out_of_hystart_the_curve_begins_flat);
	tcase_add_loop_test(tc, a_loss_that_was_none_is_forgotten, 0, 2);
	tcase_add_test(tc, without_a_block_it_grows_as_reno);
	suite_add_tcase(s, tc);
	return s;
}
