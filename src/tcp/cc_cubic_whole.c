/* SPDX-License-Identifier: MIT */
/*
 * cc_cubic_whole.c - CUBIC in whole segments, as Linux' tcp_cubic.c computes it: the curve is asked
 * for one least RTT ahead, not SRTT; before anything was lost a window grows by a twentieth at
 * least; and Reno's window is estimated with alpha = 8/15.
 */
#include "cc_more.h"

enum {
	AT_LEAST = 20, /* "increase cwnd 5% per RTT" */
	AT_MOST = 2,   /* "1 packet per 2 packets ACKed" */
};

static void begin(const struct cc *c, struct cc_more *m, uint32_t acked, const struct cc_event *e)
{
	bool is_below = (m->flags & MORE_W_MAX) && m->w_max > c->cwnd;

	m->u.stage.epoch = cc_ticks(e->now);
	m->u.stage.w_est = c->cwnd;
	m->u.stage.w_part = acked;
	m->cwnd_prior = is_below ? m->w_max : c->cwnd;
	m->u.stage.k = cc_cubic_k(m->cwnd_prior, c->cwnd, c->smss);
	m->flags |= MORE_EPOCH;
}

/* Segments to be acknowledged for one more, by the curve. */
static uint64_t by_curve(const struct cc *c, const struct cc_more *m, const struct cc_event *e)
{
	uint64_t t = (uint32_t)(cc_ticks(e->now) - m->u.stage.epoch) + m->min_rtt / CUBIC_TICK;
	uint32_t w = cc_cubic_window(m->cwnd_prior, m->u.stage.k, t, c->smss) / c->smss;
	uint64_t cwnd = c->cwnd / c->smss, count = w > cwnd ? cwnd / (w - cwnd) : 100 * cwnd;

	return !(m->flags & MORE_W_MAX) && count > AT_LEAST ? AT_LEAST : count;
}

/* By Reno's window: w_est grows by one for every 15/8 of cwnd acknowledged. */
static uint64_t by_reno(const struct cc *c, struct cc_more *m)
{
	uint64_t window = c->cwnd / 8 * 15;

	while (window > 0 && m->u.stage.w_part > window) {
		m->u.stage.w_part -= (uint32_t)window;
		m->u.stage.w_est += c->smss;
	}
	if (m->u.stage.w_est <= c->cwnd)
		return UINT64_MAX;
	return c->cwnd / (m->u.stage.w_est - c->cwnd);
}

uint64_t cubic_whole(const struct cc *c, struct cc_more *m, uint32_t acked,
		     const struct cc_event *e)
{
	uint64_t count, reno;

	if (m->flags & MORE_EPOCH)
		m->u.stage.w_part += acked;
	else
		begin(c, m, acked, e);
	m->u.stage.last = cc_ticks(e->now);
	count = by_curve(c, m, e);
	reno = by_reno(c, m);
	if (reno < count) {
		cc_why(e, R_CUBIC_FRIENDLY);
		count = reno;
	} else {
		cc_why(e, c->cwnd < m->w_max ? R_CUBIC_CONCAVE : R_CUBIC_CONVEX);
	}
	return (count > AT_MOST ? count : AT_MOST) * c->smss;
}
