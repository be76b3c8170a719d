/* SPDX-License-Identifier: MIT */
/*
 * sack_receiver.c - RFC 2018 section 4 and RFC 2883 section 4: which blocks an ACK tells. The runs
 * out of order are kept by reasm.c, and each knows when it was heard of. What has come twice waits
 * in the tcp_env for the ACK that the same segment causes.
 */
#include "options.h"
#include "queues.h"
#include "tcb.h"

/* The block that begins with this run: runs that touch are one to the peer. Moves on behind it. */
static struct sack_block next_block(uint32_t *run, uint32_t *heard, const struct tcp_pool *pool)
{
	struct run r = run_at(pool, *run);
	struct sack_block b = {r.seq, seq_add(r.seq, r.text.len)};

	*heard = r.heard;
	for (*run = r.next; *run != 0; *run = r.next) {
		r = run_at(pool, *run);
		if (!seq_eq(r.seq, b.right))
			break;
		b.right = seq_add(r.seq, r.text.len);
		*heard = r.heard > *heard ? r.heard : *heard;
	}
	return b;
}

/* ---- what has come twice -------------------------------------------------------------------- */

/* RFC 2883 4 (1), (3): the first contiguous run of this text that has been received before. */
static bool first_twice(const struct tcb *t, seq32 from, seq32 to, const struct tcp_pool *pool,
			struct sack_block *out)
{
	if (seq_lt(from, t->rcv.nxt)) {
		*out = (struct sack_block){from, seq_lt(to, t->rcv.nxt) ? to : t->rcv.nxt};
		return true;
	}
	for (uint32_t run = t->rcv.held, heard; run != 0;) {
		struct sack_block b = next_block(&run, &heard, pool);

		if (seq_ge(b.left, to))
			return false;
		if (seq_le(b.right, from))
			continue;
		out->left = seq_max(b.left, from);
		out->right = seq_lt(to, b.right) ? to : b.right;
		return true;
	}
	return false;
}

bool sack_duplicate(const struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	seq32 from = seg_text_seq(s), to = seq_add(from, s->text.len);

	if (!(t->flags & TCB_SACK) || !env->profile->dsack || s->text.len == 0)
		return false;
	/* (2): of this segment a part may have been found already. */
	env->has_twice = env->has_twice || first_twice(t, from, to, env->pool, &env->twice);
	return env->has_twice;
}

/* ---- what is told --------------------------------------------------------------------------- */

/* "As many distinct blocks as possible": four fill the header, three with timestamps. */
static uint32_t most_blocks(const struct tcb *t)
{
	return t->flags & TCB_TIMESTAMPS ? SEG_SACK_MAX - 1 : SEG_SACK_MAX;
}

static bool has_nothing(const struct tcb *t, const struct tcp_env *env)
{
	return !(t->flags & TCB_SACK) || (t->rcv.held == 0 && !env->has_twice);
}

enum { SACK_HEAD = 4, SACK_BLOCK = 8 }; /* octets, with the filling */

uint32_t sack_octets(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t n, most = most_blocks(t);

	if (has_nothing(t, env))
		return 0;
	n = t->rcv.held_count + (env->has_twice ? 1 : 0);
	n = n < most ? n : most;
	while (n > 0 && SACK_HEAD + n * SACK_BLOCK + MSS_LEAST > t->snd.mss)
		n--;
	return n > 0 ? SACK_HEAD + n * SACK_BLOCK : 0;
}

struct choice {
	struct sack_block block[SEG_SACK_MAX];
	uint32_t heard[SEG_SACK_MAX]; /* the last first */
	uint32_t count;
};

/* Keeps the `most` blocks that were heard of last. */
static void choose(struct choice *c, const struct sack_block *b, uint32_t heard, uint32_t most)
{
	uint32_t at = c->count;

	if (at == most && (most == 0 || c->heard[most - 1] >= heard))
		return;
	if (at == most)
		at--;
	else
		c->count++;
	for (; at > 0 && c->heard[at - 1] < heard; at--) {
		c->block[at] = c->block[at - 1];
		c->heard[at] = c->heard[at - 1];
	}
	c->block[at] = *b;
	c->heard[at] = heard;
}

static struct choice choose_blocks(const struct tcb *t, uint32_t most, const struct tcp_pool *pool)
{
	struct choice c = {.count = 0};

	for (uint32_t run = t->rcv.held, heard; run != 0;) {
		struct sack_block b = next_block(&run, &heard, pool);

		if (seq_gt(b.left, t->rcv.nxt)) /* text of the SYN only waits to be taken */
			choose(&c, &b, heard, most);
	}
	return c;
}

bool sack_put(const struct tcb *t, struct seg *out, uint32_t room, struct tcp_env *env)
{
	uint32_t fits = room > SACK_HEAD ? (room - SACK_HEAD) / SACK_BLOCK : 0;
	uint32_t all = most_blocks(t), most = fits < all ? fits : all;
	struct choice c;

	if (has_nothing(t, env))
		return true;
	if (most == 0)
		return false;
	if (env->has_twice) {
		why(t, R_DSACK_TOLD, env);
		out->sack[out->sacks++] = env->twice;
		env->has_twice = false;
	}
	c = choose_blocks(t, most - out->sacks, env->pool);
	if (c.count > 0)
		why(t, R_SACK_TOLD, env);
	for (uint32_t i = 0; i < c.count; i++)
		out->sack[out->sacks++] = c.block[i];
	if (out->sacks > 0)
		out->opts |= OPT_SACK;
	return fits >= all || c.count < most;
}
