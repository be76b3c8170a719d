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

/* ---- pages ----------------------------------------------------------------------------------- */

/* What a box is filled with: lines of two columns, gathered first, so that the box fits them. */
struct line {
	char *name; /* in the first NAME_COLUMNS; NULL: the text has the whole line */
	char *text;
	enum role role;
};

enum { NAME_COLUMNS = 15 };

struct page {
	ARRAY(struct line) lines;
	int columns; /* inside */
};

static void add_pair(struct page *p, const char *name, const char *text)
{
	*array_push(&p->lines) = (struct line){.name = xstrndup(name, strlen(name)),
					       .text = xstrndup(text, strlen(text)),
					       .role = ROLE_TEXT};
}

static void add_text(struct page *p, enum role role, const char *text)
{
	while (*text) {
		size_t next, n = text_line(text, (size_t)p->columns, &next);

		*array_push(&p->lines) = (struct line){.text = xstrndup(text, n), .role = role};
		text += next;
	}
}

/* Lines from `scroll` on; which of them are seen stands at the bottom when not all are. */
static void draw_page(struct canvas *c, struct area a, struct page *p, int scroll,
		      const char *heading)
{
	struct area in = draw_box(c, a, (int)p->lines.count + 2, p->columns + 4, heading);
	int most = (int)p->lines.count - in.rows;

	if (scroll > most)
		scroll = most > 0 ? most : 0;
	for (int i = 0; i < in.rows && i + scroll < (int)p->lines.count; i++) {
		const struct line *line = &p->lines.at[i + scroll];
		int at = line->name ? NAME_COLUMNS : 0;

		if (line->name)
			canvas_text(c, in.row + i, in.column, at - 1, INK(ROLE_KEY), line->name);
		canvas_text(c, in.row + i, in.column + at, in.columns - at, INK(line->role),
			    line->text);
	}
	if (most > 0) {
		struct sink seen = {0};

		sink_printf(&seen, " j k  %d-%d/%zu ", scroll + 1, scroll + in.rows,
			    p->lines.count);
		canvas_text_right(c, in.row + in.rows, in.column + in.columns, 24, INK(ROLE_FAINT),
				  seen.at);
		sink_fini(&seen);
	}
	for (size_t i = 0; i < p->lines.count; i++) {
		free(p->lines.at[i].name);
		free(p->lines.at[i].text);
	}
	array_fini(&p->lines);
}

static int columns_for(struct area a, int wanted)
{
	return wanted + 4 > a.columns - 2 ? a.columns - 6 : wanted;
}

/* ---- help ------------------------------------------------------------------------------------ */

static void draw_help(struct canvas *c, struct area a, const struct view *v)
{
	struct page p = {.columns = columns_for(a, 62)};
	enum lang lang = v->player->lang;

	for (int i = 0; i < ACTION_COUNT; i++) {
		struct sink keys = {0};

		keys_put(&keys, (enum action)i, " ");
		if (keys.count > 0)
			add_pair(&p, keys.at, string_in(action_sentence((enum action)i), lang));
		sink_fini(&keys);
	}
	draw_page(c, a, &p, v->player->scroll, string_in(STRING_HELP_TITLE, lang));
}

/* ---- why ------------------------------------------------------------------------------------- */

static void add_rule(struct page *p, enum rule rule)
{
	const struct rule_info *info = rule_info(rule);
	struct sink source = {0};

	sink_printf(&source, "RFC %d section %s", info->rfc, info->section);
	if (info->ordinal[0] != '\0')
		sink_printf(&source, ", %s", info->ordinal);
	if (strcmp(info->strength, "PROSE") != 0)
		sink_printf(&source, ", %s", info->strength);
	add_text(p, ROLE_TEXT, info->text);
	add_text(p, ROLE_FAINT, source.at);
	sink_fini(&source);
}

static void add_deed(struct page *p, const struct view *v, const struct record *r)
{
	const struct trace *t = v->story->trace;
	struct sink text = {0};

	sink_puts(&text, string_in(string_of_deed((enum deed)r->detail), v->player->lang));
	if (trace_text_of(t, r, 0)[0] != '\0') {
		sink_puts(&text, ": ");
		put_harmless(&text, trace_text_of(t, r, 0), strlen(trace_text_of(t, r, 0)));
	}
	if (r->place.line > 0) {
		sink_puts(&text, "  (");
		put_harmless(&text, trace_file_name(t, r->place.file),
			     strlen(trace_file_name(t, r->place.file)));
		sink_printf(&text, ":%u)", r->place.line);
	}
	add_text(p, ROLE_LOSS, text.at);
	sink_fini(&text);
}

