/* SPDX-License-Identifier: MIT */
/* --seed, --profile and --set: as if the play had said it. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static const struct override_case {
	const char *name, *expectation;
	struct scene_options o;
	const char *sets[3];
} cases[] = {
	{"a field of everyone", "expect at 1s zhang rto = 7s", {0}, {"rto=7s"}},
	{"of one person",
	 "expect at 1s zhang rto = 7s\nexpect at 1s li rto = 1s",
	 {0},
	 {"zhang.rto=7s"}},
	{"the last one counts", "expect at 1s zhang rto = 8s", {0}, {"rto=7s", "zhang.rto = 8s"}},
	{"two words", "expect at 0s zhang rto = 5s", {0}, {"rto min=5s", "zhang.rto = 5s"}},
	{"another ISN", "expect at 0s zhang sends SYN seq 42", {0}, {"zhang.isn=42"}},
	{"another port",
	 "expect at 0s zhang in SYN_SENT\nexpect zhang connect fails",
	 {0},
	 {"li.port=80"}},
	{"a profile for everyone", "expect at 0s zhang rto = 3s", {.profile = "classic"}, {NULL}},
	{"for one", "expect at 0s zhang rto = 3s", {.profile = "zhang=classic"}, {NULL}},
	{"not for the other", "expect at 0s zhang rto = 1s", {.profile = "li=classic"}, {NULL}},
};

/* li's own port is fixed by the play here: overriding it moves the listener, not the caller. */
#define PLAY                                                                                       \
	"woshou 1\nperson zhang { isn 1000 }\nperson li { isn 5000 }\n"                            \
	"wind zhang <-> li { delay 2s }\nat 0s li listen\nat 0s zhang connect li port 8888\n"

START_TEST(an_option_is_taken)
{
	const struct override_case *c = &cases[_i];
	char text[512];
	struct scene_options o = c->o;
	struct diags d = {0};
	struct scene_file *f;
	struct scene_run *run;
	struct sink out = {0};

	snprintf(text, sizeof text, PLAY "%s\n", c->expectation);
	f = parsed(text);
	o.sets = c->sets;
	run = scene_run_new(f, 0, &o, &d);
	ck_assert_ptr_nonnull(run);
	scene_run_all(run);
	scene_run_report(run, &out);
	ck_assert_msg(scene_run_verdict(run).fail == 0, "%s\n%s", c->name, out.at);
	ck_assert_uint_gt(scene_run_verdict(run).pass, 0);
	sink_fini(&out);
	scene_run_free(run);
	scene_free(f);
}
END_TEST

static const struct {
	struct scene_options o;
	const char *set, *told;
} mistakes[] = {
	{{0}, "rto", "--set: error: 'rto' has no '='\n"},
	{{0}, "rto=7", "--set:1:5: error: a time needs a unit: us, ms, s, min, h or day\n"},
	{{0}, "roto=7s", "--set:1:1: error: unknown setting 'roto'\n"},
	{{0}, "user timeout option=5s", "--set:1:21: error: expected 'on' or 'off', found '5s'\n"},
	{{.profile = "linus"}, NULL, "--profile: error: unknown profile 'linus'\n"},
	{{.profile = "wang=linux"}, NULL, "--profile: error: there is no person 'wang'\n"},
};

START_TEST(a_wrong_option_is_told)
{
	struct scene_file *f = parsed(PLAY);
	const char *sets[] = {mistakes[_i].set, NULL};
	struct scene_options o = mistakes[_i].o;
	struct diags d = {0};
	struct sink out = {0};

	o.sets = sets;
	ck_assert_ptr_null(scene_run_new(f, 0, &o, &d));
	diag_print(&d, &out);
	ck_assert_msg(strncmp(out.at, mistakes[_i].told, strlen(mistakes[_i].told)) == 0, "%s",
		      out.at);
	sink_fini(&out);
	diags_fini(&d);
	scene_free(f);
}
END_TEST

START_TEST(the_seed_is_told)
{
	struct scene_file *f = parsed(PLAY "seed 7\n");
	const struct scene_options o = {.has_seed = true, .seed = 99};
	struct diags d = {0};
	struct scene_run *as_written = scene_run_new(f, 0, NULL, &d);
	struct scene_run *other = scene_run_new(f, 0, &o, &d);

	ck_assert_uint_eq(trace_seed(scene_run_trace(as_written)), 7);
	ck_assert_uint_eq(trace_seed(scene_run_trace(other)), 99);
	scene_run_free(as_written);
	scene_run_free(other);
	scene_free(f);
}
END_TEST

Suite *override_suite(void)
{
	Suite *s = suite_create("override");
	TCase *c = tcase_create("options of the command line");

	tcase_add_loop_test(c, an_option_is_taken, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(c, a_wrong_option_is_told, 0, sizeof mistakes / sizeof mistakes[0]);
	tcase_add_test(c, the_seed_is_told);
	suite_add_tcase(s, c);
	return s;
}
