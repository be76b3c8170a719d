/* SPDX-License-Identifier: MIT */
/* icmp.c - RFC 9293 section 3.9.2.2: ICMP errors about a segment of this connection, MUST-54. */
#include "options.h"
#include "queues.h"
#include "recovery.h"
#include "tcb.h"

/* ---- the path carries less ------------------------------------------------------------------- */

enum {
	MTU_LEAST_IPV4 = 68,   /* RFC 1191 section 3 */
	MTU_LEAST_IPV6 = 1280, /* RFC 8200 section 5 */
};

/* An old router does not say how much fits: RFC 1191 section 7, the next plateau below. */
static uint32_t plateau_below(uint32_t size)
{
	static const uint16_t plateaus[] = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296};

	for (size_t i = 0; i < sizeof plateaus / sizeof plateaus[0]; i++) {
		if (plateaus[i] < size)
			return plateaus[i];
	}
	return MTU_LEAST_IPV4;
}

static uint32_t mtu_least(const struct tcp_env *env)
{
	uint32_t least = env->is_ipv6 ? MTU_LEAST_IPV6 : MTU_LEAST_IPV4;

	return env->profile->mtu_least > least ? env->profile->mtu_least : least;
}

/* The largest datagram that we send now. Before the peer has said its MSS that is not known, and
 * what the path carries counts alone. */
static uint32_t mtu_now(const struct tcb *t, const struct tcp_env *env)
{
	if (is_syn_out(t))
		return t->snd.mtu ? t->snd.mtu : env->profile->mtu;
	return t->snd.mss + options_octets(t) + (env->is_ipv6 ? HEADERS_IPV6 : HEADERS_IPV4);
}

static void too_big(struct tcb *t, uint32_t mtu, struct tcp_env *env)
{
	if (env->is_ipv6 && mtu < MTU_LEAST_IPV6) {
		why(t, R_ICMP_TOO_SMALL, env);
		return;
	}
	if (mtu == 0)
		mtu = plateau_below(mtu_now(t, env));
	if (mtu < mtu_least(env))
		mtu = mtu_least(env);
	if (mtu >= mtu_now(t, env)) {
		why(t, R_ICMP_NOT_SMALLER, env);
		return;
	}
	why(t, R_ICMP_TOO_BIG, env);
	mtu_learn(t, mtu, env);
	/* RFC 1191 6.5: sent again without a change of the congestion window for the loss. */
	if (t->rexmitq.count > 0 && !is_syn_out(t))
		recovery_resend(t, R_ICMP_TOO_BIG, env);
	t->due |= DUE_NEW;
}

/* ---- nobody can be reached ------------------------------------------------------------------- */

static bool is_opening(const struct tcb *t)
{
	return t->state == SYN_SENT || t->state == SYN_RECEIVED;
}

/* RFC 5927 4.1: about what is outstanding, or about an ACK alone: its SEG.SEQ is SND.NXT. */
static bool is_ours(const struct tcb *t, seq32 about)
{
	if (t->state == CLOSED || t->state == LISTEN || seq_lt(about, t->snd.una))
		return false;
	return is_opening(t) ? seq_lt(about, t->snd.nxt) : seq_le(about, t->snd.nxt);
}

static void soft(struct tcb *t, struct tcp_env *env)
{
	if (is_opening(t) && env->profile->icmp_soft_ends) {
		tcb_delete(t, R_ICMP_SOFT_ENDS, TCP_SIG_UNREACHABLE, env);
		return;
	}
	why(t, R_ICMP_SOFT, env);
	env->signals |= TCP_SIG_SOFT_ERROR;
}

static bool may_end(const struct tcb *t, const struct tcp_env *env)
{
	switch ((enum icmp_hard_choice)env->profile->icmp_hard) {
	case ICMP_HARD_ENDS: return true;
	case ICMP_HARD_OPENING: return is_opening(t);
	case ICMP_HARD_IGNORED: return false;
	}
	UNREACHABLE();
}

/* RFC 5927 5.2: whoever has an answer from the peer's TCP knows better than a router. */
static void hard(struct tcb *t, struct tcp_env *env)
{
	if (may_end(t, env)) {
		tcb_delete(t, R_ICMP_HARD, TCP_SIG_UNREACHABLE, env);
		return;
	}
	why(t, R_ICMP_HARD_SOFT, env);
	env->signals |= TCP_SIG_SOFT_ERROR;
}

void tcp_arrives_icmp(struct tcb *t, enum tcp_icmp what, seq32 about, uint32_t mtu,
		      struct tcp_env *env)
{
	if (what == ICMP_QUENCH) {
		why(t, R_ICMP_QUENCH, env);
		return;
	}
	if (!is_ours(t, about)) {
		why(t, R_ICMP_STRAY, env);
		return;
	}
	switch (what) {
	case ICMP_SOFT: soft(t, env); break;
	case ICMP_HARD: hard(t, env); break;
	case ICMP_PROHIBITED:
		if (env->profile->icmp_prohibited)
			hard(t, env);
		else
			soft(t, env);
		break;
	case ICMP_TOO_BIG: too_big(t, mtu, env); break;
	case ICMP_QUENCH: UNREACHABLE();
	}
	tcb_check(t, env);
}
