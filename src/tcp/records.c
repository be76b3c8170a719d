/* SPDX-License-Identifier: MIT */
/*
 * records.c - where the user wants segments to end (MSG_EOR). RFC 9293 knows no records; a stack
 * may cut the stream where it likes (3.7.4), and so here, too. The edges ahead of SND.NXT lie in a
 * block in ascending order. When it is full the newest edge takes the place of the one before it:
 * two records become one. The same block remembers when the path's MTU was told (path_mtu.c), how
 * large the send buffer has grown (sendbuf.c), and when the pace lets the next text go (pace.c).
 */
#include "pool.h"
#include "queues.h"
#include <string.h>

enum { EDGES = TCP_BLOCK / 4 - 6 };

struct edges {
	uint16_t count;
	uint16_t has_mtu; /* mtu_at counts */
	uint32_t buff;    /* SO_SNDBUF as it has grown; 0: it has not */
	usec mtu_at;
	usec pace_at; /* 0: not paced yet */
	seq32 at[EDGES];
};

_Static_assert(sizeof(struct edges) == TCP_BLOCK, "a block");

static struct edges edges_at(const struct tcp_pool *pool, uint32_t block)
{
	struct edges e;

	memcpy(&e, &pool->blocks[block], sizeof e);
	return e;
}

static void edges_put(struct tcp_pool *pool, uint32_t block, const struct edges *e)
{
	memcpy(&pool->blocks[block], e, sizeof *e);
}

/* As they are, or none in a block taken now. False: no block. */
static bool edges_open(struct tcb *t, struct edges *e, struct tcp_pool *pool)
{
	if (t->snd.records) {
		*e = edges_at(pool, t->snd.records);
		return true;
	}
	*e = (struct edges){0};
	t->snd.records = pool_take(pool);
	return t->snd.records != 0;
}

void records_end(struct tcb *t, seq32 at, struct tcp_pool *pool)
{
	struct edges e;

	if (!edges_open(t, &e, pool))
		return;
	if (e.count < EDGES)
		e.count++;
	e.at[e.count - 1] = at;
	edges_put(pool, t->snd.records, &e);
}

uint32_t records_room(const struct tcb *t, uint32_t n, const struct tcp_pool *pool)
{
	uint32_t room;

	if (!t->snd.records || edges_at(pool, t->snd.records).count == 0)
		return n;
	room = seq_span(t->snd.nxt, edges_at(pool, t->snd.records).at[0]);
	return room < n ? room : n;
}

void records_sent(struct tcb *t, struct tcp_pool *pool)
{
	struct edges e;
	uint32_t gone = 0;

	if (!t->snd.records)
		return;
	e = edges_at(pool, t->snd.records);
	while (gone < e.count && seq_le(e.at[gone], t->snd.nxt))
		gone++;
	if (gone == e.count && !e.has_mtu && e.buff == 0 && e.pace_at == 0) {
		records_flush(t, pool);
		return;
	}
	e.count = (uint16_t)(e.count - gone);
	memmove(e.at, e.at + gone, e.count * sizeof *e.at);
	memset(e.at + e.count, 0, gone * sizeof *e.at);
	edges_put(pool, t->snd.records, &e);
}

void records_flush(struct tcb *t, struct tcp_pool *pool)
{
	if (t->snd.records)
		pool_give(pool, t->snd.records);
	t->snd.records = 0;
}

bool records_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool)
{
	if (!from->snd.records)
		return true;
	to->snd.records = pool_take(pool);
	if (!to->snd.records)
		return false;
	pool->blocks[to->snd.records] = pool->blocks[from->snd.records];
	return true;
}

usec more_mtu_at(const struct tcb *t, const struct tcp_pool *pool)
{
	struct edges e;

	if (!t->snd.records)
		return USEC_NEVER;
	e = edges_at(pool, t->snd.records);
	return e.has_mtu ? e.mtu_at : USEC_NEVER;
}

void more_set_mtu_at(struct tcb *t, usec at, struct tcp_pool *pool)
{
	struct edges e;

	if (!edges_open(t, &e, pool))
		return;
	e.has_mtu = at != USEC_NEVER;
	e.mtu_at = e.has_mtu ? at : 0;
	edges_put(pool, t->snd.records, &e);
}

uint32_t more_buff(const struct tcb *t, const struct tcp_pool *pool)
{
	return t->snd.records ? edges_at(pool, t->snd.records).buff : 0;
}

void more_set_buff(struct tcb *t, uint32_t buff, struct tcp_pool *pool)
{
	struct edges e;

	if (!edges_open(t, &e, pool))
		return;
	e.buff = buff;
	edges_put(pool, t->snd.records, &e);
}

usec more_pace_at(const struct tcb *t, const struct tcp_pool *pool)
{
	return t->snd.records ? edges_at(pool, t->snd.records).pace_at : 0;
}

void more_set_pace_at(struct tcb *t, usec at, struct tcp_pool *pool)
{
	struct edges e;

	if (!edges_open(t, &e, pool))
		return;
	e.pace_at = at;
	edges_put(pool, t->snd.records, &e);
}
