/* SPDX-License-Identifier: MIT */
/*
 * beat.h - records that belong together: one instant and one cause. What one step of the stage
 * shows, and what one question is about.
 */
#ifndef TRACE_BEAT_H
#define TRACE_BEAT_H

#include <woshou/trace.h>

/* Something that a person does, not only takes note of: listen, connect, write, shutdown, close,
 * abort. */
bool call_is_deed(enum call_verb verb);

enum { BEAT_NO_CAUSE = 0 };

struct trace_beat {
	uint64_t first, end; /* records [first, end) */
	usec at;
	uint64_t cause; /* 1 + the record that set it off; BEAT_NO_CAUSE */
};

/* The beat that begins with record `first`, which stands where another ended, or is 0. */
struct trace_beat trace_beat_at(const struct trace *t, uint64_t first);

#endif
