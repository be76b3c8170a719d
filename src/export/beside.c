/* SPDX-License-Identifier: MIT */
#include "export/beside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <base/lines.h>
#include <base/utf8.h>
#include "export/diff.h"
#include "export/half.h"
#include "export/words.h"
#include "trace/beside.h"
#include "trace/talk.h"
#include "wire/seg_text.h"

enum { COLUMNS_USUAL = 80, GUTTER = 6, NOTE_INDENT = 4 };

/* How a row is marked between the columns. */
enum mark { MARK_SAME, MARK_ALIKE, MARK_CHANGED, MARK_KERNEL, MARK_ENGINE };

static const struct {
	char sign;
	const char *colour;
} marks[] = {
	[MARK_SAME] = {' ', ""},           [MARK_ALIKE] = {'~', ""},
	[MARK_CHANGED] = {'|', "\x1b[1m"}, [MARK_KERNEL] = {'<', "\x1b[36m"},
	[MARK_ENGINE] = {'>', "\x1b[33m"},
};

struct table {
	const struct trace *trace[2]; /* kernel, engine */
	uint32_t *base[2];            /* two a record: what its numbers are relative to */
	const struct beside *beside;
	const struct beside_options *options;
	struct sink *out;
	struct half_columns columns;        /* of each half */
	uint8_t note[BESIDE_REASONS];       /* its number, from 1; 0: not needed yet */
	uint8_t reason[BESIDE_REASONS + 1]; /* of that number */
	uint8_t notes;
};

static const char *say(const struct table *t, const char *en, const char *zh)
{
	return t->options->lang == LANG_EN ? en : zh;
}

/* With one of these the two do not agree in flags, length and order. */
static bool matters(const struct beside_row *r)
{
	return r->kernel == PAIRING_NONE || r->engine == PAIRING_NONE ||
	       (r->what & (DIFFERS_FLAGS | DIFFERS_TEXT | DIFFERS_ACK)) != 0;
}

static enum mark mark_of(const struct beside_row *r)
{
	if (r->kernel == PAIRING_NONE)
		return MARK_ENGINE;
	if (r->engine == PAIRING_NONE)
		return MARK_KERNEL;
	if (matters(r))
		return MARK_CHANGED;
	return r->what ? MARK_ALIKE : MARK_SAME;
}

static uint8_t note_of(struct table *t, enum beside_reason reason)
{
	if (reason == BESIDE_SAME)
		return 0;
	if (t->note[reason] == 0) {
		t->note[reason] = ++t->notes;
		t->reason[t->notes] = (uint8_t)reason;
	}
	return t->note[reason];
}

/* ---- numbers from the initial ones on -------------------------------------------------------- */

static uint32_t *bases_of(const struct trace *t)
{
	uint32_t *base = xcalloc(2 * ((size_t)trace_count(t) + 1), sizeof *base);
	struct talks talks = {0};

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);
		const struct talk *talk = talks_see(&talks, t, r);
		struct relative relative;
		struct leg leg;

		if (!talk)
			continue;
		leg = trace_leg(t, r);
		relative = talk_relative(talk, &leg, &r->seg);
		base[2 * i] = relative.has_seq ? r->seg.seq.v - relative.seq.v : 0;
		base[2 * i + 1] = relative.has_ack ? relative.ack_base.v : 0;
	}
	talks_fini(&talks);
	return base;
}

/* ---- one row --------------------------------------------------------------------------------- */

static void put_segment(struct sink *out, const struct table *t, int side, const struct record *r)
{
	const struct seg *s = &r->seg;
	const uint32_t *base = &t->base[side][2 * r->serial];
	uint32_t seq = s->seq.v - base[0];

	words_put_safe(out, words_host(t->trace[side], r->host));
	sink_putc(out, ' ');
	seg_print_ctl(out, s->ctl);
	if (s->len > 0 || (s->ctl & RST))
		sink_printf(out, " %" PRIu32 ":%" PRIu32 "(%" PRIu32 ")", seq, seq + s->text.len,
			    s->text.len);
	if (s->ctl & ACK)
		sink_printf(out, " ack %" PRIu32, s->ack.v - base[1]);
	sink_printf(out, " win %u", s->wnd);
	if (s->rexmit > 0)
		sink_printf(out, " rexmit %u", s->rexmit);
}

