/* SPDX-License-Identifier: MIT */
/* cc_reno.c - RFC 5681 section 3.2 as it stands: the next new ACK ends fast recovery. */
#include "cc.h"

static void reno_on_recovered(struct cc *c, const struct cc_event *e)
{
	(void)e;
	c->cwnd = c->ssthresh; /* step 6, "deflating" */
}

const struct cc_algo cc_reno = {
	.name = "reno",
	.recovery = CC_RECOVERY_RENO,
	.inflates = true,
	.open = cc_open,
	.on_ack = cc_grow,
	.on_loss = cc_fast_recovery,
	.on_rto = cc_timeout,
	.on_ecn = cc_ecn,
	.on_recovered = reno_on_recovered,
	.on_idle = cc_idle,
	.undo = cc_nothing,
};
