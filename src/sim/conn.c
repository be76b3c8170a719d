/* SPDX-License-Identifier: MIT */
/* conn.c - slots for connections: birth, the table where segments find them, their timer, death. */
#include <sim/parts.h>

#include <string.h>

static void link_to_host(struct world *w, uint32_t index, struct conn *c)
{
	struct host *h = host_of(w, c);

	c->older = h->youngest;
	c->younger = 0;
	if (h->youngest)
		conn_at(w, h->youngest)->younger = index;
	else
		h->oldest = index;
	h->youngest = index;
}

static void unlink_from_host(struct world *w, const struct conn *c)
{
	struct host *h = host_of(w, c);

	if (c->older)
		conn_at(w, c->older)->younger = c->younger;
	else
		h->oldest = c->younger;
	if (c->younger)
		conn_at(w, c->younger)->older = c->older;
	else
		h->youngest = c->older;
}

uint32_t conn_new(struct world *w, uint8_t host)
{
	uint32_t index = pool_take(&w->conns);
	struct conn *c = conn_at(w, index);

	memset(c, 0, sizeof *c);
	c->flags = CONN_USED;
	c->at.host = host;
	c->at.remote = REMOTE_ANY;
	c->timer.at = c->tick.at = USEC_NEVER;
	link_to_host(w, index, c);
	return index;
}

void conn_describe(struct world *w, const struct conn *c, struct trace_conn *out)
{
	*out = (struct trace_conn){
		.serial = c->serial,
		.host = (uint8_t)c->at.host,
		.peer = c->at.remote < WORLD_HOSTS_MAX ? (uint8_t)c->at.remote : TRACE_NO_HOST,
		.is_listener = conn_is(c, CONN_LISTENER),
		.port = c->at.port,
		.peer_port = c->at.remote_port,
		.stream = c->serial,
		.born = trace_count(w->trace),
	};
}

void conn_born(struct world *w, struct conn *c)
{
	struct trace_conn told;

	c->serial = ++w->serials;
	measure_begin(w, c);
	if (c->label)
		w->labels.at[c->label].serial = c->serial;
	if (!w->trace)
		return;
	conn_describe(w, c, &told);
	told.label = w->labels.at[c->label].name;
	trace_add_conn(w->trace, &told);
}

void conn_hash(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	demux_add(&w->demux, c->at, conn_id(index));
	c->flags |= CONN_HASHED;
}

void conn_unhash(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	if (conn_is(c, CONN_HASHED))
		demux_remove(&w->demux, c->at, conn_id(index));
	c->flags &= ~(uint32_t)CONN_HASHED;
}

const struct tcp_profile *conn_profile(const struct world *w, const struct conn *c)
{
	if (c->profile)
		return &((const struct own_profile *)pool_at(&w->profiles, c->profile))->profile;
	return &host_of(w, c)->profile;
}

void profile_release(struct world *w, uint32_t profile)
{
	struct own_profile *own;

	if (!profile)
		return;
	own = pool_at(&w->profiles, profile);
	if (--own->users == 0)
		pool_give(&w->profiles, profile);
}

void profile_share(struct world *w, uint32_t profile)
{
	if (profile)
		((struct own_profile *)pool_at(&w->profiles, profile))->users++;
}

static void stop_clocks(struct world *w, uint32_t index, struct conn *c)
{
	if (c->timer.at != USEC_NEVER)
		wheel_take(&w->wheel, wheel_id(EVENT_TIMER, index));
	if (c->tick.at != USEC_NEVER)
		wheel_take(&w->wheel, wheel_id(EVENT_TICK, index));
}

uint32_t descriptor_new(struct world *w, uint32_t where)
{
	uint32_t fd = pool_take(&w->fds);

	*(struct descriptor *)pool_at(&w->fds, fd) = (struct descriptor){where, ++w->descriptors};
	return fd;
}

void descriptor_free(struct world *w, uint32_t fd)
{
	if (!fd)
		return;
	((struct descriptor *)pool_at(&w->fds, fd))->serial = 0;
	pool_give(&w->fds, fd);
}

void conn_forget(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	stop_clocks(w, index, c);
	unlink_from_host(w, c);
	measure_end(w, c);
	c->flags = 0;
	pool_give(&w->conns, index);
}

void conn_free(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	listen_leave(w, index);
	conn_unhash(w, index);
	port_release(w, c);
	if (c->serial)
		tcb_fini(&c->tcb, &w->env);
	profile_release(w, c->profile);
	descriptor_free(w, c->fd);
	conn_forget(w, index);
}

void conn_dead(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);

	c->flags |= CONN_DEAD;
	stop_clocks(w, index, c);
	conn_unhash(w, index);
	/* Who asked for the port keeps it until close(), as with a kernel. */
	if (!conn_is(c, CONN_BOUND))
		port_release(w, c);
}

/* The node in the wheel may be early: most deadlines are moved away or cleared long before they
 * come (an ACK moves the retransmission timer). When the wheel hands out an early one it is put in
 * anew, and nobody notices: see world_step(). */
void conn_arm(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	usec deadline = tcp_next_timeout(&c->tcb);

	if (deadline >= c->timer.at)
		return;
	if (c->timer.at != USEC_NEVER)
		wheel_take(&w->wheel, wheel_id(EVENT_TIMER, index));
	wheel_put(&w->wheel, wheel_id(EVENT_TIMER, index), deadline > w->now ? deadline : w->now);
}
