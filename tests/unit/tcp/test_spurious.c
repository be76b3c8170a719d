/* SPDX-License-Identifier: MIT */
/* Losses that were none: F-RTO (RFC 5682), D-SACK (RFC 3708) and Eifel (RFC 3522, 4015). */
#include "sack_peer.h"
#include "suites.h"
#include <tcp/loss.h>

static struct end e;

static void begin(int iss_case, bool frto, bool undo)
{
	end_init(&e, "rfc", iss_case);
	e.profile.frto = frto;
	e.profile.undo = undo;
	open_sack(&e, MS(100));
}

/* Ten segments, and a timeout. */
static void time_out(uint32_t text)
{
	call_send(&e, text, SEND_PUSH);
	forget(&e);
	after(&e, S(1));
	expect_again(&e, 1);
	expect_nothing(&e);
	expect_number(&e, e.tcb.cc.cwnd, 1000);
}

START_TEST(a_spurious_timeout_is_found_out)
{
	begin(_i, true, true);
	time_out(15000);
	arrives(&e, ACK, 1, 1001, 0); /* the original, late */
	expect_new(&e, 10001);
	expect_new(&e, 11001);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 2001, 0); /* never sent again */
	expect_number(&e, e.tcb.cc.cwnd, 11000); /* what it was, and this ACK's growth */
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
	expect_number(&e, e.tcb.board.lost, 0);
	expect_new(&e, 12001);
	expect_nothing(&e);
}
END_TEST

/* 3.1 (3b): a SACK of what was sent before the timeout tells it too. */
START_TEST(a_sack_finds_it_out_too)
{
	begin(_i, true, true);
	time_out(15000);
	arrives(&e, ACK, 1, 1001, 0);
	forget(&e);
	sack(&e, 1001, 5001, 6001);
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
	expect_number(&e, e.tcb.cc.cwnd, 10000);
}
END_TEST

/* (3a): the new segments arrive, the old ones do not. */
START_TEST(a_real_timeout_is_repaired)
{
	begin(_i, true, true);
	time_out(15000);
	arrives(&e, ACK, 1, 1001, 0);
	expect_new(&e, 10001);
	expect_new(&e, 11001);
	sack(&e, 1001, 10001, 11001);
	expect_again(&e, 1001);
	expect_nothing(&e);
	expect_that(&e, e.tcb.flags & TCB_LOSS);
}
END_TEST

/* (2a) and (2b): all is acknowledged at once, or there is nothing new to send. */
START_TEST(sometimes_it_cannot_be_told)
{
	begin(_i, true, true);
	time_out(10000);
	arrives(&e, ACK, 1, 10001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 2000);

	begin(_i, true, true);
	time_out(10000);
	arrives(&e, ACK, 1, 1001, 0);
	expect_again(&e, 1001);
	expect_again(&e, 2001);
	expect_nothing(&e);
}
END_TEST

