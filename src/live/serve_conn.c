/* SPDX-License-Identifier: MIT */
/* serve_conn.c - a connection of the echo server: what comes is sent back. */
#include "live/serve_inside.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <base/array.h>
#include <base/assert.h>

/* So many pieces, then it is another one's turn. */
enum { PIECES_AT_ONCE = 4 };

static void conn_heard(void *user, int fd, unsigned events);
static void silence(void *user);

usec serve_time(const struct serve *s)
{
	return act_is_seen(&s->watcher.acts) ? clock_wall() : 0;
}

void conn_tell(struct serve_conn *c, usec at, enum call_verb verb, enum sock_error error,
	       const void *octets, size_t n)
{
	const struct act_watcher *w = &c->serve->watcher.acts;

	if (!act_is_seen(w))
		return;
	w->see(w->user, &(struct act){.at = at,
				      .verb = verb,
				      .error = error,
				      .self = c->flow.end[1],
				      .peer = c->flow.end[0],
				      .octets = octets,
				      .size = n});
}

void conn_tell_option(struct serve_conn *c, usec at, const char *name, int64_t value)
{
	const struct act_watcher *w = &c->serve->watcher.acts;

	if (!act_is_seen(w))
		return;
	w->see(w->user, &(struct act){.at = at,
				      .verb = CALL_OPTION,
				      .self = c->flow.end[1],
				      .peer = c->flow.end[0],
				      .option = name,
				      .value = value});
}

void conn_wait_for(struct serve_conn *c, unsigned events)
{
	if (c->events == events)
		return;
	/* It is watched already: the kernel needs nothing new for this. */
	if (loop_watch(c->serve->loop, c->fd, events, conn_heard, c))
		c->events = (uint8_t)events;
}

/* ---- sending --------------------------------------------------------------------------------- */

/* As much as the kernel takes now. False: c is gone. */
static bool send_some(struct serve_conn *c, const uint8_t *octets, size_t n, size_t *taken)
{
	*taken = 0;
	while (*taken < n) {
		usec at = serve_time(c->serve);
		ssize_t done =
			send(c->fd, octets + *taken, n - *taken, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (done < 0) {
			if (errno == EINTR)
				continue;
			if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ||
			    errno == ENOMEM)
				break;
			conn_tell(c, at, CALL_WRITE, sock_error_of(errno), NULL, 0);
			conn_fail(c, errno);
			return false;
		}
		conn_tell(c, at, CALL_WRITE, SOCK_OK, octets + *taken, (size_t)done);
		*taken += (size_t)done;
		c->sent += (uint64_t)done;
		c->serve->figures.sent += (uint64_t)done;
	}
	return true;
}

/* What was kept first. Nothing is read while anything is kept. */
static bool echo(struct serve_conn *c, const uint8_t *octets, size_t n)
{
	size_t taken = 0, kept = c->rest_count - c->rest_at;

	if (n == 0)
		return true;
	if (kept == 0 && !send_some(c, octets, n, &taken))
		return false;
	if (taken == n)
		return true;
	c->rest = xrealloc(c->rest, c->rest_count + n - taken);
	memcpy(c->rest + c->rest_count, octets + taken, n - taken);
	c->rest_count += (uint32_t)(n - taken);
	c->serve->rest += n - taken;
	conn_wait_for(c, LOOP_WRITE);
	return true;
}

/* Where all is sent: on to reading, or to the end. */
static void settle(struct serve_conn *c)
{
	if (c->rest_count > 0)
		return;
	switch ((enum phase)c->phase) {
	case PHASE_ECHO:
		conn_wait_for(c, LOOP_READ);
		/* What came meanwhile is echoed before the server goes. */
		if (c->serve->is_stopping)
			conn_read(c);
		return;
	case PHASE_LAST: conn_end(c); return;
	case PHASE_WAIT:
	case PHASE_LINGER: return;
	}
}

static void flush(struct serve_conn *c)
{
	size_t taken;

	if (!send_some(c, c->rest + c->rest_at, c->rest_count - c->rest_at, &taken))
		return;
	c->rest_at += (uint32_t)taken;
	c->serve->rest -= taken;
	if (c->rest_at < c->rest_count)
		return;
	free(c->rest);
	c->rest = NULL;
	c->rest_at = c->rest_count = 0;
	settle(c);
}

/* ---- the word -------------------------------------------------------------------------------- */

static void set_silence(struct serve_conn *c, bool is_on)
{
	loop_cancel(c->serve->loop, c->timer);
	c->timer = is_on ? loop_after(c->serve->loop, QUIT_SILENCE, silence, c) : 0;
}

static void leave_by_q(struct serve_conn *c)
{
	c->by_q = true;
	c->phase = PHASE_LAST;
	settle(c);
}

