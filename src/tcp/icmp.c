/* SPDX-License-Identifier: MIT */
/* icmp.c - RFC 9293 section 3.9.2.2: ICMP errors about a segment of this connection, MUST-54. */
#include "options.h"
#include "recovery.h"
#include "tcb.h"

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

static void too_big(struct tcb *t, uint32_t mtu, struct tcp_env *env)
{
	uint32_t headers = (env->is_ipv6 ? HEADERS_IPV6 : HEADERS_IPV4) + options_octets(t);
	uint32_t floor = env->is_ipv6 ? MTU_LEAST_IPV6 : MTU_LEAST_IPV4;

	if (mtu == 0)
		mtu = plateau_below(t->snd.mss + headers);
	if (mtu < floor)
		mtu = floor;
	if (mtu >= t->snd.mss + headers) {
		why(t, R_ICMP_NOT_SMALLER, env);
		return;
	}
	why(t, R_ICMP_TOO_BIG, env);
	mss_settle(t, mtu, env);
	/* RFC 1191 6.5: sent again without a change of the congestion window for the loss. */
	if (t->rexmitq.count > 0 && !is_syn_out(t))
		recovery_resend(t, R_ICMP_TOO_BIG, env);
	t->due |= DUE_NEW;
}

void tcp_arrives_icmp(struct tcb *t, enum tcp_icmp what, seq32 about, uint32_t mtu,
		      struct tcp_env *env)
{
	bool is_ours = t->state != CLOSED && t->state != LISTEN && seq_le(t->snd.una, about) &&
		       seq_le(about, t->snd.nxt);

	if (what == ICMP_QUENCH) {
		why(t, R_ICMP_QUENCH, env);
		return;
	}
	if (!is_ours) { /* RFC 5927 4.1: of something outstanding, or of an ACK alone */
		why(t, R_ICMP_STRAY, env);
		return;
	}
	switch (what) {
	case ICMP_SOFT:
		why(t, R_ICMP_SOFT, env);
		env->signals |= TCP_SIG_SOFT_ERROR;
		break;
	case ICMP_HARD: tcb_delete(t, R_ICMP_HARD, TCP_SIG_UNREACHABLE, env); break;
	case ICMP_TOO_BIG: too_big(t, mtu, env); break;
	case ICMP_QUENCH: UNREACHABLE();
	}
	tcb_check(t, env);
}
