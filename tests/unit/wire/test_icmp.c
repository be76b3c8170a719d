/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "captures.h"
#include "octet_tools.h"

static void parse_capture(const char *name, struct packet *out)
{
	uint8_t bytes[256];

	for (int i = 0; i < captures_count; i++) {
		size_t size;

		if (strcmp(captures[i].name, name) != 0)
			continue;
		size = octets_from_hex(captures[i].hex, bytes);
		ck_assert_int_eq(parse_walled(bytes, size, PACKET_ETHERNET, out), REFUSED_NOTHING);
		return;
	}
	ck_abort_msg("no capture '%s'", name);
}

static const struct quoted_case {
	const char *error, *segment;
	uint8_t type, code;
} quoted[] = {
	{"a host unreachable, IPv4", "a SYN to nowhere, IPv4", 3, 1},
	{"no route, IPv6", "a SYN to nowhere, IPv6", 1, 0},
};

/* The router's complaint names the very segment that was sent. */
START_TEST(an_error_quotes_its_segment)
{
	const struct quoted_case *c = &quoted[_i];
	struct packet e, s;

	parse_capture(c->error, &e);
	parse_capture(c->segment, &s);
	ck_assert_int_eq(e.kind, PACKET_ICMP_ERROR);
	ck_assert_uint_eq(e.icmp.type, c->type);
	ck_assert_uint_eq(e.icmp.code, c->code);
	ck_assert_uint_eq(e.icmp.info, 0);
	ck_assert(e.icmp.has_inner);
	ck_assert(address_eq(&e.icmp.inner_from, &s.ip.from));
	ck_assert(address_eq(&e.icmp.inner_to, &s.ip.to));
	ck_assert_uint_eq(e.icmp.inner_from_port, s.tcp.from_port);
	ck_assert_uint_eq(e.icmp.inner_to_port, s.tcp.to_port);
	ck_assert_uint_eq(e.icmp.inner_seq.v, s.tcp.seg.seq.v);
}
END_TEST

/* An ICMP message over IPv4 or IPv6 with `n` octets quoted. */
static size_t message(enum family family, uint8_t type, uint8_t code, const char *rest,
		      const uint8_t *inner, size_t n, uint8_t *out)
{
	uint8_t plain[128];
	size_t header = family == FAMILY_IPV4 ? 20 : 40;

	if (family == FAMILY_IPV4)
		octets_tcp(NULL, 0, "", plain);
	else
		octets_ipv6(6, NULL, 0, plain);
	memcpy(out, plain, header);
	out[header] = type;
	out[header + 1] = code;
	octets_from_hex(rest, out + header + 4);
	if (n > 0)
		memcpy(out + header + 8, inner, n);
	if (family == FAMILY_IPV4) {
		out[3] = (uint8_t)(header + 8 + n);
		out[9] = IP_PROTOCOL_ICMP;
	} else {
		out[5] = (uint8_t)(8 + n);
		out[6] = IP_PROTOCOL_ICMPV6;
	}
	octets_mend(out, header + 8 + n);
	return header + 8 + n;
}

