/* SPDX-License-Identifier: MIT */
/* recorder_queue.c - what waits for its turn: a heap by time, whose items know their places. */
#include "live/recorder_inside.h"

#include <string.h>

enum { SPARE_MAX = 4096, ROOM_KEPT = 1 << 16 };

struct item *item_new(struct recorder *r, enum item_kind kind, usec at)
{
	struct item *i = r->spare.count > 0 ? array_pop(&r->spare) : xcalloc(1, sizeof *i);
	uint8_t *octets = i->octets;
	size_t room = i->room;

	memset(i, 0, sizeof *i);
	i->octets = octets;
	i->room = room;
	i->kind = (uint8_t)kind;
	i->at = at;
	return i;
}

void item_keep_octets(struct recorder *r, struct item *i, const void *octets, size_t n)
{
	if (i->room < n) {
		free(i->octets);
		i->octets = xmalloc(n);
		i->room = n;
	}
	if (n > 0)
		memcpy(i->octets, octets, n);
	i->size = (uint32_t)n;
	r->held_octets += n;
}

void item_free(struct recorder *r, struct item *i)
{
	r->held_octets -= i->size;
	i->size = 0;
	if (r->spare.count < SPARE_MAX && i->room <= ROOM_KEPT) {
		*array_push(&r->spare) = i;
		return;
	}
	free(i->octets);
	free(i);
}

static bool is_before(const struct item *a, const struct item *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	if (a->order != b->order)
		return a->order < b->order;
	return a->sub < b->sub;
}

static void set(struct recorder *r, size_t place, struct item *i)
{
	r->heap.at[place] = i;
	i->heap = place;
}

static void rise(struct recorder *r, struct item *i)
{
	size_t place = i->heap;

	while (place > 0 && is_before(i, r->heap.at[(place - 1) / 2])) {
		set(r, place, r->heap.at[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	set(r, place, i);
}

static void sink_down(struct recorder *r, struct item *i)
{
	size_t place = i->heap, child;

	while ((child = 2 * place + 1) < r->heap.count) {
		if (child + 1 < r->heap.count &&
		    is_before(r->heap.at[child + 1], r->heap.at[child]))
			child++;
		if (!is_before(r->heap.at[child], i))
			break;
		set(r, place, r->heap.at[child]);
		place = child;
	}
	set(r, place, i);
}

/* Numbers lie so far apart that something can be put right before and right behind each. */
uint64_t order_of_next(struct recorder *r)
{
	return ++r->came * 4;
}

void queue_put(struct recorder *r, struct item *i)
{
	array_push(&r->heap);
	i->heap = r->heap.count - 1;
	rise(r, i);
}

void queue_move(struct recorder *r, struct item *i, usec at)
{
	if (at >= i->at)
		return;
	i->at = at;
	rise(r, i);
}

struct item *queue_first(const struct recorder *r)
{
	return r->heap.count > 0 ? r->heap.at[0] : NULL;
}

struct item *queue_take(struct recorder *r)
{
	struct item *first = r->heap.at[0], *last = array_pop(&r->heap);

	if (last != first) {
		last->heap = 0;
		sink_down(r, last);
	}
	return first;
}
