/* SPDX-License-Identifier: MIT */
/* RFC 9293 section 3.8.6: windows, silly window avoidance on both sides, zero windows, windows that
 * shrink, and section 3.7.4. */
#include <base/prng.h>
#include "fixture.h"
#include "suites.h"

/* The peer sends `n` octets at its `seq_no` in segments of 1000. */
static void flood(struct end *e, int64_t seq_no, uint32_t n)
{
	while (n > 0) {
		uint32_t len = n < 1000 ? n : 1000;
		arrives(e, PSH | ACK, seq_no, 1, len);
		seq_no += len;
		n -= len;
	}
}

START_TEST(the_whole_buffer_is_offered_at_first)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 12345;
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, expect(&e, SYN, 0, 0, 0)->wnd, 12345);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_number(&e, expect(&e, ACK, 1, 1, 0)->wnd, 12345);
	expect_number(&e, e.tcb.rcv.wnd, 12345);
}
END_TEST

START_TEST(the_right_edge_stands_while_text_lies_unread)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 10000;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 1000);
	expect_number(&e, expect(&e, ACK, 1, 1001, 0)->wnd, 9000);
	arrives(&e, ACK, 1001, 1, 300);
	expect_number(&e, expect(&e, ACK, 1, 1301, 0)->wnd, 8700);
}
END_TEST

START_TEST(the_right_edge_moves_by_full_segments)
{
	static struct end e;

	/* 3.8.6.2.2: it stands until RCV.BUFF - RCV.USER - RCV.WND >= min(RCV.BUFF/2, Eff.snd.MSS).
	 */
	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 10000;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 9; i++) {
		arrives(&e, ACK, 1 + 100 * i, 1, 100);
		expect_number(&e, call_receive(&e, 100, (uint64_t)(100 * i), NULL), 100);
		expect_number(&e, expect(&e, ACK, 1, 101 + 100 * i, 0)->wnd, 9900 - 100 * i);
	}
	/* The tenth hundred is read: the reduction has become a full segment. */
	arrives(&e, ACK, 901, 1, 100);
	expect(&e, ACK, 1, 1001, 0);
	call_receive(&e, 100, 900, NULL);
	forget(&e);
	arrives(&e, ACK, 1001, 1, 100);
	expect_number(&e, expect(&e, ACK, 1, 1101, 0)->wnd, 9900);
}
END_TEST

START_TEST(a_closed_window_opens_by_a_full_segment)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 10000;
	tcb_in(&e, ESTABLISHED);
	flood(&e, 1, 10000);
	expect_number(&e, e.tcb.rcv.wnd, 0);
	after(&e, S(1));
	forget(&e);
	call_receive(&e, 999, 0, NULL);
	after(&e, S(10));
	expect_nothing(&e);
	call_receive(&e, 1, 999, NULL);
	expect_number(&e, expect(&e, ACK, 1, 10001, 0)->wnd, 1000);
	expect_nothing(&e);
}
END_TEST

START_TEST(a_small_buffer_opens_by_its_half)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 600;
	tcb_in(&e, ESTABLISHED);
	flood(&e, 1, 600);
	after(&e, S(1));
	forget(&e);
	call_receive(&e, 299, 0, NULL);
	after(&e, S(10));
	expect_nothing(&e);
	call_receive(&e, 1, 299, NULL);
	expect_number(&e, expect(&e, ACK, 1, 601, 0)->wnd, 300);
}
END_TEST

/* RCV.BUFF - RCV.USER - RCV.WND >= Fr * RCV.BUFF, with Fr = 1/2 and nothing rounded off. */
START_TEST(an_odd_buffer_opens_by_no_less_than_its_half)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 601;
	tcb_in(&e, ESTABLISHED);
	flood(&e, 1, 601);
	after(&e, S(1));
	forget(&e);
	call_receive(&e, 300, 0, NULL);
	after(&e, S(10));
	expect_nothing(&e);
	call_receive(&e, 1, 300, NULL);
	expect_number(&e, expect(&e, ACK, 1, 602, 0)->wnd, 301);
}
END_TEST

START_TEST(the_smallest_buffers_open_when_they_are_read)
{
	static struct end e;

	for (uint32_t buff = 1; buff < 6; buff++) {
		end_init(&e, "rfc", _i);
		e.profile.rcv_buff = buff;
		tcb_in(&e, ESTABLISHED);
		arrives(&e, PSH | ACK, 1, 1, buff);
		after(&e, S(1));
		expect_number(&e, e.tcb.rcv.wnd, 0);
		forget(&e);
		call_receive(&e, buff, 0, NULL);
		expect_number(&e, expect(&e, ACK, 1, 1 + buff, 0)->wnd, buff);
	}
}
END_TEST

