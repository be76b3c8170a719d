/* SPDX-License-Identifier: MIT */
/* cc_more.c - the block in which congestion control keeps its memory, and what it learns from what
 * is sent: how much of the window is used. */
#include "cc_more.h"
#include "pool.h"
#include <base/assert.h>
#include <string.h>

struct cc_more cc_more_load(const struct cc *c, const struct tcp_env *env)
{
	struct cc_more m;

	ASSERT(c->more != 0);
	memcpy(&m, env->pool->blocks[c->more].word, sizeof m);
	return m;
}

void cc_more_store(const struct cc *c, const struct cc_more *m, struct tcp_env *env)
{
	ASSERT(c->more != 0);
	memcpy(env->pool->blocks[c->more].word, m, sizeof *m);
}

void cc_more_flush(struct cc *c, struct tcp_pool *pool)
{
	if (c->more != 0)
		pool_give(pool, c->more);
	c->more = 0;
}

bool cc_more_copy(struct cc *to, const struct cc *from, struct tcp_pool *pool)
{
	to->more = 0;
	if (from->more == 0)
		return true;
	to->more = pool_take(pool);
	if (to->more == 0)
		return false;
	pool->blocks[to->more] = pool->blocks[from->more];
	return true;
}

static bool is_wanted(const struct tcp_profile *p)
{
	if (p->cc == CC_NONE)
		return false;
	return p->cc == CC_CUBIC || p->hystart != HYSTART_OFF || p->cwnd_validate == VALIDATE_LINUX;
}

/* False: none is wanted, or there is none. Then the next text asks again. */
static bool take(struct cc *c, const struct cc_event *e)
{
	static const struct tcp_block zero;
	struct tcp_pool *pool = e->env->pool;
	struct cc_more m = {0};

	if (!is_wanted(e->env->profile))
		return false;
	c->more = pool_take(pool);
	if (c->more == 0) {
		cc_why(e, R_CC_NO_BLOCK);
		return false;
	}
	pool->blocks[c->more] = zero;
	hystart_begin(&m, e->una, e); /* windowEnd: "initialized to SND.NXT" */
	m.window_end = e->una;
	cc_more_store(c, &m, e->env);
	return true;
}

/* Linux' tcp_cwnd_validate: the strongest sign of how much of cwnd was used within a window. */
static void see_use(const struct cc *c, struct cc_more *m, const struct cc_event *e)
{
	bool is_full = e->flight >= c->cwnd, was_full = (m->flags & MORE_LIMITED) != 0;

	if (!is_full && seq_lt(e->una, m->window_end) && (was_full || e->flight <= m->max_out))
		return;
	m->flags = (uint8_t)(is_full ? m->flags | MORE_LIMITED : m->flags & ~MORE_LIMITED);
	m->max_out = e->flight;
	m->window_end = e->nxt;
}

void cc_sent(struct cc *c, const struct cc_event *e)
{
	if (c->more == 0 && !take(c, e))
		return;
	struct cc_more m = cc_more_load(c, e->env);

	see_use(c, &m, e);
	if (e->flight == e->sent) /* nothing was outstanding */
		cubic_pause(&m, e);
	cc_more_store(c, &m, e->env);
}
