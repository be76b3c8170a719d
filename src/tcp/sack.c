/* SPDX-License-Identifier: MIT */
/*
 * sack.c - RFC 6675: loss recovery with the SACK option. What an ACK tells goes to the scoreboard
 * (board.c); here stands what follows from it. With RACK (rack.c) losses are told by time instead
 * of IsLost (), with PRR (prr.c) the window shrinks by and by; entering and leaving is the same.
 */
#include "sack.h"
#include "options.h"
#include "queues.h"
#include "recovery.h"
#include "rto.h"
#include "tcb.h"
#include <string.h>

/* ---- Update (): section 4 ------------------------------------------------------------------- */

/* RFC 2883 4: the first block tells of what came twice if it lies below the cumulative ACK, or
 * inside the second block. */
static bool is_dsack(const struct seg *s)
{
	struct sack_block a = s->sack[0], b = s->sack[1];

	if (seq_le(a.right, s->ack))
		return true;
	return s->sacks > 1 && seq_ge(a.left, b.left) && seq_le(a.right, b.right);
}

static bool is_in_flight(const struct tcb *t, const struct seg *s, struct sack_block b)
{
	return seq_lt(b.left, b.right) && seq_ge(b.left, t->snd.una) && seq_gt(b.left, s->ack) &&
	       seq_le(b.right, t->snd.nxt);
}

static bool touches(const seq32 run[2], struct sack_block b)
{
	return seq_le(b.left, run[0]) ? seq_ge(b.right, run[0]) : seq_le(b.left, run[1]);
}

/* The three highest runs: a block that touches some takes them in, and has its place among them. */
static void note_run(struct loss *l, struct sack_block b, seq32 una)
{
	enum { RUNS = 3 };
	seq32 kept[RUNS + 1][2];
	unsigned n = 0, at = 0;

	for (unsigned i = 0; i < RUNS; i++) {
		if (seq_eq(l->run[i][0], l->run[i][1]) || seq_le(l->run[i][1], una))
			continue;
		if (touches(l->run[i], b)) {
			b.left = seq_min(b.left, l->run[i][0]);
			b.right = seq_max(b.right, l->run[i][1]);
			continue;
		}
		kept[n][0] = l->run[i][0];
		kept[n++][1] = l->run[i][1];
	}
	while (at < n && seq_gt(kept[at][0], b.left))
		at++;
	for (unsigned i = n; i > at; i--) {
		kept[i][0] = kept[i - 1][0];
		kept[i][1] = kept[i - 1][1];
	}
	kept[at][0] = b.left;
	kept[at][1] = b.right;
	n++;
	for (unsigned i = 0; i < RUNS; i++) {
		l->run[i][0] = i < n ? kept[i][0] : seq(0);
		l->run[i][1] = i < n ? kept[i][1] : seq(0);
	}
}

/* SND.UNA may have passed the edge; then all that is SACKED lies above. With nothing SACKED it is
 * not known for how long: what is older than 2^31 octets would seem ahead. */
static void settle_edge(const struct tcb *t, struct loss *l)
{
	if (t->board.sacked == 0)
		memset(l->run, 0, sizeof l->run);
	if (t->board.sacked > 0 && seq_gt(l->edge, t->snd.una) && seq_le(l->edge, t->snd.nxt))
		return;
	l->edge = t->snd.una;
	l->above = t->board.sacked;
}

/* What lies at or above the edge is counted for IsLost (). */
static void update(struct tcb *t, struct loss *l, struct sack_block b, struct tcp_env *env)
{
	struct sack_block low = {b.left, seq_min(b.right, l->edge)};
	struct sack_block high = {seq_max(b.left, l->edge), b.right};
	uint32_t before;

	if (seq_lt(low.left, low.right))
		board_sack(t, low, &env->news, env->pool);
	before = env->news.sacked;
	if (seq_lt(high.left, high.right))
		board_sack(t, high, &env->news, env->pool);
	l->above += env->news.sacked - before;
	note_run(l, b, t->snd.una);
}

/* RescueRxt is the end of the first repetition of a recovery: does this ACK cover more? */
static void see_beyond(const struct tcb *t, struct loss *l, seq32 ack)
{
	const struct rexmit *front = &t->rexmitq.front;

	if (t->rexmitq.count == 0 || !seq_gt(ack, t->snd.una))
		return;
	if (seq_gt(front->seq, l->undo_una) || seq_gt(ack, rexmit_end(front)))
		l->flags |= LOSS_BEYOND;
}

