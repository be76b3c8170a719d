/* SPDX-License-Identifier: MIT */
/* RFC 8985: loss told by time (RACK), and the probe of the tail (TLP). The round trip is 100 ms. */
#include "sack_peer.h"
#include "suites.h"
#include <tcp/loss.h>

static struct end e;

static void begin(int iss_case)
{
	end_init(&e, "rfc", iss_case);
	e.profile.rack = true;
	open_sack(&e, MS(100));
}

/* One segment a millisecond. */
static void send_spaced(int n)
{
	for (int i = 0; i < n; i++) {
		call_send(&e, 1000, SEND_PUSH);
		after(&e, MS(1));
	}
	forget(&e);
}

/* Sent at 0, 1 and 2 ms. The second is SACKed at 101 ms: min_RTT/4 = 25 ms after its time, at
 * 0 + 100 + 25 ms, the first is lost. */
START_TEST(a_late_segment_is_lost_after_the_reordering_window)
{
	begin(_i);
	e.profile.nagle = false;
	send_spaced(3);
	after(&e, MS(98));
	sack(&e, 1, 1001, 2001);
	expect_silence(&e, MS(24));
	expect_again(&e, 1);
	expect_that(&e, e.tcb.flags & TCB_RECOVERING);
	expect_number(&e, e.tcb.board.lost, 0);
	arrives(&e, ACK, 1, 3001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
}
END_TEST

/* RFC 6937: "sndcnt", what may be sent, comes with ACKs. A timer that finds nine lost lets the
 * fast retransmit go, and no burst. */
START_TEST(what_a_timer_finds_lost_goes_by_and_by)
{
	end_init(&e, "rfc", _i);
	e.profile.rack = e.profile.prr = true;
	open_sack(&e, MS(100));
	send_segments(&e, 10);
	after(&e, MS(100));
	sack(&e, 1, 9001, 10001);
	expect_nothing(&e);
	after(&e, MS(30));
	expect_that(&e, e.tcb.flags & TCB_RECOVERING);
	expect_again(&e, 1);
	expect_nothing(&e);
	sack(&e, 1001, 9001, 10001);
	expect_again(&e, 1001);
	expect_again(&e, 2001);
	expect_nothing(&e);
}
END_TEST

START_TEST(an_ack_in_time_stops_the_timer)
{
	begin(_i);
	send_spaced(3);
	after(&e, MS(98));
	sack(&e, 1, 1001, 2001);
	after(&e, MS(20));
	arrives(&e, ACK, 1, 2001, 0); /* it was reordering */
	expect_number(&e, e.tcb.deadline[TIMER_LOSS], USEC_NEVER);
	expect_nothing(&e);
}
END_TEST

/* "If RACK.segs_sacked >= DupThresh: return 0", and all that was sent before is lost. */
START_TEST(three_sacked_segments_need_no_time)
{
	end_init(&e, "rfc", _i);
	e.profile.rack = e.profile.prr = true;
	e.profile.prr_bound = PRR_BOUND_SAFE;
	open_sack(&e, MS(100));
	send_segments(&e, 10);
	after(&e, MS(100));
	sack(&e, 1, 2001, 3001);
	sack_two(&e, 1, 6001, 7001, 2001, 3001);
	expect_nothing(&e);
	sack_two(&e, 1, 8001, 9001, 6001, 7001);
	expect_again(&e, 1);
	expect_number(&e, e.tcb.board.lost, 5000); /* 2, 4, 5, 6 and 8 */
	/* The fourth comes after all: it had been reordered, by six segments. */
	struct tcp_facts f;

	sack(&e, 1, 3001, 4001);
	tcp_facts(&e.tcb, &f, &e.env);
	expect_number(&e, f.reordering, 6);
	expect_number(&e, f.sacked, 4);
	arrives(&e, ACK, 1, 10001, 0);
}
END_TEST

/* Once reordering was seen DupThresh counts no more. */
START_TEST(after_reordering_only_time_counts)
{
	begin(_i);
	send_segments(&e, 5);
	after(&e, MS(100));
	sack(&e, 1, 1001, 2001);
	arrives(&e, ACK, 1, 5001, 0);
	send_segments(&e, 5);
	after(&e, MS(100));
	sack(&e, 5001, 6001, 10001);
	expect_silence(&e, MS(25));
	expect_again(&e, 5001);
}
END_TEST

/* A repetition that is lost too is told by the segments sent after it. */
START_TEST(a_lost_repetition_is_found)
{
	begin(_i);
	call_send(&e, 12000, SEND_PUSH);
	forget(&e);
	after(&e, MS(100));
	sack(&e, 1, 1001, 7001);
	expect_again(&e, 1); /* cwnd is 5000, 4000 are in the network */
	expect_new(&e, 10001);
	after(&e, MS(10));
	sack(&e, 1, 1001, 9001);
	expect_new(&e, 11001);
	after(&e, MS(100));
	sack(&e, 1, 1001, 11001);
	expect_again(&e, 1);
	arrives(&e, ACK, 1, 12001, 0);
}
END_TEST

/* A D-SACK widens the window, once a round trip; sixteen recoveries without one narrow it again. */
START_TEST(the_reordering_window_adapts)
{
	int64_t at = 1;

	see_reordering(&e, _i);
	send_segments(&e, 5);
	after(&e, MS(100));
	sack(&e, 10001, 5001, 6001); /* a D-SACK */
	at = 10001;
	for (int i = 0; i < 17; i++) {
		bool is_wide = i < 16;

		send_segments(&e, 5);
		after(&e, MS(100));
		sack(&e, at, at + 1000, at + 5000);
		expect_silence(&e, is_wide ? MS(50) : MS(25));
		expect_again(&e, at);
		expect_nothing(&e);
		at += 5000;
		after(&e, MS(100));
		arrives(&e, ACK, 1, at, 0);
		forget(&e);
	}
}
END_TEST

/* The ACK comes 10 ms after the repetition: it answers the first copy. */
START_TEST(an_ack_too_soon_says_nothing_of_time)
{
	uint64_t before = hits(R_RACK_AMBIGUOUS);

	begin(_i);
	send_segments(&e, 4);
	after(&e, MS(100));
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	after(&e, MS(10));
	arrives(&e, ACK, 1, 4001, 0);
	expect_that(&e, !rule_hits || hits(R_RACK_AMBIGUOUS) > before);
}
END_TEST

/* An ACK of all four, of which the first was repeated at 100 ms, that echoes the clock as it was at
 * `echo` ms. */
static void answers(int64_t echo)
{
	struct seg s = peer_seg(&e, ACK, 1, 4001, 0);

	s.opts |= OPT_TIMESTAMPS;
	s.tsecr = (uint32_t)echo;
	arrives_seg(&e, &s);
}

/* It comes 150 ms after the repetition, and no round trip was shorter than 100 ms: time alone would
 * take it for the answer to that. The echo tells: to what left before the millisecond of the
 * repetition, or not. */
START_TEST(an_older_echo_is_of_another_copy)
{
	for (int64_t before = 2; before >= -1; before--) {
		bool is_older = before > 0;
		uint64_t taken = hits(R_RACK_OTHER_COPY);
		int64_t clock;

		begin(_i);
		send_segments(&e, 4);
		after(&e, MS(100));
		sack(&e, 1, 1001, 4001);
		expect_again(&e, 1);
		e.tcb.flags |= TCB_TIMESTAMPS; /* not before: that SACK has none */
		clock = e.env.now / MS(1);
		after(&e, MS(150));
		answers(clock - before);
		expect_that(&e, !rule_hits || hits(R_RACK_OTHER_COPY) - taken == is_older);
		expect_number(&e, rack_load(&e.tcb, &e.env).rtt, is_older ? MS(100) : MS(150));
	}
}
END_TEST

/* Without SACK the counts of duplicate ACKs alone tell of a loss. */
START_TEST(without_sack_it_has_no_say)
{
	uint64_t before = hits(R_RACK_UPDATE);

	end_init(&e, "rfc", _i);
	e.profile.rack = true;
	tcb_in(&e, ESTABLISHED);
	send_segments(&e, 4);
	arrives(&e, ACK, 1, 1, 0);
	arrives(&e, ACK, 1, 1, 0);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 1, 0);
	expect_again(&e, 1);
	arrives(&e, ACK, 1, 4001, 0);
	expect_number(&e, e.tcb.rack, 0);
	expect_that(&e, !rule_hits || hits(R_RACK_UPDATE) == before);
}
END_TEST

