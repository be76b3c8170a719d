/* SPDX-License-Identifier: MIT */
/* start.c - a connection begins: ISS, the first figures, and the SYN that is due. */
#include "options.h"
#include "output.h"
#include "queues.h"
#include "rto.h"
#include "tcb.h"
#include "window.h"

void connection_start(struct tcb *t, struct tcp_env *env)
{
	struct rexmit syn = {.seq = env->iss, .ctl = SYN, .sent_at = env->now};
	bool has_room = rexmitq_push(t, &syn, env->pool);

	ASSERT(has_room); /* the front needs no block */
	t->iss = env->iss;
	t->snd.una = t->snd.up = t->snd.push = t->rexmitq.small = t->iss;
	t->snd.nxt = seq_add(t->iss, 1);
	t->flags |= TCB_SYN_OUT;
	t->oldest_at = env->now;
	/* RFC 6582 3.2 step 1 says ISS. One less, lest the SYN count as text that was outstanding:
	 * the first segment of all could not be repeated fast. */
	t->recover = seq_sub(t->iss, 1);
	t->rto = env->profile->rto_initial;
	t->rcv_shift = options_shift(env) & 0xfu;
	t->rcv.mss = env->profile->mss_option ? mss_announced(env) : mss_default(env);
	t->snd.peer_mss = mss_default(env);
	mss_settle(t, env->profile->mtu, env);
	window_open(t, env);
	rto_time(t, env);
	rto_timer_start(t, env);
	user_timeout_due(t, env); /* "in the first packet that does not have the SYN flag set" */
	user_timeout_restart(t, env);
}

void syn_due(struct tcb *t, enum rule r)
{
	t->due |= DUE_SYN;
	t->send_rule = (uint16_t)r;
}
