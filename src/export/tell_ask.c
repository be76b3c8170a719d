/* SPDX-License-Identifier: MIT */
#include "export/tell_ask.h"

#include <string.h>
#include <base/assert.h>
#include "trace/beat.h"
#include "trace/phrase.h"

/* What was answered right so often is asked no more. */
enum { KNOWN_WELL = 2 };

enum word { ASKS, WANTED, RIGHT, WRONG, AGAIN, ANSWER, NO_ANSWER, UNANSWERED, SCORE, WORDS };

/* clang-format off */
static const struct phrase words[WORDS] = {
	[ASKS]       = {{"Question: ", "提问："}},
	[WANTED]     = {{"Answer with %s; an empty line passes, ? shows it.",
			 "请答：%s；空行跳过，? 看答案。"}},
	[RIGHT]      = {{"Right: ", "对了："}},
	[WRONG]      = {{"No. It is: ", "不对。是："}},
	[AGAIN]      = {{"No. Tries left: %d. ", "不对，还可以试 %d 次。"}},
	[ANSWER]     = {{"The answer: ", "答案："}},
	[NO_ANSWER]  = {{"That is no answer. Wanted: %s.", "这不是答案。要的是：%s。"}},
	[UNANSWERED] = {{"The play is over before the answer comes.", "直到散场也没有答案。"}},
	[SCORE]      = {{"Score: ", "成绩："}},
};
/* clang-format on */

void tell_asker_fini(struct tell_asker *a)
{
	moment_fini(&a->moment);
	score_fini(&a->score);
}

/* Says it in the language asked for, or in both with a stroke between. */
typedef void speak(const struct tell_asker *a, enum lang lang, struct sink *out);

