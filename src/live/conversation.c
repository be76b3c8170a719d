/* SPDX-License-Identifier: MIT */
#include "live/conversation.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <base/prng.h>
#include "live/loop.h"

enum { SLOTS_FIRST = 64, STEPS_MOST = 64 };

/* ---- found by two ends ----------------------------------------------------------------------- */

bool endpoint_is(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && address_eq(&a->address, &b->address);
}

static uint64_t hash_of(const struct conversations *all, const struct endpoint *e)
{
	uint8_t octets[19];

	memcpy(octets, e->address.octets, 16);
	octets[16] = e->address.family;
	octets[17] = (uint8_t)(e->port >> 8);
	octets[18] = (uint8_t)e->port;
	return siphash(all->key, octets, sizeof octets);
}

/* The same for both directions. */
static struct conversation **slot_of(const struct conversations *all, const struct endpoint *a,
				     const struct endpoint *b)
{
	return &all->slots[(hash_of(all, a) + hash_of(all, b)) & (all->size - 1)];
}

/* Whoever calls may choose its port, but shall not choose our slots. */
void conversations_init(struct conversations *all)
{
	*all = (struct conversations){.size = SLOTS_FIRST};
	all->slots = xcalloc(all->size, sizeof(struct conversation *));
	if (getrandom(all->key, sizeof all->key, GRND_NONBLOCK) != (ssize_t)sizeof all->key)
		all->key[0] = (uint64_t)clock_wall();
}

static bool is_between(const struct conversation *c, const struct endpoint *a,
		       const struct endpoint *b)
{
	const struct endpoint *end = c->flow.end;

	return (endpoint_is(&end[0], a) && endpoint_is(&end[1], b)) ||
	       (endpoint_is(&end[0], b) && endpoint_is(&end[1], a));
}

struct conversation *conversation_find(const struct conversations *all, const struct endpoint *a,
				       const struct endpoint *b)
{
	struct conversation *c = *slot_of(all, a, b);

	while (c != NULL && !is_between(c, a, b))
		c = c->chain;
	return c;
}

static void put_in_slot(struct conversations *all, struct conversation *c)
{
	struct conversation **slot = slot_of(all, &c->flow.end[0], &c->flow.end[1]);

	c->chain = *slot;
	*slot = c;
}

/* In order of id, so that the youngest stays the first in its chain. */
static void grow(struct conversations *all)
{
	free(all->slots);
	all->size *= 2;
	all->slots = xcalloc(all->size, sizeof(struct conversation *));
	for (size_t i = 0; i < all->by_id.count; i++)
		put_in_slot(all, all->by_id.at[i]);
}

