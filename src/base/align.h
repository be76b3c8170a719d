/* SPDX-License-Identifier: MIT */
/*
 * align.h - which elements of two lists belong together: equal keys, in order, as many as can be
 * found in good time. Short stretches get the most there are; long ones are cut at keys that both
 * have once (Bram Cohen's patience diff).
 */
#ifndef BASE_ALIGN_H
#define BASE_ALIGN_H

#include <stddef.h>
#include <stdint.h>

#define ALIGN_NONE SIZE_MAX

/* partner[i] is the index in b of what belongs to a[i], or ALIGN_NONE; it has room for n. */
void align(const uint64_t *a, size_t n, const uint64_t *b, size_t m, size_t *partner);

#endif
