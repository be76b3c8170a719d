/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <stage/pose.h>

/* As they are written. */
static const char *const written[] = {
#define POSE(id, ...)      __VA_ARGS__,
#define ALTERNATE(id, ...) __VA_ARGS__,
#include "stage/pose.def"
#undef POSE
#undef ALTERNATE
};

enum { PICTURE_ROWS = POSE_SMALL_ROWS + POSE_LARGE_ROWS };

START_TEST(every_row_is_as_wide_as_it_must_be)
{
	for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
		size_t columns = i % PICTURE_ROWS < POSE_SMALL_ROWS ? POSE_SMALL_COLUMNS
								    : POSE_LARGE_COLUMNS;

		ck_assert_msg(strlen(written[i]) == columns, "row %zu: '%s'", i, written[i]);
		for (const char *c = written[i]; *c; c++)
			ck_assert_int_lt(*c, 0x7f);
	}
	ck_assert_uint_eq(sizeof written / sizeof written[0] % PICTURE_ROWS, 0);
}
END_TEST

static void picture_of(struct stance s, enum pose_size size, bool is_mirrored, char *out)
{
	for (int row = 0; row < pose_rows(size); row++) {
		pose_row(s, size, row, is_mirrored, out);
		ck_assert_uint_eq(strlen(out), (size_t)pose_columns(size));
		out += pose_columns(size);
	}
}

enum { PICTURE = POSE_LARGE_ROWS * POSE_LARGE_COLUMNS + 1 };

START_TEST(no_two_look_alike)
{
	enum pose_size size = (enum pose_size)_i;

	for (int a = 0; a < POSE_COUNT; a++) {
		for (int b = 0; b < a; b++) {
			char one[PICTURE], other[PICTURE];

			picture_of((struct stance){.pose = (enum pose)a}, size, false, one);
			picture_of((struct stance){.pose = (enum pose)b}, size, false, other);
			ck_assert_msg(strcmp(one, other) != 0, "%s, %s", pose_name((enum pose)a),
				      pose_name((enum pose)b));
			for (int lang = LANG_EN; lang <= LANG_ZH; lang++)
				ck_assert_str_ne(
					string_in(pose_word((enum pose)a), (enum lang)lang),
					string_in(pose_word((enum pose)b), (enum lang)lang));
		}
	}
}
END_TEST

/* Each faces the other one: what points to the right on the left points to the left on the right.
 */
START_TEST(the_mirror_turns_all_there_is)
{
	static const char mirrored[] = "\\(o_o) ";
	char text[POSE_LARGE_COLUMNS + 1];

	pose_row((struct stance){.pose = POSE_WAVES}, POSE_SMALL, 0, true, text);
	ck_assert_ptr_nonnull(strstr(text, mirrored));
	pose_row((struct stance){.pose = POSE_SPEAKS}, POSE_SMALL, 0, true, text);
	ck_assert_str_eq(text, " >('o') ");
	for (int p = 0; p < POSE_COUNT; p++) {
		char there[PICTURE];

		picture_of((struct stance){.pose = (enum pose)p}, POSE_LARGE, true, there);
		ck_assert_uint_eq(strlen(there), PICTURE - 1);
	}
}
END_TEST

START_TEST(what_moves_has_two_pictures)
{
	int moving = 0;

	for (int p = 0; p < POSE_COUNT; p++) {
		char one[PICTURE], other[PICTURE];

		for (int size = POSE_SMALL; size <= POSE_LARGE; size++) {
			picture_of((struct stance){.pose = (enum pose)p}, (enum pose_size)size,
				   false, one);
			picture_of((struct stance){.pose = (enum pose)p, .is_alternate = true},
				   (enum pose_size)size, false, other);
			ck_assert_int_eq(strcmp(one, other) != 0, pose_moves((enum pose)p));
		}
		moving += pose_moves((enum pose)p);
	}
	ck_assert_int_ge(moving, 4);
	ck_assert(pose_moves(POSE_WAVES));
	ck_assert(!pose_moves(POSE_MOURNS));
}
END_TEST

static int wax(int candle, enum pose_size size)
{
	char text[PICTURE];
	int n = 0;

	picture_of((struct stance){.pose = POSE_MOURNS, .candle = candle}, size, false, text);
	for (const char *c = text; *c; c++)
		n += *c == 'I';
	return n;
}

START_TEST(the_candle_burns_down)
{
	enum pose_size size = (enum pose_size)_i;

	ck_assert_int_eq(wax(0, size), 0);
	ck_assert_int_eq(wax(1000, size), pose_rows(size) - 2);
	for (int left = 0; left < 1000; left++)
		ck_assert_int_le(wax(left, size), wax(left + 1, size));
}
END_TEST

Suite *pose_suite(void)
{
	Suite *s = suite_create("pose");
	TCase *t = tcase_create("pictures");

	tcase_add_test(t, every_row_is_as_wide_as_it_must_be);
	tcase_add_loop_test(t, no_two_look_alike, POSE_SMALL, POSE_LARGE + 1);
	tcase_add_test(t, the_mirror_turns_all_there_is);
	tcase_add_test(t, what_moves_has_two_pictures);
	tcase_add_loop_test(t, the_candle_burns_down, POSE_SMALL, POSE_LARGE + 1);
	suite_add_tcase(s, t);
	return s;
}
