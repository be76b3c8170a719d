/* SPDX-License-Identifier: MIT */
/* serve.c - the echo server's listener: who comes is accepted, as long as there is room. */
#include "live/serve.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <base/array.h>
#include "live/serve_inside.h"

/* So many, then those that are open have their turn. */
enum { ACCEPT_AT_ONCE = 64 };

/* Descriptors may become free elsewhere, of which nobody tells; so it is tried again. */
#define LOOK_AGAIN USEC_PER_S
/* The same complaint is not made more often. */
#define COMPLAIN_AGAIN (10 * USEC_PER_S)

static void listener_heard(void *user, int fd, unsigned events);

void serve_defaults(struct serve_options *o)
{
	*o = (struct serve_options){.port = ECHO_PORT, .backlog = ECHO_BACKLOG, .linger_s = -1};
}

/* ---- opening --------------------------------------------------------------------------------- */

static void tell_listener(const struct serve *s, usec at, enum call_verb verb, const char *option,
			  int64_t value, int error_number)
{
	const struct act_watcher *w = &s->watcher.acts;

	if (!act_is_seen(w))
		return;
	w->see(w->user, &(struct act){.at = at,
				      .verb = verb,
				      .error = sock_error_of(error_number),
				      .self = s->where,
				      .option = option,
				      .value = value});
}

static void complain_of(const struct serve *s, const char *call, int why, struct sink *complaint)
{
	char where[ENDPOINT_TEXT];

	endpoint_text(&s->where, where);
	sink_printf(complaint, "%s %s: %s", call, where, strerror(why));
	if (why == EADDRINUSE)
		sink_puts(complaint, ": another program listens there, or a connection of that "
				     "port is still in TIME_WAIT (wait a minute; a server that had "
				     "--reuseaddr from the beginning need not)");
	else if (why == EACCES)
		sink_puts(complaint, ": ports below 1024 are for the administrator (--port 8888)");
	else if (why == EADDRNOTAVAIL)
		sink_puts(complaint, ": this machine has no such address (--bind)");
	else if (why == EAFNOSUPPORT)
		sink_puts(complaint, ": this machine has no IPv6");
}

static bool find_address(struct serve *s, struct sockaddr_storage *a, socklen_t *size,
			 struct sink *complaint)
{
	const struct serve_options *o = &s->options;
	const char *bind = o->bind ? o->bind : o->is_ipv6 ? "::1" : "127.0.0.1";
	struct addrinfo hints = {.ai_family = o->is_ipv6 ? AF_INET6 : AF_INET,
				 .ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *found;
	char port[8];
	int done;

