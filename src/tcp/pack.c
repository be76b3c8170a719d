/* SPDX-License-Identifier: MIT */
/* pack.c - a connection in TIME-WAIT in few octets. Unpacked, it goes through the same checks. */
#include "tcb.h"

_Static_assert(sizeof(struct tcb_time_wait) <= 48, "half of what the owner has for it");

enum {
	KEPT_FLAGS = TCB_ECN * 2 - 1, /* those of loss and congestion have had their time */
	ORIGIN_AT = 23,
	SND_SHIFT_AT = 24,
	RCV_SHIFT_AT = 28,
	MS_BITS = 24, /* four hours and a half; a challenge period is seconds */
	MS_KEPT = (1 << MS_BITS) - 1,
};

_Static_assert(KEPT_FLAGS < 1 << ORIGIN_AT, "flags end where the origin begins");

static uint32_t pack_flags(const struct tcb *t)
{
	return (t->flags & KEPT_FLAGS) | (uint32_t)t->origin << ORIGIN_AT |
	       (uint32_t)t->snd_shift << SND_SHIFT_AT | (uint32_t)t->rcv_shift << RCV_SHIFT_AT;
}

static void unpack_flags(struct tcb *t, uint32_t flags)
{
	t->flags = flags & KEPT_FLAGS;
	t->origin = (uint8_t)(flags >> ORIGIN_AT & 1);
	t->snd_shift = (uint8_t)(flags >> SND_SHIFT_AT & 15);
	t->rcv_shift = (uint8_t)(flags >> RCV_SHIFT_AT & 15);
}

static uint32_t pack_challenge(const struct tcb *t)
{
	uint32_t count = t->challenges < UINT8_MAX ? t->challenges : UINT8_MAX;
	uint32_t ms = t->challenge_ms & MS_KEPT;

	return count > 0 ? count << MS_BITS | ms : 0;
}

/* The last moment of whole milliseconds that ends so. */
static void unpack_challenge(struct tcb *t, uint32_t challenge, const struct tcp_env *env)
{
	uint32_t now = (uint32_t)(env->now / USEC_PER_MS);

	t->challenges = (uint16_t)(challenge >> MS_BITS);
	if (t->challenges > 0)
		t->challenge_ms = now - ((now - challenge) & MS_KEPT);
}

bool tcp_may_pack(const struct tcb *t)
{
	return t->state == TIME_WAIT && t->due == 0 && t->rcv.user == 0 && t->rcv.held == 0;
}

void tcp_pack(const struct tcb *t, struct tcb_time_wait *out)
{
	ASSERT(tcp_may_pack(t));
	*out = (struct tcb_time_wait){
		.until = t->deadline[TIMER_TIME_WAIT],
		.iss = t->iss,
		.irs = t->irs,
		.snd_nxt = t->snd.nxt,
		.rcv_nxt = t->rcv.nxt,
		.max_wnd = t->snd.max_wnd,
		.rcv_wnd = t->rcv.wnd,
		.ts_recent = t->ts.recent,
		.snd_wnd = (uint16_t)(t->snd.wnd >> t->snd_shift),
		.rcv_mss = t->rcv.mss,
		.flags = pack_flags(t),
		.challenge = pack_challenge(t),
	};
}

void tcp_unpack(const struct tcb_time_wait *p, struct tcb *t, struct tcp_env *env)
{
	tcb_init(t, 0, env);
	t->state = TIME_WAIT;
	unpack_flags(t, p->flags);
	t->iss = p->iss;
	t->irs = p->irs;
	t->snd.una = t->snd.nxt = t->snd.up = t->snd.push = t->rexmitq.small = p->snd_nxt;
	t->snd.wnd = (uint32_t)p->snd_wnd << t->snd_shift;
	t->snd.max_wnd = p->max_wnd;
	t->snd.wl1 = p->rcv_nxt;
	t->snd.wl2 = p->snd_nxt;
	t->rcv.nxt = t->rcv.up = p->rcv_nxt;
	t->rcv.wnd = p->rcv_wnd;
	t->rcv.mss = t->snd.mss = t->snd.peer_mss = p->rcv_mss;
	t->ts.recent = p->ts_recent;
	t->ts.at_s = (uint32_t)(env->now / USEC_PER_S);
	t->ts.last_ack = p->rcv_nxt;
	unpack_challenge(t, p->challenge, env);
	t->deadline[TIMER_TIME_WAIT] = p->until;
}
