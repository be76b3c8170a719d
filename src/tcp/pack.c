/* SPDX-License-Identifier: MIT */
/* pack.c - a connection in TIME-WAIT in few octets. Unpacked, it goes through the same checks. */
#include "tcb.h"

_Static_assert(sizeof(struct tcb_time_wait) <= 48, "half of what the owner has for it");

bool tcp_may_pack(const struct tcb *t)
{
	return t->state == TIME_WAIT && t->due == 0 && t->rcv.user == 0 && t->rcv.held == 0;
}

void tcp_pack(const struct tcb *t, struct tcb_time_wait *out)
{
	ASSERT(tcp_may_pack(t));
	*out = (struct tcb_time_wait){
		.until = t->deadline[TIMER_TIME_WAIT],
		.challenge_at = t->challenge_at,
		.iss = t->iss,
		.irs = t->irs,
		.snd_nxt = t->snd.nxt,
		.rcv_nxt = t->rcv.nxt,
		.snd_wnd = t->snd.wnd,
		.max_wnd = t->snd.max_wnd,
		.rcv_wnd = (uint16_t)t->rcv.wnd,
		.rcv_mss = t->rcv.mss,
		.flags = (uint16_t)t->flags,
		.origin = t->origin,
		.challenges = t->challenges < UINT8_MAX ? (uint8_t)t->challenges : UINT8_MAX,
	};
}

void tcp_unpack(const struct tcb_time_wait *p, struct tcb *t, struct tcp_env *env)
{
	tcb_init(t, 0, env);
	t->state = TIME_WAIT;
	t->origin = p->origin;
	t->flags = p->flags;
	t->iss = p->iss;
	t->irs = p->irs;
	t->snd.una = t->snd.nxt = t->snd.up = t->snd.push = p->snd_nxt;
	t->snd.wnd = p->snd_wnd;
	t->snd.max_wnd = p->max_wnd;
	t->snd.wl1 = p->rcv_nxt;
	t->snd.wl2 = p->snd_nxt;
	t->rcv.nxt = t->rcv.up = p->rcv_nxt;
	t->rcv.wnd = p->rcv_wnd;
	t->rcv.mss = t->snd.mss = t->snd.peer_mss = p->rcv_mss;
	t->challenge_at = p->challenge_at;
	t->challenges = p->challenges;
	t->deadline[TIMER_TIME_WAIT] = p->until;
}
