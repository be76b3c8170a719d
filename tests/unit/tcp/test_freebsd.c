/* SPDX-License-Identifier: MIT */
/* What FreeBSD does beyond the RFC's text, or beside it, each a field of the profile. */
#include "fixture.h"
#include "suites.h"

START_TEST(acks_say_the_fin_again)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.fin_with_acks = true;
	tcb_in(&e, FIN_WAIT_1);
	arrives(&e, FIN | ACK, 1, 1, 0);
	expect(&e, FIN | ACK, 1, 2, 0);
	expect_state(&e, CLOSING);
	arrives(&e, ACK, 2, 2, 0);
	expect_state(&e, TIME_WAIT);
	expect_nothing(&e);
}
END_TEST

START_TEST(an_acknowledged_fin_is_not_said_again)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.fin_with_acks = true;
	tcb_in(&e, FIN_WAIT_2);
	arrives(&e, FIN | ACK, 1, 2, 0);
	expect(&e, ACK, 2, 2, 0);
}
END_TEST

START_TEST(the_ack_of_an_old_segment_counts)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.old_ack_read = true;
	tcb_in(&e, CLOSING);
	arrives(&e, FIN | ACK, 1, 2, 0);
	expect_state(&e, TIME_WAIT);
	expect(&e, ACK, 2, 2, 0);

	end_init(&e, "rfc", _i);
	tcb_in(&e, CLOSING);
	arrives(&e, FIN | ACK, 1, 2, 0);
	expect_state(&e, CLOSING);
}
END_TEST

START_TEST(time_wait_hears_no_segment_without_ack)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.time_wait_plain = false;
	tcb_in(&e, TIME_WAIT);
	arrives(&e, FIN, 1, 0, 0);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 2, 1);
	expect(&e, ACK, 2, 2, 0);
}
END_TEST

START_TEST(a_reset_near_the_end_may_be_told)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.reset_told = true;
	tcb_in(&e, LAST_ACK);
	arrives(&e, RST, 2, 0, 0);
	expect_state(&e, CLOSED);
	expect_told_of(&e, TCP_SIG_RESET, TCP_SIG_RESET);

	end_init(&e, "rfc", _i);
	tcb_in(&e, LAST_ACK);
	arrives(&e, RST, 2, 0, 0);
	expect_state(&e, CLOSED);
	expect_told_of(&e, 0, TCP_SIG_RESET);
}
END_TEST

START_TEST(a_listener_drops_a_synack)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.listen_synack = false;
	tcb_in(&e, LISTEN);
	arrives(&e, SYN | ACK, 0, 5, 0);
	expect_nothing(&e);
	arrives(&e, ACK, 0, 5, 0);
	expect(&e, RST, 5, 0, 0);
	expect_state(&e, LISTEN);
}
END_TEST

START_TEST(without_options_there_are_none)
{
	static struct end e;
	const struct seg *syn;

	end_init(&e, "rfc", _i);
	e.profile.no_options = true;
	call_open(&e, OPEN_ACTIVE);
	syn = expect(&e, SYN, 0, 0, 0);
	expect_number(&e, syn->opts, 0);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect(&e, ACK, 1, 1, 0);
	expect_number(&e, e.tcb.snd.peer_mss, 536);
}
END_TEST

START_TEST(the_ack_of_a_syns_text_may_wait)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.syn_text_waits = true;
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 3);
	expect(&e, SYN | ACK, 0, 1, 0);
	arrives(&e, ACK, 4, 1, 0);
	expect_silence(&e, MS(200));
	expect(&e, ACK, 1, 4, 0);
}
END_TEST

Suite *freebsd_suite(void)
{
	Suite *s = suite_create("freebsd");
	TCase *tc = tcase_create("of FreeBSD");

	tcase_add_loop_test(tc, acks_say_the_fin_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_acknowledged_fin_is_not_said_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_ack_of_an_old_segment_counts, 0, ISS_CASES);
	tcase_add_loop_test(tc, time_wait_hears_no_segment_without_ack, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_reset_near_the_end_may_be_told, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_listener_drops_a_synack, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_options_there_are_none, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_ack_of_a_syns_text_may_wait, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
