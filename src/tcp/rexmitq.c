/* SPDX-License-Identifier: MIT */
/*
 * rexmitq.c - the retransmission queue: segments sent and not yet acknowledged, with the boundaries
 * they had. The front one lies in the TCB, so that SYN, FIN or one segment of text need no block;
 * the others in a deque of blocks, three in each.
 */
#include "queues.h"
#include "pool.h"
#include <base/assert.h>
#include <string.h>

enum { PER_BLOCK = 3 };

_Static_assert(sizeof(struct rexmit) == 16, "three records and a link fit a block");

/* A block: the link in word 0, the records from word 4 on. */
static uint32_t *slot_words(const struct tcp_pool *pool, uint32_t block, uint32_t slot)
{
	ASSERT(block != 0);
	ASSERT(slot < PER_BLOCK);
	return &pool->blocks[block].word[4 + 4 * slot];
}

static struct rexmit load(const struct tcp_pool *pool, uint32_t block, uint32_t slot)
{
	struct rexmit r;

	memcpy(&r, slot_words(pool, block, slot), sizeof r);
	return r;
}

static void store(struct tcp_pool *pool, uint32_t block, uint32_t slot, const struct rexmit *r)
{
	memcpy(slot_words(pool, block, slot), r, sizeof *r);
}

static uint32_t next_block(const struct tcp_pool *pool, uint32_t block)
{
	return pool->blocks[block].word[0];
}

/* Of the record `index`, which is not the front. */
static uint32_t slot_of(const struct tcb *t, uint32_t index)
{
	return (t->rexmit_slot + index - 1) % PER_BLOCK;
}

/* Another block at the end. */
static bool extend(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t block = pool_take(pool);

	if (block == 0)
		return false;
	pool->blocks[block].word[0] = 0;
	if (t->rexmitq.head == 0)
		t->rexmitq.head = block;
	else
		pool->blocks[t->rexmitq.tail].word[0] = block;
	t->rexmitq.tail = block;
	return true;
}

bool rexmitq_push(struct tcb *t, const struct rexmit *r, struct tcp_pool *pool)
{
	if (t->rexmitq.count == 0) {
		t->rexmitq.front = *r;
	} else {
		uint32_t slot = slot_of(t, t->rexmitq.count);

		if ((t->rexmitq.head == 0 || slot == 0) && !extend(t, pool))
			return false;
		store(pool, t->rexmitq.tail, slot, r);
	}
	t->rexmitq.count++;
	return true;
}

struct rexmit rexmitq_back(const struct tcb *t, const struct tcp_pool *pool)
{
	ASSERT(t->rexmitq.count > 0);
	if (t->rexmitq.count == 1)
		return t->rexmitq.front;
	return load(pool, t->rexmitq.tail, slot_of(t, t->rexmitq.count - 1));
}

struct rexmit rexmitq_at(const struct tcb *t, uint32_t index, const struct tcp_pool *pool)
{
	uint32_t block = t->rexmitq.head;

	ASSERT(index < t->rexmitq.count);
	if (index == 0)
		return t->rexmitq.front;
	for (uint32_t i = (t->rexmit_slot + index - 1) / PER_BLOCK; i > 0; i--)
		block = next_block(pool, block);
	return load(pool, block, slot_of(t, index));
}

bool rexmitq_has_text_below(const struct tcb *t, uint32_t octets, const struct tcp_pool *pool)
{
	uint32_t block = t->rexmitq.head;
	struct rexmit r = t->rexmitq.front;

	for (uint32_t i = 1; i <= t->rexmitq.count; i++) {
		if (r.text > 0 && r.text < octets)
			return true;
		if (i == t->rexmitq.count)
			break;
		if (i > 1 && slot_of(t, i) == 0)
			block = next_block(pool, block);
		r = load(pool, block, slot_of(t, i));
	}
	return false;
}

/* A record is written where one lies already. */
void rexmitq_set(struct tcb *t, uint32_t index, const struct rexmit *r, struct tcp_pool *pool)
{
	uint32_t block = t->rexmitq.head;

	ASSERT(index < t->rexmitq.count);
	if (index == 0) {
		t->rexmitq.front = *r;
		return;
	}
	for (uint32_t i = (t->rexmit_slot + index - 1) / PER_BLOCK; i > 0; i--)
		block = next_block(pool, block);
	store(pool, block, slot_of(t, index), r);
}

uint32_t rexmitq_find(const struct tcb *t, seq32 at, const struct tcp_pool *pool)
{
	for (uint32_t i = 0; i < t->rexmitq.count; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);

		if (seq_le(r.seq, at) && seq_lt(at, rexmit_end(&r)))
			return i;
	}
	return REXMIT_NONE;
}

/* Which part of resend.index's record goes on being sent again? */
static void split_resend(struct tcb *t, uint32_t index, seq32 second, struct tcp_pool *pool)
{
	if (!(t->due & DUE_RESEND))
		return;
	if (t->resend.index > index || (t->resend.index == index && seq_ge(t->resend.at, second)))
		rexmitq_resend_next(t, pool);
}

