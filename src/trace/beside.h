/* SPDX-License-Identifier: MIT */
/*
 * beside.h - two performances of the same calls side by side, segment by segment: the kernel's and
 * the engine's. Segments belong together by who sends, flags, length and numbers from the ISN on,
 * in order; what differs is named and explained (beside.def).
 */
#ifndef TRACE_BESIDE_H
#define TRACE_BESIDE_H

#include <base/array.h>
#include <woshou/lang.h>
#include <woshou/trace.h>
#include "trace/compare.h"

enum beside_reason {
	BESIDE_SAME, /* nothing to explain */
#define BESIDE(id, ...) BESIDE_##id,
#include <trace/beside.def>
#undef BESIDE
	BESIDE_UNKNOWN, /* nobody has explained this yet */
	BESIDE_REASONS,
};

struct beside_row {
	uint64_t kernel, engine; /* REC_SEND records; PAIRING_NONE: only the other has it */
	unsigned what;           /* set of enum difference, when both are there */
	uint8_t reason;          /* enum beside_reason: the weightiest difference's */
};

struct beside {
	ARRAY(struct beside_row) rows;
	uint64_t same;  /* flags, length, numbers and order agree */
	uint64_t alike; /* of those: options, windows or times differ */
	uint64_t only_kernel, only_engine;
};

void beside_init(struct beside *b, const struct trace *kernel, const struct trace *engine);
void beside_fini(struct beside *b);
/* "the kernel acknowledges at once in the beginning (quick acks)": NULL for BESIDE_SAME. */
const char *beside_text(enum beside_reason r, enum lang lang);
const char *beside_source(enum beside_reason r); /* "RFC 9293 3.8.6.3; linux tcp_input.c"; "" */

#endif
