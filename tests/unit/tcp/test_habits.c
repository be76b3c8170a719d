/* SPDX-License-Identifier: MIT */
/* What some kernels do beyond the RFC's text, each a field of the profile: quick ACKs, dialogues,
 * the ACK of a FIN, Nagle's algorithm as Minshall has it, halves of windows, resets that
 * acknowledge. What Linux itself sends was captured: tests/live/kernel_plays.py. */
#include "fixture.h"
#include "suites.h"

enum { RMSS = 1460 }; /* ours; the peer's is 1000 */

/* The ACK delay 200 ms, and RTO is at its least, 1 s. */
static void talk_in(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
}

START_TEST(the_first_acks_are_quick)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.quick_acks = 3;
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 3; i++) {
		arrives(&e, PSH | ACK, 1 + 10 * i, 1, 10);
		expect(&e, ACK, 1, 11 + 10 * i, 0);
	}
	arrives(&e, PSH | ACK, 31, 1, 10);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 41, 0);
}
END_TEST

START_TEST(half_a_window_of_quick_acks_is_enough)
{
	static struct end e;

	/* 3000 octets are one and a half times two of 1000. */
	talk_in(&e, _i);
	e.profile.quick_acks = 16;
	e.profile.rcv_buff = 3000;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 1000);
	expect(&e, ACK, 1, 1001, 0);
	call_receive(&e, 1000, 0, NULL);
	forget(&e);
	arrives(&e, PSH | ACK, 1001, 1, 10);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 1011, 0);
}
END_TEST

START_TEST(after_silence_acks_are_quick_again)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.quick_acks = 1;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	expect(&e, ACK, 1, 11, 0);
	after(&e, e.tcb.rto); /* not longer */
	arrives(&e, PSH | ACK, 11, 1, 10);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 21, 0);
	after(&e, e.tcb.rto + 1);
	arrives(&e, PSH | ACK, 21, 1, 10);
	expect(&e, ACK, 1, 31, 0);
}
END_TEST

START_TEST(old_text_makes_acks_quick_and_ends_a_dialogue)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.quick_acks = 1;
	e.profile.ping_pong = true;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	expect(&e, ACK, 1, 11, 0);
	call_send(&e, 5, SEND_PUSH);
	expect(&e, ACK, 1, 11, 5);
	arrives(&e, ACK, 1, 6, 10); /* again */
	expect(&e, ACK, 6, 11, 0);
	arrives(&e, PSH | ACK, 11, 6, 10);
	expect(&e, ACK, 6, 21, 0);
}
END_TEST

START_TEST(who_answers_soon_delays_acks)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.quick_acks = 16;
	e.profile.ping_pong = true;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	expect(&e, ACK, 1, 11, 0);
	after(&e, MS(199));
	call_send(&e, 5, SEND_PUSH);
	expect(&e, ACK, 1, 11, 5);
	arrives(&e, PSH | ACK, 11, 6, 10);
	expect_nothing(&e);
	call_send(&e, 5, SEND_PUSH); /* and it carries the ACK */
	expect(&e, ACK, 6, 21, 5);
	/* An ACK that waits in vain ends it, not the ACK before it. */
	arrives(&e, PSH | ACK, 21, 11, 10);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 11, 31, 0);
	arrives(&e, PSH | ACK, 31, 11, 10);
	expect(&e, ACK, 11, 41, 0);
}
END_TEST

START_TEST(who_answers_late_does_not)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.quick_acks = 16;
	e.profile.ping_pong = true;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 5, SEND_PUSH); /* what nobody asked for is no answer */
	expect(&e, ACK, 1, 1, 5);
	arrives(&e, PSH | ACK, 1, 6, 10);
	expect(&e, ACK, 6, 11, 0);
	after(&e, MS(200));
	call_send(&e, 5, SEND_PUSH);
	expect(&e, ACK, 6, 11, 5);
	arrives(&e, PSH | ACK, 11, 11, 10);
	expect(&e, ACK, 11, 21, 0);
}
END_TEST

