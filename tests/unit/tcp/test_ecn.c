/* SPDX-License-Identifier: MIT */
/* RFC 3168 section 6.1: ECN, as it is agreed on, on what it stands, and how it is answered. */
#include "fixture.h"
#include "suites.h"

static void capable(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.ecn = ECN_REQUEST;
	e->profile.ack_delay = 0;
	call_open(e, OPEN_ACTIVE);
	arrives(e, SYN | ACK | ECE, 0, 1, 0);
	expect_state(e, ESTABLISHED);
	expect_that(e, (e->tcb.flags & TCB_ECN) != 0);
	forget(e);
}

/* Text that was marked, or not, on its way. */
static void comes(struct end *e, unsigned ctl, int64_t at, enum seg_ecn ecn)
{
	struct seg s = peer_seg(e, ACK | ctl, at, 1, 100);

	s.ecn = (uint8_t)ecn;
	arrives_seg(e, &s);
}

START_TEST(a_syn_asks_with_both_bits)
{
	static struct end e;

	for (int choice = ECN_OFF; choice <= ECN_REQUEST; choice++) {
		end_init(&e, "rfc", _i);
		e.profile.ecn = (uint8_t)choice;
		call_open(&e, OPEN_ACTIVE);

		const struct seg *s = &e.out[0];

		expect_number(&e, s->ctl, choice == ECN_REQUEST ? SYN | ECE | CWR : (int)SYN);
		expect_number(&e, s->ecn, ECN_NOT_ECT); /* "MUST NOT set ECT on SYN" */
	}
}
END_TEST

START_TEST(only_ece_alone_is_a_yes_to_it)
{
	static const struct {
		unsigned ctl;
		bool is_agreed;
	} rows[] = {{ECE, true}, {ECE | CWR, false}, {CWR, false}, {0, false}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		end_init(&e, "rfc", _i);
		e.profile.ecn = ECN_REQUEST;
		call_open(&e, OPEN_ACTIVE);
		arrives(&e, SYN | ACK | rows[i].ctl, 0, 1, 0);
		expect_number(&e, (e.tcb.flags & TCB_ECN) != 0, rows[i].is_agreed);
	}
}
END_TEST

START_TEST(without_a_yes_nothing_is_marked)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ecn = ECN_REQUEST;
	call_open(&e, OPEN_ACTIVE);
	arrives(&e, SYN | ACK, 0, 1, 0);
	forget(&e);
	call_send(&e, 100, SEND_PUSH);
	expect_number(&e, expect(&e, ACK, 1, 1, 100)->ecn, ECN_NOT_ECT);
}
END_TEST

START_TEST(a_listener_says_yes_when_it_is_asked)
{
	static const struct {
		unsigned ctl;
		enum ecn_choice choice;
		bool is_agreed;
	} rows[] = {{ECE | CWR, ECN_ACCEPT, true}, {ECE | CWR, ECN_REQUEST, true},
		    {ECE | CWR, ECN_OFF, false},   {ECE, ECN_ACCEPT, false},
		    {CWR, ECN_ACCEPT, false},      {0, ECN_ACCEPT, false}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;
		unsigned yes = rows[i].is_agreed ? ECE : 0;

		end_init(&e, "rfc", _i);
		e.profile.ecn = (uint8_t)rows[i].choice;
		call_open(&e, OPEN_PASSIVE);
		arrives(&e, SYN | rows[i].ctl, 0, 0, 0);
		expect(&e, SYN | ACK | yes, 0, 1, 0);
		expect_number(&e, (e.tcb.flags & TCB_ECN) != 0, rows[i].is_agreed);
	}
}
END_TEST

START_TEST(after_some_silence_the_syn_asks_no_more)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ecn = ECN_REQUEST;
	e.profile.ecn_retries = 1;
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(1));
	after(&e, S(2));
	expect(&e, SYN | ECE | CWR, 0, 0, 0);
	expect(&e, SYN | ECE | CWR, 0, 0, 0);
	expect(&e, SYN, 0, 0, 0);
	/* The answer to an earlier one comes after all. "And has sent no non-ECN-setup SYN." */
	e.profile.ack_delay = 0;
	arrives(&e, SYN | ACK | ECE, 0, 1, 0);
	forget(&e);
	call_send(&e, 100, SEND_PUSH);
	expect_number(&e, expect(&e, ACK, 1, 1, 100)->ecn, ECN_NOT_ECT);
	/* "However, the commitment to respond appropriately to incoming packets with the CE
	 * codepoint set remains." */
	comes(&e, 0, 1, ECN_CE);
	expect(&e, ACK | ECE, 101, 101, 0);
	comes(&e, CWR, 101, ECN_ECT_0);
	expect(&e, ACK, 101, 201, 0);
}
END_TEST

