/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/utf8.h>
#include <stage/lang.h>
#include <stage/pose.h>

START_TEST(both_languages_are_complete_and_fit)
{
	const struct string_info *s = string_info((enum string)_i);

	ck_assert_msg(s->text[0][0] != '\0', "%s: no English", s->id);
	ck_assert_msg(s->text[1][0] != '\0', "%s: no Chinese", s->id);
	for (int i = 0; i < 2; i++)
		ck_assert_msg((int)utf8_columns(s->text[i]) <= s->columns,
			      "%s: '%s' is %zu columns wide, %d are allowed", s->id, s->text[i],
			      utf8_columns(s->text[i]), s->columns);
}
END_TEST

static void put_places(const char *text, char out[16])
{
	size_t n = 0;

	for (; *text && n < 15; text++) {
		if (*text == '%')
			out[n++] = *++text;
	}
	out[n] = '\0';
}

START_TEST(both_languages_take_the_same_arguments)
{
	const struct string_info *s = string_info((enum string)_i);
	char en[16], zh[16];

	put_places(s->text[0], en);
	put_places(s->text[1], zh);
	ck_assert_str_eq(en, zh);
}
END_TEST

START_TEST(both_are_said_side_by_side)
{
	struct sink out = {0};

	string_put(&out, STRING_NARRATION, LANG_BOTH);
	ck_assert_str_eq(out.at, "旁白 narration");
	sink_clear(&out);
	string_put(&out, STRING_GOTO_HELP, LANG_BOTH);
	ck_assert_str_eq(out.at, string_in(STRING_GOTO_HELP, LANG_EN)); /* the same: once */
	sink_clear(&out);
	string_put(&out, STRING_NARRATION, LANG_ZH);
	ck_assert_str_eq(out.at, "旁白");
	sink_fini(&out);
	ck_assert_str_eq(text_in("a", "", LANG_ZH), "a");
	ck_assert_str_eq(text_in("", "啊", LANG_EN), "啊");
	ck_assert_str_eq(text_in("a", "啊", LANG_BOTH), "a");
}
END_TEST

/* SYN is 招手, FIN is 挥手告别, never otherwise. */
START_TEST(waving_is_for_syn_and_goodbye_for_fin)
{
	ck_assert_str_eq(string_in(pose_word(POSE_WAVES), LANG_ZH), "招手");
	ck_assert_str_eq(string_in(pose_word(POSE_GOODBYE), LANG_ZH), "挥手告别");
	for (int i = 0; i < STRING_COUNT; i++)
		ck_assert_msg(strstr(string_in((enum string)i, LANG_ZH), "挥手") == NULL ||
				      i == STRING_POSE_GOODBYE,
			      "%s", string_info((enum string)i)->id);
}
END_TEST

Suite *lang_suite(void)
{
	Suite *s = suite_create("lang");
	TCase *t = tcase_create("words");

	tcase_add_loop_test(t, both_languages_are_complete_and_fit, 0, STRING_COUNT);
	tcase_add_loop_test(t, both_languages_take_the_same_arguments, 0, STRING_COUNT);
	tcase_add_test(t, both_are_said_side_by_side);
	tcase_add_test(t, waving_is_for_syn_and_goodbye_for_fin);
	suite_add_tcase(s, t);
	return s;
}
