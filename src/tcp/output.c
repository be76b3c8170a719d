/* SPDX-License-Identifier: MIT */
/*
 * output.c - tcp_poll_segment: what is sent now, one segment at a time. First what was formed at
 * its RFC line, then what is sent again, then new text (3.7.4, 3.8.6.2.1), and last an ACK alone,
 * if nothing carried it: MUST-58.
 */
#include "output.h"
#include "loss.h"
#include "options.h"
#include "pace.h"
#include "queues.h"
#include "recovery.h"
#include "rto.h"
#include "sack.h"
#include "tcb.h"
#include "window.h"
#include <string.h>

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

void seg_form(struct tcb *t, struct seg *out, seq32 number, uint16_t ctl, enum rule r,
	      struct tcp_env *env)
{
	window_offer(t, env);
	memset(out, 0, sizeof *out); /* whole, so that segments can be compared and hashed too */
	out->seq = number;
	out->ack = ctl & ACK ? t->rcv.nxt : seq(0);
	out->len = seg_len(ctl, 0);
	out->ctl = ctl;
	out->wnd = window_field(t, ctl, env);
	out->rule = (uint16_t)r;
	if (ctl & ACK) {
		pay_ack(t);
		t->ts.last_ack = t->rcv.nxt;
	}
	if (!(ctl & SYN)) {
		options_put(t, out, env);
		ecn_echo(t, out);
	}
	if ((t->flags & TCB_URGENT_OUT) && !(ctl & SYN) && seq_gt(t->snd.up, number)) {
		uint32_t up = seq_span(number, t->snd.up);

		if (up > UINT16_MAX) /* it comes nearer by and by */
			why(t, R_URGENT_FAR, env);
		out->ctl |= URG;
		out->up = (uint16_t)least(up, UINT16_MAX);
	}
}

/* SEG.SEQ of an ACK alone is SND.NXT; at a zero window the probe lies between it and what the peer
 * can accept. A.2: such an ACK would be refused and answered, and so would the answer. */
seq32 ack_number(struct tcb *t, struct tcp_env *env)
{
	if (t->snd.wnd > 0 || seq_eq(t->snd.una, t->snd.nxt) || is_syn_out(t))
		return t->snd.nxt;
	why(t, R_ACK_ZERO_WINDOW, env);
	return t->snd.una;
}

static void carry(struct tcb *t, struct seg *out, seq32 from, uint32_t n)
{
	if (n == 0)
		return;
	out->text.stream = t->snd.stream;
	out->text.offset = t->snd.offset + seq_span(t->snd.una, from);
	out->text.len = n;
	out->len += n;
}

/* ---- SYN ------------------------------------------------------------------------------------ */

/* <SEQ=ISS><CTL=SYN>, or <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> */
static bool send_syn(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	uint16_t ctl = t->state == SYN_SENT ? SYN : SYN | ACK;

	t->due &= (uint8_t)~DUE_SYN;
	seg_form(t, out, t->iss, ctl, (enum rule)t->send_rule, env);
	out->rexmit = t->rexmitq.front.times;
	options_offer(t, out, env);
	return true;
}

/* ---- again ---------------------------------------------------------------------------------- */

/* The record as it was sent, from `from` on; cut when Eff.snd.MSS has become less. */
static void form_again(struct tcb *t, struct seg *out, const struct rexmit *r, seq32 from,
		       struct tcp_env *env)
{
	uint32_t n = r->text - seq_span(r->seq, from);
	bool is_cut = n > t->snd.mss;
	uint16_t ctl = is_cut ? ACK : (uint16_t)(ACK | (r->ctl & (FIN | PSH)));

	seg_form(t, out, from, ctl, (enum rule)t->send_rule, env);
	carry(t, out, from, is_cut ? t->snd.mss : n);
	out->rexmit = r->times;
	if (t->snd.again < UINT16_MAX)
		t->snd.again++;
	rto_karn(t, env);
	rto_timer_start(t, env);
	pace_sent(t, out->text.len, env);
}

static bool send_tail(struct tcb *t, struct seg *out, struct tcp_env *env);

