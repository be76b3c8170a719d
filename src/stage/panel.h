/* SPDX-License-Identifier: MIT */
/*
 * panel.h - the panels of a picture: which there are, which a size gives, and where each lies. The
 * layout is a function of size, of what is shown and of what has the focus, of nothing else.
 */
#ifndef STAGE_PANEL_H
#define STAGE_PANEL_H

#include <stdbool.h>
#include "stage/canvas.h"

enum panel {
	PANEL_PEOPLE = 1,
	PANEL_STATES = 2,
	PANEL_TCB = 4,
	PANEL_WINDOWS = 8,
	PANEL_NARRATION = 16,
	PANEL_GRAPH = 32,
	PANEL_BESIDE = 64,  /* the kernel's ladder and the engine's; where there are both */
	PANEL_LADDER = 128, /* always there, unless a panel takes its place on a small screen */
};

enum { PANELS = 8, PANEL_ALL = 255 };

/* Size classes: the least rows and columns of each. */
enum {
	LEAST_ROWS = 12,
	LEAST_COLUMNS = 40,
	SMALL_ROWS = 24,
	SMALL_COLUMNS = 80,
	LARGE_ROWS = 40,
	LARGE_COLUMNS = 120,
	HUGE_ROWS = 56,
	HUGE_COLUMNS = 180,
};

/* The state diagram wants so much, and with everything written beside its edges so much. */
enum { STATES_ROWS = 17, STATES_COLUMNS = 43, STATES_HUGE_ROWS = 31, STATES_HUGE_COLUMNS = 79 };

/* The people with small figures, and with large ones. */
enum { PEOPLE_ROWS = 6, PEOPLE_LARGE_ROWS = 8 };

int panel_index(enum panel p);  /* 0 to PANELS - 1 */
enum panel panel_at(int index); /* the inverse */
/* What is shown unless the reader says otherwise; with the engine's performance beside it. */
unsigned panels_given(int rows, int columns, bool has_twin);
/* After this one, in the order of reading, of those in `shown`; before it with by -1. The people
 * have nothing to scroll and are passed over. */
enum panel panel_next(unsigned shown, enum panel from, int by);

/* Of the picture drawn last: what Tab, arrows and wheel work on. */
struct panels {
	unsigned given;
	bool has_twin;            /* PANEL_BESIDE has something to show */
	struct area area[PANELS]; /* by panel_index; rows 0: not to be seen */
	int most[PANELS];         /* how far it can be scrolled */
	int page[PANELS];         /* how far at once */
	int overlay_most;         /* how far what lies over the picture can be scrolled */
};

struct layout {
	struct area title, rule, names, timeline, words, status, footer;
	struct area panel[PANELS]; /* by panel_index; rows 0: not there */
	struct area divider;       /* the line left of the panels at the side */
};

/* Rows of what is as high as its text: the narration with its heading, a live recording's status.
 */
struct text_rows {
	int words, status;
};

/* The size is at least the least one. */
struct layout layout_of(int rows, int columns, unsigned shown, enum panel focus,
			struct text_rows text);

#endif
