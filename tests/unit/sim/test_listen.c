/* SPDX-License-Identifier: MIT */
/* LISTEN and the two queues behind it. */
#include "suites.h"
#include "two.h"

static const struct app by_hand = {.kind = APP_BY_HAND};

static void many_connect(struct two *two, int n)
{
	for (int i = 0; i < n; i++)
		two_connects(two);
}

START_TEST(accept_takes_the_oldest)
{
	struct two two;
	struct sock s, c;

	two_init(&two);
	host_app(two.w, LI, &by_hand);
	s = two_listens(&two, 5);
	ck_assert_int_eq(sock_accept(two.w, s, &c), SOCK_EAGAIN);
	many_connect(&two, 3);
	until(&two, 1000);
	for (uint16_t i = 0; i < 3; i++) {
		ck_assert_int_eq(sock_accept(two.w, s, &c), SOCK_OK);
		ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
		ck_assert_uint_eq(trace_conn_at(two.t, sock_conn(two.w, c))->peer_port,
				  PORT_EPHEMERAL + i);
	}
	ck_assert_int_eq(sock_accept(two.w, s, &c), SOCK_EAGAIN);
	ck_assert_int_eq(sock_accept(two.w, c, &c), SOCK_EBADF);
	two_fini(&two);
}
END_TEST

/* Three may wait. The fourth's SYN is not even answered; it comes again and again. */
START_TEST(full_accept_queue_drops_syn)
{
	struct two two;
	struct sock s, c, late;

	two_init(&two);
	host_app(two.w, LI, &by_hand);
	s = two_listens(&two, 3);
	many_connect(&two, 3);
	until(&two, 500);
	late = two_connects(&two);
	until(&two, 1400);
	ck_assert_int_eq(sock_state(two.w, late), SYN_SENT);
	ck_assert_uint_eq(count(&two, REC_DISCARD, LI, DISCARD_QUEUE_FULL), 1);
	ck_assert_int_eq(sock_accept(two.w, s, &c), SOCK_OK);
	until(&two, 1700); /* its SYN came again at 1.5 s */
	ck_assert_int_eq(sock_state(two.w, late), ESTABLISHED);
	two_fini(&two);
}
END_TEST

START_TEST(full_syn_queue_drops_syn)
{
	struct two two;
	struct seg syn = {.ctl = SYN, .wnd = 1000};

	two_init(&two);
	two_listens(&two, 4);
	host_crash(two.w, ZHANG); /* strangers speak with his voice, he contradicts nobody */
	for (uint16_t i = 0; i < 6; i++)
		world_stranger(two.w, ZHANG, (uint16_t)(1000 + i), LI, 8888, &syn, NULL,
			       (struct trace_place){0});
	ck_assert_uint_eq(count(&two, REC_DISCARD, LI, DISCARD_QUEUE_FULL), 2);
	ck_assert_ptr_nonnull(nth_sent(&two, 4, LI, SYN | ACK));
	ck_assert_ptr_null(nth_sent(&two, 5, LI, SYN | ACK));
	/* They die in the end, and there is room again. */
	world_run(two.w, USEC_NEVER);
	world_stranger(two.w, ZHANG, 2000, LI, 8888, &syn, NULL, (struct trace_place){0});
	ck_assert_int_eq(nth(&two, count(&two, REC_STATE, LI, -1), REC_STATE, LI, -1)->to,
			 SYN_RECEIVED);
	two_fini(&two);
}
END_TEST

/* Two are in the SYN queue when the accept queue fills up: the final ACK of the second is dropped
 * as Linux does, its SYN,ACK repeated, and when there is room it is let in. */
