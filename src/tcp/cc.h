/* SPDX-License-Identifier: MIT */
/*
 * cc.h - congestion control, RFC 5681: a narrow table of functions over struct cc. An algorithm
 * sees octets, never the TCB. What is sent again, and when, is recovery.c's part.
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

struct cc_algo {
	const char *name;
	enum cc_recovery recovery;
	bool inflates;                           /* cwnd grows with duplicate ACKs in recovery */
	void (*open)(struct cc *c, uint32_t iw); /* established: IW octets */
	void (*on_ack)(struct cc *c, uint32_t acked); /* new data acknowledged */
	void (*on_loss)(struct cc *c, uint32_t flight, uint32_t dupacks);
	void (*on_rto)(struct cc *c, uint32_t flight, bool again); /* again: the same segment */
	void (*on_recovered)(struct cc *c, uint32_t flight);
	void (*on_idle)(struct cc *c, uint32_t restart_window);
};

const struct cc_algo *cc_algo(const struct tcp_env *env);
uint32_t cc_initial_window(enum iw_choice choice, uint32_t smss);
void cc_smss(struct cc *c, uint32_t smss); /* SMSS is, or has become, this */

extern const struct cc_algo cc_none, cc_tahoe, cc_reno, cc_newreno;

/* Shared by RFC 5681's family. */
void cc_open(struct cc *c, uint32_t iw);
void cc_grow(struct cc *c, uint32_t acked);
void cc_reduce(struct cc *c, uint32_t flight); /* ssthresh by equation (4) */
void cc_fast_recovery(struct cc *c, uint32_t flight, uint32_t dupacks);
void cc_timeout(struct cc *c, uint32_t flight, bool again);
void cc_idle(struct cc *c, uint32_t restart_window);

#endif
