/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "octet_tools.h"
#include "random_packet.h"

enum { SEEDS = 20, PACKETS = 1000 };

/* packet_parse(packet_emit(x)) = x, and the octets are the same again. */
START_TEST(what_is_emitted_is_parsed_equal)
{
	static uint8_t bytes[OCTETS_MAX], again[OCTETS_MAX];
	enum packet_form form;
	struct prng prng;

	prng_init(&prng, (uint64_t)_i, 0);
	for (int n = 0; n < PACKETS; n++) {
		struct packet p, back;
		size_t size, size_again;
		enum refusal why;

		random_packet(&prng, &p);
		form = p.has_ethernet ? PACKET_ETHERNET : PACKET_IP;
		ck_assert_msg(packet_emit(&p, bytes, packet_size(&p), &size), "packet %d", n);
		ck_assert_uint_eq(size, packet_size(&p));
		why = parse_walled(bytes, size, form, &back);
		ck_assert_msg(why == REFUSED_NOTHING, "packet %d: %s", n, packet_reason(why));
		ck_assert_msg(packet_eq(&p, &back), "packet %d differs", n);
		ck_assert(packet_emit(&back, again, sizeof again, &size_again));
		ck_assert_uint_eq(size, size_again);
		ck_assert_msg(memcmp(bytes, again, size) == 0, "packet %d: octets differ", n);
	}
}
END_TEST

/* The emitted checksums against a sum written apart. */
START_TEST(what_is_emitted_needs_no_mending)
{
	static uint8_t bytes[OCTETS_MAX], mended[OCTETS_MAX];
	struct prng prng;

	prng_init(&prng, 99, 0);
	for (int n = 0; n < PACKETS; n++) {
		struct packet p;
		size_t size;

		random_packet(&prng, &p);
		p.has_ethernet = false;
		ck_assert(packet_emit(&p, bytes, sizeof bytes, &size));
		memcpy(mended, bytes, size);
		octets_mend(mended, size);
		ck_assert_msg(memcmp(bytes, mended, size) == 0, "packet %d", n);
	}
}
END_TEST

START_TEST(no_prefix_of_a_packet_is_accepted)
{
	static uint8_t bytes[OCTETS_MAX];
	struct prng prng;

	prng_init(&prng, 7, 1);
	for (int n = 0; n < 200; n++) {
		enum packet_form form;
		struct packet p, back;
		size_t size;

		random_packet(&prng, &p);
		form = p.has_ethernet ? PACKET_ETHERNET : PACKET_IP;
		ck_assert(packet_emit(&p, bytes, sizeof bytes, &size));
		for (size_t cut = 0; cut < size; cut++)
			ck_assert_msg(parse_walled(bytes, cut, form, &back) != REFUSED_NOTHING,
				      "packet %d: %zu of %zu octets", n, cut, size);
	}
}
END_TEST

START_TEST(too_little_room_writes_nothing)
{
	uint8_t bytes[OCTETS_MAX];
	struct prng prng;

	prng_init(&prng, 8, 1);
	memset(bytes, 0x5a, sizeof bytes);
	for (int n = 0; n < PACKETS; n++) {
		struct packet p;
		size_t size = 12345;

		random_packet(&prng, &p);
		ck_assert(!packet_emit(&p, bytes, packet_size(&p) - 1, &size));
		ck_assert(!packet_emit(&p, bytes, 0, &size));
		ck_assert_uint_eq(size, 12345);
	}
	for (size_t i = 0; i < sizeof bytes; i++)
		ck_assert_uint_eq(bytes[i], 0x5a);
}
END_TEST

static const struct room_case {
	const char *name;
	const char *address;
	uint32_t text;
	bool fits;
} rooms[] = {
	{"the largest text over IPv4", "10.0.0.1", 65535 - 40, true},
	{"one more over IPv4", "10.0.0.1", 65535 - 39, false},
	{"the largest text over IPv6", "fd00::1", 65535 - 20, true},
	{"one more over IPv6", "fd00::1", 65535 - 19, false},
	{"absurd", "10.0.0.1", UINT32_MAX, false},
};

START_TEST(a_text_fits_a_datagram_or_not)
{
	static uint8_t bytes[OCTETS_MAX];
	const struct room_case *c = &rooms[_i];
	struct packet p = {.kind = PACKET_TCP, .ip = {.protocol = IP_PROTOCOL_TCP, .ttl = 64}};
	struct packet back;
	size_t size;

	ck_assert(address_parse(c->address, &p.ip.from));
	p.ip.to = p.ip.from;
	p.tcp.seg.text.len = p.tcp.seg.len = c->text;
	ck_assert_msg(packet_emit(&p, bytes, sizeof bytes, &size) == c->fits, "%s", c->name);
	if (!c->fits)
		return;
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &back), REFUSED_NOTHING);
	ck_assert_msg(packet_eq(&p, &back), "%s", c->name);
}
END_TEST

