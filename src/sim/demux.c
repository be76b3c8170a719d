/* SPDX-License-Identifier: MIT */
#include <sim/demux.h>

#include <stdlib.h>
#include <string.h>
#include <base/array.h>
#include <base/assert.h>

enum { HEADS_MIN = 64 };

void demux_init(struct demux *d, uint64_t key, const struct pool *conns,
		const struct pool *time_waits)
{
	*d = (struct demux){
		.size = HEADS_MIN, .key = key, .conns = conns, .time_waits = time_waits};
	d->heads = xcalloc(HEADS_MIN, sizeof *d->heads);
}

void demux_fini(struct demux *d)
{
	free(d->heads);
	d->heads = NULL;
}

void demux_copy(struct demux *to, const struct demux *from, const struct pool *conns,
		const struct pool *time_waits)
{
	*to = *from;
	to->conns = conns;
	to->time_waits = time_waits;
	to->heads = xmalloc(to->size * sizeof *to->heads);
	memcpy(to->heads, from->heads, to->size * sizeof *to->heads);
}

static uint32_t *next_of(const struct demux *d, uint32_t id)
{
	if (wheel_id_kind(id) == WHERE_TIME_WAIT)
		return &((struct time_wait *)pool_at(d->time_waits, wheel_id_index(id)))->next;
	return &((struct conn *)pool_at(d->conns, wheel_id_index(id)))->next;
}

static uint64_t key_of(const struct demux *d, uint32_t id)
{
	if (wheel_id_kind(id) == WHERE_TIME_WAIT)
		return tuple_key(
			((struct time_wait *)pool_at(d->time_waits, wheel_id_index(id)))->at);
	return tuple_key(((struct conn *)pool_at(d->conns, wheel_id_index(id)))->at);
}

static uint32_t *head_of(const struct demux *d, uint64_t key)
{
	uint64_t x = key ^ d->key;

	x *= UINT64_C(0x9e3779b97f4a7c15);
	x ^= x >> 29;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	return &d->heads[(uint32_t)(x >> 32) & (d->size - 1)];
}

static void resize(struct demux *d, uint32_t size)
{
	struct demux old = *d;

	d->size = size;
	d->heads = xcalloc(size, sizeof *d->heads);
	for (uint32_t i = 0; i < old.size; i++) {
		uint32_t id = old.heads[i];

		while (id) {
			uint32_t *next = next_of(d, id), following = *next;
			uint32_t *head = head_of(d, key_of(d, id));

			*next = *head;
			*head = id;
			id = following;
		}
	}
	free(old.heads);
}

/* Between a half and one and a half of a connection a head: 8 octets each at most. */
void demux_add(struct demux *d, struct tuple at, uint32_t id)
{
	uint32_t *head;

	if (d->count >= d->size + d->size / 2)
		resize(d, 2 * d->size);
	d->count++;
	head = head_of(d, tuple_key(at));
	*next_of(d, id) = *head;
	*head = id;
}

/* The link that names `id`. */
static uint32_t *link_to(struct demux *d, struct tuple at, uint32_t id)
{
	uint32_t *link = head_of(d, tuple_key(at));

	while (*link != id) {
		ASSERT(*link);
		link = next_of(d, *link);
	}
	return link;
}

void demux_remove(struct demux *d, struct tuple at, uint32_t id)
{
	uint32_t *link = link_to(d, at, id);

	*link = *next_of(d, id);
	d->count--;
	if (d->size > HEADS_MIN && d->count < d->size / 2)
		resize(d, d->size / 2);
}

void demux_replace(struct demux *d, struct tuple at, uint32_t id, uint32_t by)
{
	uint32_t *link = link_to(d, at, id);

	*next_of(d, by) = *next_of(d, id);
	*link = by;
}

uint32_t demux_find(const struct demux *d, struct tuple at)
{
	uint64_t key = tuple_key(at);
	uint32_t id = *head_of(d, key);

	while (id && key_of(d, id) != key)
		id = *next_of(d, id);
	return id;
}
