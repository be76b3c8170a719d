/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static const struct trace *played(struct scene_file **f, struct scene_run **run, const char *text)
{
	struct diags d = {0};

	*f = parsed(text);
	*run = scene_run_new(*f, 0, NULL, &d);
	ck_assert_ptr_nonnull(*run);
	diags_fini(&d);
	scene_run_all(*run);
	return scene_run_trace(*run);
}

static const struct record *find(const struct trace *t, enum record_kind kind, uint8_t detail,
				 uint8_t host, int nth)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind == kind && r->detail == detail && r->host == host && nth-- == 0)
			return r;
	}
	return NULL;
}

static void check(const struct trace *t, const struct record *r, uint32_t line, const char *words)
{
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(r->place.line, line);
	ck_assert_str_eq(trace_quoted(t, &r->place), words);
}

/* Who asks why finds the line that made the call. */
START_TEST(a_call_names_its_line)
{
	struct scene_run *run;
	struct scene_file *f;
	const struct trace *t = played(&f, &run,
				       TWO_PEOPLE "at 0s li listen\n"
						  "  at 0s zhang connect li  \n"
						  "at 1s repeat 2 as i { zhang write \"{i}\\n\" }\n"
						  "at 2s zhang crash\n"
						  "at 3s zhang write \"x\"\n");

	check(t, find(t, REC_CALL, CALL_BIND, 1, 0), 5, "at 0s li listen");
	check(t, find(t, REC_CALL, CALL_LISTEN, 1, 0), 5, "at 0s li listen");
	check(t, find(t, REC_CALL, CALL_CONNECT, 0, 0), 6, "at 0s zhang connect li");
	for (int i = 0; i < 2; i++)
		check(t, find(t, REC_CALL, CALL_WRITE, 0, i), 7,
		      "at 1s repeat 2 as i { zhang write \"{i}\\n\" }");
	check(t, find(t, REC_CRASH, 0, 0, 0), 8, "at 2s zhang crash");
	check(t, find(t, REC_CALL, CALL_WRITE, 0, 2), 9, "at 3s zhang write \"x\"");
	scene_run_free(run);
	scene_free(f);
}
END_TEST

/* What an application does by itself stands in no line. */
START_TEST(an_application_has_none)
{
	struct scene_run *run;
	struct scene_file *f;
	const struct trace *t = played(&f, &run,
				       TWO_PEOPLE "person wang { echo }\n"
						  "wind zhang <-> wang { delay 1ms }\n"
						  "at 0s wang listen\n"
						  "at 0s zhang connect wang\n"
						  "at 1s zhang write \"x\"\n");

	check(t, find(t, REC_CALL, CALL_WRITE, 0, 0), 9, "at 1s zhang write \"x\"");
	check(t, find(t, REC_CALL, CALL_ACCEPT, 2, 0), 0, "");
	check(t, find(t, REC_CALL, CALL_WRITE, 2, 0), 0, "");
	check(t, find(t, REC_READ, 0, 2, 0), 0, "");
	scene_run_free(run);
	scene_free(f);
}
END_TEST

START_TEST(reading_and_accepting_by_hand_name_theirs)
{
	struct scene_run *run;
	struct scene_file *f;
	const struct trace *t = played(&f, &run,
				       TWO_PEOPLE "at 0s li reads never\n"
						  "at 0s li accepts by hand\n"
						  "at 0s li listen\n"
						  "at 0s li accept\n"
						  "at 0s zhang connect li\n"
						  "at 1s zhang write \"x\"\n"
						  "at 2s li read\n");

	check(t, find(t, REC_CALL, CALL_ACCEPT, 1, 0), 8, "at 0s li accept");
	check(t, find(t, REC_READ, 0, 1, 0), 11, "at 2s li read");
	scene_run_free(run);
	scene_free(f);
}
END_TEST

/* What a limit of the wind takes names its line, as what a rule takes does. */
START_TEST(a_limit_names_its_line)
{
	struct scene_run *run;
	struct scene_file *f;
	const struct trace *t = played(&f, &run,
				       TWO_PEOPLE "wind zhang -> li { mtu 576B }\n"
						  "wind li -> zhang { rate 8kbit\n"
						  "  queue 100B }\n"
						  "at 0s li listen\n"
						  "at 0s zhang connect li\n"
						  "at 1s zhang write 1000B\n"
						  "at 5s li write 4000B\n");

	check(t, find(t, REC_WIND, DEED_MTU, 0, 0), 5, "mtu 576B");
	check(t, find(t, REC_WIND, DEED_QUEUE, 1, 0), 7, "queue 100B");
	scene_run_free(run);
	scene_free(f);
}
END_TEST

Suite *places_suite(void)
{
	Suite *s = suite_create("places");
	TCase *c = tcase_create("places");

	tcase_add_test(c, a_call_names_its_line);
	tcase_add_test(c, an_application_has_none);
	tcase_add_test(c, reading_and_accepting_by_hand_name_theirs);
	tcase_add_test(c, a_limit_names_its_line);
	suite_add_tcase(s, c);
	return s;
}
