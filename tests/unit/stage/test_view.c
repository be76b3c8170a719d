/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/utf8.h>
#include "scenery.h"

static bool shows(struct scenery *s, int rows, int columns, const char *text)
{
	struct canvas c = scenery_draw(s, rows, columns);
	struct sink out = {0};
	bool found;

	canvas_dump(&c, &out);
	found = strstr(out.at, text) != NULL;
	sink_fini(&out);
	canvas_fini(&c);
	return found;
}

START_TEST(every_size_is_drawn)
{
	struct scenery s;

	scenery_init(&s, _i == 0   ? fixture_first_wave()
			 : _i == 1 ? fixture_storm()
			 : _i == 2 ? fixture_alone()
				   : fixture_empty());
	player_seek(&s.player, 1260 * USEC_PER_MS);
	s.player.lang = LANG_BOTH;
	for (int rows = 0; rows <= 60; rows++) {
		for (int columns = 0; columns <= 200; columns += rows % 3 ? 13 : 7) {
			struct canvas c;

			s.player.overlay = (enum overlay)((rows + columns) % 5);
			s.player.toggled = (unsigned)(rows * columns) % 32;
			c = scenery_draw(&s, rows, columns);
			ck_assert(canvas_is_sound(&c));
			canvas_fini(&c);
		}
	}
	scenery_fini(&s);
}
END_TEST

START_TEST(a_picture_is_a_function_of_the_moment)
{
	struct scenery s;
	struct canvas a, b;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1240 * USEC_PER_MS);
	a = scenery_draw(&s, 40, 120);
	player_key(&s.player, 'G');
	player_key(&s.player, '0');
	b = scenery_draw(&s, 24, 80);
	canvas_fini(&b);
	player_seek(&s.player, 1240 * USEC_PER_MS);
	b = scenery_draw(&s, 40, 120);
	ck_assert(canvas_eq(&a, &b));
	canvas_fini(&a);
	canvas_fini(&b);
	scenery_fini(&s);
}
END_TEST

START_TEST(too_small_says_so)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	ck_assert(shows(&s, 9, 60, "woshou: 60x9 is too small, 40x12 needed"));
	ck_assert(shows(&s, 11, 200, "too small"));
	ck_assert(!shows(&s, 12, 40, "too small"));
	s.player.lang = LANG_ZH;
	ck_assert(shows(&s, 9, 60, "60x9 太小"));
	scenery_fini(&s);
}
END_TEST

START_TEST(who_and_what_is_told_in_words)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 25 * USEC_PER_MS);
	ck_assert(shows(&s, 24, 80, "Zhang San"));
	ck_assert(shows(&s, 24, 80, "SYN_SENT"));
	ck_assert(shows(&s, 24, 80, "× blown away"));
	ck_assert(shows(&s, 60, 200, "first-wave.scene:10"));
	ck_assert(shows(&s, 24, 80, "Zhang San waves. The wind takes it."));
	player_seek(&s.player, 1000 * USEC_PER_MS);
	ck_assert(shows(&s, 24, 80, "↻1"));
	player_seek(&s.player, 3060 * USEC_PER_MS);
	ck_assert(shows(&s, 24, 80, "TIME_WAIT  mourns for 2MSL"));
	ck_assert(shows(&s, 24, 80, "59.9 s")); /* of the candle */
	player_key(&s.player, 'G');
	ck_assert(shows(&s, 24, 80, "expected: li in ESTABLISHED"));
	ck_assert(shows(&s, 24, 80, "✗1"));
	scenery_fini(&s);
}
END_TEST

START_TEST(why_and_header_are_told)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	player_key(&s.player, '.');
	player_key(&s.player, '.');
	player_key(&s.player, 'w');
	ck_assert(shows(&s, 24, 80, "RFC 9293 section 3.10.1"));
	ck_assert(shows(&s, 24, 80, "\"A SYN segment of the form <SEQ=ISS><CTL=SYN> is sent."));
	player_key(&s.player, '.');
	ck_assert(shows(&s, 24, 80, "first-wave.scene:10  drop 1st where SYN"));
	player_key(&s.player, 'w');
	player_key(&s.player, 'i');
	ck_assert(shows(&s, 24, 80, "49152 > 8888  SYN"));
	ck_assert(shows(&s, 40, 120, "2 MSS"));
	ck_assert(shows(&s, 40, 120, "1460 octets"));
	scenery_fini(&s);
}
END_TEST

/* Names from a file must not drive a terminal. */
START_TEST(nothing_foreign_gets_through)
{
	struct scenery s;

	scenery_init(&s, fixture_storm());
	s.view.title = "evil\033]0;x\007.scene";
	player_key(&s.player, 'G');
	for (int i = 0; i < 60; i++) {
		struct canvas c = scenery_draw(&s, 40, 120);

		for (int k = 0; k < c.rows * c.columns; k++)
			for (int o = 0; o < c.cells[k].octets; o++)
				ck_assert_int_ge((unsigned char)c.cells[k].text[o], ' ');
		canvas_fini(&c);
		player_key(&s.player, ',');
	}
	scenery_fini(&s);
}
END_TEST

