/* SPDX-License-Identifier: MIT */
/*
 * prng.h - xoshiro256** seeded by splitmix64 (Blackman, Vigna). The same numbers on every
 * machine. Every purpose has a stream of its own, so that a new user of chance does not change
 * what the others see. And SipHash-2-4, the keyed function that RFC 6528 asks for.
 */
#ifndef BASE_PRNG_H
#define BASE_PRNG_H

#include <stddef.h>
#include <stdint.h>

struct prng {
	uint64_t s[4];
};

/* `stream` tells the purposes apart: same seed, other stream, unrelated numbers. */
void prng_init(struct prng *p, uint64_t seed, uint64_t stream);
uint64_t prng_u64(struct prng *p);
uint64_t prng_below(struct prng *p, uint64_t bound); /* [0, bound), unbiased; bound > 0 */

uint64_t siphash(const uint64_t key[2], const void *data, size_t size);

#endif
