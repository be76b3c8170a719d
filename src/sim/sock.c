/* SPDX-License-Identifier: MIT */
/* sock.c - the socket calls, as POSIX names them: who may call, and what the answer is called. */
#include <sim/parts.h>

static struct descriptor *descriptor_of(const struct world *w, struct sock s)
{
	struct descriptor *d;

	if (!s.serial || !s.index || s.index >= w->fds.count)
		return NULL;
	d = pool_at(&w->fds, s.index);
	return d->serial == s.serial ? d : NULL;
}

uint32_t sock_index(const struct world *w, struct sock s)
{
	const struct descriptor *d = descriptor_of(w, s);

	return d && wheel_id_kind(d->where) == WHERE_CONN ? wheel_id_index(d->where) : 0;
}

/* One that the application still holds. */
static uint32_t held(const struct world *w, struct sock s)
{
	uint32_t index = sock_index(w, s);

	return index && !conn_is(conn_at(w, index), CONN_CLOSED) ? index : 0;
}

static struct sock sock_of(const struct world *w, const struct conn *c)
{
	const struct descriptor *d = pool_at(&w->fds, c->fd);

	return (struct sock){c->fd, d->serial};
}

struct sock sock_new(struct world *w, uint8_t host)
{
	uint32_t index;
	struct conn *c;

	if (w->host[host]->is_down)
		return (struct sock){0};
	index = conn_new(w, host);
	c = conn_at(w, index);
	c->fd = descriptor_new(w, conn_id(index));
	return sock_of(w, c);
}

static enum sock_error answer(struct record *r, enum sock_error e)
{
	if (r)
		r->error = (uint16_t)e;
	return e;
}

/* A call that fails is told too: it is all that the application will ever hear. */
static enum sock_error refuse(struct world *w, const struct conn *c, enum call_verb verb,
			      enum sock_error e)
{
	return answer(tell_call(w, verb, c), e);
}

/* ---- bind, listen, accept, connect ----------------------------------------------------------- */

static enum sock_error bind_port(struct world *w, struct conn *c, uint16_t port)
{
	const struct port_use *use;

	if (c->serial || conn_is(c, CONN_BOUND))
		return SOCK_EINVAL;
	if (port == 0) {
		if (!port_ephemeral(w, c))
			return SOCK_EADDRINUSE;
	} else {
		use = port_use(w, c->at.host, port);
		if (conn_is(c, CONN_REUSE) ? use->hard > 0 || listener_at(w, c->at.host, port)
					   : use->users > 0)
			return SOCK_EADDRINUSE;
		c->at.port = port;
	}
	c->flags |= CONN_BOUND;
	port_claim(w, c);
	return SOCK_OK;
}

enum sock_error sock_bind(struct world *w, struct sock s, uint16_t port)
{
	uint32_t index = held(w, s);
	struct record *r;
	enum sock_error e;

	if (!index)
		return SOCK_EBADF;
	r = tell_call(w, CALL_BIND, conn_at(w, index));
	e = bind_port(w, conn_at(w, index), port);
	if (r) {
		r->number[0] = port;
		r->from_port = port ? port : conn_at(w, index)->at.port;
	}
	return answer(r, e);
}

static enum sock_error may_listen(struct world *w, struct conn *c)
{
	if (c->serial)
		return SOCK_EINVAL;
	if (!c->at.port)
		return bind_port(w, c, 0);
	return listener_at(w, c->at.host, c->at.port) ? SOCK_EADDRINUSE : SOCK_OK;
}

enum sock_error sock_listen(struct world *w, struct sock s, uint32_t backlog)
{
	uint32_t index = held(w, s);
	struct conn *c = conn_at(w, index);
	struct record *r;
	enum sock_error e;

	if (!index)
		return SOCK_EBADF;
	if (backlog == 0)
		backlog = 1;
	if (conn_is(c, CONN_LISTENER)) {
		c->listen.backlog = backlog;
		return SOCK_OK;
	}
	e = may_listen(w, c);
	if (e == SOCK_OK) {
		c->flags |= CONN_LISTENER;
		c->listen.backlog = backlog;
		conn_born(w, c);
		call_begin(w, c);
		tcb_init(&c->tcb, c->serial, &w->env);
		conn_hash(w, index);
	}
	r = tell_call(w, CALL_LISTEN, c);
	if (r)
		r->number[0] = backlog;
	if (e != SOCK_OK)
		return answer(r, e);
	tcp_call_open(&c->tcb, OPEN_PASSIVE, &w->env);
	call_end(w, c, r);
	settle(w, index);
	return SOCK_OK;
}

enum sock_error sock_accept(struct world *w, struct sock s, struct sock *out)
{
	uint32_t index = held(w, s), child;
	enum sock_error e;

	*out = (struct sock){0};
	if (!index)
		return SOCK_EBADF;
	e = act_accept(w, index, &child, false);
	if (e != SOCK_OK)
		return e;
	*out = sock_of(w, conn_at(w, child));
	settle(w, child);
	return SOCK_OK;
}

