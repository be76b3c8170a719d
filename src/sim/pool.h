/* SPDX-License-Identifier: MIT */
/*
 * pool.h - many things of one size, named by 32-bit index. Chunks are never moved: growing copies
 * nothing but a table of pointers, and a pool with the same indices can be copied elsewhere.
 * Index 0 is "none".
 *
 * What was given back first is taken first: things made one after another then lie one after
 * another, and whoever walks them in that order (the wheel does) meets memory in a straight line.
 * With thousands of connections that halves the cost of a segment.
 */
#ifndef SIM_POOL_H
#define SIM_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool {
	uint8_t **chunks;
	uint32_t chunk_count, chunk_room;
	uint32_t stride;     /* octets of one thing */
	uint32_t shift;      /* 1 << shift things a chunk */
	uint32_t count;      /* indices [1, count) have been in use at some time */
	uint32_t used;       /* are in use now */
	uint32_t free, last; /* the free list, linked through the things' first word */
};

void pool_init(struct pool *p, size_t stride, uint32_t shift);
void pool_fini(struct pool *p);
void pool_copy(struct pool *to, const struct pool *from); /* `to` holds no memory yet */
size_t pool_size(const struct pool *p);                   /* octets of the chunks */
void pool_grow(struct pool *p);

static inline void *pool_at(const struct pool *p, uint32_t index)
{
	uint32_t within = index & ((1u << p->shift) - 1);

	return p->chunks[index >> p->shift] + (size_t)within * p->stride;
}

/* What is in it is what was left there: the taker fills it. */
static inline uint32_t pool_take(struct pool *p)
{
	uint32_t index = p->free;

	p->used++;
	if (index) {
		p->free = *(uint32_t *)pool_at(p, index);
		return index;
	}
	if (p->count >> p->shift == p->chunk_count)
		pool_grow(p);
	return p->count++;
}

static inline void pool_give(struct pool *p, uint32_t index)
{
	*(uint32_t *)pool_at(p, index) = 0;
	if (p->free)
		*(uint32_t *)pool_at(p, p->last) = index;
	else
		p->free = index;
	p->last = index;
	p->used--;
}

#endif
