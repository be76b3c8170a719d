/* SPDX-License-Identifier: MIT */
/*
 * rexmitq.c - the retransmission queue: segments sent and not yet acknowledged, with the boundaries
 * they had. The front one lies in the TCB, so that SYN, FIN or one segment of text need no block;
 * where the others lie, leaves.c knows.
 */
#include "leaves.h"
#include "pool.h"
#include <base/assert.h>

bool rexmitq_push(struct tcb *t, const struct rexmit *r, struct tcp_pool *pool)
{
	uint32_t count = t->rexmitq.count;

	if (count == 0) {
		t->rexmitq.front = *r;
		t->rexmitq.count = 1;
		return true;
	}
	if (count == 1 && !leaves_begin(t, pool))
		return false;
	uint32_t slot = (t->rexmit_slot + count) & 1, place;
	unsigned kind = board_kind(r);

	if (slot == 0 && !leaves_extend(t, kind, pool))
		return false;
	bool is_told = slot == 0 || (leaf_kinds(t, t->rexmitq.tail, pool) & kind);

	place = 2 * t->rexmitq.tail + slot;
	place_store(pool, place, r);
	t->rexmitq.count++;
	if (is_in_order(r))
		order_append(t, place, pool);
	if (!is_told)
		leaves_refresh(t, count, pool);
	return true;
}

struct rexmit rexmitq_at(const struct tcb *t, uint32_t index, const struct tcp_pool *pool)
{
	ASSERT(index < t->rexmitq.count);
	if (index == 0)
		return t->rexmitq.front;
	return place_load(pool, place_of(t, index, pool));
}

struct rexmit rexmitq_back(const struct tcb *t, const struct tcp_pool *pool)
{
	ASSERT(t->rexmitq.count > 0);
	return rexmitq_at(t, t->rexmitq.count - 1, pool);
}

void rexmitq_set(struct tcb *t, uint32_t index, const struct rexmit *r, struct tcp_pool *pool)
{
	struct rexmit old = rexmitq_at(t, index, pool);

	if (index == 0)
		t->rexmitq.front = *r;
	if (t->rexmitq.count == 1)
		return;
	uint32_t place = place_of(t, index, pool);

	if (index > 0)
		place_store(pool, place, r);
	if (board_kind(&old) == board_kind(r))
		return;
	if (is_in_order(&old) && !is_in_order(r))
		order_remove(t, place, pool);
	if (!is_in_order(&old) && is_in_order(r))
		order_append(t, place, pool);
	leaves_refresh(t, index, pool);
}

/* Segments are mostly of one size, so a guess by proportion finds most at once. After some that
 * were wrong the half is taken, lest unequal sizes cost more. */
uint32_t rexmitq_find(const struct tcb *t, seq32 at, const struct tcp_pool *pool)
{
	enum { GUESSES = 3 };
	uint32_t low = 0, high = t->rexmitq.count; /* it is in [low, high), which covers */
	seq32 from = t->rexmitq.front.seq, to;     /* [from, to) */

	if (high == 0 || seq_lt(at, from))
		return REXMIT_NONE;
	struct rexmit r = rexmitq_back(t, pool);

	to = rexmit_end(&r);
	if (seq_ge(at, to))
		return REXMIT_NONE;
	for (int tries = 0;; tries++) {
		uint64_t part = (uint64_t)(high - low) * seq_span(from, at);
		uint32_t i = low + (tries < GUESSES ? (uint32_t)(part / seq_span(from, to))
						    : (high - low) / 2);

		r = rexmitq_at(t, i, pool);
		if (seq_lt(at, r.seq)) {
			high = i;
			to = r.seq;
		} else if (seq_ge(at, rexmit_end(&r))) {
			low = i + 1;
			from = rexmit_end(&r);
		} else {
			return i;
		}
	}
}

void rexmitq_tie(struct tcb *t, struct tcp_pool *pool)
{
	struct rexmit last = rexmitq_back(t, pool);

	last.ctl |= REXMIT_TIED;
	rexmitq_set(t, t->rexmitq.count - 1, &last, pool);
}

void rexmitq_front_again(struct tcb *t)
{
	ASSERT(t->rexmitq.count > 0);
	if (t->rexmitq.front.times < UINT8_MAX)
		t->rexmitq.front.times++;
}

/* ---- a record becomes two ------------------------------------------------------------------- */

/* All behind `index` move up by one place; the last has one that is new. */
static void make_place(struct tcb *t, uint32_t index, struct tcp_pool *pool)
{
	uint32_t to = place_of(t, t->rexmitq.count - 1, pool);
	struct rexmit last = place_load(pool, to);

	if (is_in_order(&last))
		order_remove(t, to, pool);
	for (uint32_t i = t->rexmitq.count - 2; i > index; i--) {
		uint32_t from = place_of(t, i, pool);

		place_move(t, from, to, pool);
		to = from;
	}
}

