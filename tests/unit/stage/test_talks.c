/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "desk.h"
#include "fixture.h"
#include "hall.h"

START_TEST(what_is_typed_is_said)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	hall_press(&h, 'e');
	hall_type(&h, "你好, world");
	hall_press(&h, PRESS_ENTER);
	ck_assert_str_eq(h.theatre.said, "你好, world");
	/* The line is there for the next one, and what was said comes back. */
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_COMMAND);
	ck_assert_uint_eq(h.session.player.prompt.entry.count, 0);
	hall_press(&h, PRESS_UP);
	ck_assert_str_eq(h.session.player.prompt.entry.text, "你好, world");
	hall_press(&h, PRESS_DOWN);
	hall_press(&h, PRESS_ENTER);
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_NONE);
	ck_assert_str_eq(h.theatre.said, "你好, world");
	hall_leave(&h);
}
END_TEST

START_TEST(at_the_edge_enter_opens_the_line)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	hall_press(&h, PRESS_ENTER);
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_COMMAND);
	ck_assert(h.session.player.edge.is_followed);
	hall_press(&h, PRESS_ESCAPE);
	hall_press(&h, 'k');
	hall_press(&h, PRESS_ENTER);
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_NONE);
	hall_leave(&h);
}
END_TEST

static bool count_next(void *user)
{
	struct theatre *t = user;

	return ++t->nexts < 3;
}

/* Where something was announced, Enter lets it happen: at the edge only, and not behind a card. */
START_TEST(enter_lets_a_lesson_go_on)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	h.theatre.live.next = count_next;
	hall_press(&h, PRESS_ENTER);
	ck_assert_int_eq(h.theatre.nexts, 1);
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_NONE);
	ck_assert(h.session.player.edge.is_followed);
	hall_press(&h, 'k');
	hall_press(&h, PRESS_ENTER);
	ck_assert_int_eq(h.theatre.nexts, 1);
	/* Stopped at the very end: that is near enough. */
	hall_press(&h, PRESS_END);
	hall_press(&h, ' ');
	ck_assert(!h.session.player.edge.is_followed);
	hall_press(&h, PRESS_ENTER);
	ck_assert_int_eq(h.theatre.nexts, 2);
	ck_assert(h.session.player.edge.is_followed);
	hall_press(&h, '?');
	hall_press(&h, PRESS_ENTER);
	ck_assert_int_eq(h.theatre.nexts, 2);
	hall_leave(&h);
}
END_TEST

START_TEST(who_types_sees_what_comes)
{
	struct hall h;
	uint64_t cursor;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	hall_press(&h, 'e');
	hall_type(&h, "hel");
	cursor = h.session.player.cursor;
	theatre_say(&h.theatre, 0, 10);
	hall_hear(&h);
	ck_assert_uint_gt(h.session.player.cursor, cursor);
	ck_assert_str_eq(h.session.player.prompt.entry.text, "hel");
	hall_leave(&h);
}
END_TEST

START_TEST(what_cannot_be_said_is_complained_about)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	h.theatre.is_forbidden = true;
	hall_press(&h, 'e');
	hall_type(&h, "hello");
	hall_press(&h, PRESS_ENTER);
	ck_assert(hall_shows(&h, "the connection is closed"));
	ck_assert_str_eq(h.session.player.prompt.entry.text, "hello");
	hall_leave(&h);
}
END_TEST

START_TEST(orders_are_given_in_both_lines)
{
	static const char *const orders[][2] = {{"close", ":close"},
						{"shutdown", ":shutdown"},
						{"abort", ":abort"},
						{"linger 0", ":linger 0"},
						{"say hello", "hello"}};
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
		hall_press(&h, ':');
		hall_type(&h, orders[i][0]);
		hall_press(&h, PRESS_ENTER);
		ck_assert_str_eq(h.theatre.said, orders[i][1]);
		ck_assert_int_eq(h.session.player.overlay, OVERLAY_NONE);
	}
	hall_press(&h, 'e');
	hall_type(&h, ":ab");
	hall_press(&h, PRESS_TAB);
	hall_press(&h, PRESS_ENTER);
	ck_assert_str_eq(h.theatre.said, ":abort");
	hall_leave(&h);
}
END_TEST

START_TEST(where_nobody_listens_it_is_said)
{
	struct hall h;
	struct desk d;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	h.theatre.live.say = NULL;
	hall_press(&h, 'e');
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_NONE);
	ck_assert(hall_shows(&h, "only watched"));
	hall_press(&h, ' ');
	ck_assert(!hall_shows(&h, "e say"));
	hall_leave(&h);
	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_press(&d, 'e');
	ck_assert(desk_shows(&d, "no live recording"));
	desk_press(&d, 'C');
	ck_assert(desk_shows(&d, "no live recording"));
	ck_assert(!desk_shows(&d, "C talks"));
	/* A scene's people close their own connections. */
	desk_run(&d, "close");
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_COMMAND);
	desk_end(&d);
}
END_TEST

