/* SPDX-License-Identifier: MIT */
/*
 * cause.h - why did this happen? Each record follows from an earlier one: an arrival from the
 * segment that was sent, a segment from the event in whose course it left, a timer from what set
 * it, until a line of the play, an application, or the wind stands at the end.
 */
#ifndef TRACE_CAUSE_H
#define TRACE_CAUSE_H

#include <woshou/trace.h>

/* How a record follows from its cause. */
enum because {
	BECAUSE_NOTHING, /* from no other record: its line, if it has one, is all there is */
	BECAUSE_COURSE,  /* it happened in the course of it, at the same instant */
	BECAUSE_SENT,    /* what arrives, or is acted on, was sent then */
	BECAUSE_WRITTEN, /* the text that is sent was written then */
	BECAUSE_CLOSED,  /* the FIN that is sent was asked for then */
	BECAUSE_SET,     /* the timer was set then */
	BECAUSE_BLOWN,   /* the wind did then what shows now */
	BECAUSE_DOWN,    /* its host fell silent then */
	BECAUSE_COUNT,
};

struct cause {
	uint64_t record;
	enum because because; /* how it follows from the next in the chain */
	uint64_t release; /* text or FIN that had to wait: what let it go at last; else `record` */
};

/* The cause of one record; BECAUSE_NOTHING: there is none, and *cause is the record's own serial.
 */
enum because trace_cause(const struct trace *t, uint64_t serial, uint64_t *cause,
			 uint64_t *release);

/* The chain from `serial` back, at most `room` of it: out[0] is the record itself, each following
 * one the cause of the one before. Returns how many. */
size_t trace_causes(const struct trace *t, uint64_t serial, struct cause *out, size_t room);

/* The one decision that says most about a record: a segment's own rule; of an arrival, a call, a
 * timer the rule of the state it led to, else of the furthest step of section 3.10.7, else the
 * first. RULE_NONE: the engine decided nothing. */
enum rule trace_main_rule(const struct trace *t, uint64_t serial);

#endif
