/* SPDX-License-Identifier: MIT */
#include "played.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <base/array.h>

void played_put_act(struct sink *out, const struct act *a)
{
	static const char *const verbs[] = {
		[CALL_LISTEN] = "listen", [CALL_CONNECT] = "connect", [CALL_ACCEPT] = "accept",
		[CALL_WRITE] = "write",   [CALL_READ] = "read",       [CALL_SHUTDOWN] = "shutdown",
		[CALL_CLOSE] = "close",   [CALL_ABORT] = "abort",     [CALL_OPTION] = "option",
		[CALL_BIND] = "bind",
	};

	ck_assert_int_gt(a->at, 1700000000 * USEC_PER_S);
	sink_printf(out, "%s%s", verbs[a->verb], a->is_result ? "!" : "");
	if (a->option)
		sink_printf(out, " %s %d", a->option, (int)a->value);
	if (a->verb == CALL_LISTEN)
		sink_printf(out, " %d", (int)a->value);
	if (a->size)
		sink_printf(out, " '%.*s'", (int)a->size, (const char *)a->octets);
	if (a->error != SOCK_OK)
		sink_printf(out, " %s", sock_error_name(a->error));
	sink_puts(out, ", ");
}

static void log_act(void *user, const struct act *a)
{
	struct played *s = user;

	played_put_act(&s->acts, a);
}

static void log_end(void *user, const struct flow *f, uint64_t got, uint64_t sent,
		    enum sock_error error, bool by_q)
{
	struct played *s = user;

	ck_assert_uint_ne(f->end[0].port, 0);
	sink_printf(&s->ends, "%u %u %s%s, ", (unsigned)got, (unsigned)sent, sock_error_name(error),
		    by_q ? " by q" : "");
}

static void log_notice(void *user, const char *en, const char *zh)
{
	struct played *s = user;

	ck_assert_ptr_nonnull(zh);
	sink_printf(&s->notices, "%s\n", en);
}

void played_raise(struct played *s, const struct serve_options *o)
{
	struct serve_watcher w = {
		.acts = {s, log_act}, .user = s, .closed = log_end, .notice = log_notice};
	struct sink complaint = {0};

	*s = (struct played){.loop = loop_new()};
	sink_puts(&s->acts, "");
	sink_puts(&s->ends, "");
	sink_puts(&s->notices, "");
	s->serve = serve_open(s->loop, o, &w, &complaint);
	ck_assert_msg(s->serve != NULL, "%s", complaint.at);
	sink_fini(&complaint);
}

struct serve_options played_plain(void)
{
	struct serve_options o;

	serve_defaults(&o);
	o.port = 0;
	return o;
}

void played_strike(struct played *s)
{
	serve_close(s->serve);
	loop_free(s->loop);
	sink_fini(&s->acts);
	sink_fini(&s->ends);
	sink_fini(&s->notices);
}

/* With a small buffer in the kernel where one will not read. */
int played_dial_with(const struct played *s, int buffer)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct endpoint where;
	bool is_ipv6;
	int fd;

	serve_where(s->serve, &where);
	is_ipv6 = where.address.family == FAMILY_IPV6;
	fd = socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(fd, 0);
	if (buffer > 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
	to.sin_port = to6.sin6_port = htons(where.port);
	if (is_ipv6)
		ck_assert_int_eq(connect(fd, (struct sockaddr *)&to6, sizeof to6), 0);
	else
		ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

int played_dial(const struct played *s)
{
	return played_dial_with(s, 0);
}

/* The server works until this descriptor has something to tell. */
void played_until(struct played *s, int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	while (poll(&p, 1, 0) == 0)
		loop_turn(s->loop, 5 * USEC_PER_MS);
}

void played_say(int fd, const char *text)
{
	if (*text)
		ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* So many octets, or until the end. */
void played_hear(struct played *s, int fd, size_t most, struct sink *out)
{
	char piece[65536];
	ssize_t n;

	sink_puts(out, "");
	while (out->count < most) {
		size_t room = most - out->count < sizeof piece ? most - out->count : sizeof piece;

		played_until(s, fd, POLLIN);
		n = recv(fd, piece, room, 0);
		if (n == 0)
			break;
		ck_assert_msg(n > 0, "%s", strerror(errno));
		sink_put(out, piece, (size_t)n);
	}
}

void played_expect(struct played *s, int fd, const char *text, const char *echo, bool ends)
{
	struct sink heard = {0};

	played_say(fd, text);
	played_hear(s, fd, ends ? SIZE_MAX : strlen(echo), &heard);
	ck_assert_str_eq(heard.at, echo);
	sink_fini(&heard);
}

void played_until_open(struct played *s, uint32_t open)
{
	struct serve_figures f;

	for (serve_figures(s->serve, &f); f.open != open; serve_figures(s->serve, &f))
		loop_turn(s->loop, 5 * USEC_PER_MS);
}

/* As much as the kernels and the server take of one who does not read. */
void played_fill(struct played *s, int fd, struct prng *p, struct sink *sent)
{
	char piece[65536];
	int idle = 0;

	while (idle < 20) {
		ssize_t n;

		for (size_t i = 0; i < sizeof piece; i++)
			piece[i] = (char)prng_u64(p);
		n = send(fd, piece, sizeof piece, MSG_NOSIGNAL);
		if (n > 0)
			sink_put(sent, piece, (size_t)n);
		idle = n > 0 || loop_turn(s->loop, 0) ? 0 : idle + 1;
		if (idle)
			loop_turn(s->loop, 2 * USEC_PER_MS);
	}
}
