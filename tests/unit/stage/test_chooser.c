/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stage/chooser.h>
#include <stdio.h>
#include <string.h>
#include "scenery.h"

enum { ROWS = 5000 };

static void give(void *user, size_t index, struct stage_row *out)
{
	(void)user;
	*out = (struct stage_row){
		.id = (uint32_t)index + 1,
		.state = {index % 3 ? "ended" : "reset", index % 3 ? "已挥别" : "被重置"},
		.segments = index * 7,
		.octets = index * 1000,
		.duration = (usec)index * 12345,
		.again = index % 5 == 0,
		.late = index % 10 == 0,
		.is_reset = index % 3 == 0,
	};
	snprintf(out->end[0], sizeof out->end[0], "10.0.%zu.%zu:40000", index / 256, index % 256);
	snprintf(out->end[1], sizeof out->end[1], "[2001:db8:1234:5678:9abc:def0:1234:%zx]:443",
		 index);
}

/* "odd", "none", or wrong. */
static bool filter(void *user, const char *filter, bool *lets, struct sink *complaint)
{
	(void)user;
	if (strcmp(filter, "odd") != 0 && strcmp(filter, "none") != 0) {
		sink_puts(complaint, "1: nothing in a filter is called so");
		return false;
	}
	for (size_t i = 0; i < ROWS; i++)
		lets[i] = filter[0] == 'o' && i % 2 == 0; /* odd ids */
	return true;
}

static const struct stage_list list = {NULL, ROWS, give, filter};

static void begin(struct chooser *c)
{
	struct stage_choice from = {0};

	chooser_init(c, &list, "some/web.pcapng", LANG_EN, &from);
}

static void type(struct chooser *c, const char *keys)
{
	for (; *keys; keys++)
		chooser_key(c, (unsigned char)*keys);
}

static size_t chosen(const struct chooser *c)
{
	struct stage_choice choice;

	chooser_choice(c, &choice);
	return choice.row;
}

START_TEST(one_is_chosen_by_arrows_and_enter)
{
	struct chooser c;

	begin(&c);
	ck_assert_uint_eq(chosen(&c), ROWS);
	chooser_key(&c, PRESS_UP);
	chooser_key(&c, PRESS_DOWN);
	chooser_key(&c, PRESS_DOWN);
	ck_assert(!chooser_is_over(&c));
	chooser_key(&c, PRESS_ENTER);
	ck_assert(chooser_is_over(&c));
	ck_assert_uint_eq(chosen(&c), 2);
	chooser_fini(&c);
}
END_TEST

START_TEST(pages_and_ends)
{
	struct chooser c;
	struct canvas canvas;

	begin(&c);
	canvas_init(&canvas, 24, 80, false);
	chooser_draw(&canvas, &c, NULL);
	chooser_key(&c, PRESS_PAGE_DOWN);
	ck_assert_uint_eq(c.selected, 24 - 2 - 3 - 1 - 1);
	chooser_key(&c, PRESS_END);
	chooser_key(&c, PRESS_DOWN);
	ck_assert_uint_eq(c.selected, ROWS - 1);
	chooser_key(&c, PRESS_PAGE_UP);
	ck_assert_uint_eq(c.selected, ROWS - 1 - 17);
	chooser_key(&c, PRESS_HOME);
	ck_assert_uint_eq(c.selected, 0);
	canvas_fini(&canvas);
	chooser_fini(&c);
}
END_TEST

START_TEST(one_is_chosen_by_its_number)
{
	struct chooser c;

	begin(&c);
	type(&c, "4711");
	ck_assert_uint_eq(c.selected, 4710);
	type(&c, "2"); /* there is no 47112 */
	ck_assert_uint_eq(c.selected, 1);
	chooser_key(&c, PRESS_DOWN);
	type(&c, "7");
	ck_assert_uint_eq(c.selected, 6);
	type(&c, "99999999999999999999");
	ck_assert_uint_lt(c.selected, ROWS);
	chooser_fini(&c);
}
END_TEST

START_TEST(the_filter_is_typed)
{
	struct chooser c;

	begin(&c);
	type(&c, "5/o");
	ck_assert_uint_eq(c.matches.count, ROWS); /* half a filter changes nothing */
	ck_assert_uint_eq(c.notice.count, 0);
	type(&c, "dd");
	ck_assert_uint_eq(c.matches.count, ROWS / 2);
	ck_assert_uint_eq(c.matches.at[c.selected], 4); /* what was chosen stays chosen */
	chooser_key(&c, PRESS_DOWN);                    /* takes effect while typing */
	ck_assert_uint_eq(c.matches.at[c.selected], 6);
	type(&c, "q");
	ck_assert(!chooser_is_over(&c));
	chooser_key(&c, PRESS_ENTER);
	ck_assert(c.is_typing);
	ck_assert_uint_gt(c.notice.count, 0);
	chooser_key(&c, PRESS_BACKSPACE);
	chooser_key(&c, PRESS_ENTER);
	ck_assert(!c.is_typing);
	chooser_key(&c, 'a');
	ck_assert(chooser_is_over(&c) && c.is_all);
	chooser_fini(&c);
}
END_TEST

