/* SPDX-License-Identifier: MIT */
/* call_wait.c - poll() and epoll. */
#include <drill/run.h>

enum { EDGE = 1u << 31, ADD = 1, DEL = 2, MOD = 3, ALWAYS = READY_ERR | READY_HUP };

/* True: it may wait no longer. Milliseconds, an int of C; less than 0: for ever. */
static bool is_out_of_time(struct run *run, int64_t timeout)
{
	if (timeout > INT32_MAX)
		timeout = INT32_MAX;
	if (run->pending.patience == USEC_NEVER && timeout >= 0)
		run->pending.patience = world_now(run->world) + timeout * 1000;
	return run->pending.patience <= world_now(run->world);
}

static const struct fd *socket_at(const struct run *run, int64_t fd)
{
	if (fd < 0 || fd >= DRILL_FDS || run->fd[fd].kind != FD_SOCKET)
		return NULL;
	return &run->fd[fd];
}

static void tell_events(struct run *run, struct outcome *o, int64_t wanted, int64_t actual)
{
	if (wanted == actual)
		return;
	o->wanted = run_text(run, "events 0x%llx", (unsigned long long)wanted);
	o->differs = run_text(run, "events 0x%llx", (unsigned long long)actual);
}

/* ---- poll ------------------------------------------------------------------------------------ */

static bool field_number(const struct drill_term *t, const char *name, int64_t *out)
{
	const struct drill_term *f = term_field(t, name);

	if (!f || !f->has_value)
		return false;
	*out = f->value;
	return true;
}

static unsigned poll_one(const struct run *run, const struct drill_term *t)
{
	int64_t fd = -1, events = 0;
	const struct fd *at;

	field_number(t, "fd", &fd);
	field_number(t, "events", &events);
	at = socket_at(run, fd);
	return at ? sock_ready(run->world, at->sock) & ((unsigned)events | ALWAYS) : 0x020;
}

struct outcome call_poll(struct run *run, const struct drill_call *c)
{
	const struct drill_term *list = call_arg(c, 0);
	int64_t timeout = -1, wanted, count = 0;
	struct outcome o;

	if (list->kind != TERM_LIST)
		return call_failed("EFAULT");
	call_number(c, 2, &timeout);
	for (uint32_t i = 0; i < list->count; i++)
		count += poll_one(run, list->items[i]) != 0;
	if (count == 0 && !is_out_of_time(run, timeout))
		return call_waits();
	o = call_done(count);
	for (uint32_t i = 0; i < list->count; i++)
		if (field_number(list->items[i], "revents", &wanted))
			tell_events(run, &o, wanted, poll_one(run, list->items[i]));
	return o;
}

/* ---- epoll ----------------------------------------------------------------------------------- */

struct outcome call_epoll_create(struct run *run, const struct drill_call *c)
{
	int fd = call_new_fd(run, c);

	run->fd[fd].kind = FD_EPOLL;
	for (int i = 0; i < DRILL_WATCHES; i++)
		run->fd[fd].watch[i].fd = -1;
	return call_done(fd);
}

static struct watch_fd *watch_of(struct fd *epoll, int fd)
{
	for (int i = 0; i < DRILL_WATCHES; i++)
		if (epoll->watch[i].fd == fd)
			return &epoll->watch[i];
	return NULL;
}

struct outcome call_epoll_ctl(struct run *run, const struct drill_call *c)
{
	struct fd *epoll = call_fd(run, c, 0, FD_EPOLL);
	int64_t what = 0, fd = -1, events = 0, data = 0;
	struct watch_fd *w;

	call_number(c, 1, &what);
	if (!epoll || !call_number(c, 2, &fd) || !socket_at(run, fd))
		return call_failed("EBADF");
	w = watch_of(epoll, (int)fd);
	if (what == ADD ? w != NULL : w == NULL)
		return call_failed(w ? "EEXIST" : "ENOENT");
	if (what == DEL) {
		w->fd = -1;
		return call_done(0);
	}
	if (!w)
		w = watch_of(epoll, -1);
	if (!w)
		return call_failed("ENOSPC");
	field_number(call_arg(c, 3), "events", &events);
	if (!field_number(call_arg(c, 3), "fd", &data))
		field_number(call_arg(c, 3), "u64", &data);
	*w = (struct watch_fd){.fd = (int)fd,
			       .events = ((uint32_t)events & ~(uint32_t)EDGE) | ALWAYS,
			       .is_edge = ((uint32_t)events & (uint32_t)EDGE) != 0,
			       .data = data};
	return call_done(0);
}

/* Edge-triggered: told again only after something has happened. */
static unsigned watch_ready(const struct run *run, struct watch_fd *w)
{
	const struct fd *fd = socket_at(run, w->fd);
	unsigned ready = fd ? sock_ready(run->world, fd->sock) & w->events : 0;
	uint32_t wakes = fd ? sock_wakes(run->world, fd->sock) : 0;

	if (!w->is_edge)
		return ready;
	if (w->was_told && wakes == w->seen)
		return 0;
	w->seen = wakes;
	w->was_told = true;
	return ready;
}

struct outcome call_epoll_wait(struct run *run, const struct drill_call *c)
{
	struct fd *epoll = call_fd(run, c, 0, FD_EPOLL);
	int64_t timeout = -1, wanted = 0, data = 0, count = 0, most = 1;
	unsigned first = 0;
	struct outcome o;

	if (!epoll)
		return call_failed("EBADF");
	call_number(c, 2, &most);
	call_number(c, 3, &timeout);
	for (int i = 0; i < DRILL_WATCHES && count < most; i++) {
		unsigned ready = epoll->watch[i].fd >= 0 ? watch_ready(run, &epoll->watch[i]) : 0;

		if (ready && count++ == 0) {
			first = ready;
			data = epoll->watch[i].data;
		}
	}
	if (count == 0 && !is_out_of_time(run, timeout))
		return call_waits();
	o = call_done(count);
	if (field_number(call_arg(c, 1), "events", &wanted))
		tell_events(run, &o, wanted, first);
	if (count > 0 && field_number(call_arg(c, 1), "fd", &wanted) && wanted != data) {
		o.wanted = run_text(run, "fd %lld", (long long)wanted);
		o.differs = run_text(run, "fd %lld", (long long)data);
	}
	return o;
}
