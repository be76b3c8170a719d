/* SPDX-License-Identifier: MIT */
/*
 * predict.h - the stage asks what comes next: at each step while the mode is on, at any point when
 * the reader wants it, and where the play itself asks. A part of a session; views read it.
 *
 * A question never holds anybody up: one key passes it over and goes on.
 */
#ifndef STAGE_PREDICT_H
#define STAGE_PREDICT_H

#include "stage/entry.h"
#include "stage/keys.h"
#include "trace/score.h"

struct session;

enum predict_phase {
	PREDICT_ASKS,
	PREDICT_TELLS, /* the answer, and why */
	PREDICT_SUMS,  /* the score, at the end */
};

/* What follows when the card is closed. */
enum predict_then { THEN_STAY, THEN_STEP, THEN_PLAY, THEN_QUIT };

struct predict {
	bool is_on; /* asks before each step */
	enum predict_phase phase;
	enum predict_then then;
	struct riddle question; /* PREDICT_ASKS, PREDICT_TELLS */
	struct entry entry;
	char given[64];                 /* the last answer */
	int tries;                      /* wrong ones so far */
	int chosen;                     /* the choice that was taken, or -1 */
	bool is_graded;                 /* an answer was given */
	enum grade grade;               /* of the last one */
	bool has_summed;                /* the summary was seen since the last question */
	unsigned turns[QUESTION_KINDS]; /* how often each kind was asked */
	struct score *score;
	struct score own; /* where `score` points when nobody else keeps it */
};

/* What a click on the card does: ACTION_ANSWER with 0 to 3 for a choice, or one of these. */
enum predict_click { CLICK_PASS = 16, CLICK_SHOW, CLICK_OTHER, CLICK_CLOSE };

/* `score` may be NULL. */
void predict_init(struct session *s, struct score *score, bool is_on);
void predict_fini(struct session *s);

/* Before the player hears of it. True: it was for the questions. */
bool predict_key(struct session *s, uint32_t key);
bool predict_click(struct session *s, uint32_t arg);
bool predict_do(struct session *s, enum action a);
/* Time passes in the play, unless there is a question in its way. */
void predict_tick(struct session *s, usec real);
/* Another trace is shown: what was asked about the old one is asked no more. */
void predict_forget(struct session *s);

#endif
