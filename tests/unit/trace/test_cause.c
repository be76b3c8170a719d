/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "trace/cause.h"

enum { ZHANG, LI, ZHANGS = 2, LIS = 3 };

/* A record of zhang's connection 2 or li's connection 3. */
static struct record *push(struct trace *t, enum record_kind kind, usec at, uint8_t host)
{
	struct record *r = trace_push(t, kind, at);

	r->host = host;
	r->peer = !host;
	r->conn = host == ZHANG ? ZHANGS : LIS;
	r->from_port = host == ZHANG ? 49152 : 8888;
	r->to_port = host == ZHANG ? 8888 : 49152;
	return r;
}

static uint64_t call(struct trace *t, usec at, uint8_t host, enum call_verb verb, uint32_t line)
{
	struct record *r = push(t, REC_CALL, at, host);

	r->detail = (uint8_t)verb;
	r->place.line = line;
	return r->serial;
}

static uint64_t write(struct trace *t, usec at, uint64_t offset, uint32_t len)
{
	uint64_t serial = call(t, at, ZHANG, CALL_WRITE, 12);
	struct record *r = (struct record *)trace_at(t, serial);

	r->seg.text = (struct text){offset, ZHANGS, len};
	return serial;
}

static uint64_t decide(struct trace *t, uint64_t of, enum rule rule)
{
	const struct record *o = trace_at(t, of);
	struct record *r = push(t, REC_RULE, o->at, o->host);

	r->of = of;
	r->rule = (uint16_t)rule;
	return r->serial;
}

static uint64_t send(struct trace *t, usec at, uint8_t host, uint16_t ctl, uint64_t offset,
		     uint32_t len)
{
	struct record *r = push(t, REC_SEND, at, host);

	r->seg = (struct seg){.ctl = ctl, .len = seg_len(ctl, len)};
	if (len > 0)
		r->seg.text = (struct text){offset, host == ZHANG ? ZHANGS : LIS, len};
	return r->serial;
}

static uint64_t come(struct trace *t, usec at, uint64_t of, enum record_kind kind)
{
	struct record *r = push(t, kind, at, trace_at(t, of)->peer);

	r->of = of;
	r->from_port = trace_at(t, of)->from_port;
	r->to_port = trace_at(t, of)->to_port;
	return r->serial;
}

static uint64_t blow(struct trace *t, usec at, uint64_t of, enum deed deed)
{
	struct record *r = push(t, REC_WIND, at, trace_at(t, of)->host);

	r->of = of;
	r->detail = (uint8_t)deed;
	r->place.line = 9;
	return r->serial;
}

static void set_timer(struct trace *t, uint64_t serial, enum tcb_field field, usec old, usec at)
{
	trace_change_put(t, serial, &(struct tcb_change){field, old, at});
}

/* The chain from `serial` on is these records, linked in these ways. */
static void chain_is(const struct trace *t, uint64_t serial, size_t n, const struct cause *wanted)
{
	struct cause chain[16];
	size_t count = trace_causes(t, serial, chain, 16);

	ck_assert_uint_eq(count, n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(chain[i].record, wanted[i].record);
		ck_assert_int_eq(chain[i].because, wanted[i].because);
	}
}

#define CHAIN_IS(t, serial, ...)                                                                   \
	do {                                                                                       \
		const struct cause wanted_[] = {__VA_ARGS__};                                      \
		chain_is(t, serial, sizeof wanted_ / sizeof wanted_[0], wanted_);                  \
	} while (0)

/* An acknowledgment was sent because a segment came, which was sent because zhang wrote. */
START_TEST(test_back_to_the_call)
{
	struct trace *t = trace_new();
	uint64_t wrote = write(t, 5, 0, 7);
	uint64_t said, heard, signal, nod, got;
	struct record *r;

	decide(t, wrote, R_SEND_TAKEN);
	said = send(t, 5, ZHANG, ACK | PSH, 0, 7);
	heard = come(t, 55, said, REC_ARRIVE);
	decide(t, heard, R_TEXT_IN_ORDER);
	r = push(t, REC_SIGNAL, 55, LI);
	r->of = heard;
	signal = r->serial;
	r = push(t, REC_READ, 55, LI); /* by itself: no line */
	decide(t, r->serial, R_RECEIVE_TEXT);
	nod = send(t, 55, LI, ACK, 0, 0);
	got = come(t, 105, nod, REC_ARRIVE);
	CHAIN_IS(t, got, {got, BECAUSE_SENT}, {nod, BECAUSE_COURSE}, {heard, BECAUSE_SENT},
		 {said, BECAUSE_COURSE}, {wrote, BECAUSE_NOTHING});
	CHAIN_IS(t, r->serial, {r->serial, BECAUSE_COURSE}, {signal, BECAUSE_COURSE},
		 {heard, BECAUSE_SENT}, {said, BECAUSE_COURSE}, {wrote, BECAUSE_NOTHING});
	trace_free(t);
}
END_TEST

