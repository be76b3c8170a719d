/* SPDX-License-Identifier: MIT */
/* recovery.h - what is sent again and when, and how the congestion window hears of it. */
#ifndef TCP_RECOVERY_H
#define TCP_RECOVERY_H

#include <woshou/tcp.h>

void recovery_open(struct tcb *t, struct tcp_env *env); /* our SYN is acknowledged */
void recovery_acked(struct tcb *t, uint32_t text, struct tcp_env *env);    /* SND.UNA moved up */
void recovery_duplicate(struct tcb *t, uint32_t wnd, struct tcp_env *env); /* SEG.ACK = SND.UNA */
void recovery_timeout(struct tcb *t, struct tcp_env *env); /* the retransmission timer */
void recovery_idle(struct tcb *t, struct tcp_env *env);    /* before new text after silence */
/* Everything outstanding is sent again from SND.UNA on: the path carries less than we thought. */
void recovery_resend(struct tcb *t, enum rule r, struct tcp_env *env);

void probe_opened(struct tcb *t, struct tcp_env *env);   /* SND.WND is no longer zero */
void probe_answered(struct tcb *t, struct tcp_env *env); /* it still is */

#endif
