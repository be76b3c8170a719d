/* SPDX-License-Identifier: MIT */
/* view_overlay.c - what lies over the picture: keys, reasons, a header, the line to type in. */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include <woshou/rule.h>
#include <woshou/why.h>
#include "stage/view.h"

/* A framed box in the middle, blank inside. Returns the inside. */
static struct area draw_box(struct canvas *c, struct area a, int rows, int columns,
			    const char *heading)
{
	struct area box;
	struct ink ink = INK(ROLE_FRAME);

	if (columns > a.columns - 2)
		columns = a.columns - 2;
	if (rows > a.rows - 2)
		rows = a.rows - 2;
	box = (struct area){a.row + (a.rows - rows) / 2, a.column + (a.columns - columns) / 2, rows,
			    columns};
	canvas_clear_area(c, (struct area){box.row, box.column - 1, rows, columns + 2});
	view_rule(c, (struct area){box.row, box.column, 1, columns}, heading);
	canvas_hline(c, box.row + rows - 1, box.column, columns, GLYPH_HLINE, ink);
	for (int i = 1; i < rows - 1; i++) {
		canvas_glyph(c, box.row + i, box.column, GLYPH_VLINE, ink);
		canvas_glyph(c, box.row + i, box.column + columns - 1, GLYPH_VLINE, ink);
	}
	canvas_glyph(c, box.row, box.column, GLYPH_DOWN_RIGHT, ink);
	canvas_glyph(c, box.row, box.column + columns - 1, GLYPH_DOWN_LEFT, ink);
	canvas_glyph(c, box.row + rows - 1, box.column, GLYPH_UP_RIGHT, ink);
	canvas_glyph(c, box.row + rows - 1, box.column + columns - 1, GLYPH_UP_LEFT, ink);
	return (struct area){box.row + 1, box.column + 2, rows - 2, columns - 4};
}

/* Text in lines, from row `row` of the inside on. Returns the rows used. */
static int draw_lines(struct canvas *c, struct area in, int row, struct ink ink, const char *text)
{
	int used = 0;

	while (*text && row + used < in.rows) {
		size_t next, n = text_line(text, (size_t)in.columns, &next);
		struct sink line = {0};

		sink_put(&line, text, n);
		canvas_text(c, in.row + row + used, in.column, in.columns, ink, line.at);
		sink_fini(&line);
		text += next;
		used++;
	}
	return used;
}

/* ---- help ------------------------------------------------------------------------------------ */

static void draw_help(struct canvas *c, struct area a, const struct view *v)
{
	enum lang lang = v->player->lang;
	int keys = 0, row = 0, skip;
	struct area in;

	for (int i = 0; i < ACTION_COUNT; i++)
		keys += action_keys((enum action)i)[0] != '\0';
	in = draw_box(c, a, keys + 2, 64, string_in(STRING_HELP_TITLE, lang));
	skip = v->player->scroll;
	if (skip > keys - in.rows)
		skip = keys > in.rows ? keys - in.rows : 0;
	for (int i = 0; i < ACTION_COUNT && row < in.rows; i++) {
		enum action action = (enum action)i;

		if (action_keys(action)[0] == '\0' || skip-- > 0)
			continue;
		canvas_text(c, in.row + row, in.column, 8, INK(ROLE_KEY), action_keys(action));
		canvas_text(c, in.row + row, in.column + 9, in.columns - 9, INK(ROLE_TEXT),
			    string_in(action_sentence(action), lang));
		row++;
	}
}

/* ---- why ------------------------------------------------------------------------------------- */

static void put_rule(struct sink *out, enum rule rule)
{
	const struct rule_info *info = rule_info(rule);

	sink_printf(out, "RFC %d section %s", info->rfc, info->section);
	if (info->ordinal[0] != '\0')
		sink_printf(out, ", %s", info->ordinal);
	if (strcmp(info->strength, "PROSE") != 0)
		sink_printf(out, ", %s", info->strength);
}

static int draw_rule(struct canvas *c, struct area in, int row, enum rule rule)
{
	struct sink source = {0};
	int used;

	put_rule(&source, rule);
	used = draw_lines(c, in, row, INK(ROLE_TEXT), rule_info(rule)->text);
	used += draw_lines(c, in, row + used, INK(ROLE_FAINT), source.at);
	sink_fini(&source);
	return used;
}

