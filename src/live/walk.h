/* SPDX-License-Identifier: MIT */
/* walk.h - through a capture from frame to frame, with the connection that each belongs to. */
#ifndef LIVE_WALK_H
#define LIVE_WALK_H

#include "live/flows.h"
#include "live/frames.h"

/* One way through the file. It is gone through twice, for the list and for a trace, rather than
 * kept in memory: what is the same file gives the same connections. */
struct walk {
	struct frames frames;
	struct flows flows;
	struct frame_sight frame; /* where it stands */
	struct glance glance;
	enum glance_kind kind;
	int64_t flow; /* its connection; -1: none */
};

/* False: as frames_open. */
bool walk_open(struct walk *w, const char *octets, size_t n);
bool walk_next(struct walk *w);
void walk_fini(struct walk *w);

#endif
