/* SPDX-License-Identifier: MIT */
/* timeouts.c - RFC 9293 section 3.10.8, with 3.8.3 (R1, R2), 3.8.4 and 3.8.6.1: expired time. */
#include "options.h"
#include "output.h"
#include "queues.h"
#include "recovery.h"
#include "rto.h"
#include "tcb.h"
#include "window.h"

/* A limit in time, or in repetitions; 0: none of that kind. */
static bool is_over(const struct tcb *t, usec span, uint32_t count, usec now)
{
	return (span > 0 && now - t->oldest_at >= span) || (count > 0 && t->rexmits >= count);
}

/* SHLD-9: "inform the application of the delivery problem". */
static void count_rexmit(struct tcb *t, struct tcp_env *env)
{
	if (t->rexmits < UINT8_MAX)
		t->rexmits++;
	if (t->rexmits < env->profile->r1 || (t->flags & TCB_R1_TOLD))
		return;
	why(t, R_R1, env);
	t->flags |= TCB_R1_TOLD;
	env->signals |= TCP_SIG_R1;
}

static bool is_syn_over(const struct tcb *t, const struct tcp_env *env)
{
	const struct tcp_profile *p = env->profile;

	if (t->origin == ORIGIN_PASSIVE && p->synack_r2_count > 0)
		return is_over(t, 0, p->synack_r2_count, env->now);
	return is_over(t, p->syn_r2, p->syn_r2_count > 0 ? p->syn_r2_count + p->syn_linear : 0,
		       env->now);
}

/* The first waits may all be the same: what is lost then is a SYN, not yet a crowd. */
static void syn_back_off(struct tcb *t, struct tcp_env *env)
{
	if (t->state == SYN_SENT && t->rexmits < env->profile->syn_linear)
		why(t, R_SYN_LINEAR, env);
	else
		rto_back_off(t, env);
}

static void syn_timeout(struct tcb *t, struct tcp_env *env)
{
	if (is_syn_over(t, env)) {
		tcb_delete(t, R_R2_SYN, TCP_SIG_TIMEOUT, env);
		return;
	}
	why(t, R_RTO_EXPIRED, env);
	rexmitq_front_again(t);
	rto_karn(t, env);
	syn_back_off(t, env);
	t->flags |= TCB_SYN_LOST;
	syn_due(t, R_RTO_EXPIRED);
	count_rexmit(t, env);
	rto_timer_restart(t, env);
}

static bool is_r2_over(struct tcb *t, struct tcp_env *env)
{
	return is_over(t, env->profile->r2, env->profile->r2_count, env->now) &&
	       !user_timeout_outlasts_r2(t, env);
}

/* RFC 8985 8: "When arming a RACK reordering timer [...] the sender SHOULD cancel any other pending
 * timers." It waits instead, and starts again when that one has expired. */
static bool is_reordering(struct tcb *t, struct tcp_env *env)
{
	if (!(t->flags & TCB_REORDER) || t->deadline[TIMER_LOSS] <= env->now)
		return false;
	why(t, R_RACK_BEFORE_RTO, env);
	t->deadline[TIMER_RETRANSMIT] = t->deadline[TIMER_LOSS];
	return true;
}

static void text_timeout(struct tcb *t, struct tcp_env *env)
{
	usec before = user_timeout(t, env);

	if (is_reordering(t, env))
		return;
	if (is_r2_over(t, env)) {
		tcb_delete(t, R_R2, TCP_SIG_TIMEOUT, env);
		return;
	}
	why(t, R_RTO_EXPIRED, env);
	mtu_black_hole(t, env);
	recovery_timeout(t, env);
	rto_back_off(t, env);
	user_timeout_shift(t, before, env); /* it may follow RTO */
	count_rexmit(t, env);
	user_timeout_again(t, env);
	rto_timer_restart(t, env);
}

/* 3.8.6.1 */
static void probe_timeout(struct tcb *t, struct tcp_env *env)
{
	if (t->rexmits > 0 && is_r2_over(t, env)) {
		tcb_delete(t, R_PROBE_UNANSWERED, TCP_SIG_TIMEOUT, env);
		return;
	}
	t->send_rule = t->probes == 0 ? R_PROBE : R_PROBE_AGAIN;
	t->due |= DUE_PROBE;
	if (t->rexmits == 0)
		t->oldest_at = env->now;
	count_rexmit(t, env);
	if (t->probes < UINT8_MAX)
		t->probes++;
	timer_start(t, TIMER_RETRANSMIT, rto_probe_wait(t, env), env);
}

static void retransmission_timeout(struct tcb *t, struct tcp_env *env)
{
	if (is_syn_out(t))
		syn_timeout(t, env);
	else if (t->snd.wnd == 0)
		probe_timeout(t, env);
	else
		text_timeout(t, env);
}

static void keepalive_timeout(struct tcb *t, struct tcp_env *env)
{
	const struct tcp_profile *p = env->profile;

	if (!p->keepalive)
		return;
	if (!seq_eq(t->snd.una, t->snd.nxt) || t->snd.queued > 0) {
		why(t, R_KEEPALIVE_BUSY, env);
		timer_start(t, TIMER_KEEPALIVE, user_timeout_idle(t, env), env);
		return;
	}
	if (t->keepalives >= p->keepalive_probes) {
		tcb_delete(t, R_KEEPALIVE_DEAD, TCP_SIG_TIMEOUT, env);
		return;
	}
	why(t, R_KEEPALIVE_PROBE, env);
	t->keepalives++;
	t->due |= DUE_KEEPALIVE;
	timer_start(t, TIMER_KEEPALIVE, p->keepalive_interval, env);
}

/* An OPEN has a limit of its own in some stacks, the sooner of the two counts. */
static enum rule user_rule(const struct tcb *t, const struct tcp_env *env)
{
	const struct tcp_profile *p = env->profile;
	bool is_sooner = p->user_timeout == 0 || p->connect_limit < p->user_timeout;

	return is_syn_out(t) && p->connect_limit > 0 && is_sooner ? R_CONNECT_LIMIT
								  : R_USER_TIMEOUT;
}

static void expire(struct tcb *t, enum tcp_timer which, struct tcp_env *env)
{
	timer_stop(t, which);
	switch (which) {
	case TIMER_RETRANSMIT: retransmission_timeout(t, env); break;
	case TIMER_OVERRIDE: t->due |= DUE_NEW | DUE_OVERRIDE; break;
	case TIMER_ACK: ack_unanswered(t, env); break;
	case TIMER_KEEPALIVE: keepalive_timeout(t, env); break;
	case TIMER_TIME_WAIT:
		tcb_delete(t, t->state == TIME_WAIT ? R_TIME_WAIT_OVER : R_FIN_WAIT_2_OVER, 0, env);
		break;
	case TIMER_USER: tcb_delete(t, user_rule(t, env), TCP_SIG_TIMEOUT, env); break;
	case TIMER_LOSS: recovery_late(t, env); break;
	case TIMER_PACE: t->due |= DUE_NEW; break;
	case TIMER_COUNT: UNREACHABLE();
	}
}

void tcp_expire(struct tcb *t, struct tcp_env *env)
{
	/* A loss probe that is due with the retransmission timer goes instead: RFC 8985 7.2. */
	if (t->deadline[TIMER_LOSS] <= env->now)
		expire(t, TIMER_LOSS, env);
	for (int i = 0; i < TIMER_COUNT; i++) {
		if (t->deadline[i] <= env->now)
			expire(t, (enum tcp_timer)i, env);
	}
	tcb_check(t, env);
}