static void read_half(struct half *h, const struct table *t, int side, uint64_t record)
{
	half_init(h);
	if (record == PAIRING_NONE)
		return;
	sink_time(&h->time, trace_at(t->trace[side], record)->at);
	put_segment(&h->text, t, side, trace_at(t->trace[side], record));
	half_filled(h);
}

static void put_gutter(struct table *t, enum mark mark, uint8_t note, bool is_first, bool has_more)
{
	if (!is_first) {
		sink_pad(t->out, ' ', has_more ? GUTTER : 0);
		return;
	}
	sink_printf(t->out, " %c", marks[mark].sign);
	if (note > 0)
		sink_printf(t->out, "%-2u", note);
	else
		sink_pad(t->out, ' ', has_more ? 2 : 0);
	sink_pad(t->out, ' ', has_more ? GUTTER - 4 : 0);
}

static void put_row(struct table *t, const struct beside_row *r)
{
	enum mark mark = mark_of(r);
	uint8_t note = note_of(t, (enum beside_reason)r->reason);
	bool has_colour = t->options->has_colour && marks[mark].colour[0] != '\0';
	struct half kernel, engine;

	read_half(&kernel, t, 0, r->kernel);
	read_half(&engine, t, 1, r->engine);
	do {
		bool is_first = !kernel.is_begun, has_more = *engine.rest != '\0';

		if (has_colour)
			sink_puts(t->out, marks[mark].colour);
		half_put(&kernel, t->columns, true, t->out);
		put_gutter(t, mark, note, is_first, has_more);
		if (has_more)
			half_put(&engine, t->columns, false, t->out);
		if (has_colour)
			sink_puts(t->out, "\x1b[0m");
		sink_putc(t->out, '\n');
	} while (*kernel.rest != '\0' || *engine.rest != '\0');
	half_fini(&kernel);
	half_fini(&engine);
}

/* ---- around them ----------------------------------------------------------------------------- */

static void put_names(struct table *t)
{
	const char *kernel = say(t, "the kernel", "内核");

	sink_pad(t->out, ' ', t->columns.time + 1);
	sink_puts(t->out, kernel);
	sink_pad(t->out, ' ',
		 t->columns.text - utf8_width(kernel, strlen(kernel)) + GUTTER + t->columns.time +
			 1);
	sink_puts(t->out, say(t, "our engine\n", "我们的引擎\n"));
}

/* Over both columns; behind the first line `indent` columns further right. */
static void put_wrapped(struct table *t, const struct sink *text, size_t indent)
{
	size_t room = (size_t)t->options->columns - indent;
	const char *rest = text->at;

	while (*rest != '\0') {
		size_t next, n = text_line(rest, room, &next);

		sink_pad(t->out, ' ', rest == text->at ? 0 : indent);
		sink_put(t->out, rest, n);
		sink_putc(t->out, '\n');
		rest += next;
	}
}

static void put_sum(struct table *t)
{
	const struct beside *b = t->beside;
	struct sink text = {0};

	sink_printf(&text,
		    say(t,
			"%" PRIu64 " of %zu agree in flags, length and order; %" PRIu64
			" only the kernel's, %" PRIu64 " only the engine's.",
			"共 %2$zu 个报文段，%1$" PRIu64 " 个控制位、长度和次序都相同；%3$" PRIu64
			" 个只有内核有，%4$" PRIu64 " 个只有引擎有。"),
		    b->same, b->rows.count, b->only_kernel, b->only_engine);
	put_wrapped(t, &text, 0);
	sink_fini(&text);
}

static void put_note(struct table *t, uint8_t note, enum lang lang)
{
	enum beside_reason reason = (enum beside_reason)t->reason[note];
	const char *source = beside_source(reason);
	struct sink text = {0};

	sink_printf(&text, "%3u %s", note, beside_text(reason, lang));
	if (source[0] != '\0')
		sink_printf(&text, lang == LANG_ZH ? "（%s）" : " (%s)", source);
	put_wrapped(t, &text, NOTE_INDENT);
	sink_fini(&text);
}

