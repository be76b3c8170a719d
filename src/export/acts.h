/* SPDX-License-Identifier: MIT */
/* acts.h - what the wind did, by the segment that it did it to. */
#ifndef EXPORT_ACTS_H
#define EXPORT_ACTS_H

#include <base/array.h>
#include <woshou/trace.h>

struct act {
	uint64_t of, deed; /* records */
};

struct acts {
	const struct trace *trace;
	ARRAY(struct act) list;
};

void acts_init(struct acts *all, const struct trace *t);
/* The trace has grown from so many records. */
void acts_grow(struct acts *all, uint64_t from);
void acts_fini(struct acts *all);

/* The deeds done to the segment of record `of`, in order: start with i = acts_first(), go on while
 * acts_at() is not NULL. */
size_t acts_first(const struct acts *all, uint64_t of);
const struct record *acts_at(const struct acts *all, size_t i, uint64_t of);

#endif
