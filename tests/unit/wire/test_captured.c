/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include "octet_tools.h"

enum { TEXT = 12 };

/* An IPv4 datagram with 12 octets of text, or an IPv6 one. */
static size_t datagram(bool is_ipv6, uint8_t *bytes, size_t room)
{
	struct packet p = {.kind = PACKET_TCP};
	size_t size;

	ck_assert(address_parse(is_ipv6 ? "fd00::1" : "10.0.0.1", &p.ip.from));
	ck_assert(address_parse(is_ipv6 ? "fd00::2" : "10.0.0.2", &p.ip.to));
	p.ip.ttl = 64;
	p.ip.protocol = IP_PROTOCOL_TCP;
	p.tcp.from_port = 40000;
	p.tcp.to_port = 8888;
	p.tcp.seg.ctl = PSH | ACK;
	p.tcp.seg.seq = seq(1001);
	p.tcp.seg.text.len = TEXT;
	p.tcp.seg.len = TEXT;
	p.tcp.text = (const uint8_t *)"hello, world";
	ck_assert(packet_emit(&p, bytes, room, &size));
	return size;
}

static size_t ip_size(bool is_ipv6)
{
	return is_ipv6 ? 40 : 20;
}

/* In memory of exactly its size, so that a read past the end is seen. */
static enum refusal look(const uint8_t *bytes, size_t size, size_t wire, struct packet *p,
			 struct captured *how, uint32_t *seen)
{
	uint8_t *walled = malloc(size + 1);
	enum refusal why;

	memcpy(walled, bytes, size);
	walled = realloc(walled, size > 0 ? size : 1);
	why = packet_parse_captured(walled, size, wire, p, how);
	*seen = 0;
	for (uint32_t i = 0; why == REFUSED_NOTHING && i < how->text; i++)
		*seen += p->tcp.text[i] == (uint8_t) "hello, world"[i];
	free(walled);
	return why;
}

START_TEST(test_whole)
{
	uint8_t bytes[200] = {0};
	size_t size = datagram(_i, bytes, sizeof bytes);
	struct captured how;
	struct packet p;
	uint32_t seen;

	/* A link's padding behind it changes nothing. */
	for (size_t padding = 0; padding < 10; padding++) {
		ck_assert_int_eq(look(bytes, size + padding, size + padding, &p, &how, &seen),
				 REFUSED_NOTHING);
		ck_assert_int_eq(how.sum, SUM_RIGHT);
		ck_assert_uint_eq(how.text, TEXT);
		ck_assert_uint_eq(how.tcp, ip_size(_i));
		ck_assert_uint_eq(how.header, ip_size(_i) + 20);
		ck_assert_uint_eq(seen, TEXT);
		ck_assert_uint_eq(p.tcp.seg.text.len, TEXT);
		ck_assert_uint_eq(p.tcp.from_port, 40000);
	}
}
END_TEST

/* Cut at every octet: as long as the headers are there, what was said is known but for its end. */
START_TEST(test_cut)
{
	uint8_t bytes[200] = {0};
	size_t size = datagram(_i, bytes, sizeof bytes), header = ip_size(_i) + 20;
	struct captured how;
	struct packet p;
	uint32_t seen;

	for (size_t cut = 0; cut < size; cut++) {
		enum refusal why = look(bytes, cut, size, &p, &how, &seen);

		ck_assert_int_eq(why == REFUSED_NOTHING, cut >= header);
		if (why != REFUSED_NOTHING)
			continue;
		ck_assert_int_eq(how.sum, SUM_UNKNOWN);
		ck_assert_uint_eq(how.text, cut - header);
		ck_assert_uint_eq(seen, cut - header);
		ck_assert_uint_eq(p.tcp.seg.text.len, TEXT);
		ck_assert_uint_eq(p.tcp.seg.len, TEXT);
	}
	/* It claims more than there ever was. */
	ck_assert_int_eq(look(bytes, size - 1, size - 1, &p, &how, &seen), REFUSED_IP_TOTAL_LENGTH);
}
END_TEST

