/* SPDX-License-Identifier: MIT */
/* cc_tahoe.c - slow start, congestion avoidance and fast retransmit, without fast recovery: a loss
 * told by duplicate ACKs is answered like one told by the timer. */
#include "cc.h"

static void tahoe_on_loss(struct cc *c, const struct cc_event *e)
{
	cc_reduce(c, e);
	c->cwnd = c->smss;
}

const struct cc_algo cc_tahoe = {
	.name = "tahoe",
	.recovery = CC_RECOVERY_NONE,
	.inflates = false,
	.open = cc_open,
	.on_ack = cc_grow,
	.on_loss = tahoe_on_loss,
	.on_rto = cc_timeout,
	.on_ecn = cc_ecn,
	.on_recovered = cc_nothing,
	.on_idle = cc_idle,
	.undo = cc_nothing,
};
