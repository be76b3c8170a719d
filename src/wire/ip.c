/* SPDX-License-Identifier: MIT */
/* ip.c - from octets to struct ip: IPv4 (RFC 791) and IPv6 with extension headers (RFC 8200). */
#include <wire/layer.h>

#include <string.h>
#include <wire/octets.h>

static struct address address_at(const uint8_t *p, enum family family)
{
	struct address a = {.family = (uint8_t)family};

	memcpy(a.octets, p, family == FAMILY_IPV4 ? 4 : 16);
	return a;
}

/* The fixed part, with every length and the checksum as yet unjudged. */
static void read_ipv4(const uint8_t *p, struct ip *out)
{
	*out = (struct ip){
		.from = address_at(p + 12, FAMILY_IPV4),
		.to = address_at(p + 16, FAMILY_IPV4),
		.ttl = p[8],
		.protocol = p[9],
		.dscp = p[1] >> 2,
		.ecn = p[1] & 3,
		.id = get16(p + 4),
		.dont_fragment = p[6] & 0x40,
	};
}

/* IPv4 options are skipped unread. Only an unfinished source route would matter: the TCP checksum
 * is then made with another destination, and it fails by that. */
static enum refusal parse_ipv4(struct octets d, struct ip *out, struct octets *payload)
{
	size_t header, total;

	if (d.size < IPV4_HEADER)
		return REFUSED_IP_SHORT;
	header = (d.at[0] & 0xfu) * 4;
	total = get16(d.at + 2);
	if (header < IPV4_HEADER || header > d.size)
		return REFUSED_IP_HEADER_LENGTH;
	if (total < header || total > d.size)
		return REFUSED_IP_TOTAL_LENGTH;
	if (checksum_end(checksum_add(0, d.at, header)) != 0)
		return REFUSED_IP_CHECKSUM;
	if (get16(d.at + 6) & 0x3fff)
		return REFUSED_IP_FRAGMENT;
	read_ipv4(d.at, out);
	*payload = (struct octets){d.at + header, total - header};
	return REFUSED_NOTHING;
}

/* An unknown option may be skipped only if its two highest bits are 0 (RFC 8200 section 4.2). */
static bool may_skip_options(const uint8_t *p, size_t size)
{
	while (size > 0) {
		size_t n = 1;

		if (p[0] != 0) { /* not Pad1 */
			if (size < 2 || p[0] & 0xc0)
				return false;
			n = 2u + p[1];
			if (n > size)
				return false;
		}
		p += n;
		size -= n;
	}
	return true;
}

/* Goes through the extension headers; `*next` is at first the header's own "next header". */
static enum refusal skip_extensions(struct octets *rest, uint8_t *next)
{
	for (bool is_first = true;; is_first = false) {
		size_t size;

		if (*next == NEXT_FRAGMENT)
			return REFUSED_IP_FRAGMENT;
		if (*next != NEXT_HOP_BY_HOP && *next != NEXT_ROUTING && *next != NEXT_DESTINATION)
			return REFUSED_NOTHING;
		if (*next == NEXT_HOP_BY_HOP && !is_first)
			return REFUSED_IPV6_EXTENSION;
		if (rest->size < 8)
			return REFUSED_IPV6_EXTENSION;
		size = (rest->at[1] + 1u) * 8;
		if (size > rest->size)
			return REFUSED_IPV6_EXTENSION;
		if (*next != NEXT_ROUTING && !may_skip_options(rest->at + 2, size - 2))
			return REFUSED_IPV6_EXTENSION;
		/* With segments left the datagram is not for this destination, and the checksum is
		 * made with another one. */
		if (*next == NEXT_ROUTING && rest->at[3] != 0)
			return REFUSED_IPV6_EXTENSION;
		*next = rest->at[0];
		rest->at += size;
		rest->size -= size;
	}
}

static void read_ipv6(const uint8_t *p, struct ip *out)
{
	uint32_t first = get32(p);

	*out = (struct ip){
		.from = address_at(p + 8, FAMILY_IPV6),
		.to = address_at(p + 24, FAMILY_IPV6),
		.ttl = p[7],
		.protocol = p[6],
		.dscp = (uint8_t)(first >> 22 & 0x3f),
		.ecn = (uint8_t)(first >> 20 & 3),
		.flow = first & 0xfffff,
	};
}

static enum refusal parse_ipv6(struct octets d, struct ip *out, struct octets *payload)
{
	size_t size;

