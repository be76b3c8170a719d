/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/diag.h>
#include <base/prng.h>
#include <woshou/jsonl.h>
#include "desk.h"
#include "fixture.h"
#include "scenery.h"

enum { THREE_IN_THE_AIR = 225000 };

static const struct branch *shown(const struct desk *d)
{
	return history_branch(d->history, d->session.hands.branch);
}

static const struct record *deed_of(const struct desk *d)
{
	const struct trace *t = d->session.story->trace;

	return trace_at(t, shown(d)->cursor);
}

/* ---- which word ------------------------------------------------------------------------------ */

START_TEST(the_newest_word_is_meant_until_another_is)
{
	struct desk d;
	const struct player *p = &d.session.player;
	int64_t newest;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	newest = player_selected(p);
	ck_assert_int_ge(newest, 2);
	ck_assert(desk_shows(&d, "selected: \"line 3"));
	/* From the newest on to the oldest, and around. */
	desk_press(&d, 's');
	ck_assert_int_eq(player_selected(p), newest - 2);
	desk_press(&d, 's');
	ck_assert_int_eq(player_selected(p), newest - 1);
	desk_press(&d, 's');
	ck_assert_int_eq(player_selected(p), newest);
	desk_press(&d, 'S');
	ck_assert_int_eq(player_selected(p), newest - 1);
	desk_press(&d, 'S');
	desk_press(&d, 'S');
	ck_assert_int_eq(player_selected(p), newest);
	ck_assert_uint_eq(p->look, d.session.story->voyages.at[newest].leave_row);
	desk_end(&d);
}
END_TEST

START_TEST(a_click_on_its_row_means_a_word)
{
	struct desk d;
	const struct voyage *w;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	w = &d.session.story->voyages.at[player_selected(&d.session.player) - 2];
	desk_click(&d, ACTION_LOOK_AT, w->leave_row);
	ck_assert_ptr_eq(&d.session.story->voyages.at[player_selected(&d.session.player)], w);
	desk_end(&d);
}
END_TEST

START_TEST(words_are_called_as_the_language_calls_them)
{
	struct desk d;
	int compared = 0;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	for (usec at = 0; at < 2200000; at += 12500) {
		struct sink of_language = {0}, of_stage = {0};
		int64_t i;

		desk_go(&d, at);
		i = player_selected(&d.session.player);
		if (i < 0)
			continue;
		view_put_nth(&of_stage, &d.session.view, &d.session.story->voyages.at[i]);
		ck_assert(hands_selected_name(&d.session, &of_language));
		ck_assert_str_eq(of_language.at, of_stage.at);
		compared++;
		sink_fini(&of_language);
		sink_fini(&of_stage);
	}
	ck_assert_int_gt(compared, 10);
	desk_end(&d);
}
END_TEST

START_TEST(with_nothing_in_the_air_it_is_said_what_to_do)
{
	static const char *const said[] = {"nothing is in the air", "没有在途的话"};
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, _i == 0 ? LANG_EN : LANG_ZH);
	desk_go(&d, 700000);
	for (const char *key = "sSdDurc"; *key; key++) {
		desk_press(&d, (uint32_t)*key);
		ck_assert_msg(desk_shows(&d, said[_i]), "%c", *key);
		ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
		desk_press(&d, 'f');
		ck_assert(!desk_shows(&d, said[_i]));
	}
	ck_assert_uint_eq(history_count(d.history), 1);
	desk_end(&d);
}
END_TEST

/* ---- deeds ----------------------------------------------------------------------------------- */

START_TEST(a_deed_makes_a_branch_in_which_it_is_seen)
{
	static const struct {
		char key;
		enum deed deed;
	} deeds[] = {
		{'d', DEED_DROP}, {'u', DEED_DUPLICATE}, {'r', DEED_REORDER}, {'c', DEED_CORRUPT}};
	struct desk d;
	uint64_t send;
	usec at = THREE_IN_THE_AIR;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, at);
	desk_press(&d, ' ');
	desk_press(&d, 's');
	send = d.session.story->voyages.at[player_selected(&d.session.player)].send;
	desk_press(&d, (uint32_t)deeds[_i].key);
	ck_assert(!d.session.player.is_playing);
	ck_assert_uint_eq(history_count(d.history), 2);
	ck_assert_uint_eq(d.session.hands.branch, 1);
	ck_assert_ptr_eq(d.session.story->trace, history_trace(d.history, 1));
	ck_assert_int_eq(d.session.player.now, at);
	ck_assert_int_eq(deed_of(&d)->kind, REC_WIND);
	ck_assert_int_eq(deed_of(&d)->detail, deeds[_i].deed);
	ck_assert_uint_eq(deed_of(&d)->of, send);
	ck_assert_uint_gt(d.session.player.cursor, shown(&d)->cursor);
	ck_assert(desk_shows(&d, "branch what-if-1 at 0.225 s: "));
	ck_assert(desk_shows(&d, "U undo"));
	ck_assert(desk_shows(&d, "what-if-1"));
	desk_end(&d);
}
END_TEST

