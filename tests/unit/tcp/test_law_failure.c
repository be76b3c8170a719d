/* SPDX-License-Identifier: MIT */
/*
 * RFC 9293, Appendix B: Retransmissions, Generating ACKs, Connection Failures, Keep-alive, ICMP. A
 * test's name carries the id of the requirement that it shows.
 */
#include "fixture.h"
#include "suites.h"

static void come(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.user_timeout = 0;
	tcb_in(e, ESTABLISHED);
}

/* ---- Retransmissions ------------------------------------------------------------------------ */

START_TEST(must_19_the_rto_backs_off_exponentially)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 100, SEND_PUSH);
	forget(&e);
	for (int wait = 1; wait <= 32; wait *= 2) {
		expect_silence(&e, S(wait));
		expect(&e, ACK, 1, 1, 100);
	}
}
END_TEST

/* The peer acknowledges each segment; so many octets are out in the end. */
static uint32_t out_after_acks(struct end *e, int n)
{
	int64_t ack = 1;

	e->profile.snd_buff = 1000000;
	tcb_in(e, ESTABLISHED);
	call_send(e, 500000, SEND_PUSH);
	for (int i = 0; i < n; i++) {
		ack += 1000;
		arrives(e, ACK, 1, ack, 0);
	}
	return seq_span(e->tcb.snd.una, e->tcb.snd.nxt);
}

START_TEST(must_19_slow_start_doubles_the_window_in_a_round_trip)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.initial_window = IW_ONE;
	expect_number(&e, out_after_acks(&e, 0), 1000);
	end_init(&e, "rfc", _i);
	e.profile.initial_window = IW_ONE;
	expect_number(&e, out_after_acks(&e, 7), 8000);
}
END_TEST

START_TEST(must_19_congestion_avoidance_adds_a_segment_in_a_round_trip)
{
	static struct end e;
	uint32_t before;

	/* A timeout makes ssthresh half of what was out, 5 segments; beyond it grows by one. */
	come(&e, _i);
	call_send(&e, 60000, SEND_PUSH);
	expect_number(&e, e.outs, 10);
	after(&e, S(1));
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	forget(&e);
	arrives(&e, ACK, 1, 10001, 0);
	for (int64_t ack = 11001; e.tcb.cc.cwnd < 5000; ack += 1000)
		arrives(&e, ACK, 1, ack, 0);
	before = e.tcb.cc.cwnd;
	for (uint32_t acked = 0; acked < before; acked += 1000)
		arrives(&e, ACK, 1, (int64_t)seq_span(e.iss, e.tcb.snd.una) + 1000, 0);
	expect_number(&e, e.tcb.cc.cwnd, before + 1000);
}
END_TEST

START_TEST(must_18_no_sample_is_taken_of_what_was_sent_twice)
{
	static struct end e;
	usec srtt;

	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	after(&e, MS(100));
	arrives(&e, SYN | ACK, 0, 1, 0);
	srtt = e.tcb.srtt;
	expect_number(&e, srtt, MS(100));
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(1)); /* repeated */
	after(&e, MS(900));
	arrives(&e, ACK, 1, 101, 0);
	expect_number(&e, e.tcb.srtt, srtt);
	call_send(&e, 100, SEND_PUSH); /* once: counts again */
	after(&e, MS(900));
	arrives(&e, ACK, 1, 201, 0);
	expect_that(&e, e.tcb.srtt > srtt);
}
END_TEST

/* ---- Generating ACKs ------------------------------------------------------------------------ */

START_TEST(must_58_one_ack_serves_for_many)
{
	static struct end e;

	come(&e, _i);
	arrives(&e, PSH | ACK, 1, 1, 100);
	call_send(&e, 10, SEND_PUSH); /* text carries it */
	expect(&e, ACK, 1, 101, 10);
	after(&e, MS(500));
	expect_nothing(&e);
	arrives(&e, FIN | PSH | ACK, 101, 11, 100); /* text and FIN have one */
	expect(&e, ACK, 11, 202, 0);
	expect_nothing(&e);
}
END_TEST

START_TEST(must_59_all_that_is_queued_is_processed_before_the_ack)
{
	static struct end e;

	come(&e, _i);
	for (int i = 5; i >= 1; i--)
		arrives(&e, ACK, 1 + 100 * i, 1, 100);
	forget(&e);
	arrives(&e, ACK, 1, 1, 100);
	expect(&e, ACK, 1, 601, 0);
	expect_nothing(&e);
}
END_TEST

