/* SPDX-License-Identifier: MIT */
/* rto.c - RFC 6298: SRTT, RTTVAR and RTO; one segment of a flight is timed, or every ACK gives a
 * sample, from when its segments were sent or from its timestamp. */
#include "rto.h"
#include "tcb.h"

enum { REINIT_S = 3 };

static usec most(usec a, usec b)
{
	return a > b ? a : b;
}

static usec clamp(usec rto, const struct tcp_env *env)
{
	if (!env->profile->rto_min_varies)
		rto = most(rto, env->profile->rto_min); /* (2.4) */
	return rto > env->profile->rto_max ? env->profile->rto_max : rto;
}

/* SRTT + max(G, K*RTTVAR), with K = 4. */
static void set_rto(struct tcb *t, struct tcp_env *env)
{
	usec least = env->profile->rto_min_varies ? env->profile->rto_min
						  : env->profile->rto_granularity;

	t->rto = clamp(t->srtt + most(4 * (usec)t->rttvar, least), env);
}

/* RFC 7323 appendix G: "ExpectedSamples = ceiling(FlightSize / (SMSS * 2))". */
static usec expected_samples(const struct tcb *t, struct tcp_env *env)
{
	usec two = 2 * (usec)t->cc.smss, n;

	if (!env->profile->rtt_smooth || two == 0)
		return 1;
	n = ((usec)seq_span(t->snd.una, t->snd.nxt) + two - 1) / two;
	if (n > 1)
		why(t, R_RTT_SMOOTH, env);
	return most(n, 1);
}

void rto_sample(struct tcb *t, usec r, struct tcp_env *env)
{
	if (env->profile->rto_fixed) {
		t->rto = env->profile->rto_initial;
		return;
	}
	if (r > UINT32_MAX)
		r = UINT32_MAX;
	if (!(t->flags & TCB_SAMPLED)) {
		why(t, R_RTT_FIRST, env);
		t->srtt = (uint32_t)r;
		t->rttvar = (uint32_t)r / 2;
		t->flags |= TCB_SAMPLED;
	} else {
		usec srtt = t->srtt, error = srtt > r ? srtt - r : r - srtt;
		usec n = expected_samples(t, env);

		why(t, R_RTT_NEXT, env);
		t->rttvar = (uint32_t)(((4 * n - 1) * t->rttvar + error) / (4 * n));
		t->srtt = (uint32_t)(((8 * n - 1) * srtt + r) / (8 * n));
	}
	set_rto(t, env);
}

void rto_time(struct tcb *t, struct tcp_env *env)
{
	if ((t->flags & TCB_TIMING) || env->profile->rtt_every_ack)
		return;
	t->flags |= TCB_TIMING;
	t->snd.timed = t->snd.nxt;
	t->timed_at = env->now;
}

static void stop_timing(struct tcb *t)
{
	t->flags &= ~(uint32_t)TCB_TIMING;
	t->snd.timed = seq(0);
	t->timed_at = 0;
}

void rto_karn(struct tcb *t, struct tcp_env *env)
{
	if (!(t->flags & TCB_TIMING))
		return;
	why(t, R_RTT_KARN, env);
	stop_timing(t);
}

/* "Each ACK can be used as an RTT sample": of the segment sent last among those that it tells of
 * and that were never repeated. */
static void sample_news(struct tcb *t, struct tcp_env *env)
{
	if (!env->news.has_first || env->news.acked == 0)
		return;
	why(t, R_RTT_EVERY_ACK, env);
	rto_sample(t, env->now - env->news.first_at, env);
}

void rto_acked(struct tcb *t, struct tcp_env *env)
{
	if (env->profile->rtt_every_ack)
		sample_news(t, env);
	if (!(t->flags & TCB_TIMING) || seq_lt(t->snd.una, t->snd.timed))
		return;
	rto_sample(t, env->now - t->timed_at, env);
	stop_timing(t);
}

/* What the timeout before has added: it is not doubled. */
static usec slop_in(const struct tcb *t, const struct tcp_env *env)
{
	usec slop = t->rexmits > 0 ? env->profile->rto_slop : 0;

	return slop < t->rto ? slop : 0;
}

void rto_back_off(struct tcb *t, struct tcp_env *env)
{
	why(t, R_RTO_BACK_OFF, env);
	t->rto = 2 * (t->rto - slop_in(t, env)) + env->profile->rto_slop;
	if (env->profile->rto_slop > 0)
		why(t, R_RTO_SLOP, env);
	if (t->rto > env->profile->rto_max)
		t->rto = env->profile->rto_max;
}

void rto_syn_acked(struct tcb *t, struct tcp_env *env)
{
	if (!(t->flags & TCB_SYN_LOST))
		return;
	if (env->profile->rto_fixed) {
		t->rto = env->profile->rto_initial;
	} else if (env->profile->rto_reinit && env->profile->rto_initial < REINIT_S * USEC_PER_S) {
		why(t, R_RTO_REINIT, env);
		t->rto = REINIT_S * USEC_PER_S;
	}
}

void rto_timer_start(struct tcb *t, struct tcp_env *env)
{
	if (!is_running(t, TIMER_RETRANSMIT))
		timer_start(t, TIMER_RETRANSMIT, t->rto, env);
}

void rto_timer_restart(struct tcb *t, struct tcp_env *env)
{
	if (seq_eq(t->snd.una, t->snd.nxt))
		timer_stop(t, TIMER_RETRANSMIT);
	else
		timer_start(t, TIMER_RETRANSMIT, t->rto, env);
}

usec rto_probe_wait(const struct tcb *t, const struct tcp_env *env)
{
	usec wait = t->rto;

	for (int i = 0; i < t->probes && wait < env->profile->rto_max; i++)
		wait *= 2; /* SHLD-30 */
	return wait < env->profile->rto_max ? wait : env->profile->rto_max;
}
