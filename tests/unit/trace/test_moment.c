/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/prng.h>
#include "trace/moment.h"

enum { HOSTS = 3, FEW = 12, MANY = 500 };

struct crowd {
	uint32_t conns, apart; /* serials are apart, 2 * apart, ... */
};

static void add_random_record(struct trace *t, struct prng *p, struct crowd crowd, usec at)
{
	enum record_kind kind = (enum record_kind)prng_below(p, RECORD_KIND_COUNT);
	struct record *r = trace_push(t, kind, at);
	uint64_t back = prng_below(p, 10);

	r->host = (uint8_t)prng_below(p, HOSTS);
	r->conn = crowd.apart * (uint32_t)prng_below(p, crowd.conns + 1);
	if (r->conn > 0)
		r->host = (uint8_t)(r->conn % HOSTS);
	if (back < r->serial)
		r->of = r->serial - back;
	if (kind == REC_WIND)
		r->detail = (uint8_t)prng_below(p, DEED_COUNT);
	if (kind == REC_STATE)
		r->to = (uint8_t)prng_below(p, STATE_COUNT);
	if (kind == REC_READ)
		r->number[0] = (int64_t)prng_below(p, 100);
	if (kind == REC_EXPECT)
		r->detail = (uint8_t)prng_below(p, 3);
	for (uint64_t i = prng_below(p, 3); r->conn > 0 && i > 0; i--)
		trace_change_put(
			t, r->serial,
			&(struct tcb_change){
				.field = (uint32_t)(1 + prng_below(p, TCB_FIELD_COUNT - 1)),
				.old = 0,
				.new = (int64_t)prng_below(p, 1000)});
}

static struct trace *random_trace(uint64_t seed, struct crowd crowd, uint64_t count)
{
	struct trace *t = trace_new();
	struct prng p;

	prng_init(&p, seed, 1);
	for (uint32_t i = crowd.apart; i <= crowd.apart * crowd.conns; i += crowd.apart)
		trace_add_conn(t, &(struct trace_conn){.serial = i,
						       .host = (uint8_t)(i % HOSTS),
						       .is_listener = i <= HOSTS * crowd.apart});
	while (trace_count(t) < count)
		add_random_record(t, &p, crowd, (usec)(trace_count(t) / 3));
	return t;
}

static void expect_same(const struct moment *a, const struct moment *b)
{
	ck_assert_uint_eq(a->cursor, b->cursor);
	ck_assert_int_eq(a->at, b->at);
	ck_assert_uint_eq(a->conn_count, b->conn_count);
	for (size_t i = 0; i < a->conn_count; i++) {
		const struct moment_conn *x = moment_conn_nth(a, i), *y = moment_conn_nth(b, i);

		ck_assert_uint_eq(x->conn, y->conn);
		ck_assert_uint_eq(x->host, y->host);
		ck_assert_int_eq(x->is_alive, y->is_alive);
		ck_assert_mem_eq(x->field, y->field, sizeof x->field);
		ck_assert_mem_eq(x->set, y->set, sizeof x->set);
	}
	ck_assert_uint_eq(a->flights.count, b->flights.count);
	for (size_t i = 0; i < a->flights.count; i++) {
		const struct moment_flight *x = &a->flights.at[i], *y = &b->flights.at[i];

		ck_assert_uint_eq(x->send, y->send);
		ck_assert_int_eq(x->sent, y->sent);
		ck_assert_int_eq(x->is_lost, y->is_lost);
	}
	ck_assert_mem_eq(a->host, b->host, sizeof a->host);
	ck_assert_uint_eq(a->scene, b->scene);
	ck_assert_uint_eq(a->say, b->say);
	ck_assert_uint_eq(a->expect_pass, b->expect_pass);
	ck_assert_uint_eq(a->expect_fail, b->expect_fail);
}

static void expect_as_from_0(struct moment *m, const struct trace *t, uint64_t cursor)
{
	struct moment plain = {0};

	moment_go(m, t, cursor);
	moment_go(&plain, t, cursor);
	expect_same(m, &plain);
	moment_fini(&plain);
}

