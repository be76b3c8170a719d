/* SPDX-License-Identifier: MIT */
/* ecn.c - RFC 3168 section 6.1: ECN between two TCPs. What the congestion window makes of ECE is
 * recovery's part. */
#include "options.h"
#include "recovery.h"
#include "tcb.h"

/* Does this SYN still ask, or have too many been lost that did? */
static bool is_asking(const struct tcb *t, const struct tcp_env *env)
{
	return env->profile->ecn == ECN_REQUEST && !syn_is_bare(t, env) &&
	       t->rexmitq.front.times <= env->profile->ecn_retries;
}

void ecn_offer(const struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (t->state != SYN_SENT) {
		out->ctl |= (t->flags & TCB_ECN) && !t->no_ect ? ECE : 0;
	} else if (is_asking(t, env)) {
		why(t, R_ECN_ASKED, env);
		out->ctl |= ECE | CWR;
	} else if (env->profile->ecn == ECN_REQUEST) {
		why(t, R_ECN_FALLBACK, env);
	}
}

/* An ECN-setup SYN has both bits, an ECN-setup SYN,ACK has ECE alone. */
static bool is_setup(const struct seg *s)
{
	return (s->ctl & (ECE | CWR)) == (s->ctl & ACK ? ECE : ECE | CWR);
}

static void mark_no_more(struct tcb *t, struct tcp_env *env)
{
	why(t, R_ECN_NO_ECT, env);
	t->no_ect = true;
}

void ecn_agree(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	bool is_ours = t->state == SYN_SENT;

	if (env->profile->ecn == ECN_OFF || !is_setup(s))
		return;
	if (is_ours && env->profile->ecn != ECN_REQUEST)
		return;
	why(t, R_ECN_AGREED, env);
	t->flags |= TCB_ECN;
	/* Whoever has sent a SYN that did not ask does not mark his text, but what he has said
	 * before binds him: "the commitment to respond appropriately ... remains". */
	if (is_ours && !is_asking(t, env))
		mark_no_more(t, env);
}

/* Of this connection another SYN, or the SYN,ACK where both have opened. */
void ecn_again(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	if ((t->flags & TCB_ECN) && !t->no_ect && (s->ctl & (SYN | RST)) == SYN &&
	    seq_eq(s->seq, t->irs) && !is_setup(s))
		mark_no_more(t, env);
}

/* The congestion window was reduced, for whatever reason: 6.1.2. */
void ecn_reduced(struct tcb *t)
{
	if (t->flags & TCB_ECN)
		t->flags |= TCB_CWR;
}

void ecn_echo(const struct tcb *t, struct seg *out)
{
	if ((t->flags & TCB_ECE) && (out->ctl & (SYN | ACK)) == ACK)
		out->ctl |= ECE;
}

/* Not on what is sent again, on ACKs alone, on probes: 6.1.4 to 6.1.6. */
void ecn_mark(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (!(t->flags & TCB_ECN) || t->snd.wnd == 0 || t->no_ect)
		return;
	counts(R_ECN_ECT, env); /* with all new text: no note */
	out->ecn = ECN_ECT_0;
	if (!(t->flags & TCB_CWR))
		return;
	why(t, R_ECN_CWR_SENT, env);
	out->ctl |= CWR;
	t->flags &= ~(uint32_t)TCB_CWR;
}

void ecn_arrives(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	if (!(t->flags & TCB_ECN) || s->text.len == 0 || (s->ctl & (SYN | RST)))
		return;
	if ((s->ctl & CWR) && (t->flags & TCB_ECE)) {
		why(t, R_ECN_CWR_HEARD, env);
		t->flags &= ~(uint32_t)TCB_ECE;
	}
	if (s->ecn == ECN_CE && !(t->flags & TCB_ECE)) {
		why(t, R_ECN_CE, env);
		t->flags |= TCB_ECE;
	}
}
