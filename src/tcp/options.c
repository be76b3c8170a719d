/* SPDX-License-Identifier: MIT */
/* options.c - what our SYN offers and the peer's agrees to: RFC 7323 2.2 and 3.2, RFC 2018 2; and
 * what stands on the segments after it. */
#include "options.h"
#include "memory.h"
#include "tcb.h"

enum { SHIFT_LEAST = 15 }; /* of the field "window shift": as small as the buffer allows */

uint8_t options_shift(const struct tcp_env *env)
{
	const struct tcp_profile *p = env->profile;
	uint32_t buff = p->rcv_buff_max > p->rcv_buff ? p->rcv_buff_max : p->rcv_buff;
	uint8_t shift = 0;

	if (p->window_memory)
		buff = memory_most(p);
	if (!p->wscale)
		return 0;
	if (p->window_shift != SHIFT_LEAST)
		return (uint8_t)p->window_shift;
	while (shift < SHIFT_MAX && (uint64_t)WINDOW_MAX << shift < buff)
		shift++;
	return shift;
}

/* In SYN-SENT we offer what the profile has; behind the peer's SYN what both have. */
static bool says(const struct tcb *t, bool is_offered, enum tcb_flag agreed)
{
	return t->state == SYN_SENT ? is_offered : (t->flags & agreed) != 0;
}

bool syn_is_bare(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t full = env->profile->syn_options;

	return full > 0 && t->state == SYN_SENT && t->rexmitq.front.times >= full;
}

void options_offer(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	const struct tcp_profile *p = env->profile;

	out->layout = p->option_layout;
	if (p->no_options) {
		why(t, R_OPTIONS_NONE, env);
		return;
	}
	if (p->mss_option) {
		why(t, R_MSS_SENT, env);
		out->opts = OPT_MSS;
		out->mss = t->rcv.mss;
	}
	if (syn_is_bare(t, env)) {
		why(t, R_SYN_BARE, env);
		return;
	}
	if (says(t, p->wscale, TCB_SCALE)) {
		why(t, R_SCALE_SENT, env);
		out->opts |= OPT_WSCALE;
		out->wscale = t->rcv_shift;
	}
	if (says(t, p->sack, TCB_SACK)) {
		why(t, R_SACK_PERMITTED, env);
		out->opts |= OPT_SACK_PERMITTED;
	}
	if (says(t, p->timestamps, TCB_TIMESTAMPS)) {
		why(t, R_TS_SENT, env);
		timestamps_put(t, out, env);
	}
	user_timeout_offer(t, out, env);
	ecn_offer(t, out, env);
}

static void agree_scale(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	bool is_ours = env->profile->wscale, is_theirs = (s->opts & OPT_WSCALE) != 0;

	if (!is_ours || !is_theirs) {
		if (is_ours || is_theirs)
			why(t, R_SCALE_ALONE, env);
		t->rcv_shift = 0;
		return;
	}
	why(t, R_SCALE_AGREED, env);
	t->flags |= TCB_SCALE;
	t->snd_shift = SHIFT_MAX;
	if (s->wscale > SHIFT_MAX)
		why(t, R_SCALE_LARGE, env);
	else
		t->snd_shift = s->wscale & 0xfu;
}

void options_agree(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	agree_scale(t, s, env);
	if (env->profile->sack && (s->opts & OPT_SACK_PERMITTED)) {
		why(t, R_SACK_AGREED, env);
		t->flags |= TCB_SACK;
	}
	if (env->profile->timestamps && (s->opts & OPT_TIMESTAMPS))
		timestamps_agree(t, s, env);
	user_timeout_take(t, s, env);
	ecn_agree(t, s, env);
}

void options_put(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	out->layout = env->profile->option_layout;
	if (t->flags & TCB_TIMESTAMPS)
		timestamps_put(t, out, env);
}

uint32_t options_octets(const struct tcb *t)
{
	return t->flags & TCB_TIMESTAMPS ? TIMESTAMPS_OCTETS : 0;
}

uint32_t options_text_most(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t sack = sack_octets(t, env);

	return t->snd.mss - sack - user_timeout_octets(t, sack, env);
}

uint32_t window_told(const struct tcb *t, const struct seg *s)
{
	return s->ctl & (SYN | UNSCALED) ? s->wnd : (uint32_t)s->wnd << t->snd_shift;
}
