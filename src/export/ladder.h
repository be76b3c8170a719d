/* SPDX-License-Identifier: MIT */
/* ladder.h - what the parts of the ladder share: ladder.c gathers rungs, ladder_line.c writes one,
 * ladder_feed.c follows a trace that grows. */
#ifndef EXPORT_LADDER_H
#define EXPORT_LADDER_H

#include <base/array.h>
#include "export/acts.h"
#include "export/export.h"
#include "trace/talk.h"

enum rung_kind {
	RUNG_SEND,
	RUNG_ARRIVE,
	RUNG_DISCARD,
	RUNG_WIND, /* a deed later than the leaving: an age reached, a hand on the stage */
	RUNG_CALL,
	RUNG_RESULT,
	RUNG_READ,
	RUNG_WORD,  /* crash, reboot, ICMP */
	RUNG_ERROR, /* the connection is gone, and by nobody's call */
	RUNG_PROMISE,
	RUNG_STATES, /* states that no other line tells */
};

struct rung {
	enum rung_kind kind;
	const struct record *record;
	uint32_t talk_number;
	struct relative relative;
	bool is_plain; /* RUNG_ARRIVE: nothing befell it, the next line may tell it */
};

enum episode { EPISODE_NONE, EPISODE_ARRIVAL, EPISODE_TIMER, EPISODE_DEED };

struct ladder {
	const struct trace *trace;
	const struct export_options *options;
	struct sink *out;
	struct sink line;
	struct talks talks;
	struct acts acts;
	size_t name_columns, second_digits, comment_column;
	bool has_microseconds;
	bool was_read_called; /* the record before this one, of this host: read() */

	enum episode episode;
	usec at;
	uint8_t host;         /* whose episode it is */
	uint32_t talk_number; /* of the arrival that began it */
	ARRAY(struct rung) rungs;
	ARRAY(const struct record *) states;
};

/* What the socket will answer after this REC_SIGNAL; SOCK_OK: nothing went wrong. */
enum sock_error ladder_error(const struct record *signal);

/* One line, with the states reached if it is the one that tells them. */
void ladder_write(struct ladder *l, const struct rung *rung, bool has_states);

/* Every record in order; an episode is written when the next one begins. */
void ladder_see(struct ladder *l, const struct record *r);
void ladder_end_episode(struct ladder *l);
void ladder_measure_names(struct ladder *l);
void ladder_fini(struct ladder *l);

static inline size_t ladder_who_column(const struct ladder *l)
{
	return l->second_digits + (l->has_microseconds ? 7 : 4) + 2;
}

#endif
