/* SPDX-License-Identifier: MIT */
/*
 * view_header.c - the header inspector: fields on the left, octets on the right with those of the
 * field under the cursor marked, and below what the field is for.
 */
#include <string.h>
#include <base/utf8.h>
#include "stage/page.h"
#include "stage/view.h"

/* A row of the dump: "0030  00 01 ... 0f  line 1\n". */
enum {
	DUMP_8 = 4 + 2 + 8 * 3 + 1 + 8,
	DUMP_16 = 4 + 2 + 16 * 3 + 1 + 16,
	GAP = 2,
	FIELDS_LEAST = 30
};

struct sheet {
	struct canvas *canvas;
	const struct view *view;
	const struct inspection *i;
	struct hits *hits;
	struct area fields, dump, words;
	bool has_value; /* among the words: the value once more, whole */
	int a_row;      /* octets in a row of the dump; 0: no room for one */
};

/* ---- fields ---------------------------------------------------------------------------------- */

static void put_name(struct sink *out, const struct header_node *n, enum lang lang)
{
	const struct header_info *info = header_info((enum header)n->header);

	if (lang != LANG_EN)
		sink_puts(out, info->name[1]);
	if (lang == LANG_BOTH && strcmp(info->name[0], info->name[1]) == 0)
		return;
	if (lang == LANG_BOTH)
		sink_putc(out, ' ');
	if (lang != LANG_ZH)
		sink_puts(out, info->name[0]);
}

/* Both languages where both fit beside each other. */
static enum lang lang_for(const struct view *v, int columns)
{
	return v->player->lang == LANG_BOTH && columns < 56 ? LANG_ZH : v->player->lang;
}

static bool is_field(const struct header_node *n)
{
	return header_info((enum header)n->header)->shape == HEADER_SHAPE_FIELD;
}

/* A field stands as deep as the name of what holds it. */
static int indent_of(const struct header_node *n)
{
	return 2 * n->depth;
}

/* Where values begin: behind the widest name, but not so far that nothing is left for them. */
static int value_column(const struct sheet *s, enum lang lang)
{
	int most = s->fields.columns * 3 / 5, widest = 0;
	struct sink name = {0};

	for (uint16_t n = 0; n < s->i->tree.count; n++) {
		const struct header_node *node = &s->i->tree.node[n];
		int columns;

		sink_clear(&name);
		put_name(&name, node, lang);
		columns = indent_of(node) + 2 + (int)utf8_columns(name.at) + 1;
		if (columns > widest)
			widest = columns;
	}
	sink_fini(&name);
	return widest < most ? widest : most;
}

static struct ink ink_of(const struct sheet *s, const struct header_node *n)
{
	bool is_wrong =
		(n->header == HEADER_TCP_CHECKSUM || n->header == HEADER_IPV4_CHECKSUM) &&
		!header_sum_is_right(&s->i->tree, s->i->frame.octets, (enum header)n->header);

	if (is_wrong)
		return INK(ROLE_LOSS);
	/* Bits that are not set, fields that are for others. */
	if (n->bits == 1 && header_value(s->i->frame.octets, n) == 0)
		return INK(ROLE_FAINT);
	return INK(is_field(n) ? ROLE_TEXT : ROLE_HEAD);
}

static void draw_field(const struct sheet *s, int row, int shown, int values, enum lang lang)
{
	const struct header_node *n = &s->i->tree.node[s->i->shown[shown]];
	struct area a = {s->fields.row + row, s->fields.column, 1, s->fields.columns};
	struct ink ink = shown == s->i->at ? INK(ROLE_TEXT, ATTR_BOLD) : ink_of(s, n);
	struct sink name = {0}, value = {0};
	int at = a.column + indent_of(n), used;

	if (!is_field(n))
		canvas_glyph(s->canvas, a.row, at,
			     s->view->player->inspector.is_folded[n->header] ? GLYPH_HERE
									     : GLYPH_OPENED,
			     INK(ROLE_KEY));
	at += 2;
	put_name(&name, n, lang);
	inspection_put_value(s->i, n, lang, &value);
	used = at + canvas_text(s->canvas, a.row, at, a.column + a.columns - at, ink, name.at) + 1;
	if (used < a.column + values)
		used = a.column + values;
	canvas_text_cut(s->canvas, a.row, used, a.column + a.columns - used, ink, value.at);
	if (shown == s->i->at)
		canvas_mark(s->canvas, a.row, a.column, a.columns, ATTR_REVERSE);
	hits_add(s->hits, a, ACTION_HEADER_FIELD, (uint32_t)shown);
	sink_fini(&name);
	sink_fini(&value);
}