/* Forward and back, anywhere: as if folded from the beginning. */
START_TEST(test_anywhere)
{
	enum { COUNT = 4000, VISITS = 60 };
	static const struct crowd crowds[] = {{FEW, 1}, {MANY, 1}, {MANY, 7}};
	struct trace *t = random_trace((uint64_t)_i, crowds[_i % 3], COUNT);
	struct moment m = {0};
	struct prng p;

	prng_init(&p, (uint64_t)_i, 2);
	for (int i = 0; i < VISITS; i++)
		expect_as_from_0(&m, t, prng_below(&p, COUNT + 1));
	expect_as_from_0(&m, t, COUNT);
	expect_as_from_0(&m, t, 0);
	moment_fini(&m);
	trace_free(t);
}
END_TEST

/* The trace is cut and grows another way: what was kept of the old one is forgotten. */
START_TEST(test_after_a_cut)
{
	enum { COUNT = 3000, BRANCHES = 12 };
	const struct crowd crowd = {FEW, 1};
	struct trace *t = random_trace(7, crowd, COUNT);
	struct moment m = {0};
	struct prng p;

	prng_init(&p, 7, 3);
	for (int i = 0; i < BRANCHES; i++) {
		uint64_t cut = prng_below(&p, COUNT);

		moment_go(&m, t, prng_below(&p, COUNT + 1));
		trace_rewind(t, cut);
		if (i % 2 == 0)
			trace_rewind(t, cut / 2);
		while (trace_count(t) < COUNT)
			add_random_record(t, &p, crowd, (usec)(trace_count(t) / 3));
		expect_as_from_0(&m, t, prng_below(&p, COUNT + 1));
	}
	moment_fini(&m);
	trace_free(t);
}
END_TEST

/* More pictures than are kept: too many of them, or too much in them. */
START_TEST(test_long)
{
	enum { COUNT = 300000 };
	static const struct crowd crowds[] = {{FEW, 1}, {MANY, 3}};
	struct trace *t = random_trace(3, crowds[_i], COUNT);
	struct moment m = {0};

	expect_as_from_0(&m, t, COUNT);
	expect_as_from_0(&m, t, 65);
	expect_as_from_0(&m, t, 34567);
	expect_as_from_0(&m, t, 299000);
	expect_as_from_0(&m, t, 298000);
	moment_fini(&m);
	trace_free(t);
}
END_TEST

static struct record *push(struct trace *t, enum record_kind kind, usec at, uint8_t host,
			   uint32_t conn)
{
	struct record *r = trace_push(t, kind, at);

	r->host = host;
	r->conn = conn;
	return r;
}

static void push_state(struct trace *t, uint8_t host, uint32_t conn, enum state from, enum state to)
{
	struct record *r = push(t, REC_STATE, 0, host, conn);

	r->from = (uint8_t)from;
	r->to = (uint8_t)to;
}

/* The newest connection speaks for its person, before the first the listener, else CLOSED. */
START_TEST(test_state_of_a_person)
{
	struct trace *t = trace_new();
	struct moment m = {0};
	static const enum state expected[] = {CLOSED, LISTEN, SYN_RECEIVED, SYN_RECEIVED,
					      CLOSED, CLOSED, CLOSED};

	trace_add_conn(t, &(struct trace_conn){.serial = 1, .host = 1, .is_listener = true});
	trace_add_conn(t, &(struct trace_conn){.serial = 2, .host = 1});
	push_state(t, 1, 1, CLOSED, LISTEN);
	push_state(t, 1, 2, LISTEN, SYN_RECEIVED);
	push(t, REC_TIMER, 0, 1, 1); /* the older one stirs */
	push_state(t, 1, 2, SYN_RECEIVED, CLOSED);
	push(t, REC_CRASH, 0, 1, 0);
	push(t, REC_REBOOT, 0, 1, 0);
	for (uint64_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		moment_go(&m, t, i);
		ck_assert_int_eq(moment_state(&m, 1), expected[i]);
		ck_assert_int_eq(moment_state(&m, 0), CLOSED);
	}
	moment_go(&m, t, 4);
	ck_assert_uint_eq(m.host[1].listener, 1);
	ck_assert_uint_eq(m.host[1].newest, 2);
	ck_assert(!moment_conn(&m, 2)->is_alive);
	ck_assert(moment_conn(&m, 1)->is_alive);
	moment_go(&m, t, 5);
	ck_assert(m.host[1].is_down);
	ck_assert(!moment_conn(&m, 1)->is_alive);
	ck_assert_uint_eq(m.host[1].newest, 0);
	moment_go(&m, t, 6);
	ck_assert(!m.host[1].is_down);
	ck_assert_ptr_null(moment_conn(&m, 3));
	moment_fini(&m);
	trace_free(t);
}
END_TEST

