/* SPDX-License-Identifier: MIT */
/* recovery.c - loss: duplicate ACKs, fast retransmit and recovery (RFC 5681 3.2, RFC 6582), what
 * follows a timeout, and the end of a zero window. */
#include "recovery.h"
#include "cc.h"
#include "options.h"
#include "pace.h"
#include "queues.h"
#include "rto.h"
#include "sack.h"
#include "tcb.h"

/* What congestion control may know of it. */
struct cc_event cc_event_of(const struct tcb *t, struct tcp_env *env)
{
	return (struct cc_event){
		.env = env,
		.now = env->now,
		.rtt = env->news.has_first ? env->now - env->news.first_at : 0,
		.srtt = t->flags & TCB_SAMPLED ? t->srtt : 0,
		.una = t->snd.una,
		.nxt = t->snd.nxt,
		.flight = flight_size(t),
		.dupacks = t->dupacks,
		.is_after_rto = (t->flags & TCB_AFTER_RTO) != 0,
		.state = t->state,
	};
}

static void send_front(struct tcb *t, enum rule r, struct tcp_env *env)
{
	t->due |= DUE_FRONT;
	t->send_rule = (uint16_t)r;
	rto_karn(t, env);
}

/* RFC 5681 3.1 lets no SYN be lost, RFC 6928 2 one. */
static uint32_t open_window(struct tcb *t, uint32_t losses, struct tcp_env *env)
{
	enum iw_choice choice = (enum iw_choice)env->profile->initial_window;
	uint32_t enough = choice == IW_RFC6928 ? env->profile->syn_losses : 1;

	if (losses >= enough) {
		why(t, R_CC_OPEN_SYN_LOST, env);
		return t->cc.smss;
	}
	why(t, losses > 0 ? R_CC_OPEN_SYN_FORGIVEN : R_CC_OPEN, env);
	return cc_initial_window(choice, t->cc.smss);
}

void recovery_open(struct tcb *t, uint32_t losses, struct tcp_env *env)
{
	uint32_t iw = open_window(t, losses, env);

	cc_algo(env)->open(&t->cc, iw);
	rto_syn_acked(t, env);
}

/* ---- new acknowledgments -------------------------------------------------------------------- */

static void leave_recovery(struct tcb *t)
{
	t->flags &= ~(uint32_t)(TCB_RECOVERING | TCB_PARTIAL);
	t->dupacks = 0;
}

/* "Sequence wraparound": RECOVER must not fall so far behind that it seems ahead. */
static void drag_recover(struct tcb *t)
{
	if (seq_span(t->recover, t->snd.una) > 1u << 30 && seq_lt(t->recover, t->snd.una))
		t->recover = seq_sub(t->snd.una, 2);
}

void recovery_grow(struct tcb *t, uint32_t text, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);

	/* RFC 3168 6.1.2: not "in response to the receipt of an ECN-Echo ACK packet". */
	if (env->news.has_ece)
		return;
	e.acked = text;
	cc_algo(env)->on_ack(&t->cc, &e);
	if (t->cc.cwnd >= t->cc.ssthresh)
		t->flags &= ~(uint32_t)TCB_AFTER_RTO;
	drag_recover(t);
}

/* RFC 6582 3.2 step 3, "partial acknowledgments". True: the timer starts again. */
static bool take_partial(struct tcb *t, uint32_t text, struct tcp_env *env)
{
	bool is_first = !(t->flags & TCB_PARTIAL);

	why(t, R_FAST_RECOVERY_PARTIAL, env);
	t->flags |= TCB_PARTIAL;
	if (cc_algo(env)->inflates) {
		/* Deflate by what was acknowledged, add a segment back if that was one at least. */
		t->cc.cwnd = t->cc.cwnd > text ? t->cc.cwnd - text : 0;
		if (text >= t->cc.smss || t->cc.cwnd < t->cc.smss)
			t->cc.cwnd += t->cc.smss;
	}
	send_front(t, R_FAST_RECOVERY_PARTIAL, env);
	return is_first;
}

/* Segments of which duplicate ACKs have told let new ones go by limited transmit: they do not open
 * the window again. */
static uint32_t untold(uint32_t text, uint32_t dupacks, const struct tcb *t,
		       const struct tcp_env *env)
{
	uint32_t told = dupacks * t->cc.smss;

	if (!env->profile->limited_transmit || dupacks == 0 || text <= t->cc.smss)
		return text;
	return text > told + t->cc.smss ? text - told : t->cc.smss;
}

