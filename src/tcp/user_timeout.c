/* SPDX-License-Identifier: MIT */
/*
 * user_timeout.c - RFC 5482: the user timeout is told to the peer, and the peer's is taken. Of the
 * RFC's variables ENABLED, CHANGEABLE, ADV_UTO, L_LIMIT and U_LIMIT are settings and REMOTE_UTO is
 * the TCB's; USER_TIMEOUT follows from them, and so is nowhere kept.
 */
#include "options.h"
#include "tcb.h"

enum {
	IN_MINUTES = 1 << 15, /* the granularity bit, 3.3 */
	MOST = IN_MINUTES - 1,
	OCTETS = 4,
	MINUTE = 60,
};

#define DEFAULT_TIMEOUT (5 * MINUTE * USEC_PER_S) /* RFC 9293 3.9.1.1, where there is none */

static bool is_enabled(const struct tcp_env *env)
{
	return env->profile->user_timeout_option && !env->profile->no_options;
}

/* ---- what is told --------------------------------------------------------------------------- */

usec tcp_user_timeout_told(const struct tcp_profile *p)
{
	if (!p->user_timeout_option)
		return 0;
	if (p->uto_told > 0)
		return p->uto_told;
	return p->user_timeout > 0 ? p->user_timeout : DEFAULT_TIMEOUT;
}

/* 3.3: in seconds as long as 15 bits hold them, then in minutes; never less than is meant, and so
 * never zero (3.4). */
static uint16_t field_of(usec span)
{
	usec seconds = (span + USEC_PER_S - 1) / USEC_PER_S;
	usec minutes = (seconds + MINUTE - 1) / MINUTE;

	if (seconds <= MOST)
		return (uint16_t)seconds;
	return (uint16_t)(IN_MINUTES | (minutes < MOST ? minutes : MOST));
}

void user_timeout_due(struct tcb *t, struct tcp_env *env)
{
	if (is_enabled(env))
		t->flags |= TCB_UTO;
}

void tcp_call_user_timeout(struct tcb *t, struct tcp_env *env)
{
	if (t->state <= SYN_RECEIVED || t->state == TIME_WAIT || !is_enabled(env))
		return;
	why(t, R_UTO_NEW, env);
	user_timeout_due(t, env);
	tcb_check(t, env);
}

/* 4.1: "When segments carrying UTO options are persistently lost, an implementation should turn off
 * the use of UTO": here until something is acknowledged again. */
static bool is_quiet(const struct tcb *t, const struct tcp_env *env)
{
	return t->rexmits >= env->profile->r1;
}

static void put(struct seg *out, const struct tcp_env *env)
{
	out->opts |= OPT_USER_TIMEOUT;
	out->uto = field_of(tcp_user_timeout_told(env->profile));
}

void user_timeout_offer(const struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (!is_enabled(env))
		return;
	if (is_quiet(t, env)) {
		why(t, R_UTO_QUIET, env);
		return;
	}
	why(t, R_UTO_SYN, env);
	put(out, env);
}

/* "TCP's option space is limited to 40 bytes": timestamps and three SACK blocks fill it. */
static bool has_room(const struct tcb *t, uint32_t sack, uint32_t text)
{
	if (options_octets(t) + sack + OCTETS > SACK_ROOM)
		return false;
	return text == 0 || text + sack + OCTETS <= t->snd.mss;
}

uint32_t user_timeout_octets(const struct tcb *t, uint32_t sack, const struct tcp_env *env)
{
	if (!(t->flags & TCB_UTO) || is_quiet(t, env) || !has_room(t, sack, MSS_LEAST))
		return 0;
	return OCTETS;
}

void user_timeout_put(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (!(t->flags & TCB_UTO) || (out->ctl & (SYN | RST)))
		return;
	if (is_quiet(t, env)) {
		why(t, R_UTO_QUIET, env);
		return;
	}
	if (!has_room(t, sack_size(out), out->text.len)) {
		why(t, R_UTO_NO_ROOM, env);
		return;
	}
	why(t, R_UTO_SENT, env);
	put(out, env);
	t->flags &= ~(uint32_t)TCB_UTO;
}

/* 3.2: it may have been lost with what is said again now, and "MUST NOT assume" that it was not. */
void user_timeout_again(struct tcb *t, struct tcp_env *env)
{
	if (!is_enabled(env) || (t->flags & TCB_UTO) || is_quiet(t, env))
		return;
	why(t, R_UTO_AGAIN, env);
	user_timeout_due(t, env);
}

