/* SPDX-License-Identifier: MIT */
/*
 * reasm.c - text that was received. In order: runs waiting for the user, the first in the TCB.
 * Out of order (SHLD-31), or before the connection is established: runs by sequence number that
 * neither touch nor overlap unless their octets lie apart in the stream. A run is a block.
 */
#include "queues.h"
#include "pool.h"
#include <base/assert.h>
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

static void run_link(struct tcp_pool *pool, uint32_t block, uint32_t next)
{
	struct run r = run_at(pool, block);

	r.next = next;
	run_set(pool, block, &r);
}

/* Does b go on where a ends? */
static bool is_joined(const struct text *a, const struct text *b)
{
	return a->stream == b->stream && a->offset + a->len == b->offset;
}

/* ---- in order ------------------------------------------------------------------------------- */

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
		struct run last = run_at(pool, t->rcv.last);

		if (is_joined(&last.text, &text)) {
			last.text.len += text.len;
			run_set(pool, t->rcv.last, &last);
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
		run_link(pool, t->rcv.last, block);
	t->rcv.last = block;
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
	if (r.next == 0)
		t->rcv.last = 0;
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
	if (new->next == 0)
		t->rcv.held_last = block;
	if (before == 0)
		t->rcv.held = block;
	else
		run_link(pool, before, block);
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
	pool_give(pool, a.next);
	if (t->rcv.held_last == a.next)
		t->rcv.held_last = block;
	a.text.len += b.text.len;
	a.next = b.next;
	a.heard = a.heard > b.heard ? a.heard : b.heard;
	run_set(pool, block, &a);
	t->rcv.held_count--;
}

/* The last run that begins at or before `at`; 0: none. */
static uint32_t held_find(const struct tcb *t, seq32 at, const struct tcp_pool *pool)
{
	uint32_t found = 0;

	if (t->rcv.held_last != 0) {
		struct run last = run_at(pool, t->rcv.held_last);

		if (seq_le(last.seq, at))
			return t->rcv.held_last;
	}
	for (uint32_t block = t->rcv.held; block != 0;) {
		struct run r = run_at(pool, block);

		if (seq_gt(r.seq, at))
			break;
		found = block;
		block = r.next;
	}
	return found;
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
	uint32_t here = held_find(t, at, pool), last = 0;
	struct run r;

	if (here == 0)
		return;
	for (uint32_t block = t->rcv.held; block != 0; block = run_at(pool, block).next) {
		uint32_t heard = run_at(pool, block).heard;

		if (block != here && heard > last)
			last = heard;
	}
	r = run_at(pool, here);
	if (r.heard > last || seq_ge(at, run_end(&r)))
		return;
	r.heard = last + 1;
	run_set(pool, here, &r);
}

static void held_drop_first(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t block = t->rcv.held;

	t->rcv.held = run_at(pool, block).next;
	if (t->rcv.held == 0)
		t->rcv.held_last = 0;
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

bool held_run_of(const struct tcb *t, seq32 at, struct sack_block *out, const struct tcp_pool *pool)
{
	for (uint32_t block = t->rcv.held; block != 0;) {
		*out = range_from(&block, pool);
		if (seq_lt(at, out->right))
			return seq_ge(at, out->left);
	}
	return false;
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

bool reasm_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool)
{
	return list_copy(from->rcv.more, &to->rcv.more, &to->rcv.last, pool) &&
	       list_copy(from->rcv.held, &to->rcv.held, &to->rcv.held_last, pool);
}
