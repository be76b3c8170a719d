/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <base/utf8.h>
#include <stage/timeline.h>
#include "scenery.h"

START_TEST(every_stop_has_a_column)
{
	for (uint32_t stops = 1; stops < 400; stops += 7) {
		for (int columns = 5; columns < 130; columns += 11) {
			struct bar b = {columns, stops};
			int last = -1;

			for (uint32_t stop = 0; stop < stops; stop++) {
				int column = bar_column(&b, stop);

				ck_assert_int_ge(column, last);
				ck_assert_int_lt(column, columns);
				/* The columns' first stops part the bar into just these. */
				ck_assert_uint_le(bar_first(&b, column), stop);
				ck_assert_uint_gt(bar_first(&b, column + 1), stop);
				last = column;
			}
			ck_assert_uint_eq(bar_stop(&b, 0), 0);
			ck_assert_uint_eq(bar_stop(&b, columns - 1), stops - 1);
			/* What a click finds is what stands there, where there is anything. */
			for (int column = 0; column < columns; column++) {
				uint32_t stop = bar_stop(&b, column);

				ck_assert_uint_lt(stop, stops);
				if (bar_first(&b, column) < bar_first(&b, column + 1))
					ck_assert_int_le(abs(bar_column(&b, stop) - column), 1);
			}
		}
	}
}
END_TEST

START_TEST(sets_are_searched)
{
	struct stop_set set = {0};

	ck_assert_uint_eq(stop_set_from(&set, 0), UINT32_MAX);
	ck_assert_uint_eq(stop_set_before(&set, 9), UINT32_MAX);
	for (uint32_t i = 0; i < 10; i++)
		*array_push(&set.stops) = 10 * i;
	ck_assert_uint_eq(stop_set_from(&set, 0), 0);
	ck_assert_uint_eq(stop_set_from(&set, 1), 10);
	ck_assert_uint_eq(stop_set_from(&set, 90), 90);
	ck_assert_uint_eq(stop_set_from(&set, 91), UINT32_MAX);
	ck_assert_uint_eq(stop_set_before(&set, 0), UINT32_MAX);
	ck_assert_uint_eq(stop_set_before(&set, 1), 0);
	ck_assert_uint_eq(stop_set_before(&set, 1000), 90);
	array_fini(&set.stops);
}
END_TEST

static void dump(struct scenery *s, struct sink *out)
{
	struct canvas c;

	canvas_init(&c, 2, 120, false);
	moment_go(&s->moment, s->trace, s->player.cursor);
	view_timeline(&c, (struct area){0, 0, 2, 120}, &s->view, NULL);
	ck_assert(canvas_is_sound(&c));
	canvas_dump(&c, out);
	canvas_fini(&c);
}

static bool shows(struct scenery *s, const char *text)
{
	struct sink out = {0};
	bool found;

	dump(s, &out);
	found = strstr(out.at, text) != NULL;
	sink_fini(&out);
	return found;
}

/* Losses, failures, names and lengths of silences are told when they have been reached; that there
 * are chapters is known from the beginning. */
START_TEST(what_is_to_come_is_not_given_away)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	ck_assert(shows(&s, "○"));
	ck_assert(shows(&s, "┄"));
	ck_assert(!shows(&s, "×"));
	ck_assert(!shows(&s, "✗"));
	ck_assert(!shows(&s, "Two waves"));
	player_seek(&s.player, 1250 * USEC_PER_MS);
	ck_assert(shows(&s, "×"));
	ck_assert(shows(&s, "Two waves and two nods"));
	ck_assert(shows(&s, "Three lines, two nods"));
	ck_assert(!shows(&s, "Half close"));
	ck_assert(!shows(&s, "59.9 s"));
	player_key(&s.player, 'G');
	ck_assert(shows(&s, "Half close, last word, mou"));
	ck_assert(shows(&s, "59.9 s"));
	ck_assert(shows(&s, "✓6/7 ✗1"));
	/* Not yet there again after a step back. */
	player_key(&s.player, ',');
	ck_assert(!shows(&s, "✗"));
	scenery_fini(&s);
}
END_TEST

