/* SPDX-License-Identifier: MIT */
/* The wheel against its plain twin, the binary heap: same operations, same order. */
#include "suites.h"

#include <stdlib.h>
#include <base/array.h>
#include <base/heap.h>
#include <base/prng.h>
#include <sim/wheel.h>

struct thing {
	uint32_t number;
	struct wheel_node node;
	uint64_t serial; /* of its last putting in; 0: not in the wheel */
};

struct twins {
	struct pool pool;
	struct wheel *wheel;
	struct heap heap;
	struct prng prng;
	uint64_t serial;
	uint32_t things[4000];
	uint32_t count;
};

static void twins_init(struct twins *t, uint64_t seed)
{
	*t = (struct twins){0};
	pool_init(&t->pool, sizeof(struct thing), 6);
	t->wheel = xcalloc(1, sizeof *t->wheel);
	for (int kind = 0; kind < WHEEL_KINDS; kind++)
		t->wheel->kind[kind] = (struct wheel_kind){&t->pool, offsetof(struct thing, node)};
	prng_init(&t->prng, seed, 0);
}

static void twins_fini(struct twins *t)
{
	pool_fini(&t->pool);
	free(t->wheel);
	heap_fini(&t->heap);
}

static struct thing *thing(struct twins *t, uint32_t index)
{
	return pool_at(&t->pool, index);
}

/* Near, far, very far, and often the same time. */
static usec some_delay(struct twins *t)
{
	static const uint64_t spans[] = {1,       2,          200,        300,        70000,
					 1000000, 5000000000, 1ull << 40, 1ull << 55, 1ull << 61};
	uint64_t span = spans[prng_below(&t->prng, sizeof spans / sizeof *spans)];

	return (usec)prng_below(&t->prng, span);
}

static void put(struct twins *t, usec now)
{
	uint32_t index = pool_take(&t->pool);
	usec at = now + some_delay(t);

	thing(t, index)->node.at = USEC_NEVER;
	thing(t, index)->serial = ++t->serial;
	wheel_put(t->wheel, wheel_id(index % WHEEL_KINDS, index), at);
	heap_push(&t->heap, (struct heap_item){at, t->serial, index});
	t->things[t->count++] = index;
}

static void forget(struct twins *t, uint32_t i)
{
	thing(t, t->things[i])->serial = 0;
	pool_give(&t->pool, t->things[i]);
	t->things[i] = t->things[--t->count];
}

static void cancel(struct twins *t)
{
	uint32_t i = (uint32_t)prng_below(&t->prng, t->count);
	uint32_t index = t->things[i];

	wheel_take(t->wheel, wheel_id(index % WHEEL_KINDS, index));
	forget(t, i);
}

/* The heap cannot cancel: what was taken out of the wheel is passed over. */
static bool heap_first(struct twins *t, struct heap_item *out)
{
	while (heap_pop(&t->heap, out))
		if (thing(t, (uint32_t)out->value)->serial == out->serial)
			return true;
	return false;
}

static void pop(struct twins *t, usec *now)
{
	struct heap_item first;
	bool is_there = heap_first(t, &first);
	usec until = *now + some_delay(t), next = wheel_next(t->wheel, NULL, NULL);
	uint32_t id;

	ck_assert_int_eq(next, is_there ? first.at : USEC_NEVER);
	id = wheel_pop(t->wheel, until);
	if (!is_there || first.at > until) {
		ck_assert_uint_eq(id, 0);
		*now = until;
		if (is_there)
			heap_push(&t->heap, first);
		return;
	}
	ck_assert_uint_eq(wheel_id_index(id), first.value);
	ck_assert_uint_eq(wheel_id_kind(id), first.value % WHEEL_KINDS);
	*now = first.at;
	for (uint32_t i = 0; i < t->count; i++)
		if (t->things[i] == first.value) {
			forget(t, i);
			break;
		}
}

START_TEST(same_order_as_the_heap)
{
	struct twins t;
	usec now = 0;

	twins_init(&t, (uint64_t)_i);
	for (int step = 0; step < 6000 && now < (usec)1 << 61; step++) {
		uint64_t choice = prng_below(&t.prng, 10);

		if (choice < 4 && t.count < 4000)
			put(&t, now);
		else if (choice == 4 && t.count > 0)
			cancel(&t);
		else
			pop(&t, &now);
		ck_assert_uint_eq(t.wheel->count, t.count);
	}
	twins_fini(&t);
}
END_TEST

START_TEST(drains_in_order_put_in)
{
	struct twins t;

	twins_init(&t, 1);
	/* Put in from afar and from near, all for the same microsecond. */
	for (uint32_t i = 1; i <= 600; i++) {
		uint32_t index = pool_take(&t.pool);

		if (i == 300)
			ck_assert_uint_eq(wheel_pop(t.wheel, 1000000 - 70), 0);
		if (i == 500)
			ck_assert_uint_eq(wheel_pop(t.wheel, 1000000 - 1), 0);
		wheel_put(t.wheel, wheel_id(0, index), 1000000);
	}
	for (uint32_t i = 1; i <= 600; i++)
		ck_assert_uint_eq(wheel_pop(t.wheel, 1000000), wheel_id(0, i));
	ck_assert_uint_eq(wheel_pop(t.wheel, USEC_NEVER), 0);
	twins_fini(&t);
}
END_TEST

static usec odd_ones_later(const void *who, uint32_t id, usec at)
{
	(void)who;
	return id % 2 ? at + 1000 : at;
}

START_TEST(next_asks_when_it_really_is)
{
	struct twins t;

	twins_init(&t, 1);
	wheel_put(t.wheel, wheel_id(0, pool_take(&t.pool)), 10);
	wheel_put(t.wheel, wheel_id(0, pool_take(&t.pool)), 700);
	wheel_put(t.wheel, wheel_id(0, pool_take(&t.pool)), 20);
	ck_assert_int_eq(wheel_next(t.wheel, NULL, NULL), 10);
	ck_assert_int_eq(wheel_next(t.wheel, odd_ones_later, NULL), 700);
	twins_fini(&t);
}
END_TEST

Suite *wheel_suite(void)
{
	Suite *s = suite_create("wheel");
	TCase *c = tcase_create("wheel");

	tcase_add_loop_test(c, same_order_as_the_heap, 0, 20);
	tcase_add_test(c, drains_in_order_put_in);
	tcase_add_test(c, next_asks_when_it_really_is);
	suite_add_tcase(s, c);
	return s;
}