START_TEST(the_right_edge_never_goes_back)
{
	static struct end e;
	struct prng p;
	uint32_t sent = 0, read = 0, edge;

	end_init(&e, "rfc", _i % ISS_CASES);
	prng_init(&p, (uint64_t)_i, 0);
	e.profile.rcv_buff = 3000 + (uint32_t)prng_below(&p, 5000);
	tcb_in(&e, ESTABLISHED);
	edge = e.profile.rcv_buff;
	for (int turn = 0; turn < 300; turn++) {
		uint32_t room = edge - sent, n = (uint32_t)prng_below(&p, 1400);
		if (prng_below(&p, 2)) {
			arrives(&e, PSH | ACK, 1 + sent, 1, n < room ? n : room);
			sent += n < room ? n : room;
		} else {
			read += call_receive(&e, n, read, NULL);
		}
		after(&e, (usec)prng_below(&p, 300000));
		for (; e.taken < e.outs; e.taken++) {
			const struct seg *s = &e.out[e.taken];
			uint32_t now = seq_span(seq_add(e.irs, 1), s->ack) + s->wnd;
			expect_that(&e, now >= edge);
			expect_that(&e, now <= read + e.profile.rcv_buff);
			edge = now;
		}
		forget(&e);
	}
	/* Whatever happened, all that fitted was taken. */
	read += call_receive(&e, UINT32_MAX, read, NULL);
	expect_number(&e, read, sent);
}
END_TEST

START_TEST(a_smaller_buffer_shrinks_the_window_only_where_that_is_wished)
{
	static struct end e;

	/* SHLD-14: "SHOULD NOT shrink the window, i.e., move the right window edge to the left" */
	for (int may = 0; may < 2; may++) {
		end_init(&e, "rfc", _i);
		e.profile.rcv_buff = 10000;
		e.profile.ack_delay = 0;
		e.profile.shrink = may;
		tcb_in(&e, ESTABLISHED);
		e.profile.rcv_buff = 4000;
		tcp_call_settings(&e.tcb, &e.env);
		drain(&e);
		forget(&e);
		arrives(&e, ACK, 1, 1, 1000);
		expect_number(&e, expect(&e, ACK, 1, 1001, 0)->wnd, may ? 3000 : 9000);
		/* What was promised is taken, though the buffer is full: RFC 7323 2.4, 1). */
		arrives(&e, ACK, 1001, 1, 9000);
		expect(&e, ACK, 1, 10001, 0);
	}
}
END_TEST

START_TEST(nothing_is_sent_beyond_the_window)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.wnd = 2500;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10000, SEND_PUSH);
	expect(&e, ACK, 1, 1, 1000);
	expect(&e, ACK, 1001, 1, 1000);
	expect_nothing(&e); /* 500 are left: neither full, nor half of 2500, nor everything */
	arrives(&e, ACK, 1, 1001, 0);
	expect(&e, ACK, 2001, 1, 1000);
	expect_nothing(&e);
}
END_TEST

START_TEST(half_of_the_largest_window_is_worth_sending)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.wnd = 600;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 299, 0);
	expect_nothing(&e);
	call_send(&e, 1, 0);
	expect(&e, ACK, 1, 1, 300);
}
END_TEST

/* min(D,U) >= Fs * Max(SND.WND), with Fs = 1/2 and nothing rounded off. */
START_TEST(less_than_half_of_an_odd_window_is_not)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.wnd = 601;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 300, 0);
	expect_nothing(&e);
	call_send(&e, 1, 0);
	expect(&e, ACK, 1, 1, 301);
}
END_TEST

START_TEST(what_is_not_pushed_waits_for_the_override)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, 0);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 1, 10);
}
END_TEST

START_TEST(what_is_pushed_goes_at_once_with_psh)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 2010, SEND_PUSH);
	expect_that(&e, !(expect(&e, ACK, 1, 1, 1000)->ctl & PSH));
	expect_that(&e, !(expect(&e, ACK, 1001, 1, 1000)->ctl & PSH));
	/* "the PSH bit will be set in the last TCP segment created from the buffer"; Nagle holds
	 * that. */
	expect_nothing(&e);
	arrives(&e, ACK, 1, 2001, 0);
	expect_that(&e, expect(&e, ACK, 2001, 1, 10)->ctl & PSH);
}
END_TEST

