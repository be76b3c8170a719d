/* SPDX-License-Identifier: MIT */
/* diff_what.c - what differs in a pair of records, with both values; and the comparison as JSON. */
#include "export/diff.h"

#include <inttypes.h>
#include <string.h>
#include <woshou/names.h>
#include "export/words.h"
#include "trace/talk.h"
#include "wire/seg_text.h"

/* ---- one side's value ------------------------------------------------------------------------ */

static void put_kind(struct sink *out, const struct trace *t, const struct record *r)
{
	int set = names_of_detail((enum record_kind)r->kind);
	const char *detail = set < 0 ? NULL : name_of((enum name_set)set, r->detail);

	sink_puts(out, name_of(NAMES_KIND, r->kind));
	if (detail)
		sink_printf(out, " %s", detail);
	if (r->kind == REC_CALL && r->detail == CALL_OPTION) {
		sink_putc(out, ' ');
		words_put_safe(out, trace_text_of(t, r, 0));
	}
}

static void put_ports(struct sink *out, const struct trace *t, const struct record *r)
{
	const struct trace_conn *c = r->conn ? trace_conn_at(t, r->conn) : NULL;

	if (r->from_port != 0 || r->to_port != 0 || !c)
		sink_printf(out, "%u>%u", r->from_port, r->to_port);
	else
		sink_printf(out, "%u:%u", c->port, c->peer_port);
}

static void put_options(struct sink *out, const struct seg *s)
{
	sink_putc(out, '<');
	seg_print_options(out, s);
	sink_putc(out, '>');
}

static void put_rule(struct sink *out, const struct record *r)
{
	uint16_t rule = r->rule != RULE_NONE ? r->rule : r->seg.rule;

	sink_puts(out, rule == RULE_NONE ? "-" : rule_info((enum rule)rule)->id);
}

static void put_states(struct sink *out, const struct record *r)
{
	if (r->from != r->to)
		sink_printf(out, "%s>", state_name((enum state)r->from));
	sink_puts(out, state_name((enum state)r->to));
}

static const struct text *text_of(const struct trace *t, const struct record *r)
{
	bool is_spoken = r->kind == REC_CALL || r->kind == REC_READ;

	return is_spoken ? &r->seg.text : &trace_seg(t, r)->text;
}

/* Everything but the fields. */
static void put_value(struct sink *out, const struct trace *t, const struct record *r,
		      enum difference bit)
{
	const struct seg *s = trace_seg(t, r);

	switch (bit) {
	case DIFFERS_TIME: sink_time(out, r->at); return;
	case DIFFERS_WHAT: put_kind(out, t, r); return;
	case DIFFERS_WHO: words_put_safe(out, words_host(t, r->host)); return;
	case DIFFERS_PORTS: put_ports(out, t, r); return;
	case DIFFERS_FLAGS: seg_print_ctl(out, s->ctl); return;
	case DIFFERS_SEQ: sink_printf(out, "%" PRIu32, s->seq.v); return;
	case DIFFERS_ACK: sink_printf(out, "%" PRIu32, s->ack.v); return;
	case DIFFERS_WINDOW: sink_printf(out, "%u", s->wnd); return;
	case DIFFERS_URGENT: sink_printf(out, "%u", s->up); return;
	case DIFFERS_OPTIONS: put_options(out, s); return;
	case DIFFERS_STAMPS: sink_printf(out, "%" PRIu32 ":%" PRIu32, s->tsval, s->tsecr); return;
	case DIFFERS_TEXT: words_put_octets(out, t, text_of(t, r)); return;
	case DIFFERS_REPEAT: sink_printf(out, r->is_stranger ? "? %u" : "%u", s->rexmit); return;
	case DIFFERS_STATE: put_states(out, r); return;
	case DIFFERS_NUMBER: sink_printf(out, "%" PRId64, r->number[0]); return;
	case DIFFERS_ERROR: sink_puts(out, sock_error_name((enum sock_error)r->error)); return;
	case DIFFERS_RULE: put_rule(out, r); return;
	case DIFFERS_FIELDS: return;
	}
}

/* ---- fields ---------------------------------------------------------------------------------- */

static const struct tcb_change *change_of(const struct trace *t, const struct record *r,
					  uint32_t field)
{
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *c = trace_change(t, r, i);

		if (c->field == field)
			return c;
	}
	return NULL;
}

static void put_field(struct sink *out, const struct tcb_change *c)
{
	enum tcb_field_kind kind;

	if (!c) {
		sink_putc(out, '-');
		return;
	}
	kind = tcb_field_kind_of((enum tcb_field)c->field);
	if (kind == FIELD_STATE)
		sink_puts(out, state_name((enum state)c->new));
	else if (kind == FIELD_DEADLINE && c->new == USEC_NEVER)
		sink_puts(out, "off");
	else if (kind == FIELD_TIME || kind == FIELD_DEADLINE)
		sink_time(out, c->new);
	else
		sink_printf(out, "%" PRId64, c->new);
}

