/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/prng.h>
#include <woshou/streams.h>

static void expect_octets(const struct streams *s, struct text t, uint32_t skip, const char *what)
{
	char octets[64] = {0};

	ck_assert_uint_eq(stream_read(s, &t, skip, octets, sizeof octets - 1), strlen(what));
	ck_assert_str_eq(octets, what);
}

START_TEST(test_written_is_read)
{
	struct streams *s = streams_new();

	stream_write(s, 7, "line 1\n", 7);
	stream_write(s, 7, "line 2\n", 7);
	stream_write(s, 9, "other", 5);
	stream_write(s, 9, "", 0);
	ck_assert_uint_eq(stream_size(s, 7), 14);
	ck_assert_uint_eq(stream_size(s, 9), 5);
	ck_assert_uint_eq(stream_size(s, 8), 0);
	ck_assert_uint_eq(streams_count(s), 2);
	expect_octets(s, (struct text){5, 7, 4}, 0, "1\nli");
	expect_octets(s, (struct text){5, 7, 4}, 3, "i");
	expect_octets(s, (struct text){5, 7, 4}, 4, "");
	expect_octets(s, (struct text){12, 7, 10}, 0, "2\n"); /* as far as there is */
	expect_octets(s, (struct text){99, 7, 1}, 0, "");
	expect_octets(s, (struct text){0, 8, 1}, 0, "");
	streams_free(s);
}
END_TEST

/* Rows of 16 that name their place. */
START_TEST(test_synthetic)
{
	struct streams *s = streams_new();
	struct text far = {UINT64_C(1) << 40, 1, 32};

	stream_write_synthetic(s, 1, UINT64_C(1) << 41);
	ck_assert_uint_eq(stream_size(s, 1), UINT64_C(1) << 41);
	expect_octets(s, (struct text){0, 1, 20}, 0, "000000000000000\n0000");
	expect_octets(s, (struct text){30, 1, 6}, 0, "0\n0000");
	expect_octets(s, far, 0, "000010000000000\n000010000000010\n");
	ck_assert(stream_is_synthetic(s, &far));
	streams_free(s);
}
END_TEST

/* What nobody knew is known later: any part of it, once; what was known stays. */
START_TEST(test_mended)
{
	struct streams *s = streams_new();
	struct streams_mark *mark;
	bool is_synthetic;

	stream_write(s, 1, "ab", 2);
	stream_write_synthetic(s, 1, 6);
	stream_write(s, 1, "ij", 2);
	stream_mend(s, 1, 3, "de", 2);
	expect_octets(s, (struct text){0, 1, 10}, 0, "ab0de000ij");
	stream_mend(s, 1, 0, "ABCDEFGHIJKL", 12); /* beyond its end, and over what is known */
	expect_octets(s, (struct text){0, 1, 10}, 0, "abCdeFGHij");
	ck_assert_uint_eq(stream_size(s, 1), 10);
	ck_assert_uint_eq(stream_run(s, 1, 0, &is_synthetic), 10);
	ck_assert(!is_synthetic);
	stream_mend(s, 1, 10, "k", 1);
	stream_mend(s, 2, 0, "k", 1);
	mark = streams_mark(s);
	stream_write(s, 1, "klm", 3);
	stream_write_synthetic(s, 1, 3);
	stream_mend(s, 1, 15, "p", 1);
	expect_octets(s, (struct text){8, 1, 8}, 0, "ijklm00p");
	streams_rewind(s, mark);
	expect_octets(s, (struct text){0, 1, 20}, 0, "abCdeFGHij");
	stream_write(s, 1, "KLM", 3);
	expect_octets(s, (struct text){0, 1, 20}, 0, "abCdeFGHijKLM");
	streams_mark_free(mark);
	streams_free(s);
}
END_TEST

/* Against an array, in random order: the first word counts. */
START_TEST(test_mended_at_random)
{
	enum { SIZE = 300 };
	struct streams *s = streams_new();
	bool is_known[SIZE] = {false};
	char truth[SIZE], octets[SIZE];
	struct prng prng;

	prng_init(&prng, 7, 1);
	stream_write_synthetic(s, 1, SIZE);
	stream_read(s, &(struct text){0, 1, SIZE}, 0, truth, SIZE);
	for (int i = 0; i < 200; i++) {
		size_t from = prng_below(&prng, SIZE), n = prng_below(&prng, 20);
		char known[20];

		memset(known, 'A' + i % 26, sizeof known);
		stream_mend(s, 1, from, known, n);
		for (size_t j = from; j < from + n && j < SIZE; j++) {
			truth[j] = is_known[j] ? truth[j] : known[0];
			is_known[j] = true;
		}
		ck_assert_uint_eq(stream_read(s, &(struct text){0, 1, SIZE}, 0, octets, SIZE),
				  SIZE);
		ck_assert_mem_eq(octets, truth, SIZE);
	}
	streams_free(s);
}
END_TEST