START_TEST(reading_all_sends_the_ack)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.ack_read = true;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	call_receive(&e, 4, 0, NULL);
	expect_nothing(&e); /* there is more to read */
	call_receive(&e, 100, 4, NULL);
	expect(&e, ACK, 1, 11, 0);
	after(&e, S(1));
	expect_nothing(&e);
	/* Full-sized and not pushed: more is to come. */
	arrives(&e, ACK, 11, 1, 1000);
	call_receive(&e, 1000, 10, NULL);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 1011, 0);
}
END_TEST

START_TEST(in_a_dialogue_reading_waits_for_the_second_text)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.ack_read = true;
	e.profile.ping_pong = true;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	call_send(&e, 5, SEND_PUSH);
	forget(&e);
	arrives(&e, PSH | ACK, 11, 6, 10);
	call_receive(&e, 100, 0, NULL);
	expect_nothing(&e);
	arrives(&e, PSH | ACK, 21, 6, 10);
	expect_nothing(&e);
	call_receive(&e, 100, 20, NULL);
	expect(&e, ACK, 6, 31, 0);
}
END_TEST

START_TEST(full_sized_is_what_was_seen)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.ack_count = ACK_COUNT_SEEN;
	tcb_in(&e, ESTABLISHED);
	/* Nothing under 536 makes the measure. */
	arrives(&e, ACK, 1, 1, 268);
	expect_nothing(&e);
	arrives(&e, ACK, 269, 1, 268);
	expect_nothing(&e);
	arrives(&e, ACK, 537, 1, 1);
	expect(&e, ACK, 1, 538, 0);
	arrives(&e, ACK, 538, 1, 600);
	expect_nothing(&e);
	arrives(&e, ACK, 1138, 1, 1);
	expect(&e, ACK, 1, 1139, 0);
}
END_TEST

START_TEST(the_ack_of_a_fin_may_wait)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.fin_ack_delay = true;
	e.profile.quick_acks = 16;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, FIN | ACK, 1, 1, 0);
	expect_state(&e, CLOSE_WAIT);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 2, 0);
	call_close(&e, CLOSE_BOTH);
	expect(&e, FIN | ACK, 1, 2, 0);
}
END_TEST

START_TEST(our_fin_carries_the_ack_of_theirs)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.fin_ack_delay = true;
	e.profile.quick_acks = 16;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | FIN | ACK, 1, 1, 10); /* the haste was for its text */
	expect_nothing(&e);
	call_receive(&e, 10, 0, NULL);
	call_close(&e, CLOSE_BOTH);
	expect(&e, FIN | ACK, 1, 12, 0);
	expect_nothing(&e);
}
END_TEST

START_TEST(other_fins_are_acknowledged_at_once)
{
	static const enum state states[] = {FIN_WAIT_1, FIN_WAIT_2};
	static struct end e;

	for (size_t i = 0; i < 2; i++) {
		talk_in(&e, _i);
		e.profile.fin_ack_delay = true;
		tcb_in(&e, states[i]);
		arrives(&e, FIN | ACK, 1, i, 0);
		expect(&e, ACK, 2, 2, 0);
	}
	/* And so is one whose text was owed an ACK anyway. */
	talk_in(&e, _i);
	e.profile.fin_ack_delay = true;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, RMSS);
	arrives(&e, FIN | ACK, 1 + RMSS, 1, RMSS);
	expect(&e, ACK, 1, 2 + 2 * RMSS, 0);
}
END_TEST

START_TEST(one_small_segment_follows_full_ones)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.minshall = true;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1010, SEND_PUSH);
	expect(&e, ACK, 1, 1, 1000);
	expect(&e, ACK, 1001, 1, 10);
	call_send(&e, 10, SEND_PUSH);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 1001, 0); /* the small one is still out */
	expect_nothing(&e);
	arrives(&e, ACK, 1, 1011, 0);
	expect(&e, ACK, 1011, 1, 10);
}
END_TEST