/* A socket whose connection failed may try again. */
static enum sock_error may_connect(struct world *w, struct conn *c, uint32_t remote, uint16_t port)
{
	const struct address *to = remote_address(w, (uint16_t)remote);

	if (conn_is(c, CONN_LISTENER))
		return SOCK_EOPNOTSUPP;
	if (conn_is(c, CONN_ACTIVE))
		return SOCK_EALREADY;
	if (c->serial && (!conn_is(c, CONN_DEAD) || conn_is(c, CONN_CONNECTED)))
		return SOCK_EISCONN;
	/* MUST-46: no OPEN to a group. And IPv4 cannot speak to IPv6. */
	if (to->family != host_of(w, c)->address.family || address_is_multicast(to))
		return SOCK_EHOSTUNREACH;
	if (port == 0)
		return SOCK_EADDRNOTAVAIL;
	return SOCK_OK;
}

static enum sock_error choose_port(struct world *w, struct conn *c)
{
	if (c->at.port)
		return demux_find(&w->demux, c->at) ? SOCK_EADDRNOTAVAIL : SOCK_OK;
	if (!port_ephemeral(w, c))
		return SOCK_EADDRNOTAVAIL;
	return SOCK_OK;
}

static enum sock_error prepare(struct world *w, struct conn *c, uint32_t remote, uint16_t port)
{
	enum sock_error e = may_connect(w, c, remote, port);

	if (e != SOCK_OK)
		return e;
	if (conn_is(c, CONN_DEAD)) {
		tcb_fini(&c->tcb, &w->env);
		c->flags &=
			CONN_USED | CONN_BOUND | CONN_PORT | CONN_HARD | CONN_REUSE | CONN_LINGER_0;
		c->error = 0;
		c->delivered = c->written = c->unsent = 0;
		if (!conn_is(c, CONN_BOUND))
			c->at.port = 0;
		c->serial = 0;
		c->tcb = (struct tcb){0};
	}
	c->at.remote = (uint16_t)remote;
	c->at.remote_port = port;
	return choose_port(w, c);
}

static enum sock_error connect_to(struct world *w, struct sock s, uint32_t remote, uint16_t port)
{
	uint32_t index = held(w, s);
	struct conn *c = conn_at(w, index);
	struct record *r;
	enum sock_error e;

	if (!index)
		return SOCK_EBADF;
	e = prepare(w, c, remote, port);
	if (e == SOCK_OK) {
		if (!conn_is(c, CONN_PORT))
			port_claim(w, c);
		conn_born(w, c);
		conn_hash(w, index);
	}
	r = tell_call(w, CALL_CONNECT, c);
	if (r) {
		r->peer = remote < WORLD_HOSTS_MAX ? (uint8_t)remote : TRACE_NO_HOST;
		r->to_port = port;
	}
	if (e != SOCK_OK)
		return answer(r, e);
	c->flags |= CONN_ACTIVE;
	call_begin(w, c);
	tcb_init(&c->tcb, c->serial, &w->env);
	w->env.iss = isn_peek(w, c->at);
	tcp_call_open(&c->tcb, OPEN_ACTIVE, &w->env);
	isn_taken(w, c->at.host);
	call_end(w, c, r);
	settle(w, index);
	return SOCK_EINPROGRESS;
}

enum sock_error sock_connect(struct world *w, struct sock s, uint8_t to, uint16_t port)
{
	return connect_to(w, s, to, port);
}

enum sock_error sock_connect_address(struct world *w, struct sock s, const struct address *to,
				     uint16_t port)
{
	return connect_to(w, s, remote_of(w, to), port);
}

/* ---- data ------------------------------------------------------------------------------------ */

static enum sock_error write_some(struct world *w, struct sock s, const void *octets, uint64_t n,
				  unsigned flags, uint64_t *taken)
{
	uint32_t index = held(w, s);
	enum sock_error e;

	*taken = 0;
	if (!index)
		return SOCK_EBADF;
	e = act_write(w, conn_at(w, index), octets, n, flags, taken);
	if (*taken)
		settle(w, index);
	return e;
}

enum sock_error sock_write(struct world *w, struct sock s, const void *octets, size_t n,
			   size_t *taken)
{
	uint64_t count;
	enum sock_error e = write_some(w, s, octets, n, SEND_PUSH, &count);

	*taken = (size_t)count;
	return e;
}

enum sock_error sock_write_synthetic(struct world *w, struct sock s, uint64_t n, uint64_t *taken)
{
	return write_some(w, s, NULL, n, SEND_PUSH, taken);
}

enum sock_error sock_write_urgent(struct world *w, struct sock s, const void *octets, size_t n)
{
	uint64_t taken;

	return write_some(w, s, octets, n, SEND_PUSH | SEND_URGENT, &taken);
}

static enum sock_error write_everything(struct world *w, struct sock s, const void *octets,
					uint64_t n)
{
	uint32_t index = held(w, s);
	enum sock_error e;

	if (!index)
		return SOCK_EBADF;
	e = act_write_all(w, conn_at(w, index), octets, n);
	if (e == SOCK_OK && n > 0)
		settle(w, index);
	return e;
}

