/* SPDX-License-Identifier: MIT */
#include "random_packet.h"

#include <string.h>

enum { TEXT_MAX = 3000 };

static uint32_t any(struct prng *p, uint32_t below)
{
	return (uint32_t)prng_below(p, below);
}

static uint32_t word(struct prng *p)
{
	return (uint32_t)prng_u64(p);
}

static struct address any_address(struct prng *p, enum family family)
{
	struct address a = {.family = (uint8_t)family};

	for (int i = 0; i < (family == FAMILY_IPV4 ? 4 : 16); i++)
		a.octets[i] = (uint8_t)word(p);
	return a;
}

static void make_ip(struct prng *p, struct ip *ip)
{
	enum family family = any(p, 2) ? FAMILY_IPV4 : FAMILY_IPV6;

	ip->from = any_address(p, family);
	ip->to = any_address(p, family);
	ip->ttl = (uint8_t)word(p);
	ip->dscp = (uint8_t)any(p, 64);
	ip->ecn = (uint8_t)any(p, 4);
	if (family == FAMILY_IPV4) {
		ip->id = (uint16_t)word(p);
		ip->dont_fragment = any(p, 2);
	} else {
		ip->flow = any(p, 1 << 20);
	}
}

/* Octets these options need without NOPs. */
static size_t least_size(const struct seg *s)
{
	return (s->opts & OPT_MSS ? 4u : 0u) + (s->opts & OPT_WSCALE ? 3u : 0u) +
	       (s->opts & OPT_SACK_PERMITTED ? 2u : 0u) +
	       (s->opts & OPT_SACK ? 2u + 8u * s->sacks : 0u) +
	       (s->opts & OPT_TIMESTAMPS ? 10u : 0u);
}

/* An option that must be kept as unknown: of another kind, of a wrong length, or a second one. */
static void add_other(struct prng *p, struct tcp_header *t, size_t room)
{
	uint8_t *at = t->other + t->other_size;
	size_t size = 2 + any(p, (uint32_t)(room - 1));

	for (size_t i = 2; i < size; i++)
		at[i] = (uint8_t)word(p);
	at[0] = (uint8_t)(9 + any(p, 247));
	if (at[0] == 28 && size == 4)
		at[0] = 29; /* the user timeout option is known */
	if (any(p, 3) == 0 && size != 4)
		at[0] = 2; /* MSS has 4 octets */
	if (any(p, 3) == 0 && t->seg.opts & OPT_WSCALE)
		at[0] = 3;
	at[1] = (uint8_t)size;
	t->other_size = (uint8_t)(t->other_size + size);
}

static void make_options(struct prng *p, struct tcp_header *t)
{
	struct seg *s = &t->seg;

	do {
		s->opts = (uint8_t)any(p, 32);
		s->sacks = s->opts & OPT_SACK ? (uint8_t)(1 + any(p, SEG_SACK_MAX)) : 0;
	} while (least_size(s) > TCP_OPTIONS_MAX);
	if (s->opts & OPT_MSS)
		s->mss = (uint16_t)word(p);
	if (s->opts & OPT_WSCALE)
		s->wscale = (uint8_t)word(p);
	for (int i = 0; i < s->sacks; i++)
		s->sack[i] = (struct sack_block){seq(word(p)), seq(word(p))};
	if (s->opts & OPT_TIMESTAMPS) {
		s->tsval = word(p);
		s->tsecr = word(p);
	}
	while (any(p, 2)) {
		size_t room = TCP_OPTIONS_MAX - least_size(s) - t->other_size;

		if (room < 2)
			break;
		add_other(p, t, room);
	}
}

static void make_tcp(struct prng *p, struct tcp_header *t)
{
	static uint8_t text[TEXT_MAX];
	struct seg *s = &t->seg;

	t->from_port = (uint16_t)word(p);
	t->to_port = (uint16_t)word(p);
	s->seq = seq(word(p));
	s->ctl = (uint16_t)any(p, 0x200);
	s->ack = seq(s->ctl & ACK ? word(p) : 0);
	s->wnd = (uint16_t)word(p);
	s->up = s->ctl & URG ? (uint16_t)word(p) : 0;
	make_options(p, t);
	s->text.len = any(p, 3) ? any(p, any(p, 10) ? 40 : TEXT_MAX) : 0;
	for (uint32_t i = 0; i < s->text.len; i++)
		text[i] = (uint8_t)word(p);
	t->text = any(p, 4) ? text : NULL;
	s->len = seg_len(s->ctl, s->text.len);
}

static void make_icmp(struct prng *p, const struct ip *ip, struct icmp_error *e)
{
	static const uint8_t types[2][4] = {{3, 4, 11, 12}, {1, 2, 3, 4}};
	enum family family = (enum family)ip->from.family;

	e->type = types[family == FAMILY_IPV6][any(p, 4)];
	e->code = (uint8_t)any(p, 6);
	e->info = word(p);
	if (family == FAMILY_IPV4 && e->type == 3 && e->code == 4)
		e->info &= 0xffff;
	e->has_inner = any(p, 4) != 0;
	if (e->has_inner) {
		e->inner_from = any_address(p, family);
		e->inner_to = any_address(p, family);
		e->inner_from_port = (uint16_t)word(p);
		e->inner_to_port = (uint16_t)word(p);
		e->inner_seq = seq(word(p));
	}
}

void random_packet(struct prng *p, struct packet *out)
{
	memset(out, 0, sizeof *out);
	out->has_ethernet = any(p, 2);
	make_ip(p, &out->ip);
	if (out->has_ethernet) {
		for (int i = 0; i < 6; i++) {
			out->ethernet.to[i] = (uint8_t)word(p);
			out->ethernet.from[i] = (uint8_t)word(p);
		}
		out->ethernet.type =
			out->ip.from.family == FAMILY_IPV4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
	}
	if (any(p, 5)) {
		out->kind = PACKET_TCP;
		out->ip.protocol = IP_PROTOCOL_TCP;
		make_tcp(p, &out->tcp);
	} else {
		out->kind = PACKET_ICMP_ERROR;
		out->ip.protocol =
			out->ip.from.family == FAMILY_IPV4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6;
		make_icmp(p, &out->ip, &out->icmp);
	}
}
