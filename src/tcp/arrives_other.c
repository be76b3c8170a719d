/* SPDX-License-Identifier: MIT */
/*
 * arrives_other.c - RFC 9293 section 3.10.7.4: the eight checks of a segment that arrives in
 * SYN-RECEIVED or a synchronized state. One function a check, in the RFC's order and words; the
 * table steps[] drives them.
 */
#include "arrives.h"
#include "memory.h"
#include "options.h"
#include "queues.h"
#include "recovery.h"
#include "reply.h"
#include "rto.h"
#include "tcb.h"
#include "window.h"

enum { TRIMMED = 1 << 15 }; /* in the ctl of our copy: it has lost a part outside the window */

/* ---- first, check sequence number ----------------------------------------------------------- */

static bool is_in_window(const struct tcb *t, seq32 x, const struct tcp_env *env)
{
	return seq_le(t->rcv.nxt, x) && seq_lt(x, seq_add(t->rcv.nxt, window_in_force(t, env)));
}

/* Table 6, row by row. */
static bool is_acceptable(const struct tcb *t, const struct seg *s, const struct tcp_env *env)
{
	uint32_t wnd = window_in_force(t, env);

	if (s->len == 0 && wnd == 0)
		return seq_eq(s->seq, t->rcv.nxt);
	if (s->len == 0)
		return is_in_window(t, s->seq, env);
	if (wnd == 0)
		return false;
	return is_in_window(t, s->seq, env) || is_in_window(t, seq_sub(seg_end(s), 1), env);
}

static void take_off_syn(struct seg *s)
{
	s->ctl &= (uint16_t)~SYN;
	seg_advance(s, 1);
}

static void trim_left(const struct tcb *t, struct seg *s, const struct tcp_env *env)
{
	uint32_t n;

	if (s->ctl & SYN) {
		/* Its place in the sequence space is old; RFC 5961 4.2 still wants to see it. */
		bool is_seen = env->profile->syn_check == CHECK_RFC5961 &&
			       (t->state != SYN_RECEIVED || t->origin != ORIGIN_PASSIVE);

		take_off_syn(s);
		s->ctl |= is_seen ? SYN : 0;
	}
	n = seq_span(s->seq, t->rcv.nxt);
	s->text.offset += n;
	s->text.len -= n;
	seg_advance(s, n);
	s->ctl |= TRIMMED;
}

static void trim_right(const struct tcb *t, struct seg *s, const struct tcp_env *env)
{
	uint32_t room = seq_span(s->seq, seq_add(t->rcv.nxt, window_in_force(t, env)));

	/* A SYN in the window goes no further than the fourth check, which may want SEG.LEN. */
	if (s->len <= room || (s->ctl & SYN))
		return;
	s->ctl &= (uint16_t)~FIN;
	if (s->text.len > room)
		s->text.len = room;
	s->len = seg_len(s->ctl, s->text.len);
	s->ctl |= TRIMMED;
}

/* "The idealized segment that begins at RCV.NXT and does not exceed the window." */
static void trim(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (seq_lt(s->seq, t->rcv.nxt))
		trim_left(t, s, env);
	if (ends_beyond(t, s, env)) {
		why(t, R_SEQ_WHOLE, env);
		return;
	}
	if (is_honored(t, s, env))
		why(t, R_WINDOW_HONORED, env);
	trim_right(t, s, env);
	why(t, s->ctl & TRIMMED ? R_SEQ_TRIMMED : R_SEQ_ACCEPTABLE, env);
}

/* "Special allowance should be made to accept valid ACKs, URGs, and RSTs": the rest is cut off. */
static enum verdict accept_at_zero_window(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	why(t, R_SEQ_ZERO_WINDOW, env);
	if (s->ctl & RST)
		return CONTINUE;
	ecn_arrives(t, s, env); /* RFC 3168 6.1.6 */
	s->ctl = (uint16_t)((s->ctl & ~FIN) | TRIMMED);
	s->text.len = 0;
	s->len = seg_len(s->ctl, 0);
	owe_ack(t, R_SEQ_ZERO_WINDOW);
	return CONTINUE;
}

static bool is_old(const struct tcb *t, const struct seg *s)
{
	return (s->ctl & (ACK | SYN | RST)) == ACK && t->state != TIME_WAIT && s->len > 0 &&
	       seq_le(seg_end(s), t->rcv.nxt);
}

