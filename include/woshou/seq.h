/* SPDX-License-Identifier: MIT */
/*
 * seq.h - sequence numbers (RFC 9293 section 3.4) and time.
 *
 * Sequence numbers are a struct, so that `a < b` does not compile: every comparison is made
 * modulo 2^32 by the functions below, and nowhere else.
 */
#ifndef WOSHOU_SEQ_H
#define WOSHOU_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds of virtual time: a moment (since the start of the run) or a span. */
typedef int64_t usec;

#define USEC_PER_MS  ((usec)1000)
#define USEC_PER_S   ((usec)1000000)
#define USEC_NEVER   INT64_MAX /* "no deadline": later than every moment */

typedef struct {
	uint32_t v;
} seq32;

static inline seq32 seq(uint32_t v)
{
	return (seq32){v};
}

static inline bool seq_eq(seq32 a, seq32 b)
{
	return a.v == b.v;
}

static inline bool seq_lt(seq32 a, seq32 b)
{
	return (int32_t)(a.v - b.v) < 0;
}

/* The RFC's "=<". */
static inline bool seq_le(seq32 a, seq32 b)
{
	return (int32_t)(a.v - b.v) <= 0;
}

static inline bool seq_gt(seq32 a, seq32 b)
{
	return seq_lt(b, a);
}

static inline bool seq_ge(seq32 a, seq32 b)
{
	return seq_le(b, a);
}

static inline seq32 seq_add(seq32 a, uint32_t n)
{
	return (seq32){a.v + n};
}

static inline seq32 seq_sub(seq32 a, uint32_t n)
{
	return (seq32){a.v - n};
}

/* How many octets lie in [from, to). The caller knows that from =< to. */
static inline uint32_t seq_span(seq32 from, seq32 to)
{
	return to.v - from.v;
}

static inline seq32 seq_max(seq32 a, seq32 b)
{
	return seq_lt(a, b) ? b : a;
}

static inline seq32 seq_min(seq32 a, seq32 b)
{
	return seq_lt(a, b) ? a : b;
}

#endif
