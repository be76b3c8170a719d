/* SPDX-License-Identifier: MIT */
/* What a program learns of its socket: readiness, TCP_INFO, options read back; and calls with
 * flags. */
#include "suites.h"
#include "two.h"

#include <woshou/sock.h>

static void by_hand(struct two *two, uint8_t host)
{
	host_app(two->w, host, &(struct app){.kind = APP_BY_HAND, .reads_never = true});
}

/* Zhang and li are connected at 100 and 150 ms; nobody reads. */
static struct sock connected(struct two *two)
{
	struct sock c;

	two_init(two);
	host_app(two->w, LI, &(struct app){.reads_never = true});
	by_hand(two, ZHANG);
	two_listens(two, 5);
	c = two_connects(two);
	until(two, 200);
	return c;
}

static uint64_t writes(struct two *two, struct sock s, uint64_t n, unsigned flags)
{
	uint64_t taken;

	ck_assert_int_eq(sock_write_as(two->w, s, NULL, n, flags, &taken), SOCK_OK);
	return taken;
}

static void set(struct two *two, struct sock s, const char *name, int64_t value)
{
	ck_assert_int_eq(sock_option(two->w, s, name, value), SOCK_OK);
}

static int64_t get(struct two *two, struct sock s, const char *name)
{
	int64_t value;

	ck_assert_int_eq(sock_option_get(two->w, s, name, &value), SOCK_OK);
	return value;
}

/* Octets of text in the nth segment with text that zhang sends; 0: there are fewer. */
static uint32_t nth_text(const struct two *two, uint32_t n)
{
	for (uint64_t i = 0; i < trace_count(two->t); i++) {
		const struct record *r = trace_at(two->t, i);

		if (r->kind == REC_SEND && r->host == ZHANG && r->seg.text.len > 0 && --n == 0)
			return r->seg.text.len;
	}
	return 0;
}

START_TEST(ready_tells_what_poll_tells)
{
	struct two two;
	struct sock l, c, child;

	two_init(&two);
	host_app(two.w, LI, &(struct app){.accepts_by_hand = true, .reads_never = true});
	by_hand(&two, ZHANG);
	c = sock_new(two.w, ZHANG);
	ck_assert_uint_eq(sock_ready(two.w, c), READY_HUP | READY_OUT);
	l = two_listens(&two, 5);
	ck_assert_uint_eq(sock_ready(two.w, l), 0);
	ck_assert_int_eq(sock_connect(two.w, c, LI, 8888), SOCK_EINPROGRESS);
	ck_assert_uint_eq(sock_ready(two.w, c), 0);
	until(&two, 150);
	ck_assert_uint_eq(sock_ready(two.w, c), READY_OUT);
	ck_assert_uint_eq(sock_ready(two.w, l), READY_IN);
	ck_assert_int_eq(sock_accept(two.w, l, &child), SOCK_OK);
	ck_assert_uint_eq(sock_ready(two.w, l), 0);
	ck_assert_int_eq(sock_shutdown(two.w, c), SOCK_OK);
	until(&two, 300);
	ck_assert_uint_eq(sock_ready(two.w, child), READY_IN | READY_OUT | READY_RDHUP);
	ck_assert_int_eq(sock_shutdown(two.w, child), SOCK_OK);
	ck_assert_uint_eq(sock_ready(two.w, child),
			  READY_IN | READY_OUT | READY_RDHUP | READY_HUP);
	two_fini(&two);
}
END_TEST

START_TEST(an_error_is_ready_until_it_is_taken)
{
	struct two two;
	struct sock c;

	two_init(&two);
	c = two_connects(&two);
	until(&two, 200);
	ck_assert(sock_ready(two.w, c) & READY_ERR);
	ck_assert_int_eq(sock_take_error(two.w, c), SOCK_ECONNREFUSED);
	ck_assert(!(sock_ready(two.w, c) & READY_ERR));
	ck_assert_int_eq(sock_take_error(two.w, c), SOCK_OK);
	two_fini(&two);
}
END_TEST

