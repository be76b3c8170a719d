/* SPDX-License-Identifier: MIT */
/*
 * pose.h - how a person stands at a moment (pose.def): of what was done in the step just told, else
 * of the own word in the air, else of what is waited for, else of the state.
 */
#ifndef STAGE_POSE_H
#define STAGE_POSE_H

#include "stage/view.h"

enum pose {
#define POSE(id, ...) POSE_##id,
#define ALTERNATE(id, ...)
#include "stage/pose.def"
#undef POSE
#undef ALTERNATE
	POSE_COUNT,
};

/* How large it is drawn. */
enum pose_size { POSE_SMALL, POSE_LARGE };
enum {
	POSE_SMALL_ROWS = 3,
	POSE_SMALL_COLUMNS = 8,
	POSE_LARGE_ROWS = 5,
	POSE_LARGE_COLUMNS = 10,
};

struct stance {
	enum pose pose;
	bool is_alternate; /* the second picture, of a pose that has two */
	unsigned again;    /* the how manieth repetition of what was said */
	int candle;        /* MOURNS: thousandths of 2MSL still to burn */
};

struct stance pose_of(const struct view *v, uint8_t host);
int pose_rows(enum pose_size size);
int pose_columns(enum pose_size size);
/* One row of it; the mirrored one is turned to the left. */
void pose_row(struct stance s, enum pose_size size, int row, bool is_mirrored,
	      char out[POSE_LARGE_COLUMNS + 1]);
bool pose_moves(enum pose pose); /* has two pictures */
enum string pose_word(enum pose pose);
const char *pose_name(enum pose pose); /* "NODS_WAVES", for tests and documents */

#endif
