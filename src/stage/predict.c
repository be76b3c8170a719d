/* SPDX-License-Identifier: MIT */
#include "stage/predict.h"

#include <limits.h>
#include "stage/session.h"
#include "trace/beat.h"

/* What was answered right so often is not asked again while it plays. */
enum { KNOWN_WELL = 2 };

void predict_init(struct session *s, struct score *score, bool is_on)
{
	s->predict = (struct predict){.is_on = is_on};
	s->predict.score = score ? score : &s->predict.own;
	s->view.predict = &s->predict;
}

void predict_fini(struct session *s)
{
	score_fini(&s->predict.own);
}

/* ---- opening and closing --------------------------------------------------------------------- */

static void open_card(struct session *s, enum predict_phase phase, enum predict_then then)
{
	s->predict.phase = phase;
	s->predict.then = then;
	s->player.overlay = OVERLAY_PREDICT;
	s->player.scroll = 0;
	s->player.is_playing = false;
	player_leave_edge(&s->player);
}

static void ask(struct session *s, const struct riddle *q, enum predict_then then)
{
	struct predict *p = &s->predict;

	p->question = *q;
	p->turns[q->kind]++;
	p->tries = 0;
	p->chosen = -1;
	p->is_graded = p->has_summed = false;
	p->given[0] = '\0';
	entry_set(&p->entry, "");
	open_card(s, PREDICT_ASKS, then);
}

static void close_card(struct session *s)
{
	s->player.overlay = OVERLAY_NONE;
}

static void sum_up(struct session *s, enum predict_then then)
{
	s->predict.has_summed = true;
	open_card(s, PREDICT_SUMS, then);
}

void predict_forget(struct session *s)
{
	if (s->player.overlay == OVERLAY_PREDICT)
		close_card(s);
}

/* ---- finding questions ----------------------------------------------------------------------- */

static const struct moment *moment_at(struct session *s, uint64_t cursor)
{
	moment_go(&s->moment, s->story->trace, cursor);
	return &s->moment;
}

/* A question of the play in the step that was just reached, not answered yet. */
static bool ask_plays_own(struct session *s, enum predict_then then, bool again)
{
	const struct trace *t = s->story->trace;
	const struct stop *stop = &s->story->stops.at[player_stop(&s->player)];
	const struct beat *b;
	struct riddle q;

	if (stop->cursor == 0 || stop->lost >= 0 || s->story->beats.count == 0)
		return false;
	b = &s->story->beats.at[stop->beat];
	for (uint64_t i = b->first; i < b->end && i < s->player.cursor; i++) {
		if (trace_at(t, i)->kind != REC_ASK)
			continue;
		question_of(t, moment_at(s, s->player.cursor), i, &q);
		if (again || !score_has(s->predict.score, &q)) {
			ask(s, &q, then);
			return true;
		}
	}
	return false;
}

/* Of the step that follows the player's cursor. */
static bool find_next(struct session *s, struct riddle *q)
{
	return question_next(s->story->trace, moment_at(s, s->player.cursor), s->predict.turns, q);
}

static bool next_is_loss(const struct session *s)
{
	uint32_t next = player_stop(&s->player) + 1;

	return next < s->story->stops.count && s->story->stops.at[next].lost >= 0;
}

/* The play itself has just asked what this step will bring. */
static bool is_plays_own_step(const struct session *s, uint64_t cursor)
{
	const struct score *score = s->predict.score;
	uint64_t end = trace_beat_at(s->story->trace, cursor).end;

	for (size_t i = 0; i < score->list.count; i++) {
		const struct riddle *old = &score->list.at[i].question;

		if (old->kind == QUESTION_SCENE && old->record >= cursor && old->record < end)
			return true;
	}
	return false;
}

static bool is_answered(const struct session *s, const struct riddle *q)
{
	return score_has(s->predict.score, q) || is_plays_own_step(s, q->cursor);
}

