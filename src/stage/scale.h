/* SPDX-License-Identifier: MIT */
/*
 * scale.h - a scale for numbers of which some lie close and some far apart: seven octets and sixty
 * thousand on one line. Between two edges it is linear. Stretches are as long as they are
 * compared with each other, but for the ones that are broken: these are shorter than they should
 * be, and who draws them says so.
 */
#ifndef STAGE_SCALE_H
#define STAGE_SCALE_H

#include <stdbool.h>
#include <stdint.h>

enum { SCALE_EDGES = 48, SCALE_LEAST = 2 /* columns of a stretch */ };

struct scale {
	int edges; /* stretches + 1 */
	int64_t edge[SCALE_EDGES];
	int column[SCALE_EDGES]; /* where it begins */
	bool is_broken[SCALE_EDGES];
	/* Of what is not broken: `octets` take `cells`. 0 cells: everything is broken. */
	int64_t octets;
	int cells;
};

/* Edges in any order, any of them twice. At most SCALE_EDGES; more are left out. */
void scale_add(struct scale *s, int64_t edge);
/* Once all are there: deals out the columns. False: no stretch, or too few columns for them. */
bool scale_deal(struct scale *s, int columns);
/* The column of a number; what lies outside is at the ends. */
int scale_column(const struct scale *s, int64_t value);

#endif
