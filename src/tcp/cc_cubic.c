/* SPDX-License-Identifier: MIT */
/*
 * cc_cubic.c - CUBIC, RFC 9438, in octets and ticks of 100 microseconds. C is 0.4 segments a second
 * cubed, beta 0.7, alpha 9/17. Without a block it is Reno.
 */
#include "cc_more.h"

enum {
	BETA_TIMES_10 = 7,
	ALPHA_TIMES_17 = 9, /* 3 * (1 - 0.7) / (1 + 0.7) */
	PART_BITS = 12,     /* of w_part */
};

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* ---- arithmetic ----------------------------------------------------------------------------- */

/* Newton's method from above: it falls until it has the answer. */
uint32_t cc_cube_root(uint64_t a)
{
	uint64_t x = 1, y;

	if (a == 0)
		return 0;
	for (uint64_t rest = a; rest > 0; rest >>= 3)
		x <<= 1; /* x^3 > a */
	while ((y = (2 * x + a / (x * x)) / 3) < x)
		x = y;
	return (uint32_t)x;
}

uint32_t cc_cubic_growth(uint64_t d, uint32_t smss)
{
	uint64_t cube;

	if (d > CUBIC_TICKS_MAX)
		d = CUBIC_TICKS_MAX;
	/* d^3 ticks^3 are d^3 / 10^12 seconds^3. */
	cube = d * d * d / 1000000;
	cube = cube * (2 * (uint64_t)smss) / 5000000;
	return cube < CC_HIGH ? (uint32_t)cube : CC_HIGH;
}

uint32_t cc_cubic_k(uint32_t w_max, uint32_t cwnd, uint32_t smss)
{
	const uint64_t most_cube = (uint64_t)CUBIC_TICKS_MAX * CUBIC_TICKS_MAX * CUBIC_TICKS_MAX;
	uint64_t cube; /* seconds^3, in millionths */

	if (w_max <= cwnd || smss == 0)
		return 0;
	cube = (uint64_t)(w_max - cwnd) * 2500000 / smss;
	return cube < most_cube / 1000000 ? cc_cube_root(cube * 1000000) : CUBIC_TICKS_MAX;
}

uint32_t cc_cubic_window(uint32_t w_max, uint32_t k, uint64_t t, uint32_t smss)
{
	uint32_t grown = cc_cubic_growth(t > k ? t - k : k - t, smss);

	if (t > k)
		return least(w_max + grown, CC_HIGH);
	return w_max > grown ? w_max - grown : 0;
}

/* ---- a stage of congestion avoidance --------------------------------------------------------- */

static void begin_stage(const struct cc *c, struct cc_more *m, const struct cc_event *e)
{
	cc_why(e, R_CUBIC_STAGE);
	m->u.stage.epoch = m->u.stage.last = cc_ticks(e->now);
	m->u.stage.w_est = c->cwnd;
	m->u.stage.w_part = 0;
	if (!(m->flags & MORE_W_MAX) || m->w_max <= c->cwnd) {
		/* 4.8, 4.10: after a timeout, or out of HyStart; and when W_max is passed */
		m->w_max = c->cwnd;
	}
	if (m->cwnd_prior == 0) /* nothing was lost yet: "cwnd_prior = cwnd" */
		m->cwnd_prior = c->cwnd;
	m->u.stage.k = cc_cubic_k(m->w_max, c->cwnd, c->smss);
	m->flags |= MORE_EPOCH | MORE_W_MAX;
}

void cubic_pause(struct cc_more *m, const struct cc_event *e)
{
	uint32_t now = cc_ticks(e->now);

	if (!(m->flags & MORE_EPOCH) || now == m->u.stage.last)
		return;
	cc_why(e, R_CUBIC_PAUSE);
	m->u.stage.epoch += now - m->u.stage.last;
	m->u.stage.last = now;
}

/* Figure 4: W_est grows by alpha segments a window, by one when it has come to cwnd_prior. */
static void estimate_reno(const struct cc *c, struct cc_more *m, uint32_t acked)
{
	uint64_t alpha = m->u.stage.w_est >= m->cwnd_prior ? 17 : ALPHA_TIMES_17;
	uint64_t grown = (alpha * c->smss * acked << PART_BITS) / (17 * (uint64_t)c->cwnd);

	grown += m->u.stage.w_part;
	m->u.stage.w_part = grown & ((1 << PART_BITS) - 1);
	m->u.stage.w_est = least(m->u.stage.w_est + (uint32_t)(grown >> PART_BITS), CC_HIGH);
}

