/* SPDX-License-Identifier: MIT */
/*
 * slant.h - the slanted lines of the ladder, and where their words find room.
 *
 * A line is drawn in Braille dots, two thick: eight dots a cell make a slope that rises less than a
 * row over its length still read as a slope, Braille is one column wide everywhere, and what is
 * still to fly is the same line with most dots left out. In ASCII the four heights of a cell are
 * ` - . _
 */
#ifndef STAGE_SLANT_H
#define STAGE_SLANT_H

#include "stage/view.h"

struct ladder {
	struct canvas *canvas;
	const struct view *view;
	struct area area;      /* the rows, without the heading */
	int64_t top;           /* the story's row in the first of them */
	int time, left, right; /* columns: of the clock, of the outer lifelines */
	int x[STORY_PEOPLE];   /* of all lifelines */
	int lines;
	bool has_states;        /* there are columns for them */
	int low, high;          /* words stand between these columns */
	struct dot_cell *cells; /* slant.c's own, while it draws */
};

void ladder_draw_slants(struct ladder *l);
void ladder_draw_labels(struct ladder *l);

/* Text in the blank cells of a row, the first after column `from` in this direction (+1 or -1)
 * between l->low and l->high; over other lines where there is no blank. False: it was cut. */
bool ladder_has_room(const struct ladder *l, int row, int from, int direction, int columns);
bool ladder_place(struct ladder *l, int row, int from, int direction, struct ink ink,
		  const char *text);

#endif
