/* SPDX-License-Identifier: MIT */
/*
 * app.c - the stock applications. They act in the course of an event of their own connection, or
 * at a tick; who calls them settles the connection afterwards.
 */
#include <sim/parts.h>

enum { ECHO_CHUNK = 4096, CHARGEN_CHUNK = 4096, CHARGEN_LINE = 74 };

static const struct app *app_of(const struct world *w, const struct conn *c)
{
	return &host_of(w, c)->app;
}

/* The peer's FIN has come: behind what is still to be read stands the end. */
static bool has_end(const struct conn *c)
{
	switch ((enum state)c->tcb.state) {
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT: return true;
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case SYN_RECEIVED:
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case STATE_COUNT: break;
	}
	return false;
}

/* At most n octets, and the end of the stream if it stands behind them. */
static uint64_t read_up_to(struct world *w, struct conn *c, uint64_t n)
{
	uint64_t done = 0;
	struct text t;

	while (done < n && c->tcb.rcv.user > 0) {
		uint64_t left = n - done;

		if (act_read(w, c, left < UINT32_MAX ? (uint32_t)left : UINT32_MAX, &t) !=
			    SOCK_OK ||
		    t.len == 0)
			break;
		done += t.len;
	}
	if (c->tcb.rcv.user == 0 && has_end(c) && !conn_is(c, CONN_EOF))
		act_read(w, c, 1, &t);
	return done;
}

static uint64_t send_room(const struct world *w, const struct conn *c)
{
	uint32_t size = conn_profile(w, c)->snd_buff;

	return c->tcb.snd.queued < size ? size - c->tcb.snd.queued : 0;
}

static bool may_write(const struct conn *c)
{
	return conn_is(c, CONN_CONNECTED) && !conn_is(c, CONN_SHUT | CONN_DEAD);
}

/* ---- echo ------------------------------------------------------------------------------------ */

static bool is_quit(const struct app *a, const uint8_t *octets, size_t n)
{
	if (!a->quit || n == 0 || octets[0] != (uint8_t)a->quit)
		return false;
	while (n > 1 && (octets[n - 1] == '\n' || octets[n - 1] == '\r'))
		n--;
	return n == 1;
}

/* Says again what it heard; until that is taken it listens no further. */
static void echo(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	const struct app *a = app_of(w, c);
	uint8_t octets[ECHO_CHUNK];
	struct text t;

	while (may_write(c) && c->unsent == 0 && c->tcb.rcv.user > 0) {
		size_t n;

		if (act_read(w, c, ECHO_CHUNK, &t) != SOCK_OK || t.len == 0)
			return;
		n = stream_is_synthetic(w->streams, &t)
			    ? 0
			    : stream_read(w->streams, &t, 0, octets, t.len);
		if (is_quit(a, octets, n)) {
			act_close(w, index);
			return;
		}
		act_write_all(w, c, n == t.len ? octets : NULL, t.len);
	}
	if (c->unsent == 0)
		read_up_to(w, c, 0);
}

/* ---- chargen, source ------------------------------------------------------------------------- */

/* RFC 864: 72 of the 95 printing characters a line, each line one further on. */
static uint8_t chargen_octet(uint64_t offset)
{
	uint64_t line = offset / CHARGEN_LINE, column = offset % CHARGEN_LINE;

	if (column >= 72)
		return column == 72 ? '\r' : '\n';
	return (uint8_t)(' ' + (line + column) % 95);
}

static void chargen(struct world *w, struct conn *c)
{
	uint8_t octets[CHARGEN_CHUNK];
	uint64_t room, taken = 1;

	while (may_write(c) && taken > 0 && (room = send_room(w, c)) > 0) {
		uint64_t n = room < CHARGEN_CHUNK ? room : CHARGEN_CHUNK;

		for (uint64_t i = 0; i < n; i++)
			octets[i] = chargen_octet(c->written + i);
		act_write(w, c, octets, n, SEND_PUSH, &taken);
	}
}

static void source_on(struct world *w, struct conn *c)
{
	uint64_t room = send_room(w, c), taken;

	if (conn_is(c, CONN_ENDLESS) && may_write(c) && room > 0)
		act_write(w, c, NULL, room, SEND_PUSH, &taken);
}

