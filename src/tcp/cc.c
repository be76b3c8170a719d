/* SPDX-License-Identifier: MIT */
/* cc.c - RFC 5681's formulas, and the table of algorithms. */
#include "cc.h"
#include <base/assert.h>

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

const struct cc_algo *cc_algo(const struct tcp_env *env)
{
	switch ((enum cc_choice)env->profile->cc) {
	case CC_NONE: return &cc_none;
	case CC_TAHOE: return &cc_tahoe;
	case CC_RENO: return &cc_reno;
	case CC_NEWRENO: return &cc_newreno;
	}
	UNREACHABLE();
}

uint32_t cc_initial_window(enum iw_choice choice, uint32_t smss)
{
	switch (choice) {
	case IW_ONE: return smss;
	case IW_RFC3390: /* as RFC 5681 3.1 writes it */
		if (smss > 2190)
			return 2 * smss;
		return smss > 1095 ? 3 * smss : 4 * smss;
	case IW_RFC6928: return least(10 * smss, most(2 * smss, 14600));
	}
	UNREACHABLE();
}

void cc_smss(struct cc *c, uint32_t smss)
{
	/* RFC 5681 3.1: "cwnd SHOULD be reduced by the ratio of the old segment size to the new",
	 * lest a burst of small segments follow. */
	if (c->smss > smss && c->cwnd > 0 && c->cwnd < CC_HIGH)
		c->cwnd = most((uint32_t)((uint64_t)c->cwnd * smss / c->smss), smss);
	c->smss = smss;
}

void cc_open(struct cc *c, uint32_t iw)
{
	c->cwnd = iw;
	c->ssthresh = CC_HIGH;
	c->acked = 0;
}

void cc_grow(struct cc *c, const struct cc_event *e)
{
	if (c->cwnd < c->ssthresh) {
		c->cwnd += least(e->acked, c->smss); /* (2) */
	} else {
		/* "The RECOMMENDED way": count octets, one segment for each cwnd of them. */
		c->acked += e->acked;
		if (c->acked >= c->cwnd) {
			c->acked -= c->cwnd;
			c->cwnd += c->smss;
		}
	}
	c->cwnd = least(c->cwnd, CC_HIGH);
}

void cc_reduce(struct cc *c, const struct cc_event *e)
{
	c->ssthresh = most(e->flight / 2, 2 * c->smss); /* (4) */
	c->acked = 0;
}

void cc_fast_recovery(struct cc *c, const struct cc_event *e)
{
	cc_reduce(c, e);
	c->cwnd = c->ssthresh + e->dupacks * c->smss;
}

void cc_timeout(struct cc *c, const struct cc_event *e)
{
	if (!e->is_again)
		cc_reduce(c, e);
	c->cwnd = c->smss; /* LW */
	c->acked = 0;
}

/* RFC 3168 6.1.2: "halves the congestion window 'cwnd' and reduces ... 'ssthresh'". Of the window,
 * since nothing was lost; "bounded below by a value of one MSS". */
void cc_ecn(struct cc *c, const struct cc_event *e)
{
	(void)e;
	c->ssthresh = most(c->cwnd / 2, 2 * c->smss);
	c->cwnd = most(c->cwnd / 2, c->smss);
	c->acked = 0;
}

void cc_idle(struct cc *c, const struct cc_event *e)
{
	c->cwnd = least(c->cwnd, e->restart_window);
}

void cc_nothing(struct cc *c, const struct cc_event *e)
{
	(void)c;
	(void)e;
}

/* ---- none: the receive window alone limits what is sent ------------------------------------- */

static void unlimited(struct cc *c)
{
	c->cwnd = c->ssthresh = CC_HIGH;
}

static void none_open(struct cc *c, uint32_t iw)
{
	(void)iw;
	unlimited(c);
}

static void none_on_loss(struct cc *c, const struct cc_event *e)
{
	(void)e;
	unlimited(c);
}

const struct cc_algo cc_none = {
	.name = "none",
	.recovery = CC_RECOVERY_NEWRENO,
	.inflates = false,
	.open = none_open,
	.on_ack = cc_nothing,
	.on_loss = none_on_loss,
	.on_rto = none_on_loss,
	.on_ecn = cc_nothing,
	.on_recovered = cc_nothing,
	.on_idle = cc_nothing,
	.undo = cc_nothing,
};
