/* SPDX-License-Identifier: MIT */
/* world.c - time: what happens next, and to whom. */
#include <sim/parts.h>

#include <string.h>

struct world *world_new(const struct world_options *o)
{
	struct world *w = xcalloc(1, sizeof *w);
	struct prng prng;

	w->seed = o->seed;
	w->trace = o->trace;
	w->streams = o->trace ? trace_streams(o->trace) : streams_new();
	w->picture_every = o->picture_every ? o->picture_every : TRACE_PICTURE;
	pool_init(&w->conns, sizeof(struct conn), 6);
	pool_init(&w->time_waits, sizeof(struct time_wait), 8);
	pool_init(&w->flights, sizeof(struct flight), 8);
	pool_init(&w->fds, sizeof(struct descriptor), 8);
	pool_init(&w->profiles, sizeof(struct own_profile), 4);
	pool_init(&w->measures, sizeof(struct measure), 6);
	w->is_measuring = o->measures;
	/* Connection 0 is nobody, and may be looked at. */
	pool_grow(&w->conns);
	memset(conn_at(w, 0), 0, sizeof(struct conn));
	*array_push(&w->labels) = (struct label){0};
	prng_init(&prng, o->seed, chance_stream(CHANCE_HASH, 0, 0, 0));
	demux_init(&w->demux, prng_u64(&prng), &w->conns, &w->time_waits);
	world_wire(w);
	pool_ensure(w);
	if (w->trace)
		trace_set_seed(w->trace, o->seed);
	return w;
}

/* What points into the world itself. */
void world_wire(struct world *w)
{
	w->wheel.kind[EVENT_FLIGHT] =
		(struct wheel_kind){&w->flights, offsetof(struct flight, node)};
	w->wheel.kind[EVENT_TIMER] = (struct wheel_kind){&w->conns, offsetof(struct conn, timer)};
	w->wheel.kind[EVENT_TICK] = (struct wheel_kind){&w->conns, offsetof(struct conn, tick)};
	w->wheel.kind[EVENT_TIME_WAIT] =
		(struct wheel_kind){&w->time_waits, offsetof(struct time_wait, timer)};
	w->demux.conns = &w->conns;
	w->demux.time_waits = &w->time_waits;
	w->env.pool = &w->blocks;
	w->env.rule_hits = w->hits;
	w->env.notes = w->notes;
}

