/* SPDX-License-Identifier: MIT */
/*
 * heap.h - a binary heap of (time, serial): the smallest first. The world uses a wheel
 * (sim/wheel.h); this is the plain twin that tests check the wheel against.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>
#include <base/array.h>

struct heap_item {
	int64_t at;
	uint64_t serial;
	uint64_t value;
};

struct heap {
	ARRAY(struct heap_item) items;
};

void heap_push(struct heap *h, struct heap_item item);
bool heap_pop(struct heap *h, struct heap_item *out);
void heap_fini(struct heap *h);

#endif