/* More of them than lie in one block. */
START_TEST(among_many_the_small_one_is_found)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.minshall = true;
	e.mss = 100;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 850, SEND_PUSH);
	for (int i = 0; i < 8; i++)
		expect(&e, ACK, 1 + 100 * i, 1, 100);
	expect(&e, ACK, 801, 1, 50);
	call_send(&e, 100, SEND_PUSH); /* a full one may follow it */
	expect(&e, ACK, 851, 1, 100);
	for (int i = 1; i <= 8; i++) {
		call_send(&e, 1, SEND_PUSH);
		expect_nothing(&e);
		arrives(&e, ACK, 1, 1 + 100 * i, 0);
		expect_nothing(&e);
	}
	arrives(&e, ACK, 1, 851, 0);
	expect(&e, ACK, 951, 1, 8);
}
END_TEST

START_TEST(close_sends_what_nagle_holds)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.fin_pushes = true;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 1, 1, 10);
	call_send(&e, 10, SEND_PUSH);
	expect_nothing(&e);
	call_close(&e, CLOSE_BOTH);
	expect(&e, FIN | ACK, 11, 1, 10);
}
END_TEST

START_TEST(text_goes_in_halves_of_the_window)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.half_window = true;
	e.wnd = 1500;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1500, SEND_PUSH);
	expect(&e, ACK, 1, 1, 750);
	expect(&e, ACK, 751, 1, 750);
	expect_nothing(&e);
	/* Of a small window no half is made. */
	talk_in(&e, _i);
	e.profile.half_window = true;
	e.wnd = 536;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 536, SEND_PUSH);
	expect(&e, ACK, 1, 1, 536);
}
END_TEST

START_TEST(a_record_ends_its_segment)
{
	static struct end e;

	talk_in(&e, _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10000, SEND_PUSH); /* the initial window */
	for (int i = 0; i < 10; i++)
		expect(&e, ACK, 1 + 1000 * i, 1, 1000);
	call_send(&e, 700, SEND_PUSH | SEND_RECORD);
	call_send(&e, 900, SEND_PUSH | SEND_RECORD);
	call_send(&e, 1000, SEND_PUSH);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 10001, 0);
	expect(&e, ACK, 10001, 1, 700);
	expect(&e, ACK, 10701, 1, 900);
	expect(&e, ACK, 11601, 1, 1000);
	/* At the end of all text a record is text like another: Nagle's algorithm holds it. */
	call_send(&e, 10, SEND_PUSH | SEND_RECORD);
	expect_nothing(&e);
}
END_TEST

START_TEST(a_reset_may_acknowledge)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.reset_ack = true;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	call_abort(&e);
	expect(&e, RST | ACK, 1, 11, 0);
	talk_in(&e, _i);
	e.profile.reset_ack = true;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	call_close(&e, CLOSE_BOTH);
	expect(&e, RST | ACK, 1, 11, 0);
	/* The answer to text that nobody will read is a reply: <SEQ=SEG.ACK><CTL=RST>. */
	talk_in(&e, _i);
	e.profile.reset_ack = true;
	tcb_in(&e, ESTABLISHED);
	call_close(&e, CLOSE_BOTH);
	forget(&e);
	arrives(&e, PSH | ACK, 1, 2, 10);
	expect(&e, RST, 2, 0, 0);
}
END_TEST

/* As it was captured on the loopback of Linux 6.18: the one who answers, then the one who asks. */
START_TEST(text_after_close_is_answered_as_by_nobody)
{
	static struct end e;

	talk_in(&e, _i);
	e.profile.reset_as_closed = true;
	tcb_in(&e, ESTABLISHED);
	call_close(&e, CLOSE_BOTH);
	expect(&e, FIN | ACK, 1, 1, 0);
	arrives(&e, ACK, 1, 1, 1);
	expect(&e, RST, 1, 0, 0);
	expect_state(&e, CLOSED);
}
END_TEST

