/* SPDX-License-Identifier: MIT */
/* cc_tahoe.c - slow start, congestion avoidance and fast retransmit, without fast recovery: a loss
 * told by duplicate ACKs is answered like one told by the timer. */
#include "cc.h"

static void tahoe_on_loss(struct cc *c, uint32_t flight, uint32_t dupacks)
{
	(void)dupacks;
	cc_timeout(c, flight, false);
}

static void tahoe_on_recovered(struct cc *c, uint32_t flight)
{
	(void)c; /* there is no recovery to leave */
	(void)flight;
}

const struct cc_algo cc_tahoe = {
	.name = "tahoe",
	.recovery = CC_RECOVERY_NONE,
	.inflates = false,
	.open = cc_open,
	.on_ack = cc_grow,
	.on_loss = tahoe_on_loss,
	.on_rto = cc_timeout,
	.on_recovered = tahoe_on_recovered,
	.on_idle = cc_idle,
};
