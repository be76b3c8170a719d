/* SPDX-License-Identifier: MIT */
/* RFC 9293 section 3.8.4. */
#include "fixture.h"
#include "suites.h"

static void come(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.keepalive = true;
	tcb_in(e, ESTABLISHED);
}

START_TEST(it_is_off_unless_asked_for)
{
	static struct end e;

	/* MUST-25 */
	for (int i = 0; i < PROFILE_COUNT; i++) {
		ck_assert(!tcp_profiles[i].keepalive);
		ck_assert_int_ge(tcp_profiles[i].keepalive_idle, S(7200)); /* MUST-28 */
		end_init(&e, tcp_profiles[i].name, _i);
		tcb_in(&e, ESTABLISHED);
		expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
	}
}
END_TEST

START_TEST(a_probe_after_two_hours_of_silence)
{
	static struct end e;

	come(&e, _i);
	expect_silence(&e, S(7200));
	expect(&e, ACK, 0, 1, 0); /* SEG.SEQ = SND.NXT-1, no data (SHLD-12) */
	expect_nothing(&e);
}
END_TEST

START_TEST(a_probe_with_a_garbage_octet)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.keepalive = true;
	e.profile.keepalive_garbage = true;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	arrives(&e, ACK, 1, 11, 0);
	forget(&e);
	after(&e, S(7200));
	expect(&e, ACK, 10, 1, 1);
}
END_TEST

START_TEST(nine_probes_and_then_the_end)
{
	static struct end e;

	come(&e, _i);
	expect_silence(&e, S(7200));
	expect(&e, ACK, 0, 1, 0);
	for (int probe = 2; probe <= 9; probe++) {
		expect_silence(&e, S(75));
		expect(&e, ACK, 0, 1, 0);
	}
	after(&e, S(75) - 1);
	expect_state(&e, ESTABLISHED);
	expect_told(&e, 0);
	after(&e, 1);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_TIMEOUT | TCP_SIG_CLOSED);
}
END_TEST

START_TEST(one_answer_is_enough)
{
	static struct end e;

	/* MUST-29: no single unanswered probe means anything. */
	come(&e, _i);
	after(&e, S(7200) + S(75) * 7 + 1000);
	expect_number(&e, e.outs, 8);
	forget(&e);
	arrives(&e, ACK, 1, 1, 0);
	expect_silence(&e, S(7200));
	expect(&e, ACK, 0, 1, 0);
	expect_silence(&e, S(75));
	expect(&e, ACK, 0, 1, 0);
}
END_TEST

START_TEST(anything_heard_puts_the_probe_off)
{
	static struct end e;

	/* MUST-26 */
	come(&e, _i);
	after(&e, S(5000));
	arrives(&e, ACK, 1, 1, 0);
	expect_silence(&e, S(7200));
	expect(&e, ACK, 0, 1, 0);
	come(&e, _i);
	after(&e, S(5000));
	arrives(&e, PSH | ACK, 1, 1, 10);
	after(&e, MS(200));
	forget(&e);
	expect_silence(&e, S(7200) - MS(200));
	expect(&e, ACK, 0, 11, 0);
}
END_TEST

START_TEST(no_probe_while_data_is_out)
{
	static struct end e;

	/* MUST-26: "only ... when no sent data is outstanding" */
	come(&e, _i);
	e.profile.user_timeout = 0;
	e.profile.r2 = S(100000);
	after(&e, S(7000));
	call_send(&e, 10, SEND_PUSH);
	after(&e, S(1000));
	for (; e.taken < e.outs;)
		expect(&e, ACK, 1, 1, 10);
}
END_TEST

START_TEST(the_interval_can_be_set)
{
	static struct end e;

	/* MUST-24, MUST-27, on a running connection */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	e.profile.keepalive = true;
	e.profile.keepalive_idle = S(30);
	e.profile.keepalive_interval = S(5);
	tcp_call_settings(&e.tcb, &e.env);
	drain(&e);
	expect_silence(&e, S(30));
	expect(&e, ACK, 0, 1, 0);
	expect_silence(&e, S(5));
	expect(&e, ACK, 0, 1, 0);
	e.profile.keepalive = false;
	tcp_call_settings(&e.tcb, &e.env);
	drain(&e);
	after(&e, S(100000));
	expect_nothing(&e);
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(a_probe_is_answered)
{
	static struct end e;

	for (int s = ESTABLISHED; s <= CLOSE_WAIT; s++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		uint32_t nxt = seq_span(e.iss, e.tcb.snd.nxt);
		uint32_t rcv = seq_span(e.irs, e.tcb.rcv.nxt);
		arrives(&e, ACK, (int64_t)rcv - 1, 1, 0);
		expect(&e, ACK, nxt, rcv, 0);
		arrives(&e, ACK, (int64_t)rcv - 1, 1, 1);
		expect(&e, ACK, nxt, rcv, 0);
	}
}
END_TEST

Suite *keepalive_suite(void)
{
	Suite *s = suite_create("keep-alive");
	TCase *tc = tcase_create("3.8.4");

	tcase_add_loop_test(tc, it_is_off_unless_asked_for, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_probe_after_two_hours_of_silence, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_probe_with_a_garbage_octet, 0, ISS_CASES);
	tcase_add_loop_test(tc, nine_probes_and_then_the_end, 0, ISS_CASES);
	tcase_add_loop_test(tc, one_answer_is_enough, 0, ISS_CASES);
	tcase_add_loop_test(tc, anything_heard_puts_the_probe_off, 0, ISS_CASES);
	tcase_add_loop_test(tc, no_probe_while_data_is_out, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_interval_can_be_set, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_probe_is_answered, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
