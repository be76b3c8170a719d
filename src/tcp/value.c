/* SPDX-License-Identifier: MIT */
/* value.c - a connection is a value: copied, compared and hashed by content. What lies in the pool
 * counts, the numbers of its blocks do not. */
#include "cc_more.h"
#include "loss.h"
#include "memory.h"
#include "queues.h"
#include "snd_more.h"
#include <base/assert.h>
#include <string.h>

uint32_t tcb_blocks(const struct tcb *t, const struct tcp_pool *pool)
{
	return rexmitq_blocks(t) + reasm_blocks(t, pool) + loss_blocks(t) +
	       (t->snd.more ? 1 : 0) + (t->cc.more ? 1 : 0) + (t->rcv.memory ? 1 : 0);
}

void tcb_copy(struct tcb *to, const struct tcb *from, struct tcp_env *env)
{
	*to = *from;
	bool has_room = rexmitq_copy(to, from, env->pool) && reasm_copy(to, from, env->pool) &&
			snd_more_copy(to, from, env->pool) && loss_copy(to, from, env->pool) &&
			cc_more_copy(&to->cc, &from->cc, env->pool) &&
			memory_copy(to, from, env->pool);

	ASSERT(has_room); /* the owner extends the pool first: tcb_blocks() more are needed */
}

/* The TCB alone, with the block numbers taken out. */
static struct tcb without_blocks(const struct tcb *t)
{
	struct tcb c = *t;

	c.rexmitq.head = c.rexmitq.tail = c.rexmit_slot = 0;
	c.snd.more = c.cc.more = c.rcv.memory = 0;
	c.rexmitq.oldest = c.rexmitq.newest = 0;
	c.loss = c.loss ? 1 : 0;
	c.rack = c.rack ? 1 : 0;
	c.rcv.more = c.rcv.held = c.rcv.held_last = 0;
	return c;
}

static bool runs_eq(uint32_t a, uint32_t b, const struct tcp_pool *pool_a,
		    const struct tcp_pool *pool_b)
{
	while (a != 0 && b != 0) {
		struct run x = run_at(pool_a, a), y = run_at(pool_b, b);

		if (memcmp(&x.text, &y.text, sizeof x.text) != 0 || !seq_eq(x.seq, y.seq) ||
		    x.heard != y.heard)
			return false;
		a = x.next;
		b = y.next;
	}
	return a == b;
}

/* Two blocks of the same content, or none. */
static bool block_eq(uint32_t a, uint32_t b, const struct tcp_pool *pool_a,
		     const struct tcp_pool *pool_b)
{
	if (a == 0 || b == 0)
		return a == b;
	return memcmp(&pool_a->blocks[a], &pool_b->blocks[b], TCP_BLOCK) == 0;
}

/* Their records and the order in which they were sent. */
static bool queues_eq(const struct tcb *a, const struct tcb *b, const struct tcp_pool *pool_a,
		      const struct tcp_pool *pool_b)
{
	uint32_t i = board_oldest(a, pool_a), j = board_oldest(b, pool_b);

	for (uint32_t k = 0; k < a->rexmitq.count; k++) {
		struct rexmit r = rexmitq_at(a, k, pool_a), s = rexmitq_at(b, k, pool_b);

		if (memcmp(&r, &s, sizeof r) != 0)
			return false;
	}
	while (i == j && i != REXMIT_NONE) {
		i = board_newer(a, i, pool_a);
		j = board_newer(b, j, pool_b);
	}
	return i == j;
}

bool tcb_eq(const struct tcb *a, const struct tcb *b, const struct tcp_pool *pool_a,
	    const struct tcp_pool *pool_b)
{
	struct tcb x = without_blocks(a), y = without_blocks(b);

	if (memcmp(&x, &y, sizeof x) != 0)
		return false;
	return queues_eq(a, b, pool_a, pool_b) &&
	       block_eq(a->snd.more, b->snd.more, pool_a, pool_b) &&
	       block_eq(a->loss, b->loss, pool_a, pool_b) &&
	       block_eq(a->rack, b->rack, pool_a, pool_b) &&
	       block_eq(a->cc.more, b->cc.more, pool_a, pool_b) &&
	       block_eq(a->rcv.memory, b->rcv.memory, pool_a, pool_b) &&
	       runs_eq(a->rcv.more, b->rcv.more, pool_a, pool_b) &&
	       runs_eq(a->rcv.held, b->rcv.held, pool_a, pool_b);
}

static uint64_t mix(uint64_t hash, const void *octets, size_t n)
{
	const unsigned char *at = octets;

	for (; n >= 8; n -= 8, at += 8) {
		uint64_t word;

		memcpy(&word, at, 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	for (; n > 0; n--, at++)
		hash = (hash ^ *at) * 0x100000001b3u;
	return hash;
}

static uint64_t mix_runs(uint64_t hash, uint32_t block, const struct tcp_pool *pool)
{
	for (; block != 0; block = run_at(pool, block).next) {
		struct run r = run_at(pool, block);

		hash = mix(hash, &r.text, sizeof r.text);
		hash = mix(hash, &r.seq, sizeof r.seq);
		hash = mix(hash, &r.heard, sizeof r.heard);
	}
	return hash;
}

uint64_t tcb_hash(const struct tcb *t, const struct tcp_pool *pool)
{
	struct tcb c = without_blocks(t);
	uint64_t hash = mix(0xcbf29ce484222325u, &c, sizeof c);

	for (uint32_t i = 0; i < t->rexmitq.count; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);

		hash = mix(hash, &r, sizeof r);
	}
	for (uint32_t i = board_oldest(t, pool); i != REXMIT_NONE; i = board_newer(t, i, pool))
		hash = mix(hash, &i, sizeof i);
	if (t->snd.more)
		hash = mix(hash, &pool->blocks[t->snd.more], TCP_BLOCK);
	if (t->loss)
		hash = mix(hash, &pool->blocks[t->loss], TCP_BLOCK);
	if (t->rack)
		hash = mix(hash, &pool->blocks[t->rack], TCP_BLOCK);
	if (t->cc.more)
		hash = mix(hash, &pool->blocks[t->cc.more], TCP_BLOCK);
	if (t->rcv.memory)
		hash = mix(hash, &pool->blocks[t->rcv.memory], TCP_BLOCK);
	return mix_runs(mix_runs(hash, t->rcv.more, pool), t->rcv.held, pool);
}
