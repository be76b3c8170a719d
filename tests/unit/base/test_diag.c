/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/diag.h>
#include <base/utf8.h>

static char *printed(const struct diags *d)
{
	struct sink s = {0};

	sink_puts(&s, "");
	diag_print(d, &s);
	return s.at;
}

static const struct print_case {
	const char *name;
	struct place at;
	const char *line, *hint, *message;
	const char *text;
} cases[] = {
	{"the sample of the language",
	 {"bad1.scene", 38, 29, 8},
	 "  expect at 2.1s    zhang in FINWAIT2",
	 "did you mean FIN_WAIT_2?",
	 "unknown TCP state 'FINWAIT2'",
	 "bad1.scene:38:30: error: unknown TCP state 'FINWAIT2'\n"
	 "   38 |   expect at 2.1s    zhang in FINWAIT2\n"
	 "      |                              ^~~~~~~~\n"
	 "      = hint: did you mean FIN_WAIT_2?\n"},
	{"Chinese before the place counts two columns",
	 {"a.scene", 7, 12, 3},
	 "say \"张三\" foo",
	 NULL,
	 "unknown word",
	 "a.scene:7:11: error: unknown word\n"
	 "    7 | say \"张三\" foo\n"
	 "      |           ^~~\n"},
	{"a Chinese word is underlined in columns",
	 {"a.scene", 7, 7, 6},
	 "person 张三",
	 NULL,
	 "no such person",
	 "a.scene:7:8: error: no such person\n"
	 "    7 | person 张三\n"
	 "      |        ^~~~\n"},
	{"tabs are spread",
	 {"a.scene", 123456, 4, 1},
	 "\tab\tc",
	 NULL,
	 "no",
	 "a.scene:123456:17: error: no\n"
	 "123456 |         ab      c\n"
	 "      |                 ^\n"},
	{"a whole file has no line",
	 {"a.scene", 0, 0, 0},
	 NULL,
	 NULL,
	 "empty",
	 "a.scene: error: empty\n"},
	{"a place without its line", {"-", 3, 4, 2}, NULL, NULL, "no", "-:3:5: error: no\n"},
	{"the end of the line",
	 {"a.scene", 1, 8, 1},
	 "at 1s li",
	 NULL,
	 "a verb is missing",
	 "a.scene:1:9: error: a verb is missing\n"
	 "    1 | at 1s li\n"
	 "      |         ^\n"},
	{"a place past the end is the end",
	 {"a.scene", 1, 99, 99},
	 "ab",
	 NULL,
	 "no",
	 "a.scene:1:3: error: no\n"
	 "    1 | ab\n"
	 "      |   ^\n"},
	{"a place below zero is the start",
	 {"a.scene", 1, -5, -5},
	 "ab",
	 NULL,
	 "no",
	 "a.scene:1:1: error: no\n"
	 "    1 | ab\n"
	 "      | ^\n"},
	{"what could harm the terminal is shown",
	 {"a\x1b]0;x\x07.scene", 1, 12, 1},
	 "\x1b[31m \xff \xe2\x80\xae x",
	 "use\rthat",
	 "bad '\x1b[2J'",
	 "a\\x1b]0;x\\x07.scene:1:22: error: bad '\\x1b[2J'\n"
	 "    1 | \\x1b[31m \\xff \\u202e x\n"
	 "      |                      ^\n"
	 "      = hint: use\\x0dthat\n"},
	{"an escaped octet is underlined whole",
	 {"a.scene", 1, 1, 1},
	 "a\x1b"
	 "b",
	 NULL,
	 "no",
	 "a.scene:1:2: error: no\n"
	 "    1 | a\\x1bb\n"
	 "      |  ^~~~\n"},
	{"an accent at the end stays",
	 {"a.scene", 1, 0, 1},
	 "e\xcc\x81",
	 NULL,
	 "no",
	 "a.scene:1:1: error: no\n"
	 "    1 | e\xcc\x81\n"
	 "      | ^\n"},
};

START_TEST(a_mistake_is_told_so)
{
	const struct print_case *c = &cases[_i];
	struct diags d = {0};
	char *text;

	diag_error(&d, c->at, c->line, c->hint, "%s", c->message);
	ck_assert_int_eq(d.errors, 1);
	text = printed(&d);
	ck_assert_msg(strcmp(text, c->text) == 0, "%s:\n%s", c->name, text);
	free(text);
	diags_fini(&d);
}
END_TEST

/* The caret must stand under the place wherever it is in a long line of wide and narrow letters. */
START_TEST(a_long_line_is_clipped_around_the_place)
{
	char line[3001] = "";

	for (int i = 0; i < 500; i++)
		memcpy(line + 6 * i, i % 3 ? "张.ab" : "\t.abcd", 6);
	for (int byte = 0; byte < 3000; byte += 7) {
		struct diags d = {0};
		char *text, *source, *caret;
		size_t octets;

		while (line[byte] != 'a')
			byte++;
		diag_error(&d, (struct place){"f", 1, byte, 1}, line, NULL, "x");
		text = printed(&d);
		source = strstr(text, " | ") + 3;
		caret = strstr(source, " | ") + 3;
		*strchr(source, '\n') = '\0';
		ck_assert_uint_le(utf8_columns(source), 126);
		octets = utf8_clip(source, (size_t)(strchr(caret, '^') - caret));
		ck_assert_msg(source[octets] == 'a', "byte %d:\n%s\n%s", byte, source, caret);
		free(text);
		diags_fini(&d);
	}
}
END_TEST

