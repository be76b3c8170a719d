/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <stage/session.h>
#include "fixture.h"

struct quiz {
	struct trace *trace;
	struct score score;
	struct session session;
	struct canvas canvas;
};

static void begin(struct quiz *z, struct trace *t, bool is_on)
{
	struct stage_options o = {.tell = fixture_tell, .score = &z->score, .is_predicting = is_on};

	z->trace = t;
	z->score = (struct score){0};
	session_init(&z->session, t, "first-wave.scene", &o);
	canvas_init(&z->canvas, 24, 80, false);
	session_draw(&z->session, &z->canvas);
}

static void end(struct quiz *z)
{
	canvas_fini(&z->canvas);
	session_fini(&z->session);
	score_fini(&z->score);
	trace_free(z->trace);
}

static void press(struct quiz *z, uint32_t key)
{
	session_input(&z->session, &(struct input){.key = key});
	session_draw(&z->session, &z->canvas);
}

static void type(struct quiz *z, const char *text)
{
	for (; *text; text++)
		press(z, (unsigned char)*text);
}

static bool is_asking(const struct quiz *z)
{
	return z->session.player.overlay == OVERLAY_PREDICT &&
	       z->session.predict.phase == PREDICT_ASKS;
}

static bool is_telling(const struct quiz *z)
{
	return z->session.player.overlay == OVERLAY_PREDICT &&
	       z->session.predict.phase == PREDICT_TELLS;
}

static bool is_summing(const struct quiz *z)
{
	return z->session.player.overlay == OVERLAY_PREDICT &&
	       z->session.predict.phase == PREDICT_SUMS;
}

/* A row of the picture holds these words. */
static bool shows(const struct quiz *z, const char *words)
{
	struct sink out = {0};
	bool found;

	canvas_dump(&z->canvas, &out);
	found = strstr(out.at, words) != NULL;
	sink_fini(&out);
	return found;
}

/* To the first question: with choices, or one that is typed. */
static void go_to_question(struct quiz *z, bool has_choices)
{
	for (int i = 0; i < 200 && !player_is_at_end(&z->session.player); i++) {
		press(z, '.');
		if (is_asking(z) && (z->session.predict.question.choices > 0) == has_choices)
			return;
	}
	ck_abort_msg("there is no such question");
}

static uint32_t right_key(const struct quiz *z)
{
	return (uint32_t)'1' + z->session.predict.question.right;
}

static uint32_t wrong_key(const struct quiz *z)
{
	return (uint32_t)'1' + (z->session.predict.question.right == 0);
}

START_TEST(a_step_asks_first_and_is_taken_then)
{
	struct quiz z;
	uint64_t cursor;

	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, true);
	cursor = z.session.player.cursor;
	press(&z, right_key(&z));
	ck_assert(is_telling(&z));
	ck_assert_uint_eq(z.session.player.cursor, cursor);
	ck_assert(shows(&z, "Right:"));
	ck_assert_uint_eq(score_of(&z.score, OUTCOME_RIGHT), 1);
	press(&z, ' ');
	ck_assert_int_eq(z.session.player.overlay, OVERLAY_NONE);
	ck_assert_uint_gt(z.session.player.cursor, cursor);
	ck_assert(!z.session.player.is_playing);
	/* What was answered is not asked again. */
	press(&z, ',');
	ck_assert_uint_eq(z.session.player.cursor, cursor);
	press(&z, '.');
	ck_assert_int_eq(z.session.player.overlay, OVERLAY_NONE);
	end(&z);
}
END_TEST

/* Each of the keys that go on anyway. */
START_TEST(one_key_passes_over)
{
	static const uint32_t keys[] = {' ', PRESS_ENTER, '.', PRESS_RIGHT};
	struct quiz z;
	uint64_t cursor;

	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, _i % 2 == 0);
	cursor = z.session.player.cursor;
	press(&z, keys[_i]);
	ck_assert(!is_asking(&z));
	ck_assert_uint_gt(z.session.player.cursor, cursor);
	ck_assert_uint_ge(score_of(&z.score, OUTCOME_PASSED), 1);
	end(&z);
}
END_TEST

START_TEST(a_wrong_choice_is_wrong_at_once)
{
	struct quiz z;

	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, true);
	press(&z, wrong_key(&z));
	ck_assert(is_telling(&z));
	ck_assert(shows(&z, "No. It is:"));
	ck_assert_uint_eq(score_of(&z.score, OUTCOME_WRONG), 1);
	press(&z, PRESS_ESCAPE);
	ck_assert_int_eq(z.session.player.overlay, OVERLAY_NONE);
	end(&z);
}
END_TEST