/* RFC 6675 5 (C): "If cwnd - pipe >= 1 SMSS"; with PRR what it has granted may be less. */
static bool may_repeat(const struct tcb *t, uint32_t index, const struct tcp_env *env)
{
	struct rexmit r = rexmitq_at(t, index, env->pool);
	uint32_t pipe = pipe_octets(t), len = seg_len(r.ctl, r.text);

	if (index > 0 && seq_span(t->snd.una, rexmit_end(&r)) > t->snd.wnd)
		return false;
	return t->cc.cwnd >= pipe + (env->profile->prr ? least(len, t->snd.mss) : t->cc.smss);
}

/* What was given to the network card at once ends with PSH. */
static void end_gift(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (env->burst > 1) {
		why(t, R_PUSH_BURST, env);
		out->ctl |= PSH;
	}
	env->burst = 0;
}

/* Will this record be sent again at once, as part of the gift that the one before it is in? */
static bool is_next_of_gift(const struct tcb *t, uint32_t index, const struct tcp_env *env)
{
	struct rexmit r;

	if (!(t->due & DUE_RESEND) || index >= t->rexmitq.count)
		return false;
	r = rexmitq_at(t, index, env->pool);
	return (r.ctl & REXMIT_TIED) && (r.marks & MARK_LOST) && may_repeat(t, index, env);
}

/* What was one gift to the network card, see push_burst(), is one again if all of it is lost. */
static void push_burst_again(struct tcb *t, struct seg *out, uint32_t index, struct tcp_env *env)
{
	if (env->profile->push_burst == 0)
		return;
	env->burst++;
	if (!is_next_of_gift(t, index + 1, env))
		end_gift(t, out, env);
}

/* The record `index`, with the boundaries it had unless it has become too long. */
static bool send_record(struct tcb *t, struct seg *out, uint32_t index, struct tcp_env *env)
{
	struct rexmit r = rexmitq_at(t, index, env->pool);
	seq32 from = seq_max(r.seq, t->snd.una);
	uint32_t n = r.text - seq_span(r.seq, from);

	if (n > t->snd.mss)
		rexmitq_split(t, index, (uint16_t)(seq_span(r.seq, from) + t->snd.mss), env->pool);
	board_sent_again(t, index, env->now, env->pool);
	r = rexmitq_at(t, index, env->pool);
	if (t->send_rule == R_SACK_RETRANSMIT)
		why(t, R_SACK_RETRANSMIT, env);
	form_again(t, out, &r, from, env);
	recovery_sent(t, out, true, env);
	t->send_rule = R_SACK_RETRANSMIT; /* the next one */
	push_burst_again(t, out, index, env);
	return true;
}

/* NextSeg () rule (1). One goes whatever cwnd says: after a timeout, and when recovery begins. */
static bool send_lost(struct tcb *t, struct seg *out, bool is_forced, struct tcp_env *env)
{
	uint32_t index = sack_next_lost(t, env);

	if (index == REXMIT_NONE) {
		rexmitq_resend_stop(t);
		return false;
	}
	if (!is_forced && (!may_repeat(t, index, env) || !pace_may(t, env)))
		return false;
	return send_record(t, out, index, env);
}

/* Rules (3) and (4), when there is nothing else to send. */
static bool send_rest(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	uint32_t index;

	if (!is_sack(t) || t->cc.cwnd < pipe_octets(t) + t->cc.smss)
		return false;
	index = sack_next_rest(t, env);
	if (index == REXMIT_NONE)
		return false;
	/* "Octets retransmitted without being considered lost are counted twice": here once, so one
	 * goes for an ACK that tells of something delivered. */
	board_lose(t, index, env->pool);
	return send_record(t, out, index, env);
}

static bool send_front(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	t->due &= (uint8_t)~DUE_FRONT;
	if (t->rexmitq.count == 0)
		return false;
	if (t->flags & TCB_TAIL)
		return send_tail(t, out, env);
	if (is_sack(t))
		return send_lost(t, out, true, env);
	rexmitq_front_again(t);

	struct rexmit r = t->rexmitq.front;

	form_again(t, out, &r, t->snd.una, env);
	return true;
}

