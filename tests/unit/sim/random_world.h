/* SPDX-License-Identifier: MIT */
/*
 * random_world.h - a world and what is done in it, made up from a seed: winds that lose up to 30 %,
 * repeat, swap and garble; tiny windows; random settings, applications and calls; crashes.
 * The maker knows which promises the world it made cannot keep.
 */
#ifndef RANDOM_WORLD_H
#define RANDOM_WORLD_H

#include <woshou/world.h>
#include <base/prng.h>

enum { RANDOM_HOSTS_MAX = 4, RANDOM_SOCKS_MAX = 24 };

/* Apart from the world itself a plain value: it can be copied beside a snapshot. */
struct random_world {
	struct world *w;
	struct prng prng;
	uint8_t hosts;
	uint32_t calls; /* still to come */
	bool has_crashes, has_strangers;
	bool is_down[RANDOM_HOSTS_MAX];
	bool may_break[PROMISE_COUNT];
};

void random_world_init(struct random_world *r, uint64_t seed, struct trace *trace);
/* Then any setting of anybody may be anything that it takes: none of them is sensible together. */
void random_world_wild(struct random_world *r);
bool random_world_step(struct random_world *r); /* false: nothing more is done */
/* The wind calms down, everyone says goodbye, and the world runs until nothing is pending. False:
 * it never ends. */
bool random_world_end(struct random_world *r);

uint64_t trace_digest(const struct trace *t); /* of everything that is in it */

#endif
