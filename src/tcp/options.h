/* SPDX-License-Identifier: MIT */
/* options.h - what segments say in options and in the bits of ECN, and what is made of the peer's:
 * options.c, timestamps.c, sack_receiver.c, ecn.c, user_timeout.c. */
#ifndef TCP_OPTIONS_H
#define TCP_OPTIONS_H

#include <woshou/tcp.h>
#include "reply.h"

enum {
	SHIFT_MAX = 14,         /* RFC 7323 2.3 */
	TIMESTAMPS_OCTETS = 12, /* of the option, with its filling */
};

/* ---- options.c ------------------------------------------------------------------------------ */

uint8_t options_shift(const struct tcp_env *env); /* Rcv.Wind.Shift that our SYN offers */
/* On our SYN or SYN,ACK: the answer offers only what was offered. */
void options_offer(struct tcb *t, struct seg *out, struct tcp_env *env);
/* The peer's SYN, or SYN,ACK, has come: from now on it holds what both have said. */
void options_agree(struct tcb *t, const struct seg *s, struct tcp_env *env);
/* On any other segment but a RST. */
void options_put(struct tcb *t, struct seg *out, struct tcp_env *env);
/* Octets of options that every segment has: Eff.snd.MSS is less by them, RFC 6691. */
uint32_t options_octets(const struct tcb *t);
/* Octets of new text beside the SACK blocks and the user timeout that its segment will carry. */
uint32_t options_text_most(const struct tcb *t, const struct tcp_env *env);
/* SND.WND as SEG.WND tells it. */
uint32_t window_told(const struct tcb *t, const struct seg *s);

enum { UNSCALED = 1 << 14 }; /* in the ctl of the copy of a segment that arrives: it had a SYN */

/* ---- timestamps.c, RFC 7323 3 to 5 ---------------------------------------------------------- */

uint32_t timestamp_now(const struct tcb *t, const struct tcp_env *env);
void timestamps_put(const struct tcb *t, struct seg *out, const struct tcp_env *env);
void timestamps_agree(struct tcb *t, const struct seg *s, struct tcp_env *env);
enum timestamps_verdict { TS_FINE, TS_OLD, TS_DROPPED };
enum timestamps_verdict timestamps_check(struct tcb *t, const struct seg *s, struct tcp_env *env);
void timestamps_remember(struct tcb *t, const struct seg *s, struct tcp_env *env); /* R3 */
bool timestamps_echoed(const struct tcb *t, const struct seg *s, usec *until,
		       const struct tcp_env *env);
void timestamps_sample(struct tcb *t, const struct seg *s, struct tcp_env *env);   /* RTTM */

/* ---- sack_receiver.c, RFC 2018 4, 2883 4 ---------------------------------------------------- */

/* Has some of this text come before? Then the first run of it waits to be told. */
bool sack_duplicate(const struct tcb *t, const struct seg *s, struct tcp_env *env);
enum { SACK_ROOM = 40 }; /* octets of options in an ACK alone */

/* Octets of the option that the next segment should have room for. */
uint32_t sack_octets(const struct tcb *t, const struct tcp_env *env);
uint32_t sack_size(const struct seg *s); /* that its blocks take */
/* As many blocks as `room` octets hold. False: there would have been more. */
bool sack_put(const struct tcb *t, struct seg *out, uint32_t room, struct tcp_env *env);

/* ---- ecn.c, RFC 3168 6.1 -------------------------------------------------------------------- */

bool syn_is_bare(const struct tcb *t, const struct tcp_env *env); /* it has the MSS alone */
void ecn_offer(const struct tcb *t, struct seg *out, struct tcp_env *env); /* on our SYN */
void ecn_agree(struct tcb *t, const struct seg *s, struct tcp_env *env);   /* the peer's */
void ecn_again(struct tcb *t, const struct seg *s, struct tcp_env *env);   /* once more */
void ecn_reduced(struct tcb *t);                                           /* cwnd was */
void ecn_echo(const struct tcb *t, struct seg *out);                       /* on every ACK */
void ecn_mark(struct tcb *t, struct seg *out, struct tcp_env *env);        /* on new text */
void ecn_arrives(struct tcb *t, const struct seg *s, struct tcp_env *env); /* acceptable */

/* ---- user_timeout.c, RFC 5482 --------------------------------------------------------------- */

void user_timeout_offer(const struct tcb *t, struct seg *out, struct tcp_env *env); /* on our SYN */
void user_timeout_due(struct tcb *t, struct tcp_env *env); /* the next segment tells it */
void user_timeout_again(struct tcb *t, struct tcp_env *env); /* it may have been lost: 3.2 */
/* On any other segment, if it is due and there is room beside text and SACK blocks. */
void user_timeout_put(struct tcb *t, struct seg *out, struct tcp_env *env);
/* Octets that new text leaves for it, beside so many of SACK. */
uint32_t user_timeout_octets(const struct tcb *t, uint32_t sack, const struct tcp_env *env);
void user_timeout_take(struct tcb *t, const struct seg *s, struct tcp_env *env);
/* The connection is synchronized, or REMOTE_UTO another one: USER_TIMEOUT was `before`. */
void user_timeout_adopt(struct tcb *t, usec before, struct tcp_env *env);
bool user_timeout_is_adopted(const struct tcb *t, const struct tcp_env *env);
/* The running timer ends later, or sooner, than with `before`. */
void user_timeout_shift(struct tcb *t, usec before, struct tcp_env *env);
bool user_timeout_outlasts_r2(const struct tcb *t, struct tcp_env *env);

#endif
