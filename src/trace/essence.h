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

/* What sequence numbers count from: of a segment, and of its connection's fields before and after
 * the record. */
struct bases {
	uint32_t seq, ack;
	uint32_t iss[2], irs[2];
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

/* A field's number as it is compared: sequence numbers from the ISN, deadlines from the record. */
int64_t side_field(const struct side *s, const struct record *r, const struct tcb_change *c,
		   bool is_new);

#endif
