/* SPDX-License-Identifier: MIT */
/*
 * growth.h - a session whose recording grows while it is watched: what is new is taken in between
 * two pictures. The story is laid out anew each time; whoever runs the session sees to it that this
 * does not take all the time there is.
 */
#ifndef STAGE_GROWTH_H
#define STAGE_GROWTH_H

#include "stage/stage.h"
#include "stage/talks.h"

struct session;

struct growth {
	const struct stage_live *live; /* NULL: the trace is whole */
	uint64_t version;              /* that was taken in */
	uint64_t count;                /* records that the story was laid out with */
	uint32_t chosen;               /* the conversation the reader has chosen; 0: the newest */
	bool is_held;                  /* meanwhile the one shown stays, for somebody looks back */
	bool wants_edge;               /* of the next conversation that comes: it was asked for */
	struct talks_list list;
};

/* The trace that a session with these options begins with. */
const struct trace *growth_trace(const struct stage_options *o, const struct trace *t);
void growth_init(struct session *s, const struct stage_options *o);

/* What waits is heard. Never blocks. */
void session_turn(struct session *s);
/* There is something that the next session_take would take in. */
bool session_has_news(const struct session *s);
void session_take(struct session *s);
/* After so much of the reader's time the clock at the edge wants to be looked at again, for a
 * countdown is to be seen; -1: it does not. Then session_clock does it. */
usec session_alarm(const struct session *s);
void session_clock(struct session *s);
/* Shows this conversation from now on, 0: always the newest; its edge is followed. */
void session_choose(struct session *s, uint32_t id);

#endif
