/* SPDX-License-Identifier: MIT */
/* The pages and the editors know the language as it is. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <scene/parse.h>

static const char *const pages[] = {"docs/scene-language.md", "docs/scene-language.zh.md",
				    "docs/editors/vim/syntax/woshou.vim",
				    "docs/editors/vscode/syntaxes/woshou.tmLanguage.json"};

START_TEST(every_statement_is_told)
{
	char *text = file_text(pages[_i]);

	for (const char *const *word = scene_statement_words; *word; word++)
		ck_assert_msg(strstr(text, *word) != NULL, "%s does not tell '%s'", pages[_i],
			      *word);
	for (int p = 0; p < PROMISE_COUNT; p++)
		ck_assert_msg(strstr(text, promise_name((enum promise)p)) != NULL, "%s", pages[_i]);
	for (int c = 0; c < CLASS_COUNT; c++)
		ck_assert_msg(strstr(text, seg_class_name((enum seg_class)c)) != NULL ||
				      strstr(text, "SYN\\\\+ACK") != NULL,
			      "%s", pages[_i]);
	free(text);
}
END_TEST

/* The first sample of a page is a whole play: it passes, and is laid out as it should be. */
START_TEST(the_sample_of_the_page_passes)
{
	char *text = file_text(pages[_i]);
	char *from = strstr(text, "```\n") + 4;
	struct scene_verdict v;
	char *layout, *warnings;

	strstr(from, "```\n")[0] = '\0';
	v = verdict_of(from);
	ck_assert_uint_eq(v.pass, 3);
	ck_assert_uint_eq(v.fail + v.inconclusive, 0);
	warnings = lint(from);
	ck_assert_str_eq(warnings, "");
	layout = formatted(from);
	ck_assert_str_eq(layout, from);
	free(layout);
	free(warnings);
	free(text);
}
END_TEST

Suite *docs_suite(void)
{
	Suite *s = suite_create("docs");
	TCase *c = tcase_create("pages");

	tcase_add_loop_test(c, every_statement_is_told, 0, sizeof pages / sizeof pages[0]);
	tcase_add_loop_test(c, the_sample_of_the_page_passes, 0, 2);
	suite_add_tcase(s, c);
	return s;
}
