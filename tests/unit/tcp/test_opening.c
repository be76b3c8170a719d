/* SPDX-License-Identifier: MIT */
/* Fields that say how a stack opens, and how it meets a SYN, a reset and stragglers. */
#include "fixture.h"
#include "sack_peer.h"
#include "suites.h"

static void all_options(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.wscale = true;
	e->profile.sack = true;
	e->profile.timestamps = true;
}

START_TEST(the_syns_after_some_have_the_mss_alone)
{
	static struct end e;
	const unsigned full = OPT_MSS | OPT_WSCALE | OPT_SACK_PERMITTED | OPT_TIMESTAMPS;

	all_options(&e, _i);
	e.profile.syn_options = 3;
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(40));
	for (int i = 0; i < 3; i++)
		expect_number(&e, expect(&e, SYN, 0, 0, 0)->opts, full);
	for (int i = 3; i < 6; i++)
		expect_number(&e, expect(&e, SYN, 0, 0, 0)->opts, OPT_MSS);
}
END_TEST

START_TEST(options_are_laid_out_as_the_profile_says)
{
	static struct end e;

	for (int layout = LAYOUT_NOP; layout <= LAYOUT_END; layout++) {
		all_options(&e, _i);
		e.profile.option_layout = (uint8_t)layout;
		e.opts = OPT_TIMESTAMPS;
		call_open(&e, OPEN_ACTIVE);
		expect_number(&e, expect(&e, SYN, 0, 0, 0)->layout, layout);
		arrives(&e, SYN | ACK, 0, 1, 0);
		expect_number(&e, expect(&e, ACK, 1, 1, 0)->layout, layout);
	}
}
END_TEST

START_TEST(the_slop_is_added_and_not_doubled)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rto_slop = MS(200);
	call_open(&e, OPEN_ACTIVE);
	expect(&e, SYN, 0, 0, 0);
	expect_silence(&e, S(1));
	expect(&e, SYN, 0, 0, 0);
	expect_silence(&e, MS(2200));
	expect(&e, SYN, 0, 0, 0);
	expect_silence(&e, MS(4200));
	expect(&e, SYN, 0, 0, 0);
	expect_silence(&e, MS(8200));
	expect(&e, SYN, 0, 0, 0);
}
END_TEST

START_TEST(the_first_syns_do_not_back_off)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.syn_linear = 2;
	e.profile.syn_r2 = 0;
	e.profile.syn_r2_count = 2;
	call_open(&e, OPEN_ACTIVE);
	expect(&e, SYN, 0, 0, 0);
	for (int i = 0; i < 3; i++) { /* two, and the first that doubles the next */
		expect_silence(&e, S(1));
		expect(&e, SYN, 0, 0, 0);
	}
	expect_silence(&e, S(2));
	expect(&e, SYN, 0, 0, 0);
	after(&e, S(4) - 1);
	expect_state(&e, SYN_SENT);
	after(&e, 1);
	expect_told(&e, TCP_SIG_TIMEOUT | TCP_SIG_CLOSED | TCP_SIG_R1);
}
END_TEST