/* The first of `count` rows to show in `room`, so that `at` is seen with some before it. */
static int first_row(int at, int count, int room)
{
	int first = at - room / 2;

	if (first > count - room)
		first = count - room;
	return first > 0 ? first : 0;
}

static void draw_fields(const struct sheet *s)
{
	enum lang lang = lang_for(s->view, s->fields.columns);
	int first = first_row(s->i->at, s->i->count, s->fields.rows);
	int values;

	values = value_column(s, lang);
	for (int row = 0; row < s->fields.rows && first + row < s->i->count; row++)
		draw_field(s, row, first + row, values, lang);
}

/* ---- octets ---------------------------------------------------------------------------------- */

static uint32_t first_octet(const struct header_node *n)
{
	return n->bit / 8;
}

static uint32_t end_octet(const struct header_node *n)
{
	return (n->bit + n->bits + 7) / 8;
}

/* What belongs to the layer of the field under the cursor stands out. */
static const struct header_node *layer_of(const struct inspection *i)
{
	const struct header_node *n = inspection_node(i);

	while (n->depth > 0)
		n--;
	return n;
}

static struct ink octet_ink(const struct inspection *i, uint32_t octet)
{
	const struct header_node *n = inspection_node(i), *layer = layer_of(i);

	if (octet >= first_octet(n) && octet < end_octet(n))
		return INK(ROLE_TEXT, ATTR_REVERSE);
	if (octet >= first_octet(layer) && octet < end_octet(layer))
		return INK(ROLE_TEXT);
	return INK(ROLE_FAINT);
}

static void draw_octets(const struct sheet *s, int row, uint32_t from)
{
	const struct frame *f = &s->i->frame;
	int column = s->dump.column + 6, text = column + s->a_row * 3 + 1;
	char hex[8];

	for (int k = 0; k < s->a_row && from + (uint32_t)k < f->size; k++) {
		uint32_t octet = from + (uint32_t)k;
		struct ink ink = octet_ink(s->i, octet);
		uint8_t value = f->octets[octet];
		bool is_plain = value >= ' ' && value < 0x7f;
		struct sink put = {0};

		sink_printf(&put, "%02x", value);
		canvas_text(s->canvas, row, column + 3 * k, 2, ink, put.at);
		sink_fini(&put);
		/* The blank between two marked octets belongs to them. */
		if (k + 1 < s->a_row && octet + 1 < f->size && (ink.attrs & ATTR_REVERSE) &&
		    (octet_ink(s->i, octet + 1).attrs & ATTR_REVERSE))
			canvas_mark(s->canvas, row, column + 3 * k + 2, 1, ATTR_REVERSE);
		hex[0] = is_plain ? (char)value : '.';
		hex[1] = '\0';
		canvas_text(s->canvas, row, text + k, 1, ink, hex);
	}
}

static void draw_dump(const struct sheet *s)
{
	const struct header_node *n = inspection_node(s->i);
	int rows = ((int)s->i->frame.size + s->a_row - 1) / s->a_row;
	int at = (int)first_octet(n) / s->a_row;
	int first = first_row(at, rows, s->dump.rows);
	int most = rows - s->dump.rows - first;

	if (most < 0)
		most = 0;
	if (s->hits)
		s->hits->panels.overlay_most = most;
	first += s->view->player->scroll < most ? s->view->player->scroll : most;
	for (int row = 0; row < s->dump.rows && first + row < rows; row++) {
		uint32_t from = (uint32_t)((first + row) * s->a_row);
		struct sink offset = {0};

		sink_printf(&offset, "%04x", from);
		canvas_text(s->canvas, s->dump.row + row, s->dump.column, 5, INK(ROLE_FAINT),
			    offset.at);
		sink_fini(&offset);
		draw_octets(s, s->dump.row + row, from);
	}
}

