/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/utf8.h>
#include <wire/header.h>
#include "captures.h"
#include "octet_tools.h"
#include "random_packet.h"

/* ---- the table ------------------------------------------------------------------------------- */

static bool ends_like_a_sentence(const char *text, const char *stop)
{
	size_t n = strlen(text), m = strlen(stop);

	return n > m && strcmp(text + n - m, stop) == 0;
}

START_TEST(a_field_is_told_in_both_languages)
{
	const struct header_info *i = header_info((enum header)_i);

	for (int lang = 0; lang < 2; lang++) {
		ck_assert_uint_gt(strlen(i->name[lang]), 0);
		ck_assert_msg((int)utf8_columns(i->name[lang]) <= i->columns, "%s: '%s'", i->id,
			      i->name[lang]);
		ck_assert_msg(utf8_columns(i->sentence[lang]) <= HEADER_SENTENCE,
			      "%s: %zu columns: %s", i->id, utf8_columns(i->sentence[lang]),
			      i->sentence[lang]);
	}
	ck_assert_msg(ends_like_a_sentence(i->sentence[0], "."), "%s", i->id);
	ck_assert_msg(ends_like_a_sentence(i->sentence[1], "。"), "%s", i->id);
	ck_assert_msg(i->shape == HEADER_SHAPE_FIELD || i->bits == 0, "%s", i->id);
	ck_assert_msg(strncmp(i->id, "OTHER", 5) == 0 || i->source[0] != '\0', "%s", i->id);
}
END_TEST

/* ---- the tree -------------------------------------------------------------------------------- */

/* Fields stand in the order of their bits, without a gap; what holds others holds them whole. */
static void check_tree(const struct header_tree *t, size_t size)
{
	uint32_t bit = 0;

	for (uint16_t i = 0; i < t->count; i++) {
		const struct header_node *n = &t->node[i];
		const struct header_info *info = header_info((enum header)n->header);
		uint32_t last = n->bit + n->bits;

		ck_assert_uint_eq(n->bit, bit);
		ck_assert_uint_gt(n->bits, 0);
		ck_assert_uint_gt(n->end, i);
		ck_assert_uint_le(n->end, t->count);
		ck_assert(info->bits == 0 || (int)n->bits == info->bits);
		if (info->shape == HEADER_SHAPE_FIELD) {
			ck_assert_uint_eq(n->end, i + 1);
			bit = last;
			continue;
		}
		ck_assert((n->depth == 0) == (info->shape == HEADER_SHAPE_LAYER));
		ck_assert_uint_gt(n->end, i + 1);
		for (uint16_t j = (uint16_t)(i + 1); j < n->end; j++) {
			ck_assert_uint_gt(t->node[j].depth, n->depth);
			ck_assert_uint_le(t->node[j].bit + t->node[j].bits, last);
		}
		ck_assert_uint_eq(t->node[n->end - 1].bit + t->node[n->end - 1].bits, last);
	}
	ck_assert_uint_eq(bit, size * 8);
}

static void read_walled(const uint8_t *bytes, size_t size, struct header_tree *t)
{
	header_read(octets_walled(bytes, size), size, t);
	check_tree(t, size);
}

static uint64_t value(const uint8_t *bytes, const struct header_tree *t, enum header h)
{
	const struct header_node *n = header_find(t, h);

	ck_assert_msg(n != NULL, "no %s", header_info(h)->id);
	return header_value(bytes, n);
}

START_TEST(every_bit_of_a_packet_is_one_fields)
{
	static uint8_t bytes[OCTETS_MAX];
	struct prng chance;
	int tcp = 0, ipv6 = 0;

	prng_init(&chance, 1, 1);
	for (int round = 0; round < 2000; round++) {
		struct header_tree t;
		struct packet p;
		size_t size;

		random_packet(&chance, &p);
		p.has_ethernet = true;
		p.ethernet.type = p.ip.from.family == FAMILY_IPV6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
		ck_assert(packet_emit(&p, bytes, sizeof bytes, &size));
		read_walled(bytes, size, &t);
		ipv6 += header_find(&t, HEADER_IPV6) != NULL;
		if (p.kind != PACKET_TCP)
			continue;
		tcp++;
		ck_assert_uint_eq(value(bytes, &t, HEADER_TCP_SEQ), p.tcp.seg.seq.v);
		ck_assert_uint_eq(value(bytes, &t, HEADER_TCP_TO_PORT), p.tcp.to_port);
		ck_assert_uint_eq(value(bytes, &t, HEADER_TCP_WINDOW), p.tcp.seg.wnd);
		ck_assert_uint_eq(value(bytes, &t, HEADER_TCP_FIN), p.tcp.seg.ctl & FIN);
		ck_assert((header_find(&t, HEADER_TEXT) != NULL) == (p.tcp.seg.text.len > 0));
		ck_assert(header_sum_is_right(&t, bytes, HEADER_TCP_CHECKSUM));
		ck_assert_int_eq(header_sum_is_right(&t, bytes, HEADER_IPV4_CHECKSUM),
				 p.ip.from.family == FAMILY_IPV4);
	}
	ck_assert_int_gt(tcp, 500);
	ck_assert_int_gt(ipv6, 500);
}
END_TEST