/* The peer's FIN again, say, with the ACK of ours. */
static enum verdict accept_old(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	why(t, R_SEQ_OLD_ACK, env);
	s->seq = t->rcv.nxt;
	s->ctl = (uint16_t)((s->ctl & ~(FIN | URG | PSH)) | TRIMMED);
	s->text.len = 0;
	s->len = 0;
	owe_ack(t, R_SEQ_OLD_ACK);
	return CONTINUE;
}

/* "An acknowledgment should be sent in reply (unless the RST bit is set)." */
static enum verdict refuse(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (s->ctl & RST)
		return drop(t, R_SEQ_RST_DROPPED, env);
	if (t->state == TIME_WAIT && (s->ctl & FIN) && seq_eq(seg_end(s), t->rcv.nxt)) {
		/* The fifth check's words; the first refuses what they speak of. */
		tcb_time_wait_again(t, env);
		return reply_ack(t, R_TIME_WAIT_FIN, env);
	}
	if ((s->ctl & SYN) && t->state != SYN_RECEIVED && env->profile->syn_check == CHECK_RFC5961)
		return reply_challenge(t, R_SYN_CHALLENGE, env);
	if (s->len == 0 && env->profile->challenge_limit > 0 && !challenge_may(t, env))
		return drop(t, R_SEQ_QUIET, env);
	if (s->text.len > 0) { /* the peer has waited for an ACK too long */
		ack_quickly(t, env);
		t->flags &= ~(uint32_t)TCB_PING_PONG;
	}
	return reply_ack(t, R_SEQ_REFUSED, env);
}

/* RFC 6191 2: would both have timestamps, they decide; else, or when equal, the number. */
static enum rule by_timestamps(const struct tcb *t, const struct seg *s, const struct tcp_env *env)
{
	bool would = env->profile->timestamps && (s->opts & OPT_TIMESTAMPS);

	if (would && (!(t->flags & TCB_TIMESTAMPS) || seq_gt(seq(s->tsval), seq(t->ts.recent))))
		return R_TIME_WAIT_SYN_YOUNGER;
	if (would && s->tsval != t->ts.recent)
		return R_TIME_WAIT_SYN_OLD;
	/* "Greater than the last sequence number seen": that was RCV.NXT-1. */
	return seq_ge(s->seq, t->rcv.nxt) ? R_TIME_WAIT_SYN : R_TIME_WAIT_SYN_OLD;
}

/* As Linux has it: the same, but what opens nothing goes through the checks and is answered. */
static enum rule by_either(const struct tcb *t, const struct seg *s)
{
	bool have = (t->flags & TCB_TIMESTAMPS) && (s->opts & OPT_TIMESTAMPS);

	if (have && s->tsval != t->ts.recent)
		return seq_gt(seq(s->tsval), seq(t->ts.recent)) ? R_TIME_WAIT_SYN_YOUNGER
								: RULE_NONE;
	return seq_gt(s->seq, t->rcv.nxt) ? R_TIME_WAIT_SYN : RULE_NONE;
}

/* MAY-2: what becomes of a SYN in TIME-WAIT? Without a rule it goes through the checks. */
static enum rule judge_incarnation(const struct tcb *t, const struct seg *s,
				   const struct tcp_env *env)
{
	if (t->state != TIME_WAIT || (s->ctl & (SYN | ACK | RST)) != SYN)
		return RULE_NONE;
	switch ((enum tw_syn_choice)env->profile->time_wait_syn) {
	case TW_SYN_REFUSE: return RULE_NONE;
	case TW_SYN_ISN: /* RFC 1122 4.2.2.13 has the same words */
		return seq_gt(s->seq, t->rcv.nxt) ? R_TIME_WAIT_SYN : RULE_NONE;
	case TW_SYN_TIMESTAMPS: return by_timestamps(t, s, env);
	case TW_SYN_EITHER: return by_either(t, s);
	}
	UNREACHABLE();
}

/* RFC 7323 4.3 takes a timestamp from a segment in the window; RFC 5961 5.2 discards one whose ACK
 * is of what was never sent, and then nothing of it counts. */
static bool is_ack_of_nothing(const struct tcb *t, const struct seg *s)
{
	return (s->ctl & ACK) && seq_gt(s->ack, t->snd.nxt);
}