/* Every field by itself must make packets differ: else the tests above prove little. */
START_TEST(packet_eq_sees_every_field)
{
	struct packet a = {
		.kind = PACKET_TCP,
		.has_ethernet = true,
		.tcp = {.seg = {.opts = 31, .sacks = 2, .text = {.len = 3}}, .other_size = 2},
	};
	uint8_t text[3] = {0};
	struct packet b = a;

#define DIFFERS(change)                                                                            \
	do {                                                                                       \
		b = a;                                                                             \
		ck_assert(packet_eq(&a, &b));                                                      \
		change;                                                                            \
		ck_assert_msg(!packet_eq(&a, &b), #change);                                        \
	} while (0)
	DIFFERS(b.has_ethernet = false);
	DIFFERS(b.ethernet.to[5] = 1);
	DIFFERS(b.ethernet.from[0] = 1);
	DIFFERS(b.ethernet.type = 1);
	DIFFERS(b.ip.from.octets[15] = 1);
	DIFFERS(b.ip.to.family = 6);
	DIFFERS(b.ip.ttl = 1);
	DIFFERS(b.ip.protocol = 1);
	DIFFERS(b.ip.dscp = 1);
	DIFFERS(b.ip.ecn = 1);
	DIFFERS(b.ip.id = 1);
	DIFFERS(b.ip.dont_fragment = true);
	DIFFERS(b.ip.flow = 1);
	DIFFERS(b.tcp.from_port = 1);
	DIFFERS(b.tcp.to_port = 1);
	DIFFERS(b.tcp.seg.seq = seq(1));
	DIFFERS(b.tcp.seg.ack = seq(1));
	DIFFERS(b.tcp.seg.len = 1);
	DIFFERS(b.tcp.seg.ctl = AE);
	DIFFERS(b.tcp.seg.wnd = 1);
	DIFFERS(b.tcp.seg.up = 1);
	DIFFERS(b.tcp.seg.opts = 30);
	DIFFERS(b.tcp.seg.mss = 1);
	DIFFERS(b.tcp.seg.wscale = 1);
	DIFFERS(b.tcp.seg.tsval = 1);
	DIFFERS(b.tcp.seg.tsecr = 1);
	DIFFERS(b.tcp.seg.sacks = 1);
	DIFFERS(b.tcp.seg.sack[1].left = seq(1));
	DIFFERS(b.tcp.seg.sack[1].right = seq(1));
	DIFFERS(b.tcp.seg.text.len = 2);
	DIFFERS(b.tcp.other[1] = 1);
	DIFFERS(b.tcp.other_size = 1);
	DIFFERS((text[2] = 1, b.tcp.text = text));
	b = a;
	b.tcp.seg.rexmit = 1;
	b.tcp.seg.rule = 1;
	b.tcp.seg.sack[2].left = seq(1);
	b.tcp.seg.text.offset = 77;
	ck_assert_msg(packet_eq(&a, &b), "notes of the sender are not on the wire");
	a = (struct packet){.kind = PACKET_ICMP_ERROR, .icmp = {.has_inner = true}};
	DIFFERS(b.kind = PACKET_TCP);
	DIFFERS(b.icmp.type = 1);
	DIFFERS(b.icmp.code = 1);
	DIFFERS(b.icmp.info = 1);
	DIFFERS(b.icmp.has_inner = false);
	DIFFERS(b.icmp.inner_from.octets[0] = 1);
	DIFFERS(b.icmp.inner_to.octets[0] = 1);
	DIFFERS(b.icmp.inner_from_port = 1);
	DIFFERS(b.icmp.inner_to_port = 1);
	DIFFERS(b.icmp.inner_seq = seq(1));
#undef DIFFERS
}
END_TEST

Suite *emit_suite(void)
{
	Suite *s = suite_create("emit");
	TCase *t = tcase_create("and parse");

	tcase_add_loop_test(t, what_is_emitted_is_parsed_equal, 0, SEEDS);
	tcase_add_test(t, what_is_emitted_needs_no_mending);
	tcase_add_test(t, no_prefix_of_a_packet_is_accepted);
	tcase_add_test(t, too_little_room_writes_nothing);
	tcase_add_loop_test(t, a_text_fits_a_datagram_or_not, 0, sizeof rooms / sizeof rooms[0]);
	tcase_add_test(t, packet_eq_sees_every_field);
	suite_add_tcase(s, t);
	return s;
}
