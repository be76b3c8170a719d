/* SPDX-License-Identifier: MIT */
/*
 * plot.h - dots finer than cells: two across and four down in Braille. On a canvas of ASCII glyphs
 * a cell with a dot in it is one letter, that of the layer which lies uppermost there.
 */
#ifndef STAGE_PLOT_H
#define STAGE_PLOT_H

#include "stage/canvas.h"

enum { PLOT_ACROSS = 2, PLOT_DOWN = 4 };

/* What is drawn together. A layer of higher rank decides a shared cell's ink and letter. */
struct layer {
	struct ink ink;
	uint8_t rank;
	char twin;
};

struct plot_cell {
	struct layer layer;
	uint8_t bits; /* of Braille */
};

struct plot {
	struct area area;
	int width, height; /* in dots */
	struct plot_cell *cells;
};

void plot_init(struct plot *p, struct area area);
void plot_fini(struct plot *p);
/* From the left and from the top; what lies outside is not drawn. */
void plot_dot(struct plot *p, int x, int y, const struct layer *layer);
/* Both ends belong to it. */
void plot_column(struct plot *p, int x, int y1, int y2, const struct layer *layer);
void plot_show(const struct plot *p, struct canvas *c);

/* Round steps for an axis: 1, 2 or 5 times a power of ten, at least `least`. */
int64_t plot_step(int64_t least);
/* 1, 1.5, 2, 3, 5 or 7.5 times a power of ten, at least `least`: an axis that does not move with
 * every step. */
int64_t plot_span(int64_t least);
/* "14600", "1.5M": in at most six columns. */
void plot_put_amount(struct sink *out, int64_t n);

#endif
