/* SPDX-License-Identifier: MIT */
/*
 * rewrite.h - one run of a play as a file of its own, in the author's words: what is included
 * stands in its place, each `for` has the one value of the run, --seed, --profile and --set are
 * written down, and deeds by hand come at the end. It needs no loader and no options.
 */
#ifndef SCENE_REWRITE_H
#define SCENE_REWRITE_H

#include <scene/parse.h>

struct rewriting {
	const struct scene_file *file;
	size_t variant;
	const struct scene_options *options; /* NULL: none */
	/* By statement of the run, up to `off_count`: no longer so, from when on; USEC_NEVER.
	 * Rounds of a `repeat` share their place, and must share this. */
	const usec *off_from;
	size_t off_count;
	usec end; /* instead of the play's; USEC_NEVER: as it is */
	/* At the end, each on a line of its own, below a comment. */
	const char *const *lines;
	size_t line_count;
	bool is_rough; /* the lines stand as they are: not laid out */
};

/* False: d says what cannot be written down. */
bool scene_rewrite(const struct rewriting *r, struct sink *out, struct diags *d);

/* A time as the language has it: 1.05s. */
void put_seconds(struct sink *out, usec at);

/* rewrite_person.c: --profile and --set as changes of the people's words. */
bool rewrite_persons(struct play *play, struct edits *edits, const struct scene_options *o,
		     struct diags *d);

#endif
