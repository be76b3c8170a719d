/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.9.1.2: how much a SEND may queue, and when who found too little room hears of more. */
#include "fixture.h"
#include "suites.h"

static struct end e;

static void begin(int iss_case, uint32_t buff)
{
	end_init(&e, "rfc", iss_case);
	e.profile.snd_buff = buff;
	e.profile.nagle = false;
	e.profile.abc = 0;
}

/* SENDs n octets, of which so many must be taken. */
static void takes(uint32_t n, uint32_t should)
{
	uint32_t taken = 0;

	tcp_call_send(&e.tcb, n, SEND_PUSH, &taken, &e.env);
	drain(&e);
	expect_number(&e, taken, should);
	forget(&e);
}

static uint32_t buffer(void)
{
	return tcp_send_buffer(&e.tcb, &e.profile, e.env.pool);
}

static bool is_writable(void)
{
	return tcp_is_writable(&e.tcb, &e.profile, e.env.pool);
}

START_TEST(every_ack_of_text_tells_of_room)
{
	begin(_i, 9000);
	tcb_in(&e, ESTABLISHED);
	takes(12000, 9000);
	expect_that(&e, !is_writable());
	arrives(&e, ACK, 1, 1001, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
	expect_that(&e, is_writable());
	arrives(&e, ACK, 1, 2001, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
}
END_TEST

/* 6000 and a half of it are 9000. */
START_TEST(a_third_wakes_the_writer)
{
	begin(_i, 9000);
	e.profile.write_third = true;
	tcb_in(&e, ESTABLISHED);
	takes(12000, 9000);
	arrives(&e, ACK, 1, 2001, 0);
	expect_told(&e, 0);
	arrives(&e, ACK, 1, 3000, 0);
	expect_told(&e, 0);
	expect_that(&e, !is_writable());
	arrives(&e, ACK, 1, 3001, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
	expect_that(&e, is_writable());
	/* Once: the next ACK finds nobody asleep. */
	arrives(&e, ACK, 1, 5001, 0);
	expect_told(&e, 0);
}
END_TEST

START_TEST(who_was_taken_whole_does_not_sleep)
{
	begin(_i, 9000);
	e.profile.write_third = true;
	tcb_in(&e, ESTABLISHED);
	takes(9000, 9000);
	arrives(&e, ACK, 1, 9001, 0);
	expect_told(&e, 0);
	takes(9001, 9000);
	arrives(&e, ACK, 1, 18001, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
}
END_TEST

/* He who asks in between, before a third is free, gets what there is and sleeps again. */
START_TEST(room_may_be_taken_before_the_writer_is_woken)
{
	begin(_i, 9000);
	e.profile.write_third = true;
	tcb_in(&e, ESTABLISHED);
	takes(12000, 9000);
	arrives(&e, ACK, 1, 2001, 0);
	takes(12000, 2000);
	expect_told(&e, 0);
	arrives(&e, ACK, 1, 3001, 0);
	expect_told(&e, 0);
	arrives(&e, ACK, 1, 5001, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
}
END_TEST

/* A piece is half of 65535 in whole segments, 32000, and costs 500 more: 32000 and 500 and a half
 * of both are 48750. */
START_TEST(a_third_is_counted_with_what_pieces_cost)
{
	begin(_i, 48749);
	e.profile.snd_charge = 500;
	e.profile.write_third = true;
	tcb_in(&e, ESTABLISHED);
	takes(99000, 32000);
	takes(99000, 10000); /* ten segments have left, and the piece is filled up */
	takes(99000, 32000); /* 43000 are less than 48749 */
	takes(99000, 0);
	arrives(&e, ACK, 1, 10001, 0);
	arrives(&e, ACK, 1, 30001, 0);
	arrives(&e, ACK, 1, 42001, 0);
	expect_told(&e, 0);
	arrives(&e, ACK, 1, 42002, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
}
END_TEST

/* However large the window: one datagram holds no more. */
START_TEST(a_piece_is_less_than_64_kib)
{
	begin(_i, 100000);
	e.profile.snd_charge = 500;
	e.profile.wscale = true;
	e.opts |= OPT_WSCALE;
	e.wscale = 7;
	tcb_in(&e, ESTABLISHED);
	takes(200000, 32000); /* the window of the SYN is never scaled */
	arrives(&e, ACK, 1, 10001, 0);
	expect_number(&e, e.tcb.snd.max_wnd >> 7, 65535);
	arrives(&e, ACK, 1, 30001, 0);
	forget(&e);
	takes(200000, 65000); /* 2000 octets are unsent no more */
}
END_TEST

/* 2 * 10 segments of 2048 + 256 octets are where it begins. The second ACK lets everything go, and
 * cwnd, 40 segments, is not full: twice 40. */
START_TEST(the_buffer_grows_when_it_is_what_holds_back)
{
	begin(_i, 5000);
	e.profile.snd_buff_auto = 1 << 20;
	e.profile.write_third = true;
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, buffer(), 46080);
	takes(60000, 46080);
	arrives(&e, ACK, 1, 10001, 0);
	expect_told(&e, 0);
	expect_number(&e, buffer(), 46080);
	expect_number(&e, e.tcb.cc.cwnd, 20000);
	arrives(&e, ACK, 1, 30001, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
	expect_number(&e, buffer(), 184320);
	takes(200000, 184320 - 16080);
	/* It stays so, and its block goes with the connection. */
	expect_number(&e, e.tcb.snd.more != 0, true);
	call_abort(&e);
	expect_number(&e, e.tcb.snd.more, 0);
}
END_TEST

/* No more than it may, and not when nobody waits for it. */
START_TEST(the_buffer_grows_no_further)
{
	begin(_i, 5000);
	e.profile.snd_buff_auto = 50000;
	tcb_in(&e, ESTABLISHED);
	takes(46080, 46080);
	arrives(&e, ACK, 1, 10001, 0);
	arrives(&e, ACK, 1, 30001, 0);
	expect_number(&e, buffer(), 46080);
	takes(60000, 30000);
	arrives(&e, ACK, 1, 46081, 0);
	expect_number(&e, buffer(), 50000);
	e.profile.snd_buff_auto = 0; /* as setsockopt() does */
	expect_number(&e, buffer(), 5000);
}
END_TEST

Suite *writer_suite(void)
{
	Suite *s = suite_create("writer");
	TCase *tc = tcase_create("writer");

	tcase_add_loop_test(tc, every_ack_of_text_tells_of_room, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_third_wakes_the_writer, 0, ISS_CASES);
	tcase_add_loop_test(tc, who_was_taken_whole_does_not_sleep, 0, ISS_CASES);
	tcase_add_loop_test(tc, room_may_be_taken_before_the_writer_is_woken, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_third_is_counted_with_what_pieces_cost, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_piece_is_less_than_64_kib, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_buffer_grows_when_it_is_what_holds_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_buffer_grows_no_further, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
