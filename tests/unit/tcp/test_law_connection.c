/* SPDX-License-Identifier: MIT */
/*
 * RFC 9293, Appendix B: Urgent Data, TCP Options, Opening and Closing Connections. A test's name
 * carries the id of the requirement that it shows.
 */
#include "fixture.h"
#include "suites.h"

static void come(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	tcb_in(e, ESTABLISHED);
}

/* ---- Urgent Data ---------------------------------------------------------------------------- */

START_TEST(must_30_the_urgent_mechanism_is_there)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 10, SEND_URGENT | SEND_PUSH);
	expect(&e, ACK | URG, 1, 1, 10);
	arrives_urgent(&e, ACK, 1, 11, 10, 10);
	expect_told_of(&e, TCP_SIG_URGENT, TCP_SIG_URGENT);
}
END_TEST

START_TEST(must_62_the_pointer_names_the_octet_behind)
{
	static struct end e;

	/* SEG.SEQ + SEG.UP is 11, the octet after the ten. */
	come(&e, _i);
	call_send(&e, 10, SEND_URGENT | SEND_PUSH);
	expect_number(&e, expect(&e, ACK | URG, 1, 1, 10)->up, 10);
	arrives_urgent(&e, ACK, 1, 11, 5, 10);
	expect_that(&e, seq_eq(e.tcb.rcv.up, seq_add(e.irs, 11)));
}
END_TEST

START_TEST(must_31_urgent_text_may_have_any_length)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.snd_buff = 100000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100000, SEND_URGENT | SEND_PUSH);
	for (int64_t ack = 1; ack < 100001; ack += 1000) {
		arrives(&e, ACK, 1, ack, 0);
		for (; e.taken < e.outs; e.taken++)
			expect_that(&e, (e.out[e.taken].ctl & URG) && e.out[e.taken].up > 0);
		forget(&e);
		story_begin();
	}
	arrives(&e, ACK, 1, 100001, 0);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 100001, 1, 10);
}
END_TEST

START_TEST(must_32_the_user_is_told_when_the_pointer_comes_and_when_it_advances)
{
	static struct end e;

	come(&e, _i);
	arrives_urgent(&e, ACK, 1, 1, 0, 50);
	expect_told(&e, TCP_SIG_URGENT);
	arrives_urgent(&e, ACK, 1, 1, 0, 50);
	expect_told(&e, 0);
	arrives_urgent(&e, ACK, 1, 1, 0, 51);
	expect_told(&e, TCP_SIG_URGENT);
}
END_TEST

START_TEST(must_33_the_user_learns_how_much_is_left)
{
	static struct end e;

	come(&e, _i);
	expect_number(&e, tcp_urgent_left(&e.tcb), 0);
	arrives_urgent(&e, ACK, 1, 1, 100, 60);
	expect_number(&e, tcp_urgent_left(&e.tcb), 60);
	call_receive(&e, 20, 0, NULL);
	expect_number(&e, tcp_urgent_left(&e.tcb), 40);
	call_receive(&e, 40, 20, NULL);
	expect_number(&e, tcp_urgent_left(&e.tcb), 0);
}
END_TEST

/* ---- TCP Options ---------------------------------------------------------------------------- */

START_TEST(must_14_the_mss_option_is_sent_and_heard)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.mss = 700;
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, expect(&e, SYN, 0, 0, 0)->mss, 1460);
	arrives(&e, SYN | ACK, 0, 1, 0);
	forget(&e);
	call_send(&e, 1400, SEND_PUSH);
	expect(&e, ACK, 1, 1, 700);
	expect(&e, ACK, 701, 1, 700);
}
END_TEST

START_TEST(shld_5_every_syn_says_an_mss_that_is_not_the_default)
{
	static struct end e;

	for (int six = 0; six < 2; six++) {
		end_init(&e, "rfc", _i);
		e.env.is_ipv6 = six;
		call_open(&e, OPEN_ACTIVE);
		for (int i = 0; i < 3; i++) { /* the repeated ones, too */
			const struct seg *s = expect(&e, SYN, 0, 0, 0);

			expect_that(&e, s->opts & OPT_MSS);
			expect_number(&e, s->mss, six ? 1440 : 1460);
			after(&e, S(1 << i));
		}
		end_init(&e, "rfc", _i);
		e.env.is_ipv6 = six;
		tcb_in(&e, LISTEN);
		arrives(&e, SYN, 0, 0, 0);
		expect_that(&e, expect(&e, SYN | ACK, 0, 1, 0)->opts & OPT_MSS);
	}
}
END_TEST

START_TEST(must_15_without_the_option_536_or_1220_are_assumed)
{
	static struct end e;

	for (int six = 0; six < 2; six++) {
		end_init(&e, "rfc", _i);
		e.env.is_ipv6 = six;
		e.mss = 0;
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 3000, SEND_PUSH);
		expect(&e, ACK, 1, 1, six ? 1220 : 536);
	}
}
END_TEST