/* Go-back-N after a timeout. The segment at SND.UNA always may go (MAY-7), the others as the
 * congestion window and the peer's window have room. */
static bool send_resend(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (is_sack(t))
		return send_lost(t, out, false, env);

	struct rexmit r = rexmitq_resend(t, env->pool);
	uint32_t room = least(t->cc.cwnd, t->snd.wnd);
	uint32_t n = least(seq_span(t->resend_at, rexmit_end(&r)), t->snd.mss);

	if (!seq_eq(t->resend_at, t->snd.una) && seq_span(t->snd.una, t->resend_at) + n > room)
		return false;
	if (!pace_may(t, env))
		return false;
	if (t->send_rule == R_RESEND)
		why(t, R_RESEND, env);
	/* A record that goes in pieces is counted with the first of them. */
	if (t->send_rule != R_RESEND || seq_le(t->resend_at, r.seq)) {
		rexmitq_resend_again(t, env->pool);
		r = rexmitq_resend(t, env->pool);
	}
	form_again(t, out, &r, t->resend_at, env);
	t->send_rule = R_RESEND; /* the next one */
	t->resend_at = seg_end(out);
	if (seq_eq(t->resend_at, t->snd.nxt))
		rexmitq_resend_stop(t);
	return true;
}

/* ---- new text and FIN ----------------------------------------------------------------------- */

/* What is a full-sized segment of new text? */
static uint32_t full_segment(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t most = options_text_most(t, env);

	if (!env->profile->half_window || t->snd.max_wnd <= HALF_WINDOW_LEAST)
		return most;
	return least(most, t->snd.max_wnd / 2);
}

/* Sends n octets of new text and perhaps the FIN. False: no block to remember them. */
static bool send_new_as(struct tcb *t, struct seg *out, uint32_t n, bool is_fin, enum rule r,
			struct tcp_env *env)
{
	seq32 end = seq_add(t->snd.nxt, n);
	bool is_last = n == text_unsent(t) && (!env->profile->more_acked || r == R_TEXT_OVERRIDE ||
					       seq_le(end, t->snd.push));
	uint32_t to_edge = records_room(t, text_unsent(t), env->pool), full = full_segment(t, env);
	bool is_edge = n == to_edge && n < text_unsent(t); /* a record ends here */
	bool is_push = n > 0 && (is_last || is_edge ||
				 (seq_lt(t->snd.nxt, t->snd.push) && seq_le(t->snd.push, end)));
	uint16_t ctl = (uint16_t)((is_push ? PSH : 0) | (is_fin ? FIN : 0));
	struct rexmit record = {
		.seq = t->snd.nxt, .text = (uint16_t)n, .ctl = ctl & 0xfu, .sent_at = env->now};

	if (seq_eq(t->snd.una, t->snd.nxt) && !is_syn_out(t))
		loss_open(t, env);
	if (!rexmitq_push(t, &record, env->pool)) {
		why(t, R_NO_BLOCK, env);
		return false;
	}
	why(t, r, env);
	if (n > 0 && n < full)
		t->rexmitq.small = end;
	if (n == full && env->profile->half_window && n < options_text_most(t, env))
		why(t, R_TEXT_HALF, env);
	if (is_push)
		why(t, R_PUSH, env);
	if (n > 0)
		ack_answered(t, env);
	if ((t->due & DUE_ACK) || is_running(t, TIMER_ACK))
		why(t, R_ACK_CARRIED, env);
	if (seq_eq(t->snd.una, t->snd.nxt))
		t->oldest_at = env->now;
	seg_form(t, out, t->snd.nxt, (uint16_t)(ACK | ctl), r, env);
	carry(t, out, t->snd.nxt, n);
	out->len = seg_len(out->ctl, n);
	if (n > 0)
		ecn_mark(t, out, env);
	t->snd.nxt = seg_end(out);
	records_sent(t, env->pool);
	t->sent_at = env->now;
	if (n > 0)
		recovery_used(t, n, env);
	if (is_fin) {
		t->flags = (t->flags | TCB_FIN_SENT) & ~(uint32_t)TCB_CLOSE_QUEUED;
		if (r != R_FIN_SENT)
			why(t, R_FIN_SENT, env);
		if (t->state == CLOSE_WAIT)
			tcb_enter(t, LAST_ACK, R_CLOSE_CLOSE_WAIT, env);
	}
	rto_time(t, env);
	rto_timer_start(t, env);
	recovery_sent(t, out, false, env);
	pace_sent(t, n, env);
	if (!is_running(t, TIMER_USER))
		user_timeout_restart(t, env);
	t->due &= (uint8_t)~DUE_OVERRIDE;
	timer_stop(t, TIMER_OVERRIDE);
	return true;
}

