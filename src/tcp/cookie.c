/* SPDX-License-Identifier: MIT */
/*
 * cookie.c - SYN cookies (RFC 4987 section 3.6 and Appendix A): what a listener would have to
 * remember of a SYN travels as its own ISS and comes back in the third segment. Five bits of the
 * time, in steps of 64 s, three bits for the MSS, 24 bits of a secret function of addresses, ports
 * and that time, which the owner computes. With timestamps the low six bits of TSval say what else
 * was agreed; without them nothing else is.
 */
#include <woshou/tcp.h>
#include "tcb.h"

#define STEP (64 * USEC_PER_S) /* of the clock that the count is of */

enum {
	COUNT_BITS = 5,
	COUNT_MASK = (1 << COUNT_BITS) - 1,
	SECRET_BITS = 24,
	SECRET_MASK = (1 << SECRET_BITS) - 1,
	AGE_MOST = 1, /* steps: a cookie is good for one to two minutes */
	TOLD_BITS = 6,
	TOLD_MASK = (1 << TOLD_BITS) - 1,
	TOLD_SHIFT = 0xf, /* of these bits; 15: no window scale */
	TOLD_SACK = 1 << 4,
	TOLD_ECN = 1 << 5,
};

/* What links usually carry; the largest that is not above what the SYN says. */
static const uint16_t sizes[8] = {MSS_LEAST, 64, 536, 1220, 1300, 1440, 1460, 8960};

/* "The difference between the acknowledged sequence number and the sequence number of the ACK." */
static uint32_t cookie_of(const struct seg *ack)
{
	return seq_sub(ack->ack, 1).v ^ seq_sub(ack->seq, 1).v;
}

uint32_t tcp_cookie_count(usec now)
{
	return (uint32_t)(now / STEP);
}

usec tcp_cookie_life(void)
{
	return (AGE_MOST + 1) * STEP;
}

seq32 tcp_cookie_make(const struct tcb *t, struct seg *syn, uint32_t secret, struct tcp_env *env)
{
	uint32_t mss = syn->opts & OPT_MSS ? syn->mss : mss_default(env), size = 0;

	why(t, R_COOKIE_SENT, env);
	while (size + 1 < sizeof sizes / sizeof sizes[0] && sizes[size + 1] <= mss)
		size++;
	if (!(syn->opts & OPT_TIMESTAMPS) || !env->profile->timestamps) {
		syn->opts &= OPT_MSS;
		syn->ctl &= (uint16_t) ~(ECE | CWR);
	}
	return seq(((tcp_cookie_count(env->now) & COUNT_MASK) << (SECRET_BITS + 3) |
		    size << SECRET_BITS | (secret & SECRET_MASK)) ^
		   syn->seq.v);
}

void tcp_cookie_stamp(const struct seg *syn, struct seg *answer)
{
	uint32_t told = answer->opts & OPT_WSCALE ? syn->wscale & TOLD_SHIFT : TOLD_SHIFT;
	uint32_t value;

	if (!(answer->opts & OPT_TIMESTAMPS))
		return;
	told |= answer->opts & OPT_SACK_PERMITTED ? TOLD_SACK : 0;
	told |= answer->ctl & ECE ? TOLD_ECN : 0;
	value = (answer->tsval & ~(uint32_t)TOLD_MASK) | told;
	/* Never ahead of the clock: later values must not be smaller. */
	answer->tsval = value > answer->tsval ? value - TOLD_MASK - 1 : value;
}

bool tcp_cookie_when(const struct seg *ack, usec now, uint32_t *count)
{
	uint32_t cookie = cookie_of(ack), today = tcp_cookie_count(now);
	uint32_t age = (today - (cookie >> (SECRET_BITS + 3))) & COUNT_MASK;

	*count = today - age;
	return age <= AGE_MOST && age <= today;
}

/* The SYN as it must have been, from the ACK of the answer to it. */
static void tell_again(const struct seg *ack, struct seg *syn)
{
	uint32_t cookie = cookie_of(ack), told = ack->tsecr & TOLD_MASK;

	*syn = (struct seg){.seq = seq_sub(ack->seq, 1),
			    .len = 1,
			    .ctl = SYN,
			    .wnd = ack->wnd,
			    .opts = OPT_MSS,
			    .mss = sizes[cookie >> SECRET_BITS & 7]};
	if (!(ack->opts & OPT_TIMESTAMPS))
		return;
	syn->opts |= OPT_TIMESTAMPS;
	syn->tsval = ack->tsval;
	if ((told & TOLD_SHIFT) != TOLD_SHIFT) {
		syn->opts |= OPT_WSCALE;
		syn->wscale = told & TOLD_SHIFT;
	}
	if (told & TOLD_SACK)
		syn->opts |= OPT_SACK_PERMITTED;
	if (told & TOLD_ECN)
		syn->ctl |= ECE | CWR;
}

bool tcp_cookie_take(const struct tcb *t, const struct seg *ack, uint32_t secret, struct seg *syn,
		     struct tcp_env *env)
{
	if ((cookie_of(ack) & SECRET_MASK) != (secret & SECRET_MASK)) {
		why(t, R_COOKIE_BAD, env);
		return false;
	}
	why(t, R_COOKIE_GOOD, env);
	tell_again(ack, syn);
	return true;
}

void tcp_cookie_old(const struct tcb *t, struct tcp_env *env)
{
	why(t, R_COOKIE_BAD, env);
}

void tcp_cookie_restore(struct tcb *t)
{
	t->due = 0; /* the SYN,ACK has left long ago */
	t->rexmitq.front.times = 1; /* when is not known: no sample */
	t->flags &= ~(uint32_t)TCB_TIMING;
}

bool tcb_is_of_cookie(const struct tcb *t)
{
	return t->rexmitq.front.times > 0 && !(t->flags & TCB_SYN_LOST);
}