/* RFC 3708 3 (A.1): all ACKs of a window were lost, and that is congestion too. */
static void hear_dsack(struct tcb *t, struct loss *l, struct sack_block b, struct tcp_env *env)
{
	why(t, R_DSACK_HEARD, env);
	env->news.has_dsack = true;
	env->news.dsack = b;
	l->flags |= LOSS_DSACKS;
	if (!(l->flags & LOSS_UNDO) || t->board.sacked > 0 || !seq_eq(b.left, t->snd.una))
		return;
	why(t, R_UNDO_NO_ACKS, env);
	l->flags &= (uint16_t) ~(LOSS_UNDO | LOSS_NEEDLESS);
}

static void hear_blocks(struct tcb *t, struct loss *l, const struct seg *s, struct tcp_env *env)
{
	env->news.has_sack = true;
	settle_edge(t, l);
	for (unsigned i = 0; i < s->sacks; i++) {
		struct sack_block b = s->sack[i];

		if (i == 0 && seq_lt(b.left, b.right) && is_dsack(s))
			hear_dsack(t, l, b, env);
		else if (is_in_flight(t, s, b))
			update(t, l, b, env);
		else
			why(t, R_SACK_IGNORED, env);
	}
	if (env->news.sacked > 0)
		why(t, R_SACK_UPDATE, env);
}

void recovery_sacked(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	struct loss l;

	if (s->opts & OPT_TIMESTAMPS) {
		env->news.has_echo = true;
		env->news.echo = s->tsecr;
		env->news.is_echoed = timestamps_echoed(t, s, &env->news.echo_until, env);
	}
	if (!is_sack(t))
		return;
	l = loss_load(t, env);
	if (t->flags & TCB_RECOVERING)
		see_beyond(t, &l, s->ack);
	if ((s->opts & OPT_SACK) && s->sacks > 0)
		hear_blocks(t, &l, s, env);
	loss_store(t, &l, env);
}

/* ---- IsLost () ------------------------------------------------------------------------------ */

/* Below the third highest run "DupThresh discontiguous SACKed sequences have arrived above". */
static seq32 edge_of_runs(const struct tcb *t, const struct loss *l, const struct tcp_env *env)
{
	uint32_t n = env->profile->dupthresh;
	const seq32 *run;

	if (n == 0 || n > 3)
		return t->snd.una;
	run = l->run[n - 1];
	return seq_eq(run[0], run[1]) ? t->snd.una : seq_max(run[0], t->snd.una);
}

/* Where the record that ends highest begins, above which "more than (DupThresh - 1) * SMSS bytes"
 * have been SACKed. The edge goes up record by record, and never down. */
static void advance_edge(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	uint64_t limit = (uint64_t)(env->profile->dupthresh - 1) * t->cc.smss;
	uint32_t i;

	settle_edge(t, l);
	i = l->above > limit ? rexmitq_find(t, l->edge, env->pool) : REXMIT_NONE;
	for (; i < t->rexmitq.count; i++) {
		struct rexmit r = rexmitq_at(t, i, env->pool);
		uint32_t n = r.marks & MARK_SACKED ? seg_len(r.ctl, r.text) : 0;

		if (l->above - n <= limit)
			break;
		l->above -= n;
		l->edge = rexmit_end(&r);
	}
}

/* IsLost () of all records at once: those wholly below either edge. */
static void detect_by_count(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	uint32_t before = t->board.lost;

	advance_edge(t, l, env);
	board_lose_below(t, seq_max(l->edge, edge_of_runs(t, l, env)), env->pool);
	if (t->board.lost > before)
		why(t, R_SACK_IS_LOST, env);
}

/* True: a repetition is lost, too. */
static bool detect(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	if (is_rack(t, env))
		return rack_detect(t, env);
	detect_by_count(t, l, env);
	return false;
}

/* ---- NextSeg () ----------------------------------------------------------------------------- */

/* Rule (1). */
uint32_t sack_next_lost(const struct tcb *t, const struct tcp_env *env)
{
	return board_next_lost(t, env->pool);
}

