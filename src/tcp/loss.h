/* SPDX-License-Identifier: MIT */
/*
 * loss.h - what loss recovery remembers beside the TCB, in two blocks that are taken when text is
 * first sent with one of the mechanisms on. When no block is left, the connection goes on without.
 * They are loaded, changed and stored again whole: a block has no alignment for them.
 */
#ifndef TCP_LOSS_H
#define TCP_LOSS_H

#include <woshou/tcp.h>

enum loss_flag {
	LOSS_UNDO = 1 << 0,     /* the last reduction may be undone: prior_* and undo_* are valid */
	LOSS_UNDO_RTO = 1 << 1, /* a timeout was the cause */
	LOSS_FRTO = 1 << 2,     /* F-RTO is in step 2 of RFC 5682 2.1 or 3.1 */
	LOSS_FRTO_NEW = 1 << 3, /* in step 3: new text was sent, the next ACK decides */
	LOSS_PRR = 1 << 4,      /* proportional rate reduction is going on */
	LOSS_RESCUED = 1 << 5,  /* the rescue retransmission of this recovery was made */
	LOSS_NEEDLESS = 1 << 6, /* every repetition since undo_una was */
	LOSS_DSACKS = 1 << 7,   /* the peer has sent a D-SACK: it is one that does */
	LOSS_BEYOND = 1 << 8,   /* HighACK is greater than RescueRxt, RFC 6675 4 */
};

/* t->loss: reductions of the congestion window, and what may be known of them later. */
struct loss {
	uint32_t prr_delivered, prr_out, recover_fs; /* RFC 6937 3 */
	uint32_t prior_cwnd, prior_ssthresh;         /* before the reduction, RFC 4015 3 */
	seq32 undo_una;      /* SND.UNA when it was made */
	uint32_t again_ts;   /* RetransmitTS: TSval of the first, RFC 3522 3.2; 0: none */
	seq32 edge;          /* IsLost() is true of what lies below, RFC 6675 4 */
	uint32_t above;      /* octets SACKED at or above it */
	seq32 run[3][2];     /* the highest runs that are SACKED, from above: left, right */
	uint16_t undo_again; /* repetitions since undo_una that no D-SACK has called needless */
	uint16_t flags;      /* set of enum loss_flag */
};

enum rack_flag {
	RACK_VALID = 1 << 0,      /* xmit_ts, end_seq and rtt are */
	RACK_REORDERING = 1 << 1, /* RACK.reordering_seen */
	RACK_ROUND = 1 << 2,      /* RACK.dsack_round is not None */
	RACK_MIN = 1 << 3,        /* min_rtt is valid */
	RACK_FACK = 1 << 4,       /* fack is */
	TLP_OUT = 1 << 5,         /* TLP.end_seq is not None */
	TLP_AGAIN = 1 << 6,       /* TLP.is_retrans */
	TLP_MEASURED = 1 << 7,    /* an RTT sample was taken since the last probe, 7.3 */
};

/* t->rack: RFC 8985 5.3, with its names. */
struct rack {
	usec xmit_ts;
	usec rtt, min_rtt;
	usec min_at; /* when min_rtt was measured */
	seq32 end_seq;
	seq32 fack;
	seq32 dsack_round;
	seq32 tlp_end; /* TLP.end_seq */
	uint16_t reo_wnd_mult, reo_wnd_persist;
	uint16_t flags;      /* set of enum rack_flag */
	uint16_t reordering; /* segments: the most that one came out of order; 0: never */
	usec reduced_at;     /* when the window was reduced for a lost repetition last */
};

_Static_assert(sizeof(struct loss) == TCP_BLOCK, "it fits a block, and all of it is compared");
_Static_assert(sizeof(struct rack) == TCP_BLOCK, "it fits a block, and all of it is compared");

/* Takes the blocks that the settings and the connection ask for. */
void loss_open(struct tcb *t, struct tcp_env *env);
void loss_flush(struct tcb *t, struct tcp_pool *pool);
struct loss loss_load(const struct tcb *t, const struct tcp_env *env); /* with t->loss != 0 */
void loss_store(const struct tcb *t, const struct loss *l, struct tcp_env *env);
struct rack rack_load(const struct tcb *t, const struct tcp_env *env); /* with t->rack != 0 */
void rack_store(const struct tcb *t, const struct rack *r, struct tcp_env *env);

uint32_t loss_blocks(const struct tcb *t);
bool loss_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool);

#endif
