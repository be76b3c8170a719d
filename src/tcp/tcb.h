/* SPDX-License-Identifier: MIT */
/* tcb.h - what every part of the engine needs: reasons, the one door between states, timers. */
#ifndef TCP_TCB_H
#define TCP_TCB_H

#include <woshou/tcp.h>
#include <base/assert.h>

enum {
	MSS_DEFAULT_IPV4 = 536, /* RFC 9293 3.7.1, MUST-15 */
	MSS_DEFAULT_IPV6 = 1220,
	MSS_LEAST = 8,     /* RFC 791 3.2: the smallest fragment of a datagram */
	HEADERS_IPV4 = 40, /* of IP and TCP without options */
	HEADERS_IPV6 = 60,
	WINDOW_MAX = 65535,      /* what the header's field can say */
	WINDOW_MOST = WINDOW_MAX << 14, /* scaled as far as may be */
	HALF_WINDOW_LEAST = 536, /* of a smaller one no half is made */
	FULL_UNHEARD = 536, /* what a peer is thought to call full-sized before it has said more */
};

/* A decision was taken. */
static inline void why(const struct tcb *t, enum rule r, struct tcp_env *env)
{
	if (env->rule_hits)
		env->rule_hits[r]++;
	if (env->notes && env->notes_count < TCP_NOTES_MAX)
		env->notes[env->notes_count++] = (struct tcp_note){(uint16_t)r, t->state, t->state};
}

/* One that is taken with nearly every segment, and says nothing worth a note. */
static inline void counts(enum rule r, struct tcp_env *env)
{
	if (env->rule_hits)
		env->rule_hits[r]++;
}

/* The one door between states, and it knows Figure 5. */
void tcb_enter(struct tcb *t, enum state to, enum rule r, struct tcp_env *env);
/* "Create a new TCB" where an earlier connection was: only the user's stream goes on. */
void tcb_renew(struct tcb *t, struct tcp_env *env);
/* "Delete the TCB, enter the CLOSED state": all queues but what the user may still read go. */
void tcb_delete(struct tcb *t, enum rule r, uint32_t signals, struct tcp_env *env);
/* SYN-RECEIVED of a passive OPEN goes back. */
void tcb_relisten(struct tcb *t, enum rule r, struct tcp_env *env);
/* ESTABLISHED, from SYN-SENT or SYN-RECEIVED. A CLOSE that waited is carried out. */
void tcb_establish(struct tcb *t, enum rule r, struct tcp_env *env);
/* "Start the time-wait timer, turn off the other timers." */
void tcb_time_wait(struct tcb *t, enum rule r, struct tcp_env *env);
void tcb_time_wait_again(struct tcb *t, struct tcp_env *env); /* "restart the 2 MSL timeout" */
/* Our FIN is acknowledged; without a user FIN-WAIT-2 has a limit. */
void tcb_fin_wait_2(struct tcb *t, struct tcp_env *env);
void fin_wait_2_limit(struct tcb *t, struct tcp_env *env);

/* Is our FIN acknowledged? */
static inline bool is_fin_acked(const struct tcb *t)
{
	return (t->flags & TCB_FIN_SENT) && seq_eq(t->snd.una, t->snd.nxt);
}

/* Is our SYN not yet acknowledged? */
static inline bool is_syn_out(const struct tcb *t)
{
	return (t->flags & TCB_SYN_OUT) != 0;
}

/* May the user still receive: no FIN from the peer yet? */
static inline bool is_receiving(enum state s)
{
	return s == ESTABLISHED || s == FIN_WAIT_1 || s == FIN_WAIT_2;
}

/* May text be sent, or our FIN? */
static inline bool is_sending(enum state s)
{
	return s == ESTABLISHED || s == CLOSE_WAIT || s == FIN_WAIT_1 || s == CLOSING ||
	       s == LAST_ACK;
}

/* Octets of text between SND.UNA and SND.NXT. */
static inline uint32_t text_in_flight(const struct tcb *t)
{
	return seq_span(t->snd.una, t->snd.nxt) - (is_syn_out(t) ? 1 : 0) -
	       ((t->flags & TCB_FIN_SENT) && !is_fin_acked(t) ? 1 : 0);
}

/* D of 3.8.6.2.1: octets queued but not yet sent. */
static inline uint32_t text_unsent(const struct tcb *t)
{
	return t->snd.queued - text_in_flight(t);
}

/* Before our SYN is acknowledged: did it leave as a cookie (cookie.c)? */
bool tcb_is_of_cookie(const struct tcb *t);

/* ---- timers --------------------------------------------------------------------------------- */

static inline bool is_running(const struct tcb *t, enum tcp_timer which)
{
	return t->deadline[which] != USEC_NEVER;
}

static inline void timer_start(struct tcb *t, enum tcp_timer which, usec after, struct tcp_env *env)
{
	t->deadline[which] = env->now + after;
}

static inline void timer_stop(struct tcb *t, enum tcp_timer which)
{
	t->deadline[which] = USEC_NEVER;
}

/* 3.8.4: something was heard; silence begins again. */
void keepalive_restart(struct tcb *t, struct tcp_env *env);
/* USER_TIMEOUT, RFC 5482 3: the user's, or what was adopted; 0: none. And how long a silence comes
 * before a keep-alive probe. */
usec user_timeout(const struct tcb *t, const struct tcp_env *env);
usec user_timeout_idle(const struct tcb *t, struct tcp_env *env);
/* It runs while something is outstanding. */
void user_timeout_restart(struct tcb *t, struct tcp_env *env);

/* ---- maximum segment sizes ------------------------------------------------------------------ */

uint16_t mss_default(const struct tcp_env *env);
uint16_t mss_announced(const struct tcp_env *env); /* "the effective MTU minus the fixed headers" */
/* Eff.snd.MSS = min(SendMSS, what IP carries): RFC 9293 3.7.1 */
void mss_settle(struct tcb *t, uint32_t mtu, struct tcp_env *env);

/* path_mtu.c */
void mtu_learn(struct tcb *t, uint32_t mtu, struct tcp_env *env); /* so much the path carries */
void mtu_forget(struct tcb *t, struct tcp_env *env);              /* if that is long ago */
void mtu_black_hole(struct tcb *t, struct tcp_env *env); /* text is about to be repeated */

#endif