/* Nothing is refused, nothing is read beyond the end, whatever the octets say. */
START_TEST(any_octets_are_taken_apart)
{
	static uint8_t bytes[OCTETS_MAX];
	struct prng chance;

	prng_init(&chance, 2, 1);
	for (int round = 0; round < 4000; round++) {
		struct header_tree t;
		struct packet p;
		size_t size;

		random_packet(&chance, &p);
		p.has_ethernet = true;
		p.ethernet.type = p.ip.from.family == FAMILY_IPV6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
		ck_assert(packet_emit(&p, bytes, sizeof bytes, &size));
		if (size > 200)
			size = 200;
		for (uint64_t i = prng_below(&chance, 6); i > 0; i--)
			bytes[prng_below(&chance, size)] = (uint8_t)prng_below(&chance, 256);
		read_walled(bytes, prng_below(&chance, size + 1), &t);
	}
}
END_TEST

/* As many nodes as 40 octets of options can make. */
START_TEST(the_fullest_options_fit)
{
	uint8_t options[40], bytes[200] = {0};
	struct header_tree t;
	size_t size;

	for (size_t i = 0; i < sizeof options; i += 2) {
		options[i] = 4;
		options[i + 1] = 2;
	}
	size = octets_tcp(options, sizeof options, "x", bytes + ETHERNET_HEADER);
	bytes[12] = 8;
	read_walled(bytes, size + ETHERNET_HEADER, &t);
	ck_assert_uint_le(t.count, HEADER_NODES_MAX);
	ck_assert_uint_eq(value(bytes, &t, HEADER_TEXT_OCTETS), 'x');
}
END_TEST

START_TEST(a_wrong_bit_makes_the_sum_wrong)
{
	uint8_t bytes[200] = {0};
	struct header_tree t;
	uint16_t right;
	size_t size =
		octets_tcp((const uint8_t *)"\2\4\5\xb4", 4, "line 1\n", bytes + ETHERNET_HEADER) +
		ETHERNET_HEADER;

	bytes[12] = 8;
	read_walled(bytes, size, &t);
	ck_assert(header_sum_is_right(&t, bytes, HEADER_TCP_CHECKSUM));
	ck_assert(header_sum_is_right(&t, bytes, HEADER_IPV4_CHECKSUM));
	right = (uint16_t)value(bytes, &t, HEADER_TCP_CHECKSUM);
	bytes[ETHERNET_HEADER + 36] ^= 0x80; /* of the sum itself */
	ck_assert(!header_sum_is_right(&t, bytes, HEADER_TCP_CHECKSUM));
	ck_assert_uint_eq(header_sum_wanted(&t, bytes, HEADER_TCP_CHECKSUM), right);
	bytes[ETHERNET_HEADER + 36] ^= 0x80;
	bytes[size - 1] ^= 4;
	ck_assert(!header_sum_is_right(&t, bytes, HEADER_TCP_CHECKSUM));
	ck_assert_uint_ne(header_sum_wanted(&t, bytes, HEADER_TCP_CHECKSUM), right);
	bytes[size - 1] ^= 4;
	bytes[ETHERNET_HEADER + 8]--; /* the time to live: of no concern to TCP */
	ck_assert(header_sum_is_right(&t, bytes, HEADER_TCP_CHECKSUM));
	ck_assert(!header_sum_is_right(&t, bytes, HEADER_IPV4_CHECKSUM));
	header_read(bytes, 3, &t);
	ck_assert(!header_sum_is_right(&t, bytes, HEADER_TCP_CHECKSUM));
}
END_TEST

START_TEST(a_capture_is_taken_apart)
{
	const struct capture *c = &captures[_i];
	struct header_tree t;
	struct packet p;
	uint8_t bytes[256];
	size_t size = octets_from_hex(c->hex, bytes);

	read_walled(bytes, size, &t);
	if (!c->text)
		return;
	ck_assert_int_eq(parse_walled(bytes, size, PACKET_ETHERNET, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(value(bytes, &t, HEADER_TCP_ACK), p.tcp.seg.ack.v);
	ck_assert_int_eq(header_find(&t, HEADER_OPTION_TIMES) != NULL,
			 (p.tcp.seg.opts & OPT_TIMESTAMPS) != 0);
	if (p.tcp.seg.opts & OPT_TIMESTAMPS)
		ck_assert_uint_eq(value(bytes, &t, HEADER_TIME_VALUE), p.tcp.seg.tsval);
	if (p.tcp.seg.opts & OPT_SACK)
		ck_assert_uint_eq(value(bytes, &t, HEADER_SACK_LEFT), p.tcp.seg.sack[0].left.v);
}
END_TEST

Suite *header_suite(void)
{
	Suite *s = suite_create("header");
	TCase *c = tcase_create("header");

	tcase_add_loop_test(c, a_field_is_told_in_both_languages, 0, HEADER_COUNT);
	tcase_add_test(c, every_bit_of_a_packet_is_one_fields);
	tcase_add_test(c, any_octets_are_taken_apart);
	tcase_add_test(c, the_fullest_options_fit);
	tcase_add_test(c, a_wrong_bit_makes_the_sum_wrong);
	tcase_add_loop_test(c, a_capture_is_taken_apart, 0, captures_count);
	suite_add_tcase(s, c);
	return s;
}
