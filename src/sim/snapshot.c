/* SPDX-License-Identifier: MIT */
/*
 * snapshot.c - a world is a value: its pools are copied whole, and since everything in them is
 * named by index, nothing in the copy points back. Going back keeps the addresses of the world, its
 * hosts and its directions: callers hold them.
 */
#include <sim/parts.h>

#include <string.h>

struct world_snapshot {
	struct world world;
	struct streams_mark *mark;
	uint64_t records; /* of the trace */
};

/* ---- what a world owns ----------------------------------------------------------------------- */

static void *copied(const void *from, size_t size)
{
	void *to = size ? xmalloc(size) : NULL;

	if (size)
		memcpy(to, from, size);
	return to;
}

#define COPY_ARRAY(to, from)                                                                       \
	((to)->at = copied((from)->at, (from)->count * sizeof *(from)->at),                        \
	 (to)->count = (to)->size = (from)->count)

static void host_fini(struct host *h)
{
	free(h->name);
	free(h->isn);
	array_fini(&h->mouths);
	array_fini(&h->heard);
	for (size_t i = 0; i < sizeof h->ports / sizeof *h->ports; i++)
		free(h->ports[i]);
}

static void host_copy(struct host *to, const struct host *from)
{
	*to = *from;
	to->name = xstrndup(from->name, strlen(from->name));
	to->isn = copied(from->isn, from->isn_count * sizeof *from->isn);
	COPY_ARRAY(&to->mouths, &from->mouths);
	COPY_ARRAY(&to->heard, &from->heard);
	for (size_t i = 0; i < sizeof to->ports / sizeof *to->ports; i++)
		if (from->ports[i])
			to->ports[i] = copied(from->ports[i], PORT_PAGE * sizeof *from->ports[i]);
}

static void direction_fini(struct direction *d)
{
	array_fini(&d->rules);
	array_fini(&d->held);
	array_fini(&d->doors);
}

static void direction_copy(struct direction *to, const struct direction *from)
{
	*to = *from;
	COPY_ARRAY(&to->rules, &from->rules);
	COPY_ARRAY(&to->held, &from->held);
	COPY_ARRAY(&to->doors, &from->doors);
}

/* All but hosts and directions. */
static void pools_fini(struct world *w)
{
	array_fini(&w->nowhere);
	array_fini(&w->ways);
	array_fini(&w->labels);
	pool_fini(&w->conns);
	pool_fini(&w->time_waits);
	pool_fini(&w->flights);
	pool_fini(&w->fds);
	pool_fini(&w->profiles);
	pool_fini(&w->measures);
	demux_fini(&w->demux);
	free(w->blocks.blocks);
}

static void pools_copy(struct world *to, const struct world *from)
{
	COPY_ARRAY(&to->nowhere, &from->nowhere);
	COPY_ARRAY(&to->ways, &from->ways);
	COPY_ARRAY(&to->labels, &from->labels);
	pool_copy(&to->conns, &from->conns);
	pool_copy(&to->time_waits, &from->time_waits);
	pool_copy(&to->flights, &from->flights);
	pool_copy(&to->fds, &from->fds);
	pool_copy(&to->profiles, &from->profiles);
	pool_copy(&to->measures, &from->measures);
	demux_copy(&to->demux, &from->demux, &to->conns, &to->time_waits);
	to->blocks.blocks =
		copied(from->blocks.blocks, from->blocks.count * sizeof *from->blocks.blocks);
}

void world_empty(struct world *w)
{
	for (uint32_t i = 0; i < w->host_count; i++) {
		host_fini(w->host[i]);
		free(w->host[i]);
	}
	for (size_t i = 0; i < w->directions.count; i++) {
		direction_fini(w->directions.at[i]);
		free(w->directions.at[i]);
	}
	array_fini(&w->directions);
	pools_fini(w);
}

/* ---- there and back -------------------------------------------------------------------------- */

struct world_snapshot *world_save(const struct world *w)
{
	struct world_snapshot *s = xmalloc(sizeof *s);
	struct world *to = &s->world;

	*to = *w;
	pools_copy(to, w);
	for (uint32_t i = 0; i < w->host_count; i++) {
		to->host[i] = xmalloc(sizeof *to->host[i]);
		host_copy(to->host[i], w->host[i]);
	}
	COPY_ARRAY(&to->directions, &w->directions);
	for (size_t i = 0; i < w->directions.count; i++) {
		to->directions.at[i] = xmalloc(sizeof *to->directions.at[i]);
		direction_copy(to->directions.at[i], w->directions.at[i]);
	}
	s->mark = streams_mark(w->streams);
	s->records = w->trace ? trace_count(w->trace) : 0;
	return s;
}

/* Hosts and directions are only ever added: those of the snapshot are the first ones still. */
static void hosts_back(struct world *w, const struct world *now, const struct world *then)
{
	for (uint32_t i = 0; i < now->host_count; i++) {
		host_fini(now->host[i]);
		w->host[i] = now->host[i];
		if (i < then->host_count) {
			host_copy(w->host[i], then->host[i]);
		} else {
			free(w->host[i]);
			w->host[i] = NULL;
		}
	}
}

static void directions_back(struct world *w, const struct world *now, const struct world *then)
{
	w->directions = now->directions;
	w->directions.count = then->directions.count;
	for (size_t i = 0; i < now->directions.count; i++) {
		direction_fini(now->directions.at[i]);
		if (i < then->directions.count)
			direction_copy(w->directions.at[i], then->directions.at[i]);
		else
			free(now->directions.at[i]);
	}
}

void world_restore(struct world *w, const struct world_snapshot *s)
{
	struct world *now = xmalloc(sizeof *now);

	pools_fini(w);
	*now = *w;
	*w = s->world;
	pools_copy(w, &s->world);
	hosts_back(w, now, &s->world);
	directions_back(w, now, &s->world);
	free(now);
	world_wire(w);
	streams_rewind(w->streams, s->mark);
	if (w->trace)
		trace_rewind(w->trace, s->records);
}

void world_snapshot_free(struct world_snapshot *s)
{
	if (!s)
		return;
	world_empty(&s->world);
	streams_mark_free(s->mark);
	free(s);
}

size_t world_snapshot_size(const struct world_snapshot *s)
{
	const struct world *w = &s->world;
	size_t size = sizeof *s;

	size += pool_size(&w->conns) + pool_size(&w->time_waits) + pool_size(&w->flights) +
		pool_size(&w->fds) + pool_size(&w->profiles);
	size += w->demux.size * sizeof *w->demux.heads;
	size += w->blocks.count * sizeof *w->blocks.blocks;
	size += w->ways.count * sizeof *w->ways.at;
	size += w->host_count * sizeof(struct host) +
		w->directions.count * sizeof(struct direction);
	return size;
}
