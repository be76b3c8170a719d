/* SPDX-License-Identifier: MIT */
/*
 * cc.h - congestion control, RFC 5681: a narrow table of functions over struct cc and what has
 * just happened. An algorithm sees octets and times, never the TCB. What is sent again, and when,
 * is recovery.c's part.
 */
#ifndef TCP_CC_H
#define TCP_CC_H

#include <woshou/tcp.h>

enum { CC_HIGH = 1 << 30 }; /* "arbitrarily high", and the most cwnd grows to */

/* What a third duplicate ACK leads to, beside sending the lost segment again. */
enum cc_recovery {
	CC_RECOVERY_NONE,    /* nothing: slow start */
	CC_RECOVERY_RENO,    /* RFC 5681 3.2: until the next new ACK */
	CC_RECOVERY_NEWRENO, /* RFC 6582 3.2: until all that was outstanding is acknowledged */
};

/* What has happened, as far as an algorithm may know it. recovery.c makes it of the TCB. */
struct cc_event {
	struct tcp_env *env; /* time, settings, blocks; and where decisions are told */
	usec now;            /* env->now */
	usec rtt;            /* of what was acknowledged just now; 0: not known */
	usec srtt;           /* 0: no sample yet */
	seq32 una, nxt;
	uint32_t acked;          /* octets of text newly acknowledged: on_ack */
	uint32_t sent;           /* octets of new text just sent: cc_sent */
	uint32_t flight;         /* FlightSize */
	uint32_t restart_window; /* RFC 5681 4.1: on_idle */
	usec idle, rto;          /* on_idle: since text was last sent */
	uint8_t dupacks;         /* on_loss */
	bool is_again;           /* the same segment timed out before: on_rto */
	bool is_within;          /* a recovery is going on: on_rto */
	bool is_after_rto;       /* this slow start follows a timeout: on_ack */
	uint8_t state;           /* enum state, for the note */
};

struct cc_algo {
	const char *name;
	enum cc_recovery recovery;
	bool inflates;                           /* cwnd grows with duplicate ACKs in recovery */
	bool stays_late; /* a reduction that cwnd has outgrown is not undone, RFC 9438 4.9.2 */
	void (*open)(struct cc *c, uint32_t iw); /* established: IW octets */
	void (*on_ack)(struct cc *c, const struct cc_event *e);  /* new data acknowledged */
	void (*on_loss)(struct cc *c, const struct cc_event *e); /* fast retransmit */
	void (*on_rto)(struct cc *c, const struct cc_event *e);
	void (*on_ecn)(struct cc *c, const struct cc_event *e); /* ECE, once a window */
	void (*on_recovered)(struct cc *c, const struct cc_event *e);
	void (*on_idle)(struct cc *c, const struct cc_event *e);
	/* The last loss was none. cwnd and ssthresh are put back already (recovery.c). */
	void (*undo)(struct cc *c, const struct cc_event *e);
};

const struct cc_algo *cc_algo(const struct tcp_env *env);
uint32_t cc_initial_window(enum iw_choice choice, uint32_t smss);
void cc_smss(struct cc *c, uint32_t smss); /* SMSS is, or has become, this */

extern const struct cc_algo cc_none, cc_tahoe, cc_reno, cc_newreno, cc_cubic;

/* New text was sent: takes the block if the settings need one, and sees whether cwnd is used. */
void cc_sent(struct cc *c, const struct cc_event *e);

/* A decision was taken. */
void cc_why(const struct cc_event *e, enum rule r);

/* Shared by RFC 5681's family. */
void cc_open(struct cc *c, uint32_t iw);
bool cc_is_limited(const struct cc *c, const struct cc_event *e); /* is cwnd what holds us back? */
/* Slow start; what was acknowledged beyond ssthresh is left for congestion avoidance. */
uint32_t cc_slow_start(struct cc *c, const struct cc_event *e);
/* One segment more for every w octets acknowledged, in whole segments, as Linux counts. */
void cc_avoid_whole(struct cc *c, uint64_t w, uint32_t acked);
uint32_t cc_basis(const struct cc *c, const struct cc_event *e); /* what a loss takes a part of */
void cc_grow(struct cc *c, const struct cc_event *e);
void cc_reduce(struct cc *c, const struct cc_event *e); /* ssthresh by equation (4) */
void cc_fast_recovery(struct cc *c, const struct cc_event *e);
void cc_timeout(struct cc *c, const struct cc_event *e);
void cc_ecn(struct cc *c, const struct cc_event *e);
void cc_idle(struct cc *c, const struct cc_event *e);
void cc_nothing(struct cc *c, const struct cc_event *e);

/* ---- CUBIC's arithmetic, RFC 9438 4.2 (cc_cubic.c) ------------------------------------------ */

enum {
	CUBIC_TICK = 100,             /* microseconds: the unit of t and K */
	CUBIC_TICKS_MAX = 2000000,    /* 200 s, further the curve is not followed */
};

uint32_t cc_cube_root(uint64_t a); /* the largest number whose cube is at most a */
/* C * d^3, in octets, for d ticks. */
uint32_t cc_cubic_growth(uint64_t d, uint32_t smss);
/* K: ticks from cwnd to w_max. */
uint32_t cc_cubic_k(uint32_t w_max, uint32_t cwnd, uint32_t smss);
/* W_cubic(t), Figure 1. */
uint32_t cc_cubic_window(uint32_t w_max, uint32_t k, uint64_t t, uint32_t smss);

#endif
