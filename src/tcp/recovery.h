/* SPDX-License-Identifier: MIT */
/* recovery.h - what is sent again and when, and how the congestion window hears of it. */
#ifndef TCP_RECOVERY_H
#define TCP_RECOVERY_H

#include <woshou/tcp.h>

void recovery_open(struct tcb *t, uint32_t losses, struct tcp_env *env); /* our SYN is acked */
/* The SACK blocks of a segment whose ACK is acceptable, before SND.UNA moves. */
void recovery_sacked(struct tcb *t, const struct seg *s, struct tcp_env *env);
void recovery_acked(struct tcb *t, uint32_t text, struct tcp_env *env);    /* SND.UNA moved up */
void recovery_duplicate(struct tcb *t, uint32_t wnd, struct tcp_env *env); /* SEG.ACK = SND.UNA */
void recovery_told(struct tcb *t, struct tcp_env *env); /* the same, whatever else it carries */
void recovery_ecn(struct tcb *t, struct tcp_env *env);  /* ECE was heard */
void recovery_timeout(struct tcb *t, struct tcp_env *env); /* the retransmission timer */
void recovery_used(struct tcb *t, uint32_t text, struct tcp_env *env); /* new text has gone */
void recovery_idle(struct tcb *t, struct tcp_env *env);    /* before new text after silence */
void recovery_late(struct tcb *t, struct tcp_env *env); /* TIMER_LOSS */
void recovery_grow(struct tcb *t, uint32_t text, struct tcp_env *env); /* cwnd, for an ACK */
/* A segment with text leaves, for the first time or again. */
void recovery_sent(struct tcb *t, const struct seg *out, bool is_again, struct tcp_env *env);
/* What counts against cwnd: FlightSize, or with SACK the pipe. */
uint32_t recovery_outstanding(const struct tcb *t, const struct tcp_env *env);
/* How much more than cwnd may be outstanding: limited transmit, RFC 3042. */
uint32_t recovery_allowance(const struct tcb *t, const struct tcp_env *env);
/* Everything outstanding is sent again from SND.UNA on: the path carries less than we thought. */
void recovery_resend(struct tcb *t, enum rule r, struct tcp_env *env);

void probe_opened(struct tcb *t, struct tcp_env *env);   /* SND.WND is no longer zero */
void probe_answered(struct tcb *t, struct tcp_env *env); /* it still is */

#endif