/* A window update follows from the reading, not from what arrived. */
START_TEST(test_window_update)
{
	struct trace *t = trace_new();
	struct record *r = push(t, REC_READ, 70, LI);
	uint64_t read = r->serial, update;

	r->place.line = 20;
	update = send(t, 70, LI, ACK, 0, 0);
	((struct record *)trace_at(t, update))->rule = R_WINDOW_UPDATE;
	CHAIN_IS(t, update, {update, BECAUSE_COURSE}, {read, BECAUSE_NOTHING});
	trace_free(t);
}
END_TEST

/* Text that had to wait: who wrote it, and what let it go. */
START_TEST(test_what_had_to_wait)
{
	struct trace *t = trace_new();
	uint64_t first = write(t, 5, 0, 7), second = write(t, 6, 7, 7), shut, nod, said, fin;
	struct cause chain[4];

	shut = call(t, 7, ZHANG, CALL_SHUTDOWN, 14);
	nod = push(t, REC_ARRIVE, 100, ZHANG)->serial;
	decide(t, nod, R_ACK_NEW);
	said = send(t, 100, ZHANG, ACK | PSH, 7, 7);
	fin = send(t, 100, ZHANG, ACK | FIN, 0, 0);
	ck_assert_uint_eq(trace_causes(t, said, chain, 4), 2);
	ck_assert_int_eq(chain[0].because, BECAUSE_WRITTEN);
	ck_assert_uint_eq(chain[0].release, nod);
	ck_assert_uint_eq(chain[1].record, second);
	ck_assert_uint_eq(trace_causes(t, fin, chain, 4), 2);
	ck_assert_int_eq(chain[0].because, BECAUSE_CLOSED);
	ck_assert_uint_eq(chain[0].release, nod);
	ck_assert_uint_eq(chain[1].record, shut);
	ck_assert_uint_lt(first, second);
	trace_free(t);
}
END_TEST

/* A repetition: the timer, and what set it; not the write. */
START_TEST(test_timers)
{
	struct trace *t = trace_new();
	uint64_t wrote = write(t, 5, 0, 7), said, timer, again;
	struct record *r;

	said = send(t, 5, ZHANG, ACK | PSH, 0, 7);
	set_timer(t, said, F_t_retransmit, USEC_NEVER, 1005);
	set_timer(t, said, F_t_ack, 1005, USEC_NEVER);
	r = push(t, REC_TIMER, 1005, ZHANG);
	r->detail = TIMER_RETRANSMIT;
	timer = r->serial;
	set_timer(t, timer, F_t_retransmit, 1005, 3005);
	decide(t, timer, R_RTO_EXPIRED);
	again = send(t, 1005, ZHANG, ACK | PSH, 0, 7);
	((struct record *)trace_at(t, again))->seg.rexmit = 1;
	CHAIN_IS(t, again, {again, BECAUSE_COURSE}, {timer, BECAUSE_SET}, {said, BECAUSE_COURSE},
		 {wrote, BECAUSE_NOTHING});
	r = push(t, REC_TIMER, 3005, ZHANG);
	r->detail = TIMER_RETRANSMIT;
	CHAIN_IS(t, r->serial, {r->serial, BECAUSE_SET}, {timer, BECAUSE_SET},
		 {said, BECAUSE_COURSE}, {wrote, BECAUSE_NOTHING});
	trace_free(t);
}
END_TEST

