/* SPDX-License-Identifier: MIT */
/*
 * monkey.h - somebody who presses keys, clicks, waits and resizes without any idea, and whoever
 * looks over his shoulder: after each of it the picture is drawn and everything that must hold is
 * checked. Chance comes from a seed or from octets of a fuzzer.
 */
#ifndef SCREENS_MONKEY_H
#define SCREENS_MONKEY_H

#include <base/prng.h>
#include <stage/session.h>

/* From `data` while there is any; without `data` from the generator. */
struct chance {
	struct prng prng;
	const uint8_t *data;
	size_t left;
};

uint32_t chance_below(struct chance *c, uint32_t bound);

enum { TRAIL = 40, TRAIL_OCTETS = 64 };

struct scene_file;

struct monkey {
	struct session session;
	struct history *history; /* of `file`, when there is one: he tries deeds by hand, too */
	const struct scene_file *file;
	struct stage_files files; /* that take everything and keep nothing */
	struct canvas canvas, again;
	struct stage_options options;
	const struct trace *trace;
	const struct stage_live *live; /* instead of the trace; or NULL */
	/* Then: something happens there, before he has heard of it. */
	void (*stir)(void *user, struct chance *c);
	void *user;
	int rows, columns; /* where he is at home */
	int now_rows, now_columns;
	bool is_open;
	char trail[TRAIL][TRAIL_OCTETS]; /* his last deeds, for whoever must find out */
	uint64_t deeds;
};

/* On a trace, or on a play, which he may change; they must outlive it. Zeroed before,
 * but for `live` and what belongs to it. */
void monkey_open(struct monkey *m, const struct trace *t, const struct scene_file *f,
		 struct chance *c, int rows, int columns);
void monkey_close(struct monkey *m);
/* One deed. NULL: all is well; else what is not. When the session was left it is opened again. */
const char *monkey_act(struct monkey *m, struct chance *c);
void monkey_print_trail(const struct monkey *m); /* as TAP comments */

#endif
