/* SPDX-License-Identifier: MIT */
/* RFC 5961: challenges, and their throttle (section 7). */
#include "fixture.h"
#include "suites.h"

enum { LIMIT = 10 };

static unsigned challenge(struct end *e, unsigned times, unsigned ctl, int64_t seq_no)
{
	forget(e);
	for (unsigned i = 0; i < times; i++)
		arrives(e, ctl, seq_no, 1, 0);
	unsigned answers = e->outs;
	for (unsigned i = 0; i < answers; i++)
		expect(e, ACK, 1, 1, 0);
	return answers;
}

START_TEST(ten_resets_are_challenged_and_no_more)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, challenge(&e, 25, RST, 100), LIMIT);
	expect_state(&e, ESTABLISHED);
	after(&e, S(5) - 1);
	expect_number(&e, challenge(&e, 1, RST, 100), 0);
	after(&e, 1);
	expect_number(&e, challenge(&e, 25, RST, 100), LIMIT);
}
END_TEST

/* Rule SEQ_QUIET: an empty segment that is not acceptable cannot draw answers without end; one with
 * text always has its answer. */
START_TEST(empty_old_segments_share_the_measure)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, challenge(&e, 25, ACK, -5), LIMIT);
	forget(&e);
	arrives(&e, ACK, -5, 1, 3);
	expect_number(&e, e.outs, 1);
	after(&e, S(5));
	expect_number(&e, challenge(&e, 25, ACK, -5), LIMIT);
}
END_TEST

START_TEST(resets_and_syns_share_the_measure)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, challenge(&e, 6, RST, 100), 6);
	expect_number(&e, challenge(&e, 6, SYN, 100), 4);
}
END_TEST

START_TEST(the_measure_can_be_set)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.challenge_limit = 2;
	e.profile.challenge_period = S(60);
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, challenge(&e, 5, SYN, 100), 2);
	after(&e, S(60) - 1);
	expect_number(&e, challenge(&e, 5, SYN, 100), 0);
	after(&e, 1);
	expect_number(&e, challenge(&e, 5, SYN, 100), 2);
}
END_TEST

START_TEST(a_true_reset_always_works)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	challenge(&e, 20, RST, 100);
	arrives(&e, RST, 1, 0, 0);
	expect_state(&e, CLOSED);
}
END_TEST

START_TEST(the_peer_that_is_gone_answers_the_challenge)
{
	static struct end e;
	struct seg reset;

	/* RFC 5961 3.2: the second RST takes its number from the challenge, and fits. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, RST, 100, 0, 0);
	const struct seg *ack = expect(&e, ACK, 1, 1, 0);
	ck_assert(tcp_answer_closed(ack, &reset, &e.env));
	arrives_seg(&e, &reset);
	expect_state(&e, CLOSED);
	expect_told(&e, TCP_SIG_RESET | TCP_SIG_CLOSED);
}
END_TEST

/* "After sending the challenge ACK, TCP MUST drop the unacceptable segment": its text and its ACK
 * count for nothing. */
START_TEST(of_what_is_challenged_nothing_is_read)
{
	static const struct {
		unsigned ctl;
		int64_t at;
	} rows[] = {{RST | ACK, 2}, {SYN | ACK, 1}, {SYN | ACK, 500}, {SYN | ACK, -500}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		end_init(&e, "rfc", _i);
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 100, SEND_PUSH);
		forget(&e);
		story_add("-- row %zu\n", i);
		arrives(&e, rows[i].ctl, rows[i].at, 101, 1000);
		expect(&e, ACK, 101, 1, 0);
		expect_nothing(&e);
		expect_state(&e, ESTABLISHED);
		expect_number(&e, e.tcb.rcv.user, 0);
		expect_number(&e, e.tcb.rcv.held_count, 0);
		expect_number(&e, e.tcb.snd.queued, 100);
	}
}
END_TEST

START_TEST(a_rst_is_judged_in_every_state_alike)
{
	static struct end e;

	for (int s = SYN_RECEIVED; s < STATE_COUNT; s++) {
		if (s == TIME_WAIT)
			continue;
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		int64_t rcv = seq_span(e.irs, e.tcb.rcv.nxt), nxt = seq_span(e.iss, e.tcb.snd.nxt);
		arrives(&e, RST, rcv - 1, 0, 0); /* outside: silence */
		expect_nothing(&e);
		expect_state(&e, (enum state)s);
		arrives(&e, RST, rcv + 1, 0, 0); /* inside: a challenge */
		expect(&e, ACK, nxt, rcv, 0);
		expect_state(&e, (enum state)s);
		arrives(&e, RST, rcv, 0, 0); /* at RCV.NXT: the end */
		expect_nothing(&e);
		expect_state(&e, CLOSED);
	}
}
END_TEST

Suite *challenge_suite(void)
{
	Suite *s = suite_create("challenge");
	TCase *tc = tcase_create("RFC 5961");

	tcase_add_loop_test(tc, ten_resets_are_challenged_and_no_more, 0, ISS_CASES);
	tcase_add_loop_test(tc, empty_old_segments_share_the_measure, 0, ISS_CASES);
	tcase_add_loop_test(tc, resets_and_syns_share_the_measure, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_measure_can_be_set, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_true_reset_always_works, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_peer_that_is_gone_answers_the_challenge, 0, ISS_CASES);
	tcase_add_loop_test(tc, of_what_is_challenged_nothing_is_read, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_rst_is_judged_in_every_state_alike, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