START_TEST(nagle_holds_small_segments_while_data_is_out)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 1, 1, 10);
	call_send(&e, 20, SEND_PUSH);
	call_send(&e, 30, SEND_PUSH);
	after(&e, S(1) - 1); /* until the retransmission at least: "regardless of the PSH bit" */
	expect_nothing(&e);
	arrives(&e, ACK, 1, 11, 0);
	expect(&e, ACK, 11, 1, 50);
	expect_nothing(&e);
}
END_TEST

START_TEST(nagle_lets_full_segments_go)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 1, 1, 10);
	call_send(&e, 999, SEND_PUSH);
	expect_nothing(&e);
	call_send(&e, 1, SEND_PUSH);
	expect(&e, ACK, 11, 1, 1000);
}
END_TEST

START_TEST(nagle_can_be_switched_off)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 1, 1, 10);
	e.profile.nagle = false; /* MUST-17: on a running connection */
	tcp_call_settings(&e.tcb, &e.env);
	drain(&e);
	call_send(&e, 20, SEND_PUSH);
	expect(&e, ACK, 11, 1, 20);
}
END_TEST

START_TEST(an_older_segment_does_not_set_the_window)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	e.wnd = 5000;
	arrives(&e, ACK, 201, 1, 0); /* ahead: SND.WL1 is now 201 */
	expect_number(&e, e.tcb.snd.wnd, 5000);
	e.wnd = 60000;
	arrives(&e, ACK, 1, 1, 0);
	expect_number(&e, e.tcb.snd.wnd, 5000);
	arrives(&e, ACK, 201, 1, 0);
	expect_number(&e, e.tcb.snd.wnd, 60000);
	expect_number(&e, e.tcb.snd.max_wnd, 65535);
}
END_TEST

START_TEST(a_window_update_sends_what_waited)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.wnd = 1000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 3000, SEND_PUSH);
	expect(&e, ACK, 1, 1, 1000);
	expect_nothing(&e);
	e.wnd = 3000;
	arrives(&e, ACK, 1, 1, 0);
	expect(&e, ACK, 1001, 1, 1000);
	expect(&e, ACK, 2001, 1, 1000);
	expect_nothing(&e);
}
END_TEST

START_TEST(a_peer_may_shrink_its_window)
{
	static struct end e;

	/* MUST-34, SHLD-15, SHLD-16 */
	end_init(&e, "rfc", _i);
	e.wnd = 5000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 20000, SEND_PUSH);
	expect_number(&e, e.outs, 5);
	forget(&e);
	e.wnd = 1000;
	arrives(&e, ACK, 1, 1001, 0); /* the edge was 5001 and is 2001: 3000 less than was sent */
	expect_nothing(&e);
	call_send(&e, 100, SEND_PUSH);
	expect_nothing(&e);
	expect_silence(&e, S(1));
	expect(&e, ACK, 1001, 1, 1000);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 5001, 0); /* it had them after all */
	expect(&e, ACK, 5001, 1, 1000);
	expect_nothing(&e);
}
END_TEST

START_TEST(a_window_shrunk_to_zero_is_probed)
{
	static struct end e;

	/* MUST-35 */
	end_init(&e, "rfc", _i);
	e.wnd = 5000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 20000, SEND_PUSH);
	forget(&e);
	e.wnd = 0;
	arrives(&e, ACK, 1, 1001, 0);
	expect_nothing(&e);
	expect_silence(&e, S(1));
	expect_that(&e, e.outs == 1);
	expect_that(&e, seq_eq(e.out[0].seq, seq_add(e.iss, 1001)));
	expect_that(&e, e.out[0].text.len >= 1);
	arrives(&e, ACK, 1, 1001, 0);
	e.wnd = 5000;
	forget(&e);
	arrives(&e, ACK, 1, 1001, 0);
	after(&e, S(5));
	expect_that(&e, e.outs >= 1);
	expect_that(&e, seq_eq(e.out[0].seq, seq_add(e.iss, 1001)));
}
END_TEST

/* The user has read nothing of 100 octets, and there is room for no more. */
static void fill(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.rcv_buff = 100;
	tcb_in(e, ESTABLISHED);
	call_send(e, 10, SEND_PUSH);
	arrives(e, PSH | ACK, 1, 1, 100);
	after(e, MS(300));
	expect_number(e, e->tcb.rcv.wnd, 0);
	forget(e);
}

START_TEST(a_zero_window_answers_a_probe)
{
	static struct end e;

	fill(&e, _i);
	arrives(&e, ACK, 101, 1, 1);
	expect_number(&e, expect(&e, ACK, 11, 101, 0)->wnd, 0);
	expect_nothing(&e);
	expect_number(&e, call_receive(&e, 1000, 0, NULL), 100);
}
END_TEST