bool rexmitq_split(struct tcb *t, uint32_t index, uint16_t text, struct tcp_pool *pool)
{
	struct rexmit a = rexmitq_at(t, index, pool), b = a, last = rexmitq_back(t, pool);

	ASSERT(text > 0);
	ASSERT(text < a.text);
	a.text = text;
	a.ctl = a.ctl & SYN;
	ASSERT(seq_gt(rexmit_end(&a), t->snd.una));
	b.seq = rexmit_end(&a);
	b.text = (uint16_t)(b.text - text);
	b.ctl = b.ctl & (FIN | PSH);
	if (!rexmitq_push(t, &last, pool))
		return false;
	for (uint32_t i = t->rexmitq.count - 1; i > index + 1; i--) {
		struct rexmit r = rexmitq_at(t, i - 1, pool);

		rexmitq_set(t, i, &r, pool);
	}
	rexmitq_set(t, index, &a, pool);
	rexmitq_set(t, index + 1, &b, pool);
	split_resend(t, index, b.seq, pool);
	return true;
}

void rexmitq_front_again(struct tcb *t)
{
	ASSERT(t->rexmitq.count > 0);
	if (t->rexmitq.front.times < UINT8_MAX)
		t->rexmitq.front.times++;
}

/* ---- the place where go-back-N goes on ------------------------------------------------------ */

struct rexmit rexmitq_resend(const struct tcb *t, const struct tcp_pool *pool)
{
	ASSERT(t->resend.index < t->rexmitq.count);
	if (t->resend.index == 0)
		return t->rexmitq.front;
	return load(pool, t->resend.block, slot_of(t, t->resend.index));
}

void rexmitq_resend_again(struct tcb *t, struct tcp_pool *pool)
{
	struct rexmit r = rexmitq_resend(t, pool);

	if (t->resend.index == 0) {
		rexmitq_front_again(t);
		return;
	}
	if (r.times < UINT8_MAX)
		r.times++;
	store(pool, t->resend.block, slot_of(t, t->resend.index), &r);
}

void rexmitq_resend_start(struct tcb *t)
{
	ASSERT(t->rexmitq.count > 0);
	t->resend.at = t->snd.una;
	t->resend.block = 0;
	t->resend.index = 0;
	t->due |= DUE_RESEND;
}

void rexmitq_resend_stop(struct tcb *t)
{
	t->resend.at = seq(0);
	t->resend.block = 0;
	t->resend.index = 0;
	t->due &= (uint8_t)~DUE_RESEND;
}

void rexmitq_resend_next(struct tcb *t, struct tcp_pool *pool)
{
	t->resend.index++;
	if (t->resend.index == 1)
		t->resend.block = t->rexmitq.head;
	else if (t->resend.index < t->rexmitq.count && slot_of(t, t->resend.index) == 0)
		t->resend.block = next_block(pool, t->resend.block);
}

/* ---- acknowledged --------------------------------------------------------------------------- */

/* The record behind the front becomes the front. */
static void shift(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t block = t->rexmitq.head;

	t->rexmitq.front = load(pool, block, t->rexmit_slot);
	t->rexmit_slot++;
	if (t->rexmit_slot == PER_BLOCK || t->rexmitq.count == 1) {
		t->rexmitq.head = next_block(pool, block);
		t->rexmit_slot = 0;
		pool_give(pool, block);
	}
	if (t->rexmitq.head == 0)
		t->rexmitq.tail = 0;
}

static void pop_front(struct tcb *t, struct tcp_pool *pool)
{
	t->rexmitq.count--;
	if (t->rexmitq.count > 0)
		shift(t, pool);
	else
		t->rexmitq.front = (struct rexmit){0};
	if (t->resend.index > 0 && --t->resend.index == 0)
		t->resend.block = 0;
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
	else if (seq_lt(t->resend.at, t->snd.una))
		t->resend.at = t->snd.una;
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
	uint32_t behind = t->rexmitq.count > 1 ? t->rexmitq.count - 1 : 0;

	return (behind + PER_BLOCK - 1) / PER_BLOCK; /* a copy begins at its first slot */
}

bool rexmitq_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool)
{
	uint32_t block = from->rexmitq.head;

	to->rexmitq.head = to->rexmitq.tail = to->rexmit_slot = 0;
	to->rexmitq.count = from->rexmitq.count ? 1 : 0;
	for (uint32_t i = 1; i < from->rexmitq.count; i++) {
		struct rexmit r = load(pool, block, slot_of(from, i));

		if (!rexmitq_push(to, &r, pool))
			return false;
		if (i == from->resend.index)
			to->resend.block = to->rexmitq.tail;
		if (slot_of(from, i) == PER_BLOCK - 1)
			block = next_block(pool, block);
	}
	return true;
}