static void enter_three(struct hall *h)
{
	hall_enter(h, theatre_loopback(), 20, MOTION_NONE);
	theatre_add(&h->theatre, theatre_play(desk_scene));
	theatre_add(&h->theatre, fixture_first_wave());
	theatre_say(&h->theatre, 1, 30);
	theatre_say(&h->theatre, 2, 30);
	hall_hear(h);
}

START_TEST(a_conversation_is_chosen_from_the_list)
{
	struct hall h;

	enter_three(&h);
	hall_press(&h, 'C');
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_TALKS);
	ck_assert(hall_shows(&h, "127.0.0.1:40000 -> 127.0.0.1:8888"));
	ck_assert(hall_shows(&h, "python3 (4711), 97 % CPU, 12 octets unread"));
	/* The newest first, and before it "always the newest". */
	hall_press(&h, PRESS_DOWN);
	ck_assert_uint_eq(h.session.growth.list.picked, 3);
	hall_press(&h, PRESS_DOWN);
	hall_press(&h, PRESS_DOWN);
	hall_press(&h, PRESS_DOWN);
	ck_assert_uint_eq(h.session.growth.list.picked, 1);
	hall_press(&h, PRESS_ENTER);
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_NONE);
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[0].grown);
	hall_press(&h, 'C');
	hall_press(&h, '0');
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[2].grown);
	hall_press(&h, 'C');
	hall_press(&h, PRESS_ESCAPE);
	ck_assert_int_eq(h.session.player.overlay, OVERLAY_NONE);
	hall_leave(&h);
}
END_TEST

START_TEST(a_click_picks_and_a_second_one_chooses)
{
	struct hall h;
	const struct hit *hit = NULL;

	enter_three(&h);
	hall_press(&h, 'C');
	for (int i = 0; i < h.session.hits.count; i++) {
		if (h.session.hits.at[i].action == ACTION_PICK && h.session.hits.at[i].arg == 2)
			hit = &h.session.hits.at[i];
	}
	ck_assert_ptr_nonnull(hit);
	for (int i = 0; i < 2; i++) {
		struct input in = {PRESS_CLICK, hit->area.row, hit->area.column};

		ck_assert_int_eq(h.session.player.overlay, OVERLAY_TALKS);
		session_input(&h.session, &in);
	}
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[1].grown);
	hall_leave(&h);
}
END_TEST

START_TEST(what_is_picked_stays_when_another_begins)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	theatre_add(&h.theatre, theatre_loopback());
	hall_hear(&h);
	hall_press(&h, 'C');
	hall_press(&h, PRESS_DOWN);
	ck_assert_uint_eq(h.session.growth.list.picked, 2);
	theatre_add(&h.theatre, theatre_loopback());
	hall_hear(&h);
	ck_assert_uint_eq(h.session.growth.list.picked, 2);
	hall_press(&h, PRESS_DOWN);
	ck_assert_uint_eq(h.session.growth.list.picked, 1);
	hall_leave(&h);
}
END_TEST

START_TEST(a_lack_is_shown_with_a_sign)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_NONE);
	ck_assert(hall_shows(&h, "127.0.0.1:8888, segments"));
	ck_assert(!hall_shows(&h, "! 127.0.0.1:8888"));
	h.theatre.is_lacking = true;
	h.theatre.version++;
	hall_hear(&h);
	ck_assert(hall_shows(&h, "! 127.0.0.1:8888, no segments"));
	hall_leave(&h);
}
END_TEST

Suite *talks_suite(void)
{
	Suite *s = suite_create("talks");
	TCase *c = tcase_create("talks");

	tcase_add_test(c, what_is_typed_is_said);
	tcase_add_test(c, at_the_edge_enter_opens_the_line);
	tcase_add_test(c, enter_lets_a_lesson_go_on);
	tcase_add_test(c, who_types_sees_what_comes);
	tcase_add_test(c, what_cannot_be_said_is_complained_about);
	tcase_add_test(c, orders_are_given_in_both_lines);
	tcase_add_test(c, where_nobody_listens_it_is_said);
	tcase_add_test(c, a_conversation_is_chosen_from_the_list);
	tcase_add_test(c, a_click_picks_and_a_second_one_chooses);
	tcase_add_test(c, what_is_picked_stays_when_another_begins);
	tcase_add_test(c, a_lack_is_shown_with_a_sign);
	suite_add_tcase(s, c);
	return s;
}