START_TEST(final_ack_waits_for_room)
{
	struct two two;
	struct sock s, a, b, c;

	two_init(&two);
	host_app(two.w, LI, &by_hand);
	s = two_listens(&two, 2);
	a = two_connects(&two);
	until(&two, 10);
	b = two_connects(&two);
	until(&two, 70);
	sock_listen(two.w, s, 1);
	until(&two, 200);
	ck_assert_int_eq(sock_state(two.w, a), ESTABLISHED);
	ck_assert_int_eq(sock_state(two.w, b), ESTABLISHED); /* so it believes */
	ck_assert_uint_eq(count(&two, REC_DISCARD, LI, DISCARD_QUEUE_FULL), 1);
	ck_assert_int_eq(sock_accept(two.w, s, &c), SOCK_OK);
	ck_assert_int_eq(sock_accept(two.w, s, &c), SOCK_EAGAIN);
	until(&two, 1300); /* SYN,ACK again at 1.06 s, ACK at 1.16 s */
	ck_assert_int_eq(nth_sent(&two, 3, LI, SYN | ACK)->seg.rexmit, 1);
	ck_assert_int_eq(sock_accept(two.w, s, &c), SOCK_OK);
	two_fini(&two);
}
END_TEST

START_TEST(close_turns_away_who_waits)
{
	struct two two;
	struct sock s, a, b;

	two_init(&two);
	host_app(two.w, LI, &by_hand);
	s = two_listens(&two, 2);
	a = two_connects(&two);
	until(&two, 150);
	b = two_connects(&two);
	until(&two, 220);
	ck_assert_int_eq(sock_close(two.w, s), SOCK_OK);
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(sock_pending_error(two.w, a), SOCK_ECONNRESET);
	ck_assert_int_eq(sock_state(two.w, b), CLOSED);
	ck_assert_int_eq(sock_state(two.w, s), CLOSED);
	two_fini(&two);
}
END_TEST

/* RFC 9293 3.10.7.4, second: a RST in SYN-RECEIVED, and it is as if the SYN had never come. */
START_TEST(reset_in_syn_received_returns_to_listen)
{
	struct two two;
	struct seg syn = {.seq = {777}, .ctl = SYN, .wnd = 1000};
	struct world_figures before, after;

	two_init(&two);
	two_listens(&two, 1);
	world_figures(two.w, &before);
	/* zhang knows of no such call and answers the SYN,ACK with RST. */
	world_stranger(two.w, ZHANG, 4000, LI, 8888, &syn, NULL, (struct trace_place){0});
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(world_now(two.w), at_ms(100));
	ck_assert_int_eq(nth(&two, count(&two, REC_STATE, LI, -1), REC_STATE, LI, -1)->to, LISTEN);
	world_figures(two.w, &after);
	ck_assert_uint_eq(after.conns, before.conns);
	two_fini(&two);
}
END_TEST

/* What LISTEN does not want: 3.10.7.2. */
START_TEST(stray_segments_at_listen)
{
	struct two two;
	struct seg ack = {.ack = {99}, .ctl = ACK}, rst = {.ctl = RST}, fin = {.ctl = FIN};

	two_init(&two);
	two_listens(&two, 1);
	world_stranger(two.w, ZHANG, 4000, LI, 8888, &rst, NULL, (struct trace_place){0});
	world_stranger(two.w, ZHANG, 4000, LI, 8888, &fin, NULL, (struct trace_place){0});
	ck_assert_uint_eq(count(&two, REC_SEND, LI, -1), 0);
	world_stranger(two.w, ZHANG, 4000, LI, 8888, &ack, NULL, (struct trace_place){0});
	ck_assert_uint_eq(nth_sent(&two, 1, LI, RST)->seg.seq.v, 99);
	ck_assert_uint_eq(nth(&two, 3, REC_ARRIVE, LI, -1)->conn, 1);
	ck_assert(nth(&two, 3, REC_ARRIVE, LI, -1)->is_stranger);
	two_fini(&two);
}
END_TEST

/* The SYN queue holds one, who never nods; the next two are answered by cookie, and one of them
 * nods. */
