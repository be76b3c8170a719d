/* SPDX-License-Identifier: MIT */
/*
 * view_beside.c - two ladders side by side, the kernel's and our engine's: a row has the segments
 * that belong together, or a gap where only one sends it. Below stands what differs in the row that
 * is looked at, and why.
 */
#include <inttypes.h>
#include <base/utf8.h>
#include "stage/alongside.h"
#include "stage/view.h"

enum {
	TIME_COLUMNS = 9,
	TIMED_COLUMNS = 25, /* of a half: from so many on it has the time */
	SIGN_COLUMNS = 3,
	WHY_ROWS = 2,
	WHY_LEAST = 6, /* rows of the panel with room for them */
};

struct halves {
	struct canvas *canvas;
	const struct view *view;
	const struct alongside *alongside;
	struct area area; /* of the rows */
	int columns;      /* of a half */
	int64_t top, here;
};

/* ---- a segment ------------------------------------------------------------------------------- */

static void put_flags(struct sink *out, unsigned ctl)
{
	static const struct {
		unsigned bit;
		const char *name;
	} flags[] = {{SYN, "SYN"}, {FIN, "FIN"}, {RST, "RST"},
		     {PSH, "PSH"}, {URG, "URG"}, {ACK, "ACK"}};
	bool is_first = true;

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if (!(ctl & flags[i].bit))
			continue;
		sink_printf(out, "%s%s", is_first ? "" : "+", flags[i].name);
		is_first = false;
	}
	if (is_first)
		sink_putc(out, '-');
}

/* Adds it where there is room. */
static void add(struct sink *out, int columns, const char *part)
{
	if (utf8_columns(out->at) + 1 + utf8_columns(part) <= (size_t)columns)
		sink_printf(out, " %s", part);
}

/* "SYN+ACK 0:0 ack 1 win 65535": flags, number and length always, the rest where there is room. */
static void put_segment(struct sink *out, const struct view *v, const struct record *r,
			const struct relative *relative, int columns)
{
	bool is_relative = !v->player->is_absolute;
	seq32 seq = is_relative && relative->has_seq ? relative->seq : r->seg.seq;
	seq32 ack = is_relative && relative->has_ack ? relative->ack : r->seg.ack;
	struct sink part = {0};

	sink_puts(out, r->is_inferred ? VIEW_INFERRED : "");
	put_flags(out, r->seg.ctl);
	sink_printf(out, " %" PRIu32 ":%" PRIu32, seq.v, r->seg.text.len);
	if (r->seg.rexmit > 0) {
		char sign[5] = {0};

		utf8_put(glyph_code(GLYPH_REXMIT), sign);
		sink_printf(&part, "%s%u", sign, r->seg.rexmit);
		add(out, columns, part.at);
		sink_clear(&part);
	}
	if (r->seg.ctl & ACK) {
		sink_printf(&part, "ack %" PRIu32, ack.v);
		add(out, columns, part.at);
		sink_clear(&part);
	}
	sink_printf(&part, "win %u", (unsigned)r->seg.wnd);
	add(out, columns, part.at);
	sink_fini(&part);
}

/* Hosts of the twin are the recording's of the same place. */
static void draw_segment(const struct halves *h, int row, int column, const struct trace *t,
			 uint64_t record, const struct relative *relative)
{
	const struct record *r = trace_at(t, record);
	bool is_first = story_lifeline(h->view->story, r->host) == 0;
	struct ink ink = view_ink(h->view, r->host);
	int end = column + h->columns;
	struct sink text = {0};

	if (h->columns >= TIMED_COLUMNS) {
		sink_time(&text, r->at);
		canvas_text_right(h->canvas, row, column + TIME_COLUMNS, TIME_COLUMNS,
				  INK(ROLE_FAINT), text.at);
		sink_clear(&text);
		column += TIME_COLUMNS + 1;
	}
	canvas_glyph(h->canvas, row, column, is_first ? GLYPH_TO : GLYPH_FROM, ink);
	put_segment(&text, h->view, r, relative, end - column - 2);
	canvas_text_cut(h->canvas, row, column + 2, end - column - 2, ink, text.at);
	sink_fini(&text);
}

