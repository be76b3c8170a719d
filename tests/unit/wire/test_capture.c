/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <wire/seg_text.h>
#include "captures.h"
#include "octet_tools.h"

START_TEST(a_capture_is_read_or_refused)
{
	const struct capture *c = &captures[_i];
	uint8_t bytes[256];
	size_t size = octets_from_hex(c->hex, bytes);
	struct packet p;
	enum refusal why = parse_walled(bytes, size, PACKET_ETHERNET, &p);

	ck_assert_msg(why == c->refused, "%s: %s", c->name, packet_reason(why));
	if (c->text) {
		struct sink line = {0};

		ck_assert_int_eq(p.kind, PACKET_TCP);
		seg_print(&line, &p.tcp.seg);
		ck_assert_msg(strcmp(line.at, c->text) == 0, "%s: %s", c->name, line.at);
		sink_fini(&line);
	}
}
END_TEST

/* Our segments stand on the wire as Linux writes them, options, checksums and all. */
START_TEST(a_captured_segment_is_emitted_octet_by_octet)
{
	const struct capture *c = &captures[_i];
	uint8_t bytes[256], out[256];
	size_t size = octets_from_hex(c->hex, bytes);
	size_t emitted = 0;
	struct packet p;

	if (!c->text)
		return;
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_ETHERNET, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(packet_size(&p), size);
	ck_assert(packet_emit(&p, out, size, &emitted));
	ck_assert_uint_eq(emitted, size);
	ck_assert_msg(memcmp(out, bytes, size) == 0, "%s", c->name);
}
END_TEST

START_TEST(a_capture_is_the_same_without_its_ethernet_header)
{
	const struct capture *c = &captures[_i];
	uint8_t bytes[256];
	size_t size = octets_from_hex(c->hex, bytes);
	struct packet framed, bare;

	if (c->refused == REFUSED_ETHERTYPE)
		return;
	ck_assert_int_eq(
		parse_walled(bytes + ETHERNET_HEADER, size - ETHERNET_HEADER, PACKET_IP, &bare),
		c->refused);
	if (c->refused != REFUSED_NOTHING)
		return;
	ck_assert(!bare.has_ethernet);
	ck_assert_int_eq(packet_parse(bytes, size, PACKET_ETHERNET, &framed), REFUSED_NOTHING);
	ck_assert(!packet_eq(&framed, &bare));
	framed.has_ethernet = false;
	ck_assert(packet_eq(&framed, &bare));
}
END_TEST

/* Drivers pad short frames; some captures carry a trailer. */
START_TEST(a_capture_with_octets_behind_it_is_the_same)
{
	const struct capture *c = &captures[_i];
	uint8_t bytes[512];
	size_t size = octets_from_hex(c->hex, bytes);
	struct packet p, padded;

	if (c->refused != REFUSED_NOTHING)
		return;
	memset(bytes + size, 0xee, 100);
	ck_assert_int_eq(packet_parse(bytes, size, PACKET_ETHERNET, &p), REFUSED_NOTHING);
	ck_assert_int_eq(packet_parse(bytes, size + 100, PACKET_ETHERNET, &padded),
			 REFUSED_NOTHING);
	ck_assert_msg(packet_eq(&p, &padded), "%s", c->name);
}
END_TEST

START_TEST(no_shorter_capture_is_accepted_nor_read_past)
{
	const struct capture *c = &captures[_i];
	uint8_t bytes[256];
	size_t size = octets_from_hex(c->hex, bytes);
	struct packet p, untouched;

	memset(&p, 0x5a, sizeof p);
	untouched = p;
	for (size_t n = 0; n < size; n++) {
		enum refusal why = parse_walled(bytes, n, PACKET_ETHERNET, &p);

		ck_assert_msg(why != REFUSED_NOTHING, "%s: %zu octets", c->name, n);
		if (n < ETHERNET_HEADER)
			ck_assert_int_eq(why, REFUSED_ETHERNET_SHORT);
		why = parse_walled(bytes, n, PACKET_IP, &p);
		ck_assert_msg(why != REFUSED_NOTHING, "%s: %zu octets as IP", c->name, n);
	}
	ck_assert_msg(memcmp(&p, &untouched, sizeof p) == 0, "out was touched");
}
END_TEST

/* Octets of the datagram that no checksum covers: IPv6's class and flow label, and hop limit. */
static bool is_covered(const uint8_t *datagram, size_t octet, int bit)
{
	if (datagram[0] >> 4 == 4)
		return true;
	return !(octet == 7 || octet == 2 || octet == 3 || octet == 1 || (octet == 0 && bit < 4));
}

START_TEST(no_flipped_bit_goes_unseen)
{
	const struct capture *c = &captures[_i];
	uint8_t frame[256];
	size_t size = octets_from_hex(c->hex, frame);
	uint8_t *datagram = frame + ETHERNET_HEADER;
	struct packet p;

	if (c->refused != REFUSED_NOTHING)
		return;
	for (size_t i = 0; i < size - ETHERNET_HEADER; i++) {
		for (int bit = 0; bit < 8; bit++) {
			enum refusal why;

			datagram[i] ^= (uint8_t)(1 << bit);
			why = parse_walled(frame, size, PACKET_ETHERNET, &p);
			ck_assert_msg((why != REFUSED_NOTHING) == is_covered(datagram, i, bit),
				      "%s: octet %zu bit %d: %s", c->name, i, bit,
				      packet_reason(why));
			datagram[i] ^= (uint8_t)(1 << bit);
		}
	}
}
END_TEST

Suite *capture_suite(void)
{
	Suite *s = suite_create("captures");
	TCase *t = tcase_create("two kernels");

	tcase_add_loop_test(t, a_capture_is_read_or_refused, 0, captures_count);
	tcase_add_loop_test(t, a_captured_segment_is_emitted_octet_by_octet, 0, captures_count);
	tcase_add_loop_test(t, a_capture_is_the_same_without_its_ethernet_header, 0,
			    captures_count);
	tcase_add_loop_test(t, a_capture_with_octets_behind_it_is_the_same, 0, captures_count);
	tcase_add_loop_test(t, no_shorter_capture_is_accepted_nor_read_past, 0, captures_count);
	tcase_add_loop_test(t, no_flipped_bit_goes_unseen, 0, captures_count);
	suite_add_tcase(s, t);
	return s;
}