START_TEST(test_flights)
{
	struct trace *t = trace_new();
	struct moment m = {0};

	push(t, REC_SEND, 10, 0, 0);
	push(t, REC_SEND, 11, 0, 0);
	push(t, REC_WIND, 11, 0, 0)->of = 1;
	push(t, REC_WIND, 12, 0, 0)->of = 0;
	((struct record *)trace_at(t, 3))->detail = DEED_DUPLICATE;
	push(t, REC_ARRIVE, 20, 1, 0)->of = 0;
	push(t, REC_DISCARD, 30, 1, 0)->of = 3;

	moment_go(&m, t, 2);
	ck_assert_uint_eq(m.flights.count, 2);
	ck_assert_int_eq(m.flights.at[0].sent, 10);
	moment_go(&m, t, 3); /* dropped: seen once more as lost */
	ck_assert(m.flights.at[1].is_lost);
	moment_go(&m, t, 4);
	ck_assert_uint_eq(m.flights.count, 2);
	ck_assert_uint_eq(m.flights.at[1].send, 3);
	moment_go(&m, t, 5);
	ck_assert_uint_eq(m.flights.count, 1);
	moment_go(&m, t, 6);
	ck_assert_uint_eq(m.flights.count, 0);
	moment_fini(&m);
	trace_free(t);
}
END_TEST

/* Fields follow their changes, the state its records. */
START_TEST(test_fields)
{
	struct trace *t = trace_new();
	struct moment m = {0};

	trace_add_conn(t, &(struct trace_conn){.serial = 4, .host = 0});
	push(t, REC_CALL, 0, 0, 4);
	trace_change_put(t, 0, &(struct tcb_change){.field = F_iss, .old = 7, .new = 7});
	trace_change_put(t, 0,
			 &(struct tcb_change){.field = F_state, .old = CLOSED, .new = SYN_SENT});
	push_state(t, 0, 4, CLOSED, SYN_SENT);
	moment_go(&m, t, 1);
	ck_assert_int_eq(moment_conn(&m, 4)->field[F_iss], 7);
	ck_assert_int_eq(moment_state(&m, 0), CLOSED);
	moment_go(&m, t, 2);
	ck_assert_int_eq(moment_state(&m, 0), SYN_SENT);
	moment_fini(&m);
	trace_free(t);
}
END_TEST

static void set_deadline(struct trace *t, usec at, usec old, usec new)
{
	const struct record *r = push(t, old == new ? REC_PICTURE : REC_RULE, at, 0, 1);

	trace_change_put(t, r->serial,
			 &(struct tcb_change){.field = F_t_retransmit, .old = old, .new = new});
}

/* A picture tells what is, not since when. */
START_TEST(test_since)
{
	struct trace *t = trace_new();
	struct moment m = {0};

	set_deadline(t, 10, USEC_NEVER, USEC_NEVER);
	set_deadline(t, 20, USEC_NEVER, 1020);
	for (usec at = 21; at < 9000; at++)
		set_deadline(t, at, 1020, 1020);
	set_deadline(t, 9000, 1020, 2000);
	moment_go(&m, t, 1);
	ck_assert_int_eq(moment_since(moment_conn(&m, 1), F_t_retransmit), 10);
	moment_go(&m, t, trace_count(t) - 1);
	ck_assert_int_eq(moment_since(moment_conn(&m, 1), F_t_retransmit), 20);
	moment_go(&m, t, trace_count(t));
	ck_assert_int_eq(moment_since(moment_conn(&m, 1), F_t_retransmit), 9000);
	moment_go(&m, t, 5000);
	ck_assert_int_eq(moment_since(moment_conn(&m, 1), F_t_retransmit), 20);
	moment_fini(&m);
	trace_free(t);
}
END_TEST

Suite *moment_suite(void)
{
	Suite *s = suite_create("moment");
	TCase *c = tcase_create("moment");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_anywhere, 0, 6);
	tcase_add_test(c, test_after_a_cut);
	tcase_add_loop_test(c, test_long, 0, 2);
	tcase_add_test(c, test_state_of_a_person);
	tcase_add_test(c, test_flights);
	tcase_add_test(c, test_fields);
	tcase_add_test(c, test_since);
	suite_add_tcase(s, c);
	return s;
}
