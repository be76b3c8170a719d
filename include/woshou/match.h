/* SPDX-License-Identifier: MIT */
/*
 * match.h - classes of segments and comparisons: one notion for the wind's `where`, for
 * expectations' `sends`/`gets`, and for searching on the stage (scene language, Meaning 6).
 */
#ifndef WOSHOU_MATCH_H
#define WOSHOU_MATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <woshou/seg.h>

enum seg_class {
	CLASS_ANY,
	CLASS_NONE,    /* matches nothing: `for loss in none, ...` */
	CLASS_SYN,     /* SYN without ACK */
	CLASS_SYN_ACK,
	CLASS_ACK,     /* alone: no data, SYN, FIN, RST */
	CLASS_FIN,     /* bit set, whatever else */
	CLASS_RST,
	CLASS_DATA,
	CLASS_COUNT,
};

const char *seg_class_name(enum seg_class c); /* "SYN+ACK" */
int seg_class_named(const char *name);        /* -1: no such */

enum seg_number { NUMBER_SEQ, NUMBER_ACK, NUMBER_LEN, NUMBER_WIN, NUMBER_RETRANSMIT, NUMBER_COUNT };
enum comparison { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE }; /* seq and ack: modulo 2^32 */

struct seg_compare {
	uint8_t what; /* enum seg_number; `len` is octets of text */
	uint8_t how;  /* enum comparison */
	int64_t value;
};

enum { SEG_COMPARES_MAX = 6 };

struct seg_match {
	uint8_t class; /* enum seg_class */
	uint8_t count;
	struct seg_compare compare[SEG_COMPARES_MAX]; /* all must hold */
};

bool seg_matches(const struct seg *s, const struct seg_match *m);

#endif
