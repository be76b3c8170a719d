/* SPDX-License-Identifier: MIT */
/* act.c - what the socket calls do to a connection, short of settling it. */
#include <sim/parts.h>

enum { SEND_MAX = 1 << 30 };

/* Why a dead connection died is told once; afterwards the call's own answer. */
enum sock_error act_dead_answer(struct conn *c, enum sock_error otherwise)
{
	if (!c->error || conn_is(c, CONN_TOLD))
		return otherwise;
	c->flags |= CONN_TOLD;
	return (enum sock_error)c->error;
}

static bool is_connected(const struct conn *c)
{
	return c->serial && !conn_is(c, CONN_LISTENER);
}

enum sock_error act_accept(struct world *w, uint32_t listener, uint32_t *child, bool by_app)
{
	struct conn *l = conn_at(w, listener), *c;
	struct record *r;

	if (!conn_is(l, CONN_LISTENER))
		return SOCK_EINVAL;
	if (!l->listen.accept_first)
		return SOCK_EAGAIN;
	*child = l->listen.accept_first;
	c = conn_at(w, *child);
	listen_leave(w, *child);
	c->fd = descriptor_new(w, conn_id(*child));
	r = tell_call(w, CALL_ACCEPT, c);
	if (r) {
		r->number[0] = l->serial;
		r->number[1] = by_app;
	}
	app_starts(w, *child);
	return SOCK_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void read_text(struct world *w, struct conn *c, const struct text *t)
{
	struct record *r = tell(w, REC_READ, c);

	if (r) {
		r->seg.text = *t;
		r->number[0] = t->len;
	}
	call_end(w, c, r);
	check_read(w, c, t);
}

static void read_end(struct world *w, struct conn *c)
{
	struct record *r;

	if (!conn_is(c, CONN_EOF)) {
		r = tell(w, REC_READ, c);
		call_end(w, c, r);
		check_end_of_stream(w, c);
	}
	w->env.notes_count = 0;
	c->flags |= CONN_EOF;
}

enum sock_error act_read(struct world *w, struct conn *c, uint32_t n, struct text *out)
{
	*out = (struct text){0};
	if (!is_connected(c))
		return SOCK_ENOTCONN;
	if (n == 0)
		return SOCK_OK;
	if (conn_is(c, CONN_EOF))
		return SOCK_OK;
	call_begin(w, c);
	switch (tcp_call_receive(&c->tcb, n, out, &w->env)) {
	case TCP_OK: read_text(w, c, out); return SOCK_OK;
	case TCP_CLOSING:
		*out = (struct text){0};
		read_end(w, c);
		return SOCK_OK;
	case TCP_WAIT:
		w->env.notes_count = 0;
		return conn_is(c, CONN_SHUT_READ) ? SOCK_OK : SOCK_EAGAIN;
	case TCP_NOT_OPEN:
	case TCP_EXISTS:
	case TCP_RESOURCES:
	case TCP_UNSPECIFIED: break;
	}
	w->env.notes_count = 0;
	*out = (struct text){0};
	return act_dead_answer(c, conn_is(c, CONN_CONNECTED) ? SOCK_OK : SOCK_ENOTCONN);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The octets of the stream, in the order that SEND counts them. Without a trace a stream that is
 * synthetic from its beginning is not even noted: nobody will ask for its octets. */
static void append(struct world *w, struct conn *c, const void *octets, uint64_t n)
{
	if (octets || w->trace || conn_is(c, CONN_OCTETS)) {
		if (!conn_is(c, CONN_OCTETS))
			stream_write_synthetic(w->streams, c->serial, c->written);
		c->flags |= CONN_OCTETS;
		if (octets)
			stream_write(w->streams, c->serial, octets, (size_t)n);
		else
			stream_write_synthetic(w->streams, c->serial, n);
	}
	c->written += n;
}

static struct record *tell_write(struct world *w, struct conn *c, uint64_t n)
{
	struct record *r = tell_call(w, CALL_WRITE, c);

