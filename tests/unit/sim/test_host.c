/* SPDX-License-Identifier: MIT */
/* Hosts: addresses, initial sequence numbers, crash and reboot. */
#include "suites.h"
#include "two.h"

#include <string.h>

START_TEST(isn_list_then_rfc6528)
{
	struct two two;
	const struct record *r;

	two_init(&two);
	for (uint32_t i = 1; i <= 3; i++) {
		two_connects(&two);
		ck_assert_uint_eq(nth_sent(&two, i, ZHANG, SYN)->seg.seq.v, 1000 * i);
	}
	two_connects(&two);
	two_connects(&two);
	r = nth_sent(&two, 4, ZHANG, SYN);
	/* Of the four-tuple: two at the same time differ. */
	ck_assert_uint_ne(r->seg.seq.v, nth_sent(&two, 5, ZHANG, SYN)->seg.seq.v);
	two_fini(&two);
}
END_TEST

/* RFC 6528: M goes on by one every 4 us, F stays for a four-tuple until the next boot. */
START_TEST(isn_follows_the_clock)
{
	struct world *w;
	struct trace *t = trace_new();
	uint32_t isn[4];
	struct tcp_profile clock = tcp_profiles[0];
	uint8_t a, b;

	clock.isn = ISN_CLOCK;
	w = world_new(&(struct world_options){.seed = 1, .trace = t});
	a = host_add(w, &(struct host_options){.name = "zhang"});
	b = host_add(w, &(struct host_options){.name = "li", .profile = &clock});
	for (int i = 0; i < 4; i++) {
		struct sock s;

		world_advance(w, i * 400000);
		if (i == 2) {
			host_crash(w, a);
			host_reboot(w, a);
		}
		s = sock_new(w, i == 3 ? b : a);
		sock_bind(w, s, 6000);
		sock_connect(w, s, i == 3 ? a : b, 80);
		for (uint64_t n = 0; n < trace_count(t); n++)
			if (trace_at(t, n)->kind == REC_SEND && (trace_at(t, n)->seg.ctl & SYN))
				isn[i] = trace_at(t, n)->seg.seq.v;
		sock_abort(w, s);
	}
	ck_assert_uint_eq(isn[1] - isn[0], 100000);
	ck_assert_uint_ne(isn[2] - isn[1], 100000);
	ck_assert_uint_eq(isn[3], 300000);
	world_free(w);
	trace_free(t);
}
END_TEST

START_TEST(crashed_host_is_deaf_and_dumb)
{
	struct two two;
	struct sock c;

	two_init(&two);
	two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 200);
	host_crash(two.w, LI);
	ck_assert_uint_eq(sock_new(two.w, LI).serial, 0);
	ck_assert_uint_eq(host_socks(two.w, LI, NULL, 0), 0);
	sock_write_all(two.w, c, "hello?", 6);
	until(&two, 20000);
	ck_assert_uint_ge(count(&two, REC_DISCARD, LI, DISCARD_HOST_DOWN), 4);
	ck_assert_uint_eq(count(&two, REC_SEND, LI, -1), 1);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	host_reboot(two.w, LI);
	world_run(two.w, USEC_NEVER);
	/* It remembers nothing, and answers RST: RFC 9293 figure 10. */
	ck_assert_ptr_nonnull(nth_sent(&two, 1, LI, RST));
	ck_assert_int_eq(sock_pending_error(two.w, c), SOCK_ECONNRESET);
	two_fini(&two);
}
END_TEST

/* Who goes down while he mourns does not come back mourning. */
START_TEST(crash_takes_time_wait_too)
{
	struct two two;
	struct sock c;
	struct world_figures f;

	two_init(&two);
	host_app(two.w, LI, &(struct app){.kind = APP_DISCARD, .closes_at_end = true});
	two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 200);
	sock_close(two.w, c);
	until(&two, 500);
	world_figures(two.w, &f);
	ck_assert_uint_eq(f.time_waits, 1);
	host_crash(two.w, ZHANG);
	world_figures(two.w, &f);
	ck_assert_uint_eq(f.time_waits, 0);
	ck_assert_int_eq(world_next(two.w), USEC_NEVER);
	host_reboot(two.w, ZHANG);
	c = two_connects(&two);
	ck_assert_uint_eq(sock_port(two.w, c), PORT_EPHEMERAL);
	two_fini(&two);
}
END_TEST

START_TEST(speaks_ipv6)
{
	struct trace *t = trace_new();
	struct world *w = world_new(&(struct world_options){.seed = 1, .trace = t});
	struct host_options o[2] = {{.name = "zhang"}, {.name = "li"}};
	struct sock s, c;

	ck_assert(address_parse("fd00::1", &o[0].address));
	ck_assert(address_parse("fd00::2", &o[1].address));
	host_add(w, &o[0]);
	host_add(w, &o[1]);
	wind_rule_add(w, 0, 1, &(struct wind_rule){.deed = DEED_CORRUPT, .first = 1, .last = 3});
	s = sock_new(w, 1);
	sock_bind(w, s, 80);
	sock_listen(w, s, 1);
	c = sock_new(w, 0);
	ck_assert_int_eq(sock_connect_address(w, c, &o[1].address, 80), SOCK_EINPROGRESS);
	world_run(w, USEC_NEVER);
	ck_assert_int_eq(sock_state(w, c), ESTABLISHED);
	for (uint64_t i = 0; i < trace_count(t); i++)
		if (trace_at(t, i)->kind == REC_SEND && (trace_at(t, i)->seg.ctl & SYN))
			ck_assert_uint_eq(trace_at(t, i)->seg.mss, 1440); /* MUST-14: 1500 - 60 */
	world_free(w);
	trace_free(t);
}
END_TEST