enum sock_error sock_write_all(struct world *w, struct sock s, const void *octets, size_t n)
{
	return write_everything(w, s, octets, n);
}

enum sock_error sock_write_all_synthetic(struct world *w, struct sock s, uint64_t n)
{
	return write_everything(w, s, NULL, n);
}

enum sock_error sock_read(struct world *w, struct sock s, uint32_t n, struct text *out)
{
	uint32_t index = held(w, s);
	enum sock_error e;

	*out = (struct text){0};
	if (!index)
		return SOCK_EBADF;
	e = act_read(w, conn_at(w, index), n, out);
	if (e == SOCK_OK && out->len > 0)
		settle(w, index);
	return e == SOCK_OK ? e : refuse(w, conn_at(w, index), CALL_READ, e);
}

/* ---- the end --------------------------------------------------------------------------------- */

enum sock_error sock_shutdown(struct world *w, struct sock s)
{
	uint32_t index = held(w, s);
	struct conn *c = conn_at(w, index);

	if (!index)
		return SOCK_EBADF;
	if (!c->serial || conn_is(c, CONN_LISTENER | CONN_DEAD))
		return refuse(w, c, CALL_SHUTDOWN, SOCK_ENOTCONN);
	act_shutdown(w, c);
	settle(w, index);
	return SOCK_OK;
}

enum sock_error sock_close(struct world *w, struct sock s)
{
	uint32_t index = held(w, s);

	if (!index)
		return SOCK_EBADF;
	act_close(w, index);
	settle(w, index);
	return SOCK_OK;
}

enum sock_error sock_abort(struct world *w, struct sock s)
{
	uint32_t index = held(w, s);

	if (!index)
		return SOCK_EBADF;
	if (conn_is(conn_at(w, index), CONN_LISTENER))
		return sock_close(w, s);
	act_abort(w, conn_at(w, index));
	settle(w, index);
	return SOCK_OK;
}

/* ---- looking --------------------------------------------------------------------------------- */

bool sock_is_open(const struct world *w, struct sock s)
{
	return held(w, s) != 0;
}

enum state sock_state(const struct world *w, struct sock s)
{
	const struct descriptor *d = descriptor_of(w, s);

	if (!d)
		return CLOSED;
	if (wheel_id_kind(d->where) == WHERE_TIME_WAIT)
		return TIME_WAIT;
	return (enum state)conn_at(w, wheel_id_index(d->where))->tcb.state;
}

enum sock_error sock_pending_error(const struct world *w, struct sock s)
{
	uint32_t index = sock_index(w, s);

	return index ? (enum sock_error)conn_at(w, index)->error : SOCK_OK;
}

const struct tcb *sock_tcb(const struct world *w, struct sock s)
{
	uint32_t index = sock_index(w, s);
	const struct conn *c = conn_at(w, index);

	return index && c->serial && !conn_is(c, CONN_DEAD) ? &c->tcb : NULL;
}

uint32_t sock_conn(const struct world *w, struct sock s)
{
	const struct descriptor *d = descriptor_of(w, s);

	if (!d)
		return 0;
	if (wheel_id_kind(d->where) == WHERE_TIME_WAIT)
		return ((struct time_wait *)pool_at(&w->time_waits, wheel_id_index(d->where)))
			->serial;
	return conn_at(w, wheel_id_index(d->where))->serial;
}

uint32_t sock_readable(const struct world *w, struct sock s)
{
	uint32_t index = sock_index(w, s);

	return index ? conn_at(w, index)->tcb.rcv.user : 0;
}

uint64_t sock_unsent(const struct world *w, struct sock s)
{
	uint32_t index = sock_index(w, s);

	return index ? conn_at(w, index)->unsent : 0;
}

uint16_t sock_port(const struct world *w, struct sock s)
{
	uint32_t index = sock_index(w, s);

	return index ? conn_at(w, index)->at.port : 0;
}

static bool is_listed(const struct conn *c, bool dead)
{
	return c->fd && !conn_is(c, CONN_LISTENER | CONN_CLOSED) && conn_is(c, CONN_DEAD) == dead;
}

size_t host_socks(const struct world *w, uint8_t host, struct sock *out, size_t room)
{
	uint32_t dead = 0;
	size_t count = 0;

	for (uint32_t i = w->host[host]->oldest; i; i = conn_at(w, i)->younger) {
		const struct conn *c = conn_at(w, i);

		if (is_listed(c, true))
			dead = i;
		if (!is_listed(c, false))
			continue;
		if (count < room)
			out[count] = sock_of(w, c);
		count++;
	}
	if (count == 0 && dead) {
		if (room)
			out[0] = sock_of(w, conn_at(w, dead));
		count = 1;
	}
	return count;
}

struct sock host_listener(const struct world *w, uint8_t host, uint16_t port)
{
	for (uint32_t i = w->host[host]->youngest; i; i = conn_at(w, i)->older) {
		const struct conn *c = conn_at(w, i);

		if (conn_is(c, CONN_LISTENER) && !conn_is(c, CONN_CLOSED) &&
		    (port == 0 || c->at.port == port))
			return sock_of(w, c);
	}
	return (struct sock){0};
}
