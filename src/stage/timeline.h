/* SPDX-License-Identifier: MIT */
/*
 * timeline.h - what the timeline marks, by stop, and which columns of a bar are which stops: every
 * step has the same share of it.
 */
#ifndef STAGE_TIMELINE_H
#define STAGE_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <base/array.h>

struct story;

/* Stops, rising, none of them twice. */
struct stop_set {
	ARRAY(uint32_t) stops;
};

struct timeline {
	struct stop_set losses, failures;
	struct stop_set gaps; /* after which it is long silent */
};

/* The stops and voyages of the story must be found. */
void timeline_find(struct story *s);
void timeline_fini(struct timeline *t);
/* The first in the set at or after this stop; UINT32_MAX: none. */
uint32_t stop_set_from(const struct stop_set *set, uint32_t stop);
/* The last in the set before this stop; UINT32_MAX: none. */
uint32_t stop_set_before(const struct stop_set *set, uint32_t stop);

/* A bar of `columns` for `stops`. */
struct bar {
	int columns;
	uint32_t stops;
};

int bar_column(const struct bar *b, uint32_t stop);
uint32_t bar_stop(const struct bar *b, int column);  /* the nearest one */
uint32_t bar_first(const struct bar *b, int column); /* the first in this column or later */

#endif
