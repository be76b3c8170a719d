/* SPDX-License-Identifier: MIT */
/* prr.c - RFC 6937: in recovery the window comes down in proportion to what is delivered. Numbers
 * are octets; what may be sent is told as cwnd = pipe + sndcnt. */
#include "sack.h"
#include "tcb.h"

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* a - b, not below 0. */
static uint32_t beyond(uint64_t a, uint32_t b)
{
	return a > b ? (uint32_t)(a - b) : 0;
}

/* "At the beginning of recovery, initialize PRR state." ssthresh is set already. */
void prr_begin(struct tcb *t, struct loss *l, uint32_t flight, struct tcp_env *env)
{
	l->flags &= (uint16_t)~LOSS_PRR;
	if (!env->profile->prr || env->profile->cc == CC_NONE || flight == 0)
		return;
	why(t, R_PRR_BEGIN, env);
	l->flags |= LOSS_PRR;
	l->prr_delivered = l->prr_out = 0;
	l->recover_fs = flight;
}

/* "Proportional Rate Reduction": CEIL(prr_delivered * ssthresh / RecoverFS) - prr_out. */
static uint32_t proportional(const struct tcb *t, const struct loss *l)
{
	uint64_t product = (uint64_t)l->prr_delivered * t->cc.ssthresh;

	return beyond((product + l->recover_fs - 1) / l->recover_fs, l->prr_out);
}

/* "Two versions of the Reduction Bound", and a third that adds a segment only when recovery has
 * come forward and no more is lost: RFC 6937's authors found SSRB too bold under heavy loss. */
static uint32_t bound(const struct tcb *t, const struct loss *l, uint32_t delivered, bool is_safe,
		      const struct tcp_env *env)
{
	uint32_t banked = beyond(l->prr_delivered, l->prr_out);

	switch ((enum prr_bound_choice)env->profile->prr_bound) {
	case PRR_BOUND_CRB: return banked;
	case PRR_BOUND_SSRB: return most(banked, delivered) + t->cc.smss;
	case PRR_BOUND_SAFE: return most(banked, delivered) + (is_safe ? t->cc.smss : 0);
	}
	UNREACHABLE();
}

/* "On every ACK during recovery compute". */
void prr_acked(struct tcb *t, struct loss *l, bool is_safe, struct tcp_env *env)
{
	uint32_t delivered = env->news.acked + env->news.sacked, pipe = pipe_octets(t), sndcnt;

	if (!(l->flags & LOSS_PRR) || delivered == 0)
		return;
	l->prr_delivered += delivered;
	if (pipe > t->cc.ssthresh) {
		why(t, R_PRR_PROPORTIONAL, env);
		sndcnt = proportional(t, l);
	} else {
		why(t, R_PRR_BOUND, env);
		sndcnt = least(t->cc.ssthresh - pipe, bound(t, l, delivered, is_safe, env));
	}
	if (l->prr_out == 0) /* the fast retransmit itself */
		sndcnt = most(sndcnt, t->cc.smss);
	t->cc.cwnd = pipe + sndcnt;
}

/* No ACK has told of what was delivered, and so no more goes than the fast retransmit. */
void prr_timed(struct tcb *t, const struct loss *l)
{
	if (l->flags & LOSS_PRR)
		t->cc.cwnd = least(t->cc.cwnd, pipe_octets(t) + t->cc.smss);
}

/* RFC 6937 4: PRR converges to the window that congestion control has chosen. */
void prr_end(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	if (!(l->flags & LOSS_PRR))
		return;
	why(t, R_PRR_END, env);
	l->flags &= (uint16_t)~LOSS_PRR;
	t->cc.cwnd = t->cc.ssthresh;
}
