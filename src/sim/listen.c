/* SPDX-License-Identifier: MIT */
/*
 * listen.c - LISTEN, and the two queues behind it. A connection taken from a listener begins as a
 * copy of the listening TCB. In SYN-RECEIVED it stands in the SYN queue, finished in the accept
 * queue; each holds at most `backlog` (at least 1). A SYN that finds either full is thrown away.
 */
#include <sim/parts.h>

uint32_t listener_at(const struct world *w, uint16_t host, uint16_t port)
{
	struct tuple any = {.host = host, .port = port, .remote = REMOTE_ANY};

	return wheel_id_index(demux_find(&w->demux, any));
}

static struct conn *listener_of(const struct world *w, const struct conn *child)
{
	return conn_at(w, child->child.listener);
}

bool accept_is_full(const struct world *w, const struct conn *child)
{
	const struct conn *l = listener_of(w, child);

	return l->listen.accepts >= l->listen.backlog;
}

bool listen_is_full(const struct world *w, const struct conn *listener)
{
	(void)w;
	return listener->listen.syns >= listener->listen.backlog ||
	       listener->listen.accepts >= listener->listen.backlog;
}

static void join_syn_queue(struct world *w, uint32_t listener, uint32_t index)
{
	struct conn *l = conn_at(w, listener), *c = conn_at(w, index);

	c->flags |= CONN_SYN_QUEUE;
	c->child.listener = listener;
	c->child.prev = 0;
	c->child.next = l->listen.syn_first;
	if (c->child.next)
		conn_at(w, c->child.next)->child.prev = index;
	l->listen.syn_first = index;
	l->listen.syns++;
}

static void leave_syn_queue(struct world *w, struct conn *c)
{
	struct conn *l = listener_of(w, c);

	if (c->child.prev)
		conn_at(w, c->child.prev)->child.next = c->child.next;
	else
		l->listen.syn_first = c->child.next;
	if (c->child.next)
		conn_at(w, c->child.next)->child.prev = c->child.prev;
	l->listen.syns--;
	c->flags &= ~(uint32_t)CONN_SYN_QUEUE;
}

static void leave_accept_queue(struct world *w, struct conn *c)
{
	struct conn *l = listener_of(w, c);

	if (c->child.prev)
		conn_at(w, c->child.prev)->child.next = c->child.next;
	else
		l->listen.accept_first = c->child.next;
	if (c->child.next)
		conn_at(w, c->child.next)->child.prev = c->child.prev;
	else
		l->listen.accept_last = c->child.prev;
	l->listen.accepts--;
	c->flags &= ~(uint32_t)CONN_ACCEPT_QUEUE;
}

void listen_leave(struct world *w, uint32_t child)
{
	struct conn *c = conn_at(w, child);

	if (conn_is(c, CONN_SYN_QUEUE))
		leave_syn_queue(w, c);
	else if (conn_is(c, CONN_ACCEPT_QUEUE))
		leave_accept_queue(w, c);
}

/* From one queue to the other; its application may take it at once. */
void listen_established(struct world *w, uint32_t child)
{
	struct conn *c = conn_at(w, child), *l = listener_of(w, c);

	leave_syn_queue(w, c);
	c->flags |= CONN_ACCEPT_QUEUE;
	c->child.next = 0;
	c->child.prev = l->listen.accept_last;
	if (c->child.prev)
		conn_at(w, c->child.prev)->child.next = child;
	else
		l->listen.accept_first = child;
	l->listen.accept_last = child;
	l->listen.accepts++;
}

static uint32_t birth(struct world *w, uint32_t listener, const struct conn *trial,
		      const struct flight *f)
{
	uint32_t index = conn_new(w, (uint8_t)f->at.host);
	struct conn *c = conn_at(w, index);

	c->tcb = trial->tcb;
	c->at = f->at;
	c->flags |= trial->flags & (CONN_REUSE | CONN_LINGER_0);
	c->profile = trial->profile;
	profile_share(w, c->profile);
	c->peer = f->sender;
	conn_born(w, c);
	ASSERT(c->tcb.snd.stream == c->serial);
	isn_taken(w, f->at.host);
	conn_hash(w, index);
	port_claim(w, c);
	join_syn_queue(w, listener, index);
	return index;
}

/* The listener itself never changes: what it answers by, a copy of it has said. */
static void answer_and_forget(struct world *w, struct conn *trial, struct record *r)
{
	if (r)
		r->conn = trial->serial;
	call_end(w, trial, r);
	while (transmit_next(w, trial))
		;
	tcb_fini(&trial->tcb, &w->env);
	w->env.signals = 0;
}

/* The SYN that ends TIME-WAIT arrived there, and arrives once only: what it opens is told of that.
 */
static struct record *tell_reopening(struct world *w, const struct conn *trial)
{
	struct record *r = tell(w, REC_RULE, trial);

	if (r) {
		r->of = w->cause;
		r->rule = R_TIME_WAIT_SYN;
	}
	return r;
}

/* ---- SYN cookies ----------------------------------------------------------------------------- */

/* A copy of the listener that a SYN has reached. */
static struct conn copy_for(struct world *w, uint32_t listener, const struct flight *f)
{
	struct conn trial = *conn_at(w, listener);

	trial.at = f->at;
	call_begin(w, &trial);
	tcb_copy(&trial.tcb, &conn_at(w, listener)->tcb, &w->env);
	trial.tcb.snd.stream = w->serials + 1;
	return trial;
}

