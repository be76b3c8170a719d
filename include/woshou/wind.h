/* SPDX-License-Identifier: MIT */
/*
 * wind.h - what may befall a segment between two hosts, one direction at a time. The way through:
 * cut, rules in order, mtu, queue and rate, delay with jitter, lifetime (counted from entry).
 *
 * Jitter: the delay is drawn evenly from [delay - jitter, delay + jitter], never below 0.
 * Queue: what has not left yet when a segment comes, the one leaving included; an idle line takes
 * any size.
 * What is larger than the MTU is gone, and an ICMP "fragmentation needed" comes back to its sender
 * after the way back's delay; no rule touches it.
 *
 * MARK is a router's that speaks ECN: a segment of an ECN-capable transport gets CE, another one is
 * dropped (RFC 3168 5). ICMP is a router's that turns a segment back: it is gone, and its sender
 * hears of it as of the MTU.
 */
#ifndef WOSHOU_WIND_H
#define WOSHOU_WIND_H

#include <stdbool.h>
#include <stdint.h>
#include <woshou/seg.h>
#include <woshou/trace.h>
#include <woshou/match.h>

struct wind {
	usec delay, jitter;   /* jitter alone never overtakes */
	uint64_t rate;        /* bits a second; 0: without limit */
	uint64_t queue;       /* octets that may wait for the rate; 0: without limit */
	uint32_t mtu;         /* largest IP datagram; 0: without limit */
	usec lifetime;        /* a segment older than this is gone; 0: without limit */
	bool overtakes;       /* segments with a smaller delay may pass others (else only rules
			       * let them) */
	bool is_set;
	struct trace_place queue_place, mtu_place, lifetime_place; /* what the trace names */
};

struct wind_rule {
	uint8_t deed;         /* enum deed: DROP DELAY DUPLICATE REORDER CORRUPT CUT MARK ICMP */
	uint8_t icmp;         /* ICMP: enum icmp_kind, but KIND_TOO_BIG: that is the mtu's */
	struct seg_match match;
	uint16_t label;       /* only segments of this connection (sock_label); 0: all */
	/* Which of those that match: ordinals from 1. */
	uint32_t first, last; /* `2nd..4th`; every one: 1..UINT32_MAX */
	uint32_t every;       /* `every 5th`: 5, 10, ...; 0: not by rhythm */
	uint32_t chance_ppm;  /* `10%` is 100000, drawn from the seed; 0: not by chance */
	uint32_t max;         /* at most so many; 0: no limit (then chance_ppm must be 0) */
	usec time;            /* DELAY: added. DUPLICATE: after the original's arrival. REORDER:
			       * waits at most */
	uint32_t past;        /* REORDER: until so many later ones have passed */
	usec from, to;        /* CUT: takes what enters in [from, to) */
	struct trace_place place;
};

#endif
