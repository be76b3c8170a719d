/* SPDX-License-Identifier: MIT */
/* options.h - what segments say in options and in the bits of ECN, and what is made of the peer's:
 * options.c, timestamps.c, sack_receiver.c, ecn.c. */
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
void timestamps_sample(struct tcb *t, const struct seg *s, struct tcp_env *env);   /* RTTM */

/* ---- sack_receiver.c, RFC 2018 4, 2883 4 ---------------------------------------------------- */

/* Has some of this text come before? Then the first run of it waits to be told. */
bool sack_duplicate(const struct tcb *t, const struct seg *s, struct tcp_env *env);
enum { SACK_ROOM = 40 }; /* octets of options in an ACK alone */

/* Octets of the option that the next segment should have room for. */
uint32_t sack_octets(const struct tcb *t, const struct tcp_env *env);
/* As many blocks as `room` octets hold. False: there would have been more. */
bool sack_put(const struct tcb *t, struct seg *out, uint32_t room, struct tcp_env *env);

/* ---- ecn.c, RFC 3168 6.1 -------------------------------------------------------------------- */

void ecn_offer(const struct tcb *t, struct seg *out, struct tcp_env *env); /* on our SYN */
void ecn_agree(struct tcb *t, const struct seg *s, struct tcp_env *env);   /* the peer's */
void ecn_echo(const struct tcb *t, struct seg *out);                       /* on every ACK */
void ecn_mark(struct tcb *t, struct seg *out, struct tcp_env *env);        /* on new text */
void ecn_arrives(struct tcb *t, const struct seg *s, struct tcp_env *env); /* acceptable */

#endif
