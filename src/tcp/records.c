/* SPDX-License-Identifier: MIT */
/*
 * records.c - where the user wants segments to end (MSG_EOR). RFC 9293 knows no records; a stack
 * may cut the stream where it likes (3.7.4), and so here, too. When there are as many edges as can
 * be remembered the newest takes the place of the one before it: two records become one.
 */
#include "queues.h"
#include "snd_more.h"
#include <string.h>

void records_end(struct tcb *t, seq32 at, struct tcp_pool *pool)
{
	struct snd_more m = snd_more_load(t, pool);

	if (m.edges < EDGES_MOST)
		m.edges++;
	m.edge[m.edges - 1] = at;
	snd_more_store(t, &m, pool);
}

uint32_t records_room(const struct tcb *t, uint32_t n, const struct tcp_pool *pool)
{
	struct snd_more m;
	uint32_t room;

	if (!t->snd.more) /* as nearly always */
		return n;
	m = snd_more_load(t, pool);
	if (m.edges == 0)
		return n;
	room = seq_span(t->snd.nxt, m.edge[0]);
	return room < n ? room : n;
}

void records_sent(struct tcb *t, struct tcp_pool *pool)
{
	struct snd_more m;
	uint32_t gone = 0;

	if (!t->snd.more)
		return;
	m = snd_more_load(t, pool);
	while (gone < m.edges && seq_le(m.edge[gone], t->snd.nxt))
		gone++;
	if (gone == 0)
		return;
	m.edges = (uint16_t)(m.edges - gone);
	memmove(m.edge, m.edge + gone, m.edges * sizeof *m.edge);
	memset(m.edge + m.edges, 0, gone * sizeof *m.edge);
	snd_more_store(t, &m, pool);
}
