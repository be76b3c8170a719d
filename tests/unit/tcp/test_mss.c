/* SPDX-License-Identifier: MIT */
/* RFC 9293 section 3.7.1: the MSS option, both ways. */
#include "fixture.h"
#include "suites.h"

START_TEST(the_syn_announces_the_mtu_less_the_headers)
{
	static struct end e;
	static const struct {
		uint32_t mtu, mss;
		bool is_ipv6;
		uint16_t announced;
	} cases[] = {
		{1500, 0, false, 1460},  {1500, 0, true, 1440}, {9000, 0, false, 8960},
		{1500, 700, false, 700}, {576, 0, false, 536},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		end_init(&e, "rfc", _i);
		e.profile.mtu = cases[i].mtu;
		e.profile.mss = cases[i].mss;
		e.env.is_ipv6 = cases[i].is_ipv6;
		call_open(&e, OPEN_ACTIVE);
		const struct seg *s = expect(&e, SYN, 0, 0, 0);
		if (cases[i].announced == 536 && !(s->opts & OPT_MSS))
			continue; /* SHLD-5: "unless 536" */
		expect_that(&e, s->opts & OPT_MSS);
		expect_number(&e, s->mss, cases[i].announced);

		end_init(&e, "rfc", _i);
		e.profile.mtu = cases[i].mtu;
		e.profile.mss = cases[i].mss;
		e.env.is_ipv6 = cases[i].is_ipv6;
		tcb_in(&e, LISTEN);
		arrives(&e, SYN, 0, 0, 0);
		s = expect(&e, SYN | ACK, 0, 1, 0);
		expect_that(&e, s->opts & OPT_MSS);
		expect_number(&e, s->mss, cases[i].announced);
	}
}
END_TEST

START_TEST(without_the_option_it_is_not_announced)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.mss_option = false;
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, expect(&e, SYN, 0, 0, 0)->opts, 0);
}
END_TEST

START_TEST(only_a_syn_carries_options)
{
	static struct end e;

	/* MUST-65; nothing else is negotiated yet */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 3000, SEND_PUSH);
	arrives(&e, PSH | ACK, 1, 3001, 100);
	call_close(&e, CLOSE_SEND);
	after(&e, S(2));
	arrives(&e, RST, 50, 0, 0);
	for (unsigned i = 0; i < e.outs; i++)
		expect_number(&e, e.out[i].opts, 0);
}
END_TEST

START_TEST(segments_are_as_long_as_both_sides_allow)
{
	static struct end e;
	static const struct {
		uint16_t mss; /* the peer's; 0: it sends no option */
		uint32_t mtu;
		bool is_ipv6;
		uint32_t longest;
	} cases[] = {
		{1000, 1500, false, 1000}, {9000, 1500, false, 1460}, {9000, 1500, true, 1440},
		{0, 1500, false, 536},     {0, 1500, true, 1220},     {1460, 576, false, 536},
		{100, 1500, false, 100},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		end_init(&e, "rfc", _i % ISS_CASES);
		e.mss = cases[i].mss;
		e.profile.mtu = cases[i].mtu;
		e.env.is_ipv6 = cases[i].is_ipv6;
		e.is_passive = _i / ISS_CASES;
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 5000, SEND_PUSH);
		expect(&e, ACK, 1, 1, cases[i].longest); /* MUST-15, MUST-16 */
	}
}
END_TEST

START_TEST(a_tiny_or_zero_mss_stops_nothing)
{
	static struct end e;

	/* A peer may say anything; we go on with at least an octet a segment. */
	for (uint16_t mss = 0; mss < 3; mss++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, SYN_SENT);
		struct seg s = peer_seg(&e, SYN | ACK, 0, 1, 0);
		s.opts = OPT_MSS;
		s.mss = mss;
		arrives_seg(&e, &s);
		forget(&e);
		call_send(&e, 5, SEND_PUSH);
		for (int turn = 0; turn < 50 && !seq_eq(e.tcb.snd.una, seq_add(e.iss, 6)); turn++) {
			after(&e, S(1));
			arrives(&e, ACK, 1, seq_span(e.iss, e.tcb.snd.nxt), 0);
			forget(&e);
		}
		expect_that(&e, seq_eq(e.tcb.snd.una, seq_add(e.iss, 6)));
	}
}
END_TEST

