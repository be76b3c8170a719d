/* SPDX-License-Identifier: MIT */
/* RFC 7323 section 2: window scale; and the ways of the receive window that hang on it. */
#include "fixture.h"
#include "suites.h"

enum { MIB = 1 << 20 };

/* Established, both scaling: ours by 5 with a buffer of 1 MiB, the peer's by 3. */
static void scaling(struct end *e, int iss_case, enum round_choice round)
{
	end_init(e, "rfc", iss_case);
	e->profile.wscale = true;
	e->profile.rcv_buff = MIB;
	e->profile.ack_delay = 0;
	e->profile.window_round = (uint8_t)round;
	e->opts = OPT_WSCALE;
	e->wscale = 3;
	tcb_in(e, ESTABLISHED);
}

START_TEST(the_shift_is_the_least_that_the_buffer_needs)
{
	static const struct {
		uint32_t buff, most, field;
		uint8_t shift;
	} rows[] = {
		{1, 0, 15, 0},         {65535, 0, 15, 0},           {65536, 0, 15, 1},
		{MIB, 0, 15, 5},       {1u << 30, 0, 15, 14},       {65536, 2 * MIB, 15, 6},
		{65536, 73728, 15, 1}, {65536, UINT32_MAX, 15, 14}, {65536, 0, 7, 7},
		{MIB, 0, 0, 0},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		end_init(&e, "rfc", _i);
		e.profile.wscale = true;
		e.profile.rcv_buff = rows[i].buff;
		e.profile.rcv_buff_max = rows[i].most;
		e.profile.window_shift = rows[i].field;
		call_open(&e, OPEN_ACTIVE);

		const struct seg *syn = expect(&e, SYN, 0, 0, 0);

		expect_that(&e, (syn->opts & OPT_WSCALE) != 0);
		expect_number(&e, syn->wscale, rows[i].shift);
	}
}
END_TEST

START_TEST(windows_are_scaled_but_those_of_syns_are_not)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.wscale = true;
	e.profile.rcv_buff = MIB;
	e.opts = OPT_WSCALE;
	e.wscale = 3;
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, expect(&e, SYN, 0, 0, 0)->wnd, 65535);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_number(&e, e.tcb.snd.wnd, 65535);
	expect_number(&e, expect(&e, ACK, 1, 1, 0)->wnd, MIB >> 5);
	expect_number(&e, e.tcb.rcv.wnd, MIB);
	e.wnd = 1000;
	arrives(&e, ACK, 1, 1, 0);
	expect_number(&e, e.tcb.snd.wnd, 8000);
}
END_TEST

/* RFC 7323 2.2: a window scale "without a SYN bit MUST be ignored". */
START_TEST(a_scale_without_syn_is_ignored)
{
	static struct end e;
	struct seg s;

	scaling(&e, _i, ROUND_UP);
	s = peer_seg(&e, ACK, 1, 1, 0);
	s.opts |= OPT_WSCALE;
	s.wscale = 7;
	s.wnd = 1000;
	arrives_seg(&e, &s);
	expect_number(&e, e.tcb.snd_shift, 3);
	expect_number(&e, e.tcb.snd.wnd, 8000);
}
END_TEST

START_TEST(a_listener_scales_only_when_asked)
{
	static struct end e;

	for (int asks = 0; asks < 2; asks++) {
		end_init(&e, "rfc", _i);
		e.profile.wscale = true;
		e.profile.rcv_buff = MIB;
		e.opts = asks ? OPT_WSCALE : 0;
		e.wscale = 7;
		call_open(&e, OPEN_PASSIVE);
		arrives(&e, SYN, 0, 0, 0);

		const struct seg *s = expect(&e, SYN | ACK, 0, 1, 0);

		expect_number(&e, (s->opts & OPT_WSCALE) != 0, asks);
		expect_number(&e, s->wnd, 65535);
		expect_number(&e, e.tcb.rcv_shift, asks ? 5 : 0);
		arrives(&e, ACK, 1, 1, 100);
		expect_number(&e, e.tcb.snd.wnd, asks ? 65535 << 7 : 65535);
	}
}
END_TEST

