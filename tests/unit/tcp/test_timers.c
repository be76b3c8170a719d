/* SPDX-License-Identifier: MIT */
/*
 * Every timer, one microsecond before its deadline and at it: RFC 6298, RFC 9293 sections 3.8.3,
 * 3.8.6.1, 3.8.6.2.1, 3.8.6.3, 3.10.8. The keep-alive's is in test_keepalive.c.
 */
#include "fixture.h"
#include "suites.h"

/* An open connection whose peer answered the SYN after `rtt`. */
static void open_with_rtt(struct end *e, usec rtt)
{
	call_open(e, OPEN_ACTIVE);
	after(e, rtt);
	arrives(e, SYN | ACK, 0, 1, 0);
	expect_state(e, ESTABLISHED);
	forget(e);
}

START_TEST(a_syn_is_repeated_after_1_2_4_seconds_and_so_on)
{
	static struct end e;
	static const int waits[] = {1, 2, 4, 8, 16, 32, 60};

	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	expect(&e, SYN, 0, 0, 0);
	for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		expect_silence(&e, S(waits[i]));
		const struct seg *s = expect(&e, SYN, 0, 0, 0);
		expect_number(&e, s->rexmit, i + 1);
		expect_that(&e, s->opts & OPT_MSS);
	}
}
END_TEST

START_TEST(a_syn_is_given_up_after_three_minutes_and_not_before)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(180) - 1);
	expect_state(&e, SYN_SENT);
	expect_told(&e, TCP_SIG_R1); /* SHLD-9: told, and once */
	/* The next turn of the timer is the last moment to notice. */
	after(&e, S(60));
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_TIMEOUT | TCP_SIG_CLOSED);
	expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
}
END_TEST

START_TEST(a_syn_ack_is_repeated_like_a_syn)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, LISTEN);
	arrives(&e, SYN, 0, 0, 0);
	expect(&e, SYN | ACK, 0, 1, 0);
	for (int wait = 1; wait <= 32; wait *= 2) {
		expect_silence(&e, S(wait));
		expect(&e, SYN | ACK, 0, 1, 0);
	}
}
END_TEST

START_TEST(data_is_repeated_with_back_off)
{
	static struct end e;
	static const int waits[] = {1, 2, 4, 8, 16, 32};

	end_init(&e, "rfc", _i);
	open_with_rtt(&e, MS(10)); /* SRTT + 4*RTTVAR is 30 ms: the floor of 1 s holds (2.4) */
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		expect_silence(&e, S(waits[i]));
		const struct seg *s = expect(&e, ACK, 1, 1, 100);
		expect_number(&e, s->rexmit, i + 1);
	}
}
END_TEST

START_TEST(back_off_stops_at_the_largest_rto)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rto_max = S(3);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, S(1));
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, S(2));
	expect(&e, ACK, 1, 1, 100);
	for (int i = 0; i < 4; i++) {
		expect_silence(&e, S(3));
		expect(&e, ACK, 1, 1, 100);
	}
}
END_TEST

START_TEST(data_is_given_up_after_100_seconds_and_not_before)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.user_timeout = 0;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(100) - 1);
	expect_state(&e, ESTABLISHED);
	expect_told(&e, TCP_SIG_R1);
	after(&e, S(24)); /* the turn after 63 s is at 123 s */
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_TIMEOUT | TCP_SIG_CLOSED);
}
END_TEST

START_TEST(data_is_given_up_after_a_count_of_repetitions)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.user_timeout = 0;
	e.profile.r2 = 0;
	e.profile.r2_count = 4;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	forget(&e);
	after(&e, S(15) - 1); /* 1, 3, 7; the fourth comes at 15 */
	for (int i = 0; i < 3; i++)
		expect(&e, ACK, 1, 1, 100);
	expect_nothing(&e);
	expect_state(&e, ESTABLISHED);
	after(&e, S(16) + 1);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_R1 | TCP_SIG_TIMEOUT | TCP_SIG_CLOSED);
}
END_TEST

