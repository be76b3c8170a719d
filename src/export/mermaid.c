/* SPDX-License-Identifier: MIT */
/*
 * mermaid.c - a sequence diagram for Mermaid. An arrow stands where its segment arrives, a lost one
 * where it left: Mermaid knows no slants, and so causes stand above what came of them.
 */
#include "export/export.h"

#include <inttypes.h>
#include <string.h>
#include <base/harmless.h>
#include <base/lines.h>
#include <base/utf8.h>
#include "export/acts.h"
#include "export/figure.h"
#include "export/words.h"
#include "trace/brief.h"
#include "trace/talk.h"

/* A silence this long is told, as on the stage. */
static const usec GAP = 800 * USEC_PER_MS;
enum { NOTE_COLUMNS = 48 };

struct figure {
	const struct trace *trace;
	const struct export_options *options;
	struct sink *out;
	struct talks talks;
	usec said; /* when something last happened */
};

static bool is_zh(const struct figure *f)
{
	return f->options->lang != LANG_EN;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Letters, digits and a few marks that mean nothing to Mermaid's lexer, nor to HTML. */
static bool is_plain(uint32_t code)
{
	return code >= 0x80 || (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
	       (code >= 'a' && code <= 'z') ||
	       (code != 0 && strchr(" ,.:/()+-='_*?!@|", (int)code));
}

/* "end", however it is spelled, ends a block wherever it stands. */
static bool is_end_word(const char *text, size_t at)
{
	bool is_begin = at == 0 || !((text[at - 1] | 0x20) >= 'a' && (text[at - 1] | 0x20) <= 'z');
	char after = (char)(strlen(text + at) > 3 ? text[at + 3] | 0x20 : ' ');

	return is_begin && (text[at] | 0x20) == 'e' && (text[at + 1] | 0x20) == 'n' &&
	       (text[at + 2] | 0x20) == 'd' && !(after >= 'a' && after <= 'z');
}

/* Where "wrap:" and "nowrap:" begin a text they are orders. */
static bool is_order(const char *text)
{
	return strncmp(text, "wrap:", strlen("wrap:")) == 0 ||
	       strncmp(text, "nowrap:", strlen("nowrap:")) == 0;
}

void mermaid_put_text(struct sink *out, const char *text, size_t n)
{
	struct sink plain = {0};

	sink_puts(&plain, "");
	put_harmless(&plain, text, n);
	if (is_order(plain.at)) {
		sink_printf(out, "#%d;", plain.at[0]);
		memmove(plain.at, plain.at + 1, plain.count--);
	}
	for (size_t i = 0; i < plain.count;) {
		uint32_t code;
		size_t taken = utf8_next(plain.at + i, plain.count - i, &code);

		if (is_plain(code) && !is_end_word(plain.at, i))
			sink_put(out, plain.at + i, taken);
		else
			sink_printf(out, "#%" PRIu32 ";", code);
		i += taken;
	}
	sink_fini(&plain);
}

static void put_text(struct figure *f, const char *text)
{
	mermaid_put_text(f->out, text, strlen(text));
}

/* A long one in lines. */
static void put_lines(struct figure *f, const char *text)
{
	struct sink plain = {0};
	const char *rest;

	sink_puts(&plain, "");
	put_harmless(&plain, text, strlen(text));
	for (rest = plain.at; *rest != '\0';) {
		size_t next, n = text_line(rest, NOTE_COLUMNS, &next);

		if (rest != plain.at)
			sink_puts(f->out, "<br/>");
		mermaid_put_text(f->out, rest, n);
		rest += next;
	}
	sink_fini(&plain);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Over all of them, or beside one: "Note right of h1: ". */
static void begin_note(struct figure *f, uint8_t host)
{
	size_t hosts = trace_host_count(f->trace);

	if (host >= hosts && hosts > 1)
		sink_printf(f->out, "    Note over h0,h%zu: ", hosts - 1);
	else if (host >= hosts)
		sink_puts(f->out, "    Note over h0: ");
	else if (host == 0)
		sink_puts(f->out, "    Note left of h0: ");
	else if ((size_t)host + 1 == hosts)
		sink_printf(f->out, "    Note right of h%u: ", host);
	else
		sink_printf(f->out, "    Note over h%u: ", host);
}

static void put_time(struct figure *f, usec at)
{
	sink_time(f->out, at);
	sink_puts(f->out, is_zh(f) ? " 秒" : " s");
}

static void put_note(struct figure *f, uint8_t host, const char *text)
{
	if (text[0] == '\0')
		return;
	begin_note(f, host);
	put_lines(f, text);
	sink_putc(f->out, '\n');
}

static void put_brief(struct figure *f, const struct record *r)
{
	struct sink text = {0};

	brief_record(&text, f->trace, r, f->options->lang);
	put_note(f, r->host, text.at);
	sink_fini(&text);
}

/* Texts in two languages, each on lines of its own where both are asked for. */
static void put_both(struct figure *f, const struct record *r, const char *before)
{
	const char *en = trace_text_of(f->trace, r, 0), *zh = trace_text_of(f->trace, r, 1);
	const char *first = is_zh(f) && zh[0] != '\0' ? zh : en[0] != '\0' ? en : zh;

	if (first[0] == '\0')
		return;
	begin_note(f, TRACE_NO_HOST);
	put_text(f, before);
	put_lines(f, first);
	if (f->options->lang == LANG_BOTH && first == zh && en[0] != '\0' && strcmp(en, zh) != 0) {
		sink_puts(f->out, "<br/>");
		put_lines(f, en);
	}
	sink_putc(f->out, '\n');
}

/* ---- arrows ---------------------------------------------------------------------------------- */

static void put_segment(struct figure *f, const struct record *r, const struct talk *talk)
{
	struct seg s = *trace_seg(f->trace, r);
	struct sink text = {0};

	if (f->options->relative && talk) {
		struct leg leg = trace_leg(f->trace, r);
		struct relative rel = talk_relative(talk, &leg, &s);

		s.seq = rel.seq;
		s.ack = rel.ack;
	}
	brief_seg(&text, &s);
	if (s.text.len > 0) {
		sink_putc(&text, ' ');
		words_put_octets(&text, f->trace, &trace_seg(f->trace, r)->text);
	}
	if (s.rexmit > 0)
		sink_printf(&text, is_zh(f) ? "，重说 %u" : ", repeat %u", s.rexmit);
	put_text(f, text.at);
	sink_fini(&text);
}

static bool is_copy(const struct trace *t, const struct record *r)
{
	const struct record *of = r->of < r->serial ? trace_at(t, r->of) : r;

	return of->kind == REC_WIND && of->detail == DEED_DUPLICATE;
}

static void put_arrow(struct figure *f, const struct record *r, const char *arrow,
		      const struct talk *talk)
{
	const struct record *origin = trace_origin(f->trace, r);
	struct leg leg = trace_leg(f->trace, r);
	size_t hosts = trace_host_count(f->trace);
	/* Nobody's is an arrow to oneself. */
	uint8_t from = leg.from < hosts ? leg.from : leg.to,
		to = leg.to < hosts ? leg.to : leg.from;

	if (from >= hosts)
		return;
	sink_printf(f->out, "    h%u%sh%u: ", from, arrow, to);
	put_segment(f, r, talk);
	sink_puts(f->out, is_zh(f) ? "（" : " (");
	if (r->is_stranger)
		sink_puts(f->out, is_zh(f) ? "不知从哪来，" : "out of nowhere, ");
	if (r->kind != REC_WIND && is_copy(f->trace, r))
		sink_puts(f->out, is_zh(f) ? "风学的，" : "the wind's copy, ");
	sink_time(f->out, origin->at);
	if (origin->at != r->at) {
		sink_puts(f->out, is_zh(f) ? " 至 " : " to ");
		sink_time(f->out, r->at);
	}
	sink_puts(f->out, is_zh(f) ? " 秒）\n" : " s)\n");
}

/* What the wind did, and by which rule. */
static void put_deed(struct figure *f, const struct record *r)
{
	struct sink text = {0};

	begin_note(f, TRACE_NO_HOST);
	for (int lang = LANG_ZH; lang >= LANG_EN; lang--) {
		if (f->options->lang != LANG_BOTH && f->options->lang != (enum lang)lang)
			continue;
		sink_clear(&text);
		brief_record(&text, f->trace, r, (enum lang)lang);
		put_lines(f, text.at);
		sink_puts(f->out, "<br/>");
	}
	sink_clear(&text);
	words_put_place(&text, f->trace, &r->place);
	sink_puts(&text, text.count > 0 ? " " : "");
	words_put_deed(&text, f->trace, r);
	put_lines(f, text.at);
	sink_putc(f->out, '\n');
	sink_fini(&text);
}

static void see_segment(struct figure *f, const struct record *r, const struct talk *talk)
{
	const char *arrow = r->is_stranger ? "-->>" : "->>";
	struct sink text = {0};

	if (r->kind == REC_WIND && deed_takes((enum deed)r->detail))
		put_arrow(f, r, "-x", talk);
	if (r->kind == REC_WIND)
		put_deed(f, r);
	if (r->kind == REC_ARRIVE)
		put_arrow(f, r, arrow, talk);
	if (r->kind != REC_DISCARD)
		return;
	put_arrow(f, r, "-x", talk);
	brief_record(&text, f->trace, r, f->options->lang);
	put_note(f, r->host, text.at);
	sink_fini(&text);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void see_time(struct figure *f, const struct record *r)
{
	if (f->said != USEC_NEVER && r->at - f->said >= GAP) {
		begin_note(f, TRACE_NO_HOST);
		sink_puts(f->out, is_zh(f) ? "…… " : "... ");
		put_time(f, r->at - f->said);
		sink_puts(f->out, is_zh(f) ? " ……\n" : " ...\n");
	}
	f->said = r->at;
}

static void put_state(struct figure *f, const struct record *r)
{
	struct sink text = {0};

	if (r->from == r->to)
		return;
	sink_printf(&text, "%s%s", inferred_sign(r), state_name((enum state)r->to));
	put_note(f, r->host, text.at);
	sink_fini(&text);
}

static void see(struct figure *f, const struct record *r)
{
	const struct talk *talk = talks_see(&f->talks, f->trace, r);

	switch ((enum record_kind)r->kind) {
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
		see_time(f, r);
		see_segment(f, r, talk);
		break;
	case REC_STATE:
		see_time(f, r);
		put_state(f, r);
		break;
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP:
	case REC_PROMISE:
		see_time(f, r);
		put_brief(f, r);
		break;
	case REC_CALL:
	case REC_RESULT:
		if (r->error != SOCK_OK)
			put_brief(f, r);
		break;
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER: put_both(f, r, ""); break;
	case REC_ASK: put_both(f, r, is_zh(f) ? "问：" : "Question: "); break;
	case REC_SEND: see_time(f, r); break;
	case REC_READ:
	case REC_TIMER:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_PICTURE:
	case REC_EXPECT:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
}

/* What neither arrived nor was lost when the play ended. */
static void put_on_the_way(struct figure *f)
{
	uint64_t count = trace_count(f->trace);
	bool *is_over = xcalloc((size_t)count + 1, sizeof *is_over);
	struct talks talks = {0};

	for (uint64_t i = 0; i < count; i++) {
		const struct record *r = trace_at(f->trace, i);

		if (r->kind == REC_ARRIVE || r->kind == REC_DISCARD ||
		    (r->kind == REC_WIND && deed_takes((enum deed)r->detail)))
			is_over[r->of] = true;
	}
	for (uint64_t i = 0; i < count; i++) {
		const struct record *r = trace_at(f->trace, i);
		const struct talk *talk = talks_see(&talks, f->trace, r);
		bool is_word =
			r->kind == REC_SEND || (r->kind == REC_WIND && r->detail == DEED_DUPLICATE);

		if (is_word && !is_over[i])
			put_arrow(f, r, "-)", talk);
	}
	talks_fini(&talks);
	free(is_over);
}

static void put_people(struct figure *f)
{
	for (size_t i = 0; i < trace_host_count(f->trace); i++) {
		const struct trace_host *h = trace_host_at(f->trace, (uint8_t)i);
		const char *first = h->title[is_zh(f) ? LANG_ZH : LANG_EN];

		sink_printf(f->out, "    participant h%zu as ", i);
		put_lines(f, first);
		if (f->options->lang == LANG_BOTH && strcmp(first, h->title[LANG_EN]) != 0) {
			sink_putc(f->out, ' ');
			put_lines(f, h->title[LANG_EN]);
		}
		sink_putc(f->out, '\n');
	}
	if (trace_host_count(f->trace) == 0)
		sink_puts(f->out, "    participant h0 as ?\n");
}

void export_mermaid(const struct trace *t, const struct export_options *o, struct sink *out)
{
	static const struct export_options plain;
	struct figure f = {.trace = t, .options = o ? o : &plain, .out = out, .said = USEC_NEVER};

	sink_puts(out, "sequenceDiagram\n");
	put_people(&f);
	for (uint64_t i = 0; i < trace_count(t); i++)
		see(&f, trace_at(t, i));
	put_on_the_way(&f);
	talks_fini(&f.talks);
}
