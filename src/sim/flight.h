/* SPDX-License-Identifier: MIT */
/* flight.h - a segment on its way, and the way: one direction between two hosts. */
#ifndef SIM_FLIGHT_H
#define SIM_FLIGHT_H

#include <base/array.h>
#include <base/prng.h>
#include <sim/conn.h>

enum flight_state {
	FLIGHT_FREE,
	FLIGHT_ALOFT, /* the wheel knows when it arrives */
	FLIGHT_HELD,  /* by a `reorder`: the wheel knows when it waits no longer */
	FLIGHT_LATE,  /* it will be too old before it arrives: the wheel knows when */
	FLIGHT_ICMP, /* not a segment but an ICMP error about one: seg.seq which, seg.ctl the kind,
		      * seg.len the MTU */
};

struct flight {
	struct wheel_node node;
	struct tuple at; /* as its receiver sees it */
	uint32_t sender; /* serial of the connection that sent it; 0: none, a stranger */
	uint8_t state;   /* enum flight_state */
	bool is_corrupt;
	bool is_stranger;
	bool is_awaited; /* a door of its direction knows it */
	uint64_t send;   /* its record */
	struct seg seg;
};

_Static_assert(sizeof(struct flight) <= 128, "two cache lines");

/* What is seldom asked about a flight; by its index, beside the pool. */
struct way {
	usec since;   /* when it entered the wind */
	uint32_t nth; /* of the words from there to here; 0: none, or one that is gone already */
};

enum { WIND_COPIES_MAX = 8 };

/* What the rules have decided for one segment. */
struct passage {
	usec extra; /* delay on top of the wind's */
	uint32_t past;
	usec patience;
	bool is_held, is_dropped;
	uint32_t copies;
	struct {
		usec after;
		uint64_t record;
		uint32_t nth;
		bool is_corrupt;
	} copy[WIND_COPIES_MAX];
};

struct held {
	uint32_t flight;
	struct passage passage;
};

/* A word that was held up by hand: when it arrives it waits until others have come after it. */
struct door {
	uint32_t flight;
	uint32_t past;
	usec patience;
	bool is_there; /* it has arrived, and waits */
};

struct rule_state {
	struct wind_rule rule;
	uint32_t seen, done; /* segments that matched, and on which it acted */
	struct prng chance;
};

struct direction {
	uint8_t from, to;
	struct wind wind;
	ARRAY(struct rule_state) rules;
	ARRAY(struct held) held;
	ARRAY(struct door) doors;
	usec last;          /* arrival of the last one: jitter alone never overtakes */
	usec busy_until;    /* the rate's */
	uint64_t remainder; /* of that division, in bit-microseconds */
	struct prng jitter, corrupt;
};

#endif
