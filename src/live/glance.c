/* SPDX-License-Identifier: MIT */
#include "live/glance.h"

#include <string.h>
#include "live/datalink.h"
#include "wire/layer.h"
#include "wire/octets.h"

enum {
	CTL_BITS = 0x1ff,
	PORTS_AND_SEQ = 8,
	COOKED_OUTGOING = 4, /* linux/if_packet.h: PACKET_OUTGOING */
	EXTENSION_LEAST = 8,
	NEXT_AUTHENTICATION = 51,
};

/* What the datagram carries: captured, and as it was on the wire. */
struct carried {
	const uint8_t *at;
	size_t size, wire_size;
	uint8_t protocol;
	uint8_t family;
};

static struct address address_at(const uint8_t *p, enum family family)
{
	struct address a = {.family = (uint8_t)family};

	memcpy(a.octets, p, family == FAMILY_IPV4 ? 4 : 16);
	return a;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* `wire` octets of the datagram there were, `size` of them were captured. */
static enum glance_kind look_ipv4(const uint8_t *p, size_t size, size_t wire, struct glance *out,
				  struct carried *c)
{
	size_t header, total;

	if (size < IPV4_HEADER)
		return GLANCE_DAMAGED;
	header = (p[0] & 0xfu) * 4;
	/* 0: more than the field can tell; the card was to cut it (segmentation offload). */
	total = get16(p + 2) > 0 ? get16(p + 2) : wire;
	if (header < IPV4_HEADER || total < header)
		return GLANCE_DAMAGED;
	out->from.address = address_at(p + 12, FAMILY_IPV4);
	out->to.address = address_at(p + 16, FAMILY_IPV4);
	out->ttl = p[8];
	out->id = get16(p + 4);
	*c = (struct carried){.protocol = p[9], .family = FAMILY_IPV4};
	if (get16(p + 6) & 0x3fff)
		return GLANCE_FRAGMENT;
	if (size < header)
		return GLANCE_DAMAGED;
	c->at = p + header;
	c->wire_size = total - header;
	c->size = least(size - header, c->wire_size);
	return GLANCE_TCP;
}

static bool is_extension(uint8_t next)
{
	return next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_DESTINATION ||
	       next == NEXT_AUTHENTICATION;
}

static enum glance_kind skip_extensions(struct carried *c)
{
	while (is_extension(c->protocol)) {
		size_t n;

		if (c->size < EXTENSION_LEAST)
			return GLANCE_DAMAGED;
		/* RFC 4302 counts in words of four octets, everyone else in eight. */
		n = c->protocol == NEXT_AUTHENTICATION ? (c->at[1] + 2u) * 4 : (c->at[1] + 1u) * 8;
		if (n > c->size)
			return GLANCE_DAMAGED;
		c->protocol = c->at[0];
		c->at += n;
		c->size -= n;
		c->wire_size -= n;
	}
	return c->protocol == NEXT_FRAGMENT ? GLANCE_FRAGMENT : GLANCE_TCP;
}

static enum glance_kind look_ipv6(const uint8_t *p, size_t size, size_t wire, struct glance *out,
				  struct carried *c)
{
	size_t length;

	if (size < IPV6_HEADER)
		return GLANCE_DAMAGED;
	length = get16(p + 4) > 0 ? get16(p + 4) : wire - IPV6_HEADER;
	out->from.address = address_at(p + 8, FAMILY_IPV6);
	out->to.address = address_at(p + 24, FAMILY_IPV6);
	out->ttl = p[7];
	*c = (struct carried){.at = p + IPV6_HEADER,
			      .size = least(size - IPV6_HEADER, length),
			      .wire_size = length,
			      .protocol = p[6],
			      .family = FAMILY_IPV6};
	return skip_extensions(c);
}

static enum glance_kind look_tcp(const struct carried *c, struct glance *out)
{
	const uint8_t *p = c->at;
	size_t header;

	if (c->size < TCP_HEADER_MIN)
		return GLANCE_DAMAGED;
	header = (size_t)(p[12] >> 4) * 4;
	if (header < TCP_HEADER_MIN || header > c->wire_size)
		return GLANCE_DAMAGED;
	out->from.port = get16(p);
	out->to.port = get16(p + 2);
	out->seq = seq(get32(p + 4));
	out->ctl = get16(p + 12) & CTL_BITS;
	out->ack = seq(out->ctl & ACK ? get32(p + 8) : 0);
	out->wnd = get16(p + 14);
	out->len = (uint32_t)(c->wire_size - header);
	/* RFC 7323 appendix A: two NOPs, then the option, and every stack does so. */
	if (header >= TCP_HEADER_MIN + 12 && c->size >= TCP_HEADER_MIN + 12 &&
	    get32(p + TCP_HEADER_MIN) == 0x0101080a)
		out->tsval = get32(p + TCP_HEADER_MIN + 4);
	return GLANCE_TCP;
}

/* The quoted segment's two ends; it was on its way from one to the other. */
static enum glance_kind look_error(const struct carried *c, struct glance *out)
{
	struct octets quoted, inner;
	struct ip ip;
	uint8_t type = c->size >= ICMP_HEADER ? c->at[0] : 0;
	bool is_error = c->family == FAMILY_IPV4 ? type == 3 || type == 11 || type == 12
						 : type >= 1 && type <= 4;

	if (c->size < ICMP_HEADER || !is_error)
		return GLANCE_OTHER;
	quoted = (struct octets){c->at + ICMP_HEADER, c->size - ICMP_HEADER};
	if (!ip_parse_quoted(quoted, (enum family)c->family, &ip, &inner) ||
	    inner.size < PORTS_AND_SEQ)
		return GLANCE_OTHER;
	out->from = (struct endpoint){ip.from, get16(inner.at)};
	out->to = (struct endpoint){ip.to, get16(inner.at + 2)};
	out->seq = seq(get32(inner.at + 4));
	if (inner.size >= TCP_HEADER_MIN)
		out->ctl = get16(inner.at + 12) & CTL_BITS;
	return GLANCE_ERROR;
}

/* "Cooked" captures tell who sent it. */
static void look_direction(const struct frame_sight *f, struct glance *out)
{
	size_t at = f->link == DATALINK_LINUX_SLL ? 1 : 10;

	if (f->link != DATALINK_LINUX_SLL && f->link != DATALINK_LINUX_SLL2)
		return;
	out->has_direction = true;
	out->is_outgoing = f->octets[at] == COOKED_OUTGOING;
}

enum glance_kind glance(const struct frame_sight *f, struct glance *out)
{
	struct carried c = {0};
	enum glance_kind kind;
	size_t at, n, wire;

	*out = (struct glance){0};
	if (!datalink_ip(f->link, f->octets, f->size, &at, &n))
		return GLANCE_OTHER;
	look_direction(f, out);
	wire = f->wire_size - at;
	kind = f->octets[at] >> 4 == 4 ? look_ipv4(f->octets + at, n, wire, out, &c)
				       : look_ipv6(f->octets + at, n, wire, out, &c);
	if (c.protocol == IP_PROTOCOL_TCP || kind == GLANCE_FRAGMENT)
		return kind == GLANCE_TCP ? look_tcp(&c, out) : kind;
	if (kind == GLANCE_TCP &&
	    c.protocol == (c.family == FAMILY_IPV4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6))
		return look_error(&c, out);
	return kind == GLANCE_DAMAGED && c.family == FAMILY_NONE ? kind : GLANCE_OTHER;
}
