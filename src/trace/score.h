/* SPDX-License-Identifier: MIT */
/* score.h - what was asked and how it was answered, and the summary of it as JSON. */
#ifndef TRACE_SCORE_H
#define TRACE_SCORE_H

#include <base/array.h>
#include "trace/question.h"

enum scored_as { OUTCOME_RIGHT, OUTCOME_WRONG, OUTCOME_PASSED, OUTCOMES };

struct scored {
	struct riddle question;
	uint8_t outcome; /* enum scored_as */
	uint8_t tries;
	char *text[2]; /* the question, en and zh */
	char *given;   /* the last answer; "" when there was none */
	char *right[2];
};

/* Zeroed: nothing was asked. */
struct score {
	ARRAY(struct scored) list;
	unsigned count[QUESTION_KINDS][OUTCOMES];
};

/* A question counts once, by its first answer. */
void score_add(struct score *s, const struct riddle *q, const struct trace *t,
	       enum scored_as outcome, int tries, const char *given, bool is_absolute);
void score_fini(struct score *s);

/* Was this step asked about already, be it in another branch of history? The play's own questions
 * are no part of it. */
bool score_has(const struct score *s, const struct riddle *q);
/* How often a step that teaches the same was answered right. */
unsigned score_known(const struct score *s, uint32_t situation);
unsigned score_asked(const struct score *s);
unsigned score_of(const struct score *s, enum scored_as outcome);

/* What was played. `variant` may be "". */
struct score_play {
	const char *scene, *variant;
	uint64_t seed;
	enum lang lang;
};

/* One object, ends with a line end; docs/TRACE.md says what is in it. */
void score_json(struct sink *out, const struct score *s, const struct score_play *play);
/* "7 of 9 right, 1 wrong, 1 passed" */
void score_put(struct sink *out, const struct score *s, enum lang lang);
/* "which state 2/3, which number 1/1": the kinds that were asked. */
void score_put_kinds(struct sink *out, const struct score *s, enum lang lang);

#endif
