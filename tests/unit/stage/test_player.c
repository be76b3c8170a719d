/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/prng.h>
#include "scenery.h"

static struct trace *fixture(int i)
{
	return i == 0 ? fixture_first_wave() : fixture_storm();
}

enum { FIXTURES = 2 };

static void type(struct player *p, const char *keys)
{
	for (; *keys; keys++)
		player_key(p, (unsigned char)*keys);
}

START_TEST(going_back_shows_what_was_shown)
{
	enum { STEPS = 400 };
	struct scenery s;
	struct canvas *seen;
	size_t n = 0;

	scenery_init(&s, fixture(_i));
	seen = xcalloc(STEPS, sizeof *seen);
	for (; n < STEPS && !player_is_at_end(&s.player); n++) {
		seen[n] = scenery_draw(&s, 24, 80);
		player_key(&s.player, '.');
	}
	ck_assert_uint_gt(n, 20);
	ck_assert(player_is_at_end(&s.player));
	while (n-- > 0) {
		struct canvas again;

		player_key(&s.player, ',');
		again = scenery_draw(&s, 24, 80);
		ck_assert(canvas_eq(&again, &seen[n]));
		canvas_fini(&again);
		canvas_fini(&seen[n]);
	}
	ck_assert_uint_eq(s.player.cursor, 0);
	free(seen);
	scenery_fini(&s);
}
END_TEST

/* Every view, and what lies over it, at each size: the keys that bring it or take it away. */
START_TEST(going_back_shows_it_in_every_view)
{
	static const char *const views[] = {"1", "2", "3",   "4",   "5", "6", "66", "12", "f",  "w",
					    "i", "t", "ttw", "tti", "z", "2w", "4i", "346"};
	static const struct {
		int rows, columns;
	} sizes[] = {{12, 40}, {24, 80}, {40, 120}};
	const char *view = views[_i / 3];
	int rows = sizes[_i % 3].rows, columns = sizes[_i % 3].columns;
	struct scenery s;
	ARRAY(struct canvas) seen = {0};

	scenery_init(&s, fixture_storm());
	type(&s.player, view);
	while (!player_is_at_end(&s.player)) {
		*array_push(&seen) = scenery_draw(&s, rows, columns);
		player_key(&s.player, '.');
	}
	ck_assert_uint_gt(seen.count, 20);
	while (seen.count > 0) {
		struct canvas again;

		player_key(&s.player, ',');
		again = scenery_draw(&s, rows, columns);
		seen.count--;
		ck_assert_msg(canvas_eq(&again, &seen.at[seen.count]), "%s at %dx%d, picture %zu",
			      view, columns, rows, seen.count);
		canvas_fini(&again);
		canvas_fini(&seen.at[seen.count]);
	}
	array_fini(&seen);
	scenery_fini(&s);
}
END_TEST

START_TEST(every_step_changes_the_picture)
{
	struct scenery s;
	struct canvas before, after;

	scenery_init(&s, fixture(_i));
	before = scenery_draw(&s, 40, 120);
	while (!player_is_at_end(&s.player)) {
		player_key(&s.player, '.');
		after = scenery_draw(&s, 40, 120);
		ck_assert(!canvas_eq(&before, &after));
		canvas_fini(&before);
		before = after;
	}
	canvas_fini(&before);
	scenery_fini(&s);
}
END_TEST

START_TEST(playing_passes_every_stop_one_by_one)
{
	struct scenery s;
	uint32_t last = 0;
	int ticks = 0;

	scenery_init(&s, fixture(_i));
	s.player.speed = SPEED_FASTEST;
	player_key(&s.player, ' ');
	while (s.player.is_playing && ticks++ < 100000) {
		uint32_t now;

		player_tick(&s.player, 33 * USEC_PER_MS);
		now = player_stop(&s.player);
		ck_assert_uint_le(now, last + 1);
		ck_assert_uint_ge(now, last);
		last = now;
	}
	ck_assert(!s.player.is_playing);
	ck_assert_uint_eq(last, s.story->stops.count - 1);
	/* From the end it plays anew. */
	player_key(&s.player, ' ');
	ck_assert_uint_eq(s.player.cursor, 0);
	scenery_fini(&s);
}
END_TEST

