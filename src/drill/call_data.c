/* SPDX-License-Identifier: MIT */
/* call_data.c - reading and writing. What is written is all zeros, and what is read is counted. */
#include <drill/run.h>

#include <string.h>

/* As Linux numbers them. */
enum { FLAG_PEEK = 0x02, FLAG_EOR = 0x80, FLAG_MORE = 0x8000, FLAG_OOB = 0x01 };

enum { PIECE_MAX = 1 << 24 }; /* octets handed over at once */

static bool is_null(const struct drill_term *t)
{
	return call_is_word(t, "NULL");
}

/* ---- writing --------------------------------------------------------------------------------- */

static unsigned write_flags(int64_t flags)
{
	return (flags & FLAG_MORE ? WRITE_MORE : 0u) | (flags & FLAG_EOR ? WRITE_RECORD : 0u) |
	       (flags & FLAG_OOB ? WRITE_URGENT : 0u);
}

/* Who waits for room goes on when he is woken, not at every ACK. */
static bool is_asleep(const struct run *run, const struct fd *fd)
{
	const unsigned wakes = READY_OUT | READY_ERR | READY_HUP;

	return !run->pending.is_trying && !(sock_ready(run->world, fd->sock) & wakes);
}

/* Taken is what SO_SNDBUF has room for; a script may ask for more than a machine has memory. */
static enum sock_error write_zeros(struct run *run, const struct fd *fd, uint64_t n, unsigned flags)
{
	unsigned at_the_end = WRITE_RECORD | WRITE_URGENT;
	enum sock_error e;
	uint64_t taken, piece;

	do {
		uint8_t *zeros;

		piece = n < PIECE_MAX ? n : PIECE_MAX;
		zeros = xcalloc((size_t)piece + 1, 1);
		e = sock_write_as(run->world, fd->sock, zeros, piece,
				  piece < n ? flags & ~at_the_end : flags, &taken);
		free(zeros);
		run->pending.done += taken;
		n -= taken;
	} while (e == SOCK_OK && taken == piece && n > 0);
	return e;
}

/* A call that may wait goes on until all is taken; another answers with what was. */
static struct outcome write_octets(struct run *run, const struct drill_call *c, uint64_t n,
				   int64_t flags)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	enum sock_error e;

	if (!fd)
		return call_failed("EBADF");
	if (is_asleep(run, fd))
		return call_waits();
	e = write_zeros(run, fd, n - run->pending.done, write_flags(flags));
	if (run->pending.done == n && e == SOCK_OK)
		return call_done((int64_t)n);
	if (e == SOCK_OK || e == SOCK_EAGAIN)
		return call_waits();
	if (run->pending.done)
		return call_done((int64_t)run->pending.done);
	return call_error(e);
}

/* (fd, buffer, n, flags) of a call that moves octets; flags_at 0: it has none. */
static struct outcome move_plain(struct run *run, const struct drill_call *c, uint32_t flags_at,
				 struct outcome (*move)(struct run *, const struct drill_call *,
							uint64_t n, int64_t flags))
{
	int64_t n = 0, flags = 0;

	if (is_null(call_arg(c, 1)))
		return call_failed("EFAULT");
	if (!call_number(c, 2, &n) || n < 0)
		return call_failed("EINVAL");
	if (flags_at)
		call_number(c, flags_at, &flags);
	return move(run, c, (uint64_t)n, flags);
}

struct outcome call_write(struct run *run, const struct drill_call *c)
{
	return move_plain(run, c, 0, write_octets);
}

struct outcome call_send(struct run *run, const struct drill_call *c)
{
	return move_plain(run, c, 3, write_octets);
}

struct outcome call_sendto(struct run *run, const struct drill_call *c)
{
	return move_plain(run, c, 3, write_octets);
}