/* ---- words ----------------------------------------------------------------------------------- */

/* "octets 48-49", "octet 47, 1 bit". */
static void put_place(struct sink *out, const struct header_node *n, enum lang lang)
{
	uint32_t first = first_octet(n), last = end_octet(n) - 1;

	if (n->bits % 8 != 0 || n->bit % 8 != 0)
		sink_printf(out, string_in(STRING_HEAD_BITS_AT, lang), first, n->bits);
	else if (first == last)
		sink_printf(out, string_in(STRING_HEAD_OCTET_AT, lang), first);
	else
		sink_printf(out, string_in(STRING_HEAD_OCTETS_AT, lang), first, last);
}

static void draw_divider(const struct sheet *s, int row)
{
	const struct header_node *n = inspection_node(s->i);
	const struct header_info *info = header_info((enum header)n->header);
	enum lang lang = lang_for(s->view, s->words.columns);
	const char *comma = lang == LANG_ZH ? "，" : ", ";
	struct sink text = {0};

	put_name(&text, n, lang);
	sink_puts(&text, comma);
	put_place(&text, n, lang);
	if (info->source[0] != '\0')
		sink_printf(&text, "%s%s", comma, info->source);
	view_rule(s->canvas, (struct area){row, s->words.column, 1, s->words.columns}, text.at);
	sink_fini(&text);
}

static int draw_text(const struct sheet *s, int row, struct ink ink, const char *text)
{
	struct sink line = {0};

	while (*text && row < s->words.rows) {
		size_t next, n = text_line(text, (size_t)s->words.columns, &next);

		sink_clear(&line);
		sink_put(&line, text, n);
		canvas_text(s->canvas, s->words.row + row++, s->words.column, s->words.columns, ink,
			    line.at);
		text += next;
	}
	sink_fini(&line);
	return row;
}

/* ".... ..1. = ": where in its octets the bits of a small field lie. */
static void put_pattern(struct sink *out, const struct inspection *i, const struct header_node *n)
{
	uint32_t first = first_octet(n) * 8, end = end_octet(n) * 8;

	if (!is_field(n) || end - first > 16 || end - first == n->bits)
		return;
	for (uint32_t bit = first; bit < end; bit++) {
		bool is_set = i->frame.octets[bit / 8] >> (7 - bit % 8) & 1;
		bool is_ours = bit >= n->bit && bit < n->bit + n->bits;

		if (bit > first && bit % 4 == 0)
			sink_putc(out, ' ');
		sink_putc(out, is_ours ? (is_set ? '1' : '0') : '.');
	}
	sink_puts(out, " = ");
}

