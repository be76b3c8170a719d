/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdint.h>
#include <base/arena.h>
#include <base/array.h>

START_TEST(array_grows_and_keeps_what_it_holds)
{
	ARRAY(int) a = {0};

	for (int i = 0; i < 10000; i++)
		*array_push(&a) = i;
	ck_assert_uint_eq(a.count, 10000);
	ck_assert_uint_ge(a.size, a.count);
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(a.at[i], i);
	ck_assert_int_eq(*array_last(&a), 9999);
	ck_assert_int_eq(array_pop(&a), 9999);
	ck_assert_uint_eq(a.count, 9999);
	array_clear(&a);
	ck_assert_uint_eq(a.count, 0);
	ck_assert_ptr_nonnull(a.at);
	array_fini(&a);
	ck_assert_ptr_null(a.at);
	ck_assert_uint_eq(a.size, 0);
}
END_TEST

START_TEST(array_reserves_once_for_all)
{
	ARRAY(uint64_t) a = {0};
	uint64_t *at;

	array_reserve(&a, 1000);
	at = a.at;
	ck_assert_uint_ge(a.size, 1000);
	for (uint64_t i = 0; i < 1000; i++)
		*array_push(&a) = i;
	ck_assert_ptr_eq(a.at, at);
	array_fini(&a);
}
END_TEST

START_TEST(xstrndup_stops_at_the_nul_and_at_n)
{
	char *a = xstrndup("hello", 3);
	char *b = xstrndup("hi", 100);

	ck_assert_str_eq(a, "hel");
	ck_assert_str_eq(b, "hi");
	free(a);
	free(b);
}
END_TEST

START_TEST(arena_gives_zeroed_aligned_memory)
{
	struct arena a = {0};

	for (size_t size = 0; size < 40000; size = size * 3 / 2 + 1) {
		unsigned char *p = arena_alloc(&a, size);

		ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xa5, size);
	}
	ck_assert_uint_gt(a.used, 40000);
	arena_fini(&a);
	ck_assert_ptr_null(a.chunks);
	ck_assert_uint_eq(a.used, 0);
}
END_TEST

/* Small things of several chunks, with large ones between: none may touch another. */
START_TEST(arena_things_do_not_overlap)
{
	enum { THINGS = 3000 };
	struct arena a = {0};
	unsigned char *at[THINGS];
	size_t size[THINGS];

	for (int i = 0; i < THINGS; i++) {
		size[i] = i % 500 == 7 ? 100000 : 1 + (size_t)i % 97;
		at[i] = arena_alloc(&a, size[i]);
		memset(at[i], i & 0xff, size[i]);
	}
	for (int i = 0; i < THINGS; i++) {
		ck_assert_uint_eq(at[i][0], i & 0xff);
		ck_assert_uint_eq(at[i][size[i] - 1], i & 0xff);
	}
	arena_fini(&a);
}
END_TEST

START_TEST(arena_may_begin_with_a_large_thing)
{
	struct arena a = {0};
	unsigned char *large = arena_alloc(&a, 1000000);
	unsigned char *small = arena_alloc(&a, 8);

	memset(large, 0xa5, 1000000);
	for (int i = 0; i < 8; i++)
		ck_assert_uint_eq(small[i], 0);
	arena_fini(&a);
}
END_TEST

START_TEST(arena_makes_strings)
{
	struct arena a = {0};
	char *long_text = arena_printf(&a, "%*d", 5000, 7);

	ck_assert_str_eq(arena_strndup(&a, "hello", 4), "hell");
	ck_assert_str_eq(arena_strndup(&a, "hi", 9), "hi");
	ck_assert_str_eq(arena_strndup(&a, "", 0), "");
	ck_assert_str_eq(arena_printf(&a, "%s-%d", "x", 42), "x-42");
	ck_assert_uint_eq(strlen(long_text), 5000);
	ck_assert_int_eq(long_text[4999], '7');
	arena_fini(&a);
}
END_TEST

Suite *array_suite(void)
{
	Suite *s = suite_create("array, arena");
	TCase *t = tcase_create("memory");

	tcase_add_test(t, array_grows_and_keeps_what_it_holds);
	tcase_add_test(t, array_reserves_once_for_all);
	tcase_add_test(t, xstrndup_stops_at_the_nul_and_at_n);
	tcase_add_test(t, arena_gives_zeroed_aligned_memory);
	tcase_add_test(t, arena_things_do_not_overlap);
	tcase_add_test(t, arena_may_begin_with_a_large_thing);
	tcase_add_test(t, arena_makes_strings);
	suite_add_tcase(s, t);
	return s;
}
