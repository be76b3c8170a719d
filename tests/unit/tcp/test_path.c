/* SPDX-License-Identifier: MIT */
/* What routers tell of the path, and what their silence tells: RFC 1191, RFC 5927, 3.9.2.2. */
#include "fixture.h"
#include "suites.h"
#include <tcp/tcb.h>

static void told(struct end *e, enum tcp_icmp what, int64_t about, uint32_t mtu)
{
	tcp_arrives_icmp(&e->tcb, what, seq_add(e->iss, (uint32_t)about), mtu, &e->env);
	drain(e);
}

START_TEST(a_hard_error_ends_what_is_open_by_choice)
{
	static struct end e;

	for (int choice = ICMP_HARD_ENDS; choice <= ICMP_HARD_IGNORED; choice++)
		for (int s = SYN_SENT; s <= ESTABLISHED; s++) {
			bool is_over = choice == ICMP_HARD_ENDS ||
				       (choice == ICMP_HARD_OPENING && s != ESTABLISHED);

			end_init(&e, "rfc", _i);
			e.profile.icmp_hard = (uint8_t)choice;
			tcb_in(&e, (enum state)s);
			told(&e, ICMP_HARD, s == ESTABLISHED ? 1 : 0, 0);
			expect_state(&e, is_over ? CLOSED : (enum state)s);
			expect_told(&e, is_over ? TCP_SIG_UNREACHABLE | TCP_SIG_CLOSED
						: TCP_SIG_SOFT_ERROR);
		}
}
END_TEST

START_TEST(what_is_prohibited_is_hard_or_soft)
{
	static struct end e;

	for (int hard = 0; hard < 2; hard++) {
		end_init(&e, "rfc", _i);
		e.profile.icmp_prohibited = hard;
		tcb_in(&e, SYN_SENT);
		told(&e, ICMP_PROHIBITED, 0, 0);
		expect_state(&e, hard ? CLOSED : SYN_SENT);
	}
}
END_TEST

START_TEST(a_soft_error_may_end_an_open)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.icmp_soft_ends = true;
	tcb_in(&e, SYN_SENT);
	told(&e, ICMP_SOFT, 0, 0);
	expect_state(&e, CLOSED);
	end_init(&e, "rfc", _i);
	e.profile.icmp_soft_ends = true;
	tcb_in(&e, ESTABLISHED);
	told(&e, ICMP_SOFT, 1, 0);
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(of_a_syn_only_its_own_number_is_believed)
{
	static struct end e;

	for (int about = -1; about <= 1; about += 2) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, SYN_SENT);
		told(&e, ICMP_HARD, about, 0);
		expect_state(&e, SYN_SENT);
		expect_told(&e, 0);
	}
}
END_TEST

START_TEST(a_size_told_early_bounds_the_first_text)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.mtu_announced = _i == ISS_WRAPS;
	call_open(&e, OPEN_ACTIVE);
	forget(&e);
	told(&e, ICMP_TOO_BIG, 0, 640);
	after(&e, S(1));
	expect_number(&e, expect(&e, SYN, 0, 0, 0)->mss, _i == ISS_WRAPS ? 600 : 1460);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect(&e, ACK, 1, 1, 0);
	call_send(&e, 1000, SEND_PUSH);
	expect(&e, ACK, 1, 1, 600);
}
END_TEST

START_TEST(what_was_told_is_forgotten)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.mtu_expire = S(600);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1000, SEND_PUSH);
	forget(&e);
	told(&e, ICMP_TOO_BIG, 1, 540);
	expect(&e, ACK, 1, 1, 500);
	forget(&e);
	arrives(&e, ACK, 1, 1001, 0);
	after(&e, S(599));
	call_send(&e, 1000, SEND_PUSH);
	expect(&e, ACK, 1001, 1, 500);
	expect(&e, ACK, 1501, 1, 500);
	arrives(&e, ACK, 1, 2001, 0);
	after(&e, S(1));
	call_send(&e, 1000, SEND_PUSH);
	expect(&e, ACK, 2001, 1, 1000);
}
END_TEST

START_TEST(never_below_the_least)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.mtu_least = 552;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1000, SEND_PUSH);
	forget(&e);
	told(&e, ICMP_TOO_BIG, 1, 100);
	expect(&e, ACK, 1, 1, 512);
}
END_TEST

/* RFC 8201 4: what no link of IPv6 may be as small as is no news, and no reason to shrink. */
START_TEST(less_than_ipv6_carries_is_discarded)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.env.is_ipv6 = true;
	e.mss = 1440;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1440, SEND_PUSH);
	expect(&e, ACK, 1, 1, 1440);
	told(&e, ICMP_TOO_BIG, 1, 1279);
	told(&e, ICMP_TOO_BIG, 1, 0);
	expect_nothing(&e);
	expect_number(&e, e.tcb.snd.mss, 1440);
	told(&e, ICMP_TOO_BIG, 1, 1280);
	expect(&e, ACK, 1, 1, 1220);
}
END_TEST

/* RFC 5681 2: a window of one segment is of one full-sized one, also when the path carries more
 * again. */
START_TEST(a_window_is_never_less_than_a_segment)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.mtu_expire = S(600);
	tcb_in(&e, ESTABLISHED);
	told(&e, ICMP_TOO_BIG, 1, 300);
	call_send(&e, 260, SEND_PUSH);
	told(&e, ICMP_TOO_BIG, 1, 300);
	after(&e, S(1));
	expect_number(&e, e.tcb.cc.cwnd, 260);
	arrives(&e, ACK, 1, 261, 0);
	forget(&e);
	e.tcb.cc.cwnd = 260;
	after(&e, S(700));
	call_send(&e, 2000, SEND_PUSH);
	expect(&e, ACK, 261, 1, 1000);
}
END_TEST

