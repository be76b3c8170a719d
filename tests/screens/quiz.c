/* SPDX-License-Identifier: MIT */
/*
 * quiz.c FOLDER - every play of every scene with a question before each step, answered by the keys
 * of somebody who knows: each question stands on the picture whole, nothing there gives it away,
 * the answer is right, and the play comes to its end.
 */
#include <stage/session.h>

#include <stdio.h>
#include <string.h>
#include <woshou/rule.h>
#include "fixture.h"
#include "folder.h"
#include "sound.h"

enum { KEYS_MAX = 20000 };

static unsigned asked_of[QUESTION_KINDS], deadlines;

static void press(struct session *s, uint32_t key)
{
	session_input(s, &(struct input){.key = key});
}

static void answer(struct session *s)
{
	const struct riddle *q = &s->predict.question;
	struct sink text = {0};

	if (q->choices > 0) {
		press(s, (uint32_t)'1' + q->right);
		return;
	}
	question_put_answer(&text, q, s->story->trace, LANG_EN, s->player.is_absolute);
	/* "1, absolute 1001" and "1.000 s": the first word. */
	for (const char *at = text.at; *at && *at != ',' && *at != ' '; at++)
		press(s, (unsigned char)*at);
	press(s, PRESS_ENTER);
	sink_fini(&text);
}

static void squeeze(struct sink *out, const char *text)
{
	sink_puts(out, "");
	for (; *text; text++) {
		if (*text != ' ' && *text != '\n')
			sink_putc(out, *text);
	}
}

/* Wherever the lines are broken. */
static bool has_words(const char *picture, const char *words)
{
	struct sink all = {0}, part = {0};
	bool found;

	squeeze(&all, picture);
	squeeze(&part, words);
	found = strstr(all.at, part.at) != NULL;
	sink_fini(&all);
	sink_fini(&part);
	return found;
}

/* How often somebody tries before it is given up is a setting that nobody sees. */
static bool is_unknowable(const struct riddle *q)
{
	return (q->kind == QUESTION_SEGMENT || q->kind == QUESTION_STATE) &&
	       (q->rule == R_KEEPALIVE_DEAD || q->rule == R_PROBE_UNANSWERED || q->rule == R_R2 ||
		q->rule == R_R2_SYN);
}

static const char *look(struct session *s, struct canvas *c)
{
	const struct riddle *q = &s->predict.question;
	struct sink picture = {0}, words = {0};
	const char *wrong;

	session_draw(s, c);
	canvas_dump(c, &picture);
	question_put(&words, q, s->story->trace,
		     s->player.lang == LANG_BOTH ? LANG_EN : s->player.lang, s->player.is_absolute);
	wrong = canvas_fault(c);
	if (!wrong)
		wrong = hits_fault(&s->hits, c);
	if (!wrong && !has_words(picture.at, words.at))
		wrong = "the question is not to be seen";
	if (!wrong && is_unknowable(q))
		wrong = "nobody can know that";
	if (!wrong && q->field == FIELD_DEADLINE && q->kind == QUESTION_TIMER) {
		deadlines++;
		if (s->player.now >= q->answer)
			wrong = "it is asked when it has happened";
		else if (strstr(picture.at, "RTO "))
			wrong = "the candle gives it away";
	}
	sink_fini(&picture);
	sink_fini(&words);
	return wrong;
}

static const char *step(struct session *s, struct canvas *c)
{
	const char *wrong = NULL;

	press(s, '.');
	while (!wrong && s->player.overlay == OVERLAY_PREDICT && s->predict.phase == PREDICT_ASKS) {
		unsigned right = score_of(s->predict.score, OUTCOME_RIGHT);

		asked_of[s->predict.question.kind]++;
		wrong = look(s, c);
		answer(s);
		session_draw(s, c);
		if (!wrong)
			wrong = canvas_fault(c);
		if (!wrong && score_of(s->predict.score, OUTCOME_RIGHT) != right + 1)
			wrong = "the right answer is not right";
		press(s, ' ');
	}
	return wrong;
}

static const char *play(const struct trace *t, enum lang lang, int rows, int columns)
{
	struct stage_options o = {.lang = lang, .tell = fixture_tell, .is_predicting = true};
	struct session s;
	struct canvas c;
	const char *wrong = NULL;
	int keys = 0;

	session_init(&s, t, "play.scene", &o);
	canvas_init(&c, rows, columns, false);
	session_draw(&s, &c);
	while (!wrong && !player_is_at_end(&s.player) && keys++ < KEYS_MAX)
		wrong = step(&s, &c);
	if (!wrong && !player_is_at_end(&s.player))
		wrong = "it does not come to its end";
	if (!wrong && s.predict.score->list.count > 0 &&
	    (s.player.overlay != OVERLAY_PREDICT || s.predict.phase != PREDICT_SUMS))
		wrong = "there is no score at the end";
	canvas_fini(&c);
	session_fini(&s);
	return wrong;
}

static const char *play_all_sizes(const struct scene_file *f, size_t variant)
{
	struct diags diags = {0};
	struct scene_run *run = scene_run_new(f, variant, NULL, &diags);
	const struct trace *t;
	const char *wrong;

	diags_fini(&diags);
	if (!run)
		return "it does not run";
	scene_run_all(run);
	t = scene_run_trace(run);
	wrong = play(t, LANG_BOTH, 24, 80);
	if (!wrong)
		wrong = play(t, LANG_ZH, 12, 40);
	if (!wrong)
		wrong = play(t, LANG_EN, 40, 120);
	scene_run_free(run);
	return wrong;
}

int main(int argc, char **argv)
{
	int number = 0, failed = folder_play(argv + 1, argc - 1, play_all_sizes, &number);
	bool is_mixed = deadlines > 0;

	for (int kind = 0; kind < QUESTION_KINDS; kind++) {
		printf("# %s: %u\n", question_kind_name((enum question_kind)kind), asked_of[kind]);
		is_mixed = is_mixed && asked_of[kind] > 0;
	}
	printf("%s %d - all kinds are asked\n", is_mixed ? "ok" : "not ok", ++number);
	printf("1..%d\n", number);
	return failed > 0 || !is_mixed;
}