/* RFC 793: "If the SYN is not in the window this step would not be reached and an ACK would have
 * been sent in the first step", also when text or FIN behind it reach into the window. */
static bool is_syn_before(const struct tcb *t, const struct seg *s, const struct tcp_env *env)
{
	return (s->ctl & SYN) && env->profile->syn_check == CHECK_RFC793 &&
	       !env->profile->time_wait_plain && t->state == TIME_WAIT &&
	       seq_lt(s->seq, t->rcv.nxt);
}

static enum verdict check_sequence(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	enum rule incarnation = judge_incarnation(t, s, env);

	if (t->state == TIME_WAIT && !env->profile->time_wait_plain &&
	    !(s->ctl & (ACK | RST | SYN)))
		return drop(t, R_TIME_WAIT_PLAIN, env);
	if (incarnation == R_TIME_WAIT_SYN_OLD)
		return drop(t, incarnation, env);
	if (incarnation != RULE_NONE) { /* the owner gives the segment to the listener */
		env->reopen_iss = t->snd.nxt;
		tcb_delete(t, incarnation, TCP_SIG_REOPEN, env);
		return RETURN;
	}
	switch (timestamps_check(t, s, env)) {
	case TS_FINE: break;
	case TS_OLD: return refuse(t, s, env);
	case TS_DROPPED: return RETURN;
	}
	if (!(s->ctl & RST) && seq_lt(s->seq, t->rcv.nxt) && sack_duplicate(t, s, env))
		owe_ack(t, R_DSACK_TOLD);
	if (is_old(t, s) && env->profile->old_ack_read)
		return accept_old(t, s, env);
	if (is_syn_before(t, s, env))
		return refuse(t, s, env);
	if (!is_acceptable(t, s, env)) {
		if (window_in_force(t, env) == 0 && seq_eq(s->seq, t->rcv.nxt) &&
		    env->profile->zero_window_ack && (s->ctl & (SYN | RST)) != SYN)
			return accept_at_zero_window(t, s, env);
		return refuse(t, s, env);
	}
	if (ends_beyond(t, s, env) && t->rcv.user > 0 && !(s->ctl & RST)) {
		why(t, R_SEQ_BEYOND, env);
		return refuse(t, s, env);
	}
	if (!is_ack_of_nothing(t, s))
		timestamps_remember(t, s, env);
	ecn_arrives(t, s, env);
	if (s->ctl & RST) /* judged by its own SEG.SEQ, not by a trimmed one */
		why(t, R_SEQ_ACCEPTABLE, env);
	else
		trim(t, s, env);
	return CONTINUE;
}

/* ---- second, check the RST bit -------------------------------------------------------------- */

static enum verdict check_rst(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (!(s->ctl & RST))
		return CONTINUE;
	if (t->state == TIME_WAIT && env->profile->time_wait_rst == TW_RST_RFC1337)
		return drop(t, R_RST_RFC1337, env);
	if (env->profile->rst_check == CHECK_RFC5961 && !seq_eq(s->seq, t->rcv.nxt)) {
		if (!is_in_window(t, s->seq, env))
			return drop(t, R_RST_NOT_IN_WINDOW, env); /* 1) */
		return reply_challenge(t, R_RST_CHALLENGE, env);  /* 3) */
	}
	switch ((enum state)t->state) {
	case SYN_RECEIVED:
		if (t->origin == ORIGIN_PASSIVE)
			tcb_relisten(t, R_RST_LISTEN, env);
		else
			tcb_delete(t, R_RST_REFUSED, TCP_SIG_REFUSED, env);
		break;
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSE_WAIT: tcb_delete(t, R_RST_RESET, TCP_SIG_RESET, env); break;
	case CLOSING:
	case LAST_ACK:
		tcb_delete(t, R_RST_CLOSE, env->profile->reset_told ? TCP_SIG_RESET : 0, env);
		break;
	case TIME_WAIT: tcb_delete(t, R_RST_CLOSE, 0, env); break;
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case STATE_COUNT: UNREACHABLE(); /* handled in 3.10.7.1 to 3.10.7.3 */
	}
	return RETURN;
}

/* ---- third, check security ------------------------------------------------------------------ */

