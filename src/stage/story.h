/* SPDX-License-Identifier: MIT */
/*
 * story.h - a complete trace as a story to be shown: the voyages of segments, the beats (records
 * of one instant and one cause), the rows of the ladder, and the stops between which one steps.
 *
 * It is laid out once, for any screen: rows do not depend on width or height, so nothing jumps
 * when the story goes on.
 */
#ifndef STAGE_STORY_H
#define STAGE_STORY_H

#include <base/array.h>
#include <woshou/trace.h>
#include "stage/series.h"
#include "stage/timeline.h"
#include "trace/talk.h"

enum fate { FATE_FLYING, FATE_ARRIVED, FATE_LOST, FATE_DISCARDED };

/* Where a hand changed a voyage's pace: so far it had come, and goes on from there. */
struct turn {
	usec at;
	int progress;   /* thousandths of the whole way */
	int32_t before; /* the turn before it, or -1 */
};

/* One segment on its way, once: a duplicate made by the wind is a voyage of its own. */
struct voyage {
	uint64_t send; /* its REC_SEND, the duplicating REC_WIND, or a stranger's REC_ARRIVE */
	uint64_t end;  /* the record that ends it; its own while it is FATE_FLYING */
	usec sent;
	usec due;           /* when it arrives; lost: when it is shown lost, half-way */
	uint32_t leave_row; /* of the ladder */
	uint32_t reach_row; /* > leave_row; where it arrives or dies */
	uint16_t deeds;     /* set of 1 << enum deed: what the wind did to it */
	uint64_t deed;      /* the last REC_WIND of it, 0 with deeds 0 */
	uint8_t from, to;
	uint8_t fate;     /* enum fate */
	uint16_t dies_at; /* of FATE_LOST: thousandths of the way; half-way when the wind took it */
	int32_t turn;     /* the last one, or -1 */
	uint8_t lane;     /* lanes.c: of STORY_LANES, in which it flies through the wind */
	bool is_duplicate, is_stranger;
	uint16_t datagram;        /* its number among those of its sender */
	uint32_t lost, again;     /* of all voyages up to this one: lost, and retransmitted */
	uint32_t nth;             /* of all from `from` to `to`, from 1; 0: a stranger's */
	struct relative relative; /* numbers from the ISN on */
};

/* Records [first, end) belong together. */
struct beat {
	uint64_t first, end;
	usec at;
	uint32_t first_row, rows; /* rows may be 0 */
};

enum row_kind {
	ROW_LEAVE, /* a voyage begins */
	ROW_REACH, /* it arrives */
	ROW_LOST,  /* it dies half-way */
	ROW_NOTE,  /* something else: record */
	ROW_STATE, /* nothing but a new state */
	ROW_GAP,   /* a long time without anything */
	ROW_SCENE, /* a chapter's heading */
};

struct row {
	usec at;
	usec gap; /* ROW_GAP: how long */
	uint64_t record;
	uint32_t beat;
	uint32_t voyage;     /* ROW_LEAVE, ROW_REACH, ROW_LOST */
	uint32_t first_open; /* no voyage before this one touches this row */
	uint8_t kind;        /* enum row_kind */
	uint8_t host;        /* whose row; TRACE_NO_HOST */
	uint8_t state;       /* enum state that host enters here; STATE_COUNT: none */
	uint8_t down;        /* set of 1 << lifeline: these people are silent */
	bool is_inferred;    /* the state: nobody saw it */
};

/* Where stepping halts: the clock at `at`, records before `cursor` are true. */
struct stop {
	usec at;
	uint64_t cursor;
	uint32_t row;  /* the row to look at */
	uint32_t beat; /* the beat just told; for a loss the beat of its SEND */
	int32_t lost;  /* the voyage that is shown lost here, or -1 */
};

enum mark_kind { MARK_SCENE, MARK_MARKER };

struct mark {
	uint64_t record;
	uint32_t stop;
	uint8_t kind; /* enum mark_kind */
};

enum { STORY_PEOPLE = 6, STORY_LANES = 16 };

struct story {
	const struct trace *trace;
	ARRAY(struct voyage) voyages; /* by send */
	ARRAY(struct turn) turns;
	ARRAY(struct beat) beats;
	ARRAY(struct row) rows;
	ARRAY(struct stop) stops; /* by (at, cursor); the first is before everything */
	ARRAY(struct mark) marks;
	struct series series; /* of each connection */
	struct timeline timeline;
	uint8_t people[STORY_PEOPLE]; /* hosts that have a lifeline, from left to right */
	int people_count;
	usec end;         /* of the last record */
	uint32_t expects; /* verdicts there will be */
};

/* voyage.c's and lanes.c's parts of story_new. */
void story_find_voyages(struct story *s);
void story_find_lanes(struct story *s);

struct story *story_new(const struct trace *t);
void story_free(struct story *s);

/* The last stop at or before (at, cursor). */
uint32_t story_stop_at(const struct story *s, usec at, uint64_t cursor);
/* How many voyages began before `cursor`. */
size_t story_begun(const struct story *s, uint64_t cursor);
/* The voyage that began with this record; NULL: none. */
struct voyage *story_voyage(const struct story *s, uint64_t send);
/* The stop at which this record is first true. */
uint32_t story_stop_of(const struct story *s, uint64_t record);
/* Which lifeline is the host's; -1: none. */
int story_lifeline(const struct story *s, uint8_t host);
/* Something is in the air at this moment. */
bool story_is_airborne(const struct story *s, usec at, uint64_t cursor);
/* How far a voyage is at `now`: thousandths of the whole way, lost at most v->dies_at. */
int voyage_progress(const struct story *s, const struct voyage *v, usec now);
/* Is it told that it ended? */
bool voyage_has_ended(const struct voyage *v, usec now, uint64_t cursor);
bool row_is_told(const struct story *s, const struct row *r, usec now, uint64_t cursor);
/* It set out, and neither has it arrived nor has the wind taken it; strangers' words never fly. */
bool voyage_is_in_flight(const struct voyage *v, uint64_t cursor);
/* What the wind, and hands, have done to it so far: a set of 1 << enum deed, and the last of those
 * records (NULL: not wanted). */
unsigned voyage_deeds(const struct story *s, const struct voyage *v, uint64_t cursor,
		      uint64_t *last);
/* The segment of a voyage. */
const struct seg *voyage_seg(const struct story *s, const struct voyage *v);

#endif
