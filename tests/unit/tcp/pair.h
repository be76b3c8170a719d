/* SPDX-License-Identifier: MIT */
/*
 * pair.h - two endpoints and a link that loses, repeats, delays and swaps, in virtual time. Both
 * users send what they have, read what comes, and close when they are through.
 */
#ifndef TESTS_PAIR_H
#define TESTS_PAIR_H

#include <base/prng.h>
#include "fixture.h"

enum { PAIR_FLIGHT = 4096 };

struct party {
	struct end end;
	uint32_t stream; /* of its octets */
	uint64_t has;    /* octets it wants to send in all */
	uint64_t sent, read;
	uint32_t reads_at_most; /* octets a turn, 0: all there is */
	usec reads_every;       /* 0: whenever something came */
	usec reads_next;
	bool has_closed, has_ended;
	uint32_t told;
};

struct pair {
	struct party party[2];
	usec now, delay, jitter;
	unsigned loss, repeat; /* of a thousand segments */
	struct prng prng;
	struct {
		usec at;
		uint64_t serial;
		int to;
		struct seg seg;
	} flight[PAIR_FLIGHT];
	unsigned in_flight;
	uint64_t serial, segments;
};

/* Both CLOSED; `has` octets each to send. The tests change profiles and the link afterwards. */
void pair_init(struct pair *p, const char *profile, int iss_case, uint64_t seed, uint64_t has);
void pair_open(struct pair *p); /* 0 calls 1 */
/* Until both are CLOSED or the time is over; true: both have ended. */
bool pair_run(struct pair *p, usec until);
void pair_expect_delivered(const struct pair *p);

#endif
