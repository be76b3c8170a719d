/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <live/datalink.h>
#include <stdlib.h>
#include <string.h>

/* The headers are as tcpdump wrote them on Linux and macOS; "45" and "60" stand for the datagram.
 */
/* clang-format off */
static const struct link_case {
	int link;
	const char *hex;
	int at; /* -1: there is no IP datagram */
} cases[] = {
	{DATALINK_ETHERNET, "020000000002 020000000001 0800 4500", 14},
	{DATALINK_ETHERNET, "020000000002 020000000001 86dd 6000", 14},
	{DATALINK_ETHERNET, "020000000002 020000000001 8100 0064 0800 4500", 18},
	{DATALINK_ETHERNET, "020000000002 020000000001 88a8 0064 8100 0065 86dd 60", 22},
	{DATALINK_ETHERNET, "020000000002 020000000001 9100 0064 8100 0065 0800 45", 22},
	{DATALINK_ETHERNET, "020000000002 020000000001 0024 aaaa03 000000 0800 45", 22},
	{DATALINK_ETHERNET, "020000000002 020000000001 0024 aaaa03 00000c 0800 45", -1},
	{DATALINK_ETHERNET, "020000000002 020000000001 0024 424203 000000 0800 45", -1},
	{DATALINK_ETHERNET, "020000000002 020000000001 0806 0001", -1},
	{DATALINK_ETHERNET, "020000000002 020000000001 0800 6000", -1},
	{DATALINK_ETHERNET, "020000000002 020000000001 86dd 4500", -1},
	{DATALINK_ETHERNET, "020000000002 020000000001 0800", -1},
	{DATALINK_ETHERNET, "020000000002 020000000001 8100 00", -1},
	{DATALINK_ETHERNET, "020000000002 0200000000", -1},
	{DATALINK_LINUX_SLL, "0000 0304 0006 0000000000000000 0800 45", 16},
	{DATALINK_LINUX_SLL, "0004 0001 0006 0200000000010000 86dd 60", 16},
	{DATALINK_LINUX_SLL, "0004 0001 0006 0200000000010000 8100 0064 0800 45", 20},
	{DATALINK_LINUX_SLL, "0004 0001 0006 0200000000010000 0806 00", -1},
	{DATALINK_LINUX_SLL, "0004 0001 0006 02000000000100", -1},
	{DATALINK_LINUX_SLL2, "0800 0000 00000001 0304 04 06 0000000000000000 45", 20},
	{DATALINK_LINUX_SLL2, "86dd 0000 00000001 0304 00 06 0000000000000000 60", 20},
	{DATALINK_LINUX_SLL2, "0003 0000 00000001 0304 00 06 0000000000000000 60", -1},
	{DATALINK_LINUX_SLL2, "0800 0000 00000001", -1},
	{DATALINK_NULL, "02000000 45", 4},
	{DATALINK_NULL, "00000002 45", 4},
	{DATALINK_NULL, "1e000000 60", 4},
	{DATALINK_NULL, "0000001c 60", 4},
	{DATALINK_NULL, "0a000000 60", 4},
	{DATALINK_NULL, "18000000 60", 4},
	{DATALINK_NULL, "02000000 60", -1},
	{DATALINK_NULL, "07000000 45", -1},
	{DATALINK_NULL, "020000", -1},
	{DATALINK_LOOP, "00000002 45", 4},
	{DATALINK_LOOP, "00000018 60", 4},
	{DATALINK_RAW, "45", 0},
	{DATALINK_RAW, "60", 0},
	{DATALINK_RAW_BSD, "45", 0},
	{DATALINK_RAW_OPENBSD, "60", 0},
	{DATALINK_RAW, "50", -1},
	{DATALINK_RAW, "", -1},
	{DATALINK_IPV4, "45", 0},
	{DATALINK_IPV4, "60", -1},
	{DATALINK_IPV6, "60", 0},
	{DATALINK_IPV6, "45", -1},
	{127, "45", -1},
	{-1, "45", -1},
};
/* clang-format on */

static int nibble(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Blanks are for the reader. Exactly as large as it is, so that a look behind its end is found by
 * the sanitizers. */
static uint8_t *octets_of(const char *hex, size_t *n)
{
	uint8_t *octets;

	*n = 0;
	for (const char *h = hex; *h != '\0'; h += *h == ' ' ? 1 : 2)
		*n += *h != ' ';
	octets = malloc(*n + (*n == 0));
	for (size_t i = 0; *hex != '\0'; hex += 2) {
		hex += *hex == ' ';
		octets[i++] = (uint8_t)(nibble(hex[0]) << 4 | nibble(hex[1]));
	}
	return octets;
}

START_TEST(finds_the_datagram)
{
	const struct link_case *c = &cases[_i];
	size_t size, at = 99, n = 99;
	uint8_t *octets = octets_of(c->hex, &size);
	bool is_there = datalink_ip(c->link, octets, size, &at, &n);

	ck_assert_msg(is_there == (c->at >= 0), "%d: %s", c->link, c->hex);
	if (is_there) {
		ck_assert_int_eq((int)at, c->at);
		ck_assert_uint_eq(at + n, size);
	} else {
		ck_assert_uint_eq(at, 99);
	}
	free(octets);
}
END_TEST

START_TEST(knows_kinds_by_name)
{
	ck_assert_str_eq(datalink_name(DATALINK_ETHERNET), "Ethernet");
	ck_assert_str_eq(datalink_name(127), "IEEE 802.11 (Wi-Fi) with radiotap");
	ck_assert_ptr_null(datalink_name(9999));
	ck_assert(datalink_is_known(DATALINK_NULL));
	ck_assert(datalink_is_known(DATALINK_LINUX_SLL2));
	ck_assert(!datalink_is_known(127));
	ck_assert(!datalink_is_known(-1));
}
END_TEST

Suite *datalink_suite(void)
{
	Suite *s = suite_create("datalink");
	TCase *t = tcase_create("datalink");

	tcase_add_loop_test(t, finds_the_datagram, 0, (int)(sizeof cases / sizeof cases[0]));
	tcase_add_test(t, knows_kinds_by_name);
	suite_add_tcase(s, t);
	return s;
}
