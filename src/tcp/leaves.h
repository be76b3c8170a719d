/* SPDX-License-Identifier: MIT */
/*
 * leaves.h - where the records of a retransmission queue lie when there are several: two in a leaf,
 * a tree above the leaves, and through all of them a line in the order of sending (leaves.c).
 *
 * A place is named by 2 * leaf, and one more for the second in it. TCB.rexmit_slot says which of
 * the two in the first leaf is the front's: its own octets lie in the TCB, at its place are links.
 */
#ifndef TCP_LEAVES_H
#define TCP_LEAVES_H

#include "queues.h"

struct rexmit place_load(const struct tcp_pool *pool, uint32_t place);
void place_store(struct tcp_pool *pool, uint32_t place, const struct rexmit *r);
uint32_t place_of(const struct tcb *t, uint32_t index, const struct tcp_pool *pool);
uint32_t place_index(const struct tcb *t, uint32_t place, const struct tcp_pool *pool);

/* A first leaf, when the front is no longer alone. False: no block. */
bool leaves_begin(struct tcb *t, struct tcp_pool *pool);
/* Another one at the end; it will hold a record of that kind. False: not enough blocks. */
bool leaves_extend(struct tcb *t, unsigned kind, struct tcp_pool *pool);
void leaves_pass_head(struct tcb *t, struct tcp_pool *pool); /* nothing is in it any more */
void leaves_end(struct tcb *t, struct tcp_pool *pool);       /* one record is left */
uint32_t leaves_needed(uint32_t records);                    /* blocks that a copy takes */

/* The kind of the record has changed. */
void leaves_refresh(struct tcb *t, uint32_t index, struct tcp_pool *pool);
unsigned leaf_kinds(const struct tcb *t, uint32_t leaf, const struct tcp_pool *pool);
/* The first record at or behind `from` that is of one of the kinds; REXMIT_NONE. */
uint32_t leaves_seek(const struct tcb *t, unsigned kinds, uint32_t from,
		     const struct tcp_pool *pool);

/* In the order of sending are those that are neither SACKED nor LOST. */
static inline bool is_in_order(const struct rexmit *r)
{
	return !(r->marks & (MARK_SACKED | MARK_LOST));
}

void order_append(struct tcb *t, uint32_t place, struct tcp_pool *pool);
void order_insert(struct tcb *t, uint32_t older, uint32_t place, struct tcp_pool *pool);
/* Its own links stay, so that whoever walks can go on from it. */
void order_remove(struct tcb *t, uint32_t place, struct tcp_pool *pool);
uint32_t order_newer(const struct tcp_pool *pool, uint32_t place); /* 0: no more */
/* A record and its links go to another place. */
void place_move(struct tcb *t, uint32_t from, uint32_t to, struct tcp_pool *pool);
void order_check(const struct tcb *t, const struct tcp_pool *pool);

#endif
