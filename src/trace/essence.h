/* SPDX-License-Identifier: MIT */
/*
 * essence.h - what of a record is compared, as numbers: two records say the same when theirs are
 * equal. compare.c finds the first that differ, compare_align.c those that belong together.
 */
#ifndef TRACE_ESSENCE_H
#define TRACE_ESSENCE_H

#include "trace/compare.h"
#include "trace/trace.h"

enum slot {
	SLOT_TIME,
	SLOT_KIND,
	SLOT_DETAIL,
	SLOT_HOST,
	SLOT_PEER,
	SLOT_FROM_PORT,
	SLOT_TO_PORT,
	SLOT_CONN, /* the ports of the connection */
	SLOT_FLAGS,
	SLOT_SEQ,
	SLOT_ACK,
	SLOT_WINDOW,
	SLOT_URGENT,
	SLOT_OPTIONS,
	SLOT_STAMPS,
	SLOT_LENGTH,
	SLOT_OCTETS,
	SLOT_REPEAT,
	SLOT_FROM,
	SLOT_TO,
	SLOT_NUMBER_0,
	SLOT_NUMBER_1,
	SLOT_ERROR,
	SLOT_RULE,
	SLOT_WORDS,
	SLOT_FIELDS,
	SLOT_COUNT,
};

struct essence {
	uint64_t value[SLOT_COUNT];
};

/* What sequence numbers count from: of a segment, and of its connection's fields. */
struct bases {
	uint32_t seq, ack;
	uint32_t iss, irs;
};

/* One of the two traces. */
struct side {
	const struct trace *trace;
	uint8_t host[TRACE_HOSTS_MAX]; /* by which number a host is compared */
	struct bases *bases;           /* by record; NULL: numbers are compared as they are */
};

void sides_init(struct side *a, struct side *b, const struct trace *of_a, const struct trace *of_b,
		unsigned ignored);
void side_fini(struct side *s);

/* The first record at or after `serial` that is compared; the trace's count: none. */
uint64_t side_next(const struct side *s, uint64_t serial, unsigned ignored);
void side_essence(const struct side *s, uint64_t serial, struct essence *out);

/* Set of enum difference. */
unsigned essence_differences(const struct essence *a, const struct essence *b);
unsigned ignored_differences(unsigned ignored); /* enum ignore -> enum difference */
uint64_t essence_hash(const struct essence *e, unsigned without);

_Static_assert(TCB_FIELD_COUNT <= 64, "a bit for every field");

/* Set of 1 << enum tcb_field: what the two records change otherwise. */
uint64_t sides_fields(const struct side *a, uint64_t of_a, const struct side *b, uint64_t of_b);

#endif
