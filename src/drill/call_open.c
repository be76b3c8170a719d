/* SPDX-License-Identifier: MIT */
/* call_open.c - socket() and its kin: how descriptors and connections begin and end. */
#include <drill/run.h>

#include <string.h>

enum { NONBLOCK = 0x800, O_RDWR_VALUE = 2 }; /* as Linux numbers them */

struct outcome call_socket(struct run *run, const struct drill_call *c)
{
	int64_t type = 0;
	int fd = call_new_fd(run, c);

	call_number(c, 1, &type);
	run->fd[fd].kind = FD_SOCKET;
	run->fd[fd].sock = sock_new(run->world, run->tcp);
	run->fd[fd].is_nonblocking = (type & NONBLOCK) != 0;
	return call_done(fd);
}

static struct outcome plain(enum sock_error e)
{
	return e == SOCK_OK ? call_done(0) : call_failed(sock_error_name(e));
}

struct outcome call_bind(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);

	if (!fd)
		return call_failed("EBADF");
	return plain(sock_bind(run->world, fd->sock, run->script->options.bind_port));
}

struct outcome call_listen(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	int64_t backlog = 1;
	enum sock_error e;

	if (!fd)
		return call_failed("EBADF");
	call_number(c, 1, &backlog);
	e = sock_listen(run->world, fd->sock, (uint32_t)backlog);
	if (e == SOCK_OK) {
		fd->is_listener = run->is_listening = true;
		run->under_test = (int)(fd - run->fd);
	}
	return plain(e);
}

struct outcome call_accept(struct run *run, const struct drill_call *c)
{
	struct fd *listener = call_fd(run, c, 0, FD_SOCKET);
	struct sock child;
	enum sock_error e;
	int fd;

	if (!listener)
		return call_failed("EBADF");
	e = sock_accept(run->world, listener->sock, &child);
	if (e != SOCK_OK)
		return call_error(e);
	fd = call_new_fd(run, c);
	run->fd[fd].kind = FD_SOCKET;
	run->fd[fd].sock = child;
	run->under_test = fd;
	return call_done(fd);
}

static bool is_opening(const struct run *run, struct sock s)
{
	enum state state = sock_state(run->world, s);

	return state == SYN_SENT || state == SYN_RECEIVED;
}

struct outcome call_connect(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	enum sock_error e;

	if (!fd)
		return call_failed("EBADF");
	if (run->pending.is_begun) {
		if (is_opening(run, fd->sock))
			return call_waits();
		return plain(sock_take_error(run->world, fd->sock));
	}
	e = sock_connect(run->world, fd->sock, run->peer, run->script->options.connect_port);
	if (e != SOCK_EINPROGRESS)
		return plain(e);
	run->under_test = (int)(fd - run->fd);
	run->is_listening = false;
	run_talk_begins(run, sock_port(run->world, fd->sock), run->script->options.connect_port);
	if (fd->is_nonblocking)
		return call_failed("EINPROGRESS");
	run->pending.is_begun = true;
	return call_waits();
}

struct outcome call_close(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	enum sock_error e = SOCK_OK;

	if (!fd)
		fd = call_fd(run, c, 0, FD_EPOLL);
	if (!fd)
		return call_failed("EBADF");
	if (fd->kind == FD_SOCKET)
		e = sock_close(run->world, fd->sock);
	if (run->under_test == fd - run->fd)
		run->under_test = -1;
	*fd = (struct fd){0};
	return plain(e);
}

struct outcome call_shutdown(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	enum sock_error e = SOCK_OK;
	int64_t how = 0;

	if (!fd)
		return call_failed("EBADF");
	if (!call_number(c, 1, &how) || how < 0 || how > 2)
		return call_failed("EINVAL");
	if (how != 1)
		e = sock_shutdown_read(run->world, fd->sock);
	if (how != 0 && e == SOCK_OK)
		e = sock_shutdown(run->world, fd->sock);
	return plain(e);
}

struct outcome call_fcntl(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	int64_t flags = 0;

	if (!fd)
		return call_failed("EBADF");
	if (call_is_word(call_arg(c, 1), "F_GETFL"))
		return call_done(O_RDWR_VALUE | (fd->is_nonblocking ? NONBLOCK : 0));
	if (!call_is_word(call_arg(c, 1), "F_SETFL") || !call_number(c, 2, &flags))
		return call_failed("EINVAL");
	fd->is_nonblocking = (flags & NONBLOCK) != 0;
	return call_done(0);
}

/* An argument that a call fills is compared with what the script says it is. */
static struct outcome told(struct run *run, const struct drill_term *wanted, int64_t value)
{
	const struct drill_term *item = term_item(wanted, 0);
	struct outcome o = call_done(0);

	if (!item || !item->has_value || item->value == value)
		return o;
	o.wanted = run_text(run, "%lld", (long long)item->value);
	o.differs = run_text(run, "%lld", (long long)value);
	return o;
}

struct outcome call_ioctl(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	const struct drill_term *what = call_arg(c, 1);
	struct sock_info info;

	if (!fd)
		return call_failed("EBADF");
	if (call_is_word(what, "SIOCINQ") || call_is_word(what, "FIONREAD"))
		return told(run, call_arg(c, 2), sock_readable(run->world, fd->sock));
	if (call_is_word(what, "SIOCOUTQNSD") && sock_info(run->world, fd->sock, &info))
		return told(run, call_arg(c, 2), info.notsent);
	return call_failed("EINVAL");
}
