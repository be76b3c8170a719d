/* SPDX-License-Identifier: MIT */
/* lesson_deed.c - the deeds of a lesson, on real sockets that never block. */
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <base/harmless.h>
#include "live/lesson_inside.h"

static struct sockaddr_in local(int n, uint16_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons(port),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + (uint32_t)n)};
}

static struct endpoint local_endpoint(const struct lesson *s, int n)
{
	struct endpoint e = s->at;

	e.address.octets[3] = (uint8_t)n;
	return e;
}

static void tell_talk(struct lesson *s, const struct lesson_deed *d, struct act a)
{
	const struct flow *f = &s->talks[d->who].flow;

	a.self = f->end[d->side == LESSON_LI];
	a.peer = f->end[d->side != LESSON_LI];
	film_act(s, &a);
}

static void done(struct lesson_result *out, int error_number)
{
	out->answer = ANSWER_DONE;
	out->error = error_number == 0 ? SOCK_OK : sock_error_of(error_number);
}

static int *descriptor(struct lesson *s, const struct lesson_deed *d)
{
	return d->who == 0 ? &s->listener[1] : &s->talks[d->who].fd[d->side];
}

/* ---- the server's ---------------------------------------------------------------------------- */

static int listen_at(struct lesson *s, const struct lesson_deed *d, int fd)
{
	struct sockaddr_in a = local(d->who, s->at.port);
	struct act act = {.at = clock_wall(), .self = local_endpoint(s, d->who)};
	int on = 1;

	if (d->has_reuse) {
		if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
			return errno;
		act.verb = CALL_OPTION;
		act.option = "SO_REUSEADDR";
		act.value = 1;
		film_act(s, &act);
		act.option = NULL;
	}
	act.verb = CALL_BIND;
	act.value = s->at.port;
	act.error = bind(fd, (struct sockaddr *)&a, sizeof a) == 0 ? SOCK_OK : sock_error_of(errno);
	film_act(s, &act);
	if (act.error != SOCK_OK)
		return errno;
	if (d->number < 0)
		return 0;
	act.verb = CALL_LISTEN;
	act.value = d->number;
	act.error = listen(fd, d->number) == 0 ? SOCK_OK : sock_error_of(errno);
	film_act(s, &act);
	return act.error == SOCK_OK ? 0 : errno;
}

static void do_listen(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error_number = fd < 0 ? errno : listen_at(s, d, fd);

	done(out, error_number);
	if (error_number != 0 && fd >= 0) {
		close(fd);
	} else if (fd >= 0 && s->listener[d->who] >= 0) {
		close(fd); /* two at one place: the script expects that the kernel forbids it */
	} else {
		s->listener[d->who] = fd;
	}
}

static void do_unlisten(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	struct act act = {
		.at = clock_wall(), .verb = CALL_CLOSE, .self = local_endpoint(s, d->who)};

	if (s->listener[d->who] >= 0)
		close(s->listener[d->who]);
	s->listener[d->who] = -1;
	film_act(s, &act);
	done(out, 0);
}

static int listener(const struct lesson *s)
{
	int fd = -1;

	for (int i = 0; i < LESSON_LISTENERS; i++)
		fd = s->listener[i] >= 0 ? s->listener[i] : fd;
	return fd;
}

/* Whose call it is, is told by the port it comes from. */
static void accepted(struct lesson *s, int fd, const struct sockaddr_storage *from, usec at)
{
	struct endpoint peer;

	sock_endpoint(from, &peer);
	for (uint8_t i = 1; i < LESSON_TALKS; i++) {
		struct lesson_talk *t = &s->talks[i];
		struct lesson_deed who = {.side = LESSON_LI, .who = i};

		if (!t->is_called || t->flow.end[0].port != peer.port || t->fd[LESSON_LI] >= 0)
			continue;
		t->fd[LESSON_LI] = fd;
		tell_talk(s, &who, (struct act){.at = at, .verb = CALL_ACCEPT});
		return;
	}
	close(fd); /* nobody of ours */
	s->accepted--;
}

static void do_accept(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	if (!s->is_under_way)
		s->accepted = 0;
	while (s->accepted < d->number) {
		struct sockaddr_storage from;
		socklen_t size = sizeof from;
		usec at = clock_wall();
		int fd = accept4(listener(s), (struct sockaddr *)&from, &size,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && errno != EAGAIN)
			done(out, errno);
		if (fd < 0)
			return;
		s->accepted++;
		accepted(s, fd, &from, at);
	}
	done(out, 0);
}

/* ---- the client's ---------------------------------------------------------------------------- */

