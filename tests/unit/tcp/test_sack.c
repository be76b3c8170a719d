/* SPDX-License-Identifier: MIT */
/* Loss recovery with SACK: RFC 6675, RFC 3042, RFC 2018 5, and RFC 3168's reduction. */
#include "sack_peer.h"
#include "suites.h"
#include <tcp/loss.h>
#include <tcp/recovery.h>

static struct end e;

static void begin(int iss_case)
{
	end_init(&e, "rfc", iss_case);
	open_sack(&e, MS(10));
}

/* IsLost (): 3000 octets above the first two segments are more than 2 * SMSS. cwnd is then 5000. */
static void two_are_lost(void)
{
	send_segments(&e, 10);
	sack(&e, 1, 2001, 3001);
	sack(&e, 1, 2001, 4001);
	expect_nothing(&e);
	sack(&e, 1, 2001, 5001);
	expect_again(&e, 1);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	expect_number(&e, e.tcb.board.lost, 1000);
}

START_TEST(three_sacked_segments_tell_a_loss)
{
	begin(_i);
	two_are_lost();
	expect_nothing(&e); /* 6000 octets are in the network */
	sack(&e, 1, 2001, 6001);
	expect_nothing(&e);
	sack(&e, 1, 2001, 7001);
	expect_again(&e, 1001);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 10001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	expect_number(&e, e.tcb.board.sacked, 0);
}
END_TEST

/* Three discontiguous sequences tell it too, of whatever size: segments of 100 octets. */
START_TEST(three_sacked_runs_tell_a_loss)
{
	end_init(&e, "rfc", _i);
	e.profile.nagle = false;
	open_sack(&e, MS(10));
	for (int i = 0; i < 8; i++)
		call_send(&e, 100, SEND_PUSH);
	forget(&e);
	sack_two(&e, 1, 301, 401, 101, 201);
	expect_nothing(&e);
	sack_two(&e, 1, 701, 801, 301, 401);
	expect(&e, ACK, 1, 1, 100);
	expect_number(&e, e.tcb.board.lost, 0); /* only the first lies below all three */
	arrives(&e, ACK, 1, 801, 0);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
}
END_TEST

/* Runs that grow together count as one. */
START_TEST(runs_that_meet_are_one)
{
	end_init(&e, "rfc", _i);
	e.profile.nagle = false;
	e.profile.dupthresh = 2;
	open_sack(&e, MS(10));
	for (int i = 0; i < 8; i++)
		call_send(&e, 100, SEND_PUSH);
	forget(&e);
	sack_two(&e, 1, 301, 401, 401, 501); /* one duplicate ACK */
	expect_nothing(&e);
	sack_two(&e, 1, 601, 701, 301, 501);
	expect(&e, ACK, 1, 1, 100); /* what lies below the second run */
	expect(&e, ACK, 101, 1, 100);
	expect(&e, ACK, 201, 1, 100);
	expect(&e, ACK, 501, 1, 100); /* a suspect, for there is nothing else to send */
	expect_nothing(&e);
}
END_TEST

/* RFC 6675 5 (1): segments that are too small to make up 2 * SMSS. */
START_TEST(three_duplicate_acks_tell_a_loss)
{
	end_init(&e, "rfc", _i);
	e.profile.nagle = false;
	open_sack(&e, MS(10));
	for (int i = 0; i < 8; i++)
		call_send(&e, 100, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 201, 301);
	sack(&e, 1, 201, 401);
	expect_nothing(&e);
	sack(&e, 1, 201, 501);
	expect(&e, ACK, 1, 1, 100);
}
END_TEST

/* What brings no news is no duplicate ACK, however often it comes. */
START_TEST(an_ack_without_news_is_none)
{
	begin(_i);
	send_segments(&e, 10);
	for (int i = 0; i < 5; i++)
		arrives(&e, ACK, 1, 1, 0);
	sack(&e, 1, 2001, 3001);
	for (int i = 0; i < 5; i++)
		sack(&e, 1, 2001, 3001);
	expect_nothing(&e);
	expect_number(&e, e.tcb.dupacks, 1);
}
END_TEST

