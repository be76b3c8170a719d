/* SPDX-License-Identifier: MIT */
/* call_option.c - setsockopt() and getsockopt(): names and units of the sockets, and ours. */
#include <drill/run.h>

#include <string.h>

/* What the world calls an option, and how many of its units one of the socket's is. */
static const struct option_name {
	const char *name, *ours;
	int64_t times;
} options[] = {
	{"SO_REUSEADDR", "SO_REUSEADDR", 1},
	{"SO_REUSEPORT", NULL, 1}, /* one TCP, one script: nobody to share with */
	{"SO_KEEPALIVE", "SO_KEEPALIVE", 1},
	{"SO_RCVBUF", "SO_RCVBUF", 1},
	{"SO_SNDBUF", "SO_SNDBUF", 1},
	{"SO_MAX_PACING_RATE", "SO_MAX_PACING_RATE", 1},
	{"TCP_NODELAY", "TCP_NODELAY", 1},
	{"TCP_CORK", "cork", 1},
	{"TCP_NOPUSH", "cork", 1},
	{"TCP_MAXSEG", "TCP_MAXSEG", 1},
	{"TCP_NOTSENT_LOWAT", "TCP_NOTSENT_LOWAT", 1},
	{"TCP_USER_TIMEOUT", "TCP_USER_TIMEOUT", 1000},
	{"TCP_KEEPIDLE", "TCP_KEEPIDLE", 1000000},
	{"TCP_KEEPINTVL", "TCP_KEEPINTVL", 1000000},
	{"TCP_KEEPCNT", "TCP_KEEPCNT", 1},
	{"TCP_KEEPINIT", "connect limit", 1000000},
	{"TCP_NOOPT", "no options", 1},
	{"IP_TOS", "IP_TOS", 1},
	{"IPV6_TCLASS", "IP_TOS", 1},
	{"IP_TTL", "IP_TTL", 1},
	{"IPV6_UNICAST_HOPS", "IP_TTL", 1},
	{"IP_MTU_DISCOVER", NULL, 1}, /* datagrams of the script are never cut */
};

static const struct option_name *option_named(const struct drill_term *t)
{
	if (!t || t->kind != TERM_NAME)
		return NULL;
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (strcmp(options[i].name, t->text) == 0)
			return &options[i];
	return NULL;
}

static struct outcome unknown(struct run *run, const struct drill_term *t)
{
	run_find(run, FINDING_NOTE, "the option %s is not known here",
		 t && t->kind == TERM_NAME ? t->text : "?");
	return call_failed("ENOPROTOOPT");
}

/* {onoff=1, linger=0} */
static struct outcome set_linger(struct run *run, const struct fd *fd, const struct drill_term *t)
{
	const struct drill_term *on = term_field(t, "onoff"), *time = term_field(t, "linger");
	enum sock_error e;
	int64_t value;

	if (!on || !on->has_value || !time || !time->has_value ||
	    __builtin_mul_overflow(time->value, USEC_PER_S, &value))
		return call_failed("EINVAL");
	e = sock_option(run->world, fd->sock, "SO_LINGER", on->value ? value : -1);
	return e == SOCK_OK ? call_done(0) : call_failed(sock_error_name(e));
}

struct outcome call_setsockopt(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	const struct drill_term *name = call_arg(c, 2), *value = term_item(call_arg(c, 3), 0);
	const struct option_name *o = option_named(name);
	enum sock_error e;
	int64_t ours;

	if (!fd)
		return call_failed("EBADF");
	if (call_is_word(name, "SO_LINGER"))
		return set_linger(run, fd, call_arg(c, 3));
	if (!value || !value->has_value)
		return call_failed("EINVAL");
	if (call_is_word(name, "TCP_INQ")) {
		fd->has_inq = value->value != 0;
		return call_done(0);
	}
	if (!o)
		return unknown(run, name);
	if (!o->ours)
		return call_done(0);
	if (__builtin_mul_overflow(value->value, o->times, &ours))
		return call_failed("EINVAL");
	e = sock_option(run->world, fd->sock, o->ours, ours);
	return e == SOCK_OK ? call_done(0) : call_failed(sock_error_name(e));
}

/* [ECONNRESET], or [0]. */
static struct outcome get_error(struct run *run, const struct fd *fd,
				const struct drill_term *wanted)
{
	enum sock_error e = sock_take_error(run->world, fd->sock);
	struct outcome o = call_done(0);
	bool is_same;

	if (!wanted)
		return o;
	is_same = wanted->kind == TERM_NAME ? strcmp(wanted->text, sock_error_name(e)) == 0
					    : (wanted->value == 0) == (e == SOCK_OK);
	if (is_same)
		return o;
	o.wanted = run_text(run, "[%s]", wanted->text ? wanted->text : "0");
	o.differs = run_text(run, "[%s]", e == SOCK_OK ? "0" : sock_error_name(e));
	return o;
}

struct outcome call_getsockopt(struct run *run, const struct drill_call *c)
{
	struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	const struct drill_term *name = call_arg(c, 2), *wanted = term_item(call_arg(c, 3), 0);
	const struct option_name *option = option_named(name);
	struct outcome o = call_done(0);
	enum sock_error e;
	int64_t value = 0;

	if (!fd)
		return call_failed("EBADF");
	if (call_is_word(name, "SO_ERROR"))
		return get_error(run, fd, wanted);
	if (!option || !option->ours)
		return unknown(run, name);
	e = sock_option_get(run->world, fd->sock, option->ours, &value);
	if (e != SOCK_OK)
		return call_failed(sock_error_name(e));
	value /= option->times;
	if (!wanted || !wanted->has_value || wanted->value == value)
		return o;
	o.wanted = run_text(run, "[%lld]", (long long)wanted->value);
	o.differs = run_text(run, "[%lld]", (long long)value);
	return o;
}