/* The window that was reduced for an ECN mark has been acknowledged. */
static void end_reduction(struct tcb *t)
{
	if ((t->flags & TCB_REDUCED) && seq_gt(t->snd.una, t->recover))
		t->flags &= ~(uint32_t)TCB_REDUCED;
	if ((t->flags & TCB_LOSS) && seq_gt(t->snd.una, t->recover))
		t->flags &= ~(uint32_t)TCB_LOSS;
}

/* F-RTO without SACK, RFC 5682 2.1. When step 3 finds a real loss, repetitions go on. */
static void ask_frto(struct tcb *t, bool moved, struct tcp_env *env)
{
	struct loss l;
	bool was_new;

	if (t->loss == 0 || !(t->flags & TCB_LOSS))
		return;
	l = loss_load(t, env);
	was_new = (l.flags & LOSS_FRTO_NEW) != 0;
	if (!frto_acked(t, &l, moved, env) && was_new && t->rexmitq.count > 0)
		recovery_resend(t, R_RESEND, env);
	loss_store(t, &l, env);
}

void recovery_acked(struct tcb *t, uint32_t text, struct tcp_env *env)
{
	const struct cc_algo *algo = cc_algo(env);
	struct cc_event e = cc_event_of(t, env);
	uint32_t dupacks = t->dupacks;
	bool restarts = true;

	if (is_sack(t)) {
		sack_acked(t, text, env);
		return;
	}
	t->dupacks = 0;
	ask_frto(t, true, env);
	end_reduction(t);
	if (t->flags & TCB_RECOVERING) {
		if (algo->recovery == CC_RECOVERY_NEWRENO && seq_le(t->snd.una, t->recover)) {
			restarts = take_partial(t, text, env);
		} else {
			why(t, R_FAST_RECOVERY_FULL, env);
			leave_recovery(t);
			algo->on_recovered(&t->cc, &e);
		}
	} else if (text > 0) {
		recovery_grow(t, untold(text, dupacks, t, env), env);
	}
	if (restarts || seq_eq(t->snd.una, t->snd.nxt))
		rto_timer_restart(t, env);
}

/* ---- duplicate acknowledgments -------------------------------------------------------------- */

static void fast_retransmit(struct tcb *t, struct tcp_env *env)
{
	const struct cc_algo *algo = cc_algo(env);
	struct cc_event e = cc_event_of(t, env);

	/* RFC 6582 3.2 step 2: does the acknowledgment cover more than RECOVER? Tahoe asks too,
	 * since what it sends again after a loss brings duplicate ACKs. */
	if (algo->recovery != CC_RECOVERY_RENO && !seq_gt(seq_sub(t->snd.una, 1), t->recover)) {
		why(t, R_FAST_RETRANSMIT_OLD, env);
		return;
	}
	why(t, R_FAST_RETRANSMIT, env);
	/* RFC 3042 3: what limited transmit has sent beyond cwnd is not counted. */
	if (env->profile->limited_transmit && e.flight > t->cc.cwnd)
		e.flight = t->cc.cwnd;
	algo->on_loss(&t->cc, &e);
	ecn_reduced(t);
	t->recover = seq_sub(t->snd.nxt, 1);
	if (algo->recovery == CC_RECOVERY_NONE) {
		recovery_resend(t, R_FAST_RETRANSMIT, env); /* as after a timeout */
	} else {
		t->flags = (t->flags | TCB_RECOVERING) & ~(uint32_t)TCB_PARTIAL;
		send_front(t, R_FAST_RETRANSMIT, env);
	}
	/* RFC 6298 5: no segment is repeated less than one RTO after it was last sent. */
	rto_timer_restart(t, env);
}

void recovery_duplicate(struct tcb *t, uint32_t wnd, struct tcp_env *env)
{
	/* RFC 5681 section 2: (a) outstanding data, (e) the same window; (b) to (d) are known. What
	 * comes back from a zero window answers a probe. */
	if (seq_eq(t->snd.una, t->snd.nxt) || is_syn_out(t) || wnd != t->snd.wnd || wnd == 0)
		return;
	if (is_sack(t)) { /* what counts there is what SACK tells */
		env->news.is_duplicate = true;
		return;
	}
	why(t, R_DUPACK, env);
	ask_frto(t, false, env);
	if (t->dupacks < UINT8_MAX)
		t->dupacks++;
	if (t->flags & TCB_RECOVERING) {
		if (cc_algo(env)->inflates && t->cc.cwnd < CC_HIGH) {
			why(t, R_FAST_RECOVERY_INFLATE, env);
			t->cc.cwnd += t->cc.smss;
		}
		t->due |= DUE_NEW;
	} else if (t->dupacks == env->profile->dupthresh) {
		fast_retransmit(t, env);
	} else if (recovery_allowance(t, env) > 0 && text_unsent(t) > 0) {
		why(t, R_LIMITED_TRANSMIT, env);
		t->due |= DUE_NEW;
	}
}