/* 4.4 and 4.5: by (target - cwnd) / cwnd for what was acknowledged. The rest of the division is
 * kept, so that nothing is lost between two ACKs. */
static void approach(struct cc *c, uint32_t target, uint32_t acked)
{
	uint64_t grown;

	target = least(target, c->cwnd + c->cwnd / 2);
	if (target <= c->cwnd)
		return;
	grown = (uint64_t)(target - c->cwnd) * acked + c->acked;
	c->acked = (uint32_t)(grown % c->cwnd);
	c->cwnd = least(c->cwnd + (uint32_t)(grown / c->cwnd), CC_HIGH);
}

static void avoid(struct cc *c, struct cc_more *m, const struct cc_event *e)
{
	uint32_t acked = least(e->acked, c->cwnd);

	if (!(m->flags & MORE_EPOCH))
		begin_stage(c, m, e);
	m->u.stage.last = cc_ticks(e->now);

	uint64_t t = m->u.stage.last - m->u.stage.epoch;
	uint32_t k = m->u.stage.k;

	estimate_reno(c, m, acked);
	if (cc_cubic_window(m->w_max, k, t, c->smss) < m->u.stage.w_est) {
		cc_why(e, R_CUBIC_FRIENDLY);
		c->cwnd = most(c->cwnd, m->u.stage.w_est);
		return;
	}
	cc_why(e, c->cwnd < m->w_max ? R_CUBIC_CONCAVE : R_CUBIC_CONVEX);
	t += (uint64_t)e->srtt / CUBIC_TICK;
	approach(c, cc_cubic_window(m->w_max, k, t, c->smss), acked);
}

static void avoid_whole(struct cc *c, struct cc_more *m, uint32_t acked, const struct cc_event *e)
{
	if (!(m->flags & MORE_EPOCH))
		cc_why(e, R_CUBIC_STAGE);
	cc_avoid_whole(c, cubic_whole(c, m, acked, e), acked);
}

static void cubic_on_ack(struct cc *c, const struct cc_event *e)
{
	bool is_whole = e->env->profile->cwnd_whole, is_limited = cc_is_limited(c, e);
	uint32_t acked = e->acked;

	if (c->more == 0) {
		cc_grow(c, e);
		return;
	}
	if (is_limited && c->cwnd < c->ssthresh) {
		acked = cc_slow_start(c, e);
		if (!is_whole || acked == 0)
			return;
	}
	struct cc_more m = cc_more_load(c, e->env);

	if (!is_limited) {
		cc_why(e, R_CC_NOT_LIMITED);
		cubic_pause(&m, e);
	} else if (is_whole) {
		avoid_whole(c, &m, acked, e);
	} else {
		avoid(c, &m, e);
	}
	cc_more_store(c, &m, e->env);
}

/* ---- congestion events ---------------------------------------------------------------------- */

/* 4.9.2: what a spurious event must give back; of a timeout in a recovery, with what it began. */
static void remember(struct cc_more *m, const struct cc_event *e)
{
	uint8_t flags = (uint8_t)(m->flags & ~(MORE_UNDO_EPOCH | MORE_UNDO_W_MAX));

	if (e->is_within && (m->flags & MORE_UNDO))
		return;
	if (m->flags & MORE_EPOCH) {
		flags |= MORE_UNDO_EPOCH;
		m->undo_epoch = m->u.stage.epoch;
		m->undo_k = m->u.stage.k;
		m->undo_w_est = m->u.stage.w_est;
	}
	if (m->flags & MORE_W_MAX)
		flags |= MORE_UNDO_W_MAX;
	m->undo_w_max = m->w_max;
	m->undo_prior = m->cwnd_prior;
	m->flags = flags | MORE_UNDO;
}

static void end_stage(struct cc_more *m, const struct cc_event *e)
{
	m->flags = (uint8_t)(m->flags & ~(MORE_EPOCH | MORE_CSS));
	hystart_begin(m, e->nxt, e); /* should slow start come again */
}