START_TEST(shld_31_text_out_of_order_is_held)
{
	static struct end e;

	come(&e, _i);
	arrives(&e, ACK, 101, 1, 100);
	expect_number(&e, call_receive(&e, 1000, 0, NULL), 0);
	arrives(&e, ACK, 1, 1, 100); /* the other hundred is not sent again */
	expect_number(&e, call_receive(&e, 1000, 0, NULL), 200);
}
END_TEST

START_TEST(shld_18_an_ack_waits_for_company)
{
	static struct end e;

	come(&e, _i);
	arrives(&e, PSH | ACK, 1, 1, 100);
	expect_nothing(&e);
	after(&e, S(1));
	expect(&e, ACK, 1, 101, 0);
	expect_nothing(&e);
}
END_TEST

START_TEST(must_40_an_ack_waits_less_than_half_a_second)
{
	static struct end e;

	for (int i = 0; i < PROFILE_COUNT; i++) {
		end_init(&e, tcp_profiles[i].name, _i);
		e.profile.quick_acks = 0;
		tcb_in(&e, ESTABLISHED);
		arrives(&e, PSH | ACK, 1, 1, 100);
		after(&e, MS(500) - 1);
		expect(&e, ACK, 1, 101, 0);
	}
}
END_TEST

START_TEST(shld_19_every_second_full_segment_is_acknowledged)
{
	static struct end e;

	come(&e, _i);
	for (int i = 0; i < 6; i++) {
		arrives(&e, ACK, 1 + 1460 * i, 1, 1460);
		if (i % 2 == 1)
			expect(&e, ACK, 1, 1 + 1460 * (i + 1), 0);
		expect_nothing(&e);
	}
}
END_TEST

/* ---- Connection Failures -------------------------------------------------------------------- */

START_TEST(must_20_r1_is_told_to_ip_and_r2_closes)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(100) - 1);
	expect_told_of(&e, TCP_SIG_R1, TCP_SIG_R1 | TCP_SIG_TIMEOUT);
	expect_state(&e, ESTABLISHED);
	after(&e, S(60));
	expect_state(&e, CLOSED);
	expect_told_of(&e, TCP_SIG_TIMEOUT, TCP_SIG_TIMEOUT);
}
END_TEST

START_TEST(must_21_r2_can_be_set_for_a_connection)
{
	static struct end e;

	come(&e, _i);
	e.profile.r2 = S(5);
	tcp_call_settings(&e.tcb, &e.env);
	drain(&e);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(5) - 1);
	expect_state(&e, ESTABLISHED);
	after(&e, S(5));
	expect_state(&e, CLOSED);
	come(&e, _i);
	e.profile.r2 = 0; /* for ever, the user says */
	e.profile.r2_count = 0;
	tcp_call_settings(&e.tcb, &e.env);
	drain(&e);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(10000));
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(shld_9_the_user_hears_of_trouble_between_r1_and_r2)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 100, SEND_PUSH);
	for (int i = 0; i < 2; i++) {
		after(&e, S(1 << i));
		expect_told(&e, 0);
	}
	after(&e, S(4));
	expect_told(&e, TCP_SIG_R1);
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(shld_10_r1_is_at_least_three_repetitions)
{
	static struct end e;

	for (int i = 0; i < PROFILE_COUNT; i++) {
		end_init(&e, tcp_profiles[i].name, _i);
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 100, SEND_PUSH);
		for (int n = 0; n < 3; n++) {
			expect_that(&e, !(e.told & TCP_SIG_R1));
			after(&e, tcp_next_timeout(&e.tcb) - e.env.now);
		}
		expect_told_of(&e, TCP_SIG_R1, TCP_SIG_R1);
	}
}
END_TEST

START_TEST(shld_11_r2_is_at_least_100_seconds)
{
	static struct end e;

	for (int i = 0; i < PROFILE_COUNT; i++) {
		end_init(&e, tcp_profiles[i].name, _i);
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 100, SEND_PUSH);
		after(&e, S(100) - 1);
		expect_state(&e, ESTABLISHED);
	}
}
END_TEST

START_TEST(must_22_a_syn_is_given_up_in_the_same_way)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(7) - 1);
	expect_told(&e, 0);
	after(&e, 1);
	expect_told(&e, TCP_SIG_R1);
	after(&e, S(1000));
	expect_state(&e, CLOSED);
	expect_told_of(&e, TCP_SIG_TIMEOUT, TCP_SIG_TIMEOUT);
}
END_TEST

START_TEST(must_23_a_syn_is_repeated_for_three_minutes)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(180) - 1);
	expect_state(&e, SYN_SENT);
	after(&e, S(100));
	expect_state(&e, CLOSED);
}
END_TEST

