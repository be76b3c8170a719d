/* SPDX-License-Identifier: MIT */
/* span.h - times as people type them: "1.5s", "200 ms", "2min". */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds; seconds where no unit stands. Units: us, ms, s, min, h, d. False: not a time, or
 * one too long to be meant. */
bool span_read(const char *text, int64_t *us);

#endif
