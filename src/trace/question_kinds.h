/* SPDX-License-Identifier: MIT */
/* question_kinds.h - inside the questions: a step, and what can be asked about it. */
#ifndef TRACE_QUESTION_KINDS_H
#define TRACE_QUESTION_KINDS_H

#include <woshou/match.h>
#include "trace/beat.h"
#include "trace/question.h"

/* The step that follows a cursor, and what of it a question needs. */
struct step {
	const struct trace *trace;
	const struct moment *moment; /* before it */
	struct trace_beat beat;
	const struct record *cause;
	const struct record *send;        /* the first segment that comes of it, or NULL */
	const struct record *first_state; /* of the cause's connection, or NULL */
	const struct record *last_state;
	bool is_mixed;   /* others than the cause's host and connection act in it too */
	bool is_hurried; /* a program of the host acts at the same instant, right after it */
};

bool step_find(const struct trace *t, const struct moment *m, struct step *step);
uint32_t step_situation(const struct step *step);

bool ask_segment(const struct step *step, struct riddle *q);
bool ask_number(const struct step *step, struct riddle *q);
bool ask_state(const struct step *step, struct riddle *q);
bool ask_fate(const struct step *step, struct riddle *q);
bool ask_timer(const struct step *step, struct riddle *q);
/* The right one of q->answer among others that one could take for it, coming from `from`. */
void offer_states(const struct trace *t, struct riddle *q, enum state from);
void offer_yes_no(struct riddle *q, bool is_yes);

/* The words of a rule of the wind, as they stand in the scene. */
const char *question_wind(const struct trace *t, const struct record *deed);
/* What names a segment: its SYN before its text, CLASS_ACK when it has nothing else. */
enum seg_class question_class(const struct seg *s);
/* The initial sequence number of a segment's sender, or of its receiver (`is_peers`). */
bool question_isn(const struct trace *t, uint64_t record, bool is_peers, uint32_t *isn);

#endif