static int deafen(int fd)
{
	struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
	struct sock_fprog program = {1, &nothing};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0
											   : errno;
}

bool lesson_may_filter(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool may = fd >= 0 && deafen(fd) == 0;

	if (fd >= 0)
		close(fd);
	return may;
}

/* Its port is taken before the call, so that it is known even when the call fails. */
static int call(struct lesson *s, const struct lesson_deed *d)
{
	struct lesson_talk *t = &s->talks[d->who];
	struct sockaddr_in own = local(1, 0), to = local(d->number, s->at.port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error_number = 0;

	t->fd[LESSON_ZHANG] = fd;
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof own) != 0 ||
	    !sock_self(fd, &t->flow.end[0]))
		return errno;
	t->flow.end[1] = local_endpoint(s, d->number);
	t->is_called = true;
	if (d->is_deaf && (error_number = deafen(fd)) != 0)
		return error_number;
	tell_talk(s, d, (struct act){.at = clock_wall(), .verb = CALL_CONNECT});
	return connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
}

static void ask_call(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	struct pollfd p = {.fd = *descriptor(s, d), .events = POLLOUT};
	int error_number = 0;
	socklen_t size = sizeof error_number;

	if (poll(&p, 1, 0) <= 0)
		return;
	if (getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &error_number, &size) != 0)
		error_number = errno;
	done(out, error_number);
	tell_talk(s, d,
		  (struct act){.at = clock_wall(),
			       .verb = CALL_CONNECT,
			       .is_result = true,
			       .error = out->error});
}

static void do_connect(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	int error_number;

	if (s->is_under_way) {
		ask_call(s, d, out);
		return;
	}
	error_number = call(s, d);
	if (error_number != EINPROGRESS || d->error == SOCK_EINPROGRESS)
		done(out, error_number);
	if (error_number != EINPROGRESS && s->talks[d->who].is_called)
		tell_talk(s, d,
			  (struct act){.at = clock_wall(),
				       .verb = CALL_CONNECT,
				       .is_result = true,
				       .error = out->error});
}

static void do_filter(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	int fd = *descriptor(s, d), unused = 0;

	if (d->verb == DEED_DEAF)
		done(out, deafen(fd));
	else
		done(out, setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused) == 0
				  ? 0
				  : errno);
}

/* ---- either's -------------------------------------------------------------------------------- */

static void do_send(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	usec at = clock_wall();
	ssize_t n = send(*descriptor(s, d), d->text, strlen(d->text), MSG_NOSIGNAL);

	done(out, n < 0 ? errno : 0);
	tell_talk(s, d,
		  (struct act){.at = at,
			       .verb = CALL_WRITE,
			       .error = out->error,
			       .octets = d->text,
			       .size = n > 0 ? (size_t)n : 0});
}

/* Until as much has come as is expected, or the end. */
static void do_read(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	size_t wanted = strlen(d->text), room;
	ssize_t n;

	if (!s->is_under_way)
		s->got_count = 0;
	do {
		room = d->number > 0 ? (size_t)d->number - s->got_count
				     : sizeof s->got - s->got_count;
		n = recv(*descriptor(s, d), s->got + s->got_count, room, 0);
		if (n < 0 && errno == EAGAIN)
			return;
		done(out, n < 0 ? errno : 0);
		tell_talk(s, d,
			  (struct act){.at = clock_wall(),
				       .verb = CALL_READ,
				       .error = out->error,
				       .octets = n > 0 ? s->got + s->got_count : NULL,
				       .size = n > 0 ? (size_t)n : 0});
		s->got_count += n > 0 ? (size_t)n : 0;
		out->answer = ANSWER_WAITS;
	} while (n > 0 && s->got_count < wanted && s->got_count < sizeof s->got);
	out->answer = ANSWER_DONE;
	out->has_octets = out->error == SOCK_OK;
	out->octets = s->got;
	out->size = s->got_count;
}

static void do_end(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	int *fd = descriptor(s, d);
	usec at = clock_wall();
	bool is_close = d->verb == DEED_CLOSE;
	int answer = is_close ? close(*fd) : shutdown(*fd, SHUT_WR);

	done(out, answer == 0 ? 0 : errno);
	if (is_close)
		*fd = -1;
	tell_talk(s, d,
		  (struct act){.at = at,
			       .verb = is_close ? CALL_CLOSE : CALL_SHUTDOWN,
			       .error = out->error});
}

