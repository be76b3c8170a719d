/* SPDX-License-Identifier: MIT */
/*
 * demux.h - whose is a segment? One table for connections, those in TIME-WAIT, and listeners (whose
 * remote is "any"): 32-bit heads, chained through the things themselves, so that it costs at most 8
 * octets a connection. The hash is keyed by the seed.
 */
#ifndef SIM_DEMUX_H
#define SIM_DEMUX_H

#include <sim/conn.h>

struct demux {
	uint32_t *heads;
	uint32_t size, count; /* size: a power of two */
	uint64_t key;
	const struct pool *conns, *time_waits;
};

enum { WHERE_CONN = 1, WHERE_TIME_WAIT = 3 }; /* kinds of ids; the wheel's kinds too */

void demux_init(struct demux *d, uint64_t key, const struct pool *conns,
		const struct pool *time_waits);
void demux_fini(struct demux *d);
void demux_copy(struct demux *to, const struct demux *from, const struct pool *conns,
		const struct pool *time_waits);
void demux_add(struct demux *d, struct tuple at, uint32_t id);
void demux_remove(struct demux *d, struct tuple at, uint32_t id);
void demux_replace(struct demux *d, struct tuple at, uint32_t id, uint32_t by);
uint32_t demux_find(const struct demux *d, struct tuple at); /* 0: nobody */

#endif