START_TEST(must_16_the_smaller_of_both_sides_is_sent)
{
	static struct end e;
	static const struct {
		uint16_t mss;
		uint32_t mtu, sent;
	} cases[] = {{1460, 1500, 1460}, {1460, 1000, 960}, {500, 1500, 500}, {8960, 1500, 1460}};

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		end_init(&e, "rfc", _i);
		e.mss = cases[i].mss;
		e.profile.mtu = cases[i].mtu;
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 9000, SEND_PUSH);
		expect(&e, ACK, 1, 1, cases[i].sent);
	}
}
END_TEST

START_TEST(shld_6_the_option_follows_the_mtu_of_the_interface)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, expect(&e, SYN, 0, 0, 0)->mss, 1460);
	arrives(&e, RST | ACK, 0, 1, 0);
	expect_state(&e, CLOSED);
	e.profile.mtu = 1280;
	call_open(&e, OPEN_ACTIVE);
	expect_that(&e, e.taken < e.outs);
	expect_number(&e, e.out[e.taken].mss, 1240);
}
END_TEST

START_TEST(must_65_only_a_syn_says_the_mss)
{
	static struct end e;

	come(&e, _i);
	call_send(&e, 5000, SEND_PUSH);
	arrives(&e, PSH | ACK, 1, 5001, 100);
	after(&e, S(1));
	call_close(&e, CLOSE_SEND);
	after(&e, S(10));
	expect_that(&e, e.outs > 6);
	for (uint32_t i = 0; i < e.outs; i++)
		expect_that(&e, !(e.out[i].opts & OPT_MSS));
}
END_TEST

START_TEST(must_67_the_mss_is_what_can_be_received)
{
	static struct end e;
	static const uint32_t mtus[] = {576, 1500, 9000, 65535};

	for (unsigned i = 0; i < sizeof mtus / sizeof mtus[0]; i++) {
		end_init(&e, "rfc", _i);
		e.profile.mtu = mtus[i];
		call_open(&e, OPEN_ACTIVE);
		expect_number(&e, expect(&e, SYN, 0, 0, 0)->mss, mtus[i] - 40);
	}
}
END_TEST

/* ---- Opening Connections -------------------------------------------------------------------- */

START_TEST(must_10_both_may_open_at_once)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	expect(&e, SYN, 0, 0, 0);
	arrives(&e, SYN, 0, 0, 0);
	expect_state(&e, SYN_RECEIVED);
	expect(&e, SYN | ACK, 0, 1, 0);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_state(&e, ESTABLISHED);
	expect_told_of(&e, TCP_SIG_ESTABLISHED, TCP_SIG_ESTABLISHED);
}
END_TEST

START_TEST(must_11_syn_received_knows_who_opened)
{
	static struct end e;

	for (int is_passive = 0; is_passive < 2; is_passive++) {
		end_init(&e, "rfc", _i);
		e.is_passive = is_passive;
		tcb_in(&e, SYN_RECEIVED);
		arrives(&e, RST, 1, 0, 0);
		expect_state(&e, is_passive ? LISTEN : CLOSED);
		expect_told_of(&e, is_passive ? 0 : TCP_SIG_REFUSED, TCP_SIG_REFUSED);
	}
}
END_TEST

START_TEST(must_41_a_passive_open_changes_nothing_that_is_open)
{
	static struct end e, before;

	for (int s = LISTEN; s < STATE_COUNT; s++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		end_copy(&before, &e);
		ck_assert_int_eq(call_open(&e, OPEN_PASSIVE), TCP_EXISTS);
		expect_nothing(&e);
		expect_that(&e, tcb_eq(&e.tcb, &before.tcb, &e.pool, &before.pool));
	}
}
END_TEST

/* ---- Closing Connections -------------------------------------------------------------------- */

START_TEST(shld_2_a_rst_may_have_text)
{
	static struct end e;

	come(&e, _i);
	arrives(&e, RST, 1, 0, 20);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_RESET | TCP_SIG_CLOSED);
	expect_nothing(&e);
}
END_TEST

START_TEST(must_12_the_user_hears_how_it_ended)
{
	static struct end e;
	const uint32_t ends = TCP_SIG_CLOSING | TCP_SIG_RESET | TCP_SIG_REFUSED | TCP_SIG_TIMEOUT;

	come(&e, _i);
	arrives(&e, FIN | ACK, 1, 1, 0);
	expect_told_of(&e, TCP_SIG_CLOSING, ends);
	come(&e, _i);
	arrives(&e, RST, 1, 0, 0);
	expect_told_of(&e, TCP_SIG_RESET, ends);
	end_init(&e, "rfc", _i);
	tcb_in(&e, SYN_SENT);
	arrives(&e, RST | ACK, 0, 1, 0);
	expect_told_of(&e, TCP_SIG_REFUSED, ends);
	come(&e, _i);
	call_send(&e, 10, SEND_PUSH);
	after(&e, S(600));
	expect_told_of(&e, TCP_SIG_TIMEOUT, ends);
}
END_TEST

