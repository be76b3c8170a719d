/* SPDX-License-Identifier: MIT */
/* The socket calls answer as POSIX says. */
#include "suites.h"
#include "two.h"

START_TEST(handshake)
{
	struct two two;
	struct sock c;

	two_init(&two);
	two_listens(&two, 5);
	c = two_connects(&two);
	ck_assert_int_eq(sock_state(two.w, c), SYN_SENT);
	until(&two, 99);
	ck_assert_int_eq(sock_state(two.w, c), SYN_SENT);
	until(&two, 100);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	ck_assert_ptr_null(nth(&two, 1, REC_CALL, LI, CALL_ACCEPT));
	until(&two, 150);
	ck_assert_int_eq(sock_state(two.w, two_child(&two)), ESTABLISHED);
	ck_assert_uint_eq(nth_sent(&two, 1, ZHANG, SYN)->seg.seq.v, 1000);
	ck_assert_uint_eq(nth_sent(&two, 1, LI, SYN | ACK)->seg.seq.v, 5000);
	ck_assert_uint_eq(nth_sent(&two, 1, ZHANG, SYN)->from_port, 49152);
	ck_assert_int_eq(nth(&two, 1, REC_RESULT, ZHANG, CALL_CONNECT)->error, SOCK_OK);
	ck_assert_int_eq(sock_connect(two.w, c, LI, 8888), SOCK_EISCONN);
	two_fini(&two);
}
END_TEST

START_TEST(refused)
{
	struct two two;
	struct sock c;

	two_init(&two);
	c = two_connects(&two);
	ck_assert_int_eq(sock_connect(two.w, c, LI, 8888), SOCK_EALREADY);
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(sock_state(two.w, c), CLOSED);
	ck_assert_int_eq(sock_pending_error(two.w, c), SOCK_ECONNREFUSED);
	ck_assert_int_eq(nth(&two, 1, REC_RESULT, ZHANG, CALL_CONNECT)->error, SOCK_ECONNREFUSED);
	ck_assert(nth_sent(&two, 1, LI, RST | ACK)->conn == 0);
	/* It may try again, and then somebody listens. */
	two_listens(&two, 1);
	ck_assert_int_eq(sock_connect(two.w, c, LI, 8888), SOCK_EINPROGRESS);
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	two_fini(&two);
}
END_TEST

START_TEST(nobody_lives_there)
{
	struct address nowhere;
	struct two two;
	struct sock c;

	two_init(&two);
	ck_assert(address_parse("192.0.2.7", &nowhere));
	c = sock_new(two.w, ZHANG);
	ck_assert_int_eq(sock_connect_address(two.w, c, &nowhere, 80), SOCK_EINPROGRESS);
	ck_assert_uint_eq(count(&two, REC_DISCARD, ZHANG, DISCARD_NO_HOST), 1);
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(sock_pending_error(two.w, c), SOCK_ETIMEDOUT);
	ck_assert_int_ge(world_now(two.w), 180 * USEC_PER_S); /* MUST-23 */
	ck_assert_int_eq(sock_write(two.w, c, "x", 1, &(size_t){0}), SOCK_ETIMEDOUT);
	ck_assert_int_eq(sock_write(two.w, c, "x", 1, &(size_t){0}), SOCK_EPIPE);
	two_fini(&two);
}
END_TEST

START_TEST(not_to_a_group_nor_to_another_family)
{
	struct address group, six;
	struct two two;
	struct sock c;

	two_init(&two);
	ck_assert(address_parse("224.0.0.1", &group));
	ck_assert(address_parse("fd00::1", &six));
	c = sock_new(two.w, ZHANG);
	ck_assert_int_eq(sock_connect_address(two.w, c, &group, 80), SOCK_EHOSTUNREACH);
	ck_assert_int_eq(sock_connect_address(two.w, c, &six, 80), SOCK_EHOSTUNREACH);
	ck_assert_int_eq(sock_connect(two.w, c, LI, 0), SOCK_EADDRNOTAVAIL);
	two_fini(&two);
}
END_TEST

