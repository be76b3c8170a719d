/* SPDX-License-Identifier: MIT */
/* echo_ask.c - what argv asks of real sockets. */
#include <app/echo.h>
#include <base/span.h>
#include <string.h>

enum { MESSAGE_OCTETS = 32, MESSAGE_OCTETS_MOST = 1 << 20 };

static bool take_port(const struct request *r, enum opt o, uint16_t *port)
{
	if (!r->given[o])
		return true;
	if (r->number[o] > UINT16_MAX) {
		complain("--%s takes 0 to 65535, not '%s'", option_table[o].name, r->value[o]);
		return false;
	}
	*port = (uint16_t)r->number[o];
	return true;
}

static bool take_int(const struct request *r, enum opt o, int most, int *out)
{
	if (!r->given[o])
		return true;
	if (r->number[o] > (uint64_t)most) {
		complain("--%s takes 0 to %d, not '%s'", option_table[o].name, most, r->value[o]);
		return false;
	}
	*out = (int)r->number[o];
	return true;
}

bool echo_serve_options(const struct request *r, struct serve_options *o)
{
	serve_defaults(o);
	o->bind = r->value[OPT_BIND];
	o->is_ipv6 = r->given[OPT_IPV6];
	o->reuse_address = r->given[OPT_REUSEADDR];
	o->one_at_a_time = r->given[OPT_ONE_AT_A_TIME];
	o->is_transparent = r->given[OPT_TRANSPARENT];
	return take_port(r, OPT_PORT, &o->port) && take_int(r, OPT_BACKLOG, 65535, &o->backlog) &&
	       take_int(r, OPT_LINGER, 32767, &o->linger_s);
}

/* A port as an operand: 1 to 65535. */
bool echo_port_operand(const char *text, uint16_t *port)
{
	uint32_t n = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && n <= UINT16_MAX; at++)
		n = n * 10 + (uint32_t)(*at - '0');
	if (*text == '\0' || *at != '\0' || n == 0 || n > UINT16_MAX) {
		complain("a port is a number from 1 to 65535, not '%s'", text);
		return false;
	}
	*port = (uint16_t)n;
	return true;
}

/* "HOST PORT", "HOST", "PORT", "HOST:PORT", "[::1]:PORT". `room` keeps the host's name. */
static bool take_host(const struct request *r, struct sink *room, struct call_options *o)
{
	const char *first = r->files.count > 0 ? r->files.at[0] : NULL, *colon;

	o->port = ECHO_PORT;
	if (first == NULL)
		return true;
	colon = strrchr(first, ':');
	if (first[0] == '[' && strchr(first, ']') != NULL) {
		const char *close = strchr(first, ']');

		sink_put(room, first + 1, (size_t)(close - first - 1));
		colon = close[1] == ':' ? close + 1 : NULL;
	} else if (colon != NULL && strchr(first, ':') == colon) {
		sink_put(room, first, (size_t)(colon - first));
	} else {
		colon = NULL;
		if (r->files.count == 1 && strspn(first, "0123456789") == strlen(first))
			return echo_port_operand(first, &o->port);
		sink_puts(room, first);
	}
	o->host = room->count > 0 ? room->at : NULL;
	if (colon != NULL && r->files.count > 1) {
		complain("one port is enough: %s or %s?", colon + 1, r->files.at[1]);
		return false;
	}
	if (colon != NULL)
		return echo_port_operand(colon + 1, &o->port);
	return r->files.count < 2 || echo_port_operand(r->files.at[1], &o->port);
}

static bool take_size(const struct request *r, uint32_t *size)
{
	const char *text = r->value[OPT_SIZE], *at = text;
	uint32_t n = 0;

	*size = MESSAGE_OCTETS;
	if (text == NULL)
		return true;
	for (; *at >= '0' && *at <= '9' && n <= MESSAGE_OCTETS_MOST; at++)
		n = n * 10 + (uint32_t)(*at - '0');
	if (*at == 'B')
		at++;
	if (*at != '\0' || n == 0 || n > MESSAGE_OCTETS_MOST) {
		complain("--size takes 1 to %d octets here, not '%s'", MESSAGE_OCTETS_MOST, text);
		return false;
	}
	*size = n;
	return true;
}

bool echo_call_options(const struct request *r, struct sink *room, struct call_options *o)
{
	*o = (struct call_options){.is_ipv6 = r->given[OPT_IPV6], .interval = USEC_PER_S};
	if (!take_host(r, room, o) || !take_size(r, &o->size))
		return false;
	o->count = r->given[OPT_MESSAGES] ? r->number[OPT_MESSAGES] : 0;
	if (r->given[OPT_MESSAGES] && o->count == 0) {
		complain("--count takes at least 1");
		return false;
	}
	if (!r->given[OPT_MESSAGES] && (r->given[OPT_INTERVAL] || r->given[OPT_SIZE])) {
		complain("--%s goes with --count N", r->given[OPT_SIZE] ? "size" : "interval");
		return false;
	}
	if (r->given[OPT_INTERVAL] && !span_read(r->value[OPT_INTERVAL], &o->interval)) {
		complain("--interval takes a time such as 200ms, not '%s'", r->value[OPT_INTERVAL]);
		return false;
	}
	return true;
}