START_TEST(shld_3_a_rst_tells_of_text_that_is_lost)
{
	static struct end e;

	come(&e, _i);
	arrives(&e, PSH | ACK, 1, 1, 10); /* pending when CLOSE comes */
	forget(&e);
	call_close(&e, CLOSE_BOTH);
	expect_that(&e, e.outs == 1 && (e.out[0].ctl & RST));
	come(&e, _i);
	call_close(&e, CLOSE_BOTH);
	forget(&e);
	arrives(&e, PSH | ACK, 1, 2, 10); /* comes after it */
	expect_that(&e, e.outs == 1 && (e.out[0].ctl & RST));
}
END_TEST

START_TEST(must_13_time_wait_lasts_two_msl)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.msl = S(120);
	tcb_in(&e, FIN_WAIT_2);
	arrives(&e, FIN | ACK, 1, 2, 0);
	expect_state(&e, TIME_WAIT);
	after(&e, S(240) - 1);
	expect_state(&e, TIME_WAIT);
	after(&e, 1);
	expect_state(&e, CLOSED);
}
END_TEST

START_TEST(shld_4_a_younger_timestamp_shortens_time_wait)
{
	static struct end e;

	for (int is_younger = 0; is_younger < 2; is_younger++) {
		end_init(&e, "rfc", _i);
		e.profile.timestamps = true;
		e.profile.time_wait_syn = TW_SYN_TIMESTAMPS;
		e.opts = OPT_TIMESTAMPS;
		e.tsval = 700;
		tcb_in(&e, TIME_WAIT);
		e.tsval = is_younger ? 701 : 699;
		arrives(&e, SYN, -5000, 0, 0);
		expect_state(&e, is_younger ? CLOSED : TIME_WAIT);
		expect_told_of(&e, is_younger ? TCP_SIG_REOPEN : 0, TCP_SIG_REOPEN);
	}
}
END_TEST

/* ---- Explicit Congestion Notification ------------------------------------------------------- */

START_TEST(shld_8_marked_congestion_is_understood)
{
	static struct end e;
	struct seg s;
	uint32_t cwnd;

	end_init(&e, "rfc", _i);
	e.profile.ecn = ECN_REQUEST;
	e.profile.ack_delay = 0;
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, e.out[0].ctl, SYN | ECE | CWR);
	arrives(&e, SYN | ACK | ECE, 0, 1, 0);
	forget(&e);
	s = peer_seg(&e, ACK, 1, 1, 100); /* as a receiver: what was marked is told */
	s.ecn = ECN_CE;
	arrives_seg(&e, &s);
	expect_that(&e, e.outs == 1 && (e.out[0].ctl & ECE));
	forget(&e);
	call_send(&e, 20000, SEND_PUSH); /* as a sender: what is told is heeded */
	expect_number(&e, e.out[0].ecn, ECN_ECT_0);
	cwnd = e.tcb.cc.cwnd;
	arrives(&e, ACK | ECE, 101, 1001, 0);
	expect_that(&e, e.tcb.cc.cwnd < cwnd);
}
END_TEST

static void add_closing(TCase *tc)
{
	tcase_add_loop_test(tc, shld_4_a_younger_timestamp_shortens_time_wait, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_8_marked_congestion_is_understood, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_2_a_rst_may_have_text, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_12_the_user_hears_how_it_ended, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_3_a_rst_tells_of_text_that_is_lost, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_13_time_wait_lasts_two_msl, 0, ISS_CASES);
}

Suite *law_connection_suite(void)
{
	Suite *s = suite_create("law: urgent, options, opening, closing");
	TCase *tc = tcase_create("RFC 9293 B");

	tcase_add_loop_test(tc, must_30_the_urgent_mechanism_is_there, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_62_the_pointer_names_the_octet_behind, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_31_urgent_text_may_have_any_length, 0, ISS_CASES);
	tcase_add_loop_test(tc,
			    must_32_the_user_is_told_when_the_pointer_comes_and_when_it_advances, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, must_33_the_user_learns_how_much_is_left, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_14_the_mss_option_is_sent_and_heard, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_5_every_syn_says_an_mss_that_is_not_the_default, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_15_without_the_option_536_or_1220_are_assumed, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_16_the_smaller_of_both_sides_is_sent, 0, ISS_CASES);
	tcase_add_loop_test(tc, shld_6_the_option_follows_the_mtu_of_the_interface, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_65_only_a_syn_says_the_mss, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_67_the_mss_is_what_can_be_received, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_10_both_may_open_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_11_syn_received_knows_who_opened, 0, ISS_CASES);
	tcase_add_loop_test(tc, must_41_a_passive_open_changes_nothing_that_is_open, 0, ISS_CASES);
	add_closing(tc);
	suite_add_tcase(s, tc);
	return s;
}
