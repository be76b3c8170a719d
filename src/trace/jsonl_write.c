/* SPDX-License-Identifier: MIT */
#include "trace/jsonl.h"

#include <inttypes.h>
#include <string.h>
#include <base/assert.h>
#include <base/sink.h>
#include <base/utf8.h>
#include "trace/talk.h"
#include "trace/trace.h"

struct writer {
	const struct trace *trace;
	struct sink *out;
	struct talks talks;
	ARRAY(uint64_t) told; /* by index of stream: octets already written out */
	bool has_names;       /* every host's name is its own: records name hosts by it */
};

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Octets that are not UTF-8 become U+FFFD: a JSON text can hold nothing else. */
void jsonl_put_string(struct sink *out, const char *s, size_t n)
{
	char utf8[4];

	sink_putc(out, '"');
	while (n > 0) {
		uint32_t cp;
		size_t taken = utf8_next(s, n, &cp);

		if (cp == '"' || cp == '\\')
			sink_printf(out, "\\%c", (char)cp);
		else if (cp == '\n')
			sink_puts(out, "\\n");
		else if (cp == '\t')
			sink_puts(out, "\\t");
		else if (cp_is_control(cp) && cp <= 0xffff)
			sink_printf(out, "\\u%04" PRIx32, cp);
		else
			sink_put(out, utf8, utf8_put(cp, utf8));
		s += taken;
		n -= taken;
	}
	sink_putc(out, '"');
}

static void put_text(struct sink *out, const char *text)
{
	jsonl_put_string(out, text, strlen(text));
}

static void key_text(struct sink *out, const char *key, const char *text)
{
	sink_printf(out, ",\"%s\":", key);
	put_text(out, text);
}

static void key_number(struct sink *out, const char *key, int64_t value)
{
	sink_printf(out, ",\"%s\":%" PRId64, key, value);
}

static void key_number_unless_0(struct sink *out, const char *key, int64_t value)
{
	if (value != 0)
		key_number(out, key, value);
}

/* ---- the header ------------------------------------------------------------------------------ */

/* As they will stand in the file, where octets that are not UTF-8 look alike. */
static bool has_own_names(const struct trace *t)
{
	struct sink a = {0}, b = {0};
	bool is_own = true;

	for (size_t i = 0; i < trace_host_count(t) && is_own; i++) {
		sink_clear(&a);
		put_text(&a, trace_host_at(t, (uint8_t)i)->name);
		for (size_t j = 0; j < i && is_own; j++) {
			sink_clear(&b);
			put_text(&b, trace_host_at(t, (uint8_t)j)->name);
			is_own = strcmp(a.at, b.at) != 0;
		}
	}
	sink_fini(&a);
	sink_fini(&b);
	return is_own;
}

static void put_host(struct writer *w, uint8_t host)
{
	if (host >= trace_host_count(w->trace))
		sink_puts(w->out, "null");
	else if (w->has_names)
		put_text(w->out, trace_host_at(w->trace, host)->name);
	else
		sink_printf(w->out, "%u", host);
}

static void write_hosts(struct writer *w)
{
	struct sink *out = w->out;

	sink_puts(out, ",\"hosts\":[");
	for (size_t i = 0; i < trace_host_count(w->trace); i++) {
		const struct trace_host *h = trace_host_at(w->trace, (uint8_t)i);
		char address[ADDRESS_TEXT];

		sink_puts(out, i > 0 ? ",{\"name\":" : "{\"name\":");
		put_text(out, h->name);
		key_text(out, "en", h->title[0]);
		key_text(out, "zh", h->title[1]);
		key_text(out, "profile", h->profile);
		if (h->address.family != FAMILY_NONE) {
			address_text(&h->address, address);
			key_text(out, "address", address);
		}
		sink_putc(out, '}');
	}
	sink_putc(out, ']');
}

