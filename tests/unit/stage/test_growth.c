/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "desk.h"
#include "fixture.h"
#include "scenery.h"
#include "hall.h"

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* A session opened on what there is now, at the same moment, with the same things shown. */
static void check_afresh(struct hall *h)
{
	struct canvas c;
	struct session fresh;
	struct player player = h->session.player;
	const char *fault;

	session_init(&fresh, NULL, "echo", &h->options);
	player.story = fresh.story;
	fresh.player = player;
	canvas_init(&c, h->canvas.rows, h->canvas.columns, false);
	session_draw(&fresh, &c);
	session_draw(&h->session, &h->canvas);
	fault = canvas_is_sound(&h->canvas) ? NULL : "unsound";
	ck_assert_msg(fault == NULL, "%s", fault);
	if (!canvas_eq(&c, &h->canvas)) {
		struct sink was = {0}, is = {0};

		canvas_dump(&c, &was);
		canvas_dump(&h->canvas, &is);
		ck_abort_msg("afresh:\n%s\ngrown:\n%s", was.at, is.at);
	}
	canvas_fini(&c);
	session_fini(&fresh);
}

static void grow_and_compare(struct trace *whole, uint32_t seed, int rows, int columns)
{
	static const uint32_t keys[] = {'G', ',', '.', ' ', 'k',          'j', '2', '3',       '4',
					'6', 'w', 'i', 'g', PRESS_ESCAPE, 'G', '{', PRESS_TAB, 't'};
	struct hall h;

	hall_enter(&h, whole, 0, (enum stage_motion)(seed % 3));
	hall_resize(&h, rows, columns);
	while (theatre_has_more(&h.theatre, 0)) {
		theatre_say(&h.theatre, 0, 1 + next_random(&seed) % (seed % 2 ? 3 : 1));
		if (next_random(&seed) % 3 == 0)
			h.theatre.now += next_random(&seed) % 3000;
		hall_hear(&h);
		check_afresh(&h);
		if (next_random(&seed) % 2 == 0)
			hall_press(&h, keys[next_random(&seed) % (sizeof keys / sizeof keys[0])]);
		if (next_random(&seed) % 2 == 0)
			hall_pass(&h, next_random(&seed) % 200000);
		check_afresh(&h);
	}
	hall_leave(&h);
}

START_TEST(growing_shows_what_opening_it_shows)
{
	static const int sizes[][2] = {{24, 80}, {40, 120}, {12, 40}, {60, 200}};

	for (uint32_t seed = 1; seed <= 4; seed++) {
		const int *size = sizes[seed % 4];

		grow_and_compare(theatre_play(desk_scene), seed, size[0], size[1]);
		grow_and_compare(theatre_loopback(), seed + 1, size[0], size[1]);
		grow_and_compare(fixture_storm(), seed + 2, size[0], size[1]);
	}
}
END_TEST

START_TEST(the_edge_goes_with_the_clock)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 4, MOTION_FULL);
	ck_assert(player_is_at_edge(&h.session.player));
	ck_assert_int_eq(h.session.player.now, h.theatre.now);
	h.theatre.now += 12 * USEC_PER_S;
	session_clock(&h.session);
	ck_assert_int_eq(h.session.player.now, h.theatre.now);
	ck_assert_uint_eq(h.session.player.cursor, 4);
	ck_assert(player_is_still(&h.session.player));
	hall_leave(&h);
}
END_TEST

/* Each step of what came at once is seen for a while, in order, none is passed over. */
START_TEST(what_came_at_once_is_told_step_by_step)
{
	struct hall h;
	uint32_t stop, steps = 0;
	usec held = 0;

	hall_enter(&h, theatre_loopback(), 0, MOTION_STEPS);
	stop = player_stop(&h.session.player);
	theatre_say(&h.theatre, 0, 30);
	hall_hear(&h);
	ck_assert_uint_gt(player_behind(&h.session.player), 3);
	ck_assert_uint_eq(player_stop(&h.session.player), stop + 1);
	stop++;
	while (player_behind(&h.session.player) > 0) {
		ck_assert(!player_is_still(&h.session.player));
		hall_pass(&h, 10000);
		held += 10000;
		if (player_stop(&h.session.player) == stop)
			continue;
		ck_assert_uint_eq(player_stop(&h.session.player), ++stop);
		ck_assert_int_ge(held, EDGE_STEP_LEAST);
		held = 0;
		steps++;
	}
	ck_assert_uint_gt(steps, 3);
	ck_assert_int_eq(h.session.player.now, h.theatre.now);
	hall_leave(&h);
}
END_TEST