/* "If a host has received at least one non-ECN-setup SYN ... it SHOULD NOT set ECT." */
START_TEST(a_second_syn_that_asks_no_more_unmarks_the_text)
{
	static const unsigned asks[] = {0, ECE, CWR, ECE | CWR};

	for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
		static struct end e;
		bool is_setup = asks[i] == (ECE | CWR);

		end_init(&e, "rfc", _i);
		e.profile.ecn = ECN_ACCEPT;
		call_open(&e, OPEN_PASSIVE);
		arrives(&e, SYN | ECE | CWR, 0, 0, 0);
		expect(&e, SYN | ACK | ECE, 0, 1, 0);
		arrives(&e, SYN | asks[i], 0, 0, 0);
		expect(&e, ACK, 1, 1, 0);
		after(&e, S(1));
		expect(&e, SYN | ACK | (is_setup ? ECE : 0), 0, 1, 0);
		arrives(&e, ACK, 1, 1, 0);
		forget(&e);
		call_send(&e, 100, SEND_PUSH);
		expect_number(&e, expect(&e, ACK, 1, 1, 100)->ecn,
			      is_setup ? ECN_ECT_0 : ECN_NOT_ECT);
	}
}
END_TEST

START_TEST(a_bare_syn_does_not_ask)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ecn = ECN_REQUEST;
	e.profile.ecn_retries = 9;
	e.profile.syn_options = 1;
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(1));
	expect(&e, SYN | ECE | CWR, 0, 0, 0);
	expect(&e, SYN, 0, 0, 0);
	arrives(&e, SYN | ACK | ECE, 0, 1, 0);
	forget(&e);
	call_send(&e, 100, SEND_PUSH);
	expect_number(&e, expect(&e, ACK, 1, 1, 100)->ecn, ECN_NOT_ECT);
}
END_TEST

/* 6.1.6: "if a window probe arrives with the CE codepoint set, then the receiver SHOULD respond to
 * the ECN indications." */
START_TEST(a_mark_on_a_window_probe_is_echoed)
{
	static struct end e;
	struct seg s;

	end_init(&e, "rfc", _i);
	e.profile.ecn = ECN_REQUEST;
	e.profile.ack_delay = 0;
	e.profile.rcv_buff = 100;
	call_open(&e, OPEN_ACTIVE);
	arrives(&e, SYN | ACK | ECE, 0, 1, 0);
	comes(&e, 0, 1, ECN_ECT_0);
	expect_number(&e, e.tcb.rcv.wnd, 0);
	forget(&e);
	s = peer_seg(&e, ACK, 101, 1, 1);
	s.ecn = ECN_CE;
	arrives_seg(&e, &s);
	expect(&e, ACK | ECE, 1, 101, 0);
}
END_TEST

/* 6.1.2: "When an ECN-Capable TCP sender reduces its congestion window for any reason ... the TCP
 * sender sets the CWR flag in the TCP header of the first new data packet." */
START_TEST(cwr_follows_a_timeout)
{
	static struct end e;

	capable(&e, _i);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 1, 1, 100);
	after(&e, S(1));
	expect(&e, ACK, 1, 1, 100);
	arrives(&e, ACK, 1, 101, 0);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK | CWR, 101, 1, 100);
	arrives(&e, ACK, 1, 201, 0);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 201, 1, 100);
}
END_TEST

/* 6.1.2: not "in response to the receipt of an ECN-Echo ACK packet", and reduced "only once ...
 * from a single window of data". */
START_TEST(an_echo_reduces_the_window_once_and_does_not_open_it)
{
	static struct end e;

	for (int echoed = 0; echoed < 2; echoed++) {
		capable(&e, _i);
		call_send(&e, 10000, SEND_PUSH);
		arrives(&e, ACK | ECE, 1, 1001, 0);
		expect_number(&e, e.tcb.cc.cwnd, 5000);
		expect_number(&e, e.tcb.cc.ssthresh, 5000);
		for (int i = 2; i <= 9; i++)
			arrives(&e, ACK | (echoed ? ECE : 0), 1, 1 + 1000 * i, 0);
		expect_number(&e, e.tcb.cc.cwnd, echoed ? 5000 : 6000);
		expect_number(&e, e.tcb.cc.ssthresh, 5000);
	}
}
END_TEST

/* 6.1.2: "the sending TCP MUST reset the retransmit timer on receiving the ECN-Echo packet when the
 * congestion window is one." */
