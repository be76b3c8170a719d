/* SPDX-License-Identifier: MIT */
/*
 * question.h - what comes next? Questions about the step that follows a cursor, answered by the
 * trace itself, and the questions that a play asks (`ask`). The stage shows them, `tell` reads
 * them aloud.
 *
 * A question is a value: it holds indices into its trace and no memory. It is asked about what a
 * TCP must do, never about what chance or an application may.
 */
#ifndef TRACE_QUESTION_H
#define TRACE_QUESTION_H

#include <base/sink.h>
#include <woshou/lang.h>
#include "trace/moment.h"

enum question_kind {
	QUESTION_SEGMENT, /* which segment comes of it, and whose: choices */
	QUESTION_NUMBER,  /* which number that carries: typed */
	QUESTION_STATE,   /* in which state the person is then: choices */
	QUESTION_FATE,    /* whether the wind lets it through: choices */
	QUESTION_TIMER,   /* when the retransmission timer fires, or what RTO becomes: typed */
	QUESTION_SCENE,   /* the play's own */
	QUESTION_KINDS,
};

enum { QUESTION_CHOICES = 4, QUESTION_TRIES = 3 };

/* By the question's kind: a segment of a class (CLASS_NONE: nothing is sent) by somebody; a state;
 * 1 it arrives, 0 it is lost; 1 yes, 0 no. */
struct question_choice {
	uint8_t what;
	uint8_t host;
	bool is_again;
};

struct riddle {
	uint8_t kind;       /* enum question_kind */
	uint8_t field;      /* enum tcb_field_kind of the answer */
	uint8_t number;     /* of QUESTION_NUMBER: NUMBER_SEQ or NUMBER_ACK */
	uint8_t choices;    /* 0: the answer is typed */
	uint8_t right;      /* which of them */
	uint8_t host, peer; /* who is asked about; the other one, or TRACE_NO_HOST */
	bool is_unanswered; /* of QUESTION_SCENE: the run never came to an answer */
	bool has_base;      /* of FIELD_SEQ: relative numbers count from `base` */
	struct question_choice choice[QUESTION_CHOICES];
	uint32_t base;
	bool has_cause_base[2]; /* of the segment that sets it off: SEG.SEQ and SEG.ACK */
	uint32_t cause_base[2];
	usec at;            /* of what is asked about */
	usec since;         /* what has happened by then: "+1s" counts from here */
	uint64_t cursor;    /* asked when the records before it are true */
	uint64_t cause;     /* record: what sets the step off; the REC_ASK */
	uint64_t record;    /* that answers it; `cause` when nothing does */
	uint64_t windy;     /* of QUESTION_FATE: a REC_WIND of the rule that decides */
	int64_t answer;     /* as tcb_field_get gives it */
	int64_t hint[2];    /* SND.UNA and FlightSize; RTO and when it began */
	uint16_t rule;      /* enum rule: why */
	uint32_t situation; /* the same for steps that teach the same */
};

/* The kinds of questions that can be asked at m->cursor: a set of 1 << enum question_kind, without
 * QUESTION_SCENE. */
unsigned question_kinds(const struct trace *t, const struct moment *m);
/* One of this kind about the step that follows m->cursor. False: there is none. */
bool question_make(const struct trace *t, const struct moment *m, enum question_kind kind,
		   struct riddle *out);
/* Of the kinds that there are the one that was asked least: asked[] counts each. */
bool question_next(const struct trace *t, const struct moment *m,
		   const unsigned asked[QUESTION_KINDS], struct riddle *out);
/* The play's own, of a REC_ASK. */
void question_of(const struct trace *t, const struct moment *m, uint64_t record,
		 struct riddle *out);

/* ---- in words; names and texts from outside are made harmless -------------------------------- */

const char *question_kind_name(enum question_kind kind); /* "segment" */
/* Without a line end. LANG_BOTH is not for these: ask twice. */
void question_put(struct sink *out, const struct riddle *q, const struct trace *t, enum lang lang,
		  bool is_absolute);
void question_put_choice(struct sink *out, const struct riddle *q, const struct trace *t, int i,
			 enum lang lang);
/* The right answer: "6 (absolute 1006)". */
void question_put_answer(struct sink *out, const struct riddle *q, const struct trace *t,
			 enum lang lang, bool is_absolute);
/* How to write an answer: "a number", "1.5s or 200ms", "1 to 4". */
void question_put_how(struct sink *out, const struct riddle *q, enum lang lang);
/* What helps after so many wrong tries, from 1. Nothing for choices. */
void question_put_hint(struct sink *out, const struct riddle *q, const struct trace *t, int tries,
		       enum lang lang, bool is_absolute);
/* The rule behind the answer, its sentence and its section. Nothing when there is none. */
void question_put_reason(struct sink *out, const struct riddle *q, const struct trace *t,
			 enum lang lang, bool is_absolute);

/* ---- judged ---------------------------------------------------------------------------------- */

enum grade { GRADE_RIGHT, GRADE_WRONG, GRADE_UNREADABLE };

/* An answer in words: a choice by its number or by its name, a sequence number relative or
 * absolute, a time with its unit, a state however spelled. Both readings of a number are taken
 * where they cannot be mistaken for each other; else the one that is shown. *chosen: which choice,
 * or -1. */
enum grade question_judge(const struct riddle *q, const char *given, bool is_absolute, int *chosen);

#endif