static enum verdict check_security(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	(void)t;
	(void)s;
	/* No segment here has a compartment. The rule is counted; it says nothing worth a note. */
	counts(R_SECURITY, env);
	return CONTINUE;
}

/* ---- fourth, check the SYN bit -------------------------------------------------------------- */

static enum verdict check_syn(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (!(s->ctl & SYN))
		return CONTINUE;
	if (t->state == SYN_RECEIVED && t->origin == ORIGIN_PASSIVE) {
		tcb_relisten(t, R_SYN_LISTEN, env);
		return RETURN;
	}
	/* "Otherwise, handle per the directions for synchronized states." */
	if (env->profile->syn_check == CHECK_RFC5961)
		return reply_challenge(t, R_SYN_CHALLENGE, env);
	/* RFC 793: here the SYN is in the window, or the first check would have taken it off. */
	if (env->profile->syn_reset_own)
		answer_reset_own(t, R_SYN_RESET, env);
	else
		answer_reset(s, R_SYN_RESET, env);
	tcb_delete(t, R_SYN_RESET, TCP_SIG_RESET, env);
	return RETURN;
}

/* ---- fifth, check the ACK field ------------------------------------------------------------- */

bool is_synack_of_figure_7(const struct tcb *t, const struct seg *s, const struct tcp_env *env)
{
	return env->profile->syn_received_synack && (s->ctl & (SYN | ACK | RST)) == (SYN | ACK) &&
	       seq_eq(s->seq, t->irs) && seq_lt(t->snd.una, s->ack) && seq_le(s->ack, t->snd.nxt);
}

static void take_window(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	uint32_t before = t->snd.wnd;

	if (!seq_lt(t->snd.wl1, s->seq) &&
	    !(seq_eq(t->snd.wl1, s->seq) && seq_le(t->snd.wl2, s->ack)))
		return;
	t->snd.wnd = window_told(t, s);
	t->snd.wl1 = s->seq;
	t->snd.wl2 = s->ack;
	if (t->snd.wnd > t->snd.max_wnd)
		t->snd.max_wnd = t->snd.wnd;
	if (t->snd.wnd == before)
		return;
	why(t, R_ACK_WINDOW, env);
	if (seq_gt(t->snd.nxt, seq_add(t->snd.una, t->snd.wnd)))
		why(t, R_WINDOW_NEGATIVE, env);
	t->due |= DUE_NEW;
	if (before == 0)
		probe_opened(t, env);
}

void ack_take(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	bool is_syn = is_syn_out(t);
	bool is_fin = (t->flags & TCB_FIN_SENT) && seq_eq(s->ack, t->snd.nxt);
	bool is_cookie = is_syn && tcb_is_of_cookie(t);
	uint32_t losses = t->rexmits;
	uint32_t text = seq_span(t->snd.una, s->ack) - (is_syn ? 1 : 0) - (is_fin ? 1 : 0);

	why(t, R_ACK_NEW, env);
	t->snd.una = s->ack;
	t->snd.offset += text;
	t->snd.queued -= text;
	t->snd.push = seq_max(t->snd.push, t->snd.una);
	t->rexmitq.small = seq_max(t->rexmitq.small, t->snd.una);
	if (!(t->flags & TCB_URGENT_OUT) || seq_le(t->snd.up, t->snd.una)) {
		t->flags &= ~(uint32_t)TCB_URGENT_OUT;
		t->snd.up = t->snd.una;
	}
	t->flags &= ~(uint32_t)(TCB_SYN_OUT | TCB_R1_TOLD | TCB_MORE);
	t->rexmits = 0;
	t->oldest_at = env->now;
	rexmitq_acked(t, &env->news, env->pool);
	if ((t->flags & TCB_TIMING) || (env->profile->rtt_every_ack && env->news.has_first))
		rto_acked(t, env);
	else if (!is_cookie) /* its TSecr tells more than the time */
		timestamps_sample(t, s, env);
	if (is_syn)
		recovery_open(t, losses, env);
	recovery_acked(t, text, env);
	user_timeout_restart(t, env);
	t->due |= DUE_NEW;
	if (text > 0)
		room_made(t, env);
	if (is_fin)
		env->signals |= TCP_SIG_CLOSE_DONE;
}

