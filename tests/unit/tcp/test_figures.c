/* SPDX-License-Identifier: MIT */
/*
 * RFC 9293's figures 6 to 13, segment by segment: one endpoint is ours, the other the figure's.
 * Both of its sides are tried.
 */
#include "fixture.h"
#include "suites.h"

START_TEST(figure_6_both_sides)
{
	static struct end a, b;

	end_init(&a, "rfc", _i);
	call_open(&a, OPEN_ACTIVE);
	expect(&a, SYN, 0, 0, 0);
	expect_state(&a, SYN_SENT);
	arrives(&a, SYN | ACK, 0, 1, 0);
	expect_state(&a, ESTABLISHED);
	expect(&a, ACK, 1, 1, 0);
	call_send(&a, 10, SEND_PUSH);
	expect(&a, ACK, 1, 1, 10);

	end_init(&b, "rfc", _i);
	call_open(&b, OPEN_PASSIVE);
	arrives(&b, SYN, 0, 0, 0);
	expect_state(&b, SYN_RECEIVED);
	expect(&b, SYN | ACK, 0, 1, 0);
	arrives(&b, ACK, 1, 1, 0);
	expect_state(&b, ESTABLISHED);
	expect_nothing(&b);
	arrives(&b, PSH | ACK, 1, 1, 10);
	expect_state(&b, ESTABLISHED);
}
END_TEST

START_TEST(figure_7_simultaneous_open)
{
	static struct end e;

	/* MUST-10. Both peers do the same: SYN, then SYN,ACK, and then nothing more. */
	end_init(&e, "rfc", _i);
	call_open(&e, OPEN_ACTIVE);
	expect(&e, SYN, 0, 0, 0);
	arrives(&e, SYN, 0, 0, 0);
	expect_state(&e, SYN_RECEIVED);
	expect(&e, SYN | ACK, 0, 1, 0); /* line 5: <SEQ=100><ACK=301><CTL=SYN,ACK> */
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_state(&e, ESTABLISHED);
	expect_nothing(&e);
	expect_told(&e, TCP_SIG_ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 1, 1, 10);
	arrives(&e, PSH | ACK, 1, 11, 10);
	expect_number(&e, call_receive(&e, 10, 0, NULL), 10);
}
END_TEST

START_TEST(figure_7_as_the_text_of_3_10_7_4_has_it)
{
	static struct end e;

	/* Without the local rule the SYN,ACK is not acceptable: it is acknowledged and dropped, and
	 * the peer, which does the same, is acknowledged in turn. */
	end_init(&e, "rfc", _i);
	e.profile.syn_received_synack = false;
	call_open(&e, OPEN_ACTIVE);
	arrives(&e, SYN, 0, 0, 0);
	forget(&e);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect(&e, ACK, 1, 1, 0);
	expect_state(&e, SYN_RECEIVED);
	arrives(&e, ACK, 1, 1, 0);
	expect_nothing(&e);
	expect_state(&e, ESTABLISHED);
}
END_TEST

START_TEST(figure_8_old_duplicate_syn)
{
	static struct end a, b;

	/* A in SYN-SENT meets an answer to a SYN that it has not sent. */
	end_init(&a, "rfc", _i);
	tcb_in(&a, SYN_SENT);
	arrives(&a, SYN | ACK, 0, -9, 0);
	expect(&a, RST, -9, 0, 0);
	expect_state(&a, SYN_SENT);
	arrives(&a, SYN | ACK, 100, 1, 0);
	expect(&a, ACK, 1, 101, 0);
	expect_state(&a, ESTABLISHED);

	/* B is stirred by the old SYN, comes back to LISTEN, and takes the true one with a new ISS.
	 */
	end_init(&b, "rfc", _i);
	tcb_in(&b, LISTEN);
	arrives(&b, SYN, -10, 0, 0);
	expect(&b, SYN | ACK, 0, -9, 0);
	expect_state(&b, SYN_RECEIVED);
	arrives(&b, RST, -9, 0, 0);
	expect_nothing(&b);
	expect_state(&b, LISTEN);
	b.iss = b.env.iss = seq_add(b.iss, 100);
	arrives(&b, SYN, 0, 0, 0);
	expect(&b, SYN | ACK, 0, 1, 0);
	arrives(&b, ACK, 1, 1, 0);
	expect_state(&b, ESTABLISHED);
}
END_TEST

START_TEST(figure_9_half_open_connection)
{
	static struct end a, b;

	/* A, rebooted, asks anew; B acknowledges what it knows; A resets; B aborts. */
	end_init(&b, "rfc", _i);
	tcb_in(&b, ESTABLISHED);
	arrives(&b, SYN, 300, 0, 0);
	expect(&b, ACK, 1, 1, 0);
	expect_state(&b, ESTABLISHED);
	arrives(&b, RST, 1, 0, 0);
	expect_state(&b, CLOSED);
	expect_told(&b, TCP_SIG_RESET | TCP_SIG_CLOSED);

	end_init(&a, "rfc", _i);
	tcb_in(&a, SYN_SENT);
	arrives(&a, ACK, 300, -300, 0);
	expect(&a, RST, -300, 0, 0);
	expect_state(&a, SYN_SENT);
	/* Line 7: the SYN again. */
	expect_silence(&a, S(1));
	expect(&a, SYN, 0, 0, 0);
}
END_TEST

START_TEST(figure_10_active_side_finds_out)
{
	static struct end a;
	struct seg data, reset;

	end_init(&a, "rfc", _i);
	data = peer_seg(&a, ACK, 300, 100, 10);
	ck_assert(tcp_answer_closed(&data, &reset, &a.env));
	ck_assert_uint_eq(reset.ctl, RST);
	ck_assert(seq_eq(reset.seq, data.ack)); /* <SEQ=100><CTL=RST> */
	ck_assert_uint_eq(reset.len, 0);
}
END_TEST

