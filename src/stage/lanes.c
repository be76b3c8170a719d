/* SPDX-License-Identifier: MIT */
/*
 * lanes.c - in which lane of the wind a word flies, for the whole of its way: no two that are in
 * the air together share one while there are enough. A word keeps its lane until all that came of
 * it has been seen, so that an answer does not cover what it answers.
 */
#include "stage/story.h"

/* When the lane is free again. What is lost scatters as long as it flew; nobody knows when what is
 * still flying at the end of the trace would have come. */
static usec end_of(const struct voyage *v)
{
	switch ((enum fate)v->fate) {
	case FATE_FLYING: return v->sent;
	case FATE_LOST: return v->due + (v->due - v->sent);
	case FATE_ARRIVED:
	case FATE_DISCARDED: return v->due;
	}
	return v->due;
}

void story_find_lanes(struct story *s)
{
	usec until[STORY_LANES];

	for (int i = 0; i < STORY_LANES; i++)
		until[i] = INT64_MIN;
	for (size_t i = 0; i < s->voyages.count; i++) {
		struct voyage *v = &s->voyages.at[i];
		int lane = 0, soonest = 0;

		while (lane < STORY_LANES && until[lane] >= v->sent) {
			if (until[lane] < until[soonest])
				soonest = lane;
			lane++;
		}
		v->lane = (uint8_t)(lane < STORY_LANES ? lane : soonest);
		until[v->lane] = end_of(v);
	}
}