START_TEST(bind_and_its_errors)
{
	struct two two;
	struct sock a, b, c;

	two_init(&two);
	a = sock_new(two.w, LI);
	b = sock_new(two.w, LI);
	c = sock_new(two.w, LI);
	ck_assert_int_eq(sock_bind(two.w, a, 80), SOCK_OK);
	ck_assert_int_eq(sock_bind(two.w, a, 81), SOCK_EINVAL);
	ck_assert_int_eq(sock_bind(two.w, b, 80), SOCK_EADDRINUSE);
	sock_option(two.w, b, "SO_REUSEADDR", 1);
	ck_assert_int_eq(sock_bind(two.w, b, 80), SOCK_EADDRINUSE);
	sock_option(two.w, a, "SO_REUSEADDR", 1);
	ck_assert_int_eq(sock_bind(two.w, b, 80), SOCK_OK);
	ck_assert_int_eq(sock_listen(two.w, a, 1), SOCK_OK);
	ck_assert_int_eq(sock_listen(two.w, b, 1), SOCK_EADDRINUSE);
	sock_option(two.w, c, "SO_REUSEADDR", 1);
	ck_assert_int_eq(sock_bind(two.w, c, 80), SOCK_EADDRINUSE);
	ck_assert_int_eq(sock_close(two.w, a), SOCK_OK);
	ck_assert_int_eq(sock_close(two.w, a), SOCK_EBADF);
	ck_assert_int_eq(sock_listen(two.w, b, 1), SOCK_OK);
	ck_assert_int_eq(sock_bind(two.w, c, 0), SOCK_OK);
	ck_assert_uint_eq(sock_port(two.w, c), PORT_EPHEMERAL);
	two_fini(&two);
}
END_TEST

/* After its own goodbye the port is held for 2 MSL, also for bind(); SO_REUSEADDR helps. */
START_TEST(time_wait_holds_the_port)
{
	struct two two;
	struct sock s, c, again;

	two_init(&two);
	s = two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 200);
	sock_close(two.w, s);
	sock_close(two.w, two_child(&two));
	until(&two, 300);
	sock_close(two.w, c);
	until(&two, 500);
	again = sock_new(two.w, LI);
	ck_assert_int_eq(sock_bind(two.w, again, 8888), SOCK_EADDRINUSE);
	sock_option(two.w, again, "SO_REUSEADDR", 1);
	ck_assert_int_eq(sock_bind(two.w, again, 8888), SOCK_OK);
	/* The four-tuple itself is not free. */
	ck_assert_int_eq(sock_connect(two.w, again, ZHANG, 49152), SOCK_EADDRNOTAVAIL);
	sock_close(two.w, again);
	again = sock_new(two.w, LI);
	until(&two, 240350 - 1);
	ck_assert_int_eq(sock_bind(two.w, again, 8888), SOCK_EADDRINUSE);
	until(&two, 240400);
	ck_assert_int_eq(sock_bind(two.w, again, 8888), SOCK_OK);
	two_fini(&two);
}
END_TEST

START_TEST(ephemeral_ports_in_order)
{
	struct two two;

	two_init(&two);
	for (uint16_t i = 0; i < 10; i++) {
		struct sock c = two_connects(&two);

		ck_assert_uint_eq(sock_port(two.w, c), PORT_EPHEMERAL + i);
		world_run(two.w, USEC_NEVER);
		sock_close(two.w, c);
	}
	two_fini(&two);
}
END_TEST

START_TEST(ephemeral_ports_run_out)
{
	struct world *w = world_new(&(struct world_options){.seed = 1});
	struct sock c;
	uint8_t a = host_add(w, &(struct host_options){.name = "zhang"});
	uint8_t b = host_add(w, &(struct host_options){.name = "li"});

	for (int i = 0; i < 65536 - PORT_EPHEMERAL; i++) {
		c = sock_new(w, a);
		ck_assert_int_eq(sock_connect(w, c, b, 80), SOCK_EINPROGRESS);
	}
	c = sock_new(w, a);
	ck_assert_int_eq(sock_connect(w, c, b, 80), SOCK_EADDRNOTAVAIL);
	/* Another port of the same host is another four-tuple. */
	ck_assert_int_eq(sock_connect(w, c, b, 81), SOCK_EINPROGRESS);
	world_free(w);
}
END_TEST

START_TEST(two_calls_from_bound_ports_meet)
{
	struct two two;
	struct sock a, b;

	two_init(&two);
	a = sock_new(two.w, ZHANG);
	b = sock_new(two.w, LI);
	sock_bind(two.w, a, 7001);
	sock_bind(two.w, b, 7002);
	ck_assert_int_eq(sock_connect(two.w, a, LI, 7002), SOCK_EINPROGRESS);
	ck_assert_int_eq(sock_connect(two.w, b, ZHANG, 7001), SOCK_EINPROGRESS);
	until(&two, 50);
	ck_assert_int_eq(sock_state(two.w, a), SYN_RECEIVED);
	ck_assert_int_eq(sock_state(two.w, b), SYN_RECEIVED);
	until(&two, 100);
	ck_assert_int_eq(sock_state(two.w, a), ESTABLISHED);
	ck_assert_int_eq(sock_state(two.w, b), ESTABLISHED);
	sock_write_all(two.w, a, "hello", 5);
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(nth(&two, 1, REC_READ, LI, -1)->number[0], 5);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	two_fini(&two);
}
END_TEST

