/* SPDX-License-Identifier: MIT */
/* The retransmission queue: what is sent again, in which pieces, with what on it. */
#include "fixture.h"
#include "suites.h"

/* The next segment covers [from, to) of our numbers; it may be longer. */
static const struct seg *expect_cover(struct end *e, int64_t from, int64_t to)
{
	expect_that(e, e->taken < e->outs);
	const struct seg *s = &e->out[e->taken++];
	expect_that(e, seq_le(s->seq, seq_add(e->iss, (uint32_t)from)));
	expect_that(e, seq_ge(seg_end(s), seq_add(e->iss, (uint32_t)to)));
	expect_that(e, s->rexmit > 0);
	return s;
}

START_TEST(a_repeated_segment_carries_todays_ack_and_window)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 5000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	arrives(&e, PSH | ACK, 1, 1, 700);
	after(&e, MS(300));
	forget(&e);
	after(&e, MS(700));
	const struct seg *s = expect(&e, ACK, 1, 701, 100);
	expect_number(&e, s->wnd, 4300);
	expect_that(&e, s->ctl & PSH);
}
END_TEST

START_TEST(what_is_acknowledged_is_not_repeated)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 3000, SEND_PUSH);
	arrives(&e, ACK, 1, 2001, 0);
	forget(&e);
	after(&e, S(1));
	expect(&e, ACK, 2001, 1, 1000);
	expect_nothing(&e);
}
END_TEST

START_TEST(an_ack_in_the_middle_of_a_segment)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 1000, SEND_PUSH);
	arrives(&e, ACK, 1, 401, 0);
	expect_that(&e, seq_eq(e.tcb.snd.una, seq_add(e.iss, 401)));
	forget(&e);
	after(&e, S(1));
	expect_cover(&e, 401, 1001);
	arrives(&e, ACK, 1, 1001, 0);
	forget(&e);
	after(&e, S(100));
	expect_nothing(&e);
}
END_TEST

START_TEST(the_repeated_segment_is_never_longer_than_the_mss)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.nagle = false;
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 30; i++)
		call_send(&e, 90, SEND_PUSH);
	forget(&e);
	after(&e, S(1));
	const struct seg *s = expect_cover(&e, 1, 91);
	expect_that(&e, s->text.len <= 1000);
	for (int64_t ack = 91; ack <= 2701; ack += 90)
		arrives(&e, ACK, 1, ack, 0);
	forget(&e);
	after(&e, S(100));
	expect_nothing(&e);
}
END_TEST

START_TEST(a_fin_is_repeated_until_it_is_acknowledged)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	call_close(&e, CLOSE_SEND);
	forget(&e);
	after(&e, S(1));
	expect_cover(&e, 1, 101);
	arrives(&e, ACK, 1, 101, 0);
	expect_state(&e, FIN_WAIT_1);
	forget(&e);
	after(&e, S(70));
	expect_that(&e, e.outs >= 1);
	for (unsigned i = 0; i < e.outs; i++) {
		expect(&e, FIN | ACK, 101, 1, 0);
	}
	arrives(&e, ACK, 1, 102, 0);
	expect_state(&e, FIN_WAIT_2);
	forget(&e);
	after(&e, S(1000));
	expect_nothing(&e);
}
END_TEST

START_TEST(progress_starts_r2_again)
{
	static struct end e;

	/* R2 measures "the same segment". */
	end_init(&e, "rfc", _i);
	e.profile.user_timeout = 0;
	e.profile.rto_max = S(1);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 60000, SEND_PUSH);
	for (int64_t ack = 1001; ack < 9001; ack += 1000) {
		after(&e, S(90));
		expect_state(&e, ESTABLISHED);
		arrives(&e, ACK, 1, ack, 0);
		forget(&e);
		story_begin();
	}
	after(&e, S(103));
	expect_state(&e, CLOSED);
}
END_TEST

START_TEST(an_ack_of_everything_after_repetition_is_believed)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 8000, SEND_PUSH);
	after(&e, S(1));
	forget(&e);
	arrives(&e, ACK, 1, 8001, 0); /* the peer had them all but its ACKs were lost */
	expect_nothing(&e);
	expect_told(&e, TCP_SIG_WRITABLE);
	expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
	expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 8001, 1, 10);
}
END_TEST

