/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <stage/keys.h>
#include <stage/stage.h>

/* Those in the table have names. */
static bool has_key(int action)
{
	return action_keys((enum action)action)[0] != '\0';
}

START_TEST(every_action_of_the_table_has_a_key)
{
	bool bound[ACTION_COUNT] = {false};

	for (uint32_t key = 0; key < PRESS_BEYOND; key++)
		bound[key_action(key)] = true;
	for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
		ck_assert_int_eq(bound[a], has_key(a));
	ck_assert_int_eq(key_action(' '), ACTION_PLAY);
	ck_assert_int_eq(key_action(PRESS_F1), ACTION_HELP);
	ck_assert_int_eq(key_action('~'), ACTION_NONE);
}
END_TEST

/* The name of a single letter must be the key that does it. */
START_TEST(names_are_the_keys)
{
	for (int a = 0; a < ACTION_COUNT; a++) {
		const char *name = action_keys((enum action)a);

		if (strlen(name) == 1)
			ck_assert_int_eq(key_action((uint32_t)name[0]), a);
	}
}
END_TEST

START_TEST(the_footer_fits_and_can_be_clicked)
{
	for (int columns = 1; columns <= 160; columns++) {
		for (int lang = LANG_EN; lang <= LANG_BOTH; lang++) {
			struct canvas c;
			struct hits hits = {.count = 0};

			canvas_init(&c, 1, columns, false);
			keys_footer(&c, (struct area){0, 0, 1, columns}, (enum lang)lang, 0, &hits);
			for (int i = 0; i < hits.count; i++) {
				struct area a = hits.at[i].area;

				ck_assert_int_le(a.column + a.columns, columns);
				ck_assert_ptr_eq(hits_find(&hits, 0, a.column), &hits.at[i]);
			}
			/* 40 columns hold at least playing, stepping and leaving. */
			if (columns >= 40)
				ck_assert_int_ge(hits.count, 4);
			ck_assert_ptr_null(hits_find(&hits, 1, 1));
			canvas_fini(&c);
		}
	}
}
END_TEST

START_TEST(the_manual_has_them_all)
{
	struct sink man = {0}, md = {0};

	stage_keys_manual(&man, LANG_EN);
	stage_keys_markdown(&md, LANG_ZH);
	for (int a = 0; a < ACTION_COUNT; a++) {
		if (!has_key(a))
			continue;
		ck_assert(strstr(man.at, string_in(action_sentence((enum action)a), LANG_EN)));
		ck_assert(strstr(md.at, string_in(action_sentence((enum action)a), LANG_ZH)));
	}
	ck_assert(strstr(man.at, ".It \\&., \\&l, \\&Right\n"));
	ck_assert(strstr(md.at, "| `.` `l` `Right` | 前进一件事 |\n"));
	sink_fini(&man);
	sink_fini(&md);
}
END_TEST

START_TEST(speeds_are_understood)
{
	static const struct {
		const char *text;
		int speed;
	} cases[] = {{"1", 0}, {"0.5", -1}, {"1/8", -3}, {"x4", 2},
		     {"3", 1}, {"64", 6},   {"999", 6},  {"0.001", -5}};
	int speed;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert(stage_speed(cases[i].text, &speed));
		ck_assert_int_eq(speed, cases[i].speed);
	}
	ck_assert(!stage_speed("", &speed));
	ck_assert(!stage_speed("fast", &speed));
	ck_assert(!stage_speed("0", &speed));
	ck_assert(!stage_speed("1/0", &speed));
	ck_assert(!stage_speed("-2", &speed));
}
END_TEST

Suite *keys_suite(void)
{
	Suite *s = suite_create("keys");
	TCase *t = tcase_create("the key table");

	tcase_add_test(t, every_action_of_the_table_has_a_key);
	tcase_add_test(t, names_are_the_keys);
	tcase_add_test(t, the_footer_fits_and_can_be_clicked);
	tcase_add_test(t, the_manual_has_them_all);
	tcase_add_test(t, speeds_are_understood);
	suite_add_tcase(s, t);
	return s;
}
