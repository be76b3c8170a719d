/* SPDX-License-Identifier: MIT */
/* timers.h - the times a loop waits for: setting and cancelling are O(log n) and O(1). */
#ifndef LIVE_TIMERS_H
#define LIVE_TIMERS_H

#include <base/array.h>
#include <base/heap.h>
#include "live/loop.h"

struct timer {
	loop_due *due; /* NULL: the slot is free */
	void *user;
	uint32_t age;       /* how often the slot was used: an id is its slot and its age */
	uint32_t next_free; /* 1 + slot; 0: none */
};

struct timers {
	struct heap heap; /* cancelled ones too, until they come to the top or are too many */
	ARRAY(struct timer) slots;
	uint32_t first_free; /* 1 + slot; 0: none */
	size_t cancelled;    /* of those in the heap */
	uint64_t serial, mark;
};

/* A zeroed struct timers is an empty one. */
void timers_fini(struct timers *t);
uint64_t timers_add(struct timers *t, usec when, loop_due *due, void *user);
void timers_cancel(struct timers *t, uint64_t id);
usec timers_first(const struct timers *t); /* USEC_NEVER: none; never later than the first */
/* Those added after the mark are not taken before the next one. */
void timers_mark(struct timers *t);
bool timers_take(struct timers *t, usec now, struct timer *out);

#endif
