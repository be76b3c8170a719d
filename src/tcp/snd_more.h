/* SPDX-License-Identifier: MIT */
/*
 * snd_more.h - what a sender remembers that most never need, in one block, SND.more. Loaded,
 * changed and stored again whole. All zeros is the same as no block; without one to be had nothing
 * is remembered, and nothing breaks.
 */
#ifndef TCP_SND_MORE_H
#define TCP_SND_MORE_H

#include <woshou/tcp.h>

enum { EDGES_MOST = TCP_BLOCK / 4 - 6 };

struct snd_more {
	uint16_t edges;         /* records.c: how many */
	uint16_t has_mtu;       /* path_mtu.c: mtu_at counts */
	uint32_t buff;          /* sendbuf.c: SO_SNDBUF as it has grown; 0: it has not */
	usec mtu_at;            /* when the path's MTU was told */
	usec pace_at;           /* pace.c: when the next text may leave; 0: nothing counted yet */
	seq32 edge[EDGES_MOST]; /* where segments must end, ascending, all ahead of SND.NXT */
};

_Static_assert(sizeof(struct snd_more) == TCP_BLOCK, "it fills a block, without padding");

struct snd_more snd_more_load(const struct tcb *t, const struct tcp_pool *pool);
void snd_more_store(struct tcb *t, const struct snd_more *m, struct tcp_pool *pool);
void snd_more_flush(struct tcb *t, struct tcp_pool *pool);
bool snd_more_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool);

#endif