START_TEST(without_motion_it_is_at_the_edge_at_once)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 0, MOTION_NONE);
	theatre_say(&h.theatre, 0, 30);
	hall_hear(&h);
	ck_assert(player_is_at_edge(&h.session.player));
	ck_assert_int_eq(h.session.player.now, h.theatre.now);
	hall_leave(&h);
}
END_TEST

START_TEST(words_fly_on_the_way_to_the_edge)
{
	struct hall h;
	bool has_flown = false;

	hall_enter(&h, theatre_loopback(), 0, MOTION_FULL);
	theatre_say(&h.theatre, 0, 30);
	hall_hear(&h);
	while (player_behind(&h.session.player) > 0) {
		const struct player *p = &h.session.player;
		usec at = p->story->stops.at[player_stop(p)].at;

		hall_pass(&h, 30000);
		has_flown = has_flown || (p->now > at && p->now < at + 20);
	}
	ck_assert(has_flown);
	hall_leave(&h);
}
END_TEST

/* A thousand segments a second: what is shown is never far behind. */
START_TEST(who_follows_is_not_left_behind)
{
	struct hall h;

	hall_enter(&h, theatre_play(desk_scene), 0, MOTION_STEPS);
	while (theatre_has_more(&h.theatre, 0)) {
		theatre_say(&h.theatre, 0, 60);
		hall_hear(&h);
		for (int i = 0; i < 6; i++)
			hall_pass(&h, 60000);
		ck_assert_uint_le(player_behind(&h.session.player), EDGE_REPLAY);
	}
	hall_leave(&h);
}
END_TEST

static bool is_same_area(const struct canvas *a, const struct canvas *b, struct area area)
{
	for (int row = area.row; row < area.row + area.rows; row++) {
		for (int column = area.column; column < area.column + area.columns; column++) {
			const struct cell *x = canvas_at(a, row, column);
			const struct cell *y = canvas_at(b, row, column);

			if (x->octets != y->octets || memcmp(x->text, y->text, x->octets) != 0)
				return false;
		}
	}
	return true;
}

static bool flies_open(const struct hall *h)
{
	for (size_t i = 0; i < h->session.story->voyages.count; i++) {
		if (h->session.story->voyages.at[i].fate == FATE_FLYING)
			return true;
	}
	return false;
}

START_TEST(who_looks_back_sees_nothing_jump)
{
	static const uint32_t ways[][3] = {{',', ',', ','}, {'k', 'k', 'k'}, {' ', ' ', ' '}};

	for (int way = 0; way < 3; way++) {
		struct hall h;
		struct canvas before;

		hall_enter(&h, theatre_play(desk_scene), 40, MOTION_FULL);
		/* Where a word is whose end nobody knows yet is a guess. */
		while (flies_open(&h)) {
			theatre_say(&h.theatre, 0, 1);
			hall_hear(&h);
		}
		hall_press(&h, ways[way][0]);
		ck_assert(!h.session.player.edge.is_followed);
		if (way < 2) {
			hall_press(&h, ways[way][1]);
			hall_press(&h, ways[way][2]);
		}
		canvas_init(&before, 24, 80, false);
		session_draw(&h.session, &before);
		while (theatre_has_more(&h.theatre, 0)) {
			theatre_say(&h.theatre, 0, 7);
			hall_hear(&h);
			for (int i = 0; i < PANELS; i++)
				ck_assert_msg(is_same_area(&before, &h.canvas,
							   h.session.hits.panels.area[i]),
					      "way %d, panel %d", way, i);
		}
		canvas_fini(&before);
		hall_leave(&h);
	}
}
END_TEST