static void write_conns(struct writer *w)
{
	struct sink *out = w->out;

	sink_puts(out, ",\"conns\":[");
	for (size_t i = 0; i < trace_conn_count(w->trace); i++) {
		const struct trace_conn *c = trace_conn_nth(w->trace, i);

		sink_printf(out, "%s{\"conn\":%" PRIu32 ",\"host\":", i > 0 ? "," : "", c->serial);
		put_host(w, c->host);
		if (c->peer < trace_host_count(w->trace)) {
			sink_puts(out, ",\"peer\":");
			put_host(w, c->peer);
		}
		if (c->is_listener)
			sink_puts(out, ",\"listener\":true");
		key_number(out, "port", c->port);
		key_number_unless_0(out, "peer_port", c->peer_port);
		key_number_unless_0(out, "stream", c->stream);
		if (c->label)
			key_text(out, "label", c->label);
		key_number(out, "born", (int64_t)c->born);
		sink_putc(out, '}');
	}
	sink_putc(out, ']');
}

static void put_place(struct writer *w, const struct trace_place *p)
{
	sink_puts(w->out, "\"file\":");
	put_text(w->out, trace_file_name(w->trace, p->file));
	key_number(w->out, "line", p->line);
	if (p->tag)
		key_text(w->out, "tag", p->tag);
}

static void write_quotes(struct writer *w)
{
	if (w->trace->quotes.count == 0)
		return;
	sink_puts(w->out, ",\"quotes\":[");
	for (size_t i = 0; i < w->trace->quotes.count; i++) {
		const struct trace_quote *q = &w->trace->quotes.at[i];

		sink_puts(w->out, i > 0 ? ",{" : "{");
		put_place(w, &q->place);
		key_text(w->out, "words", q->words);
		sink_putc(w->out, '}');
	}
	sink_putc(w->out, ']');
}

/* A seed may be larger than every JSON reader's integers: then it stands as a string. */
static void write_header(struct writer *w)
{
	uint64_t seed = trace_seed(w->trace);
	const char *quote = seed >= JSONL_SAFE_INTEGER ? "\"" : "";

	sink_printf(w->out, "{\"woshou\":%d,\"seed\":%s%" PRIu64 "%s", JSONL_VERSION, quote, seed,
		    quote);
	key_number_unless_0(w->out, "epoch", trace_epoch(w->trace));
	write_hosts(w);
	sink_puts(w->out, ",\"files\":[");
	for (size_t i = 0; i < trace_file_count(w->trace); i++) {
		sink_puts(w->out, i > 0 ? "," : "");
		put_text(w->out, trace_file_name(w->trace, (uint16_t)i));
	}
	sink_putc(w->out, ']');
	write_quotes(w);
	write_conns(w);
	sink_printf(w->out, ",\"records\":%" PRIu64 "}\n", trace_count(w->trace));
}

/* ---- octets ---------------------------------------------------------------------------------- */

static void key_hex(struct sink *out, const uint8_t *octets, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	sink_puts(out, ",\"hex\":\"");
	for (size_t i = 0; i < n; i++) {
		sink_putc(out, digits[octets[i] >> 4]);
		sink_putc(out, digits[octets[i] & 15]);
	}
	sink_putc(out, '"');
}

/* As text where it is text, so that people can read it and grep finds it. */
static void put_octets(struct sink *out, const uint8_t *octets, size_t n)
{
	bool is_text = utf8_valid((const char *)octets, n);

	for (size_t i = 0; is_text && i < n;) {
		uint32_t cp;

		i += utf8_next((const char *)octets + i, n - i, &cp);
		is_text = cp == '\n' || cp == '\t' || !cp_is_control(cp);
	}
	if (is_text) {
		sink_puts(out, ",\"text\":");
		jsonl_put_string(out, (const char *)octets, n);
		return;
	}
	key_hex(out, octets, n);
}

enum { OCTETS_AT_ONCE = 1 << 20 };