/* "ESTABLISHED STATE": what every state behind it does first. */
static enum verdict ack_established(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (seq_gt(s->ack, t->snd.nxt)) {
		if (env->profile->ack_check)
			return reply_challenge(t, R_ACK_NOT_SENT, env);
		return reply_ack(t, R_ACK_NOT_SENT, env);
	}
	if (env->profile->ack_check && seq_lt(s->ack, seq_sub(t->snd.una, t->snd.max_wnd)))
		return reply_challenge(t, R_ACK_TOO_OLD, env);

	if (seq_le(t->snd.una, s->ack)) {
		if ((t->flags & TCB_ECN) && (s->ctl & (SYN | ECE)) == ECE)
			recovery_ecn(t, env);
		recovery_sacked(t, s, env);
	}
	if (seq_lt(t->snd.una, s->ack)) {
		ack_take(t, s, env);
	} else if (seq_eq(t->snd.una, s->ack)) {
		why(t, R_ACK_DUPLICATE, env);
		if (!(s->ctl & (SYN | FIN | TRIMMED)) && s->text.len == 0)
			recovery_duplicate(t, window_told(t, s), env);
		recovery_told(t, env);
		if (t->snd.wnd == 0)
			probe_answered(t, env);
	} else {
		why(t, R_ACK_DUPLICATE, env);
		return CONTINUE; /* too old to tell the window */
	}
	take_window(t, s, env);
	user_timeout_take(t, s, env);
	return CONTINUE;
}

/* "If SND.UNA < SEG.ACK =< SND.NXT, then enter ESTABLISHED state and continue processing." */
static enum verdict ack_syn_received(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (!seq_lt(t->snd.una, s->ack) || !seq_le(s->ack, t->snd.nxt))
		return reply_reset(t, s, R_ACK_SYN_RECEIVED_BAD, env);
	t->snd.wl1 = seq_sub(s->seq, 1); /* SND.WND, WL1 and WL2 are set from this segment */
	ack_take(t, s, env);
	take_window(t, s, env);
	tcb_establish(t, R_ACK_SYN_RECEIVED, env);
	user_timeout_take(t, s, env);
	return CONTINUE;
}

/* An exact duplicate of the ACK that our FIN had. */
static bool is_last_ack_again(const struct tcb *t, const struct seg *s)
{
	return s->len == 0 && !(s->ctl & (FIN | TRIMMED)) && seq_eq(s->seq, t->rcv.nxt) &&
	       seq_eq(s->ack, t->snd.nxt);
}

static enum verdict check_ack(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (!(s->ctl & ACK))
		return drop(t, R_ACK_OFF, env);
	/* RFC 5961 section 5 is for connections that are synchronized: 3.5.2 (2) wants a reset. */
	if (t->state == SYN_RECEIVED)
		return ack_syn_received(t, s, env);
	if (ack_established(t, s, env) == RETURN)
		return RETURN;

	switch ((enum state)t->state) {
	case ESTABLISHED:
	case CLOSE_WAIT:
	case FIN_WAIT_2: return CONTINUE;
	case TIME_WAIT:
		if (env->profile->time_wait_answers && !is_last_ack_again(t, s)) {
			why(t, R_TIME_WAIT_ANSWER, env);
			owe_ack(t, R_TIME_WAIT_ANSWER);
		}
		return CONTINUE;
	case FIN_WAIT_1:
		if (is_fin_acked(t))
			tcb_fin_wait_2(t, env);
		return CONTINUE;
	case CLOSING:
		if (!is_fin_acked(t))
			return drop(t, R_ACK_CLOSING_IGNORED, env);
		tcb_time_wait(t, R_ACK_CLOSING, env);
		return CONTINUE;
	case LAST_ACK:
		if (!is_fin_acked(t))
			return CONTINUE;
		tcb_delete(t, R_ACK_LAST_ACK, 0, env);
		return RETURN;
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case SYN_RECEIVED:
	case STATE_COUNT: break;
	}
	UNREACHABLE();
}

/* ---- sixth, check the URG bit --------------------------------------------------------------- */

