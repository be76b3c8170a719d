/* SPDX-License-Identifier: MIT */
/* RFC 9293, Appendix B: TCP Options, TCP Checksums, as octets. A test's name carries the id of the
 * requirement that it shows. */
#include "suites.h"

#include <string.h>
#include "octet_tools.h"

/* A segment with these options (hexadecimal, a multiple of 4 octets), parsed. */
static enum refusal parse(const char *hex, struct packet *out)
{
	uint8_t options[64], bytes[256];
	size_t n = octets_from_hex(hex, options);
	size_t size = octets_tcp(options, n, "text", bytes);

	return parse_walled(bytes, size, PACKET_IP, out);
}

static void addresses(struct packet *p)
{
	*p = (struct packet){.kind = PACKET_TCP, .ip = {.protocol = IP_PROTOCOL_TCP, .ttl = 64}};
	ck_assert(address_parse("10.0.0.1", &p->ip.from));
	ck_assert(address_parse("10.0.0.2", &p->ip.to));
}

START_TEST(must_4_end_no_operation_and_mss_are_known)
{
	struct packet p;

	ck_assert_int_eq(parse("0101020405b40000", &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.opts, OPT_MSS);
	ck_assert_uint_eq(p.tcp.seg.mss, 1460);
	ck_assert_uint_eq(p.tcp.other_size, 0);
}
END_TEST

START_TEST(must_5_any_segment_may_have_options)
{
	static uint8_t bytes[OCTETS_MAX];

	for (unsigned ctl = 0; ctl < 0x40; ctl++) {
		struct packet p, back;
		size_t size;

		addresses(&p);
		p.tcp.seg.ctl = (uint16_t)ctl;
		p.tcp.seg.opts = OPT_TIMESTAMPS;
		p.tcp.seg.tsval = 7;
		ck_assert(packet_emit(&p, bytes, sizeof bytes, &size));
		ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &back), REFUSED_NOTHING);
		ck_assert_uint_eq(back.tcp.seg.opts, OPT_TIMESTAMPS);
		ck_assert_uint_eq(back.tcp.seg.tsval, 7);
	}
}
END_TEST

START_TEST(must_6_unknown_options_are_passed_over)
{
	struct packet p;

	/* fe is nobody's; what follows it is still read, and so is the text. */
	ck_assert_int_eq(parse("fe06aabbccdd020405b40101", &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.mss, 1460);
	ck_assert_uint_eq(p.tcp.seg.text.len, 4);
	ck_assert_mem_eq(p.tcp.text, "text", 4);
}
END_TEST

START_TEST(must_7_an_illegal_length_is_coped_with)
{
	static const char *const lies[] = {"02000000", "02010000", "02ff0000",
					   "fd000000", "01fdff00", "020405b4fd050000"};
	struct packet p;

	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++)
		ck_assert_int_eq(parse(lies[i], &p), REFUSED_TCP_OPTION_LENGTH);
}
END_TEST