START_TEST(the_title_says_where_one_is)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 8, MOTION_NONE);
	ck_assert(hall_shows(&h, "LIVE"));
	hall_press(&h, '{');
	ck_assert(hall_shows(&h, "PAUSED"));
	ck_assert(hall_shows(&h, "behind"));
	hall_press(&h, 't');
	ck_assert(hall_shows(&h, "暂停"));
	ck_assert(hall_shows(&h, "落后"));
	hall_press(&h, 'G');
	ck_assert(hall_shows(&h, "直播"));
	hall_press(&h, ' ');
	ck_assert(hall_shows(&h, "暂停"));
	ck_assert(!hall_shows(&h, "直播"));
	hall_press(&h, ' ');
	ck_assert(hall_shows(&h, "直播"));
	hall_leave(&h);
}
END_TEST

START_TEST(playing_from_behind_arrives_at_the_edge)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 60, MOTION_FULL);
	hall_press(&h, '0');
	hall_press(&h, ' ');
	ck_assert(h.session.player.is_playing);
	for (int i = 0; i < 100000 && !h.session.player.edge.is_followed; i++)
		session_tick(&h.session, 33000);
	ck_assert(player_is_at_edge(&h.session.player));
	ck_assert(!h.session.player.is_playing);
	hall_leave(&h);
}
END_TEST

START_TEST(it_ends_when_nothing_will_come)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 8, MOTION_FULL);
	theatre_say(&h.theatre, 0, 10);
	h.theatre.is_over = true;
	h.theatre.version++;
	hall_hear(&h);
	for (int i = 0; i < 1000 && !player_is_still(&h.session.player); i++)
		hall_pass(&h, 33000);
	ck_assert(player_is_at_end(&h.session.player));
	ck_assert(hall_shows(&h, "END"));
	hall_leave(&h);
}
END_TEST

START_TEST(the_row_looked_at_stays_itself)
{
	struct hall h;
	uint64_t record;

	/* The first word flies for long: until it lands there is a row for the silence. */
	hall_enter(&h, theatre_play(desk_scene), 30, MOTION_NONE);
	hall_press(&h, 'k');
	hall_press(&h, 'k');
	record = h.session.story->rows.at[h.session.player.look].record;
	while (theatre_has_more(&h.theatre, 0)) {
		theatre_say(&h.theatre, 0, 1);
		hall_hear(&h);
		ck_assert_uint_eq(h.session.story->rows.at[h.session.player.look].record, record);
	}
	hall_leave(&h);
}
END_TEST

START_TEST(what_nobody_saw_is_marked)
{
	struct trace *t = theatre_loopback();
	struct hall h;

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		/* The test's own trace. */
		if (r->host == 1 && (r->kind == REC_STATE || r->kind == REC_CALL))
			((struct record *)r)->is_inferred = true;
		if (r->kind == REC_WIND)
			((struct record *)r)->is_inferred = true;
		if (r->kind == REC_SEND && (r->seg.ctl & SYN) && !(r->seg.ctl & ACK))
			((struct record *)r)->is_inferred = true;
	}
	hall_enter(&h, t, 30, MOTION_NONE);
	ck_assert(hall_shows(&h, "~SYN 0:0"));
	ck_assert(hall_shows(&h, "~listen()"));
	ck_assert(hall_shows(&h, "~SYN_RCVD"));
	/* In the ladder and beside the figure. */
	ck_assert(hall_shows(&h, "in conversation  ~ESTABLISHED"));
	ck_assert(hall_shows(&h, "│~ESTABLISHED"));
	ck_assert(!hall_shows(&h, "~SYN_SENT"));
	theatre_say(&h.theatre, 0, 1000);
	hall_hear(&h);
	hall_press(&h, 'g');
	hall_type(&h, "prev lost");
	hall_press(&h, PRESS_ENTER);
	ck_assert(hall_shows(&h, "~blown away"));
	hall_press(&h, '0');
	hall_press(&h, '.');
	hall_press(&h, '.');
	hall_press(&h, 'w');
	ck_assert(hall_shows(&h, "~ not seen: it follows from what was seen"));
	hall_leave(&h);
}
END_TEST

