/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/sink.h>
#include <wire/seg_text.h>
#include "octet_tools.h"

static const struct option_case {
	const char *name;
	const char *octets; /* a multiple of 4 */
	enum refusal refused;
	const char *known; /* as seg_print_options writes them when laid out anew */
	const char *other;
} cases[] = {
	{"none", "", 0, "", ""},
	{"EOL first", "00020405", 0, "", ""},
	{"NOPs", "01010101", 0, "", ""},
	{"MSS", "020405b4", 0, "mss 1460", ""},
	{"MSS 0", "02040000", 0, "mss 0", ""},
	{"window scale", "01030307", 0, "nop,wscale 7", ""},
	{"a window scale above 14 is told as it is", "010303ff", 0, "nop,wscale 255", ""},
	{"SACK-permitted", "01010402", 0, "nop,nop,sackOK", ""},
	{"SACK, one block", "0101050a0000000100000002", 0, "nop,nop,sack 1:2", ""},
	{"SACK, four blocks",
	 "010105220000000100000002000000030000000400000005000000060000000700000008", 0,
	 "nop,nop,sack 1:2 3:4 5:6 7:8", ""},
	{"timestamps", "0101080affffffff00000001", 0, "nop,nop,TS val 4294967295 ecr 1", ""},
	{"what Linux sends in a SYN", "020405b40402080a00000001000000000103030a", 0,
	 "mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 10", ""},
	{"a user timeout in seconds", "1c04012c", 0, "uto 300", ""},
	{"a user timeout in minutes, 15 bits", "1c04ffff", 0, "uto 32767min", ""},
	{"a user timeout of 5 octets is unknown", "1c05012c01000000", 0, "", "1c05012c01"},
	{"a user timeout of 3 octets is unknown", "1c030101", 0, "", "1c0301"},
	{"without NOPs, unaligned (MUST-64)", "0303070402080a00000001000000020204ffff00", 0,
	 "mss 65535,sackOK,TS val 1 ecr 2,nop,wscale 7", ""},
	{"nothing after EOL counts", "0402000204ffffff", 0, "nop,nop,sackOK", ""},
	{"unknown ones are kept (MUST-6)", "fe04abcd1e020101", 0, "", "fe04abcd1e02"},
	{"an unknown one of 40 octets",
	 "fd280000000000000000000000000000000000000000000000000000000000000000000000000000", 0, "",
	 "fd280000000000000000000000000000000000000000000000000000000000000000000000000000"},
	{"known and unknown ones mixed", "fd03aa020405b4fd03bb010303070000", 0,
	 "mss 1460,nop,wscale 7", "fd03aafd03bb"},
	{"MSS of 3 octets is unknown", "02030501", 0, "", "020305"},
	{"MSS of 2 octets is unknown", "02020101", 0, "", "0202"},
	{"MSS of 6 octets is unknown", "0206000000000000", 0, "", "020600000000"},
	{"window scale of 4 octets is unknown", "03040707", 0, "", "03040707"},
	{"SACK-permitted of 3 octets is unknown", "04030001", 0, "", "040300"},
	{"SACK without a block is unknown", "05020101", 0, "", "0502"},
	{"half a block is unknown", "0506000000010101", 0, "", "050600000001"},
	{"timestamps of 9 octets are unknown", "080900000001000000000000", 0, "",
	 "080900000001000000"},
	{"of two the first counts", "020405b402040218", 0, "mss 1460", "02040218"},
	{"a wrong one before a right one does not count", "0203000204021800", 0, "mss 536",
	 "020300"},
	{"length 0 (MUST-7)", "02000000", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
	{"length 1", "02010000", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
	{"an unknown one of length 0", "fd000000", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
	{"an unknown one of length 1", "fd010000", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
	{"past the end", "02050000", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
	{"far past the end", "01fdff00", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
	{"a kind without length", "01010102", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
	{"SACK past the end", "050a000000010000", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
	{"a good one before a lie", "020405b4fd050000", REFUSED_TCP_OPTION_LENGTH, NULL, NULL},
};

START_TEST(these_octets_are_these_options)
{
	const struct option_case *c = &cases[_i];
	uint8_t options[64], other[64], bytes[256];
	size_t n = octets_from_hex(c->octets, options);
	size_t size = octets_tcp(options, n, "text", bytes);
	struct sink line = {0};
	struct packet p;
	enum refusal why = parse_walled(bytes, size, PACKET_IP, &p);

	ck_assert_msg(why == c->refused, "%s: %s", c->name, packet_reason(why));
	if (why != REFUSED_NOTHING)
		return;
	ck_assert_uint_eq(p.tcp.seg.text.len, 4);
	ck_assert_mem_eq(p.tcp.text, "text", 4);
	sink_clear(&line);
	sink_puts(&line, "");
	seg_print_options(&line, &p.tcp.seg);
	ck_assert_msg(strcmp(line.at, c->known) == 0, "%s: %s", c->name, line.at);
	n = octets_from_hex(c->other, other);
	ck_assert_msg(p.tcp.other_size == n && memcmp(p.tcp.other, other, n) == 0, "%s: other",
		      c->name);
	sink_fini(&line);
}
END_TEST

/* One option of every kind and length at every place: refused exactly when its length leads
 * nowhere, and what is accepted goes out and comes back equal. */
START_TEST(every_kind_and_length)
{
	uint8_t kind = (uint8_t)_i;
	uint8_t bytes[256], again[256];

	for (size_t place = 0; place < 40; place++) {
		for (unsigned length = 0; length < 256; length += length < 42 ? 1 : 71) {
			uint8_t options[40];
			bool is_lie = length < 2 || place + length > 40;
			struct packet p, back;
			enum refusal why;
			size_t size;

			memset(options, 1, sizeof options);
			options[place] = kind;
			if (place < 39)
				options[place + 1] = (uint8_t)length;
			else
				is_lie = true; /* no room for a length */
			size = octets_tcp(options, sizeof options, "", bytes);
			why = parse_walled(bytes, size, PACKET_IP, &p);
			ck_assert_msg(why == (is_lie ? REFUSED_TCP_OPTION_LENGTH : REFUSED_NOTHING),
				      "kind %u length %u at %zu: %s", kind, length, place,
				      packet_reason(why));
			if (is_lie)
				continue;
			ck_assert(packet_emit(&p, again, sizeof again, &size));
			ck_assert_int_eq(parse_walled(again, size, PACKET_IP, &back), 0);
			ck_assert(packet_eq(&p, &back));
		}
	}
}
END_TEST

/* As FreeBSD lays them out: FreeBSD's order, NOPs before what wants a border, EOL behind all. */
START_TEST(options_end_with_eol_where_the_layout_says_so)
{
	static const struct {
		uint8_t opts, sacks;
		const char *text;
	} rows[] = {
		{0, 0, ""},
		{OPT_MSS, 0, "mss 1460"},
		{OPT_MSS | OPT_SACK_PERMITTED, 0, "mss 1460,sackOK,eol,eol"},
		{OPT_MSS | OPT_WSCALE, 0, "mss 1460,nop,wscale 6"},
		{OPT_MSS | OPT_WSCALE | OPT_TIMESTAMPS, 0,
		 "mss 1460,nop,wscale 6,nop,nop,TS val 100 ecr 0"},
		{OPT_MSS | OPT_WSCALE | OPT_SACK_PERMITTED | OPT_TIMESTAMPS, 0,
		 "mss 1460,nop,wscale 6,sackOK,TS val 100 ecr 0"},
		{OPT_TIMESTAMPS, 0, "nop,nop,TS val 100 ecr 0"},
		{OPT_SACK, 1, "nop,nop,sack 5:9"},
		{OPT_TIMESTAMPS | OPT_SACK, 1, "nop,nop,TS val 100 ecr 0,nop,nop,sack 5:9"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct seg s = {.opts = rows[i].opts,
				.mss = 1460,
				.wscale = 6,
				.tsval = 100,
				.sacks = rows[i].sacks,
				.sack = {{{5}, {9}}},
				.layout = LAYOUT_END};
		struct sink text = {0};

		sink_puts(&text, "");
		seg_print_options(&text, &s);
		ck_assert_str_eq(text.at, rows[i].text);
		sink_fini(&text);
	}
}
END_TEST

static const struct size_case {
	const char *name;
	uint8_t opts, sacks, other_size;
	size_t size;    /* tcp_options_size: without the others */
	size_t emitted; /* with them; 0: they do not fit */
} sizes[] = {
	{"none", 0, 0, 0, 0, 0},
	{"MSS", OPT_MSS, 0, 0, 4, 4},
	{"window scale", OPT_WSCALE, 0, 0, 4, 4},
	{"SACK-permitted", OPT_SACK_PERMITTED, 0, 0, 4, 4},
	{"timestamps", OPT_TIMESTAMPS, 0, 0, 12, 12},
	{"the four of a SYN", 0x17, 0, 0, 20, 20},
	{"four blocks", OPT_SACK, 4, 0, 36, 36},
	{"timestamps and three blocks", OPT_TIMESTAMPS | OPT_SACK, 3, 0, 40, 40},
	{"timestamps and four blocks", OPT_TIMESTAMPS | OPT_SACK, 4, 0, 44, 0},
	{"the NOPs give way", OPT_TIMESTAMPS | OPT_MSS | OPT_SACK, 2, 5, 34, 40},
	{"and when the others need the room", OPT_TIMESTAMPS, 0, 30, 12, 40},
	{"one octet too many", OPT_TIMESTAMPS, 0, 31, 12, 0},
	{"padded with zeros (MUST-69)", 0, 0, 5, 0, 8},
};

START_TEST(options_need_this_room)
{
	const struct size_case *c = &sizes[_i];
	struct packet p = {
		.kind = PACKET_TCP,
		.ip = {.protocol = IP_PROTOCOL_TCP,
		       .from.family = FAMILY_IPV4,
		       .to.family = FAMILY_IPV4},
		.tcp = {.seg = {.opts = c->opts, .sacks = c->sacks}, .other_size = c->other_size},
	};
	bool fits = c->emitted > 0 || (c->opts == 0 && c->other_size == 0);
	uint8_t bytes[256];
	size_t size = 0;

	memset(bytes, 0xee, sizeof bytes);
	memset(p.tcp.other, 0xfd, sizeof p.tcp.other);
	p.tcp.other[1] = c->other_size;
	ck_assert_msg(tcp_options_size(&p.tcp.seg) == (c->size + 3) / 4 * 4, "%s: %zu", c->name,
		      tcp_options_size(&p.tcp.seg));
	ck_assert_msg(packet_emit(&p, bytes, sizeof bytes, &size) == fits, "%s", c->name);
	if (!fits)
		return;
	ck_assert_msg(size == 40 + c->emitted, "%s: %zu", c->name, size);
	ck_assert_uint_eq(bytes[32] >> 4, 5 + c->emitted / 4);
	if (c->opts == 0) {
		for (size_t i = c->other_size; i < c->emitted; i++)
			ck_assert_uint_eq(bytes[40 + i], 0);
	}
}
END_TEST

Suite *options_suite(void)
{
	Suite *s = suite_create("options");
	TCase *t = tcase_create("options");

	tcase_add_loop_test(t, these_octets_are_these_options, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(t, every_kind_and_length, 2, 12);
	tcase_add_loop_test(t, every_kind_and_length, 250, 256);
	tcase_add_test(t, options_end_with_eol_where_the_layout_says_so);
	tcase_add_loop_test(t, options_need_this_room, 0, sizeof sizes / sizeof sizes[0]);
	suite_add_tcase(s, t);
	return s;
}