static bool ask_before_step(struct session *s)
{
	struct riddle q;

	if (!s->predict.is_on || next_is_loss(s) || !find_next(s, &q) || is_answered(s, &q))
		return false;
	ask(s, &q, THEN_STEP);
	return true;
}

/* Another kind of question about the same step. */
static bool ask_other(struct session *s, enum predict_then then)
{
	unsigned turns[QUESTION_KINDS];
	enum question_kind now = (enum question_kind)s->predict.question.kind;
	struct riddle q;

	for (int i = 0; i < QUESTION_KINDS; i++)
		turns[i] = i == (int)now ? UINT_MAX : s->predict.turns[i];
	if (!question_next(s->story->trace, moment_at(s, s->player.cursor), turns, &q) ||
	    q.kind == now)
		return false;
	ask(s, &q, then);
	return true;
}

static void say(struct session *s, enum string what)
{
	player_notice(&s->player, string_in(what, s->player.lang), false);
}

static void ask_here(struct session *s)
{
	struct riddle q;

	if (ask_plays_own(s, THEN_STAY, true))
		return;
	if (find_next(s, &q))
		ask(s, &q, THEN_STEP);
	else
		say(s, STRING_PREDICT_NONE);
}

/* ---- going on -------------------------------------------------------------------------------- */

/* What a step leads to: a question of the play, or the end and the score. */
static void look_around(struct session *s, enum predict_then then)
{
	if (ask_plays_own(s, then, false))
		return;
	if (player_is_at_end(&s->player) && !s->player.edge.is_open &&
	    s->predict.score->list.count > 0 && !s->predict.has_summed)
		sum_up(s, THEN_STAY);
}

/* A lost word may have a stop of its own before the step that was asked about. */
static void step(struct session *s)
{
	player_do(&s->player, ACTION_NEXT, 0);
	look_around(s, THEN_STAY);
}

static void step_over(struct session *s, uint64_t cursor)
{
	do {
		player_do(&s->player, ACTION_NEXT, 0);
	} while (s->player.cursor <= cursor && !player_is_at_end(&s->player));
	look_around(s, THEN_STAY);
}

static void go_on(struct session *s)
{
	struct predict *p = &s->predict;
	bool is_plays_own = p->phase != PREDICT_SUMS && p->question.kind == QUESTION_SCENE;

	close_card(s);
	switch (p->then) {
	case THEN_STAY:
		if (is_plays_own)
			look_around(s, THEN_STAY);
		return;
	case THEN_STEP: step_over(s, p->question.cursor); return;
	case THEN_PLAY:
		s->player.is_playing = true;
		if (is_plays_own)
			look_around(s, THEN_PLAY);
		return;
	case THEN_QUIT: hands_quit(s); return;
	}
}

/* ---- answering ------------------------------------------------------------------------------- */

static void finish(struct session *s, enum scored_as outcome, int tries, const char *given)
{
	struct predict *p = &s->predict;

	score_add(p->score, &p->question, s->story->trace, outcome, tries, given,
		  s->player.is_absolute);
	p->phase = PREDICT_TELLS;
}

static void pass(struct session *s)
{
	finish(s, OUTCOME_PASSED, s->predict.tries, "");
}

static void answer(struct session *s, const char *given)
{
	struct predict *p = &s->predict;

	text_copy(p->given, sizeof p->given, given);
	p->grade = question_judge(&p->question, given, s->player.is_absolute, &p->chosen);
	p->is_graded = true;
	if (p->question.is_unanswered) {
		pass(s);
	} else if (p->grade == GRADE_RIGHT) {
		finish(s, OUTCOME_RIGHT, p->tries + 1, given);
	} else if (p->grade == GRADE_WRONG) {
		p->tries++;
		if (p->question.choices > 0 || p->tries >= QUESTION_TRIES)
			finish(s, OUTCOME_WRONG, p->tries, given);
		else
			entry_set(&p->entry, "");
	}
}

static void choose(struct session *s, int choice)
{
	char digit[2] = {(char)('1' + choice), '\0'};

	answer(s, digit);
}