/* Nothing may be sent now. What wakes us if no ACK will? */
static bool hold(struct tcb *t, enum rule r, struct tcp_env *env)
{
	bool is_idle = seq_eq(t->snd.una, t->snd.nxt);

	if (r != RULE_NONE)
		why(t, r, env);
	t->due &= (uint8_t) ~(DUE_NEW | DUE_OVERRIDE);
	if (!is_idle)
		return false;
	if (t->snd.wnd == 0 && !is_running(t, TIMER_RETRANSMIT))
		timer_start(t, TIMER_RETRANSMIT, rto_probe_wait(t, env), env); /* SHLD-29 */
	else if (t->snd.wnd > 0 && !is_running(t, TIMER_OVERRIDE))
		timer_start(t, TIMER_OVERRIDE,
			    env->profile->sws_rto ? t->rto : env->profile->sws_override, env);
	return false;
}

/* An ACK came after text was written that more was to follow: it need not follow any more. */
static bool is_let_go(const struct tcb *t, const struct tcp_env *env)
{
	return env->profile->more_acked && !env->profile->cork && !(t->flags & TCB_MORE);
}

/* How much new text may go, and by which rule of 3.8.6.2.1; a rule that holds it back: *n is 0. */
static enum rule may_send(const struct tcb *t, uint32_t d, uint32_t *n, const struct tcp_env *env)
{
	uint32_t flight = seq_span(t->snd.una, t->snd.nxt);
	uint32_t u =
		t->snd.wnd > flight ? t->snd.wnd - flight : 0; /* MUST-34: it may be negative */
	uint32_t cwnd = t->cc.cwnd + recovery_allowance(t, env);
	uint32_t out = recovery_outstanding(t, env);
	uint32_t c = cwnd > out ? cwnd - out : 0;
	bool is_free = flight == 0 || !env->profile->nagle; /* "[SND.NXT = SND.UNA and]" */
	bool is_pushed = seq_lt(t->snd.nxt, t->snd.push) || (t->flags & TCB_CLOSE_QUEUED) ||
			 is_let_go(t, env);
	uint32_t room = least(u, c), full = full_segment(t, env);
	uint32_t to_edge = records_room(t, d, env->pool);

	*n = least(least(to_edge, room), full);
	if (*n == full)
		return R_TEXT_FULL;
	if (to_edge < d && to_edge <= room)
		return R_TEXT_RECORD;
	if (is_free && is_pushed && d <= room)
		return flight == 0 ? R_TEXT_PUSHED : R_NAGLE_OFF;
	if (env->profile->minshall && is_pushed && d <= room &&
	    seq_le(t->rexmitq.small, t->snd.una))
		return R_NAGLE_MINSHALL;
	if (env->profile->fin_pushes && (t->flags & TCB_CLOSE_QUEUED) && d <= room)
		return R_NAGLE_CLOSE;
	if (is_free && *n > 0 && 2 * *n >= t->snd.max_wnd)
		return R_TEXT_HALF_WINDOW;
	if ((t->due & DUE_OVERRIDE) && *n > 0)
		return R_TEXT_OVERRIDE;
	*n = 0;
	if (u == 0)
		return R_WINDOW_HOLDS;
	if (c == 0)
		return R_CWND_HOLDS;
	return is_free ? R_SWS_HOLDS : R_NAGLE_HOLDS;
}