static int draw_deed(struct canvas *c, struct area in, int row, const struct view *v,
		     const struct record *r)
{
	struct sink text = {0};
	int used;

	sink_puts(&text, string_in(string_of_deed((enum deed)r->detail), v->player->lang));
	if (trace_text_of(v->story->trace, r, 0)[0] != '\0') {
		sink_puts(&text, ": ");
		put_harmless(&text, trace_text_of(v->story->trace, r, 0),
			     strlen(trace_text_of(v->story->trace, r, 0)));
	}
	if (r->place.line > 0) {
		sink_puts(&text, "  (");
		put_harmless(&text, trace_file_name(v->story->trace, r->place.file),
			     strlen(trace_file_name(v->story->trace, r->place.file)));
		sink_printf(&text, ":%u)", r->place.line);
	}
	used = draw_lines(c, in, row, INK(ROLE_LOSS), text.at);
	sink_fini(&text);
	return used;
}

/* Every decision of the beat, once each, and every deed of the wind. */
static void draw_why(struct canvas *c, struct area a, const struct view *v)
{
	const struct beat *b = view_beat(v);
	struct area in = draw_box(c, a, a.rows < 20 ? a.rows - 4 : 16, 76,
				  string_in(STRING_WHY_TITLE, v->player->lang));
	bool seen[RULE_COUNT] = {false};
	int row = 0;

	for (uint64_t i = b ? b->first : 0; b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);
		enum rule rule = r->kind == REC_SEND && r->rule == RULE_NONE
					 ? (enum rule)r->seg.rule
					 : (enum rule)r->rule;

		if (r->kind == REC_WIND)
			row += draw_deed(c, in, row, v, r);
		if (rule == RULE_NONE || rule >= RULE_COUNT || seen[rule])
			continue;
		seen[rule] = true;
		row += draw_rule(c, in, row, rule);
	}
	if (row == 0)
		draw_lines(c, in, 0, INK(ROLE_FAINT),
			   string_in(STRING_WHY_NOTHING, v->player->lang));
}

/* ---- header ---------------------------------------------------------------------------------- */

struct inspector {
	struct canvas *canvas;
	struct area in;
	int row;
	enum lang lang;
};

static void field(struct inspector *p, enum string name, struct sink *value)
{
	if (value->count > 0 && p->row < p->in.rows) {
		canvas_text(p->canvas, p->in.row + p->row, p->in.column, 14, INK(ROLE_FAINT),
			    string_in(name, p->lang));
		canvas_text(p->canvas, p->in.row + p->row, p->in.column + 15, p->in.columns - 15,
			    INK(ROLE_TEXT), value->at);
		p->row++;
	}
	sink_clear(value);
}

static void put_bits(struct sink *out, uint16_t ctl)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} bits[] = {{CWR, "CWR"}, {ECE, "ECE"}, {URG, "URG"}, {ACK, "ACK"},
		    {PSH, "PSH"}, {RST, "RST"}, {SYN, "SYN"}, {FIN, "FIN"}};

	for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
		if (ctl & bits[i].bit)
			sink_printf(out, "%s%s", out->count > 0 ? " " : "", bits[i].name);
	}
}

static void put_options(struct sink *out, const struct seg *s)
{
	if (s->opts & OPT_MSS)
		sink_printf(out, "MSS %u  ", s->mss);
	if (s->opts & OPT_WSCALE)
		sink_printf(out, "scale %u  ", s->wscale);
	if (s->opts & OPT_SACK_PERMITTED)
		sink_puts(out, "SACK ok  ");
	if (s->opts & OPT_TIMESTAMPS)
		sink_printf(out, "ts %" PRIu32 " %" PRIu32 "  ", s->tsval, s->tsecr);
	for (int i = 0; (s->opts & OPT_SACK) && i < s->sacks && i < SEG_SACK_MAX; i++)
		sink_printf(out, "SACK %" PRIu32 ":%" PRIu32 "  ", s->sack[i].left.v,
			    s->sack[i].right.v);
}

static void put_number(struct sink *out, seq32 absolute, bool has_relative, seq32 relative)
{
	sink_printf(out, "%" PRIu32, absolute.v);
	if (has_relative)
		sink_printf(out, "   (%" PRIu32 ")", relative.v);
}

