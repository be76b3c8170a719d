/* SPDX-License-Identifier: MIT */
/* loss.c - the two blocks in which loss recovery keeps its memory. */
#include "loss.h"
#include "pool.h"
#include <base/assert.h>
#include <string.h>

static void load(const struct tcp_pool *pool, uint32_t block, void *out)
{
	ASSERT(block != 0);
	memcpy(out, pool->blocks[block].word, TCP_BLOCK);
}

static void store(struct tcp_pool *pool, uint32_t block, const void *from)
{
	ASSERT(block != 0);
	memcpy(pool->blocks[block].word, from, TCP_BLOCK);
}

struct loss loss_load(const struct tcb *t, const struct tcp_env *env)
{
	struct loss l;

	load(env->pool, t->loss, &l);
	return l;
}

void loss_store(const struct tcb *t, const struct loss *l, struct tcp_env *env)
{
	store(env->pool, t->loss, l);
}

struct rack rack_load(const struct tcb *t, const struct tcp_env *env)
{
	struct rack r;

	load(env->pool, t->rack, &r);
	return r;
}

void rack_store(const struct tcb *t, const struct rack *r, struct tcp_env *env)
{
	store(env->pool, t->rack, r);
}

static uint32_t take(struct tcp_pool *pool)
{
	static const struct tcp_block zero;
	uint32_t block = pool_take(pool);

	if (block != 0)
		pool->blocks[block] = zero;
	return block;
}

/* Without a block the connection goes on as one whose settings are off. */
void loss_open(struct tcb *t, struct tcp_env *env)
{
	const struct tcp_profile *p = env->profile;
	bool has_sack = (t->flags & TCB_SACK) != 0;

	if (t->loss == 0 && (has_sack || p->frto))
		t->loss = take(env->pool);
	if (t->rack == 0 && has_sack && (p->rack || p->tlp)) {
		t->rack = take(env->pool);
		if (t->rack != 0) {
			struct rack r = {.reo_wnd_mult = 1, .flags = TLP_MEASURED};

			rack_store(t, &r, env);
		}
	}
}

static void give(uint32_t *block, struct tcp_pool *pool)
{
	if (*block != 0)
		pool_give(pool, *block);
	*block = 0;
}

void loss_flush(struct tcb *t, struct tcp_pool *pool)
{
	give(&t->loss, pool);
	give(&t->rack, pool);
}

uint32_t loss_blocks(const struct tcb *t)
{
	return (t->loss != 0 ? 1 : 0) + (t->rack != 0 ? 1 : 0);
}

static bool copy(uint32_t *to, uint32_t from, struct tcp_pool *pool)
{
	*to = 0;
	if (from == 0)
		return true;
	*to = pool_take(pool);
	if (*to == 0)
		return false;
	pool->blocks[*to] = pool->blocks[from];
	return true;
}

bool loss_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool)
{
	return copy(&to->loss, from->loss, pool) && copy(&to->rack, from->rack, pool);
}
