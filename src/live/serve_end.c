/* SPDX-License-Identifier: MIT */
/* serve_end.c - how a connection of the echo server ends. */
#include "live/serve_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the client still says after our last word is heard no longer than this silence. */
#define LAST_SILENCE (200 * USEC_PER_MS)
/* --linger looks so often whether all was acknowledged: at first, and at most. */
#define LINGER_LOOK      USEC_PER_MS
#define LINGER_LOOK_MOST (100 * USEC_PER_MS)

/* Octets that had come already when the end was decided. To leave them unread would make the
 * kernel send a reset, which may overtake what was echoed. */
enum { DISCARD_MOST = 1 << 20 };

static void gone(struct serve_conn *c, enum sock_error error)
{
	struct serve *s = c->serve;

	loop_cancel(s->loop, c->timer);
	loop_forget(s->loop, c->fd);
	close(c->fd);
	s->rest -= c->rest_count - c->rest_at;
	free(c->rest);
	if (c->previous)
		c->previous->next = c->next;
	else
		s->first = c->next;
	if (c->next)
		c->next->previous = c->previous;
	s->figures.open--;
	s->figures.ended++;
	if (error != SOCK_OK)
		s->figures.reset++;
	if (s->watcher.closed)
		s->watcher.closed(s->watcher.user, &c->flow, c->got, c->sent, error, c->by_q);
	free(c);
	serve_has_room(s);
}

static void conn_close(struct serve_conn *c, enum sock_error error)
{
	conn_tell(c, serve_time(c->serve), CALL_CLOSE, SOCK_OK, NULL, 0);
	gone(c, error);
}

void conn_drop(struct serve_conn *c, enum sock_error error)
{
	/* Whoever waits for a lingering close waits for all the others with it. */
	if (c->serve->options.linger_s > 0) {
		usec at = serve_time(c->serve);

		if (sock_linger(c->fd, -1))
			conn_tell_option(c, at, "SO_LINGER", -1);
	}
	conn_close(c, error);
}

void conn_fail(struct serve_conn *c, int error_number)
{
	conn_drop(c, sock_error_of(error_number));
}

/* What has come is read and thrown away. 0: the end. -1: there is no more now, or an error. */
static ssize_t discard(struct serve_conn *c, size_t most)
{
	struct serve *s = c->serve;
	size_t all = 0;

	for (;;) {
		ssize_t n = recv(c->fd, s->buffer, PIECE, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n >= 0)
			conn_tell(c, serve_time(s), CALL_READ, SOCK_OK, n > 0 ? s->buffer : NULL,
				  (size_t)n);
		if (n <= 0)
			return n;
		c->got += (uint64_t)n;
		s->figures.got += (uint64_t)n;
		all += (size_t)n;
		if (all >= most)
			return n;
	}
}

/* close() with SO_LINGER would stop the whole server: so it is only called when it has nothing to
 * wait for any more. */
static void linger_look(void *user)
{
	struct serve_conn *c = user;
	usec now = loop_now(), next;

	c->timer = 0;
	if (sock_is_settled(c->fd)) {
		conn_close(c, SOCK_OK);
		return;
	}
	if (now >= c->patience) {
		conn_drop(c, SOCK_OK);
		return;
	}
	/* Ever more rarely: as long again as it has lasted. */
	next = now - (c->patience - c->serve->options.linger_s * USEC_PER_S);
	next = next < LINGER_LOOK ? LINGER_LOOK : next;
	next = next > LINGER_LOOK_MOST ? LINGER_LOOK_MOST : next;
	c->timer = loop_at(c->serve->loop, now + next < c->patience ? now + next : c->patience,
			   linger_look, c);
}

static void linger(struct serve_conn *c)
{
	usec at = serve_time(c->serve);

	shutdown(c->fd, SHUT_WR);
	conn_tell(c, at, CALL_SHUTDOWN, SOCK_OK, NULL, 0);
	c->phase = PHASE_LINGER;
	c->patience = loop_now() + c->serve->options.linger_s * USEC_PER_S;
	/* Both sides may have ended by now, which the kernel would tell again and again. */
	loop_forget(c->serve->loop, c->fd);
	linger_look(c);
}

void conn_end(struct serve_conn *c)
{
	if (c->by_q)
		discard(c, DISCARD_MOST);
	if (c->serve->options.linger_s > 0)
		linger(c);
	else
		conn_close(c, SOCK_OK);
}

/* ---- the server stops ------------------------------------------------------------------------ */

static void last_silence(void *user)
{
	struct serve_conn *c = user;

	c->timer = 0;
	conn_drop(c, SOCK_OK);
}

void conn_take_leave(struct serve_conn *c)
{
	usec at = serve_time(c->serve);

	shutdown(c->fd, SHUT_WR);
	conn_tell(c, at, CALL_SHUTDOWN, SOCK_OK, NULL, 0);
	c->phase = PHASE_WAIT;
	conn_wait_for(c, LOOP_READ);
	loop_cancel(c->serve->loop, c->timer);
	c->timer = loop_after(c->serve->loop, LAST_SILENCE, last_silence, c);
}

void conn_wait_more(struct serve_conn *c)
{
	ssize_t n = discard(c, PIECE);

	if (n == 0) {
		conn_close(c, SOCK_OK);
	} else if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
		conn_fail(c, errno);
	} else {
		loop_cancel(c->serve->loop, c->timer);
		c->timer = loop_after(c->serve->loop, LAST_SILENCE, last_silence, c);
	}
}
