/* SPDX-License-Identifier: MIT */
/* What the RFCs on loss recovery oblige to, sentence by sentence, where no other test shows it:
 * RFC 6675, 8985, 5682, 6582 and 6298. */
#include "sack_peer.h"
#include "suites.h"
#include <tcp/loss.h>

static struct end e;

static void begin(int iss_case)
{
	end_init(&e, "rfc", iss_case);
	open_sack(&e, MS(10));
}

/* ---- RFC 6675 ------------------------------------------------------------------------------- */

/* NextSeg () rule (2) comes before rule (3): 4001 is a suspect, and 4000 octets are in the network.
 */
START_TEST(new_text_goes_before_suspects)
{
	begin(_i);
	call_send(&e, 11000, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	sack(&e, 4001, 8001, 10001);
	expect_new(&e, 10001);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 5001, 0); /* there is no more new text */
	expect_again(&e, 5001);
}
END_TEST

/* "Octets retransmitted without being considered lost are counted twice": 4001 is, and so there is
 * no room for 5001 until something arrives. */
START_TEST(a_second_suspect_waits_for_news)
{
	begin(_i);
	send_segments(&e, 10);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	sack(&e, 4001, 8001, 10001);
	expect_again(&e, 4001);
	arrives(&e, ACK, 1, 4001, 0);
	sack(&e, 4001, 8001, 10001);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 5001, 0);
	expect_again(&e, 5001);
	expect_nothing(&e);
}
END_TEST

/* NextSeg () rule (4): "a single rescue retransmission per entry into loss recovery". Then rule
 * (5): "no segment is returned". */
START_TEST(a_second_rescue_is_not_tried)
{
	begin(_i);
	send_segments(&e, 6);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	arrives(&e, ACK, 1, 4001, 0);
	expect_again(&e, 5001);
	call_send(&e, 1000, SEND_PUSH);
	expect_new(&e, 6001);
	arrives(&e, ACK, 1, 5001, 0);
	expect_that(&e, e.tcb.flags & TCB_RECOVERING);
	expect_nothing(&e); /* 6001 might be the next */
}
END_TEST

/* 5: "If the incoming ACK is a cumulative acknowledgment, the TCP MUST reset DupAcks to zero." */
START_TEST(an_ack_of_new_text_ends_the_count_of_sacks)
{
	end_init(&e, "rfc", _i);
	e.profile.nagle = false;
	open_sack(&e, MS(10));
	for (int i = 0; i < 9; i++)
		call_send(&e, 100, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 201, 301);
	sack(&e, 1, 201, 401);
	arrives(&e, ACK, 1, 101, 0);
	sack(&e, 101, 201, 501);
	sack(&e, 101, 201, 601);
	expect_nothing(&e);
	sack(&e, 101, 201, 701);
	expect(&e, ACK, 101, 1, 100);
}
END_TEST

/* Step (A): what lies above "SHOULD NOT be cleared": 11001 is lost, and the SACK of 12001 told in
 * recovery counts behind it. */
