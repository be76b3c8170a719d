/* SPDX-License-Identifier: MIT */
/*
 * reply.h - how a check ends. Answers to an unacceptable segment are formed at their RFC line and
 * leave first; ACKs for accepted text and FIN are only owed, and output.c pays them all at once.
 */
#ifndef TCP_REPLY_H
#define TCP_REPLY_H

#include <woshou/tcp.h>

/* "Continue processing", or drop the segment "and return". */
enum verdict { CONTINUE, RETURN };

enum verdict drop(struct tcb *t, enum rule r, struct tcp_env *env);
/* <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and drop the segment. */
enum verdict reply_ack(struct tcb *t, enum rule r, struct tcp_env *env);
/* The same within the limit of RFC 5961 section 7; beyond it only the dropping. */
enum verdict reply_challenge(struct tcb *t, enum rule r, struct tcp_env *env);
/* May another such ACK be sent in this period? It is counted. */
bool challenge_may(struct tcb *t, const struct tcp_env *env);
/* With an ACK <SEQ=SEG.ACK><CTL=RST>, else <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>. */
enum verdict reply_reset(struct tcb *t, const struct seg *s, enum rule r, struct tcp_env *env);
/* The same two resets, where the TCB is deleted for the same rule; and the user's own,
 * <SEQ=SND.NXT><CTL=RST>. With our numbers: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>. */
void answer_reset(const struct seg *s, enum rule r, struct tcp_env *env);
void answer_reset_own(const struct tcb *t, enum rule r, struct tcp_env *env);
void send_reset(struct tcb *t, enum rule r, struct tcp_env *env);

#endif
