/* SPDX-License-Identifier: MIT */
/* RFC 9293 section 3.8.5: the pointer names the octet after the urgent data. */
#include "fixture.h"
#include "suites.h"

START_TEST(urgent_data_goes_with_its_pointer)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_URGENT | SEND_PUSH);
	expect_number(&e, expect(&e, ACK | URG, 1, 1, 10)->up, 10); /* MUST-62 */
}
END_TEST

START_TEST(the_pointer_is_on_all_segments_up_to_it)
{
	static struct end e;

	/* "carried in all segments"; "the absence of this flag indicates that there is no urgent
	 * data outstanding" */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 3000, SEND_URGENT | SEND_PUSH);
	expect_number(&e, expect(&e, ACK | URG, 1, 1, 1000)->up, 3000);
	expect_number(&e, expect(&e, ACK | URG, 1001, 1, 1000)->up, 2000);
	expect_number(&e, expect(&e, ACK | URG, 2001, 1, 1000)->up, 1000);
	arrives(&e, ACK, 1, 3001, 0);
	call_send(&e, 10, SEND_PUSH);
	expect_number(&e, expect(&e, ACK, 3001, 1, 10)->up, 0);
}
END_TEST

START_TEST(urgent_data_may_be_longer_than_the_field)
{
	static struct end e;

	/* MUST-31. Far ahead the field cannot name it: 65535, never a smaller number by wrapping.
	 */
	end_init(&e, "rfc", _i);
	e.profile.snd_buff = 200000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 150000, SEND_URGENT | SEND_PUSH);
	expect_number(&e, expect(&e, ACK | URG, 1, 1, 1000)->up, 65535);
	int64_t ack = 1;
	while (ack < 150001) {
		ack += 1000;
		arrives(&e, ACK, 1, ack, 0);
		while (e.taken < e.outs) {
			const struct seg *s = &e.out[e.taken++];
			uint32_t ahead = seq_span(s->seq, seq_add(e.iss, 150001));
			expect_that(&e, s->ctl & URG);
			expect_number(&e, s->up, ahead < 65535 ? ahead : 65535);
		}
		forget(&e);
		story_begin();
	}
}
END_TEST

START_TEST(the_user_is_told_once_and_again_when_it_advances)
{
	static struct end e;

	/* MUST-32 */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives_urgent(&e, ACK, 1, 1, 10, 100);
	expect_told(&e, TCP_SIG_URGENT | TCP_SIG_READABLE);
	arrives_urgent(&e, ACK, 11, 1, 10, 90); /* the same pointer */
	expect_told(&e, TCP_SIG_READABLE);
	arrives_urgent(&e, ACK, 21, 1, 10, 80 + 5); /* it has moved */
	expect_told(&e, TCP_SIG_URGENT | TCP_SIG_READABLE);
	expect_that(&e, seq_eq(e.tcb.rcv.up, seq_add(e.irs, 106)));
}
END_TEST

START_TEST(the_pointer_never_recedes)
{
	static struct end e;

	/* RCV.UP <- max(RCV.UP,SEG.UP) */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives_urgent(&e, ACK, 1, 1, 10, 100);
	forget(&e);
	arrives_urgent(&e, ACK, 11, 1, 10, 20);
	expect_told(&e, TCP_SIG_READABLE);
	expect_that(&e, seq_eq(e.tcb.rcv.up, seq_add(e.irs, 101)));
}
END_TEST

START_TEST(urgent_data_that_was_read_is_urgent_no_more)
{
	static struct end e;

	/* "if the urgent pointer is in advance of the data consumed" */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 100);
	call_receive(&e, 100, 0, NULL);
	forget(&e);
	arrives_urgent(&e, ACK, 101, 1, 0, 0);
	expect_told(&e, 0);
	arrives_urgent(&e, ACK, 101, 1, 0, 1); /* one octet ahead */
	expect_told(&e, TCP_SIG_URGENT);
}
END_TEST

START_TEST(a_new_pointer_after_the_old_was_reached_is_told)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives_urgent(&e, ACK, 1, 1, 10, 10);
	expect_told(&e, TCP_SIG_URGENT | TCP_SIG_READABLE);
	call_receive(&e, 10, 0, NULL);
	arrives_urgent(&e, ACK, 11, 1, 10, 10);
	expect_told(&e, TCP_SIG_URGENT | TCP_SIG_READABLE);
}
END_TEST

START_TEST(urgent_without_text_is_told)
{
	static struct end e;

	for (int s = ESTABLISHED; s <= FIN_WAIT_2; s++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		arrives_urgent(&e, ACK, 1, 1, 0, 50);
		expect_told(&e, TCP_SIG_URGENT);
	}
}
END_TEST

START_TEST(after_the_peers_fin_urgent_is_ignored)
{
	static struct end e;

	for (int s = CLOSE_WAIT; s <= TIME_WAIT; s++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		arrives_urgent(&e, ACK, 2, 1, 0, 50);
		expect_told_of(&e, 0, TCP_SIG_URGENT);
	}
}
END_TEST

START_TEST(the_user_may_ask_how_much_is_left)
{
	static struct end e;

	/* MUST-33 */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, tcp_urgent_left(&e.tcb), 0);
	arrives_urgent(&e, ACK, 1, 1, 10, 25);
	expect_number(&e, tcp_urgent_left(&e.tcb), 25);
	call_receive(&e, 4, 0, NULL);
	expect_number(&e, tcp_urgent_left(&e.tcb), 21);
	arrives(&e, ACK, 11, 1, 30);
	call_receive(&e, 20, 4, NULL);
	expect_number(&e, tcp_urgent_left(&e.tcb), 1);
	call_receive(&e, 1, 24, NULL);
	expect_number(&e, tcp_urgent_left(&e.tcb), 0);
	call_receive(&e, 15, 25, NULL);
	expect_number(&e, tcp_urgent_left(&e.tcb), 0);
}
END_TEST

START_TEST(a_repeated_segment_is_still_urgent)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_URGENT | SEND_PUSH);
	expect(&e, ACK | URG, 1, 1, 10);
	after(&e, S(1));
	expect_number(&e, expect(&e, ACK | URG, 1, 1, 10)->up, 10);
}
END_TEST

Suite *urgent_suite(void)
{
	Suite *s = suite_create("urgent");
	TCase *tc = tcase_create("3.8.5");

	tcase_add_loop_test(tc, urgent_data_goes_with_its_pointer, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_pointer_is_on_all_segments_up_to_it, 0, ISS_CASES);
	tcase_add_loop_test(tc, urgent_data_may_be_longer_than_the_field, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_user_is_told_once_and_again_when_it_advances, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_pointer_never_recedes, 0, ISS_CASES);
	tcase_add_loop_test(tc, urgent_data_that_was_read_is_urgent_no_more, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_new_pointer_after_the_old_was_reached_is_told, 0, ISS_CASES);
	tcase_add_loop_test(tc, urgent_without_text_is_told, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_the_peers_fin_urgent_is_ignored, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_user_may_ask_how_much_is_left, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_repeated_segment_is_still_urgent, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
