/* SPDX-License-Identifier: MIT */
/*
 * memory.h - what the receiver remembers beside the TCB, in one block, RCV.memory.
 *
 * RCV.BUFF as memory, as Linux counts it (`window is memory`): a segment takes more of it than the
 * octets of its text, and the window tells only what is expected to fit. The figures come when the
 * connection is established; without a block for them octets are counted, RFC 9293 3.8.6.2.2.
 *
 * And the furthest edge that was ever told, once the window has shrunk: RFC 7323 2.4.
 */
#ifndef TCP_MEMORY_H
#define TCP_MEMORY_H

#include <woshou/tcp.h>

enum memory_flag {
	MEMORY_FIGURES = 1 << 0, /* all but `edge` is valid */
	MEMORY_EDGE = 1 << 1,    /* that is */
};

/* Linux's names are in the comments. Loaded, changed and stored again whole. */
struct memory {
	uint32_t buff;  /* octets of memory, as far as it has grown: sk_rcvbuf */
	uint32_t taken; /* by text not read and text out of order: sk_rmem_alloc */
	uint32_t ratio; /* how much of memory is text, in 256ths: scaling_ratio */
	uint32_t heard; /* the longest text that came, 536 at least: rcv_mss */
	uint32_t clamp; /* no window is larger: window_clamp */
	uint32_t trust; /* nor than this, which grows with what comes: rcv_ssthresh */
	uint32_t told;  /* the window as it was last told: rcv_wnd */
	uint32_t reads; /* octets that the user reads in a round trip: rcvq_space.space */
	uint32_t flags; /* set of enum memory_flag */
	seq32 edge;
	uint32_t unused[6];
};

_Static_assert(sizeof(struct memory) == TCP_BLOCK, "it fits a block, and all of it is compared");

uint32_t memory_first(const struct tcb *t, const struct tcp_env *env); /* for the SYN */
uint32_t memory_most(const struct tcp_profile *p); /* the largest window that may come of it */
void memory_open(struct tcb *t, struct tcp_env *env);
void memory_flush(struct tcb *t, struct tcp_pool *pool);
bool memory_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool);
bool memory_counts(const struct tcb *t, const struct tcp_pool *pool); /* it has figures */
uint32_t memory_buff(const struct tcb *t, const struct tcp_pool *pool);

/* Does the text of this segment, which is about to be kept, fit? If not, a rule has said so. */
bool memory_admits(struct tcb *t, const struct seg *s, struct tcp_env *env);
void memory_take(struct tcb *t, const struct seg *s, struct tcp_env *env); /* it is kept */
void memory_hold(struct tcb *t, const struct seg *s, struct tcp_env *env); /* out of order */
void memory_give(struct tcb *t, uint32_t n, struct tcp_env *env); /* the user is about to read n */
void memory_settings(struct tcb *t, struct tcp_env *env);         /* SO_RCVBUF was set */

void memory_offer(struct tcb *t, struct tcp_env *env); /* RCV.WND for the segment being formed */
bool memory_opens(struct tcb *t, struct tcp_env *env); /* enough to tell the peer */
/* Would the window told now be no less than that told last? */
bool memory_stands(struct tcb *t, struct tcp_env *env);

/* RCV.WND is about to become less. False: there is no block to remember its edge. */
bool memory_shrinks(struct tcb *t, struct tcp_env *env);
void memory_passes(struct tcb *t, struct tcp_env *env); /* has the edge been reached again? */
/* RCV.WND; or more, where the edge has moved to the left: "the receiver MUST honor, as in window,
 * any segment that would have been in window for any <ACK> sent by the receiver". */
uint32_t window_in_force(const struct tcb *t, const struct tcp_env *env);
/* Is it in that window, but not in the one told last? */
bool is_honored(const struct tcb *t, const struct seg *s, const struct tcp_env *env);
/* Does its text end beyond that, with `beyond window` at refuse? A FIN alone may. */
bool ends_beyond(const struct tcb *t, const struct seg *s, const struct tcp_env *env);

#endif