START_TEST(a_delay_is_asked_for_and_remembered)
{
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	desk_press(&d, 'D');
	ck_assert(desk_shows(&d, "> 200ms"));
	ck_assert(desk_shows(&d, "Delay: \"line 3"));
	desk_type(&d, "parsec");
	desk_press(&d, PRESS_ENTER);
	ck_assert_uint_eq(history_count(d.history), 1);
	ck_assert_str_ne(d.session.player.prompt.complaint, "");
	ck_assert_str_eq(d.session.player.prompt.entry.text, "parsec");
	desk_press(&d, CTRL_KEY('U'));
	desk_type(&d, "350ms");
	desk_press(&d, PRESS_ENTER);
	ck_assert_uint_eq(history_count(d.history), 2);
	ck_assert_int_eq(deed_of(&d)->detail, DEED_DELAY);
	ck_assert_int_eq(deed_of(&d)->number[0], 350000);
	desk_press(&d, 'D');
	ck_assert_str_eq(d.session.player.prompt.entry.text, "350ms");
	desk_press(&d, PRESS_ESCAPE);
	ck_assert_uint_eq(history_count(d.history), 2);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	desk_end(&d);
}
END_TEST

/* In the middle of an instant, and at its end, the deed comes when all else has happened. */
START_TEST(a_deed_waits_for_the_end_of_its_instant)
{
	struct desk d;
	int acted = 0, refused = 0;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	for (uint32_t stop = 0; stop < d.session.story->stops.count; stop++) {
		size_t before = history_count(d.history);
		usec at;

		player_go(&d.session.player, stop);
		at = d.session.player.now;
		if (player_selected(&d.session.player) < 0)
			continue;
		desk_press(&d, 'd');
		ck_assert_int_eq(d.session.player.now, at);
		if (history_count(d.history) > before) {
			ck_assert_int_eq(deed_of(&d)->at, at);
			ck_assert_int_eq(deed_of(&d)->detail, DEED_DROP);
			desk_press(&d, 'U');
			ck_assert_uint_eq(d.session.hands.branch, 0);
			acted++;
		} else {
			ck_assert(desk_shows(&d, "lands at this very moment"));
			refused++;
		}
	}
	ck_assert_int_gt(acted, 5);
	ck_assert_int_gt(refused, 0);
	desk_end(&d);
}
END_TEST

START_TEST(a_word_that_the_wind_has_is_told_so)
{
	static const char scene[] = "woshou 1\nperson zhang\nperson li\n"
				    "wind zhang <-> li { delay 50ms }\n"
				    "wind zhang -> li { drop 1st where SYN }\n"
				    "at 0s li listen\nat 0s zhang connect li\n";
	struct desk d;

	desk_begin(&d, scene, 24, 80, LANG_EN);
	desk_go(&d, 10000);
	desk_press(&d, 'd');
	ck_assert_uint_eq(history_count(d.history), 1);
	ck_assert(desk_shows(&d, "the wind has this word already"));
	desk_end(&d);
}
END_TEST

/* How far the word sent with this record is, in thousandths. */
static int progress(const struct desk *d, uint64_t send, usec at)
{
	const struct story *s = d->session.story;

	return voyage_progress(s, story_voyage(s, send), at);
}

/* What a hand does to a word begins where the word is. */
START_TEST(a_word_goes_on_from_where_a_hand_found_it)
{
	struct desk d;
	const struct voyage *w;
	uint64_t send;
	usec sent;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, 240000);
	w = &d.session.story->voyages.at[player_selected(&d.session.player)];
	send = w->send;
	sent = w->sent;
	ck_assert_int_eq(progress(&d, send, 240000), 400);
	/* Twice as slow from here on, then slower once more. */
	desk_run(&d, "delay 30ms");
	ck_assert_int_eq(progress(&d, send, sent + 10000), 200);
	ck_assert_int_eq(progress(&d, send, 240000), 400);
	ck_assert_int_eq(progress(&d, send, 270000), 700);
	ck_assert_int_eq(progress(&d, send, 300000), 1000);
	desk_go(&d, 270000);
	desk_run(&d, "drop");
	ck_assert_int_eq(progress(&d, send, 255000), 550);
	ck_assert_int_eq(progress(&d, send, 300000), 700);
	w = story_voyage(d.session.story, send);
	ck_assert_int_eq(w->fate, FATE_LOST);
	ck_assert_int_eq(w->due, 270000);
	ck_assert_int_eq(w->dies_at, 700);
	ck_assert(voyage_has_ended(w, d.session.player.now, d.session.player.cursor));
	desk_press(&d, 'U');
	desk_run(&d, "duplicate after 20ms");
	w = story_voyage(d.session.story, shown(&d)->cursor);
	ck_assert_ptr_nonnull(w);
	ck_assert_int_eq(progress(&d, shown(&d)->cursor, 270000), 700);
	ck_assert_int_eq(progress(&d, shown(&d)->cursor, 295000), 850);
	ck_assert_int_eq(w->due, 320000);
	desk_end(&d);
}
END_TEST

