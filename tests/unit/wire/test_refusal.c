/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "octet_tools.h"

/* One lie told to a good IPv4 datagram of 44 octets, its checksums mended or not. */
static const struct lie {
	const char *name;
	size_t octet;
	uint8_t value;
	bool is_mended;
	enum refusal refused;
} lies[] = {
	{"nothing", 8, 64, true, REFUSED_NOTHING},
	{"version 0", 0, 0x05, false, REFUSED_IP_VERSION},
	{"version 5", 0, 0x55, false, REFUSED_IP_VERSION},
	{"version 15", 0, 0xf5, false, REFUSED_IP_VERSION},
	{"version 6 with an IPv4 header's fields", 0, 0x65, false, REFUSED_IP_PROTOCOL},
	{"a header of 0 octets", 0, 0x40, true, REFUSED_IP_HEADER_LENGTH},
	{"a header of 16 octets", 0, 0x44, true, REFUSED_IP_HEADER_LENGTH},
	{"a header past the end", 0, 0x4f, true, REFUSED_IP_HEADER_LENGTH},
	{"a header that eats TCP's", 0, 0x4a, true, REFUSED_TCP_SHORT},
	{"a total of 0", 3, 0, true, REFUSED_IP_TOTAL_LENGTH},
	{"a total less than the header", 3, 19, true, REFUSED_IP_TOTAL_LENGTH},
	{"a total of the header alone", 3, 20, true, REFUSED_TCP_SHORT},
	{"a total that cuts the TCP header", 3, 39, true, REFUSED_TCP_SHORT},
	{"a total of both headers", 3, 40, true, REFUSED_NOTHING},
	{"a total one too large", 3, 45, true, REFUSED_IP_TOTAL_LENGTH},
	{"a total far too large", 2, 0xff, true, REFUSED_IP_TOTAL_LENGTH},
	{"a wrong IP checksum", 10, 0x77, false, REFUSED_IP_CHECKSUM},
	{"more fragments", 6, 0x20, true, REFUSED_IP_FRAGMENT},
	{"a fragment offset, high", 6, 0x10, true, REFUSED_IP_FRAGMENT},
	{"a fragment offset, low", 7, 0x01, true, REFUSED_IP_FRAGMENT},
	{"the reserved flag (RFC 3514)", 6, 0x80, true, REFUSED_NOTHING},
	{"no flag", 6, 0, true, REFUSED_NOTHING},
	{"UDP", 9, 17, true, REFUSED_IP_PROTOCOL},
	{"ICMP for IPv6 over IPv4", 9, IP_PROTOCOL_ICMPV6, true, REFUSED_IP_PROTOCOL},
	{"a data offset of 0", 32, 0x00, true, REFUSED_TCP_DATA_OFFSET},
	{"a data offset of 16", 32, 0x40, true, REFUSED_TCP_DATA_OFFSET},
	{"a data offset that eats the text", 32, 0x60, true, REFUSED_NOTHING},
	{"a data offset past the end", 32, 0x70, true, REFUSED_TCP_DATA_OFFSET},
	{"the largest data offset", 32, 0xf0, true, REFUSED_TCP_DATA_OFFSET},
	{"a wrong TCP checksum", 36, 0x77, false, REFUSED_TCP_CHECKSUM},
	{"reserved bits set", 32, 0x5e, true, REFUSED_NOTHING},
};

START_TEST(a_lie_is_refused_for_this_reason)
{
	const struct lie *c = &lies[_i];
	/* NOPs for text: a data offset may make options of them. */
	uint8_t bytes[64], before;
	size_t size = octets_tcp(NULL, 0, "\1\1\1\1", bytes);
	struct packet p;
	enum refusal why;

	before = bytes[c->octet];
	bytes[c->octet] = c->value;
	if (c->is_mended)
		octets_mend(bytes, size);
	why = parse_walled(bytes, size, PACKET_IP, &p);
	ck_assert_msg(why == c->refused, "%s: %s", c->name, packet_reason(why));
	ck_assert_msg(why == REFUSED_NOTHING || before != c->value, "%s: no lie", c->name);
}
END_TEST

