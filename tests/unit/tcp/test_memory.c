/* SPDX-License-Identifier: MIT */
/*
 * RCV.BUFF as memory (`window is memory`), text that ends beyond the window (`beyond window`), and
 * windows that were told before (RFC 7323 2.4).
 *
 * A segment of up to 88 octets of text takes 256 + 512 octets of memory, one of 1000 takes
 * 256 + 2048, one of 4000 has more than a page: 256 + 4096 + 4096.
 */
#include "fixture.h"
#include "sack_peer.h"
#include "suites.h"

static struct end e;

/* 20000 octets of memory, half of which text is first thought to get: six segments of 1460. */
static void begin(int iss_case)
{
	end_init(&e, "rfc", iss_case);
	e.profile.window_memory = true;
	e.profile.rcv_buff = 20000;
	e.profile.rcv_buff_max = 0;
}

static uint32_t acked(int64_t ack)
{
	return expect(&e, ACK, 1, ack, 0)->wnd;
}

START_TEST(the_first_window_is_whole_segments_of_half_the_memory)
{
	begin(_i);
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, expect(&e, SYN, 0, 0, 0)->wnd, 8760);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_number(&e, acked(1), 8760);
	expect_number(&e, tcp_receive_buffer(&e.tcb, &e.profile, &e.pool), 20000);
}
END_TEST

/* What comes shows how much of the memory is text: 4000 of 8448, and of 11552 that are free 5460
 * are expected to be. */
START_TEST(the_window_is_what_the_free_memory_will_hold)
{
	struct seg s;

	begin(_i);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	s = peer_seg(&e, PSH | ACK, 1, 1, 4000);
	s.piece = 1000;
	arrives_seg(&e, &s);
	expect_number(&e, acked(4001), 5000);
	call_receive(&e, 4000, 0, NULL);
	expect_nothing(&e); /* more than half of the most is free for the peer anyway */
	arrives(&e, PSH | ACK, 4001, 1, 1000);
	expect_number(&e, acked(5001), 8000);
}
END_TEST

START_TEST(small_segments_fill_the_memory)
{
	begin(_i);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 27; i++) { /* 26 * 768 = 19968, and 32 are free for the last */
		arrives(&e, PSH | ACK, 1 + 10 * i, 1, 10);
		expect_number(&e, acked(11 + 10 * i), 8750 - 10 * i); /* its edge stands */
	}
	arrives(&e, PSH | ACK, 271, 1, 10);
	acked(271); /* not kept */
	expect_number(&e, e.tcb.rcv.user, 270);
	expect_number(&e, call_receive(&e, 270, 0, NULL), 270);
	forget(&e);
	arrives(&e, PSH | ACK, 271, 1, 10);
	acked(281);
	expect_number(&e, call_receive(&e, 10, 270, NULL), 10);
}
END_TEST

/* Else two ends that close with a full memory, and text to send, would probe each other always. */
START_TEST(what_nobody_will_read_takes_no_memory)
{
	begin(_i);
	e.profile.ack_delay = 0;
	e.profile.reset_unread = false;
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 27; i++)
		arrives(&e, PSH | ACK, 1 + 10 * i, 1, 10);
	forget(&e);
	call_close(&e, CLOSE_BOTH);
	expect_number(&e, expect(&e, FIN | ACK, 1, 271, 0)->wnd, 8490);
	arrives(&e, PSH | ACK, 271, 2, 1000); /* what comes now is taken, and thrown away */
	expect_number(&e, expect(&e, ACK, 2, 1271, 0)->wnd, 8490);
}
END_TEST

/* RFC 2018 8 permits it, and RFC 2018 5 lets the peer find out. */
START_TEST(text_out_of_order_makes_room_for_text_that_is_due)
{
	begin(_i);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 10);
	for (int i = 0; i < 26; i++)
		arrives(&e, PSH | ACK, 1001 + 10 * i, 1, 10);
	forget(&e);
	arrives(&e, PSH | ACK, 1261, 1, 10); /* text out of order has no such right */
	acked(11);
	arrives(&e, PSH | ACK, 11, 1, 10);
	acked(21);
	expect_number(&e, e.tcb.rcv.held_count, 0);
	arrives(&e, PSH | ACK, 1001, 1, 10);
	acked(21);
	expect_number(&e, e.tcb.rcv.held_count, 1);
	expect_number(&e, call_receive(&e, 20, 0, NULL), 20);
}
END_TEST

