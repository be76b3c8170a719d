/* SPDX-License-Identifier: MIT */
/*
 * sack.h - loss recovery of a connection that has SACK (RFC 6675), inside recovery.c: the states
 * between which it goes, and the mechanisms that may be on: rack.c, tlp.c, prr.c, frto.c, undo.c.
 */
#ifndef TCP_SACK_H
#define TCP_SACK_H

#include "cc.h"
#include "loss.h"

/* Has it SACK, and a block to remember what SACK tells? */
static inline bool is_sack(const struct tcb *t)
{
	return (t->flags & TCB_SACK) && t->loss != 0;
}

static inline bool is_rack(const struct tcb *t, const struct tcp_env *env)
{
	return env->profile->rack && t->rack != 0;
}

/* FlightSize. */
static inline uint32_t flight_size(const struct tcb *t)
{
	return seq_span(t->snd.una, t->snd.nxt);
}

/* SetPipe (), RFC 6675 4: the octets that are thought to be in the network. */
static inline uint32_t pipe_octets(const struct tcb *t)
{
	return flight_size(t) - t->board.sacked - t->board.lost;
}

struct cc_event cc_event_of(const struct tcb *t, struct tcp_env *env); /* recovery.c */

/* ---- sack.c: RFC 6675 5, and the way through the states ---- */
void sack_acked(struct tcb *t, uint32_t text, struct tcp_env *env); /* an ACK, of so much text */
void sack_dsack_late(struct tcb *t, struct tcp_env *env); /* a D-SACK, and nothing is outstanding */
void sack_late(struct tcb *t, struct tcp_env *env); /* the reordering timer */
void sack_timeout(struct tcb *t, struct tcp_env *env);
void sack_resend(struct tcb *t, enum rule r, struct tcp_env *env); /* all that is not SACKED */
void sack_enter(struct tcb *t, struct loss *l, struct tcp_env *env); /* step (4) */
/* NextSeg () of rules 1, or 3 and 4: a record; REXMIT_NONE. */
uint32_t sack_next_lost(const struct tcb *t, const struct tcp_env *env);
uint32_t sack_next_rest(struct tcb *t, struct tcp_env *env);

/* ---- prr.c: RFC 6937 ---- */
void prr_begin(struct tcb *t, struct loss *l, uint32_t flight, struct tcp_env *env);
void prr_timed(struct tcb *t, const struct loss *l); /* losses told by a timer */
void prr_acked(struct tcb *t, struct loss *l, bool is_safe, struct tcp_env *env);
void prr_end(struct tcb *t, struct loss *l, struct tcp_env *env);

/* ---- rack.c: RFC 8985 6 ---- */
void rack_heard(struct tcb *t, struct tcp_env *env); /* 6.2 steps 1 to 4 */
/* Step 5, and the reordering timer. True: a repetition is lost, the first since this was said. */
bool rack_detect(struct tcb *t, struct tcp_env *env);
void rack_left(struct tcb *t, struct tcp_env *env);  /* recovery is over: step 4 */
void rack_timed_out(struct tcb *t, struct tcp_env *env); /* 6.3 */

/* ---- tlp.c: RFC 8985 7 ---- */
void tlp_init(struct tcb *t, struct tcp_env *env);                 /* 7.1 */
void tlp_schedule(struct tcb *t, struct tcp_env *env);             /* 7.2 */
void tlp_expire(struct tcb *t, struct tcp_env *env);               /* 7.3 */
void tlp_sent(struct tcb *t, bool is_again, struct tcp_env *env);  /* 7.3 */
void tlp_heard(struct tcb *t, struct loss *l, struct tcp_env *env); /* 7.4 */

/* ---- undo.c: RFC 3522, 3708, 4015 ---- */
void undo_begin(struct tcb *t, struct loss *l, bool is_rto, struct tcp_env *env);
void undo_heard(struct tcb *t, struct loss *l, struct tcp_env *env); /* D-SACKs are counted */
bool undo_may(const struct tcb *t, struct loss *l, struct tcp_env *env);
void undo_do(struct tcb *t, struct loss *l, enum rule r, struct tcp_env *env);
void undo_sent(struct loss *l, const struct seg *out);

/* ---- frto.c: RFC 5682 ---- */
void frto_begin(struct tcb *t, struct loss *l, bool was_recovering, struct tcp_env *env);
/* True: the timeout was spurious, and recovery from it is over. */
bool frto_acked(struct tcb *t, struct loss *l, bool moved, struct tcp_env *env);

#endif
