/* SPDX-License-Identifier: MIT */
/* census.h - one walk through /proc tells all sockets and who holds them; holder.c asks. */
#ifndef LIVE_CENSUS_H
#define LIVE_CENSUS_H

#include <stdbool.h>
#include <stdint.h>
#include <base/array.h>
#include <woshou/seq.h>

struct census_entry {
	uint32_t inode, pid; /* inode 0: free */
};

/* Zeroed: empty. */
struct census {
	struct census_entry *slots;
	size_t count, size; /* size: a power of two */
	usec next, stale;   /* of the monotonic clock: walk not before, but after that */
};

struct census_answer {
	uint32_t pid; /* 0: nobody */
	char program[16];
	uint64_t ticks; /* of processor time it has had */
};

void census_ask(struct census *c, uint32_t inode, struct census_answer *out);
void census_fini(struct census *c);

#endif
