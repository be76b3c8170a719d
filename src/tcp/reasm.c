/* SPDX-License-Identifier: MIT */
/*
 * reasm.c - text that was received. In order: runs waiting for the user, the first in the TCB.
 * Out of order (SHLD-31), or before the connection is established: runs by sequence number that
 * neither touch nor overlap unless their octets lie apart in the stream. A run is a block.
 */
#include "queues.h"
#include "pool.h"
#include <base/assert.h>
#include <stddef.h>
#include <string.h>

_Static_assert(sizeof(struct run) <= TCP_BLOCK, "a run fits a block");

struct run run_at(const struct tcp_pool *pool, uint32_t block)
{
	struct run r;

	memcpy(&r, pool->blocks[block].word, sizeof r);
	return r;
}

static void run_set(struct tcp_pool *pool, uint32_t block, const struct run *r)
{
	memcpy(pool->blocks[block].word, r, sizeof *r);
}

enum run_word {
	RUN_NEXT = offsetof(struct run, next) / 4,
	RUN_PREV,
	RUN_HEARD,
	RUN_NEWER,
	RUN_OLDER,
	RUN_RECENT,
};

static uint32_t *run_word(const struct tcp_pool *pool, uint32_t block, enum run_word which)
{
	return &pool->blocks[block].word[which];
}

static void run_link(struct tcp_pool *pool, uint32_t block, uint32_t next)
{
	*run_word(pool, block, RUN_NEXT) = next;
}

/* Does b go on where a ends? */
static bool is_joined(const struct text *a, const struct text *b)
{
	return a->stream == b->stream && a->offset + a->len == b->offset;
}

/* ---- in order ------------------------------------------------------------------------------- */

/* The first run knows the last one in its `prev`, where nothing else comes before it. */
static uint32_t *last_of(const struct tcb *t, const struct tcp_pool *pool)
{
	return run_word(pool, t->rcv.more, RUN_PREV);
}

bool receiveq_push(struct tcb *t, struct text text, struct tcp_pool *pool)
{
	if (t->rcv.text.len == 0) {
		t->rcv.text = text;
		return true;
	}
	if (t->rcv.more == 0 && is_joined(&t->rcv.text, &text)) {
		t->rcv.text.len += text.len;
		return true;
	}
	if (t->rcv.more != 0) {
		uint32_t end = *last_of(t, pool);
		struct run last = run_at(pool, end);

		if (is_joined(&last.text, &text)) {
			last.text.len += text.len;
			run_set(pool, end, &last);
			return true;
		}
	}
	uint32_t block = pool_take(pool);

	if (block == 0)
		return false;
	run_set(pool, block, &(struct run){.text = text});
	if (t->rcv.more == 0)
		t->rcv.more = block;
	else
		run_link(pool, *last_of(t, pool), block);
	*last_of(t, pool) = block;
	return true;
}

/* The second run becomes the first. */
static void shift_runs(struct tcb *t, struct tcp_pool *pool)
{
	t->rcv.text = (struct text){0};
	if (t->rcv.more == 0)
		return;
	uint32_t block = t->rcv.more;
	struct run r = run_at(pool, block);

	t->rcv.text = r.text;
	t->rcv.more = r.next;
	if (r.next != 0)
		*last_of(t, pool) = r.prev;
	pool_give(pool, block);
}

struct text receiveq_take(struct tcb *t, uint32_t n, struct tcp_pool *pool)
{
	struct text out = t->rcv.text;

	if (n < out.len) {
		out.len = n;
		t->rcv.text.offset += n;
		t->rcv.text.len -= n;
	} else if (out.len > 0) {
		shift_runs(t, pool);
	}
	return out;
}

void receiveq_flush(struct tcb *t, struct tcp_pool *pool)
{
	while (t->rcv.text.len > 0)
		shift_runs(t, pool);
	t->rcv.user = 0;
}

/* ---- out of order --------------------------------------------------------------------------- */

static seq32 run_end(const struct run *r)
{
	return seq_add(r->seq, r->text.len);
}

