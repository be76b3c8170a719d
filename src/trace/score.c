/* SPDX-License-Identifier: MIT */
#include "trace/score.h"

#include <inttypes.h>
#include <string.h>
#include "trace/jsonl.h"

static char *text_of(struct sink *s)
{
	return s->at ? s->at : xstrndup("", 0);
}

/* Branches of one history share their records up to where they part. */
static bool is_same_step(const struct riddle *a, const struct riddle *b)
{
	return a->cause == b->cause && a->at == b->at && a->situation == b->situation &&
	       (a->kind == QUESTION_SCENE) == (b->kind == QUESTION_SCENE);
}

bool score_has(const struct score *s, const struct riddle *q)
{
	for (size_t i = 0; i < s->list.count; i++) {
		if (is_same_step(&s->list.at[i].question, q))
			return true;
	}
	return false;
}

static bool is_known(const struct score *s, const struct riddle *q)
{
	for (size_t i = 0; i < s->list.count; i++) {
		const struct riddle *old = &s->list.at[i].question;

		if (is_same_step(old, q) && old->kind == q->kind)
			return true;
	}
	return false;
}

void score_add(struct score *s, const struct riddle *q, const struct trace *t,
	       enum scored_as outcome, int tries, const char *given, bool is_absolute)
{
	struct scored *one;

	if (is_known(s, q))
		return;
	one = array_push(&s->list);
	*one = (struct scored){
		.question = *q, .outcome = (uint8_t)outcome, .tries = (uint8_t)tries};
	for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
		struct sink text = {0}, right = {0};

		question_put(&text, q, t, (enum lang)lang, is_absolute);
		question_put_answer(&right, q, t, (enum lang)lang, is_absolute);
		one->text[lang] = text_of(&text);
		one->right[lang] = text_of(&right);
	}
	one->given = xstrndup(given, strlen(given));
	s->count[q->kind][outcome]++;
}

void score_fini(struct score *s)
{
	for (size_t i = 0; i < s->list.count; i++) {
		struct scored *one = &s->list.at[i];

		for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
			free(one->text[lang]);
			free(one->right[lang]);
		}
		free(one->given);
	}
	array_fini(&s->list);
	*s = (struct score){0};
}

unsigned score_known(const struct score *s, uint32_t situation)
{
	unsigned known = 0;

	for (size_t i = 0; i < s->list.count; i++)
		known += s->list.at[i].outcome == OUTCOME_RIGHT &&
			 s->list.at[i].question.kind != QUESTION_SCENE &&
			 s->list.at[i].question.situation == situation;
	return known;
}

unsigned score_of(const struct score *s, enum scored_as outcome)
{
	unsigned sum = 0;

	for (int kind = 0; kind < QUESTION_KINDS; kind++)
		sum += s->count[kind][outcome];
	return sum;
}

unsigned score_asked(const struct score *s)
{
	return (unsigned)s->list.count;
}

/* ---- in words -------------------------------------------------------------------------------- */

static const char *const outcomes[OUTCOMES] = {
	[OUTCOME_RIGHT] = "right", [OUTCOME_WRONG] = "wrong", [OUTCOME_PASSED] = "passed"};

static const char *const kinds[QUESTION_KINDS][2] = {
	[QUESTION_SEGMENT] = {"which segment", "什么报文段"},
	[QUESTION_NUMBER] = {"which number", "什么号"},
	[QUESTION_STATE] = {"which state", "什么状态"},
	[QUESTION_FATE] = {"the wind", "风"},
	[QUESTION_TIMER] = {"the timer", "定时器"},
	[QUESTION_SCENE] = {"the play's own", "剧本的提问"},
};

void score_put(struct sink *out, const struct score *s, enum lang lang)
{
	unsigned asked = score_asked(s);

	if (lang == LANG_ZH)
		sink_printf(out, "%u 题答对 %u，答错 %u，跳过 %u", asked,
			    score_of(s, OUTCOME_RIGHT), score_of(s, OUTCOME_WRONG),
			    score_of(s, OUTCOME_PASSED));
	else
		sink_printf(out, "of %u question%s %u right, %u wrong, %u passed over", asked,
			    asked == 1 ? "" : "s", score_of(s, OUTCOME_RIGHT),
			    score_of(s, OUTCOME_WRONG), score_of(s, OUTCOME_PASSED));
}

