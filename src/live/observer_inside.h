/* SPDX-License-Identifier: MIT */
/*
 * observer_inside.h - what the observer's files share. observer.c hears frames and calls, and
 * answers; observer_keep.c keeps conversations and passes their recorders; observer_look.c asks
 * the kernel.
 */
#ifndef LIVE_OBSERVER_INSIDE_H
#define LIVE_OBSERVER_INSIDE_H

#include <base/arena.h>
#include <base/heap.h>
#include "live/conversation.h"
#include "live/holder.h"
#include "live/sniff.h"
#include "live/sockdiag.h"

enum {
	OBSERVER_KEEP = 64,
	OBSERVER_MEMORY = 256 << 20,
	OBSERVER_EARLY = 16, /* calls of a listener or of nobody yet */
	/* A frame waits in the ring for 10 ms at most, and a call is told when it returns. */
	OBSERVER_SLACK_MS = 40,
};

struct observer {
	struct loop *loop;
	struct observer_options o;
	struct act_watcher watcher;
	struct observer_lack lack;
	struct sniff *sniff;   /* NULL: no frames */
	struct sockdiag *diag; /* NULL: no states */
	struct holders *holders;
	struct conversations all;
	struct heap due; /* recorders to be passed: time, 0, id; some outdated */
	uint64_t memory; /* of all traces */
	uint64_t version;
	uint32_t held;
	bool has_far; /* not on the loopback alone */
	usec drained; /* the ring was empty then */
	/* Calls that came before their conversation: of the listener, for each one; of sockets
	 * whose port nobody knows yet, for the next. Options' names lie in the arena. */
	ARRAY(struct act) listening, early;
	struct arena words;
	/* Looking. */
	uint64_t look, look_timer, pass_timer;
	usec looked, look_due, interval, cost; /* monotonic; look_due USEC_NEVER: no look is due */
	usec pass_due;                         /* since 1970 */
	usec look_began;                       /* since 1970 */
	usec look_before; /* when the one before it began; 0: it is the first */
	bool has_changed; /* this look told something new */
	bool has_listener;
	struct socket_sight listener;
	uint64_t listener_look;
};

/* What may be let go when there is no room: one that is not new must not push out what is kept, or
 * a crowd of them would take turns. */
enum observer_push { PUSH_NOBODY, PUSH_ENDED, PUSH_QUIET /* too: it goes on, but is silent */ };

/* ---- observer_keep.c ---- */
/* A conversation begins; NULL: there is no room for it. */
struct conversation *observer_begin(struct observer *o, const struct endpoint *caller,
				    const struct endpoint *called, usec at,
				    enum observer_push push);
/* Its recorder was fed: it is passed soon. */
void observer_fed(struct observer *o, struct conversation *c);
void observer_finish(struct observer *o, struct conversation *c, usec at);
/* Who of two was called, when nothing was seen of how it began. */
bool observer_is_called(const struct observer *o, const struct endpoint *a,
			const struct endpoint *b);

/* ---- observer_look.c ---- */
void observer_look_now(struct observer *o);
/* Something has happened. */
void observer_look_soon(struct observer *o);

/* ---- observer.c ---- */
/* What waits in the ring comes before what is told next. */
void observer_drain(struct observer *o);

#endif
