/* SPDX-License-Identifier: MIT */
/*
 * tcp.h - the engine: one TCP endpoint as a value (RFC 9293).
 *
 * Sans I/O. In: the user's calls, an arriving segment, expired time. Out, polled after every in:
 * segments (tcp_poll_segment, until it says no), signals (env->signals), notes (env->notes), the
 * next deadline (tcp_next_timeout). Time, ISS, settings and memory come with each call in a struct
 * tcp_env; the engine fetches nothing, keeps no pointer, and never calls back.
 *
 *	tcp_arrives(&t, &s, &env);
 *	while (tcp_poll_segment(&t, &out, &env))
 *		give_to_ip(&out);
 *	if (env.signals & TCP_SIG_READABLE) ...
 *	arm_timer(tcp_next_timeout(&t));
 *
 * A struct tcb may be copied, compared and hashed with tcb_eq/tcb_hash (by content: what it holds
 * in the pool counts, the block numbers do not). tcb_copy duplicates its blocks.
 */
#ifndef WOSHOU_TCP_H
#define WOSHOU_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/profile.h>
#include <woshou/rule.h>
#include <woshou/seg.h>
#include <woshou/seq.h>

enum state {
#define STATE(name, printed, rfc) name,
#include <woshou/state.def>
#undef STATE
	STATE_COUNT,
};

const char *state_name(enum state s); /* "SYN_RCVD" */

/* Blocks for what a connection holds only at times: segments not yet acknowledged, text received
 * and not yet read, text out of order. Fixed size, named by index; 0 is "none". The owner of the
 * pool makes it grow between calls (tcp_pool_extend); inside a call taking one is no allocation.
 * When none is left, new text is not sent and out-of-order text is not kept: nothing breaks. */
enum { TCP_BLOCK = 64, TCP_BLOCKS_MAX = 1 << 28 };

struct tcp_block {
	uint32_t word[TCP_BLOCK / 4];
};

struct tcp_pool {
	struct tcp_block *blocks; /* the owner's memory; blocks[0] is never used */
	uint32_t count;           /* blocks there are */
	uint32_t free;            /* first of the free list, 0: none */
	uint32_t free_count;
};

void tcp_pool_extend(struct tcp_pool *p, struct tcp_block *blocks, uint32_t count);

enum tcp_origin { ORIGIN_PASSIVE, ORIGIN_ACTIVE }; /* MUST-11: how SYN-RECEIVED was reached */

enum tcp_timer {
	TIMER_RETRANSMIT, /* RFC 6298; while SND.WND is zero: the probe (3.8.6.1) */
	TIMER_OVERRIDE,   /* sender SWS avoidance, 3.8.6.2.1 (4) */
	TIMER_ACK,        /* delayed ACK, 3.8.6.3 */
	TIMER_KEEPALIVE,  /* 3.8.4 */
	TIMER_TIME_WAIT,  /* 2 MSL; in FIN-WAIT-2 the local limit */
	TIMER_USER,       /* 3.10.8 USER TIMEOUT */
	TIMER_LOSS,       /* RFC 8985: the reordering window (6.3), or the probe timeout (7.2) */
	TIMER_PACE,       /* text that may leave waits for its time */
	TIMER_COUNT,
};

#include <woshou/tcb.h> /* struct tcb: all its fields */