/* However many have passed. */
START_TEST(the_bar_keeps_its_length)
{
	struct trace *t = fixture_first_wave();
	struct scenery s;
	size_t length = 0;

	for (int i = 0; i < 20; i++)
		trace_push(t, REC_EXPECT, 64 * USEC_PER_S + i)->detail = VERDICT_PASS;
	scenery_init(&s, t);
	player_key(&s.player, '0');
	for (int i = 0; i < 2; i++) {
		struct sink out = {0};

		dump(&s, &out);
		ck_assert_ptr_nonnull(strstr(out.at, "┤"));
		if (i == 0)
			length = utf8_width(out.at, (size_t)(strstr(out.at, "┤") - out.at));
		else
			ck_assert_uint_eq(
				utf8_width(out.at, (size_t)(strstr(out.at, "┤") - out.at)), length);
		sink_fini(&out);
		player_seek(&s.player, 63 * USEC_PER_S);
	}
	scenery_fini(&s);
}
END_TEST

START_TEST(markers_have_names_too)
{
	struct scenery s;

	scenery_init(&s, fixture_storm());
	player_key(&s.player, 'G');
	ck_assert(shows(&s, "◇"));
	ck_assert(shows(&s, "dark"));
	scenery_fini(&s);
}
END_TEST

START_TEST(a_tenth_of_the_play_is_a_tenth_of_its_steps)
{
	struct scenery s;
	uint32_t stops;

	scenery_init(&s, fixture_first_wave());
	stops = (uint32_t)s.story->stops.count;
	player_key(&s.player, '}');
	ck_assert_uint_eq(player_stop(&s.player), stops / 10);
	for (int i = 0; i < 20; i++)
		player_key(&s.player, '}');
	ck_assert(player_is_at_end(&s.player));
	player_key(&s.player, '{');
	ck_assert_uint_eq(player_stop(&s.player), stops - 1 - stops / 10);
	for (int i = 0; i < 20; i++)
		player_key(&s.player, '{');
	ck_assert_uint_eq(player_stop(&s.player), 0);
	scenery_fini(&s);
}
END_TEST

/* ---- the title ------------------------------------------------------------------------------- */

static bool titles(struct scenery *s, int columns, const char *text)
{
	struct canvas c;
	struct sink out = {0};
	bool found;

	canvas_init(&c, 1, columns, false);
	moment_go(&s->moment, s->trace, s->player.cursor);
	view_title(&c, (struct area){0, 0, 1, columns}, &s->view);
	canvas_dump(&c, &out);
	found = strstr(out.at, text) != NULL;
	sink_fini(&out);
	canvas_fini(&c);
	return found;
}

START_TEST(a_play_is_called_by_its_own_title)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1250 * USEC_PER_MS);
	ck_assert(titles(&s, 120, "first-wave.scene"));
	ck_assert(!titles(&s, 120, "plays/"));
	s.view.play[0] = "The wind eats the first wave";
	s.view.play[1] = "第一次招手被风吹走";
	ck_assert(
		titles(&s, 120, "woshou  The wind eats the first wave  2/3 Three lines, two nods"));
	/* With less room the program's name goes first, then both are cut. */
	ck_assert(titles(&s, 81, "The wind eats the first wa…  2/3 Three lines, two nods"));
	ck_assert(!titles(&s, 81, "woshou"));
	ck_assert(titles(&s, 60, "The wind eat"));
	ck_assert(titles(&s, 60, "2/3"));
	s.player.lang = LANG_ZH;
	ck_assert(titles(&s, 80, "第一次招手被风吹走  2/3 三句话"));
	scenery_fini(&s);
}
END_TEST

Suite *timeline_suite(void)
{
	Suite *s = suite_create("timeline");
	TCase *t = tcase_create("time and title");

	tcase_add_test(t, every_stop_has_a_column);
	tcase_add_test(t, sets_are_searched);
	tcase_add_test(t, what_is_to_come_is_not_given_away);
	tcase_add_test(t, the_bar_keeps_its_length);
	tcase_add_test(t, markers_have_names_too);
	tcase_add_test(t, a_tenth_of_the_play_is_a_tenth_of_its_steps);
	tcase_add_test(t, a_play_is_called_by_its_own_title);
	suite_add_tcase(s, t);
	return s;
}