START_TEST(peek_leaves_what_it_finds)
{
	struct two two;
	struct sock c = connected(&two), child = two_child(&two);
	uint32_t there;
	struct text t;

	ck_assert_int_eq(sock_peek(two.w, child, 10, &there), SOCK_EAGAIN);
	writes(&two, c, 8, 0);
	until(&two, 300);
	ck_assert_int_eq(sock_peek(two.w, child, 5, &there), SOCK_OK);
	ck_assert_uint_eq(there, 5);
	ck_assert_int_eq(sock_peek(two.w, child, 100, &there), SOCK_OK);
	ck_assert_uint_eq(there, 8);
	ck_assert_int_eq(sock_read(two.w, child, 100, &t), SOCK_OK);
	ck_assert_uint_eq(t.len, 8);
	ck_assert_int_eq(sock_shutdown(two.w, c), SOCK_OK);
	until(&two, 400);
	ck_assert_int_eq(sock_peek(two.w, child, 100, &there), SOCK_OK);
	ck_assert_uint_eq(there, 0);
	two_fini(&two);
}
END_TEST

START_TEST(shut_for_reading_one_still_hears)
{
	struct two two;
	struct sock c = connected(&two), child = two_child(&two);
	struct text t;

	ck_assert_int_eq(sock_read(two.w, child, 10, &t), SOCK_EAGAIN);
	ck_assert_int_eq(sock_shutdown_read(two.w, child), SOCK_OK);
	ck_assert_int_eq(sock_read(two.w, child, 10, &t), SOCK_OK);
	ck_assert_uint_eq(t.len, 0);
	writes(&two, c, 8, 0);
	until(&two, 300);
	ck_assert_int_eq(sock_read(two.w, child, 10, &t), SOCK_OK);
	ck_assert_uint_eq(t.len, 8);
	ck_assert_int_eq(sock_shutdown_read(two.w, sock_new(two.w, LI)), SOCK_ENOTCONN);
	two_fini(&two);
}
END_TEST

START_TEST(more_waits_for_its_rest)
{
	struct two two;
	struct sock c = connected(&two);

	set(&two, c, "TCP_NODELAY", 1);
	writes(&two, c, 100, WRITE_MORE);
	writes(&two, c, 200, WRITE_MORE);
	ck_assert_uint_eq(nth_text(&two, 1), 0);
	writes(&two, c, 5, 0);
	ck_assert_uint_eq(nth_text(&two, 1), 305);
	until(&two, 1000);
	/* The rest never comes: `sws override`. */
	writes(&two, c, 40, WRITE_MORE);
	until(&two, 1199);
	ck_assert_uint_eq(nth_text(&two, 2), 0);
	until(&two, 1200);
	ck_assert_uint_eq(nth_text(&two, 2), 40);
	two_fini(&two);
}
END_TEST

START_TEST(an_ack_lets_more_go)
{
	struct two two;
	struct sock c = connected(&two);

	set(&two, c, "TCP_NODELAY", 1);
	set(&two, c, "more acked", 1);
	writes(&two, c, 1460, 0);
	writes(&two, c, 7, WRITE_MORE);
	ck_assert_uint_eq(nth_text(&two, 2), 0);
	until(&two, 600);
	ck_assert_uint_eq(nth_text(&two, 2), 7);
	ck_assert_ptr_nonnull(nth_sent(&two, 2, ZHANG, ACK)); /* and it carries no PSH */
	two_fini(&two);
}
END_TEST

START_TEST(cork_holds_until_it_is_drawn)
{
	struct two two;
	struct sock c = connected(&two);

	set(&two, c, "TCP_CORK", 1);
	writes(&two, c, 2000, 0);
	ck_assert_uint_eq(nth_text(&two, 1), 1460);
	ck_assert_uint_eq(nth_text(&two, 2), 0);
	set(&two, c, "TCP_NODELAY", 1);
	ck_assert_uint_eq(nth_text(&two, 2), 0);
	set(&two, c, "TCP_CORK", 0);
	ck_assert_uint_eq(nth_text(&two, 2), 540);
	two_fini(&two);
}
END_TEST

