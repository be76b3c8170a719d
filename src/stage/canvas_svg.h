/* SPDX-License-Identifier: MIT */
/*
 * canvas_svg.h - a canvas as an SVG picture: text on the grid of cells, frames and bars as shapes,
 * dots as dots, and the strokes that a canvas has kept as true lines.
 */
#ifndef STAGE_CANVAS_SVG_H
#define STAGE_CANVAS_SVG_H

#include <woshou/lang.h>
#include "stage/canvas.h"

struct svg_options {
	enum theme theme; /* THEME_AUTO: light, for paper */
	enum lang lang;
	const char *title, *description; /* for who cannot see it */
	int rows, columns;               /* of all canvases that follow */
};

void svg_begin(struct sink *out, const struct svg_options *o);
/* Its first row is `row` of the picture. */
void svg_canvas(struct sink *out, const struct svg_options *o, const struct canvas *c, int row);
void svg_end(struct sink *out);

/* ---- what the two halves share (svg_shape.c draws all that is not text) ---------------------- */

/* A cell in pixels. */
enum { SVG_CELL_WIDTH = 9, SVG_CELL_HEIGHT = 20, SVG_MARGIN = 12 };

/* Drawn as a shape and not as a letter? */
bool svg_is_shape(const struct cell *cell);
void svg_shapes(struct sink *out, const struct canvas *c, int row);
void svg_strokes(struct sink *out, const struct canvas *c, int row);
/* Does a stroke pass through these cells? */
bool svg_is_crossed(const struct canvas *c, int row, int column, int columns);
/* "12.5" for 125. */
void svg_put_tenths(struct sink *out, int64_t tenths);
/* The whole of any text, fit for XML. */
void svg_put_text(struct sink *out, const char *text, size_t n);

#endif
