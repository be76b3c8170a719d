/* SPDX-License-Identifier: MIT */
/* window.c - the receiver's side: how much window to offer, and when to acknowledge. */
#include "window.h"
#include "tcb.h"

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* RCV.BUFF - RCV.USER, as far as the header's window field can say it. */
static uint32_t space(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t buff = env->profile->rcv_buff;

	return buff > t->rcv.user ? least(buff - t->rcv.user, WINDOW_MAX) : 0;
}

/* Fr * RCV.BUFF with Fr = 1/2: the least whole number of octets that is not under it. */
static uint32_t half_of_buff(const struct tcp_env *env)
{
	return (least(env->profile->rcv_buff, WINDOW_MAX) + 1) / 2;
}

/* May the right edge move? RCV.BUFF - RCV.USER - RCV.WND >= min(Fr * RCV.BUFF, Eff.snd.MSS) */
static bool may_advance(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t free = space(t, env);
	uint32_t enough = least(half_of_buff(env), t->snd.mss);

	return free > t->rcv.wnd && free - t->rcv.wnd >= enough;
}

void window_open(struct tcb *t, struct tcp_env *env)
{
	t->rcv.wnd = space(t, env);
}

void window_offer(struct tcb *t, struct tcp_env *env)
{
	if (may_advance(t, env)) {
		t->rcv.wnd = space(t, env);
	} else if (env->profile->shrink && space(t, env) < t->rcv.wnd) {
		why(t, R_WINDOW_SHRUNK, env);
		t->rcv.wnd = space(t, env);
	}
}

void window_read(struct tcb *t, struct tcp_env *env)
{
	/* A peer with half the buffer left to fill is not held up: it hears with the next ACK. */
	if (!is_receiving((enum state)t->state))
		return;
	if (t->rcv.wnd < half_of_buff(env) && may_advance(t, env)) {
		why(t, R_WINDOW_UPDATE, env);
		owe_ack(t, R_WINDOW_UPDATE);
	}
}

void owe_ack(struct tcb *t, enum rule r)
{
	t->due |= DUE_ACK;
	t->ack_rule = (uint16_t)r;
}

/* Is it time for an ACK? SHLD-19: "every second full-sized segment or 2*RMSS bytes of new data". */
static bool has_enough(const struct tcb *t, const struct tcp_env *env)
{
	if (t->rcv.owed >= env->profile->ack_every * t->rcv.mss)
		return true;
	return env->profile->ack_count == ACK_COUNT_ANY &&
	       t->rcv.owed_segments >= env->profile->ack_every;
}

void owe_ack_for(struct tcb *t, uint32_t octets, struct tcp_env *env)
{
	t->rcv.owed += octets;
	if (t->rcv.owed_segments < UINT16_MAX)
		t->rcv.owed_segments++;
	if (t->due & DUE_ACK)
		return;
	if (has_enough(t, env)) {
		why(t, R_ACK_ENOUGH, env);
		owe_ack(t, R_ACK_ENOUGH);
	} else if (env->profile->ack_delay == 0) {
		why(t, R_ACK_AT_ONCE, env);
		owe_ack(t, R_ACK_AT_ONCE);
	} else if (!is_running(t, TIMER_ACK)) {
		why(t, R_ACK_DELAYED, env);
		timer_start(t, TIMER_ACK, env->profile->ack_delay, env);
	}
}

void pay_ack(struct tcb *t)
{
	t->due &= (uint8_t)~DUE_ACK;
	t->ack_rule = RULE_NONE;
	t->rcv.owed = 0;
	t->rcv.owed_segments = 0;
	timer_stop(t, TIMER_ACK);
}
