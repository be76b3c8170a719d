/* SPDX-License-Identifier: MIT */
/* pool.h - taking blocks from the pool that the owner passes in, and giving them back. */
#ifndef TCP_POOL_H
#define TCP_POOL_H

#include <woshou/tcp.h>

uint32_t pool_take(struct tcp_pool *p); /* 0: none left */
void pool_give(struct tcp_pool *p, uint32_t index);

#endif