/* The letters have a sign of their own for it. */
static const char *unlike(const struct halves *h)
{
	return h->canvas->is_ascii ? "!=" : "\xe2\x89\xa0";
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* A sign between the two, for colour alone is not seen by everybody. */
static void draw_sign(const struct halves *h, int row, const struct beside_row *r)
{
	int column = h->area.column + h->columns + 1;

	if (alongside_differs(r))
		canvas_text(h->canvas, row, column, 2, INK(ROLE_LOSS, ATTR_BOLD), unlike(h));
	else if (r->reason != BESIDE_SAME)
		canvas_glyph(h->canvas, row, column, GLYPH_BREAK, INK(ROLE_FAINT));
	else
		canvas_glyph(h->canvas, row, column, GLYPH_VLINE, INK(ROLE_FRAME));
}

static void draw_row(const struct halves *h, int row, int64_t index)
{
	const struct alongside *a = h->alongside;
	const struct beside_row *r = &a->rows.rows.at[index];
	const struct row_numbers *numbers = &a->numbers.at[index];
	int right = h->area.column + h->columns + SIGN_COLUMNS;

	if (r->kernel != PAIRING_NONE)
		draw_segment(h, row, h->area.column, h->view->story->trace, r->kernel,
			     &numbers->kernel);
	if (r->engine != PAIRING_NONE)
		draw_segment(h, row, right, a->twin, r->engine, &numbers->engine);
	draw_sign(h, row, r);
	if (index == h->here)
		canvas_mark(h->canvas, row, h->area.column, h->area.columns, ATTR_REVERSE);
}

/* ---- why ------------------------------------------------------------------------------------- */

/* "window, options"; times differ always and are named only alone. */
static void put_what(struct sink *out, unsigned what, enum lang lang)
{
	const unsigned times = DIFFERS_TIME | DIFFERS_STAMPS;
	bool is_first = true;

	if (what & ~times)
		what &= ~times;
	for (int i = 0; i < DIFFERENCES; i++) {
		if (!(what & 1u << i))
			continue;
		sink_printf(out, "%s%s",
			    is_first          ? ""
			    : lang == LANG_ZH ? "、"
					      : ", ",
			    difference_name((enum difference)(1u << i), lang));
		is_first = false;
	}
}

static void put_why(struct sink *out, const struct beside_row *r, enum lang lang)
{
	enum beside_reason reason = (enum beside_reason)r->reason;
	const char *text = beside_text(reason, lang), *source = beside_source(reason);

	if (r->engine == PAIRING_NONE)
		sink_puts(out, string_in(STRING_BESIDE_KERNEL_ONLY, lang));
	else if (r->kernel == PAIRING_NONE)
		sink_puts(out, string_in(STRING_BESIDE_ENGINE_ONLY, lang));
	else if (reason == BESIDE_SAME && !alongside_differs(r))
		sink_puts(out, string_in(STRING_BESIDE_SAME, lang));
	else
		put_what(out, r->what, lang);
	if (!text)
		return;
	sink_printf(out, lang == LANG_ZH ? "：%s" : ": %s", text);
	if (source && source[0] != '\0')
		sink_printf(out, lang == LANG_ZH ? "（%s）" : " (%s)", source);
}

static void draw_why(const struct halves *h, struct area a)
{
	enum lang lang = h->view->player->lang == LANG_EN ? LANG_EN : LANG_ZH;
	const struct beside_row *r;
	struct sink text = {0};

	canvas_hline(h->canvas, a.row, a.column, a.columns, GLYPH_DOTTED, INK(ROLE_FRAME));
	if (h->here < 0)
		return;
	r = &h->alongside->rows.rows.at[h->here];
	put_why(&text, r, lang);
	view_lines(h->canvas, (struct area){a.row + 1, a.column, a.rows - 1, a.columns},
		   alongside_differs(r) ? INK(ROLE_TEXT, ATTR_BOLD) : INK(ROLE_TEXT), text.at);
	sink_fini(&text);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* "same 9  unlike 2", told so far: nobody is to know what is still to come. */
static void put_sum(struct sink *out, const struct halves *h, int64_t told)
{
	uint64_t others = 0;

	for (int64_t i = 0; i < told; i++)
		others += alongside_differs(&h->alongside->rows.rows.at[i]);
	sink_printf(out, "%s %" PRIu64 "  %s %" PRIu64,
		    string_in(STRING_BESIDE_ALIKE, h->view->player->lang), (uint64_t)told - others,
		    unlike(h), others);
}

/* " engine " over its half, and the sum before it where there is room. */
static void draw_heading(const struct halves *h, struct area a, int64_t told, struct hits *hits,
			 int above, int below)
{
	enum lang lang = h->view->player->lang;
	int right = h->area.column + h->columns + SIGN_COLUMNS;
	struct sink kernel = {0}, sum = {0}, engine = {0};

	(void)hits;
	string_put(&kernel, STRING_BESIDE_KERNEL, lang);
	put_sum(&sum, h, told);
	if ((int)(utf8_columns(kernel.at) + utf8_columns(sum.at)) + 8 <= h->columns)
		sink_printf(&kernel, "   %s", sum.at);
	view_heading(h->canvas, a, h->view, PANEL_BESIDE, kernel.at, above, below);
	string_put(&engine, STRING_BESIDE_ENGINE, lang);
	canvas_text(h->canvas, a.row, right - 1, 1, INK(ROLE_HEAD), " ");
	right += canvas_text_cut(h->canvas, a.row, right, h->columns, INK(ROLE_HEAD), engine.at);
	canvas_text(h->canvas, a.row, right, 1, INK(ROLE_HEAD), " ");
	sink_fini(&kernel);
	sink_fini(&sum);
	sink_fini(&engine);
}

void view_beside(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct halves h = {.canvas = c, .view = v, .alongside = v->alongside};
	int why = a.rows >= WHY_LEAST ? 1 + WHY_ROWS : 0;
	int64_t told = 0;

	if (a.rows < 2 || !alongside_is_there(v->alongside))
		return;
	h.area = (struct area){a.row + 1, a.column + 1, a.rows - 1 - why, a.columns - 2};
	h.columns = (h.area.columns - SIGN_COLUMNS) / 2;
	told = alongside_told(h.alongside, v->player);
	h.here = alongside_here(h.alongside, v->player);
	h.top = told - h.area.rows;
	if (h.here >= 0 && h.here - 1 < h.top)
		h.top = h.here - 1;
	if (h.top < 0)
		h.top = 0;
	if (hits) {
		int i = panel_index(PANEL_BESIDE);

		hits->panels.page[i] = h.area.rows > 1 ? h.area.rows - 1 : 1;
	}
	draw_heading(&h, a, told, hits, (int)h.top,
		     told > h.top + h.area.rows ? (int)(told - h.top) - h.area.rows : 0);
	for (int i = 0; i < h.area.rows && h.top + i < told; i++)
		draw_row(&h, h.area.row + i, h.top + i);
	if (why > 0)
		draw_why(&h, (struct area){a.row + a.rows - why, a.column + 1, why, a.columns - 2});
}
