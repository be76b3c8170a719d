/* SPDX-License-Identifier: MIT */
/* TIME-WAIT: RFC 9293 sections 3.6.1 and 3.10.7.4, RFC 1337. The peer's FIN stood at IRS+1, ours at
 * ISS+1: RCV.NXT = IRS+2, SND.NXT = ISS+2. */
#include "fixture.h"
#include "suites.h"

static void wait_in(struct end *e, const char *profile, int iss_case)
{
	end_init(e, profile, iss_case);
	e->profile.time_wait = S(240);
	tcb_in(e, TIME_WAIT);
}

static void expect_end_after(struct end *e, usec span)
{
	after(e, span - 1);
	expect_state(e, TIME_WAIT);
	after(e, 1);
	expect_state(e, CLOSED);
}

START_TEST(a_repeated_fin_is_acknowledged_and_the_wait_begins_again)
{
	static struct end e;

	wait_in(&e, "rfc", _i);
	for (int i = 0; i < 3; i++) {
		after(&e, S(200));
		arrives(&e, FIN | ACK, 1, 2, 0);
		expect(&e, ACK, 2, 2, 0);
		expect_nothing(&e);
		expect_told(&e, 0); /* it was told when it came first */
	}
	expect_end_after(&e, S(240));
}
END_TEST

START_TEST(a_fin_repeated_with_its_text_counts_as_well)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, FIN_WAIT_2);
	arrives(&e, FIN | ACK, 1, 2, 50);
	expect_state(&e, TIME_WAIT);
	after(&e, S(200));
	forget(&e);
	arrives(&e, FIN | ACK, 1, 2, 50);
	expect(&e, ACK, 2, 52, 0);
	expect_end_after(&e, S(240));
}
END_TEST

START_TEST(old_text_is_acknowledged_and_lengthens_nothing)
{
	static struct end e;

	wait_in(&e, "rfc", _i);
	after(&e, S(200));
	arrives(&e, ACK, -99, 1, 50);
	expect(&e, ACK, 2, 2, 0);
	expect_end_after(&e, S(40));
}
END_TEST

START_TEST(a_bare_ack_is_not_answered)
{
	static struct end e;

	/* Else two peers after a simultaneous close would answer each other for ever. */
	wait_in(&e, "rfc", _i);
	after(&e, S(200));
	arrives(&e, ACK, 2, 2, 0);
	expect_nothing(&e);
	expect_end_after(&e, S(40));
}
END_TEST

START_TEST(a_rst_ends_it)
{
	static struct end e;

	wait_in(&e, "rfc", _i);
	arrives(&e, RST, 2, 0, 0);
	expect_nothing(&e);
	expect_state(&e, CLOSED);
	expect_that(&e, e.told & TCP_SIG_CLOSED);
	wait_in(&e, "rfc", _i);
	arrives(&e, RST, 1, 0, 0); /* not at RCV.NXT */
	expect_state(&e, TIME_WAIT);
}
END_TEST

START_TEST(rfc_1337_ignores_a_rst)
{
	static struct end e;

	wait_in(&e, "freebsd", _i);
	after(&e, S(200));
	arrives(&e, RST, 2, 0, 0);
	arrives(&e, RST | ACK, 2, 2, 0);
	expect_nothing(&e);
	expect_told(&e, 0);
	expect_end_after(&e, S(40));
}
END_TEST

START_TEST(a_syn_is_refused_with_an_ack)
{
	static struct end e;
	static const int64_t seqs[] = {-5000, 1, 2, 3, 30000, 1000000};

	for (unsigned i = 0; i < sizeof(seqs) / sizeof(seqs[0]); i++) {
		wait_in(&e, "rfc", _i);
		arrives(&e, SYN, seqs[i], 0, 0);
		expect(&e, ACK, 2, 2, 0);
		expect_nothing(&e);
		expect_state(&e, TIME_WAIT);
	}
}
END_TEST

START_TEST(a_larger_syn_opens_anew_where_that_is_wished)
{
	static struct end e;
	static const int64_t seqs[] = {3, 30000, 1000000};

	/* MAY-2 */
	for (unsigned i = 0; i < sizeof(seqs) / sizeof(seqs[0]); i++) {
		wait_in(&e, "linux", _i);
		arrives(&e, SYN, seqs[i], 0, 0);
		expect_nothing(&e); /* the listener answers */
		expect_state(&e, CLOSED);
		expect_told(&e, TCP_SIG_REOPEN | TCP_SIG_CLOSED);
		/* "larger than the largest sequence number it used": that was our FIN's. */
		expect_that(&e, seq_ge(e.env.reopen_iss, seq_add(e.iss, 1)));
		expect_that(&e, seq_lt(e.env.reopen_iss, seq_add(e.iss, 1u << 30)));
	}
}
END_TEST

START_TEST(an_older_syn_opens_nothing)
{
	static struct end e;
	static const int64_t seqs[] = {-5000, 0, 1};

	for (unsigned i = 0; i < sizeof(seqs) / sizeof(seqs[0]); i++) {
		wait_in(&e, "linux", _i);
		arrives(&e, SYN, seqs[i], 0, 0);
		expect(&e, ACK, 2, 2, 0);
		expect_state(&e, TIME_WAIT);
		arrives(&e, SYN | ACK, 5000, 2, 0); /* nor does one with an ACK */
		expect_state(&e, TIME_WAIT);
	}
}
END_TEST

START_TEST(it_is_reached_in_three_ways)
{
	static struct end e;

	/* From FIN-WAIT-2, from CLOSING, and straight from FIN-WAIT-1: 2 MSL from that moment. */
	for (int way = 0; way < 3; way++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, way == 0 ? FIN_WAIT_2 : way == 1 ? CLOSING : FIN_WAIT_1);
		after(&e, MS(300));
		if (way == 1)
			arrives(&e, ACK, 2, 2, 0);
		else
			arrives(&e, FIN | ACK, 1, 2, 0);
		expect_state(&e, TIME_WAIT);
		expect_number(&e, tcp_next_timeout(&e.tcb), e.env.now + S(240));
		expect_end_after(&e, S(240));
		expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
	}
}
END_TEST

START_TEST(zero_length_means_no_wait)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.time_wait = 0;
	tcb_in(&e, FIN_WAIT_2);
	arrives(&e, FIN | ACK, 1, 2, 0);
	expect(&e, ACK, 2, 2, 0);
	after(&e, 0);
	expect_state(&e, CLOSED);
}
END_TEST

Suite *time_wait_suite(void)
{
	Suite *s = suite_create("time-wait");
	TCase *tc = tcase_create("3.6.1");

	tcase_add_loop_test(tc, a_repeated_fin_is_acknowledged_and_the_wait_begins_again, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, a_fin_repeated_with_its_text_counts_as_well, 0, ISS_CASES);
	tcase_add_loop_test(tc, old_text_is_acknowledged_and_lengthens_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_bare_ack_is_not_answered, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_rst_ends_it, 0, ISS_CASES);
	tcase_add_loop_test(tc, rfc_1337_ignores_a_rst, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_syn_is_refused_with_an_ack, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_larger_syn_opens_anew_where_that_is_wished, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_older_syn_opens_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, it_is_reached_in_three_ways, 0, ISS_CASES);
	tcase_add_loop_test(tc, zero_length_means_no_wait, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
