/* SPDX-License-Identifier: MIT */
/* arrives.h - the eight checks of RFC 9293 section 3.10.7.4, and where one may enter them. */
#ifndef TCP_ARRIVES_H
#define TCP_ARRIVES_H

#include <woshou/tcp.h>
#include "reply.h"

enum ordinal { FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, ORDINAL_COUNT };

/* From the check `from` on. A SYN that brings one in behind the fourth has been taken already. */
void arrives_other(struct tcb *t, const struct seg *arrived, enum ordinal from,
		   struct tcp_env *env);

/* A SYN,ACK in SYN-RECEIVED with SEG.SEQ = IRS that acknowledges our SYN, and the profile takes it.
 */
bool is_synack_of_figure_7(const struct tcb *t, const struct seg *s, const struct tcp_env *env);

/* SND.UNA < SEG.ACK =< SND.NXT: SND.UNA moves up, the queue and the timers follow. */
void ack_take(struct tcb *t, const struct seg *s, struct tcp_env *env);

/* The seventh check: arrives_text.c. */
enum verdict process_text(struct tcb *t, struct seg *s, struct tcp_env *env);

/* Moves SEG.SEQ up by n; the urgent pointer, an offset from it, stays where it points. */
static inline void seg_advance(struct seg *s, uint32_t n)
{
	s->seq = seq_add(s->seq, n);
	s->up = s->up > n ? (uint16_t)(s->up - n) : 0;
	s->len -= n;
}

#endif