/* Signals to the user: what happened in this event. */
enum tcp_signal {
	TCP_SIG_ESTABLISHED = 1 << 0, /* the connection has opened */
	TCP_SIG_REFUSED = 1 << 1,     /* "connection refused": a RST answers our SYN or SYN,ACK */
	TCP_SIG_RESET = 1 << 2,       /* "connection reset" */
	TCP_SIG_CLOSING = 1 << 3,     /* "connection closing": the peer's FIN */
	TCP_SIG_TIMEOUT = 1 << 4,     /* "connection aborted due to user timeout", R2, keep-alive */
	TCP_SIG_READABLE = 1 << 5,    /* more to RECEIVE than before */
	TCP_SIG_WRITABLE = 1 << 6,    /* octets SENT were acknowledged; or `write third` */
	TCP_SIG_URGENT = 1 << 7,      /* MUST-32 */
	/* The TCB is deleted; after an orderly close text not yet read may be RECEIVEd. */
	TCP_SIG_CLOSED = 1 << 8,
	TCP_SIG_RELISTEN = 1 << 9,    /* SYN-RECEIVED went back to LISTEN */
	TCP_SIG_R1 = 1 << 10,         /* R1 reached: negative advice to IP, SHLD-9 */
	TCP_SIG_SOFT_ERROR = 1 << 11, /* ICMP told of trouble: SHLD-25 */
	TCP_SIG_UNREACHABLE = 1 << 12, /* ICMP ended it: SHLD-26 */
	/* TIME-WAIT met an acceptable new SYN (MAY-2): the TCB is deleted, the owner hands the same
	 * segment to the listener, with an ISS above env->reopen_iss. */
	TCP_SIG_REOPEN = 1 << 13,
	TCP_SIG_CLOSE_DONE = 1 << 14, /* our FIN is acknowledged: CLOSE may be answered "ok" */
	TCP_SIG_USER_TIMEOUT = 1 << 15, /* the peer has told one, and ours stays: RFC 5482 3.1 */
};

/* What the engine did and why, for the trace. One note a decision, in order. */
struct tcp_note {
	uint16_t rule; /* enum rule */
	uint8_t from, to; /* states, when they differ; else both the state then */
};

enum { TCP_NOTES_MAX = 64 };

struct tcp_env {
	usec now;
	const struct tcp_profile *profile;
	struct tcp_pool *pool;
	seq32 iss;           /* to take if the call opens; tcb.iss tells whether it did */
	bool is_ipv6;        /* default MSS 1220 instead of 536 (MUST-15) */
	bool is_unclaimed;   /* nobody has accepted the connection yet */
	uint64_t *rule_hits; /* RULE_COUNT counters, or NULL */
	struct tcp_note *notes; /* TCP_NOTES_MAX of them, or NULL */

	/* Out. The engine adds to them; the owner clears them when it has seen them. */
	uint32_t signals;   /* set of enum tcp_signal */
	uint32_t notes_count;
	seq32 reopen_iss;   /* with TCP_SIG_REOPEN */

	/* Between an event and tcp_poll_segment: a segment formed at its RFC line (RST, ACK). */
	bool has_reply;
	struct seg reply;
	uint32_t burst;   /* segments of new text polled since then */
	usec pace_credit; /* with burst > 0: its lateness, not made good yet */
	/* And text of the segment that has arrived which had come before: RFC 2883. */
	bool has_twice;
	struct sack_block twice;

	/* Within tcp_arrives: what the segment has told of the retransmission queue. */
	struct board_news news;
};

/* The RFC's immediate returns. */
enum tcp_answer {
	TCP_OK,
	TCP_NOT_OPEN,     /* "connection does not exist" */
	TCP_EXISTS,       /* "connection already exists" */
	TCP_CLOSING,      /* "connection closing" */
	TCP_RESOURCES,    /* "insufficient resources" */
	TCP_UNSPECIFIED,  /* "remote socket unspecified" */
	TCP_WAIT,         /* RECEIVE: queued until text arrives (nothing there now) */
};

const char *tcp_answer_text(enum tcp_answer a);

/* A fresh CLOSED TCB. `stream` is the number of the stream that the user's octets form (struct
 * text); SEND accounts for octets, it never sees them. */
void tcb_init(struct tcb *t, uint32_t stream, struct tcp_env *env);
void tcb_fini(struct tcb *t, struct tcp_env *env); /* gives its blocks back without a word */
void tcb_copy(struct tcb *to, const struct tcb *from, struct tcp_env *env);
bool tcb_eq(const struct tcb *a, const struct tcb *b, const struct tcp_pool *pool_a,
	    const struct tcp_pool *pool_b);
uint64_t tcb_hash(const struct tcb *t, const struct tcp_pool *pool);
uint32_t tcb_blocks(const struct tcb *t, const struct tcp_pool *pool); /* that tcb_copy will take */
/* Panic when an invariant is broken: the first after each event, the second looks everywhere. */
void tcb_check(const struct tcb *t, const struct tcp_env *env);
void tcb_check_deep(const struct tcb *t, const struct tcp_env *env);