static void split_in(struct tcb *t, uint32_t index, const struct rexmit *a, const struct rexmit *b,
		     struct tcp_pool *pool)
{
	uint32_t place = place_of(t, index, pool), behind;

	make_place(t, index, pool);
	if (index == 0)
		t->rexmitq.front = *a;
	else
		place_store(pool, place, a);
	behind = place_of(t, index + 1, pool);
	place_store(pool, behind, b);
	if (is_in_order(a))
		order_insert(t, place, behind, pool);
	for (uint32_t i = index; i < t->rexmitq.count; i++)
		leaves_refresh(t, i, pool);
}

bool rexmitq_split(struct tcb *t, uint32_t index, uint16_t text, struct tcp_pool *pool)
{
	struct rexmit a = rexmitq_at(t, index, pool), b = a;

	ASSERT(text > 0);
	ASSERT(text < a.text);
	a.text = text;
	a.ctl = a.ctl & (SYN | REXMIT_TIED);
	ASSERT(seq_gt(rexmit_end(&a), t->snd.una));
	b.seq = rexmit_end(&a);
	b.text = (uint16_t)(b.text - text);
	b.ctl = b.ctl & (FIN | PSH);
	if (!rexmitq_push(t, &b, pool))
		return false;
	split_in(t, index, &a, &b, pool);
	return true;
}

/* ---- the place where go-back-N goes on ------------------------------------------------------ */

struct rexmit rexmitq_resend(const struct tcb *t, const struct tcp_pool *pool)
{
	return rexmitq_at(t, rexmitq_find(t, t->resend_at, pool), pool);
}

void rexmitq_resend_again(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t index = rexmitq_find(t, t->resend_at, pool);
	struct rexmit r = rexmitq_at(t, index, pool);

	if (r.times < UINT8_MAX)
		r.times++;
	rexmitq_set(t, index, &r, pool);
}

void rexmitq_resend_start(struct tcb *t)
{
	ASSERT(t->rexmitq.count > 0);
	t->resend_at = t->snd.una;
	t->due |= DUE_RESEND;
}

void rexmitq_resend_stop(struct tcb *t)
{
	t->resend_at = seq(0);
	t->due &= (uint8_t)~DUE_RESEND;
}

/* ---- acknowledged --------------------------------------------------------------------------- */

/* The record behind the front becomes the front. */
static void pop_front(struct tcb *t, struct tcp_pool *pool)
{

	if (--t->rexmitq.count == 0) {
		t->rexmitq.front = (struct rexmit){0};
		return;
	}
	if (is_in_order(&t->rexmitq.front))
		order_remove(t, 2 * t->rexmitq.head + t->rexmit_slot, pool);
	if (++t->rexmit_slot == 2)
		leaves_pass_head(t, pool);
	t->rexmitq.front = place_load(pool, 2 * t->rexmitq.head + t->rexmit_slot);
	if (t->rexmitq.count == 1)
		leaves_end(t, pool);
}

void rexmitq_acked(struct tcb *t, struct board_news *news, struct tcp_pool *pool)
{
	while (t->rexmitq.count > 0 && seq_le(rexmit_end(&t->rexmitq.front), t->snd.una)) {
		board_leaves(t, &t->rexmitq.front, news);
		pop_front(t, pool);
	}
	if (!(t->due & DUE_RESEND))
		return;
	if (t->rexmitq.count == 0)
		rexmitq_resend_stop(t);
	else
		t->resend_at = seq_max(t->resend_at, t->snd.una);
}

void rexmitq_flush(struct tcb *t, struct tcp_pool *pool)
{
	while (t->rexmitq.count > 0)
		pop_front(t, pool);
	t->board.sacked = t->board.lost = 0;
	t->board.high = seq(0);
	rexmitq_resend_stop(t);
	t->due &= (uint8_t) ~(DUE_SYN | DUE_FRONT | DUE_PROBE);
}

/* ---- copies --------------------------------------------------------------------------------- */

uint32_t rexmitq_blocks(const struct tcb *t)
{
	return leaves_needed(t->rexmitq.count);
}

bool rexmitq_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool)
{
	to->rexmitq.head = to->rexmitq.tail = to->rexmitq.count = to->rexmit_slot = 0;
	to->rexmitq.oldest = to->rexmitq.newest = 0;
	for (uint32_t i = 0; i < from->rexmitq.count; i++) {
		struct rexmit r = rexmitq_at(from, i, pool);

		if (!rexmitq_push(to, &r, pool))
			return false;
	}
	/* They stand in the order of the queue now. */
	to->rexmitq.oldest = to->rexmitq.newest = 0;
	for (uint32_t at = from->rexmitq.oldest; at != 0; at = order_newer(pool, at)) {
		order_append(to, place_of(to, place_index(from, at, pool), pool), pool);
	}
	return true;
}
