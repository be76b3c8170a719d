/* SPDX-License-Identifier: MIT */
/* ecn.c - RFC 3168 section 6.1: ECN between two TCPs. What the congestion window makes of ECE is
 * recovery's part. */
#include "options.h"
#include "recovery.h"
#include "tcb.h"

/* Does this SYN still ask, or have too many been lost that did? */
static bool is_asking(const struct tcb *t, const struct tcp_env *env)
{
	return env->profile->ecn == ECN_REQUEST &&
	       t->rexmitq.front.times <= env->profile->ecn_retries;
}

void ecn_offer(const struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (t->state != SYN_SENT) {
		out->ctl |= t->flags & TCB_ECN ? ECE : 0;
	} else if (is_asking(t, env)) {
		why(t, R_ECN_ASKED, env);
		out->ctl |= ECE | CWR;
	} else if (env->profile->ecn == ECN_REQUEST) {
		why(t, R_ECN_FALLBACK, env);
	}
}

/* An ECN-setup SYN has both bits, an ECN-setup SYN,ACK has ECE alone. */
void ecn_agree(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	uint16_t setup = s->ctl & ACK ? ECE : ECE | CWR;

	if (env->profile->ecn == ECN_OFF || (s->ctl & (ECE | CWR)) != setup)
		return;
	/* Whoever has sent a SYN that did not ask does not mark his text. */
	if (t->state == SYN_SENT && !is_asking(t, env))
		return;
	why(t, R_ECN_AGREED, env);
	t->flags |= TCB_ECN;
}

void ecn_echo(const struct tcb *t, struct seg *out)
{
	if ((t->flags & TCB_ECE) && (out->ctl & (SYN | ACK)) == ACK)
		out->ctl |= ECE;
}

/* Not on what is sent again, on ACKs alone, on probes: 6.1.4 to 6.1.6. */
void ecn_mark(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (!(t->flags & TCB_ECN) || t->snd.wnd == 0)
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