void recovery_told(struct tcb *t, struct tcp_env *env)
{
	if (!is_sack(t) || is_syn_out(t))
		return;
	if (!seq_eq(t->snd.una, t->snd.nxt))
		sack_acked(t, 0, env);
	else if (env->news.has_dsack)
		sack_dsack_late(t, env);
}

/* ---- what may be outstanding ---------------------------------------------------------------- */

/* RFC 5682 2.1 step 2b, without SACK: cwnd is for what was sent after the timeout. */
static bool counts_from_recover(const struct tcb *t, const struct tcp_env *env)
{
	return (t->flags & TCB_LOSS) && t->loss != 0 && !is_sack(t) &&
	       (loss_load(t, env).flags & LOSS_FRTO_NEW);
}

uint32_t recovery_outstanding(const struct tcb *t, const struct tcp_env *env)
{
	bool is_open = !(t->flags & (TCB_RECOVERING | TCB_LOSS | TCB_REDUCED));

	/* Before recovery the SACKed give room by limited transmit only: RFC 6675 5 (3). */
	if (is_open && !env->profile->limited_transmit)
		return flight_size(t);
	if (counts_from_recover(t, env))
		return seq_span(seq_add(t->recover, 1), t->snd.nxt);
	return pipe_octets(t);
}

/* RFC 3042 2: "The amount of outstanding data would remain less than or equal to the congestion
 * window plus 2 segments", one for each of the first two duplicate ACKs. */
uint32_t recovery_allowance(const struct tcb *t, const struct tcp_env *env)
{
	if (!env->profile->limited_transmit || is_sack(t) || (t->flags & TCB_RECOVERING) ||
	    (t->due & DUE_RESEND))
		return 0;
	return (t->dupacks < 2 ? t->dupacks : 2u) * t->cc.smss;
}

void recovery_sent(struct tcb *t, const struct seg *out, bool is_again, struct tcp_env *env)
{
	struct loss l;

	if (!is_sack(t))
		return;
	if (is_again || (t->flags & (TCB_RECOVERING | TCB_REDUCED))) {
		l = loss_load(t, env);
		if (is_again)
			undo_sent(&l, out);
		if (l.flags & LOSS_PRR)
			l.prr_out += out->len;
		loss_store(t, &l, env);
	}
	if (!is_again)
		tlp_schedule(t, env);
}

/* ---- timeouts ------------------------------------------------------------------------------- */

void recovery_resend(struct tcb *t, enum rule r, struct tcp_env *env)
{
	rto_karn(t, env);
	if (is_sack(t)) {
		sack_resend(t, r, env);
		return;
	}
	rexmitq_resend_start(t);
	t->send_rule = (uint16_t)r;
}

static void remember(struct tcb *t, bool is_again, struct tcp_env *env)
{
	struct loss l;

	if (t->loss == 0 || is_again)
		return;
	l = loss_load(t, env);
	undo_begin(t, &l, true, env);
	loss_store(t, &l, env);
}

static void begin_frto(struct tcb *t, struct tcp_env *env)
{
	struct loss l;

	if (t->loss == 0)
		return;
	l = loss_load(t, env);
	frto_begin(t, &l, (t->flags & (TCB_RECOVERING | TCB_LOSS)) != 0, env);
	loss_store(t, &l, env);
}

void recovery_timeout(struct tcb *t, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);

	e.is_again = t->rexmits > 0;
	e.is_within = (t->flags & (TCB_RECOVERING | TCB_LOSS)) != 0;
	remember(t, e.is_again, env);
	cc_algo(env)->on_rto(&t->cc, &e);
	ecn_reduced(t);
	t->flags |= TCB_AFTER_RTO;
	if (is_sack(t)) {
		rto_karn(t, env);
		sack_timeout(t, env);
		return;
	}
	begin_frto(t, env);
	leave_recovery(t);
	t->flags |= TCB_LOSS;
	t->recover = seq_sub(t->snd.nxt, 1); /* RFC 6582 3.2 step 4 */
	recovery_resend(t, R_RTO_EXPIRED, env);
}

