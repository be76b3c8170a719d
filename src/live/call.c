/* SPDX-License-Identifier: MIT */
/* call.c - the echo client speaks, hears, and ends. */
#include "live/call.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "live/call_inside.h"

/* So many pieces, then it is somebody else's turn in the loop. */
enum { PIECES_AT_ONCE = 4 };

/* A close that lingers looks so often whether all was acknowledged. */
#define LINGER_LOOK (20 * USEC_PER_MS)

usec call_time(const struct call *c)
{
	return act_is_seen(&c->watcher.acts) ? clock_wall() : 0;
}

static void tell(struct call *c, struct act a)
{
	const struct act_watcher *w = &c->watcher.acts;

	if (!act_is_seen(w))
		return;
	a.self = c->flow.end[0];
	a.peer = c->flow.end[1];
	w->see(w->user, &a);
}

void call_tell(struct call *c, usec at, enum call_verb verb, enum sock_error error,
	       const void *octets, size_t n)
{
	tell(c, (struct act){.at = at, .verb = verb, .error = error, .octets = octets, .size = n});
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Without a call that the kernel has not made by itself: the socket is closed already, or never
 * was. */
static void be_over(struct call *c, enum sock_error error)
{
	loop_cancel(c->loop, c->timer);
	c->timer = 0;
	call_count_stop(c);
	c->phase = CALL_OVER;
	if (c->watcher.ended)
		c->watcher.ended(c->watcher.user, error);
}

static void close_as(struct call *c, enum call_verb verb)
{
	usec at = call_time(c);

	if (c->fd < 0)
		return;
	loop_forget(c->loop, c->fd);
	close(c->fd);
	c->fd = -1;
	call_tell(c, at, verb, SOCK_OK, NULL, 0);
}

void call_finish(struct call *c, enum sock_error error)
{
	if (c->phase == CALL_OVER)
		return;
	close_as(c, CALL_CLOSE);
	be_over(c, error);
}

static void shut(struct call *c)
{
	usec at = call_time(c);

	if (c->is_shut)
		return;
	c->is_shut = true;
	shutdown(c->fd, SHUT_WR);
	call_tell(c, at, CALL_SHUTDOWN, SOCK_OK, NULL, 0);
}

static void linger_look(void *user)
{
	struct call *c = user;
	usec now = loop_now();

	c->timer = 0;
	if (!sock_is_settled(c->fd) && now < c->patience) {
		usec next = now + LINGER_LOOK < c->patience ? now + LINGER_LOOK : c->patience;

		c->timer = loop_at(c->loop, next, linger_look, c);
		return;
	}
	if (!sock_is_settled(c->fd))
		call_linger(c, -1);
	call_finish(c, SOCK_OK);
}

/* close(). With SO_LINGER it would block, and here nothing may: so we wait in its stead. */
static void close_down(struct call *c)
{
	if (c->linger_s <= 0 || c->phase == CALL_CONNECTING) {
		call_finish(c, SOCK_OK);
		return;
	}
	shut(c);
	c->phase = CALL_LINGERING;
	c->patience = loop_now() + c->linger_s * USEC_PER_S;
	loop_forget(c->loop, c->fd);
	linger_look(c);
}

static void abort_now(struct call *c)
{
	if (c->fd >= 0)
		sock_linger(c->fd, 0);
	close_as(c, CALL_ABORT);
	be_over(c, SOCK_OK);
}

/* Everything that was said is the kernel's now: the way to end is due. */
static void leave_if_said(struct call *c)
{
	size_t unsent;

	answers_unsent(&c->answers, &unsent);
	if (!c->is_leaving || unsent > 0 || c->phase != CALL_OPEN)
		return;
	if (c->way == CALL_WAY_SHUTDOWN)
		shut(c);
	else
		close_down(c);
}

void call_leave(struct call *c, enum call_way way)
{
	size_t unsent;

	answers_unsent(&c->answers, &unsent);
	if (c->phase == CALL_OVER || (c->is_leaving && way == CALL_WAY_SHUTDOWN))
		return;
	call_count_stop(c);
	c->is_leaving = true;
	c->way = way;
	if (way == CALL_WAY_ABORT)
		abort_now(c);
	else if (c->phase == CALL_CONNECTING && unsent == 0 && way == CALL_WAY_CLOSE)
		call_finish(c, SOCK_OK);
	else
		leave_if_said(c);
}

/* ---- saying ---------------------------------------------------------------------------------- */

static void wait_for(struct call *c, unsigned events)
{
	if (events != c->events && loop_watch(c->loop, c->fd, events, call_heard, c))
		c->events = events;
}

/* What the kernel takes now. False: it is over. */
static bool send_said(struct call *c)
{
	size_t n;
	const char *octets = answers_unsent(&c->answers, &n);

	while (n > 0 && !c->is_shut) {
		usec at = call_time(c), now = loop_now();
		ssize_t done = send(c->fd, octets, n, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (done < 0) {
			enum sock_error error = sock_error_of(errno);

			call_tell(c, at, CALL_WRITE, error, NULL, 0);
			call_finish(c, error);
			return false;
		}
		call_tell(c, at, CALL_WRITE, SOCK_OK, octets, (size_t)done);
		c->figures.sent += (uint64_t)done;
		answers_sent(&c->answers, (size_t)done, now);
		octets = answers_unsent(&c->answers, &n);
	}
	wait_for(c, n > 0 && !c->is_shut ? LOOP_READ | LOOP_WRITE : LOOP_READ);
	leave_if_said(c);
	return c->phase == CALL_OPEN;
}

bool call_say(struct call *c, const void *octets, size_t n)
{
	if (!call_may_say(c) || !answers_say(&c->answers, octets, n))
		return false;
	c->figures.messages += n > 0;
	if (c->phase == CALL_OPEN)
		send_said(c);
	return true;
}

bool call_may_say(const struct call *c)
{
	return !c->is_leaving && (c->phase == CALL_CONNECTING || c->phase == CALL_OPEN);
}

bool call_linger(struct call *c, int seconds)
{
	usec at = call_time(c);

	c->linger_s = seconds < 0 ? -1 : seconds;
	if (c->fd < 0)
		return c->phase != CALL_OVER; /* there will be a socket */
	if (!sock_linger(c->fd, seconds))
		return false;
	tell(c, (struct act){.at = at,
			     .verb = CALL_OPTION,
			     .option = "SO_LINGER",
			     .value = seconds < 0 ? -1 : seconds * USEC_PER_S});
	return true;
}

void call_is_connected(struct call *c)
{
	c->phase = CALL_OPEN;
	if (c->watcher.connected)
		c->watcher.connected(c->watcher.user, &c->flow);
	call_count_start(c);
	if (c->phase == CALL_OPEN)
		send_said(c);
}

/* ---- hearing --------------------------------------------------------------------------------- */

static void echoed(void *user, const void *octets, size_t n, usec rtt)
{
	struct call *c = user;
	struct call_figures *f = &c->figures;

	if (f->answered == 0 || rtt < f->rtt_least)
		f->rtt_least = rtt;
	if (rtt > f->rtt_most)
		f->rtt_most = rtt;
	f->rtt_sum += rtt;
	f->answered++;
	if (c->watcher.echoed)
		c->watcher.echoed(c->watcher.user, octets, n, rtt);
}

static void strange(void *user, const void *octets, size_t n)
{
	struct call *c = user;

	if (c->watcher.strange)
		c->watcher.strange(c->watcher.user, octets, n);
}

static void hear(struct call *c)
{
	const struct answers_watcher w = {c, echoed, strange};
	uint64_t answered = c->figures.answered;
	ssize_t n = CALL_PIECE;

	for (int i = 0; i < PIECES_AT_ONCE && n == CALL_PIECE; i++) {
		n = recv(c->fd, c->buffer, CALL_PIECE, MSG_DONTWAIT);
		if (n < 0)
			break;
		call_tell(c, call_time(c), CALL_READ, SOCK_OK, n > 0 ? c->buffer : NULL, (size_t)n);
		if (n == 0) {
			close_down(c);
			return;
		}
		c->figures.got += (uint64_t)n;
		answers_heard(&c->answers, c->buffer, (size_t)n, loop_now(), &w);
		if (c->phase != CALL_OPEN)
			return;
	}
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
		enum sock_error error = sock_error_of(errno);

		call_tell(c, call_time(c), CALL_READ, error, NULL, 0);
		call_finish(c, error);
		return;
	}
	if (c->figures.answered != answered)
		call_count_heard(c);
}

void call_heard(void *user, int fd, unsigned events)
{
	struct call *c = user;

	(void)fd;
	if (c->phase == CALL_CONNECTING) {
		call_connect_heard(c);
		return;
	}
	if ((events & LOOP_WRITE) && !send_said(c))
		return;
	if (events & (LOOP_READ | LOOP_HANGUP))
		hear(c);
}

/* ---- asked by others ------------------------------------------------------------------------- */

bool call_is_over(const struct call *c)
{
	return c->phase == CALL_OVER;
}

void call_figures(const struct call *c, struct call_figures *out)
{
	*out = c->figures;
}

void call_flow(const struct call *c, struct flow *out)
{
	*out = c->flow;
}

void call_free(struct call *c)
{
	if (!c)
		return;
	if (c->linger_s > 0 && c->fd >= 0)
		call_linger(c, -1);
	close_as(c, CALL_CLOSE);
	loop_cancel(c->loop, c->timer);
	call_count_stop(c);
	answers_fini(&c->answers);
	freeaddrinfo(c->found);
	free(c);
}
