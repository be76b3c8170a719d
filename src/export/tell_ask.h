/* SPDX-License-Identifier: MIT */
/*
 * tell_ask.h - `tell` that stops at questions: it tells on until one is open, is given an answer,
 * judges it, and goes on. Whoever calls reads and prints.
 */
#ifndef EXPORT_TELL_ASK_H
#define EXPORT_TELL_ASK_H

#include <export/export.h>
#include <trace/score.h>

struct tell_asker {
	const struct trace *trace;
	enum lang lang;
	bool is_detailed;
	bool is_predicting; /* asks before each step that teaches something new, too */
	struct score score;
	/* Its own. */
	struct moment moment;
	uint64_t next, end; /* record to tell, end of its step */
	struct riddle riddle;
	int tries;
	bool is_open;
	unsigned turns[QUESTION_KINDS];
};

void tell_asker_fini(struct tell_asker *a);

/* Appends what is told up to the next question and the question itself: true, and an answer is
 * wanted. False: all is told, with the score at the end. */
bool tell_asker_go(struct tell_asker *a, struct sink *out);
/* One line, without its end. "" passes, "?" shows the answer. False: it may be tried again. */
bool tell_asker_answer(struct tell_asker *a, const char *line, struct sink *out);

#endif
