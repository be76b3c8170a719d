/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/utf8.h>

static const struct next_case {
	const char *name;
	const char *s;
	size_t n, taken;
	uint32_t cp;
} nexts[] = {
	{"ASCII", "a", 1, 1, 'a'},
	{"NUL", "\0", 1, 1, 0},
	{"two octets", "\xc3\xa9", 2, 2, 0xe9},
	{"three octets", "张", 3, 3, 0x5f20},
	{"four octets", "\xf0\x9f\x91\x8b", 4, 4, 0x1f44b},
	{"the last code point", "\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
	{"U+FFFD itself", "\xef\xbf\xbd", 3, 3, 0xfffd},
	{"past the last", "\xf4\x90\x80\x80", 4, 1, 0xfffd},
	{"cut short", "张", 2, 1, 0xfffd},
	{"cut after one octet", "\xf0\x9f\x91\x8b", 1, 1, 0xfffd},
	{"a continuation alone",
	 "\x80"
	 "a",
	 2, 1, 0xfffd},
	{"no continuation",
	 "\xc3"
	 "a",
	 2, 1, 0xfffd},
	{"overlong slash", "\xc0\xaf", 2, 1, 0xfffd},
	{"overlong in three", "\xe0\x80\xaf", 3, 1, 0xfffd},
	{"a surrogate", "\xed\xa0\x80", 3, 1, 0xfffd},
	{"0xff", "\xff", 1, 1, 0xfffd},
	{"nothing", "a", 0, 0, 0},
};

START_TEST(next_takes_one_code_point)
{
	const struct next_case *c = &nexts[_i];
	uint32_t cp = 0xdead;
	size_t taken = utf8_next(c->s, c->n, &cp);

	ck_assert_msg(taken == c->taken && cp == c->cp, "%s: %zu octets, U+%04X", c->name, taken,
		      cp);
	if (c->n > 0)
		ck_assert_msg(utf8_valid(c->s, c->taken) == (c->cp != 0xfffd || c->taken == 3),
			      "%s", c->name);
}
END_TEST

START_TEST(every_code_point_goes_and_comes_back)
{
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		char octets[4];
		uint32_t back;
		size_t n;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		n = utf8_put(cp, octets);
		if (utf8_next(octets, n, &back) != n || back != cp)
			ck_abort_msg("U+%04X came back as U+%04X", cp, back);
		if (cp_width(cp) < 0 || cp_width(cp) > 2)
			ck_abort_msg("U+%04X: width %d", cp, cp_width(cp));
		if (cp_is_control(cp) && cp_width(cp) != 0)
			ck_abort_msg("U+%04X: a control of width %d", cp, cp_width(cp));
	}
}
END_TEST

START_TEST(what_is_no_code_point_is_put_as_fffd)
{
	char octets[4];

	ck_assert_uint_eq(utf8_put(0xd800, octets), 3);
	ck_assert_mem_eq(octets, "\xef\xbf\xbd", 3);
	ck_assert_uint_eq(utf8_put(0x110000, octets), 3);
	ck_assert_mem_eq(octets, "\xef\xbf\xbd", 3);
}
END_TEST

static const struct cp_case {
	uint32_t cp;
	int width;
	bool is_letter, is_control;
} cps[] = {
	{'a', 1, true, false},      {'_', 1, false, false},
	{'7', 1, false, false},     {' ', 1, false, false},
	{0x1b, 0, false, true},     {0x7f, 0, false, true},
	{0x85, 0, false, true},     {0x9b, 0, false, true},
	{0xa0, 1, false, false},    {0xe9, 1, true, false},
	{0x301, 0, false, false},   {0x5f20, 2, true, false},
	{0x3007, 2, true, false},   {0x3002, 2, false, false},
	{0xff01, 2, false, false},  {0xac00, 2, true, false},
	{0x1f44b, 2, false, false}, {0x2192, 1, false, false}, /* an arrow: East Asian ambiguous */
	{0x2502, 1, false, false},                             /* a box line: the same */
	{0x200d, 0, false, false},                             /* joiner */
	{0x200e, 0, false, true},   {0x200f, 0, false, true},
	{0x202a, 0, false, true},   {0x202e, 0, false, true},
	{0x2066, 0, false, true},   {0x2069, 0, false, true},
	{0x2028, 0, false, true},   {0x061c, 0, false, true},
	{0xfeff, 0, false, true},   {0x110000, 1, false, false},
};

START_TEST(a_code_point_is_so_wide)
{
	const struct cp_case *c = &cps[_i];

	ck_assert_msg(cp_width(c->cp) == c->width, "U+%04X: %d", c->cp, cp_width(c->cp));
	ck_assert_msg(cp_is_letter(c->cp) == c->is_letter, "U+%04X letter", c->cp);
	ck_assert_msg(cp_is_control(c->cp) == c->is_control, "U+%04X control", c->cp);
}
END_TEST

START_TEST(text_is_so_wide)
{
	ck_assert_uint_eq(utf8_columns(""), 0);
	ck_assert_uint_eq(utf8_columns("woshou"), 6);
	ck_assert_uint_eq(utf8_columns("woshou 握手"), 11);
	ck_assert_uint_eq(utf8_columns("e\xcc\x81"), 1);
	ck_assert_uint_eq(utf8_columns("\x1b[31m"), 4);
	ck_assert_uint_eq(utf8_columns("\xff\xfe"), 2);
	ck_assert_uint_eq(utf8_width("张三", 3), 2);
	ck_assert_uint_eq(utf8_width("张三", 4), 3);
	ck_assert(utf8_valid("张三", 6));
	ck_assert(!utf8_valid("张三", 5));
	ck_assert(utf8_valid("", 0));
}
END_TEST

START_TEST(clip_never_cuts_a_wide_one)
{
	ck_assert_uint_eq(utf8_clip("abc", 2), 2);
	ck_assert_uint_eq(utf8_clip("abc", 9), 3);
	ck_assert_uint_eq(utf8_clip("abc", 0), 0);
	ck_assert_uint_eq(utf8_clip("张三", 1), 0);
	ck_assert_uint_eq(utf8_clip("张三", 2), 3);
	ck_assert_uint_eq(utf8_clip("张三", 3), 3);
	ck_assert_uint_eq(utf8_clip("张三", 4), 6);
	ck_assert_uint_eq(utf8_clip("e\xcc\x81x", 1), 3); /* the accent stays with its letter */
}
END_TEST

Suite *utf8_suite(void)
{
	Suite *s = suite_create("utf8");
	TCase *t = tcase_create("columns");

	tcase_add_loop_test(t, next_takes_one_code_point, 0, sizeof nexts / sizeof nexts[0]);
	tcase_add_test(t, every_code_point_goes_and_comes_back);
	tcase_add_test(t, what_is_no_code_point_is_put_as_fffd);
	tcase_add_loop_test(t, a_code_point_is_so_wide, 0, sizeof cps / sizeof cps[0]);
	tcase_add_test(t, text_is_so_wide);
	tcase_add_test(t, clip_never_cuts_a_wide_one);
	suite_add_tcase(s, t);
	return s;
}
