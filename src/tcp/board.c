/* SPDX-License-Identifier: MIT */
/*
 * board.c - the scoreboard (RFC 6675 section 2): what is thought to have become of the records on
 * the retransmission queue, by marks on them. TCB.board has the sums.
 */
#include "leaves.h"
#include <base/assert.h>

static uint32_t octets(const struct rexmit *r)
{
	return seg_len(r->ctl, r->text);
}

static void count_out(struct tcb *t, const struct rexmit *r)
{
	if (r->marks & MARK_SACKED) {
		t->board.sacked -= octets(r);
		if (t->board.sacked == 0)
			t->board.high = seq(0);
	}
	if (r->marks & MARK_LOST)
		t->board.lost -= octets(r);
}

static void count_in(struct tcb *t, const struct rexmit *r)
{
	if (r->marks & MARK_SACKED) {
		seq32 end = rexmit_end(r);

		t->board.high = t->board.sacked > 0 ? seq_max(t->board.high, end) : end;
		t->board.sacked += octets(r);
	}
	if (r->marks & MARK_LOST)
		t->board.lost += octets(r);
}

/* The record `index`, which is *r now, has these marks instead. */
static void mark(struct tcb *t, uint32_t index, struct rexmit *r, unsigned marks,
		 struct tcp_pool *pool)
{
	count_out(t, r);
	r->marks = marks & 0xfu;
	count_in(t, r);
	rexmitq_set(t, index, r, pool);
}

/* ---- news ------------------------------------------------------------------------------------ */

/* RFC 8985 6.2: RACK_sent_after, of two records sent at the same moment the one behind. */
static bool is_sent_after(const struct rexmit *r, usec at, seq32 end)
{
	return r->sent_at > at || (r->sent_at == at && seq_gt(rexmit_end(r), end));
}

/* RFC 8985 6.2 step 2: of a repetition "TSecr ... indicates the ACK was not acknowledging the last
 * retransmission of the segment", when it is older than that. */
static void tell_again(struct board_news *news, const struct rexmit *r)
{
	if (news->is_echoed && r->sent_at >= news->echo_until) {
		news->has_other_copy = true;
		return;
	}
	if (news->has_again && !is_sent_after(r, news->again_at, news->again_end))
		return;
	news->has_again = true;
	news->again_at = r->sent_at;
	news->again_end = rexmit_end(r);
}

static void tell_delivered(struct board_news *news, const struct rexmit *r)
{
	if (r->times > 0) {
		tell_again(news, r);
		return;
	}
	if (!news->has_newest || is_sent_after(r, news->newest_at, news->newest_end)) {
		news->has_newest = true;
		news->newest_at = r->sent_at;
		news->newest_end = rexmit_end(r);
	}
	news->first = news->has_first ? seq_min(news->first, r->seq) : r->seq;
	if (!news->has_first || r->sent_at > news->first_at)
		news->first_at = r->sent_at;
	news->has_first = true;
}

void board_leaves(struct tcb *t, const struct rexmit *r, struct board_news *news)
{
	if (news && !(r->marks & MARK_SACKED)) {
		news->acked += octets(r);
		tell_delivered(news, r);
	}
	count_out(t, r);
}

/* The first record that begins at or behind `at`, which is not behind SND.NXT. */
static uint32_t first_from(const struct tcb *t, seq32 at, const struct tcp_pool *pool)
{
	uint32_t index;

	if (t->rexmitq.count == 0 || seq_le(at, t->rexmitq.front.seq))
		return 0;
	index = rexmitq_find(t, at, pool);
	if (index == REXMIT_NONE)
		return t->rexmitq.count;
	return seq_eq(rexmitq_at(t, index, pool).seq, at) ? index : index + 1;
}

void board_sack(struct tcb *t, struct sack_block block, struct board_news *news,
		struct tcp_pool *pool)
{
	const unsigned open = BOARD_FRESH | BOARD_LOST | BOARD_AGAIN;
	uint32_t i = first_from(t, block.left, pool);

	for (; (i = board_seek(t, open, i, pool)) != REXMIT_NONE; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);

		if (seq_gt(rexmit_end(&r), block.right))
			break;
		news->sacked += octets(&r);
		tell_delivered(news, &r);
		mark(t, i, &r, MARK_SACKED, pool);
	}
}

/* ---- loss ------------------------------------------------------------------------------------ */

void board_lose(struct tcb *t, uint32_t index, struct tcp_pool *pool)
{
	struct rexmit r = rexmitq_at(t, index, pool);

	if (!(r.marks & (MARK_SACKED | MARK_LOST)))
		mark(t, index, &r, MARK_LOST, pool);
}

void board_lose_below(struct tcb *t, seq32 edge, struct tcp_pool *pool)
{
	for (uint32_t i = 0; (i = board_seek(t, BOARD_FRESH, i, pool)) != REXMIT_NONE; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);

		if (seq_gt(rexmit_end(&r), edge))
			break;
		mark(t, i, &r, MARK_LOST, pool);
	}
}

/* Every record of one of these kinds is LOST. */
static void lose_kinds(struct tcb *t, unsigned kinds, struct tcp_pool *pool)
{
	for (uint32_t i = 0; (i = board_seek(t, kinds, i, pool)) != REXMIT_NONE; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);

		mark(t, i, &r, MARK_LOST, pool);
	}
}