START_TEST(every_total_length_with_right_checksums)
{
	uint8_t bytes[64];
	size_t size = octets_tcp(NULL, 0, "text", bytes);
	struct packet p;

	for (unsigned total = 0; total < 300; total++) {
		enum refusal expected = REFUSED_NOTHING;
		enum refusal why;

		bytes[2] = (uint8_t)(total >> 8);
		bytes[3] = (uint8_t)total;
		octets_mend(bytes, size);
		if (total < 20 || total > size)
			expected = REFUSED_IP_TOTAL_LENGTH;
		else if (total < 40)
			expected = REFUSED_TCP_SHORT;
		why = parse_walled(bytes, size, PACKET_IP, &p);
		ck_assert_msg(why == expected, "total %u: %s", total, packet_reason(why));
		if (why == REFUSED_NOTHING)
			ck_assert_uint_eq(p.tcp.seg.text.len, total - 40);
	}
}
END_TEST

START_TEST(ipv4_options_are_skipped)
{
	uint8_t plain[64], bytes[128];
	size_t size = octets_tcp(NULL, 0, "text", plain);
	struct packet p, q;

	ck_assert_int_eq(packet_parse(plain, size, PACKET_IP, &p), REFUSED_NOTHING);
	for (size_t words = 1; words <= 10; words++) {
		size_t n = words * 4;

		memcpy(bytes, plain, 20);
		memset(bytes + 20, 0x83, n); /* nonsense in it is not looked at */
		memcpy(bytes + 20 + n, plain + 20, size - 20);
		bytes[0] = (uint8_t)(0x45 + words);
		bytes[3] = (uint8_t)(size + n);
		octets_mend(bytes, size + n);
		ck_assert_int_eq(parse_walled(bytes, size + n, PACKET_IP, &q), REFUSED_NOTHING);
		ck_assert(packet_eq(&p, &q));
	}
}
END_TEST

static const struct chain_case {
	const char *name;
	uint8_t next;
	const char *chain;
	enum refusal refused;
} chains[] = {
	{"none", 6, "", REFUSED_NOTHING},
	{"hop-by-hop", 0, "0600010400000000", REFUSED_NOTHING},
	{"hop-by-hop, Pad1 only", 0, "0600000000000000", REFUSED_NOTHING},
	{"hop-by-hop with a router alert", 0, "0600050200000100", REFUSED_NOTHING},
	{"hop-by-hop of 16 octets", 0, "0601010c000000000000000000000000", REFUSED_NOTHING},
	{"destination options", 60, "0600010400000000", REFUSED_NOTHING},
	{"routing, no segment left", 43, "0600040001020304", REFUSED_NOTHING},
	{"all three", 0, "3c000104000000002b000104000000000600000000000000", REFUSED_NOTHING},
	{"destination options twice", 60, "3c000104000000000600010400000000", REFUSED_NOTHING},
	{"an unknown option to be skipped", 0, "06003e0400000000", REFUSED_NOTHING},
	{"an unknown option, discard", 0, "06007e0400000000", REFUSED_IPV6_EXTENSION},
	{"an unknown option, discard and tell", 60, "0600be0400000000", REFUSED_IPV6_EXTENSION},
	{"a home address", 60, "0600c90400000000", REFUSED_IPV6_EXTENSION},
	{"a jumbo payload", 0, "0600c20400010000", REFUSED_IPV6_EXTENSION},
	{"an option past its header", 0, "0600010500000000", REFUSED_IPV6_EXTENSION},
	{"an option without length", 0, "0600010300000001", REFUSED_IPV6_EXTENSION},
	{"hop-by-hop not first", 60, "00000104000000000600010400000000", REFUSED_IPV6_EXTENSION},
	{"routing, segments left", 43, "0600000100000000", REFUSED_IPV6_EXTENSION},
	{"longer than the datagram", 0, "06ff010400000000", REFUSED_IPV6_EXTENSION},
	{"a fragment", 44, "0600000100000001", REFUSED_IP_FRAGMENT},
	{"an atomic fragment", 44, "0600000000000001", REFUSED_IP_FRAGMENT},
	{"a fragment behind hop-by-hop", 0, "2c000104000000000600000000000001",
	 REFUSED_IP_FRAGMENT},
	{"no next header", 59, "", REFUSED_IP_PROTOCOL},
	{"authentication", 51, "", REFUSED_IP_PROTOCOL},
	{"ICMP for IPv4 over IPv6", 1, "", REFUSED_IP_PROTOCOL},
	{"UDP behind destination options", 60, "1100010400000000", REFUSED_IP_PROTOCOL},
};

