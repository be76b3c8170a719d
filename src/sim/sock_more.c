/* SPDX-License-Identifier: MIT */
/* sock_more.c - the rarer calls: flags of send() and recv(), SHUT_RD, SO_ERROR. */
#include <sim/parts.h>

#include <woshou/sock.h>

#include <string.h>

static uint32_t held(const struct world *w, struct sock s)
{
	uint32_t index = sock_index(w, s);

	return index && !conn_is(conn_at(w, index), CONN_CLOSED) ? index : 0;
}

enum sock_error sock_write_as(struct world *w, struct sock s, const void *octets, uint64_t n,
			      unsigned flags, uint64_t *taken)
{
	uint32_t index = held(w, s);
	unsigned send = (flags & WRITE_MORE ? 0 : SEND_PUSH) |
			(flags & WRITE_RECORD ? SEND_RECORD : 0) |
			(flags & WRITE_URGENT ? SEND_URGENT : 0);
	enum sock_error e;

	*taken = 0;
	if (!index)
		return SOCK_EBADF;
	e = act_write(w, conn_at(w, index), octets, n, send, taken);
	if (*taken)
		settle(w, index);
	return e;
}

enum sock_error sock_peek(struct world *w, struct sock s, uint32_t n, uint32_t *there)
{
	uint32_t index = held(w, s);
	struct conn *c = conn_at(w, index);
	enum tcp_answer a;

	*there = 0;
	if (!index)
		return SOCK_EBADF;
	if (!c->serial || conn_is(c, CONN_LISTENER))
		return SOCK_ENOTCONN;
	a = tcp_call_peek(&c->tcb, there);
	if (*there > n)
		*there = n;
	if (a == TCP_WAIT)
		return conn_is(c, CONN_SHUT_READ) ? SOCK_OK : SOCK_EAGAIN;
	if (a == TCP_NOT_OPEN && !conn_is(c, CONN_EOF | CONN_SHUT_READ))
		return act_dead_answer(c, conn_is(c, CONN_CONNECTED) ? SOCK_OK : SOCK_ENOTCONN);
	return SOCK_OK;
}

enum sock_error sock_shutdown_read(struct world *w, struct sock s)
{
	uint32_t index = held(w, s);
	struct conn *c = conn_at(w, index);
	struct record *r;

	if (!index)
		return SOCK_EBADF;
	r = tell_call(w, CALL_OPTION, c);
	if (r) {
		r->text[0] = trace_text(w->trace, "SHUT_RD", strlen("SHUT_RD"));
		r->number[0] = 1;
	}
	if (!c->serial || conn_is(c, CONN_LISTENER | CONN_DEAD)) {
		if (r)
			r->error = SOCK_ENOTCONN;
		return SOCK_ENOTCONN;
	}
	c->flags |= CONN_SHUT_READ;
	measure_wake(w, c);
	return SOCK_OK;
}

enum sock_error sock_take_error(struct world *w, struct sock s)
{
	uint32_t index = held(w, s);
	struct conn *c = conn_at(w, index);
	enum sock_error e;

	if (!index)
		return SOCK_EBADF;
	if (!conn_profile(w, c)->icmp_soft_told)
		return act_dead_answer(c, SOCK_OK);
	e = act_dead_answer(c, (enum sock_error)c->soft_error);
	c->soft_error = SOCK_OK;
	return e;
}
