/* SPDX-License-Identifier: MIT */
/* call_connect.c - a name has addresses, and each is tried until somebody answers. */
#include "live/call_inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One who says nothing at all keeps us no longer from the next address. */
#define NEXT_ADDRESS (3 * USEC_PER_S)

static void tell_connect(struct call *c, usec at, bool is_result, int error_number)
{
	const struct act_watcher *w = &c->watcher.acts;

	if (!act_is_seen(w))
		return;
	w->see(w->user, &(struct act){.at = at,
				      .verb = CALL_CONNECT,
				      .is_result = is_result,
				      .error = sock_error_of(error_number),
				      .self = c->flow.end[0],
				      .peer = c->flow.end[1]});
}

static struct addrinfo *find(const struct call_options *o, struct sink *complaint)
{
	const char *host = o->host ? o->host : o->is_ipv6 ? "::1" : "127.0.0.1";
	struct addrinfo hints = {.ai_family = o->is_ipv6 ? AF_INET6 : AF_UNSPEC,
				 .ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found;
	char port[8];
	int done;

	snprintf(port, sizeof port, "%u", o->port);
	done = getaddrinfo(host, port, &hints, &found);
	if (done == 0)
		return found;
	sink_printf(complaint, "%s: %s%s", host, gai_strerror(done),
		    o->is_ipv6 ? " (as IPv6)" : "");
	return NULL;
}

static void peer_of(const struct addrinfo *a, struct endpoint *out)
{
	struct sockaddr_storage whole = {0};

	memcpy(&whole, a->ai_addr, a->ai_addrlen);
	sock_endpoint(&whole, out);
}

bool call_find(const struct call_options *o, struct endpoint *first, struct sink *complaint)
{
	struct addrinfo *found = find(o, complaint);

	if (!found)
		return false;
	peer_of(found, first);
	freeaddrinfo(found);
	return true;
}

static void next_address(void *user)
{
	struct call *c = user;

	c->timer = 0;
	call_try_next(c, ETIMEDOUT);
}

static void close_attempt(struct call *c)
{
	if (c->fd < 0)
		return;
	loop_forget(c->loop, c->fd);
	call_tell(c, call_time(c), CALL_CLOSE, SOCK_OK, NULL, 0);
	close(c->fd);
	c->fd = -1;
}

/* An errno; 0: it is under way. */
static int begin(struct call *c, const struct addrinfo *a)
{
	usec at;
	int why = 0;

	c->flow = (struct flow){0};
	peer_of(a, &c->flow.end[1]);
	c->fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return errno;
	if (c->linger_s >= 0)
		call_linger(c, c->linger_s);
	at = call_time(c);
	if (connect(c->fd, a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS)
		why = errno;
	sock_self(c->fd, &c->flow.end[0]);
	tell_connect(c, at, false, why);
	/* A connection that stands at once is told by the loop, like any other. */
	if (why == 0 && !loop_watch(c->loop, c->fd, LOOP_WRITE, call_heard, c))
		why = errno;
	c->events = LOOP_WRITE;
	return why;
}

void call_try_next(struct call *c, int last_error)
{
	loop_cancel(c->loop, c->timer);
	c->timer = 0;
	while (c->next) {
		const struct addrinfo *a = c->next;

		close_attempt(c);
		c->next = a->ai_next;
		last_error = begin(c, a);
		if (last_error != 0)
			continue;
		if (c->next)
			c->timer = loop_after(c->loop, NEXT_ADDRESS, next_address, c);
		return;
	}
	call_finish(c, sock_error_of(last_error));
}

void call_connect_heard(struct call *c)
{
	usec at = call_time(c);
	int why = 0;
	socklen_t size = sizeof why;

	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &why, &size) != 0)
		why = errno;
	tell_connect(c, at, true, why);
	if (why != 0) {
		call_try_next(c, why);
		return;
	}
	loop_cancel(c->loop, c->timer);
	c->timer = 0;
	sock_self(c->fd, &c->flow.end[0]);
	call_is_connected(c);
}

static void first_address(void *user)
{
	struct call *c = user;

	c->timer = 0;
	call_try_next(c, 0);
}

struct call *call_open(struct loop *l, const struct call_options *o, const struct call_watcher *w,
		       struct sink *complaint)
{
	struct addrinfo *found = find(o, complaint);
	struct call *c;

	if (!found)
		return NULL;
	c = xcalloc(1, sizeof *c);
	c->loop = l;
	if (w)
		c->watcher = *w;
	c->found = c->next = found;
	c->fd = -1;
	c->linger_s = -1;
	c->count = o->count;
	c->interval = o->interval;
	c->size = o->size;
	/* Not before the caller knows it: the first attempt may fail at once. */
	c->timer = loop_after(l, 0, first_address, c);
	return c;
}