START_TEST(the_clock_goes_as_fast_as_was_said)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	s.player.skips_idle = false;
	player_seek(&s.player, 100 * USEC_PER_MS);
	player_key(&s.player, ' ');
	player_tick(&s.player, 80 * USEC_PER_MS); /* at an eighth */
	ck_assert_int_eq(s.player.now, 110 * USEC_PER_MS);
	player_key(&s.player, '=');
	player_tick(&s.player, 80 * USEC_PER_MS);
	ck_assert_int_eq(s.player.now, 190 * USEC_PER_MS);
	player_key(&s.player, '+');
	player_tick(&s.player, 80 * USEC_PER_MS);
	ck_assert_int_eq(s.player.now, 350 * USEC_PER_MS);
	for (int i = 0; i < 20; i++)
		player_key(&s.player, '-');
	ck_assert_int_eq(s.player.speed, SPEED_SLOWEST);
	for (int i = 0; i < 31; i++)
		player_tick(&s.player, 1); /* 31/32 of a microsecond is none yet */
	ck_assert_int_eq(s.player.now, 350 * USEC_PER_MS);
	player_tick(&s.player, 1);
	ck_assert_int_eq(s.player.now, 350 * USEC_PER_MS + 1);
	scenery_fini(&s);
}
END_TEST

START_TEST(idle_time_is_skipped_only_when_nothing_flies)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 3200 * USEC_PER_MS); /* mourning */
	player_key(&s.player, ' ');
	player_tick(&s.player, 150 * USEC_PER_MS);
	ck_assert_int_gt(s.player.now, 8 * USEC_PER_S); /* a tenth of a minute, about */
	ck_assert_int_lt(s.player.now, 11 * USEC_PER_S);
	player_key(&s.player, ' ');
	player_key(&s.player, 'z');
	player_seek(&s.player, 3200 * USEC_PER_MS);
	player_key(&s.player, ' ');
	player_tick(&s.player, 160 * USEC_PER_MS);
	ck_assert_int_eq(s.player.now, 3220 * USEC_PER_MS);
	scenery_fini(&s);
}
END_TEST

START_TEST(nothing_moves_when_paused)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	player_tick(&s.player, USEC_PER_S);
	ck_assert_int_eq(s.player.now, 0);
	ck_assert(player_is_still(&s.player));
	scenery_fini(&s);
}
END_TEST

START_TEST(one_can_go_to_places)
{
	static const struct {
		const char *where;
		usec at; /* -1: refused */
	} cases[] = {
		{"1.5s", 1500000},
		{"1.5", 1500000},
		{"200ms", 200000},
		{"+100ms", 300000},
		{"-1.5s", -1},
		{"99h", -1},
		{"1.5 parsecs", -1},
		{"next FIN", 2000000},
		{"next FIN", 3000000},
		{"next fin", -1},
		{"#3", 0},
		{"#99999", -1},
		{"state TIME_WAIT", 3050000},
		{"state SYN_SENT", -1},
		{"#0", 0},
		{"state syn-received", 1050000},
		{"next data", 1200000},
		{"state", -1},
		{"", -1},
		{"next", -1},
		{"next wave", -1},
		{"state of mind", -1},
		{"next lost", -1},
		{"prev lost", 25000},
		{"prev data", -1},
		{"next again", 1000000},
		{"next timer", 1470000},
		{"3.1s", 3100000},
		{"prev FIN", 3000000},
		{"prev FIN", 2000000},
		{"prev FIN", -1},
		{"prev state ESTABLISHED", 1150000},
		{"prev state ESTABLISHED", 1100000},
		{"next state FIN_WAIT_2", 2100000},
	};
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum string complaint = STRING_COUNT;
		usec before = s.player.now;
		bool went = player_goto(&s.player, cases[i].where, &complaint);

		ck_assert_msg(went == (cases[i].at >= 0), "%s", cases[i].where);
		ck_assert_msg(s.player.now == (went ? cases[i].at : before), "%s", cases[i].where);
	}
	scenery_fini(&s);
}
END_TEST

