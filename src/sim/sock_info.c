/* SPDX-License-Identifier: MIT */
/*
 * sock_info.c - readiness and TCP_INFO. What the TCB itself cannot say (for how long, how often) is
 * measured beside it, when the world was told to.
 */
#include <sim/parts.h>

#include <woshou/sock.h>

static bool is_measured(const struct world *w, const struct conn *c)
{
	return w->is_measuring && !conn_is(c, CONN_LISTENER) && c->child.measure != 0;
}

static struct measure *measure_of(const struct world *w, const struct conn *c)
{
	return pool_at(&w->measures, c->child.measure);
}

void measure_begin(struct world *w, struct conn *c)
{
	if (!w->is_measuring || conn_is(c, CONN_LISTENER) || c->child.measure)
		return;
	c->child.measure = pool_take(&w->measures);
	*measure_of(w, c) = (struct measure){
		.since = w->now, .last_data_recv = -1, .last_ack_recv = -1};
}

void measure_end(struct world *w, struct conn *c)
{
	if (is_measured(w, c))
		pool_give(&w->measures, c->child.measure);
}

void measure_wake(struct world *w, struct conn *c)
{
	if (is_measured(w, c))
		measure_of(w, c)->wakes++;
}

void measure_arrival(struct world *w, struct conn *c, const struct seg *s)
{
	struct measure *m;

	if (!is_measured(w, c))
		return;
	m = measure_of(w, c);
	if (s->text.len > 0)
		m->last_data_recv = w->now;
	if (s->ctl & ACK)
		m->last_ack_recv = w->now;
}

/* ---- what keeps the sender from sending ------------------------------------------------------ */

static bool is_synchronized(const struct tcb *t)
{
	return t->state != CLOSED && t->state != LISTEN && t->state != SYN_SENT &&
	       t->state != SYN_RECEIVED;
}

static uint32_t flight_of(const struct tcb *t)
{
	return seq_span(t->snd.una, t->snd.nxt);
}

/* The peer's window has no room for the next segment, cwnd has. */
static bool is_window_limited(const struct tcb *t, uint32_t unsent)
{
	uint32_t next = flight_of(t) + (unsent < t->snd.mss ? unsent : t->snd.mss);

	return unsent > 0 && next > t->snd.wnd && next <= t->cc.cwnd;
}

/* Everything is sent, cwnd would let more go, and the application would write more. */
static bool is_buffer_limited(const struct conn *c, uint32_t unsent)
{
	return unsent == 0 && conn_is(c, CONN_NO_SPACE) &&
	       flight_of(&c->tcb) + c->tcb.snd.mss <= c->tcb.cc.cwnd;
}

static enum chrono chrono_now(const struct conn *c)
{
	const struct tcb *t = &c->tcb;
	uint32_t unsent = tcp_unsent(t);

	if (!is_synchronized(t) || t->snd.queued == 0)
		return CHRONO_IDLE;
	if (is_window_limited(t, unsent))
		return CHRONO_WINDOW;
	return is_buffer_limited(c, unsent) ? CHRONO_BUFFER : CHRONO_BUSY;
}

static void add_time(struct measure *m, usec now)
{
	m->spent[m->chrono] += now - m->since;
	m->since = now;
}

void measure_settled(struct world *w, struct conn *c)
{
	struct measure *m;

	if (conn_is(c, CONN_NO_SPACE) &&
	    tcp_is_writable(&c->tcb, conn_profile(w, c), &w->blocks)) {
		c->flags &= ~(uint32_t)CONN_NO_SPACE;
		measure_wake(w, c);
	}
	if (!is_measured(w, c))
		return;
	m = measure_of(w, c);
	add_time(m, w->now);
	m->chrono = (uint8_t)chrono_now(c);
}

/* ---- readiness ------------------------------------------------------------------------------- */

static bool is_at_end(const struct conn *c)
{
	uint32_t there;

	return conn_is(c, CONN_SHUT_READ | CONN_EOF) ||
	       tcp_call_peek(&c->tcb, &there) == TCP_CLOSING;
}

static bool has_seen_fin(const struct tcb *t)
{
	return t->state == CLOSE_WAIT || t->state == CLOSING || t->state == LAST_ACK ||
	       t->state == TIME_WAIT;
}

static unsigned ready_connected(const struct world *w, const struct conn *c)
{
	unsigned ready = 0;
	bool is_ended = has_seen_fin(&c->tcb) || conn_is(c, CONN_SHUT_READ);

	if (is_ended)
		ready |= READY_IN | READY_RDHUP;
	if (is_ended && conn_is(c, CONN_SHUT))
		ready |= READY_HUP;
	if (c->tcb.rcv.user > 0 || is_at_end(c))
		ready |= READY_IN;
	if (tcp_urgent_left(&c->tcb) > 0)
		ready |= READY_PRI;
	if (conn_is(c, CONN_SHUT) ||
	    (c->unsent == 0 && tcp_is_writable(&c->tcb, conn_profile(w, c), &w->blocks)))
		ready |= READY_OUT;
	return ready;
}

