/* SPDX-License-Identifier: MIT */
/* Any moment comes back: from a snapshot the run goes on to the same trace and verdicts. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <woshou/names.h>

static void print_all(const struct trace *t, struct sink *out)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		sink_printf(out, "%ld %u %u %u %u %u %u %ld %ld %u %s|%s\n", (long)r->at, r->kind,
			    r->detail, r->host, r->from, r->to, r->conn, (long)r->number[0],
			    (long)r->number[1], r->seg.seq.v, trace_text_of(t, r, 0),
			    trace_text_of(t, r, 1));
	}
}

static const char play[] = CONNECTED
	"wind zhang -> li { drop 2nd where data }\n"
	"each li gets data marker \"heard\"\n"
	"when li reads \"q\" { li close\n expect eventually zhang in CLOSE_WAIT within 1s }\n"
	"at 1s repeat 5 every 20ms { zhang write \"abc\" }\nat 5s zhang write \"q\"\n"
	"at 1.01s by hand delay 3rd zhang -> li by 30ms\n"
	"at 1.05s by hand { reorder 5th zhang -> li past 1\n duplicate 5th zhang -> li after 50ms "
	"}\n"
	"at 2.5s wind zhang <-> li { delay 20ms  duplicate 1st where data }\n"
	"each li gets data +1s no longer from 3s expect li in ESTABLISHED\n"
	"at 6s by hand zhang close\nask at 1s en \"q\" zh \"q\" answer li.next.ack\n"
	"expect total zhang retransmits 4\nexpect zhang never in CLOSE_WAIT longer 2s\n"
	"expect li received \"abcabcabcabcabcq\"\n";

START_TEST(every_instant_comes_back)
{
	struct scene_file *f = parsed(play);
	struct diags d = {0};
	struct scene_run *run = scene_run_new(f, 0, NULL, &d);
	struct scene_run *other = scene_run_new(f, 0, NULL, &d);
	struct sink whole = {0};
	struct scene_snapshot *s;
	int steps = 0;

	scene_run_all(other);
	print_all(scene_run_trace(other), &whole);
	ck_assert(scene_run_has_passed(other));
	do {
		struct sink again = {0};

		s = scene_run_save(run);
		ck_assert_uint_gt(scene_snapshot_size(s), 0);
		scene_run_all(run);
		print_all(scene_run_trace(run), &again);
		ck_assert_str_eq(again.at, whole.at);
		ck_assert(scene_run_has_passed(run));
		sink_fini(&again);
		scene_run_restore(run, s);
		scene_snapshot_free(s);
		steps++;
	} while (scene_run_step(run));
	ck_assert_int_gt(steps, 20);
	sink_fini(&whole);
	scene_run_free(run);
	scene_run_free(other);
	scene_free(f);
}
END_TEST

/* A snapshot serves more than once, also after the run has gone far beyond. */
START_TEST(a_snapshot_serves_again_and_again)
{
	struct scene_file *f = parsed(play);
	struct diags d = {0};
	struct scene_run *run = scene_run_new(f, 0, NULL, &d);
	struct scene_snapshot *s;
	uint64_t count;

	while (scene_run_next(run) < 2 * USEC_PER_S)
		scene_run_step(run);
	s = scene_run_save(run);
	count = trace_count(scene_run_trace(run));
	for (int i = 0; i < 3; i++) {
		scene_run_all(run);
		ck_assert(scene_run_is_over(run));
		scene_run_restore(run, s);
		ck_assert(!scene_run_is_over(run));
		ck_assert_uint_eq(trace_count(scene_run_trace(run)), count);
	}
	scene_snapshot_free(s);
	scene_run_free(run);
	scene_free(f);
}
END_TEST

Suite *snapshot_suite(void)
{
	Suite *s = suite_create("snapshot");
	TCase *c = tcase_create("going back");

	tcase_add_test(c, every_instant_comes_back);
	tcase_add_test(c, a_snapshot_serves_again_and_again);
	suite_add_tcase(s, c);
	return s;
}
