/* SPDX-License-Identifier: MIT */
/* icmp.c - the ICMP errors a TCP hears of (RFC 9293 section 3.9.2.2): RFC 792, RFC 4443. */
#include <wire/layer.h>

#include <string.h>
#include <wire/octets.h>

enum icmpv4_type {
	ICMPV4_UNREACHABLE = 3,
	ICMPV4_SOURCE_QUENCH = 4,
	ICMPV4_TIME_EXCEEDED = 11,
	ICMPV4_PARAMETER_PROBLEM = 12,
};

enum icmpv6_type {
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_PACKET_TOO_BIG = 2,
	ICMPV6_TIME_EXCEEDED = 3,
	ICMPV6_PARAMETER_PROBLEM = 4,
};

enum {
	FRAGMENTATION_NEEDED = 4, /* code of ICMPV4_UNREACHABLE */
	QUOTED_TCP = 8,           /* octets of the TCP header every error quotes: RFC 792 */
	QUOTED_TTL = 64,
};

static bool is_error(enum family family, uint8_t type)
{
	if (family == FAMILY_IPV6)
		return type == ICMPV6_UNREACHABLE || type == ICMPV6_PACKET_TOO_BIG ||
		       type == ICMPV6_TIME_EXCEEDED || type == ICMPV6_PARAMETER_PROBLEM;
	return type == ICMPV4_UNREACHABLE || type == ICMPV4_SOURCE_QUENCH ||
	       type == ICMPV4_TIME_EXCEEDED || type == ICMPV4_PARAMETER_PROBLEM;
}

/* RFC 1191 section 4: the next-hop MTU has the lower half of the word, the rest is unused. */
static bool is_short_mtu(enum family family, uint8_t type, uint8_t code)
{
	return family == FAMILY_IPV4 && type == ICMPV4_UNREACHABLE && code == FRAGMENTATION_NEEDED;
}

static void read_quoted(struct octets quoted, enum family family, struct icmp_error *out)
{
	struct octets segment;
	struct ip inner;

	if (!ip_parse_quoted(quoted, family, &inner, &segment) || segment.size < QUOTED_TCP)
		return;
	out->has_inner = true;
	out->inner_from = inner.from;
	out->inner_to = inner.to;
	out->inner_from_port = get16(segment.at);
	out->inner_to_port = get16(segment.at + 2);
	out->inner_seq = seq(get32(segment.at + 4));
}

/* ICMP has no pseudo header, ICMPv6 has (RFC 4443 section 2.3). */
static uint32_t first_sum(const struct ip *ip, size_t size)
{
	return ip->from.family == FAMILY_IPV6 ? ip_pseudo_sum(ip, IP_PROTOCOL_ICMPV6, size) : 0;
}

enum refusal icmp_error_parse(struct octets d, const struct ip *ip, struct icmp_error *out)
{
	enum family family = (enum family)ip->from.family;

	if (d.size < ICMP_HEADER)
		return REFUSED_ICMP_SHORT;
	if (checksum_end(checksum_add(first_sum(ip, d.size), d.at, d.size)) != 0)
		return REFUSED_ICMP_CHECKSUM;
	if (!is_error(family, d.at[0]))
		return REFUSED_ICMP_KIND;
	*out = (struct icmp_error){.type = d.at[0], .code = d.at[1], .info = get32(d.at + 4)};
	if (is_short_mtu(family, out->type, out->code))
		out->info &= 0xffff;
	read_quoted((struct octets){d.at + ICMP_HEADER, d.size - ICMP_HEADER}, family, out);
	return REFUSED_NOTHING;
}

size_t icmp_error_size(const struct icmp_error *e, const struct ip *ip)
{
	return ICMP_HEADER + (e->has_inner ? ip_header_size(ip) + QUOTED_TCP : 0);
}

void icmp_error_emit(const struct icmp_error *e, const struct ip *ip, uint8_t *at)
{
	enum family family = (enum family)ip->from.family;
	size_t size = icmp_error_size(e, ip);

	ASSERT(is_error(family, e->type));
	ASSERT(!is_short_mtu(family, e->type, e->code) || e->info <= 0xffff);
	at[0] = e->type;
	at[1] = e->code;
	put16(at + 2, 0);
	put32(at + 4, e->info);
	if (e->has_inner) {
		struct ip inner = {.from = e->inner_from, .to = e->inner_to, .ttl = QUOTED_TTL};
		uint8_t *segment = at + ICMP_HEADER + ip_header_size(ip);

		ASSERT(inner.from.family == ip->from.family);
		/* The length is that of the smallest datagram these octets can come from. */
		ip_emit(&inner, IP_PROTOCOL_TCP, TCP_HEADER_MIN, at + ICMP_HEADER);
		put16(segment, e->inner_from_port);
		put16(segment + 2, e->inner_to_port);
		put32(segment + 4, e->inner_seq.v);
	}
	put16(at + 2, checksum_end(checksum_add(first_sum(ip, size), at, size)));
}