START_TEST(snd_nxt_is_what_was_sent_even_while_repeating)
{
	static struct end e;

	/* An ACK of anything sent is acceptable at any time, also between two repetitions. */
	for (int64_t ack = 1001; ack <= 8001; ack += 1000) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 8000, SEND_PUSH);
		after(&e, S(3));
		expect_that(&e, seq_eq(e.tcb.snd.nxt, seq_add(e.iss, 8001)));
		arrives(&e, ACK, 1, ack, 0);
		expect_that(&e, seq_eq(e.tcb.snd.una, seq_add(e.iss, (uint32_t)ack)));
	}
}
END_TEST

START_TEST(the_syn_of_an_early_close_is_repeated_too)
{
	static struct end e;

	/* CLOSE in SYN-RECEIVED: FIN-WAIT-1 with SYN,ACK and FIN both on their way. */
	end_init(&e, "rfc", _i);
	e.is_passive = true;
	tcb_in(&e, SYN_RECEIVED);
	call_close(&e, CLOSE_SEND);
	expect(&e, FIN | ACK, 1, 1, 0);
	expect_silence(&e, S(1));
	expect_that(&e, e.outs > e.taken);
	expect_that(&e, e.out[e.taken].ctl & SYN);
	expect_that(&e, seq_eq(e.out[e.taken].seq, e.iss));
	arrives(&e, ACK, 1, 2, 0);
	expect_state(&e, FIN_WAIT_2);
}
END_TEST

START_TEST(an_icmp_soft_error_ends_nothing)
{
	static struct end e;

	/* MUST-56, SHLD-25, MUST-55 */
	for (int s = SYN_SENT; s < STATE_COUNT; s++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		if (s == ESTABLISHED || s == CLOSE_WAIT)
			call_send(&e, 10, SEND_PUSH);
		forget(&e);
		bool is_out = !seq_eq(e.tcb.snd.una, e.tcb.snd.nxt);
		tcp_arrives_icmp(&e.tcb, ICMP_QUENCH, e.tcb.snd.una, 0, &e.env);
		drain(&e);
		expect_nothing(&e);
		expect_told(&e, 0);
		tcp_arrives_icmp(&e.tcb, ICMP_SOFT, e.tcb.snd.una, 0, &e.env);
		drain(&e);
		expect_nothing(&e);
		expect_state(&e, (enum state)s);
		/* Where nothing is out, RFC 5927 4.1 would call it stray: told or not. */
		if (is_out)
			expect_told(&e, TCP_SIG_SOFT_ERROR);
	}
}
END_TEST

START_TEST(an_icmp_hard_error_ends_an_open)
{
	static struct end e;

	/* SHLD-26 */
	end_init(&e, "rfc", _i);
	tcb_in(&e, SYN_SENT);
	tcp_arrives_icmp(&e.tcb, ICMP_HARD, e.iss, 0, &e.env);
	drain(&e);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_UNREACHABLE | TCP_SIG_CLOSED);
}
END_TEST

START_TEST(an_icmp_error_about_what_was_never_sent_is_ignored)
{
	static struct end e;

	/* RFC 5927 4.1; MUST-54: "directing it to the connection that created the error". */
	end_init(&e, "rfc", _i);
	tcb_in(&e, SYN_SENT);
	tcp_arrives_icmp(&e.tcb, ICMP_HARD, seq_add(e.iss, 1000), 0, &e.env);
	drain(&e);
	expect_state(&e, SYN_SENT);
	expect_told(&e, 0);
}
END_TEST

Suite *rexmit_suite(void)
{
	Suite *s = suite_create("retransmission queue");
	TCase *tc = tcase_create("3.8.1");

	tcase_add_loop_test(tc, a_repeated_segment_carries_todays_ack_and_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_acknowledged_is_not_repeated, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_in_the_middle_of_a_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_repeated_segment_is_never_longer_than_the_mss, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_fin_is_repeated_until_it_is_acknowledged, 0, ISS_CASES);
	tcase_add_loop_test(tc, progress_starts_r2_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_of_everything_after_repetition_is_believed, 0, ISS_CASES);
	tcase_add_loop_test(tc, snd_nxt_is_what_was_sent_even_while_repeating, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_syn_of_an_early_close_is_repeated_too, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_icmp_soft_error_ends_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_icmp_hard_error_ends_an_open, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_icmp_error_about_what_was_never_sent_is_ignored, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