START_TEST(a_recording_cannot_be_changed)
{
	struct trace *t = fixture_first_wave();
	struct stage_options o = {.lang = LANG_EN};
	struct session s;
	struct canvas c;

	canvas_init(&c, 24, 80, false);
	session_init(&s, t, "first-wave.jsonl", &o);
	player_seek(&s.player, 1010000);
	for (const char *key = "dDurcbU"; *key; key++) {
		session_input(&s, &(struct input){.key = (uint32_t)*key});
		session_draw(&s, &c);
		ck_assert_int_eq(s.player.overlay, OVERLAY_NONE);
		if (*key != 'U')
			ck_assert_ptr_nonnull(strstr(s.player.notice.text, "recording"));
	}
	session_input(&s, &(struct input){.key = ':'});
	for (const char *key = "zhang close"; *key; key++)
		session_input(&s, &(struct input){.key = (uint32_t)*key});
	session_input(&s, &(struct input){.key = PRESS_ENTER});
	ck_assert_ptr_nonnull(strstr(s.player.prompt.complaint, "recording"));
	session_draw(&s, &c);
	session_input(&s, &(struct input){.key = PRESS_ESCAPE});
	session_input(&s, &(struct input){.key = 'q'});
	ck_assert(session_is_over(&s));
	canvas_fini(&c);
	session_fini(&s);
	trace_free(t);
}
END_TEST

/* ---- and back -------------------------------------------------------------------------------- */

START_TEST(undo_goes_back_to_where_it_was_done)
{
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_press(&d, 'U');
	ck_assert(desk_shows(&d, "nothing to undo"));
	desk_go(&d, THREE_IN_THE_AIR);
	desk_press(&d, 'd');
	desk_press(&d, 's');
	desk_press(&d, 'c');
	ck_assert_uint_eq(history_count(d.history), 3);
	desk_press(&d, 'G');
	desk_press(&d, 'U');
	ck_assert_uint_eq(d.session.hands.branch, 1);
	ck_assert_int_eq(d.session.player.now, THREE_IN_THE_AIR);
	desk_press(&d, 'U');
	ck_assert_uint_eq(d.session.hands.branch, 0);
	ck_assert(desk_shows(&d, "back on main at 0.225 s; what-if-1 is kept"));
	desk_press(&d, 'U');
	ck_assert(desk_shows(&d, "nothing to undo"));
	ck_assert_uint_eq(history_count(d.history), 3);
	desk_end(&d);
}
END_TEST

START_TEST(leaving_asks_once_about_what_is_not_saved)
{
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	desk_press(&d, 'd');
	desk_press(&d, 'q');
	ck_assert(!session_is_over(&d.session));
	ck_assert(desk_shows(&d, "branches not saved: 1; q again leaves"));
	/* Another key, and it is asked again. */
	desk_press(&d, '.');
	desk_press(&d, 'q');
	ck_assert(!session_is_over(&d.session));
	desk_press(&d, 'q');
	ck_assert(session_is_over(&d.session));
	desk_end(&d);
	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	desk_press(&d, 'd');
	desk_press(&d, PRESS_LEAVE);
	ck_assert(session_is_over(&d.session));
	desk_end(&d);
	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_press(&d, 'q');
	ck_assert(session_is_over(&d.session));
	desk_end(&d);
}
END_TEST

/* ---- the past -------------------------------------------------------------------------------- */

/* What a stop before the deed shows is what it showed, but for the branch's name and the timeline
 * of the whole play, and, while a word is in the air that is still there at the deed, where its
 * line in the ladder leads to. */
static void show_stop(struct session *s, uint32_t stop, struct canvas *c)
{
	player_go(&s->player, stop);
	s->player.notice = (struct notice){0};
	session_draw(s, c);
}

static bool is_in(struct area a, int row, int column)
{
	return row >= a.row && row < a.row + a.rows && column >= a.column &&
	       column < a.column + a.columns;
}