/* 4.6, 4.7. Figure 5's ssthresh before "max(ssthresh, 2)". */
static uint32_t reduce(struct cc *c, struct cc_more *m, const struct cc_event *e)
{
	uint32_t part = (uint32_t)((uint64_t)cc_basis(c, e) * BETA_TIMES_10 / 10);
	bool is_less = (m->flags & MORE_W_MAX) && c->cwnd < m->w_max;

	remember(m, e);
	m->w_max = c->cwnd;
	if (is_less && e->env->profile->fast_convergence) {
		cc_why(e, R_CUBIC_FAST_CONVERGENCE);
		m->w_max = (uint32_t)((uint64_t)c->cwnd * (10 + BETA_TIMES_10) / 20);
	}
	m->cwnd_prior = c->cwnd;
	m->flags |= MORE_W_MAX;
	end_stage(m, e);
	if (e->env->profile->cwnd_whole)
		part -= part % c->smss;
	c->ssthresh = most(part, 2 * c->smss);
	c->acked = 0;
	return part;
}

static void cubic_on_loss(struct cc *c, const struct cc_event *e)
{
	if (c->more == 0) {
		cc_fast_recovery(c, e);
		return;
	}
	struct cc_more m = cc_more_load(c, e->env);

	cc_why(e, R_CUBIC_REDUCE);
	reduce(c, &m, e);
	c->cwnd = c->ssthresh + e->dupacks * c->smss;
	cc_more_store(c, &m, e->env);
}

static void cubic_on_ecn(struct cc *c, const struct cc_event *e)
{
	if (c->more == 0) {
		cc_ecn(c, e);
		return;
	}
	struct cc_more m = cc_more_load(c, e->env);

	cc_why(e, R_CUBIC_REDUCE);
	c->cwnd = most(reduce(c, &m, e), c->smss);
	cc_more_store(c, &m, e->env);
}

/* 4.8: "follows Reno to reduce cwnd but sets ssthresh using beta". The stage after it begins with
 * K = 0 and W_max = cwnd. */
static void cubic_on_rto(struct cc *c, const struct cc_event *e)
{
	if (c->more == 0) {
		cc_timeout(c, e);
		return;
	}
	struct cc_more m = cc_more_load(c, e->env);

	cc_why(e, e->is_again ? R_CC_TIMEOUT_AGAIN : R_CUBIC_TIMEOUT);
	if (!e->is_again)
		reduce(c, &m, e);
	m.flags = (uint8_t)(m.flags & ~(MORE_W_MAX | MORE_FOUND));
	c->cwnd = c->smss;
	c->acked = 0;
	cc_more_store(c, &m, e->env);
}

static void cubic_on_recovered(struct cc *c, const struct cc_event *e)
{
	cc_newreno.on_recovered(c, e);
}

/* cwnd falls below ssthresh, and the next stage begins when it is there again. */
static void cubic_on_idle(struct cc *c, const struct cc_event *e)
{
	cc_idle(c, e);
	if (c->more == 0 || c->cwnd >= c->ssthresh)
		return;
	struct cc_more m = cc_more_load(c, e->env);

	if (m.flags & MORE_EPOCH)
		end_stage(&m, e);
	cc_more_store(c, &m, e->env);
}

static void cubic_undo(struct cc *c, const struct cc_event *e)
{
	if (c->more == 0)
		return;
	struct cc_more m = cc_more_load(c, e->env);

	if (!(m.flags & MORE_UNDO))
		return;
	cc_why(e, R_CUBIC_UNDO);
	m.flags = (uint8_t)(m.flags & ~(MORE_UNDO | MORE_EPOCH | MORE_W_MAX));
	m.w_max = m.undo_w_max;
	m.cwnd_prior = m.undo_prior;
	if (m.flags & MORE_UNDO_W_MAX)
		m.flags |= MORE_W_MAX;
	if (m.flags & MORE_UNDO_EPOCH) {
		m.flags |= MORE_EPOCH;
		m.u.stage.epoch = m.undo_epoch;
		m.u.stage.last = cc_ticks(e->now);
		m.u.stage.k = m.undo_k;
		m.u.stage.w_est = m.undo_w_est;
		m.u.stage.w_part = 0;
	}
	c->acked = 0;
	cc_more_store(c, &m, e->env);
}

const struct cc_algo cc_cubic = {
	.name = "cubic",
	.recovery = CC_RECOVERY_NEWRENO,
	.inflates = true,
	.stays_late = true,
	.open = cc_open,
	.on_ack = cubic_on_ack,
	.on_loss = cubic_on_loss,
	.on_rto = cubic_on_rto,
	.on_ecn = cubic_on_ecn,
	.on_recovered = cubic_on_recovered,
	.on_idle = cubic_on_idle,
	.undo = cubic_undo,
};