static const struct kind_case {
	const char *name;
	enum family family;
	uint8_t type, code;
	const char *rest;
	enum refusal refused;
	uint32_t info;
} kinds[] = {
	{"net unreachable", FAMILY_IPV4, 3, 0, "00000000", 0, 0},
	{"port unreachable", FAMILY_IPV4, 3, 3, "00000000", 0, 0},
	{"fragmentation needed", FAMILY_IPV4, 3, 4, "000005dc", 0, 1500},
	{"the unused half is not MTU", FAMILY_IPV4, 3, 4, "abcd05dc", 0, 1500},
	{"fragmentation needed, of old", FAMILY_IPV4, 3, 4, "00000000", 0, 0},
	{"source quench", FAMILY_IPV4, 4, 0, "00000000", 0, 0},
	{"time exceeded", FAMILY_IPV4, 11, 0, "00000000", 0, 0},
	{"parameter problem", FAMILY_IPV4, 12, 0, "14000000", 0, 0x14000000},
	{"redirect", FAMILY_IPV4, 5, 1, "0a000001", REFUSED_ICMP_KIND, 0},
	{"echo request", FAMILY_IPV4, 8, 0, "00010001", REFUSED_ICMP_KIND, 0},
	{"echo reply", FAMILY_IPV4, 0, 0, "00010001", REFUSED_ICMP_KIND, 0},
	{"ICMPv6's packet too big over IPv4", FAMILY_IPV4, 2, 0, "000005dc", REFUSED_ICMP_KIND, 0},
	{"no route, IPv6", FAMILY_IPV6, 1, 0, "00000000", 0, 0},
	{"packet too big, IPv6", FAMILY_IPV6, 2, 0, "00010500", 0, 0x10500},
	{"hop limit exceeded, IPv6", FAMILY_IPV6, 3, 0, "00000000", 0, 0},
	{"parameter problem, IPv6", FAMILY_IPV6, 4, 1, "00000028", 0, 40},
	{"an error not known, IPv6", FAMILY_IPV6, 5, 0, "00000000", REFUSED_ICMP_KIND, 0},
	{"echo request, IPv6", FAMILY_IPV6, 128, 0, "00010001", REFUSED_ICMP_KIND, 0},
	{"time exceeded of IPv4 over IPv6", FAMILY_IPV6, 11, 0, "00000000", REFUSED_ICMP_KIND, 0},
};

START_TEST(these_kinds_are_errors)
{
	const struct kind_case *c = &kinds[_i];
	uint8_t inner[128], bytes[256];
	size_t n = c->family == FAMILY_IPV4 ? octets_tcp(NULL, 0, "", inner)
					    : octets_ipv6(6, NULL, 0, inner);
	size_t size = message(c->family, c->type, c->code, c->rest, inner, n, bytes);
	struct packet p;
	enum refusal why = parse_walled(bytes, size, PACKET_IP, &p);

	ck_assert_msg(why == c->refused, "%s: %s", c->name, packet_reason(why));
	if (why != REFUSED_NOTHING)
		return;
	ck_assert_msg(p.kind == PACKET_ICMP_ERROR && p.icmp.type == c->type &&
			      p.icmp.code == c->code && p.icmp.info == c->info,
		      "%s: info %u", c->name, p.icmp.info);
	ck_assert_msg(p.icmp.has_inner && p.icmp.inner_from_port == 49152 &&
			      p.icmp.inner_to_port == 8888 && p.icmp.inner_seq.v == 1000,
		      "%s: inner", c->name);
}
END_TEST

/* One octet of the quoted datagram changed: is it still TCP that shows its ports? Its checksums and
 * total length are not looked at: routers change and cut what they quote. */
static const struct inner_case {
	const char *name;
	enum family family;
	size_t octet;
	uint8_t value;
	bool has_inner;
} inners[] = {
	{"nothing", FAMILY_IPV4, 8, 1, true},
	{"another total length", FAMILY_IPV4, 2, 0xff, true},
	{"another IP checksum", FAMILY_IPV4, 10, 0xff, true},
	{"a first fragment", FAMILY_IPV4, 6, 0x20, true},
	{"a later fragment", FAMILY_IPV4, 7, 1, false},
	{"UDP", FAMILY_IPV4, 9, 17, false},
	{"version 6 in version 4", FAMILY_IPV4, 0, 0x65, false},
	{"a header of 16 octets", FAMILY_IPV4, 0, 0x44, false},
	{"a header past the end", FAMILY_IPV4, 0, 0x4f, false},
	{"a header that leaves 4 octets", FAMILY_IPV4, 0, 0x49, false},
	{"IPv6", FAMILY_IPV6, 7, 1, true},
	{"another payload length", FAMILY_IPV6, 4, 0xff, true},
	{"version 4 in version 6", FAMILY_IPV6, 0, 0x45, false},
	{"UDP over IPv6", FAMILY_IPV6, 6, 17, false},
	{"a fragment over IPv6", FAMILY_IPV6, 6, 44, false},
	{"an extension header that is none", FAMILY_IPV6, 6, 60, false},
};

