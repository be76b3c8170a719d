/* SPDX-License-Identifier: MIT */
/* The bench measures what it says; its times are another matter, and never tested. Its sizes are.
 */
#include "suites.h"

#include <sim/bench.h>

static uint64_t fake_clock(void)
{
	static uint64_t now;

	return now += 1000000;
}

START_TEST(runs_and_fits)
{
	struct bench_options o = {
		.cpu_us = fake_clock, .runs = 1, .segments = 20000, .rounds = 5000};
	struct bench_result r;

	bench_run(&o, &r);
	ck_assert(!r.is_measured[BENCH_1000000]);
	for (int size = BENCH_1; size <= BENCH_10000; size++) {
		const struct bench_figure *f = &r.segments_per_cpu_s[size];

		ck_assert(r.is_measured[size]);
		/* One second by this clock: the segments themselves. Twice as many data as ACKs. */
		ck_assert_uint_ge(f->median, 20000);
		ck_assert_uint_eq(f->median,
				  r.data_per_cpu_s[size].median + r.acks_per_cpu_s[size].median);
		ck_assert_uint_ge(r.data_per_cpu_s[size].median,
				  r.acks_per_cpu_s[size].median * 3 / 2);
	}
	for (int size = BENCH_1; size <= BENCH_10000; size++)
		ck_assert_uint_ge(r.everything_per_cpu_s[size].median, 20000);
	for (int i = 0; i < BENCH_WINDOWS; i++)
		ck_assert_uint_ge(r.window_per_cpu_s[i].median, 20000);
	ck_assert_uint_gt(r.window[BENCH_4_MB], 65535);
	ck_assert_uint_eq(r.rounds_per_cpu_s.median, 5000);
	ck_assert_uint_le(r.bytes_idle_pair, 1024);
	ck_assert_uint_le(r.bytes_time_wait, 96);
}
END_TEST

Suite *bench_suite(void)
{
	Suite *s = suite_create("bench");
	TCase *c = tcase_create("bench");

	tcase_set_timeout(c, 240);
	tcase_add_test(c, runs_and_fits);
	suite_add_tcase(s, c);
	return s;
}
