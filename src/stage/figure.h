/* SPDX-License-Identifier: MIT */
/*
 * figure.h - RFC 9293's Figure 5 laid out on a grid of cells, small for 43 columns and large with
 * room for what is written beside each edge. Each edge of edge.def is a way of its own from the
 * name of one state to the name of another. CLOSED stands in it twice, as in the RFC: the state
 * before everything, and the one in which everything ends.
 */
#ifndef STAGE_FIGURE_H
#define STAGE_FIGURE_H

#include <stdbool.h>
#include <stdint.h>
#include <woshou/tcp.h>

enum {
	FIGURE_EDGES = 0
#define EDGE(...) +1
#include <woshou/edge.def>
#undef EDGE
	,
	FIGURE_BENDS = 6,
	WAY_CELLS = 160, /* no way is longer */
};

/* A cell of the grid, from 0. */
struct spot {
	int8_t row, column;
};

/* In straight lines from bend to bend, to the last one that is not (0, 0). There, next to the state
 * it leads to, the arrow's head is drawn. */
struct way {
	uint8_t from, to; /* enum state */
	bool to_end;      /* to the CLOSED at the end */
	struct spot bend[FIGURE_BENDS];
	struct spot label; /* of the large figure: where it is written */
};

struct figure {
	int rows, columns;
	bool has_labels;
	struct spot state[STATE_COUNT]; /* where its name begins */
	struct spot end;                /* and that of CLOSED at the end */
	struct way way[FIGURE_EDGES];   /* as in edge.def */
};

const struct figure *figure_small(void);
const struct figure *figure_large(void);
struct spot figure_state(const struct figure *f, enum state s, bool is_end);

int figure_edge(enum state from, enum state to); /* -1: there is none */
/* "rcv SYN / snd SYN,ACK". Not all are drawn in the RFC's figure: some are only in its text. */
const char *figure_label(int edge, bool *is_figures);

/* The cells of a way, from the first to the one with the head. Returns how many. */
enum join { JOIN_UP = 1, JOIN_DOWN = 2, JOIN_LEFT = 4, JOIN_RIGHT = 8 };

struct way_cell {
	struct spot at;
	unsigned sides; /* set of enum side: the neighbours it is joined to */
	unsigned head;  /* where the arrow points; 0: no head here */
};

int way_cells(const struct figure *f, const struct way *w, struct way_cell cells[WAY_CELLS]);

#endif
