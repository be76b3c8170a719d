/* SPDX-License-Identifier: MIT */
/*
 * compare.h - where two traces part, and what became of each. Compared is what happened: time,
 * kind, who, the segment with its octets, states, deeds, errors, rules, changed fields. Not
 * compared are serials, places and texts of files, narration and verdicts, pictures, the end.
 *
 * A host is the other trace's host of the same name; those that find none pair up in their order.
 */
#ifndef TRACE_COMPARE_H
#define TRACE_COMPARE_H

#include <stdbool.h>
#include <base/array.h>
#include <base/sink.h>
#include <woshou/lang.h>
#include <woshou/trace.h>

enum difference { /* a set */
		  DIFFERS_TIME = 1 << 0,
		  DIFFERS_WHAT = 1 << 1, /* another kind of thing happens */
		  DIFFERS_WHO = 1 << 2,
		  DIFFERS_PORTS = 1 << 3,
		  DIFFERS_FLAGS = 1 << 4,
		  DIFFERS_SEQ = 1 << 5,
		  DIFFERS_ACK = 1 << 6,
		  DIFFERS_WINDOW = 1 << 7,
		  DIFFERS_URGENT = 1 << 8,
		  DIFFERS_OPTIONS = 1 << 9,
		  DIFFERS_STAMPS = 1 << 10, /* the timestamps option's values */
		  DIFFERS_TEXT = 1 << 11,   /* its length, its octets */
		  DIFFERS_REPEAT = 1 << 12, /* the how manieth time it is said */
		  DIFFERS_STATE = 1 << 13,
		  DIFFERS_NUMBER = 1 << 14, /* a deed's delay, a read's octets */
		  DIFFERS_ERROR = 1 << 15,
		  DIFFERS_RULE = 1 << 16,
		  DIFFERS_FIELDS = 1 << 17, /* of the TCB, changed by it */
};

enum { DIFFERENCES = 18 };

/* "window", "窗口": of one bit. The English ones are also JSON's. */
const char *difference_name(enum difference bit, enum lang lang);

/* What need not be the same: a set. */
enum ignore {
	IGNORE_TIME = 1,
	IGNORE_ISN = 2, /* sequence numbers count from the initial ones */
	IGNORE_FIELDS = 4,
	IGNORE_RULES = 8,
};

struct divergence {
	bool differs;
	uint64_t a, b;             /* records; the trace's count: it has ended */
	bool is_a_idle, is_b_idle; /* nothing happens there at this moment: its record is later */
	usec at;
	bool is_late;  /* one is idle, and does later what the other does now */
	unsigned what; /* neither ended: set of enum difference */
};

void trace_compare(const struct trace *a, const struct trace *b, struct divergence *out);
void trace_compare_but(const struct trace *a, const struct trace *b, unsigned ignored,
		       struct divergence *out);

/* One line: "at 1.000 s: Zhang San sends SYN 1000 again / nothing". */
void divergence_put(struct sink *out, const struct trace *a, const struct trace *b,
		    const struct divergence *d, enum lang lang);

/* Which records of the two belong together, from the first to the last that are compared. */
#define PAIRING_NONE UINT64_MAX

struct pairing {
	uint64_t a, b; /* records; PAIRING_NONE: only the other has it */
	unsigned what; /* set of enum difference, when both are there */
};

/* Pairs that differ in nothing but when. */
static inline bool pairing_is_same(const struct pairing *p)
{
	return p->a != PAIRING_NONE && p->b != PAIRING_NONE &&
	       (p->what & ~(unsigned)(DIFFERS_TIME | DIFFERS_STAMPS)) == 0;
}

struct side;

struct comparison {
	struct divergence first;
	ARRAY(struct pairing) pairs; /* in order */
	size_t begin;                /* the pairs before it are the same, time and all */
	/* Of those from `begin` on; what differs in time alone is the same. */
	uint64_t same, changed, only_a, only_b;
	size_t rejoin;  /* from this pair on all are the same; pairs.count: they never rejoin */
	bool has_shift; /* all of those come so much later in b */
	usec shift;
	struct side *sides; /* comparison.c's own: two of them */
};

void comparison_init(struct comparison *c, const struct trace *a, const struct trace *b,
		     unsigned ignored);
/* Set of 1 << enum tcb_field: which fields are changed otherwise in a pair of two. */
uint64_t comparison_fields(const struct comparison *c, const struct pairing *p);
void comparison_fini(struct comparison *c);

#endif
