/* SPDX-License-Identifier: MIT */
#include "stage/canvas.h"

#include <string.h>
#include <base/array.h>
#include <base/assert.h>
#include <base/utf8.h>

static const struct {
	uint32_t code;
	char twin;
} glyphs[GLYPH_COUNT] = {
#define GLYPH(id, code, twin) {code, twin},
#include "stage/glyph.def"
#undef GLYPH
};

uint32_t glyph_code(enum glyph g)
{
	ASSERT(g < GLYPH_COUNT);
	return glyphs[g].code;
}

char glyph_twin(enum glyph g)
{
	ASSERT(g < GLYPH_COUNT);
	return glyphs[g].twin;
}

/* ---- the grid -------------------------------------------------------------------------------- */

void canvas_init(struct canvas *c, int rows, int columns, bool is_ascii)
{
	ASSERT(rows >= 0);
	ASSERT(columns >= 0);
	c->rows = rows < CANVAS_MAX ? rows : CANVAS_MAX;
	c->columns = columns < CANVAS_MAX ? columns : CANVAS_MAX;
	c->is_ascii = is_ascii;
	c->keeps_strokes = false;
	memset(&c->strokes, 0, sizeof c->strokes);
	c->cells = xcalloc((size_t)c->rows * (size_t)c->columns + 1, sizeof *c->cells);
	canvas_clear(c);
}

void canvas_fini(struct canvas *c)
{
	free(c->cells);
	array_fini(&c->strokes);
	*c = (struct canvas){0};
}

static struct cell *cell_at(const struct canvas *c, int row, int column)
{
	if (row < 0 || row >= c->rows || column < 0 || column >= c->columns)
		return NULL;
	return &c->cells[row * c->columns + column];
}

static void make_blank(struct cell *cell)
{
	*cell = (struct cell){.text = " ", .octets = 1, .width = 1, .role = ROLE_TEXT};
}

void canvas_clear(struct canvas *c)
{
	canvas_clear_area(c, (struct area){0, 0, c->rows, c->columns});
	array_clear(&c->strokes);
}

/* Before a cell is written: the other half of a wide character that lies in it becomes blank. */
static void break_wide(struct canvas *c, int row, int column)
{
	struct cell *cell = cell_at(c, row, column);
	struct cell *half;

	if (!cell)
		return;
	half = cell->width == 0   ? cell_at(c, row, column - 1)
	       : cell->width == 2 ? cell_at(c, row, column + 1)
				  : NULL;
	if (half)
		make_blank(half);
}

void canvas_clear_area(struct canvas *c, struct area a)
{
	for (int row = a.row; row < a.row + a.rows; row++) {
		for (int column = a.column; column < a.column + a.columns; column++) {
			struct cell *cell = cell_at(c, row, column);

			if (!cell)
				continue;
			break_wide(c, row, column);
			make_blank(cell);
		}
	}
}

const struct cell *canvas_at(const struct canvas *c, int row, int column)
{
	const struct cell *cell = cell_at(c, row, column);

	ASSERT(cell != NULL);
	return cell;
}

bool canvas_is_blank(const struct canvas *c, int row, int column)
{
	const struct cell *cell = cell_at(c, row, column);

	return !cell || (cell->width == 1 && cell->octets == 1 && cell->text[0] == ' ');
}

