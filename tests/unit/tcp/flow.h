/* SPDX-License-Identifier: MIT */
/*
 * flow.h - a congestion control alone, without a connection: a sender who always has more to say
 * fills what it allows, and the test says what is acknowledged, lost or marked, and when.
 */
#ifndef TESTS_FLOW_H
#define TESTS_FLOW_H

#include <woshou/tcp.h>
#include <tcp/cc.h>
#include "fixture.h"

struct flow {
	struct cc cc;
	struct tcp_env env;
	struct tcp_profile profile; /* "rfc", with what the test changes before flow_open */
	struct tcp_pool pool;
	struct tcp_block blocks[4];
	seq32 una, nxt;
	usec srtt, rtt; /* rtt: told with every ACK; 0: no sample */
	bool is_idle;   /* sends nothing more */
};

void flow_init(struct flow *f, enum cc_choice cc, uint32_t smss);
void flow_open(struct flow *f, uint32_t iw);
void flow_ack(struct flow *f, uint32_t octets);
/* All that is outstanding is acknowledged within one RTT, in ACKs of `each` octets. */
void flow_round(struct flow *f, uint32_t each);
void flow_fill(struct flow *f); /* sends what cwnd has room for */
void flow_lose(struct flow *f); /* fast retransmit, and recovery is over at once */
void flow_time_out(struct flow *f, bool is_again);
void flow_mark(struct flow *f); /* ECE */
void flow_undo(struct flow *f);
uint32_t flow_flight(const struct flow *f);

#endif