static void cookie_answer(struct world *w, uint32_t listener, const struct flight *f)
{
	struct record *r = tell_arrival(w, f, REC_ARRIVE);
	struct conn trial = copy_for(w, listener, f);
	uint32_t secret = cookie_secret(w, f->at, tcp_cookie_count(w->now));
	struct seg syn = f->seg;

	w->host[f->at.host]->cookies_until = w->now + tcp_cookie_life();
	if (r)
		r->conn = trial.serial;
	w->env.iss = tcp_cookie_make(&trial.tcb, &syn, secret, &w->env);
	tcp_arrives(&trial.tcb, &syn, &w->env);
	w->env.notes_count = 1; /* that a cookie goes: the rest is a copy's, and forgotten */
	w->before = trial.tcb;
	call_end(w, &trial, r);
	transmit_cookie(w, &trial, &syn);
	tcb_fini(&trial.tcb, &w->env);
	w->env.signals = 0;
	w->env.has_reply = false;
}

/* The caller took its SYN from the listener: from now on it hears who was born of the cookie. */
static void caller_meets(struct world *w, const struct conn *listener, const struct conn *child)
{
	uint32_t id = demux_find(&w->demux, tuple_turned(child->at));
	struct conn *caller;

	if (!id || wheel_id_kind(id) == WHERE_TIME_WAIT)
		return;
	caller = conn_at(w, wheel_id_index(id));
	if (caller->peer == listener->serial)
		caller->peer = child->serial;
}

/* False: it is no cookie of ours, and treated as any ACK that nobody waits for. */
static bool cookie_opens(struct world *w, uint32_t listener, const struct flight *f)
{
	struct conn trial = copy_for(w, listener, f);
	struct record *r;
	struct seg syn;
	uint32_t count, index;

	if (!tcp_cookie_when(&f->seg, w->now, &count)) {
		tcp_cookie_old(&trial.tcb, &w->env);
	} else if (tcp_cookie_take(&trial.tcb, &f->seg, cookie_secret(w, f->at, count), &syn,
				   &w->env)) {
		r = tell_arrival(w, f, REC_ARRIVE);
		w->env.iss = seq_sub(f->seg.ack, 1);
		tcp_arrives(&trial.tcb, &syn, &w->env);
		tcp_cookie_restore(&trial.tcb);
		index = birth(w, listener, &trial, f);
		caller_meets(w, conn_at(w, listener), conn_at(w, index));
		tcp_arrives(&conn_at(w, index)->tcb, &f->seg, &w->env);
		if (r) {
			r->conn = conn_at(w, index)->serial;
			w->before = (struct tcb){0};
		}
		call_end(w, conn_at(w, index), r);
		settle(w, index);
		return true;
	}
	tcb_fini(&trial.tcb, &w->env);
	w->env.notes_count = 0;
	return false;
}

static bool cookie_arrives(struct world *w, uint32_t listener, const struct flight *f)
{
	const struct conn *l = conn_at(w, listener);
	bool has_room = l->listen.accepts < l->listen.backlog;
	/* RFC 4987 A (2): else nobody can have one of ours. */
	bool is_out = w->now < w->host[f->at.host]->cookies_until;

	switch ((enum cookies_choice)conn_profile(w, l)->syn_cookies) {
	case COOKIES_OFF: return false;
	case COOKIES_FULL:
		if (l->listen.syns < l->listen.backlog && (f->seg.ctl & SYN))
			return false;
		break;
	case COOKIES_ALWAYS: break;
	}
	switch (f->seg.ctl & (SYN | ACK | RST)) {
	case SYN:
		if (has_room)
			cookie_answer(w, listener, f);
		return has_room;
	case ACK: return has_room && is_out && cookie_opens(w, listener, f);
	default: return false;
	}
}

void listen_arrives(struct world *w, uint32_t listener, const struct flight *f, const seq32 *above)
{
	const struct conn *l = conn_at(w, listener);
	struct conn trial = *l;
	struct record *r;
	uint32_t index;

	if (cookie_arrives(w, listener, f))
		return;
	if ((f->seg.ctl & (SYN | ACK | RST)) == SYN && listen_is_full(w, l)) {
		tell_discard(w, f, DISCARD_QUEUE_FULL);
		return;
	}
	trial.at = f->at;
	if (above)
		r = tell_reopening(w, &trial);
	else
		r = tell_arrival(w, f, REC_ARRIVE);
	call_begin(w, &trial);
	tcb_copy(&trial.tcb, &l->tcb, &w->env);
	trial.tcb.snd.stream = w->serials + 1;
	if (f->seg.ctl & SYN) {
		w->env.iss = isn_peek(w, f->at);
		if (above && seq_le(w->env.iss, *above))
			w->env.iss = seq_add(*above, 1);
	}
	tcp_arrives(&trial.tcb, &f->seg, &w->env);
	if (trial.tcb.state == LISTEN || trial.tcb.state == CLOSED) {
		answer_and_forget(w, &trial, r);
		return;
	}
	index = birth(w, listener, &trial, f);
	if (r) {
		r->conn = conn_at(w, index)->serial;
		w->before = (struct tcb){0}; /* all of it is new */
	}
	call_end(w, conn_at(w, index), r);
	settle(w, index);
}

/* Whoever waits in a queue of a listener that goes is turned away. */
void listen_close(struct world *w, uint32_t listener)
{
	struct conn *l = conn_at(w, listener);

	while (l->listen.syn_first || l->listen.accept_first) {
		uint32_t index = l->listen.syn_first ? l->listen.syn_first : l->listen.accept_first;
		struct conn *c = conn_at(w, index);
		struct record *r;

		listen_leave(w, index);
		c->flags |= CONN_SHUT | CONN_CLOSED;
		if (conn_is(c, CONN_DEAD)) {
			conn_free(w, index);
			continue;
		}
		r = tell_call(w, CALL_ABORT, c);
		call_begin(w, c);
		tcp_call_abort(&c->tcb, &w->env);
		call_end(w, c, r);
		settle(w, index);
	}
}