static void text_trim(struct text *text, uint32_t n)
{
	text->offset += n;
	text->len -= n;
}

/* Those heard of are in a line, the last first; its head stands in the first run. */
static uint32_t *recent(const struct tcb *t, const struct tcp_pool *pool)
{
	return run_word(pool, t->rcv.held, RUN_RECENT);
}

static void recent_put(struct tcb *t, uint32_t newer, uint32_t block, uint32_t older,
		       struct tcp_pool *pool)
{
	*run_word(pool, block, RUN_NEWER) = newer;
	*run_word(pool, block, RUN_OLDER) = older;
	*(newer ? run_word(pool, newer, RUN_OLDER) : recent(t, pool)) = block;
	if (older != 0)
		*run_word(pool, older, RUN_NEWER) = block;
}

static void recent_remove(struct tcb *t, uint32_t block, struct tcp_pool *pool)
{
	struct run r = run_at(pool, block);

	if (r.heard == 0)
		return;
	*(r.newer ? run_word(pool, r.newer, RUN_OLDER) : recent(t, pool)) = r.older;
	if (r.older != 0)
		*run_word(pool, r.older, RUN_NEWER) = r.newer;
}

/* Puts a run behind `before` (0: first), or lengthens that one. The block it is in; 0: no room. */
static uint32_t held_put(struct tcb *t, uint32_t before, const struct run *new,
			 struct tcp_pool *pool)
{
	if (before != 0) {
		struct run b = run_at(pool, before);

		if (seq_eq(run_end(&b), new->seq) && is_joined(&b.text, &new->text)) {
			b.text.len += new->text.len;
			run_set(pool, before, &b);
			return before;
		}
	}
	uint32_t block = t->rcv.held_count < HELD_MAX ? pool_take(pool) : 0;

	if (block == 0)
		return 0;
	run_set(pool, block, new);
	*run_word(pool, block, RUN_PREV) = before;
	if (new->next == 0)
		t->rcv.held_last = block;
	else
		*run_word(pool, new->next, RUN_PREV) = block;
	if (before != 0) {
		run_link(pool, before, block);
	} else {
		*run_word(pool, block, RUN_RECENT) = t->rcv.held ? *recent(t, pool) : 0;
		t->rcv.held = block;
	}
	t->rcv.held_count++;
	return block;
}

/* After a put: the run behind `block` may now go on where it ends. */
static void held_join(struct tcb *t, uint32_t block, struct tcp_pool *pool)
{
	struct run a = run_at(pool, block);

	if (a.next == 0)
		return;
	struct run b = run_at(pool, a.next);

	if (!seq_eq(run_end(&a), b.seq) || !is_joined(&a.text, &b.text))
		return;
	recent_remove(t, b.heard > a.heard ? block : a.next, pool);
	b = run_at(pool, a.next);
	if (b.heard > a.heard) { /* takes over its place in the line */
		*run_word(pool, block, RUN_HEARD) = b.heard;
		recent_put(t, b.newer, block, b.older, pool);
	}
	pool_give(pool, a.next);
	if (b.next != 0)
		*run_word(pool, b.next, RUN_PREV) = block;
	else
		t->rcv.held_last = block;
	a = run_at(pool, block);
	a.text.len += b.text.len;
	a.next = b.next;
	run_set(pool, block, &a);
	t->rcv.held_count--;
}

/* The last run that begins at or before `at`. Most text goes to the last run, or near the one heard
 * of last. */
uint32_t held_find(const struct tcb *t, seq32 at, const struct tcp_pool *pool)
{
	uint32_t block = t->rcv.held_last, next;

	if (block == 0 || seq_le(run_at(pool, block).seq, at))
		return block;
	block = *recent(t, pool) ? *recent(t, pool) : t->rcv.held;
	while (block != 0 && seq_gt(run_at(pool, block).seq, at))
		block = run_at(pool, block).prev;
	if (block == 0)
		return 0;
	while ((next = run_at(pool, block).next) != 0 && seq_le(run_at(pool, next).seq, at))
		block = next;
	return block;
}