/* Every decision of the beat, once each, and every deed of the wind. */
static void draw_why(struct canvas *c, struct area a, const struct view *v)
{
	struct page p = {.columns = columns_for(a, 72)};
	const struct beat *b = view_beat(v);
	bool seen[RULE_COUNT] = {false};

	for (uint64_t i = b ? b->first : 0; b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);
		enum rule rule = r->kind == REC_SEND && r->rule == RULE_NONE
					 ? (enum rule)r->seg.rule
					 : (enum rule)r->rule;

		if (r->kind == REC_WIND)
			add_deed(&p, v, r);
		if (rule == RULE_NONE || rule >= RULE_COUNT || seen[rule])
			continue;
		seen[rule] = true;
		add_rule(&p, rule);
	}
	if (p.lines.count == 0)
		add_text(&p, ROLE_FAINT, string_in(STRING_WHY_NOTHING, v->player->lang));
	draw_page(c, a, &p, v->player->scroll, string_in(STRING_WHY_TITLE, v->player->lang));
}

/* ---- header ---------------------------------------------------------------------------------- */

/* Nothing to say: no line. The value is empty again afterwards. */
static void add_field(struct page *p, const struct view *v, enum string name, struct sink *value)
{
	if (value->count > 0)
		add_pair(p, string_in(name, v->player->lang), value->at);
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

static void add_segment(struct page *p, const struct view *v, const struct voyage *w)
{
	const struct seg *s = voyage_seg(v->story, w);
	struct leg leg = trace_leg(v->story->trace, trace_at(v->story->trace, w->send));
	struct sink value = {0};

	sink_printf(&value, "%s %u > ", view_name(v, w->from), leg.from_port);
	sink_printf(&value, "%s %u", view_name(v, w->to), leg.to_port);
	add_field(p, v, STRING_HEAD_PORTS, &value);
	put_number(&value, s->seq, w->relative.has_seq, w->relative.seq);
	add_field(p, v, STRING_HEAD_SEQ, &value);
	if (s->ctl & ACK)
		put_number(&value, s->ack, w->relative.has_ack, w->relative.ack);
	add_field(p, v, STRING_HEAD_ACK, &value);
	put_bits(&value, s->ctl);
	add_field(p, v, STRING_HEAD_BITS, &value);
	sink_printf(&value, "%u", s->wnd);
	add_field(p, v, STRING_HEAD_WINDOW, &value);
	if (s->ctl & URG)
		sink_printf(&value, "%u", s->up);
	add_field(p, v, STRING_HEAD_URGENT, &value);
	put_options(&value, s);
	add_field(p, v, STRING_HEAD_OPTIONS, &value);
	put_text(&value, v, s);
	add_field(p, v, STRING_HEAD_TEXT, &value);
	sink_time(&value, w->sent);
	add_field(p, v, STRING_HEAD_SENT, &value);
	if (voyage_has_ended(w, v->player->now, v->player->cursor) && w->fate != FATE_LOST)
		sink_time(&value, w->due);
	add_field(p, v, STRING_HEAD_ARRIVES, &value);
	sink_fini(&value);
	if (s->rule != RULE_NONE && s->rule < RULE_COUNT)
		add_rule(p, (enum rule)s->rule);
}

static void draw_header(struct canvas *c, struct area a, const struct view *v)
{
	const struct story *s = v->story;
	struct page p = {.columns = columns_for(a, 60)};
	const struct row *row = s->rows.count > 0 ? &s->rows.at[player_row(v->player)] : NULL;

	if (!row || v->player->cursor == 0 ||
	    (row->kind != ROW_LEAVE && row->kind != ROW_REACH && row->kind != ROW_LOST))
		add_text(&p, ROLE_FAINT, string_in(STRING_NO_SEGMENT, v->player->lang));
	else
		add_segment(&p, v, &s->voyages.at[row->voyage]);
	draw_page(c, a, &p, v->player->scroll, string_in(STRING_HEADER_TITLE, v->player->lang));
}

void view_overlay(struct canvas *c, struct area a, const struct view *v)
{
	switch (v->player->overlay) {
	case OVERLAY_NONE: return;
	case OVERLAY_HELP: draw_help(c, a, v); return;
	case OVERLAY_WHY: draw_why(c, a, v); return;
	case OVERLAY_HEADER: draw_header(c, a, v); return;
	case OVERLAY_GOTO: view_goto(c, a, v); return;
	case OVERLAY_COMMAND:
	case OVERLAY_BRANCHES:
	case OVERLAY_EXPORT:
	case OVERLAY_PREDICT: return;
	}
}