static void show(struct session *s)
{
	pass(s);
	s->predict.is_graded = false;
}

static bool is_digit(uint32_t key)
{
	return key >= '0' && key <= '9';
}

/* What begins an answer; the letters of a unit come later. */
static bool begins_answer(uint32_t key)
{
	return is_digit(key) || key == '+' || (key >= 0xff01 && key < PRESS_ENTER);
}

static void write_key(struct session *s, uint32_t key)
{
	struct predict *p = &s->predict;

	if (key == PRESS_ENTER) {
		answer(s, p->entry.text);
	} else if (key == PRESS_ESCAPE) {
		entry_set(&p->entry, "");
	} else {
		p->is_graded = false;
		entry_key(&p->entry, key);
	}
}

static void other(struct session *s)
{
	enum predict_then then = s->predict.then;

	if (s->predict.question.kind == QUESTION_SCENE || !ask_other(s, then))
		say(s, STRING_PREDICT_NO_OTHER);
}

static bool goes_on(enum action a)
{
	return a == ACTION_PLAY || a == ACTION_NEXT || a == ACTION_SET;
}

/* What changes nothing but the look of the picture. */
static bool only_looks(enum action a)
{
	return a == ACTION_LANG || a == ACTION_SEQ || a == ACTION_UP || a == ACTION_DOWN ||
	       a == ACTION_PAGE_UP || a == ACTION_PAGE_DOWN;
}

/* Keys of the stage that have a meaning while a question is open. */
static void stage_key(struct session *s, enum action a)
{
	if (only_looks(a)) {
		player_do(&s->player, a, 0);
	} else if (goes_on(a)) {
		pass(s);
		go_on(s);
	} else if (a == ACTION_HELP) {
		show(s);
	} else if (a == ACTION_PREDICT) {
		other(s);
	} else if (a == ACTION_BACK || a == ACTION_PREDICT_MODE) {
		close_card(s);
		if (!predict_do(s, a))
			player_do(&s->player, a, 0);
	} else if (a == ACTION_QUIT) {
		close_card(s);
	}
}

static void asks_key(struct session *s, uint32_t key)
{
	struct predict *p = &s->predict;

	if (p->entry.count > 0) {
		write_key(s, key);
	} else if (p->question.choices > 0 && key > '0' && key - '0' <= p->question.choices) {
		choose(s, (int)(key - '1'));
	} else if (p->question.choices == 0 && begins_answer(key)) {
		write_key(s, key);
	} else if (key == PRESS_ESCAPE) {
		pass(s);
		close_card(s);
	} else {
		stage_key(s, key_action(key));
	}
}

/* Any other key closes the card and means what it always means. */
static bool tells_key(struct session *s, uint32_t key)
{
	enum action a = key_action(key);

	if (only_looks(a)) {
		player_do(&s->player, a, 0);
		return true;
	}
	if (goes_on(a) || a == ACTION_WHY) {
		go_on(s);
		if (a == ACTION_WHY && s->player.overlay == OVERLAY_NONE)
			player_do(&s->player, ACTION_WHY, 0);
		return true;
	}
	close_card(s);
	return key == PRESS_ESCAPE || a == ACTION_QUIT;
}

static bool sums_key(struct session *s, uint32_t key)
{
	enum action a = key_action(key);

	if (only_looks(a)) {
		player_do(&s->player, a, 0);
		return true;
	}
	if (s->predict.then == THEN_QUIT && (a == ACTION_QUIT || goes_on(a))) {
		go_on(s);
		return true;
	}
	close_card(s);
	return key == PRESS_ESCAPE || a == ACTION_QUIT || goes_on(a);
}

bool predict_key(struct session *s, uint32_t key)
{
	if (key == PRESS_LEAVE)
		return false;
	if (s->player.overlay == OVERLAY_NONE)
		return predict_do(s, key_action(key));
	if (s->player.overlay != OVERLAY_PREDICT)
		return false;
	switch (s->predict.phase) {
	case PREDICT_ASKS: asks_key(s, key); return true;
	case PREDICT_TELLS: return tells_key(s, key);
	case PREDICT_SUMS: return sums_key(s, key);
	}
	return true;
}

