/* SPDX-License-Identifier: MIT */
/* output.h - what leaves: forming segments, and the connection's first one. */
#ifndef TCP_OUTPUT_H
#define TCP_OUTPUT_H

#include <woshou/tcp.h>

/* A segment without text: <SEQ=number>, current ACK and window when ACK is set, urgent pointer. An
 * ACK that is owed is paid by it. */
void seg_form(struct tcb *t, struct seg *out, seq32 number, uint16_t ctl, enum rule r,
	      struct tcp_env *env);
/* SEG.SEQ of an ACK without text: SND.NXT, but see rule ACK_ZERO_WINDOW. */
seq32 ack_number(struct tcb *t, struct tcp_env *env);

/* Selects the ISS; SND.UNA is ISS, SND.NXT is ISS+1; the SYN waits on the retransmission queue. */
void connection_start(struct tcb *t, struct tcp_env *env);
void syn_due(struct tcb *t, enum rule r);

#endif
