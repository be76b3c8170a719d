/* SPDX-License-Identifier: MIT */
/*
 * RFC 9293, Appendix B: PUSH flag, Window, Sending Data. A test's name carries the id of the
 * requirement that it shows.
 */
#include "fixture.h"
#include "suites.h"

static void come(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.user_timeout = 0;
	tcb_in(e, ESTABLISHED);
}

/* ---- PUSH flag ------------------------------------------------------------------------------ */

START_TEST(must_60_text_without_push_is_not_held_for_ever)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 10, 0);
	expect_nothing(&e);
	after(&e, S(1));
	expect(&e, ACK, 1, 1, 10);
	call_send(&e, 10, 0); /* behind text that is out, too */
	arrives(&e, ACK, 1, 11, 0);
	after(&e, S(1));
	expect(&e, ACK, 11, 1, 10);
}
END_TEST

START_TEST(must_61_the_last_segment_has_psh)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 2500, 0);
	expect_that(&e, !(expect(&e, ACK, 1, 1, 1000)->ctl & PSH));
	expect_that(&e, !(expect(&e, ACK, 1001, 1, 1000)->ctl & PSH));
	arrives(&e, ACK, 1, 2001, 0);
	after(&e, MS(200));
	expect_that(&e, expect(&e, ACK, 2001, 1, 500)->ctl & PSH);
}
END_TEST

START_TEST(shld_27_pushes_that_waited_together_are_one)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 1, 1, 10);
	for (int i = 0; i < 3; i++)
		call_send(&e, 100, SEND_PUSH);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 11, 0);
	expect_that(&e, expect(&e, ACK, 11, 1, 300)->ctl & PSH);
	expect_nothing(&e);
}
END_TEST

START_TEST(shld_28_a_full_segment_goes_whenever_there_is_one)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 10, SEND_PUSH);
	forget(&e);
	call_send(&e, 2999, SEND_PUSH);
	expect(&e, ACK, 11, 1, 1000);
	expect(&e, ACK, 1011, 1, 1000);
	expect_nothing(&e);
	call_send(&e, 1, SEND_PUSH);
	expect(&e, ACK, 2011, 1, 1000);
}
END_TEST

/* ---- Window --------------------------------------------------------------------------------- */

START_TEST(must_1_windows_are_unsigned)
{
	static struct end e;

	/* 40000 is negative as a signed number of 16 bits. */
	end_init(&e, "rfc", _i);
	e.profile.cc = CC_NONE;
	e.wnd = 40000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 65536, SEND_PUSH);
	expect_number(&e, e.outs, 40);
	expect_number(&e, e.tcb.snd.wnd, 40000);
}
END_TEST

START_TEST(rec_1_windows_are_counted_with_32_bits)
{
	static struct end e;

	/* The right edge, SND.UNA + SND.WND, lies beyond 2^32 in the second case, and both edges of
	 * 65535 octets are kept to the octet while the buffer behind is far larger than 16 bits. */
	end_init(&e, "rfc", _i);
	e.profile.cc = CC_NONE;
	e.profile.rcv_buff = 1 << 30;
	e.profile.snd_buff = 1 << 30;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100000, SEND_PUSH);
	expect_number(&e, e.outs, 65);
	expect_number(&e, e.out[64].wnd, 65535);
	for (int i = 0; i < 200; i++)
		arrives(&e, ACK, 1 + 1000 * i, 1, 1000);
	expect_number(&e, call_receive(&e, UINT32_MAX, 0, NULL), 200000);
}
END_TEST

START_TEST(shld_14_the_right_edge_stays_when_the_buffer_shrinks)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 10000;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	e.profile.rcv_buff = 4000;
	tcp_call_settings(&e.tcb, &e.env);
	drain(&e);
	forget(&e);
	arrives(&e, ACK, 1, 1, 1000);
	expect_number(&e, expect(&e, ACK, 1, 1001, 0)->wnd, 9000);
	arrives(&e, ACK, 1001, 1, 9000); /* what was promised is taken */
	expect_number(&e, expect(&e, ACK, 1, 10001, 0)->wnd, 0);
}
END_TEST

/* 5000 octets are out, 1000 of them acknowledged; then the window ends at `edge`. */
static void shrink(struct end *e, int iss_case, uint16_t edge)
{
	end_init(e, "rfc", iss_case);
	e->profile.user_timeout = 0;
	e->wnd = 5000;
	tcb_in(e, ESTABLISHED);
	call_send(e, 20000, SEND_PUSH);
	expect_number(e, e->outs, 5);
	forget(e);
	e->wnd = (uint16_t)(edge - 1001);
	arrives(e, ACK, 1, 1001, 0);
}