START_TEST(r1_is_told_at_the_third_repetition)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(7) - 1);
	expect_told(&e, 0);
	after(&e, 1);
	expect_told(&e, TCP_SIG_R1);
}
END_TEST

START_TEST(the_first_samples_are_exact)
{
	static struct end e;

	/* R = 100 ms: SRTT 100, RTTVAR 50, RTO 300. R' = 200: RTTVAR 62.5, SRTT 112.5, RTO 362.5.
	 * R'' = 112.5: RTTVAR 46.875, RTO 300. */
	end_init(&e, "rfc", _i);
	e.profile.rto_min = 1;
	open_with_rtt(&e, MS(100));
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	expect_number(&e, tcp_next_timeout(&e.tcb), e.env.now + MS(300));
	after(&e, MS(200));
	arrives(&e, ACK, 1, 101, 0);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 101, 1, 100);
	expect_number(&e, tcp_next_timeout(&e.tcb), e.env.now + 362500);
	after(&e, 112500);
	arrives(&e, ACK, 1, 201, 0);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 201, 1, 100);
	expect_silence(&e, MS(300));
	expect(&e, ACK, 201, 1, 100);
}
END_TEST

START_TEST(the_variance_is_never_less_than_the_granularity)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rto_min = 1;
	e.profile.rto_granularity = MS(10);
	open_with_rtt(&e, 0); /* SRTT 0, RTTVAR 0 */
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, MS(10));
	expect(&e, ACK, 1, 1, 100);
}
END_TEST

START_TEST(the_passive_side_samples_its_syn_ack)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rto_min = 1;
	tcb_in(&e, LISTEN);
	arrives(&e, SYN, 0, 0, 0);
	after(&e, MS(100));
	arrives(&e, ACK, 1, 1, 0);
	forget(&e);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, MS(300));
	expect(&e, ACK, 1, 1, 100);
}
END_TEST

START_TEST(after_a_repeated_syn_the_rto_is_three_seconds)
{
	static struct end e;

	/* RFC 6298 5.7; and Karn: the SYN,ACK is no sample. */
	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(1) + MS(10));
	arrives(&e, SYN | ACK, 0, 1, 0);
	forget(&e);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, S(3));
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, S(6));
	expect(&e, ACK, 1, 1, 100);
}
END_TEST

START_TEST(a_backed_off_rto_is_kept_until_fresh_data_is_acknowledged)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, S(1));
	expect(&e, ACK, 1, 1, 100);
	after(&e, MS(10));
	arrives(&e, ACK, 1, 101, 0); /* of a repeated segment: no sample */
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 101, 1, 100);
	expect_silence(&e, S(2));
	expect(&e, ACK, 101, 1, 100);
	arrives(&e, ACK, 1, 201, 0);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 201, 1, 100);
	after(&e, MS(10));
	arrives(&e, ACK, 1, 301, 0); /* sent once: a sample, and the RTO collapses */
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 301, 1, 100);
	expect_silence(&e, S(1));
	expect(&e, ACK, 301, 1, 100);
}
END_TEST

START_TEST(an_ack_of_new_data_starts_the_timer_again)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1000, SEND_PUSH);
	after(&e, MS(500));
	call_send(&e, 1000, SEND_PUSH); /* 5.1: it does not start the timer again */
	forget(&e);
	after(&e, MS(300));
	arrives(&e, ACK, 1, 1001, 0);
	forget(&e);
	expect_silence(&e, S(1));
	expect(&e, ACK, 1001, 1, 1000);
}
END_TEST

START_TEST(neither_new_data_nor_a_duplicate_ack_moves_the_timer)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1000, SEND_PUSH);
	after(&e, MS(400));
	call_send(&e, 1000, SEND_PUSH);
	after(&e, MS(300));
	arrives(&e, ACK, 1, 1, 0);
	forget(&e);
	expect_silence(&e, MS(300));
	/* 5.4: the earliest segment, and it alone */
	expect(&e, ACK, 1, 1, 1000);
	expect_nothing(&e);
}
END_TEST