unsigned sock_ready(const struct world *w, struct sock s)
{
	uint32_t index = sock_index(w, s);
	const struct conn *c = conn_at(w, index);
	unsigned error;

	if (!index)
		return 0;
	error = (c->error && !conn_is(c, CONN_TOLD)) || c->soft_error ? READY_ERR : 0;
	if (conn_is(c, CONN_LISTENER))
		return c->listen.accept_first ? READY_IN : 0;
	if (!c->serial)
		return READY_HUP | READY_OUT;
	if (conn_is(c, CONN_DEAD) || c->tcb.state == CLOSED)
		return error | READY_HUP | READY_IN | READY_OUT | READY_RDHUP;
	if (!is_synchronized(&c->tcb))
		return error;
	return error | ready_connected(w, c);
}

uint32_t sock_wakes(const struct world *w, struct sock s)
{
	const struct conn *c = conn_at(w, sock_index(w, s));

	return is_measured(w, c) ? measure_of(w, c)->wakes : 0;
}

/* ---- TCP_INFO -------------------------------------------------------------------------------- */

static usec ago(usec now, usec then)
{
	return then < 0 ? now : now - then;
}

static void measured_info(const struct world *w, const struct conn *c, struct sock_info *out)
{
	struct measure m;

	out->last_data_sent = ago(w->now, c->tcb.sent_at);
	if (!is_measured(w, c))
		return;
	m = *measure_of(w, c);
	add_time(&m, w->now);
	out->last_data_recv = ago(w->now, m.last_data_recv);
	out->last_ack_recv = ago(w->now, m.last_ack_recv);
	out->rwnd_limited = m.spent[CHRONO_WINDOW];
	out->sndbuf_limited = m.spent[CHRONO_BUFFER];
	out->busy = m.spent[CHRONO_BUSY] + out->rwnd_limited + out->sndbuf_limited;
}

static void options_info(const struct tcb *t, struct sock_info *out)
{
	out->options = (uint8_t)((t->flags & TCB_TIMESTAMPS ? INFO_TIMESTAMPS : 0) |
				 (t->flags & TCB_SACK ? INFO_SACK : 0) |
				 (t->flags & TCB_SCALE ? INFO_WSCALE : 0) |
				 (t->flags & TCB_ECN ? INFO_ECN : 0));
	if (t->flags & TCB_SCALE) {
		out->snd_wscale = t->snd_shift;
		out->rcv_wscale = t->rcv_shift;
	}
}

enum {
	SSTHRESH_LARGEST = 1 << 28, /* more than any window: there was no loss yet */
	HEARD_LEAST = 536,
};

static void congestion_info(const struct world *w, const struct conn *c, struct sock_info *out)
{
	const struct tcb *t = &c->tcb;
	uint32_t mss = t->snd.mss ? t->snd.mss : 1;
	struct tcp_env env = w->env;
	struct tcp_facts facts;

	env.profile = conn_profile(w, c);
	tcp_facts(t, &facts, &env);
	out->ca_state = (uint8_t)facts.ca;
	out->snd_cwnd = t->cc.cwnd / mss;
	out->snd_ssthresh =
		t->cc.ssthresh >= SSTHRESH_LARGEST ? INT32_MAX : t->cc.ssthresh / mss;
	out->unacked = facts.unacked;
	out->sacked = facts.sacked;
	out->lost = facts.lost;
	out->retrans = facts.again;
	out->total_retrans = facts.total_again;
	out->reordering = facts.reordering;
	out->reord_seen = facts.has_reordering ? 1 : 0;
	out->min_rtt = facts.min_rtt;
}

bool sock_info(const struct world *w, struct sock s, struct sock_info *out)
{
	uint32_t index = sock_index(w, s);
	const struct conn *c = conn_at(w, index);
	const struct tcb *t = &c->tcb;

	*out = (struct sock_info){.state = sock_state(w, s)};
	if (!index || !c->serial)
		return sock_is_open(w, s);
	options_info(t, out);
	congestion_info(w, c, out);
	out->retransmits = t->rexmits;
	out->probes = t->probes ? t->probes : t->keepalives;
	out->backoff = t->snd.wnd == 0 ? t->probes : t->rexmits;
	out->snd_mss = t->snd.mss;
	out->advmss = t->rcv.mss;
	out->rcv_mss = t->rcv.heard > HEARD_LEAST ? t->rcv.heard : HEARD_LEAST;
	out->rto = t->rto;
	out->rtt = t->srtt;
	out->rttvar = t->rttvar;
	out->bytes_acked = t->snd.offset;
	out->bytes_received = c->delivered + t->rcv.user;
	out->notsent = tcp_unsent(t);
	measured_info(w, c, out);
	return true;
}