START_TEST(a_chain_of_extension_headers)
{
	const struct chain_case *c = &chains[_i];
	uint8_t chain[64], plain[128], bytes[128];
	size_t n = octets_from_hex(c->chain, chain);
	size_t size = octets_ipv6(c->next, chain, n, bytes);
	struct packet p, q;
	enum refusal why = parse_walled(bytes, size, PACKET_IP, &p);

	ck_assert_msg(why == c->refused, "%s: %s", c->name, packet_reason(why));
	if (why == REFUSED_NOTHING) {
		size = octets_ipv6(6, NULL, 0, plain);
		ck_assert_int_eq(packet_parse(plain, size, PACKET_IP, &q), REFUSED_NOTHING);
		ck_assert_msg(packet_eq(&p, &q), "%s", c->name);
	}
}
END_TEST

/* A payload length that ends inside a chain, with octets of the frame still behind it. */
START_TEST(a_chain_ends_where_the_payload_ends)
{
	uint8_t chain[16], bytes[128];
	size_t n = octets_from_hex("3c000104000000000600010400000000", chain);
	size_t size = octets_ipv6(60, chain, n, bytes);
	struct packet p;

	for (unsigned payload = 0; payload < 40; payload++) {
		enum refusal expected = payload < 16 ? REFUSED_IPV6_EXTENSION : REFUSED_TCP_SHORT;
		enum refusal why;

		bytes[5] = (uint8_t)payload;
		octets_mend(bytes, size);
		if (payload >= 36)
			expected = REFUSED_NOTHING;
		why = parse_walled(bytes, size, PACKET_IP, &p);
		ck_assert_msg(why == expected, "payload %u: %s", payload, packet_reason(why));
	}
	bytes[5] = 41;
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_IP_TOTAL_LENGTH);
}
END_TEST

START_TEST(an_ethertype_must_agree)
{
	static const struct {
		uint16_t type;
		enum refusal refused;
	} types[] = {
		{ETHERTYPE_IPV4, REFUSED_NOTHING},
		{ETHERTYPE_IPV6, REFUSED_IP_VERSION},
		{ETHERTYPE_ARP, REFUSED_ETHERTYPE},
		{0x8100, REFUSED_ETHERTYPE},
		{46, REFUSED_ETHERTYPE},
	};
	uint8_t frame[128] = {0};
	size_t size = ETHERNET_HEADER + octets_tcp(NULL, 0, "text", frame + ETHERNET_HEADER);
	struct packet p;

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		enum refusal why;

		frame[12] = (uint8_t)(types[i].type >> 8);
		frame[13] = (uint8_t)types[i].type;
		why = parse_walled(frame, size, PACKET_ETHERNET, &p);
		ck_assert_msg(why == types[i].refused, "%04x: %s", types[i].type,
			      packet_reason(why));
	}
}
END_TEST

/* What a field holds without its bit is not the segment's: RFC 9293 3.1. */
START_TEST(fields_without_their_bit_are_not_read)
{
	uint8_t bytes[64];
	size_t size = octets_tcp(NULL, 0, "", bytes);
	struct packet p;

	bytes[33] = SYN;
	bytes[39] = 9;
	octets_mend(bytes, size);
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.ack.v, 0);
	ck_assert_uint_eq(p.tcp.seg.up, 0);
	ck_assert_uint_eq(p.tcp.seg.len, 1);
	bytes[33] = ACK | URG;
	octets_mend(bytes, size);
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.ack.v, 5001);
	ck_assert_uint_eq(p.tcp.seg.up, 9);
	bytes[32] = 0x5f;
	bytes[33] = 0xff;
	octets_mend(bytes, size);
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.ctl, 0x1ff);
}
END_TEST

START_TEST(every_refusal_has_a_reason_of_its_own)
{
	for (int i = 0; i < REFUSAL_COUNT; i++) {
		ck_assert_uint_gt(strlen(packet_reason((enum refusal)i)), 10);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(packet_reason((enum refusal)i),
					 packet_reason((enum refusal)j));
	}
}
END_TEST

Suite *refusal_suite(void)
{
	Suite *s = suite_create("refusal");
	TCase *t = tcase_create("lies");

	tcase_add_loop_test(t, a_lie_is_refused_for_this_reason, 0, sizeof lies / sizeof lies[0]);
	tcase_add_test(t, every_total_length_with_right_checksums);
	tcase_add_test(t, ipv4_options_are_skipped);
	tcase_add_loop_test(t, a_chain_of_extension_headers, 0, sizeof chains / sizeof chains[0]);
	tcase_add_test(t, a_chain_ends_where_the_payload_ends);
	tcase_add_test(t, an_ethertype_must_agree);
	tcase_add_test(t, fields_without_their_bit_are_not_read);
	tcase_add_test(t, every_refusal_has_a_reason_of_its_own);
	suite_add_tcase(s, t);
	return s;
}