START_TEST(the_quoted_datagram_is_judged_mildly)
{
	const struct inner_case *c = &inners[_i];
	uint8_t inner[128], bytes[256];
	size_t n = c->family == FAMILY_IPV4 ? octets_tcp(NULL, 0, "", inner)
					    : octets_ipv6(6, NULL, 0, inner);
	struct packet p;
	size_t size;

	inner[c->octet] = c->value;
	size = message(c->family, c->family == FAMILY_IPV4 ? 3 : 1, 0, "00000000", inner, n, bytes);
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_NOTHING);
	ck_assert_msg(p.icmp.has_inner == c->has_inner, "%s", c->name);
	if (!c->has_inner)
		ck_assert_uint_eq(p.icmp.inner_from.family, FAMILY_NONE);
}
END_TEST

START_TEST(an_inner_behind_an_extension_header)
{
	uint8_t chain[8], inner[128], bytes[256];
	size_t n = octets_from_hex("0600010400000000", chain);
	struct packet p;
	size_t size;

	n = octets_ipv6(0, chain, n, inner);
	size = message(FAMILY_IPV6, 2, 0, "00000500", inner, n, bytes);
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_NOTHING);
	ck_assert(p.icmp.has_inner);
	ck_assert_uint_eq(p.icmp.inner_seq.v, 1000);
}
END_TEST

/* A quotation cut anywhere: the inner is there when 8 octets of TCP are, and nothing is read past.
 */
START_TEST(the_quoted_datagram_may_be_cut)
{
	enum family family = _i ? FAMILY_IPV6 : FAMILY_IPV4;
	size_t needed = (family == FAMILY_IPV4 ? 20 : 40) + 8;
	uint8_t inner[128], bytes[256];
	size_t n = family == FAMILY_IPV4 ? octets_tcp(NULL, 0, "", inner)
					 : octets_ipv6(6, NULL, 0, inner);

	for (size_t cut = 0; cut <= n; cut++) {
		struct packet p;
		size_t size = message(family, family == FAMILY_IPV4 ? 11 : 3, 0, "00000000", inner,
				      cut, bytes);

		ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_NOTHING);
		ck_assert_msg(p.icmp.has_inner == (cut >= needed), "cut at %zu", cut);
	}
}
END_TEST

START_TEST(a_message_itself_may_not_be_cut)
{
	uint8_t bytes[256];
	struct packet p;

	for (uint8_t n = 0; n < 8; n++) {
		message(FAMILY_IPV4, 3, 0, "00000000", NULL, 0, bytes);
		bytes[3] = (uint8_t)(20 + n);
		octets_mend(bytes, 20u + n);
		ck_assert_int_eq(parse_walled(bytes, 20u + n, PACKET_IP, &p), REFUSED_ICMP_SHORT);
		message(FAMILY_IPV6, 1, 0, "00000000", NULL, 0, bytes);
		bytes[5] = n;
		octets_mend(bytes, 40u + n);
		ck_assert_int_eq(parse_walled(bytes, 40u + n, PACKET_IP, &p), REFUSED_ICMP_SHORT);
	}
}
END_TEST

START_TEST(a_wrong_checksum_is_refused)
{
	uint8_t bytes[256];
	struct packet p;
	size_t size = message(FAMILY_IPV4, 3, 0, "00000000", NULL, 0, bytes);

	bytes[22] ^= 1;
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_ICMP_CHECKSUM);
	size = message(FAMILY_IPV6, 1, 0, "00000000", NULL, 0, bytes);
	bytes[42] ^= 1;
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_ICMP_CHECKSUM);
}
END_TEST

Suite *icmp_suite(void)
{
	Suite *s = suite_create("ICMP errors");
	TCase *t = tcase_create("errors");

	tcase_add_loop_test(t, an_error_quotes_its_segment, 0, 2);
	tcase_add_loop_test(t, these_kinds_are_errors, 0, sizeof kinds / sizeof kinds[0]);
	tcase_add_loop_test(t, the_quoted_datagram_is_judged_mildly, 0,
			    sizeof inners / sizeof inners[0]);
	tcase_add_test(t, an_inner_behind_an_extension_header);
	tcase_add_loop_test(t, the_quoted_datagram_may_be_cut, 0, 2);
	tcase_add_test(t, a_message_itself_may_not_be_cut);
	tcase_add_test(t, a_wrong_checksum_is_refused);
	suite_add_tcase(s, t);
	return s;
}