START_TEST(one_side_alone_scales_nothing)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.wscale = true;
	e.profile.rcv_buff = MIB;
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, e.tcb.rcv_shift, 0);
	expect_number(&e, e.tcb.snd_shift, 0);
	expect_number(&e, e.tcb.rcv.wnd, 65535);

	end_init(&e, "rfc", _i); /* the peer offers, we do not */
	e.opts = OPT_WSCALE;
	e.wscale = 4;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 0);
	expect_number(&e, e.tcb.snd.wnd, 65535);
}
END_TEST

START_TEST(a_shift_over_14_is_14)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.wscale = true;
	e.opts = OPT_WSCALE;
	e.wscale = 15;
	e.wnd = 2;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 0);
	expect_number(&e, e.tcb.snd.wnd, 2 << 14);
}
END_TEST

START_TEST(more_than_64_kib_are_in_flight)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.wscale = true;
	e.profile.cc = CC_NONE;
	e.profile.snd_buff = 300000;
	e.opts = OPT_WSCALE;
	e.wscale = 2;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 200000, SEND_PUSH);
	expect_number(&e, seq_span(e.tcb.snd.una, e.tcb.snd.nxt), 200000);
}
END_TEST

static int64_t edge_of(const struct end *e, const struct seg *s)
{
	return (int64_t)seq_span(e->irs, s->ack) + ((int64_t)s->wnd << e->tcb.rcv_shift);
}

START_TEST(rounded_up_the_right_edge_never_moves_back)
{
	static struct end e;
	int64_t edge = 0, at = 1;

	scaling(&e, _i, ROUND_UP);
	for (uint32_t n = 1; n < 200; n++) {
		arrives(&e, ACK, at, 1, n);
		at += n;
		int64_t now = edge_of(&e, expect(&e, ACK, 1, at, 0));
		expect_that(&e, now >= edge);
		expect_number(&e, seq_span(e.irs, seq_add(e.tcb.rcv.nxt, e.tcb.rcv.wnd)), now);
		edge = now;
	}
}
END_TEST

START_TEST(rounded_down_the_edge_told_steps_back_and_text_there_is_still_taken)
{
	static struct end e;
	int64_t edge;

	scaling(&e, _i, ROUND_DOWN);
	arrives(&e, ACK, 1, 1, 1001);
	edge = edge_of(&e, expect(&e, ACK, 1, 1002, 0));
	expect_that(&e, edge < 1 + MIB && edge > 1 + MIB - 32);
	/* RFC 7323 2.4: "The receiver MUST honor, as in window, any segment that would have been
	 * in window for any <ACK> sent by the receiver." */
	arrives(&e, ACK, MIB, 1, 1);
	expect(&e, ACK, 1, 1002, 0);
	expect_number(&e, e.tcb.rcv.held_count, 1);
}
END_TEST

START_TEST(duplicate_acks_are_told_by_the_scaled_window)
{
	static struct end e;

	scaling(&e, _i, ROUND_UP);
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 5000, SEND_PUSH);
	forget(&e);
	for (int i = 0; i < 3; i++)
		arrives(&e, ACK, 1, 1, 0);
	expect(&e, ACK, 1, 1, 1000);
	expect_nothing(&e);
}
END_TEST

START_TEST(the_window_of_a_synack_that_crosses_is_not_scaled)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.wscale = true;
	e.opts = OPT_WSCALE;
	e.wscale = 9;
	tcb_in(&e, SYN_RECEIVED);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_state(&e, ESTABLISHED);
	expect_number(&e, e.tcb.snd.wnd, 65535);
}
END_TEST

START_TEST(packed_in_time_wait_windows_and_shifts_come_back)
{
	static struct end e;
	struct tcb_time_wait packed;
	struct tcb back;

	scaling(&e, _i, ROUND_DOWN);
	call_close(&e, CLOSE_SEND);
	e.wnd = 12345;
	arrives(&e, ACK, 1, 2, 0);
	arrives(&e, FIN | ACK, 1, 2, 0);
	expect_state(&e, TIME_WAIT);
	tcp_pack(&e.tcb, &packed);
	tcp_unpack(&packed, &back, &e.env);
	expect_number(&e, back.snd.wnd, 12345 << 3);
	expect_number(&e, back.rcv.wnd, e.tcb.rcv.wnd);
	expect_number(&e, back.snd_shift, 3);
	expect_number(&e, back.rcv_shift, 5);
	expect_number(&e, back.flags & TCB_SCALE, TCB_SCALE);
	expect_number(&e, back.origin, ORIGIN_ACTIVE);
}
END_TEST