static uint16_t pseudo_sum(const uint8_t *bytes, bool is_ipv6, size_t length)
{
	uint8_t tail[4] = {0, (uint8_t)(length >> 8), (uint8_t)length, 0};
	uint32_t sum = checksum_add(0, bytes + (is_ipv6 ? 8 : 12), is_ipv6 ? 32 : 8);

	tail[0] = 0;
	sum = checksum_add(sum, (const uint8_t[]){0, IP_PROTOCOL_TCP}, 2);
	sum = checksum_add(sum, tail + 1, 2);
	return (uint16_t)~checksum_end(sum);
}

/* What Linux leaves to the hardware (CHECKSUM_PARTIAL): the pseudo header's sum, not turned. */
START_TEST(test_sums)
{
	uint8_t bytes[200] = {0};
	size_t size = datagram(_i, bytes, sizeof bytes), at = ip_size(_i) + 16;
	const uint16_t partial[] = {pseudo_sum(bytes, _i, size - ip_size(_i)),
				    pseudo_sum(bytes, _i, 0), 0};
	struct captured how;
	struct packet p;
	uint32_t seen;

	for (size_t i = 0; i < sizeof partial / sizeof partial[0]; i++) {
		bytes[at] = (uint8_t)(partial[i] >> 8);
		bytes[at + 1] = (uint8_t)partial[i];
		ck_assert_int_eq(look(bytes, size, size, &p, &how, &seen), REFUSED_NOTHING);
		ck_assert_int_eq(how.sum, SUM_PARTIAL);
		ck_assert_int_eq(packet_parse(bytes, size, PACKET_IP, &p), REFUSED_TCP_CHECKSUM);
	}
	bytes[at] = 0x12;
	bytes[at + 1] = 0x34;
	ck_assert_int_eq(look(bytes, size, size, &p, &how, &seen), REFUSED_NOTHING);
	ck_assert_int_eq(how.sum, SUM_WRONG);
}
END_TEST

/* Segmentation offload: longer than a length can say. And the IP checksum may be missing. */
START_TEST(test_no_length)
{
	uint8_t bytes[200] = {0};
	size_t size = datagram(_i, bytes, sizeof bytes);
	struct captured how;
	struct packet p;
	uint32_t seen;

	memset(bytes + (_i ? 4 : 2), 0, 2);
	if (!_i)
		memset(bytes + 10, 0, 2);
	ck_assert_int_eq(look(bytes, size, size, &p, &how, &seen), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.text.len, TEXT);
	ck_assert_int_eq(look(bytes, size, size + 70000, &p, &how, &seen), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.text.len, TEXT + 70000);
	ck_assert_uint_eq(how.text, TEXT);
	ck_assert_int_eq(look(bytes, size, SIZE_MAX, &p, &how, &seen), REFUSED_IP_TOTAL_LENGTH);
}
END_TEST

START_TEST(test_refused)
{
	uint8_t bytes[200] = {0};
	size_t size = datagram(false, bytes, sizeof bytes);
	struct captured how;
	struct packet p;
	uint32_t seen;

	ck_assert_int_eq(look(bytes, 0, size, &p, &how, &seen), REFUSED_IP_SHORT);
	bytes[9] = 17;
	ck_assert_int_eq(look(bytes, size, size, &p, &how, &seen), REFUSED_IP_PROTOCOL);
	bytes[9] = IP_PROTOCOL_TCP;
	bytes[6] = 0x20;
	ck_assert_int_eq(look(bytes, size, size, &p, &how, &seen), REFUSED_IP_FRAGMENT);
	bytes[6] = 0;
	bytes[32] = 0x40;
	ck_assert_int_eq(look(bytes, size, size, &p, &how, &seen), REFUSED_TCP_DATA_OFFSET);
	bytes[0] = 0x75;
	ck_assert_int_eq(look(bytes, size, size, &p, &how, &seen), REFUSED_IP_VERSION);
}
END_TEST

Suite *captured_suite(void)
{
	Suite *s = suite_create("captured");
	TCase *c = tcase_create("captured");

	tcase_add_loop_test(c, test_whole, 0, 2);
	tcase_add_loop_test(c, test_cut, 0, 2);
	tcase_add_loop_test(c, test_sums, 0, 2);
	tcase_add_loop_test(c, test_no_length, 0, 2);
	tcase_add_test(c, test_refused);
	suite_add_tcase(s, c);
	return s;
}
