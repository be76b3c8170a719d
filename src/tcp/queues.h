/* SPDX-License-Identifier: MIT */
/* queues.h - what a connection holds in blocks: sent and not acknowledged (rexmitq.c), received and
 * not read, received out of order (reasm.c). */
#ifndef TCP_QUEUES_H
#define TCP_QUEUES_H

#include <woshou/tcp.h>

/* One past its last sequence number. */
static inline seq32 rexmit_end(const struct rexmit *r)
{
	return seq_add(r->seq, seg_len(r->ctl, r->text));
}

bool rexmitq_push(struct tcb *t, const struct rexmit *r,
		  struct tcp_pool *pool); /* false: no block */
struct rexmit rexmitq_back(const struct tcb *t, const struct tcp_pool *pool);
struct rexmit rexmitq_at(const struct tcb *t, uint32_t index, const struct tcp_pool *pool);
/* The record that holds resend.at, and the same with one more repetition noted. */
struct rexmit rexmitq_resend(const struct tcb *t, const struct tcp_pool *pool);
void rexmitq_front_again(struct tcb *t);
void rexmitq_resend_again(struct tcb *t, struct tcp_pool *pool);
void rexmitq_resend_start(struct tcb *t); /* from SND.UNA; sets DUE_RESEND */
void rexmitq_resend_stop(struct tcb *t);
void rexmitq_resend_next(struct tcb *t, struct tcp_pool *pool); /* to the record behind */
/* Everything before SND.UNA is acknowledged: whole records go. */
void rexmitq_acked(struct tcb *t, struct tcp_pool *pool);
void rexmitq_flush(struct tcb *t, struct tcp_pool *pool);
/* Is there text in it, in a segment of less than so many octets? */
bool rexmitq_has_text_below(const struct tcb *t, uint32_t octets, const struct tcp_pool *pool);
uint32_t rexmitq_blocks(const struct tcb *t);
bool rexmitq_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool);

/* A run of text that was received: waiting for the user, or out of order. */
struct run {
	struct text text;
	seq32 seq; /* out of order: of its first octet */
	uint32_t next;
};

enum { HELD_MAX = 256 }; /* runs out of order: gaps in the sequence space */

struct run run_at(const struct tcp_pool *pool, uint32_t block);

/* Received in order, waiting for the user. False: no block. */
bool receiveq_push(struct tcb *t, struct text text, struct tcp_pool *pool);
struct text receiveq_take(struct tcb *t, uint32_t n,
			  struct tcp_pool *pool); /* len 0: nothing there */
void receiveq_flush(struct tcb *t, struct tcp_pool *pool);

/* Keeps what is new of text at `at` > RCV.NXT, or before the connection is established. What came
 * first stays. False: not all of it could be kept. */
bool held_insert(struct tcb *t, seq32 at, struct text text, struct tcp_pool *pool);
/* The run that begins at or before RCV.NXT, trimmed to begin there; len 0: none. */
struct text held_take(struct tcb *t, struct tcp_pool *pool);
void held_flush(struct tcb *t, struct tcp_pool *pool);

bool reasm_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool);
uint32_t reasm_blocks(const struct tcb *t, const struct tcp_pool *pool);

#endif
