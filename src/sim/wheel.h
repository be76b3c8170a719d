/* SPDX-License-Identifier: MIT */
/*
 * wheel.h - the event queue: a hierarchical timing wheel of microseconds (Varghese and Lauck).
 *
 * What is to happen lies in lists: 256 slots of one microsecond, 256 of 256, and so on, up to the
 * end of time. Putting in and taking out are O(1); what lies far away comes nearer at most seven
 * times. Events of the same microsecond come out in the order they were put in: a slot is first
 * in, first out, and when a coarse slot is opened its list keeps its order, while nothing can have
 * been put into the finer slots before.
 *
 * The nodes stand inside the things they speak of (segments in flight, connections): an id is a
 * kind and an index into that kind's pool. Id 0 is "none".
 */
#ifndef SIM_WHEEL_H
#define SIM_WHEEL_H

#include <stdbool.h>
#include <woshou/seq.h>
#include <sim/pool.h>

enum {
	WHEEL_BITS = 8,
	WHEEL_SLOTS = 1 << WHEEL_BITS,
	WHEEL_LEVELS = 8,
	WHEEL_KINDS = 4,
	WHEEL_INDEX_BITS = 30,
};

struct wheel_node {
	usec at; /* USEC_NEVER: in no list */
	uint32_t next, prev;
};

struct wheel_kind {
	const struct pool *pool;
	size_t offset; /* of the node in the thing */
};

struct wheel {
	usec base;      /* no event lies before */
	uint64_t count; /* events */
	struct wheel_kind kind[WHEEL_KINDS];
	uint64_t bits[WHEEL_LEVELS][WHEEL_SLOTS / 64]; /* slots that are not empty */
	struct {
		uint32_t first, last;
	} slot[WHEEL_LEVELS][WHEEL_SLOTS];
};

static inline uint32_t wheel_id(uint32_t kind, uint32_t index)
{
	return kind << WHEEL_INDEX_BITS | index;
}

static inline uint32_t wheel_id_kind(uint32_t id)
{
	return id >> WHEEL_INDEX_BITS;
}

static inline uint32_t wheel_id_index(uint32_t id)
{
	return id & ((1u << WHEEL_INDEX_BITS) - 1);
}

static inline struct wheel_node *wheel_node(const struct wheel *w, uint32_t id)
{
	const struct wheel_kind *k = &w->kind[wheel_id_kind(id)];

	return (struct wheel_node *)((uint8_t *)pool_at(k->pool, wheel_id_index(id)) + k->offset);
}

/* at >= base; the node is in no list. */
void wheel_put(struct wheel *w, uint32_t id, usec at);
void wheel_take(struct wheel *w, uint32_t id); /* the node is in a list */

/* Takes out the first event that is not after `until`. 0: there is none. */
uint32_t wheel_pop(struct wheel *w, usec until);

/* When the next event is, or USEC_NEVER; nothing moves. `when` may say that an event will really
 * happen later than its node says (never earlier), or never. */
usec wheel_next(const struct wheel *w, usec (*when)(const void *who, uint32_t id, usec at),
		const void *who);

#endif
