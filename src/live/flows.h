/* SPDX-License-Identifier: MIT */
/*
 * flows.h - which connection a captured segment belongs to, and a little bookkeeping of each: as
 * much as a list of connections shows. Numbered as tshark numbers tcp.stream: a SYN with another
 * ISN between two known ends begins a new one. Constant time a segment.
 */
#ifndef LIVE_FLOWS_H
#define LIVE_FLOWS_H

#include <base/array.h>
#include "live/glance.h"
#include "live/recorder.h"

enum { FLOW_HOLES = 4, FLOW_COPIES = 8 };

/* What was seen of one end's sending. */
struct flow_side {
	bool has_base, has_next, has_fin, is_fin_acked;
	uint8_t ttl;
	uint8_t holes;
	seq32 base;    /* its ISN, as far as that can be told: what tshark calls base_seq */
	seq32 next;    /* behind the highest octet seen */
	seq32 fin_end; /* behind its FIN */
	struct sack_block hole[FLOW_HOLES]; /* not seen yet, below `next` */
	uint64_t octets;                    /* of text, each once */
	/* The least time from a segment of it to the first acknowledgment: there and back, between
	 * the capture and the other side. Segments that came again tell nothing (Karn). */
	bool has_probe;
	seq32 probe; /* what is waited for */
	usec probe_at;
	usec trip;                   /* -1: nothing told it */
	uint32_t outgoing, incoming; /* segments, where the capture tells */
	uint64_t *copies; /* what it sent lately and where that was seen; NULL: one place */
};

struct flow_track {
	struct endpoint end[2]; /* [0] is who was seen first */
	struct flow_side side[2];
	int8_t caller; /* who calls: 0 or 1; -1: no SYN told it */
	bool is_begun, is_reset;
	usec first, last;
	uint64_t segments;
	uint32_t repeated; /* segments that came again */
	uint32_t late;     /* that filled a hole: out of order, or lost once before */
};

struct flows {
	ARRAY(struct flow_track) all;
	uint32_t *table; /* of indices + 1, by the two ends: the latest connection between them */
	size_t room;     /* a power of two */
	uint64_t copies; /* frames that were seen at another place already */
};

/* The index of its connection; -1: a copy of what was seen before. `place` is where the frame was
 * seen, 0 when there is one place only: a segment that a router or a bridge shows at several places
 * is one segment. */
int64_t flows_see(struct flows *f, const struct glance *g, const struct frame_sight *frame,
		  uint32_t place);
/* The same for a segment that an ICMP error quotes. Of one that was not captured itself nothing
 * else is known; tshark, too, gives it a number. */
int64_t flows_hear(struct flows *f, const struct glance *g, usec at);
void flows_fini(struct flows *f);

/* 0 or 1: which end calls. Without a SYN it is the one with the higher port. */
int flow_caller(const struct flow_track *t);
bool flow_is_ended(const struct flow_track *t);
/* Where it was captured, as far as can be told. */
enum vantage flow_vantage(const struct flow_track *t);
/* How far away, one way, the caller and the called one are from there. */
void flow_far(const struct flow_track *t, usec far[2]);

#endif
