/* SPDX-License-Identifier: MIT */
/*
 * talk.h - conversations: four-tuples in the order of their first segment, and the initial
 * sequence numbers seen in them. What relative numbers are relative to.
 */
#ifndef TRACE_TALK_H
#define TRACE_TALK_H

#include <base/array.h>
#include <woshou/trace.h>

/* From where to where a segment goes, whichever side's record speaks of it. */
struct leg {
	uint8_t from, to; /* hosts; TRACE_NO_HOST */
	uint16_t from_port, to_port;
};

/* The record in which the segment left: through REC_WIND's copies back to the REC_SEND. */
const struct record *trace_origin(const struct trace *t, const struct record *r);
struct leg trace_leg(const struct trace *t, const struct record *r);
const struct seg *trace_seg(const struct trace *t, const struct record *r);

struct talk {
	struct leg leg;  /* of the first segment */
	bool has_isn[2]; /* of leg.from's side, of leg.to's side */
	seq32 isn[2];
	uint32_t number; /* from 0 */
};

struct talks {
	ARRAY(struct talk) list;
	uint32_t *slot;
	size_t slots;
};

/* Shows them a record; every record in order. The talk of a segment's record, else NULL. */
const struct talk *talks_see(struct talks *all, const struct trace *t, const struct record *r);
void talks_fini(struct talks *all);

/* The segment with numbers relative to its talk. False: nothing known to be relative to; a field
 * without a base stays absolute. */
struct relative {
	bool has_seq, has_ack;
	seq32 seq, ack;
	seq32 ack_base; /* also of SACK blocks */
};

struct relative talk_relative(const struct talk *talk, const struct leg *leg, const struct seg *s);

#endif