START_TEST(no_timer_runs_when_all_is_acknowledged)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
	call_send(&e, 100, SEND_PUSH);
	arrives(&e, ACK, 1, 101, 0);
	expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
}
END_TEST

START_TEST(a_fixed_rto_does_not_learn)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rto_fixed = true;
	e.profile.rto_initial = S(5);
	open_with_rtt(&e, MS(100));
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, S(5));
	expect(&e, ACK, 1, 1, 100);
	expect_silence(&e, S(10));
	expect(&e, ACK, 1, 1, 100);
}
END_TEST

START_TEST(a_fin_is_repeated)
{
	static struct end e;
	static const enum state states[] = {FIN_WAIT_1, CLOSING, LAST_ACK};

	for (unsigned i = 0; i < 3; i++) {
		int64_t ack = states[i] == FIN_WAIT_1 ? 1 : 2;
		end_init(&e, "rfc", _i);
		tcb_in(&e, states[i]);
		expect_silence(&e, S(1));
		expect(&e, FIN | ACK, 1, ack, 0);
		expect_silence(&e, S(2));
		expect(&e, FIN | ACK, 1, ack, 0);
	}
}
END_TEST

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

static void add_retransmission(Suite *s)
{
	TCase *tc = tcase_create("retransmission");

	tcase_add_loop_test(tc, a_syn_is_repeated_after_1_2_4_seconds_and_so_on, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_syn_is_given_up_after_three_minutes_and_not_before, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_syn_ack_is_repeated_like_a_syn, 0, ISS_CASES);
	tcase_add_loop_test(tc, data_is_repeated_with_back_off, 0, ISS_CASES);
	tcase_add_loop_test(tc, back_off_stops_at_the_largest_rto, 0, ISS_CASES);
	tcase_add_loop_test(tc, data_is_given_up_after_100_seconds_and_not_before, 0, ISS_CASES);
	tcase_add_loop_test(tc, data_is_given_up_after_a_count_of_repetitions, 0, ISS_CASES);
	tcase_add_loop_test(tc, r1_is_told_at_the_third_repetition, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_first_samples_are_exact, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_variance_is_never_less_than_the_granularity, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_passive_side_samples_its_syn_ack, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_a_repeated_syn_the_rto_is_three_seconds, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_backed_off_rto_is_kept_until_fresh_data_is_acknowledged, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, an_ack_of_new_data_starts_the_timer_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, neither_new_data_nor_a_duplicate_ack_moves_the_timer, 0, ISS_CASES);
	tcase_add_loop_test(tc, no_timer_runs_when_all_is_acknowledged, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_fixed_rto_does_not_learn, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_fin_is_repeated, 0, ISS_CASES);
	suite_add_tcase(s, tc);
}

Suite *timers_suite(void)
{
	Suite *s = suite_create("timers");
	TCase *tc = tcase_create("deadlines");

	add_retransmission(s);
	tcase_add_loop_test(tc, an_ack_is_delayed_by_200_ms, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_later_segment_does_not_delay_the_ack_further, 0, ISS_CASES);
	tcase_add_loop_test(tc, time_wait_lasts_two_msl, 0, ISS_CASES);
	tcase_add_loop_test(tc, time_wait_stands_until_the_last_microsecond, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_user_timeout_aborts, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_user_timeout_aborts_an_open_too, 0, ISS_CASES);
	tcase_add_loop_test(tc, delivery_in_time_stops_the_user_timeout, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_zero_window_is_probed_after_the_rto_and_ever_more_slowly, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, an_answered_zero_window_stays_open_for_days, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_unanswered_probe_ends_like_unanswered_data, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_small_segment_is_sent_at_last, 0, ISS_CASES);
	tcase_add_loop_test(tc, fin_wait_2_ends_when_the_user_is_gone, 0, ISS_CASES);
	tcase_add_loop_test(tc, fin_wait_2_waits_for_ever_where_the_user_still_listens, 0,
			    ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
