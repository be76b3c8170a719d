/* SPDX-License-Identifier: MIT */
/* window.h - the receive window, and the acknowledgments owed: RFC 9293 3.8.6.2.2 and 3.8.6.3. */
#ifndef TCP_WINDOW_H
#define TCP_WINDOW_H

#include <woshou/tcp.h>

void window_open(struct tcb *t, struct tcp_env *env);  /* for the first SYN */
void window_offer(struct tcb *t, struct tcp_env *env); /* RCV.WND for the segment being formed */
void window_read(struct tcb *t, struct tcp_env *env);  /* the user has read, or RCV.BUFF changed */

void owe_ack(struct tcb *t, enum rule r);                              /* now */
void owe_ack_for(struct tcb *t, uint32_t octets, struct tcp_env *env); /* delayed, if it may be */
void pay_ack(struct tcb *t); /* a segment with the current ACK leaves */

#endif