/* Twice what is read in a round trip, and 6000 up to the end of what is held. */
START_TEST(text_out_of_order_lets_the_buffer_grow)
{
	static const struct {
		uint32_t most;
		bool is_unclaimed;
		uint32_t buff;
	} rows[] = {{0, false, 20000}, {60000, true, 20000}, {30000, false, 30000},
		    {60000, false, (2 * 8540 + 6000) * 256 / 111}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin(_i);
		e.profile.rcv_buff_max = rows[i].most;
		open_sack(&e, MS(10));
		e.env.is_unclaimed = rows[i].is_unclaimed;
		story_add("-- row %zu\n", i);
		arrives(&e, PSH | ACK, 5001, 1, 1000);
		arrives(&e, PSH | ACK, 5001, 1, 1000); /* again: it takes nothing */
		expect_number(&e, tcp_receive_buffer(&e.tcb, &e.profile, &e.pool), rows[i].buff);
		tcb_check_deep(&e.tcb, &e.env);
	}
}
END_TEST

/* 6000 octets leave 7300 of the 8760 that were told. */
START_TEST(an_ack_that_takes_room_away_waits)
{
	begin(_i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 6000);
	expect_silence(&e, MS(200));
	expect_number(&e, acked(6001), 7300);
	begin(_i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 6000);
	expect_nothing(&e);
	call_receive(&e, 6000, 0, NULL); /* and goes when there is room again */
	acked(6001);
	arrives(&e, ACK, 6001, 1, 3000); /* there still is */
	acked(9001);
}
END_TEST

START_TEST(a_window_that_can_be_twice_as_large_is_told)
{
	begin(_i);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 8; i++)
		arrives(&e, PSH | ACK, 1 + 1000 * i, 1, 1000);
	forget(&e);
	expect_number(&e, e.tcb.rcv.wnd, 760);
	call_receive(&e, 1000, 0, NULL); /* (20000 - 16128) * 111 / 256 = 1678 */
	expect_nothing(&e);
	call_receive(&e, 1000, 1000, NULL);
	expect_number(&e, acked(8001), 2000);
}
END_TEST

START_TEST(the_user_may_set_the_memory)
{
	begin(_i);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	e.profile.rcv_buff = 40000;
	tcp_call_settings(&e.tcb, &e.env);
	expect_number(&e, tcp_receive_buffer(&e.tcb, &e.profile, &e.pool), 40000);
	for (int i = 0; i < 4; i++)
		arrives(&e, PSH | ACK, 1 + 4000 * i, 1, 4000);
	expect_number(&e, e.tcb.rcv.user, 16000);
}
END_TEST

/* It goes with the scale, by whole units. */
START_TEST(a_window_of_memory_may_shrink)
{
	begin(_i);
	e.profile.ack_delay = 0;
	e.profile.shrink = true;
	e.profile.wscale = true;
	e.profile.window_shift = 10;
	e.opts |= OPT_WSCALE;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 4000);
	expect_number(&e, acked(4001), 5);
	arrives(&e, PSH | ACK, 4001, 1, 10); /* 10784 * 121 / 256 = 5097, and 1024 * 4 of it */
	expect_number(&e, acked(4011), 4);
	expect_number(&e, e.tcb.rcv.wnd, 4096);
	/* RFC 7323 2.4: the first ACK told 9 * 1024 from 1 on. */
	arrives(&e, PSH | ACK, 4011, 1, 9217 - 4011 + 1);
	acked(9217);
	expect_number(&e, e.tcb.rcv.wnd, 0);
}
END_TEST

/* Less memory than one segment takes would never hold any: it is 2304 octets at least. */
START_TEST(a_small_memory_holds_one_segment)
{
	begin(_i);
	e.profile.rcv_buff = 1;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, e.tcb.rcv.wnd, 1152);
	for (int i = 0; i < 10; i++) {
		arrives(&e, PSH | ACK, 1 + 900 * i, 1, 900);
		acked(901 + 900 * i);
		expect_number(&e, call_receive(&e, 900, 900 * (uint64_t)i, NULL), 900);
		forget(&e);
		expect_that(&e, e.tcb.rcv.wnd >= 900);
	}
}
END_TEST

START_TEST(without_a_block_octets_are_counted)
{
	end_init_pool(&e, "rfc", _i, 0);
	e.profile.window_memory = true;
	e.profile.rcv_buff = 20000;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, e.tcb.rcv.memory, 0);
	arrives(&e, PSH | ACK, 1, 1, 1000);
	expect_number(&e, acked(1001), 19000);
}
END_TEST

