/* SPDX-License-Identifier: MIT */
/* csv.c - one row a segment's or a state's record, RFC 4180: CRLF, quotes where needed. */
#include "export/export.h"

#include <inttypes.h>
#include <string.h>
#include <woshou/names.h>
#include "export/words.h"
#include "trace/talk.h"
#include "wire/seg_text.h"

static const char header[] =
	"record,time_us,kind,what,host,peer,connection,of,from_port,to_port,flags,seq,ack,length,"
	"window,rel_seq,rel_ack,rexmit,stranger,state_from,state_to,rule,rfc,section,place,"
	"inferred\r\n";

static void put_cell(struct sink *out, const char *text)
{
	sink_putc(out, ',');
	if (strpbrk(text, ",\"\r\n") == NULL) {
		sink_puts(out, text);
		return;
	}
	sink_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			sink_putc(out, '"');
		sink_putc(out, *text);
	}
	sink_putc(out, '"');
}

static void put_number(struct sink *out, bool has, int64_t n)
{
	sink_putc(out, ',');
	if (has)
		sink_printf(out, "%" PRId64, n);
}

static void put_segment(struct sink *out, const struct trace *t, const struct record *r,
			const struct talk *talk)
{
	const struct seg *s = trace_seg(t, r);
	struct leg leg = trace_leg(t, r);
	struct relative rel = {0};
	bool has_ack = s->ctl & ACK;
	struct sink flags = {0};

	if (talk)
		rel = talk_relative(talk, &leg, s);
	seg_print_ctl(&flags, s->ctl);
	put_number(out, true, leg.from_port);
	put_number(out, true, leg.to_port);
	put_cell(out, flags.at);
	put_number(out, true, s->seq.v);
	put_number(out, has_ack, s->ack.v);
	put_number(out, true, s->text.len);
	put_number(out, true, s->wnd);
	put_number(out, rel.has_seq, rel.seq.v);
	put_number(out, rel.has_ack, rel.ack.v);
	put_number(out, true, s->rexmit);
	put_number(out, true, r->is_stranger);
	sink_puts(out, ",,");
	sink_fini(&flags);
}

static void put_states(struct sink *out, const struct record *r)
{
	sink_puts(out, ",,,,,,,,,,,");
	put_cell(out, state_name((enum state)r->from));
	put_cell(out, state_name((enum state)r->to));
}

static void put_rule(struct sink *out, uint16_t rule)
{
	const struct rule_info *info;

	if (rule == RULE_NONE) {
		sink_puts(out, ",,,");
		return;
	}
	info = rule_info((enum rule)rule);
	put_cell(out, info->id);
	put_number(out, true, info->rfc);
	put_cell(out, info->section);
}

static void put_row(struct sink *out, const struct trace *t, const struct record *r,
		    const struct talk *talk)
{
	int set = names_of_detail((enum record_kind)r->kind);
	const char *what = set < 0 ? NULL : name_of((enum name_set)set, r->detail);
	struct sink place = {0};

	sink_printf(out, "%" PRIu64 ",%" PRId64, r->serial, r->at);
	put_cell(out, name_of(NAMES_KIND, r->kind));
	put_cell(out, what ? what : "");
	put_cell(out, r->host == TRACE_NO_HOST ? "" : words_host(t, r->host));
	put_cell(out, r->peer == TRACE_NO_HOST ? "" : words_host(t, r->peer));
	put_number(out, r->conn != 0, r->conn);
	put_number(out, r->of != r->serial, (int64_t)r->of);
	if (r->kind == REC_STATE)
		put_states(out, r);
	else
		put_segment(out, t, r, talk);
	put_rule(out, r->rule);
	sink_puts(&place, "");
	words_put_place(&place, t, &r->place);
	put_cell(out, place.at ? place.at : "");
	put_number(out, true, r->is_inferred);
	sink_puts(out, "\r\n");
	sink_fini(&place);
}

static bool has_row(const struct record *r)
{
	return r->kind == REC_SEND || r->kind == REC_WIND || r->kind == REC_ARRIVE ||
	       r->kind == REC_DISCARD || r->kind == REC_STATE;
}

void export_csv(const struct trace *t, const struct export_options *o, struct sink *out)
{
	struct talks talks = {0};

	(void)o;
	sink_puts(out, header);
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);
		const struct talk *talk = talks_see(&talks, t, r);

		if (has_row(r))
			put_row(out, t, r, talk);
	}
	talks_fini(&talks);
}