/* Two are acknowledged, one of which was repeated too short a time ago: the other one counts. */
START_TEST(what_is_sure_counts_beside_what_is_not)
{
	begin(_i);
	send_segments(&e, 4);
	after(&e, MS(100));
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	after(&e, MS(1));
	call_send(&e, 1000, SEND_PUSH);
	forget(&e);
	after(&e, MS(20));
	arrives(&e, ACK, 1, 5001, 0);
	expect_number(&e, rack_load(&e.tcb, &e.env).rtt, MS(20));
}
END_TEST

/* 6.3: of what was sent lately it is not known. RTO is 1 s. */
START_TEST(a_timeout_loses_what_was_sent_long_ago)
{
	begin(_i);
	send_segments(&e, 1);
	after(&e, MS(100));
	arrives(&e, ACK, 1, 1001, 0);
	send_segments(&e, 2);
	after(&e, MS(950));
	send_segments(&e, 2);
	after(&e, MS(50));
	expect_again(&e, 1001);
	expect_number(&e, e.tcb.board.lost, 1000); /* the second; the others are 50 ms old */
	arrives(&e, ACK, 1, 5001, 0);
}
END_TEST

/* ---- TLP ------------------------------------------------------------------------------------ */

static void begin_tlp(int iss_case)
{
	end_init(&e, "rfc", iss_case);
	e.profile.rack = e.profile.tlp = true;
	open_sack(&e, MS(100));
}

