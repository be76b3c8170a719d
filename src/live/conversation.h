/* SPDX-License-Identifier: MIT */
/*
 * conversation.h - the conversations that an observer keeps: found by their two ends, in order of
 * id, those that go on by when something happened last, those that are over by when they ended.
 */
#ifndef LIVE_CONVERSATION_H
#define LIVE_CONVERSATION_H

#include <base/array.h>
#include "live/observer.h"

/* What is known of one end. */
struct conversation_end {
	struct socket_sight sight; /* the latest */
	uint64_t look;             /* the serial of that look; 0: none told of it */
	bool is_there;             /* the kernel knows its socket */
	bool has_closed;           /* its FIN was seen, or its close() told */
	enum state state;          /* as the trace has it */
	uint32_t conn;             /* its serial there; 0: not yet */
	uint64_t octets;
	uint32_t holder;
	char program[16];
	int cpu_percent;
};

struct conversation {
	uint32_t id;
	struct flow flow;
	struct recorder *recorder;
	usec began, ended, last; /* since 1970; last: an act or a frame */
	usec over_since;         /* the kernel knows it no more; 0: it does */
	usec due;                /* when the recorder wants to be passed; USEC_NEVER */
	struct conversation_end end[2];
	uint64_t absorbed; /* records of the trace that were looked at */
	uint64_t segments, memory;
	seq32 isn; /* of the SYN */
	bool has_isn, has_frames, was_there;
	bool is_reset;     /* by a RST, or it never came about */
	bool is_left;      /* our own process has closed its end */
	bool was_accepted; /* by our own process */
	bool is_full;      /* nothing more is recorded */
	/* conversation.c's own */
	struct conversation *chain, *before, *after;
};

struct conversation_list {
	struct conversation *first, *last;
	size_t count;
};

struct conversations {
	struct conversation **slots;
	size_t size;
	uint64_t key[2];
	ARRAY(struct conversation *) by_id;
	struct conversation_list open, over;
	uint32_t ids;
};

void conversations_init(struct conversations *all);
void conversations_fini(struct conversations *all);
bool endpoint_is(const struct endpoint *a, const struct endpoint *b);
/* The youngest between these two, whoever called; NULL: none. */
struct conversation *conversation_find(const struct conversations *all, const struct endpoint *a,
				       const struct endpoint *b);
struct conversation *conversation_by_id(const struct conversations *all, uint32_t id);
struct conversation *conversation_add(struct conversations *all, const struct flow *f, usec at);
/* Its recorder, too. */
void conversation_remove(struct conversations *all, struct conversation *c);
/* Something happened: it is the last to be let go. */
void conversation_touch(struct conversations *all, struct conversation *c);
void conversation_finish(struct conversations *all, struct conversation *c, usec at);
/* Which one makes room: the one that ended first, else one that only mourns, else one in which
 * nothing has happened since `quiet`; never `held`. NULL: none of these. */
struct conversation *conversation_least(const struct conversations *all, uint32_t held, usec quiet,
					bool only_ended);
/* What is new in its trace: states, segments, octets. True: something is. */
bool conversation_absorb(struct conversation *c);
/* Nobody will say anything more, as far as frames and calls tell. */
bool conversation_is_final(const struct conversation *c);

#endif
