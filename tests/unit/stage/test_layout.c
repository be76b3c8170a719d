/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <stage/panel.h>
#include "scenery.h"

static const enum panel focuses[] = {PANEL_LADDER,    PANEL_STATES, PANEL_TCB,   PANEL_WINDOWS,
				     PANEL_NARRATION, PANEL_GRAPH,  PANEL_BESIDE};

enum { FOCUSES = sizeof focuses / sizeof focuses[0] };

/* Marks the area. False: it does not lie on the screen, or something was there before. */
static bool take(uint8_t *used, int rows, int columns, struct area a)
{
	if (a.rows == 0)
		return true;
	if (a.row < 0 || a.column < 0 || a.rows < 0 || a.columns <= 0 || a.row + a.rows > rows ||
	    a.column + a.columns > columns)
		return false;
	for (int row = a.row; row < a.row + a.rows; row++) {
		for (int column = a.column; column < a.column + a.columns; column++) {
			if (used[row * columns + column]++)
				return false;
		}
	}
	return true;
}

static bool is_sound(int rows, int columns, unsigned shown, enum panel focus, int status)
{
	struct layout l =
		layout_of(rows, columns, shown, focus,
			  (struct text_rows){.words = rows < SMALL_ROWS ? 2 : 5, .status = status});
	uint8_t *used = xcalloc((size_t)rows * (size_t)columns, 1);
	bool good = take(used, rows, columns, l.title) && take(used, rows, columns, l.rule) &&
		    take(used, rows, columns, l.names) && take(used, rows, columns, l.timeline) &&
		    take(used, rows, columns, l.footer) && take(used, rows, columns, l.divider) &&
		    take(used, rows, columns, l.status) && l.status.rows == status;

	for (int i = 0; i < PANELS; i++) {
		good = good && take(used, rows, columns, l.panel[i]);
		good = good && ((shown & panel_at(i)) || l.panel[i].rows == 0);
	}
	/* What the arrows work on is to be seen. */
	if (shown & focus)
		good = good && l.panel[panel_index(focus)].rows > 0;
	free(used);
	return good && (l.names.rows > 0) != (l.panel[panel_index(PANEL_PEOPLE)].rows > 0);
}

START_TEST(nothing_lies_over_anything)
{
	static const int heights[] = {12, 13, 17, 20, 23, 24, 25, 30, 39, 40, 48, 56, 60, 100};
	static const int widths[] = {40, 43, 60, 79, 80, 81, 100, 119, 120, 150, 180, 200, 300};

	for (size_t i = 0; i < sizeof heights / sizeof heights[0]; i++) {
		for (size_t k = 0; k < sizeof widths / sizeof widths[0]; k++) {
			for (unsigned shown = PANEL_LADDER; shown <= PANEL_ALL; shown++)
				ck_assert_msg(
					is_sound(heights[i], widths[k], shown, focuses[_i],
						 heights[i] < SMALL_ROWS ? shown % 2 : shown % 3),
					"%dx%d, shown %u, focus %u", widths[k], heights[i], shown,
					(unsigned)focuses[_i]);
		}
	}
}
END_TEST

START_TEST(each_size_has_its_panels)
{
	struct layout l;

	ck_assert_uint_eq(panels_given(12, 40, false), PANEL_NARRATION | PANEL_LADDER);
	ck_assert_uint_eq(panels_given(24, 80, false),
			  PANEL_NARRATION | PANEL_LADDER | PANEL_PEOPLE);
	l = layout_of(40, 120, panels_given(40, 120, false), PANEL_LADDER,
		      (struct text_rows){.words = 5});
	for (int i = 0; i < PANELS; i++) {
		if (panels_given(40, 120, false) & panel_at(i))
			ck_assert_int_gt(l.panel[i].rows, 2);
	}
	l = layout_of(60, 200, PANEL_ALL, PANEL_LADDER, (struct text_rows){.words = 5});
	for (int i = 0; i < PANELS; i++)
		ck_assert_int_gt(l.panel[i].rows, 4);
	ck_assert_int_ge(l.panel[panel_index(PANEL_STATES)].rows, STATES_HUGE_ROWS);
	ck_assert_int_ge(l.panel[panel_index(PANEL_STATES)].columns, STATES_HUGE_COLUMNS);
}
END_TEST

/* Beside the diagram of a small screen the whole ladder is to be seen, not half of it. */
START_TEST(a_panel_on_a_small_screen_stands_beside_the_ladder)
{
	struct layout l = layout_of(24, 80, PANEL_ALL & ~PANEL_WINDOWS & ~PANEL_GRAPH & ~PANEL_TCB,
				    PANEL_STATES, (struct text_rows){.words = 3});
	struct area ladder = l.panel[panel_index(PANEL_LADDER)];
	struct area states = l.panel[panel_index(PANEL_STATES)];

	ck_assert_int_ge(states.rows, STATES_ROWS);
	ck_assert_int_eq(states.columns, STATES_COLUMNS);
	ck_assert_int_ge(ladder.columns, 36);
	ck_assert_int_ge(ladder.rows, 10);
}
END_TEST

