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
	tcase_add_loop_test(tc, a_dsack_takes_the_reduction_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, one_dsack_of_two_takes_nothing_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_the_setting_nothing_is_taken_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_old_timestamp_takes_the_reduction_back, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