START_TEST(talk_to_oneself)
{
	struct two two;
	struct sock s, c;

	two_init(&two);
	s = sock_new(two.w, ZHANG);
	sock_bind(two.w, s, 80);
	sock_listen(two.w, s, 1);
	c = sock_new(two.w, ZHANG);
	ck_assert_int_eq(sock_connect(two.w, c, ZHANG, 80), SOCK_EINPROGRESS);
	sock_write_all(two.w, c, "hm", 2);
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(nth(&two, 1, REC_READ, ZHANG, -1)->number[0], 2);
	two_fini(&two);
}
END_TEST

START_TEST(write_read_and_their_errors)
{
	struct two two;
	struct sock c, child;
	struct text t;
	size_t taken;

	two_init(&two);
	host_app(two.w, LI, &(struct app){.kind = APP_DEFAULT, .reads_never = true});
	two_listens(&two, 1);
	c = sock_new(two.w, ZHANG);
	ck_assert_int_eq(sock_write(two.w, c, "x", 1, &taken), SOCK_ENOTCONN);
	ck_assert_int_eq(sock_read(two.w, c, 1, &t), SOCK_ENOTCONN);
	ck_assert_int_eq(sock_shutdown(two.w, c), SOCK_ENOTCONN);
	host_profile(two.w, ZHANG)->snd_buff = 10;
	sock_connect(two.w, c, LI, 8888);
	until(&two, 200);
	child = two_child(&two);
	ck_assert_int_eq(sock_write(two.w, c, "0123456789abc", 13, &taken), SOCK_OK);
	ck_assert_uint_eq(taken, 10);
	ck_assert_int_eq(sock_write(two.w, c, "x", 1, &taken), SOCK_EAGAIN);
	ck_assert_int_eq(sock_read(two.w, child, 4, &t), SOCK_EAGAIN);
	until(&two, 300);
	ck_assert_uint_eq(sock_readable(two.w, child), 10);
	ck_assert_int_eq(sock_read(two.w, child, 4, &t), SOCK_OK);
	ck_assert_uint_eq(t.len, 4);
	ck_assert_uint_eq(t.offset, 0);
	ck_assert_int_eq(sock_read(two.w, child, 100, &t), SOCK_OK);
	ck_assert_uint_eq(t.len, 6);
	ck_assert_int_eq(sock_shutdown(two.w, c), SOCK_OK);
	ck_assert_int_eq(sock_write(two.w, c, "x", 1, &taken), SOCK_EPIPE);
	until(&two, 800);
	ck_assert_int_eq(sock_read(two.w, child, 100, &t), SOCK_OK);
	ck_assert_uint_eq(t.len, 0);
	ck_assert_int_eq(sock_state(two.w, child), CLOSE_WAIT);
	two_fini(&two);
}
END_TEST

START_TEST(reset_is_told_once)
{
	struct two two;
	struct sock c;
	size_t taken;
	struct text t;

	two_init(&two);
	two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 200);
	sock_abort(two.w, two_child(&two));
	until(&two, 300);
	ck_assert_int_eq(sock_state(two.w, c), CLOSED);
	ck_assert(sock_is_open(two.w, c));
	ck_assert_ptr_null(sock_tcb(two.w, c));
	ck_assert_int_eq(sock_write(two.w, c, "x", 1, &taken), SOCK_ECONNRESET);
	ck_assert_int_eq(sock_write(two.w, c, "x", 1, &taken), SOCK_EPIPE);
	ck_assert_int_eq(sock_read(two.w, c, 1, &t), SOCK_OK); /* end of stream */
	ck_assert_int_eq(sock_close(two.w, c), SOCK_OK);
	ck_assert(!sock_is_open(two.w, c));
	ck_assert_int_eq(sock_write(two.w, c, "x", 1, &taken), SOCK_EBADF);
	two_fini(&two);
}
END_TEST