START_TEST(the_tail_is_probed_after_two_round_trips)
{
	begin_tlp(_i);
	send_segments(&e, 3);
	expect_silence(&e, MS(200));
	expect_again(&e, 2001);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	/* "the sender MUST re-arm the RTO timer, not the PTO timer" */
	expect_silence(&e, S(1));
	expect_again(&e, 1);
}
END_TEST

/* The SACK of the probe tells what of the tail is lost: the two before it. */
START_TEST(the_probe_repairs_the_tail)
{
	begin_tlp(_i);
	send_segments(&e, 3);
	after(&e, MS(200));
	expect_again(&e, 2001);
	after(&e, MS(100));
	sack(&e, 1, 2001, 3001);
	expect_again(&e, 1); /* sent a round trip and more before the probe */
	expect_again(&e, 1001);
	arrives(&e, ACK, 1, 3001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
}
END_TEST

START_TEST(one_segment_waits_for_its_delayed_ack)
{
	begin_tlp(_i);
	send_segments(&e, 1);
	expect_silence(&e, MS(400));
	expect_again(&e, 1);
}
END_TEST

/* Where a round trip may be shorter than a clock's tick. */
START_TEST(the_probe_of_more_than_one_may_wait_a_little)
{
	begin_tlp(_i);
	e.profile.tlp_slack = MS(2);
	send_segments(&e, 2);
	expect_silence(&e, MS(202));
	expect_again(&e, 1001);
}
END_TEST

/* "PTO = TCP_RTO_expiration() - Now()": the probe goes in the timer's place. */
START_TEST(the_probe_is_no_later_than_the_timer)
{
	end_init(&e, "rfc", _i);
	e.profile.rack = e.profile.tlp = true;
	e.profile.tlp_ack_delay = S(2);
	open_sack(&e, MS(100));
	send_segments(&e, 1);
	expect_silence(&e, S(1));
	expect_again(&e, 1);
	expect_number(&e, e.tcb.cc.cwnd, 10000); /* no timeout */
	expect_nothing(&e);
}
END_TEST

/* New text beyond cwnd, if there is some. Its ACK tells of no loss. */
START_TEST(the_probe_is_new_text_if_there_is_some)
{
	begin_tlp(_i);
	call_send(&e, 12000, SEND_PUSH);
	forget(&e);
	expect_silence(&e, MS(200));
	expect_new(&e, 10001);
	expect_nothing(&e);
	after(&e, MS(100));
	arrives(&e, ACK, 1, 11001, 0);
	expect_that(&e, e.tcb.cc.cwnd >= 10000);
	expect_new(&e, 11001);
}
END_TEST

START_TEST(one_probe_at_a_time)
{
	begin_tlp(_i);
	send_segments(&e, 2);
	after(&e, MS(200));
	expect_again(&e, 1001);
	send_segments(&e, 1); /* starts the timer of the probe again */
	expect_silence(&e, S(1) + MS(200));
	expect_again(&e, 1); /* the probe's turn restarted RTO */
}
END_TEST

/* The last segment alone was lost, and the probe repaired it: nobody else would notice. */
START_TEST(a_loss_that_the_probe_repairs_reduces_the_window)
{
	begin_tlp(_i);
	send_segments(&e, 6);
	after(&e, MS(200));
	expect_again(&e, 5001);
	after(&e, MS(100));
	arrives(&e, ACK, 1, 6001, 0);
	expect_number(&e, e.tcb.cc.ssthresh, 1 << 30);
	send_segments(&e, 4);
	after(&e, MS(100));
	arrives(&e, ACK, 1, 8001, 0);
	expect_number(&e, e.tcb.cc.ssthresh, 2000);
	expect_number(&e, e.tcb.cc.cwnd, 3000); /* and this ACK is of a whole window */
}
END_TEST

START_TEST(a_probe_that_was_not_needed_changes_nothing)
{
	for (int how = 0; how < 2; how++) {
		begin_tlp(_i);
		send_segments(&e, 6);
		after(&e, MS(200));
		expect_again(&e, 5001);
		arrives(&e, ACK, 1, 6001, 0);
		send_segments(&e, 2);
		if (how == 0)
			sack(&e, 6001, 5001, 6001); /* a D-SACK */
		else
			arrives(&e, ACK, 1, 6001, 0); /* a duplicate ACK without SACK */
		arrives(&e, ACK, 1, 8001, 0);
		expect_number(&e, e.tcb.cc.ssthresh, 1 << 30);
	}
}
END_TEST

/* 7.2: what is SACKed tells more than a probe could. */
START_TEST(no_probe_when_something_was_sacked)
{
	end_init(&e, "rfc", _i);
	e.profile.tlp = true;
	open_sack(&e, MS(100));
	send_segments(&e, 3);
	sack(&e, 1, 2001, 3001);
	expect_silence(&e, S(1));
}
END_TEST

Suite *rack_suite(void)
{
	Suite *s = suite_create("RACK-TLP");
	TCase *tc = tcase_create("RFC 8985");

	tcase_add_loop_test(tc, a_late_segment_is_lost_after_the_reordering_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_a_timer_finds_lost_goes_by_and_by, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_in_time_stops_the_timer, 0, ISS_CASES);
	tcase_add_loop_test(tc, three_sacked_segments_need_no_time, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_reordering_only_time_counts, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_lost_repetition_is_found, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_reordering_window_adapts, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_too_soon_says_nothing_of_time, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_older_echo_is_of_another_copy, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_sack_it_has_no_say, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_sure_counts_beside_what_is_not, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_timeout_loses_what_was_sent_long_ago, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_tail_is_probed_after_two_round_trips, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_probe_repairs_the_tail, 0, ISS_CASES);
	tcase_add_loop_test(tc, one_segment_waits_for_its_delayed_ack, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_probe_of_more_than_one_may_wait_a_little, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_probe_is_no_later_than_the_timer, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_probe_is_new_text_if_there_is_some, 0, ISS_CASES);
	tcase_add_loop_test(tc, one_probe_at_a_time, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_loss_that_the_probe_repairs_reduces_the_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_probe_that_was_not_needed_changes_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, no_probe_when_something_was_sacked, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
