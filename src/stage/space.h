/* SPDX-License-Identifier: MIT */
/*
 * space.h - the sequence space of what one person says to another, seen from both ends. All numbers
 * count from the sender's ISS and do not wrap.
 */
#ifndef STAGE_SPACE_H
#define STAGE_SPACE_H

#include "stage/view.h"

enum { SPACE_RUNS = 8 };

struct space {
	bool has_sender, has_receiver;
	uint32_t iss; /* of the sender, if either is known */
	/* Of the sender. */
	int64_t una, nxt;
	int64_t edge;   /* SND.UNA + SND.WND */
	int64_t cwnd;   /* SND.UNA + cwnd; -1: there is no congestion window */
	int64_t queued; /* the end of what the user has given */
	int sackeds;
	struct extent sacked[SPACE_RUNS]; /* [low, high), rising */
	/* Of the receiver. */
	int64_t read; /* so far the application has read */
	int64_t rcv_nxt;
	int64_t rcv_edge; /* RCV.NXT + RCV.WND */
	int helds; /* out of order, from the segments that have arrived: the TCB only counts them */
	struct extent held[SPACE_RUNS];
};

void space_find(struct space *s, const struct view *v, uint8_t from, uint8_t to);

#endif
