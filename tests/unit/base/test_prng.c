/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <base/prng.h>

enum { MANY = 100000 };

/* splitmix64's first number from state 0: what stream 0 is mixed to. */
#define STREAM_0 0xe220a8397b1dcdafu

START_TEST(splitmix64_gives_the_published_numbers)
{
	static const uint64_t known[] = {6457827717110365317u, 3203168211198807973u,
					 9817491932198370423u, 4593380528125082431u};
	struct prng p;

	prng_init(&p, 1234567u ^ STREAM_0, 0);
	for (int i = 0; i < 4; i++)
		ck_assert_msg(p.s[i] == known[i], "number %d", i);
}
END_TEST

START_TEST(xoshiro256starstar_gives_the_published_numbers)
{
	static const uint64_t known[] = {
		11520u,
		0u,
		1509978240u,
		1215971899390074240u,
		1216172134540287360u,
		607988272756665600u,
		16172922978634559625u,
		8476171486693032832u,
		10595114339597558777u,
		2904607092377533576u,
	};
	struct prng p = {{1, 2, 3, 4}};

	for (int i = 0; i < 10; i++)
		ck_assert_msg(prng_u64(&p) == known[i], "number %d", i);
}
END_TEST

START_TEST(streams_and_seeds_do_not_meet)
{
	uint64_t first[64];
	int n = 0;

	for (uint64_t seed = 0; seed < 8; seed++) {
		for (uint64_t stream = 0; stream < 8; stream++) {
			struct prng p;

			prng_init(&p, seed, stream);
			first[n] = prng_u64(&p);
			for (int i = 0; i < n; i++)
				ck_assert(first[i] != first[n]);
			n++;
		}
	}
}
END_TEST

START_TEST(same_seed_and_stream_same_numbers)
{
	struct prng a, b;

	prng_init(&a, 77, 3);
	prng_init(&b, 77, 3);
	for (int i = 0; i < 100; i++)
		ck_assert(prng_u64(&a) == prng_u64(&b));
}
END_TEST

START_TEST(below_stays_below_and_reaches_all)
{
	struct prng p;
	int seen[10] = {0};

	prng_init(&p, 1, 1);
	for (int i = 0; i < MANY; i++) {
		uint64_t x = prng_below(&p, 10);

		ck_assert_uint_lt(x, 10);
		seen[x]++;
	}
	/* Standard deviation is 95: ten of them. */
	for (int i = 0; i < 10; i++)
		ck_assert_msg(seen[i] > 9050 && seen[i] < 10950, "%d: %d times", i, seen[i]);
}
END_TEST

/* With a bound of 3/4 of 2^64, plain remainders would give the lower third twice as often. */
START_TEST(below_is_unbiased_for_a_large_bound)
{
	const uint64_t bound = 3u * ((uint64_t)1 << 62);
	struct prng p;
	int low = 0;

	prng_init(&p, 2, 2);
	for (int i = 0; i < MANY; i++)
		low += prng_below(&p, bound) < bound / 3;
	ck_assert_int_gt(low, MANY / 3 - 1500);
	ck_assert_int_lt(low, MANY / 3 + 1500);
}
END_TEST

START_TEST(below_one_is_zero)
{
	struct prng p;

	prng_init(&p, 3, 3);
	for (int i = 0; i < 100; i++)
		ck_assert_uint_eq(prng_below(&p, 1), 0);
}
END_TEST

START_TEST(below_zero_is_our_bug)
{
	struct prng p;

	prng_init(&p, 3, 3);
	prng_below(&p, 0);
}
END_TEST

/* The vectors of the SipHash paper's reference code: key 00..0f, message 00..(n-1), little-endian.
 */
START_TEST(siphash_gives_the_published_numbers)
{
	static const uint64_t known[64] = {
		0x726fdb47dd0e0e31u, 0x74f839c593dc67fdu, 0x0d6c8009d9a94f5au, 0x85676696d7fb7e2du,
		0xcf2794e0277187b7u, 0x18765564cd99a68du, 0xcbc9466e58fee3ceu, 0xab0200f58b01d137u,
		0x93f5f5799a932462u, 0x9e0082df0ba9e4b0u, 0x7a5dbbc594ddb9f3u, 0xf4b32f46226bada7u,
		0x751e8fbc860ee5fbu, 0x14ea5627c0843d90u, 0xf723ca908e7af2eeu, 0xa129ca6149be45e5u,
		0x3f2acc7f57c29bdbu, 0x699ae9f52cbe4794u, 0x4bc1b3f0968dd39cu, 0xbb6dc91da77961bdu,
		0xbed65cf21aa2ee98u, 0xd0f2cbb02e3b67c7u, 0x93536795e3a33e88u, 0xa80c038ccd5ccec8u,
		0xb8ad50c6f649af94u, 0xbce192de8a85b8eau, 0x17d835b85bbb15f3u, 0x2f2e6163076bcfadu,
		0xde4daaaca71dc9a5u, 0xa6a2506687956571u, 0xad87a3535c49ef28u, 0x32d892fad841c342u,
		0x7127512f72f27cceu, 0xa7f32346f95978e3u, 0x12e0b01abb051238u, 0x15e034d40fa197aeu,
		0x314dffbe0815a3b4u, 0x027990f029623981u, 0xcadcd4e59ef40c4du, 0x9abfd8766a33735cu,
		0x0e3ea96b5304a7d0u, 0xad0c42d6fc585992u, 0x187306c89bc215a9u, 0xd4a60abcf3792b95u,
		0xf935451de4f21df2u, 0xa9538f0419755787u, 0xdb9acddff56ca510u, 0xd06c98cd5c0975ebu,
		0xe612a3cb9ecba951u, 0xc766e62cfcadaf96u, 0xee64435a9752fe72u, 0xa192d576b245165au,
		0x0a8787bf8ecb74b2u, 0x81b3e73d20b49b6fu, 0x7fa8220ba3b2eceau, 0x245731c13ca42499u,
		0xb78dbfaf3a8d83bdu, 0xea1ad565322a1a0bu, 0x60e61c23a3795013u, 0x6606d7e446282b93u,
		0x6ca4ecb15c5f91e1u, 0x9f626da15c9625f3u, 0xe51b38608ef25f57u, 0x958a324ceb064572u,
	};
	const uint64_t key[2] = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
	uint8_t message[64];

	for (size_t i = 0; i < 64; i++) {
		ck_assert_msg(siphash(key, message, i) == known[i], "size %zu", i);
		message[i] = (uint8_t)i;
	}
}
END_TEST

Suite *prng_suite(void)
{
	Suite *s = suite_create("prng, siphash");
	TCase *t = tcase_create("numbers");

	tcase_add_test(t, splitmix64_gives_the_published_numbers);
	tcase_add_test(t, xoshiro256starstar_gives_the_published_numbers);
	tcase_add_test(t, streams_and_seeds_do_not_meet);
	tcase_add_test(t, same_seed_and_stream_same_numbers);
	tcase_add_test(t, below_stays_below_and_reaches_all);
	tcase_add_test(t, below_is_unbiased_for_a_large_bound);
	tcase_add_test(t, below_one_is_zero);
	if (may_die())
		tcase_add_test_raise_signal(t, below_zero_is_our_bug, 6);
	tcase_add_test(t, siphash_gives_the_published_numbers);
	suite_add_tcase(s, t);
	return s;
}