/* Of what offloading gives the network card at once: no more than half of either window, so that
 * two such gifts are on their way. */
static uint32_t burst_limit(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t half_window = t->snd.max_wnd / 2 / t->snd.mss;
	uint32_t half_cwnd = t->cc.cwnd / 2 / t->snd.mss;
	uint32_t most = env->profile->push_burst;

	if (is_paced(env->profile) && pace_burst(t, env) > most)
		most = pace_burst(t, env);
	return least(most, least(half_window, half_cwnd));
}

/* New text that leaves at once is one gift, or several. */
static void push_burst(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	uint32_t d = text_unsent(t), next = 0;

	if (env->profile->push_burst == 0)
		return;
	if (++env->burst > 1)
		rexmitq_tie(t, env->pool);
	if (d > 0)
		may_send(t, d, &next, env);
	if (next == 0 || env->burst >= burst_limit(t, env))
		end_gift(t, out, env);
}

/* The FIN alone. It is no text, so the congestion window does not hold it, but it has its place in
 * the peer's window. */
static bool send_fin(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (seq_span(t->snd.una, t->snd.nxt) >= t->snd.wnd)
		return hold(t, R_WINDOW_HOLDS, env);
	if (!send_new_as(t, out, 0, true, R_FIN_SENT, env))
		return hold(t, RULE_NONE, env); /* it was said why */
	return true;
}

static bool send_new(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	bool is_closed = (t->flags & TCB_CLOSE_QUEUED) != 0;
	uint32_t d = text_unsent(t), n;

	if (!is_sending((enum state)t->state) || (d == 0 && !is_closed)) {
		t->due &= (uint8_t) ~(DUE_NEW | DUE_OVERRIDE);
		return false;
	}
	if (d == 0)
		return send_fin(t, out, env);
	if (is_syn_out(t)) /* FIN-WAIT-1 from SYN-RECEIVED has no text; others wait for the ACK */
		return hold(t, R_SEND_QUEUED, env);
	mtu_forget(t, env);
	if (seq_eq(t->snd.una, t->snd.nxt))
		recovery_idle(t, env);

	enum rule r = may_send(t, d, &n, env);

	if (n == 0)
		return hold(t, r, env);
	if (!pace_new_may(t, env)) {
		t->due &= (uint8_t)~DUE_NEW; /* TIMER_PACE brings it back */
		return false;
	}
	/* The FIN rides on the last text if its place in the window is free too. */
	bool is_fin = is_closed && n == d && seq_span(t->snd.una, t->snd.nxt) + n < t->snd.wnd;

	if (!send_new_as(t, out, n, is_fin, r, env))
		return hold(t, RULE_NONE, env); /* it was said why */
	push_burst(t, out, env);
	return true;
}

/* RFC 8985 7.3, TLP_send_probe(): one segment of new text beyond cwnd, or else the last again. */
static bool send_tail(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	uint32_t flight = flight_size(t), d = text_unsent(t), last = t->rexmitq.count - 1;
	uint32_t u = t->snd.wnd > flight ? t->snd.wnd - flight : 0;
	uint32_t n = least(least(d, u), t->snd.mss);
	bool is_new = n > 0 && is_sending((enum state)t->state);
	struct rexmit r = rexmitq_back(t, env->pool);

	t->flags &= ~(uint32_t)TCB_TAIL;
	if (is_new && !send_new_as(t, out, n, false, R_TLP_NEW, env))
		return false;
	if (!is_new) {
		if (r.marks & (MARK_SACKED | MARK_LOST))
			return false;
		why(t, R_TLP_AGAIN, env);
		t->send_rule = R_TLP_AGAIN;
		board_lose(t, last, env->pool);
		send_record(t, out, last, env);
	}
	tlp_sent(t, !is_new, env);
	return true;
}

/* ---- probes and ACKs ------------------------------------------------------------------------ */

