/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <base/prng.h>
#include <wire/packet.h>

START_TEST(the_example_of_rfc_1071)
{
	static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	ck_assert_uint_eq(checksum_end(checksum_add(0, bytes, 8)), (uint16_t)~0xddf2);
}
END_TEST

/* A header often quoted, with and without its checksum 0xb861. */
START_TEST(an_ipv4_header)
{
	uint8_t header[] = {0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
			    0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};

	ck_assert_uint_eq(checksum_end(checksum_add(0, header, 20)), 0xb861);
	header[10] = 0xb8;
	header[11] = 0x61;
	ck_assert_uint_eq(checksum_end(checksum_add(0, header, 20)), 0);
}
END_TEST

START_TEST(the_edges)
{
	static const uint8_t odd[] = {0x12, 0x34, 0x56};
	static const uint8_t even[] = {0x12, 0x34, 0x56, 0x00};
	static const uint8_t ones[] = {0xff, 0xff, 0xff, 0xff};

	ck_assert_uint_eq(checksum_end(0), 0xffff);
	ck_assert_uint_eq(checksum_end(0x1fffe), 0); /* a carry into the lower half */
	ck_assert_uint_eq(checksum_end(UINT32_MAX), 0);
	ck_assert_uint_eq(checksum_end(checksum_add(0, odd, 0)), 0xffff);
	ck_assert_uint_eq(checksum_end(checksum_add(0, odd, 3)),
			  checksum_end(checksum_add(0, even, 4)));
	ck_assert_uint_eq(checksum_end(checksum_add(0, ones, 4)), 0);
	ck_assert_uint_eq(checksum_end(checksum_add(UINT32_MAX, ones, 4)), 0);
}
END_TEST

START_TEST(a_long_run_does_not_overflow)
{
	enum { SIZE = 1 << 20 };
	uint8_t *bytes = malloc(SIZE);
	uint32_t sum = 0;

	memset(bytes, 0xff, SIZE);
	for (int i = 0; i < 100; i++)
		sum = checksum_add(sum, bytes, SIZE);
	ck_assert_uint_eq(checksum_end(sum), 0);
	free(bytes);
}
END_TEST

START_TEST(parts_sum_to_the_whole)
{
	uint8_t bytes[200];
	struct prng p;

	prng_init(&p, 1, 0);
	for (int round = 0; round < 1000; round++) {
		size_t cut = 2 * prng_below(&p, 101);
		uint32_t sum;

		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (uint8_t)prng_u64(&p);
		sum = checksum_add(checksum_add(0, bytes, cut), bytes + cut, sizeof bytes - cut);
		ck_assert_uint_eq(checksum_end(sum),
				  checksum_end(checksum_add(0, bytes, sizeof bytes)));
	}
}
END_TEST

Suite *checksum_suite(void)
{
	Suite *s = suite_create("checksum");
	TCase *t = tcase_create("RFC 1071");

	tcase_add_test(t, the_example_of_rfc_1071);
	tcase_add_test(t, an_ipv4_header);
	tcase_add_test(t, the_edges);
	tcase_add_test(t, a_long_run_does_not_overflow);
	tcase_add_test(t, parts_sum_to_the_whole);
	suite_add_tcase(s, t);
	return s;
}
