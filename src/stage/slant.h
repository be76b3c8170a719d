/* SPDX-License-Identifier: MIT */
/*
 * slant.h - the slanted lines of the ladder, and where their words find room.
 *
 * A line is drawn in Braille dots, one thick: eight dots a cell make a slope that rises less than a
 * row over its length still read as a slope, and Braille is one column wide everywhere. What is in
 * the air or belongs to the step just told is bold, what the reader looks at is thicker, and what
 * is still to fly is the same line with most dots left out. In ASCII the four heights of a cell are
 * ` - . _
 */
#ifndef STAGE_SLANT_H
#define STAGE_SLANT_H

#include "stage/view.h"

/* What stands in a cell of the ladder: words go where there is nothing, over lines when they must,
 * and never over heads and other words. */
enum taken { TAKEN_NOT, TAKEN_LINE, TAKEN_WORD };

struct ladder {
	struct canvas *canvas;
	const struct view *view;
	struct area area;      /* the rows, without the heading */
	int64_t top;           /* the story's row in the first of them */
	int time, left, right; /* columns: of the clock, of the outer lifelines */
	int x[STORY_PEOPLE];   /* of all lifelines */
	int lines;
	int64_t selected;       /* voyage, as view_selection */
	bool has_states;        /* there are columns for them */
	int low, high;          /* words stand between these columns */
	uint8_t *taken;         /* enum taken, of every cell of the area */
	int old;                /* lines whose first row has scrolled out */
	struct dot_cell *cells; /* slant.c's own, while it draws */
};

/* A voyage in the ladder: from column `from` over `columns` cells in a direction, rows [leave,
 * reach] of the story. */
struct slant {
	const struct voyage *voyage;
	int from, columns, direction;
	int64_t leave, reach;
	int progress; /* 0..1000 of the whole way */
	bool is_over, is_new, is_looked_at, is_selected;
};

/* All voyages that touch the window, in the order in which they left. */
typedef void slant_visitor(struct ladder *l, const struct slant *s);
void ladder_for_each(struct ladder *l, slant_visitor *visit);

void ladder_draw_slants(struct ladder *l);
void ladder_draw_labels(struct ladder *l); /* slant_words.c */

void ladder_take(struct ladder *l, int row, int column, int columns, enum taken what);
/* Is there room for it beside column `from` in this direction (+1 or -1), between l->low and
 * l->high, where nothing stands? */
bool ladder_has_room(const struct ladder *l, int row, int from, int direction, int columns);
/* Text where it covers least, near to column `from` and in this direction when it can. False: it
 * was cut. */
bool ladder_place(struct ladder *l, int row, int from, int direction, struct ink ink,
		  const char *text);

#endif