/* Rule (3): not lost by IsLost (), but something above it was SACKED. */
static uint32_t next_suspect(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t i = t->board.sacked > 0 ? board_seek(t, BOARD_FRESH, 0, env->pool) : REXMIT_NONE;
	struct rexmit r;

	if (i == REXMIT_NONE)
		return REXMIT_NONE;
	r = rexmitq_at(t, i, env->pool);
	return seq_lt(rexmit_end(&r), t->board.high) ? i : REXMIT_NONE;
}

/* Rule (4): once in a recovery, when more has arrived than what was sent again first, the highest
 * segment. */
static uint32_t rescue(const struct tcb *t, struct loss *l, const struct tcp_env *env)
{
	uint32_t last = t->rexmitq.count - 1;
	struct rexmit r = rexmitq_back(t, env->pool);

	if ((l->flags & LOSS_RESCUED) || !(l->flags & LOSS_BEYOND) ||
	    (r.marks & (MARK_SACKED | MARK_AGAIN)))
		return REXMIT_NONE;
	l->flags |= LOSS_RESCUED;
	return last;
}

uint32_t sack_next_rest(struct tcb *t, struct tcp_env *env)
{
	struct loss l;
	uint32_t i;

	if (!(t->flags & TCB_RECOVERING) || is_rack(t, env) || t->rexmitq.count == 0)
		return REXMIT_NONE;
	i = next_suspect(t, env);
	if (i != REXMIT_NONE) {
		why(t, R_SACK_NEXT_SUSPECT, env);
		return i;
	}
	l = loss_load(t, env);
	i = rescue(t, &l, env);
	if (i == REXMIT_NONE)
		return REXMIT_NONE;
	why(t, R_SACK_RESCUE, env);
	loss_store(t, &l, env);
	return i;
}

/* ---- section 5: the algorithm --------------------------------------------------------------- */

/* What may go now: the lost ones first (NextSeg), then new text. */
static void go_on(struct tcb *t, enum rule r)
{
	rexmitq_resend_start(t);
	t->due |= DUE_NEW;
	t->send_rule = (uint16_t)r;
}

/* (4.2): "segments sent as part of the Limited Transmit mechanism not be counted in FlightSize":
 * they are what is outstanding beyond cwnd. */
static uint32_t flight_counted(const struct tcb *t)
{
	uint32_t n = flight_size(t);

	return n < t->cc.cwnd ? n : t->cc.cwnd;
}

/* (4.2), unless the window was already reduced for an ECN mark in it: RFC 3168 6.1.2. */
static void reduce(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);

	if (t->flags & TCB_REDUCED)
		return;
	undo_begin(t, l, false, env);
	e.flight = flight_counted(t);
	e.dupacks = 0;
	cc_algo(env)->on_loss(&t->cc, &e);
	ecn_reduced(t);
	prr_begin(t, l, flight_size(t), env);
}

/* RFC 8985 9.3: a lost repetition is a second sign of congestion, RFC 5681 4.3. PRR hears of it by
 * what is in the network. */
static void reduce_again(struct tcb *t, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);
	uint32_t cwnd = t->cc.cwnd;

	if (env->profile->prr)
		return;
	why(t, R_RACK_LOST_AGAIN, env);
	e.flight = flight_counted(t);
	e.dupacks = 0;
	e.is_within = true;
	cc_algo(env)->on_loss(&t->cc, &e);
	if (t->cc.cwnd > cwnd)
		t->cc.cwnd = cwnd;
}

/* Step (4). */
void sack_enter(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	why(t, R_SACK_ENTER, env);
	reduce(t, l, env);
	t->flags = (t->flags | TCB_RECOVERING) & ~(uint32_t)TCB_REDUCED;
	l->flags &= (uint16_t) ~(LOSS_RESCUED | LOSS_BEYOND | LOSS_FRTO | LOSS_FRTO_NEW);
	t->recover = seq_sub(t->snd.nxt, 1); /* (4.1) */
	l->undo_una = t->snd.una;
	tlp_init(t, env);
	if (!is_rack(t, env))
		board_lose(t, 0, env->pool);
	if (cc_algo(env)->recovery == CC_RECOVERY_NONE) { /* Tahoe: as after a timeout */
		t->flags = (t->flags | TCB_LOSS) & ~(uint32_t)TCB_RECOVERING;
		l->flags &= (uint16_t)~LOSS_PRR;
		board_lose_all(t, env->pool);
	}
	go_on(t, R_SACK_RETRANSMIT);
	t->due |= DUE_FRONT; /* (4.3): the first goes whatever cwnd says */
	rto_timer_restart(t, env);
}