START_TEST(blocks_outside_the_flight_are_ignored)
{
	begin(_i);
	send_segments(&e, 3);
	sack(&e, 1, 3001, 4001); /* never sent */
	sack(&e, 1, 2001, 1001); /* upside down */
	sack(&e, 1, 2001, 4001); /* in part */
	expect_number(&e, e.tcb.board.sacked, 0);
	sack_two(&e, 1001, 1, 1001, 2001, 3001); /* a D-SACK first */
	expect_number(&e, e.tcb.board.sacked, 1000);
	sack_two(&e, 1001, 2001, 2501, 2001, 3001); /* inside the second block */
	expect_number(&e, e.tcb.dupacks, 1); /* the one before brought news */
}
END_TEST

/* RFC 2883 5: of a first block above the ACK the second says whether it came twice. */
START_TEST(a_dsack_above_the_ack_is_told_by_the_second_block)
{
	static const struct {
		int64_t left, right;
		bool is_twice;
	} rows[] = {{2001, 3001, true},
		    {2001, 4001, true},
		    {1001, 3001, false},
		    {4001, 5001, false}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t before;

		begin(_i);
		send_segments(&e, 5);
		before = hits(R_DSACK_HEARD);
		sack_two(&e, 1, rows[i].left, rows[i].right, 2001, 4001);
		expect_number(&e, hits(R_DSACK_HEARD) - before, rows[i].is_twice);
	}
}
END_TEST

/* RFC 3042 with SACK; what it has sent is not counted for ssthresh: RFC 6675 5 (4.2). */
START_TEST(the_first_sacks_let_new_text_go)
{
	end_init(&e, "rfc", _i);
	e.profile.limited_transmit = true;
	open_sack(&e, MS(10));
	call_send(&e, 15000, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 1001, 2001);
	expect_new(&e, 10001);
	expect_nothing(&e);
	sack(&e, 1, 1001, 3001);
	expect_new(&e, 11001);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
}
END_TEST

START_TEST(without_limited_transmit_sacks_give_no_room)
{
	begin(_i);
	call_send(&e, 15000, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 1001, 2001);
	sack(&e, 1, 1001, 3001);
	expect_nothing(&e);
}
END_TEST

/* RFC 3042 without SACK: a segment for each of the first two. */
START_TEST(the_first_duplicate_acks_let_new_text_go)
{
	end_init(&e, "rfc", _i);
	e.profile.limited_transmit = true;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 15000, SEND_PUSH);
	forget(&e);
	arrives(&e, ACK, 1, 1, 0);
	expect_new(&e, 10001);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 1, 0);
	expect_new(&e, 11001);
	expect_nothing(&e);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	arrives(&e, ACK, 1, 1, 0);
	expect_again(&e, 1);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
}
END_TEST

/* RFC 3042 2: "the sender MUST NOT send new segments in response to duplicate ACKs that contain no
 * new SACK information". */
START_TEST(limited_transmit_asks_for_news_in_sack)
{
	end_init(&e, "rfc", _i);
	e.profile.limited_transmit = true;
	open_sack(&e, MS(10));
	call_send(&e, 15000, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 2001, 3001);
	expect_new(&e, 10001);
	expect_nothing(&e);
	sack(&e, 1, 2001, 3001);
	arrives(&e, ACK, 1, 1, 0);
	expect_nothing(&e);
}
END_TEST

/* RFC 3042 2: "The receiver's advertised window allows the transmission of the segment." */
START_TEST(limited_transmit_stays_in_the_peers_window)
{
	for (int with = 0; with < 2; with++) {
		end_init(&e, "rfc", _i);
		e.profile.limited_transmit = true;
		e.wnd = 11000;
		open_sack(&e, MS(10));
		e.tcb.flags &= with ? ~0u : ~(uint32_t)TCB_SACK;
		call_send(&e, 15000, SEND_PUSH);
		forget(&e);
		for (int i = 0; i < 2; i++) {
			if (with)
				sack(&e, 1, 1001, 2001 + 1000 * i);
			else
				arrives(&e, ACK, 1, 1, 0);
		}
		expect_new(&e, 10001);
		expect_nothing(&e);
	}
}
END_TEST

