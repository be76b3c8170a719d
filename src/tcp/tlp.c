/* SPDX-License-Identifier: MIT */
/*
 * tlp.c - RFC 8985 section 7: when the last ACKs do not come, a probe goes after two round trips.
 * Its SACK tells RACK what of the tail is lost, long before the retransmission timer would.
 */
#include "options.h"
#include "queues.h"
#include "sack.h"
#include "tcb.h"

/* 7.1: "Reset ... when initiating a connection, fast recovery, or RTO recovery." */
void tlp_init(struct tcb *t, struct tcp_env *env)
{
	struct rack r;

	t->flags &= ~(uint32_t)TCB_TAIL;
	if (t->rack == 0)
		return;
	r = rack_load(t, env);
	r.flags &= (uint16_t) ~(TLP_OUT | TLP_AGAIN);
	rack_store(t, &r, env);
	if (!(t->flags & TCB_REORDER))
		timer_stop(t, TIMER_LOSS);
}

/* 7.2, TLP_calc_PTO(). */
static usec pto(const struct tcb *t, const struct tcp_env *env)
{
	usec wait = USEC_PER_S, rto = t->deadline[TIMER_RETRANSMIT] - env->now;

	if (t->flags & TCB_SAMPLED) {
		wait = 2 * (usec)t->srtt;
		wait += t->rexmitq.count == 1 ? env->profile->tlp_ack_delay
					      : env->profile->tlp_slack;
	}
	return wait > rto ? rto : wait;
}

/* "unless it is already in fast recovery, RTO recovery, or segments have been SACKed". */
static bool may_schedule(const struct tcb *t, const struct tcp_env *env)
{
	return env->profile->tlp && t->rack != 0 && !(t->flags & (TCB_RECOVERING | TCB_LOSS)) &&
	       t->board.sacked == 0 && !seq_eq(t->snd.una, t->snd.nxt) && t->snd.wnd > 0;
}

void tlp_schedule(struct tcb *t, struct tcp_env *env)
{
	if (t->rack == 0 || (t->flags & TCB_REORDER))
		return;
	if (may_schedule(t, env))
		timer_start(t, TIMER_LOSS, pto(t, env), env);
	else
		timer_stop(t, TIMER_LOSS);
}

/* 7.3: no other probe is in flight, and an RTT was measured since the last one. */
void tlp_expire(struct tcb *t, struct tcp_env *env)
{
	struct rack r = rack_load(t, env);

	if (!may_schedule(t, env))
		return;
	if ((r.flags & TLP_OUT) || !(r.flags & TLP_MEASURED)) {
		why(t, R_TLP_SKIPPED, env);
	} else {
		t->flags |= TCB_TAIL;
		t->due |= DUE_FRONT;
	}
	/* "The sender MUST re-arm the RTO timer, not the PTO timer." */
	timer_start(t, TIMER_RETRANSMIT, t->rto, env);
}

/* TLP_send_probe(), its end: the probe has left. */
void tlp_sent(struct tcb *t, bool is_again, struct tcp_env *env)
{
	struct rack r = rack_load(t, env);

	r.flags &= (uint16_t) ~(TLP_AGAIN | TLP_MEASURED);
	r.flags |= (uint16_t)(TLP_OUT | (is_again ? TLP_AGAIN : 0));
	r.tlp_end = t->snd.nxt;
	rack_store(t, &r, env);
	timer_stop(t, TIMER_LOSS);
}

/* 7.4.2: the probe repaired the only loss, which nobody else would notice. */
static void repaired(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);

	why(t, R_TLP_REPAIRED, env);
	if (t->flags & (TCB_RECOVERING | TCB_LOSS | TCB_REDUCED))
		return;
	e.flight = flight_size(t) + env->news.acked;
	e.dupacks = 0;
	undo_begin(t, l, false, env);
	cc_algo(env)->on_loss(&t->cc, &e);
	ecn_reduced(t);
	l->flags &= (uint16_t)~LOSS_UNDO;
}

/* TLP_process_ack(). */
void tlp_heard(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	struct rack r;

	if (t->rack == 0)
		return;
	r = rack_load(t, env);
	if (!(r.flags & TLP_OUT) || seq_lt(t->snd.una, r.tlp_end))
		return;
	if (!(r.flags & TLP_AGAIN))
		why(t, R_TLP_NEW_DELIVERED, env);
	else if (env->news.has_dsack && seq_eq(env->news.dsack.right, r.tlp_end))
		why(t, R_TLP_NOT_NEEDED, env); /* case 1: both copies have arrived */
	else if (seq_gt(t->snd.una, r.tlp_end))
		repaired(t, l, env);
	else if (env->news.is_duplicate && !env->news.has_sack)
		why(t, R_TLP_NOT_NEEDED, env); /* case 2: of a receiver without D-SACK */
	else
		return;
	r.flags &= (uint16_t) ~(TLP_OUT | TLP_AGAIN);
	rack_store(t, &r, env);
}