/* Octets [from, to) of a stream, run by run: what was written in one way lies in one object. */
static void put_stretch(struct writer *w, uint32_t stream, uint64_t from, uint64_t to)
{
	const struct streams *s = trace_streams_of(w->trace);
	const char *comma = "";

	while (from < to) {
		bool is_synthetic;
		uint64_t end = stream_run(s, stream, from, &is_synthetic);

		end = end < to ? end : to;
		sink_printf(w->out, "%s{\"stream\":%" PRIu32, comma, stream);
		if (is_synthetic) {
			key_number(w->out, "synthetic", (int64_t)(end - from));
		} else {
			struct text text = {from, stream, 0};
			uint8_t *octets;

			end = end - from > OCTETS_AT_ONCE ? from + OCTETS_AT_ONCE : end;
			text.len = (uint32_t)(end - from);
			octets = xmalloc(text.len);
			stream_read(s, &text, 0, octets, text.len);
			put_octets(w->out, octets, text.len);
			free(octets);
		}
		sink_putc(w->out, '}');
		comma = ",";
		from = end;
	}
}

static uint64_t *told_of(struct writer *w, size_t index)
{
	while (w->told.count <= index)
		*array_push(&w->told) = 0;
	return &w->told.at[index];
}

/* Octets stand on the first record that speaks of them: the write() as a rule. */
static void write_octets(struct writer *w, const struct text *text)
{
	const struct streams *s = trace_streams_of(w->trace);
	uint64_t size = stream_size(s, text->stream), end = text->offset + text->len, *told;

	if (text->len == 0 || size == 0)
		return;
	told = told_of(w, stream_index(s, text->stream));
	end = end < size ? end : size;
	if (*told >= end)
		return;
	sink_puts(w->out, ",\"octets\":[");
	put_stretch(w, text->stream, *told, end);
	sink_putc(w->out, ']');
	*told = end;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* What was written and spoken of by no record, in order of stream numbers. */
static void write_rest(struct writer *w)
{
	const struct streams *s = trace_streams_of(w->trace);
	ARRAY(uint32_t) ids = {0};
	bool has_rest = false;

	for (size_t i = 0; i < streams_count(s); i++) {
		if (*told_of(w, i) < stream_size(s, stream_nth(s, i)))
			*array_push(&ids) = stream_nth(s, i);
	}
	if (ids.count > 0)
		qsort(ids.at, ids.count, sizeof *ids.at, by_number);
	for (size_t i = 0; i < ids.count; i++) {
		sink_puts(w->out, has_rest ? "," : "{\"rest\":[");
		put_stretch(w, ids.at[i], *told_of(w, stream_index(s, ids.at[i])),
			    stream_size(s, ids.at[i]));
		has_rest = true;
	}
	if (has_rest)
		sink_puts(w->out, "]}\n");
	array_fini(&ids);
}

/* ---- a record -------------------------------------------------------------------------------- */

static void write_flags(struct sink *out, uint16_t ctl)
{
	sink_puts(out, "\"flags\":\"");
	for (size_t i = 0; i < jsonl_flag_count; i++) {
		if (ctl & jsonl_flags[i].bit)
			sink_putc(out, jsonl_flags[i].letter);
	}
	sink_putc(out, '"');
}

static void write_seg_options(struct sink *out, const struct seg *s)
{
	if (s->opts & OPT_MSS)
		key_number(out, "mss", s->mss);
	if (s->opts & OPT_WSCALE)
		key_number(out, "wscale", s->wscale);
	if (s->opts & OPT_SACK_PERMITTED)
		sink_puts(out, ",\"sack_ok\":true");
	if (s->opts & OPT_SACK) {
		sink_puts(out, ",\"sack\":[");
		for (size_t i = 0; i < s->sacks && i < SEG_SACK_MAX; i++)
			sink_printf(out, "%s[%" PRIu32 ",%" PRIu32 "]", i > 0 ? "," : "",
				    s->sack[i].left.v, s->sack[i].right.v);
		sink_putc(out, ']');
	}
	if (s->opts & OPT_TIMESTAMPS)
		sink_printf(out, ",\"ts\":[%" PRIu32 ",%" PRIu32 "]", s->tsval, s->tsecr);
	if (s->opts & OPT_USER_TIMEOUT)
		key_number(out, "uto", s->uto);
	key_number_unless_0(out, "layout", s->layout);
}

static void write_relative(struct writer *w, const struct record *r, const struct talk *talk)
{
	struct leg leg = trace_leg(w->trace, r);
	struct relative rel = talk_relative(talk, &leg, &r->seg);

	if (rel.has_seq)
		key_number(w->out, "rel_seq", rel.seq.v);
	if (rel.has_ack)
		key_number(w->out, "rel_ack", rel.ack.v);
}

/* A read or a write speaks of octets without a header around them. */
static bool has_header(const struct record *r)
{
	const struct seg *s = &r->seg;

	return r->kind == REC_SEND || r->kind == REC_ARRIVE || s->ctl != 0 || s->seq.v != 0 ||
	       s->len != 0 || s->wnd != 0;
}

static void write_seg(struct writer *w, const struct record *r, const struct talk *talk)
{
	const struct seg *s = &r->seg;
	struct sink *out = w->out;

	if (has_header(r)) {
		sink_puts(out, ",\"seg\":{");
		write_flags(out, s->ctl);
		key_number(out, "seq", s->seq.v);
		if (s->ctl & ACK)
			key_number(out, "ack", s->ack.v);
		key_number(out, "len", s->len);
		key_number(out, "win", s->wnd);
		key_number_unless_0(out, "up", s->up);
		write_seg_options(out, s);
		key_number_unless_0(out, "ecn", s->ecn);
		key_number_unless_0(out, "rexmit", s->rexmit);
		if (s->rule != RULE_NONE && s->rule < RULE_COUNT)
			key_text(out, "rule", rule_info((enum rule)s->rule)->id);
		if (talk)
			write_relative(w, r, talk);
		sink_putc(out, '}');
	}
	if (s->text.len > 0) {
		sink_printf(out, ",\"text_of\":[%" PRIu32 ",%" PRIu64 ",%" PRIu32 "]",
			    s->text.stream, s->text.offset, s->text.len);
		write_octets(w, &s->text);
	}
}

/* The frame that was kept with this record, not that of the record it speaks of. */
static void write_frame(struct sink *out, const struct trace *t, const struct record *r)
{
	struct trace_frame_kept f;

	if (r->frame == 0 || !trace_kept_frame(t, r, &f))
		return;
	sink_printf(out, ",\"frame\":{\"link\":%d", f.link);
	if (f.at != r->at)
		key_number(out, "at", f.at);
	if (f.ip != JSONL_FRAME_IP)
		key_number(out, "ip", f.ip);
	if (f.captured != f.size)
		key_number(out, "captured", f.captured);
	if (f.wire_size != f.captured)
		key_number(out, "wire", f.wire_size);
	key_hex(out, f.octets, f.size);
	sink_putc(out, '}');
}

/* A timer that is not set has no number. */
static void put_field_value(struct sink *out, uint32_t field, int64_t value)
{
	enum tcb_field_kind kind = tcb_field_kind_of((enum tcb_field)field);

	if (kind == FIELD_STATE && value >= 0 && value < STATE_COUNT)
		put_text(out, state_name((enum state)value));
	else if (kind == FIELD_DEADLINE && value == USEC_NEVER)
		sink_puts(out, "null");
	else
		sink_printf(out, "%" PRId64, value);
}

/* "snd.una":[1000,1001] before and after; "snd.una":[1000] where a picture shows it as it is. */
static void write_changes(struct writer *w, const struct record *r)
{
	if (r->changes.count == 0)
		return;
	sink_puts(w->out, ",\"changes\":{");
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *c = trace_change(w->trace, r, i);

		sink_puts(w->out, i > 0 ? "," : "");
		put_text(w->out, tcb_field_name((enum tcb_field)c->field));
		sink_puts(w->out, ":[");
		put_field_value(w->out, c->field, c->old);
		if (c->new != c->old) {
			sink_putc(w->out, ',');
			put_field_value(w->out, c->field, c->new);
		}
		sink_putc(w->out, ']');
	}
	sink_putc(w->out, '}');
}