/* "cwnd 1460 / 2920, rto 1.000 / -": what became of it; - where it did not change. */
static void put_fields(struct sink *out, const struct diff *d, const struct pairing *p)
{
	const struct record *a = trace_at(d->a, p->a), *b = trace_at(d->b, p->b);
	uint64_t fields = comparison_fields(d->found, p);
	const char *comma = " ";

	for (uint32_t f = 0; f < TCB_FIELD_COUNT; f++) {
		if (!(fields & UINT64_C(1) << f))
			continue;
		sink_printf(out, "%s%s ", comma, tcb_field_name((enum tcb_field)f));
		put_field(out, change_of(d->a, a, f));
		sink_puts(out, " / ");
		put_field(out, change_of(d->b, b, f));
		comma = ", ";
	}
}

void diff_put_what(struct sink *out, const struct diff *d, const struct pairing *p, enum lang lang)
{
	const struct record *a = trace_at(d->a, p->a), *b = trace_at(d->b, p->b);
	const char *comma = "";

	for (int i = 0; i < DIFFERENCES; i++) {
		enum difference bit = (enum difference)(1u << i);

		if (!(p->what & bit))
			continue;
		sink_puts(out, comma);
		sink_puts(out, difference_name(bit, lang == LANG_EN ? LANG_EN : LANG_ZH));
		comma = lang == LANG_EN ? "; " : "；";
		if (bit == DIFFERS_FIELDS) {
			put_fields(out, d, p);
			continue;
		}
		sink_putc(out, ' ');
		put_value(out, d->a, a, bit);
		sink_puts(out, " / ");
		put_value(out, d->b, b, bit);
	}
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void put_string(struct sink *out, const char *text)
{
	struct sink plain = {0};

	sink_puts(&plain, "");
	words_put_safe(&plain, text);
	sink_putc(out, '"');
	for (const char *at = plain.at; *at != '\0'; at++) {
		if (*at == '"' || *at == '\\')
			sink_putc(out, '\\');
		sink_putc(out, *at);
	}
	sink_putc(out, '"');
	sink_fini(&plain);
}

static void put_record_number(struct sink *out, const char *key, uint64_t record, uint64_t none)
{
	if (record == none)
		sink_printf(out, "\"%s\":null,", key);
	else
		sink_printf(out, "\"%s\":%" PRIu64 ",", key, record);
}

static void put_bits(struct sink *out, unsigned what)
{
	const char *comma = "";

	sink_puts(out, "\"what\":[");
	for (int i = 0; i < DIFFERENCES; i++) {
		if (!(what & 1u << i))
			continue;
		sink_printf(out, "%s\"%s\"", comma,
			    difference_name((enum difference)(1u << i), LANG_EN));
		comma = ",";
	}
	sink_putc(out, ']');
}

static void json_first(struct sink *out, const struct diff *d)
{
	const struct divergence *first = &d->found->first;
	struct sink words = {0};

	if (!first->differs) {
		sink_puts(out, "null");
		return;
	}
	sink_printf(out, "{\"at\":%" PRId64 ",", first->at);
	put_record_number(out, "a", first->is_a_idle ? trace_count(d->a) : first->a,
			  trace_count(d->a));
	put_record_number(out, "b", first->is_b_idle ? trace_count(d->b) : first->b,
			  trace_count(d->b));
	put_bits(out, first->is_a_idle || first->is_b_idle ? 0 : first->what);
	divergence_put(&words, d->a, d->b, first, LANG_EN);
	sink_puts(out, ",\"words\":");
	put_string(out, words.at);
	sink_putc(out, '}');
	sink_fini(&words);
}

static void json_pairs(struct sink *out, const struct comparison *c)
{
	const char *comma = "";

	for (size_t i = c->begin; i < c->pairs.count; i++) {
		const struct pairing *p = &c->pairs.at[i];

		if (pairing_is_same(p))
			continue;
		sink_printf(out, "%s{", comma);
		put_record_number(out, "a", p->a, PAIRING_NONE);
		put_record_number(out, "b", p->b, PAIRING_NONE);
		put_bits(out, p->what);
		sink_putc(out, '}');
		comma = ",";
	}
}

static void json_rejoin(struct sink *out, const struct diff *d)
{
	const struct comparison *c = d->found;
	const struct pairing *p;

	if (!c->first.differs || c->rejoin == c->pairs.count) {
		sink_puts(out, "null");
		return;
	}
	p = &c->pairs.at[c->rejoin];
	sink_printf(out, "{\"a\":%" PRIu64 ",\"b\":%" PRIu64, p->a, p->b);
	if (c->has_shift)
		sink_printf(out, ",\"shift\":%" PRId64 "}", c->shift);
	else
		sink_puts(out, ",\"shift\":null}");
}

void diff_json(const struct diff *d, const struct diff_options *o, struct sink *out)
{
	const struct comparison *c = d->found;

	sink_puts(out, "{\"a\":");
	put_string(out, o->name[0] ? o->name[0] : "");
	sink_puts(out, ",\"b\":");
	put_string(out, o->name[1] ? o->name[1] : "");
	sink_printf(out, ",\"differs\":%s,\"first\":", c->first.differs ? "true" : "false");
	json_first(out, d);
	sink_printf(out,
		    ",\"before\":%zu,\"same\":%" PRIu64 ",\"changed\":%" PRIu64
		    ",\"only_a\":%" PRIu64 ",\"only_b\":%" PRIu64 ",\"rejoin\":",
		    c->begin, c->same, c->changed, c->only_a, c->only_b);
	json_rejoin(out, d);
	sink_puts(out, ",\"differences\":[");
	json_pairs(out, c);
	sink_puts(out, "]}\n");
}
