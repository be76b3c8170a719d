/* SPDX-License-Identifier: MIT */
/*
 * edge.h - the edge of a recording that still grows: where its newest record is. Who follows it
 * sees what comes as it comes; what came all at once (on the loopback a handshake takes 50 us) is
 * told step by step, and then the clock is the recording's own again. A part of a player.
 */
#ifndef STAGE_EDGE_H
#define STAGE_EDGE_H

#include <stdbool.h>
#include <stdint.h>
#include <woshou/seq.h>

struct player;
struct story;

/* How a step is shown on the way to the edge. */
enum edge_pace {
	EDGE_GLIDES, /* words are seen flying */
	EDGE_STEPS,  /* from event to event */
	EDGE_JUMPS,  /* not at all: it is at the edge at once */
};

struct edge {
	bool is_open;     /* it may still grow */
	bool is_followed; /* the clock goes with it */
	enum edge_pace pace;
	usec now;   /* how late it is there */
	usec from;  /* the clock when the step that is being shown began */
	usec spent; /* of the reader's time on it */
};

/* So long a step is seen at least, and at most unless nothing follows it; so many are shown one by
 * one, when more wait the older ones are passed over. */
enum { EDGE_STEP_LEAST = 120000, EDGE_STEP_MOST = 400000, EDGE_REPLAY = 24 };

/* To the edge, and to stay there; what is not open has but an end. */
void player_follow(struct player *p);
void player_leave_edge(struct player *p);
/* It is followed and nothing waits to be shown. */
bool player_is_at_edge(const struct player *p);
/* The edge's clock moves on, nothing has happened there. */
void player_edge_clock(struct player *p, usec now);
/* The same recording, longer: `s` is laid out anew. Who looks back goes on seeing what he sees. */
void player_grow(struct player *p, const struct story *s, usec now);
/* Of a player that follows: the reader's time passes. */
void player_edge_tick(struct player *p, usec real);
/* Something moves at the edge, or what was shown last has not been seen long enough yet. */
bool player_edge_is_still(const struct player *p);
/* Steps that are there and not yet shown. */
uint32_t player_behind(const struct player *p);

#endif
