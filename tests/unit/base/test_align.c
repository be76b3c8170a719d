/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdlib.h>
#include <base/align.h>
#include <base/array.h>
#include <base/prng.h>

/* Pairs are equal and rise; returns how many. */
static size_t check(const uint64_t *a, size_t n, const uint64_t *b, size_t m)
{
	size_t *partner = xcalloc(n + 1, sizeof *partner), count = 0, last = 0;

	align(a, n, b, m, partner);
	for (size_t i = 0; i < n; i++) {
		if (partner[i] == ALIGN_NONE)
			continue;
		ck_assert_uint_lt(partner[i], m);
		ck_assert_uint_eq(a[i], b[partner[i]]);
		ck_assert(count == 0 || partner[i] > last);
		last = partner[i];
		count++;
	}
	free(partner);
	return count;
}

static size_t longest(const uint64_t *a, size_t n, const uint64_t *b, size_t m)
{
	size_t most[13][13] = {{0}};

	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 1; j <= m; j++) {
			size_t best =
				most[i - 1][j] > most[i][j - 1] ? most[i - 1][j] : most[i][j - 1];

			if (a[i - 1] == b[j - 1] && most[i - 1][j - 1] + 1 > best)
				best = most[i - 1][j - 1] + 1;
			most[i][j] = best;
		}
	}
	return most[n][m];
}

START_TEST(test_short_ones_are_exact)
{
	struct prng p;

	prng_init(&p, 7, 0);
	for (int round = 0; round < 3000; round++) {
		uint64_t a[12], b[12];
		size_t n = prng_below(&p, 13), m = prng_below(&p, 13);

		for (size_t i = 0; i < n; i++)
			a[i] = prng_below(&p, 4);
		for (size_t i = 0; i < m; i++)
			b[i] = prng_below(&p, 4);
		ck_assert_uint_eq(check(a, n, b, m), longest(a, n, b, m));
	}
}
END_TEST

/* A long list, and the same with some taken out and some put in: all that is left is found. */
START_TEST(test_long)
{
	enum { LONG = 50000 };
	uint64_t *a = xcalloc(LONG, sizeof *a), *b = xcalloc(2 * LONG, sizeof *b);
	size_t m = 0, kept = 0;
	struct prng p;

	prng_init(&p, 11, 0);
	for (size_t i = 0; i < LONG; i++) {
		a[i] = i;
		if (prng_below(&p, 10) == 0)
			b[m++] = LONG + i;
		if (prng_below(&p, 10) != 0) {
			b[m++] = i;
			kept++;
		}
	}
	ck_assert_uint_eq(check(a, LONG, b, m), kept);
	free(a);
	free(b);
}
END_TEST

/* Nothing stands out in it, and it still ends soon and finds much. */
START_TEST(test_long_of_few)
{
	enum { LONG = 30000 };
	uint64_t *a = xcalloc(LONG, sizeof *a), *b = xcalloc(LONG, sizeof *b);
	struct prng p;

	prng_init(&p, 13, 0);
	for (size_t i = 0; i < LONG; i++) {
		a[i] = prng_below(&p, 3);
		b[i] = prng_below(&p, 3);
	}
	ck_assert_uint_gt(check(a, LONG, b, LONG), LONG / 3);
	free(a);
	free(b);
}
END_TEST

START_TEST(test_none)
{
	uint64_t one = 1, two = 2;

	ck_assert_uint_eq(check(&one, 0, &two, 0), 0);
	ck_assert_uint_eq(check(&one, 1, &two, 0), 0);
	ck_assert_uint_eq(check(&one, 0, &two, 1), 0);
	ck_assert_uint_eq(check(&one, 1, &two, 1), 0);
	ck_assert_uint_eq(check(&one, 1, &one, 1), 1);
}
END_TEST

Suite *align_suite(void)
{
	Suite *s = suite_create("align");
	TCase *c = tcase_create("align");

	tcase_add_test(c, test_short_ones_are_exact);
	tcase_add_test(c, test_long);
	tcase_add_test(c, test_long_of_few);
	tcase_add_test(c, test_none);
	suite_add_tcase(s, c);
	return s;
}
