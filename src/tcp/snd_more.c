/* SPDX-License-Identifier: MIT */
#include "snd_more.h"
#include "pool.h"
#include <string.h>

struct snd_more snd_more_load(const struct tcb *t, const struct tcp_pool *pool)
{
	struct snd_more m = {0};

	if (t->snd.more)
		memcpy(&m, &pool->blocks[t->snd.more], sizeof m);
	return m;
}

void snd_more_store(struct tcb *t, const struct snd_more *m, struct tcp_pool *pool)
{
	static const struct snd_more nothing;

	if (memcmp(m, &nothing, sizeof nothing) == 0) {
		snd_more_flush(t, pool);
		return;
	}
	if (!t->snd.more)
		t->snd.more = pool_take(pool);
	if (t->snd.more)
		memcpy(&pool->blocks[t->snd.more], m, sizeof *m);
}

void snd_more_flush(struct tcb *t, struct tcp_pool *pool)
{
	if (t->snd.more)
		pool_give(pool, t->snd.more);
	t->snd.more = 0;
}

bool snd_more_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool)
{
	if (!from->snd.more)
		return true;
	to->snd.more = pool_take(pool);
	if (!to->snd.more)
		return false;
	pool->blocks[to->snd.more] = pool->blocks[from->snd.more];
	return true;
}