static void stop(struct tcb *t, struct tcp_env *env)
{
	t->flags &= ~(uint32_t)(TCB_RECOVERING | TCB_LOSS);
	t->dupacks = 0;
	rack_left(t, env);
	t->due |= DUE_NEW;
}

/* Step (A). */
static void leave(struct tcb *t, struct loss *l, uint32_t text, struct tcp_env *env)
{
	if (t->flags & TCB_RECOVERING) {
		why(t, R_SACK_LEAVE, env);
		prr_end(t, l, env);
		stop(t, env);
		return;
	}
	why(t, R_LOSS_OVER, env);
	stop(t, env);
	if (text > 0)
		recovery_grow(t, text, env);
}

/* A reduction that was made for nothing is taken back, and with it recovery. */
static void take_back(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	undo_do(t, l, R_UNDO, env);
	if (!(t->flags & (TCB_RECOVERING | TCB_LOSS)))
		return;
	stop(t, env);
	rexmitq_resend_stop(t);
	t->due &= (uint8_t)~DUE_FRONT;
	board_unlose(t, env->pool);
}

/* Steps (B) and (C). What tells of nothing delivered leaves the pipe as it was: nothing may go. */
static void recovery_goes_on(struct tcb *t, struct loss *l, uint32_t text, struct tcp_env *env)
{
	uint32_t lost = t->board.lost;

	if (detect(t, l, env))
		reduce_again(t, env);
	prr_acked(t, l, text > 0 && t->board.lost <= lost, env);
	if (env->news.acked + env->news.sacked > 0 || t->board.lost != lost)
		go_on(t, R_SACK_RETRANSMIT);
}

/* RFC 6675 5.1: after a timeout slow start fills in what is missing. */
static void loss_goes_on(struct tcb *t, struct loss *l, uint32_t text, struct tcp_env *env)
{
	if (env->news.acked + env->news.sacked > 0 && detect(t, l, env))
		reduce_again(t, env);
	if (text > 0)
		recovery_grow(t, text, env);
	if (!(l->flags & LOSS_FRTO_NEW))
		go_on(t, R_SACK_RETRANSMIT);
	t->due |= DUE_NEW;
}

/* No recovery is going on: steps (1) to (3), and growth. What has new SACK data "is counted as a
 * duplicate acknowledgment [...] even if it [...] moves the cumulative acknowledgment point": 2. */
static void nothing_lost_yet(struct tcb *t, struct loss *l, uint32_t text, struct tcp_env *env)
{
	if (env->news.sacked > 0) {
		why(t, R_SACK_DUPACK, env);
		if (t->dupacks < UINT8_MAX)
			t->dupacks++;
	}
	if (env->news.acked + env->news.sacked > 0)
		detect(t, l, env);
	if (t->board.lost > 0 || (!is_rack(t, env) && t->dupacks >= env->profile->dupthresh)) {
		sack_enter(t, l, env);
		prr_acked(t, l, false, env);
		return;
	}
	if (t->board.sacked > 0 && text == 0 && env->profile->limited_transmit)
		why(t, R_LIMITED_TRANSMIT, env);
	if (l->flags & LOSS_PRR) /* for an ECN mark */
		prr_acked(t, l, text > 0, env);
	else if (text > 0)
		recovery_grow(t, text, env);
	t->due |= DUE_NEW;
}

/* RFC 3168 6.1.2: the window that was reduced for an ECN mark has been acknowledged. */
static void end_reduction(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	if (!(t->flags & TCB_REDUCED) || !seq_gt(t->snd.una, t->recover))
		return;
	t->flags &= ~(uint32_t)TCB_REDUCED;
	prr_end(t, l, env);
}