	if (d.size < IPV6_HEADER)
		return REFUSED_IP_SHORT;
	size = get16(d.at + 4);
	if (size > d.size - IPV6_HEADER)
		return REFUSED_IP_TOTAL_LENGTH;
	read_ipv6(d.at, out);
	*payload = (struct octets){d.at + IPV6_HEADER, size};
	return skip_extensions(payload, &out->protocol);
}

enum { CAPTURED_MAX = 1 << 20 }; /* twice what Linux makes of one with "BIG TCP" */

/* Header and length are to be believed; a length of 0 says that it is longer than a length can be.
 */
static enum refusal captured_ipv4(struct octets d, size_t wire, struct ip *out,
				  struct octets *payload, size_t *missing)
{
	size_t header, total;

	if (d.size < IPV4_HEADER)
		return REFUSED_IP_SHORT;
	header = (d.at[0] & 0xfu) * 4;
	total = get16(d.at + 2) > 0 ? get16(d.at + 2) : wire;
	if (header < IPV4_HEADER || header > d.size)
		return REFUSED_IP_HEADER_LENGTH;
	if (total < header || total > wire || total > CAPTURED_MAX)
		return REFUSED_IP_TOTAL_LENGTH;
	if (get16(d.at + 6) & 0x3fff)
		return REFUSED_IP_FRAGMENT;
	read_ipv4(d.at, out);
	*missing = total > d.size ? total - d.size : 0;
	*payload = (struct octets){d.at + header, total - header - *missing};
	return REFUSED_NOTHING;
}

static enum refusal captured_ipv6(struct octets d, size_t wire, struct ip *out,
				  struct octets *payload, size_t *missing)
{
	size_t size;

	if (d.size < IPV6_HEADER || wire < IPV6_HEADER)
		return REFUSED_IP_SHORT;
	size = get16(d.at + 4) > 0 ? get16(d.at + 4) : wire - IPV6_HEADER;
	if (size > wire - IPV6_HEADER || size > CAPTURED_MAX)
		return REFUSED_IP_TOTAL_LENGTH;
	read_ipv6(d.at, out);
	*missing = size > d.size - IPV6_HEADER ? size - (d.size - IPV6_HEADER) : 0;
	*payload = (struct octets){d.at + IPV6_HEADER, size - *missing};
	return skip_extensions(payload, &out->protocol);
}

enum refusal ip_parse_captured(struct octets datagram, size_t wire, struct ip *out,
			       struct octets *payload, size_t *missing)
{
	if (datagram.size == 0)
		return REFUSED_IP_SHORT;
	switch (datagram.at[0] >> 4) {
	case 4: return captured_ipv4(datagram, wire, out, payload, missing);
	case 6: return captured_ipv6(datagram, wire, out, payload, missing);
	}
	return REFUSED_IP_VERSION;
}

enum refusal ip_parse(struct octets datagram, struct ip *out, struct octets *payload)
{
	if (datagram.size == 0)
		return REFUSED_IP_SHORT;
	switch (datagram.at[0] >> 4) {
	case 4: return parse_ipv4(datagram, out, payload);
	case 6: return parse_ipv6(datagram, out, payload);
	}
	return REFUSED_IP_VERSION;
}

static bool quoted_ipv4(struct octets d, struct ip *out, struct octets *payload)
{
	size_t header;

	if (d.size < IPV4_HEADER)
		return false;
	header = (d.at[0] & 0xfu) * 4;
	if (header < IPV4_HEADER || header > d.size)
		return false;
	/* Only a first fragment shows the TCP header. */
	if (get16(d.at + 6) & 0x1fff)
		return false;
	read_ipv4(d.at, out);
	*payload = (struct octets){d.at + header, d.size - header};
	return true;
}

static bool quoted_ipv6(struct octets d, struct ip *out, struct octets *payload)
{
	if (d.size < IPV6_HEADER)
		return false;
	read_ipv6(d.at, out);
	*payload = (struct octets){d.at + IPV6_HEADER, d.size - IPV6_HEADER};
	return skip_extensions(payload, &out->protocol) == REFUSED_NOTHING;
}

bool ip_parse_quoted(struct octets quoted, enum family family, struct ip *out,
		     struct octets *payload)
{
	if (quoted.size == 0 || quoted.at[0] >> 4 != (int)family)
		return false;
	if (family == FAMILY_IPV4 ? !quoted_ipv4(quoted, out, payload)
				  : !quoted_ipv6(quoted, out, payload))
		return false;
	return out->protocol == IP_PROTOCOL_TCP;
}