/* What was held is text after all, or was the word. */
static bool decide(struct serve_conn *c)
{
	uint8_t held[QUIT_HELD_MOST];
	struct quit_said said;

	quit_held(&c->quit, held);
	said = quit_pause(&c->quit);
	set_silence(c, false);
	if (said.is_over) {
		leave_by_q(c);
		return false;
	}
	return echo(c, held, said.held);
}

/* Silence is what the kernel has not heard either: the loop may be late, and nothing is read while
 * the client does not read. */
static void silence(void *user)
{
	struct serve_conn *c = user;
	uint8_t octet;
	ssize_t n = recv(c->fd, &octet, 1, MSG_PEEK | MSG_DONTWAIT);

	c->timer = 0;
	if (n > 0)
		return; /* somebody spoke: it is read when what is kept has gone */
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
		conn_fail(c, errno);
		return;
	}
	if (decide(c))
		settle(c);
}

/* The buffer's piece, with room before it for what was held: it goes out together. */
static bool take(struct serve_conn *c, size_t n)
{
	struct serve *s = c->serve;
	uint8_t *octets = s->buffer + QUIT_HELD_MOST, held[QUIT_HELD_MOST];
	struct quit_said said = {.text = n};

	if (!s->options.is_transparent) {
		quit_held(&c->quit, held);
		said = quit_feed(&c->quit, octets, n, c->rest_count == 0);
		memcpy(octets - said.held, held, said.held);
		if (c->timer != 0 || quit_held(&c->quit, held) > 0)
			set_silence(c, !said.is_over && quit_held(&c->quit, held) > 0);
	}
	if (!echo(c, octets - said.held, said.held + said.text))
		return false;
	if (said.is_over)
		leave_by_q(c);
	return !said.is_over;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void got_end(struct serve_conn *c)
{
	conn_tell(c, serve_time(c->serve), CALL_READ, SOCK_OK, NULL, 0);
	if (!c->serve->options.is_transparent && !decide(c))
		return;
	c->phase = PHASE_LAST;
	settle(c);
}

void conn_read(struct serve_conn *c)
{
	struct serve *s = c->serve;
	uint8_t held[QUIT_HELD_MOST];
	bool is_dry = false;

	for (int i = 0; i < PIECES_AT_ONCE && c->rest_count == 0; i++) {
		size_t room = s->rest < REST_PLENTY ? PIECE : PIECE_SMALL;
		ssize_t n = recv(c->fd, s->buffer + QUIT_HELD_MOST, room, MSG_DONTWAIT);

		is_dry = n < (ssize_t)room;
		if (n == 0) {
			got_end(c);
			return;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (n < 0) {
			conn_tell(c, serve_time(s), CALL_READ, sock_error_of(errno), NULL, 0);
			conn_fail(c, errno);
			return;
		}
		c->got += (uint64_t)n;
		s->figures.got += (uint64_t)n;
		conn_tell(c, serve_time(s), CALL_READ, SOCK_OK, s->buffer + QUIT_HELD_MOST,
			  (size_t)n);
		if (!take(c, (size_t)n))
			return;
		if (is_dry)
			break;
	}
	if (s->is_stopping && is_dry && c->rest_count == 0 && quit_held(&c->quit, held) == 0)
		conn_take_leave(c);
}

static void conn_heard(void *user, int fd, unsigned events)
{
	struct serve_conn *c = user;

	(void)fd;
	if (c->phase == PHASE_WAIT)
		conn_wait_more(c);
	else if (c->rest_count > 0)
		flush(c);
	else if (events & (LOOP_READ | LOOP_HANGUP))
		conn_read(c);
}

void conn_open(struct serve *s, int fd, const struct sockaddr_storage *peer, usec at)
{
	struct serve_conn *c = xcalloc(1, sizeof *c);

	c->serve = s;
	c->fd = fd;
	sock_endpoint(peer, &c->flow.end[0]);
	c->flow.end[1] = s->where;
	if (s->is_any)
		sock_self(fd, &c->flow.end[1]);
	c->events = LOOP_READ;
	c->next = s->first;
	if (s->first)
		s->first->previous = c;
	s->first = c;
	s->figures.accepted++;
	s->figures.open++;
	if (s->figures.open > s->figures.open_most)
		s->figures.open_most = s->figures.open;
	conn_tell(c, at, CALL_ACCEPT, SOCK_OK, NULL, 0);
	if (s->watcher.opened)
		s->watcher.opened(s->watcher.user, &c->flow);
	if (s->options.linger_s >= 0) {
		at = serve_time(s);
		if (sock_linger(fd, s->options.linger_s))
			conn_tell_option(c, at, "SO_LINGER", s->options.linger_s * USEC_PER_S);
	}
	if (!loop_watch(s->loop, fd, LOOP_READ, conn_heard, c))
		conn_drop(c, SOCK_ENOBUFS);
}