/* 3.10.1-3.10.6, the user's calls. */
enum tcp_open { OPEN_PASSIVE, OPEN_ACTIVE };
enum tcp_answer tcp_call_open(struct tcb *t, enum tcp_open how, struct tcp_env *env);

/* SEND_RECORD: no segment carries text of this SEND together with text of a later one. */
enum tcp_send { SEND_PUSH = 1, SEND_URGENT = 2, SEND_RECORD = 4 };
/* Takes as many of n octets as SO_SNDBUF has room for and says how many in *taken. */
enum tcp_answer tcp_call_send(struct tcb *t, uint32_t n, unsigned flags, uint32_t *taken,
			      struct tcp_env *env);

/* One run of at most n octets; *out names it. TCP_WAIT: nothing yet. TCP_CLOSING: end of stream. */
enum tcp_answer tcp_call_receive(struct tcb *t, uint32_t n, struct text *out, struct tcp_env *env);

/* What a RECEIVE of all there is would be answered, and how much it would find. */
enum tcp_answer tcp_call_peek(const struct tcb *t, uint32_t *there);

/* SO_SNDBUF and RCV.BUFF as they are for this connection now. */
uint32_t tcp_send_buffer(const struct tcb *t, const struct tcp_profile *p,
			 const struct tcp_pool *pool);
uint32_t tcp_receive_buffer(const struct tcb *t, const struct tcp_profile *p,
			    const struct tcp_pool *pool);
uint32_t tcp_unsent(const struct tcb *t); /* octets SENT and never put into a segment yet */
/* How much one SEND would take now, and whether a writer that waits is to be woken. */
uint32_t tcp_send_room(const struct tcb *t, const struct tcp_profile *p,
		       const struct tcp_pool *pool);
bool tcp_is_writable(const struct tcb *t, const struct tcp_profile *p,
		     const struct tcp_pool *pool);
/* Segments not acknowledged that have one of these marks (enum rexmit_mark). Walks all of them. */
uint32_t tcp_records_marked(const struct tcb *t, unsigned marks, const struct tcp_pool *pool);

uint32_t tcp_urgent_left(const struct tcb *t); /* octets of it not yet read: MUST-33 */

/* CLOSE_SEND: the RFC's CLOSE, simplex (shutdown(SHUT_WR)). CLOSE_BOTH: the user is gone, nothing
 * will be read any more (close()): MAY-1, SHLD-3 by the profile's reset_unread. */
enum tcp_close { CLOSE_SEND, CLOSE_BOTH };
enum tcp_answer tcp_call_close(struct tcb *t, enum tcp_close how, struct tcp_env *env);
enum tcp_answer tcp_call_abort(struct tcb *t, struct tcp_env *env);
enum tcp_answer tcp_call_status(const struct tcb *t, enum state *state);
/* More of STATUS: how loss recovery stands, in segments. Walks the retransmission queue. */
enum tcp_ca {
	CA_OPEN,     /* nothing suspicious */
	CA_DISORDER, /* duplicate ACKs or SACKs, not enough to tell a loss */
	CA_CWR,      /* the window is reduced for an ECN mark */
	CA_RECOVERY, /* fast recovery */
	CA_LOSS,     /* after a timeout */
};

struct tcp_facts {
	enum tcp_ca ca;
	uint32_t unacked;  /* outstanding */
	uint32_t sacked;   /* of these the peer holds; without SACK: duplicate ACKs */
	uint32_t lost;     /* of these are thought lost, sent again or not */
	uint32_t again;    /* of these were sent again, and that copy is on its way */
	uint32_t total_again; /* sent again since the connection began */
	uint32_t reordering;  /* how far out of order segments come; dupthresh at least */
	bool has_reordering;  /* by RACK, as min_rtt */
	usec min_rtt;
	uint32_t backoff;  /* doublings of RTO since the last new ACK */
};

void tcp_facts(const struct tcb *t, struct tcp_facts *out, const struct tcp_env *env);
/* Settings of a running connection were changed in env->profile: what depends on them follows. */
void tcp_call_settings(struct tcb *t, struct tcp_env *env);
void tcp_call_user_timeout(struct tcb *t, struct tcp_env *env); /* ADV_UTO is another, RFC 5482 */

/* 3.10.7. The segment's checksum was good and its four-tuple is this connection's. */
void tcp_arrives(struct tcb *t, const struct seg *s, struct tcp_env *env);

