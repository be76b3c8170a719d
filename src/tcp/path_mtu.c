/* SPDX-License-Identifier: MIT */
/*
 * path_mtu.c - what the path carries: learned from routers (RFC 1191, RFC 8201), forgotten after a
 * while, and guessed when routers are silent (RFC 2923 2.1, RFC 4821 7.7: a black hole).
 */
#include "options.h"
#include "queues.h"
#include "snd_more.h"
#include "tcb.h"

static uint32_t headers(const struct tcp_env *env)
{
	return env->is_ipv6 ? HEADERS_IPV6 : HEADERS_IPV4;
}

static void note_time(struct tcb *t, bool has_mtu, struct tcp_env *env)
{
	struct snd_more m = snd_more_load(t, env->pool);

	m.has_mtu = has_mtu;
	m.mtu_at = has_mtu ? env->now : 0;
	snd_more_store(t, &m, env->pool);
}

void mtu_learn(struct tcb *t, uint32_t mtu, struct tcp_env *env)
{
	t->snd.mtu = (uint16_t)mtu;
	note_time(t, true, env);
	mss_settle(t, env->profile->mtu, env);
	if (is_syn_out(t) && env->profile->mtu_announced && mtu - headers(env) < t->rcv.mss)
		t->rcv.mss = (uint16_t)(mtu - headers(env));
}

/* RFC 1191 6.3: "the PMTU estimate is set to the MTU of the associated first hop." */
void mtu_forget(struct tcb *t, struct tcp_env *env)
{
	struct snd_more m;

	if (t->snd.mtu == 0 || env->profile->mtu_expire == 0)
		return;
	m = snd_more_load(t, env->pool);
	if (!m.has_mtu || env->now - m.mtu_at < env->profile->mtu_expire)
		return;
	why(t, R_MTU_AGED, env);
	t->snd.mtu = 0;
	note_time(t, false, env);
	mss_settle(t, env->profile->mtu, env);
}

/* Full-sized segments are repeated in vain, and no router says why. */
void mtu_black_hole(struct tcb *t, struct tcp_env *env)
{
	uint32_t mss = t->snd.mss / 2, base = env->profile->mtu_base;
	uint32_t used = headers(env) + options_octets(t);

	if (env->profile->black_hole == 0 || t->rexmits + 1u < env->profile->black_hole)
		return;
	if (t->rexmitq.count == 0 || t->rexmitq.front.text < t->snd.mss)
		return;
	base = base > used + MSS_LEAST ? base - used : MSS_LEAST;
	if (mss < base)
		mss = base;
	if (mss >= t->snd.mss)
		return;
	why(t, R_BLACK_HOLE, env);
	mtu_learn(t, mss + used, env);
}