START_TEST(tab_goes_round_what_is_shown)
{
	unsigned shown = PANEL_LADDER | PANEL_TCB | PANEL_PEOPLE | PANEL_GRAPH;

	ck_assert_int_eq(panel_next(shown, PANEL_LADDER, 1), PANEL_TCB);
	ck_assert_int_eq(panel_next(shown, PANEL_TCB, 1), PANEL_GRAPH);
	ck_assert_int_eq(panel_next(shown, PANEL_GRAPH, 1), PANEL_LADDER);
	ck_assert_int_eq(panel_next(shown, PANEL_LADDER, -1), PANEL_GRAPH);
	ck_assert_int_eq(panel_next(shown | PANEL_NARRATION, PANEL_GRAPH, 1), PANEL_NARRATION);
	ck_assert_int_eq(panel_next(shown, PANEL_STATES, 1), PANEL_TCB);
	ck_assert_int_eq(panel_next(PANEL_LADDER, PANEL_LADDER, 1), PANEL_LADDER);
	ck_assert_int_eq(panel_next(shown, PANEL_PEOPLE, 1), PANEL_LADDER);
	for (int i = 0; i < PANELS; i++)
		ck_assert_int_eq(panel_index(panel_at(i)), i);
}
END_TEST

static bool marks(struct scenery *s, int rows, int columns, const char *heading)
{
	struct canvas c = scenery_draw(s, rows, columns);
	bool found = false;

	for (int row = 0; row < rows && !found; row++) {
		for (int column = 0; column + 1 < columns && !found; column++) {
			const struct cell *cell = canvas_at(&c, row, column);

			found = (cell->attrs & ATTR_REVERSE) && strcmp(cell->text, "▶") == 0 &&
				strncmp(canvas_at(&c, row, column + 1)->text, heading, 1) == 0;
		}
	}
	canvas_fini(&c);
	return found;
}

START_TEST(the_focus_is_marked_and_scrolls)
{
	struct scenery s;
	uint32_t row;

	scenery_init(&s, fixture_first_wave());
	player_key(&s.player, 'G');
	row = player_row(&s.player);
	ck_assert(!marks(&s, 24, 80, "i"));
	player_key(&s.player, '3');
	ck_assert_int_eq(player_focus(&s.player), PANEL_TCB);
	ck_assert(marks(&s, 24, 80, "i")); /* inside */
	player_key(&s.player, PRESS_DOWN);
	player_key(&s.player, PRESS_DOWN);
	ck_assert_int_eq(s.player.scrolled[panel_index(PANEL_TCB)], 2);
	ck_assert_uint_eq(player_row(&s.player), row);
	player_key(&s.player, PRESS_ESCAPE);
	ck_assert(!marks(&s, 24, 80, "i"));
	player_key(&s.player, PRESS_UP);
	ck_assert_uint_eq(player_row(&s.player), row - 1);
	player_key(&s.player, PRESS_ESCAPE);
	ck_assert_uint_eq(player_row(&s.player), row);
	player_key(&s.player, PRESS_TAB);
	ck_assert_int_eq(player_focus(&s.player), PANEL_TCB);
	player_key(&s.player, PRESS_BACK_TAB);
	ck_assert_int_eq(player_focus(&s.player), PANEL_LADDER);
	/* Far beyond the end is the end. */
	player_key(&s.player, PRESS_TAB);
	for (int i = 0; i < 30; i++)
		player_key(&s.player, PRESS_PAGE_DOWN);
	ck_assert_int_eq(s.player.scrolled[panel_index(PANEL_TCB)], TCB_FIELD_COUNT - 1);
	player_key(&s.player, '3');
	ck_assert_int_eq(player_focus(&s.player), PANEL_LADDER);
	scenery_fini(&s);
}
END_TEST

static void look(struct scenery *s, int rows, int columns)
{
	struct canvas c = scenery_draw(s, rows, columns);

	canvas_fini(&c);
}

/* On the smallest screen what has the focus takes the ladder's place. */
START_TEST(on_the_smallest_screen_there_is_one_at_a_time)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	look(&s, 12, 40);
	for (int i = 0; i < 3; i++) {
		static const char key[] = "234";
		static const enum panel panel[] = {PANEL_STATES, PANEL_TCB, PANEL_WINDOWS};

		player_key(&s.player, (unsigned char)key[i]);
		look(&s, 12, 40);
		ck_assert_int_eq(s.player.panels.area[panel_index(PANEL_LADDER)].rows, 0);
		ck_assert_int_gt(s.player.panels.area[panel_index(panel[i])].rows, 4);
	}
	player_key(&s.player, PRESS_ESCAPE);
	look(&s, 12, 40);
	ck_assert_int_gt(s.player.panels.area[panel_index(PANEL_LADDER)].rows, 4);
	scenery_fini(&s);
}
END_TEST

Suite *layout_suite(void)
{
	Suite *s = suite_create("layout");
	TCase *t = tcase_create("panels");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, nothing_lies_over_anything, 0, FOCUSES);
	tcase_add_test(t, each_size_has_its_panels);
	tcase_add_test(t, a_panel_on_a_small_screen_stands_beside_the_ladder);
	tcase_add_test(t, tab_goes_round_what_is_shown);
	tcase_add_test(t, the_focus_is_marked_and_scrolls);
	tcase_add_test(t, on_the_smallest_screen_there_is_one_at_a_time);
	suite_add_tcase(s, t);
	return s;
}
