/* SPDX-License-Identifier: MIT */
/*
 * Every timer, one microsecond before its deadline and at it: RFC 9293 sections 3.8.6.1, 3.8.6.2.1,
 * 3.8.6.3, 3.10.8. The retransmission timer is in test_rto.c, the keep-alive's in test_keepalive.c.
 */
#include "fixture.h"
#include "suites.h"

START_TEST(an_ack_is_delayed_by_200_ms)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 100);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 101, 0);
	expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
}
END_TEST

START_TEST(a_later_segment_does_not_delay_the_ack_further)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 100);
	after(&e, MS(150));
	arrives(&e, PSH | ACK, 101, 1, 100);
	expect_silence(&e, MS(50));
	expect(&e, ACK, 1, 201, 0);
}
END_TEST

START_TEST(time_wait_lasts_two_msl)
{
	static struct end e;
	static const struct {
		const char *profile;
		usec field, lasts;
	} cases[] = {{"rfc", -1, S(240)},
		     {"linux", -1, S(60)},
		     {"classic", -1, S(240)},
		     {"rfc", S(7), S(7)}};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		end_init(&e, cases[i].profile, _i);
		e.profile.time_wait = cases[i].field;
		tcb_in(&e, TIME_WAIT);
		/* "start the time-wait timer, turn off the other timers" */
		expect_number(&e, tcp_next_timeout(&e.tcb), e.env.now + cases[i].lasts);
		expect_silence(&e, cases[i].lasts);
		expect_nothing(&e);
		expect_state(&e, CLOSED);
		expect_told(&e, TCP_SIG_CLOSED);
	}
}
END_TEST

START_TEST(time_wait_stands_until_the_last_microsecond)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, TIME_WAIT);
	after(&e, S(240) - 1);
	expect_state(&e, TIME_WAIT);
	after(&e, 1);
	expect_state(&e, CLOSED);
}
END_TEST

START_TEST(the_user_timeout_aborts)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.user_timeout = S(10);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(10) - 1);
	expect_state(&e, ESTABLISHED);
	forget(&e);
	after(&e, 1);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_TIMEOUT | TCP_SIG_CLOSED);
}
END_TEST

START_TEST(the_user_timeout_aborts_an_open_too)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.user_timeout = S(10);
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(10) - 1);
	expect_state(&e, SYN_SENT);
	forget(&e);
	after(&e, 1);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_TIMEOUT | TCP_SIG_CLOSED);
}
END_TEST

START_TEST(delivery_in_time_stops_the_user_timeout)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.user_timeout = S(10);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(9));
	arrives(&e, ACK, 1, 101, 0);
	after(&e, S(100));
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(a_zero_window_is_probed_after_the_rto_and_ever_more_slowly)
{
	static struct end e;
	static const int waits[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};

	end_init(&e, "rfc", _i);
	e.profile.user_timeout = 0;
	tcb_in(&e, ESTABLISHED);
	e.wnd = 0;
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 100, SEND_PUSH);
	expect_nothing(&e);
	for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		expect_silence(&e, S(waits[i]));
		/* One octet of new data, at the edge that was announced. */
		expect(&e, ACK, 1, 1, 1);
		expect_nothing(&e);
		arrives(&e, ACK, 1, 1, 0);
		expect_nothing(&e);
	}
	expect_state(&e, ESTABLISHED);
	/* It opens: what was refused goes again, and the rest, without waiting for a timer. The
	 * probe's octet may stay a segment of its own ("such repackaging is not required"). */
	e.wnd = 65535;
	arrives(&e, ACK, 1, 1, 0);
	expect_that(&e, e.outs > e.taken);
	expect_that(&e, seq_eq(e.out[e.taken].seq, seq_add(e.iss, 1)));
	for (int turn = 0; turn < 3; turn++)
		arrives(&e, ACK, 1, seq_span(e.iss, e.tcb.snd.nxt), 0);
	expect_that(&e, seq_eq(e.tcb.snd.una, seq_add(e.iss, 101)));
}
END_TEST