static enum verdict check_urg(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	seq32 consumed = seq_sub(t->rcv.nxt, t->rcv.user), up = seq_add(s->seq, s->up);

	if (!(s->ctl & URG))
		return CONTINUE;
	if (!is_receiving((enum state)t->state)) {
		why(t, R_URG_IGNORED, env);
		return CONTINUE;
	}
	/* RCV.UP <- max(RCV.UP,SEG.UP), where RCV.UP is at least what the user has consumed. */
	if (!(t->flags & TCB_URGENT_IN))
		t->rcv.up = consumed;
	if (seq_le(up, t->rcv.up)) {
		why(t, R_URG_OLD, env);
		return CONTINUE;
	}
	why(t, R_URG_SIGNAL, env);
	t->rcv.up = up;
	t->flags |= TCB_URGENT_IN;
	env->signals |= TCP_SIG_URGENT;
	return CONTINUE;
}

/* ---- eighth, check the FIN bit -------------------------------------------------------------- */

/* "Advance RCV.NXT over the FIN, and send an acknowledgment for the FIN." */
static void take_fin(struct tcb *t, struct tcp_env *env)
{
	t->flags &= ~(uint32_t)TCB_FIN_AHEAD;
	t->rcv.fin = seq(0);
	t->rcv.nxt = seq_add(t->rcv.nxt, 1);
	if (t->rcv.wnd > 0)
		t->rcv.wnd--;
	held_flush(t, env->pool); /* nothing comes after a FIN */
	env->signals |= TCP_SIG_CLOSING;
	why(t, R_FIN_CLOSING, env);
	if (t->state == ESTABLISHED)
		owe_ack_for_fin(t, env);
	else
		owe_ack(t, R_FIN_CLOSING);
	switch ((enum state)t->state) {
	case ESTABLISHED: tcb_enter(t, CLOSE_WAIT, R_FIN_CLOSE_WAIT, env); break;
	/* Were our FIN acknowledged, the fifth check would have entered FIN-WAIT-2. */
	case FIN_WAIT_1: tcb_enter(t, CLOSING, R_FIN_SIMULTANEOUS, env); break;
	case FIN_WAIT_2: tcb_time_wait(t, R_FIN_TIME_WAIT, env); break;
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case SYN_RECEIVED:
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT:
	case STATE_COUNT: UNREACHABLE();
	}
}

/* A FIN behind the peer's first one: "remain in the state". RCV.NXT has nothing to move over. */
static void see_fin_again(struct tcb *t, struct tcp_env *env)
{
	why(t, R_FIN_AGAIN, env);
	owe_ack(t, R_FIN_AGAIN);
	if (t->state == TIME_WAIT)
		tcb_time_wait_again(t, env);
}

static enum verdict check_fin(struct tcb *t, struct seg *s, struct tcp_env *env)
{
	if (!is_receiving((enum state)t->state)) {
		if (s->ctl & FIN)
			see_fin_again(t, env);
		return RETURN;
	}
	if (s->ctl & FIN) {
		seq32 fin = seq_add(s->seq, s->text.len);

		if (seq_eq(fin, t->rcv.nxt)) {
			take_fin(t, env);
			return RETURN;
		}
		why(t, R_FIN_AHEAD, env);
		owe_ack(t, R_FIN_AHEAD);
		t->flags |= TCB_FIN_AHEAD;
		t->rcv.fin = fin;
	}
	if ((t->flags & TCB_FIN_AHEAD) && seq_eq(t->rcv.fin, t->rcv.nxt))
		take_fin(t, env);
	return RETURN;
}

/* ---- the driver ----------------------------------------------------------------------------- */

static enum verdict (*const steps[ORDINAL_COUNT])(struct tcb *, struct seg *, struct tcp_env *) = {
	[FIRST] = check_sequence, [SECOND] = check_rst, [THIRD] = check_security,
	[FOURTH] = check_syn,     [FIFTH] = check_ack,  [SIXTH] = check_urg,
	[SEVENTH] = process_text, [EIGHTH] = check_fin,
};

void arrives_other(struct tcb *t, const struct seg *arrived, enum ordinal from, struct tcp_env *env)
{
	struct seg s = *arrived; /* trimmed to the window on the way */

	if (s.ctl & SYN)
		s.ctl |= UNSCALED;
	if (is_running(t, TIMER_KEEPALIVE))
		keepalive_restart(t, env);
	if (from > FOURTH) {
		if (s.ctl & SYN)
			take_off_syn(&s);
		trim(t, &s, env);
	}
	for (enum ordinal i = from; i <= EIGHTH; i++) {
		if (steps[i](t, &s, env) == RETURN)
			return;
	}
}