START_TEST(a_number_may_be_tried_three_times)
{
	struct quiz z;

	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, false);
	type(&z, "9x");
	press(&z, PRESS_ENTER);
	ck_assert(is_asking(&z));
	ck_assert_int_eq(z.session.predict.tries, 0);
	ck_assert(shows(&z, "That is no answer."));
	press(&z, PRESS_BACKSPACE);
	press(&z, PRESS_ENTER);
	ck_assert(shows(&z, "9? No. Tries left: 2."));
	type(&z, "99");
	press(&z, PRESS_ENTER);
	ck_assert(is_asking(&z));
	type(&z, "999");
	press(&z, PRESS_ENTER);
	ck_assert(is_telling(&z));
	ck_assert_uint_eq(score_of(&z.score, OUTCOME_WRONG), 1);
	ck_assert_uint_eq(z.score.list.at[z.score.list.count - 1].tries, 3);
	ck_assert_str_eq(z.score.list.at[z.score.list.count - 1].given, "999");
	end(&z);
}
END_TEST

START_TEST(the_answer_can_be_shown)
{
	struct quiz z;

	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, true);
	press(&z, '?');
	ck_assert(is_telling(&z));
	ck_assert(shows(&z, "The answer:"));
	ck_assert_uint_ge(score_of(&z.score, OUTCOME_PASSED), 1);
	end(&z);
}
END_TEST

START_TEST(language_and_numbers_change_under_a_question)
{
	struct quiz z;

	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, true);
	press(&z, 't');
	ck_assert(is_asking(&z));
	ck_assert_int_eq(z.session.player.lang, LANG_ZH);
	press(&z, 'f');
	ck_assert(is_asking(&z));
	ck_assert(z.session.player.is_absolute);
	end(&z);
}
END_TEST

START_TEST(p_asks_without_the_mode)
{
	struct quiz z;
	struct riddle first;
	uint64_t cursor;

	begin(&z, fixture_first_wave(), false);
	press(&z, '.');
	press(&z, '.');
	ck_assert_int_eq(z.session.player.overlay, OVERLAY_NONE);
	cursor = z.session.player.cursor;
	press(&z, 'p');
	ck_assert(is_asking(&z));
	first = z.session.predict.question;
	press(&z, 'p');
	ck_assert(is_asking(&z));
	ck_assert_uint_ne(z.session.predict.question.kind, first.kind);
	press(&z, ',');
	ck_assert_int_eq(z.session.player.overlay, OVERLAY_NONE);
	ck_assert_uint_lt(z.session.player.cursor, cursor);
	ck_assert_uint_eq(z.score.list.count, 0);
	press(&z, 'G');
	press(&z, 'p');
	ck_assert_int_eq(z.session.player.overlay, OVERLAY_NONE);
	ck_assert(shows(&z, "Nothing to predict here"));
	end(&z);
}
END_TEST

START_TEST(a_click_answers)
{
	struct quiz z;
	const struct hit *hit = NULL;

	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, true);
	for (int i = 0; i < z.session.hits.count; i++) {
		const struct hit *h = &z.session.hits.at[i];

		if (h->action == ACTION_ANSWER && h->arg == z.session.predict.question.right)
			hit = h;
	}
	ck_assert_ptr_nonnull(hit);
	/* Beside the card there is no way around it. */
	session_input(&z.session, &(struct input){.key = PRESS_CLICK, .row = 0, .column = 0});
	session_input(&z.session, &(struct input){.key = PRESS_CLICK, .row = 22, .column = 40});
	ck_assert(is_asking(&z));
	session_input(&z.session, &(struct input){.key = PRESS_CLICK,
						  .row = hit->area.row,
						  .column = hit->area.column});
	ck_assert(is_telling(&z));
	ck_assert_uint_eq(score_of(&z.score, OUTCOME_RIGHT), 1);
	end(&z);
}
END_TEST

/* While it plays it halts at questions, and goes on when they are passed over; at the end there is
 * the score. Nothing is asked when it is seen already. */
START_TEST(playing_halts_at_questions)
{
	struct quiz z;
	int asked = 0;

	begin(&z, fixture_first_wave(), true);
	press(&z, '+');
	press(&z, ' ');
	for (int i = 0; i < 20000 && !is_summing(&z); i++) {
		session_tick(&z.session, 50000);
		if (!is_asking(&z))
			continue;
		session_draw(&z.session, &z.canvas);
		ck_assert(!z.session.player.is_playing);
		ck_assert(session_is_still(&z.session));
		ck_assert_uint_le(z.session.player.cursor, z.session.predict.question.cursor);
		asked++;
		press(&z, ' ');
		ck_assert(!is_asking(&z));
	}
	ck_assert(is_summing(&z));
	ck_assert_int_gt(asked, 5);
	ck_assert_uint_eq(z.score.list.count, (size_t)asked);
	ck_assert(player_is_at_end(&z.session.player));
	end(&z);
}
END_TEST

