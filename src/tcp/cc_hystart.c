/* SPDX-License-Identifier: MIT */
/* cc_hystart.c - leaving slow start before anything is lost: HyStart++ (RFC 9406), and the older
 * HyStart as Linux has it. */
#include "cc_more.h"
#include "pace.h"
#include <string.h>

enum {
	MIN_RTT_THRESH = 4000, /* RFC 9406 4.3, microseconds */
	MAX_RTT_THRESH = 16000,
	MIN_RTT_DIVISOR = 8,
	N_RTT_SAMPLE = 8,
	CSS_ROUNDS = 5,
	LOW_WINDOW = 16,    /* segments: Linux' hystart_low_window */
	TRAIN_GAP = 2000,   /* microseconds: hystart_ack_delta_us */
	TRAIN_SLACK = 1000, /* hystart_ack_delay */
};

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t micros(usec at)
{
	return (uint32_t)(uint64_t)at;
}

void hystart_begin(struct cc_more *m, seq32 round_end, const struct cc_event *e)
{
	memset(&m->u, 0, sizeof m->u);
	m->u.slow.round_end = round_end;
	m->samples = 0;
	if (e->env->profile->hystart == HYSTART_LINUX)
		m->u.train.round_at = m->u.train.train_at = micros(e->now);
}

static void end_slow_start(struct cc *c, struct cc_more *m, enum rule r, const struct cc_event *e)
{
	cc_why(e, r);
	c->ssthresh = c->cwnd;
	m->flags = (uint8_t)((m->flags | MORE_FOUND) & ~MORE_CSS);
}

/* The least RTT of this round; 0: none yet. */
static void take_sample(struct cc_more *m, const struct cc_event *e)
{
	uint32_t rtt;

	if (e->rtt <= 0)
		return;
	rtt = e->rtt < UINT32_MAX ? (uint32_t)e->rtt : UINT32_MAX;
	if (m->u.slow.now_min == 0 || rtt < m->u.slow.now_min)
		m->u.slow.now_min = rtt;
	if (m->samples < UINT8_MAX)
		m->samples++;
}

/* ---- RFC 9406 4.2 --------------------------------------------------------------------------- */

/* "When windowEnd is ACKed, the current round ends." */
static void take_round(struct cc *c, struct cc_more *m, const struct cc_event *e)
{
	if (seq_lt(e->una, m->u.slow.round_end))
		return;
	m->u.slow.round_end = e->nxt;
	m->u.slow.last_min = m->u.slow.now_min;
	m->u.slow.now_min = 0;
	m->samples = 0;
	if ((m->flags & MORE_CSS) && ++m->css_rounds >= CSS_ROUNDS)
		end_slow_start(c, m, R_HYSTART_OVER, e);
}

static void look_for_delay(struct cc_more *m, const struct cc_event *e)
{
	uint32_t last = m->u.slow.last_min, now = m->u.slow.now_min, thresh;

	if (m->samples < N_RTT_SAMPLE || last == 0 || now == 0)
		return;
	thresh = most(MIN_RTT_THRESH, least(last / MIN_RTT_DIVISOR, MAX_RTT_THRESH));
	if (now < last + thresh)
		return;
	cc_why(e, R_HYSTART_CSS);
	m->u.slow.css_min = now;
	m->css_rounds = 0;
	m->flags |= MORE_CSS;
}

static void look_for_relief(struct cc_more *m, const struct cc_event *e)
{
	if (m->samples < N_RTT_SAMPLE || m->u.slow.now_min >= m->u.slow.css_min)
		return;
	cc_why(e, R_HYSTART_RESUME);
	m->u.slow.css_min = 0;
	m->flags = (uint8_t)(m->flags & ~MORE_CSS);
}

/* ---- Linux ---------------------------------------------------------------------------------- */

/* ACKs come in one train that is longer than half the least RTT: the pipe is full. What is paced
 * comes in a train of half the RTT anyway: then it is the whole. */
static bool is_train_long(struct cc_more *m, const struct cc_event *e)
{
	uint32_t now = micros(e->now), parts = is_paced(e->env->profile) ? 1 : 2;

	if (now - m->u.train.train_at > TRAIN_GAP)
		return false;
	m->u.train.train_at = now;
	return now - m->u.train.round_at > (m->min_rtt + TRAIN_SLACK) / parts;
}

/* More than eight samples of a round lie an eighth above the least RTT. */
static bool is_delay_grown(struct cc_more *m, const struct cc_event *e)
{
	uint32_t thresh = most(MIN_RTT_THRESH, least(m->min_rtt / 8, MAX_RTT_THRESH));
	bool is_enough = m->samples >= N_RTT_SAMPLE;

	take_sample(m, e);
	return is_enough && m->u.slow.now_min > m->min_rtt + thresh;
}

static bool is_low(const struct cc *c)
{
	return c->cwnd / LOW_WINDOW < c->smss;
}

static void hear_as_linux(struct cc *c, struct cc_more *m, const struct cc_event *e)
{
	if (e->rtt <= 0 || (m->flags & MORE_FOUND))
		return;
	if (m->min_rtt == 0 || e->rtt < (usec)m->min_rtt)
		m->min_rtt = (uint32_t)e->rtt;
	if (e->env->profile->hystart_late && is_low(c)) {
		cc_why(e, R_HYSTART_LATE);
		return;
	}
	if (seq_gt(e->una, m->u.slow.round_end)) {
		m->u.train.round_at = m->u.train.train_at = micros(e->now);
		m->u.slow.round_end = e->nxt;
		m->u.slow.now_min = 0;
		m->samples = 0;
	}
	if (is_low(c))
		return;
	if (is_train_long(m, e))
		end_slow_start(c, m, R_HYSTART_TRAIN, e);
	if (is_delay_grown(m, e) && !(m->flags & MORE_FOUND))
		end_slow_start(c, m, R_HYSTART_DELAY, e);
}

/* "An implementation SHOULD use HyStart++ only for the initial slow start." */
static bool is_initial(const struct cc *c)
{
	return c->ssthresh == CC_HIGH;
}

enum hystart_says hystart_before(struct cc *c, struct cc_more *m, const struct cc_event *e)
{
	switch ((enum hystart_choice)e->env->profile->hystart) {
	case HYSTART_OFF: return HYSTART_ON;
	case HYSTART_LINUX:
		hear_as_linux(c, m, e);
		return c->cwnd < c->ssthresh ? HYSTART_ON : HYSTART_OVER;
	case HYSTART_RFC9406: break;
	}
	if (!is_initial(c))
		return HYSTART_ON;
	take_round(c, m, e);
	if (!is_initial(c))
		return HYSTART_OVER;
	return m->flags & MORE_CSS ? HYSTART_CSS : HYSTART_ON;
}

void hystart_after(struct cc *c, struct cc_more *m, const struct cc_event *e)
{
	if (e->env->profile->hystart != HYSTART_RFC9406 || !is_initial(c))
		return;
	take_sample(m, e);
	if (m->flags & MORE_CSS)
		look_for_relief(m, e);
	else
		look_for_delay(m, e);
}
