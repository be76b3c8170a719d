/* SPDX-License-Identifier: MIT */
/* tcp_header.c - the TCP header of RFC 9293 section 3.1, between octets and struct tcp_header. */
#include <wire/options.h>

#include <string.h>
#include <wire/octets.h>

/* The control bits we know, among the 12 bits beside the data offset: the rest is reserved, ignored
 * when received and sent as zero. */
enum { CTL_BITS = 0x1ff };

static enum refusal measure(struct octets d, size_t *header)
{
	if (d.size < TCP_HEADER_MIN)
		return REFUSED_TCP_SHORT;
	*header = (size_t)(d.at[12] >> 4) * 4;
	if (*header < TCP_HEADER_MIN || *header > d.size)
		return REFUSED_TCP_DATA_OFFSET;
	return REFUSED_NOTHING;
}

enum refusal tcp_header_parse(struct octets d, const struct ip *ip, struct tcp_header *out)
{
	uint32_t sum = ip_pseudo_sum(ip, IP_PROTOCOL_TCP, d.size);
	size_t header;
	enum refusal why = measure(d, &header);

	if (why != REFUSED_NOTHING)
		return why;
	if (checksum_end(checksum_add(sum, d.at, d.size)) != 0)
		return REFUSED_TCP_CHECKSUM;
	return tcp_header_read(d, out);
}

enum refusal tcp_header_read(struct octets d, struct tcp_header *out)
{
	struct seg *s = &out->seg;
	size_t header;
	enum refusal why = measure(d, &header);

	if (why != REFUSED_NOTHING)
		return why;
	*out = (struct tcp_header){.from_port = get16(d.at), .to_port = get16(d.at + 2)};
	s->seq = seq(get32(d.at + 4));
	s->ctl = get16(d.at + 12) & CTL_BITS;
	s->ack = seq(s->ctl & ACK ? get32(d.at + 8) : 0);
	s->wnd = get16(d.at + 14);
	s->up = s->ctl & URG ? get16(d.at + 18) : 0;
	why = options_parse((struct octets){d.at + TCP_HEADER_MIN, header - TCP_HEADER_MIN}, out);
	if (why != REFUSED_NOTHING)
		return why;
	out->text = d.at + header;
	s->text.len = (uint32_t)(d.size - header);
	s->len = seg_len(s->ctl, s->text.len);
	return REFUSED_NOTHING;
}

/* Header and options without text; 0: the options do not fit. */
static size_t header_size(const struct tcp_header *t)
{
	struct options_layout layout;
	size_t size;

	ASSERT(t->other_size <= TCP_OPTIONS_MAX);
	options_lay_out(&t->seg, (size_t)TCP_OPTIONS_MAX - t->other_size, &layout);
	size = (layout.size + t->other_size + 3) / 4 * 4;
	return size > TCP_OPTIONS_MAX ? 0 : TCP_HEADER_MIN + size;
}

size_t tcp_header_size(const struct tcp_header *t)
{
	size_t header = header_size(t);

	return header ? header + t->seg.text.len : 0;
}

void tcp_header_emit(const struct tcp_header *t, const struct ip *ip, uint8_t *at)
{
	const struct seg *s = &t->seg;
	size_t header = header_size(t);
	size_t size = header + s->text.len;
	uint32_t sum;

	ASSERT(header >= TCP_HEADER_MIN);
	put16(at, t->from_port);
	put16(at + 2, t->to_port);
	put32(at + 4, s->seq.v);
	put32(at + 8, s->ctl & ACK ? s->ack.v : 0);
	put16(at + 12, (uint16_t)(header / 4 << 12 | (s->ctl & CTL_BITS)));
	put16(at + 14, s->wnd);
	put16(at + 16, 0);
	put16(at + 18, s->ctl & URG ? s->up : 0);
	options_emit(t, at + TCP_HEADER_MIN, header - TCP_HEADER_MIN);
	if (s->text.len > 0 && t->text)
		memcpy(at + header, t->text, s->text.len);
	else
		memset(at + header, 0, s->text.len);
	sum = ip_pseudo_sum(ip, IP_PROTOCOL_TCP, size);
	put16(at + 16, checksum_end(checksum_add(sum, at, size)));
}
