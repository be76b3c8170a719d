/* SPDX-License-Identifier: MIT */
/* wire.c - a packet that left, as octets: its checksums, its options as they stand, its text. */
#include <drill/run.h>

#include <wire/packet.h>

enum { KIND_EOL = 0, KIND_NOP = 1, IPV4_HEADER = 20, IPV6_HEADER = 40 };

static void read_options(const uint8_t *at, size_t size, struct wire_packet *out)
{
	while (size > 0 && out->count < sizeof out->option / sizeof *out->option) {
		size_t n = at[0] == KIND_EOL || at[0] == KIND_NOP ? 1 : size > 1 ? at[1] : 0;

		if (n == 0 || n > size) {
			out->wrong = "an option is longer than the header";
			return;
		}
		out->option[out->count++] = (struct wire_option){at[0], (uint8_t)n, at};
		at += n;
		size -= n;
	}
}

void wire_make(struct run *run, const struct left *l, struct wire_packet *out)
{
	const struct seg *s = &l->heard.seg;
	struct packet *p = xcalloc(1, sizeof *p);
	uint8_t *text = xcalloc(s->text.len + 1u, 1);
	size_t ip, offset;
	enum refusal why;

	out->size = out->count = out->text_size = 0;
	out->wrong = NULL;
	stream_read(trace_streams_of(run->trace), &s->text, 0, text, s->text.len);
	p->kind = PACKET_TCP;
	p->ip.from = trace_host_at(run->trace, run->tcp)->address;
	p->ip.to = trace_host_at(run->trace, run->peer)->address;
	p->ip.ttl = l->heard.ttl;
	p->ip.dscp = l->heard.tos >> 2;
	p->ip.ecn = l->heard.tos & 3;
	p->ip.protocol = IP_PROTOCOL_TCP;
	p->tcp.from_port = l->heard.from_port;
	p->tcp.to_port = l->heard.to_port;
	p->tcp.seg = *s;
	p->tcp.seg.text = (struct text){.len = s->text.len};
	p->tcp.text = text;
	ip = p->ip.from.family == FAMILY_IPV6 ? IPV6_HEADER : IPV4_HEADER;
	if (!packet_emit(p, out->octets, sizeof out->octets, &out->size)) {
		out->wrong = "no datagram can carry it";
	} else {
		why = packet_parse(out->octets, out->size, PACKET_IP, p);
		if (why != REFUSED_NOTHING)
			out->wrong = packet_reason(why);
		offset = (size_t)(out->octets[ip + 12] >> 4) * 4;
		out->text = out->octets + ip + offset;
		out->text_size = out->size - ip - offset;
		read_options(out->octets + ip + TCP_HEADER_MIN, offset - TCP_HEADER_MIN, out);
	}
	free(text);
	free(p);
}