static void draw_words(const struct sheet *s)
{
	const struct header_node *n = inspection_node(s->i);
	const struct header_info *info = header_info((enum header)n->header);
	enum lang lang = s->view->player->lang;
	struct sink value = {0};
	int row = 0;

	draw_divider(s, s->words.row - 1);
	put_pattern(&value, s->i, n);
	inspection_put_value(s->i, n, lang, &value);
	/* In the list it may be cut. */
	if (s->has_value) {
		canvas_text_cut(s->canvas, s->words.row, s->words.column, s->words.columns,
				INK(ROLE_TEXT, ATTR_BOLD), value.at);
		row = 1;
	}
	if (lang != LANG_EN)
		row = draw_text(s, row, INK(ROLE_TEXT), info->sentence[1]);
	if (lang != LANG_ZH)
		draw_text(s, row, INK(ROLE_TEXT), info->sentence[0]);
	sink_fini(&value);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* How much the longest sentence takes, so that the list does not jump from field to field. */
static int words_rows(int columns, enum lang lang)
{
	int one = HEADER_SENTENCE / columns + 1;

	return 1 + (lang == LANG_BOTH ? 2 * one : one);
}

static void lay_out(struct sheet *s, struct area in)
{
	int words = words_rows(in.columns, s->view->player->lang);
	int upper, dump = 0;

	s->has_value = words <= in.rows / 2;
	if (!s->has_value)
		words = in.rows / 2;
	upper = in.rows - words - 1;
	if (in.columns >= DUMP_16 + GAP + FIELDS_LEAST)
		s->a_row = 16;
	else if (in.columns >= DUMP_8 + GAP + FIELDS_LEAST)
		s->a_row = 8;
	if (s->a_row > 0)
		dump = (s->a_row == 16 ? DUMP_16 : DUMP_8) + GAP;
	s->fields = (struct area){in.row, in.column, upper, in.columns - dump};
	s->dump = (struct area){in.row, in.column + in.columns - dump + GAP, upper, dump - GAP};
	s->words = (struct area){in.row + upper + 1, in.column, words, in.columns};
}

/* "The segment's header: SYN 0:0, Zhang San > Li Si" */
static void put_heading(struct sink *out, const struct view *v, const struct voyage *w, int columns)
{
	struct sink label = {0};

	string_put(out, STRING_HEADER_TITLE, lang_for(v, columns));
	if (!w)
		return;
	view_label(&label, v, w, 30);
	sink_puts(out, v->player->lang == LANG_ZH ? "：" : ": ");
	sink_puts(out, label.at);
	if ((int)utf8_columns(out->at) + 24 < columns) {
		sink_puts(out, "  ");
		sink_puts(out, view_name(v, w->from));
		sink_puts(out, " > ");
		sink_puts(out, view_name(v, w->to));
	}
	sink_fini(&label);
}

/* In the lower frame: when and how it is seen here. */
static void draw_state(const struct sheet *s, struct area in)
{
	const struct record *r = s->i->record;
	enum lang lang = s->view->player->lang;
	bool has_arrived = r->kind == REC_ARRIVE || r->kind == REC_DISCARD;
	struct sink text = {0}, at = {0};

	sink_puts(&text, " ");
	sink_puts(&text, string_in(s->i->frame.is_garbled ? STRING_HEAD_GARBLED
				   : has_arrived          ? STRING_HEAD_ARRIVED
							  : STRING_HEAD_LEFT,
				   lang));
	sink_puts(&text, " ");
	sink_time(&text, r->at);
	sink_puts(&text, " ");
	canvas_text(s->canvas, in.row + in.rows, in.column, in.columns,
		    INK(s->i->frame.is_garbled ? ROLE_LOSS : ROLE_FAINT), text.at);
	sink_printf(&at, " %d/%d ", s->i->at + 1, s->i->count);
	if (in.columns >= 70)
		sink_printf(&at, " %s ", string_in(STRING_HEAD_KEYS, lang));
	canvas_text_right(s->canvas, in.row + in.rows, in.column + in.columns,
			  in.columns - (int)utf8_columns(text.at), INK(ROLE_FAINT), at.at);
	sink_fini(&text);
	sink_fini(&at);
}

static void draw_nothing(struct canvas *c, struct area a, const struct view *v, struct hits *hits,
			 const char *heading)
{
	struct page p = {.columns = page_columns(a, 50)};

	page_text(&p, 0, INK(ROLE_FAINT), string_in(STRING_NO_SEGMENT, v->player->lang));
	page_draw(c, a, &p, 0, heading, hits);
}

void view_header(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct inspection *i = inspection_new(v->player);
	struct sheet s = {.canvas = c, .view = v, .i = i, .hits = hits};
	struct sink heading = {0};
	struct area in;

	put_heading(&heading, v, i->voyage, a.columns);
	if (i->count == 0) {
		draw_nothing(c, a, v, hits, heading.at);
	} else {
		in = page_box(c, a, a.rows, a.columns < 140 ? a.columns : 140, heading.at, hits);
		lay_out(&s, in);
		draw_fields(&s);
		if (s.a_row > 0)
			draw_dump(&s);
		draw_words(&s);
		draw_state(&s, in);
	}
	sink_fini(&heading);
	inspection_free(i);
}