START_TEST(an_open_has_a_limit_of_its_own)
{
	static struct end e;

	for (int sooner = 0; sooner < 2; sooner++) {
		end_init(&e, "rfc", _i);
		e.profile.connect_limit = S(75);
		e.profile.user_timeout = sooner ? S(50) : 0;
		call_open(&e, OPEN_ACTIVE);
		after(&e, S(sooner ? 50 : 75) - 1);
		expect_state(&e, SYN_SENT);
		after(&e, 1);
		expect_state(&e, CLOSED);
		expect_told_of(&e, TCP_SIG_TIMEOUT, TCP_SIG_TIMEOUT);
	}
	end_init(&e, "rfc", _i); /* it ends with the handshake */
	e.profile.connect_limit = S(75);
	tcb_in(&e, ESTABLISHED);
	after(&e, S(1000));
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(a_syn_with_a_fin_may_be_dropped)
{
	static struct end e;

	for (int drops = 0; drops < 2; drops++) {
		end_init(&e, "rfc", _i);
		e.profile.drop_synfin = drops;
		call_open(&e, OPEN_PASSIVE);
		arrives(&e, SYN | FIN, 17, 0, 3);
		expect_state(&e, drops ? LISTEN : SYN_RECEIVED);

		end_init(&e, "rfc", _i);
		e.profile.drop_synfin = drops;
		call_open(&e, OPEN_ACTIVE);
		arrives(&e, SYN | FIN, 0, 0, 0);
		expect_state(&e, drops ? SYN_SENT : SYN_RECEIVED);
	}
}
END_TEST

START_TEST(the_reset_for_a_syn_may_have_our_numbers)
{
	static struct end e;

	end_init(&e, "classic", _i);
	e.profile.syn_reset_own = true;
	tcb_in(&e, CLOSE_WAIT);
	arrives(&e, SYN, 2, 0, 0);
	expect_number(&e, expect(&e, RST | ACK, 1, 2, 0)->wnd, 0);
	expect_state(&e, CLOSED);
	expect_told_of(&e, TCP_SIG_RESET, TCP_SIG_RESET);
}
END_TEST

START_TEST(in_time_wait_stragglers_may_be_answered)
{
	static const struct {
		unsigned ctl;
		int64_t seq, ack;
		uint32_t len;
		bool is_answered;
	} rows[] = {
		{ACK, 2, 2, 0, false}, /* the very ACK of our FIN */
		{ACK, 3, 2, 0, true},
		{ACK, 2, 1, 0, true},
		{ACK, 2, 2, 5, true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		end_init(&e, "rfc", _i);
		e.profile.time_wait_answers = true;
		tcb_in(&e, TIME_WAIT);
		arrives(&e, rows[i].ctl, rows[i].seq, rows[i].ack, rows[i].len);
		if (rows[i].is_answered)
			expect(&e, ACK, 2, 2, 0);
		expect_nothing(&e);
		expect_state(&e, TIME_WAIT);
	}
}
END_TEST

START_TEST(the_last_of_segments_that_leave_at_once_is_pushed)
{
	static const struct {
		uint32_t burst, octets, wnd;
		const char *pushed; /* p or -, for each segment of 1000 */
	} rows[] = {
		{0, 12000, 65535, "----------"},   {2, 12000, 65535, "-p-p-p-p-p"},
		{100, 12000, 65535, "----p----p"}, {3, 12000, 65535, "--p--p--p-"},
		{100, 12000, 8000, "---p---p"},    {100, 3000, 65535, "--p"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		end_init(&e, "rfc", _i);
		e.profile.push_burst = rows[i].burst;
		e.wnd = (uint16_t)rows[i].wnd;
		tcb_in(&e, ESTABLISHED);
		story_add("-- row %zu\n", i);
		call_send(&e, rows[i].octets, rows[i].octets < 10000 ? SEND_PUSH : 0);
		for (const char *p = rows[i].pushed; *p; p++) {
			const struct seg *s =
				expect(&e, ACK, 1 + 1000 * (p - rows[i].pushed), 1, 1000);
			expect_number(&e, (s->ctl & PSH) != 0, *p == 'p');
		}
		expect_nothing(&e);
	}
}
END_TEST

static void again_pushed(struct end *e, int64_t seq_no, bool is_pushed)
{
	const struct seg *s = expect(e, ACK, seq_no, 1, 1000);

	expect_that(e, s->rexmit > 0);
	expect_number(e, (s->ctl & PSH) != 0, is_pushed);
}

/* Two left together each time: so they are sent again, unless one of them need not be. */
START_TEST(what_left_at_once_is_pushed_again)
{
	static struct end e;

	for (int has_second = 0; has_second <= 1; has_second++) {
		end_init(&e, "rfc", _i);
		e.profile.push_burst = 2;
		open_sack(&e, MS(10));
		send_segments(&e, 10);
		if (has_second)
			sack_two(&e, 1, 4001, 10001, 1001, 2001);
		else
			sack(&e, 1, 4001, 10001);
		again_pushed(&e, 1, false);
		if (!has_second)
			again_pushed(&e, 1001, true);
		again_pushed(&e, 2001, false);
		again_pushed(&e, 3001, true);
		expect_nothing(&e);
	}
}
END_TEST

Suite *opening_suite(void)
{
	Suite *s = suite_create("opening");
	TCase *tc = tcase_create("how stacks open");

	tcase_add_loop_test(tc, the_syns_after_some_have_the_mss_alone, 0, ISS_CASES);
	tcase_add_loop_test(tc, options_are_laid_out_as_the_profile_says, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_first_syns_do_not_back_off, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_slop_is_added_and_not_doubled, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_open_has_a_limit_of_its_own, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_syn_with_a_fin_may_be_dropped, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_reset_for_a_syn_may_have_our_numbers, 0, ISS_CASES);
	tcase_add_loop_test(tc, in_time_wait_stragglers_may_be_answered, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_last_of_segments_that_leave_at_once_is_pushed, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_left_at_once_is_pushed_again, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