static void source_begins(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	const struct app *a = app_of(w, c);

	if (a->size == 0) {
		c->flags |= CONN_ENDLESS;
		source_on(w, c);
		return;
	}
	act_write_all(w, c, NULL, a->size);
	if (a->closes_at_end)
		act_close(w, index);
}

/* ---- those that read at their own pace ------------------------------------------------------- */

static void tick_at(struct world *w, uint32_t index, usec at)
{
	if (conn_at(w, index)->tick.at == USEC_NEVER)
		wheel_put(&w->wheel, wheel_id(EVENT_TICK, index), at);
}

/* Ticks lie on a grid that begins when the application got the connection. */
static void reader_waits(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	usec every = app_of(w, c)->every > 0 ? app_of(w, c)->every : 1;

	if (c->tcb.rcv.user > 0 || (has_end(c) && !conn_is(c, CONN_EOF)))
		tick_at(w, index, c->child.since + ((w->now - c->child.since) / every + 1) * every);
}

/* In sips of a hundredth of a second. */
static void sink_reads(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	uint64_t rate = app_of(w, c)->rate, done;

	if (rate == 0) {
		read_up_to(w, c, UINT64_MAX);
		return;
	}
	if (c->tick.at != USEC_NEVER)
		return;
	done = read_up_to(w, c, rate < 100 ? 1 : rate / 100);
	if (done > 0)
		tick_at(w, index, w->now + (usec)((done * 1000000 + rate - 1) / rate));
}

/* ---- what wakes them ------------------------------------------------------------------------- */

static void closes_at_end(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	if (app_of(w, c)->closes_at_end && conn_is(c, CONN_EOF) && !conn_is(c, CONN_CLOSED))
		act_close(w, index);
}

void app_wakes(struct world *w, uint32_t index, uint32_t signals)
{
	struct conn *c = conn_at(w, index);
	const struct app *a = app_of(w, c);

	if (a->kind == APP_BY_HAND)
		return;
	if (signals & TCP_SIG_WRITABLE) {
		if (a->kind == APP_CHARGEN)
			chargen(w, c);
		else if (a->kind == APP_ECHO && !a->reads_never)
			signals |= TCP_SIG_READABLE; /* room to say what is still unread */
		else
			source_on(w, c);
	}
	if (!(signals & (TCP_SIG_READABLE | TCP_SIG_CLOSING | TCP_SIG_CLOSED)) || a->reads_never)
		return;
	switch (a->kind) {
	case APP_ECHO: echo(w, index); break;
	case APP_SINK: sink_reads(w, index); break;
	case APP_READER: reader_waits(w, index); return;
	case APP_DEFAULT:
	case APP_DISCARD:
	case APP_CHARGEN:
	case APP_SOURCE: read_up_to(w, c, UINT64_MAX); break;
	case APP_BY_HAND: break;
	}
	closes_at_end(w, index);
}

void app_ticks(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	const struct app *a = app_of(w, c);

	if (a->kind == APP_SINK && !a->reads_never) {
		sink_reads(w, index);
	} else if (a->kind == APP_READER && !a->reads_never) {
		read_up_to(w, c, a->size ? a->size : UINT64_MAX);
		reader_waits(w, index);
	}
	closes_at_end(w, index);
}

/* The application gets the connection: connect() succeeded, or accept() gave it. */
void app_starts(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	c->child.since = w->now;
	if (app_of(w, c)->kind == APP_SOURCE)
		source_begins(w, index);
	else if (app_of(w, c)->kind == APP_CHARGEN)
		chargen(w, c);
	if (!conn_is(c, CONN_CLOSED))
		app_wakes(w, index, TCP_SIG_READABLE);
}

void app_listens(struct world *w, uint32_t listener, uint32_t current)
{
	const struct conn *l = conn_at(w, listener);
	const struct app *a = app_of(w, l);
	uint32_t child;

	if (a->kind == APP_BY_HAND || a->accepts_by_hand)
		return;
	while (l->listen.accept_first && act_accept(w, listener, &child, true) == SOCK_OK)
		if (child != current)
			settle(w, child);
}