START_TEST(test_mixed)
{
	struct streams *s = streams_new();
	bool is_synthetic;

	stream_write(s, 1, "ab", 2);
	stream_write_synthetic(s, 1, 3);
	stream_write_synthetic(s, 1, 11);
	stream_write(s, 1, "yz", 2);
	expect_octets(s, (struct text){1, 1, 17}, 0, "b0000000000000\nyz");
	ck_assert(stream_is_synthetic(s, &(struct text){2, 1, 14}));
	ck_assert(!stream_is_synthetic(s, &(struct text){1, 1, 2}));
	ck_assert(!stream_is_synthetic(s, &(struct text){15, 1, 2}));
	ck_assert(!stream_is_synthetic(s, &(struct text){2, 1, 0}));
	ck_assert(!stream_is_synthetic(s, &(struct text){2, 2, 1}));
	ck_assert_uint_eq(stream_run(s, 1, 0, &is_synthetic), 2);
	ck_assert(!is_synthetic);
	ck_assert_uint_eq(stream_run(s, 1, 4, &is_synthetic), 16);
	ck_assert(is_synthetic);
	ck_assert_uint_eq(stream_run(s, 1, 17, &is_synthetic), 18);
	streams_free(s);
}
END_TEST

/* After going back, another future can be written, and nothing of the first is left. */
START_TEST(test_rewind)
{
	struct streams *s = streams_new();
	struct streams_mark *m;

	stream_write(s, 1, "keep", 4);
	stream_write_synthetic(s, 1, 4);
	m = streams_mark(s);
	stream_write_synthetic(s, 1, 100);
	stream_write(s, 1, "gone", 4);
	stream_write(s, 5, "gone", 4);
	streams_rewind(s, m);
	ck_assert_uint_eq(stream_size(s, 1), 8);
	ck_assert_uint_eq(stream_size(s, 5), 0);
	ck_assert_uint_eq(streams_count(s), 1);
	stream_write(s, 1, "new", 3);
	stream_write(s, 5, "x", 1);
	expect_octets(s, (struct text){2, 1, 20}, 0, "ep0000new");
	expect_octets(s, (struct text){0, 5, 20}, 0, "x");
	streams_rewind(s, m);
	streams_mark_free(m);
	expect_octets(s, (struct text){0, 1, 20}, 0, "keep0000");
	streams_free(s);
}
END_TEST

enum { MANY = 3000, OCTETS = 40 };

/* Many streams, written in turns with random lengths, against plain arrays. */
START_TEST(test_many)
{
	struct streams *s = streams_new();
	struct prng p;
	char plain[OCTETS + 1], octets[OCTETS + 1];

	prng_init(&p, 1, 1);
	for (uint32_t i = 1; i <= MANY; i++) {
		for (size_t at = 0; at < OCTETS;) {
			size_t n = 1 + (size_t)prng_below(&p, OCTETS - at);

			for (size_t j = 0; j < n; j++)
				plain[at + j] = (char)('a' + (i + at + j) % 26);
			stream_write(s, i * 1000003u, plain + at, n);
			at += n;
		}
	}
	for (uint32_t i = 1; i <= MANY; i++) {
		struct text t = {prng_below(&p, OCTETS), i * 1000003u, OCTETS};
		size_t n = stream_read(s, &t, 0, octets, OCTETS);

		ck_assert_uint_eq(n, OCTETS - t.offset);
		for (size_t j = 0; j < n; j++)
			ck_assert_int_eq(octets[j], 'a' + (int)((i + t.offset + j) % 26));
		ck_assert_uint_eq(stream_nth(s, i - 1), i * 1000003u);
		ck_assert_uint_eq(stream_index(s, i * 1000003u), i - 1);
	}
	streams_free(s);
}
END_TEST

Suite *streams_suite(void)
{
	Suite *s = suite_create("streams");
	TCase *c = tcase_create("streams");

	tcase_add_test(c, test_written_is_read);
	tcase_add_test(c, test_synthetic);
	tcase_add_test(c, test_mended);
	tcase_add_test(c, test_mended_at_random);
	tcase_add_test(c, test_mixed);
	tcase_add_test(c, test_rewind);
	tcase_add_test(c, test_many);
	suite_add_tcase(s, c);
	return s;
}
