/* SPDX-License-Identifier: MIT */
/*
 * rack.c - RFC 8985 section 6: loss is told by time. A segment is lost if one that was sent later
 * has been delivered, and the reordering window has passed since.
 */
#include "queues.h"
#include "sack.h"
#include "tcb.h"

enum {
	REO_WND_PERSIST = 16, /* 6.2 step 4: recoveries that keep a wider window */
	REORDERING_MOST = 300,
};

#define MIN_RTT_WINDOW (300 * USEC_PER_S) /* step 1: "a windowed min-filtered estimate" */

/* RACK_sent_after(t1, seq1, t2, seq2) */
static bool is_sent_after(usec t1, seq32 seq1, usec t2, seq32 seq2)
{
	return t1 > t2 || (t1 == t2 && seq_gt(seq1, seq2));
}

static bool is_recovering(const struct tcb *t)
{
	return (t->flags & (TCB_RECOVERING | TCB_LOSS)) != 0;
}

/* Step 1: update RACK.min_RTT. */
static void update_min_rtt(struct rack *r, const struct tcp_env *env)
{
	usec rtt = env->now - env->news.first_at;

	if (!env->news.has_first)
		return;
	r->flags |= TLP_MEASURED;
	if ((r->flags & RACK_MIN) && rtt > r->min_rtt && env->now - r->min_at < MIN_RTT_WINDOW)
		return;
	r->flags |= RACK_MIN;
	r->min_rtt = rtt;
	r->min_at = env->now;
}

static void update_with(struct tcb *t, struct rack *r, usec sent_at, seq32 end, struct tcp_env *env)
{
	r->rtt = env->now - sent_at;
	if ((r->flags & RACK_VALID) && !is_sent_after(sent_at, end, r->xmit_ts, r->end_seq))
		return;
	why(t, R_RACK_UPDATE, env);
	r->flags |= RACK_VALID;
	r->xmit_ts = sent_at;
	r->end_seq = end;
}

/* Step 2: the segment sent last among those delivered. One that was sent again may have been
 * delivered by its first copy: then it would make RACK.rtt far too small. */
static void update_segment(struct tcb *t, struct rack *r, struct tcp_env *env)
{
	const struct board_news *n = &env->news;
	bool is_again = n->has_again;

	if (n->has_other_copy)
		why(t, R_RACK_OTHER_COPY, env);
	if (is_again && (r->flags & RACK_MIN) && env->now - n->again_at < r->min_rtt) {
		why(t, R_RACK_AMBIGUOUS, env);
		is_again = false;
	}
	if (is_again && n->has_newest)
		is_again = is_sent_after(n->again_at, n->again_end, n->newest_at, n->newest_end);
	if (is_again)
		update_with(t, r, n->again_at, n->again_end, env);
	else if (n->has_newest)
		update_with(t, r, n->newest_at, n->newest_end, env);
}

/* How far out of order the segment came, in segments. */
static void measure_reordering(const struct tcb *t, struct rack *r, const struct tcp_env *env)
{
	uint32_t span = seq_span(env->news.first, r->fack), mss = t->cc.smss ? t->cc.smss : 1;
	uint32_t n = (span + mss - 1) / mss;

	if (n > REORDERING_MOST)
		n = REORDERING_MOST;
	if (n > r->reordering)
		r->reordering = (uint16_t)n;
}

/* Step 3: detect reordering, by original segments that are delivered out of order. */
static void detect_reordering(struct tcb *t, struct rack *r, struct tcp_env *env)
{
	seq32 most = t->board.sacked > 0 ? seq_max(t->snd.una, t->board.high) : t->snd.una;

	if ((r->flags & RACK_FACK) && env->news.has_first && seq_lt(env->news.first, r->fack)) {
		if (!(r->flags & RACK_REORDERING))
			why(t, R_RACK_REORDERING, env);
		r->flags |= RACK_REORDERING;
		measure_reordering(t, r, env);
	}
	r->fack = r->flags & RACK_FACK ? seq_max(r->fack, most) : most;
	r->flags |= RACK_FACK;
}

/* Step 4: "grow the reordering window per round that sees DSACK". */
static void adapt_window(struct tcb *t, struct rack *r, struct tcp_env *env)
{
	if ((r->flags & RACK_ROUND) && seq_ge(t->snd.una, r->dsack_round))
		r->flags &= (uint16_t)~RACK_ROUND;
	if ((r->flags & RACK_ROUND) || !env->news.has_dsack)
		return;
	why(t, R_RACK_WIDEN, env);
	r->flags |= RACK_ROUND;
	r->dsack_round = t->snd.nxt;
	if (r->reo_wnd_mult < UINT16_MAX)
		r->reo_wnd_mult++;
	r->reo_wnd_persist = REO_WND_PERSIST;
}