START_TEST(silence_about_full_segments_makes_them_smaller)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.black_hole = 2;
	e.profile.mtu_base = 440;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1000, SEND_PUSH);
	expect(&e, ACK, 1, 1, 1000);
	after(&e, S(1));
	expect(&e, ACK, 1, 1, 1000);
	after(&e, S(2));
	expect(&e, ACK, 1, 1, 500);
	after(&e, S(4)); /* 500 again would be full-sized: the base is 400 */
	expect(&e, ACK, 1, 1, 400);
	after(&e, S(8));
	expect(&e, ACK, 1, 1, 400);
}
END_TEST

/* A SYN with all that can be said in one; the answer is stamped, and what comes back tells it. */
START_TEST(a_cookie_there_and_back)
{
	static struct end e;
	struct seg syn, answer, ack, told;
	uint32_t count;
	bool has_stamps = _i == ISS_WRAPS;

	end_init(&e, "rfc", _i);
	e.profile.timestamps = e.profile.wscale = e.profile.sack = true;
	tcb_in(&e, LISTEN);
	syn = peer_seg(&e, SYN, 0, 0, 0);
	syn.opts = OPT_MSS | OPT_WSCALE | OPT_SACK_PERMITTED | (has_stamps ? OPT_TIMESTAMPS : 0);
	syn.mss = 1400;
	syn.wscale = 7;
	answer = (struct seg){.ctl = SYN | ACK, .opts = syn.opts, .tsval = 1000};
	seq32 iss = tcp_cookie_make(&e.tcb, &syn, 0x12345678, &e.env);
	expect_number(&e, syn.opts & OPT_WSCALE, has_stamps ? OPT_WSCALE : 0);
	answer.opts &= syn.opts;
	tcp_cookie_stamp(&syn, &answer);
	expect_that(&e, answer.tsval <= 1000 && answer.tsval > 1000 - 64);
	ack = peer_seg(&e, ACK, 1, 0, 0);
	ack.ack = seq_add(iss, 1);
	ack.opts = has_stamps ? OPT_TIMESTAMPS : 0;
	ack.tsecr = answer.tsval;
	expect_that(&e, tcp_cookie_when(&ack, e.env.now + S(64), &count));
	expect_number(&e, count, tcp_cookie_count(e.env.now));
	expect_that(&e, !tcp_cookie_when(&ack, e.env.now + S(128), &count));
	tcp_cookie_old(&e.tcb, &e.env);
	expect_that(&e, !tcp_cookie_take(&e.tcb, &ack, 0x12345679, &told, &e.env));
	expect_that(&e, tcp_cookie_take(&e.tcb, &ack, 0x12345678, &told, &e.env));
	expect_number(&e, told.mss, 1300);
	expect_that(&e, seq_eq(told.seq, syn.seq));
	expect_number(&e, told.opts, syn.opts);
	expect_number(&e, told.opts & OPT_WSCALE ? told.wscale : 7, 7);
	e.env.iss = iss;
	tcp_arrives(&e.tcb, &told, &e.env);
	tcp_cookie_restore(&e.tcb);
	drain(&e);
	expect_nothing(&e);
	tcp_arrives(&e.tcb, &ack, &e.env);
	expect_state(&e, ESTABLISHED);
	expect_number(&e, e.tcb.srtt, 0); /* no sample of what was not timed */
	expect_that(&e, !(e.tcb.flags & TCB_SAMPLED));
}
END_TEST

/* MUST-16: no segment is larger than the peer said, however small that was. */
START_TEST(a_cookie_tells_no_larger_mss)
{
	static struct end e;

	for (uint16_t mss = MSS_LEAST; mss < 9000; mss++) {
		struct seg syn, ack, told;

		end_init(&e, "rfc", _i);
		tcb_in(&e, LISTEN);
		syn = peer_seg(&e, SYN, 0, 0, 0);
		syn.opts = OPT_MSS;
		syn.mss = mss;
		ack = peer_seg(&e, ACK, 1, 0, 0);
		ack.ack = seq_add(tcp_cookie_make(&e.tcb, &syn, 77, &e.env), 1);
		expect_that(&e, tcp_cookie_take(&e.tcb, &ack, 77, &told, &e.env));
		expect_that(&e, told.mss <= mss);
		mss = mss < 80 ? mss : (uint16_t)(mss + 100);
	}
}
END_TEST

Suite *path_suite(void)
{
	Suite *s = suite_create("path");
	TCase *tc = tcase_create("icmp");

	tcase_add_loop_test(tc, a_hard_error_ends_what_is_open_by_choice, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_prohibited_is_hard_or_soft, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_soft_error_may_end_an_open, 0, ISS_CASES);
	tcase_add_loop_test(tc, of_a_syn_only_its_own_number_is_believed, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_size_told_early_bounds_the_first_text, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_was_told_is_forgotten, 0, ISS_CASES);
	tcase_add_loop_test(tc, never_below_the_least, 0, ISS_CASES);
	tcase_add_loop_test(tc, less_than_ipv6_carries_is_discarded, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_is_never_less_than_a_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, silence_about_full_segments_makes_them_smaller, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_cookie_there_and_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_cookie_tells_no_larger_mss, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
