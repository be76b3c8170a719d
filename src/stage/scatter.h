/* SPDX-License-Identifier: MIT */
/*
 * scatter.h - what the wind makes of a word: letters that drift apart, letters that are no longer
 * what they were. All of it is a function of the word and of the clock.
 */
#ifndef STAGE_SCATTER_H
#define STAGE_SCATTER_H

#include <stddef.h>
#include <stdint.h>
#include <base/sink.h>
#include "stage/story.h"

enum { SCATTER_FRAMES = 5, SCATTER_LETTERS = 24 };

/* A letter of a word that is blown away: columns on from where the word died, in the direction in
 * which it flew, and rows below its lane. */
struct letter {
	uint32_t code;
	int columns, rows, width;
};

/* Which picture of it is shown at `now`, 0 at the moment of its death; -1: none. It takes as long
 * as the way that the word has flown. */
int scatter_frame(const struct voyage *w, usec now);
/* Where the letters are; those that have become dust are dots. Returns how many. */
size_t scatter_letters(const char *word, int frame, struct letter out[SCATTER_LETTERS]);

/* A garbled word: as long as it was, every third letter another one. */
void garble(struct sink *out, const char *word, uint64_t seed);

#endif
