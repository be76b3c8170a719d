/* SPDX-License-Identifier: MIT */
/* pace.h - pacing: text leaves spread over the round trip, not all of it when an ACK comes. */
#ifndef TCP_PACE_H
#define TCP_PACE_H

#include <woshou/tcp.h>

/* Is there a pace at all? Whoever sets a limit to it wants one. */
static inline bool is_paced(const struct tcp_profile *p)
{
	return p->pacing || p->pacing_most > 0;
}

/* May text leave now? If not, TIMER_PACE runs until it may. */
bool pace_may(struct tcb *t, struct tcp_env *env);
/* May new text? It waits for the pace, and for pace_hold(). */
bool pace_new_may(struct tcb *t, struct tcp_env *env);
/* No new text for so long, paced or not. Without a block it goes on as before. */
void pace_hold(struct tcb *t, usec span, struct tcp_env *env);
/* So much text leaves, for the first time or again. */
void pace_sent(struct tcb *t, uint32_t text, struct tcp_env *env);
/* Segments that go at once: as many as the pace gives in a millisecond. */
uint32_t pace_burst(const struct tcb *t, const struct tcp_env *env);

#endif
