/* SPDX-License-Identifier: MIT */
/*
 * questions.c FOLDER - every question that can be asked in every play: it has one right answer,
 * which is what the trace does; the others differ from it and from each other; it can be read at
 * 80x24 in both languages, and an answer is judged as it should be. With -p in front: prints them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <base/utf8.h>
#include <woshou/match.h>
#include "folder.h"
#include "trace/beat.h"
#include "trace/question.h"
#include "trace/talk.h"

enum { LINE = 76, LINES = 2, CHOICE = 37 };

static unsigned made[QUESTION_KINDS], place[QUESTION_CHOICES];
static bool is_printing;

/* ---- what the trace does, found without the questions' own code ------------------------------ */

static const struct record *first_send(const struct trace *t, const struct trace_beat *b)
{
	for (uint64_t i = b->cause; i < b->end; i++) {
		if (trace_at(t, i)->kind == REC_SEND)
			return trace_at(t, i);
	}
	return NULL;
}

static bool choice_is_true(const struct trace *t, const struct trace_beat *b,
			   const struct question_choice *c)
{
	const struct record *send = first_send(t, b);
	struct seg_match match = {.class = c->what};

	if (c->what == CLASS_NONE || !send)
		return c->what == CLASS_NONE && !send;
	return seg_matches(&send->seg, &match) && send->host == c->host &&
	       (send->seg.rexmit > 0) == c->is_again;
}

static bool arrives(const struct trace *t, uint64_t send)
{
	for (uint64_t i = send; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if ((r->kind == REC_ARRIVE || r->kind == REC_DISCARD) && r->of == send)
			return true;
	}
	return false;
}

static const char *segment_is_wrong(const struct trace *t, const struct riddle *q,
				    const struct trace_beat *b)
{
	for (int i = 0; i < q->choices; i++) {
		if (choice_is_true(t, b, &q->choice[i]) != (i == q->right))
			return "not just the right segment is true";
	}
	return NULL;
}

static const char *answer_is_wrong(const struct trace *t, const struct riddle *q)
{
	struct trace_beat b = trace_beat_at(t, q->cursor);
	const struct record *send = first_send(t, &b), *cause = trace_at(t, b.cause - 1);
	struct moment after = {0};
	const struct moment_conn *k;
	const char *wrong = NULL;

	moment_go(&after, t, b.end);
	k = moment_conn(&after, cause->conn);
	switch ((enum question_kind)q->kind) {
	case QUESTION_SEGMENT: wrong = segment_is_wrong(t, q, &b); break;
	case QUESTION_NUMBER:
		if (!send ||
		    q->answer != (q->number == NUMBER_ACK ? send->seg.ack.v : send->seg.seq.v))
			wrong = "the number is not what is sent";
		break;
	case QUESTION_STATE:
		if (!k || k->field[F_state] != q->choice[q->right].what)
			wrong = "the state is not what comes";
		break;
	case QUESTION_FATE:
		if (!send || arrives(t, send->serial) != (q->choice[q->right].what == 1))
			wrong = "the wind does something else";
		break;
	case QUESTION_TIMER:
		if (q->field == FIELD_DEADLINE ? cause->at != q->answer || cause->kind != REC_TIMER
					       : !k || k->field[F_rto] != q->answer)
			wrong = "the timer does something else";
		break;
	case QUESTION_SCENE:
	case QUESTION_KINDS: break;
	}
	moment_fini(&after);
	return wrong;
}

/* ---- in words -------------------------------------------------------------------------------- */

static int lines_of(const char *text)
{
	int lines = 1, used = 0;
	size_t n = strlen(text);

	/* Words stay whole, Chinese may break anywhere: at most a word is lost at the end of a
	 * line. */
	while (n > 0) {
		size_t word = 0;
		int columns;

		do {
			uint32_t cp;

			word += utf8_next(text + word, n - word, &cp);
			if (cp_width(cp) == 2)
				break;
		} while (word < n && text[word - 1] != ' ');
		columns = (int)utf8_width(text, word);
		if (used + columns > LINE && used > 0) {
			lines++;
			used = 0;
		}
		used += columns;
		text += word;
		n -= word;
	}
	return lines;
}

static bool fits(struct sink *text, int lines)
{
	bool is_good = text->count > 0 && lines_of(text->at) <= lines && !strpbrk(text->at, "{}") &&
		       !strchr(text->at, '\n');

	if (!is_good || is_printing)
		printf("# %s\n", text->count > 0 ? text->at : "(nothing)");
	sink_clear(text);
	return is_good;
}

