/* SPDX-License-Identifier: MIT */
/*
 * branches.h - all branches of history as a tree of lines: what each became of, and where it parts
 * from its parent and from the one shown.
 */
#ifndef STAGE_BRANCHES_H
#define STAGE_BRANCHES_H

#include <base/array.h>
#include <scene/history.h>
#include "stage/lang.h"
#include "trace/compare.h"

struct session;

enum { OUTCOME_PEOPLE = 6 };

/* What became of a branch. */
struct outcome {
	uint64_t segments, lost;
	usec end;
	uint32_t pass, fail; /* expectations */
	int people;
	uint8_t state[OUTCOME_PEOPLE]; /* enum state at the end, of the first of them */
};

struct branch_line {
	uint32_t branch;
	int depth;
	uint64_t rails; /* set of 1 << depth: an ancestor of that depth has more children below */
	bool is_last;   /* of its parent's children */
	struct outcome outcome;
	struct divergence from_parent, from_shown;
};

/* The list, made anew when it is opened or the tree has changed. */
struct branches {
	ARRAY(struct branch_line) lines; /* as the tree is drawn, a child below its parent */
	int at;                          /* the chosen line */
	bool is_comparing;               /* the chosen one with the shown one, side by side */
	bool has_comparison;
	struct comparison comparison;
	int scroll; /* in it */
};

void branches_open(struct session *s);
void branches_refresh(struct session *s); /* the choice stays with its branch */
void branches_key(struct session *s, uint32_t key);
/* Beside the one shown. */
void branches_compare(struct session *s, uint32_t branch);
void branches_pick(struct session *s, uint32_t line); /* a click */
void branches_fini(struct branches *b);

#endif