/* Offloading puts segments together: full-sized is what the peer has sent. */
START_TEST(pieces_tell_what_is_full_sized)
{
	static struct end e;
	struct seg s;

	talk_in(&e, _i);
	tcb_in(&e, ESTABLISHED);
	s = peer_seg(&e, ACK, 1, 1, 5000);
	s.piece = 1000;
	arrives_seg(&e, &s);
	forget(&e);
	expect_number(&e, e.tcb.rcv.heard, 1000);
	s = peer_seg(&e, ACK, 5001, 1, 5000);
	arrives_seg(&e, &s);
	expect_number(&e, e.tcb.rcv.heard, RMSS);
}
END_TEST

START_TEST(linux_echoes)
{
	static struct end e;

	end_init(&e, "linux", _i);
	e.is_passive = true;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 6);
	expect(&e, ACK, 1, 7, 0);
	call_receive(&e, 6, 0, NULL);
	call_send(&e, 6, SEND_PUSH);
	expect(&e, ACK, 1, 7, 6);
	arrives(&e, ACK, 7, 7, 0);
	arrives(&e, PSH | ACK, 7, 7, 6);
	call_receive(&e, 6, 6, NULL);
	call_send(&e, 6, SEND_PUSH);
	expect(&e, ACK, 7, 13, 6);
	arrives(&e, FIN | ACK, 13, 13, 0);
	expect_silence(&e, MS(40));
	expect(&e, ACK, 13, 14, 0);
	expect_nothing(&e);

	end_init(&e, "linux", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 6, SEND_PUSH);
	expect(&e, ACK, 1, 1, 6);
	arrives(&e, ACK, 1, 7, 0);
	arrives(&e, PSH | ACK, 1, 7, 6);
	expect(&e, ACK, 7, 7, 0);
	call_receive(&e, 6, 0, NULL);
	call_close(&e, CLOSE_BOTH);
	expect(&e, FIN | ACK, 7, 7, 0);
	arrives(&e, ACK, 7, 8, 0);
	arrives(&e, FIN | ACK, 7, 8, 0);
	expect(&e, ACK, 8, 8, 0);
	expect_state(&e, TIME_WAIT);
}
END_TEST

Suite *habits_suite(void)
{
	Suite *s = suite_create("habits");
	TCase *tc = tcase_create("of kernels");

	tcase_add_loop_test(tc, the_first_acks_are_quick, 0, ISS_CASES);
	tcase_add_loop_test(tc, half_a_window_of_quick_acks_is_enough, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_silence_acks_are_quick_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, old_text_makes_acks_quick_and_ends_a_dialogue, 0, ISS_CASES);
	tcase_add_loop_test(tc, who_answers_soon_delays_acks, 0, ISS_CASES);
	tcase_add_loop_test(tc, who_answers_late_does_not, 0, ISS_CASES);
	tcase_add_loop_test(tc, reading_all_sends_the_ack, 0, ISS_CASES);
	tcase_add_loop_test(tc, in_a_dialogue_reading_waits_for_the_second_text, 0, ISS_CASES);
	tcase_add_loop_test(tc, full_sized_is_what_was_seen, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_ack_of_a_fin_may_wait, 0, ISS_CASES);
	tcase_add_loop_test(tc, our_fin_carries_the_ack_of_theirs, 0, ISS_CASES);
	tcase_add_loop_test(tc, other_fins_are_acknowledged_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, one_small_segment_follows_full_ones, 0, ISS_CASES);
	tcase_add_loop_test(tc, among_many_the_small_one_is_found, 0, ISS_CASES);
	tcase_add_loop_test(tc, close_sends_what_nagle_holds, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_goes_in_halves_of_the_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_record_ends_its_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_reset_may_acknowledge, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_after_close_is_answered_as_by_nobody, 0, ISS_CASES);
	tcase_add_loop_test(tc, pieces_tell_what_is_full_sized, 0, ISS_CASES);
	tcase_add_loop_test(tc, linux_echoes, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
