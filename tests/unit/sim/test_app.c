/* SPDX-License-Identifier: MIT */
/* The stock applications. */
#include "suites.h"
#include "two.h"

#include <string.h>

static struct sock meet(struct two *two, const struct app *li)
{
	struct sock c;

	two_init(two);
	host_app(two->w, LI, li);
	two_listens(two, 5);
	c = two_connects(two);
	until(two, 1000);
	return c;
}

/* All that this host has read, as text. */
static const char *heard(const struct two *two, uint8_t host)
{
	static char text[4096];
	size_t n = 0;

	for (uint32_t i = 1;; i++) {
		const struct record *r = nth(two, i, REC_READ, host, -1);

		if (!r)
			break;
		n += stream_read(trace_streams(two->t), &r->seg.text, 0, text + n,
				 sizeof text - 1 - n);
	}
	text[n] = '\0';
	return text;
}

START_TEST(echo_says_again)
{
	struct two two;
	struct sock c = meet(&two, &(struct app){.kind = APP_ECHO, .quit = 'q'});

	sock_write_all(two.w, c, "hello", 5);
	world_run(two.w, USEC_NEVER);
	ck_assert_str_eq(heard(&two, ZHANG), "hello");
	sock_write_all(two.w, c, "qu", 2); /* not just q */
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	sock_write_all(two.w, c, "q\n", 2);
	world_run(two.w, USEC_NEVER);
	ck_assert_int_eq(sock_state(two.w, c), CLOSE_WAIT);
	ck_assert_str_eq(heard(&two, ZHANG), "helloqu");
	two_fini(&two);
}
END_TEST

START_TEST(echo_of_much)
{
	struct two two;
	struct sock c = meet(&two, &(struct app){.kind = APP_ECHO, .closes_at_end = true});

	host_profile(two.w, LI)->snd_buff = 500;
	sock_write_all_synthetic(two.w, c, 100000);
	sock_shutdown(two.w, c);
	world_advance(two.w, 100 * USEC_PER_S);
	ck_assert_uint_eq(stream_size(trace_streams(two.t), 3), 100000);
	ck_assert_int_eq(sock_state(two.w, c), TIME_WAIT);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	two_fini(&two);
}
END_TEST

START_TEST(discard_closes_after_the_end)
{
	struct two two;
	struct sock c = meet(&two, &(struct app){.kind = APP_DISCARD, .closes_at_end = true});

	sock_write_all(two.w, c, "nothing", 7);
	sock_shutdown(two.w, c);
	until(&two, 3000);
	ck_assert_str_eq(heard(&two, LI), "nothing");
	ck_assert_int_eq(sock_state(two.w, c), TIME_WAIT);
	ck_assert_uint_eq(host_socks(two.w, LI, NULL, 0), 0);
	two_fini(&two);
}
END_TEST

START_TEST(default_stays)
{
	struct two two;
	struct sock c = meet(&two, &(struct app){0});

	sock_shutdown(two.w, c);
	until(&two, 3000);
	ck_assert_int_eq(sock_state(two.w, c), FIN_WAIT_2);
	ck_assert_int_eq(sock_state(two.w, two_child(&two)), CLOSE_WAIT);
	two_fini(&two);
}
END_TEST

/* RFC 864. */
START_TEST(chargen_has_no_end)
{
	struct two two;
	const char *text;

	meet(&two, &(struct app){.kind = APP_CHARGEN});
	text = heard(&two, ZHANG);
	ck_assert_int_eq(strncmp(text, " !\"#$%&'()*+,-./0123456789", 26), 0);
	ck_assert_int_eq(strncmp(text + 72, "\r\n!\"#$", 6), 0);
	ck_assert_uint_gt(stream_size(trace_streams(two.t), 3), 100000);
	ck_assert_int_ne(world_next(two.w), USEC_NEVER);
	two_fini(&two);
}
END_TEST

START_TEST(source_of_a_size)
{
	struct two two;
	struct sock c =
		meet(&two, &(struct app){.kind = APP_SOURCE, .size = 50000, .closes_at_end = true});

	until(&two, 5000);
	ck_assert_uint_eq(stream_size(trace_streams(two.t), 3), 50000);
	ck_assert_int_eq(sock_state(two.w, c), CLOSE_WAIT);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	two_fini(&two);
}
END_TEST

START_TEST(reader_takes_its_time)
{
	struct two two;
	struct sock c = meet(&two, &(struct app){.kind = APP_READER, .every = 500000, .size = 10});

	/* It got the connection at 0.15 s: it reads at 0.65, 1.15, 1.65... */
	sock_write_all_synthetic(two.w, c, 25);
	sock_shutdown(two.w, c);
	world_run(two.w, USEC_NEVER);
	ck_assert_uint_eq(count(&two, REC_READ, LI, -1), 4);
	ck_assert_int_eq(nth(&two, 1, REC_READ, LI, -1)->at, at_ms(1150));
	ck_assert_int_eq(nth(&two, 1, REC_READ, LI, -1)->number[0], 10);
	ck_assert_int_eq(nth(&two, 2, REC_READ, LI, -1)->at, at_ms(1650));
	ck_assert_int_eq(nth(&two, 3, REC_READ, LI, -1)->at, at_ms(2150));
	ck_assert_int_eq(nth(&two, 3, REC_READ, LI, -1)->number[0], 5);
	ck_assert_int_eq(nth(&two, 4, REC_READ, LI, -1)->number[0], 0);
	two_fini(&two);
}
END_TEST

/* 1000 octets a second: 10 of them every 10 ms. */
START_TEST(sink_at_a_rate)
{
	struct two two;
	struct sock c = meet(&two, &(struct app){.kind = APP_SINK, .rate = 1000});
	int64_t octets = 0;

	sock_write_all_synthetic(two.w, c, 1000);
	until(&two, 1050 + 495);
	for (uint32_t i = 1; nth(&two, i, REC_READ, LI, -1); i++)
		octets += nth(&two, i, REC_READ, LI, -1)->number[0];
	ck_assert_int_eq(octets, 500);
	two_fini(&two);
}
END_TEST

START_TEST(reads_never)
{
	struct two two;
	struct sock c = meet(&two, &(struct app){.reads_never = true});

	host_profile(two.w, LI)->rcv_buff = 1000;
	sock_write_all_synthetic(two.w, c, 200000);
	until(&two, 10000);
	ck_assert_uint_eq(count(&two, REC_READ, LI, -1), 0);
	ck_assert_uint_gt(sock_readable(two.w, two_child(&two)), 0);
	ck_assert_uint_eq(sock_tcb(two.w, c)->snd.wnd, 0);
	two_fini(&two);
}
END_TEST

START_TEST(accepts_by_hand)
{
	struct two two;

	meet(&two, &(struct app){.accepts_by_hand = true});
	ck_assert_uint_eq(host_socks(two.w, LI, NULL, 0), 0);
	two_fini(&two);
}
END_TEST

Suite *app_suite(void)
{
	Suite *s = suite_create("app");
	TCase *c = tcase_create("app");

	tcase_add_test(c, echo_says_again);
	tcase_add_test(c, echo_of_much);
	tcase_add_test(c, discard_closes_after_the_end);
	tcase_add_test(c, default_stays);
	tcase_add_test(c, chargen_has_no_end);
	tcase_add_test(c, source_of_a_size);
	tcase_add_test(c, reader_takes_its_time);
	tcase_add_test(c, sink_at_a_rate);
	tcase_add_test(c, reads_never);
	tcase_add_test(c, accepts_by_hand);
	suite_add_tcase(s, c);
	return s;
}
