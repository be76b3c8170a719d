/* SPDX-License-Identifier: MIT */
/* The retransmission timer: RFC 6298 and RFC 9293 section 3.8.3, one microsecond before the
 * deadline and at it. */
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

/* RTTVAR is 5 ms after a first sample of 10 ms: 4*RTTVAR is 20 ms, and 200 ms is its floor. */
START_TEST(the_rto_is_a_second_at_least)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	open_with_rtt(&e, MS(10));
	expect_number(&e, e.tcb.rto, S(1));
}
END_TEST

START_TEST(the_floor_may_be_that_of_the_variation)
{
	static struct end e;

	end_init(&e, "linux", _i);
	e.profile.rto_min_varies = true;
	open_with_rtt(&e, MS(10));
	expect_number(&e, e.tcb.rto, MS(210));
	e.profile.rto_min_varies = false;
	call_send(&e, 100, SEND_PUSH);
	after(&e, MS(10));
	arrives(&e, ACK, 1, 101, 0);
	expect_number(&e, e.tcb.rto, MS(200));
}
END_TEST

/* RFC 7323 appendix G: with 4 segments still in flight two samples are expected: RTTVAR takes 1/8
 * of the error and SRTT 1/16. */
START_TEST(many_samples_of_a_flight_weigh_less)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rtt_smooth = true;
	open_with_rtt(&e, MS(16));
	call_send(&e, 5000, SEND_PUSH);
	after(&e, MS(32));
	arrives(&e, ACK, 1, 1001, 0);
	expect_number(&e, e.tcb.srtt, MS(17));
	expect_number(&e, e.tcb.rttvar, MS(9));
	/* The last one is alone: one sample is expected, and 1/8 of the error taken. */
	arrives(&e, ACK, 1, 5001, 0);
	call_send(&e, 1000, SEND_PUSH);
	after(&e, MS(1));
	arrives(&e, ACK, 1, 6001, 0);
	expect_number(&e, e.tcb.srtt, MS(15));
}
END_TEST

/* Karn: what was repeated gives none; of the others the time since the last was sent counts. */
START_TEST(every_ack_may_give_a_sample)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rtt_every_ack = true;
	open_with_rtt(&e, MS(16));
	expect_number(&e, e.tcb.srtt, MS(16));
	call_send(&e, 1000, SEND_PUSH);
	after(&e, MS(8));
	call_send(&e, 2000, SEND_PUSH);
	after(&e, MS(32));
	arrives(&e, ACK, 1, 2001, 0); /* of the second: 32 ms */
	expect_number(&e, e.tcb.srtt, MS(18));
	arrives(&e, ACK, 1, 3001, 0);
	expect_number(&e, e.tcb.srtt, MS(18) + 1750);
	call_send(&e, 1000, SEND_PUSH);
	after(&e, S(1));
	arrives(&e, ACK, 1, 4001, 0);
	expect_number(&e, e.tcb.srtt, MS(18) + 1750);
}
END_TEST

/* The number of repetitions is told, and how often the timer was backed off. */
START_TEST(what_was_sent_again_is_counted)
{
	static struct end e;
	struct tcp_facts f;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 2000, SEND_PUSH);
	tcp_facts(&e.tcb, &f, &e.env);
	expect_number(&e, f.unacked, 2);
	expect_number(&e, f.total_again, 0);
	expect_number(&e, f.ca, CA_OPEN);
	arrives(&e, ACK, 1, 1, 0);
	tcp_facts(&e.tcb, &f, &e.env);
	expect_number(&e, f.ca, CA_DISORDER);
	expect_number(&e, f.sacked, 1);
	after(&e, S(3)); /* at 1 s and 2 s later */
	tcp_facts(&e.tcb, &f, &e.env);
	expect_number(&e, f.backoff, 2);
	expect_number(&e, f.total_again, 2);
	expect_number(&e, f.reordering, 3);
}
END_TEST

Suite *rto_suite(void)
{
	Suite *s = suite_create("rto");
	TCase *tc = tcase_create("retransmission");

	tcase_add_loop_test(tc, the_floor_may_be_that_of_the_variation, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_rto_is_a_second_at_least, 0, ISS_CASES);
	tcase_add_loop_test(tc, many_samples_of_a_flight_weigh_less, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_ack_may_give_a_sample, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_was_sent_again_is_counted, 0, ISS_CASES);
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
	return s;
}
