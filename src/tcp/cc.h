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
	usec srtt;           /* 0: no sample yet */
	seq32 una, nxt;
	uint32_t acked;          /* octets of text newly acknowledged: on_ack */
	uint32_t flight;         /* FlightSize */
	uint32_t restart_window; /* RFC 5681 4.1: on_idle */
	uint8_t dupacks;         /* on_loss */
	bool is_again;           /* the same segment timed out before: on_rto */
	uint8_t state;           /* enum state, for the note */
};

struct cc_algo {
	const char *name;
	enum cc_recovery recovery;
	bool inflates;                           /* cwnd grows with duplicate ACKs in recovery */
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

extern const struct cc_algo cc_none, cc_tahoe, cc_reno, cc_newreno;

/* Shared by RFC 5681's family. */
void cc_open(struct cc *c, uint32_t iw);
void cc_grow(struct cc *c, const struct cc_event *e);
void cc_reduce(struct cc *c, const struct cc_event *e); /* ssthresh by equation (4) */
void cc_fast_recovery(struct cc *c, const struct cc_event *e);
void cc_timeout(struct cc *c, const struct cc_event *e);
void cc_ecn(struct cc *c, const struct cc_event *e);
void cc_idle(struct cc *c, const struct cc_event *e);
void cc_nothing(struct cc *c, const struct cc_event *e);

#endif