START_TEST(figure_11_two_passive_sockets)
{
	static struct end a, b;

	end_init(&b, "rfc", _i);
	tcb_in(&b, LISTEN);
	arrives(&b, SYN, 0, 0, 0);
	expect(&b, SYN | ACK, 0, 1, 0);
	end_init(&a, "rfc", _i);
	tcb_in(&a, LISTEN);
	arrives(&a, SYN | ACK, 0, 1, 0);
	expect(&a, RST, 1, 0, 0);
	expect_state(&a, LISTEN);
	arrives(&b, RST, 1, 0, 0);
	expect_state(&b, LISTEN);
	expect_nothing(&b);
}
END_TEST

START_TEST(figure_12_normal_close)
{
	static struct end a, b;

	end_init(&a, "rfc", _i);
	tcb_in(&a, ESTABLISHED);
	call_close(&a, CLOSE_SEND);
	expect(&a, FIN | ACK, 1, 1, 0);
	expect_state(&a, FIN_WAIT_1);
	arrives(&a, ACK, 1, 2, 0);
	expect_nothing(&a);
	expect_state(&a, FIN_WAIT_2);
	arrives(&a, FIN | ACK, 1, 2, 0);
	expect(&a, ACK, 2, 2, 0);
	expect_state(&a, TIME_WAIT);
	after(&a, S(240));
	expect_state(&a, CLOSED);

	end_init(&b, "rfc", _i);
	tcb_in(&b, ESTABLISHED);
	arrives(&b, FIN | ACK, 1, 1, 0);
	expect(&b, ACK, 1, 2, 0);
	expect_state(&b, CLOSE_WAIT);
	call_close(&b, CLOSE_SEND);
	expect(&b, FIN | ACK, 1, 2, 0);
	expect_state(&b, LAST_ACK);
	arrives(&b, ACK, 2, 2, 0);
	expect_nothing(&b);
	expect_state(&b, CLOSED);
	expect_number(&b, b.pool.free_count, END_BLOCKS - 1);
}
END_TEST

START_TEST(figure_13_simultaneous_close)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_close(&e, CLOSE_SEND);
	expect(&e, FIN | ACK, 1, 1, 0);
	arrives(&e, FIN | ACK, 1, 1, 0);
	expect_state(&e, CLOSING);
	expect(&e, ACK, 2, 2, 0);
	arrives(&e, ACK, 2, 2, 0);
	expect_nothing(&e);
	expect_state(&e, TIME_WAIT);
	after(&e, S(240));
	expect_state(&e, CLOSED);
}
END_TEST

START_TEST(who_called_is_remembered)
{
	static struct end e;

	/* MUST-11: the same RST in SYN-RECEIVED, two histories. */
	for (int i = 0; i < 2; i++) {
		end_init(&e, "rfc", _i);
		e.is_passive = i;
		tcb_in(&e, SYN_RECEIVED);
		expect_number(&e, e.tcb.origin, i ? ORIGIN_PASSIVE : ORIGIN_ACTIVE);
		arrives(&e, RST, 1, 0, 0);
		expect_state(&e, i ? LISTEN : CLOSED);
	}
	/* A LISTEN that was made active counts as active. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, LISTEN);
	call_open(&e, OPEN_ACTIVE);
	arrives(&e, SYN, 0, 0, 0);
	arrives(&e, RST, 1, 0, 0);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_REFUSED | TCP_SIG_CLOSED);
}
END_TEST

START_TEST(a_relisten_starts_afresh)
{
	static struct end e;

	/* Nothing of the caller that was reset stays: text, timers, numbers. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, LISTEN);
	arrives(&e, SYN, 0, 0, 20);
	after(&e, S(1));
	arrives(&e, RST, 1, 0, 0);
	expect_state(&e, LISTEN);
	expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
	expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
	forget(&e);
	e.irs = seq_add(e.irs, 70000);
	arrives(&e, SYN, 0, 0, 0);
	expect_number(&e, expect(&e, SYN | ACK, 0, 1, 0)->rexmit, 0);
	arrives(&e, ACK, 1, 1, 0);
	expect_state(&e, ESTABLISHED);
	expect_number(&e, call_receive(&e, 100, 0, NULL), 0);
}
END_TEST

Suite *figures_suite(void)
{
	Suite *s = suite_create("figures");
	TCase *tc = tcase_create("3.5 and 3.6");

	tcase_add_loop_test(tc, figure_6_both_sides, 0, ISS_CASES);
	tcase_add_loop_test(tc, figure_7_simultaneous_open, 0, ISS_CASES);
	tcase_add_loop_test(tc, figure_7_as_the_text_of_3_10_7_4_has_it, 0, ISS_CASES);
	tcase_add_loop_test(tc, figure_8_old_duplicate_syn, 0, ISS_CASES);
	tcase_add_loop_test(tc, figure_9_half_open_connection, 0, ISS_CASES);
	tcase_add_loop_test(tc, figure_10_active_side_finds_out, 0, ISS_CASES);
	tcase_add_loop_test(tc, figure_11_two_passive_sockets, 0, ISS_CASES);
	tcase_add_loop_test(tc, figure_12_normal_close, 0, ISS_CASES);
	tcase_add_loop_test(tc, figure_13_simultaneous_close, 0, ISS_CASES);
	tcase_add_loop_test(tc, who_called_is_remembered, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_relisten_starts_afresh, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
