/* SPDX-License-Identifier: MIT */
/* cc_newreno.c - RFC 6582: like Reno, but recovery goes on through partial ACKs (recovery.c). */
#include "cc.h"

static void newreno_on_recovered(struct cc *c, const struct cc_event *e)
{
	/* Section 3.2 step 3 (1): min (ssthresh, max(FlightSize, SMSS) + SMSS), against bursts. */
	uint32_t room = (e->flight > c->smss ? e->flight : c->smss) + c->smss;

	c->cwnd = c->ssthresh < room ? c->ssthresh : room;
}

const struct cc_algo cc_newreno = {
	.name = "newreno",
	.recovery = CC_RECOVERY_NEWRENO,
	.inflates = true,
	.open = cc_open,
	.on_ack = cc_grow,
	.on_loss = cc_fast_recovery,
	.on_rto = cc_timeout,
	.on_ecn = cc_ecn,
	.on_recovered = newreno_on_recovered,
	.on_idle = cc_idle,
	.undo = cc_nothing,
};