START_TEST(a_zero_window_may_be_probed_without_text)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.probe_empty = true;
	tcb_in(&e, ESTABLISHED);
	e.wnd = 0;
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 100, SEND_PUSH);
	for (int wait = 1; wait <= 4; wait *= 2) {
		expect_silence(&e, S(wait));
		expect(&e, ACK, 0, 1, 0);
		expect_nothing(&e);
		expect_that(&e, seq_eq(e.tcb.snd.nxt, e.tcb.snd.una));
		arrives(&e, ACK, 1, 1, 0);
		expect_nothing(&e);
	}
	/* Nothing was refused, so nothing is sent twice. */
	e.wnd = 65535;
	arrives(&e, ACK, 1, 1, 0);
	expect(&e, PSH | ACK, 1, 1, 100);
	expect_nothing(&e);
}
END_TEST

START_TEST(an_answered_zero_window_stays_open_for_days)
{
	static struct end e;

	/* MUST-37, MAY-8, SHLD-17; user timeout apart, which is the user's wish. */
	end_init(&e, "rfc", _i);
	e.profile.user_timeout = 0;
	tcb_in(&e, ESTABLISHED);
	e.wnd = 0;
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 100, SEND_PUSH);
	for (int probes = 0; probes < 3000; probes++) {
		usec due = tcp_next_timeout(&e.tcb);
		ck_assert_int_ne(due, USEC_NEVER);
		after(&e, due - e.env.now);
		expect(&e, ACK, 1, 1, 1);
		forget(&e);
		story_begin();
		arrives(&e, ACK, 1, 1, 0);
	}
	expect_state(&e, ESTABLISHED);
	expect_that(&e, e.env.now > S(1000) + S(48 * 3600));
}
END_TEST

START_TEST(an_unanswered_probe_ends_like_unanswered_data)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.user_timeout = 0;
	tcb_in(&e, ESTABLISHED);
	e.wnd = 0;
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(600));
	expect_state(&e, CLOSED);
	expect_that(&e, e.told & TCP_SIG_TIMEOUT);
}
END_TEST

START_TEST(a_small_segment_is_sent_at_last)
{
	static struct end e;

	/* 3.8.6.2.1: U = 100 is neither a full segment, nor all that is queued, nor half of the
	 * largest window: the override timeout sends it. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	e.wnd = 100;
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 500, SEND_PUSH);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 1, 100);
	expect_nothing(&e);
}
END_TEST

START_TEST(fin_wait_2_ends_when_the_user_is_gone)
{
	static struct end e;

	end_init(&e, "linux", _i);
	tcb_in(&e, ESTABLISHED);
	call_close(&e, CLOSE_BOTH);
	arrives(&e, ACK, 1, 2, 0);
	expect_state(&e, FIN_WAIT_2);
	after(&e, S(60) - 1);
	expect_state(&e, FIN_WAIT_2);
	after(&e, 1);
	expect_state(&e, CLOSED);
	expect_that(&e, e.told & TCP_SIG_CLOSED);
}
END_TEST

START_TEST(fin_wait_2_waits_for_ever_where_the_user_still_listens)
{
	static struct end e;

	for (int i = 0; i < 2; i++) {
		end_init(&e, i ? "rfc" : "linux", _i);
		tcb_in(&e, ESTABLISHED);
		call_close(&e, i ? CLOSE_BOTH : CLOSE_SEND); /* rfc: the local limit is off */
		arrives(&e, ACK, 1, 2, 0);
		after(&e, S(100000));
		expect_state(&e, FIN_WAIT_2);
	}
}
END_TEST

Suite *timers_suite(void)
{
	Suite *s = suite_create("timers");
	TCase *tc = tcase_create("deadlines");

	tcase_add_loop_test(tc, an_ack_is_delayed_by_200_ms, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_later_segment_does_not_delay_the_ack_further, 0, ISS_CASES);
	tcase_add_loop_test(tc, time_wait_lasts_two_msl, 0, ISS_CASES);
	tcase_add_loop_test(tc, time_wait_stands_until_the_last_microsecond, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_user_timeout_aborts, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_user_timeout_aborts_an_open_too, 0, ISS_CASES);
	tcase_add_loop_test(tc, delivery_in_time_stops_the_user_timeout, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_zero_window_is_probed_after_the_rto_and_ever_more_slowly, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, a_zero_window_may_be_probed_without_text, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_answered_zero_window_stays_open_for_days, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_unanswered_probe_ends_like_unanswered_data, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_small_segment_is_sent_at_last, 0, ISS_CASES);
	tcase_add_loop_test(tc, fin_wait_2_ends_when_the_user_is_gone, 0, ISS_CASES);
	tcase_add_loop_test(tc, fin_wait_2_waits_for_ever_where_the_user_still_listens, 0,
			    ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