START_TEST(leaving_shows_the_score_once)
{
	struct quiz z;

	begin(&z, fixture_first_wave(), true);
	press(&z, 'q');
	ck_assert(session_is_over(&z.session));
	end(&z);
	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, true);
	press(&z, right_key(&z));
	press(&z, PRESS_ESCAPE);
	press(&z, 'q');
	ck_assert(is_summing(&z));
	ck_assert(!session_is_over(&z.session));
	press(&z, 'q');
	ck_assert(session_is_over(&z.session));
	end(&z);
	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, true);
	press(&z, PRESS_LEAVE);
	ck_assert(session_is_over(&z.session));
	end(&z);
}
END_TEST

START_TEST(another_trace_closes_the_card)
{
	struct trace *alone = fixture_alone();
	struct quiz z;

	begin(&z, fixture_first_wave(), true);
	go_to_question(&z, true);
	session_show(&z.session, alone);
	session_draw(&z.session, &z.canvas);
	ck_assert_int_eq(z.session.player.overlay, OVERLAY_NONE);
	session_show(&z.session, z.trace);
	session_draw(&z.session, &z.canvas);
	trace_free(alone);
	end(&z);
}
END_TEST

/* ---- the play's own -------------------------------------------------------------------------- */

static struct record *push(struct trace *t, enum record_kind kind, usec at)
{
	struct record *r = trace_push(t, kind, at);

	r->host = 0;
	return r;
}

/* A crash is something to stop at that no question is made of. */
static struct trace *asking_play(void)
{
	struct trace *t = trace_new();
	struct record *r;

	trace_add_host(t, &(struct trace_host){
				  .name = "li", .title = {"Li Si", "李四"}, .profile = "rfc"});
	push(t, REC_CRASH, 0);
	r = push(t, REC_ASK, 1000000);
	r->text[0] = trace_text(t, "How many?", strlen("How many?"));
	r->text[1] = trace_text(t, "几个？", strlen("几个？"));
	r->number[0] = 3;
	r->number[1] = 1 + FIELD_COUNT;
	push(t, REC_REBOOT, 2000000);
	return t;
}

START_TEST(the_play_asks_in_any_mode)
{
	struct quiz z;
	uint64_t cursor;

	begin(&z, asking_play(), false);
	press(&z, '.');
	ck_assert(!is_asking(&z));
	press(&z, '.');
	ck_assert(is_asking(&z));
	ck_assert(shows(&z, "How many?"));
	cursor = z.session.player.cursor;
	ck_assert_uint_eq(cursor, 2);
	type(&z, "3");
	press(&z, PRESS_ENTER);
	ck_assert(is_telling(&z));
	press(&z, '.');
	ck_assert_int_eq(z.session.player.overlay, OVERLAY_NONE);
	ck_assert_uint_eq(z.session.player.cursor, cursor);
	press(&z, ',');
	press(&z, '.');
	ck_assert(!is_asking(&z));
	/* But who wants to may answer again; it counts once. */
	press(&z, 'p');
	ck_assert(is_asking(&z));
	type(&z, "4");
	press(&z, PRESS_ENTER);
	ck_assert(is_asking(&z));
	press(&z, '?');
	ck_assert(is_telling(&z));
	ck_assert_uint_eq(z.score.list.count, 1);
	ck_assert_uint_eq(score_of(&z.score, OUTCOME_RIGHT), 1);
	end(&z);
}
END_TEST

/* A lecturer presses space: the question has been read, the play goes on. */
START_TEST(the_plays_question_holds_nobody_up)
{
	struct quiz z;
	bool has_asked = false;

	begin(&z, asking_play(), false);
	press(&z, ' ');
	for (int i = 0; i < 2000 && !player_is_at_end(&z.session.player); i++) {
		session_tick(&z.session, 50000);
		session_draw(&z.session, &z.canvas);
		if (is_asking(&z)) {
			has_asked = true;
			press(&z, ' ');
			ck_assert(z.session.player.is_playing);
		}
	}
	ck_assert(has_asked);
	ck_assert(player_is_at_end(&z.session.player));
	ck_assert_uint_eq(score_of(&z.score, OUTCOME_PASSED), 1);
	end(&z);
}
END_TEST

Suite *predict_suite(void)
{
	Suite *s = suite_create("predict");
	TCase *c = tcase_create("predict");

	tcase_add_test(c, a_step_asks_first_and_is_taken_then);
	tcase_add_loop_test(c, one_key_passes_over, 0, 4);
	tcase_add_test(c, a_wrong_choice_is_wrong_at_once);
	tcase_add_test(c, a_number_may_be_tried_three_times);
	tcase_add_test(c, the_answer_can_be_shown);
	tcase_add_test(c, language_and_numbers_change_under_a_question);
	tcase_add_test(c, p_asks_without_the_mode);
	tcase_add_test(c, a_click_answers);
	tcase_add_test(c, playing_halts_at_questions);
	tcase_add_test(c, leaving_shows_the_score_once);
	tcase_add_test(c, another_trace_closes_the_card);
	tcase_add_test(c, the_play_asks_in_any_mode);
	tcase_add_test(c, the_plays_question_holds_nobody_up);
	suite_add_tcase(s, c);
	return s;
}