/* It was reordering: two segments that duplicate ACKs told of do not open the window again. */
START_TEST(what_was_told_opens_the_window_once)
{
	end_init(&e, "rfc", _i);
	e.profile.limited_transmit = true;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 15000, SEND_PUSH);
	arrives(&e, ACK, 1, 1, 0);
	arrives(&e, ACK, 1, 1, 0);
	forget(&e);
	arrives(&e, ACK, 1, 3001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 11000);
	expect_new(&e, 12001);
	expect_new(&e, 13001);
	expect_nothing(&e);
}
END_TEST

/* NextSeg () rule (3): 2000 octets above it are not more than 2 * SMSS, but they are something. */
START_TEST(a_suspect_goes_when_nothing_else_can)
{
	begin(_i);
	send_segments(&e, 10);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	sack(&e, 1, 8001, 10001);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 4001, 0);
	expect_again(&e, 4001); /* 4000 octets in the network, cwnd 5000 */
	expect_nothing(&e);
}
END_TEST

/* Rule (4): the tail was lost with the first, and no SACK will tell. Once. */
START_TEST(a_rescue_is_tried_once)
{
	begin(_i);
	send_segments(&e, 6);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 4001, 0);
	expect_again(&e, 5001);
	expect_nothing(&e);
	sack(&e, 4001, 5001, 6001);
	expect_again(&e, 4001); /* a suspect now */
	arrives(&e, ACK, 1, 6001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
}
END_TEST

/* "If HighACK is greater than RescueRxt": not when the first repetition alone has arrived. */
START_TEST(a_rescue_waits_for_more_than_the_first)
{
	begin(_i);
	send_segments(&e, 8);
	sack(&e, 1, 2001, 5001);
	expect_again(&e, 1);
	sack(&e, 1, 2001, 6001);
	expect_again(&e, 1001);
	sack(&e, 1001, 2001, 6001);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 6001, 0);
	expect_again(&e, 7001);
	expect_nothing(&e);
}
END_TEST

/* RFC 6675 2: an ACK that moves SND.UNA and brings new SACK data is a duplicate ACK, too. */
START_TEST(an_ack_that_moves_may_be_a_duplicate)
{
	end_init(&e, "rfc", _i);
	e.profile.nagle = false;
	open_sack(&e, MS(10));
	for (int i = 0; i < 8; i++)
		call_send(&e, 100, SEND_PUSH);
	forget(&e);
	sack(&e, 101, 301, 401);
	expect_number(&e, e.tcb.dupacks, 1);
	sack(&e, 101, 301, 501);
	expect_nothing(&e);
	sack(&e, 101, 301, 601);
	expect(&e, ACK, 101, 1, 100);
}
END_TEST

/* What was SACKED long ago lies 2^31 octets back, and would seem to lie ahead. */
START_TEST(old_runs_are_no_runs)
{
	struct loss l;

	begin(_i);
	send_segments(&e, 10);
	l = loss_load(&e.tcb, &e.env);
	for (uint32_t i = 0; i < 3; i++) {
		l.run[i][0] = seq_add(e.tcb.snd.una, 0x7fff0000 - 0x2000 * i);
		l.run[i][1] = seq_add(l.run[i][0], 1000);
	}
	loss_store(&e.tcb, &l, &e.env);
	sack(&e, 1, 1001, 2001);
	expect_nothing(&e);
	expect_number(&e, e.tcb.board.lost, 0);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
}
END_TEST

/* RFC 2018 5: "the data sender SHOULD turn off all of the SACKed bits". */
START_TEST(a_timeout_forgets_what_was_sacked)
{
	begin(_i);
	send_segments(&e, 5);
	sack(&e, 1, 1001, 2001);
	after(&e, S(1));
	expect_again(&e, 1);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 1001, 0);
	expect_again(&e, 1001);
	expect_again(&e, 2001);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 5001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
}
END_TEST

/* The errata to it: SACK information may be kept, if reneging is noticed. */
START_TEST(a_timeout_may_keep_what_was_sacked)
{
	end_init(&e, "rfc", _i);
	e.profile.sack_forget = false;
	open_sack(&e, MS(10));
	send_segments(&e, 5);
	sack(&e, 1, 1001, 2001);
	after(&e, S(1));
	expect_again(&e, 1);
	arrives(&e, ACK, 1, 2001, 0);
	expect_again(&e, 2001);
	expect_again(&e, 3001);
	expect_nothing(&e);
	after(&e, S(2)); /* the same segment again */
	expect_again(&e, 2001);
	arrives(&e, ACK, 1, 5001, 0);
}
END_TEST