/* SYN cookies, RFC 4987 3.6. `secret` is the owner's keyed function of addresses, ports and count.
 * The answer to a SYN: tcp_cookie_make() trims off the SYN what cannot be agreed and gives the ISS;
 * a copy of the listening TCB takes that SYN, its SYN,ACK is stamped and leaves, the copy goes.
 * When an ACK for nobody comes: tcp_cookie_when() tells the count (false: too old),
 * tcp_cookie_take() the SYN (false: forged); such a copy takes it, is restored, takes the ACK. */
uint32_t tcp_cookie_count(usec now);
usec tcp_cookie_life(void); /* no cookie is good for longer */
seq32 tcp_cookie_make(const struct tcb *t, struct seg *syn, uint32_t secret, struct tcp_env *env);
void tcp_cookie_stamp(const struct seg *syn, struct seg *answer);
bool tcp_cookie_when(const struct seg *ack, usec now, uint32_t *count);
bool tcp_cookie_take(const struct tcb *t, const struct seg *ack, uint32_t secret, struct seg *syn,
		     struct tcp_env *env);
void tcp_cookie_old(const struct tcb *t, struct tcp_env *env); /* why: it was too old */
void tcp_cookie_restore(struct tcb *t);

/* 3.10.7.1 for a segment that belongs to nobody: true when *reset answers it. */
bool tcp_answer_closed(const struct seg *s, struct seg *reset, struct tcp_env *env);

/* 3.9.2.2. An ICMP error about a segment of this connection, already matched by four-tuple. */
enum tcp_icmp {
	ICMP_SOFT,       /* destination unreachable 0, 1, 5; time exceeded; parameter problem */
	ICMP_HARD,       /* destination unreachable 2, 3 */
	ICMP_TOO_BIG,    /* fragmentation needed: mtu says how much fits */
	ICMP_QUENCH,     /* MUST-55: ignored */
	ICMP_PROHIBITED, /* "administratively prohibited": hard or soft by the profile */
};
void tcp_arrives_icmp(struct tcb *t, enum tcp_icmp what, seq32 about, uint32_t mtu,
		      struct tcp_env *env);

/* 3.10.8. Every timer that is due at env->now. */
void tcp_expire(struct tcb *t, struct tcp_env *env);

/* The next segment to send now; false: none. After each event call it until it says false. */
bool tcp_poll_segment(struct tcb *t, struct seg *out, struct tcp_env *env);

/* The earliest deadline, USEC_NEVER when there is none. tcp_expire then; never earlier. */
usec tcp_next_timeout(const struct tcb *t);

/* A connection in TIME-WAIT in few octets, and back: the same eight checks run on the unpacked. */
bool tcp_may_pack(const struct tcb *t); /* in TIME-WAIT, everything read, nothing owed */
void tcp_pack(const struct tcb *t, struct tcb_time_wait *out); /* its blocks stay its own */
void tcp_unpack(const struct tcb_time_wait *p, struct tcb *t, struct tcp_env *env);

/* Figure 5. */
bool edge_exists(enum state from, enum state to);
size_t edge_count(void);
void edge_at(size_t index, enum state *from, enum state *to, const char **label);
const char *edge_source(size_t index); /* "RFC 9293 Figure 5, note 1" */

/* The TCB's fields by name, for the trace, for expectations, for STATUS. (tcb_field.def) */
enum tcb_field_kind {
	FIELD_SEQ,
	FIELD_COUNT,
	FIELD_BYTES,
	FIELD_TIME,
	FIELD_DEADLINE,
	FIELD_BOOL,
	FIELD_STATE,
};

enum tcb_field {
#define FIELD(id, name, kind, expression, meaning) F_##id,
#include <woshou/tcb_field.def>
#undef FIELD
	TCB_FIELD_COUNT,
};

const char *tcb_field_name(enum tcb_field f); /* "snd.una" */
enum tcb_field_kind tcb_field_kind_of(enum tcb_field f);
const char *tcb_field_meaning(enum tcb_field f);
int tcb_field_named(const char *name); /* -1: no such. "SND.UNA" too */
int64_t tcb_field_get(const struct tcb *t, enum tcb_field f);

#endif