START_TEST(a_record_ends_its_segment)
{
	struct two two;
	struct sock c = connected(&two);

	writes(&two, c, 14600, 0); /* the initial window */
	writes(&two, c, 400, WRITE_RECORD);
	writes(&two, c, 300, WRITE_RECORD);
	writes(&two, c, 2000, 0);
	until(&two, 600);
	ck_assert_uint_eq(nth_text(&two, 11), 400);
	ck_assert_uint_eq(nth_text(&two, 12), 300);
	ck_assert_uint_eq(nth_text(&two, 13), 1460);
	ck_assert_uint_gt(world_rule_hits(two.w)[R_TEXT_RECORD], 0);
	two_fini(&two);
}
END_TEST

START_TEST(more_records_than_can_be_remembered)
{
	struct two two;
	struct sock c = connected(&two);

	writes(&two, c, 14600, 0);
	for (int i = 0; i < 20; i++)
		writes(&two, c, 10, WRITE_RECORD);
	writes(&two, c, 10, 0);
	until(&two, 2000);
	ck_assert_uint_eq(nth_text(&two, 19), 10);
	ck_assert_uint_eq(nth_text(&two, 20), 110);
	ck_assert_uint_eq(nth_text(&two, 21), 10);
	ck_assert_uint_eq(sock_readable(two.w, two_child(&two)), 14600 + 210);
	two_fini(&two);
}
END_TEST

/* A buffer that counts pieces: of half the window, while there is room at all. */
START_TEST(pieces_of_a_write)
{
	struct two two;
	struct sock c;

	two_init(&two);
	host_profile(two.w, LI)->mss = 1000;
	host_profile(two.w, LI)->rcv_buff = 32896;
	host_profile(two.w, ZHANG)->snd_charge = 768;
	host_profile(two.w, ZHANG)->snd_buff = 50000;
	host_app(two.w, LI, &(struct app){.reads_never = true});
	by_hand(&two, ZHANG);
	two_listens(&two, 5);
	c = two_connects(&two);
	until(&two, 200);
	/* Ten segments leave, and three pieces of 16000 are begun while there is room. */
	ck_assert_uint_eq(writes(&two, c, 59000, 0), 58000);
	ck_assert(!(sock_ready(two.w, c) & READY_OUT));
	two_fini(&two);
}
END_TEST

START_TEST(not_more_than_lowat_unsent)
{
	struct two two;
	struct sock c = connected(&two);
	uint64_t taken;

	set(&two, c, "TCP_NOTSENT_LOWAT", 4000);
	/* Counted by octets, and two full segments leave when the call is over. */
	ck_assert_uint_eq(writes(&two, c, 59000, 0), 4000);
	ck_assert_uint_eq(writes(&two, c, 59000, 0), 2920);
	until(&two, 201);
	ck_assert_uint_eq(get(&two, c, "TCP_NOTSENT_LOWAT"), 4000);
	while (sock_write_as(two.w, c, NULL, 59000, 0, &taken) == SOCK_OK)
		;
	ck_assert(!(sock_ready(two.w, c) & READY_OUT));
	two_fini(&two);
}
END_TEST

START_TEST(room_wakes_who_found_none)
{
	struct two two;
	struct sock c = connected(&two);
	uint32_t woken = sock_wakes(two.w, c);

	ck_assert_uint_eq(woken, 1); /* connected */
	ck_assert_uint_eq(writes(&two, c, 100, 0), 100);
	until(&two, 600);
	ck_assert_uint_eq(sock_wakes(two.w, c), woken);
	ck_assert_uint_eq(writes(&two, c, 100000, 0), 65536);
	ck_assert_uint_eq(sock_wakes(two.w, c), woken);
	until(&two, 701);
	ck_assert_uint_eq(sock_wakes(two.w, c), woken + 1);
	two_fini(&two);
}
END_TEST

/* A hundred milliseconds a round trip, and the ACKs of one come together. */
START_TEST(a_third_wakes_who_found_none)
{
	struct two two;
	struct sock c = connected(&two);
	uint32_t woken = sock_wakes(two.w, c);

	set(&two, c, "write third", 1);
	set(&two, c, "SO_SNDBUF", 30000);
	set(&two, c, "TCP_NODELAY", 1);
	ck_assert_uint_eq(writes(&two, c, 100000, 0), 30000);
	until(&two, 299);
	ck_assert_uint_eq(sock_wakes(two.w, c), woken);
	until(&two, 301);
	/* 20000 octets and less, and no second time. */
	ck_assert_uint_eq(sock_wakes(two.w, c), woken + 1);
	ck_assert(sock_ready(two.w, c) & READY_OUT);
	until(&two, 1000);
	ck_assert_uint_eq(sock_wakes(two.w, c), woken + 1);
	two_fini(&two);
}
END_TEST

