/* SPDX-License-Identifier: MIT */
/*
 * sendbuf.c - how much a SEND may queue, and when who waits for room hears of it. RFC 9293 3.9.1.2
 * leaves it to the stack. Either octets are counted one by one, or, as in a kernel that keeps text
 * in buffers of its own, by pieces: a piece is half the largest window of the peer in whole
 * segments, it costs more than its octets, and while there is any room at all a new one may be
 * begun and filled.
 */
#include "queues.h"
#include "recovery.h"
#include "snd_more.h"
#include "tcb.h"

enum {
	SEGMENTS_LEAST = 10, /* RFC 6928's initial window: SO_SNDBUF is never meant for less */
	PACKET_COST = 640,   /* of a buffer for one segment, before it is rounded up */
	PACKET_HEAD = 256,
	PIECE_MOST = 65536 - 321, /* what one datagram holds, less room for every header */
};

/* ---- how much there is ----------------------------------------------------------------------- */

uint32_t tcp_unsent(const struct tcb *t)
{
	return t->state == CLOSED || t->state == LISTEN ? 0 : text_unsent(t);
}

static uint32_t power_of_two_above(uint32_t n)
{
	uint32_t power = 1;

	while (power < n)
		power *= 2;
	return power;
}

/* Room for twice a congestion window of so many segments, since while its ACKs are on their way as
 * much again may wait. */
static uint32_t buffer_for(const struct tcb *t, uint32_t segments, const struct tcp_profile *p)
{
	uint64_t cost = power_of_two_above(t->snd.mss + PACKET_COST) + PACKET_HEAD, wanted;

	wanted = 2 * cost * (segments > SEGMENTS_LEAST ? segments : SEGMENTS_LEAST);
	return wanted < p->snd_buff_auto ? (uint32_t)wanted : p->snd_buff_auto;
}

static bool may_grow(const struct tcb *t, const struct tcp_profile *p)
{
	return p->snd_buff_auto > p->snd_buff && t->snd.mss > 0;
}

uint32_t tcp_send_buffer(const struct tcb *t, const struct tcp_profile *p,
			 const struct tcp_pool *pool)
{
	uint32_t first, grown;

	if (!may_grow(t, p))
		return p->snd_buff;
	first = buffer_for(t, SEGMENTS_LEAST, p);
	grown = snd_more_load(t, pool).buff;
	if (grown > first)
		first = grown;
	return first > p->snd_buff ? first : p->snd_buff;
}

static uint32_t piece(const struct tcb *t)
{
	uint32_t most = t->snd.max_wnd / 2;

	if (t->snd.mss == 0)
		return 1;
	if (most > PIECE_MOST)
		most = PIECE_MOST;
	return most < 2u * t->snd.mss ? t->snd.mss : most / t->snd.mss * t->snd.mss;
}

static uint64_t charged(const struct tcb *t, const struct tcp_profile *p)
{
	uint32_t size = piece(t);

	return t->snd.queued + (uint64_t)p->snd_charge * ((t->snd.queued + size - 1) / size);
}

static uint32_t room_of_octets(const struct tcb *t, uint32_t buff, const struct tcp_profile *p)
{
	uint32_t unsent = tcp_unsent(t);
	uint32_t room = buff > t->snd.queued ? buff - t->snd.queued : 0;

	if (p->notsent_lowat == 0)
		return room;
	if (unsent >= p->notsent_lowat)
		return 0;
	return room < p->notsent_lowat - unsent ? room : p->notsent_lowat - unsent;
}

uint32_t tcp_send_room(const struct tcb *t, const struct tcp_profile *p,
		       const struct tcp_pool *pool)
{
	uint32_t size = piece(t), unsent = tcp_unsent(t), buff = tcp_send_buffer(t, p, pool);

	if (p->snd_charge == 0)
		return room_of_octets(t, buff, p);
	if (unsent % size > 0)
		return size - unsent % size;
	if (charged(t, p) >= buff)
		return 0;
	return p->notsent_lowat > 0 && unsent >= p->notsent_lowat ? 0 : size;
}

/* ---- who waits for it ------------------------------------------------------------------------ */

/* Waking a writer for every segment that an ACK makes free is not worth while: he sleeps until a
 * third of the buffer is, and half of what may lie unsent. */
static bool is_third_free(const struct tcb *t, uint32_t buff, const struct tcp_profile *p)
{
	uint64_t used = charged(t, p);

	return used + used / 2 <= buff &&
	       (p->notsent_lowat == 0 || 2 * (uint64_t)tcp_unsent(t) < p->notsent_lowat);
}

bool tcp_is_writable(const struct tcb *t, const struct tcp_profile *p, const struct tcp_pool *pool)
{
	if (p->write_third)
		return is_third_free(t, tcp_send_buffer(t, p, pool), p);
	return tcp_send_room(t, p, pool) > 0;
}

void room_missed(struct tcb *t)
{
	t->flags |= TCB_WRITER;
}

void room_made(struct tcb *t, struct tcp_env *env)
{
	if (t->flags & TCB_WRITER)
		t->flags |= TCB_ROOM;
	if (!env->profile->write_third)
		env->signals |= TCP_SIG_WRITABLE;
}

/* It is the buffer that holds the sender back, not cwnd. */
static void grow(struct tcb *t, struct tcp_env *env)
{
	struct snd_more m = snd_more_load(t, env->pool);
	uint32_t segments, wanted;

	if (!may_grow(t, env->profile))
		return;
	segments = t->cc.cwnd / t->snd.mss;
	wanted = buffer_for(t, segments, env->profile);
	if (recovery_outstanding(t, env) / t->snd.mss >= segments ||
	    wanted <= tcp_send_buffer(t, env->profile, env->pool))
		return;
	why(t, R_SEND_BUFFER_GROWS, env);
	m.buff = wanted;
	snd_more_store(t, &m, env->pool);
}

void room_tell(struct tcb *t, struct tcp_env *env)
{
	if (!(t->flags & TCB_WRITER) || !(t->flags & TCB_ROOM))
		return;
	t->flags &= ~(uint32_t)TCB_ROOM;
	grow(t, env);
	if (!tcp_is_writable(t, env->profile, env->pool))
		return;
	t->flags &= ~(uint32_t)TCB_WRITER;
	if (env->profile->write_third) {
		why(t, R_SEND_THIRD, env);
		env->signals |= TCP_SIG_WRITABLE;
	}
}

uint32_t tcp_records_marked(const struct tcb *t, unsigned marks, const struct tcp_pool *pool)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < t->rexmitq.count; i++)
		count += (rexmitq_at(t, i, pool).marks & marks) != 0;
	return count;
}
