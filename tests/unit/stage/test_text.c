/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/utf8.h>
#include <stage/text.h>

static void expect_lines(const char *text, size_t columns, const char *lines)
{
	struct sink out = {0};

	sink_puts(&out, "");
	while (*text) {
		size_t next, n = text_line(text, columns, &next);

		ck_assert_uint_gt(next, 0);
		sink_put(&out, text, n);
		sink_putc(&out, '|');
		text += next;
	}
	ck_assert_str_eq(out.at, lines);
	sink_fini(&out);
}

START_TEST(words_are_kept_whole)
{
	expect_lines("", 10, "");
	expect_lines("one two three", 7, "one two|three|");
	expect_lines("one two  three", 8, "one two|three|");
	expect_lines("incomprehensible", 6, "incomp|rehens|ible|");
}
END_TEST

START_TEST(chinese_breaks_anywhere_but_before_its_marks)
{
	expect_lines("张三招手", 5, "张三|招手|");
	expect_lines("张三招手。", 8, "张三招|手。|");
	expect_lines("他在 ESTABLISHED", 12, "他在|ESTABLISHED|");
	/* Too narrow for one wide character: still it gets on. */
	expect_lines("张三", 1, "张|三|");
}
END_TEST

START_TEST(spans_have_three_figures)
{
	static const struct {
		usec span;
		const char *text;
	} cases[] = {{0, "0 us"},
		     {999, "999 us"},
		     {1000, "1 ms"},
		     {975000, "975 ms"},
		     {1000000, "1.00 s"},
		     {9990000, "9.99 s"},
		     {59900000, "59.9 s"},
		     {119900000, "119.9 s"},
		     {240000000, "4 min 00 s"},
		     {7260000000, "2 h 01 min"}};
	struct sink out = {0};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		sink_clear(&out);
		put_span(&out, cases[i].span);
		ck_assert_str_eq(out.at, cases[i].text);
	}
	sink_fini(&out);
}
END_TEST

START_TEST(strange_octets_are_spelled_out)
{
	struct sink out = {0};

	put_harmless(&out, "a\n\t\r\033[31m\xff好", 13);
	ck_assert_str_eq(out.at, "a\\n\\t\\r\\x1b[31m\\xff好");
	sink_fini(&out);
}
END_TEST

START_TEST(sentences_are_joined_as_their_language_does)
{
	struct sink out = {0};

	put_sentence(&out, "One.");
	put_sentence(&out, "Two.");
	put_sentence(&out, "");
	ck_assert_str_eq(out.at, "One. Two.");
	sink_clear(&out);
	put_sentence(&out, "一。");
	put_sentence(&out, "二。");
	ck_assert_str_eq(out.at, "一。二。");
	sink_fini(&out);
}
END_TEST

Suite *text_suite(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");

	tcase_add_test(t, words_are_kept_whole);
	tcase_add_test(t, chinese_breaks_anywhere_but_before_its_marks);
	tcase_add_test(t, spans_have_three_figures);
	tcase_add_test(t, strange_octets_are_spelled_out);
	tcase_add_test(t, sentences_are_joined_as_their_language_does);
	suite_add_tcase(s, t);
	return s;
}
