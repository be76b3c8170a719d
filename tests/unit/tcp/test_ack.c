/* SPDX-License-Identifier: MIT */
/* When an ACK is sent: RFC 9293 sections 3.8.6.3 and 3.10.7.4, RFC 5681 section 4.2. Our own MSS is
 * 1460 (MTU 1500): that is RMSS, what "full-sized" is measured by. */
#include "fixture.h"
#include "suites.h"

enum { RMSS = 1460 };

START_TEST(every_second_full_segment_is_acknowledged_at_once)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 6; i += 2) {
		arrives(&e, ACK, 1 + i * RMSS, 1, RMSS);
		expect_nothing(&e);
		arrives(&e, ACK, 1 + (i + 1) * RMSS, 1, RMSS);
		expect(&e, ACK, 1, 1 + (i + 2) * RMSS, 0);
		expect_nothing(&e);
	}
}
END_TEST

START_TEST(twice_rmss_of_new_octets_is_acknowledged_at_once)
{
	static struct end e;

	/* SHLD-19: "every second full-sized segment or 2*RMSS bytes of new data" */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 1000);
	arrives(&e, ACK, 1001, 1, 1000);
	arrives(&e, ACK, 2001, 1, 919);
	expect_nothing(&e);
	arrives(&e, ACK, 2920, 1, 1);
	expect(&e, ACK, 1, 2921, 0);
	expect_nothing(&e);
}
END_TEST

START_TEST(every_second_segment_of_any_size_where_that_is_wished)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ack_count = ACK_COUNT_ANY;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 10);
	expect_nothing(&e);
	arrives(&e, ACK, 11, 1, 10);
	expect(&e, ACK, 1, 21, 0);
}
END_TEST

START_TEST(without_delay_every_segment_is_acknowledged)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 5; i++) {
		arrives(&e, ACK, 1 + 10 * i, 1, 10);
		expect(&e, ACK, 1, 11 + 10 * i, 0);
		expect_nothing(&e);
	}
}
END_TEST

START_TEST(data_carries_the_ack)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	expect_nothing(&e);
	after(&e, MS(50));
	call_send(&e, 20, SEND_PUSH);
	expect(&e, ACK, 1, 11, 20);
	arrives(&e, ACK, 11, 21, 0);
	after(&e, S(10));
	expect_nothing(&e); /* nothing is owed any more */
}
END_TEST

START_TEST(an_ack_is_never_acknowledged)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 5; i++)
		arrives(&e, ACK, 1, 1, 0);
	after(&e, S(10));
	expect_nothing(&e);
}
END_TEST

START_TEST(text_above_a_gap_is_answered_at_once)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	for (int i = 1; i <= 4; i++) {
		arrives(&e, ACK, 1 + 100 * i, 1, 100);
		expect(&e, ACK, 1, 1, 0);
		expect_nothing(&e);
	}
	after(&e, S(10));
	expect_nothing(&e);
}
END_TEST

START_TEST(a_filled_gap_is_answered_at_once_and_once)
{
	static struct end e;

	/* MUST-58, MUST-59: all that was queued is processed before the one ACK. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	for (int i = 1; i <= 4; i++)
		arrives(&e, ACK, 1 + 100 * i, 1, 100);
	forget(&e);
	arrives(&e, ACK, 1, 1, 100);
	expect(&e, ACK, 1, 501, 0);
	expect_nothing(&e);
	after(&e, S(10));
	expect_nothing(&e);
}
END_TEST

START_TEST(a_gap_filled_in_part_is_answered_at_once)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 201, 1, 100);
	forget(&e);
	arrives(&e, ACK, 1, 1, 100);
	expect(&e, ACK, 1, 101, 0);
	expect_nothing(&e);
}
END_TEST

START_TEST(repeated_text_is_answered_at_once)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 100);
	forget(&e);
	e.profile.ack_delay = MS(200);
	arrives(&e, ACK, 1, 1, 100);
	expect(&e, ACK, 1, 101, 0);
	expect_nothing(&e);
}
END_TEST

START_TEST(a_fin_is_acknowledged_together_with_what_is_owed)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 100);
	expect_nothing(&e);
	arrives(&e, FIN | ACK, 101, 1, 0);
	expect(&e, ACK, 1, 102, 0);
	after(&e, S(10));
	expect_nothing(&e);
}
END_TEST

START_TEST(a_merged_close_carries_the_ack_of_the_fin)
{
	static struct end e;

	/* Why four moves can be three: the peer's FIN is still owed its ACK when our FIN goes. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 100);
	call_close(&e, CLOSE_SEND);
	expect(&e, FIN | ACK, 1, 101, 0);
	after(&e, MS(500));
	expect_nothing(&e);
}
END_TEST

START_TEST(every_segment_after_the_open_carries_an_ack)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.reset_unread = false;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 5000, SEND_PUSH);
	arrives(&e, PSH | ACK, 1, 2001, 300);
	after(&e, S(3));
	call_close(&e, CLOSE_SEND);
	after(&e, S(9));
	expect_that(&e, e.outs > 6);
	for (; e.taken < e.outs; e.taken++) {
		expect_that(&e, e.out[e.taken].ctl & ACK);
		expect_that(&e, !(e.out[e.taken].opts & OPT_MSS)); /* MUST-65 */
	}
}
END_TEST

Suite *ack_suite(void)
{
	Suite *s = suite_create("ack");
	TCase *tc = tcase_create("3.8.6.3");

	tcase_add_loop_test(tc, every_second_full_segment_is_acknowledged_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, twice_rmss_of_new_octets_is_acknowledged_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_second_segment_of_any_size_where_that_is_wished, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, without_delay_every_segment_is_acknowledged, 0, ISS_CASES);
	tcase_add_loop_test(tc, data_carries_the_ack, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_is_never_acknowledged, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_above_a_gap_is_answered_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_filled_gap_is_answered_at_once_and_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_gap_filled_in_part_is_answered_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, repeated_text_is_answered_at_once, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_fin_is_acknowledged_together_with_what_is_owed, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_merged_close_carries_the_ack_of_the_fin, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_segment_after_the_open_carries_an_ack, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
