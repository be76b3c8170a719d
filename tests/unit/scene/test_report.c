/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writing 6: expected against actual, the five records before it, how to look at the moment. */
START_TEST(a_failure_is_told_whole)
{
	char *report = report_of(CONNECTED "expect at 100ms zhang in CLOSED\n");

	ck_assert_str_eq(
		report,
		"x.scene:7: failed at 0.100s\n"
		"  expected  at 100ms zhang in CLOSED\n"
		"  actual    zhang is in ESTABLISHED\n"
		"  before    0.050  li       send S.  5000:5000(0) ack 1001 win 65535 <mss 1460>\n"
		"            0.100  zhang    arrive S.  5000:5000(0) ack 1001 win 65535 <mss "
		"1460>\n"
		"            0.100  zhang    state SYN_SENT -> ESTABLISHED\n"
		"            0.100  zhang    result connect\n"
		"            0.100  zhang    send .   1001:1001(0) ack 5001 win 65535\n"
		"  see       woshou play x.scene --at 0.100s\n");
	free(report);
}
END_TEST

static const struct {
	const char *play, *actual;
} actuals[] = {
	{"expect at 0s zhang sends data", "zhang sent S   1000:1000(0) win 65535 <mss 1460>"},
	{"expect at 10ms zhang sends data", "zhang sent nothing"},
	{"expect at 50ms li gets FIN", "li got S   1000:1000(0) win 65535 <mss 1460>"},
	{"expect at 0s zhang snd.una = 5", "snd.una of zhang is 1000"},
	{"expect at 0s li received \"x\"", "li received 0 octets"},
	{"at 1s zhang write \"a\\n\"\nexpect li received \"x\"", "li received 2 octets: \"a\\n\""},
	{"expect zhang connect fails", "no connect of zhang failed"},
	{"expect total zhang sends any 9", "it was 2"},
	{"expect never li sends SYN+ACK",
	 "it was at 0.050s: S.  5000:5000(0) ack 1001 win 65535 <mss 1460>"},
	{"expect zhang never in SYN_SENT longer 1ms", "it was from 0.000s"},
	{"expect eventually zhang in CLOSING", "it was not; at the end zhang is in ESTABLISHED"},
	{"expect eventually zhang sends FIN", "no such segment was sent"},
	{"expect broken una", "una was kept"},
	{"when zhang in CLOSING expect zhang in CLOSED", "this was never reached"},
	{"end at 1s\nexpect at 2s zhang in CLOSED", "the run ended before"},
	{"at 1s zhang connect li\nat 2s zhang close\nat 3s zhang close",
	 "zhang has 2 open connections: name the one that is meant"},
};

START_TEST(the_actual_is_told)
{
	char text[512], wanted[256];
	char *report;

	snprintf(text, sizeof text, CONNECTED "%s\n", actuals[_i].play);
	snprintf(wanted, sizeof wanted, "  actual    %s\n", actuals[_i].actual);
	report = report_of(text);
	ck_assert_msg(strstr(report, wanted) != NULL, "%s\nwanted %s%s", actuals[_i].play, wanted,
		      report);
	free(report);
}
END_TEST

START_TEST(a_broken_promise_is_told)
{
	char *report = report_of(CONNECTED "at 1s zhang close\nend at 2s\n");

	ck_assert_msg(strncmp(report,
			      "x.scene: the promise 'quiet' was broken at 1.100s\n  how       ",
			      60) == 0,
		      "%s", report);
	free(report);
}
END_TEST

START_TEST(what_passes_is_not_told)
{
	char *report = report_of(CONNECTED "expect at 100ms zhang in ESTABLISHED\n");

	ck_assert_str_eq(report, "");
	free(report);
}
END_TEST

Suite *report_suite(void)
{
	Suite *s = suite_create("report");
	TCase *c = tcase_create("what went wrong");

	tcase_add_test(c, a_failure_is_told_whole);
	tcase_add_loop_test(c, the_actual_is_told, 0, sizeof actuals / sizeof actuals[0]);
	tcase_add_test(c, a_broken_promise_is_told);
	tcase_add_test(c, what_passes_is_not_told);
	suite_add_tcase(s, c);
	return s;
}