START_TEST(must_64_options_need_not_begin_on_a_word)
{
	struct packet p;

	/* Window scale at 0, SACK-permitted at 3, timestamps at 5, MSS at 15. */
	ck_assert_int_eq(parse("0303070402080a000000010000000202040218ff", &p),
			 REFUSED_TCP_OPTION_LENGTH); /* ff has no length */
	ck_assert_int_eq(parse("0303070402080a00000001000000020204021800", &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.wscale, 7);
	ck_assert_uint_eq(p.tcp.seg.tsval, 1);
	ck_assert_uint_eq(p.tcp.seg.tsecr, 2);
	ck_assert_uint_eq(p.tcp.seg.mss, 536);
}
END_TEST

/* Walks over what was emitted by its lengths alone. */
START_TEST(must_68_every_option_has_a_length)
{
	static uint8_t bytes[OCTETS_MAX];

	for (unsigned opts = 1; opts < 0x40; opts++) {
		struct packet p;
		size_t size, at = 40, end;

		addresses(&p);
		p.tcp.seg.opts = (uint8_t)opts;
		p.tcp.seg.sacks = 1;
		if (!packet_emit(&p, bytes, sizeof bytes, &size))
			continue;
		end = 20 + (size_t)(bytes[32] >> 4) * 4;
		while (at < end && bytes[at] != 0) {
			if (bytes[at] == 1) {
				at++;
				continue;
			}
			ck_assert_uint_ge(bytes[at + 1], 2);
			at += bytes[at + 1];
		}
		ck_assert_uint_le(at, end);
	}
}
END_TEST

START_TEST(must_69_the_rest_is_padded_with_zeros)
{
	static uint8_t bytes[OCTETS_MAX];

	for (uint8_t n = 2; n < 40; n++) {
		struct packet p;
		size_t size, end;

		addresses(&p);
		p.tcp.other[0] = 0xfd;
		p.tcp.other[1] = n;
		memset(p.tcp.other + 2, 0xee, n - 2u);
		p.tcp.other_size = n;
		memset(bytes, 0xee, sizeof bytes);
		ck_assert(packet_emit(&p, bytes, sizeof bytes, &size));
		end = 20 + (size_t)(bytes[32] >> 4) * 4;
		ck_assert_uint_eq(end, size);
		for (size_t at = 40u + n; at < end; at++)
			ck_assert_uint_eq(bytes[at], 0);
	}
}
END_TEST

static size_t emit_some(uint8_t *bytes)
{
	struct packet p;
	size_t size;

	addresses(&p);
	p.tcp.from_port = 1;
	p.tcp.to_port = 2;
	p.tcp.seg.ctl = ACK | PSH;
	p.tcp.seg.seq = seq(0x01020304);
	p.tcp.seg.text.len = 5;
	p.tcp.text = (const uint8_t *)"hello";
	ck_assert(packet_emit(&p, bytes, OCTETS_MAX, &size));
	return size;
}

START_TEST(must_2_the_sender_makes_the_checksum)
{
	static uint8_t bytes[OCTETS_MAX], mended[OCTETS_MAX];
	size_t size = emit_some(bytes);

	/* Against a sum that was written apart from the emitter. */
	memcpy(mended, bytes, size);
	mended[36] = mended[37] = 0;
	octets_mend(mended, size);
	ck_assert_mem_eq(mended, bytes, size);
	ck_assert(bytes[36] != 0 || bytes[37] != 0);
}
END_TEST

START_TEST(must_3_the_receiver_checks_it)
{
	static uint8_t bytes[OCTETS_MAX];
	size_t size = emit_some(bytes);
	struct packet p;

	for (size_t bit = 20 * 8; bit < size * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_int_ne(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_NOTHING);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_IP, &p), REFUSED_NOTHING);
}
END_TEST

/* An IPv4 header with an option that TCP does not understand. */
START_TEST(must_50_ip_options_are_ignored)
{
	static uint8_t bytes[OCTETS_MAX], longer[OCTETS_MAX];
	size_t size = emit_some(bytes);
	struct packet p;

	memcpy(longer, bytes, 20);
	memcpy(longer + 20, "\x44\x04\x05\x00", 4); /* a timestamp option, empty */
	memcpy(longer + 24, bytes + 20, size - 20);
	longer[0] = 0x46;
	longer[3] = (uint8_t)(longer[3] + 4);
	octets_mend(longer, size + 4);
	ck_assert_int_eq(parse_walled(longer, size + 4, PACKET_IP, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.tcp.seg.text.len, 5);
	ck_assert_mem_eq(p.tcp.text, "hello", 5);
}
END_TEST

Suite *law_suite(void)
{
	Suite *s = suite_create("law");
	TCase *t = tcase_create("RFC 9293 B");

	tcase_add_test(t, must_4_end_no_operation_and_mss_are_known);
	tcase_add_test(t, must_5_any_segment_may_have_options);
	tcase_add_test(t, must_6_unknown_options_are_passed_over);
	tcase_add_test(t, must_7_an_illegal_length_is_coped_with);
	tcase_add_test(t, must_64_options_need_not_begin_on_a_word);
	tcase_add_test(t, must_68_every_option_has_a_length);
	tcase_add_test(t, must_69_the_rest_is_padded_with_zeros);
	tcase_add_test(t, must_2_the_sender_makes_the_checksum);
	tcase_add_test(t, must_3_the_receiver_checks_it);
	tcase_add_test(t, must_50_ip_options_are_ignored);
	suite_add_tcase(s, t);
	return s;
}