static bool choices_fit(const struct riddle *q, const struct trace *t, enum lang lang)
{
	struct sink text[QUESTION_CHOICES] = {{0}};
	bool is_good = true;

	for (int i = 0; i < q->choices; i++) {
		question_put_choice(&text[i], q, t, i, lang);
		is_good = is_good && text[i].count > 0 && utf8_columns(text[i].at) <= CHOICE;
		for (int j = 0; j < i; j++)
			is_good = is_good && strcmp(text[i].at, text[j].at) != 0;
		if (is_printing)
			printf("#    %d%c %s\n", i + 1, i == q->right ? '*' : ' ', text[i].at);
	}
	for (int i = 0; i < q->choices; i++)
		sink_fini(&text[i]);
	return is_good;
}

static const char *words_are_wrong(const struct riddle *q, const struct trace *t)
{
	struct sink text = {0};
	bool is_good = true;

	for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
		question_put(&text, q, t, (enum lang)lang, lang == LANG_ZH);
		is_good &= fits(&text, LINES);
		is_good &= choices_fit(q, t, (enum lang)lang);
		question_put_answer(&text, q, t, (enum lang)lang, lang == LANG_ZH);
		is_good &= fits(&text, 1);
		question_put_how(&text, q, (enum lang)lang);
		is_good &= fits(&text, 1);
		for (int tries = 1; tries < QUESTION_TRIES && q->choices == 0; tries++) {
			question_put_hint(&text, q, t, tries, (enum lang)lang, false);
			is_good &= q->kind == QUESTION_SCENE || fits(&text, LINES);
			sink_clear(&text);
		}
		question_put_reason(&text, q, t, (enum lang)lang, false);
		is_good &= q->kind == QUESTION_SCENE || fits(&text, 4);
		sink_clear(&text);
	}
	sink_fini(&text);
	return is_good ? NULL : "it cannot be read";
}

/* ---- judged ---------------------------------------------------------------------------------- */

static bool is_judged(const struct riddle *q, const char *given, bool is_absolute,
		      enum grade expected)
{
	int chosen;
	enum grade grade = question_judge(q, given, is_absolute, &chosen);

	if (grade != expected)
		printf("# '%s' is judged %d, not %d\n", given, grade, expected);
	return grade == expected;
}

static const char *number_is_misjudged(const struct riddle *q)
{
	uint32_t absolute = (uint32_t)q->answer, relative = absolute - q->base;
	char text[64];
	bool is_good = true;

	for (int shown = 0; shown < 2; shown++) {
		snprintf(text, sizeof text, "%" PRIu32, absolute);
		is_good &= is_judged(q, text, shown, GRADE_RIGHT);
		snprintf(text, sizeof text, "ack = %" PRIu32, absolute + 1);
		is_good &= is_judged(q, text, shown, GRADE_WRONG);
		if (!q->has_base)
			continue;
		snprintf(text, sizeof text, " %" PRIu32 " ", relative);
		is_good &= is_judged(q, text, shown, GRADE_RIGHT);
		snprintf(text, sizeof text, "%" PRIu32, relative + 1);
		is_good &= is_judged(q, text, shown,
				     relative + 1 == absolute ? GRADE_RIGHT : GRADE_WRONG);
	}
	return is_good ? NULL : "a number is misjudged";
}

static const char *time_is_misjudged(const struct riddle *q)
{
	struct sink text = {0};
	bool is_good = true;

	sink_time(&text, q->answer);
	is_good &= is_judged(q, text.at, false, GRADE_RIGHT);
	sink_puts(&text, " s");
	is_good &= is_judged(q, text.at, false, GRADE_RIGHT);
	sink_clear(&text);
	sink_printf(&text, "%" PRId64 "us", q->answer);
	is_good &= is_judged(q, text.at, false, GRADE_RIGHT);
	sink_clear(&text);
	sink_printf(&text, "%" PRId64 "us", 2 * q->answer + 1);
	is_good &= is_judged(q, text.at, false, GRADE_WRONG);
	if (q->field == FIELD_DEADLINE) {
		sink_clear(&text);
		sink_printf(&text, "+%" PRId64 "us", q->answer - q->since);
		is_good &= is_judged(q, text.at, false, GRADE_RIGHT);
	}
	sink_fini(&text);
	return is_good ? NULL : "a time is misjudged";
}