	if (!r)
		return NULL;
	r->number[0] = (int64_t)n;
	r->seg.text =
		(struct text){c->written, c->serial, (uint32_t)(n < UINT32_MAX ? n : UINT32_MAX)};
	return r;
}

/* What a write() on it answers at once; OK: try. */
static enum sock_error write_refused(struct conn *c)
{
	if (!is_connected(c))
		return SOCK_ENOTCONN;
	if (conn_is(c, CONN_SHUT))
		return SOCK_EPIPE;
	if (conn_is(c, CONN_DEAD))
		return act_dead_answer(c, SOCK_EPIPE);
	return SOCK_OK;
}

static enum sock_error send_answer(enum tcp_answer a, uint32_t taken)
{
	switch (a) {
	case TCP_OK: return taken ? SOCK_OK : SOCK_EAGAIN;
	case TCP_RESOURCES:
	case TCP_WAIT: return taken ? SOCK_OK : SOCK_EAGAIN;
	case TCP_CLOSING: return SOCK_EPIPE;
	case TCP_NOT_OPEN:
	case TCP_EXISTS:
	case TCP_UNSPECIFIED: break;
	}
	return SOCK_ENOTCONN;
}

/* Where a write is taken piece by piece, a piece leaves before there is an answer for the next. */
static void write_pieces(struct world *w, struct conn *c, const void *octets, uint64_t n,
			 unsigned flags, uint64_t *taken)
{
	uint32_t count = 1;

	while (*taken < n && count > 0) {
		uint64_t left = n - *taken;

		while (transmit_next(w, c))
			;
		count = 0;
		call_begin(w, c);
		tcp_call_send(&c->tcb, left < SEND_MAX ? (uint32_t)left : SEND_MAX, flags, &count,
			      &w->env);
		check_notes(w, c);
		if (w->trace)
			tell_notes(w, c);
		w->env.notes_count = 0;
		append(w, c, octets ? (const uint8_t *)octets + *taken : NULL, count);
		*taken += count;
	}
}

enum sock_error act_write(struct world *w, struct conn *c, const void *octets, uint64_t n,
			  unsigned flags, uint64_t *taken)
{
	enum sock_error error = write_refused(c);
	enum tcp_answer answer;
	struct record *r;
	uint32_t count = 0;

	*taken = 0;
	if (n == 0)
		return error;
	if (error == SOCK_OK && c->unsent > 0)
		return SOCK_EAGAIN;
	r = tell_write(w, c, n);
	if (error != SOCK_OK) {
		if (r)
			r->error = (uint16_t)error;
		return error;
	}
	call_begin(w, c);
	answer = tcp_call_send(&c->tcb, n < SEND_MAX ? (uint32_t)n : SEND_MAX, flags, &count,
			       &w->env);
	error = send_answer(answer, count);
	if (r)
		r->error = (uint16_t)error;
	append(w, c, octets, count);
	call_end(w, c, r);
	*taken = count;
	if (conn_profile(w, c)->snd_charge > 0 && count > 0)
		write_pieces(w, c, octets, n, flags, taken);
	if (*taken < n)
		c->flags |= CONN_NO_SPACE;
	if (r)
		r->number[1] = (int64_t)*taken;
	return error;
}

void act_write_rest(struct world *w, struct conn *c)
{
	uint32_t n = c->unsent < SEND_MAX ? (uint32_t)c->unsent : SEND_MAX, taken = 0;
	enum tcp_answer answer;

	if (n == 0 || conn_is(c, CONN_DEAD))
		return;
	call_begin(w, c);
	answer = tcp_call_send(&c->tcb, n, SEND_PUSH, &taken, &w->env);
	check_notes(w, c);
	if (w->trace)
		tell_notes(w, c);
	w->env.notes_count = 0;
	c->unsent -= taken;
	/* Nobody will ever take the rest. */
	if (answer == TCP_CLOSING || answer == TCP_NOT_OPEN)
		c->unsent = 0;
}

/* All of it becomes part of the stream now; the engine takes it as it has room. */
enum sock_error act_write_all(struct world *w, struct conn *c, const void *octets, uint64_t n)
{
	enum sock_error error = write_refused(c);
	struct record *r;
	bool is_first = c->unsent == 0;

	if (n == 0)
		return error;
	r = tell_write(w, c, n);
	if (r)
		r->error = (uint16_t)error;
	if (error != SOCK_OK)
		return error;
	append(w, c, octets, n);
	c->unsent += n;
	if (is_first)
		act_write_rest(w, c);
	if (r)
		r->number[1] = (int64_t)(n < c->unsent ? 0 : n - c->unsent);
	return SOCK_OK;
}

/* ---- closing --------------------------------------------------------------------------------- */

static void close_now(struct world *w, struct conn *c, enum tcp_close how, struct record *r)
{
	call_begin(w, c);
	if (how == CLOSE_BOTH && conn_is(c, CONN_LINGER_0))
		tcp_call_abort(&c->tcb, &w->env);
	else
		tcp_call_close(&c->tcb, how, &w->env);
	if (r) {
		call_end(w, c, r);
		return;
	}
	check_notes(w, c);
	if (w->trace)
		tell_notes(w, c);
	w->env.notes_count = 0;
}

static void close_queued(struct world *w, struct conn *c, struct record *r)
{
	if (conn_is(c, CONN_DEAD) || c->unsent > 0)
		return;
	if (conn_is(c, CONN_CLOSED) && !conn_is(c, CONN_CLOSE_DONE)) {
		c->flags |= CONN_CLOSE_DONE | CONN_SHUT_DONE;
		close_now(w, c, CLOSE_BOTH, r);
	} else if (!conn_is(c, CONN_SHUT_DONE)) {
		c->flags |= CONN_SHUT_DONE;
		close_now(w, c, CLOSE_SEND, r);
	}
}

void act_queued(struct world *w, struct conn *c)
{
	close_queued(w, c, NULL);
}

void act_shutdown(struct world *w, struct conn *c)
{
	struct record *r = tell_call(w, CALL_SHUTDOWN, c);

	if (conn_is(c, CONN_SHUT))
		return;
	c->flags |= CONN_SHUT;
	close_queued(w, c, r);
}

void act_close(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	struct record *r;

	if (conn_is(c, CONN_LISTENER))
		listen_close(w, index);
	r = tell_call(w, CALL_CLOSE, c);
	c->flags |= CONN_SHUT | CONN_CLOSED;
	if (conn_is(c, CONN_LINGER_0))
		c->unsent = 0;
	if (!c->serial)
		return;
	close_queued(w, c, r);
}

void act_abort(struct world *w, struct conn *c)
{
	struct record *r = tell_call(w, CALL_ABORT, c);

	c->flags |= CONN_SHUT | CONN_CLOSED | CONN_SHUT_DONE | CONN_CLOSE_DONE;
	c->unsent = 0;
	if (!c->serial || conn_is(c, CONN_DEAD))
		return;
	call_begin(w, c);
	tcp_call_abort(&c->tcb, &w->env);
	call_end(w, c, r);
}