START_TEST(an_mss_option_on_another_segment_is_ignored)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	struct seg s = peer_seg(&e, ACK, 1, 1, 0);
	s.opts = OPT_MSS;
	s.mss = 200;
	arrives_seg(&e, &s);
	call_send(&e, 5000, SEND_PUSH);
	expect(&e, ACK, 1, 1, 1000);
}
END_TEST

START_TEST(too_big_makes_segments_smaller)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 20000, SEND_PUSH);
	forget(&e);
	tcp_arrives_icmp(&e.tcb, ICMP_TOO_BIG, seq_add(e.iss, 1), 640, &e.env);
	drain(&e);
	expect_state(&e, ESTABLISHED);
	/* What was too big is sent again in pieces that fit, now or when its time is up. */
	after(&e, S(1));
	expect_that(&e, e.outs > 0);
	for (unsigned i = 0; i < e.outs; i++)
		expect_that(&e, e.out[i].text.len <= 600);
	expect_that(&e, seq_eq(e.out[0].seq, seq_add(e.iss, 1)));
}
END_TEST

START_TEST(a_size_that_is_no_smaller_changes_nothing)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 20000, SEND_PUSH);
	forget(&e);
	tcp_arrives_icmp(&e.tcb, ICMP_TOO_BIG, seq_add(e.iss, 1), 1040, &e.env);
	drain(&e);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 1001, 0);
	expect(&e, ACK, 10001, 1, 1000);
}
END_TEST

START_TEST(the_pieces_of_what_was_too_big_go_for_the_second_time)
{
	static struct end e;

	/* struct seg: rexmit is "0 first time, n the n-th repetition" */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 3000, SEND_PUSH);
	forget(&e);
	tcp_arrives_icmp(&e.tcb, ICMP_TOO_BIG, seq_add(e.iss, 1), 240, &e.env);
	drain(&e);
	expect_number(&e, e.outs, 10); /* the congestion window has become ten segments of 200 */
	for (int i = 0; i < 10; i++)
		expect_number(&e, expect(&e, ACK, 1 + 200 * i, 1, 200)->rexmit, 1);
	forget(&e);
	after(&e, S(1));
	expect_number(&e, expect(&e, ACK, 1, 1, 200)->rexmit, 2);
}
END_TEST

START_TEST(too_big_lets_no_burst_of_small_segments_go)
{
	static struct end e;

	/* RFC 5681 3.1: "cwnd SHOULD be reduced by the ratio of the old segment size to the new".
	 */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1000, SEND_PUSH);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	tcp_arrives_icmp(&e.tcb, ICMP_TOO_BIG, seq_add(e.iss, 1), 540, &e.env);
	drain(&e);
	expect_that(&e, e.tcb.cc.cwnd <= 5000);
	expect_that(&e, e.tcb.cc.cwnd >= 500);
}
END_TEST

START_TEST(too_big_without_a_size_goes_down_a_plateau)
{
	static struct end e;

	/* RFC 1191 section 7: a router that does not say how much fits. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1000, SEND_PUSH);
	forget(&e);
	tcp_arrives_icmp(&e.tcb, ICMP_TOO_BIG, seq_add(e.iss, 1), 0, &e.env);
	drain(&e);
	after(&e, S(1));
	expect_that(&e, e.outs > 0);
	expect_that(&e, e.out[0].text.len < 1000);
	expect_that(&e, e.out[0].text.len >= 300);
}
END_TEST

Suite *mss_suite(void)
{
	Suite *s = suite_create("mss");
	TCase *tc = tcase_create("3.7.1");

	tcase_add_loop_test(tc, the_syn_announces_the_mtu_less_the_headers, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_the_option_it_is_not_announced, 0, ISS_CASES);
	tcase_add_loop_test(tc, only_a_syn_carries_options, 0, ISS_CASES);
	tcase_add_loop_test(tc, segments_are_as_long_as_both_sides_allow, 0, 2 * ISS_CASES);
	tcase_add_loop_test(tc, a_tiny_or_zero_mss_stops_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_mss_option_on_another_segment_is_ignored, 0, ISS_CASES);
	tcase_add_loop_test(tc, too_big_makes_segments_smaller, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_size_that_is_no_smaller_changes_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_pieces_of_what_was_too_big_go_for_the_second_time, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, too_big_lets_no_burst_of_small_segments_go, 0, ISS_CASES);
	tcase_add_loop_test(tc, too_big_without_a_size_goes_down_a_plateau, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
