/* SPDX-License-Identifier: MIT */
/* pool.c - fixed-size blocks named by index, and their free list. The link lies in word 0. */
#include "pool.h"
#include <base/assert.h>

void tcp_pool_extend(struct tcp_pool *p, struct tcp_block *blocks, uint32_t count)
{
	ASSERT(count >= p->count);
	ASSERT(count <= TCP_BLOCKS_MAX);
	/* From the end, so that the lowest index is the first to be given out. */
	for (uint32_t i = count; i > p->count && i > 1; i--) {
		blocks[i - 1].word[0] = p->free;
		p->free = i - 1;
		p->free_count++;
	}
	p->blocks = blocks;
	p->count = count;
}

uint32_t pool_take(struct tcp_pool *p)
{
	uint32_t index = p->free;

	if (index == 0)
		return 0;
	ASSERT(index < p->count);
	p->free = p->blocks[index].word[0];
	p->free_count--;
	return index;
}

void pool_give(struct tcp_pool *p, uint32_t index)
{
	ASSERT(index != 0);
	ASSERT(index < p->count);
	p->blocks[index].word[0] = p->free;
	p->free = index;
	p->free_count++;
}