void world_free(struct world *w)
{
	if (!w)
		return;
	world_empty(w);
	if (!w->trace)
		streams_free(w->streams);
	free(w);
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void take_picture(struct world *w, const struct conn *c)
{
	struct record *r = tell(w, REC_PICTURE, c);

	trace_changes(w->trace, r->serial, NULL, &c->tcb);
}

/* Of everyone, every so many records; more seldom when that would be most of the trace. */
void take_pictures(struct world *w)
{
	uint64_t since = trace_count(w->trace) - w->pictured;
	struct conn look;

	if (since < w->picture_every || since < 8ull * (w->conns.used + w->time_waits.used))
		return;
	for (uint32_t i = 1; i < w->conns.count; i++) {
		const struct conn *c = conn_at(w, i);

		if (conn_is(c, CONN_USED) && c->serial && !conn_is(c, CONN_DEAD))
			take_picture(w, c);
	}
	for (uint32_t i = 1; i < w->time_waits.count; i++) {
		if (!time_wait_look(w, i, &look))
			continue;
		take_picture(w, &look);
	}
	w->pictured = trace_count(w->trace);
}

/* ---- time ------------------------------------------------------------------------------------ */

usec world_now(const struct world *w)
{
	return w->now;
}

uint64_t world_events(const struct world *w)
{
	return w->events;
}

uint64_t world_memory(const struct world *w)
{
	return pool_size(&w->conns) + pool_size(&w->time_waits) + pool_size(&w->flights) +
	       pool_size(&w->fds) + pool_size(&w->profiles) + pool_size(&w->measures) +
	       w->blocks.count * sizeof *w->blocks.blocks;
}

/* A connection's node may be early: see conn_arm(). */
static usec really(const void *who, uint32_t id, usec at)
{
	const struct world *w = who;
	usec deadline;

	if (wheel_id_kind(id) != EVENT_TIMER)
		return at;
	deadline = tcp_next_timeout(&conn_at(w, wheel_id_index(id))->tcb);
	return deadline > at ? deadline : at;
}

usec world_next(const struct world *w)
{
	return wheel_next(&w->wheel, really, w);
}

static struct record *tell_timers(struct world *w, const struct conn *c)
{
	struct record *r = NULL;

	if (!w->trace)
		return NULL;
	for (int t = 0; t < TIMER_COUNT; t++)
		if (c->tcb.deadline[t] <= w->now) {
			r = tell(w, REC_TIMER, c);
			r->detail = (uint8_t)t;
		}
	return r;
}

static void timer_fires(struct world *w, uint32_t index)
{
	struct conn *c = conn_at(w, index);
	struct record *r = tell_timers(w, c);

	call_begin(w, c);
	tcp_expire(&c->tcb, &w->env);
	call_end(w, c, r);
	settle(w, index);
}

/* True: the node was early, and nothing happens now. */
static bool is_early(struct world *w, uint32_t id)
{
	usec deadline;

	if (wheel_id_kind(id) != EVENT_TIMER)
		return false;
	deadline = tcp_next_timeout(&conn_at(w, wheel_id_index(id))->tcb);
	if (deadline <= w->wheel.base)
		return false;
	if (deadline != USEC_NEVER)
		wheel_put(&w->wheel, id, deadline);
	return true;
}

static bool happen(struct world *w, usec until)
{
	uint32_t id;

	do
		id = wheel_pop(&w->wheel, until);
	while (id && is_early(w, id));
	if (!id) {
		/* Early nodes may have led it on further than anything happened. */
		if (w->wheel.count == 0)
			w->wheel.base = w->now;
		return false;
	}
	w->now = w->wheel.base;
	w->events++;
	switch (wheel_id_kind(id)) {
	case EVENT_FLIGHT: deliver(w, wheel_id_index(id)); break;
	case EVENT_TIMER: timer_fires(w, wheel_id_index(id)); break;
	case EVENT_TICK:
		app_ticks(w, wheel_id_index(id));
		settle(w, wheel_id_index(id));
		break;
	case EVENT_TIME_WAIT: timer_fires(w, time_wait_unpack(w, wheel_id_index(id))); break;
	default: UNREACHABLE();
	}
	return true;
}

bool world_step(struct world *w)
{
	return happen(w, USEC_NEVER);
}

void world_advance(struct world *w, usec to)
{
	while (happen(w, to))
		;
	if (to > w->now)
		w->now = to;
}

uint64_t world_run(struct world *w, usec until)
{
	uint64_t before = w->events;

	while (happen(w, until))
		;
	if (until != USEC_NEVER && until > w->now && w->wheel.count > 0)
		w->now = until;
	return w->events - before;
}

/* ---- figures --------------------------------------------------------------------------------- */

void world_figures(const struct world *w, struct world_figures *out)
{
	*out = w->figures;
	out->conns = w->conns.used;
	out->time_waits = w->time_waits.used;
	out->bytes_conns = (uint64_t)w->conns.used * w->conns.stride +
			   (uint64_t)w->fds.used * w->fds.stride +
			   (uint64_t)w->profiles.used * w->profiles.stride;
	out->bytes_time_wait = (uint64_t)w->time_waits.used * w->time_waits.stride;
	out->bytes_demux = (uint64_t)w->demux.size * sizeof *w->demux.heads;
	out->bytes_events = (uint64_t)w->flights.used * w->flights.stride + sizeof w->wheel;
	out->bytes_pool = (uint64_t)(w->blocks.count - w->blocks.free_count) * TCP_BLOCK;
}

const uint64_t *world_rule_hits(const struct world *w)
{
	return w->hits;
}
