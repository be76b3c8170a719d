/* SPDX-License-Identifier: MIT */
/*
 * Seeded random worlds keep every promise but those that the world itself makes impossible, which
 * its maker must know beforehand. WOSHOU_WORLDS says how many, WOSHOU_SEED where to begin; a
 * failure prints the seed.
 */
#include "suites.h"
#include "random_world.h"

#include <stdlib.h>

enum { WORLDS = 300, WILD_EVENTS = 20000 };

static uint64_t number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void judge(const struct random_world *r, uint64_t seed)
{
	for (int p = 0; p < PROMISE_COUNT; p++)
		ck_assert_msg(world_broken(r->w, (enum promise)p) == 0 || r->may_break[p],
			      "seed %llu: promise %s broken %llu times", (unsigned long long)seed,
			      promise_name((enum promise)p),
			      (unsigned long long)world_broken(r->w, (enum promise)p));
}

START_TEST(promises_are_kept)
{
	uint64_t first = number_from("WOSHOU_SEED", 1),
		 worlds = number_from("WOSHOU_WORLDS", WORLDS);

	for (uint64_t seed = first; seed < first + worlds; seed++) {
		struct random_world r;
		char pending[512];
		bool ended;

		random_world_init(&r, seed, NULL);
		while (random_world_step(&r))
			;
		ended = random_world_end(&r);
		world_pending(r.w, pending, sizeof pending);
		ck_assert_msg(ended, "seed %llu: still going on: %s", (unsigned long long)seed,
			      pending);
		world_judge_end(r.w);
		judge(&r, seed);
		world_free(r.w);
	}
}
END_TEST

/* Nobody can promise that such a world ends, or soon: some say everything again every microsecond.
 * WOSHOU_WILD says how many. */
START_TEST(settings_without_sense_break_no_promise)
{
	uint64_t first = number_from("WOSHOU_SEED", 1),
		 worlds = number_from("WOSHOU_WILD", WORLDS);

	for (uint64_t seed = first; seed < first + worlds; seed++) {
		struct random_world r;

		random_world_init(&r, seed, NULL);
		random_world_wild(&r);
		while (world_events(r.w) < WILD_EVENTS && random_world_step(&r))
			;
		judge(&r, seed);
		world_free(r.w);
	}
}
END_TEST

/* The trace is only a witness: the same happens without one. */
START_TEST(trace_changes_nothing)
{
	for (uint64_t seed = 1000; seed < 1040; seed++) {
		struct world_figures figures[2];
		uint64_t events[2];
		usec end[2];

		for (int with = 0; with < 2; with++) {
			struct trace *t = with ? trace_new() : NULL;
			struct random_world r;

			random_world_init(&r, seed, t);
			while (random_world_step(&r))
				;
			random_world_end(&r);
			world_figures(r.w, &figures[with]);
			events[with] = world_events(r.w);
			end[with] = world_now(r.w);
			world_free(r.w);
			trace_free(t);
		}
		ck_assert_uint_eq(events[0], events[1]);
		ck_assert_int_eq(end[0], end[1]);
		ck_assert_uint_eq(figures[0].segments_sent, figures[1].segments_sent);
		ck_assert_uint_eq(figures[0].segments_delivered, figures[1].segments_delivered);
		ck_assert_uint_eq(figures[0].connections_opened, figures[1].connections_opened);
	}
}
END_TEST

Suite *random_suite(void)
{
	Suite *s = suite_create("random worlds");
	TCase *c = tcase_create("random worlds");

	tcase_set_timeout(c, 0); /* as many as are asked for */
	tcase_add_test(c, promises_are_kept);
	tcase_add_test(c, settings_without_sense_break_no_promise);
	tcase_add_test(c, trace_changes_nothing);
	suite_add_tcase(s, c);
	return s;
}