START_TEST(a_peer_that_reneges_is_found_out)
{
	end_init(&e, "rfc", _i);
	e.profile.sack_forget = false;
	open_sack(&e, MS(10));
	send_segments(&e, 5);
	sack(&e, 1, 1001, 3001);
	arrives(&e, ACK, 1, 1001, 0); /* not 3001: it has dropped them */
	forget(&e);
	after(&e, S(1));
	expect_again(&e, 1001);
	arrives(&e, ACK, 1, 2001, 0);
	expect_again(&e, 2001);
	expect_again(&e, 3001);
}
END_TEST

/* No reduction follows for what is sent again because the path carries less. */
START_TEST(what_was_too_big_goes_in_two)
{
	begin(_i);
	send_segments(&e, 4);
	tcp_arrives_icmp(&e.tcb, ICMP_TOO_BIG, seq_add(e.iss, 1), 640, &e.env);
	drain(&e);
	expect(&e, ACK, 1, 1, 600);
	expect(&e, ACK, 601, 1, 400);
	expect(&e, ACK, 1001, 1, 600);
	forget(&e);
	sack(&e, 1, 601, 1001);
	sack(&e, 1, 601, 1601);
	expect_that(&e, !(e.tcb.flags & TCB_RECOVERING));
	arrives(&e, ACK, 1, 4001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_LOSS));
}
END_TEST

/* ---- ECN ------------------------------------------------------------------------------------ */

static void echo_of_congestion(int64_t ack)
{
	struct seg s = peer_seg(&e, ACK, 1, ack, 0);

	recovery_ecn(&e.tcb, &e.env);
	tcp_arrives(&e.tcb, &s, &e.env);
	drain(&e);
}

START_TEST(an_ecn_mark_reduces_the_window_once)
{
	begin(_i);
	send_segments(&e, 10);
	echo_of_congestion(1001);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	expect_that(&e, e.tcb.flags & TCB_CWR);
	echo_of_congestion(2001);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	sack(&e, 2001, 3001, 6001); /* nor for a loss in the same window */
	expect_again(&e, 2001);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	arrives(&e, ACK, 1, 10001, 0);
	expect_that(&e, !(e.tcb.flags & (TCB_REDUCED | TCB_RECOVERING)));
}
END_TEST

START_TEST(an_ecn_mark_without_sack)
{
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	send_segments(&e, 10);
	echo_of_congestion(1001);
	expect_that(&e, e.tcb.flags & TCB_REDUCED);
	arrives(&e, ACK, 1, 10001, 0);
	expect_that(&e, !(e.tcb.flags & TCB_REDUCED));
}
END_TEST