/* Who writes everything at once leaves the rest to the socket, which is woken like a process. */
START_TEST(a_third_wakes_the_rest_of_a_write)
{
	struct two two;
	struct sock c = connected(&two);
	uint32_t woken = 0;

	set(&two, c, "write third", 1);
	set(&two, c, "SO_SNDBUF", 6000);
	ck_assert_int_eq(sock_write_all_synthetic(two.w, c, 30000), SOCK_OK);
	ck_assert_uint_eq(sock_unsent(two.w, c), 24000);
	until(&two, 5000);
	ck_assert_uint_eq(sock_unsent(two.w, c), 0);
	ck_assert_uint_eq(sock_readable(two.w, two_child(&two)), 30000);
	for (uint64_t i = 0; i < trace_count(two.t); i++)
		woken += trace_at(two.t, i)->kind == REC_RULE &&
			 trace_at(two.t, i)->rule == R_SEND_THIRD;
	ck_assert_uint_gt(woken, 3);
	two_fini(&two);
}
END_TEST

START_TEST(info_tells_numbers)
{
	struct two two;
	struct sock c = connected(&two);
	struct sock_info i;

	ck_assert(sock_info(two.w, c, &i));
	ck_assert_int_eq(i.state, ESTABLISHED);
	ck_assert_int_eq(i.ca_state, CA_OPEN);
	ck_assert_uint_eq(i.snd_mss, 1460);
	ck_assert_uint_eq(i.advmss, 1460);
	ck_assert_uint_eq(i.rcv_mss, 536);
	ck_assert_uint_eq(i.snd_cwnd, 10);
	ck_assert_uint_eq(i.snd_ssthresh, INT32_MAX);
	ck_assert_int_eq(i.rtt, at_ms(100));
	ck_assert_uint_eq(i.unacked, 0);
	writes(&two, c, 4000, 0);
	ck_assert(sock_info(two.w, c, &i));
	ck_assert_uint_eq(i.unacked, 2); /* Nagle holds the rest */
	ck_assert_uint_eq(i.notsent, 4000 - 2 * 1460);
	until(&two, 2000);
	ck_assert(sock_info(two.w, c, &i));
	ck_assert_uint_eq(i.bytes_acked, 4000);
	ck_assert_uint_eq(i.busy, at_ms(100 + 100 + 200));
	ck_assert_int_eq(i.rwnd_limited, 0);
	ck_assert_int_eq(i.sndbuf_limited, 0);
	ck_assert(sock_info(two.w, two_child(&two), &i));
	ck_assert_uint_eq(i.bytes_received, 4000);
	ck_assert_uint_eq(i.rcv_mss, 1460);
	ck_assert_int_eq(i.last_data_recv, at_ms(2000 - 350));
	sock_close(two.w, c);
	ck_assert(!sock_info(two.w, (struct sock){0}, &i));
	two_fini(&two);
}
END_TEST

/* Who keeps the sender waiting: the peer's window, then his own buffer. */
START_TEST(info_tells_what_limits)
{
	struct two two;
	struct sock c = connected(&two);
	struct sock_info i;
	struct text t;

	set(&two, c, "SO_SNDBUF", 4 * 1460);
	ck_assert_uint_eq(writes(&two, c, 100000, 0), 4 * 1460);
	until(&two, 250);
	ck_assert(sock_info(two.w, c, &i));
	ck_assert_int_eq(i.sndbuf_limited, at_ms(50));
	ck_assert_int_eq(i.busy, at_ms(50));
	ck_assert_int_eq(i.rwnd_limited, 0);
	set(&two, c, "SO_SNDBUF", 100000);
	until(&two, 400);
	writes(&two, c, 90000, 0);
	until(&two, 2000); /* li has not read: 65535 is all there is room for */
	ck_assert(sock_info(two.w, c, &i));
	ck_assert_int_gt(i.rwnd_limited, at_ms(1000));
	ck_assert_int_eq(i.sndbuf_limited, at_ms(50));
	while (sock_read(two.w, two_child(&two), 100000, &t) == SOCK_OK)
		;
	two_fini(&two);
}
END_TEST

