/* SPDX-License-Identifier: MIT */
/*
 * pace.c - pacing. RFC 9406 4.3 names it, no RFC says how: this is Linux' way. A segment takes as
 * long as its text takes at the pace, and the next one waits for that, until pace_at. The pace is a
 * share of a window in a round trip, twice as fast in slow start as ACKs allow, a fifth faster in
 * congestion avoidance, lest it be the pace that holds the window down.
 */
#include "pace.h"
#include "snd_more.h"
#include "tcb.h"

enum {
	RATE_MOST = 1 << 30,   /* octets a second: faster than that is no pace */
	GIFT_MOST = 65536,     /* octets at once: what offloading takes */
	BURSTS_A_SECOND = 1024 /* "one per millisecond" */
};

/* In octets a second. Until a round trip is measured nobody knows better than the limit. */
static uint64_t pace(const struct tcb *t, const struct tcp_profile *p)
{
	uint64_t most = p->pacing_most > 0 ? p->pacing_most : RATE_MOST, rate;
	uint32_t window = t->cc.cwnd, flight = seq_span(t->snd.una, t->snd.nxt);
	bool is_start = t->cc.cwnd < t->cc.ssthresh / 2;

	if (!(t->flags & TCB_SAMPLED) || t->srtt == 0)
		return most;
	if (flight > window)
		window = flight;
	rate = (uint64_t)window * (is_start ? p->pacing_start : p->pacing_avoid) *
	       (USEC_PER_S / 100) / (uint64_t)t->srtt;
	if (rate == 0)
		return 1;
	return rate < most ? rate : most;
}

bool pace_may(struct tcb *t, struct tcp_env *env)
{
	usec at;

	if (!is_paced(env->profile) || env->burst > 0)
		return true;
	at = snd_more_load(t, env->pool).pace_at;
	if (at <= env->now) {
		timer_stop(t, TIMER_PACE);
		return true;
	}
	if (!is_running(t, TIMER_PACE))
		why(t, R_PACE_HOLDS, env);
	t->deadline[TIMER_PACE] = at;
	return false;
}

bool pace_new_may(struct tcb *t, struct tcp_env *env)
{
	struct snd_more m;

	if (is_paced(env->profile) || t->snd.more == 0)
		return pace_may(t, env);
	m = snd_more_load(t, env->pool);
	if (m.pace_at > env->now) {
		t->deadline[TIMER_PACE] = m.pace_at;
		return false;
	}
	if (m.pace_at > 0) {
		m.pace_at = 0;
		snd_more_store(t, &m, env->pool);
	}
	return true;
}

void pace_hold(struct tcb *t, usec span, struct tcp_env *env)
{
	struct snd_more m = snd_more_load(t, env->pool);

	if (m.pace_at < env->now + span)
		m.pace_at = env->now + span;
	snd_more_store(t, &m, env->pool);
}

/* The first segments of a connection go at once. */
static bool is_first(const struct tcb *t, const struct tcp_env *env)
{
	return seq_span(t->iss, t->snd.nxt) <= (uint64_t)env->profile->pacing_first * t->snd.mss;
}

/* Who comes late, since timers are late or there was nothing to say, waits less after it, by half
 * at most. */
static usec catch_up(struct tcb *t, usec at, usec pause, struct tcp_env *env)
{
	usec less;

	if (env->burst == 0)
		env->pace_credit = at > 0 && env->now > at ? env->now - at : 0;
	less = pause / 2 < env->pace_credit ? pause / 2 : env->pace_credit;
	env->pace_credit -= less;
	if (less > 0)
		why(t, R_PACE_CATCHES_UP, env);
	return pause - less;
}

void pace_sent(struct tcb *t, uint32_t text, struct tcp_env *env)
{
	struct snd_more m;
	usec pause;

	if (!is_paced(env->profile) || text == 0)
		return;
	m = snd_more_load(t, env->pool);
	if (m.pace_at == 0 && is_first(t, env))
		return;
	pause = (usec)((uint64_t)text * USEC_PER_S / pace(t, env->profile));
	pause = catch_up(t, m.pace_at, pause, env);
	m.pace_at = (m.pace_at > env->now ? m.pace_at : env->now) + pause;
	snd_more_store(t, &m, env->pool);
}

uint32_t pace_burst(const struct tcb *t, const struct tcp_env *env)
{
	uint64_t gift = pace(t, env->profile) / BURSTS_A_SECOND;

	return (uint32_t)(gift < GIFT_MOST ? gift : GIFT_MOST) / t->snd.mss;
}