static void write_detail(struct sink *out, const struct record *r)
{
	int set = names_of_detail((enum record_kind)r->kind);
	const char *name = set < 0 ? NULL : name_of((enum name_set)set, r->detail);

	if (name)
		key_text(out, "what", name);
	else
		key_number_unless_0(out, "detail", r->detail);
}

static void write_states(struct sink *out, const struct record *r)
{
	if (r->from == r->to) {
		if (r->to != CLOSED)
			key_text(out, "state", state_name((enum state)r->to));
		return;
	}
	key_text(out, "from", state_name((enum state)r->from));
	key_text(out, "to", state_name((enum state)r->to));
}

static void write_rule(struct sink *out, uint16_t rule)
{
	const struct rule_info *info;

	if (rule == RULE_NONE || rule >= RULE_COUNT)
		return;
	info = rule_info((enum rule)rule);
	key_text(out, "rule", info->id);
	key_number_unless_0(out, "rfc", info->rfc);
	if (info->section[0] != '\0')
		key_text(out, "section", info->section);
}

static void write_place(struct writer *w, const struct trace_place *p)
{
	if (p->line == 0)
		return;
	sink_puts(w->out, ",\"place\":{");
	put_place(w, p);
	sink_putc(w->out, '}');
}

static void write_whose(struct writer *w, const struct record *r)
{
	if (r->host < trace_host_count(w->trace)) {
		sink_puts(w->out, ",\"host\":");
		put_host(w, r->host);
	}
	if (r->peer < trace_host_count(w->trace)) {
		sink_puts(w->out, ",\"peer\":");
		put_host(w, r->peer);
	}
	key_number_unless_0(w->out, "conn", r->conn);
	if (r->of != r->serial)
		key_number(w->out, "of", (int64_t)r->of);
	if (r->from_port || r->to_port)
		sink_printf(w->out, ",\"ports\":[%u,%u]", r->from_port, r->to_port);
	if (r->is_stranger)
		sink_puts(w->out, ",\"stranger\":true");
	if (r->is_inferred)
		sink_puts(w->out, ",\"inferred\":true");
	key_number_unless_0(w->out, "ttl", r->ttl);
	key_number_unless_0(w->out, "dscp", r->dscp);
}

