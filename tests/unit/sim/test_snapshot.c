/* SPDX-License-Identifier: MIT */
/* Back to a snapshot and forward again: the same records, to the last octet. */
#include "suites.h"
#include "random_world.h"

static void run_to_end(struct random_world *r)
{
	while (random_world_step(r))
		;
	random_world_end(r);
	world_judge_end(r->w);
}

START_TEST(forward_again_is_the_same)
{
	uint64_t seed = 5000 + (uint64_t)_i, digest;
	struct trace *t = trace_new();
	struct random_world r, then;
	struct world_snapshot *s;
	struct prng prng;

	prng_init(&prng, seed, 2);
	random_world_init(&r, seed, t);
	for (uint64_t steps = prng_below(&prng, 60); steps > 0; steps--)
		random_world_step(&r);
	for (uint64_t events = prng_below(&prng, 50); events > 0; events--)
		world_step(r.w);
	s = world_save(r.w);
	then = r;
	run_to_end(&r);
	digest = trace_digest(t);
	for (int again = 0; again < 2; again++) {
		uint64_t events;

		world_restore(r.w, s);
		r = then;
		ck_assert_int_eq(world_now(r.w), world_now(then.w));
		/* The second time from somewhere in the middle of the other future. */
		if (again == 1) {
			for (events = prng_below(&prng, 500); events > 0; events--)
				world_step(r.w);
			world_restore(r.w, s);
			r = then;
		}
		run_to_end(&r);
		ck_assert_uint_eq(trace_digest(t), digest);
	}
	ck_assert_uint_gt(world_snapshot_size(s), 0);
	world_snapshot_free(s);
	world_free(r.w);
	trace_free(t);
}
END_TEST

/* Hosts and directions that came later are gone; those from before stand where they stood. */
START_TEST(what_came_later_is_gone)
{
	struct world *w = world_new(&(struct world_options){.seed = 1});
	uint8_t a = host_add(w, &(struct host_options){.name = "zhang"}), b;
	struct tcp_profile *profile = host_profile(w, a);
	struct wind *wind = world_wind(w, a, a);
	struct world_snapshot *s;

	wind->delay = 5;
	s = world_save(w);
	profile->mss = 99;
	wind->delay = 7;
	b = host_add(w, &(struct host_options){.name = "li"});
	world_wind(w, a, b)->delay = 9;
	world_restore(w, s);
	ck_assert_ptr_eq(host_profile(w, a), profile);
	ck_assert_uint_eq(profile->mss, 0);
	ck_assert_ptr_eq(world_wind(w, a, a), wind);
	ck_assert_int_eq(wind->delay, 5);
	ck_assert_uint_eq(host_add(w, &(struct host_options){.name = "wang"}), b);
	ck_assert_int_eq(world_wind(w, a, b)->delay, 0);
	world_snapshot_free(s);
	world_free(w);
}
END_TEST

Suite *snapshot_suite(void)
{
	Suite *s = suite_create("snapshot");
	TCase *c = tcase_create("snapshot");

	tcase_set_timeout(c, 300);
	tcase_add_loop_test(c, forward_again_is_the_same, 0, 60);
	tcase_add_test(c, what_came_later_is_gone);
	suite_add_tcase(s, c);
	return s;
}
