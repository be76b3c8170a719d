/* SPDX-License-Identifier: MIT */
/* What was expected stands above what came, field below field, and what differs is marked. */
#include "suites.h"

#include <drill/report.h>

static const struct {
	const char *expected, *actual, *wanted;
} pairs[] = {
	{". 1:1(0) ack 1001 win 5", ". 1:1(0) ack 1002 win 5",
	 " expected  . 1:1(0) ack 1001 win 5\n"
	 " actual    . 1:1(0) ack 1002 win 5\n"
	 "                        ^~~~\n"},
	{"S. 0:0(0) ack 1 <mss 1460,sackOK,eol,eol>", "S. 0:0(0) ack 1 <mss 1460>",
	 " expected  S. 0:0(0) ack 1 <mss 1460, sackOK,eol,eol>\n"
	 " actual    S. 0:0(0) ack 1 <mss 1460>\n"
	 "                                ^~~~~ ^~~~~~~^~~~^~~~\n"},
	{"P. 1:1001(1000) ack 1", "F. 1:11(10) ack 1 win 9",
	 " expected  P. 1:1001(1000) ack 1\n"
	 " actual    F. 1:11(10)     ack 1 win 9\n"
	 "           ^~ ^~~~~~~~~~~~\n"},
	{"close(3) = 0", "close(3) = -1 EBADF",
	 " expected  close(3) = 0\n"
	 " actual    close(3) = -1 EBADF\n"
	 "                      ^~ ^~~~~\n"},
};

START_TEST(fields_stand_below_each_other)
{
	struct sink out = {0};

	drill_compare_print(pairs[_i].expected, pairs[_i].actual, " ", &out);
	ck_assert_str_eq(out.at, pairs[_i].wanted);
	sink_fini(&out);
}
END_TEST

START_TEST(more_fields_than_fit_are_printed_as_they_are)
{
	struct sink a = {0}, b = {0}, out = {0};

	for (int i = 0; i < 400; i++)
		sink_printf(&a, "%d ", i);
	sink_puts(&b, "x");
	drill_compare_print(a.at, b.at, "", &out);
	ck_assert_uint_gt(out.count, a.count);
	sink_fini(&a);
	sink_fini(&b);
	sink_fini(&out);
}
END_TEST

START_TEST(a_finding_names_its_line)
{
	struct drill_finding f = {.kind = FINDING_FAILURE,
				  .at = {"x.pkt", 7, 3, 1},
				  .when = 1500000,
				  .what = "the packet differs",
				  .line = "> . 1:1(0) ack 1",
				  .expected = ". 1:1(0) ack 1",
				  .actual = ". 1:1(0) ack 2"};
	struct sink out = {0};

	drill_finding_print(&f, &out);
	ck_assert_str_eq(out.at, "  x.pkt:7:4: failure at 1.500: the packet differs\n"
				 "      7 | > . 1:1(0) ack 1\n"
				 "      expected  . 1:1(0) ack 1\n"
				 "      actual    . 1:1(0) ack 2\n"
				 "                             ^\n");
	sink_fini(&out);
}
END_TEST

Suite *report_suite(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("findings");

	tcase_add_loop_test(t, fields_stand_below_each_other, 0, sizeof pairs / sizeof pairs[0]);
	tcase_add_test(t, more_fields_than_fit_are_printed_as_they_are);
	tcase_add_test(t, a_finding_names_its_line);
	suite_add_tcase(s, t);
	return s;
}