static void write_record(struct writer *w, const struct record *r)
{
	const struct talk *talk = talks_see(&w->talks, w->trace, r);
	struct sink *out = w->out;

	sink_printf(out, "{\"n\":%" PRIu64 ",\"t\":%" PRId64, r->serial, r->at);
	key_text(out, "kind", name_of(NAMES_KIND, r->kind));
	write_detail(out, r);
	if (r->kind == REC_SIGNAL && name_of(NAMES_SIGNAL, (unsigned)r->number[0]))
		key_text(out, "signal", name_of(NAMES_SIGNAL, (unsigned)r->number[0]));
	write_whose(w, r);
	write_states(out, r);
	if (r->error != SOCK_OK)
		key_text(out, "error", sock_error_name((enum sock_error)r->error));
	write_rule(out, r->rule);
	write_place(w, &r->place);
	if (r->number[0] != 0 || r->number[1] != 0)
		sink_printf(out, ",\"number\":[%" PRId64 ",%" PRId64 "]", r->number[0],
			    r->number[1]);
	write_seg(w, r, talk);
	write_frame(out, w->trace, r);
	write_changes(w, r);
	if (trace_text_of(w->trace, r, 0)[0] != '\0')
		key_text(out, "text", trace_text_of(w->trace, r, 0));
	if (trace_text_of(w->trace, r, 1)[0] != '\0')
		key_text(out, "text2", trace_text_of(w->trace, r, 1));
	sink_puts(out, "}\n");
}

void trace_write_jsonl(const struct trace *t, struct sink *out)
{
	struct writer w = {.trace = t, .out = out, .has_names = has_own_names(t)};

	write_header(&w);
	for (uint64_t i = 0; i < trace_count(t); i++)
		write_record(&w, trace_at(t, i));
	write_rest(&w);
	talks_fini(&w.talks);
	array_fini(&w.told);
}
