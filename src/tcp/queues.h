/* SPDX-License-Identifier: MIT */
/* queues.h - what a connection holds in blocks: sent and not acknowledged (rexmitq.c), received and
 * not read, received out of order (reasm.c). */
#ifndef TCP_QUEUES_H
#define TCP_QUEUES_H

#include <woshou/tcp.h>

/* One past its last sequence number. */
static inline seq32 rexmit_end(const struct rexmit *r)
{
	return seq_add(r->seq, seg_len(r->ctl, r->text));
}

/* In the ctl of a record, which never has RST: it left in one burst with the record before it. */
enum { REXMIT_TIED = RST };
enum { REXMIT_NONE = UINT32_MAX }; /* no record: what a search says that found nothing */

bool rexmitq_push(struct tcb *t, const struct rexmit *r,
		  struct tcp_pool *pool); /* false: no block */
struct rexmit rexmitq_back(const struct tcb *t, const struct tcp_pool *pool);
/* Records are counted from the front, which is 0. */
struct rexmit rexmitq_at(const struct tcb *t, uint32_t index, const struct tcp_pool *pool);
void rexmitq_set(struct tcb *t, uint32_t index, const struct rexmit *r, struct tcp_pool *pool);
/* The record that holds sequence number `at`; REXMIT_NONE. */
uint32_t rexmitq_find(const struct tcb *t, seq32 at, const struct tcp_pool *pool);
/* The record becomes two, the first with so much of its text (less than all of it), where
 * Eff.snd.MSS has become less; the front's must reach beyond SND.UNA. Both have its marks.
 * False: no block. */
bool rexmitq_split(struct tcb *t, uint32_t index, uint16_t text, struct tcp_pool *pool);
/* The record that holds TCB.resend_at, and the same with one more repetition noted. */
struct rexmit rexmitq_resend(const struct tcb *t, const struct tcp_pool *pool);
void rexmitq_tie(struct tcb *t, struct tcp_pool *pool); /* the last: REXMIT_TIED */
void rexmitq_front_again(struct tcb *t);
void rexmitq_resend_again(struct tcb *t, struct tcp_pool *pool);
void rexmitq_resend_start(struct tcb *t); /* from SND.UNA; sets DUE_RESEND */
void rexmitq_resend_stop(struct tcb *t);

/* Everything before SND.UNA is acknowledged: whole records go. */
void rexmitq_acked(struct tcb *t, struct board_news *news /* or NULL */, struct tcp_pool *pool);
void rexmitq_flush(struct tcb *t, struct tcp_pool *pool);
uint32_t rexmitq_blocks(const struct tcb *t);
bool rexmitq_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool);

/* ---- the scoreboard: what is thought to have become of the records (board.c) ----------------- */

/* A set of kinds, for board_seek. Every record is of one kind. */
enum board_kind {
	BOARD_FRESH = 1 << 0,  /* no mark */
	BOARD_LOST = 1 << 1,   /* MARK_LOST */
	BOARD_AGAIN = 1 << 2,  /* MARK_AGAIN, and not SACKED */
	BOARD_SACKED = 1 << 3, /* MARK_SACKED */
};

static inline unsigned board_kind(const struct rexmit *r)
{
	if (r->marks & MARK_SACKED)
		return BOARD_SACKED;
	if (r->marks & MARK_LOST)
		return BOARD_LOST;
	return r->marks & MARK_AGAIN ? BOARD_AGAIN : BOARD_FRESH;
}

/* Whole records inside the block are SACKED, and nothing else any more. */
void board_sack(struct tcb *t, struct sack_block block, struct board_news *news,
		struct tcp_pool *pool);
/* LOST, unless it is SACKED or LOST. A repetition can be lost too. */
void board_lose(struct tcb *t, uint32_t index, struct tcp_pool *pool);
/* The same with every record that ends at or before `edge` and has no mark: where a repetition
 * lies says nothing of its fate. */
void board_lose_below(struct tcb *t, seq32 edge, struct tcp_pool *pool);
void board_lose_all(struct tcb *t, struct tcp_pool *pool); /* every one that is not SACKED */
/* The peer has given up what it held (RFC 2018 8): what was SACKED is LOST. */
void board_forget(struct tcb *t, struct tcp_pool *pool);
/* What was thought lost is on its way after all, or was sent again. */
void board_unlose(struct tcb *t, struct tcp_pool *pool);
uint32_t board_next_lost(const struct tcb *t, const struct tcp_pool *pool); /* the lowest */
/* It was sent once more, now: AGAIN, and the newest. */
void board_sent_again(struct tcb *t, uint32_t index, usec now, struct tcp_pool *pool);
/* In the order of sending, those that are neither SACKED nor LOST; REXMIT_NONE: no more. One that
 * was lost just now still knows who is newer. */
