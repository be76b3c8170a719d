/* SPDX-License-Identifier: MIT */
/* pose.h - how a person stands at a moment (pose.def). */
#ifndef STAGE_POSE_H
#define STAGE_POSE_H

#include "stage/view.h"

enum pose {
#define POSE(id, head, arms, legs) POSE_##id,
#include "stage/pose.def"
#undef POSE
	POSE_COUNT,
};

enum { POSE_ROWS = 3, POSE_COLUMNS = 5 };

/* Of what happened in the beat just told, else of the state. */
enum pose pose_of(const struct view *v, uint8_t host);
/* One row of it; the mirrored one is turned to the left. */
void pose_row(enum pose pose, int row, bool is_mirrored, char out[POSE_COLUMNS + 1]);
enum string pose_word(enum pose pose);

#endif