START_TEST(what_was_sacked_above_stays_when_recovery_ends)
{
	begin(_i);
	call_send(&e, 30000, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	sack(&e, 1, 1001, 9001);
	expect_new(&e, 10001);
	expect_new(&e, 11001);
	expect_new(&e, 12001);
	expect_nothing(&e);
	sack_two(&e, 1, 11001, 12001, 1001, 9001);
	forget(&e);
	sack(&e, 10001, 11001, 12001); /* RecoveryPoint is 10000 */
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
	expect_number(&e, e.tcb.board.sacked, 1000);
	forget(&e);
	sack(&e, 10001, 12001, 14001); /* 3000 octets above it: it is lost */
	expect_again(&e, 10001);
}
END_TEST

/* 5.1: "a new recovery phase MUST NOT be initiated"; the SACKs that come are used all the same. */
START_TEST(after_a_timeout_no_recovery_begins_until_it_is_over)
{
	begin(_i);
	send_segments(&e, 10);
	after(&e, S(1));
	expect_again(&e, 1);
	sack(&e, 1, 4001, 5001);
	sack(&e, 1, 4001, 6001);
	sack(&e, 1, 4001, 7001);
	expect_nothing(&e);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	expect_number(&e, e.tcb.cc.cwnd, 1000);
	sack(&e, 1001, 4001, 7001);
	expect_again(&e, 1001);
	expect_again(&e, 2001);
	expect_nothing(&e);
	sack(&e, 3001, 4001, 7001);
	expect_again(&e, 3001);
	expect_again(&e, 7001); /* what was SACKed is not sent again */
	expect_again(&e, 8001);
	expect_nothing(&e);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	arrives(&e, ACK, 1, 10001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
}
END_TEST

/* "RecoveryPoint MUST be set to HighData", which the recovery had moved to 11000. */
START_TEST(a_timeout_in_recovery_waits_for_all_of_it)
{
	begin(_i);
	call_send(&e, 30000, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	sack(&e, 1, 1001, 7001);
	expect_new(&e, 10001);
	after(&e, S(1));
	expect_again(&e, 1);
	uint32_t ssthresh = e.tcb.cc.ssthresh;

	arrives(&e, ACK, 1, 10001, 0);
	expect_that(&e, e.tcb.flags & TCB_LOSS);
	forget(&e);
	sack(&e, 10001, 11001, 12001);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
	expect_number(&e, e.tcb.cc.ssthresh, ssthresh);
	arrives(&e, ACK, 1, 12001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
}
END_TEST

/* ---- RFC 8985 ------------------------------------------------------------------------------- */

static void begin_rack(int iss_case, bool tlp)
{
	end_init(&e, "rfc", iss_case);
	e.profile.rack = true;
	e.profile.tlp = tlp;
	open_sack(&e, MS(100));
}

/* One segment is sent, and acknowledged so long after. */
static usec min_rtt_after(int64_t ack, usec rtt)
{
	send_segments(&e, 1);
	after(&e, rtt);
	arrives(&e, ACK, 1, ack, 0);
	return rack_load(&e.tcb, &e.env).min_rtt;
}

/* 6.2 step 1: "a windowed min-filtered estimate", here of 300 s. */
START_TEST(the_least_round_trip_is_of_the_last_five_minutes)
{
	begin_rack(_i, false);
	expect_number(&e, min_rtt_after(1001, MS(100)), MS(100));
	expect_number(&e, min_rtt_after(2001, MS(200)), MS(100));
	expect_number(&e, min_rtt_after(3001, MS(80)), MS(80));
	after(&e, S(299));
	expect_number(&e, min_rtt_after(4001, MS(200)), MS(80));
	after(&e, S(1));
	expect_number(&e, min_rtt_after(5001, MS(200)), MS(200));
}
END_TEST

/* 3.3.2: "MUST be bounded, and this bound SHOULD be SRTT": six rounds with a D-SACK would make it
 * 175 ms. */
START_TEST(the_reordering_window_is_no_longer_than_srtt)
{
	int64_t at = 5001;

	see_reordering(&e, _i);
	for (int i = 0; i < 6; i++, at += 5000) {
		send_segments(&e, 5);
		after(&e, MS(100));
		sack(&e, at + 5000, at, at + 1000);
	}
	send_segments(&e, 5);
	after(&e, MS(100));
	sack(&e, at, at + 1000, at + 5000);
	expect_silence(&e, MS(100));
	expect_again(&e, at);
}
END_TEST

/* 3.3.2: no reordering was seen, and "(b) the sender is already in fast or RTO recovery": nothing
 * is waited for, though one segment alone was SACKed. */
START_TEST(in_recovery_nothing_is_waited_for)
{
	begin_rack(_i, false);
	expect_number(&e, min_rtt_after(1001, MS(100)), MS(100));
	send_segments(&e, 3);
	after(&e, S(1));
	expect_again(&e, 1001);
	expect_nothing(&e);
	after(&e, MS(100));
	arrives(&e, ACK, 1, 2001, 0);
	expect_again(&e, 2001);
	expect_again(&e, 3001);
	after(&e, MS(100));
	sack(&e, 2001, 3001, 4001);
	expect_again(&e, 2001);
}
END_TEST

/* 7.2: "when there is no SRTT estimate available, the PTO SHOULD be 1 second". RTO is 3 s then. */
START_TEST(without_a_sample_the_probe_waits_a_second)
{
	end_init(&e, "rfc", _i);
	e.profile.rack = e.profile.tlp = true;
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(1) + MS(10));
	arrives(&e, SYN | ACK, 0, 1, 0);
	e.tcb.flags |= TCB_SACK;
	e.tcb.cc.cwnd = 10000;
	send_segments(&e, 2);
	expect_silence(&e, S(1));
	expect_again(&e, 1001);
}
END_TEST

/* 7.3: the probe has been answered, but by an ACK that gives no sample. */
START_TEST(no_second_probe_before_a_round_trip_is_measured)
{
	begin_rack(_i, true);
	send_segments(&e, 1);
	expect_silence(&e, MS(400));
	expect_again(&e, 1);
	sack(&e, 1001, 1, 1001);
	send_segments(&e, 1);
	expect_silence(&e, MS(400) + S(1)); /* RTO, from the turn of the probe on */
	expect_again(&e, 1001);
	expect_number(&e, e.tcb.cc.cwnd, 1000);
}
END_TEST

/* 7.1: recovery has repaired what the probe told of. Its end, acknowledged later, says no more. */
START_TEST(a_recovery_forgets_the_probe)
{
	begin_rack(_i, true);
	send_segments(&e, 10);
	after(&e, MS(200));
	expect_again(&e, 9001);
	after(&e, MS(100));
	sack(&e, 1, 9001, 10001);
	expect_that(&e, e.tcb.flags & TCB_RECOVERING);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	arrives(&e, ACK, 1, 10001, 0);
	send_segments(&e, 2);
	after(&e, MS(100));
	arrives(&e, ACK, 1, 12001, 0);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
}
END_TEST

/* 9.3: "In the absence of PRR [...] an additional congestion response", one for a window. */
START_TEST(a_lost_repetition_reduces_the_window_again)
{
	for (int has_prr = 0; has_prr < 2; has_prr++) {
		end_init(&e, "rfc", _i);
		e.profile.rack = true;
		e.profile.prr = has_prr;
		open_sack(&e, MS(100));
		call_send(&e, 40000, SEND_PUSH);
		forget(&e);
		after(&e, MS(100));
		sack(&e, 1, 2001, 10001); /* the first two are lost */
		expect_again(&e, 1);
		expect_again(&e, 1001);
		expect_number(&e, e.tcb.cc.ssthresh, 5000);
		forget(&e);
		after(&e, MS(100));
		sack(&e, 1, 2001, 11001); /* and so are both repetitions */
		expect_number(&e, e.tcb.cc.ssthresh, has_prr ? 5000 : 2500);
		forget(&e);
		after(&e, MS(1));
		sack(&e, 1, 2001, 12001);
		if (!has_prr) /* it had to wait for that: 2500 octets */
			expect_again(&e, 1);
		expect_number(&e, e.tcb.cc.ssthresh, has_prr ? 5000 : 2500);
	}
}
END_TEST

/* Three are lost, and repeated one after the other; of the repetitions the first and the third are
 * lost. RFC 5681 4.3 asks for one reduction for a window of them, 8985 9.3 for one at all. */
START_TEST(a_window_of_lost_repetitions_counts_once)
{
	begin_rack(_i, false);
	call_send(&e, 40000, SEND_PUSH);
	forget(&e);
	after(&e, MS(100));
	sack(&e, 1, 3001, 6001);
	expect_again(&e, 1);
	for (int64_t i = 1; i < 5; i++) {
		after(&e, MS(10));
		sack(&e, 1, 3001, 6001 + 1000 * i);
	}
	expect_again(&e, 1001);
	expect_again(&e, 2001);
	expect_new(&e, 10001);
	expect_new(&e, 11001);
	after(&e, MS(70));
	sack(&e, 1, 1001, 2001); /* the second repetition: the first is lost */
	expect_number(&e, e.tcb.cc.ssthresh, 2500);
	after(&e, MS(20));
	sack(&e, 1, 10001, 11001); /* and the third, which left before the reduction */
	expect_again(&e, 1);
	expect_number(&e, e.tcb.cc.ssthresh, 2500);
	after(&e, MS(10));
	sack(&e, 1, 10001, 12001);
	expect_again(&e, 2001);
	after(&e, MS(100));
	sack(&e, 1, 2001, 3001); /* the first is lost once more */
	expect_number(&e, e.tcb.cc.ssthresh, 2000);
}
END_TEST

/* 8: a timer that waits out reordering, to 1089 ms, comes before one that would expire at 1000. */
START_TEST(the_reordering_timer_comes_before_the_others)
{
	begin_rack(_i, false);
	e.profile.nagle = false;
	send_segments(&e, 1);
	after(&e, MS(1));
	send_segments(&e, 2);
	after(&e, MS(989));
	sack(&e, 1, 1001, 2001);
	expect_silence(&e, MS(99));
	expect(&e, ACK, 1, 1, 1000);
	expect_that(&e, e.tcb.flags & TCB_RECOVERING);
	expect_silence(&e, S(1)); /* RTO, from there on */
	expect(&e, ACK, 1, 1, 1000);
	expect_that(&e, e.tcb.flags & TCB_LOSS);
}
END_TEST

/* So it does in recovery, for a repetition that was lost: RTO at 1125 ms waits until 1135, and does
 * not come then. */
START_TEST(in_recovery_the_reordering_timer_comes_first_too)
{
	begin_rack(_i, false);
	send_segments(&e, 5);
	after(&e, MS(100));
	sack(&e, 1, 1001, 2001);
	arrives(&e, ACK, 1, 5001, 0); /* reordering */
	send_segments(&e, 4);
	after(&e, MS(100));
	sack(&e, 5001, 7001, 9001);
	expect_silence(&e, MS(25));
	expect_again(&e, 5001);
	expect(&e, ACK, 6001, 1, 1000);
	after(&e, MS(985));
	sack(&e, 5001, 6001, 9001);
	expect_silence(&e, MS(25));
	expect_again(&e, 5001);
	expect_that(&e, e.tcb.flags & TCB_RECOVERING);
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
}
END_TEST

/* ---- RFC 5682 ------------------------------------------------------------------------------- */

/* A timeout of ten segments. Without SACK: RFC 5682 2.1. */
static void time_out(bool has_sack, uint32_t abc, uint32_t text, int iss_case)
{
	end_init(&e, "rfc", iss_case);
	e.profile.frto = true;
	e.profile.abc = abc;
	if (has_sack)
		open_sack(&e, MS(100));
	else
		tcb_in(&e, ESTABLISHED);
	call_send(&e, text, SEND_PUSH);
	forget(&e);
	after(&e, S(1));
	expect_again(&e, 1);
	expect_nothing(&e);
}

/* "If the retransmission timer expires again during the execution of the F-RTO algorithm, the TCP
 * sender MUST re-start the algorithm processing from step 1." */
START_TEST(a_second_timeout_asks_again)
{
	for (int has_sack = 0; has_sack < 2; has_sack++) {
		time_out(has_sack, 1, 15000, _i);
		after(&e, S(2));
		expect_again(&e, 1);
		arrives(&e, ACK, 1, 1001, 0);
		expect_new(&e, 10001);
		expect_new(&e, 11001);
		expect_nothing(&e);
		arrives(&e, ACK, 1, 2001, 0);
		expect_that(&e, !(e.tcb.flags & TCB_LOSS));
	}
}
END_TEST

/* 2.1 step 1: "already in RTO recovery AND "recover" is larger than or equal to SND.UNA". */
START_TEST(without_sack_it_is_not_asked_twice)
{
	time_out(false, 1, 15000, _i);
	arrives(&e, ACK, 1, 1001, 0);
	expect_new(&e, 10001);
	expect_new(&e, 11001);
	after(&e, S(2));
	expect_again(&e, 1001);
	arrives(&e, ACK, 1, 2001, 0);
	expect_again(&e, 2001);
	expect_again(&e, 3001);
	expect_nothing(&e);
}
END_TEST

/* 2.1 (2b): there is nothing new to send. */
START_TEST(without_new_text_repetitions_go_on)
{
	time_out(false, 1, 10000, _i);
	arrives(&e, ACK, 1, 1001, 0);
	expect_again(&e, 1001);
	expect_again(&e, 2001);
	expect_nothing(&e);
}
END_TEST

/* (3a): "set the congestion window to no more than 3 * MSS". Without a limit the first ACK has made
 * it 6 segments. */
START_TEST(a_real_timeout_leaves_three_segments)
{
	for (int has_sack = 0; has_sack < 2; has_sack++) {
		time_out(has_sack, 0, 30000, _i);
		arrives(&e, ACK, 1, 5001, 0);
		expect_number(&e, e.tcb.cc.cwnd, 6000);
		expect_new(&e, 10001);
		forget(&e);
		if (has_sack)
			sack(&e, 5001, 10001, 11001);
		else
			arrives(&e, ACK, 1, 5001, 0);
		expect_number(&e, e.tcb.cc.cwnd, 3000);
		expect_that(&e, e.tcb.flags & TCB_LOSS);
	}
}
END_TEST

/* 3.1 (2): "Stay in step 2 and wait for the next new acknowledgment." */
START_TEST(sacks_before_the_first_ack_are_noted)
{
	time_out(true, 1, 15000, _i);
	sack(&e, 1, 5001, 6001);
	sack(&e, 1, 5001, 8001);
	expect_nothing(&e);
	expect_number(&e, e.tcb.board.sacked, 3000);
	arrives(&e, ACK, 1, 1001, 0);
	expect_new(&e, 10001);
	expect_new(&e, 11001);
	expect_nothing(&e);
}
END_TEST

/* ---- RFC 6582 and RFC 6298 ------------------------------------------------------------------ */

/* 3.2 step 3: "min (ssthresh, max(FlightSize, SMSS) + SMSS)", with nothing outstanding. */
START_TEST(after_recovery_no_burst_follows)
{
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	send_segments(&e, 10);
	for (int i = 0; i < 3; i++)
		arrives(&e, ACK, 1, 1, 0);
	expect_again(&e, 1);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	arrives(&e, ACK, 1, 10001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 2000);
	call_send(&e, 10000, SEND_PUSH);
	expect_new(&e, 10001);
	expect_new(&e, 11001);
	expect_nothing(&e);
}
END_TEST

/* 6298 3: "at least one RTT measurement per RTT". Something is always outstanding here. */
START_TEST(every_round_trip_gives_a_sample)
{
	usec srtt = MS(100);

	end_init(&e, "rfc", _i);
	open_sack(&e, MS(100));
	send_segments(&e, 2);
	for (int64_t i = 0; i < 8; i++) {
		usec rtt = MS(100 + 20 * i);

		after(&e, rtt / 2);
		send_segments(&e, 2); /* not timed: the two before are */
		after(&e, rtt / 2);
		arrives(&e, ACK, 1, 4000 * i + 2001, 0);
		srtt = (7 * srtt + rtt) / 8;
		expect_number(&e, e.tcb.srtt, srtt);
		send_segments(&e, 2);
		arrives(&e, ACK, 1, 4000 * i + 4001, 0); /* not timed: no other sample */
		expect_number(&e, e.tcb.srtt, srtt);
	}
}
END_TEST

static void add_timeouts(Suite *s)
{
	TCase *tc = tcase_create("RFC 5682, 6582, 6298");

	tcase_add_loop_test(tc, a_second_timeout_asks_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_sack_it_is_not_asked_twice, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_new_text_repetitions_go_on, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_real_timeout_leaves_three_segments, 0, ISS_CASES);
	tcase_add_loop_test(tc, sacks_before_the_first_ack_are_noted, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_recovery_no_burst_follows, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_round_trip_gives_a_sample, 0, ISS_CASES);
	suite_add_tcase(s, tc);
}

Suite *law_recovery_suite(void)
{
	Suite *s = suite_create("law of recovery");
	TCase *tc = tcase_create("RFC 6675 and 8985");

	tcase_add_loop_test(tc, new_text_goes_before_suspects, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_second_suspect_waits_for_news, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_second_rescue_is_not_tried, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_of_new_text_ends_the_count_of_sacks, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_was_sacked_above_stays_when_recovery_ends, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_a_timeout_no_recovery_begins_until_it_is_over, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_timeout_in_recovery_waits_for_all_of_it, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_least_round_trip_is_of_the_last_five_minutes, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_reordering_window_is_no_longer_than_srtt, 0, ISS_CASES);
	tcase_add_loop_test(tc, in_recovery_nothing_is_waited_for, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_a_sample_the_probe_waits_a_second, 0, ISS_CASES);
	tcase_add_loop_test(tc, no_second_probe_before_a_round_trip_is_measured, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_recovery_forgets_the_probe, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_lost_repetition_reduces_the_window_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_of_lost_repetitions_counts_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_reordering_timer_comes_before_the_others, 0, ISS_CASES);
	tcase_add_loop_test(tc, in_recovery_the_reordering_timer_comes_first_too, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	add_timeouts(s);
	return s;
}
