/* SPDX-License-Identifier: MIT */
/*
 * settle.c - after the engine was called: what it signals reaches the socket and its application,
 * then what is due leaves, then the connection is put where it belongs now. The application reads
 * before the ACK leaves, so that "reads the moment it can be read" shows in the window; not where
 * the profile says that an ACK comes first, as in a kernel that answers before it wakes a process.
 */
#include <sim/parts.h>

static void tell_signals(struct world *w, const struct conn *c, uint32_t signals)
{
	if (!w->trace)
		return;
	for (; signals; signals &= signals - 1) {
		struct record *r = tell(w, REC_SIGNAL, c);

		r->of = w->cause;
		r->number[0] = signals & -signals;
	}
}

/* The answer that connect() still owes. */
static void answer_connect(struct world *w, struct conn *c)
{
	struct record *r;

	if (!conn_is(c, CONN_ACTIVE))
		return;
	c->flags &= ~(uint32_t)CONN_ACTIVE;
	r = tell(w, REC_RESULT, c);
	if (r) {
		r->of = w->cause;
		r->detail = CALL_CONNECT;
		r->error = c->error;
	}
}

static void established(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	c->flags |= CONN_CONNECTED;
	w->figures.connections_opened++;
	if (conn_is(c, CONN_SYN_QUEUE)) {
		uint32_t listener = c->child.listener;

		listen_established(w, index);
		app_listens(w, listener, index);
		return;
	}
	answer_connect(w, c);
	if (c->fd && !conn_is(c, CONN_CLOSED))
		app_starts(w, index);
}

static void learn_error(struct world *w, struct conn *c, uint32_t signals)
{
	if (signals & TCP_SIG_REFUSED)
		c->error = SOCK_ECONNREFUSED;
	else if (signals & TCP_SIG_RESET)
		c->error = SOCK_ECONNRESET;
	else if (signals & TCP_SIG_TIMEOUT)
		c->error = c->soft_error ? c->soft_error : SOCK_ETIMEDOUT; /* SHLD-25 */
	else if (signals & TCP_SIG_UNREACHABLE)
		c->error = c->soft_error;
	else
		return;
	answer_connect(w, c);
}

enum {
	SIGNALS_WAKE = TCP_SIG_ESTABLISHED | TCP_SIG_REFUSED | TCP_SIG_RESET | TCP_SIG_CLOSING |
		       TCP_SIG_TIMEOUT | TCP_SIG_READABLE | TCP_SIG_URGENT | TCP_SIG_UNREACHABLE
};

static void react(struct world *w, uint32_t index, uint32_t signals)
{
	struct conn *c = conn_at(w, index);

	tell_signals(w, c, signals);
	if (signals & SIGNALS_WAKE)
		measure_wake(w, c);
	if (signals & TCP_SIG_ESTABLISHED)
		established(w, index);
	learn_error(w, c, signals);
	if (c->unsent > 0 && (signals & (TCP_SIG_WRITABLE | TCP_SIG_ESTABLISHED)))
		act_write_rest(w, c);
	/* While a close() waits for a write() before it, the application still reads. */
	if (c->fd && !conn_is(c, CONN_CLOSE_DONE | CONN_LISTENER))
		app_wakes(w, index, signals);
	if (conn_is(c, CONN_SHUT))
		act_queued(w, c);
}

static void put_away(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	switch ((enum state)c->tcb.state) {
	case CLOSED:
		if (!conn_is(c, CONN_DEAD))
			conn_dead(w, index);
		if (conn_is(c, CONN_CLOSED) || (!c->fd && !conn_is(c, CONN_ACCEPT_QUEUE)))
			conn_free(w, index);
		return;
	case LISTEN:
		/* SYN-RECEIVED went back to LISTEN: the listener itself never left it. */
		if (!conn_is(c, CONN_LISTENER))
			conn_free(w, index);
		return;
	case TIME_WAIT:
		port_soften(w, c);
		if (time_wait_may_pack(w, c)) {
			time_wait_pack(w, index);
			return;
		}
		break;
	case SYN_SENT:
	case SYN_RECEIVED:
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case STATE_COUNT: break;
	}
	if (conn_is(c, CONN_CLOSE_DONE) && c->tick.at != USEC_NEVER)
		wheel_take(&w->wheel, wheel_id(EVENT_TICK, index));
	conn_arm(w, index);
}

void settle(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	if (w->env.has_reply)
		transmit_next(w, c);
	if ((c->tcb.due & DUE_ACK) && conn_profile(w, c)->ack_first) {
		while (transmit_next(w, c))
			;
	}
	do {
		while (w->env.signals) {
			uint32_t signals = w->env.signals;

			w->env.signals = 0;
			react(w, index, signals);
		}
		while (transmit_next(w, c))
			;
	} while (w->env.signals);
	measure_settled(w, conn_at(w, index));
	put_away(w, index);
	if (w->trace)
		take_pictures(w);
}
