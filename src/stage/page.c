/* SPDX-License-Identifier: MIT */
#include "stage/page.h"

#include <string.h>
#include "stage/text.h"
#include "stage/view.h"

/* ---- boxes ----------------------------------------------------------------------------------- */

/* On the least screens every row and column counts. */
static int margin(struct area a)
{
	return a.rows >= SMALL_ROWS && a.columns >= SMALL_COLUMNS ? 1 : 0;
}

static void draw_frame(struct canvas *c, struct area box, const char *heading)
{
	struct ink ink = INK(ROLE_FRAME);
	int last = box.row + box.rows - 1, right = box.column + box.columns - 1;

	view_rule(c, (struct area){box.row, box.column, 1, box.columns}, heading);
	canvas_hline(c, last, box.column, box.columns, GLYPH_HLINE, ink);
	for (int row = box.row + 1; row < last; row++) {
		canvas_glyph(c, row, box.column, GLYPH_VLINE, ink);
		canvas_glyph(c, row, right, GLYPH_VLINE, ink);
	}
	canvas_glyph(c, box.row, box.column, GLYPH_DOWN_RIGHT, ink);
	canvas_glyph(c, box.row, right, GLYPH_DOWN_LEFT, ink);
	canvas_glyph(c, last, box.column, GLYPH_UP_RIGHT, ink);
	canvas_glyph(c, last, right, GLYPH_UP_LEFT, ink);
}

struct area page_box(struct canvas *c, struct area a, int rows, int columns, const char *heading,
		     struct hits *hits)
{
	int aside = margin(a);
	struct area box;

	if (columns > a.columns - 2 * aside)
		columns = a.columns - 2 * aside;
	if (rows > a.rows - 2 * aside)
		rows = a.rows - 2 * aside;
	box = (struct area){a.row + (a.rows - rows) / 2, a.column + (a.columns - columns) / 2, rows,
			    columns};
	canvas_clear_area(c, (struct area){box.row, box.column - aside, rows, columns + 2 * aside});
	draw_frame(c, box, heading);
	hits_add(hits, box, ACTION_INSIDE, 0);
	return (struct area){box.row + 1, box.column + 2, rows - 2, columns - 4};
}

int page_columns(struct area a, int wanted)
{
	int most = a.columns - 2 * margin(a) - 4;

	return wanted > most ? most : wanted;
}

/* ---- pages ----------------------------------------------------------------------------------- */

void page_pair(struct page *p, const char *name, const char *text)
{
	*array_push(&p->lines) = (struct line){.name = xstrndup(name, strlen(name)),
					       .text = xstrndup(text, strlen(text)),
					       .ink = INK(ROLE_TEXT)};
}

void page_text(struct page *p, int indent, struct ink ink, const char *text)
{
	int columns = p->columns - indent;

	while (*text) {
		size_t next, n = text_line(text, (size_t)(columns > 1 ? columns : 1), &next);

		*array_push(&p->lines) =
			(struct line){.text = xstrndup(text, n), .ink = ink, .indent = indent};
		text += next;
	}
}

void page_click(struct page *p, size_t from, enum action action, uint32_t arg)
{
	for (size_t i = from; i < p->lines.count; i++) {
		p->lines.at[i].action = action;
		p->lines.at[i].arg = arg;
	}
}

static void draw_line(struct canvas *c, struct area in, int row, const struct line *line)
{
	int at = in.column + line->indent;
	int end = in.column + in.columns;

	if (line->name) {
		canvas_text(c, row, at, PAGE_NAME - 1, INK(ROLE_KEY), line->name);
		at += PAGE_NAME;
	}
	canvas_text(c, row, at, end - at, line->ink, line->text);
}

void page_draw(struct canvas *c, struct area a, struct page *p, int scroll, const char *heading,
	       struct hits *hits)
{
	int count = (int)p->lines.count;
	struct area in = page_box(c, a, count + 2, p->columns + 4, heading, hits);
	int most = count > in.rows ? count - in.rows : 0;

	if (scroll > most)
		scroll = most;
	for (int i = 0; i < in.rows && i + scroll < count; i++) {
		const struct line *line = &p->lines.at[i + scroll];

		draw_line(c, in, in.row + i, line);
		if (line->action != ACTION_NONE)
			hits_add(hits, (struct area){in.row + i, in.column, 1, in.columns},
				 line->action, line->arg);
	}
	if (most > 0) {
		struct sink seen = {0};

		sink_printf(&seen, " j k  %d-%d/%d ", scroll + 1, scroll + in.rows, count);
		canvas_text_right(c, in.row + in.rows, in.column + in.columns, 24, INK(ROLE_FAINT),
				  seen.at);
		sink_fini(&seen);
	}
	if (hits)
		hits->panels.overlay_most = most;
	for (int i = 0; i < count; i++) {
		free(p->lines.at[i].name);
		free(p->lines.at[i].text);
	}
	array_fini(&p->lines);
}
