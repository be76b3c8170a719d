/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <base/prng.h>
#include <stage/canvas.h>
#include "scenery.h"

static void expect_row(const struct canvas *c, const char *text)
{
	struct sink out = {0};

	canvas_dump(c, &out);
	ck_assert_str_eq(out.at, text);
	sink_fini(&out);
}

START_TEST(text_is_clipped_by_columns)
{
	struct canvas c;

	canvas_init(&c, 1, 7, false);
	ck_assert_int_eq(canvas_text(&c, 0, 0, 5, INK(ROLE_TEXT), "张三李四"), 4);
	expect_row(&c, "张三\n");
	ck_assert_int_eq(canvas_text(&c, 0, 4, 9, INK(ROLE_TEXT), "ab李"), 4);
	expect_row(&c, "张三ab\n"); /* 李 would straddle the edge */
	ck_assert(canvas_is_sound(&c));
	canvas_fini(&c);
}
END_TEST

START_TEST(half_of_a_wide_character_is_never_left)
{
	struct canvas c;

	canvas_init(&c, 1, 6, false);
	canvas_text(&c, 0, 0, 6, INK(ROLE_TEXT), "张三李");
	canvas_text(&c, 0, 1, 1, INK(ROLE_TEXT), "x");
	expect_row(&c, " x三李\n");
	canvas_text(&c, 0, 3, 2, INK(ROLE_TEXT), "四");
	expect_row(&c, " x 四\n");
	canvas_clear_area(&c, (struct area){0, 4, 1, 1});
	expect_row(&c, " x\n");
	ck_assert(canvas_is_sound(&c));
	canvas_fini(&c);
}
END_TEST

START_TEST(controls_are_shown_and_marks_join)
{
	struct canvas c;

	canvas_init(&c, 1, 10, false);
	canvas_text(&c, 0, 0, 10, INK(ROLE_TEXT), "a\033[1mb");
	expect_row(&c, "a\xef\xbf\xbd[1mb\n");
	canvas_clear(&c);
	ck_assert_int_eq(canvas_text(&c, 0, 0, 10, INK(ROLE_TEXT), "e\xcc\x81z"), 2);
	ck_assert_int_eq(canvas_at(&c, 0, 0)->octets, 3);
	canvas_fini(&c);
}
END_TEST

START_TEST(ascii_glyphs_are_twins)
{
	struct canvas c;

	canvas_init(&c, 1, 12, true);
	canvas_glyph(&c, 0, 0, GLYPH_DELIVERED_RIGHT, INK(ROLE_TEXT));
	canvas_text(&c, 0, 1, 11, INK(ROLE_TEXT), "× → “张”");
	expect_row(&c, ">x > \"张\"\n");
	canvas_fini(&c);
	for (int g = 0; g < GLYPH_COUNT; g++) {
		ck_assert_int_ge(glyph_twin((enum glyph)g), '!');
		ck_assert_int_le(glyph_twin((enum glyph)g), '~');
	}
}
END_TEST

START_TEST(text_on_the_right_ends_there)
{
	struct canvas c;

	canvas_init(&c, 2, 8, false);
	canvas_text_right(&c, 0, 8, 8, INK(ROLE_TEXT), "李四");
	canvas_text_right(&c, 1, 6, 3, INK(ROLE_TEXT), "abcdef");
	expect_row(&c, "    李四\n   abc\n");
	canvas_fini(&c);
}
END_TEST

START_TEST(canvases_are_compared_by_all_that_shows)
{
	struct canvas a, b;

	canvas_init(&a, 2, 3, false);
	canvas_init(&b, 2, 3, false);
	ck_assert(canvas_eq(&a, &b));
	canvas_text(&a, 1, 1, 1, INK(ROLE_TEXT), "x");
	ck_assert(!canvas_eq(&a, &b));
	canvas_text(&b, 1, 1, 1, INK(ROLE_LOSS), "x");
	ck_assert(!canvas_eq(&a, &b));
	canvas_text(&b, 1, 1, 1, INK(ROLE_TEXT), "x");
	ck_assert(canvas_eq(&a, &b));
	canvas_mark(&b, 1, 0, 3, ATTR_REVERSE);
	ck_assert(!canvas_eq(&a, &b));
	canvas_fini(&a);
	canvas_fini(&b);
}
END_TEST

START_TEST(anything_written_anywhere_leaves_it_sound)
{
	static const char *const words[] = {"a", "张三", "─►", "x李", "é́", "\t\n", "四四四四"};
	struct prng p;
	struct canvas c;

	prng_init(&p, 7, 0);
	canvas_init(&c, 4, 9, false);
	for (int i = 0; i < 3000; i++) {
		int row = (int)prng_below(&p, 8) - 2, column = (int)prng_below(&p, 16) - 4;
		int room = (int)prng_below(&p, 12) - 2;

		if (prng_below(&p, 10) == 0)
			canvas_clear_area(&c, (struct area){row, column, 2, room});
		else
			canvas_text(&c, row, column, room, INK(ROLE_TEXT),
				    words[prng_below(&p, 7)]);
		ck_assert(canvas_is_sound(&c));
	}
	canvas_fini(&c);
}
END_TEST

Suite *canvas_suite(void)
{
	Suite *s = suite_create("canvas");
	TCase *t = tcase_create("a canvas");

	tcase_add_test(t, text_is_clipped_by_columns);
	tcase_add_test(t, half_of_a_wide_character_is_never_left);
	tcase_add_test(t, controls_are_shown_and_marks_join);
	tcase_add_test(t, ascii_glyphs_are_twins);
	tcase_add_test(t, text_on_the_right_ends_there);
	tcase_add_test(t, canvases_are_compared_by_all_that_shows);
	tcase_add_test(t, anything_written_anywhere_leaves_it_sound);
	suite_add_tcase(s, t);
	return s;
}