void recovery_late(struct tcb *t, struct tcp_env *env)
{
	if (!is_sack(t) || t->rack == 0 || seq_eq(t->snd.una, t->snd.nxt))
		return;
	if (t->flags & TCB_REORDER)
		sack_late(t, env);
	else
		tlp_expire(t, env);
}

/* ---- ECN ------------------------------------------------------------------------------------ */

/* "It is necessary to still reduce the sending rate ... when the congestion window is one." */
static void hold_one(struct tcb *t, struct tcp_env *env)
{
	why(t, R_ECN_HOLDS, env);
	if (!seq_eq(t->snd.una, t->snd.nxt))
		rto_timer_restart(t, env);
	pace_hold(t, t->rto, env);
}

/* RFC 3168 6.1.2: as to a lost segment, "at most once per window of data". */
void recovery_ecn(struct tcb *t, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);
	struct loss l;

	env->news.has_ece = true;
	if (t->flags & (TCB_REDUCED | TCB_RECOVERING | TCB_LOSS)) {
		why(t, R_ECN_ONCE, env);
		return;
	}
	why(t, R_ECN_REDUCE, env);
	if (t->cc.cwnd <= t->cc.smss && env->profile->ecn_hold)
		hold_one(t, env);
	cc_algo(env)->on_ecn(&t->cc, &e);
	t->recover = seq_sub(t->snd.nxt, 1);
	t->flags |= TCB_REDUCED | TCB_CWR;
	if (!is_sack(t))
		return;
	l = loss_load(t, env);
	l.flags &= (uint16_t)~LOSS_UNDO;
	prr_begin(t, &l, e.flight, env);
	loss_store(t, &l, env);
}

void recovery_idle(struct tcb *t, struct tcp_env *env)
{
	uint32_t rw = cc_initial_window((enum iw_choice)env->profile->initial_window, t->cc.smss);
	struct cc_event e = cc_event_of(t, env);

	if (!env->profile->restart_idle || t->sent_at < 0 || env->now - t->sent_at <= t->rto)
		return;
	if (t->cc.cwnd <= rw || env->profile->cc == CC_NONE)
		return;
	e.restart_window = rw;
	e.idle = env->now - t->sent_at;
	e.rto = t->rto;
	cc_algo(env)->on_idle(&t->cc, &e);
}

void recovery_used(struct tcb *t, uint32_t text, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);

	e.sent = text;
	cc_sent(&t->cc, &e);
}

/* ---- zero window ---------------------------------------------------------------------------- */

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* "The sending TCP peer ... may repackage segments on the retransmission queue": the octet of a
 * refused probe goes out again with as much text behind it as a segment may have. */
static void lengthen_probe(struct tcb *t)
{
	struct rexmit *probe = &t->rexmitq.front;
	uint32_t d = text_unsent(t), n = least(least(1 + d, t->snd.wnd), t->snd.mss);

	if (t->rexmitq.count != 1 || probe->text != 1 || d == 0)
		return;
	probe->text = (uint16_t)n;
	probe->ctl = n == 1 + d ? PSH : 0;
	t->snd.nxt = seq_add(t->snd.una, n);
	t->rexmitq.small = n < t->snd.mss ? t->snd.nxt : t->snd.una;
}

void probe_opened(struct tcb *t, struct tcp_env *env)
{
	t->probes = 0;
	t->rexmits = 0;
	if (seq_eq(t->snd.una, t->snd.nxt)) {
		timer_stop(t, TIMER_RETRANSMIT);
		return;
	}
	if (is_syn_out(t))
		return;
	/* The probe, or what was outstanding when the window closed, was refused. */
	why(t, R_PROBE_OPENED, env);
	lengthen_probe(t);
	recovery_resend(t, R_PROBE_OPENED, env);
	rto_timer_restart(t, env);
}

void probe_answered(struct tcb *t, struct tcp_env *env)
{
	if (t->rexmits == 0)
		return;
	why(t, R_PROBE_ANSWERED, env);
	t->rexmits = 0;
	t->flags &= ~(uint32_t)TCB_R1_TOLD;
	user_timeout_restart(t, env);
}
