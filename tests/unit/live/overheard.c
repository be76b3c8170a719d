/* SPDX-License-Identifier: MIT */
#include "overheard.h"

#include <check.h>
#include <inttypes.h>
#include <string.h>
#include <base/sink.h>
#include <wire/packet.h>
#include <woshou/names.h>

static uint16_t flags_of(const char *letters)
{
	uint16_t ctl = 0;

	for (; *letters; letters++) {
		switch (*letters) {
		case 'S': ctl |= SYN; break;
		case 'F': ctl |= FIN; break;
		case 'R': ctl |= RST; break;
		case 'P': ctl |= PSH; break;
		case '.': ctl |= ACK; break;
		default: ck_abort_msg("flag %c", *letters);
		}
	}
	return ctl;
}

void overheard_flow(struct flow *out)
{
	*out = (struct flow){0};
	ck_assert(address_parse("10.0.0.1", &out->end[0].address));
	ck_assert(address_parse("10.0.0.2", &out->end[1].address));
	out->end[0].port = 40000;
	out->end[1].port = 8888;
}

size_t overheard_frame(const struct overheard *o, uint8_t *frame, size_t room)
{
	struct packet p = {.kind = PACKET_TCP, .has_ethernet = true};
	struct flow flow;
	size_t size;

	overheard_flow(&flow);
	p.ethernet.type = ETHERTYPE_IPV4;
	p.ip.from = flow.end[o->who == LI].address;
	p.ip.to = flow.end[o->who != LI].address;
	p.ip.ttl = 64;
	p.ip.protocol = IP_PROTOCOL_TCP;
	p.tcp.from_port = flow.end[o->who == LI].port;
	p.tcp.to_port = flow.end[o->who != LI].port;
	p.tcp.seg.ctl = flags_of(o->flags);
	p.tcp.seg.seq = seq(o->seq);
	p.tcp.seg.ack = seq(o->ack);
	p.tcp.seg.wnd = (uint16_t)(o->win < 0 ? 0 : o->win ? o->win : 1000);
	if (o->text) {
		p.tcp.seg.text.len = (uint32_t)strlen(o->text);
		p.tcp.text = (const uint8_t *)o->text;
	}
	p.tcp.seg.len = seg_len(p.tcp.seg.ctl, p.tcp.seg.text.len);
	if (o->sack.right.v) {
		p.tcp.seg.opts |= OPT_SACK;
		p.tcp.seg.sacks = 1;
		p.tcp.seg.sack[0] = o->sack;
	}
	ck_assert(packet_emit(&p, frame, room, &size));
	return size;
}

struct recorder *overheard_record(const struct overheard *all, const struct recorder_options *o)
{
	struct recorder *r = recorder_new(o);
	uint8_t frame[2000];
	usec last = OVERHEARD_EPOCH;

	for (; all->who != OVERHEARD_END; all++) {
		size_t size = overheard_frame(all, frame, sizeof frame);

		last = OVERHEARD_EPOCH + all->at;
		recorder_frame(r, &(struct frame_sight){.at = last,
							.link = 1,
							.octets = frame,
							.size = size,
							.wire_size = size});
	}
	recorder_end(r, all->at ? OVERHEARD_EPOCH + all->at : last + USEC_PER_S);
	return r;
}

char *steps_of(const struct trace *t)
{
	struct sink out = {0};

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_STATE)
			sink_printf(&out, r->is_inferred ? "%s:%s " : "[%s:%s] ",
				    trace_host_at(t, r->host)->name, state_name((enum state)r->to));
	}
	sink_puts(&out, "");
	return out.at;
}

static void put_line(const struct trace *t, const struct record *r, struct sink *out)
{
	int set = names_of_detail((enum record_kind)r->kind);

	sink_printf(out, "%" PRId64 " %s", r->at, name_of(NAMES_KIND, r->kind));
	if (set >= 0 && name_of((enum name_set)set, r->detail))
		sink_printf(out, " %s", name_of((enum name_set)set, r->detail));
	if (r->host < trace_host_count(t))
		sink_printf(out, " %s", trace_host_at(t, r->host)->name);
	if (r->kind == REC_STATE)
		sink_printf(out, " %s>%s", state_name((enum state)r->from),
			    state_name((enum state)r->to));
	if (r->kind == REC_SEND || r->kind == REC_ARRIVE)
		sink_printf(out, " %x %u %u +%u", r->seg.ctl, r->seg.seq.v, r->seg.ack.v,
			    r->seg.text.len);
	if (r->kind == REC_SEND && r->seg.rexmit)
		sink_printf(out, " again%u", r->seg.rexmit);
	if (r->kind == REC_READ || (r->kind == REC_CALL && r->detail == CALL_WRITE))
		sink_printf(out, " %d", (int)r->number[0]);
	if (r->error)
		sink_printf(out, " %s", sock_error_name((enum sock_error)r->error));
	sink_puts(out, r->is_inferred ? "~\n" : "\n");
}

char *lines_of(const struct trace *t)
{
	struct sink out = {0};

	for (uint64_t i = 0; i < trace_count(t); i++)
		put_line(t, trace_at(t, i), &out);
	sink_puts(&out, "");
	return out.at;
}