uint32_t board_oldest(const struct tcb *t, const struct tcp_pool *pool);
uint32_t board_newer(const struct tcb *t, uint32_t index, const struct tcp_pool *pool);
/* The first record at or behind `from` of one of these kinds; REXMIT_NONE. */
uint32_t board_seek(const struct tcb *t, unsigned kinds, uint32_t from,
		    const struct tcp_pool *pool);
/* How many have one of these marks, by walking: for TCP_INFO. */
uint32_t board_count(const struct tcb *t, unsigned marks, const struct tcp_pool *pool);
/* For the queue alone: a record is acknowledged and leaves. */
void board_leaves(struct tcb *t, const struct rexmit *r, struct board_news *news);
void board_check(const struct tcb *t, const struct tcp_pool *pool);

/* A run of text that was received: waiting for the user, or out of order. */
struct run {
	struct text text;
	seq32 seq; /* out of order: of its first octet */
	uint32_t next;
	uint32_t prev; /* in order: the last run, and only of the first one */
	/* Out of order: */
	uint32_t heard;        /* with SACK: the greater, the later was it heard of; 0: never */
	uint32_t newer, older; /* with heard > 0: those heard of next and before */
	uint32_t recent;       /* of the first run only: the one heard of last */
};

enum { HELD_MAX = 256 }; /* runs out of order: gaps in the sequence space */

struct run run_at(const struct tcp_pool *pool, uint32_t block);

/* Received in order, waiting for the user. False: no block. */
bool receiveq_push(struct tcb *t, struct text text, struct tcp_pool *pool);
struct text receiveq_take(struct tcb *t, uint32_t n,
			  struct tcp_pool *pool); /* len 0: nothing there */
void receiveq_flush(struct tcb *t, struct tcp_pool *pool);

/* Keeps what is new of text at `at` > RCV.NXT, or before the connection is established. What came
 * first stays. False: not all of it could be kept. */
bool held_insert(struct tcb *t, seq32 at, struct text text, struct tcp_pool *pool);
/* The run that begins at or before RCV.NXT, trimmed to begin there; len 0: none. */
struct text held_take(struct tcb *t, struct tcp_pool *pool);
/* Text at `at` has come: the run that holds it is the one heard of last. */
void held_hear(struct tcb *t, seq32 at, struct tcp_pool *pool);
void held_flush(struct tcb *t, struct tcp_pool *pool);
/* What the SACK receiver tells (RFC 2018 4): ranges of octets held without a gap, however their
 * text lies in the stream. The one that has `at`; false: none has. */
bool held_run_of(const struct tcb *t, seq32 at, struct sack_block *out,
		 const struct tcp_pool *pool);
/* The `most` heard of last, the last of all first, that lie beyond RCV.NXT; says how many. */
uint32_t held_recent(const struct tcb *t, struct sack_block *out, uint32_t most,
		     const struct tcp_pool *pool);
/* The run that begins at or before `at`; 0: none. */
uint32_t held_find(const struct tcb *t, seq32 at, const struct tcp_pool *pool);
/* The lowest `most` of them, lowest first; says how many. */
size_t held_ranges(const struct tcb *t, struct sack_block *out, size_t most,
		   const struct tcp_pool *pool);

/* records.c: no segment goes beyond an edge that is ahead of SND.NXT. */
void records_end(struct tcb *t, seq32 at, struct tcp_pool *pool);
uint32_t records_room(const struct tcb *t, uint32_t n, const struct tcp_pool *pool); /* <= n */
void records_sent(struct tcb *t, struct tcp_pool *pool); /* SND.NXT has moved */

/* sendbuf.c: who waits for room. */
void room_missed(struct tcb *t);                    /* a SEND was not taken whole */
void room_made(struct tcb *t, struct tcp_env *env); /* text was acknowledged */
void room_tell(struct tcb *t, struct tcp_env *env); /* what may be sent has left */

bool reasm_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool);
uint32_t reasm_blocks(const struct tcb *t, const struct tcp_pool *pool);
void held_check(const struct tcb *t, const struct tcp_pool *pool);

#endif
