/* SPDX-License-Identifier: MIT */
#include <sim/pool.h>

#include <stdlib.h>
#include <string.h>
#include <base/array.h>
#include <base/assert.h>

void pool_init(struct pool *p, size_t stride, uint32_t shift)
{
	*p = (struct pool){.stride = (uint32_t)stride, .shift = shift, .count = 1};
}

void pool_fini(struct pool *p)
{
	for (uint32_t i = 0; i < p->chunk_count; i++)
		free(p->chunks[i]);
	free(p->chunks);
	*p = (struct pool){0};
}

static size_t chunk_size(const struct pool *p)
{
	return (size_t)p->stride << p->shift;
}

size_t pool_size(const struct pool *p)
{
	return p->chunk_count * chunk_size(p);
}

void pool_grow(struct pool *p)
{
	if (p->chunk_count == p->chunk_room) {
		p->chunk_room = p->chunk_room ? 2 * p->chunk_room : 4;
		p->chunks = xrealloc(p->chunks, p->chunk_room * sizeof *p->chunks);
	}
	/* 64: a thing whose size is a multiple of a cache line then never straddles one more. */
	p->chunks[p->chunk_count] = aligned_alloc(64, (chunk_size(p) + 63) / 64 * 64);
	if (!p->chunks[p->chunk_count])
		die_of_memory();
	p->chunk_count++;
}

void pool_copy(struct pool *to, const struct pool *from)
{
	*to = *from;
	to->chunk_count = to->chunk_room = 0;
	to->chunks = NULL;
	/* A pool that was never used has a count of 1 and no chunk. */
	for (uint32_t first = 0; from->chunk_count && first < from->count;
	     first += 1u << from->shift) {
		uint32_t n = from->count - first;

		if (n > 1u << from->shift)
			n = 1u << from->shift;
		pool_grow(to);
		memcpy(to->chunks[to->chunk_count - 1], from->chunks[first >> from->shift],
		       (size_t)n * from->stride);
	}
}
