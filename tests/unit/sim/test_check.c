/* SPDX-License-Identifier: MIT */
/* The checkers see what is broken; each is shown a broken promise made for it. */
#include "suites.h"
#include "two.h"

#include <sim/parts.h>

static struct sock meet(struct two *two)
{
	struct sock c;

	two_init(two);
	two_listens(two, 5);
	c = two_connects(two);
	until(two, 1000);
	return c;
}

START_TEST(names)
{
	for (int p = 0; p < PROMISE_COUNT; p++)
		ck_assert_int_eq(promise_named(promise_name((enum promise)p)), p);
	ck_assert_int_eq(promise_named("peace"), -1);
}
END_TEST

START_TEST(words_of_a_stranger)
{
	struct two two;
	struct sock c = meet(&two);
	struct seg s = {.seq = {1001}, .ack = {5001}, .ctl = ACK | PSH, .wnd = 1000, .text.len = 3};
	const struct record *r;

	world_expect_broken(two.w, PROMISE_STREAM);
	world_stranger(two.w, ZHANG, PORT_EPHEMERAL, LI, 8888, &s, "lie",
		       (struct trace_place){.line = 7});
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 1);
	r = nth(&two, 1, REC_PROMISE, LI, PROMISE_STREAM);
	ck_assert_str_eq(trace_text_of(two.t, r, 0), "stream");
	ck_assert_int_eq(r->number[0], 1);
	ck_assert_uint_eq(nth(&two, 3, REC_ARRIVE, LI, -1)->place.line, 7);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	two_fini(&two);
}
END_TEST

/* Text is checked by reference: missing, twice, foreign. */
START_TEST(stream)
{
	struct two two;
	struct sock s = meet(&two);
	struct conn *c = conn_at(two.w, sock_index(two.w, s));

	c->peer = 3;
	check_read(two.w, c, &(struct text){.stream = 3, .offset = 0, .len = 5});
	check_read(two.w, c, &(struct text){.stream = 3, .offset = 5, .len = 5});
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	check_read(two.w, c, &(struct text){.stream = 3, .offset = 11, .len = 5});
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 1);
	check_read(two.w, c, &(struct text){.stream = 3, .offset = 15, .len = 5});
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 2);
	check_read(two.w, c, &(struct text){.stream = 4, .offset = 20, .len = 5});
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 3);
	check_end_of_stream(two.w, c);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 4);
	two_fini(&two);
}
END_TEST

START_TEST(edge)
{
	struct two two;
	struct sock s = meet(&two);
	struct conn *c = conn_at(two.w, sock_index(two.w, s));
	struct seg a = {.ack = {5001}, .ctl = ACK, .wnd = 65535};

	check_sent(two.w, c, &a);
	a.ack = seq(5011);
	a.wnd = 65525;
	check_sent(two.w, c, &a);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_EDGE), 0);
	a.wnd = 65524;
	check_sent(two.w, c, &a);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_EDGE), 1);
	/* A profile that permits it switches the promise off. */
	host_profile(two.w, ZHANG)->shrink = true;
	a.wnd = 100;
	check_sent(two.w, c, &a);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_EDGE), 1);
	two_fini(&two);
}
END_TEST

START_TEST(una_figure5_and_silence)
{
	struct two two;
	struct sock s = meet(&two);
	struct conn c = *conn_at(two.w, sock_index(two.w, s));
	struct seg a = {.ctl = ACK};

	c.tcb.snd.una = seq_add(c.tcb.snd.nxt, 1);
	two.w->state_before = SYN_SENT;
	two.w->notes[0] = (struct tcp_note){RULE_NONE, SYN_SENT, TIME_WAIT};
	two.w->env.notes_count = 1;
	check_notes(two.w, &c);
	two.w->env.notes_count = 0;
	ck_assert_uint_eq(world_broken(two.w, PROMISE_UNA), 1);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_FIGURE5), 1);
	c.tcb.state = CLOSED;
	check_sent(two.w, &c, &a);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_CLOSED_SILENT), 1);
	two_fini(&two);
}
END_TEST

START_TEST(quiet)
{
	struct two two;
	struct sock c = meet(&two);

	world_judge_end(two.w);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_QUIET), 0);
	sock_shutdown(two.w, c);
	world_run(two.w, USEC_NEVER);
	world_judge_end(two.w); /* FIN_WAIT_2 and CLOSE_WAIT for ever */
	ck_assert_uint_eq(world_broken(two.w, PROMISE_QUIET), 2);
	sock_write_all(two.w, two_child(&two), "x", 1);
	world_judge_end(two.w); /* and something is in the air */
	ck_assert_uint_eq(world_broken(two.w, PROMISE_QUIET), 5);
	two_fini(&two);
}
END_TEST

/* A whole TCB every so many records. */
START_TEST(pictures)
{
	struct trace *t = trace_new();
	struct world *w =
		world_new(&(struct world_options){.seed = 1, .trace = t, .picture_every = 40});
	uint8_t a = host_add(w, &(struct host_options){.name = "zhang"});
	uint8_t b = host_add(w, &(struct host_options){.name = "li"});
	struct sock s = sock_new(w, b), c = sock_new(w, a);
	uint64_t last = 0;
	uint32_t n = 0;

	sock_bind(w, s, 80);
	sock_listen(w, s, 1);
	sock_connect(w, c, b, 80);
	sock_write_all_synthetic(w, c, 100000);
	world_run(w, USEC_NEVER);
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind != REC_PICTURE)
			continue;
		ck_assert_uint_eq(r->changes.count, TCB_FIELD_COUNT);
		ck_assert_int_eq(trace_change(t, r, 3)->old, trace_change(t, r, 3)->new);
		ck_assert_uint_le(r->serial - last, 120);
		last = r->serial;
		n++;
	}
	ck_assert_uint_gt(n, 10);
	world_free(w);
	trace_free(t);
}
END_TEST

Suite *check_suite(void)
{
	Suite *s = suite_create("check");
	TCase *c = tcase_create("check");

	tcase_add_test(c, names);
	tcase_add_test(c, words_of_a_stranger);
	tcase_add_test(c, stream);
	tcase_add_test(c, edge);
	tcase_add_test(c, una_figure5_and_silence);
	tcase_add_test(c, quiet);
	tcase_add_test(c, pictures);
	suite_add_tcase(s, c);
	return s;
}
