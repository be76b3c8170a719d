/* SPDX-License-Identifier: MIT */
/* branch.h - what history.c and branch.c know of each other: a branch, and how one comes to be. */
#ifndef SCENE_BRANCH_H
#define SCENE_BRANCH_H

#include <scene/history.h>
#include <scene/run.h>

/* A text, and what comes of it. Branch 0 has neither text nor file of its own. */
struct played {
	char *text;
	struct scene_file *file;
	struct scene_run *run;
};

struct node {
	struct branch branch;
	char *name, *deed;
	ARRAY(char *) lines; /* what is written at the end, all of its ancestors' too */
	/* By statement of the play as written: no longer so from then on. Told of the first one
	 * that stands there. */
	ARRAY(usec) off;
	usec end; /* instead of the play's; USEC_NEVER: as it is */
	/* By promise: is it told as one to be broken, and on which of the lines, + 1? */
	bool is_broken[PROMISE_COUNT];
	size_t broken_line[PROMISE_COUNT];
	struct played played;
};

struct history {
	const struct scene_file *file;
	size_t variant;
	const struct scene_options *options;
	struct play play; /* as written: where its statements stand */
	/* By statement: the first one that stands at its place, and are there more? */
	ARRAY(uint32_t) first;
	ARRAY(bool) is_shared;
	ARRAY(struct node *) nodes;
};

char *branch_copied(const char *s);
void branch_forget(struct played *p);
void branch_add_line(struct node *n, struct sink *line); /* frees the line */
/* The scene file that it is. Rough: the lines of deeds stand at the end as they were written. */
bool branch_write(const struct history *h, const struct node *n, bool is_rough, struct sink *out,
		  struct diags *d);
/* Parses and plays a text under this name. */
bool branch_play(const struct history *h, const struct node *n, const char *name,
		 struct played *out, struct diags *d);
/* The deed is the last line of it: can it be read? */
bool branch_check_deed(const struct history *h, const struct node *n, const char *deed,
		       struct diags *d);
void branch_move_end(const struct history *h, struct node *n);
/* Plays it until it holds. `first`: the statements from there on are those of the deed. */
bool branch_grow(const struct history *h, struct node *n, size_t first, struct diags *d);

#endif
