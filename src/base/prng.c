/* SPDX-License-Identifier: MIT */
/* xoshiro256** 1.0 and splitmix64, after Blackman and Vigna, https://prng.di.unimi.it/ */
#include <base/prng.h>

#include <base/assert.h>

static uint64_t rotate(uint64_t x, int n)
{
	return (x << n) | (x >> (64 - n));
}

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void prng_init(struct prng *p, uint64_t seed, uint64_t stream)
{
	/* The stream is mixed first: seeds and streams are small numbers, and without it stream 1
	 * of seed 2 would be stream 2 of seed 1. */
	uint64_t state = seed ^ splitmix64(&stream);

	for (int i = 0; i < 4; i++)
		p->s[i] = splitmix64(&state);
}

uint64_t prng_u64(struct prng *p)
{
	uint64_t *s = p->s;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint64_t prng_below(struct prng *p, uint64_t bound)
{
	uint64_t least, x;

	ASSERT(bound > 0);
	/* 2^64 mod bound: with so many of the lowest numbers left out, every remainder is as
	 * likely. */
	least = (0 - bound) % bound;
	do {
		x = prng_u64(p);
	} while (x < least);
	return x % bound;
}