/* A close() behind a write() that has no room waits for it. */
START_TEST(close_waits_for_write)
{
	struct two two;
	struct sock c;
	const struct record *r;

	two_init(&two);
	two_listens(&two, 1);
	host_profile(two.w, ZHANG)->snd_buff = 1000;
	c = two_connects(&two);
	ck_assert_int_eq(sock_write_all_synthetic(two.w, c, 5000), SOCK_OK);
	ck_assert_int_eq(sock_write_all(two.w, c, "last", 4), SOCK_OK);
	ck_assert_int_eq(sock_close(two.w, c), SOCK_OK);
	ck_assert(!sock_is_open(two.w, c));
	ck_assert_uint_eq(sock_unsent(two.w, c), 4004);
	world_advance(two.w, 10 * USEC_PER_S);
	ck_assert_int_eq(sock_state(two.w, c), FIN_WAIT_2);
	r = nth(&two, count(&two, REC_READ, LI, -1), REC_READ, LI, -1);
	ck_assert_int_eq(r->number[0], 0);
	ck_assert_uint_eq(stream_size(trace_streams(two.t), sock_conn(two.w, c)), 5004);
	r = nth(&two, count(&two, REC_READ, LI, -1) - 1, REC_READ, LI, -1);
	ck_assert_uint_eq(r->seg.text.offset + r->seg.text.len, 5004);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	two_fini(&two);
}
END_TEST

START_TEST(linger_zero_aborts)
{
	struct two two;
	struct sock c;

	two_init(&two);
	two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 200);
	ck_assert_int_eq(sock_option(two.w, c, "SO_LINGER", 0), SOCK_OK);
	sock_close(two.w, c);
	ck_assert_int_eq(sock_state(two.w, c), CLOSED);
	ck_assert_ptr_nonnull(nth_sent(&two, 1, ZHANG, RST));
	two_fini(&two);
}
END_TEST

START_TEST(options)
{
	struct two two;
	struct sock s, c;

	two_init(&two);
	ck_assert(sock_option_exists("TCP_NODELAY"));
	ck_assert(sock_option_exists("SO_RCVBUF"));
	ck_assert(sock_option_exists("ack delay"));
	ck_assert(!sock_option_exists("SO_WISDOM"));
	s = sock_new(two.w, LI);
	ck_assert_int_eq(sock_option(two.w, s, "SO_WISDOM", 1), SOCK_ENOPROTOOPT);
	ck_assert_int_eq(sock_option(two.w, s, "SO_LINGER", -2), SOCK_EINVAL);
	ck_assert_int_eq(sock_option(two.w, s, "IP_TTL", 100000), SOCK_EINVAL);
	ck_assert_int_eq(sock_option(two.w, (struct sock){0}, "IP_TTL", 1), SOCK_EBADF);
	/* A listener's are its children's, and nobody else's. */
	ck_assert_int_eq(sock_option(two.w, s, "SO_RCVBUF", 777), SOCK_OK);
	sock_bind(two.w, s, 8888);
	sock_listen(two.w, s, 1);
	c = two_connects(&two);
	world_run(two.w, USEC_NEVER);
	ck_assert_uint_eq(nth_sent(&two, 1, LI, SYN | ACK)->seg.wnd, 777);
	ck_assert_uint_eq(host_profile(two.w, LI)->rcv_buff, 65535);
	/* And what is set on a child stays with it. */
	ck_assert_int_eq(sock_option(two.w, two_child(&two), "TCP_NODELAY", 1), SOCK_OK);
	ck_assert_int_eq(sock_option(two.w, c, "TCP_NODELAY", 1), SOCK_OK);
	ck_assert(host_profile(two.w, LI)->nagle);
	two_fini(&two);
}
END_TEST

START_TEST(who_may_not)
{
	struct two two;
	struct sock s, c;
	struct text t;
	uint64_t taken;

	two_init(&two);
	s = sock_new(two.w, LI);
	ck_assert_int_eq(sock_listen(two.w, s, 1), SOCK_OK); /* at a port of the host's choice */
	ck_assert_uint_eq(sock_port(two.w, s), PORT_EPHEMERAL);
	ck_assert_int_eq(sock_connect(two.w, s, ZHANG, 80), SOCK_EOPNOTSUPP);
	ck_assert_int_eq(sock_write_synthetic(two.w, s, 1, &taken), SOCK_ENOTCONN);
	ck_assert_int_eq(sock_shutdown(two.w, s), SOCK_ENOTCONN);
	c = sock_new(two.w, ZHANG);
	sock_connect(two.w, c, LI, PORT_EPHEMERAL);
	ck_assert_int_eq(sock_listen(two.w, c, 1), SOCK_EINVAL);
	ck_assert_int_eq(sock_accept(two.w, c, &s), SOCK_EINVAL);
	until(&two, 200);
	ck_assert_int_eq(sock_write_synthetic(two.w, c, 300, &taken), SOCK_OK);
	ck_assert_uint_eq(taken, 300);
	ck_assert_int_eq(sock_read(two.w, c, 0, &t), SOCK_OK);
	ck_assert_int_eq(sock_shutdown(two.w, c), SOCK_OK);
	ck_assert_int_eq(sock_write_all(two.w, c, "x", 1), SOCK_EPIPE);
	ck_assert_int_eq(sock_shutdown(two.w, c), SOCK_OK);
	s = host_listener(two.w, LI, 0);
	ck_assert_int_eq(sock_abort(two.w, s), SOCK_OK);
	ck_assert_int_eq(sock_listen(two.w, s, 1), SOCK_EBADF);
	two_fini(&two);
}
END_TEST