START_TEST(a_window_of_one_waits_for_the_timer)
{
	static struct end e;

	for (int on = 0; on < 2; on++) {
		capable(&e, _i);
		e.profile.ecn_hold = on;
		e.tcb.cc.cwnd = e.tcb.cc.ssthresh = 1000;
		call_send(&e, 5000, SEND_PUSH);
		expect(&e, ACK, 1, 1, 1000);
		after(&e, MS(10));
		arrives(&e, ACK | ECE, 1, 1001, 0);
		expect_number(&e, e.tcb.cc.cwnd, 1000);
		if (on)
			expect_silence(&e, e.tcb.rto);
		expect(&e, ACK | CWR, 1001, 1, 1000);
		expect_nothing(&e);
		arrives(&e, ACK, 1, 2001, 0); /* the path is free again */
		expect(&e, ACK, 2001, 1, 1000);
		arrives(&e, ACK, 1, 3001, 0);
		expect(&e, ACK, 3001, 1, 1000);
	}
}
END_TEST

/* An ACK that moves nothing says so as well, and the timer begins again. */
START_TEST(so_does_what_is_outstanding)
{
	static struct end e;

	capable(&e, _i);
	e.tcb.cc.cwnd = e.tcb.cc.ssthresh = 1000;
	call_send(&e, 5000, SEND_PUSH);
	expect(&e, ACK, 1, 1, 1000);
	after(&e, e.tcb.rto - 1);
	arrives(&e, ACK | ECE, 1, 1, 100);
	forget(&e);
	expect_silence(&e, e.tcb.rto);
	expect(&e, ACK, 1, 101, 1000);
}
END_TEST

/* With SACK and without it. */
START_TEST(cwr_follows_a_fast_retransmit)
{
	for (int with = 0; with < 2; with++) {
		static struct end e;
		struct seg s;

		end_init(&e, "rfc", _i);
		e.profile.ecn = ECN_REQUEST;
		e.profile.sack = with == 1;
		e.opts = with ? OPT_SACK_PERMITTED : 0;
		call_open(&e, OPEN_ACTIVE);
		arrives(&e, SYN | ACK | ECE, 0, 1, 0);
		call_send(&e, 8000, SEND_PUSH);
		forget(&e);
		for (int i = 1; i <= 3; i++) {
			s = peer_seg(&e, ACK, 1, 1, 0);
			if (with) {
				s.opts |= OPT_SACK;
				s.sacks = 1;
				s.sack[0].left = seq_add(e.iss, 1001);
				s.sack[0].right = seq_add(e.iss, 1001 + 1000u * (unsigned)i);
			}
			arrives_seg(&e, &s);
		}
		expect(&e, ACK, 1, 1, 1000); /* again, without CWR */
		arrives(&e, ACK, 1, 8001, 0);
		call_send(&e, 2000, SEND_PUSH);
		expect(&e, ACK | CWR, 8001, 1, 1000);
		expect(&e, ACK, 9001, 1, 1000);
	}
}
END_TEST

START_TEST(syns_that_cross_must_both_ask)
{
	static struct end e;

	for (int choice = ECN_ACCEPT; choice <= ECN_REQUEST; choice++) {
		end_init(&e, "rfc", _i);
		e.profile.ecn = (uint8_t)choice;
		call_open(&e, OPEN_ACTIVE);
		forget(&e);
		arrives(&e, SYN | ECE | CWR, 0, 0, 0);
		expect(&e, choice == ECN_REQUEST ? SYN | ACK | ECE : SYN | ACK, 0, 1, 0);
	}
}
END_TEST

/* And the SYN,ACK must say so too. */
START_TEST(a_synack_that_crosses_may_still_say_no)
{
	for (int yes = 0; yes < 2; yes++) {
		static struct end e;

		end_init(&e, "rfc", _i);
		e.profile.ecn = ECN_REQUEST;
		call_open(&e, OPEN_ACTIVE);
		arrives(&e, SYN | ECE | CWR, 0, 0, 0);
		arrives(&e, SYN | ACK | (yes ? ECE : 0), 0, 1, 0);
		expect_state(&e, ESTABLISHED);
		forget(&e);
		call_send(&e, 100, SEND_PUSH);
		expect_number(&e, expect(&e, ACK, 1, 1, 100)->ecn, yes ? ECN_ECT_0 : ECN_NOT_ECT);
	}
}
END_TEST

START_TEST(only_new_text_may_be_marked)
{
	static struct end e;

	capable(&e, _i);
	call_send(&e, 100, SEND_PUSH);
	expect_number(&e, expect(&e, ACK, 1, 1, 100)->ecn, ECN_ECT_0);
	after(&e, S(1));
	expect_number(&e, expect(&e, ACK, 1, 1, 100)->ecn, ECN_NOT_ECT); /* again: 6.1.5 */
	arrives(&e, ACK, 1, 101, 100);
	expect_number(&e, expect(&e, ACK, 101, 101, 0)->ecn, ECN_NOT_ECT); /* an ACK: 6.1.4 */
	e.wnd = 0;
	arrives(&e, ACK, 101, 101, 0);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(4));
	expect_number(&e, expect(&e, ACK, 101, 101, 1)->ecn, ECN_NOT_ECT); /* a probe: 6.1.6 */
}
END_TEST