START_TEST(options_read_back)
{
	struct two two;
	struct sock c = connected(&two), free = sock_new(two.w, ZHANG);
	int64_t value;

	ck_assert_int_eq(get(&two, c, "SO_SNDBUF"), 65536);
	ck_assert_int_eq(get(&two, c, "TCP_NODELAY"), 0);
	set(&two, c, "TCP_NODELAY", 1);
	ck_assert_int_eq(get(&two, c, "TCP_NODELAY"), 1);
	ck_assert_int_eq(get(&two, c, "TCP_MAXSEG"), 1460);
	set(&two, free, "IP_TOS", 0x20);
	ck_assert_int_eq(get(&two, free, "IP_TOS"), 0x20);
	ck_assert_int_eq(get(&two, free, "SO_REUSEADDR"), 0);
	set(&two, free, "SO_REUSEADDR", 1);
	ck_assert_int_eq(get(&two, free, "SO_REUSEADDR"), 1);
	ck_assert_int_eq(get(&two, free, "SO_LINGER"), -1);
	ck_assert_int_eq(sock_option_get(two.w, free, "SO_NOTHING", &value), SOCK_ENOPROTOOPT);
	ck_assert_int_eq(sock_option_get(two.w, (struct sock){0}, "mss", &value), SOCK_EBADF);
	set(&two, free, "buff doubled", 1);
	set(&two, free, "SO_SNDBUF", 10000);
	ck_assert_int_eq(get(&two, free, "SO_SNDBUF"), 20000);
	two_fini(&two);
}
END_TEST

START_TEST(buffers_that_grow_and_are_rounded)
{
	struct two two;
	struct sock c;

	two_init(&two);
	host_profile(two.w, ZHANG)->rcv_buff = 65536;
	host_profile(two.w, ZHANG)->rcv_buff_round = true;
	host_profile(two.w, ZHANG)->snd_buff_auto = 1 << 20;
	host_profile(two.w, ZHANG)->snd_buff = 20000;
	host_profile(two.w, ZHANG)->mss = 1100;
	host_profile(two.w, ZHANG)->mss_clamp = true;
	two_listens(&two, 5);
	c = two_connects(&two);
	ck_assert_int_eq(get(&two, c, "SO_RCVBUF"), 65536);
	until(&two, 200);
	ck_assert_int_eq(get(&two, c, "TCP_MAXSEG"), 1100);
	ck_assert_int_eq(get(&two, c, "SO_RCVBUF"), 66000); /* 60 segments */
	ck_assert_int_eq(get(&two, c, "SO_SNDBUF"), 2 * 10 * (2048 + 256));
	set(&two, c, "SO_SNDBUF", 30000);
	ck_assert_int_eq(get(&two, c, "SO_SNDBUF"), 30000);
	two_fini(&two);
}
END_TEST

Suite *info_suite(void)
{
	Suite *s = suite_create("info");
	TCase *c = tcase_create("info");

	tcase_add_test(c, ready_tells_what_poll_tells);
	tcase_add_test(c, an_error_is_ready_until_it_is_taken);
	tcase_add_test(c, peek_leaves_what_it_finds);
	tcase_add_test(c, shut_for_reading_one_still_hears);
	tcase_add_test(c, more_waits_for_its_rest);
	tcase_add_test(c, an_ack_lets_more_go);
	tcase_add_test(c, cork_holds_until_it_is_drawn);
	tcase_add_test(c, a_record_ends_its_segment);
	tcase_add_test(c, more_records_than_can_be_remembered);
	tcase_add_test(c, pieces_of_a_write);
	tcase_add_test(c, not_more_than_lowat_unsent);
	tcase_add_test(c, room_wakes_who_found_none);
	tcase_add_test(c, a_third_wakes_who_found_none);
	tcase_add_test(c, a_third_wakes_the_rest_of_a_write);
	tcase_add_test(c, info_tells_numbers);
	tcase_add_test(c, info_tells_what_limits);
	tcase_add_test(c, options_read_back);
	tcase_add_test(c, buffers_that_grow_and_are_rounded);
	suite_add_tcase(s, c);
	return s;
}