START_TEST(a_zero_window_still_hears_acks)
{
	static struct end e;

	fill(&e, _i);
	arrives(&e, ACK, 101, 11, 0); /* without text it is acceptable */
	expect_nothing(&e);
	expect_told(&e, TCP_SIG_WRITABLE);
	fill(&e, _i);
	arrives(&e, ACK, 101, 11, 50); /* with text its ACK counts, its text does not (MUST-66) */
	expect(&e, ACK, 11, 101, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
}
END_TEST

START_TEST(a_zero_window_still_hears_rst_and_urg)
{
	static struct end e;

	fill(&e, _i);
	arrives_urgent(&e, ACK, 101, 1, 50, 20);
	expect(&e, ACK, 11, 101, 0);
	expect_told(&e, TCP_SIG_URGENT);
	arrives(&e, RST, 101, 0, 50);
	expect_nothing(&e);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_RESET | TCP_SIG_CLOSED);
	fill(&e, _i);
	arrives(&e, RST, 101, 0, 0);
	expect_state(&e, CLOSED);
}
END_TEST

START_TEST(a_fin_gets_through_a_zero_window)
{
	static struct end e;

	/* It occupies sequence space, so it may wait for the window; but it, or a probe in its
	 * place, is sent again and again, for the update that opens the window may be lost. */
	end_init(&e, "rfc", _i);
	e.profile.user_timeout = 0;
	tcb_in(&e, ESTABLISHED);
	e.wnd = 0;
	arrives(&e, ACK, 1, 1, 0);
	call_close(&e, CLOSE_SEND);
	expect_state(&e, FIN_WAIT_1);
	after(&e, S(20));
	expect_that(&e, e.outs >= 3);
	for (unsigned i = 0; i < e.outs; i++)
		expect_that(&e, seq_le(e.out[i].seq, seq_add(e.iss, 1)));
	forget(&e);
	e.wnd = 1000;
	arrives(&e, ACK, 1, 1, 0); /* the answer to one of them */
	after(&e, S(60));
	expect_that(&e, e.outs > 0);
	expect(&e, FIN | ACK, 1, 1, 0);
	arrives(&e, ACK, 1, 2, 0);
	expect_state(&e, FIN_WAIT_2);
}
END_TEST

START_TEST(successive_pushes_are_collapsed)
{
	static struct end e;

	/* SHLD-27: what was pushed apart and waited together goes in one segment with one PSH. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	forget(&e);
	for (int i = 0; i < 12; i++)
		call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 11, 1, 1000); /* a full one goes, Nagle or not (SHLD-28) */
	expect_nothing(&e);
	arrives(&e, ACK, 1, 1011, 0);
	expect_that(&e, expect(&e, ACK, 1011, 1, 200)->ctl & PSH);
	expect_nothing(&e);
}
END_TEST

static void add_sender(Suite *s)
{
	TCase *tc = tcase_create("sender");

	tcase_add_loop_test(tc, nothing_is_sent_beyond_the_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, half_of_the_largest_window_is_worth_sending, 0, ISS_CASES);
	tcase_add_loop_test(tc, less_than_half_of_an_odd_window_is_not, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_not_pushed_waits_for_the_override, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_pushed_goes_at_once_with_psh, 0, ISS_CASES);
	tcase_add_loop_test(tc, nagle_holds_small_segments_while_data_is_out, 0, ISS_CASES);
	tcase_add_loop_test(tc, nagle_lets_full_segments_go, 0, ISS_CASES);
	tcase_add_loop_test(tc, nagle_can_be_switched_off, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_fin_gets_through_a_zero_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, successive_pushes_are_collapsed, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_older_segment_does_not_set_the_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_update_sends_what_waited, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_peer_may_shrink_its_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_shrunk_to_zero_is_probed, 0, ISS_CASES);
	suite_add_tcase(s, tc);
}

Suite *window_suite(void)
{
	Suite *s = suite_create("window");
	TCase *tc = tcase_create("receiver");

	tcase_add_loop_test(tc, the_whole_buffer_is_offered_at_first, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_right_edge_stands_while_text_lies_unread, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_right_edge_moves_by_full_segments, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_closed_window_opens_by_a_full_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_small_buffer_opens_by_its_half, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_odd_buffer_opens_by_no_less_than_its_half, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_smallest_buffers_open_when_they_are_read, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_right_edge_never_goes_back, 0, 40);
	tcase_add_loop_test(tc, a_smaller_buffer_shrinks_the_window_only_where_that_is_wished, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, a_zero_window_answers_a_probe, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_zero_window_still_hears_acks, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_zero_window_still_hears_rst_and_urg, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	add_sender(s);
	return s;
}