/* ---- Keep-alive ----------------------------------------------------------------------------- */

static void come_alive(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.keepalive = true;
	tcb_in(e, ESTABLISHED);
}

START_TEST(must_24_the_user_turns_it_on_and_off)
{
	static struct end e;

	come(&e, _i);
	e.profile.keepalive = true;
	tcp_call_settings(&e.tcb, &e.env);
	after(&e, S(7200));
	expect(&e, ACK, 0, 1, 0);
	e.profile.keepalive = false;
	tcp_call_settings(&e.tcb, &e.env);
	drain(&e);
	after(&e, S(100000));
	expect_nothing(&e);
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(must_25_it_is_off_by_default)
{
	static struct end e;

	for (int i = 0; i < PROFILE_COUNT; i++) {
		end_init(&e, tcp_profiles[i].name, _i);
		tcb_in(&e, ESTABLISHED);
		after(&e, S(1000000));
		expect_nothing(&e);
		expect_state(&e, ESTABLISHED);
	}
}
END_TEST

START_TEST(must_26_it_probes_only_in_silence_with_nothing_out)
{
	static struct end e;

	come_alive(&e, _i);
	e.profile.user_timeout = 0;
	e.profile.r2 = S(100000);
	after(&e, S(7000));
	arrives(&e, ACK, 1, 1, 0); /* heard something */
	after(&e, S(7000));
	expect_nothing(&e);
	call_send(&e, 10, SEND_PUSH); /* and now something is out */
	after(&e, S(10000));
	for (uint32_t i = 0; i < e.outs; i++)
		expect_that(&e, seq_eq(e.out[i].seq, seq_add(e.iss, 1)) && e.out[i].text.len == 10);
}
END_TEST

START_TEST(must_27_the_interval_can_be_set)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.keepalive = true;
	e.profile.keepalive_idle = S(33);
	tcb_in(&e, ESTABLISHED);
	expect_silence(&e, S(33));
	expect(&e, ACK, 0, 1, 0);
}
END_TEST

START_TEST(must_28_the_interval_is_two_hours_at_least)
{
	static struct end e;

	for (int i = 0; i < PROFILE_COUNT; i++) {
		end_init(&e, tcp_profiles[i].name, _i);
		e.profile.keepalive = true;
		tcb_in(&e, ESTABLISHED);
		after(&e, S(7200) - 1);
		expect_nothing(&e);
	}
}
END_TEST

START_TEST(must_29_one_unanswered_probe_proves_nothing)
{
	static struct end e;

	come_alive(&e, _i);
	after(&e, S(7200));
	expect(&e, ACK, 0, 1, 0);
	after(&e, S(75)); /* no answer; another probe, and that one is answered */
	expect(&e, ACK, 0, 1, 0);
	expect_state(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 0);
	expect_silence(&e, S(7200));
	expect(&e, ACK, 0, 1, 0);
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(shld_12_a_probe_has_no_text)
{
	static struct end e;

	come_alive(&e, _i);
	after(&e, S(7200));
	expect_number(&e, expect(&e, ACK, 0, 1, 0)->text.len, 0);
}
END_TEST

/* ---- ICMP ----------------------------------------------------------------------------------- */

static void icmp(struct end *e, enum tcp_icmp what, seq32 about)
{
	tcp_arrives_icmp(&e->tcb, what, about, 0, &e->env);
	drain(e);
}

/* 100 octets are out. */
static void come_sending(struct end *e, int iss_case)
{
	come(e, iss_case);
	call_send(e, 100, SEND_PUSH);
	forget(e);
}

START_TEST(must_54_an_error_reaches_the_connection_that_caused_it)
{
	static struct end e;

	come_sending(&e, _i);
	icmp(&e, ICMP_SOFT, seq_add(e.iss, 1));
	expect_told(&e, TCP_SIG_SOFT_ERROR);
	icmp(&e, ICMP_HARD, seq_add(e.iss, 5000)); /* about what was never sent: not ours */
	expect_told(&e, 0);
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(shld_25_the_user_may_know_of_a_soft_error)
{
	static struct end e;

	come_sending(&e, _i);
	icmp(&e, ICMP_SOFT, seq_add(e.iss, 1));
	expect_told_of(&e, TCP_SIG_SOFT_ERROR, TCP_SIG_SOFT_ERROR);
}
END_TEST

START_TEST(must_56_a_soft_error_ends_nothing)
{
	static struct end e;

	for (int s = SYN_SENT; s < STATE_COUNT; s++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		icmp(&e, ICMP_SOFT, e.tcb.snd.una);
		expect_state(&e, (enum state)s);
	}
	come_sending(&e, _i);
	icmp(&e, ICMP_SOFT, seq_add(e.iss, 1));
	arrives(&e, ACK, 1, 101, 0);
	expect_state(&e, ESTABLISHED);
	expect_told(&e, TCP_SIG_SOFT_ERROR | TCP_SIG_WRITABLE);
}
END_TEST

START_TEST(shld_26_a_hard_error_ends_it)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, SYN_SENT);
	icmp(&e, ICMP_HARD, e.iss);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_UNREACHABLE | TCP_SIG_CLOSED);
}
END_TEST

