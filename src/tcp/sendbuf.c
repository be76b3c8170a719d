/* SPDX-License-Identifier: MIT */
/*
 * sendbuf.c - how much a SEND may queue. The RFC leaves it to the stack. Either octets are counted
 * one by one, or, as in a kernel that keeps text in buffers of its own, by pieces: a piece is half
 * the largest window of the peer in whole segments, it costs more than its octets, and while there
 * is any room at all a new one may be begun and filled.
 */
#include "queues.h"
#include "tcb.h"

enum {
	SEGMENTS_LEAST = 10, /* RFC 6928's initial window: SO_SNDBUF is never meant for less */
	PACKET_COST = 640,   /* of a buffer for one segment, before it is rounded up */
	PACKET_HEAD = 256,
};

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

/* Room for twice the congestion window, since while its ACKs are on their way as much again may
 * wait. */
uint32_t tcp_send_buffer(const struct tcb *t, const struct tcp_profile *p)
{
	uint64_t segments, wanted;

	if (p->snd_buff_auto <= p->snd_buff || t->snd.mss == 0)
		return p->snd_buff;
	segments = t->cc.cwnd / t->snd.mss;
	if (segments < SEGMENTS_LEAST)
		segments = SEGMENTS_LEAST;
	wanted = 2 * segments * (power_of_two_above(t->snd.mss + PACKET_COST) + PACKET_HEAD);
	if (wanted < p->snd_buff)
		return p->snd_buff;
	return wanted < p->snd_buff_auto ? (uint32_t)wanted : p->snd_buff_auto;
}

static uint32_t piece(const struct tcb *t)
{
	uint32_t half = t->snd.max_wnd / 2;

	if (t->snd.mss == 0)
		return 1;
	return half < 2u * t->snd.mss ? t->snd.mss : half / t->snd.mss * t->snd.mss;
}

static uint64_t charged(const struct tcb *t, const struct tcp_profile *p)
{
	uint32_t size = piece(t);

	return t->snd.queued + (uint64_t)p->snd_charge * ((t->snd.queued + size - 1) / size);
}

static uint32_t room_of_octets(const struct tcb *t, const struct tcp_profile *p)
{
	uint32_t buff = tcp_send_buffer(t, p), unsent = tcp_unsent(t);
	uint32_t room = buff > t->snd.queued ? buff - t->snd.queued : 0;

	if (p->notsent_lowat == 0)
		return room;
	if (unsent >= p->notsent_lowat)
		return 0;
	return room < p->notsent_lowat - unsent ? room : p->notsent_lowat - unsent;
}

uint32_t tcp_send_room(const struct tcb *t, const struct tcp_profile *p)
{
	uint32_t size = piece(t), unsent = tcp_unsent(t);

	if (p->snd_charge == 0)
		return room_of_octets(t, p);
	if (unsent % size > 0)
		return size - unsent % size;
	if (charged(t, p) >= tcp_send_buffer(t, p))
		return 0;
	return p->notsent_lowat > 0 && unsent >= p->notsent_lowat ? 0 : size;
}

/* A writer is woken when it is worth while: with a third of the buffer free. */
bool tcp_is_writable(const struct tcb *t, const struct tcp_profile *p)
{
	uint64_t used = charged(t, p);

	if (p->snd_charge == 0)
		return room_of_octets(t, p) > 0;
	return used + used / 2 <= tcp_send_buffer(t, p) &&
	       (p->notsent_lowat == 0 || 2 * (uint64_t)tcp_unsent(t) < p->notsent_lowat);
}

uint32_t tcp_records_marked(const struct tcb *t, unsigned marks, const struct tcp_pool *pool)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < t->rexmitq.count; i++)
		count += (rexmitq_at(t, i, pool).marks & marks) != 0;
	return count;
}