START_TEST(shld_15_no_new_text_into_a_window_that_shrank)
{
	static struct end e;

	shrink(&e, _i, 2001);
	expect_nothing(&e);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(30));
	for (uint32_t i = 0; i < e.outs; i++)
		expect_that(&e, seq_lt(e.out[i].seq, seq_add(e.iss, 5001)));
}
END_TEST

START_TEST(shld_16_old_text_within_it_is_sent_again)
{
	static struct end e;

	shrink(&e, _i, 2001);
	expect_silence(&e, S(1));
	expect(&e, ACK, 1001, 1, 1000);
	expect_silence(&e, S(2));
	expect(&e, ACK, 1001, 1, 1000);
}
END_TEST

START_TEST(shld_17_what_lies_beyond_the_edge_ends_nothing)
{
	static struct end e;

	/* R2 is 100 s; the peer answers for ten minutes that its window has shrunk to nothing. */
	shrink(&e, _i, 1001);
	for (int second = 0; second < 600; second++) {
		after(&e, S(1));
		if (e.outs > 0)
			arrives(&e, ACK, 1, 1001, 0);
		forget(&e);
	}
	expect_state(&e, ESTABLISHED);
	e.wnd = 5000;
	arrives(&e, ACK, 1, 1001, 0);
	after(&e, S(1));
	expect_that(&e, e.outs > 0 && seq_eq(e.out[0].seq, seq_add(e.iss, 1001)));
}
END_TEST

START_TEST(must_34_a_negative_usable_window_breaks_nothing)
{
	static struct end e;

	shrink(&e, _i, 2001); /* SND.UNA + SND.WND - SND.NXT is -3000 */
	call_send(&e, 1000, SEND_PUSH);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 5001, 0); /* it had them after all */
	expect(&e, ACK, 5001, 1, 1000);
	expect_nothing(&e);
	e.wnd = 5000;
	arrives(&e, ACK, 1, 6001, 0);
	expect(&e, ACK, 6001, 1, 1000);
}
END_TEST

START_TEST(must_35_a_window_shrunk_to_zero_is_probed)
{
	static struct end e;

	shrink(&e, _i, 1001);
	expect_nothing(&e);
	for (int wait = 1; wait <= 8; wait *= 2) {
		expect_silence(&e, S(wait));
		expect_that(&e, e.outs == 1 && seq_eq(e.out[0].seq, seq_add(e.iss, 1001)));
		forget(&e);
		arrives(&e, ACK, 1, 1001, 0);
	}
}
END_TEST

/* Nothing is out, 1000 octets wait, and the window is closed. */
static void close_window(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.user_timeout = 0;
	tcb_in(e, ESTABLISHED);
	e->wnd = 0;
	arrives(e, ACK, 1, 1, 0);
	call_send(e, 1000, SEND_PUSH);
	expect_nothing(e);
}

START_TEST(must_36_a_zero_window_is_probed)
{
	static struct end e;

	close_window(&e, _i);
	after(&e, S(10));
	expect_that(&e, e.outs > 0);
	expect_that(&e, seq_eq(e.out[0].seq, seq_add(e.iss, 1)) && e.out[0].text.len >= 1);
}
END_TEST

START_TEST(shld_29_the_first_probe_comes_after_an_rto)
{
	static struct end e;

	close_window(&e, _i);
	expect_number(&e, e.tcb.rto, S(1));
	expect_silence(&e, S(1));
	expect_number(&e, e.outs, 1);
}
END_TEST

START_TEST(shld_30_probes_come_ever_more_slowly)
{
	static struct end e;
	usec last;

	close_window(&e, _i);
	after(&e, S(1));
	last = S(1);
	for (int i = 0; i < 4; i++) {
		forget(&e);
		arrives(&e, ACK, 1, 1, 0);
		expect_silence(&e, 2 * last);
		expect_number(&e, e.outs, 1);
		last *= 2;
	}
}
END_TEST