bool predict_click(struct session *s, uint32_t arg)
{
	static const uint32_t keys[] = {[CLICK_PASS - CLICK_PASS] = ' ',
					[CLICK_SHOW - CLICK_PASS] = '?',
					[CLICK_OTHER - CLICK_PASS] = 'p',
					[CLICK_CLOSE - CLICK_PASS] = PRESS_ESCAPE};

	if (s->player.overlay != OVERLAY_PREDICT)
		return false;
	if (arg >= CLICK_PASS && arg <= CLICK_CLOSE) {
		entry_set(&s->predict.entry, "");
		return predict_key(s, keys[arg - CLICK_PASS]);
	}
	if (s->predict.phase == PREDICT_ASKS && arg < s->predict.question.choices)
		choose(s, (int)arg);
	return true;
}

bool predict_do(struct session *s, enum action a)
{
	struct predict *p = &s->predict;

	if (a == ACTION_PREDICT) {
		ask_here(s);
		return true;
	}
	if (a == ACTION_PREDICT_MODE) {
		p->is_on = !p->is_on;
		say(s, p->is_on ? STRING_PREDICT_ON : STRING_PREDICT_OFF);
		return true;
	}
	if (a == ACTION_NEXT) {
		if (!ask_before_step(s))
			step(s);
		return true;
	}
	if (a == ACTION_QUIT && p->score->list.count > 0 && !p->has_summed) {
		sum_up(s, THEN_QUIT);
		return true;
	}
	return false;
}

/* ---- while it plays -------------------------------------------------------------------------- */

static bool is_news(const struct session *s, const struct riddle *q)
{
	return !is_answered(s, q) && score_known(s->predict.score, q->situation) < KNOWN_WELL;
}

/* When a timer fires can be asked only before it does: at the beginning of the wait. */
static bool ask_before_wait(struct session *s)
{
	const struct player *player = &s->player;
	const struct stop *stop = &s->story->stops.at[player_stop(player)];
	struct riddle q;

	if (player->halt > 0 || player->now != stop->at || player->cursor != stop->cursor ||
	    next_is_loss(s) || !find_next(s, &q) || q.kind != QUESTION_TIMER ||
	    q.field != FIELD_DEADLINE || !is_news(s, &q))
		return false;
	ask(s, &q, THEN_PLAY);
	return true;
}

/* Everything else when it is about to happen: the word has flown, its receiver has not moved. */
static bool ask_before_event(struct session *s, uint64_t cursor)
{
	struct player *player = &s->player;
	const struct stop *reached = &s->story->stops.at[player_stop(player)];
	unsigned turns[QUESTION_KINDS];
	struct riddle q;

	for (int i = 0; i < QUESTION_KINDS; i++)
		turns[i] = i == QUESTION_TIMER ? UINT_MAX : s->predict.turns[i];
	if (reached->lost >= 0 ||
	    !question_next(s->story->trace, moment_at(s, cursor), turns, &q) ||
	    (q.kind == QUESTION_TIMER && q.field == FIELD_DEADLINE) || !is_news(s, &q))
		return false;
	player->cursor = cursor;
	player->halt = 0;
	ask(s, &q, THEN_PLAY);
	return true;
}

void predict_tick(struct session *s, usec real)
{
	struct player *player = &s->player;
	uint32_t stop = player_stop(player);
	uint64_t cursor = player->cursor;

	if (player->is_playing && s->predict.is_on && ask_before_wait(s))
		return;
	player_tick(player, real);
	/* What has just happened before all eyes is no riddle. */
	if (player->edge.is_followed || player_stop(player) == stop ||
	    player->overlay != OVERLAY_NONE)
		return;
	if (s->predict.is_on && ask_before_event(s, cursor))
		return;
	look_around(s, THEN_PLAY);
}
