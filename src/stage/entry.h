/* SPDX-License-Identifier: MIT */
/*
 * entry.h - the one line in which a reader types: a cursor in UTF-8 text, what was typed before,
 * and completion. It knows keys and no screen; view_command.c draws it.
 */
#ifndef STAGE_ENTRY_H
#define STAGE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <base/array.h>
#include "stage/canvas.h"

/* A line is at most ENTRY_OCTETS - 1 octets; a key that would make it longer does nothing. */
enum { ENTRY_OCTETS = 512, RECALL_LINES = 24, WORD_OCTETS = 64, CANDIDATES_MAX = 64 };

/* What the control key makes of a letter. */
#define CTRL_KEY(letter) ((uint32_t)(letter)&0x1f)

/* Zeroed: an empty line. */
struct entry {
	char text[ENTRY_OCTETS]; /* NUL-terminated */
	size_t count, at;        /* octets; the cursor stands before the octet `at` */
};

void entry_set(struct entry *l, const char *text); /* the cursor behind it */
/* Text for the octets [from, at): for completion. What does not fit is left out. */
void entry_put(struct entry *l, size_t from, const char *text);
/* False: no key of the line's (Enter, Escape, Tab, Up ...). */
bool entry_key(struct entry *l, uint32_t key);
/* Where the word begins in which the cursor stands, or behind which. */
size_t entry_word(const struct entry *l);
/* The octet of the line that stands first in `room` columns, so that the cursor is among them. */
size_t entry_first(const struct entry *l, int room);
/* Draws it with its cursor. */
void entry_draw(const struct entry *l, struct canvas *c, int row, int column, int room,
		struct ink ink);

/* ---- what was typed before ------------------------------------------------------------------- */

/* Zeroed: nothing yet. */
struct recall {
	char text[RECALL_LINES][ENTRY_OCTETS]; /* the newest last */
	char own[ENTRY_OCTETS];                /* typed, and left for an older one */
	int count, at;                         /* at == count: the reader's own line */
};

void recall_add(struct recall *r, const char *text); /* not twice in a row */
/* Up and down; false: no key of the recall's. */
bool recall_key(struct recall *r, struct entry *l, uint32_t key);

/* ---- completion ------------------------------------------------------------------------------ */

/* Words that may stand at the cursor. Zeroed: none. */
struct candidates {
	char at[CANDIDATES_MAX][WORD_OCTETS];
	int count;
	size_t from; /* the octet of the line where they would begin */
};

/* A candidate, when it begins as the word in the line does; each only once. Too long ones are left
 * out. */
void candidates_offer(struct candidates *w, const struct entry *l, const char *word);

/* What Tab has made of a line: pressing it again makes the next of it. Zeroed: nothing. */
struct completion {
	struct candidates words;
	int at; /* the candidate that stands in the line now; -1: the letters they share */
	bool is_cycling;
};

/* Tab (by +1) or its opposite (-1). `now` is what fits the line as it stands. */
void completion_tab(struct completion *c, struct entry *l, const struct candidates *now, int by);

#endif
