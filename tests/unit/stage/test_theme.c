/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdbool.h>
#include <stage/theme.h>

static bool look_alike(enum theme t, enum role a, enum role b)
{
	struct style p = theme_style(t, a), q = theme_style(t, b);

	return p.colour == q.colour && p.attrs == q.attrs;
}

START_TEST(the_two_people_and_a_loss_differ_in_every_theme)
{
	for (int t = 0; t < THEME_COUNT; t++) {
		ck_assert(!look_alike((enum theme)t, ROLE_PERSON_0, ROLE_PERSON_1));
		ck_assert(!look_alike((enum theme)t, ROLE_PERSON_0, ROLE_LOSS));
		ck_assert(!look_alike((enum theme)t, ROLE_LINE_0, ROLE_LINE_1));
		ck_assert(!look_alike((enum theme)t, ROLE_PERSON_1, ROLE_LOSS));
	}
}
END_TEST

START_TEST(mono_has_no_colour)
{
	for (int r = 0; r < ROLE_COUNT; r++)
		ck_assert_int_eq(theme_style(THEME_MONO, (enum role)r).colour, -1);
	ck_assert_uint_eq(theme_style(THEME_MONO, ROLE_PERSON_0).attrs, ATTR_UNDERLINE);
	ck_assert_uint_eq(theme_style(THEME_MONO, ROLE_PERSON_1).attrs, ATTR_BOLD);
	ck_assert_uint_eq(theme_style(THEME_MONO, ROLE_LOSS).attrs, ATTR_REVERSE);
}
END_TEST

START_TEST(few_colours_are_among_the_eight_and_none_is_black)
{
	for (int r = 0; r < ROLE_COUNT; r++) {
		int colour = theme_style(THEME_EIGHT, (enum role)r).colour;

		ck_assert_int_ne(colour, 0);
		ck_assert_int_lt(colour, 8);
	}
}
END_TEST

START_TEST(themes_have_names)
{
	for (int t = 0; t < THEME_COUNT; t++)
		ck_assert_int_eq(theme_named(theme_name((enum theme)t)), t);
	ck_assert_int_eq(theme_named("solarized"), -1);
}
END_TEST

Suite *theme_suite(void)
{
	Suite *s = suite_create("theme");
	TCase *t = tcase_create("a theme");

	tcase_add_test(t, the_two_people_and_a_loss_differ_in_every_theme);
	tcase_add_test(t, mono_has_no_colour);
	tcase_add_test(t, few_colours_are_among_the_eight_and_none_is_black);
	tcase_add_test(t, themes_have_names);
	suite_add_tcase(s, t);
	return s;
}
