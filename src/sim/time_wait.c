/* SPDX-License-Identifier: MIT */
/*
 * time_wait.c - a connection whose user is gone and which only mourns is kept in few octets. For
 * whatever happens to it, it is made a connection again: there is no second path.
 */
#include <sim/parts.h>

#include <string.h>

bool time_wait_may_pack(const struct world *w, const struct conn *c)
{
	(void)w;
	return c->tcb.state == TIME_WAIT && conn_is(c, CONN_CLOSE_DONE) && tcp_may_pack(&c->tcb);
}

static struct time_wait *time_wait_at(const struct world *w, uint32_t index)
{
	return pool_at(&w->time_waits, index);
}

static void name_anew(struct world *w, uint32_t fd, uint32_t where)
{
	if (fd)
		((struct descriptor *)pool_at(&w->fds, fd))->where = where;
}

void time_wait_pack(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	uint32_t packed = pool_take(&w->time_waits);
	struct time_wait *t = time_wait_at(w, packed);
	uint32_t id = wheel_id(WHERE_TIME_WAIT, packed);
	struct tcb_time_wait full;

	tcp_pack(&c->tcb, &full);
	tcb_fini(&c->tcb, &w->env);
	memcpy(t->packed, (const uint8_t *)&full + sizeof full.until, sizeof t->packed);
	t->timer.at = USEC_NEVER;
	t->at = c->at;
	t->serial = c->serial;
	t->profile = c->profile;
	t->fd = c->fd;
	name_anew(w, t->fd, id);
	demux_replace(&w->demux, c->at, conn_id(index), id);
	port_soften(w, c);
	wheel_put(&w->wheel, wheel_id(EVENT_TIME_WAIT, packed),
		  full.until > w->now ? full.until : w->now);
	conn_forget(w, index);
}

/* RCV.WND may be more than the header can tell: field `window is room`. */
static uint32_t told_window(const struct tcb *t)
{
	uint32_t most = (uint32_t)UINT16_MAX << (t->flags & TCB_SCALE ? t->rcv_shift : 0);

	return t->rcv.wnd < most ? t->rcv.wnd : most;
}

static void unpack_tcb(const struct world *w, const struct time_wait *t, struct conn *c)
{
	struct tcp_env env = {.now = w->now, .profile = conn_profile(w, c)};
	/* Just handed out by the wheel: it is now. */
	struct tcb_time_wait full = {.until = t->timer.at == USEC_NEVER ? w->now : t->timer.at};

	memcpy((uint8_t *)&full + sizeof full.until, t->packed, sizeof t->packed);
	env.is_ipv6 = host_of(w, c)->address.family == FAMILY_IPV6;
	tcp_unpack(&full, &c->tcb, &env);
	c->tcb.snd.stream = c->serial;
	c->edge = seq_add(c->tcb.rcv.nxt, told_window(&c->tcb));
}

/* Only to look at: the packed one stays as it is. False: there is none. */
bool time_wait_look(const struct world *w, uint32_t index, struct conn *out)
{
	const struct time_wait *t = time_wait_at(w, index);

	if (!t->serial)
		return false;
	*out = (struct conn){.at = t->at, .serial = t->serial, .profile = t->profile};
	unpack_tcb(w, t, out);
	return true;
}

uint32_t time_wait_unpack(struct world *w, uint32_t index)
{
	struct time_wait *t = time_wait_at(w, index);
	uint32_t conn = conn_new(w, (uint8_t)t->at.host);
	struct conn *c = conn_at(w, conn);

	c->at = t->at;
	c->serial = t->serial;
	c->profile = t->profile;
	c->fd = t->fd;
	c->flags |= CONN_HASHED | CONN_PORT | CONN_SHUT | CONN_CLOSED | CONN_SHUT_DONE |
		    CONN_CLOSE_DONE | CONN_EOF | CONN_EDGE | CONN_CONNECTED;
	unpack_tcb(w, t, c);
	name_anew(w, c->fd, conn_id(conn));
	demux_replace(&w->demux, c->at, wheel_id(WHERE_TIME_WAIT, index), conn_id(conn));
	if (t->timer.at != USEC_NEVER)
		wheel_take(&w->wheel, wheel_id(EVENT_TIME_WAIT, index));
	t->serial = 0;
	pool_give(&w->time_waits, index);
	return conn;
}

void time_wait_free(struct world *w, uint32_t index)
{
	struct time_wait *t = time_wait_at(w, index);

	demux_remove(&w->demux, t->at, wheel_id(WHERE_TIME_WAIT, index));
	port_use(w, t->at.host, t->at.port)->users--;
	if (t->timer.at != USEC_NEVER)
		wheel_take(&w->wheel, wheel_id(EVENT_TIME_WAIT, index));
	profile_release(w, t->profile);
	descriptor_free(w, t->fd);
	t->serial = 0;
	pool_give(&w->time_waits, index);
}
