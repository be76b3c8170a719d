/* SPDX-License-Identifier: MIT */
/* sack_peer.h - a connection with SACK under test, and a peer who tells what it holds. */
#ifndef TESTS_SACK_PEER_H
#define TESTS_SACK_PEER_H

#include "fixture.h"

/* ESTABLISHED, SACK permitted by both; the handshake took `rtt`. Settings come before. */
void open_sack(struct end *e, usec rtt);
void sack(struct end *e, int64_t ack, int64_t left, int64_t right); /* an ACK with one block */
void sack_two(struct end *e, int64_t ack, int64_t left, int64_t right, int64_t left2,
	      int64_t right2);
void expect_again_at(struct end *e, int64_t seq, const char *file, int line); /* 1000 octets */
void expect_new_at(struct end *e, int64_t seq, const char *file, int line);
/* So many segments of 1000 octets are sent, and the next `n` are from there on. */
void send_segments(struct end *e, uint32_t n);
/* RACK without congestion control, a round trip of 100 ms, and five segments out of order. */
void see_reordering(struct end *e, int iss_case);
uint64_t hits(enum rule r); /* how often it was taken in this process */

#define expect_again(e, seq) expect_again_at(e, seq, __FILE__, __LINE__)
#define expect_new(e, seq)   expect_new_at(e, seq, __FILE__, __LINE__)

#endif