static void do_run(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	int64_t ticks;
	char state;

	if (!s->is_under_way && !lesson_run(s, d->text))
		done(out, errno);
	else if (lesson_look(s) && lesson_listens(s))
		done(out, 0);
	else if (!lesson_child_stat(s, &ticks, &state))
		done(out, ECONNABORTED);
}

void lesson_do(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out)
{
	*out = (struct lesson_result){.answer = ANSWER_WAITS};
	switch ((enum lesson_verb)d->verb) {
	case DEED_NONE: done(out, 0); break;
	case DEED_LISTEN: do_listen(s, d, out); break;
	case DEED_UNLISTEN: do_unlisten(s, d, out); break;
	case DEED_ACCEPT: do_accept(s, d, out); break;
	case DEED_RUN: do_run(s, d, out); break;
	case DEED_KILL:
		if (lesson_kill(s))
			done(out, 0);
		break;
	case DEED_CONNECT: do_connect(s, d, out); break;
	case DEED_FINISH: ask_call(s, d, out); break;
	case DEED_DEAF:
	case DEED_HEAR: do_filter(s, d, out); break;
	case DEED_SEND: do_send(s, d, out); break;
	case DEED_READ: do_read(s, d, out); break;
	case DEED_SHUTDOWN:
	case DEED_CLOSE: do_end(s, d, out); break;
	}
}

void lesson_sweep(struct lesson *s)
{
	for (int i = 0; i < LESSON_TALKS; i++) {
		for (int side = 0; side < 2; side++) {
			if (s->talks[i].fd[side] >= 0)
				close(s->talks[i].fd[side]);
			s->talks[i].fd[side] = -1;
		}
	}
	for (int i = 0; i < LESSON_LISTENERS; i++) {
		if (s->listener[i] >= 0)
			close(s->listener[i]);
		s->listener[i] = -1;
	}
	lesson_end_child(s);
}

/* ---- for people's eyes ----------------------------------------------------------------------- */

static void put_octets(struct sink *out, const char *octets, size_t n)
{
	sink_putc(out, '"');
	put_harmless(out, octets, n);
	sink_putc(out, '"');
}

static void put_call(const struct lesson *s, const struct lesson_deed *d, struct sink *out)
{
	switch ((enum lesson_verb)d->verb) {
	case DEED_NONE: break;
	case DEED_LISTEN:
		sink_printf(out, "%sbind(127.0.0.%d:%u)", d->has_reuse ? "SO_REUSEADDR, " : "",
			    d->who, s->at.port);
		if (d->number >= 0)
			sink_printf(out, ", listen(%d)", d->number);
		break;
	case DEED_UNLISTEN: sink_puts(out, "close(listener)"); break;
	case DEED_ACCEPT:
		sink_puts(out, "accept()");
		if (d->number > 1)
			sink_printf(out, " x %d", d->number);
		break;
	case DEED_RUN: sink_printf(out, "python3 %s %u &", d->text, s->at.port); break;
	case DEED_KILL: sink_puts(out, "kill -TERM"); break;
	case DEED_CONNECT:
		sink_printf(out, "%sconnect(127.0.0.%d:%u)", d->is_deaf ? "SO_ATTACH_FILTER, " : "",
			    d->number, s->at.port);
		break;
	case DEED_FINISH: sink_puts(out, "connect()"); break;
	case DEED_DEAF: sink_puts(out, "SO_ATTACH_FILTER"); break;
	case DEED_HEAR: sink_puts(out, "SO_DETACH_FILTER"); break;
	case DEED_SEND:
		sink_puts(out, "send(");
		put_octets(out, d->text, strlen(d->text));
		sink_puts(out, ")");
		break;
	case DEED_READ: sink_puts(out, "recv()"); break;
	case DEED_SHUTDOWN: sink_puts(out, "shutdown(SHUT_WR)"); break;
	case DEED_CLOSE: sink_puts(out, "close()"); break;
	}
}

void lesson_put_deed(const struct lesson *s, const struct lesson_deed *d, struct sink *out)
{
	bool is_own = d->verb == DEED_LISTEN || d->verb == DEED_UNLISTEN || d->who == 0;

	sink_puts(out, d->side == LESSON_LI ? "li" : "zhang");
	if (!is_own)
		sink_printf(out, " %d", d->who);
	sink_puts(out, ": ");
	put_call(s, d, out);
}

void lesson_put_answer(enum sock_error error, const char *octets, size_t n, bool has_octets,
		       struct sink *out)
{
	if (error != SOCK_OK)
		sink_printf(out, "%s (%s)", sock_error_name(error), sock_error_text(error));
	else if (has_octets)
		put_octets(out, octets, n);
	else
		sink_puts(out, "ok");
}