/* ---- what is taken -------------------------------------------------------------------------- */

/* "Connections in other states MUST use the default timeout values." */
bool user_timeout_is_adopted(const struct tcb *t, const struct tcp_env *env)
{
	return t->remote_uto != 0 && is_enabled(env) && env->profile->uto_changeable &&
	       t->state > SYN_RECEIVED;
}

static usec greater(usec a, usec b)
{
	return a > b ? a : b;
}

/* "The lower limit (L_LIMIT) MUST be larger than the current retransmission timeout (RTO)." */
static usec lower_limit(const struct tcb *t, const struct tcp_env *env)
{
	return greater(env->profile->uto_least, t->rto + env->profile->rto_granularity);
}

/* max(ADV_UTO, REMOTE_UTO) */
static usec longer_told(const struct tcb *t, const struct tcp_env *env)
{
	return greater(tcp_user_timeout_told(env->profile), tcp_user_timeout_of(t->remote_uto));
}

/* USER_TIMEOUT = min(U_LIMIT, max(ADV_UTO, REMOTE_UTO, L_LIMIT)) */
usec user_timeout(const struct tcb *t, const struct tcp_env *env)
{
	usec least = lower_limit(t, env), most = env->profile->uto_most, told;

	if (!user_timeout_is_adopted(t, env))
		return env->profile->user_timeout;
	told = greater(longer_told(t, env), least);
	return told < most ? told : most;
}

static enum rule adopted_by(const struct tcb *t, const struct tcp_env *env)
{
	usec told = longer_told(t, env);

	if (told > env->profile->uto_most)
		return R_UTO_U_LIMIT;
	return told < lower_limit(t, env) ? R_UTO_L_LIMIT : R_UTO_ADOPTED;
}

/* What runs has begun when it began; only its end is another one. */
void user_timeout_shift(struct tcb *t, usec before, struct tcp_env *env)
{
	usec now = user_timeout(t, env);

	if (is_running(t, TIMER_USER))
		t->deadline[TIMER_USER] += now - before;
	else if (before == 0)
		user_timeout_restart(t, env);
}

/* "Whenever it starts using a new user timeout" the peer hears of it. */
void user_timeout_adopt(struct tcb *t, usec before, struct tcp_env *env)
{
	if (!user_timeout_is_adopted(t, env))
		return;
	why(t, adopted_by(t, env), env);
	if (user_timeout(t, env) == before)
		return;
	why(t, R_UTO_NEW, env);
	user_timeout_due(t, env);
	user_timeout_shift(t, before, env);
	if (is_running(t, TIMER_KEEPALIVE))
		keepalive_restart(t, env);
}

void user_timeout_take(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	usec before = user_timeout(t, env);

	if (!(s->opts & OPT_USER_TIMEOUT))
		return;
	if (!is_enabled(env)) {
		why(t, R_UTO_IGNORED, env);
		return;
	}
	if ((s->uto & MOST) == 0) {
		why(t, R_UTO_RESERVED, env);
		return;
	}
	if (s->uto == t->remote_uto)
		return; /* it was heard before */
	t->remote_uto = s->uto;
	if (s->uto & IN_MINUTES)
		why(t, R_UTO_MINUTES, env);
	if (!env->profile->uto_changeable) {
		why(t, R_UTO_FIXED, env);
		env->signals |= TCP_SIG_USER_TIMEOUT;
	} else if (t->state <= SYN_RECEIVED) {
		why(t, R_UTO_LATER, env);
	} else {
		user_timeout_adopt(t, before, env);
	}
}

/* ---- its neighbours ------------------------------------------------------------------------- */

/* 4.2: "The keep-alive timer MUST be set to a value larger than that of the adopted USER
 * TIMEOUT." */
usec user_timeout_idle(const struct tcb *t, struct tcp_env *env)
{
	usec idle = env->profile->keepalive_idle, timeout = user_timeout(t, env);

	if (!is_enabled(env) || idle > timeout)
		return idle;
	counts(R_UTO_KEEPALIVE, env); /* with every segment heard: no note */
	return timeout + USEC_PER_S;
}

/* RFC 9293 3.8.3: R2 is what closes the connection, unless something else was adopted. */
bool user_timeout_outlasts_r2(const struct tcb *t, struct tcp_env *env)
{
	if (!user_timeout_is_adopted(t, env))
		return false;
	why(t, R_UTO_R2, env);
	return true;
}