void score_put_kinds(struct sink *out, const struct score *s, enum lang lang)
{
	bool is_first = true;

	for (int kind = 0; kind < QUESTION_KINDS; kind++) {
		const unsigned *count = s->count[kind];
		unsigned all = count[OUTCOME_RIGHT] + count[OUTCOME_WRONG] + count[OUTCOME_PASSED];

		if (all == 0)
			continue;
		sink_puts(out, is_first ? "" : lang == LANG_ZH ? "，" : ", ");
		sink_printf(out, "%s %u/%u", kinds[kind][lang], count[OUTCOME_RIGHT], all);
		is_first = false;
	}
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void put_key(struct sink *out, const char *key, const char *text)
{
	sink_printf(out, "\"%s\":", key);
	jsonl_put_string(out, text, strlen(text));
}

static void put_scored(struct sink *out, const struct scored *one, enum lang lang)
{
	const struct riddle *q = &one->question;
	int which = lang == LANG_ZH ? LANG_ZH : LANG_EN;

	sink_printf(out, "{\"time\":%" PRId64 ",\"record\":%" PRIu64 ",\"kind\":\"%s\",", q->at,
		    q->kind == QUESTION_SCENE ? q->cause : q->record,
		    question_kind_name((enum question_kind)q->kind));
	put_key(out, "text", one->text[which]);
	sink_putc(out, ',');
	put_key(out, "given", one->given);
	sink_putc(out, ',');
	put_key(out, "right", one->right[which]);
	sink_printf(out, ",\"verdict\":\"%s\",\"tries\":%u}", outcomes[one->outcome], one->tries);
}

static void put_counts(struct sink *out, const unsigned count[OUTCOMES])
{
	unsigned all = 0;

	for (int i = 0; i < OUTCOMES; i++)
		all += count[i];
	sink_printf(out, "\"asked\":%u", all);
	for (int i = 0; i < OUTCOMES; i++)
		sink_printf(out, ",\"%s\":%u", outcomes[i], count[i]);
}

static void put_totals(struct sink *out, const struct score *s)
{
	unsigned all[OUTCOMES];
	const char *comma = "";

	for (int i = 0; i < OUTCOMES; i++)
		all[i] = score_of(s, (enum scored_as)i);
	put_counts(out, all);
	sink_puts(out, ",\"kinds\":{");
	for (int kind = 0; kind < QUESTION_KINDS; kind++) {
		const unsigned *count = s->count[kind];

		if (count[OUTCOME_RIGHT] + count[OUTCOME_WRONG] + count[OUTCOME_PASSED] == 0)
			continue;
		sink_printf(out, "%s\"%s\":{", comma, question_kind_name((enum question_kind)kind));
		put_counts(out, count);
		sink_putc(out, '}');
		comma = ",";
	}
	sink_putc(out, '}');
}

void score_json(struct sink *out, const struct score *s, const struct score_play *play)
{
	static const char *const langs[] = {"en", "zh", "zh+en"};

	sink_puts(out, "{\"woshou\":1,");
	put_key(out, "scene", play->scene);
	sink_putc(out, ',');
	put_key(out, "variant", play->variant);
	/* Above 2^53 a number would not come through every reader whole. */
	sink_printf(out,
		    play->seed >= JSONL_SAFE_INTEGER ? ",\"seed\":\"%" PRIu64 "\","
						     : ",\"seed\":%" PRIu64 ",",
		    play->seed);
	put_key(out, "language", langs[play->lang]);
	sink_puts(out, ",\"questions\":[");
	for (size_t i = 0; i < s->list.count; i++) {
		sink_puts(out, i > 0 ? "," : "");
		put_scored(out, &s->list.at[i], play->lang);
	}
	sink_puts(out, "],\"totals\":{");
	put_totals(out, s);
	sink_puts(out, "}}\n");
}