static bool is_same_past(const struct session *s, const struct canvas *a, const struct canvas *b,
			 bool has_loose_lines)
{
	struct area ladder = s->hits.panels.area[panel_index(PANEL_LADDER)];
	int end = a->rows - (a->rows >= LARGE_ROWS ? 3 : 2);

	for (int row = 1; row < end; row++) {
		for (int column = 0; column < a->columns; column++) {
			const struct cell *x = canvas_at(a, row, column);
			const struct cell *y = canvas_at(b, row, column);

			if (has_loose_lines && is_in(ladder, row, column))
				continue;
			if (x->octets != y->octets || memcmp(x->text, y->text, x->octets) != 0 ||
			    x->role != y->role || x->attrs != y->attrs)
				return false;
		}
	}
	return true;
}

/* The time from which on a word flies that is in flight at `at`. */
static usec loose_since(struct session *s, usec at)
{
	player_seek(&s->player, at);
	for (size_t i = 0; i < s->story->voyages.count; i++) {
		const struct voyage *w = &s->story->voyages.at[i];

		if (voyage_is_in_flight(w, s->player.cursor))
			return w->sent;
	}
	return at;
}

static const char *const looks[] = {"", "23", "4", "6", "66", "w", "i", "t"};

enum { LOOKS = sizeof looks / sizeof looks[0] };

static int check_past(int rows, int columns, usec at, char deed, const char *look)
{
	struct desk a, b;
	int compared = 0;
	usec loose;

	desk_begin(&a, desk_scene, rows, columns, LANG_EN);
	desk_begin(&b, desk_scene, rows, columns, LANG_EN);
	desk_type(&a, look);
	desk_type(&b, look);
	loose = loose_since(&a.session, at);
	player_seek(&b.session.player, at);
	desk_press(&b, (uint32_t)deed);
	ck_assert_uint_eq(history_count(b.history), 2);
	for (uint32_t i = 0; a.session.story->stops.at[i].at < at; i++) {
		bool has_loose_lines = a.session.story->stops.at[i].at >= loose;

		show_stop(&a.session, i, &a.canvas);
		show_stop(&b.session, i, &b.canvas);
		if (!is_same_past(&a.session, &a.canvas, &b.canvas, has_loose_lines))
			ck_abort_msg("%dx%d, %s: %c at %d changes stop %u", columns, rows, look,
				     deed, (int)at, i);
		compared++;
	}
	/* Between two stops words fly. */
	for (usec now = at % 3000; now < at; now += 3000) {
		desk_go(&a, now);
		player_seek(&b.session.player, now);
		b.session.player.notice = (struct notice){0};
		session_draw(&b.session, &b.canvas);
		if (!is_same_past(&a.session, &a.canvas, &b.canvas, now >= loose))
			ck_abort_msg("%dx%d, %s: %c at %d changes the picture at %d", columns, rows,
				     look, deed, (int)at, (int)now);
		compared++;
	}
	desk_end(&a);
	desk_end(&b);
	return compared;
}

START_TEST(the_past_stays_as_it_was)
{
	static const usec moments[] = {30000, 125000, THREE_IN_THE_AIR, 1010000};
	static const char deeds[] = "ducr";
	int compared = 0;

	for (int i = 0; i < 4; i++) {
		compared += check_past(40, 120, moments[i], deeds[i], looks[_i]);
		compared += check_past(24, 80, moments[i], deeds[(i + 1) % 4], looks[_i]);
	}
	compared += check_past(12, 40, moments[2], 'd', looks[_i]);
	ck_assert_int_gt(compared, 60);
}
END_TEST

Suite *hands_suite(void)
{
	Suite *s = suite_create("hands");
	TCase *c = tcase_create("hands on");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, the_newest_word_is_meant_until_another_is);
	tcase_add_test(c, a_click_on_its_row_means_a_word);
	tcase_add_test(c, words_are_called_as_the_language_calls_them);
	tcase_add_loop_test(c, with_nothing_in_the_air_it_is_said_what_to_do, 0, 2);
	tcase_add_loop_test(c, a_deed_makes_a_branch_in_which_it_is_seen, 0, 4);
	tcase_add_test(c, a_delay_is_asked_for_and_remembered);
	tcase_add_test(c, a_deed_waits_for_the_end_of_its_instant);
	tcase_add_test(c, a_word_that_the_wind_has_is_told_so);
	tcase_add_test(c, a_word_goes_on_from_where_a_hand_found_it);
	tcase_add_test(c, a_recording_cannot_be_changed);
	tcase_add_test(c, undo_goes_back_to_where_it_was_done);
	tcase_add_test(c, leaving_asks_once_about_what_is_not_saved);
	tcase_add_loop_test(c, the_past_stays_as_it_was, 0, LOOKS);
	suite_add_tcase(s, c);
	return s;
}