/* With PRR the window comes down by and by for a mark too, as kernels do it. */
START_TEST(an_ecn_mark_with_prr)
{
	end_init(&e, "rfc", _i);
	e.profile.prr = true;
	open_sack(&e, MS(10));
	call_send(&e, 30000, SEND_PUSH);
	forget(&e);
	echo_of_congestion(1);
	for (int i = 1; i <= 9; i++)
		arrives(&e, ACK, 1, 1 + 1000 * i, 0);
	expect_number(&e, e.outs, 4);
	arrives(&e, ACK, 1, 10001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	expect_that(&e, !(e.tcb.flags & TCB_REDUCED));
}
END_TEST

/* ---- the value ------------------------------------------------------------------------------ */

START_TEST(its_memory_is_part_of_the_value)
{
	static struct tcb copy;

	end_init(&e, "rfc", _i);
	e.profile.rack = e.profile.tlp = true;
	open_sack(&e, MS(10));
	send_segments(&e, 10);
	uint32_t without = tcb_blocks(&e.tcb, &e.pool) - 2;

	expect_number(&e, e.pool.free_count, END_BLOCKS - 1 - without - 2);
	sack(&e, 1, 1001, 2001);
	uint32_t free_before = e.pool.free_count;

	tcb_copy(&copy, &e.tcb, &e.env);
	expect_number(&e, free_before - e.pool.free_count, tcb_blocks(&e.tcb, &e.pool));
	expect_that(&e, tcb_eq(&copy, &e.tcb, &e.pool, &e.pool));
	expect_that(&e, tcb_hash(&copy, &e.pool) == tcb_hash(&e.tcb, &e.pool));
	sack(&e, 1, 1001, 3001);
	expect_that(&e, !tcb_eq(&copy, &e.tcb, &e.pool, &e.pool));
	tcb_fini(&copy, &e.env);
	tcb_fini(&e.tcb, &e.env);
	expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
}
END_TEST

/* Without a block to remember what SACK tells, duplicate ACKs are counted as ever. */
START_TEST(without_a_block_it_goes_on_without_sack)
{
	end_init_pool(&e, "rfc", _i, 1);
	open_sack(&e, MS(10));
	send_segments(&e, 1);
	arrives(&e, ACK, 1, 1, 0);
	sack(&e, 1, 1001, 2001);
	expect_number(&e, e.tcb.loss, 0);
	after(&e, S(1));
	expect_again(&e, 1);
	arrives(&e, ACK, 1, 1001, 0);
}
END_TEST

/* What TCP_INFO tells, in segments. */
START_TEST(the_facts_of_recovery)
{
	struct tcp_facts f;

	begin(_i);
	two_are_lost();
	tcp_facts(&e.tcb, &f, &e.env);
	expect_number(&e, f.ca, CA_RECOVERY);
	expect_number(&e, f.unacked, 10);
	expect_number(&e, f.sacked, 3);
	expect_number(&e, f.lost, 2);
	expect_number(&e, f.again, 1);
	expect_number(&e, f.total_again, 1);
	after(&e, S(1));
	tcp_facts(&e.tcb, &f, &e.env);
	expect_number(&e, f.ca, CA_LOSS);
	arrives(&e, ACK, 1, 10001, 0);
	tcp_facts(&e.tcb, &f, &e.env);
	expect_number(&e, f.ca, CA_OPEN);
	expect_number(&e, f.lost + f.sacked + f.again, 0);
}
END_TEST

Suite *sack_suite(void)
{
	Suite *s = suite_create("recovery with SACK");
	TCase *tc = tcase_create("RFC 6675");

	tcase_add_loop_test(tc, three_sacked_segments_tell_a_loss, 0, ISS_CASES);
	tcase_add_loop_test(tc, three_sacked_runs_tell_a_loss, 0, ISS_CASES);
	tcase_add_loop_test(tc, runs_that_meet_are_one, 0, ISS_CASES);
	tcase_add_loop_test(tc, three_duplicate_acks_tell_a_loss, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_without_news_is_none, 0, ISS_CASES);
	tcase_add_loop_test(tc, blocks_outside_the_flight_are_ignored, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_dsack_above_the_ack_is_told_by_the_second_block, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_first_sacks_let_new_text_go, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_limited_transmit_sacks_give_no_room, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_first_duplicate_acks_let_new_text_go, 0, ISS_CASES);
	tcase_add_loop_test(tc, limited_transmit_asks_for_news_in_sack, 0, ISS_CASES);
	tcase_add_loop_test(tc, limited_transmit_stays_in_the_peers_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_was_told_opens_the_window_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_suspect_goes_when_nothing_else_can, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_rescue_is_tried_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_rescue_waits_for_more_than_the_first, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_that_moves_may_be_a_duplicate, 0, ISS_CASES);
	tcase_add_loop_test(tc, old_runs_are_no_runs, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_timeout_forgets_what_was_sacked, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_timeout_may_keep_what_was_sacked, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_peer_that_reneges_is_found_out, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_was_too_big_goes_in_two, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	tc = tcase_create("RFC 3168");
	tcase_add_loop_test(tc, an_ecn_mark_reduces_the_window_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ecn_mark_without_sack, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ecn_mark_with_prr, 0, ISS_CASES);
	tcase_add_loop_test(tc, its_memory_is_part_of_the_value, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_a_block_it_goes_on_without_sack, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_facts_of_recovery, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
