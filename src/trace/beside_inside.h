/* SPDX-License-Identifier: MIT */
/* beside_inside.h - the segments that left, of one of two traces that are laid side by side. */
#ifndef TRACE_BESIDE_INSIDE_H
#define TRACE_BESIDE_INSIDE_H

#include "trace/beside.h"
#include "trace/essence.h"

/* Two clocks of one machine do not agree better. */
enum { BESIDE_SAME_TIME = 5 * USEC_PER_MS };

/* With one of these the two do not agree in flags, length and order. */
enum { BESIDE_MATTERS = DIFFERS_FLAGS | DIFFERS_TEXT | DIFFERS_ACK };

struct sends {
	struct side side;
	ARRAY(uint64_t) records; /* REC_SEND */
	size_t *partner;         /* index into the other's */
	uint64_t *keys;
	usec end;       /* of its last record */
	usec early;     /* its clock shows so much more than the other's */
	usec lossy;     /* from here on: something was lost; USEC_NEVER */
	bool is_scaled; /* somebody offers a window scale */
};

const struct record *send_at(const struct sends *l, size_t i);
/* Numbers from the initial ones on. */
uint32_t send_seq(const struct sends *l, size_t i);
uint32_t send_ack(const struct sends *l, size_t i);
uint8_t send_host(const struct sends *l, size_t i); /* the same for both */

/* Why it is in this trace and not in the other one. */
enum beside_reason reason_of_one(const struct sends *l, size_t i, const struct sends *other);
enum beside_reason reason_of_pair(const struct sends *a, size_t i, const struct sends *b, size_t j,
				  unsigned what);

#endif