static void in_languages(const struct tell_asker *a, speak *say, struct sink *out)
{
	if (a->lang != LANG_EN)
		say(a, LANG_ZH, out);
	if (a->lang == LANG_BOTH)
		sink_puts(out, " / ");
	if (a->lang != LANG_ZH)
		say(a, LANG_EN, out);
	sink_putc(out, '\n');
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void say_question(const struct tell_asker *a, enum lang lang, struct sink *out)
{
	sink_puts(out, words[ASKS].text[lang]);
	question_put(out, &a->riddle, a->trace, lang, true);
}

static void say_how(const struct tell_asker *a, enum word word, enum lang lang, struct sink *out)
{
	struct sink how = {0};

	question_put_how(&how, &a->riddle, lang);
	sink_printf(out, words[word].text[lang], how.at);
	sink_fini(&how);
}

static void say_wanted(const struct tell_asker *a, enum lang lang, struct sink *out)
{
	say_how(a, WANTED, lang, out);
}

static void say_no_answer(const struct tell_asker *a, enum lang lang, struct sink *out)
{
	say_how(a, NO_ANSWER, lang, out);
}

static void put_choice(const struct tell_asker *a, int i, struct sink *out)
{
	struct sink en = {0}, zh = {0};

	question_put_choice(&en, &a->riddle, a->trace, i, LANG_EN);
	question_put_choice(&zh, &a->riddle, a->trace, i, LANG_ZH);
	sink_printf(out, "%d  %s", i + 1, a->lang == LANG_EN ? en.at : zh.at);
	if (a->lang == LANG_BOTH && strcmp(en.at, zh.at) != 0)
		sink_printf(out, " / %s", en.at);
	sink_putc(out, '\n');
	sink_fini(&en);
	sink_fini(&zh);
}

static void put_time(usec at, struct sink *out)
{
	sink_time(out, at);
	sink_puts(out, "  ");
}

static void open_question(struct tell_asker *a, usec at, struct sink *out)
{
	a->is_open = true;
	a->tries = 0;
	a->turns[a->riddle.kind]++;
	put_time(at, out);
	in_languages(a, say_question, out);
	for (int i = 0; i < a->riddle.choices; i++)
		put_choice(a, i, out);
	if (!a->riddle.is_unanswered)
		in_languages(a, say_wanted, out);
}

/* The play itself asks for what this step brings. */
static bool is_plays_own(const struct tell_asker *a)
{
	for (size_t i = 0; i < a->score.list.count; i++) {
		const struct riddle *old = &a->score.list.at[i].question;

		if (old->kind == QUESTION_SCENE && old->record >= a->next && old->record < a->end)
			return true;
	}
	return false;
}

/* Before a step: its question, unless it was asked or teaches nothing new. */
static bool ask_before_step(struct tell_asker *a, struct sink *out)
{
	usec at = a->moment.at;

	moment_go(&a->moment, a->trace, a->next);
	at = a->moment.at;
	if (!question_next(a->trace, &a->moment, a->turns, &a->riddle) ||
	    score_has(&a->score, &a->riddle) || is_plays_own(a) ||
	    score_known(&a->score, a->riddle.situation) >= KNOWN_WELL)
		return false;
	open_question(a, at, out);
	return true;
}

static void ask_plays_own(struct tell_asker *a, uint64_t record, struct sink *out)
{
	moment_go(&a->moment, a->trace, record + 1);
	question_of(a->trace, &a->moment, record, &a->riddle);
	open_question(a, trace_at(a->trace, record)->at, out);
}

static void say_score(const struct tell_asker *a, enum lang lang, struct sink *out)
{
	sink_puts(out, words[SCORE].text[lang]);
	score_put(out, &a->score, lang);
	sink_puts(out, lang == LANG_ZH ? "。" : ". ");
	score_put_kinds(out, &a->score, lang);
	sink_puts(out, lang == LANG_ZH ? "。" : ".");
}

bool tell_asker_go(struct tell_asker *a, struct sink *out)
{
	ASSERT(!a->is_open);
	while (a->next < trace_count(a->trace)) {
		uint64_t i = a->next;

		if (i >= a->end) {
			a->end = trace_beat_at(a->trace, i).end;
			if (a->is_predicting && ask_before_step(a, out))
				return true;
		}
		a->next++;
		if (trace_at(a->trace, i)->kind == REC_ASK) {
			ask_plays_own(a, i, out);
			return true;
		}
		tell_lines(a->trace, i, a->lang, a->is_detailed, out);
	}
	if (a->score.list.count > 0)
		in_languages(a, say_score, out);
	return false;
}

/* ---- answered -------------------------------------------------------------------------------- */

static void say_hint(const struct tell_asker *a, enum lang lang, struct sink *out)
{
	sink_printf(out, words[AGAIN].text[lang], QUESTION_TRIES - a->tries);
	question_put_hint(out, &a->riddle, a->trace, a->tries, lang, true);
}

static void say_verdict(const struct tell_asker *a, enum lang lang, struct sink *out)
{
	enum scored_as outcome = (enum scored_as)array_last(&a->score.list)->outcome;
	struct sink reason = {0};

	if (a->riddle.is_unanswered) {
		sink_puts(out, words[UNANSWERED].text[lang]);
		return;
	}
	sink_puts(out, words[outcome == OUTCOME_RIGHT   ? RIGHT
			     : outcome == OUTCOME_WRONG ? WRONG
							: ANSWER]
			       .text[lang]);
	question_put_answer(out, &a->riddle, a->trace, lang, true);
	sink_puts(out, lang == LANG_ZH ? "。" : ".");
	question_put_reason(&reason, &a->riddle, a->trace, lang, true);
	if (reason.count > 0)
		sink_printf(out, "%s%s", lang == LANG_ZH ? "" : " ", reason.at);
	sink_fini(&reason);
}

static void close_question(struct tell_asker *a, enum scored_as outcome, const char *given)
{
	score_add(&a->score, &a->riddle, a->trace, outcome, a->tries, given, true);
	a->is_open = false;
}

bool tell_asker_answer(struct tell_asker *a, const char *line, struct sink *out)
{
	bool is_shown = line[0] == '?' && line[1] == '\0';
	enum grade grade;
	int chosen;

	ASSERT(a->is_open);
	if (line[0] == '\0' || is_shown || a->riddle.is_unanswered) {
		close_question(a, OUTCOME_PASSED, "");
		if (line[0] != '\0')
			in_languages(a, say_verdict, out);
		return true;
	}
	grade = question_judge(&a->riddle, line, true, &chosen);
	if (grade == GRADE_UNREADABLE) {
		in_languages(a, say_no_answer, out);
		return false;
	}
	a->tries++;
	if (grade == GRADE_WRONG && a->riddle.choices == 0 && a->tries < QUESTION_TRIES) {
		in_languages(a, say_hint, out);
		return false;
	}
	close_question(a, grade == GRADE_RIGHT ? OUTCOME_RIGHT : OUTCOME_WRONG, line);
	in_languages(a, say_verdict, out);
	return true;
}
