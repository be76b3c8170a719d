/* SPDX-License-Identifier: MIT */
/* cc.c - RFC 5681's formulas, and the table of algorithms. */
#include "cc_more.h"
#include "pace.h"
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
	case CC_CUBIC: return &cc_cubic;
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
	if (c->cwnd > 0 && c->cwnd < smss) /* LW, the least: "equal to 1 full-sized segment" */
		c->cwnd = smss;
}

void cc_open(struct cc *c, uint32_t iw)
{
	c->cwnd = iw;
	c->ssthresh = CC_HIGH;
	c->acked = 0;
}

void cc_why(const struct cc_event *e, enum rule r)
{
	struct tcp_env *env = e->env;

	if (env->rule_hits)
		env->rule_hits[r]++;
	if (env->notes && env->notes_count < TCP_NOTES_MAX)
		env->notes[env->notes_count++] = (struct tcp_note){(uint16_t)r, e->state, e->state};
}

/* ---- growing -------------------------------------------------------------------------------- */

bool cc_is_limited(const struct cc *c, const struct cc_event *e)
{
	if (e->env->profile->cwnd_validate == VALIDATE_LINUX && c->more != 0) {
		struct cc_more m = cc_more_load(c, e->env);

		/* In slow start it may be twice as large as what was used. */
		return (m.flags & MORE_LIMITED) || (c->cwnd < c->ssthresh &&
						    c->cwnd / 2 < m.max_out);
	}
	/* RFC 2861 3: "only if the window was full when the acknowledgment arrived". */
	return e->flight + e->acked + c->smss > c->cwnd;
}

/* RFC 3465 2.3: L, in octets. */
static uint32_t limit(const struct cc *c, const struct cc_event *e)
{
	uint32_t l = e->env->profile->abc;

	if (e->env->profile->hystart == HYSTART_RFC9406 && is_paced(e->env->profile) &&
	    !e->is_after_rto) {
		cc_why(e, R_HYSTART_PACED);
		return UINT32_MAX;
	}
	if (l == 1) {
		cc_why(e, R_CC_SLOW_START);
		return c->smss;
	}
	if (l > 1 && e->is_after_rto) {
		cc_why(e, R_ABC_AFTER_RTO);
		return c->smss;
	}
	cc_why(e, R_ABC_SLOW_START);
	return l == 0 ? UINT32_MAX : l * c->smss;
}

/* In whole segments, and no further than ssthresh. */
static uint32_t slow_start_whole(struct cc *c, uint32_t acked)
{
	uint32_t n, room = (c->ssthresh - c->cwnd + c->smss - 1) / c->smss, used;

	c->acked = (c->acked + acked > c->acked ? c->acked : 0) + acked;
	n = c->acked / c->smss;
	used = least(n, room);
	c->acked -= n * c->smss;
	c->cwnd += used * c->smss;
	return (n - used) * c->smss;
}

uint32_t cc_slow_start(struct cc *c, const struct cc_event *e)
{
	enum hystart_says says = HYSTART_ON;
	uint32_t left = 0, acked = e->acked;
	struct cc_more m;

	if (c->more != 0 && e->env->profile->hystart != HYSTART_OFF) {
		m = cc_more_load(c, e->env);
		says = hystart_before(c, &m, e);
		cc_more_store(c, &m, e->env);
	}
	if (says == HYSTART_OVER)
		return acked;
	acked = least(acked, limit(c, e));
	if (says == HYSTART_CSS)
		acked /= 4; /* CSS_GROWTH_DIVISOR */
	if (e->env->profile->cwnd_whole)
		left = slow_start_whole(c, acked);
	else
		c->cwnd += acked; /* (2) */
	c->cwnd = least(c->cwnd, CC_HIGH);
	if (c->more != 0 && e->env->profile->hystart != HYSTART_OFF) {
		m = cc_more_load(c, e->env);
		hystart_after(c, &m, e);
		cc_more_store(c, &m, e->env);
	}
	return left;
}

void cc_avoid_whole(struct cc *c, uint64_t w, uint32_t acked)
{
	uint64_t count = c->acked;

	if (count >= w) { /* counted when w was larger */
		count = 0;
		c->cwnd += c->smss;
	}
	count += acked;
	if (count >= w) {
		c->cwnd += (uint32_t)(count / w) * c->smss;
		count %= w;
	}
	c->acked = (uint32_t)count;
	c->cwnd = least(c->cwnd, CC_HIGH);
}

/* "The RECOMMENDED way": count octets, one segment for each cwnd of them. */
static void avoid(struct cc *c, uint32_t acked)
{
	c->acked += acked;
	if (c->acked >= c->cwnd) {
		c->acked -= c->cwnd;
		c->cwnd = least(c->cwnd + c->smss, CC_HIGH);
	}
}

void cc_grow(struct cc *c, const struct cc_event *e)
{
	bool is_whole = e->env->profile->cwnd_whole;
	uint32_t acked = e->acked;

	if (e->env->profile->cwnd_validate != VALIDATE_OFF && !cc_is_limited(c, e)) {
		cc_why(e, R_CC_NOT_LIMITED);
		return;
	}
	if (c->cwnd < c->ssthresh) {
		acked = cc_slow_start(c, e);
		if (!is_whole || acked == 0)
			return;
	}
	cc_why(e, R_CC_AVOIDANCE);
	if (is_whole)
		cc_avoid_whole(c, c->cwnd - c->cwnd % c->smss, acked);
	else
		avoid(c, acked);
}

/* ---- shrinking ------------------------------------------------------------------------------ */

uint32_t cc_basis(const struct cc *c, const struct cc_event *e)
{
	return e->env->profile->ssthresh_cwnd ? c->cwnd : e->flight;
}

void cc_reduce(struct cc *c, const struct cc_event *e)
{
	uint32_t half = cc_basis(c, e) / 2;

	if (e->env->profile->cwnd_whole)
		half -= half % c->smss;
	c->ssthresh = most(half, 2 * c->smss); /* (4) */
	c->acked = 0;
}

void cc_fast_recovery(struct cc *c, const struct cc_event *e)
{
	cc_reduce(c, e);
	c->cwnd = c->ssthresh + e->dupacks * c->smss;
}

void cc_timeout(struct cc *c, const struct cc_event *e)
{
	cc_why(e, e->is_again ? R_CC_TIMEOUT_AGAIN : R_CC_TIMEOUT);
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

/* RFC 2861 3.1: halved for every RTO that has passed; ssthresh remembers where it was. */
static void decay(struct cc *c, const struct cc_event *e)
{
	uint32_t cwnd = c->cwnd;

	cc_why(e, R_CC_IDLE_DECAY);
	c->ssthresh = most(c->ssthresh, (uint32_t)((uint64_t)cwnd * 3 / 4));
	for (usec idle = e->idle - e->rto; idle > 0 && cwnd > e->restart_window; idle -= e->rto)
		cwnd /= 2;
	if (e->env->profile->cwnd_whole)
		cwnd -= cwnd % c->smss;
	c->cwnd = most(cwnd, least(e->restart_window, c->cwnd));
	c->acked = 0;
}

void cc_idle(struct cc *c, const struct cc_event *e)
{
	if (e->env->profile->idle_decay) {
		decay(c, e);
		return;
	}
	cc_why(e, R_CC_IDLE);
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
