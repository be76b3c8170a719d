/* SPDX-License-Identifier: MIT */
/* sock_option.c - setsockopt(): POSIX's names, and every field of a profile by its scene name. */
#include <sim/parts.h>

#include <woshou/sock.h>

#include <string.h>

static const struct alias {
	const char *option, *field;
	bool is_inverse;
	uint8_t shift;
} aliases[] = {
	{"TCP_NODELAY", "nagle", true, 0},
	{"SO_KEEPALIVE", "keepalive", false, 0},
	{"TCP_KEEPIDLE", "keepalive idle", false, 0},
	{"TCP_KEEPINTVL", "keepalive interval", false, 0},
	{"TCP_KEEPCNT", "keepalive probes", false, 0},
	{"TCP_USER_TIMEOUT", "user timeout", false, 0},
	{"TCP_MAXSEG", "mss", false, 0},
	{"TCP_CORK", "cork", false, 0},
	{"IP_TTL", "ttl", false, 0},
	{"IP_TOS", "dscp", false, 2}, /* the octet; its two low bits belong to ECN */
};

static const struct alias *alias_named(const char *name)
{
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (strcmp(aliases[i].option, name) == 0)
			return &aliases[i];
	return NULL;
}

static bool is_own(const char *name)
{
	return strcmp(name, "SO_REUSEADDR") == 0 || strcmp(name, "SO_LINGER") == 0;
}

bool sock_option_exists(const char *name)
{
	return is_own(name) || alias_named(name) || profile_field_named(name) >= 0;
}

static enum sock_error set_own(struct world *w, struct conn *c, const char *name, int64_t value)
{
	if (strcmp(name, "SO_LINGER") == 0) {
		if (value < -1)
			return SOCK_EINVAL;
		/* A longer time would make close() wait, and here nothing waits. */
		c->flags &= ~(uint32_t)CONN_LINGER_0;
		if (value == 0)
			c->flags |= CONN_LINGER_0;
		return SOCK_OK;
	}
	if (value) {
		c->flags |= CONN_REUSE;
		port_soften(w, c);
		return SOCK_OK;
	}
	c->flags &= ~(uint32_t)CONN_REUSE;
	if (conn_is(c, CONN_PORT) && !conn_is(c, CONN_HARD)) {
		port_use(w, c->at.host, c->at.port)->hard++;
		c->flags |= CONN_HARD;
	}
	return SOCK_OK;
}

/* Settings that only this connection has (and a listener's children, as they are born). */
static struct tcp_profile *own_profile(struct world *w, struct conn *c)
{
	uint32_t index;
	struct own_profile *own;

	if (c->profile) {
		own = pool_at(&w->profiles, c->profile);
		if (own->users == 1)
			return &own->profile;
	}
	index = pool_take(&w->profiles);
	own = pool_at(&w->profiles, index);
	own->profile = *conn_profile(w, c);
	own->users = 1;
	profile_release(w, c->profile);
	c->profile = index;
	return &own->profile;
}

static bool is_buffer(const char *name)
{
	return strcmp(name, "SO_SNDBUF") == 0 || strcmp(name, "SO_RCVBUF") == 0;
}

static enum sock_error set_field(struct world *w, struct conn *c, const char *name, int64_t value)
{
	const struct alias *alias = alias_named(name);
	int field = profile_field_named(alias ? alias->field : name);
	struct tcp_profile tried;

	if (field < 0)
		return SOCK_ENOPROTOOPT;
	if (alias && alias->is_inverse)
		value = !value;
	if (alias && value >= 0)
		value >>= alias->shift;
	tried = *conn_profile(w, c);
	if (is_buffer(name) && tried.buff_doubled && value >= 0 && value <= INT32_MAX)
		value *= 2;
	if (field == profile_field_named("user timeout"))
		tried.uto_changeable = false; /* RFC 5482 3: "CHANGEABLE MUST become false" */
	if (!profile_say(&tried, (size_t)field, value))
		return SOCK_EINVAL;
	*own_profile(w, c) = tried;
	return SOCK_OK;
}

enum sock_error sock_option(struct world *w, struct sock s, const char *name, int64_t value)
{
	uint32_t index = sock_index(w, s);
	struct conn *c = conn_at(w, index);
	enum sock_error e;
	struct record *r;
	usec told;

	if (!index || conn_is(c, CONN_CLOSED))
		return SOCK_EBADF;
	told = tcp_user_timeout_told(conn_profile(w, c));
	e = is_own(name) ? set_own(w, c, name, value) : set_field(w, c, name, value);
	r = tell_call(w, CALL_OPTION, c);
	if (r) {
		r->text[0] = trace_text(w->trace, name, strlen(name));
		r->number[0] = value;
		r->error = (uint16_t)e;
	}
	if (e != SOCK_OK || !c->serial || conn_is(c, CONN_DEAD))
		return e;
	call_begin(w, c);
	tcp_call_settings(&c->tcb, &w->env);
	if (tcp_user_timeout_told(conn_profile(w, c)) != told)
		tcp_call_user_timeout(&c->tcb, &w->env);
	call_end(w, c, r);
	settle(w, index);
	return SOCK_OK;
}

/* What setsockopt() said, or what is in force instead. */
static int64_t value_of(const struct world *w, const struct conn *c, const char *name, int64_t set)
{
	bool is_alive = c->serial && !conn_is(c, CONN_LISTENER | CONN_DEAD);

	if (strcmp(name, "SO_SNDBUF") == 0 && is_alive)
		return tcp_send_buffer(&c->tcb, conn_profile(w, c), &w->blocks);
	if (strcmp(name, "SO_RCVBUF") == 0 && is_alive)
		return tcp_receive_buffer(&c->tcb, conn_profile(w, c), w->env.pool);
	if (strcmp(name, "TCP_MAXSEG") == 0 && is_alive)
		return c->tcb.snd.mss;
	return set;
}

enum sock_error sock_option_get(const struct world *w, struct sock s, const char *name,
				int64_t *value)
{
	uint32_t index = sock_index(w, s);
	const struct conn *c = conn_at(w, index);
	const struct alias *alias = alias_named(name);
	int field = profile_field_named(alias ? alias->field : name);

	*value = 0;
	if (!index || conn_is(c, CONN_CLOSED))
		return SOCK_EBADF;
	if (is_own(name)) {
		bool is_reuse = strcmp(name, "SO_REUSEADDR") == 0;

		*value = is_reuse ? conn_is(c, CONN_REUSE) : conn_is(c, CONN_LINGER_0) ? 0 : -1;
		return SOCK_OK;
	}
	if (field < 0)
		return SOCK_ENOPROTOOPT;
	*value = profile_get(conn_profile(w, c), (size_t)field);
	if (alias && alias->is_inverse)
		*value = !*value;
	if (alias)
		*value = (int64_t)((uint64_t)*value << alias->shift);
	*value = value_of(w, c, name, *value);
	return SOCK_OK;
}
