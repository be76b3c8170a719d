/* SPDX-License-Identifier: MIT */
/* svg_shape.c - lines, blocks and dots of a canvas as shapes. */
#include "stage/canvas_svg.h"

#include <inttypes.h>
#include <base/utf8.h>

enum { W = SVG_CELL_WIDTH, H = SVG_CELL_HEIGHT };
enum { BOX = 0x2500, BLOCK = 0x2580, BLOCK_END = 0x25a0, BRAILLE = 0x2800, BRAILLE_END = 0x2900 };

static uint32_t code_of(const struct cell *cell)
{
	uint32_t code = 0;

	/* With marks on it, it is somebody's letter. */
	if (cell->width != 1 || utf8_next(cell->text, cell->octets, &code) != cell->octets)
		return 0;
	return code;
}

void svg_put_tenths(struct sink *out, int64_t tenths)
{
	int64_t size = tenths < 0 ? -tenths : tenths;

	sink_printf(out, "%s%" PRId64, tenths < 0 ? "-" : "", size / 10);
	if (size % 10 != 0)
		sink_printf(out, ".%" PRId64, size % 10);
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* The arms of U+2500 to U+257F: left, right, up, down, two bits each: none, light, heavy, double.
 */
static const uint8_t arms[BLOCK - BOX] = {
	/* clang-format off */
	0x05, 0x0a, 0x50, 0xa0, 0x05, 0x0a, 0x50, 0xa0, 0x05, 0x0a, 0x50, 0xa0,
	0x44, 0x48, 0x84, 0x88, 0x41, 0x42, 0x81, 0x82, 0x14, 0x18, 0x24, 0x28,
	0x11, 0x12, 0x21, 0x22, 0x54, 0x58, 0x64, 0x94, 0xa4, 0x68, 0x98, 0xa8,
	0x51, 0x52, 0x61, 0x91, 0xa1, 0x62, 0x92, 0xa2, 0x45, 0x46, 0x49, 0x4a,
	0x85, 0x86, 0x89, 0x8a, 0x15, 0x16, 0x19, 0x1a, 0x25, 0x26, 0x29, 0x2a,
	0x55, 0x56, 0x59, 0x5a, 0x65, 0x95, 0xa5, 0x66, 0x69, 0x96, 0x99, 0x6a,
	0x9a, 0xa6, 0xa9, 0xaa, 0x05, 0x0a, 0x50, 0xa0, 0x0f, 0xf0, 0x4c, 0xc4,
	0xcc, 0x43, 0xc1, 0xc3, 0x1c, 0x34, 0x3c, 0x13, 0x31, 0x33, 0x5c, 0xf4,
	0xfc, 0x53, 0xf1, 0xf3, 0x4f, 0xc5, 0xcf, 0x1f, 0x35, 0x3f, 0x5f, 0xf5,
	0xff, 0x44, 0x41, 0x11, 0x14, 0x00, 0x00, 0x00, 0x01, 0x10, 0x04, 0x40,
	0x02, 0x20, 0x08, 0x80, 0x09, 0x90, 0x06, 0x60,
	/* clang-format on */
};

enum arm { ARM_LEFT, ARM_RIGHT, ARM_UP, ARM_DOWN };
enum weight { WEIGHT_NONE, WEIGHT_LIGHT, WEIGHT_HEAVY, WEIGHT_DOUBLE };

struct pen {
	enum weight weight;
	uint8_t role;
	bool is_dashed;
};

static bool is_box(uint32_t code)
{
	return code >= BOX && code < BLOCK && arms[code - BOX] != 0;
}

static struct pen pen_of(const struct canvas *c, int row, int column, enum arm arm)
{
	const struct cell *cell = canvas_at(c, row, column);
	uint32_t code = code_of(cell);
	struct pen pen = {.role = cell->role};

	if (!is_box(code))
		return (struct pen){0};
	pen.weight = (enum weight)(arms[code - BOX] >> (2 * arm) & 3);
	pen.is_dashed = (code >= 0x2504 && code <= 0x250b) || (code >= 0x254c && code <= 0x254f);
	return pen.weight == WEIGHT_NONE ? (struct pen){0} : pen;
}

static bool is_one_pen(struct pen a, struct pen b)
{
	return a.weight == b.weight && a.role == b.role && a.is_dashed == b.is_dashed;
}

/* From (x, y), `length` to the right or down, in tenths. */
static void put_line(struct sink *out, struct pen pen, int64_t x, int64_t y, int64_t length,
		     bool is_down)
{
	static const int twin[] = {-15, 15};
	int lines = pen.weight == WEIGHT_DOUBLE ? 2 : 1;

	for (int i = 0; i < lines; i++) {
		int off = lines == 2 ? twin[i] : 0;

		sink_printf(out, "<path class=\"l%d%s%s\" d=\"M", pen.role,
			    pen.weight == WEIGHT_HEAVY ? " h" : "", pen.is_dashed ? " d" : "");
		svg_put_tenths(out, is_down ? x + off : x);
		sink_putc(out, ' ');
		svg_put_tenths(out, is_down ? y : y + off);
		sink_putc(out, is_down ? 'v' : 'h');
		svg_put_tenths(out, length);
		sink_puts(out, "\"/>\n");
	}
}

/* Half cells along a row or a column, merged while the pen is the same. */
static void put_frame_line(struct sink *out, const struct canvas *c, int first, int index,
			   bool is_down)
{
	int halves = 2 * (is_down ? c->rows : c->columns), begin = 0;
	struct pen last = {0};

	for (int i = 0; i <= halves; i++) {
		enum arm arm =
			is_down ? (i % 2 ? ARM_DOWN : ARM_UP) : (i % 2 ? ARM_RIGHT : ARM_LEFT);
		struct pen pen = {0};

		if (i < halves)
			pen = is_down ? pen_of(c, i / 2, index, arm) : pen_of(c, index, i / 2, arm);
		if (is_one_pen(pen, last))
			continue;
		if (last.weight != WEIGHT_NONE && is_down)
			put_line(out, last, index * W * 10 + W * 5, first * H * 10 + begin * H * 5,
				 (int64_t)(i - begin) * H * 5, true);
		else if (last.weight != WEIGHT_NONE)
			put_line(out, last, begin * W * 5, (first + index) * H * 10 + H * 5,
				 (int64_t)(i - begin) * W * 5, false);
		begin = i;
		last = pen;
	}
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* A part of a cell in eighths of its width and height. */
struct part {
	int x, y, width, height;
	int opacity; /* of 4 */
};

static bool is_block(uint32_t code)
{
	return code >= BLOCK && code < BLOCK_END;
}

/* Upper left, upper right, lower left, lower right of U+2596 to U+259F. */
static const uint8_t quadrants[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};

static size_t parts_of(uint32_t code, struct part parts[4])
{
	int n = (int)(code - BLOCK);
	size_t count = 0;

	if (n == 0)
		parts[0] = (struct part){0, 0, 8, 4, 4};
	else if (n <= 8)
		parts[0] = (struct part){0, 8 - n, 8, n, 4};
	else if (n <= 15)
		parts[0] = (struct part){0, 0, 16 - n, 8, 4};
	else if (n == 16)
		parts[0] = (struct part){4, 0, 4, 8, 4};
	else if (n <= 19)
		parts[0] = (struct part){0, 0, 8, 8, n - 16};
	else if (n == 20)
		parts[0] = (struct part){0, 0, 8, 1, 4};
	else if (n == 21)
		parts[0] = (struct part){7, 0, 1, 8, 4};
	if (n <= 21)
		return 1;
	for (int i = 0; i < 4; i++) {
		if (quadrants[n - 22] & 1u << i)
			parts[count++] = (struct part){4 * (i % 2), 4 * (i / 2), 4, 4, 4};
	}
	return count;
}

static void put_part(struct sink *out, const struct part *p, int role, int x, int y, int cells)
{
	sink_printf(out, "<path class=\"f%d\"", role);
	if (p->opacity < 4)
		sink_printf(out, " fill-opacity=\".%d\"", p->opacity * 25);
	sink_puts(out, " d=\"M");
	svg_put_tenths(out, x * 10 + p->x * W * 10 / 8);
	sink_putc(out, ' ');
	svg_put_tenths(out, y * 10 + p->y * H * 10 / 8);
	sink_putc(out, 'h');
	svg_put_tenths(out, ((cells - 1) * 8 + p->width) * W * 10 / 8);
	sink_putc(out, 'v');
	svg_put_tenths(out, p->height * H * 10 / 8);
	sink_putc(out, 'h');
	svg_put_tenths(out, -(((cells - 1) * 8 + p->width) * W * 10 / 8));
	sink_puts(out, "z\"/>\n");
}

/* Returns the cells drawn: equal ones of full width become one. */
static int put_block(struct sink *out, const struct canvas *c, int row, int column, int y)
{
	const struct cell *cell = canvas_at(c, row, column);
	uint32_t code = code_of(cell);
	struct part parts[4];
	size_t count = parts_of(code, parts);
	int cells = 1;

	while (count == 1 && parts[0].width == 8 && column + cells < c->columns) {
		const struct cell *next = canvas_at(c, row, column + cells);

		if (code_of(next) != code || next->role != cell->role)
			break;
		cells++;
	}
	for (size_t i = 0; i < count; i++)
		put_part(out, &parts[i], cell->role, column * W, y, cells);
	return cells;
}

/* ---- dots ------------------------------------------------------------------------------------ */

static bool is_dots(const struct cell *cell)
{
	uint32_t code = code_of(cell);

	return code > BRAILLE && code < BRAILLE_END && !(cell->attrs & ATTR_STROKE);
}

static void put_cell_dots(struct sink *out, uint32_t bits, int column, int y)
{
	static const struct {
		uint8_t bit, x, y;
	} dots[] = {{0x01, 0, 0}, {0x02, 0, 1}, {0x04, 0, 2}, {0x40, 0, 3},
		    {0x08, 1, 0}, {0x10, 1, 1}, {0x20, 1, 2}, {0x80, 1, 3}};

	for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++) {
		if (!(bits & dots[i].bit))
			continue;
		sink_putc(out, 'M');
		svg_put_tenths(out, column * W * 10 + (2 * dots[i].x + 1) * W * 10 / 4);
		sink_putc(out, ' ');
		svg_put_tenths(out, y * 10 + (2 * dots[i].y + 1) * H * 10 / 8);
		sink_puts(out, "h0");
	}
}

static int put_dots(struct sink *out, const struct canvas *c, int row, int column, int y)
{
	int role = canvas_at(c, row, column)->role, cells = 0;

	sink_printf(out, "<path class=\"l%d o\" d=\"", role);
	while (column + cells < c->columns && is_dots(canvas_at(c, row, column + cells)) &&
	       canvas_at(c, row, column + cells)->role == role) {
		put_cell_dots(out, code_of(canvas_at(c, row, column + cells)) - BRAILLE,
			      column + cells, y);
		cells++;
	}
	sink_puts(out, "\"/>\n");
	return cells;
}

/* ---- all of them ----------------------------------------------------------------------------- */

bool svg_is_shape(const struct cell *cell)
{
	uint32_t code = code_of(cell);

	return is_box(code) || is_block(code) || (code >= BRAILLE && code < BRAILLE_END) ||
	       (cell->attrs & ATTR_STROKE);
}

void svg_shapes(struct sink *out, const struct canvas *c, int row)
{
	for (int i = 0; i < c->rows; i++)
		put_frame_line(out, c, row, i, false);
	for (int i = 0; i < c->columns; i++)
		put_frame_line(out, c, row, i, true);
	for (int i = 0; i < c->rows; i++) {
		for (int j = 0; j < c->columns;) {
			const struct cell *cell = canvas_at(c, i, j);

			if (is_block(code_of(cell)))
				j += put_block(out, c, i, j, (row + i) * H);
			else if (is_dots(cell))
				j += put_dots(out, c, i, j, (row + i) * H);
			else
				j++;
		}
	}
}

/* ---- strokes --------------------------------------------------------------------------------- */

/* Thousandths of a cell as tenths of a pixel. */
static int64_t across(int64_t x)
{
	return x * W / 100;
}

static int64_t down(int64_t y, int row)
{
	return (y + row * INT64_C(1000)) * H / 100;
}

static void put_point(struct sink *out, char command, int64_t x, int64_t y)
{
	sink_putc(out, command);
	svg_put_tenths(out, x);
	sink_putc(out, ' ');
	svg_put_tenths(out, y);
}

/* The whole square root. */
static int64_t root(int64_t n)
{
	int64_t r = 0;

	for (int64_t bit = INT64_C(1) << 30; bit > 0; bit >>= 1) {
		if ((r + bit) * (r + bit) <= n)
			r += bit;
	}
	return r;
}

/* A triangle with its tip at the end of the stroke; returns how long it is, in tenths. */
static void put_arrow(struct sink *out, const struct stroke *s, int row)
{
	enum { LONG = 110, WIDE = 40 };
	int64_t dx = across(s->x2) - across(s->x1), dy = down(s->y2, 0) - down(s->y1, 0);
	int64_t length = root(dx * dx + dy * dy), x = across(s->x2), y = down(s->y2, row);

	if (length == 0)
		return;
	sink_printf(out, "<path class=\"f%d\" d=\"", s->head_role);
	put_point(out, 'M', x, y);
	put_point(out, 'L', x - (dx * LONG + dy * WIDE) / length,
		  y - (dy * LONG - dx * WIDE) / length);
	put_point(out, 'L', x - (dx * LONG - dy * WIDE) / length,
		  y - (dy * LONG + dx * WIDE) / length);
	sink_puts(out, "z\"/>\n");
}

static void put_cross(struct sink *out, const struct stroke *s, int row)
{
	enum { ARM = 45 };
	int64_t x = across(s->x2), y = down(s->y2, row);

	sink_printf(out, "<path class=\"l%d h\" d=\"", s->head_role);
	put_point(out, 'M', x - ARM, y - ARM);
	put_point(out, 'L', x + ARM, y + ARM);
	put_point(out, 'M', x - ARM, y + ARM);
	put_point(out, 'L', x + ARM, y - ARM);
	sink_puts(out, "\"/>\n");
}

static void put_ball(struct sink *out, const struct stroke *s, int row)
{
	sink_printf(out, "<circle class=\"f%d\" r=\"4.5\" cx=\"", s->head_role);
	svg_put_tenths(out, across(s->x2));
	sink_puts(out, "\" cy=\"");
	svg_put_tenths(out, down(s->y2, row));
	sink_puts(out, "\"/>\n");
}

static void put_head(struct sink *out, const struct stroke *s, int row)
{
	char letter[4];

	switch (s->head) {
	case GLYPH_COUNT: return;
	case GLYPH_DELIVERED_LEFT:
	case GLYPH_DELIVERED_RIGHT: put_arrow(out, s, row); return;
	case GLYPH_LOST: put_cross(out, s, row); return;
	case GLYPH_WORD: put_ball(out, s, row); return;
	default: break;
	}
	sink_printf(out, "<text class=\"t%d b\" text-anchor=\"middle\" x=\"", s->head_role);
	svg_put_tenths(out, across(s->x2));
	sink_puts(out, "\" y=\"");
	svg_put_tenths(out, down(s->y2, row) + H * 10 / 4);
	sink_puts(out, "\">");
	svg_put_text(out, letter, utf8_put(glyph_code((enum glyph)s->head), letter));
	sink_puts(out, "</text>\n");
}

void svg_strokes(struct sink *out, const struct canvas *c, int row)
{
	for (size_t i = 0; i < c->strokes.count; i++) {
		const struct stroke *s = &c->strokes.at[i];

		sink_printf(out, "<path class=\"l%d s%s%s\" d=\"", s->role,
			    s->attrs & ATTR_BOLD ? " h" : "", s->is_dotted ? " d" : "");
		put_point(out, 'M', across(s->x1), down(s->y1, row));
		put_point(out, 'L', across(s->x2), down(s->y2, row));
		sink_puts(out, "\"/>\n");
	}
	for (size_t i = 0; i < c->strokes.count; i++)
		put_head(out, &c->strokes.at[i], row);
}

/* Where the stroke is at height y, in thousandths. */
static int64_t x_at(const struct stroke *s, int64_t y)
{
	return s->x1 + (int64_t)(s->x2 - s->x1) * (y - s->y1) / (s->y2 - s->y1);
}

bool svg_is_crossed(const struct canvas *c, int row, int column, int columns)
{
	int64_t top = row * INT64_C(1000), bottom = top + 1000;
	int64_t left = column * INT64_C(1000) - 300;
	int64_t right = (column + columns) * INT64_C(1000) + 300;

	for (size_t i = 0; i < c->strokes.count; i++) {
		const struct stroke *s = &c->strokes.at[i];
		int64_t high = s->y1 < s->y2 ? s->y1 : s->y2, low = s->y1 < s->y2 ? s->y2 : s->y1;
		int64_t a = s->x1, b = s->x2;

		if (high >= bottom || low <= top)
			continue;
		if (high != low) {
			a = x_at(s, high > top ? high : top);
			b = x_at(s, low < bottom ? low : bottom);
		}
		if ((a < b ? a : b) < right && (a < b ? b : a) > left)
			return true;
	}
	return false;
}