START_TEST(what_is_typed_is_gone_to)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	type(&s.player, "g2q");
	ck_assert_int_eq(s.player.overlay, OVERLAY_GOTO);
	ck_assert(!s.player.wants_quit);
	player_key(&s.player, PRESS_ENTER);
	ck_assert_int_eq(s.player.complaint, STRING_GOTO_TIME);
	player_key(&s.player, PRESS_BACKSPACE);
	type(&s.player, "s");
	player_key(&s.player, PRESS_ENTER);
	ck_assert_int_eq(s.player.overlay, OVERLAY_NONE);
	ck_assert_int_eq(s.player.now, 2 * USEC_PER_S);
	type(&s.player, "g9");
	player_key(&s.player, PRESS_ESCAPE);
	ck_assert_int_eq(s.player.now, 2 * USEC_PER_S);
	scenery_fini(&s);
}
END_TEST

START_TEST(a_search_is_repeated_both_ways_and_around)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	type(&s.player, "n");
	ck_assert_str_ne(s.player.notice.text, "");
	ck_assert_uint_eq(s.player.cursor, 0);
	type(&s.player, "gnext FIN");
	player_key(&s.player, PRESS_ENTER);
	ck_assert_int_eq(s.player.now, 2 * USEC_PER_S);
	type(&s.player, "n");
	ck_assert_int_eq(s.player.now, 3 * USEC_PER_S);
	ck_assert_str_eq(s.player.notice.text, "");
	type(&s.player, "n");
	ck_assert_int_eq(s.player.now, 2 * USEC_PER_S);
	ck_assert_str_eq(s.player.notice.text, string_in(STRING_SEARCH_FROM_START, LANG_EN));
	type(&s.player, "N");
	ck_assert_int_eq(s.player.now, 3 * USEC_PER_S);
	ck_assert_str_eq(s.player.notice.text, string_in(STRING_SEARCH_FROM_END, LANG_EN));
	type(&s.player, "N");
	ck_assert_int_eq(s.player.now, 2 * USEC_PER_S);
	/* What was typed is there again, and what is nowhere is said to be nowhere. */
	type(&s.player, "g");
	player_key(&s.player, PRESS_UP);
	ck_assert_str_eq(s.player.prompt.entry.text, "next FIN");
	player_key(&s.player, CTRL_KEY('U'));
	type(&s.player, "next RST");
	player_key(&s.player, PRESS_ENTER);
	ck_assert_int_eq(s.player.complaint, STRING_GOTO_NEXT);
	player_key(&s.player, PRESS_ESCAPE);
	type(&s.player, "n");
	ck_assert_str_eq(s.player.notice.text, string_in(STRING_SEARCH_NONE, LANG_EN));
	ck_assert_int_eq(s.player.now, 2 * USEC_PER_S);
	scenery_fini(&s);
}
END_TEST

START_TEST(places_are_completed)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	type(&s.player, "gst");
	player_key(&s.player, PRESS_TAB);
	ck_assert_str_eq(s.player.prompt.entry.text, "state ");
	type(&s.player, "TI");
	player_key(&s.player, PRESS_TAB);
	ck_assert_str_eq(s.player.prompt.entry.text, "state TIME_WAIT ");
	player_key(&s.player, PRESS_ENTER);
	ck_assert_int_eq(s.player.now, 3050 * USEC_PER_MS);
	type(&s.player, "gprev st");
	player_key(&s.player, PRESS_TAB);
	ck_assert_str_eq(s.player.prompt.entry.text, "prev state ");
	type(&s.player, "C");
	ck_assert_int_eq(s.player.prompt.words.count, 3);
	scenery_fini(&s);
}
END_TEST

START_TEST(looking_moves_no_clock_until_it_is_set)
{
	struct scenery s;
	usec at;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1300 * USEC_PER_MS);
	at = s.player.now;
	for (int i = 0; i < 500; i++)
		player_key(&s.player, 'k');
	ck_assert_uint_eq(player_row(&s.player), 0);
	ck_assert_int_eq(s.player.now, at);
	type(&s.player, "jjj");
	ck_assert_uint_eq(player_row(&s.player), 3);
	for (int i = 0; i < 500; i++)
		player_key(&s.player, 'j');
	/* The future is not looked at. */
	ck_assert(row_is_told(s.story, &s.story->rows.at[player_row(&s.player)], s.player.now,
			      s.player.cursor));
	for (int i = 0; i < 500; i++)
		player_key(&s.player, 'k');
	type(&s.player, "jjj");
	ck_assert_int_eq(s.story->rows.at[player_row(&s.player)].kind, ROW_LOST);
	player_key(&s.player, PRESS_ENTER);
	ck_assert_int_eq(s.player.now, 25000);
	ck_assert(!s.player.is_looking);
	scenery_fini(&s);
}
END_TEST