START_TEST(test_wind_and_silence)
{
	struct trace *t = trace_new();
	uint64_t opened = call(t, 0, ZHANG, CALL_CONNECT, 13), syn = send(t, 0, ZHANG, SYN, 0, 0);
	uint64_t lost = blow(t, 0, syn, DEED_DROP), again, deed, noise, crash, silence, twin, copy;
	struct record *r;

	CHAIN_IS(t, lost, {lost, BECAUSE_SENT}, {syn, BECAUSE_COURSE}, {opened, BECAUSE_NOTHING});
	again = send(t, 0, ZHANG, SYN, 0, 0);
	deed = blow(t, 0, again, DEED_CORRUPT);
	twin = blow(t, 0, again, DEED_DUPLICATE);
	noise = come(t, 50, again, REC_DISCARD);
	((struct record *)trace_at(t, noise))->detail = DISCARD_CHECKSUM;
	CHAIN_IS(t, noise, {noise, BECAUSE_BLOWN}, {deed, BECAUSE_SENT}, {again, BECAUSE_COURSE},
		 {opened, BECAUSE_NOTHING});
	copy = come(t, 51, twin, REC_ARRIVE);
	CHAIN_IS(t, copy, {copy, BECAUSE_SENT}, {twin, BECAUSE_SENT}, {again, BECAUSE_COURSE},
		 {opened, BECAUSE_NOTHING});
	r = push(t, REC_CRASH, 60, LI);
	crash = r->serial;
	silence = come(t, 70, again, REC_DISCARD);
	((struct record *)trace_at(t, silence))->detail = DISCARD_HOST_DOWN;
	CHAIN_IS(t, silence, {silence, BECAUSE_DOWN}, {crash, BECAUSE_NOTHING});
	trace_free(t);
}
END_TEST

/* To nobody's connection a RST answers what came for its ports. */
START_TEST(test_nobodys)
{
	struct trace *t = trace_new();
	uint64_t syn = send(t, 0, ZHANG, SYN, 0, 0), heard = come(t, 50, syn, REC_ARRIVE), reset;

	((struct record *)trace_at(t, heard))->conn = 0;
	reset = send(t, 50, LI, RST | ACK, 0, 0);
	((struct record *)trace_at(t, reset))->conn = 0;
	CHAIN_IS(t, reset, {reset, BECAUSE_COURSE}, {heard, BECAUSE_SENT}, {syn, BECAUSE_NOTHING});
	trace_free(t);
}
END_TEST

/* Whatever a trace from outside says, a cause is earlier and a chain ends. */
START_TEST(test_nonsense)
{
	struct trace *t = trace_new();
	struct cause chain[64];

	for (unsigned i = 0; i < 40; i++) {
		struct record *r = push(t, (enum record_kind)(i % RECORD_KIND_COUNT), 7, i % 2);

		r->of = i * 7919u % 41;
		r->detail = 0;
		r->seg.text = (struct text){i, ZHANGS, i % 3};
	}
	for (uint64_t i = 0; i < trace_count(t); i++) {
		size_t count = trace_causes(t, i, chain, 64);

		for (size_t k = 1; k < count; k++)
			ck_assert_uint_lt(chain[k].record, chain[k - 1].record);
		ck_assert_int_eq(chain[count - 1].because, BECAUSE_NOTHING);
		ck_assert_uint_eq(trace_causes(t, i, chain, 1), 1);
		ck_assert_int_lt(trace_main_rule(t, i), RULE_COUNT);
	}
	trace_free(t);
}
END_TEST

START_TEST(test_main_rule)
{
	struct trace *t = trace_new();
	uint64_t heard = push(t, REC_ARRIVE, 5, LI)->serial;
	struct record *r;

	ck_assert_int_eq(trace_main_rule(t, heard), RULE_NONE);
	decide(t, heard, R_MSS_OPTION);
	ck_assert_int_eq(trace_main_rule(t, heard), R_MSS_OPTION);
	decide(t, heard, R_SEQ_ACCEPTABLE);
	decide(t, heard, R_TEXT_IN_ORDER);
	decide(t, heard, R_ACK_DELAYED);
	ck_assert_int_eq(trace_main_rule(t, heard), R_TEXT_IN_ORDER);
	r = push(t, REC_STATE, 5, LI);
	r->of = heard;
	r->rule = R_ACK_SYN_RECEIVED;
	ck_assert_int_eq(trace_main_rule(t, heard), R_ACK_SYN_RECEIVED);
	r = push(t, REC_SEND, 5, LI);
	r->seg.rule = R_ACK_ENOUGH;
	ck_assert_int_eq(trace_main_rule(t, r->serial), R_ACK_ENOUGH);
	trace_free(t);
}
END_TEST

Suite *cause_suite(void)
{
	Suite *s = suite_create("cause");
	TCase *c = tcase_create("cause");

	tcase_add_test(c, test_back_to_the_call);
	tcase_add_test(c, test_window_update);
	tcase_add_test(c, test_what_had_to_wait);
	tcase_add_test(c, test_timers);
	tcase_add_test(c, test_wind_and_silence);
	tcase_add_test(c, test_nobodys);
	tcase_add_test(c, test_nonsense);
	tcase_add_test(c, test_main_rule);
	suite_add_tcase(s, c);
	return s;
}
