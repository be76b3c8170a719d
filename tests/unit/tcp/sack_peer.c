/* SPDX-License-Identifier: MIT */
#include "sack_peer.h"

void open_sack(struct end *e, usec rtt)
{
	call_open(e, OPEN_ACTIVE);
	after(e, rtt);
	arrives(e, SYN | ACK, 0, 1, 0);
	expect_state(e, ESTABLISHED);
	e->tcb.flags |= TCB_SACK;
	forget(e);
}

static struct sack_block block(const struct end *e, int64_t left, int64_t right)
{
	return (struct sack_block){seq_add(e->iss, (uint32_t)left),
				   seq_add(e->iss, (uint32_t)right)};
}

void sack(struct end *e, int64_t ack, int64_t left, int64_t right)
{
	struct seg s = peer_seg(e, ACK, 1, ack, 0);

	s.opts |= OPT_SACK;
	s.sacks = 1;
	s.sack[0] = block(e, left, right);
	arrives_seg(e, &s);
}

void sack_two(struct end *e, int64_t ack, int64_t left, int64_t right, int64_t left2,
	      int64_t right2)
{
	struct seg s = peer_seg(e, ACK, 1, ack, 0);

	s.opts |= OPT_SACK;
	s.sacks = 2;
	s.sack[0] = block(e, left, right);
	s.sack[1] = block(e, left2, right2);
	arrives_seg(e, &s);
}

void send_segments(struct end *e, uint32_t n)
{
	call_send(e, n * 1000, SEND_PUSH);
	forget(e);
}

void expect_again_at(struct end *e, int64_t seq_no, const char *file, int line)
{
	const struct seg *s = expect_at(e, ACK, seq_no, 1, 1000, file, line);

	expect_that_at(e, s->rexmit > 0, "it was sent before", file, line);
}

void expect_new_at(struct end *e, int64_t seq_no, const char *file, int line)
{
	const struct seg *s = expect_at(e, ACK, seq_no, 1, 1000, file, line);

	expect_that_at(e, s->rexmit == 0, "it is new", file, line);
}

void see_reordering(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.rack = true;
	e->profile.cc = CC_NONE;
	open_sack(e, MS(100));
	send_segments(e, 5);
	after(e, MS(100));
	sack(e, 1, 1001, 2001);
	arrives(e, ACK, 1, 5001, 0);
}

uint64_t hits(enum rule r)
{
	return rule_hits ? rule_hits[r] : 1;
}