START_TEST(the_timeline_and_the_ladder_can_be_clicked)
{
	struct scenery s;
	struct canvas c;
	int stops = 0, rows = 0;

	scenery_init(&s, fixture_first_wave());
	player_key(&s.player, 'G');
	c = scenery_draw(&s, 24, 80);
	for (int i = 0; i < s.hits.count; i++) {
		stops += s.hits.at[i].action == ACTION_GOTO_STOP;
		rows += s.hits.at[i].action == ACTION_LOOK_AT;
	}
	ck_assert_int_gt(stops, 40);
	ck_assert_int_gt(rows, 5);
	player_do(&s.player, ACTION_GOTO_STOP, 0);
	ck_assert_uint_eq(s.player.cursor, 0);
	player_do(&s.player, ACTION_GOTO_STOP, 4000000000u);
	ck_assert_uint_eq(s.player.cursor, 0);
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

/* Motion is told by words and rows alone when it may not move. */
START_TEST(motion_can_be_less)
{
	struct scenery s;
	struct canvas a, b;

	scenery_init(&s, fixture_first_wave());
	s.view.motion = MOTION_STEPS;
	player_seek(&s.player, 1210 * USEC_PER_MS);
	a = scenery_draw(&s, 24, 80);
	s.player.now += 3 * USEC_PER_MS;
	b = scenery_draw(&s, 24, 80);
	/* Only the first row, with the clock, and the timer's differ. */
	for (int row = 8; row < 18; row++)
		for (int column = 0; column < 80; column++)
			ck_assert_mem_eq(canvas_at(&a, row, column)->text,
					 canvas_at(&b, row, column)->text, CELL_OCTETS);
	canvas_fini(&a);
	canvas_fini(&b);
	scenery_fini(&s);
}
END_TEST

static void add_say(struct trace *t, bool is_because, const char *en, const char *zh)
{
	struct record *r = trace_push(t, REC_SAY, 0);

	r->host = TRACE_NO_HOST;
	r->number[0] = is_because;
	r->text[0] = trace_text(t, en, strlen(en));
	r->text[1] = trace_text(t, zh, strlen(zh));
}

START_TEST(one_say_takes_nothing_from_another)
{
	struct trace *t = fixture_alone();
	struct scenery s;

	add_say(t, true, "because of it.", "因为如此。");
	add_say(t, false, "First.", "一。");
	add_say(t, false, "Second.", "二。");
	scenery_init(&s, t);
	player_key(&s.player, 'G');
	ck_assert(shows(&s, 24, 80, "▌First. Second.\n"));
	ck_assert(shows(&s, 24, 80, "▌because of it.\n"));
	s.player.lang = LANG_BOTH;
	ck_assert(shows(&s, 24, 80, "▌一。二。\n▌因为如此。\n"));
	scenery_fini(&s);
}
END_TEST

/* The play's own words are marked and bright, sentences about what is seen anyway are not; a name
 * is drawn as its person is. */
START_TEST(the_play_speaks_louder_than_its_teller)
{
	struct scenery s;
	struct canvas c;

	scenery_init(&s, fixture_first_wave());
	s.player.lang = LANG_ZH;
	player_seek(&s.player, 3075 * USEC_PER_MS);
	c = scenery_draw(&s, 24, 80);
	ck_assert_str_eq(canvas_at(&c, 20, 0)->text, "▌");
	ck_assert_str_eq(canvas_at(&c, 20, 1)->text, "张");
	ck_assert_int_eq(canvas_at(&c, 20, 1)->role, ROLE_PERSON_0);
	ck_assert_int_eq(canvas_at(&c, 20, 5)->role, ROLE_TEXT);
	canvas_fini(&c);
	player_seek(&s.player, 2600 * USEC_PER_MS);
	c = scenery_draw(&s, 24, 80);
	ck_assert_str_eq(canvas_at(&c, 20, 0)->text, " ");
	ck_assert_int_eq(canvas_at(&c, 20, 1)->role, ROLE_PERSON_1);
	ck_assert_int_eq(canvas_at(&c, 20, 5)->role, ROLE_FAINT);
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

/* Two rows of words where there is no room for a heading: one a language. */
START_TEST(a_small_screen_hears_both_languages)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	s.player.lang = LANG_BOTH;
	player_seek(&s.player, 0);
	ck_assert(shows(&s, 12, 40,
			"\n▌张三招手，被风吹走。\n▌Zhang San waves. The wind takes it.\n"));
	scenery_fini(&s);
}
END_TEST

START_TEST(what_is_too_long_is_scrolled)
{
	struct trace *t = fixture_alone();
	struct scenery s;
	struct sink text = {0};

	for (int i = 0; i < 60; i++)
		sink_printf(&text,
			    "line%d goes on to the end of all that there is to say here "
			    "and now. ",
			    i);
	add_say(t, false, text.at, "");
	scenery_init(&s, t);
	player_key(&s.player, 'G');
	ck_assert(shows(&s, 24, 80, "line0 "));
	ck_assert(!shows(&s, 24, 80, "line40 "));
	player_focus_on(&s.player, PANEL_NARRATION);
	for (int i = 0; i < 80; i++)
		player_key(&s.player, 'j');
	ck_assert(shows(&s, 24, 80, "line59 "));
	ck_assert(!shows(&s, 24, 80, "line0 "));
	sink_fini(&text);
	scenery_fini(&s);
}
END_TEST

START_TEST(a_say_gets_the_rows_that_it_needs)
{
	struct trace *t = fixture_alone();
	struct sink en = {0}, zh = {0};
	struct scenery s;

	for (int i = 0; i < 44; i++)
		sink_puts(&en, "swish ");
	sink_puts(&en, "the end");
	for (int i = 0; i < 60; i++)
		sink_puts(&zh, "风");
	sink_puts(&zh, "完");
	add_say(t, false, en.at, zh.at);
	scenery_init(&s, t);
	player_key(&s.player, 'G');
	ck_assert(shows(&s, 24, 80, "the end"));
	ck_assert(!shows(&s, 23, 80, "the end"));
	s.player.lang = LANG_BOTH;
	ck_assert(shows(&s, 24, 80, "the end"));
	ck_assert(shows(&s, 24, 80, "完"));
	scenery_fini(&s);
	sink_fini(&en);
	sink_fini(&zh);
}
END_TEST

START_TEST(of_many_people_each_stands_above_the_own_line)
{
	struct area a = {0, 0, 6, 80};
	struct scenery s;

	scenery_init(&s, fixture_storm());
	ck_assert_int_eq(s.story->people_count, 3);
	for (int i = 0; i < 3; i++) {
		int left, right, line = view_lifeline(a, 3, i);

		view_figure(a, &s.view, i, &left, &right);
		ck_assert_int_ge(left, 0);
		ck_assert_int_le(right, 80);
		if (i == 1)
			ck_assert_int_eq((left + right - 1) / 2, line);
	}
	scenery_fini(&s);
}
END_TEST

START_TEST(panels_show_two_and_say_of_how_many)
{
	struct scenery s;

	scenery_init(&s, fixture_storm());
	player_seek(&s.player, 200 * USEC_PER_MS);
	ck_assert(shows(&s, 40, 120, "windows 2/3: this step's"));
	ck_assert(shows(&s, 40, 120, "inside (TCB) 2/3: this step's"));
	scenery_fini(&s);
	scenery_init(&s, fixture_first_wave());
	ck_assert(!shows(&s, 40, 120, "2/2"));
	scenery_fini(&s);
}
END_TEST

START_TEST(what_is_cut_says_so)
{
	struct canvas c;

	canvas_init(&c, 2, 10, false);
	ck_assert_int_eq(canvas_text_cut(&c, 0, 0, 6, INK(ROLE_TEXT), "abcdef"), 6);
	ck_assert_str_eq(canvas_at(&c, 0, 5)->text, "f");
	ck_assert_int_eq(canvas_text_cut(&c, 1, 0, 6, INK(ROLE_TEXT), "招手点头"), 5);
	ck_assert_str_eq(canvas_at(&c, 1, 4)->text, "…");
	ck_assert(canvas_is_sound(&c));
	canvas_fini(&c);
}
END_TEST

Suite *view_suite(void)
{
	Suite *s = suite_create("view");
	TCase *t = tcase_create("a picture");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, every_size_is_drawn, 0, 4);
	tcase_add_test(t, a_picture_is_a_function_of_the_moment);
	tcase_add_test(t, too_small_says_so);
	tcase_add_test(t, who_and_what_is_told_in_words);
	tcase_add_test(t, why_and_header_are_told);
	tcase_add_test(t, nothing_foreign_gets_through);
	tcase_add_test(t, the_timeline_and_the_ladder_can_be_clicked);
	tcase_add_test(t, motion_can_be_less);
	tcase_add_test(t, one_say_takes_nothing_from_another);
	tcase_add_test(t, the_play_speaks_louder_than_its_teller);
	tcase_add_test(t, a_small_screen_hears_both_languages);
	tcase_add_test(t, what_is_too_long_is_scrolled);
	tcase_add_test(t, a_say_gets_the_rows_that_it_needs);
	tcase_add_test(t, of_many_people_each_stands_above_the_own_line);
	tcase_add_test(t, panels_show_two_and_say_of_how_many);
	tcase_add_test(t, what_is_cut_says_so);
	suite_add_tcase(s, t);
	return s;
}