void board_lose_all(struct tcb *t, struct tcp_pool *pool)
{
	lose_kinds(t, BOARD_FRESH | BOARD_AGAIN, pool);
}

void board_forget(struct tcb *t, struct tcp_pool *pool)
{
	lose_kinds(t, BOARD_SACKED, pool);
}

/* Behind which place in the order of sending is that of *r? Looked for from `older` on. */
static uint32_t sent_before(const struct tcb *t, const struct rexmit *r, uint32_t older,
			    const struct tcp_pool *pool)
{
	uint32_t at = older ? older : t->rexmitq.oldest;
	struct rexmit next;

	for (older = 0; at != 0; at = order_newer(pool, at)) {
		next = rexmitq_at(t, place_index(t, at, pool), pool);
		if (is_sent_after(&next, r->sent_at, rexmit_end(r)))
			return older;
		older = at;
	}
	return older;
}

/* Most come in the order in which they were sent: each is looked for behind the last. */
void board_unlose(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t last = 0;

	for (uint32_t i = 0; (i = board_seek(t, BOARD_LOST, i, pool)) != REXMIT_NONE; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);
		uint32_t place;

		mark(t, i, &r, r.times > 0 ? MARK_AGAIN : 0, pool);
		if (t->rexmitq.count == 1)
			continue;
		place = place_of(t, i, pool);
		order_remove(t, place, pool);
		last = sent_before(t, &r, last, pool);
		if (last == 0)
			last = sent_before(t, &r, 0, pool);
		order_insert(t, last, place, pool);
		last = place;
	}
}

uint32_t board_next_lost(const struct tcb *t, const struct tcp_pool *pool)
{
	return t->board.lost > 0 ? board_seek(t, BOARD_LOST, 0, pool) : REXMIT_NONE;
}

void board_sent_again(struct tcb *t, uint32_t index, usec now, struct tcp_pool *pool)
{
	struct rexmit r = rexmitq_at(t, index, pool);

	ASSERT(!(r.marks & MARK_SACKED));
	if (r.times < UINT8_MAX)
		r.times++;
	mark(t, index, &r, MARK_LOST, pool); /* out of the order of sending, and in again */
	r.sent_at = now;
	mark(t, index, &r, MARK_AGAIN, pool);
}

/* ---- looking --------------------------------------------------------------------------------- */

uint32_t board_seek(const struct tcb *t, unsigned kinds, uint32_t from, const struct tcp_pool *pool)
{
	if (from >= t->rexmitq.count)
		return REXMIT_NONE;
	if (board_kind(&t->rexmitq.front) & kinds && from == 0)
		return 0;
	if (t->rexmitq.count == 1)
		return REXMIT_NONE;
	return leaves_seek(t, kinds, from, pool);
}

/* The index of what lies at a place; 0 is none. */
static uint32_t index_at(const struct tcb *t, uint32_t place, const struct tcp_pool *pool)
{
	return place ? place_index(t, place, pool) : REXMIT_NONE;
}

uint32_t board_oldest(const struct tcb *t, const struct tcp_pool *pool)
{
	if (t->rexmitq.count == 1)
		return is_in_order(&t->rexmitq.front) ? 0 : REXMIT_NONE;
	return index_at(t, t->rexmitq.oldest, pool);
}

uint32_t board_newer(const struct tcb *t, uint32_t index, const struct tcp_pool *pool)
{
	if (t->rexmitq.count == 1)
		return REXMIT_NONE;
	return index_at(t, order_newer(pool, place_of(t, index, pool)), pool);
}

uint32_t board_count(const struct tcb *t, unsigned marks, const struct tcp_pool *pool)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->rexmitq.count; i++)
		n += (rexmitq_at(t, i, pool).marks & marks) != 0;
	return n;
}

/* What is found by seeking is what is found by walking. */
static void check_seeks(const struct tcb *t, unsigned kind, const struct tcp_pool *pool)
{
	uint32_t next = board_seek(t, kind, 0, pool);

	for (uint32_t i = 0; i < t->rexmitq.count; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);

		if (board_kind(&r) != kind)
			continue;
		ASSERT(next == i);
		next = board_seek(t, kind, i + 1, pool);
	}
	ASSERT(next == REXMIT_NONE);
}

void board_check(const struct tcb *t, const struct tcp_pool *pool)
{
	uint32_t sacked = 0, lost = 0;
	seq32 high = seq(0);

	for (uint32_t i = 0; i < t->rexmitq.count; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);

		ASSERT(!(r.marks & MARK_LOST) || r.marks == MARK_LOST);
		sacked += r.marks & MARK_SACKED ? octets(&r) : 0;
		lost += r.marks & MARK_LOST ? octets(&r) : 0;
		if (r.marks & MARK_SACKED)
			high = rexmit_end(&r);
	}
	ASSERT(sacked == t->board.sacked);
	ASSERT(lost == t->board.lost);
	ASSERT(seq_eq(high, t->board.high));
	order_check(t, pool);
	for (unsigned kind = BOARD_FRESH; kind <= BOARD_SACKED; kind <<= 1)
		check_seeks(t, kind, pool);
}
