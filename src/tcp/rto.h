/* SPDX-License-Identifier: MIT */
/* rto.h - the retransmission timeout, RFC 6298. */
#ifndef TCP_RTO_H
#define TCP_RTO_H

#include <woshou/tcp.h>

void rto_time(struct tcb *t, struct tcp_env *env);  /* what was just sent is timed, if nothing is */
void rto_karn(struct tcb *t, struct tcp_env *env);  /* something is repeated */
void rto_sample(struct tcb *t, usec r, struct tcp_env *env); /* R of (2.2), (2.3) */
void rto_acked(struct tcb *t, struct tcp_env *env); /* SND.UNA has moved up */
void rto_back_off(struct tcb *t, struct tcp_env *env);
void rto_syn_acked(struct tcb *t, struct tcp_env *env);
/* (5.1) started unless it runs; (5.2), (5.3) stopped or started again after new data was acked. */
void rto_timer_start(struct tcb *t, struct tcp_env *env);
void rto_timer_restart(struct tcb *t, struct tcp_env *env);
/* 3.8.6.1: how long to wait for the next zero-window probe. RTO itself is not backed off: a full
 * receiver is no sign of a slow path. */
usec rto_probe_wait(const struct tcb *t, const struct tcp_env *env);

#endif