bool held_insert(struct tcb *t, seq32 at, struct text text, struct tcp_pool *pool)
{
	uint32_t before = held_find(t, at, pool);

	while (text.len > 0) {
		struct run new = {.text = text, .seq = at, .next = t->rcv.held};
		uint32_t skip = 0; /* octets that `before` has already */

		if (before != 0) {
			struct run b = run_at(pool, before);

			new.next = b.next;
			if (seq_lt(at, run_end(&b)))
				skip = seq_span(at, run_end(&b));
			if (skip >= text.len)
				return true;
		}
		text_trim(&text, skip);
		at = seq_add(at, skip);
		new.text = text;
		new.seq = at;
		if (new.next != 0) {
			uint32_t gap = seq_span(at, run_at(pool, new.next).seq);

			if (gap < new.text.len)
				new.text.len = gap;
		}
		before = new.text.len ? held_put(t, before, &new, pool) : new.next;
		if (before == 0)
			return false;
		held_join(t, before, pool);
		text_trim(&text, new.text.len);
		at = seq_add(at, new.text.len);
	}
	return true;
}

void held_hear(struct tcb *t, seq32 at, struct tcp_pool *pool)
{
	uint32_t here = held_find(t, at, pool), last;
	struct run r;

	if (here == 0)
		return;
	r = run_at(pool, here);
	last = *recent(t, pool);
	if (here == last || seq_ge(at, run_end(&r)))
		return;
	recent_remove(t, here, pool);
	*run_word(pool, here, RUN_HEARD) = last ? *run_word(pool, last, RUN_HEARD) + 1 : 1;
	recent_put(t, 0, here, last, pool);
}

static void held_drop_first(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t block = t->rcv.held, next = run_at(pool, block).next, head;

	recent_remove(t, block, pool);
	head = *recent(t, pool);
	t->rcv.held = next;
	if (next != 0) {
		*run_word(pool, next, RUN_PREV) = 0;
		*run_word(pool, next, RUN_RECENT) = head;
	} else {
		t->rcv.held_last = 0;
	}
	t->rcv.held_count--;
	pool_give(pool, block);
}

struct text held_take(struct tcb *t, struct tcp_pool *pool)
{
	while (t->rcv.held != 0) {
		struct run r = run_at(pool, t->rcv.held);

		if (seq_gt(r.seq, t->rcv.nxt))
			break;
		uint32_t known = seq_span(r.seq, t->rcv.nxt);

		held_drop_first(t, pool);
		if (known < r.text.len) {
			text_trim(&r.text, known);
			return r.text;
		}
	}
	return (struct text){0};
}

void held_flush(struct tcb *t, struct tcp_pool *pool)
{
	while (t->rcv.held != 0)
		held_drop_first(t, pool);
}

/* From run `block` on as far as they touch; *block is the one behind. */
static struct sack_block range_from(uint32_t *block, const struct tcp_pool *pool)
{
	struct run r = run_at(pool, *block);
	struct sack_block range = {r.seq, run_end(&r)};

	for (*block = r.next; *block != 0; *block = r.next) {
		r = run_at(pool, *block);
		if (!seq_eq(r.seq, range.right))
			break;
		range.right = run_end(&r);
	}
	return range;
}

/* The range that this run is a part of. */
static struct sack_block range_around(uint32_t block, const struct tcp_pool *pool)
{
	for (struct run r = run_at(pool, block), before; r.prev != 0; r = before) {
		before = run_at(pool, r.prev);
		if (!seq_eq(run_end(&before), r.seq))
			break;
		block = r.prev;
	}
	return range_from(&block, pool);
}

bool held_run_of(const struct tcb *t, seq32 at, struct sack_block *out, const struct tcp_pool *pool)
{
	uint32_t block = held_find(t, at, pool);

	if (block == 0)
		return false;
	struct run r = run_at(pool, block);

	*out = range_around(block, pool);
	return seq_lt(at, run_end(&r));
}

