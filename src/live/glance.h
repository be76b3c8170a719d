/* SPDX-License-Identifier: MIT */
/*
 * glance.h - as much of a captured frame as tells whose segment it is and what it does to its
 * connection. Checksums are not asked (a capture on the sender's host has them unfinished), and
 * what the capture cut off is missing, not wrong. packet.h reads the whole of it.
 */
#ifndef LIVE_GLANCE_H
#define LIVE_GLANCE_H

#include "live/sight.h"

enum glance_kind {
	GLANCE_TCP,
	GLANCE_ERROR,    /* ICMP about a TCP segment: its ports and SEG.SEQ are in the glance */
	GLANCE_OTHER,    /* not TCP, or not even IP */
	GLANCE_FRAGMENT, /* of an IP datagram */
	GLANCE_DAMAGED,  /* TCP whose headers are not whole or cannot be right */
};

struct glance {
	struct endpoint from, to;
	seq32 seq, ack;
	uint16_t ctl;
	uint16_t wnd;
	uint32_t len; /* octets of text, captured or not */
	uint8_t ttl;
	uint16_t id;        /* of the IPv4 datagram */
	uint32_t tsval;     /* 0: no timestamps where everyone has them */
	bool has_direction; /* the capturing host said whether it sent or got it */
	bool is_outgoing;
};

enum glance_kind glance(const struct frame_sight *f, struct glance *out);

#endif