static size_t time_columns(const struct table *t)
{
	size_t most = 5;

	for (int i = 0; i < 2; i++) {
		uint64_t count = trace_count(t->trace[i]);

		for (uint64_t j = 0; j < count; j++) {
			struct sink time = {0};

			if (trace_at(t->trace[i], j)->kind != REC_SEND)
				continue;
			sink_time(&time, trace_at(t->trace[i], j)->at);
			most = time.count > most ? time.count : most;
			sink_fini(&time);
		}
	}
	return most;
}

static void put_all(struct table *t)
{
	const struct beside *b = t->beside;

	put_names(t);
	for (size_t i = 0; i < b->rows.count; i++)
		put_row(t, &b->rows.at[i]);
	put_sum(t);
	for (uint8_t i = 1; i <= t->notes; i++) {
		if (t->options->lang != LANG_EN)
			put_note(t, i, LANG_ZH);
		if (t->options->lang != LANG_ZH)
			put_note(t, i, LANG_EN);
	}
}

static bool agrees(const struct beside *b)
{
	return b->same == b->rows.count;
}

bool beside_write(const struct trace *kernel, const struct trace *engine,
		  const struct beside_options *o, struct sink *out)
{
	struct beside_options options = *o;
	struct beside b;
	struct table t = {.trace = {kernel, engine},
			  .base = {bases_of(kernel), bases_of(engine)},
			  .beside = &b,
			  .options = &options,
			  .out = out};
	bool is_same;

	beside_init(&b, kernel, engine);
	if (options.columns == 0)
		options.columns = COLUMNS_USUAL;
	if (options.columns < DIFF_COLUMNS_LEAST)
		options.columns = DIFF_COLUMNS_LEAST;
	t.columns.time = time_columns(&t);
	t.columns.text = (size_t)(options.columns - GUTTER) / 2 - t.columns.time - 1;
	put_all(&t);
	is_same = agrees(&b);
	beside_fini(&b);
	free(t.base[0]);
	free(t.base[1]);
	return is_same;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static const char *const reason_names[BESIDE_REASONS] = {
	[BESIDE_SAME] = "SAME",
#define BESIDE(id, ...) [BESIDE_##id] = #id,
#include <trace/beside.def>
#undef BESIDE
	[BESIDE_UNKNOWN] = "UNKNOWN",
};

static void json_record(struct sink *out, const char *key, uint64_t record)
{
	if (record == PAIRING_NONE)
		sink_printf(out, "\"%s\":null,", key);
	else
		sink_printf(out, "\"%s\":%" PRIu64 ",", key, record);
}

static void json_row(struct sink *out, const struct beside_row *r)
{
	const char *comma = "";

	sink_putc(out, '{');
	json_record(out, "kernel", r->kernel);
	json_record(out, "engine", r->engine);
	sink_puts(out, "\"what\":[");
	for (int i = 0; i < DIFFERENCES; i++) {
		if (!(r->what & 1u << i))
			continue;
		sink_printf(out, "%s\"%s\"", comma,
			    difference_name((enum difference)(1u << i), LANG_EN));
		comma = ",";
	}
	sink_printf(out, "],\"agrees\":%s,\"reason\":\"%s\"}", matters(r) ? "false" : "true",
		    reason_names[r->reason]);
}

bool beside_json(const struct trace *kernel, const struct trace *engine, struct sink *out)
{
	struct beside b;
	bool is_same;

	beside_init(&b, kernel, engine);
	sink_printf(out,
		    "{\"same\":%" PRIu64 ",\"alike\":%" PRIu64 ",\"only_kernel\":%" PRIu64
		    ",\"only_engine\":%" PRIu64 ",\"rows\":[",
		    b.same, b.alike, b.only_kernel, b.only_engine);
	for (size_t i = 0; i < b.rows.count; i++) {
		sink_puts(out, i > 0 ? "," : "");
		json_row(out, &b.rows.at[i]);
	}
	sink_puts(out, "]}\n");
	is_same = agrees(&b);
	beside_fini(&b);
	return is_same;
}