static const char *judge_is_wrong(const struct riddle *q)
{
	bool is_good = is_judged(q, "", false, GRADE_UNREADABLE) &&
		       is_judged(q, "what?", false, GRADE_UNREADABLE);
	char digit[2] = "1";

	if (q->choices == 0)
		return q->field == FIELD_SEQ ? number_is_misjudged(q)
		       : q->field == FIELD_TIME || q->field == FIELD_DEADLINE ? time_is_misjudged(q)
									      : NULL;
	for (int i = 0; i < q->choices; i++) {
		digit[0] = (char)('1' + i);
		is_good &= is_judged(q, digit, false, i == q->right ? GRADE_RIGHT : GRADE_WRONG);
		if (q->kind == QUESTION_STATE)
			is_good &= is_judged(q, state_name((enum state)q->choice[i].what), false,
					     i == q->right ? GRADE_RIGHT : GRADE_WRONG);
	}
	return is_good ? NULL : "a choice is misjudged";
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Member by member: what lies between two members is nobody's. */
static bool is_same(const struct riddle *a, const struct riddle *b)
{
	for (int i = 0; i < a->choices && i < b->choices; i++) {
		const struct question_choice *p = &a->choice[i], *q = &b->choice[i];

		if (p->what != q->what || p->host != q->host || p->is_again != q->is_again)
			return false;
	}
	return a->kind == b->kind && a->field == b->field && a->number == b->number &&
	       a->choices == b->choices && a->right == b->right && a->host == b->host &&
	       a->peer == b->peer && a->at == b->at && a->since == b->since &&
	       a->cursor == b->cursor && a->cause == b->cause && a->record == b->record &&
	       a->answer == b->answer && a->rule == b->rule && a->situation == b->situation;
}

static const char *question_is_wrong(const struct trace *t, struct moment *m,
				     enum question_kind kind)
{
	struct riddle q, again;
	const char *wrong;

	if (!question_make(t, m, kind, &q))
		return NULL;
	made[kind]++;
	if (q.choices > 2)
		place[q.right]++;
	if (is_printing)
		printf("# --- %s at %" PRIu64 "\n", question_kind_name(kind), q.cursor);
	question_make(t, m, kind, &again);
	if (!is_same(&q, &again))
		return "it is another one the second time";
	wrong = answer_is_wrong(t, &q);
	if (!wrong)
		wrong = words_are_wrong(&q, t);
	return wrong ? wrong : judge_is_wrong(&q);
}

static const char *ask_is_wrong(const struct trace *t, struct moment *m, uint64_t record)
{
	struct riddle q;
	const char *wrong;

	question_of(t, m, record, &q);
	made[QUESTION_SCENE]++;
	if (is_printing)
		printf("# --- scene at %" PRIu64 "\n", record);
	if (q.is_unanswered)
		return "a question of the play has no answer";
	if (q.field == FIELD_SEQ && !q.has_base)
		return "a question of the play has no base";
	wrong = words_are_wrong(&q, t);
	return wrong ? wrong : judge_is_wrong(&q);
}

static const char *play(const struct scene_file *f, size_t variant)
{
	struct diags diags = {0};
	struct scene_run *run = scene_run_new(f, variant, NULL, &diags);
	struct moment m = {0};
	const char *wrong = NULL;
	const struct trace *t;

	diags_fini(&diags);
	if (!run)
		return "it does not run";
	scene_run_all(run);
	t = scene_run_trace(run);
	for (uint64_t i = 0; i < trace_count(t) && !wrong;) {
		uint64_t end = trace_beat_at(t, i).end;

		moment_go(&m, t, i);
		for (int kind = 0; kind < QUESTION_SCENE && !wrong; kind++)
			wrong = question_is_wrong(t, &m, (enum question_kind)kind);
		for (; i < end && !wrong; i++) {
			moment_go(&m, t, i);
			if (trace_at(t, i)->kind == REC_ASK)
				wrong = ask_is_wrong(t, &m, i);
		}
	}
	moment_fini(&m);
	scene_run_free(run);
	return wrong;
}

/* All kinds are asked, and the right answer stands now here, now there. */
static bool is_mixed(void)
{
	unsigned all = 0;
	bool is_good = true;

	for (int i = 0; i < QUESTION_CHOICES; i++)
		all += place[i];
	for (int i = 0; i < QUESTION_CHOICES; i++)
		is_good &= place[i] * 8 > all;
	for (int i = 0; i < QUESTION_KINDS; i++) {
		printf("# %s: %u\n", question_kind_name((enum question_kind)i), made[i]);
		is_good &= made[i] > 0;
	}
	return is_good;
}

int main(int argc, char **argv)
{
	int number = 0, failed, first;

	is_printing = argc > 1 && strcmp(argv[1], "-p") == 0;
	first = is_printing ? 2 : 1;
	failed = folder_play(argv + first, argc - first, play, &number);
	if (number > 10) {
		bool is_good = is_mixed();

		printf("%s %d - a good mixture\n", is_good ? "ok" : "not ok", ++number);
		failed += !is_good;
	}
	printf("1..%d\n", number);
	return failed > 0;
}
