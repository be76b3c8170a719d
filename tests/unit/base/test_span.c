/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <base/span.h>

static const struct {
	const char *text;
	int64_t us; /* -1: not a time */
} spans[] = {
	{"0", 0},
	{"1", 1000000},
	{"1.5", 1500000},
	{"1.5s", 1500000},
	{"1.5 s", 1500000},
	{"200ms", 200000},
	{".5", 500000},
	{"1us", 1},
	{"2min", 120000000},
	{"1h", 3600000000},
	{"1d", 86400000000},
	{"0.000001", 1},
	{"", -1},
	{".", -1},
	{"s", -1},
	{"1.5.5", -1},
	{"-1", -1},
	{"1 x", -1},
	{"1s s", -1},
	{"99999999999999999999", -1},
	{"1000000000000d", -1},
};

START_TEST(a_time_is_read)
{
	int64_t us = -2;
	bool is_good = span_read(spans[_i].text, &us);

	ck_assert_msg(is_good == (spans[_i].us >= 0), "%s", spans[_i].text);
	if (is_good)
		ck_assert_int_eq(us, spans[_i].us);
}
END_TEST

Suite *span_suite(void)
{
	Suite *s = suite_create("span");
	TCase *c = tcase_create("span");

	tcase_add_loop_test(c, a_time_is_read, 0, sizeof spans / sizeof spans[0]);
	suite_add_tcase(s, c);
	return s;
}
