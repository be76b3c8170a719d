/* SPDX-License-Identifier: MIT */
/* facts.c - what STATUS tells of loss recovery beyond the fields of the TCB, in segments. */
#include "loss.h"
#include "queues.h"
#include "recovery.h"
#include "tcb.h"

static enum tcp_ca ca_state(const struct tcb *t)
{
	if (t->flags & TCB_RECOVERING)
		return CA_RECOVERY;
	if (t->flags & TCB_LOSS)
		return CA_LOSS;
	if (t->flags & TCB_REDUCED)
		return CA_CWR;
	return t->dupacks > 0 || t->board.sacked > 0 ? CA_DISORDER : CA_OPEN;
}

void tcp_facts(const struct tcb *t, struct tcp_facts *out, const struct tcp_env *env)
{
	*out = (struct tcp_facts){
		.ca = ca_state(t),
		.unacked = t->rexmitq.count,
		.total_again = t->snd.again,
		.reordering = env->profile->dupthresh,
		.backoff = t->rexmits,
	};
	out->sacked = board_count(t, MARK_SACKED, env->pool);
	out->lost = board_count(t, MARK_LOST | MARK_AGAIN, env->pool);
	out->again = board_count(t, MARK_AGAIN, env->pool);
	if (t->rack != 0) {
		struct rack r = rack_load(t, env);

		if (r.reordering > out->reordering)
			out->reordering = r.reordering;
		out->has_reordering = (r.flags & RACK_REORDERING) != 0;
		out->min_rtt = r.min_rtt;
		/* The copy of a loss probe is no sign of a loss. */
		if ((r.flags & TLP_OUT) && (r.flags & TLP_AGAIN) && out->lost > 0)
			out->lost--;
	}
	if (!(t->flags & TCB_SACK))
		out->sacked = t->dupacks;
}