/* MUST-63. */
START_TEST(a_group_does_not_call)
{
	struct two two;
	struct host_options o = {.name = "all"};
	struct seg syn = {.ctl = SYN, .wnd = 1000};

	two_init(&two);
	ck_assert(address_parse("224.0.0.1", &o.address));
	host_add(two.w, &o);
	two_listens(&two, 1);
	world_stranger(two.w, 2, 1000, LI, 8888, &syn, NULL, (struct trace_place){0});
	ck_assert_uint_eq(count(&two, REC_DISCARD, LI, DISCARD_ADDRESS), 1);
	ck_assert_uint_eq(count(&two, REC_SEND, LI, -1), 0);
	two_fini(&two);
}
END_TEST

START_TEST(pending_in_words)
{
	struct two two;
	char text[200];

	two_init(&two);
	ck_assert_uint_eq(world_pending(two.w, text, sizeof text), 0);
	ck_assert_str_eq(text, "");
	two_connects(&two);
	ck_assert_uint_gt(world_pending(two.w, text, sizeof text), 0);
	ck_assert_ptr_nonnull(strstr(text, "zhang: retransmission of SYN due at 1.000 s"));
	ck_assert_ptr_nonnull(strstr(text, "zhang -> li: a segment due at 0.050 s"));
	ck_assert_uint_gt(world_pending(two.w, text, 6), 6);
	ck_assert_str_eq(text, "zhang");
	two_fini(&two);
}
END_TEST

/* One kind of waiting after the other. */
START_TEST(pending_timers)
{
	struct two two;
	struct sock c;
	char text[400];

#define SAYS(words)                                                                                \
	(world_pending(two.w, text, sizeof text),                                                  \
	 ck_assert_msg(strstr(text, words) != NULL, "%s", text))
	two_init(&two);
	host_app(two.w, LI, &(struct app){.kind = APP_READER, .every = at_ms(400), .size = 1});
	host_profile(two.w, LI)->rcv_buff = 4;
	host_profile(two.w, ZHANG)->keepalive = true;
	two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 60);
	SAYS("li: retransmission of SYN,ACK due at 1.050 s");
	until(&two, 200);
	SAYS("zhang: keep-alive probe due at 7200.100 s");
	sock_write_all_synthetic(two.w, c, 10);
	SAYS("zhang: user timeout due at 300.200 s");
	until(&two, 251);
	SAYS("li: the application reads at 0.550 s");
	SAYS("li: delayed ACK due at 0.450 s");
	SAYS("zhang: retransmission due at ");
	until(&two, 520);
	SAYS("zhang: zero-window probe due at ");
	world_advance(two.w, 60 * USEC_PER_S);
	sock_close(two.w, c);
	SAYS("zhang: retransmission of FIN due at ");
	host_profile(two.w, ZHANG)->fin_wait_2 = at_ms(5000);
	world_advance(two.w, 61 * USEC_PER_S);
	SAYS("zhang: end of FIN_WAIT_2 due at ");
	sock_close(two.w, two_child(&two));
	world_advance(two.w, 62 * USEC_PER_S);
	SAYS("zhang: end of TIME_WAIT due at ");
	for (int i = 0; i < 12; i++)
		two_connects(&two);
	SAYS("; and ");
#undef SAYS
	two_fini(&two);
}
END_TEST

START_TEST(reboot_without_a_crash_before)
{
	struct two two;

	two_init(&two);
	two_listens(&two, 1);
	host_reboot(two.w, LI);
	ck_assert_uint_eq(host_listener(two.w, LI, 0).serial, 0);
	ck_assert_uint_lt(nth(&two, 1, REC_CRASH, LI, -1)->serial,
			  nth(&two, 1, REC_REBOOT, LI, -1)->serial);
	ck_assert_uint_eq(host_port(two.w, LI), PORT_DEFAULT);
	two_fini(&two);
}
END_TEST

START_TEST(world_next_is_exact)
{
	struct two two;

	two_init(&two);
	ck_assert_int_eq(world_next(two.w), USEC_NEVER);
	ck_assert(!world_step(two.w));
	two_listens(&two, 1);
	two_connects(&two);
	ck_assert_int_eq(world_next(two.w), at_ms(50));
	ck_assert(world_step(two.w));
	ck_assert_int_eq(world_now(two.w), at_ms(50));
	ck_assert(world_step(two.w));
	ck_assert(world_step(two.w));
	ck_assert_int_eq(world_now(two.w), at_ms(150));
	/* The timers that were set have all been stopped: nothing is pending, and time stands. */
	ck_assert_int_eq(world_next(two.w), USEC_NEVER);
	ck_assert_uint_eq(world_run(two.w, USEC_NEVER), 0);
	ck_assert_int_eq(world_now(two.w), at_ms(150));
	two_connects(&two);
	ck_assert_int_eq(world_next(two.w), at_ms(200));
	two_fini(&two);
}
END_TEST

Suite *host_suite(void)
{
	Suite *s = suite_create("host");
	TCase *c = tcase_create("host");

	tcase_add_test(c, isn_list_then_rfc6528);
	tcase_add_test(c, isn_follows_the_clock);
	tcase_add_test(c, crashed_host_is_deaf_and_dumb);
	tcase_add_test(c, crash_takes_time_wait_too);
	tcase_add_test(c, speaks_ipv6);
	tcase_add_test(c, a_group_does_not_call);
	tcase_add_test(c, pending_in_words);
	tcase_add_test(c, pending_timers);
	tcase_add_test(c, reboot_without_a_crash_before);
	tcase_add_test(c, world_next_is_exact);
	suite_add_tcase(s, c);
	return s;
}