START_TEST(must_37_answered_probes_keep_the_connection_for_ever)
{
	static struct end e;

	close_window(&e, _i);
	for (int hour = 0; hour < 1000; hour++) {
		after(&e, S(3600) / 30);
		arrives(&e, ACK, 1, 1, 0);
		forget(&e);
	}
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(must_66_rst_and_urg_count_at_zero_window)
{
	static struct end e;

	for (int is_rst = 0; is_rst < 2; is_rst++) {
		end_init(&e, "rfc", _i);
		e.profile.rcv_buff = 100;
		tcb_in(&e, ESTABLISHED);
		arrives(&e, PSH | ACK, 1, 1, 100);
		after(&e, MS(300));
		expect_number(&e, e.tcb.rcv.wnd, 0);
		forget(&e);
		if (is_rst) {
			arrives(&e, RST, 101, 0, 0);
			expect_state(&e, CLOSED);
			expect_told(&e, TCP_SIG_RESET | TCP_SIG_CLOSED);
		} else {
			arrives_urgent(&e, ACK, 101, 1, 50, 20);
			expect_told(&e, TCP_SIG_URGENT);
		}
	}
}
END_TEST

/* ---- Sending Data --------------------------------------------------------------------------- */

START_TEST(must_38_the_sender_is_not_silly)
{
	static struct end e;

	/* The peer opens its window by 100 octets at a time: no segment of 100 follows. */
	end_init(&e, "rfc", _i);
	e.wnd = 2000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10000, SEND_PUSH);
	expect(&e, ACK, 1, 1, 1000);
	expect(&e, ACK, 1001, 1, 1000);
	for (int i = 1; i < 10; i++) {
		e.wnd = (uint16_t)(100 * i);
		arrives(&e, ACK, 1, 2001, 0);
		expect_nothing(&e);
	}
	e.wnd = 1000;
	arrives(&e, ACK, 1, 2001, 0);
	expect(&e, ACK, 2001, 1, 1000);
}
END_TEST

START_TEST(shld_7_nagle_gathers_small_segments)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 1, 1, 10);
	for (int i = 0; i < 5; i++)
		call_send(&e, 7, SEND_PUSH);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 11, 0);
	expect(&e, ACK, 11, 1, 35);
}
END_TEST

START_TEST(must_17_nagle_can_be_turned_off_for_a_connection)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 10, SEND_PUSH);
	e.profile.nagle = false;
	tcp_call_settings(&e.tcb, &e.env);
	drain(&e);
	forget(&e);
	call_send(&e, 7, SEND_PUSH);
	expect(&e, ACK, 11, 1, 7);
	call_send(&e, 8, SEND_PUSH);
	expect(&e, ACK, 18, 1, 8);
}
END_TEST

START_TEST(must_39_the_receiver_is_not_silly)
{
	static struct end e;

	/* The user reads 100 octets at a time: the window stays shut until a whole segment fits. */
	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 4000;
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 4; i++)
		arrives(&e, ACK, 1 + 1000 * i, 1, 1000);
	after(&e, S(1));
	forget(&e);
	for (uint64_t read = 0; read < 900; read += 100)
		call_receive(&e, 100, read, NULL);
	expect_nothing(&e);
	call_receive(&e, 100, 900, NULL);
	expect_number(&e, expect(&e, ACK, 1, 4001, 0)->wnd, 1000);
}
END_TEST

Suite *law_window_suite(void)
{
	Suite *s = suite_create("law: push, window, sending");
	TCase *tc = tcase_create("RFC 9293 B");

	tcase_add_loop_test(tc, must_60_text_without_push_is_not_held_for_ever, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_61_the_last_segment_has_psh, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_27_pushes_that_waited_together_are_one, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_28_a_full_segment_goes_whenever_there_is_one, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_1_windows_are_unsigned, 0, ISS_CASES);
	tcase_add_loop_test(tc, rec_1_windows_are_counted_with_32_bits, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_14_the_right_edge_stays_when_the_buffer_shrinks, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_15_no_new_text_into_a_window_that_shrank, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_16_old_text_within_it_is_sent_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_17_what_lies_beyond_the_edge_ends_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_34_a_negative_usable_window_breaks_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_35_a_window_shrunk_to_zero_is_probed, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_36_a_zero_window_is_probed, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_29_the_first_probe_comes_after_an_rto, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_30_probes_come_ever_more_slowly, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_37_answered_probes_keep_the_connection_for_ever, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_66_rst_and_urg_count_at_zero_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_38_the_sender_is_not_silly, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_7_nagle_gathers_small_segments, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_17_nagle_can_be_turned_off_for_a_connection, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_39_the_receiver_is_not_silly, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