/* "SHOULD NOT be applied if the TCP sender is already in loss recovery". */
START_TEST(it_is_not_asked_within_a_recovery)
{
	begin(_i, true, true);
	call_send(&e, 15000, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	after(&e, S(1));
	expect_again(&e, 1);
	arrives(&e, ACK, 1, 1001, 0);
	expect_again(&e, 1001); /* SACKs are forgotten */
	expect_again(&e, 2001);
	expect_nothing(&e);
}
END_TEST

/* RFC 5682 2.1: without SACK the second ACK decides. */
START_TEST(without_sack_the_second_ack_decides)
{
	for (int is_real = 0; is_real < 2; is_real++) {
		end_init(&e, "rfc", _i);
		e.profile.frto = true;
		tcb_in(&e, ESTABLISHED);
		time_out(15000);
		arrives(&e, ACK, 1, 1001, 0);
		expect_new(&e, 10001);
		expect_new(&e, 11001);
		expect_nothing(&e);
		arrives(&e, ACK, 1, is_real ? 1001 : 2001, 0);
		if (is_real) {
			expect_again(&e, 1001);
			expect_that(&e, e.tcb.flags & TCB_LOSS);
		} else {
			expect_number(&e, e.tcb.cc.cwnd, 11000);
			expect_new(&e, 12001);
			expect_that(&e, !(e.tcb.flags & TCB_LOSS));
		}
		arrives(&e, ACK, 1, 10001, 0);
	}
}
END_TEST

/* 2.1 (2a): the first answer is a duplicate ACK, or covers a part of what was sent again. */
START_TEST(without_sack_the_first_ack_must_cover_all_of_it)
{
	for (int is_part = 0; is_part < 2; is_part++) {
		end_init(&e, "rfc", _i);
		e.profile.frto = true;
		tcb_in(&e, ESTABLISHED);
		time_out(15000);
		arrives(&e, ACK, 1, is_part ? 501 : 1, 0);
		if (!is_part)
			arrives(&e, ACK, 1, 1001, 0);
		expect_again(&e, 1001);
		arrives(&e, ACK, 1, 3001, 0);
		expect_that(&e, e.tcb.flags & TCB_LOSS);
		arrives(&e, ACK, 1, 10001, 0);
	}
}
END_TEST

/* 2.2: "if three duplicate ACKs arrive [...] after the timeout, [...] fast retransmit should
 * be used". */
START_TEST(a_loss_behind_a_spurious_timeout_is_repaired_fast)
{
	end_init(&e, "rfc", _i);
	e.profile.frto = true;
	tcb_in(&e, ESTABLISHED);
	time_out(15000);
	arrives(&e, ACK, 1, 1001, 0);
	arrives(&e, ACK, 1, 2001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
	forget(&e);
	for (int i = 0; i < 3; i++)
		arrives(&e, ACK, 1, 2001, 0);
	expect_again(&e, 2001);
}
END_TEST

/* 3.1 step 3: "Other types of ACKs are ignored without any action." */
START_TEST(text_and_windows_of_the_peer_decide_nothing)
{
	begin(_i, true, true);
	time_out(15000);
	arrives(&e, ACK, 1, 1001, 0);
	forget(&e);
	arrives(&e, ACK | PSH, 1, 1001, 100);
	e.wnd -= 1000;
	arrives(&e, ACK, 101, 1001, 0);
	arrives(&e, ACK, 101, 2001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
	expect_number(&e, e.tcb.cc.cwnd, 11000);
}
END_TEST

/* (3a): "or the SACK information covers more than RecoveryPoint", whatever else it covers. */
START_TEST(a_sack_of_old_and_new_proves_nothing)
{
	begin(_i, true, true);
	time_out(15000);
	arrives(&e, ACK, 1, 1001, 0);
	forget(&e);
	sack_two(&e, 1001, 10001, 11001, 5001, 6001);
	expect_that(&e, e.tcb.flags & TCB_LOSS);
	expect_again(&e, 1001);
}
END_TEST

/* 2.2: "the TCP sender has to send something"; 2.1 (2b): it "MAY override the Nagle algorithm". */
START_TEST(the_new_segment_may_be_small)
{
	for (int has_sack = 0; has_sack < 2; has_sack++) {
		end_init(&e, "rfc", _i);
		e.profile.frto = true;
		if (has_sack)
			open_sack(&e, MS(100));
		else
			tcb_in(&e, ESTABLISHED);
		time_out(10100);
		arrives(&e, ACK, 1, 1001, 0);
		expect(&e, ACK, 10001, 1, 100);
		expect_nothing(&e);
		arrives(&e, ACK, 1, 2001, 0);
		expect_that(&e, !(e.tcb.flags & TCB_LOSS));
	}
}
END_TEST

/* ---- undo ----------------------------------------------------------------------------------- */

/* The repetition arrives as the second copy. */
START_TEST(a_dsack_takes_the_reduction_back)
{
	begin(_i, false, true);
	send_segments(&e, 10);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	arrives(&e, ACK, 1, 10001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	send_segments(&e, 1);
	sack(&e, 10001, 1, 1001); /* the D-SACK */
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	expect_number(&e, e.tcb.cc.ssthresh, 1 << 30);
}
END_TEST

/* RFC 3708 3: "upon the receipt of each DSACK", also when nothing waits for an ACK any more. */
START_TEST(a_dsack_after_the_last_ack_takes_it_back_too)
{
	begin(_i, false, true);
	send_segments(&e, 10);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	arrives(&e, ACK, 1, 10001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	sack(&e, 10001, 1, 1001);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	expect_number(&e, e.tcb.cc.ssthresh, 1 << 30);
}
END_TEST

START_TEST(one_dsack_of_two_takes_nothing_back)
{
	begin(_i, false, true);
	send_segments(&e, 10);
	sack(&e, 1, 2001, 10001);
	expect_again(&e, 1);
	expect_again(&e, 1001);
	sack_two(&e, 1001, 1, 1001, 2001, 10001);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	sack_two(&e, 2001, 1001, 2001, 2001, 10001);
	expect_that(&e, e.tcb.cc.cwnd >= 10000);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
}
END_TEST

START_TEST(without_the_setting_nothing_is_taken_back)
{
	begin(_i, false, false);
	send_segments(&e, 10);
	sack(&e, 1, 1001, 4001);
	sack_two(&e, 8001, 1, 1001, 1, 1001);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
}
END_TEST

static void echo(int64_t ack, uint32_t tsecr)
{
	struct seg s = peer_seg(&e, ACK, 1, ack, 0);

	s.opts |= OPT_TIMESTAMPS;
	s.tsecr = tsecr;
	arrives_seg(&e, &s);
}

/* As if the repetition had carried this timestamp. */
static void set_again_ts(uint32_t tsval)
{
	struct loss l = loss_load(&e.tcb, &e.env);

	l.again_ts = tsval;
	loss_store(&e.tcb, &l, &e.env);
}

/* Eifel: the first repetition had TSval 5000, and 4900 is echoed. */
START_TEST(an_old_timestamp_takes_the_reduction_back)
{
	for (uint32_t tsecr = 4900; tsecr <= 5000; tsecr += 100) {
		begin(_i, false, true);
		send_segments(&e, 10);
		sack(&e, 1, 1001, 4001);
		expect_again(&e, 1);
		set_again_ts(5000);
		echo(4001, tsecr);
		if (tsecr < 5000)
			expect_that(&e, e.tcb.cc.cwnd >= 10000);
		else
			expect_number(&e, e.tcb.cc.cwnd, 5000);
		expect_that(&e, !(e.tcb.flags & TCB_RECOVERING) == (tsecr < 5000));
	}
}
END_TEST

/* RFC 3522 3.2: RetransmitTS is the first repetition's, though a timeout follows. What was lost
 * before the timeout was lost. */
START_TEST(a_timeout_in_recovery_keeps_the_first_timestamp)
{
	begin(_i, false, true);
	send_segments(&e, 10);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	set_again_ts(5000);
	after(&e, S(1));
	forget(&e);
	echo(4001, 5000); /* the first repetition arrives, behind the timeout */
	expect_that(&e, e.tcb.flags & TCB_LOSS);
	expect_that(&e, e.tcb.cc.cwnd <= 2000);
}
END_TEST

/* Step 5: an ACK of all that was outstanding tells nothing of a peer that has sent no D-SACK. */
START_TEST(an_ack_of_all_takes_nothing_back)
{
	for (int knows_dsack = 0; knows_dsack < 2; knows_dsack++) {
		begin(_i, false, true);
		send_segments(&e, 10);
		if (knows_dsack)
			sack(&e, 1001, 1, 1001);
		sack(&e, 1001, 2001, 5001);
		forget(&e);
		set_again_ts(5000);
		echo(10001, 4900);
		expect_that(&e, knows_dsack == (e.tcb.cc.cwnd >= 10000));
		expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
	}
}
END_TEST

/* RFC 3708 3 (A.1): the ACKs of a whole window were lost. */
START_TEST(a_dsack_at_snd_una_takes_nothing_back)
{
	begin(_i, false, true);
	time_out(10000);
	sack(&e, 10001, 1, 1001);
	expect_that(&e, e.tcb.cc.cwnd <= 2000);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
}
END_TEST

/* RFC 4015 3.4: the ACK tells of congestion. */
START_TEST(with_an_ecn_echo_nothing_is_taken_back)
{
	begin(_i, false, true);
	e.tcb.flags |= TCB_ECN;
	send_segments(&e, 10);
	sack(&e, 1, 1001, 4001);
	set_again_ts(5000);
	forget(&e);

	struct seg s = peer_seg(&e, ACK | ECE, 1, 4001, 0);

	s.opts |= OPT_TIMESTAMPS;
	s.tsecr = 4900;
	arrives_seg(&e, &s);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
}
END_TEST

/* RFC 9438 4.9.2: "the current cwnd is already higher than cwnd_prior". */
START_TEST(cubic_keeps_what_has_grown_meanwhile)
{
	end_init(&e, "rfc", _i);
	e.profile.undo = true;
	e.profile.cc = CC_CUBIC;
	open_sack(&e, MS(100));
	send_segments(&e, 10);
	sack(&e, 1, 1001, 4001);
	arrives(&e, ACK, 1, 10001, 0);
	forget(&e);
	for (int64_t at = 10001; e.tcb.cc.cwnd <= 10000; at += 5000) {
		call_send(&e, 5000, SEND_PUSH);
		after(&e, MS(100));
		arrives(&e, ACK, 1, at + 5000, 0);
		e.tcb.cc.cwnd += 1000;
	}
	uint32_t cwnd = e.tcb.cc.cwnd, end = seq_span(e.iss, e.tcb.snd.una);

	send_segments(&e, 1);
	sack(&e, end, 1, 1001); /* so late */
	expect_number(&e, e.tcb.cc.cwnd, cwnd);
	expect_number(&e, e.tcb.cc.ssthresh, 7000);
}
END_TEST

Suite *spurious_suite(void)
{
	Suite *s = suite_create("spurious losses");
	TCase *tc = tcase_create("F-RTO and undo");

	tcase_add_loop_test(tc, a_spurious_timeout_is_found_out, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_sack_finds_it_out_too, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_real_timeout_is_repaired, 0, ISS_CASES);
	tcase_add_loop_test(tc, sometimes_it_cannot_be_told, 0, ISS_CASES);
	tcase_add_loop_test(tc, it_is_not_asked_within_a_recovery, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_sack_the_second_ack_decides, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_sack_the_first_ack_must_cover_all_of_it, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_loss_behind_a_spurious_timeout_is_repaired_fast, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_and_windows_of_the_peer_decide_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_sack_of_old_and_new_proves_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_new_segment_may_be_small, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_dsack_takes_the_reduction_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_dsack_after_the_last_ack_takes_it_back_too, 0, ISS_CASES);
	tcase_add_loop_test(tc, one_dsack_of_two_takes_nothing_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_the_setting_nothing_is_taken_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_old_timestamp_takes_the_reduction_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_timeout_in_recovery_keeps_the_first_timestamp, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_of_all_takes_nothing_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_dsack_at_snd_una_takes_nothing_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, with_an_ecn_echo_nothing_is_taken_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, cubic_keeps_what_has_grown_meanwhile, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
