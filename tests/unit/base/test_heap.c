/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <base/heap.h>
#include <base/prng.h>

START_TEST(an_empty_heap_gives_nothing)
{
	struct heap h = {0};
	struct heap_item item;

	ck_assert(!heap_pop(&h, &item));
	heap_push(&h, (struct heap_item){.at = 5, .serial = 1, .value = 9});
	ck_assert(heap_pop(&h, &item));
	ck_assert_uint_eq(item.value, 9);
	ck_assert(!heap_pop(&h, &item));
	heap_fini(&h);
}
END_TEST

START_TEST(equal_times_come_in_serial_order)
{
	struct heap h = {0};
	struct heap_item item;

	for (uint64_t i = 0; i < 100; i++)
		heap_push(&h, (struct heap_item){.at = -3, .serial = i * 37 % 100, .value = i});
	for (uint64_t i = 0; i < 100; i++) {
		ck_assert(heap_pop(&h, &item));
		ck_assert_uint_eq(item.serial, i);
		ck_assert_uint_eq(item.value * 37 % 100, i);
	}
	heap_fini(&h);
}
END_TEST

START_TEST(pushes_and_pops_mixed_stay_in_order)
{
	struct heap h = {0};
	struct heap_item item;
	struct prng p;
	int64_t now = INT64_MIN;
	uint64_t serial = 0;
	int popped = 0;

	prng_init(&p, (uint64_t)_i, 0);
	while (popped < 5000) {
		if (prng_below(&p, 100) < 55) {
			int64_t ahead = (int64_t)prng_below(&p, 50);

			now = now == INT64_MIN ? 0 : now;
			heap_push(&h, (struct heap_item){.at = now + ahead, .serial = serial++});
		} else if (heap_pop(&h, &item)) {
			ck_assert_int_ge(item.at, now);
			now = item.at;
			popped++;
		}
	}
	ck_assert_uint_eq(h.items.count + 5000, serial);
	heap_fini(&h);
}
END_TEST

Suite *heap_suite(void)
{
	Suite *s = suite_create("heap");
	TCase *t = tcase_create("order");

	tcase_add_test(t, an_empty_heap_gives_nothing);
	tcase_add_test(t, equal_times_come_in_serial_order);
	tcase_add_loop_test(t, pushes_and_pops_mixed_stay_in_order, 0, 5);
	suite_add_tcase(s, t);
	return s;
}