/* ---- several conversations ------------------------------------------------------------------- */

START_TEST(the_newest_conversation_is_shown_to_who_follows)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 8, MOTION_FULL);
	theatre_add(&h.theatre, theatre_play(desk_scene));
	theatre_say(&h.theatre, 1, 12);
	hall_hear(&h);
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[1].grown);
	ck_assert(h.session.player.edge.is_followed);
	/* From its beginning. */
	ck_assert_uint_gt(player_behind(&h.session.player), 0);
	hall_leave(&h);
}
END_TEST

START_TEST(who_looks_back_is_not_torn_away)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_FULL);
	hall_press(&h, '{');
	theatre_say(&h.theatre, 0, 1);
	hall_hear(&h);
	theatre_add(&h.theatre, theatre_play(desk_scene));
	theatre_say(&h.theatre, 1, 12);
	hall_hear(&h);
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[0].grown);
	/* Back at the edge it is the newest again. */
	hall_press(&h, 'G');
	hall_hear(&h);
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[1].grown);
	hall_leave(&h);
}
END_TEST

START_TEST(one_can_choose_a_conversation)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 20, MOTION_FULL);
	theatre_add(&h.theatre, theatre_play(desk_scene));
	theatre_say(&h.theatre, 1, 12);
	hall_hear(&h);
	session_choose(&h.session, 1);
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[0].grown);
	ck_assert(player_is_at_edge(&h.session.player));
	theatre_add(&h.theatre, fixture_first_wave());
	theatre_say(&h.theatre, 2, 12);
	hall_hear(&h);
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[0].grown);
	session_choose(&h.session, 0);
	ck_assert_ptr_eq(h.session.story->trace, h.theatre.talk[2].grown);
	hall_leave(&h);
}
END_TEST

/* ---- the clock ------------------------------------------------------------------------------- */

START_TEST(the_clock_is_looked_at_only_while_something_runs_out)
{
	struct hall h;

	hall_enter(&h, theatre_loopback(), 4, MOTION_NONE);
	ck_assert_int_eq(session_alarm(&h.session), -1);
	/* Zhang has called, and waits. */
	while (h.session.player.now < USEC_PER_S) {
		theatre_say(&h.theatre, 0, 1);
		hall_hear(&h);
	}
	theatre_say(&h.theatre, 0, 3);
	hall_hear(&h);
	h.theatre.now += 300 * USEC_PER_MS;
	session_clock(&h.session);
	session_draw(&h.session, &h.canvas);
	ck_assert_int_eq(session_alarm(&h.session), 1000000 - h.theatre.now % 1000000);
	hall_press(&h, ',');
	ck_assert_int_eq(session_alarm(&h.session), -1);
	hall_leave(&h);
}
END_TEST

Suite *growth_suite(void)
{
	Suite *s = suite_create("growth");
	TCase *c = tcase_create("growth");

	tcase_add_test(c, growing_shows_what_opening_it_shows);
	tcase_add_test(c, the_edge_goes_with_the_clock);
	tcase_add_test(c, what_came_at_once_is_told_step_by_step);
	tcase_add_test(c, without_motion_it_is_at_the_edge_at_once);
	tcase_add_test(c, words_fly_on_the_way_to_the_edge);
	tcase_add_test(c, who_follows_is_not_left_behind);
	tcase_add_test(c, who_looks_back_sees_nothing_jump);
	tcase_add_test(c, the_title_says_where_one_is);
	tcase_add_test(c, playing_from_behind_arrives_at_the_edge);
	tcase_add_test(c, it_ends_when_nothing_will_come);
	tcase_add_test(c, the_row_looked_at_stays_itself);
	tcase_add_test(c, what_nobody_saw_is_marked);
	tcase_add_test(c, the_newest_conversation_is_shown_to_who_follows);
	tcase_add_test(c, who_looks_back_is_not_torn_away);
	tcase_add_test(c, one_can_choose_a_conversation);
	tcase_add_test(c, the_clock_is_looked_at_only_while_something_runs_out);
	suite_add_tcase(s, c);
	return s;
}