START_TEST(nothing_let_through_is_nothing_chosen)
{
	struct chooser c;

	begin(&c);
	type(&c, "/none");
	chooser_key(&c, PRESS_ENTER);
	ck_assert_uint_eq(c.matches.count, 0);
	chooser_key(&c, PRESS_ENTER);
	chooser_key(&c, PRESS_DOWN);
	type(&c, "a12");
	ck_assert(!chooser_is_over(&c));
	type(&c, "/");
	chooser_key(&c, PRESS_ESCAPE);
	ck_assert_uint_eq(c.matches.count, ROWS);
	type(&c, "q");
	ck_assert(chooser_is_over(&c));
	ck_assert_uint_eq(chosen(&c), ROWS);
	chooser_fini(&c);
}
END_TEST

START_TEST(it_is_left_as_it_was)
{
	struct stage_choice choice = {.row = 8, .filter = "odd"};
	struct chooser c;

	chooser_init(&c, &list, "web.pcapng", LANG_ZH, &choice);
	ck_assert_uint_eq(c.matches.count, ROWS / 2);
	ck_assert_uint_eq(c.matches.at[c.selected], 8);
	chooser_key(&c, PRESS_ENTER);
	chooser_choice(&c, &choice);
	ck_assert_uint_eq(choice.row, 8);
	ck_assert_str_eq(choice.filter, "odd");
	chooser_fini(&c);
	snprintf(choice.filter, sizeof choice.filter, "%s", "wrong");
	chooser_init(&c, &list, "web.pcapng", LANG_ZH, &choice);
	ck_assert_uint_eq(c.matches.count, ROWS);
	chooser_fini(&c);
}
END_TEST

START_TEST(a_second_click_plays)
{
	struct chooser c;

	begin(&c);
	chooser_click(&c, 2);
	ck_assert(!chooser_is_over(&c));
	chooser_click(&c, 2);
	ck_assert_uint_eq(chosen(&c), 2);
	chooser_click(&c, ROWS + 7);
	ck_assert_uint_eq(chosen(&c), 2);
	chooser_fini(&c);
}
END_TEST

START_TEST(it_fits_every_screen)
{
	struct chooser c;
	struct hits hits;

	begin(&c);
	for (int rows = 0; rows < 30; rows++) {
		for (int columns = 0; columns < 160; columns += 7) {
			struct canvas canvas;

			canvas_init(&canvas, rows, columns, columns % 2);
			c.lang = (enum lang)(rows % 3);
			c.is_helping = rows % 7 == 6;
			c.is_typing = rows % 5 == 4;
			chooser_draw(&canvas, &c, &hits);
			ck_assert(canvas_is_sound(&canvas));
			canvas_fini(&canvas);
			chooser_key(&c, rows % 2 ? PRESS_DOWN : PRESS_PAGE_DOWN);
		}
	}
	chooser_fini(&c);
}
END_TEST

START_TEST(the_chosen_one_is_in_sight)
{
	struct chooser c;
	struct hits hits;

	begin(&c);
	for (int i = 0; i < 300; i++) {
		struct canvas canvas;
		bool is_seen = false;

		canvas_init(&canvas, 12, 40, false);
		chooser_draw(&canvas, &c, &hits);
		for (int k = 0; k < hits.count; k++)
			is_seen |= hits.at[k].arg == c.selected;
		ck_assert(is_seen);
		canvas_fini(&canvas);
		chooser_key(&c, i % 100 == 99 ? PRESS_END : i % 3 ? PRESS_DOWN : PRESS_PAGE_DOWN);
	}
	chooser_fini(&c);
}
END_TEST

Suite *chooser_suite(void)
{
	Suite *s = suite_create("chooser");
	TCase *t = tcase_create("chooser");

	tcase_add_test(t, one_is_chosen_by_arrows_and_enter);
	tcase_add_test(t, pages_and_ends);
	tcase_add_test(t, one_is_chosen_by_its_number);
	tcase_add_test(t, the_filter_is_typed);
	tcase_add_test(t, nothing_let_through_is_nothing_chosen);
	tcase_add_test(t, it_is_left_as_it_was);
	tcase_add_test(t, a_second_click_plays);
	tcase_add_test(t, it_fits_every_screen);
	tcase_add_test(t, the_chosen_one_is_in_sight);
	suite_add_tcase(s, t);
	return s;
}
