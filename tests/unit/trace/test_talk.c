/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include "trace/talk.h"

static struct record *send(struct trace *t, uint8_t from, uint16_t from_port, uint16_t to_port)
{
	struct record *r = trace_push(t, REC_SEND, 0);

	r->host = from;
	r->peer = !from;
	r->from_port = from_port;
	r->to_port = to_port;
	return r;
}

static uint64_t come(struct trace *t, enum record_kind kind, uint64_t of)
{
	const struct record *o = trace_at(t, of);
	struct record *r = trace_push(t, kind, 0);

	r->of = of;
	r->host = o->peer;
	r->peer = o->host;
	return r->serial;
}

/* Whoever's record it is, the leg is the segment's. */
START_TEST(test_legs)
{
	struct trace *t = trace_new();
	uint64_t sent = send(t, 0, 1000, 80)->serial, copy, arrived;
	struct leg leg;

	copy = come(t, REC_WIND, sent);
	arrived = come(t, REC_ARRIVE, copy);
	leg = trace_leg(t, trace_at(t, arrived));
	ck_assert_uint_eq(trace_origin(t, trace_at(t, arrived))->serial, sent);
	ck_assert_int_eq(leg.from, 0);
	ck_assert_int_eq(leg.to, 1);
	ck_assert_uint_eq(leg.from_port, 1000);
	ck_assert_uint_eq(leg.to_port, 80);
	trace_free(t);
}
END_TEST

START_TEST(test_relative)
{
	struct talks all = {0};
	struct trace *t = trace_new();
	struct record *r = send(t, 0, 1000, 80);
	const struct talk *talk;
	struct relative rel;
	struct leg leg;

	r->seg = (struct seg){.ctl = SYN, .seq = seq(UINT32_MAX)};
	talk = talks_see(&all, t, r);
	ck_assert_uint_eq(talk->number, 0);
	leg = trace_leg(t, r);
	rel = talk_relative(talk, &leg, &r->seg);
	ck_assert(rel.has_seq);
	ck_assert(!rel.has_ack);
	ck_assert_uint_eq(rel.seq.v, 0);

	r = send(t, 1, 80, 1000); /* the way back is the same talk */
	r->seg = (struct seg){.ctl = SYN | ACK, .seq = seq(500), .ack = seq(0)};
	talk = talks_see(&all, t, r);
	ck_assert_uint_eq(talk->number, 0);
	leg = trace_leg(t, r);
	rel = talk_relative(talk, &leg, &r->seg);
	ck_assert_uint_eq(rel.seq.v, 0);
	ck_assert_uint_eq(rel.ack.v, 1);
	talks_fini(&all);
	trace_free(t);
}
END_TEST

/* A stranger's SYN changes nobody's numbers; a new incarnation's does. */
START_TEST(test_bases)
{
	struct talks all = {0};
	struct trace *t = trace_new();
	struct record *r = send(t, 0, 1000, 80);

	r->seg = (struct seg){.ctl = SYN, .seq = seq(100)};
	talks_see(&all, t, r);
	r = send(t, 0, 1000, 80);
	r->seg = (struct seg){.ctl = SYN, .seq = seq(7)};
	r->is_stranger = true;
	ck_assert_uint_eq(talks_see(&all, t, r)->isn[0].v, 100);
	r = send(t, 0, 1000, 80);
	r->seg = (struct seg){.ctl = SYN, .seq = seq(200)};
	ck_assert_uint_eq(talks_see(&all, t, r)->isn[0].v, 200);
	ck_assert_ptr_null(talks_see(&all, t, trace_push(t, REC_SAY, 0)));
	talks_fini(&all);
	trace_free(t);
}
END_TEST

START_TEST(test_many)
{
	struct talks all = {0};
	struct trace *t = trace_new();

	for (int round = 0; round < 2; round++) {
		for (uint16_t port = 1; port <= 500; port++) {
			const struct talk *talk = talks_see(&all, t, send(t, 0, port, 80));

			ck_assert_uint_eq(talk->number, port - 1u);
		}
	}
	talks_fini(&all);
	trace_free(t);
}
END_TEST

Suite *talk_suite(void)
{
	Suite *s = suite_create("talk");
	TCase *c = tcase_create("talk");

	tcase_add_test(c, test_legs);
	tcase_add_test(c, test_relative);
	tcase_add_test(c, test_bases);
	tcase_add_test(c, test_many);
	suite_add_tcase(s, c);
	return s;
}