/* "At least one octet of new data (if available), or retransmit." */
static bool send_probe(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	bool has_text = text_unsent(t) > 0;

	t->due &= (uint8_t)~DUE_PROBE;
	if (!seq_eq(t->snd.una, t->snd.nxt)) {
		why(t, (enum rule)t->send_rule, env);
		rexmitq_front_again(t);

		struct rexmit r = t->rexmitq.front;

		form_again(t, out, &r, t->snd.una, env);
		return true;
	}
	if (!has_text && !(t->flags & TCB_CLOSE_QUEUED))
		return false;
	if (env->profile->probe_empty) {
		why(t, R_PROBE_EMPTY, env);
		seg_form(t, out, seq_sub(t->snd.una, 1), ACK, (enum rule)t->send_rule, env);
		return true;
	}
	return send_new_as(t, out, has_text ? 1 : 0, !has_text, (enum rule)t->send_rule, env);
}

/* 3.8.4: SEG.SEQ = SND.NXT-1, which the peer has acknowledged long ago and so must answer. */
static bool send_keepalive(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	seq32 number = seq_sub(t->snd.nxt, 1);

	t->due &= (uint8_t)~DUE_KEEPALIVE;
	seg_form(t, out, number, ACK, R_KEEPALIVE_PROBE, env);
	if (env->profile->keepalive_garbage && t->snd.offset > 0) {
		why(t, R_KEEPALIVE_GARBAGE, env);
		/* An octet that was sent before is as good as garbage. */
		out->text = (struct text){t->snd.offset - 1, t->snd.stream, 1};
		out->len = 1;
	}
	return true;
}

/* What runs out of order are held is told with every ACK. What is sent again may have no room for
 * it: then the ACK that was owed is not paid by it. */
static void tell_sack(struct tcb *t, struct seg *out, enum rule owed, struct tcp_env *env)
{
	if (!(t->flags & TCB_SACK) || !(out->ctl & ACK) || (out->ctl & SYN))
		return;
	uint32_t room = SACK_ROOM;

	if (out->text.len > 0)
		room = out->text.len < t->snd.mss ? t->snd.mss - out->text.len : 0;
	if (!sack_put(t, out, room, env) && owed != RULE_NONE)
		owe_ack(t, owed);
}

static bool is_fin_awaited(const struct tcb *t)
{
	return (t->flags & TCB_FIN_SENT) && !seq_eq(t->snd.una, t->snd.nxt);
}

/* It is no repetition that a timer asked for: nothing is counted by it. */
static bool send_fin_with_ack(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	why(t, R_FIN_WITH_ACK, env);
	seg_form(t, out, seq_sub(t->snd.nxt, 1), FIN | ACK, (enum rule)t->ack_rule, env);
	out->rexmit = 1;
	return true;
}

static bool form_due(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	if (t->due & DUE_SYN)
		return send_syn(t, out, env);
	if ((t->due & DUE_FRONT) && send_front(t, out, env))
		return true;
	if ((t->due & DUE_RESEND) && send_resend(t, out, env))
		return true;
	if ((t->due & DUE_PROBE) && send_probe(t, out, env))
		return true;
	if ((t->due & (DUE_NEW | DUE_RESEND)) == DUE_NEW &&
	    (send_new(t, out, env) || send_rest(t, out, env)))
		return true;
	room_tell(t, env);
	if ((t->due & DUE_ACK) && env->profile->fin_with_acks && is_fin_awaited(t))
		return send_fin_with_ack(t, out, env);
	if (t->due & DUE_ACK) {
		seg_form(t, out, ack_number(t, env), ACK, (enum rule)t->ack_rule, env);
		return true;
	}
	return (t->due & DUE_KEEPALIVE) && send_keepalive(t, out, env);
}

bool tcp_poll_segment(struct tcb *t, struct seg *out, struct tcp_env *env)
{
	enum rule owed = t->due & DUE_ACK ? (enum rule)t->ack_rule : RULE_NONE;

	if (env->has_reply) {
		*out = env->reply;
		env->has_reply = false;
		return true;
	}
	if (t->due == 0 || !form_due(t, out, env)) {
		env->has_twice = false; /* no ACK went: it is the sender's loss */
		env->burst = 0;
		return false;
	}
	tell_sack(t, out, owed, env);
	user_timeout_put(t, out, env);
	return true;
}