START_TEST(its_figures_are_part_of_the_value)
{
	static struct end other;
	struct tcb copy;
	uint32_t free;

	begin(_i);
	tcb_in(&e, ESTABLISHED);
	free = e.pool.free_count;
	tcb_copy(&copy, &e.tcb, &e.env);
	expect_number(&e, free - e.pool.free_count, tcb_blocks(&e.tcb, &e.pool));
	expect_that(&e, tcb_eq(&copy, &e.tcb, &e.pool, &e.pool));
	tcb_fini(&copy, &e.env);
	expect_number(&e, e.pool.free_count, free);
	end_copy(&other, &e);
	other.pool.blocks[other.tcb.rcv.memory].word[0]++;
	expect_that(&e, !tcb_eq(&e.tcb, &other.tcb, &e.pool, &other.pool));
	expect_that(&e, tcb_hash(&e.tcb, &e.pool) != tcb_hash(&other.tcb, &other.pool));
}
END_TEST

/* ---- beyond the window ---------------------------------------------------------------------- */

START_TEST(text_beyond_the_window_is_taken_whole_or_not_at_all)
{
	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 5000;
	e.profile.beyond_window = BEYOND_REFUSE;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 1000);
	expect_number(&e, acked(1001), 4000);
	arrives(&e, PSH | ACK, 1001, 1, 4001); /* text waits to be read */
	acked(1001);
	arrives(&e, PSH | ACK, 2001, 1, 3001);
	acked(1001);
	expect_number(&e, e.tcb.rcv.held_count, 0);
	expect_number(&e, call_receive(&e, 2000, 0, NULL), 1000);
	forget(&e);
	arrives(&e, PSH | ACK, 1001, 1, 8000);
	expect_number(&e, acked(9001), 0);
	expect_number(&e, call_receive(&e, 9000, 1000, NULL), 8000);
	tcb_check_deep(&e.tcb, &e.env);
}
END_TEST

START_TEST(text_out_of_order_may_be_beyond_the_window_too)
{
	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 5000;
	e.profile.beyond_window = BEYOND_REFUSE;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1001, 1, 8000);
	acked(1);
	tcb_check_deep(&e.tcb, &e.env);
	arrives(&e, PSH | ACK, 1, 1, 1000);
	expect_number(&e, acked(9001), 0);
}
END_TEST

/* A FIN has no text: it may stand one beyond, and waits as it always does. */
START_TEST(a_fin_alone_may_be_beyond_the_window)
{
	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 5000;
	e.profile.beyond_window = BEYOND_REFUSE;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 1000);
	acked(1001);
	arrives(&e, FIN | ACK, 1001, 1, 4000);
	acked(5001);
	expect_state(&e, ESTABLISHED);
}
END_TEST

/* Bound by RFC 7323 2.4, and by RFC 9293 3.8.6: "be prepared". */
START_TEST(a_window_told_before_is_honored)
{
	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 10000;
	e.profile.shrink = true;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	e.profile.rcv_buff = 5000;
	arrives(&e, PSH | ACK, 1, 1, 100);
	expect_number(&e, acked(101), 4900);
	arrives(&e, PSH | ACK, 101, 1, 8000); /* up to 8101 of 10001 */
	expect_number(&e, acked(8101), 0);
	arrives(&e, PSH | ACK, 8101, 1, 3000); /* trimmed to the furthest edge */
	acked(10001);
	expect_number(&e, e.tcb.rcv.user, 10000);
}
END_TEST

START_TEST(a_window_that_never_shrank_is_only_itself)
{
	uint64_t before = hits(R_WINDOW_HONORED);

	end_init(&e, "rfc", _i);
	e.profile.rcv_buff = 10000;
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, PSH | ACK, 1, 1, 11000);
	expect_number(&e, acked(10001), 0);
	expect_that(&e, hits(R_WINDOW_HONORED) == before);
}
END_TEST

Suite *memory_suite(void)
{
	Suite *s = suite_create("memory");
	TCase *tc = tcase_create("window is memory");

	tcase_add_loop_test(tc, the_first_window_is_whole_segments_of_half_the_memory, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, the_window_is_what_the_free_memory_will_hold, 0, ISS_CASES);
	tcase_add_loop_test(tc, small_segments_fill_the_memory, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_nobody_will_read_takes_no_memory, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_out_of_order_makes_room_for_text_that_is_due, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_out_of_order_lets_the_buffer_grow, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_that_takes_room_away_waits, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_that_can_be_twice_as_large_is_told, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_user_may_set_the_memory, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_of_memory_may_shrink, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_small_memory_holds_one_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_a_block_octets_are_counted, 0, ISS_CASES);
	tcase_add_loop_test(tc, its_figures_are_part_of_the_value, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	tc = tcase_create("beyond the window");
	tcase_add_loop_test(tc, text_beyond_the_window_is_taken_whole_or_not_at_all, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_out_of_order_may_be_beyond_the_window_too, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_fin_alone_may_be_beyond_the_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_told_before_is_honored, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_that_never_shrank_is_only_itself, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