START_TEST(cookies_when_the_queue_is_full)
{
	struct two two;
	struct sock l, c;
	struct seg syn = {.seq = {77}, .ctl = SYN, .len = 1, .wnd = 1000};
	struct seg ack = {.seq = {500}, .ack = {900}, .ctl = ACK, .wnd = 1000};

	two_init(&two);
	host_profile(two.w, LI)->syn_cookies = COOKIES_FULL;
	host_add(two.w, &(struct host_options){.name = "wang"});
	host_crash(two.w, WANG); /* or it would refuse what it never asked for */
	l = two_listens(&two, 1);
	world_stranger(two.w, WANG, 4001, LI, 8888, &syn, NULL, (struct trace_place){0});
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_SENT], 0);
	world_stranger(two.w, WANG, 4002, LI, 8888, &syn, NULL, (struct trace_place){0});
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_SENT], 1);
	ck_assert_int_eq(sock_state(two.w, l), LISTEN);
	c = two_connects(&two);
	until(&two, 200);
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_SENT], 2);
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_GOOD], 1);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	ck_assert_int_eq(sock_write_all(two.w, c, "hello", 5), SOCK_OK);
	until(&two, 1000);
	ck_assert_uint_eq(sock_tcb(two.w, c)->snd.queued, 0);
	ck_assert_int_eq(sock_state(two.w, two_child(&two)), ESTABLISHED);
	/* Whose words these are was not known yet when the cookie was taken. */
	ck_assert_int_eq(sock_write_all(two.w, two_child(&two), "welcome", 7), SOCK_OK);
	until(&two, 2000);
	ck_assert_uint_eq(seq_span(sock_tcb(two.w, c)->irs, sock_tcb(two.w, c)->rcv.nxt), 8);
	ck_assert_uint_eq(sock_readable(two.w, c), 0); /* all of it is read */
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	/* Guessed: refused as ever. */
	world_stranger(two.w, WANG, 4003, LI, 8888, &ack, NULL, (struct trace_place){0});
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_BAD], 1);
	two_fini(&two);
}
END_TEST

/* RFC 4987 A (2): "If the 'last overflow time' is earlier than a few minutes ago, give up." */
START_TEST(without_a_cookie_sent_lately_none_is_looked_for)
{
	struct two two;
	struct seg syn = {.seq = {77}, .ctl = SYN, .len = 1, .wnd = 1000};
	struct seg ack = {.seq = {500}, .ack = {900}, .ctl = ACK, .wnd = 1000};

	two_init(&two);
	host_profile(two.w, LI)->syn_cookies = COOKIES_FULL;
	host_add(two.w, &(struct host_options){.name = "wang"});
	host_crash(two.w, WANG);
	two_listens(&two, 1);
	world_stranger(two.w, WANG, 4001, LI, 8888, &ack, NULL, (struct trace_place){0});
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_BAD], 0);
	ck_assert_uint_eq(world_rule_hits(two.w)[R_LISTEN_ACK], 1);
	for (uint16_t port = 4002; port < 4004; port++)
		world_stranger(two.w, WANG, port, LI, 8888, &syn, NULL, (struct trace_place){0});
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_SENT], 1);
	until(&two, 128 * 1000 - 1);
	world_stranger(two.w, WANG, 4004, LI, 8888, &ack, NULL, (struct trace_place){0});
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_BAD], 1);
	until(&two, 128 * 1000);
	world_stranger(two.w, WANG, 4004, LI, 8888, &ack, NULL, (struct trace_place){0});
	ck_assert_uint_eq(world_rule_hits(two.w)[R_COOKIE_BAD], 1);
	ck_assert_uint_eq(world_rule_hits(two.w)[R_LISTEN_ACK], 3);
	two_fini(&two);
}
END_TEST

Suite *listen_suite(void)
{
	Suite *s = suite_create("listen");
	TCase *c = tcase_create("listen");

	tcase_add_test(c, accept_takes_the_oldest);
	tcase_add_test(c, full_accept_queue_drops_syn);
	tcase_add_test(c, full_syn_queue_drops_syn);
	tcase_add_test(c, final_ack_waits_for_room);
	tcase_add_test(c, close_turns_away_who_waits);
	tcase_add_test(c, reset_in_syn_received_returns_to_listen);
	tcase_add_test(c, stray_segments_at_listen);
	tcase_add_test(c, cookies_when_the_queue_is_full);
	tcase_add_test(c, without_a_cookie_sent_lately_none_is_looked_for);
	suite_add_tcase(s, c);
	return s;
}