START_TEST(reuse_may_be_taken_back)
{
	struct two two;
	struct sock a, b;

	two_init(&two);
	a = sock_new(two.w, LI);
	b = sock_new(two.w, LI);
	sock_option(two.w, a, "SO_REUSEADDR", 1);
	sock_option(two.w, b, "SO_REUSEADDR", 1);
	sock_bind(two.w, a, 80);
	sock_option(two.w, a, "SO_REUSEADDR", 0);
	ck_assert_int_eq(sock_bind(two.w, b, 80), SOCK_EADDRINUSE);
	sock_close(two.w, a);
	ck_assert_int_eq(sock_bind(two.w, b, 80), SOCK_OK);
	two_fini(&two);
}
END_TEST

START_TEST(names_of_connections)
{
	struct two two;
	struct sock c;

	two_init(&two);
	two_listens(&two, 1);
	c = sock_new(two.w, ZHANG);
	sock_label(two.w, c, 3, "c1"); /* before it is born */
	sock_connect(two.w, c, LI, 8888);
	ck_assert_str_eq(trace_conn_at(two.t, sock_conn(two.w, c))->label, "c1");
	until(&two, 200);
	sock_label(two.w, two_child(&two), 4, "s1"); /* and after */
	ck_assert_str_eq(trace_conn_at(two.t, sock_conn(two.w, two_child(&two)))->label, "s1");
	two_fini(&two);
}
END_TEST

/* The last dead one is still shown, so that a call on it can say why. */
START_TEST(list_of_sockets)
{
	struct two two;
	struct sock a, b, list[4];

	two_init(&two);
	a = two_connects(&two);
	world_run(two.w, USEC_NEVER);
	ck_assert_uint_eq(host_socks(two.w, ZHANG, list, 4), 1);
	ck_assert_uint_eq(list[0].serial, a.serial);
	two_listens(&two, 3);
	b = two_connects(&two);
	ck_assert_uint_eq(host_socks(two.w, ZHANG, list, 4), 1);
	ck_assert_uint_eq(list[0].serial, b.serial);
	two_connects(&two);
	ck_assert_uint_eq(host_socks(two.w, ZHANG, list, 1), 2);
	ck_assert_uint_eq(list[0].serial, b.serial);
	ck_assert_uint_eq(host_listener(two.w, ZHANG, 0).serial, 0);
	ck_assert_uint_ne(host_listener(two.w, LI, 8888).serial, 0);
	ck_assert_uint_eq(host_listener(two.w, LI, 80).serial, 0);
	two_fini(&two);
}
END_TEST

Suite *sock_suite(void)
{
	Suite *s = suite_create("sock");
	TCase *c = tcase_create("sock");

	tcase_add_test(c, handshake);
	tcase_add_test(c, refused);
	tcase_add_test(c, nobody_lives_there);
	tcase_add_test(c, not_to_a_group_nor_to_another_family);
	tcase_add_test(c, bind_and_its_errors);
	tcase_add_test(c, time_wait_holds_the_port);
	tcase_add_test(c, ephemeral_ports_in_order);
	tcase_add_test(c, ephemeral_ports_run_out);
	tcase_add_test(c, two_calls_from_bound_ports_meet);
	tcase_add_test(c, talk_to_oneself);
	tcase_add_test(c, write_read_and_their_errors);
	tcase_add_test(c, reset_is_told_once);
	tcase_add_test(c, close_waits_for_write);
	tcase_add_test(c, linger_zero_aborts);
	tcase_add_test(c, options);
	tcase_add_test(c, who_may_not);
	tcase_add_test(c, reuse_may_be_taken_back);
	tcase_add_test(c, names_of_connections);
	tcase_add_test(c, list_of_sockets);
	suite_add_tcase(s, c);
	return s;
}
