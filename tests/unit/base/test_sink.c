/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/sink.h>

START_TEST(a_sink_takes_all_and_ends_with_nul)
{
	struct sink s = {0};

	sink_puts(&s, "ab");
	sink_put(&s, "c\0d", 3);
	sink_putc(&s, 'e');
	sink_pad(&s, '.', 3);
	sink_pad(&s, '!', 0);
	sink_printf(&s, "%d", 42);
	ck_assert_uint_eq(s.count, 11);
	ck_assert_mem_eq(s.at, "abc\0de...42", 12);
	sink_clear(&s);
	ck_assert_uint_eq(s.count, 0);
	ck_assert_str_eq(s.at, "");
	sink_puts(&s, "x");
	ck_assert_str_eq(s.at, "x");
	sink_fini(&s);
	ck_assert_ptr_null(s.at);
}
END_TEST

START_TEST(an_empty_put_still_makes_a_string)
{
	struct sink s = {0};

	sink_clear(&s);
	sink_put(&s, NULL, 0);
	ck_assert_str_eq(s.at, "");
	sink_fini(&s);
}
END_TEST

START_TEST(printf_of_every_size_is_whole)
{
	struct sink s = {0};

	for (int width = 1; width < 400; width++) {
		sink_clear(&s);
		sink_printf(&s, "<%*d>", width, 7);
		ck_assert_uint_eq(s.count, (size_t)width + 2);
		ck_assert_uint_eq(strlen(s.at), s.count);
		ck_assert_int_eq(s.at[0], '<');
		ck_assert_int_eq(s.at[width], '7');
		ck_assert_int_eq(s.at[width + 1], '>');
	}
	sink_fini(&s);
}
END_TEST

static const struct time_case {
	int64_t us;
	const char *text;
} times[] = {
	{0, "0.000"},
	{1, "0.000001"},
	{999, "0.000999"},
	{1000, "0.001"},
	{1050000, "1.050"},
	{63050001, "63.050001"},
	{63050000, "63.050"},
	{86400000000, "86400.000"},
	{-1, "-0.000001"},
	{-1500000, "-1.500"},
	{INT64_MAX, "9223372036854.775807"},
	{INT64_MIN, "-9223372036854.775808"},
};

START_TEST(a_time_is_printed_so)
{
	struct sink s = {0};

	sink_time(&s, times[_i].us);
	ck_assert_str_eq(s.at, times[_i].text);
	sink_fini(&s);
}
END_TEST

Suite *sink_suite(void)
{
	Suite *s = suite_create("sink");
	TCase *t = tcase_create("sink");

	tcase_add_test(t, a_sink_takes_all_and_ends_with_nul);
	tcase_add_test(t, an_empty_put_still_makes_a_string);
	tcase_add_test(t, printf_of_every_size_is_whole);
	tcase_add_loop_test(t, a_time_is_printed_so, 0, sizeof times / sizeof times[0]);
	suite_add_tcase(s, t);
	return s;
}
