/* SPDX-License-Identifier: MIT */
/* arrives_text.c - RFC 9293 section 3.10.7.4, "seventh, process the segment text". */
#include "arrives.h"
#include "memory.h"
#include "options.h"
#include "queues.h"
#include "reply.h"
#include "tcb.h"
#include "window.h"

/* RCV.NXT moves over text that begins there. False: no block to keep it. */
static bool accept_text(struct tcb *t, struct text text, struct tcp_env *env)
{
	if (!(t->flags & TCB_USER_GONE)) {
		if (!receiveq_push(t, text, env->pool))
			return false;
		t->rcv.user += text.len;
		env->signals |= TCP_SIG_READABLE;
	}
	t->rcv.nxt = seq_add(t->rcv.nxt, text.len);
	t->rcv.wnd = t->rcv.wnd > text.len ? t->rcv.wnd - text.len : 0;
	return true;
}

static bool is_held_whole(const struct tcb *t, const struct seg *s, const struct tcp_env *env)
{
	struct sack_block run;

	return held_run_of(t, s->seq, &run, env->pool) && seq_le(seg_end(s), run.right);
}

/* "Segments with higher beginning sequence numbers SHOULD be held for later processing." */
static void hold_text(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	bool is_held, is_new;

	sack_duplicate(t, s, env);
	if (!memory_admits(t, s, env))
		return;
	is_new = !is_held_whole(t, s, env);
	is_held = held_insert(t, s->seq, s->text, env->pool);
	if (is_new)
		memory_hold(t, s, env);
	if (t->flags & TCB_SACK)
		held_hear(t, s->seq, env->pool);
	why(t, is_held ? R_TEXT_HELD : R_TEXT_NOT_HELD, env);
	why(t, R_ACK_OUT_OF_ORDER, env);
	owe_ack(t, R_ACK_OUT_OF_ORDER);
}

/* All that is held from RCV.NXT on, before any ACK is sent: MUST-59. */
static void release_held(struct tcb *t, enum rule r, struct tcp_env *env)
{
	struct text text = held_take(t, env->pool);

	if (text.len == 0)
		return;
	why(t, r, env);
	for (; text.len > 0; text = held_take(t, env->pool)) {
		if (!accept_text(t, text, env)) {
			why(t, R_TEXT_NO_BLOCK, env);
			break;
		}
	}
	if (r == R_SYN_TEXT_TAKEN && env->profile->syn_text_waits)
		return;
	why(t, R_ACK_GAP_FILLED, env);
	owe_ack(t, R_ACK_GAP_FILLED);
}

static void take_text(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	bool has_gap = t->rcv.held != 0;

	if (has_gap)
		sack_duplicate(t, s, env);
	if (!memory_admits(t, s, env))
		return;
	memory_take(t, s, env);
	has_gap = t->rcv.held != 0;

	/* Among held runs the octets that came first stay; without a block the gap still closes. */
	if (has_gap && held_insert(t, s->seq, s->text, env->pool)) {
		release_held(t, R_TEXT_GAP_FILLED, env);
		return;
	}
	if (!accept_text(t, s->text, env)) {
		why(t, R_TEXT_NO_BLOCK, env);
		owe_ack(t, R_TEXT_NO_BLOCK);
		return;
	}
	why(t, t->flags & TCB_USER_GONE ? R_TEXT_NOBODY : R_TEXT_IN_ORDER, env);
	if (has_gap)
		release_held(t, R_TEXT_GAP_FILLED, env);
	else
		owe_ack_for(t, s, env);
}

/* Text that came with the SYN waits no more, now that the connection is established. */
static void take_syn_text(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	struct seg came = *s;
	seq32 from = t->rcv.nxt;
	uint32_t n;

	if (!seq_eq(run_at(env->pool, t->rcv.held).seq, t->rcv.nxt))
		return;
	release_held(t, R_SYN_TEXT_TAKEN, env);
	came.text.len = seq_span(from, t->rcv.nxt);
	if (env->profile->syn_text_waits && came.text.len > 0)
		owe_ack_for(t, &came, env);
	if (seq_ge(s->seq, t->rcv.nxt))
		return;
	n = seq_span(s->seq, t->rcv.nxt);
	if (n > s->text.len)
		n = s->text.len;
	s->text.offset += n;
	s->text.len -= n;
	seg_advance(s, n);
}

enum verdict process_text(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (!is_receiving((enum state)t->state)) {
		if (s->text.len > 0)
			why(t, R_TEXT_IGNORED, env);
		return CONTINUE;
	}
	if (s->text.len > 0 && (t->flags & TCB_USER_GONE) && env->profile->reset_unread) {
		if (env->profile->reset_as_closed)
			answer_reset(s, R_TEXT_AFTER_CLOSE, env);
		else
			send_reset(t, R_TEXT_AFTER_CLOSE, env);
		tcb_delete(t, R_TEXT_AFTER_CLOSE, 0, env);
		return RETURN;
	}
	if (t->rcv.held != 0)
		take_syn_text(t, s, env);
	if (s->text.len == 0)
		return CONTINUE;
	if (seq_eq(s->seq, t->rcv.nxt))
		take_text(t, s, env);
	else
		hold_text(t, s, env);
	return CONTINUE;
}