static void put_text(struct sink *out, const struct view *v, const struct seg *s)
{
	const struct streams *streams = trace_streams_of(v->story->trace);
	char octets[48];
	size_t n;

	if (s->text.len == 0)
		return;
	sink_printf(out, "%" PRIu32 " %s ", s->text.len, string_in(STRING_OCTETS, v->player->lang));
	if (stream_is_synthetic(streams, &s->text))
		return;
	n = stream_read(streams, &s->text, 0, octets, sizeof octets);
	put_harmless(out, octets, n);
}

static void draw_segment(struct inspector *p, const struct view *v, const struct voyage *w)
{
	const struct seg *s = voyage_seg(v->story, w);
	const struct record *r = trace_at(v->story->trace, w->send);
	struct leg leg = trace_leg(v->story->trace, r);
	struct sink value = {0};

	sink_printf(&value, "%s %u > ", view_name(v, w->from), leg.from_port);
	sink_printf(&value, "%s %u", view_name(v, w->to), leg.to_port);
	field(p, STRING_HEAD_PORTS, &value);
	put_number(&value, s->seq, w->relative.has_seq, w->relative.seq);
	field(p, STRING_HEAD_SEQ, &value);
	if (s->ctl & ACK)
		put_number(&value, s->ack, w->relative.has_ack, w->relative.ack);
	field(p, STRING_HEAD_ACK, &value);
	put_bits(&value, s->ctl);
	field(p, STRING_HEAD_BITS, &value);
	sink_printf(&value, "%u", s->wnd);
	field(p, STRING_HEAD_WINDOW, &value);
	if (s->ctl & URG)
		sink_printf(&value, "%u", s->up);
	field(p, STRING_HEAD_URGENT, &value);
	put_options(&value, s);
	field(p, STRING_HEAD_OPTIONS, &value);
	put_text(&value, v, s);
	field(p, STRING_HEAD_TEXT, &value);
	sink_time(&value, w->sent);
	field(p, STRING_HEAD_SENT, &value);
	if (voyage_has_ended(w, v->player->now, v->player->cursor) && w->fate != FATE_LOST)
		sink_time(&value, w->due);
	field(p, STRING_HEAD_ARRIVES, &value);
	sink_fini(&value);
	if (s->rule != RULE_NONE && s->rule < RULE_COUNT)
		p->row += draw_rule(p->canvas, p->in, p->row, (enum rule)s->rule);
}

static void draw_header(struct canvas *c, struct area a, const struct view *v)
{
	const struct story *s = v->story;
	struct inspector p = {.canvas = c, .lang = v->player->lang};
	const struct row *row = s->rows.count > 0 ? &s->rows.at[player_row(v->player)] : NULL;

	p.in = draw_box(c, a, 15, 64, string_in(STRING_HEADER_TITLE, v->player->lang));
	if (!row || v->player->cursor == 0 ||
	    (row->kind != ROW_LEAVE && row->kind != ROW_REACH && row->kind != ROW_LOST))
		draw_lines(c, p.in, 0, INK(ROLE_FAINT),
			   string_in(STRING_NO_SEGMENT, v->player->lang));
	else
		draw_segment(&p, v, &s->voyages.at[row->voyage]);
}

/* ---- goto ------------------------------------------------------------------------------------ */

static void draw_goto(struct canvas *c, struct area a, const struct view *v)
{
	const struct player *p = v->player;
	struct area in = draw_box(c, a, 4, 64, string_in(STRING_GOTO_TITLE, p->lang));
	int used;

	used = canvas_text(c, in.row, in.column, in.columns, INK(ROLE_TEXT, ATTR_BOLD), p->typed);
	canvas_text(c, in.row, in.column + used, 1, INK(ROLE_TEXT, ATTR_REVERSE), " ");
	if (p->complaint != STRING_COUNT)
		canvas_text(c, in.row + 1, in.column, in.columns, INK(ROLE_LOSS),
			    string_in(p->complaint, p->lang));
	else
		canvas_text(c, in.row + 1, in.column, in.columns, INK(ROLE_FAINT),
			    string_in(STRING_GOTO_HELP, p->lang));
}

void view_overlay(struct canvas *c, struct area a, const struct view *v)
{
	switch (v->player->overlay) {
	case OVERLAY_NONE: return;
	case OVERLAY_HELP: draw_help(c, a, v); return;
	case OVERLAY_WHY: draw_why(c, a, v); return;
	case OVERLAY_HEADER: draw_header(c, a, v); return;
	case OVERLAY_GOTO: draw_goto(c, a, v); return;
	}
}