static void take_from_slot(struct conversations *all, struct conversation *c)
{
	struct conversation **link = slot_of(all, &c->flow.end[0], &c->flow.end[1]);

	while (*link != c)
		link = &(*link)->chain;
	*link = c->chain;
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void append(struct conversation_list *l, struct conversation *c)
{
	c->before = l->last;
	c->after = NULL;
	*(l->last != NULL ? &l->last->after : &l->first) = c;
	l->last = c;
	l->count++;
}

static void take_out(struct conversation_list *l, struct conversation *c)
{
	*(c->before != NULL ? &c->before->after : &l->first) = c->after;
	*(c->after != NULL ? &c->after->before : &l->last) = c->before;
	l->count--;
}

static struct conversation_list *list_of(struct conversations *all, const struct conversation *c)
{
	return c->ended != 0 ? &all->over : &all->open;
}

void conversation_touch(struct conversations *all, struct conversation *c)
{
	struct conversation_list *l = list_of(all, c);

	take_out(l, c);
	append(l, c);
}

void conversation_finish(struct conversations *all, struct conversation *c, usec at)
{
	take_out(&all->open, c);
	c->ended = at;
	append(&all->over, c);
}

/* ---- in order of id -------------------------------------------------------------------------- */

static size_t place_of(const struct conversations *all, uint32_t id)
{
	size_t low = 0, high = all->by_id.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->by_id.at[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct conversation *conversation_by_id(const struct conversations *all, uint32_t id)
{
	size_t place = place_of(all, id);

	return place < all->by_id.count && all->by_id.at[place]->id == id ? all->by_id.at[place]
									  : NULL;
}

struct conversation *conversation_add(struct conversations *all, const struct flow *f, usec at)
{
	struct conversation *c = xcalloc(1, sizeof *c);

	c->id = ++all->ids;
	c->flow = *f;
	c->began = c->last = at;
	c->due = USEC_NEVER;
	c->end[0].cpu_percent = c->end[1].cpu_percent = -1;
	*array_push(&all->by_id) = c;
	if (all->by_id.count > all->size)
		grow(all);
	else
		put_in_slot(all, c);
	append(&all->open, c);
	return c;
}

void conversation_remove(struct conversations *all, struct conversation *c)
{
	size_t place = place_of(all, c->id);

	take_from_slot(all, c);
	take_out(list_of(all, c), c);
	all->by_id.count--;
	memmove(all->by_id.at + place, all->by_id.at + place + 1,
		(all->by_id.count - place) * sizeof(struct conversation *));
	recorder_free(c->recorder);
	free(c);
}

void conversations_fini(struct conversations *all)
{
	while (all->by_id.count > 0)
		conversation_remove(all, *array_last(&all->by_id));
	array_fini(&all->by_id);
	free(all->slots);
}

/* ---- who goes first -------------------------------------------------------------------------- */

static bool is_mourning(const struct conversation *c)
{
	bool is_so = c->was_there;

	for (int i = 0; i < 2; i++)
		is_so = is_so && (!c->end[i].is_there || c->end[i].sight.state == TIME_WAIT);
	return is_so;
}

struct conversation *conversation_least(const struct conversations *all, uint32_t held, usec quiet,
					bool only_ended)
{
	struct conversation *c = all->over.first;
	int steps = 0;

	if (c != NULL && c->id == held)
		c = c->after;
	if (c != NULL || only_ended)
		return c;
	/* Most that mourn have done so for long, and stand in front. */
	for (c = all->open.first; c != NULL && steps < STEPS_MOST; c = c->after, steps++) {
		if (c->id != held && is_mourning(c))
			return c;
	}
	c = all->open.first;
	if (c != NULL && c->id == held)
		c = c->after;
	return c != NULL && c->last <= quiet ? c : NULL;
}

/* ---- what its trace tells -------------------------------------------------------------------- */

/* A connection of the trace is an end's by its ports and, where these are equal, by who called. */
static int end_of(struct conversation *c, const struct trace *t, uint32_t serial)
{
	const struct trace_conn *conn;

	for (int i = 0; i < 2; i++) {
		if (c->end[i].conn == serial)
			return i;
	}
	conn = trace_conn_at(t, serial);
	for (int i = 0; i < 2; i++) {
		if (conn != NULL && !conn->is_listener && c->end[i].conn == 0 &&
		    conn->port == c->flow.end[i].port && conn->peer_port == c->flow.end[!i].port) {
			c->end[i].conn = serial;
			return i;
		}
	}
	return -1;
}

static void absorb(struct conversation *c, const struct trace *t, const struct record *r)
{
	int end = r->conn != 0 ? end_of(c, t, r->conn) : -1;

	/* Some are sent for no connection: that nobody listens there. */
	c->segments += r->kind == REC_SEND;
	if (end < 0)
		return;
	c->end[end].state = (enum state)r->to;
	if (r->kind == REC_SEND)
		c->end[end].octets += r->seg.text.len;
}

bool conversation_absorb(struct conversation *c)
{
	const struct trace *t = recorder_trace(c->recorder);
	uint64_t count = trace_count(t);
	bool is_new = c->absorbed < count;

	for (; c->absorbed < count; c->absorbed++)
		absorb(c, t, trace_at(t, c->absorbed));
	return is_new;
}

bool conversation_is_final(const struct conversation *c)
{
	return c->is_reset || c->is_left || (c->end[0].has_closed && c->end[1].has_closed);
}