START_TEST(must_55_a_source_quench_is_discarded_in_silence)
{
	static struct end e, before;

	come_sending(&e, _i);
	end_copy(&before, &e);
	icmp(&e, ICMP_QUENCH, seq_add(e.iss, 1));
	expect_nothing(&e);
	expect_told(&e, 0);
	expect_that(&e, tcb_eq(&e.tcb, &before.tcb, &e.pool, &before.pool));
}
END_TEST

START_TEST(must_47_trouble_is_reported_to_the_user)
{
	static struct end e;

	come_sending(&e, _i);
	icmp(&e, ICMP_SOFT, seq_add(e.iss, 1)); /* "soft errors", and "excessive retransmissions" */
	expect_told_of(&e, TCP_SIG_SOFT_ERROR, TCP_SIG_SOFT_ERROR);
	after(&e, S(10));
	expect_told_of(&e, TCP_SIG_R1, TCP_SIG_R1);
	come(&e, _i);
	arrives_urgent(&e, ACK, 1, 1, 10, 10); /* and "urgent pointer advance" */
	expect_told_of(&e, TCP_SIG_URGENT, TCP_SIG_URGENT);
}
END_TEST

START_TEST(shld_20_who_does_not_look_at_reports_is_spared_them)
{
	static struct end e, before;

	/* A report is a bit for this event. Nothing of it stays: the connection is as it was. */
	come_sending(&e, _i);
	end_copy(&before, &e);
	icmp(&e, ICMP_SOFT, seq_add(e.iss, 1));
	expect_nothing(&e);
	expect_that(&e, tcb_eq(&e.tcb, &before.tcb, &e.pool, &before.pool));
	expect_number(&e, e.env.signals, 0);
}
END_TEST

static void add_failures(TCase *tc)
{
	tcase_add_loop_test(tc, must_47_trouble_is_reported_to_the_user, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_20_who_does_not_look_at_reports_is_spared_them, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_20_r1_is_told_to_ip_and_r2_closes, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_21_r2_can_be_set_for_a_connection, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_9_the_user_hears_of_trouble_between_r1_and_r2, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_10_r1_is_at_least_three_repetitions, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_11_r2_is_at_least_100_seconds, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_22_a_syn_is_given_up_in_the_same_way, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_23_a_syn_is_repeated_for_three_minutes, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_24_the_user_turns_it_on_and_off, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_25_it_is_off_by_default, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_26_it_probes_only_in_silence_with_nothing_out, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_27_the_interval_can_be_set, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_28_the_interval_is_two_hours_at_least, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_29_one_unanswered_probe_proves_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_12_a_probe_has_no_text, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_54_an_error_reaches_the_connection_that_caused_it, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, shld_25_the_user_may_know_of_a_soft_error, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_56_a_soft_error_ends_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_26_a_hard_error_ends_it, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_55_a_source_quench_is_discarded_in_silence, 0, ISS_CASES);
}

Suite *law_failure_suite(void)
{
	Suite *s = suite_create("law: retransmissions, acknowledgments, failures");
	TCase *tc = tcase_create("RFC 9293 B");

	tcase_add_loop_test(tc, must_19_the_rto_backs_off_exponentially, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_19_slow_start_doubles_the_window_in_a_round_trip, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, must_19_congestion_avoidance_adds_a_segment_in_a_round_trip, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, must_18_no_sample_is_taken_of_what_was_sent_twice, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_58_one_ack_serves_for_many, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_59_all_that_is_queued_is_processed_before_the_ack, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, shld_31_text_out_of_order_is_held, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_18_an_ack_waits_for_company, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_40_an_ack_waits_less_than_half_a_second, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_19_every_second_full_segment_is_acknowledged, 0, ISS_CASES);
	add_failures(tc);
	suite_add_tcase(s, tc);
	return s;
}
