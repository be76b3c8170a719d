/* SPDX-License-Identifier: MIT */
/*
 * cc_more.h - what CUBIC, HyStart and window validation remember beside struct cc, in one block. It
 * is taken when text is first sent and the settings ask for it; without one a connection grows as
 * Reno. Loaded, changed and stored again whole: a block has no alignment for it.
 */
#ifndef TCP_CC_MORE_H
#define TCP_CC_MORE_H

#include <woshou/tcp.h>
#include "cc.h"

enum cc_more_flag {
	MORE_EPOCH = 1 << 0,      /* a stage of congestion avoidance is going on: u.stage */
	MORE_W_MAX = 1 << 1,      /* w_max is defined */
	MORE_UNDO = 1 << 2,       /* undo_* are */
	MORE_UNDO_EPOCH = 1 << 3, /* a stage was interrupted */
	MORE_UNDO_W_MAX = 1 << 4,
	MORE_LIMITED = 1 << 5, /* cwnd was full within the last window sent */
	MORE_CSS = 1 << 6,     /* conservative slow start, RFC 9406 4.2 */
	MORE_FOUND = 1 << 7,   /* HyStart has ended slow start */
};

/* Times are in ticks of 100 microseconds, modulo 2^32. */
struct cc_more {
	union {
		struct {
			uint32_t epoch;      /* t_epoch, later by all pauses */
			uint32_t last;       /* an ACK, or the end of a pause */
			uint32_t k;          /* K */
			uint32_t w_est;      /* W_est, octets */
			uint32_t w_part;     /* of an octet, 1/2^12; whole: octets acked */
		} stage;
		struct {
			seq32 round_end;  /* windowEnd */
			uint32_t now_min; /* microseconds; 0: infinity */
			uint32_t last_min, css_min;  /* the same, RFC 9406 */
		} slow;
		struct {
			seq32 round_end;
			uint32_t now_min;
			uint32_t round_at, train_at; /* Linux: microseconds, modulo 2^32 */
		} train;
	} u;
	uint32_t w_max;      /* W_max */
	uint32_t cwnd_prior; /* when ssthresh was set; whole segments: the origin of the curve */
	uint32_t min_rtt;    /* microseconds; 0: not known */
	uint32_t undo_epoch, undo_k, undo_w_max, undo_w_est, undo_prior; /* 4.9.2 */
	seq32 window_end; /* SND.NXT when max_out was taken */
	uint32_t max_out; /* the most that was outstanding in this window */
	uint8_t flags;    /* set of enum cc_more_flag */
	uint8_t samples;  /* rttSampleCount, up to 255 */
	uint8_t css_rounds;
	uint8_t unused[1];
};

_Static_assert(sizeof(struct cc_more) == TCP_BLOCK, "it fills a block, without padding");

struct cc_more cc_more_load(const struct cc *c, const struct tcp_env *env); /* with c->more != 0 */
void cc_more_store(const struct cc *c, const struct cc_more *m, struct tcp_env *env);
void cc_more_flush(struct cc *c, struct tcp_pool *pool);
bool cc_more_copy(struct cc *to, const struct cc *from, struct tcp_pool *pool);

static inline uint32_t cc_ticks(usec now)
{
	return (uint32_t)((uint64_t)now / CUBIC_TICK);
}

/* HyStart: called in slow start, with the block loaded. */
enum hystart_says { HYSTART_ON, HYSTART_CSS, HYSTART_OVER };
void hystart_begin(struct cc_more *m, seq32 round_end, const struct cc_event *e);
/* Before cwnd grows. CSS: it grows by a quarter; OVER: ssthresh is cwnd now. */
enum hystart_says hystart_before(struct cc *c, struct cc_more *m, const struct cc_event *e);
void hystart_after(struct cc *c, struct cc_more *m, const struct cc_event *e);

/* The time in which cwnd could not be updated does not count: RFC 9438 4.2, 5.8. */
void cubic_pause(struct cc_more *m, const struct cc_event *e);

/* CUBIC in whole segments, as Linux' tcp_cubic.c: octets acknowledged for one segment more. */
uint64_t cubic_whole(const struct cc *c, struct cc_more *m, uint32_t acked,
		     const struct cc_event *e);

#endif
