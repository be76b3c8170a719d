/* SPDX-License-Identifier: MIT */
#include "stage/canvas_svg.h"

#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>

enum { W = SVG_CELL_WIDTH, H = SVG_CELL_HEIGHT, FONT = 15, WIDE_FONT = 16, BASELINE = 15 };

/* ---- colours --------------------------------------------------------------------------------- */

/* The terminal's palette of 256 as xterm has it. */
static uint32_t rgb_of(int colour)
{
	static const uint32_t first[16] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
	static const uint32_t level[6] = {0, 95, 135, 175, 215, 255};
	uint32_t n = (uint32_t)colour;

	if (n < 16)
		return first[n];
	if (n >= 232)
		return (8 + 10 * (n - 232)) * 0x010101;
	n -= 16;
	return level[n / 36] << 16 | level[n / 6 % 6] << 8 | level[n % 6];
}

static enum theme theme_of(const struct svg_options *o)
{
	return o->theme == THEME_AUTO ? THEME_LIGHT : o->theme;
}

static bool is_dark(const struct svg_options *o)
{
	return theme_of(o) == THEME_DARK || theme_of(o) == THEME_EIGHT;
}

static uint32_t paper(const struct svg_options *o)
{
	return is_dark(o) ? 0x16181d : 0xffffff;
}

