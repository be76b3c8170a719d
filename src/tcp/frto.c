/* SPDX-License-Identifier: MIT */
/*
 * frto.c - RFC 5682: was the timeout spurious? After it only the first segment is sent again. If
 * the next ACK moves the window, new text goes instead of more repetitions; and if then something
 * is acknowledged that was sent before the timeout and never again, nothing had been lost.
 */
#include "queues.h"
#include "sack.h"
#include "recovery.h"
#include "tcb.h"

/* 3.1 step 1. "If RecoveryPoint is larger than or equal to SND.UNA, do not enter step 2", except if
 * the same segment timed out again. */
void frto_begin(struct tcb *t, struct loss *l, bool was_recovering, struct tcp_env *env)
{
	bool is_inside = was_recovering && seq_ge(t->recover, t->snd.una) && t->rexmits == 0;

	l->flags &= (uint16_t) ~(LOSS_FRTO | LOSS_FRTO_NEW);
	if (!env->profile->frto || is_inside)
		return;
	why(t, R_FRTO_BEGIN, env);
	l->flags |= LOSS_FRTO;
}

/* Conventional recovery goes on. */
static void give_up(struct tcb *t, struct loss *l, enum rule r, struct tcp_env *env)
{
	why(t, r, env);
	l->flags &= (uint16_t) ~(LOSS_FRTO | LOSS_FRTO_NEW);
}

/* What was not lost by the timeout, with RACK, may fill the window. */
static bool may_send_new(const struct tcb *t)
{
	return text_unsent(t) > 0 && flight_size(t) < t->snd.wnd &&
	       (!is_sack(t) || pipe_octets(t) <= t->cc.cwnd);
}

/* Of what was sent again in step 1 a part is still outstanding. */
static bool is_in_part(const struct tcb *t)
{
	return t->rexmitq.count > 0 && seq_lt(t->rexmitq.front.seq, t->snd.una);
}

/* Step 2: the first ACK that moves SND.UNA; without SACK the first that is a duplicate, too. */
static void step_2(struct tcb *t, struct loss *l, bool moved, struct tcp_env *env)
{
	if (!moved && is_sack(t))
		return;
	if (!moved || is_in_part(t)) {
		give_up(t, l, R_FRTO_DOUBT, env); /* (2a) */
		return;
	}
	if (seq_gt(t->snd.una, t->recover)) {
		give_up(t, l, R_FRTO_ALL, env); /* (2a) */
		return;
	}
	if (!may_send_new(t)) {
		give_up(t, l, R_FRTO_NO_NEW, env);
		return;
	}
	why(t, R_FRTO_NEW, env); /* (2b) */
	l->flags = (uint16_t)((l->flags & ~LOSS_FRTO) | LOSS_FRTO_NEW);
	t->recover = seq_sub(t->snd.nxt, 1);
	rexmitq_resend_stop(t);
	/* "The TCP sender MAY override the Nagle algorithm": something has to go. */
	t->due = (uint8_t)((t->due & ~DUE_FRONT) | DUE_NEW | DUE_OVERRIDE);
}

/* (3b): nothing was lost; what is still outstanding is on its way. */
static void spurious(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	l->flags &= (uint16_t) ~(LOSS_FRTO | LOSS_FRTO_NEW);
	undo_do(t, l, R_FRTO_SPURIOUS, env);
	t->flags &= ~(uint32_t)TCB_LOSS;
	t->recover = seq_sub(t->snd.una, 2); /* a fast retransmit of SND.UNA shall be possible */
	t->dupacks = 0;
	t->due &= (uint8_t)~DUE_FRONT;
	rexmitq_resend_stop(t);
	board_unlose(t, env->pool);
}

/* 3.1 (3a): what covers more than RecoveryPoint proves nothing; 2.1 (3b) asks only that the window
 * advances. */
static bool is_beyond(const struct tcb *t)
{
	seq32 end = seq_add(t->recover, 1);

	return is_sack(t) && (seq_gt(t->snd.una, end) ||
			      (t->board.sacked > 0 && seq_gt(t->board.high, end)));
}

/* Is something delivered that was sent before the timeout, and never again? */
static bool is_original_delivered(const struct tcb *t, const struct tcp_env *env)
{
	return env->news.has_first && seq_le(env->news.first, t->recover);
}

/* "Other types of ACKs are ignored without any action": the peer's text, its windows. */
static bool is_answer(const struct tcb *t, bool moved, const struct tcp_env *env)
{
	return moved || !is_sack(t) || env->news.is_duplicate || env->news.sacked > 0;
}

bool frto_acked(struct tcb *t, struct loss *l, bool moved, struct tcp_env *env)
{
	if (!(l->flags & (LOSS_FRTO | LOSS_FRTO_NEW)) || !is_answer(t, moved, env))
		return false;
	if (l->flags & LOSS_FRTO) {
		step_2(t, l, moved, env);
		return false;
	}
	if (is_original_delivered(t, env) && !is_beyond(t)) {
		spurious(t, l, env);
		return true;
	}
	give_up(t, l, R_FRTO_REAL, env); /* (3a) */
	if (t->cc.cwnd > 3 * t->cc.smss)
		t->cc.cwnd = 3 * t->cc.smss;
	return false;
}
