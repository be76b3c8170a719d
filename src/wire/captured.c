/* SPDX-License-Identifier: MIT */
/* captured.c - segments as captures show them. */
#include <wire/layer.h>

#include <wire/octets.h>

/* A machine that leaves the sum to its hardware puts that of the pseudo header there, for the
 * hardware to go on from; with segmentation offload some leave the length out of it. */
static bool is_partial(struct octets segment, const struct ip *ip)
{
	uint16_t sum = get16(segment.at + 16);
	uint16_t whole = (uint16_t)~checksum_end(ip_pseudo_sum(ip, IP_PROTOCOL_TCP, segment.size));
	uint16_t without = (uint16_t)~checksum_end(ip_pseudo_sum(ip, IP_PROTOCOL_TCP, 0));

	return sum == whole || sum == without || sum == 0;
}

static enum captured_sum judge(struct octets segment, const struct ip *ip, size_t missing)
{
	uint32_t sum = ip_pseudo_sum(ip, IP_PROTOCOL_TCP, segment.size);

	if (missing > 0)
		return SUM_UNKNOWN;
	if (checksum_end(checksum_add(sum, segment.at, segment.size)) == 0)
		return SUM_RIGHT;
	return is_partial(segment, ip) ? SUM_PARTIAL : SUM_WRONG;
}

enum refusal packet_parse_captured(const uint8_t *bytes, size_t size, size_t wire,
				   struct packet *out, struct captured *how)
{
	struct packet p = {.kind = PACKET_TCP};
	struct octets segment = {0};
	size_t missing = 0;
	enum refusal why;

	why = ip_parse_captured((struct octets){bytes, size}, wire > size ? wire : size, &p.ip,
				&segment, &missing);
	if (why != REFUSED_NOTHING)
		return why;
	if (p.ip.protocol != IP_PROTOCOL_TCP)
		return REFUSED_IP_PROTOCOL;
	why = tcp_header_read(segment, &p.tcp);
	if (why != REFUSED_NOTHING)
		return why;
	*how = (struct captured){.sum = judge(segment, &p.ip, missing),
				 .tcp = (uint32_t)(segment.at - bytes),
				 .header = (uint32_t)(p.tcp.text - bytes),
				 .text = p.tcp.seg.text.len};
	p.tcp.seg.text.len += (uint32_t)missing;
	p.tcp.seg.len += (uint32_t)missing;
	*out = p;
	return REFUSED_NOTHING;
}
