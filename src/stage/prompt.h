/* SPDX-License-Identifier: MIT */
/*
 * prompt.h - a question at the foot of the stage and the line in which the reader answers it: what
 * may come next, what was wrong with it and where. Whoever asks says what may come next after each
 * key, and takes the answer.
 */
#ifndef STAGE_PROMPT_H
#define STAGE_PROMPT_H

#include "stage/lang.h"
#include "stage/entry.h"

struct diags;

enum { COMPLAINT_OCTETS = 256 };

struct prompt {
	struct entry entry;
	struct candidates words; /* what may come next */
	struct completion completion;
	bool is_fresh; /* what stands there is offered: the first letter typed replaces it */
	char complaint[COMPLAINT_OCTETS]; /* "": none */
	char hint[COMPLAINT_OCTETS];      /* to the complaint, or "" */
	size_t wrong_at, wrong_size; /* octets of the line that it is about; size 0: all of it */
};

enum prompt_answer { PROMPT_OPEN, PROMPT_GIVEN, PROMPT_LEFT };

void prompt_open(struct prompt *p, const char *offered);
/* Whoever asks renews p->words afterwards. `recall` may be NULL. */
enum prompt_answer prompt_key(struct prompt *p, struct recall *recall, uint32_t key);
void prompt_complain(struct prompt *p, const char *text);
/* The first error. The text it is about had from its octet `from` on what the line has from `at`
 * on: what lies before has no place in the line. */
void prompt_blame(struct prompt *p, const struct diags *d, size_t at, size_t from, enum lang lang);
/* Words of a NULL-terminated list. */
void prompt_offer(struct prompt *p, const char *const *words);

#endif
