/* SPDX-License-Identifier: MIT */
/* window.h - the receive window, and the acknowledgments owed: RFC 9293 3.8.6.2.2 and 3.8.6.3. */
#ifndef TCP_WINDOW_H
#define TCP_WINDOW_H

#include <woshou/tcp.h>

void window_open(struct tcb *t, struct tcp_env *env);  /* for the first SYN */
void window_offer(struct tcb *t, struct tcp_env *env); /* RCV.WND for the segment being formed */
uint16_t window_field(struct tcb *t, uint16_t ctl, struct tcp_env *env); /* SEG.WND of it */
void window_read(struct tcb *t, struct tcp_env *env);  /* the user has read, or RCV.BUFF changed */

/* The most that the header's field can say, and what one in it stands for. */
uint32_t window_limit(const struct tcb *t);
uint32_t window_unit(const struct tcb *t);

void owe_ack(struct tcb *t, enum rule r); /* now */
/* For the text of this segment: delayed, if it may be. */
void owe_ack_for(struct tcb *t, const struct seg *s, struct tcp_env *env);
void owe_ack_for_fin(struct tcb *t, struct tcp_env *env);   /* the peer's first */
void ack_quickly(struct tcb *t, const struct tcp_env *env); /* the next ACKs go at once */
void ack_read(struct tcb *t, struct tcp_env *env);          /* the user has read */
void ack_answered(struct tcb *t, struct tcp_env *env);      /* the user's new text leaves */
void ack_unanswered(struct tcb *t, struct tcp_env *env);    /* TIMER_ACK */
void pay_ack(struct tcb *t); /* a segment with the current ACK leaves */

#endif
