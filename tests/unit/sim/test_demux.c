/* SPDX-License-Identifier: MIT */
/* The table against a plain list: what was put in is found, and nothing else. */
#include "suites.h"

#include <base/prng.h>
#include <sim/demux.h>

enum { TUPLES = 3000 };

struct plain {
	struct tuple at[TUPLES];
	uint32_t id[TUPLES]; /* 0: not in it */
};

static struct tuple some_tuple(struct prng *p)
{
	return (struct tuple){.host = (uint16_t)prng_below(p, 3),
			      .remote = (uint16_t)prng_below(p, 3),
			      .port = (uint16_t)prng_below(p, 20),
			      .remote_port = (uint16_t)prng_below(p, 40)};
}

static uint32_t find_plain(const struct plain *plain, struct tuple at)
{
	for (int i = 0; i < TUPLES; i++)
		if (plain->id[i] && tuple_key(plain->at[i]) == tuple_key(at))
			return plain->id[i];
	return 0;
}

static uint32_t make(struct pool *conns, struct pool *waits, struct tuple at, bool is_waiting)
{
	uint32_t index = pool_take(is_waiting ? waits : conns);

	if (is_waiting)
		((struct time_wait *)pool_at(waits, index))->at = at;
	else
		((struct conn *)pool_at(conns, index))->at = at;
	return wheel_id(is_waiting ? WHERE_TIME_WAIT : WHERE_CONN, index);
}

START_TEST(finds_what_is_in_it)
{
	static struct plain plain;
	struct pool conns, waits;
	struct demux d;
	struct prng p;

	plain = (struct plain){0};
	pool_init(&conns, sizeof(struct conn), 6);
	pool_init(&waits, sizeof(struct time_wait), 6);
	demux_init(&d, 12345, &conns, &waits);
	prng_init(&p, (uint64_t)_i, 0);
	for (int step = 0; step < 30000; step++) {
		/* It grows, and then it shrinks. */
		uint64_t i = prng_below(&p, step < 15000 ? TUPLES : TUPLES + step / 4);
		struct tuple at = some_tuple(&p);

		ck_assert_uint_eq(demux_find(&d, at), find_plain(&plain, at));
		if (i >= TUPLES)
			i = prng_below(&p, TUPLES);
		else if (!plain.id[i] && !find_plain(&plain, at)) {
			plain.at[i] = at;
			plain.id[i] = make(&conns, &waits, at, prng_below(&p, 2));
			demux_add(&d, at, plain.id[i]);
			continue;
		}
		if (plain.id[i] && prng_below(&p, 3)) {
			demux_remove(&d, plain.at[i], plain.id[i]);
			plain.id[i] = 0;
		} else if (plain.id[i]) {
			uint32_t by = make(&conns, &waits, plain.at[i], prng_below(&p, 2));

			demux_replace(&d, plain.at[i], plain.id[i], by);
			plain.id[i] = by;
		}
		ck_assert_uint_le(d.count, d.size + d.size / 2);
	}
	demux_fini(&d);
	pool_fini(&conns);
	pool_fini(&waits);
}
END_TEST

Suite *demux_suite(void)
{
	Suite *s = suite_create("demux");
	TCase *c = tcase_create("demux");

	tcase_add_loop_test(c, finds_what_is_in_it, 0, 3);
	suite_add_tcase(s, c);
	return s;
}