static uint32_t ink_of(const struct svg_options *o, enum role role)
{
	int colour = theme_style(theme_of(o), role).colour;

	if (colour >= 0)
		return rgb_of(colour);
	return is_dark(o) ? 0xe4e4e4 : 0x121212;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* What XML 1.0 has no place for: controls, and the two that are no characters. */
static bool is_forbidden(uint32_t code)
{
	return cp_is_control(code) || (code & 0xfffe) == 0xfffe;
}

void svg_put_text(struct sink *out, const char *text, size_t n)
{
	while (n > 0) {
		uint32_t code;
		size_t taken = utf8_next(text, n, &code);

		if (code == '<')
			sink_puts(out, "&lt;");
		else if (code == '>')
			sink_puts(out, "&gt;");
		else if (code == '&')
			sink_puts(out, "&amp;");
		else if (code == '"')
			sink_puts(out, "&quot;");
		else if (is_forbidden(code) || (code == 0xfffd && taken == 1))
			sink_puts(out, "\xef\xbf\xbd");
		else
			sink_put(out, text, taken);
		text += taken;
		n -= taken;
	}
}

/* ---- the frame of the picture ---------------------------------------------------------------- */

static void put_style(struct sink *out, const struct svg_options *o)
{
	sink_printf(out,
		    "<style>\n"
		    "text{font-family:'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',"
		    "'Noto Sans Mono CJK SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC',"
		    "'Microsoft YaHei','WenQuanYi Micro Hei',SimHei,monospace;font-size:%dpx;"
		    "white-space:pre;direction:ltr;unicode-bidi:bidi-override}\n"
		    ".b{font-weight:bold}.u{text-decoration:underline}.m{opacity:.6}"
		    ".p{fill:#%06x}.w{font-size:%dpx;letter-spacing:%dpx}\n",
		    FONT, paper(o), WIDE_FONT, 2 * W - WIDE_FONT);
	for (int role = 0; role < ROLE_COUNT; role++) {
		uint32_t ink = ink_of(o, (enum role)role);

		sink_printf(out, ".t%d,.f%d{fill:#%06x}.l%d{fill:none;stroke:#%06x}\n", role, role,
			    ink, role, ink);
	}
	/* After the roles, so that they count: heavy, dashed, strokes, dots. */
	sink_puts(out, ".s{stroke-width:1.5}.h{stroke-width:2.4}.d{stroke-dasharray:2 4}"
		       ".o{stroke-width:2.4;stroke-linecap:round}\n"
		       "</style>\n");
}

void svg_begin(struct sink *out, const struct svg_options *o)
{
	static const char *const tags[] = {"en", "zh", "zh"};
	int width = o->columns * W + 2 * SVG_MARGIN, height = o->rows * H + 2 * SVG_MARGIN;

	sink_printf(out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		    "viewBox=\"%d %d %d %d\" xml:lang=\"%s\" role=\"img\" "
		    "aria-labelledby=\"title description\">\n"
		    "<title id=\"title\">",
		    width, height, -SVG_MARGIN, -SVG_MARGIN, width, height, tags[o->lang]);
	svg_put_text(out, o->title, strlen(o->title));
	sink_puts(out, "</title>\n<desc id=\"description\">");
	svg_put_text(out, o->description, strlen(o->description));
	sink_puts(out, "</desc>\n");
	put_style(out, o);
	sink_printf(out, "<rect class=\"p\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
		    -SVG_MARGIN, -SVG_MARGIN, width, height);
}

void svg_end(struct sink *out)
{
	sink_puts(out, "</svg>\n");
}

/* ---- a canvas -------------------------------------------------------------------------------- */

/* Cells [column, column + columns) of a row that are written in one go. */
struct run {
	int column, columns;
	bool is_wide; /* letters two columns wide */
};

static bool is_one_style(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->attrs == b->attrs;
}

static bool is_ascii(const struct cell *cell)
{
	return cell->octets == 1;
}

/* Or the right half of one. */
static bool is_letter(const struct canvas *c, int row, int column)
{
	return !canvas_is_blank(c, row, column) && !svg_is_shape(canvas_at(c, row, column));
}

/* Narrow letters outside ASCII stand alone: their width differs between fonts. */
static struct run run_at(const struct canvas *c, int row, int column)
{
	const struct cell *first = canvas_at(c, row, column);
	struct run run = {.column = column, .columns = first->width, .is_wide = first->width == 2};

	while (column + run.columns < c->columns && (run.is_wide || is_ascii(first))) {
		const struct cell *next = canvas_at(c, row, column + run.columns);

		if (!is_letter(c, row, column + run.columns) || next->width != first->width ||
		    !is_one_style(first, next) || (!run.is_wide && !is_ascii(next)))
			break;
		run.columns += next->width;
	}
	return run;
}

static unsigned attrs_at(const struct svg_options *o, const struct canvas *c, int row, int column)
{
	const struct cell *cell = canvas_at(c, row, column);

	return cell->attrs | theme_style(theme_of(o), (enum role)cell->role).attrs;
}

static void put_rect(struct sink *out, const char *class, int role, int row, int column,
		     int columns)
{
	sink_printf(out, "<rect class=\"%s", class);
	if (role >= 0)
		sink_printf(out, "%d", role);
	sink_printf(out, "\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", column * W,
		    row * H + 1, columns * W, H - 2);
}

static void put_run(struct sink *out, const struct svg_options *o, const struct canvas *c, int row,
		    int first, struct run run)
{
	const struct cell *cell = canvas_at(c, row, run.column);
	unsigned attrs = attrs_at(o, c, row, run.column);

	if (attrs & ATTR_REVERSE)
		sink_puts(out, "<text class=\"p");
	else
		sink_printf(out, "<text class=\"t%d", cell->role);
	sink_printf(out, "%s%s%s%s\" x=\"%d\" y=\"%d\"", attrs & ATTR_BOLD ? " b" : "",
		    attrs & ATTR_UNDERLINE ? " u" : "", attrs & ATTR_DIM ? " m" : "",
		    run.is_wide ? " w" : "", run.column * W + run.is_wide,
		    (first + row) * H + BASELINE);
	if (run.is_wide)
		sink_putc(out, '>');
	else
		sink_printf(out, " textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\">",
			    run.columns * W);
	for (int i = 0; i < run.columns; i++) {
		const struct cell *letter = canvas_at(c, row, run.column + i);

		svg_put_text(out, letter->text, letter->octets);
	}
	sink_puts(out, "</text>\n");
}

/* How many cells from here on have one ground: reversed ones, blanks too, or letters. */
static int ground_columns(const struct svg_options *o, const struct canvas *c, int row, int column)
{
	const struct cell *first = canvas_at(c, row, column);
	bool is_reverse = attrs_at(o, c, row, column) & ATTR_REVERSE;
	int columns = 1;

	for (; column + columns < c->columns; columns++) {
		const struct cell *cell = canvas_at(c, row, column + columns);

		if (svg_is_shape(cell) || !is_one_style(first, cell) ||
		    (!is_reverse && !is_letter(c, row, column + columns)))
			break;
	}
	return columns;
}

/* Behind text: the ink where it is reversed, paper where a stroke would go through. */
static void put_grounds(struct sink *out, const struct svg_options *o, const struct canvas *c,
			int row, int first)
{
	for (int column = 0; column < c->columns;) {
		const struct cell *cell = canvas_at(c, row, column);
		bool is_reverse = attrs_at(o, c, row, column) & ATTR_REVERSE;
		int columns = 1;

		if (!svg_is_shape(cell) && (is_reverse || is_letter(c, row, column))) {
			columns = ground_columns(o, c, row, column);
			if (is_reverse)
				put_rect(out, "f", cell->role, first + row, column, columns);
			else if (svg_is_crossed(c, row, column, columns))
				put_rect(out, "p", -1, first + row, column, columns);
		}
		column += columns;
	}
}

static void put_text_row(struct sink *out, const struct svg_options *o, const struct canvas *c,
			 int row, int first)
{
	for (int column = 0; column < c->columns;) {
		struct run run;

		if (!is_letter(c, row, column)) {
			column++;
			continue;
		}
		run = run_at(c, row, column);
		put_run(out, o, c, row, first, run);
		column += run.columns;
	}
}

void svg_canvas(struct sink *out, const struct svg_options *o, const struct canvas *c, int row)
{
	svg_shapes(out, c, row);
	svg_strokes(out, c, row);
	for (int i = 0; i < c->rows; i++)
		put_grounds(out, o, c, i, row);
	for (int i = 0; i < c->rows; i++)
		put_text_row(out, o, c, i, row);
}
