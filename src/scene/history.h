/* SPDX-License-Identifier: MIT */
/*
 * history.h - the tree of branches of one play: 0 is the play as written, and every deed by hand
 * makes a child of a branch. A branch is a scene file (history_text): what is saved plays exactly
 * what was seen, and passes.
 *
 *	struct history *h = history_new(file, variant, NULL, &d);
 *	uint32_t b = history_act(h, 0, 1062000, "drop 3rd zhang -> li", &d);
 *	if (b == NO_BRANCH)
 *		diag_print(&d, &out);
 *	else
 *		show(history_trace(h, b), history_branch(h, b)->cursor);
 *	history_free(h);
 *
 * Nothing is ever deleted: undo is going to the parent. What happened before the deed is, record by
 * record, what happened in the parent; only the places of a play that includes files are others,
 * for a branch is one file. A branch passes, unless the play as written fails before the deed: then
 * it fails there too.
 */
#ifndef SCENE_HISTORY_H
#define SCENE_HISTORY_H

#include <scene/scene.h>

#define NO_BRANCH UINT32_MAX

struct history;

struct branch {
	const char *name;  /* "main", "what-if-1", ...; once saved the file's, without folder */
	uint32_t parent;   /* NO_BRANCH: of 0 */
	usec at;           /* of the deed; 0: of 0 */
	const char *deed;  /* "drop 3rd zhang -> li"; "": of 0 */
	uint64_t cursor;   /* the deed's first record; what stands before is as in the parent */
	uint32_t silenced; /* expectations, and acts that find nothing to act on, that are no longer
			    * so: all of the branch */
	uint32_t broken;   /* promises that it breaks, and says so */
	bool is_saved;
};

/* Plays branch 0. NULL: the mistakes are in d. File and options must outlive it. */
struct history *history_new(const struct scene_file *f, size_t variant,
			    const struct scene_options *o, struct diags *d);
void history_free(struct history *h);

size_t history_count(const struct history *h);
/* All of these live as long as the history (a saved branch: until it is saved again). */
const struct branch *history_branch(const struct history *h, uint32_t number);
const struct trace *history_trace(const struct history *h, uint32_t number);
const struct scene_run *history_run(const struct history *h, uint32_t number); /* its verdicts */

/*
 * A deed, as it would stand behind `by hand`, at this time on top of branch `from`: "drop 3rd zhang
 * -> li", "zhang close", "wind zhang <-> li { delay 200ms }". It acts when all else of that time is
 * done. Deeds of `from` that come later have not happened yet: the parent of the new branch is then
 * the nearest ancestor without any. Deeds at the very same time have happened before it.
 *
 * NO_BRANCH: d says why. Mistakes in the deed's text have file "", line 1, and their place in it;
 * others (the word is not in flight, EBADF) have no place (line 0).
 */
uint32_t history_act(struct history *h, uint32_t from, usec at, const char *deed, struct diags *d);

/* The scene file of a branch: self-contained, it needs no other file and no options. False: what
 * --set says cannot be written down, d says why. */
bool history_text(const struct history *h, uint32_t number, struct sink *out, struct diags *d);

/* The text was written to a file of this name: from now on the branch is called so, and its trace
 * names that file, octet for octet as `woshou run NAME` would write it. history_trace and
 * history_run are others afterwards. False: no memory is left for it; all is as it was. */
bool history_saved(struct history *h, uint32_t number, const char *name, struct diags *d);

/* "3rd zhang -> li": what the language calls the word that set out with record `send` (REC_SEND, or
 * REC_WIND that duplicates). False, and nothing in out: it is not in flight when all that happens
 * at `at` has happened, or the trace ends before. */
bool flight_name(const struct trace *t, usec at, uint64_t send, struct sink *out);

#endif
