/* SPDX-License-Identifier: MIT */
#include "stage/plot.h"

#include <inttypes.h>
#include <base/array.h>

void plot_init(struct plot *p, struct area area)
{
	int cells = area.rows > 0 && area.columns > 0 ? area.rows * area.columns : 0;

	*p = (struct plot){.area = area};
	p->width = area.columns * PLOT_ACROSS;
	p->height = area.rows * PLOT_DOWN;
	p->cells = xcalloc((size_t)cells + 1, sizeof *p->cells);
}

void plot_fini(struct plot *p)
{
	free(p->cells);
	*p = (struct plot){0};
}

void plot_dot(struct plot *p, int x, int y, const struct layer *layer)
{
	/* Unicode numbers them by columns, the lowest row last. */
	static const uint8_t dots[PLOT_DOWN][PLOT_ACROSS] = {
		{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	struct plot_cell *cell;

	if (x < 0 || x >= p->width || y < 0 || y >= p->height)
		return;
	cell = &p->cells[y / PLOT_DOWN * p->area.columns + x / PLOT_ACROSS];
	cell->bits |= dots[y % PLOT_DOWN][x % PLOT_ACROSS];
	if (layer->rank >= cell->layer.rank)
		cell->layer = *layer;
}

void plot_column(struct plot *p, int x, int y1, int y2, const struct layer *layer)
{
	int from = y1 < y2 ? y1 : y2, to = y1 < y2 ? y2 : y1;

	from = from < 0 ? 0 : from;
	to = to >= p->height ? p->height - 1 : to;
	for (int y = from; y <= to; y++)
		plot_dot(p, x, y, layer);
}

void plot_show(const struct plot *p, struct canvas *c)
{
	enum { BRAILLE = 0x2800 };

	for (int row = 0; row < p->area.rows; row++) {
		for (int column = 0; column < p->area.columns; column++) {
			const struct plot_cell *cell = &p->cells[row * p->area.columns + column];

			if (cell->bits == 0)
				continue;
			canvas_code(c, p->area.row + row, p->area.column + column,
				    c->is_ascii ? (unsigned char)cell->layer.twin
						: (uint32_t)BRAILLE + cell->bits,
				    cell->layer.ink);
		}
	}
}

/* ---- axes ------------------------------------------------------------------------------------ */

int64_t plot_step(int64_t least)
{
	int64_t ten = 1;

	while (ten < INT64_MAX / 100 && ten * 10 <= least)
		ten *= 10;
	if (least <= ten)
		return ten;
	return least <= 2 * ten ? 2 * ten : least <= 5 * ten ? 5 * ten : 10 * ten;
}

int64_t plot_span(int64_t least)
{
	static const int quarters[] = {4, 6, 8, 12, 20, 30, 40};
	int64_t ten = 1;

	while (ten < INT64_MAX / 1000 && ten * 10 <= least)
		ten *= 10;
	for (size_t i = 0; i < sizeof quarters / sizeof quarters[0]; i++) {
		/* Rounded up, so that the smallest spans are whole numbers, too. */
		int64_t span = (quarters[i] * ten + 3) / 4;

		if (span >= least)
			return span;
	}
	return 10 * ten;
}

void plot_put_amount(struct sink *out, int64_t n)
{
	static const struct {
		int64_t unit;
		char letter;
	} units[] = {{INT64_C(1000000000), 'G'}, {1000000, 'M'}, {1000, 'k'}};

	for (size_t i = 0; i < sizeof units / sizeof units[0] && n >= 100000; i++) {
		if (n < units[i].unit)
			continue;
		if (n % units[i].unit == 0 || n / units[i].unit >= 100)
			sink_printf(out, "%" PRId64 "%c", n / units[i].unit, units[i].letter);
		else
			sink_printf(out, "%" PRId64 ".%" PRId64 "%c", n / units[i].unit,
				    n % units[i].unit / (units[i].unit / 10), units[i].letter);
		return;
	}
	sink_printf(out, "%" PRId64, n);
}