START_TEST(a_mark_is_echoed_until_cwr_comes)
{
	static struct end e;

	capable(&e, _i);
	comes(&e, 0, 1, ECN_ECT_0);
	expect(&e, ACK, 1, 101, 0);
	comes(&e, 0, 101, ECN_CE);
	expect(&e, ACK | ECE, 1, 201, 0);
	comes(&e, 0, 201, ECN_ECT_0);
	expect(&e, ACK | ECE, 1, 301, 0);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK | ECE, 1, 301, 10);
	comes(&e, CWR, 301, ECN_CE); /* marked again itself */
	expect(&e, ACK | ECE, 11, 401, 0);
	comes(&e, CWR, 401, ECN_ECT_0);
	expect(&e, ACK, 11, 501, 0);
}
END_TEST

/* "If the CE codepoint is set in any of the data packets being acknowledged." */
START_TEST(an_ack_that_waits_tells_of_marks_too)
{
	static struct end e;

	for (int marked = 0; marked < 2; marked++) {
		capable(&e, _i);
		e.profile.ack_delay = MS(200);
		for (int i = 0; i < 2; i++) {
			struct seg s = peer_seg(&e, ACK, 1 + 1460 * i, 1, 1460);

			s.ecn = i == marked ? ECN_CE : ECN_ECT_0;
			arrives_seg(&e, &s);
			if (i == 0)
				expect_nothing(&e);
		}
		expect(&e, ACK | ECE, 1, 2921, 0);
	}
}
END_TEST

START_TEST(a_mark_on_what_is_not_new_text_says_nothing)
{
	static struct end e;
	struct seg s;

	capable(&e, _i);
	comes(&e, 0, 1, ECN_ECT_0);
	forget(&e);
	comes(&e, 0, -200, ECN_CE); /* outside the window: 6.1.5 */
	expect(&e, ACK, 1, 101, 0);
	s = peer_seg(&e, ACK, 101, 1, 0);
	s.ecn = ECN_CE;
	arrives_seg(&e, &s);
	comes(&e, 0, 101, ECN_ECT_0);
	expect(&e, ACK, 1, 201, 0);

	end_init(&e, "rfc", _i); /* nor where nobody has agreed on it */
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	comes(&e, 0, 1, ECN_CE);
	expect(&e, ACK, 1, 101, 0);
}
END_TEST

START_TEST(cwr_stands_on_the_next_new_text_and_once)
{
	static struct end e;

	capable(&e, _i);
	e.tcb.flags |= TCB_CWR; /* recovery has reduced the window */
	comes(&e, 0, 1, ECN_ECT_0);
	expect(&e, ACK, 1, 101, 0);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK | CWR, 1, 101, 100);
	arrives(&e, ACK, 101, 101, 0);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK, 101, 101, 100);
	arrives(&e, ACK, 101, 201, 0);
	/* "If the new data packet carrying the CWR flag is dropped, then the TCP sender will have
	 * to again reduce its congestion window, and send another new data packet with the CWR." */
	e.tcb.flags |= TCB_CWR;
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK | CWR, 201, 101, 100);
	after(&e, S(1));
	expect(&e, ACK, 201, 101, 100);
	arrives(&e, ACK, 101, 301, 0);
	call_send(&e, 100, SEND_PUSH);
	expect(&e, ACK | CWR, 301, 101, 100);
}
END_TEST

Suite *ecn_suite(void)
{
	Suite *s = suite_create("ecn");
	TCase *tc = tcase_create("ECN");

	tcase_add_loop_test(tc, a_syn_asks_with_both_bits, 0, ISS_CASES);
	tcase_add_loop_test(tc, only_ece_alone_is_a_yes_to_it, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_a_yes_nothing_is_marked, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_listener_says_yes_when_it_is_asked, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_some_silence_the_syn_asks_no_more, 0, ISS_CASES);
	tcase_add_loop_test(tc, syns_that_cross_must_both_ask, 0, ISS_CASES);
	tcase_add_loop_test(tc, cwr_follows_a_fast_retransmit, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_echo_reduces_the_window_once_and_does_not_open_it, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_of_one_waits_for_the_timer, 0, ISS_CASES);
	tcase_add_loop_test(tc, so_does_what_is_outstanding, 0, ISS_CASES);
	tcase_add_loop_test(tc, cwr_follows_a_timeout, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_mark_on_a_window_probe_is_echoed, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_bare_syn_does_not_ask, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_second_syn_that_asks_no_more_unmarks_the_text, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_synack_that_crosses_may_still_say_no, 0, ISS_CASES);
	tcase_add_loop_test(tc, only_new_text_may_be_marked, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_mark_is_echoed_until_cwr_comes, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_that_waits_tells_of_marks_too, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_mark_on_what_is_not_new_text_says_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, cwr_stands_on_the_next_new_text_and_once, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