START_TEST(a_long_underline_ends_with_the_line_shown)
{
	char line[501] = "";
	struct diags d = {0};
	char *text, *caret;

	memset(line, 'a', 500);
	diag_error(&d, (struct place){"f", 1, 10, 400}, line, NULL, "x");
	text = printed(&d);
	caret = strrchr(text, '^');
	ck_assert_uint_eq(strspn(caret, "^~"), 110);
	ck_assert_str_eq(caret + 110, "\n");
	free(text);
	diags_fini(&d);
}
END_TEST

/* Found by fuzzing: half of a wide letter fits, and a mark belongs to it. */
START_TEST(a_wide_letter_with_a_mark_is_cut_at_the_edge)
{
	char line[600] = "";
	struct diags d = {0};
	char *text;

	memset(line, 'a', 119);
	memcpy(line + 119, "张\xcc\x81", 5);
	memset(line + 124, 'b', 300);
	diag_error(&d, (struct place){"f", 1, 0, 1}, line, NULL, "x");
	text = printed(&d);
	ck_assert_ptr_nonnull(strstr(text, "aaa ...\n      | ^\n"));
	free(text);
	diags_fini(&d);
}
END_TEST

START_TEST(marks_without_width_do_not_fill_the_screen)
{
	char *line = calloc(1, 200001);
	struct diags d = {0};
	char *text;

	for (int i = 0; i < 100000; i++)
		memcpy(line + 2 * i, "\xcc\x81", 2);
	diag_error(&d, (struct place){"f", 1, 100, 1}, line, NULL, "x");
	text = printed(&d);
	ck_assert_uint_lt(strlen(text), 200);
	free(text);
	free(line);
	diags_fini(&d);
}
END_TEST

START_TEST(texts_are_copied)
{
	char file[] = "f.scene", line[] = "abc", hint[] = "try";
	struct diags d = {0};
	char *text;

	diag_error(&d, (struct place){file, 1, 0, 1}, line, hint, "%s", "word");
	memset(file, 'X', 3);
	memset(line, 'X', 3);
	memset(hint, 'X', 3);
	text = printed(&d);
	ck_assert_ptr_null(strchr(text, 'X'));
	free(text);
	diags_fini(&d);
}
END_TEST

START_TEST(twenty_are_told_and_the_rest_counted)
{
	struct diags d = {0};
	char *text;

	for (int i = 1; i <= 23; i++) {
		diag_warning(&d, (struct place){"f", i, 0, 1}, NULL, NULL, "careful");
		diag_error(&d, (struct place){"f", i, 0, 1}, NULL, NULL, "number %d", i);
	}
	ck_assert_int_eq(d.errors, 23);
	ck_assert_int_eq(d.warnings, 23);
	text = printed(&d);
	ck_assert(strncmp(text, "f:1:1: warning: careful\nf:1:1: error: number 1\n", 47) == 0);
	ck_assert_ptr_nonnull(strstr(text, "f:20:1: error: number 20\n"));
	ck_assert_ptr_null(strstr(text, "number 21"));
	ck_assert_ptr_nonnull(strstr(text, "\n... and 3 more errors\n... and 3 more warnings\n"));
	free(text);
	diags_fini(&d);
	ck_assert_int_eq(d.errors, 0);
}
END_TEST

START_TEST(twenty_have_no_rest_and_one_is_no_plural)
{
	struct diags d = {0};
	char *text;

	for (int i = 1; i <= 20; i++)
		diag_error(&d, (struct place){"f", i, 0, 1}, NULL, NULL, "no");
	text = printed(&d);
	ck_assert_ptr_null(strstr(text, "more"));
	free(text);
	diag_error(&d, (struct place){"f", 21, 0, 1}, NULL, NULL, "no");
	text = printed(&d);
	ck_assert_ptr_nonnull(strstr(text, "\n... and 1 more error\n"));
	free(text);
	diags_fini(&d);
}
END_TEST

Suite *diag_suite(void)
{
	Suite *s = suite_create("diag");
	TCase *t = tcase_create("print");

	tcase_add_loop_test(t, a_mistake_is_told_so, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(t, a_long_line_is_clipped_around_the_place);
	tcase_add_test(t, a_long_underline_ends_with_the_line_shown);
	tcase_add_test(t, a_wide_letter_with_a_mark_is_cut_at_the_edge);
	tcase_add_test(t, marks_without_width_do_not_fill_the_screen);
	tcase_add_test(t, texts_are_copied);
	tcase_add_test(t, twenty_are_told_and_the_rest_counted);
	tcase_add_test(t, twenty_have_no_rest_and_one_is_no_plural);
	suite_add_tcase(s, t);
	return s;
}