void sack_acked(struct tcb *t, uint32_t text, struct tcp_env *env)
{
	struct loss l = loss_load(t, env);
	bool has_moved = env->news.acked > 0 || text > 0;

	if (text > 0)
		t->dupacks = 0;
	undo_heard(t, &l, env);
	rack_heard(t, env);
	tlp_heard(t, &l, env);
	end_reduction(t, &l, env);
	if (t->flags & TCB_LOSS)
		frto_acked(t, &l, has_moved, env);
	if (undo_may(t, &l, env))
		take_back(t, &l, env);
	if ((t->flags & (TCB_RECOVERING | TCB_LOSS)) && seq_gt(t->snd.una, t->recover))
		leave(t, &l, text, env);
	else if (t->flags & TCB_RECOVERING)
		recovery_goes_on(t, &l, text, env);
	else if (t->flags & TCB_LOSS)
		loss_goes_on(t, &l, text, env);
	else
		nothing_lost_yet(t, &l, text, env);
	loss_store(t, &l, env);
	if (has_moved)
		rto_timer_restart(t, env);
	if (has_moved || t->board.sacked > 0)
		tlp_schedule(t, env);
}

/* RFC 3708 3: "upon the receipt of each DSACK". The last may come when all is acknowledged. */
void sack_dsack_late(struct tcb *t, struct tcp_env *env)
{
	struct loss l = loss_load(t, env);

	undo_heard(t, &l, env);
	if (undo_may(t, &l, env))
		take_back(t, &l, env);
	loss_store(t, &l, env);
}

/* The reordering window has passed without another ACK: RFC 8985 6.2 step 5. */
void sack_late(struct tcb *t, struct tcp_env *env)
{
	struct loss l = loss_load(t, env);
	uint32_t lost = t->board.lost;
	bool is_again;

	t->flags &= ~(uint32_t)TCB_REORDER;
	is_again = rack_detect(t, env);
	if (t->board.lost > 0 && !(t->flags & (TCB_RECOVERING | TCB_LOSS))) {
		sack_enter(t, &l, env);
	} else if (t->board.lost > 0) {
		if (is_again)
			reduce_again(t, env);
		go_on(t, R_SACK_RETRANSMIT);
	}
	if (t->deadline[TIMER_RETRANSMIT] <= env->now) /* it had to wait */
		rto_timer_restart(t, env);
	if (t->board.lost > lost)
		prr_timed(t, &l);
	loss_store(t, &l, env);
}

/* ---- section 5.1: timeouts ------------------------------------------------------------------ */

/* RFC 2018 5. What is SACKED at SND.UNA would have been acknowledged if the peer still had it. */
static void doubt(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	bool is_reneged = t->rexmitq.front.marks & MARK_SACKED;

	if (t->board.sacked == 0 || (!is_reneged && !env->profile->sack_forget))
		return;
	why(t, is_reneged ? R_SACK_RENEGED : R_SACK_FORGOTTEN, env);
	board_forget(t, env->pool);
	memset(l->run, 0, sizeof l->run);
	l->edge = t->snd.una;
	l->above = 0;
}

void sack_timeout(struct tcb *t, struct tcp_env *env)
{
	struct loss l = loss_load(t, env);
	bool was_recovering = (t->flags & (TCB_RECOVERING | TCB_LOSS)) != 0;

	l.flags &= (uint16_t)~LOSS_PRR;
	frto_begin(t, &l, was_recovering, env);
	t->flags = (t->flags | TCB_LOSS) & ~(uint32_t)(TCB_RECOVERING | TCB_REDUCED);
	t->recover = seq_sub(t->snd.nxt, 1);
	doubt(t, &l, env);
	if (is_rack(t, env))
		rack_timed_out(t, env);
	else
		board_lose_all(t, env->pool);
	tlp_init(t, env);
	loss_store(t, &l, env);
	go_on(t, R_RTO_EXPIRED);
	t->due |= DUE_FRONT;
}

/* What comes then belongs to no loss: until it is acknowledged no reduction follows. */
void sack_resend(struct tcb *t, enum rule r, struct tcp_env *env)
{
	struct loss l = loss_load(t, env);

	l.flags &= (uint16_t) ~(LOSS_PRR | LOSS_FRTO | LOSS_FRTO_NEW | LOSS_UNDO | LOSS_NEEDLESS);
	loss_store(t, &l, env);
	t->flags = (t->flags | TCB_LOSS) & ~(uint32_t)TCB_RECOVERING;
	t->recover = seq_sub(t->snd.nxt, 1);
	board_lose_all(t, env->pool);
	tlp_init(t, env);
	go_on(t, r);
	t->due |= DUE_FRONT;
}