bool canvas_eq(const struct canvas *a, const struct canvas *b)
{
	if (a->rows != b->rows || a->columns != b->columns)
		return false;
	for (int i = 0; i < a->rows * a->columns; i++) {
		const struct cell *p = &a->cells[i], *q = &b->cells[i];

		if (p->octets != q->octets || p->width != q->width || p->role != q->role ||
		    p->attrs != q->attrs || memcmp(p->text, q->text, p->octets) != 0)
			return false;
	}
	return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static uint32_t twin_of(const struct canvas *c, uint32_t code)
{
	if (!c->is_ascii || code < 0x80)
		return code;
	for (int g = 0; g < GLYPH_COUNT; g++) {
		if (glyphs[g].code == code)
			return (unsigned char)glyphs[g].twin;
	}
	return code;
}

/* The character `code` of `width` columns into its cell, and its right half into the next. */
static void put_code(struct canvas *c, int row, int column, uint32_t code, int width,
		     struct ink ink)
{
	struct cell *cell = cell_at(c, row, column);
	struct cell *next = cell_at(c, row, column + 1);

	if (!cell)
		return;
	break_wide(c, row, column);
	if (width == 2 && !next) {
		make_blank(cell);
		return;
	}
	if (width == 2)
		break_wide(c, row, column + 1);
	*cell = (struct cell){
		.width = (uint8_t)width, .role = (uint8_t)ink.role, .attrs = (uint8_t)ink.attrs};
	cell->octets = (uint8_t)utf8_put(code, cell->text);
	if (width == 2)
		*next = (struct cell){
			.width = 0, .role = (uint8_t)ink.role, .attrs = (uint8_t)ink.attrs};
}

/* A mark without a width of its own joins the character before it, while there is room. */
static void join_mark(struct canvas *c, int row, int column, uint32_t code)
{
	struct cell *cell = cell_at(c, row, column);
	char octets[4];
	size_t n = utf8_put(code, octets);

	if (cell && cell->width == 0)
		cell = cell_at(c, row, column - 1);
	if (!cell || cell->octets + n > CELL_OCTETS)
		return;
	memcpy(cell->text + cell->octets, octets, n);
	cell->octets = (uint8_t)(cell->octets + n);
}

int canvas_text(struct canvas *c, int row, int column, int room, struct ink ink, const char *text)
{
	size_t left = strlen(text);
	int used = 0;

	while (left > 0) {
		uint32_t code;
		size_t taken = utf8_next(text, left, &code);
		int width;

		text += taken;
		left -= taken;
		if (cp_is_control(code))
			code = 0xfffd;
		code = twin_of(c, code);
		width = cp_width(code);
		if (width == 0) {
			if (used > 0)
				join_mark(c, row, column + used - 1, code);
			continue;
		}
		if (used + width > room)
			break;
		put_code(c, row, column + used, code, width, ink);
		used += width;
	}
	return used;
}

int canvas_text_right(struct canvas *c, int row, int end, int room, struct ink ink,
		      const char *text)
{
	int columns = (int)utf8_columns(text);

	if (columns > room)
		columns = room;
	return canvas_text(c, row, end - columns, columns, ink, text);
}

int canvas_text_cut(struct canvas *c, int row, int column, int room, struct ink ink,
		    const char *text)
{
	int used;

	if (room < 2 || (int)utf8_columns(text) <= room)
		return canvas_text(c, row, column, room, ink, text);
	used = canvas_text(c, row, column, room - 1, ink, text);
	return used + canvas_glyph(c, row, column + used, GLYPH_ELLIPSIS, ink);
}

int canvas_glyph(struct canvas *c, int row, int column, enum glyph g, struct ink ink)
{
	canvas_code(c, row, column, glyph_code(g), ink);
	return 1;
}

void canvas_code(struct canvas *c, int row, int column, uint32_t code, struct ink ink)
{
	code = twin_of(c, code);
	put_code(c, row, column, code, cp_width(code) == 2 ? 2 : 1, ink);
}

void canvas_hline(struct canvas *c, int row, int column, int count, enum glyph g, struct ink ink)
{
	for (int i = 0; i < count; i++)
		canvas_glyph(c, row, column + i, g, ink);
}

void canvas_stroke(struct canvas *c, const struct stroke *s)
{
	if (c->keeps_strokes)
		*array_push(&c->strokes) = *s;
}

void canvas_mark(struct canvas *c, int row, int column, int count, unsigned attrs)
{
	for (int i = 0; i < count; i++) {
		struct cell *cell = cell_at(c, row, column + i);

		if (cell)
			cell->attrs = (uint8_t)(cell->attrs | attrs);
	}
}

/* ---- reading --------------------------------------------------------------------------------- */

static void dump_row(const struct canvas *c, int row, struct sink *out)
{
	int end = c->columns;

	while (end > 0 && canvas_is_blank(c, row, end - 1))
		end--;
	for (int column = 0; column < end; column++) {
		const struct cell *cell = canvas_at(c, row, column);

		sink_put(out, cell->text, cell->octets);
	}
	sink_putc(out, '\n');
}

void canvas_dump(const struct canvas *c, struct sink *out)
{
	for (int row = 0; row < c->rows; row++)
		dump_row(c, row, out);
}

void canvas_dump_roles(const struct canvas *c, struct sink *out)
{
	for (int row = 0; row < c->rows; row++) {
		for (int column = 0; column < c->columns; column++) {
			const struct cell *cell = canvas_at(c, row, column);

			sink_putc(out,
				  cell->role == ROLE_TEXT ? '.' : (char)('a' + cell->role - 1));
		}
		sink_putc(out, '\n');
	}
}
