/* SPDX-License-Identifier: MIT */
/*
 * series.h - what became of each connection in the course of a trace, laid out once so that a view
 * finds by binary search what it would else have to fold: steps from state to state, segments said
 * and heard, and the courses of the numbers that a graph draws.
 *
 * Numbers of the sequence space count from the connection's ISS (of what it says) and do not wrap.
 */
#ifndef STAGE_SERIES_H
#define STAGE_SERIES_H

#include <base/array.h>
#include <woshou/trace.h>

/* Every entry begins with the record that made it true. */
struct step {
	uint64_t record;
	uint8_t from, to; /* enum state */
};

struct said {
	uint64_t record; /* REC_SEND */
	usec at;
	int64_t seq, end; /* [seq, end) with SYN and FIN */
	uint32_t voyage;
	bool is_again; /* a retransmission */
};

struct heard {
	uint64_t record; /* REC_ARRIVE with text, SYN, FIN or SACK blocks */
};

struct point {
	uint64_t record;
	usec at;
	int64_t value;
};

/* The least and the most of COURSE_BLOCK points in a row. */
struct extent {
	int64_t low, high;
};

/* Of so many segments: what of them is told when this record is true and this time has come. */
struct said_block {
	struct extent seq;
	bool has_again;
	uint64_t lost; /* the first loss: its record, UINT64_MAX when there is none; and its time */
	usec lost_at;
};

enum { COURSE_BLOCK = 64 };

struct course {
	ARRAY(struct point) points;
	ARRAY(struct extent) blocks;
};

enum course_of {
	COURSE_UNA,  /* SND.UNA */
	COURSE_EDGE, /* SND.UNA + SND.WND */
	COURSE_CWND,
	COURSE_SSTHRESH,
	COURSE_FLIGHT,
	COURSE_WND,        /* SND.WND */
	COURSE_RECOVERING, /* 0 or 1 */
	COURSES,
};

/* Of one connection. */
struct life {
	uint32_t conn;
	uint8_t host;
	bool has_iss;
	uint32_t iss;
	ARRAY(struct step) steps;
	ARRAY(struct said) said;
	ARRAY(struct said_block) said_blocks; /* COURSE_BLOCK segments each */
	ARRAY(struct heard) heard;
	struct course course[COURSES];
	int64_t una, end; /* of the last record: SND.UNA, and the highest number said */
};

struct series {
	ARRAY(struct life *) lives; /* in order of the connections' serials */
};

struct story;

/* Of the story's trace; its voyages must be found. */
void series_find(struct story *s);
void series_fini(struct series *s);
const struct life *series_life(const struct series *s, uint32_t conn); /* NULL: unknown */

/* How many of `count` entries of `size` octets are true when records before `cursor` are. */
size_t series_told(const void *entries, size_t size, size_t count, uint64_t cursor);
/* How many of the first `told` points lie at or before this time. */
size_t course_until(const struct course *c, size_t told, usec at);
/* The least and the most of points [from, to); from < to. */
struct extent course_extent(const struct course *c, size_t from, size_t to);

#endif
