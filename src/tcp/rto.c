/* SPDX-License-Identifier: MIT */
/* rto.c - RFC 6298: SRTT, RTTVAR and RTO; one segment of a flight is timed. */
#include "rto.h"
#include "tcb.h"

enum { REINIT_S = 3 };

static usec clamp(usec rto, const struct tcp_env *env)
{
	if (rto < env->profile->rto_min)
		rto = env->profile->rto_min; /* (2.4) */
	return rto > env->profile->rto_max ? env->profile->rto_max : rto;
}

void rto_sample(struct tcb *t, usec r, struct tcp_env *env)
{
	if (env->profile->rto_fixed) {
		t->rto = env->profile->rto_initial;
		return;
	}
	if (!(t->flags & TCB_SAMPLED)) {
		why(t, R_RTT_FIRST, env);
		t->srtt = r;
		t->rttvar = r / 2;
		t->flags |= TCB_SAMPLED;
	} else {
		usec error = t->srtt > r ? t->srtt - r : r - t->srtt;

		why(t, R_RTT_NEXT, env);
		t->rttvar = (3 * t->rttvar + error) / 4;
		t->srtt = (7 * t->srtt + r) / 8;
	}
	usec k_rttvar = 4 * t->rttvar, g = env->profile->rto_granularity;

	t->rto = clamp(t->srtt + (k_rttvar > g ? k_rttvar : g), env);
}

void rto_time(struct tcb *t, struct tcp_env *env)
{
	if (t->flags & TCB_TIMING)
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

void rto_acked(struct tcb *t, struct tcp_env *env)
{
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
