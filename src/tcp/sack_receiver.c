/* SPDX-License-Identifier: MIT */
/*
 * sack_receiver.c - RFC 2018 section 4 and RFC 2883 section 4: which blocks an ACK tells. The runs
 * out of order are kept by reasm.c, and each knows when it was heard of. What has come twice waits
 * in the tcp_env for the ACK that the same segment causes.
 */
#include "options.h"
#include "queues.h"
#include "tcb.h"

/* ---- what has come twice -------------------------------------------------------------------- */

/* RFC 2883 4 (1), (3): the first contiguous run of this text that has been received before. */
static bool first_twice(const struct tcb *t, seq32 from, seq32 to, const struct tcp_pool *pool,
			struct sack_block *out)
{
	if (seq_lt(from, t->rcv.nxt)) {
		*out = (struct sack_block){from, seq_lt(to, t->rcv.nxt) ? to : t->rcv.nxt};
		return true;
	}
	struct sack_block b;
	uint32_t before = held_find(t, from, pool), run;

	/* Where none that begins before it reaches into it, the next one may. */
	if (!held_run_of(t, from, &b, pool)) {
		run = before ? run_at(pool, before).next : t->rcv.held;
		if (run == 0 || !held_run_of(t, run_at(pool, run).seq, &b, pool))
			return false;
		if (seq_ge(b.left, to))
			return false;
	}
	out->left = seq_max(b.left, from);
	out->right = seq_min(to, b.right);
	return true;
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

uint32_t sack_size(const struct seg *s)
{
	return s->opts & OPT_SACK ? SACK_HEAD + s->sacks * SACK_BLOCK : 0;
}

bool sack_put(const struct tcb *t, struct seg *out, uint32_t room, struct tcp_env *env)
{
	uint32_t fits = room > SACK_HEAD ? (room - SACK_HEAD) / SACK_BLOCK : 0;
	uint32_t all = most_blocks(t), most = fits < all ? fits : all;
	uint32_t told;

	if (has_nothing(t, env))
		return true;
	if (most == 0)
		return false;
	if (env->has_twice) {
		why(t, R_DSACK_TOLD, env);
		out->sack[out->sacks++] = env->twice;
		env->has_twice = false;
	}
	told = held_recent(t, out->sack + out->sacks, most - out->sacks, env->pool);
	if (told > 0)
		why(t, R_SACK_TOLD, env);
	out->sacks = (uint8_t)(out->sacks + told);
	if (out->sacks > 0)
		out->opts |= OPT_SACK;
	return fits >= all || told < most;
}