START_TEST(marks_are_stepped_through)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	type(&s.player, "]]");
	ck_assert_int_eq(s.player.now, 1200 * USEC_PER_MS);
	type(&s.player, "]");
	ck_assert_int_eq(s.player.now, 2000 * USEC_PER_MS);
	type(&s.player, "[");
	ck_assert_int_eq(s.player.now, 1200 * USEC_PER_MS);
	type(&s.player, "]]");
	ck_assert(player_is_at_end(&s.player));
	type(&s.player, "0");
	ck_assert_uint_eq(s.player.cursor, 0);
	type(&s.player, "[");
	ck_assert_uint_eq(s.player.cursor, 0);
	scenery_fini(&s);
}
END_TEST

START_TEST(why_stays_open_while_stepping)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	type(&s.player, "w..");
	ck_assert_int_eq(s.player.overlay, OVERLAY_WHY);
	ck_assert_uint_gt(s.player.cursor, 0);
	type(&s.player, "q");
	ck_assert_int_eq(s.player.overlay, OVERLAY_NONE);
	ck_assert(!s.player.wants_quit);
	type(&s.player, "?j.");
	ck_assert_int_eq(s.player.overlay, OVERLAY_NONE);
	type(&s.player, "q");
	ck_assert(s.player.wants_quit);
	scenery_fini(&s);
}
END_TEST

/* Any key at any time on any screen: no crash, and the canvas stays sound. */
START_TEST(any_keys_on_any_screen)
{
	struct scenery s;
	struct prng p;

	prng_init(&p, 42, (uint64_t)_i);
	scenery_init(&s, fixture(_i % FIXTURES));
	for (int i = 0; i < 1500; i++) {
		uint32_t key = prng_below(&p, 2)
				       ? (uint32_t)prng_below(&p, 128)
				       : PRESS_ENTER + (uint32_t)prng_below(
							       &p, PRESS_BEYOND - PRESS_ENTER);
		struct canvas c;

		if (key != PRESS_LEAVE)
			player_key(&s.player, key);
		player_tick(&s.player, (usec)prng_below(&p, 100000));
		if (i % 5)
			continue;
		c = scenery_draw(&s, (int)prng_below(&p, 70), (int)prng_below(&p, 220));
		ck_assert(canvas_is_sound(&c));
		canvas_fini(&c);
		if (s.hits.count > 0) {
			struct hit hit = s.hits.at[prng_below(&p, (uint64_t)s.hits.count)];

			player_do(&s.player, hit.action, hit.arg);
		}
	}
	scenery_fini(&s);
}
END_TEST

Suite *player_suite(void)
{
	Suite *s = suite_create("player");
	TCase *t = tcase_create("a player");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, going_back_shows_what_was_shown, 0, FIXTURES);
	tcase_add_loop_test(t, going_back_shows_it_in_every_view, 0, 18 * 3);
	tcase_add_loop_test(t, every_step_changes_the_picture, 0, FIXTURES);
	tcase_add_loop_test(t, playing_passes_every_stop_one_by_one, 0, FIXTURES);
	tcase_add_test(t, the_clock_goes_as_fast_as_was_said);
	tcase_add_test(t, idle_time_is_skipped_only_when_nothing_flies);
	tcase_add_test(t, nothing_moves_when_paused);
	tcase_add_test(t, one_can_go_to_places);
	tcase_add_test(t, what_is_typed_is_gone_to);
	tcase_add_test(t, a_search_is_repeated_both_ways_and_around);
	tcase_add_test(t, places_are_completed);
	tcase_add_test(t, looking_moves_no_clock_until_it_is_set);
	tcase_add_test(t, marks_are_stepped_through);
	tcase_add_test(t, why_stays_open_while_stepping);
	tcase_add_loop_test(t, any_keys_on_any_screen, 0, 6);
	suite_add_tcase(s, t);
	return s;
}
