/* SPDX-License-Identifier: MIT */
/*
 * canvas.h - a grid of cells, the one thing that views draw on. A terminal, a text file and a
 * golden test all read the same canvas.
 *
 * A cell holds one character as a reader sees it (a base and its marks). A character two columns
 * wide has its right half in the next cell, whose width is 0; it never straddles an edge: what does
 * not fit becomes blank. Rows and columns count from 0; what lies outside is not drawn.
 */
#ifndef STAGE_CANVAS_H
#define STAGE_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <base/array.h>
#include <base/sink.h>
#include "stage/theme.h"

enum { CELL_OCTETS = 12, CANVAS_MAX = 1000 /* columns and rows */ };

struct cell {
	char text[CELL_OCTETS]; /* UTF-8, `octets` of it */
	uint8_t octets;
	uint8_t width; /* 1, 2, or 0: the right half of the cell before */
	uint8_t role;  /* enum role */
	uint8_t attrs; /* set of enum attr, added to those of the role */
};

struct stroke;

struct canvas {
	int rows, columns;
	bool is_ascii; /* glyphs are drawn as their twins */
	struct cell *cells;
	bool keeps_strokes; /* what the cells show in dots is kept as lines, too */
	ARRAY(struct stroke) strokes;
};

/* A part of a canvas: what a view may draw in. */
struct area {
	int row, column, rows, columns;
};

enum glyph {
#define GLYPH(id, code, twin) GLYPH_##id,
#include "stage/glyph.def"
#undef GLYPH
	GLYPH_COUNT,
};

/* A line with its head, in thousandths of a cell from the canvas's corner. */
struct stroke {
	int x1, y1, x2, y2;
	uint8_t role, attrs;
	bool is_dotted;
	uint8_t head; /* enum glyph at (x2, y2); GLYPH_COUNT: none */
	uint8_t head_role;
};

_Static_assert(GLYPH_COUNT <= UINT8_MAX, "a glyph is an octet");

uint32_t glyph_code(enum glyph g);
char glyph_twin(enum glyph g);

/* How a text is drawn: role and, above it, attributes. */
struct ink {
	enum role role;
	unsigned attrs;
};

#define INK(...) ((struct ink){__VA_ARGS__})

void canvas_init(struct canvas *c, int rows, int columns, bool is_ascii); /* blank */
void canvas_fini(struct canvas *c);
void canvas_clear(struct canvas *c);
void canvas_clear_area(struct canvas *c, struct area a);

const struct cell *canvas_at(const struct canvas *c, int row, int column);
bool canvas_is_blank(const struct canvas *c, int row, int column); /* true outside, too */
bool canvas_eq(const struct canvas *a, const struct canvas *b);

/* One line of text, at most `room` columns of it. Returns the columns used. Control characters are
 * shown as U+FFFD: nothing from a trace may steer a terminal. */
int canvas_text(struct canvas *c, int row, int column, int room, struct ink ink, const char *text);
/* The same, but what does not fit ends in an ellipsis. */
int canvas_text_cut(struct canvas *c, int row, int column, int room, struct ink ink,
		    const char *text);
/* canvas_text, ending before column `end`. */
int canvas_text_right(struct canvas *c, int row, int end, int room, struct ink ink,
		      const char *text);
int canvas_glyph(struct canvas *c, int row, int column, enum glyph g, struct ink ink);
void canvas_code(struct canvas *c, int row, int column, uint32_t code, struct ink ink);
void canvas_hline(struct canvas *c, int row, int column, int count, enum glyph g, struct ink ink);
/* If the canvas keeps strokes. Who draws the same line in cells gives those ATTR_STROKE. */
void canvas_stroke(struct canvas *c, const struct stroke *s);
/* Adds attributes to what is drawn there. */
void canvas_mark(struct canvas *c, int row, int column, int count, unsigned attrs);

/* The cells as text, a line a row, without the blanks at the ends of lines. */
void canvas_dump(const struct canvas *c, struct sink *out);
/* The roles as letters in the same shape, for tests: '.' is ROLE_TEXT, 'a' the role after. */
void canvas_dump_roles(const struct canvas *c, struct sink *out);

#endif