static bool is_among(const struct sack_block *blocks, uint32_t n, seq32 at)
{
	for (uint32_t i = 0; i < n; i++) {
		if (seq_ge(at, blocks[i].left) && seq_lt(at, blocks[i].right))
			return true;
	}
	return false;
}

uint32_t held_recent(const struct tcb *t, struct sack_block *out, uint32_t most,
		     const struct tcp_pool *pool)
{
	uint32_t n = 0, block = t->rcv.held ? *recent(t, pool) : 0;

	for (struct run r; block != 0 && n < most; block = r.older) {
		r = run_at(pool, block);
		if (is_among(out, n, r.seq))
			continue;
		out[n] = range_around(block, pool);
		n += seq_gt(out[n].left, t->rcv.nxt); /* the SYN's text only waits to be taken */
	}
	return n;
}

size_t held_ranges(const struct tcb *t, struct sack_block *out, size_t most,
		   const struct tcp_pool *pool)
{
	size_t n = 0;

	for (uint32_t block = t->rcv.held; block != 0 && n < most; n++)
		out[n] = range_from(&block, pool);
	return n;
}

/* ---- copies --------------------------------------------------------------------------------- */

static uint32_t list_blocks(const struct tcp_pool *pool, uint32_t block)
{
	uint32_t n = 0;

	for (; block != 0; block = run_at(pool, block).next)
		n++;
	return n;
}

uint32_t reasm_blocks(const struct tcb *t, const struct tcp_pool *pool)
{
	return list_blocks(pool, t->rcv.more) + list_blocks(pool, t->rcv.held);
}

static bool list_copy(uint32_t from, uint32_t *first, uint32_t *last, struct tcp_pool *pool)
{
	*first = *last = 0;
	for (; from != 0; from = run_at(pool, from).next) {
		struct run r = run_at(pool, from);
		uint32_t block = pool_take(pool);

		if (block == 0)
			return false;
		r.next = 0;
		run_set(pool, block, &r);
		if (*first == 0)
			*first = block;
		else
			run_link(pool, *last, block);
		*last = block;
	}
	return true;
}

/* What links the runs to each other, after a copy. */
static void held_relink(struct tcb *t, struct tcp_pool *pool)
{
	if (t->rcv.held != 0)
		*recent(t, pool) = 0;
	for (uint32_t block = t->rcv.held, prev = 0; block != 0;) {
		struct run r = run_at(pool, block);
		uint32_t newer = 0, older = *recent(t, pool);

		*run_word(pool, block, RUN_PREV) = prev;
		while (older != 0 && *run_word(pool, older, RUN_HEARD) > r.heard) {
			newer = older;
			older = *run_word(pool, older, RUN_OLDER);
		}
		if (r.heard > 0)
			recent_put(t, newer, block, older, pool);
		prev = block;
		block = r.next;
	}
}

void held_check(const struct tcb *t, const struct tcp_pool *pool)
{
	uint32_t prev = 0, heard = 0, newer = 0;

	for (uint32_t block = t->rcv.held; block != 0;) {
		struct run r = run_at(pool, block);

		ASSERT(r.prev == prev);
		heard += r.heard > 0;
		prev = block;
		block = r.next;
	}
	ASSERT(prev == t->rcv.held_last);
	for (uint32_t block = t->rcv.held ? *recent(t, pool) : 0; block != 0;) {
		struct run r = run_at(pool, block);

		ASSERT(r.newer == newer);
		ASSERT(r.heard > 0);
		ASSERT(newer == 0 || r.heard < *run_word(pool, newer, RUN_HEARD));
		heard--;
		newer = block;
		block = r.older;
	}
	ASSERT(heard == 0);
}

bool reasm_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool)
{
	uint32_t last;

	if (!list_copy(from->rcv.more, &to->rcv.more, &last, pool) ||
	    !list_copy(from->rcv.held, &to->rcv.held, &to->rcv.held_last, pool))
		return false;
	if (last != 0)
		*last_of(to, pool) = last;
	held_relink(to, pool);
	return true;
}
