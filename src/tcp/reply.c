/* SPDX-License-Identifier: MIT */
/* reply.c - segments formed at their RFC line: resets and immediate acknowledgments. */
#include "reply.h"
#include "options.h"
#include "output.h"
#include "tcb.h"
#include "window.h"
#include <string.h>

enum verdict drop(struct tcb *t, enum rule r, struct tcp_env *env)
{
	why(t, r, env);
	return RETURN;
}

enum verdict reply_ack(struct tcb *t, enum rule r, struct tcp_env *env)
{
	why(t, r, env);
	seg_form(t, &env->reply, ack_number(t, env), ACK, r, env);
	sack_put(t, &env->reply, SACK_ROOM, env);
	env->has_reply = true;
	return RETURN;
}

bool challenge_may(struct tcb *t, const struct tcp_env *env)
{
	uint32_t ms = (uint32_t)(env->now / USEC_PER_MS);
	usec span = (usec)(ms - t->challenge_ms) * USEC_PER_MS;

	if (t->challenges == 0 || span >= env->profile->challenge_period) {
		t->challenge_ms = ms;
		t->challenges = 0;
	}
	if (t->challenges >= env->profile->challenge_limit)
		return false;
	t->challenges++;
	return true;
}

enum verdict reply_challenge(struct tcb *t, enum rule r, struct tcp_env *env)
{
	if (!challenge_may(t, env))
		return drop(t, R_CHALLENGE_LIMIT, env);
	return reply_ack(t, r, env);
}

/* A reset carries nothing of the connection but its two numbers. */
static void form_reset(struct seg *out, seq32 number, seq32 ack, uint16_t ctl, enum rule r)
{
	memset(out, 0, sizeof *out);
	out->seq = number;
	out->ack = ack;
	out->ctl = ctl;
	out->rule = (uint16_t)r;
}

/* RFC 7323 5.2: "SEG.TSecr SHOULD be set to SEG.TSval", and SEG.TSval to zero. */
static void echo_timestamp(const struct seg *s, struct seg *out, const struct tcp_env *env)
{
	if (!env->profile->timestamps || !(s->opts & OPT_TIMESTAMPS))
		return;
	if (env->rule_hits)
		env->rule_hits[R_TS_RESET]++;
	out->opts |= OPT_TIMESTAMPS;
	out->layout = env->profile->option_layout;
	out->tsecr = s->tsval;
}

static void form_reset_for(const struct seg *s, struct seg *out, enum rule r,
			   const struct tcp_env *env)
{
	if (s->ctl & ACK)
		form_reset(out, s->ack, seq(0), RST, r);
	else
		form_reset(out, seq(0), seg_end(s), RST | ACK, r);
	echo_timestamp(s, out, env);
}

enum verdict reply_reset(struct tcb *t, const struct seg *s, enum rule r, struct tcp_env *env)
{
	why(t, r, env);
	answer_reset(s, r, env);
	return RETURN;
}

void answer_reset(const struct seg *s, enum rule r, struct tcp_env *env)
{
	form_reset_for(s, &env->reply, r, env);
	env->has_reply = true;
}

void answer_reset_own(const struct tcb *t, enum rule r, struct tcp_env *env)
{
	form_reset(&env->reply, t->snd.nxt, t->rcv.nxt, RST | ACK, r);
	env->has_reply = true;
}

void send_reset(struct tcb *t, enum rule r, struct tcp_env *env)
{
	form_reset(&env->reply, t->snd.nxt, seq(0), RST, r);
	if (env->profile->reset_ack && r != R_TEXT_AFTER_CLOSE) {
		why(t, R_RESET_ACK, env);
		env->reply.ctl |= ACK;
		env->reply.ack = t->rcv.nxt;
		env->reply.wnd = window_field(t, RST, env);
	}
	if (t->flags & TCB_TIMESTAMPS) {
		why(t, R_TS_ABORT, env);
		options_put(t, &env->reply, env);
	}
	env->has_reply = true;
}

bool tcp_answer_closed(const struct seg *s, struct seg *reset, struct tcp_env *env)
{
	enum rule r = s->ctl & RST ? R_CLOSED_RST : R_CLOSED_RESET;

	if (env->rule_hits)
		env->rule_hits[r]++;
	if (s->ctl & RST)
		return false;
	form_reset_for(s, reset, r, env);
	return true;
}