void rack_heard(struct tcb *t, struct tcp_env *env)
{
	struct rack r;

	if (t->rack == 0)
		return;
	r = rack_load(t, env);
	update_min_rtt(&r, env);
	update_segment(t, &r, env);
	detect_reordering(t, &r, env);
	adapt_window(t, &r, env);
	rack_store(t, &r, env);
}

/* "Reset the window after 16 DSACK-free recoveries." */
void rack_left(struct tcb *t, struct tcp_env *env)
{
	struct rack r;

	if (!is_rack(t, env))
		return;
	r = rack_load(t, env);
	if (r.reo_wnd_persist > 0 && --r.reo_wnd_persist == 0) {
		why(t, R_RACK_NARROW, env);
		r.reo_wnd_mult = 1;
	}
	rack_store(t, &r, env);
}

/* RACK.segs_sacked >= DupThresh */
static bool has_dupthresh_sacked(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t n = 0, i = 0;

	if (t->board.sacked == 0)
		return false;
	for (; (i = board_seek(t, BOARD_SACKED, i, env->pool)) != REXMIT_NONE; i++) {
		if (++n >= env->profile->dupthresh)
			return true;
	}
	return false;
}

/* RACK_update_reo_wnd(), its last part. */
static usec reo_wnd(const struct tcb *t, const struct rack *r, const struct tcp_env *env)
{
	usec wnd;

	if (!(r->flags & RACK_REORDERING) && (is_recovering(t) || has_dupthresh_sacked(t, env)))
		return 0;
	wnd = r->flags & RACK_MIN ? r->reo_wnd_mult * r->min_rtt / 4 : 0;
	return (t->flags & TCB_SAMPLED) && wnd > t->srtt ? t->srtt : wnd;
}

/* RACK_detect_loss(): 0, or how long until the last of those that may be lost is. */
static usec detect_loss(struct tcb *t, const struct rack *r, bool *is_again, struct tcp_env *env)
{
	usec timeout = 0, wnd = reo_wnd(t, r, env);
	uint32_t lost = t->board.lost, next;

	for (uint32_t i = board_oldest(t, env->pool); i != REXMIT_NONE; i = next) {
		struct rexmit record = rexmitq_at(t, i, env->pool);
		usec remaining = record.sent_at + r->rtt + wnd - env->now;

		if (!is_sent_after(r->xmit_ts, r->end_seq, record.sent_at, rexmit_end(&record)))
			break;
		next = board_newer(t, i, env->pool);
		if (remaining <= 0) {
			board_lose(t, i, env->pool);
			*is_again |= record.times > 0 && record.sent_at >= r->reduced_at;
		} else {
			timeout = remaining; /* the later sent, the longer */
		}
	}
	if (t->board.lost > lost)
		why(t, R_RACK_LOST, env);
	return timeout;
}

/* RACK_detect_loss_and_arm_timer(): step 5. */
bool rack_detect(struct tcb *t, struct tcp_env *env)
{
	struct rack r = rack_load(t, env);
	bool is_again = false;
	usec timeout = r.flags & RACK_VALID ? detect_loss(t, &r, &is_again, env) : 0;

	if (is_again) {
		r.reduced_at = env->now;
		rack_store(t, &r, env);
	}
	if (timeout > 0) {
		why(t, R_RACK_WAITS, env);
		t->flags |= TCB_REORDER;
		timer_start(t, TIMER_LOSS, timeout, env);
	} else if (t->flags & TCB_REORDER) {
		t->flags &= ~(uint32_t)TCB_REORDER;
		timer_stop(t, TIMER_LOSS);
	}
	return is_again;
}

/* 6.3, RACK_mark_losses_on_RTO(): the first, and what was sent long enough ago. */
void rack_timed_out(struct tcb *t, struct tcp_env *env)
{
	const unsigned open = BOARD_FRESH | BOARD_AGAIN;
	struct rack r = rack_load(t, env);
	usec wnd = reo_wnd(t, &r, env), rtt = r.flags & RACK_VALID ? r.rtt : 0;

	why(t, R_RACK_TIMEOUT, env);
	for (uint32_t i = 0; (i = board_seek(t, open, i, env->pool)) != REXMIT_NONE; i++) {
		struct rexmit record = rexmitq_at(t, i, env->pool);

		if (i == 0 || record.sent_at + rtt + wnd <= env->now)
			board_lose(t, i, env->pool);
	}
	t->flags &= ~(uint32_t)TCB_REORDER;
	timer_stop(t, TIMER_LOSS);
}
