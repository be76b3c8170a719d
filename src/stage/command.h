/* SPDX-License-Identifier: MIT */
/* command.h - the words of the line at the foot: what runs them and what completes them. */
#ifndef STAGE_COMMAND_H
#define STAGE_COMMAND_H

#include "stage/hands.h"

/* What stands behind a word, and where in the line. */
struct rest {
	const char *text;
	size_t at;
};

/* A command that the scene language does not know. */
struct own_command {
	const char *name;
	bool (*run)(struct session *s, struct rest rest); /* false: the prompt says why not */
	enum string usage;
	bool is_order; /* to a real connection: only where there is one to give it to */
};

/* A deed upon a word: between the word's name and how it is done stands what a reader may leave
 * out. */
struct deed_word {
	const char *name, *between, *by_default;
};

/* The last of each has no name. */
extern const struct own_command own_commands[];
extern const struct deed_word deed_words[];
extern const char *const command_langs[]; /* by enum lang; then another name for both */

/* Has this command a meaning here? */
bool command_is_known(const struct session *s, const struct own_command *c);
bool command_is_person(const struct trace *t, const char *text, size_t n);

#endif
