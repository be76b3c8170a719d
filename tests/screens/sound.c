/* SPDX-License-Identifier: MIT */
#include "sound.h"

#include <string.h>
#include <base/utf8.h>

static const char *text_fault(const struct canvas *c, const struct cell *cell)
{
	size_t at = 0;

	if (cell->octets == 0 || cell->octets > CELL_OCTETS)
		return "a cell holds nothing, or more than it can";
	if (!utf8_valid(cell->text, cell->octets))
		return "a cell is no UTF-8";
	while (at < cell->octets) {
		uint32_t code;
		bool is_first = at == 0;

		at += utf8_next(cell->text + at, cell->octets - at, &code);
		if (cp_is_control(code))
			return "a control character would reach the terminal";
		if (is_first && cp_width(code) != cell->width)
			return "a cell is not as wide as its character";
		if (!is_first && cp_width(code) != 0)
			return "two characters are in one cell";
		if (c->is_ascii && code >= 0x2500 && code < 0x2900)
			return "a drawing character is on an ASCII canvas";
	}
	return NULL;
}

static const char *cell_fault(const struct canvas *c, int row, int column)
{
	const struct cell *cell = canvas_at(c, row, column);
	bool has_half = column + 1 < c->columns && canvas_at(c, row, column + 1)->width == 0;
	bool is_half = column > 0 && canvas_at(c, row, column - 1)->width == 2;

	if (cell->role >= ROLE_COUNT)
		return "a cell has no role";
	if (cell->width > 2)
		return "a cell is wider than two columns";
	if ((cell->width == 2) != has_half)
		return "a wide character is without its right half";
	if ((cell->width == 0) != is_half)
		return "a right half is without its left one";
	return cell->width > 0 ? text_fault(c, cell) : NULL;
}

const char *canvas_fault(const struct canvas *c)
{
	const char *fault = NULL;

	for (int row = 0; !fault && row < c->rows; row++) {
		for (int column = 0; !fault && column < c->columns; column++)
			fault = cell_fault(c, row, column);
	}
	return fault;
}

const char *hits_fault(const struct hits *h, const struct canvas *c)
{
	if (h->count < 0 || h->count > HITS_MAX)
		return "more hits than there is room for";
	for (int i = 0; i < h->count; i++) {
		const struct area *a = &h->at[i].area;

		if (a->row < 0 || a->column < 0 || a->rows < 1 || a->columns < 1 ||
		    a->row + a->rows > c->rows || a->column + a->columns > c->columns)
			return "a hit lies outside the picture";
		if (h->at[i].action <= ACTION_NONE || h->at[i].action >= ACTION_COUNT)
			return "a hit means nothing";
	}
	return NULL;
}