/* ---- the window as FreeBSD has it ----------------------------------------------------------- */

static void roomy(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.rcv_buff = 65536;
	e->profile.rcv_buff_round = true;
	e->profile.window_room = true;
	e->profile.ack_delay = 0;
	e->mss = 1460;
}

START_TEST(the_buffer_is_rounded_up_to_whole_segments)
{
	static struct end e;

	roomy(&e, _i);
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, tcp_receive_buffer(&e.tcb, &e.profile, &e.pool), 65536);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_number(&e, tcp_receive_buffer(&e.tcb, &e.profile, &e.pool), 45 * 1460);
	expect_number(&e, e.tcb.rcv.wnd, 45 * 1460);
	roomy(&e, _i); /* as long as it is one of a listener's SYNs, it has no buffer of its own */
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	expect_number(&e, tcp_receive_buffer(&e.tcb, &e.profile, &e.pool), 65536);
	expect_number(&e, e.tcb.rcv.wnd, 65535);
	arrives(&e, ACK, 1, 1, 0);
	expect_number(&e, tcp_receive_buffer(&e.tcb, &e.profile, &e.pool), 45 * 1460);
	e.profile.rcv_buff_max = 65600;
	expect_number(&e, tcp_receive_buffer(&e.tcb, &e.profile, &e.pool), 65536);
}
END_TEST

START_TEST(all_the_room_is_window_though_the_header_tells_less)
{
	static struct end e;

	roomy(&e, _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 99);
	expect_number(&e, expect(&e, ACK, 1, 100, 0)->wnd, 65535);
	arrives(&e, ACK, 100, 1, 400);
	expect_number(&e, expect(&e, ACK, 1, 500, 0)->wnd, 45 * 1460 - 499);
	/* The last octet of the buffer is in the window, the one behind it is not. */
	arrives(&e, ACK, 45 * 1460, 1, 1);
	expect(&e, ACK, 1, 500, 0);
	expect_number(&e, e.tcb.rcv.held_count, 1);
	arrives(&e, ACK, 45 * 1460 + 1, 1, 1);
	expect(&e, ACK, 1, 500, 0);
	expect_number(&e, e.tcb.rcv.held_count, 1);
	/* Read, it is room again with the next ACK, but makes no ACK of its own. */
	call_receive(&e, 499, 0, NULL);
	expect_nothing(&e);
	arrives(&e, ACK, 500, 1, 1);
	expect_number(&e, expect(&e, ACK, 1, 501, 0)->wnd, 65535);
}
END_TEST

Suite *scale_suite(void)
{
	Suite *s = suite_create("scale");
	TCase *tc = tcase_create("window scale");

	tcase_add_loop_test(tc, the_shift_is_the_least_that_the_buffer_needs, 0, ISS_CASES);
	tcase_add_loop_test(tc, windows_are_scaled_but_those_of_syns_are_not, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_scale_without_syn_is_ignored, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_listener_scales_only_when_asked, 0, ISS_CASES);
	tcase_add_loop_test(tc, one_side_alone_scales_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_shift_over_14_is_14, 0, ISS_CASES);
	tcase_add_loop_test(tc, more_than_64_kib_are_in_flight, 0, ISS_CASES);
	tcase_add_loop_test(tc, rounded_up_the_right_edge_never_moves_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, rounded_down_the_edge_told_steps_back_and_text_there_is_still_taken,
			    0, ISS_CASES);
	tcase_add_loop_test(tc, duplicate_acks_are_told_by_the_scaled_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_window_of_a_synack_that_crosses_is_not_scaled, 0, ISS_CASES);
	tcase_add_loop_test(tc, packed_in_time_wait_windows_and_shifts_come_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_buffer_is_rounded_up_to_whole_segments, 0, ISS_CASES);
	tcase_add_loop_test(tc, all_the_room_is_window_though_the_header_tells_less, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