	snprintf(port, sizeof port, "%u", o->port);
	done = getaddrinfo(bind, port, &hints, &found);
	/* An address of IPv6's says by itself what it is. */
	if (done != 0 && !o->is_ipv6 && strchr(bind, ':')) {
		hints.ai_family = AF_INET6;
		done = getaddrinfo(bind, port, &hints, &found);
	}
	if (done != 0) {
		sink_printf(complaint, "--bind %s: %s%s", bind, gai_strerror(done),
			    o->is_ipv6 ? " (as IPv6)" : "");
		return false;
	}
	*a = (struct sockaddr_storage){0};
	memcpy(a, found->ai_addr, found->ai_addrlen);
	*size = found->ai_addrlen;
	freeaddrinfo(found);
	sock_endpoint(a, &s->where);
	return true;
}

/* An option that is told, as all calls are. Those that accept() gives birth to have it from here.
 */
static bool set_option(const struct serve *s, int name, const char *word, int value)
{
	usec at = serve_time(s);
	bool is_set = setsockopt(s->fd, SOL_SOCKET, name, &value, sizeof value) == 0;

	tell_listener(s, at, CALL_OPTION, word, value, is_set ? 0 : errno);
	return is_set;
}

static bool bind_and_listen(struct serve *s, struct sink *complaint)
{
	struct sockaddr_storage a;
	int off = 0, unsent = KERNEL_UNSENT, why = 0;
	const char *call = "socket";
	socklen_t size;
	usec at;

	if (!find_address(s, &a, &size, complaint))
		return false;
	s->fd = socket(a.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0) {
		complain_of(s, call, errno, complaint);
		return false;
	}
	if (a.ss_family == AF_INET6)
		setsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	setsockopt(s->fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
	if (s->options.reuse_address)
		set_option(s, SO_REUSEADDR, "SO_REUSEADDR", 1);
	/* One that vanished without a word is found out at last, in two hours. */
	set_option(s, SO_KEEPALIVE, "SO_KEEPALIVE", 1);
	call = "bind";
	at = serve_time(s);
	if (bind(s->fd, (struct sockaddr *)&a, size) != 0)
		why = errno;
	else
		sock_self(s->fd, &s->where);
	tell_listener(s, at, CALL_BIND, NULL, s->where.port, why);
	if (why == 0) {
		call = "listen";
		at = serve_time(s);
		if (listen(s->fd, s->options.backlog) != 0)
			why = errno;
		tell_listener(s, at, CALL_LISTEN, NULL, s->options.backlog, why);
	}
	if (why != 0)
		complain_of(s, call, why, complaint);
	return why == 0;
}

static bool is_any(const struct address *a)
{
	static const uint8_t zero[16];

	return memcmp(a->octets, zero, sizeof zero) == 0;
}

struct serve *serve_open(struct loop *l, const struct serve_options *o,
			 const struct serve_watcher *w, struct sink *complaint)
{
	struct serve *s = xcalloc(1, sizeof *s);

	s->loop = l;
	s->options = *o;
	if (w)
		s->watcher = *w;
	s->fd = -1;
	sock_raise_limit();
	if (!bind_and_listen(s, complaint)) {
		serve_close(s);
		return NULL;
	}
	s->is_any = is_any(&s->where.address);
	s->is_watched = loop_watch(l, s->fd, LOOP_READ, listener_heard, s);
	if (!s->is_watched) {
		sink_printf(complaint, "epoll: %s", strerror(errno));
		serve_close(s);
		return NULL;
	}
	return s;
}

void serve_where(const struct serve *s, struct endpoint *out)
{
	*out = s->where;
}

void serve_figures(const struct serve *s, struct serve_figures *out)
{
	*out = s->figures;
}

/* ---- accepting ------------------------------------------------------------------------------- */

static void watch_listener(struct serve *s, bool is_watched)
{
	if (s->fd < 0 || s->is_watched == is_watched)
		return;
	if (is_watched)
		s->is_watched = loop_watch(s->loop, s->fd, LOOP_READ, listener_heard, s);
	else
		loop_forget(s->loop, s->fd);
	if (!is_watched)
		s->is_watched = false;
}

static void complain_of_shortage(struct serve *s, int why)
{
	struct rlimit files = {0};
	char en[192], zh[192];

	if (s->has_complained && loop_now() < s->complained + COMPLAIN_AGAIN)
		return;
	s->has_complained = true;
	s->complained = loop_now();
	if (!s->watcher.notice)
		return;
	getrlimit(RLIMIT_NOFILE, &files);
	if (why == EMFILE) {
		snprintf(en, sizeof en,
			 "all %llu descriptors of this process are in use (ulimit -n): whoever "
			 "calls now waits until one is free",
			 (unsigned long long)files.rlim_cur);
		snprintf(zh, sizeof zh,
			 "本进程的 %llu 个描述符已用尽（ulimit -n）：现在来的要等到有空出来的",
			 (unsigned long long)files.rlim_cur);
	} else {
		snprintf(en, sizeof en, "the machine is short (%s): whoever calls now waits",
			 strerror(why));
		snprintf(zh, sizeof zh, "机器资源不足（%s）：现在来的要等一等", strerror(why));
	}
	s->watcher.notice(s->watcher.user, en, zh);
}

static void look_again(void *user)
{
	struct serve *s = user;

	s->again = 0;
	/* The kernel says that it is short before it looks whether anybody waits. So it is asked:
	 * an empty queue makes no event. */
	watch_listener(s, true);
	listener_heard(s, s->fd, LOOP_READ);
}

/* They wait in the accept queue. To ask again at once would be to ask in vain, again and again. */
static void run_short(struct serve *s, int why)
{
	s->figures.is_short_of_descriptors = true;
	watch_listener(s, false);
	loop_cancel(s->loop, s->again);
	s->again = loop_after(s->loop, LOOK_AGAIN, look_again, s);
	complain_of_shortage(s, why);
}

/* Nobody waits any more: the shortage is over. */
static void all_accepted(struct serve *s)
{
	if (!s->figures.is_short_of_descriptors)
		return;
	s->figures.is_short_of_descriptors = false;
	if (s->has_complained && s->watcher.notice)
		s->watcher.notice(s->watcher.user, "there are descriptors again: nobody waits",
				  "描述符又有了：没有人再等");
	s->has_complained = false;
}

void serve_has_room(struct serve *s)
{
	if (s->options.one_at_a_time && s->figures.open > 0)
		return;
	if (s->is_stopping)
		return;
	watch_listener(s, true);
}

/* False: no more now. */
static bool accept_one(struct serve *s)
{
	struct sockaddr_storage peer = {0};
	socklen_t size = sizeof peer;
	usec at = serve_time(s);
	int fd = accept4(s->fd, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		conn_open(s, fd, &peer, at);
		return true;
	}
	switch (errno) {
	case EAGAIN:
#if EWOULDBLOCK != EAGAIN
	case EWOULDBLOCK:
#endif
		all_accepted(s);
		return false;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM: run_short(s, errno); return false;
	default:
		/* That one is dead already (ECONNABORTED), or its network is (accept(2)); the next
		 * may not be. */
		return true;
	}
}

static void listener_heard(void *user, int fd, unsigned events)
{
	struct serve *s = user;

	(void)fd, (void)events;
	for (int i = 0; i < ACCEPT_AT_ONCE && s->is_watched; i++) {
		if (s->options.one_at_a_time && s->figures.open > 0) {
			watch_listener(s, false);
			return;
		}
		if (!accept_one(s))
			return;
	}
}

/* ---- stopping -------------------------------------------------------------------------------- */

static void close_listener(struct serve *s)
{
	usec at = serve_time(s);

	if (s->fd < 0)
		return;
	watch_listener(s, false);
	close(s->fd);
	s->fd = -1;
	if (s->where.port != 0)
		tell_listener(s, at, CALL_CLOSE, NULL, 0, 0);
}

static void drop_all(void *user)
{
	struct serve *s = user;

	s->patience = 0;
	while (s->first)
		conn_drop(s->first, s->first->rest_count > 0 ? SOCK_ETIMEDOUT : SOCK_OK);
}

void serve_stop(struct serve *s, usec patience)
{
	struct serve_conn *c, *next;
	bool is_first = !s->is_stopping;

	/* Who was let in by the kernel and waits for us has nothing to be blamed for. */
	for (int i = 0; is_first && !s->options.one_at_a_time && i < ACCEPT_AT_ONCE; i++) {
		if (!s->is_watched || !accept_one(s))
			break;
	}
	s->is_stopping = true;
	close_listener(s);
	loop_cancel(s->loop, s->again);
	loop_cancel(s->loop, s->patience);
	s->again = s->patience = 0;
	if (patience <= 0) {
		drop_all(s);
		return;
	}
	s->patience = loop_after(s->loop, patience, drop_all, s);
	for (c = is_first ? s->first : NULL; c; c = next) {
		next = c->next;
		if (c->phase == PHASE_ECHO)
			conn_read(c);
	}
}

bool serve_is_over(const struct serve *s)
{
	return s->is_stopping && s->figures.open == 0;
}

void serve_close(struct serve *s)
{
	s->is_stopping = true;
	close_listener(s);
	drop_all(s);
	loop_cancel(s->loop, s->again);
	loop_cancel(s->loop, s->patience);
	free(s);
}
