/* SPDX-License-Identifier: MIT */
#include "stage/canvas_ansi.h"

#include <string.h>

/* So many cells that stay as they are cost less than a jump over them. */
enum { JUMP = 5 };

struct pen {
	struct sink *out;
	enum theme theme;
	int row, column; /* where the terminal writes next; -1: not known */
	int role, attrs; /* how; -1: not known */
};

static bool is_same(const struct cell *a, const struct cell *b)
{
	return a->octets == b->octets && a->width == b->width && a->role == b->role &&
	       a->attrs == b->attrs && memcmp(a->text, b->text, a->octets) == 0;
}

static void put_colour(struct sink *out, int colour)
{
	if (colour < 8)
		sink_printf(out, ";%d", 30 + colour);
	else
		sink_printf(out, ";38;5;%d", colour);
}

static void set_style(struct pen *pen, const struct cell *cell)
{
	struct style style = theme_style(pen->theme, (enum role)cell->role);
	unsigned attrs = style.attrs | cell->attrs;

	if (pen->role == cell->role && pen->attrs == cell->attrs)
		return;
	sink_puts(pen->out, "\x1b[0");
	if (attrs & ATTR_BOLD)
		sink_puts(pen->out, ";1");
	if (attrs & ATTR_DIM)
		sink_puts(pen->out, ";2");
	if (attrs & ATTR_UNDERLINE)
		sink_puts(pen->out, ";4");
	if (attrs & ATTR_REVERSE)
		sink_puts(pen->out, ";7");
	if (style.colour >= 0)
		put_colour(pen->out, style.colour);
	sink_putc(pen->out, 'm');
	pen->role = cell->role;
	pen->attrs = cell->attrs;
}

static void write_cell(struct pen *pen, const struct canvas *c, int row, int column)
{
	const struct cell *cell = canvas_at(c, row, column);

	if (cell->width == 0)
		return;
	if (pen->row != row || pen->column != column)
		sink_printf(pen->out, "\x1b[%d;%dH", row + 1, column + 1);
	set_style(pen, cell);
	sink_put(pen->out, cell->text, cell->octets);
	pen->row = row;
	pen->column = column + cell->width;
	/* Where a terminal stands after its last column is its own affair. */
	if (pen->column >= c->columns)
		pen->row = -1;
}

/* The first cell from `column` on that has changed; the columns: none. */
static int next_change(const struct canvas *was, const struct canvas *c, int row, int column)
{
	while (was && column < c->columns &&
	       is_same(canvas_at(was, row, column), canvas_at(c, row, column)))
		column++;
	return column;
}

static void write_row(struct pen *pen, const struct canvas *was, const struct canvas *c, int row)
{
	int column = next_change(was, c, row, 0);

	while (column < c->columns) {
		int next;

		/* The right half of a letter cannot be written by itself. */
		if (canvas_at(c, row, column)->width == 0 && column > 0)
			column--;
		write_cell(pen, c, row, column);
		column += canvas_at(c, row, column)->width == 2 ? 2 : 1;
		next = next_change(was, c, row, column);
		while (next < c->columns && column < next && next - column < JUMP)
			write_cell(pen, c, row, column++);
		column = next;
	}
}

void canvas_ansi(struct sink *out, const struct canvas *was, const struct canvas *c,
		 enum theme theme)
{
	struct pen pen = {.out = out, .theme = theme, .row = -1, .role = -1, .attrs = -1};

	for (int row = 0; row < c->rows; row++)
		write_row(&pen, was, c, row);
	if (pen.role >= 0)
		sink_puts(out, "\x1b[0m");
}