/* The lengths of [{..., 100}, {..., 200}] together. */
static bool vector_size(const struct drill_term *list, uint64_t *size)
{
	*size = 0;
	for (uint32_t i = 0; list && list->kind == TERM_LIST && i < list->count; i++) {
		const struct drill_term *t = list->items[i];
		const struct drill_term *n;

		if (t->kind != TERM_STRUCT || t->count == 0)
			return false;
		n = t->fields[t->count - 1].value;
		if (is_null(t->fields[0].value) || !n || !n->has_value || n->value < 0)
			return false;
		*size += (uint64_t)n->value;
		if (*size > INT64_MAX)
			return false;
	}
	return true;
}

struct outcome call_sendmsg(struct run *run, const struct drill_call *c)
{
	const struct drill_term *iov = term_field(call_arg(c, 1), "msg_iov");
	int64_t flags = 0;
	uint64_t n;

	call_number(c, 2, &flags);
	if (!vector_size(iov, &n))
		return call_failed("EFAULT");
	return write_octets(run, c, n, flags);
}

struct outcome call_writev(struct run *run, const struct drill_call *c)
{
	uint64_t n;

	if (!vector_size(call_arg(c, 1), &n))
		return call_failed("EFAULT");
	return write_octets(run, c, n, 0);
}

/* ---- reading --------------------------------------------------------------------------------- */

static uint32_t at_most(uint64_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* One after the other the runs that are there: a read never waits when it has something. */
static struct outcome read_octets(struct run *run, const struct drill_call *c, uint64_t n,
				  int64_t flags)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	enum sock_error e = SOCK_OK;
	uint64_t done = 0;
	uint32_t there;
	struct text t;

	if (!fd)
		return call_failed("EBADF");
	if (flags & FLAG_PEEK) {
		e = sock_peek(run->world, fd->sock, at_most(n), &there);
		return e == SOCK_OK ? call_done(there) : call_error(e);
	}
	while (done < n) {
		e = sock_read(run->world, fd->sock, at_most(n - done), &t);
		if (e != SOCK_OK || t.len == 0)
			break;
		done += t.len;
		if (sock_readable(run->world, fd->sock) == 0)
			break;
	}
	return done > 0 || e == SOCK_OK ? call_done((int64_t)done) : call_error(e);
}

struct outcome call_read(struct run *run, const struct drill_call *c)
{
	return move_plain(run, c, 0, read_octets);
}

struct outcome call_recv(struct run *run, const struct drill_call *c)
{
	return move_plain(run, c, 3, read_octets);
}

struct outcome call_recvfrom(struct run *run, const struct drill_call *c)
{
	return move_plain(run, c, 3, read_octets);
}

struct outcome call_readv(struct run *run, const struct drill_call *c)
{
	uint64_t n;

	if (!vector_size(call_arg(c, 1), &n))
		return call_failed("EFAULT");
	return read_octets(run, c, n, 0);
}

/* TCP_INQ: how much is left to read, and one more at the end of the stream. */
static void check_inq(struct run *run, const struct drill_call *c, const struct fd *fd,
		      struct outcome *o)
{
	const struct drill_term *control = term_field(call_arg(c, 1), "msg_control");
	const struct drill_term *data = term_field(term_item(control, 0), "cmsg_data");
	uint32_t left = sock_readable(run->world, fd->sock);

	if (!o->is_done || o->error || !data || !data->has_value)
		return;
	if (left == 0 && (sock_ready(run->world, fd->sock) & READY_RDHUP))
		left = 1;
	if (fd->has_inq && data->value == left)
		return;
	o->wanted = run_text(run, "TCP_CM_INQ %lld", (long long)data->value);
	o->differs = fd->has_inq ? run_text(run, "TCP_CM_INQ %u", left) : "no control message";
}

struct outcome call_recvmsg(struct run *run, const struct drill_call *c)
{
	const struct drill_term *iov = term_field(call_arg(c, 1), "msg_iov");
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	struct outcome o;
	int64_t flags = 0;
	uint64_t n;

	call_number(c, 2, &flags);
	if (!fd)
		return call_failed("EBADF");
	if (!vector_size(iov, &n))
		return call_failed("EFAULT");
	o = read_octets(run, c, n, flags);
	check_inq(run, c, fd, &o);
	return o;
}
