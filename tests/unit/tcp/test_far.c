/* SPDX-License-Identifier: MIT */
/*
 * Far into a connection: more than 2^31 octets after a number was noted, comparing with it modulo
 * 2^32 says the opposite. What is remembered (urgent pointers, RECOVER, pushes, windows) must not
 * turn round.
 */
#include "fixture.h"
#include "suites.h"

enum { STEP = 60000, STEPS = (int)((1ull << 31) / STEP + 2000) };

/* The peer sends more than 2^31 octets, and they are read. Says how many. */
static uint64_t hear_far(struct end *e)
{
	uint64_t heard = 0;

	e->is_silent = true;
	for (int i = 0; i < STEPS; i++) {
		struct seg s = peer_seg(e, ACK, 1, 1, STEP);
		s.seq = e->tcb.rcv.nxt;
		s.ack = e->tcb.snd.nxt;
		s.text.offset = heard;
		arrives_seg(e, &s);
		call_receive(e, STEP, heard, NULL);
		heard += STEP;
		e->outs = e->taken = 0;
	}
	e->is_silent = false;
	expect_number(e, e->tcb.rcv.nxt.v, (uint32_t)(e->irs.v + 1 + heard));
	return heard;
}

/* We send as much, from ISS+1+`sent` on, in segments of 60000. */
static uint64_t say_far(struct end *e, uint64_t sent, unsigned bits_not_set)
{
	e->is_silent = true;
	for (int i = 0; i < STEPS; i++) {
		call_send(e, STEP, 0);
		expect_that(e, e->outs == 1);
		expect_that(e, e->out[0].text.len == STEP);
		if (e->out[0].ctl & bits_not_set)
			story_add("<%s> after %llu octets\n", ctl_text(e->out[0].ctl),
				  (unsigned long long)sent);
		expect_that(e, !(e->out[0].ctl & bits_not_set));
		sent += STEP;
		struct seg s = peer_seg(e, ACK, 1, 1, 0);
		s.seq = e->tcb.rcv.nxt;
		s.ack = seq_add(e->iss, (uint32_t)(1 + sent));
		arrives_seg(e, &s);
		e->outs = e->taken = 0;
	}
	e->is_silent = false;
	expect_number(e, e->tcb.snd.una.v, (uint32_t)(e->iss.v + 1 + sent));
	return sent;
}

static void open_wide(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.mtu = STEP + 40;
	e->mss = STEP;
	tcb_in(e, ESTABLISHED);
}

START_TEST(an_urgent_pointer_is_seen)
{
	static struct end e;

	open_wide(&e, _i % ISS_CASES);
	if (_i / ISS_CASES) { /* and an old one does not stand in the way */
		arrives_urgent(&e, ACK, 1, 1, 0, 10);
		expect_told(&e, TCP_SIG_URGENT);
	}
	uint64_t heard = hear_far(&e);
	e.told = 0;
	struct seg s = peer_seg(&e, ACK | URG, 1, 1, 0);
	s.seq = seq_add(e.irs, (uint32_t)(1 + heard));
	s.up = 10;
	arrives_seg(&e, &s);
	expect_told(&e, TCP_SIG_URGENT);
	expect_number(&e, tcp_urgent_left(&e.tcb), 10);
}
END_TEST

START_TEST(nothing_is_urgent_that_is_not)
{
	static struct end e;

	open_wide(&e, _i);
	call_send(&e, 10, SEND_URGENT | SEND_PUSH);
	arrives(&e, ACK, 1, 11, 0);
	forget(&e);
	uint64_t sent = say_far(&e, 10, URG);
	call_send(&e, 7, SEND_URGENT | SEND_PUSH);
	expect_number(&e, e.outs, 1);
	expect_number(&e, e.out[0].ctl, URG | PSH | ACK);
	expect_number(&e, e.out[0].up, 7);
	expect_number(&e, e.out[0].text.offset, sent);
}
END_TEST

START_TEST(three_duplicates_still_tell_of_a_loss)
{
	static struct end e;

	open_wide(&e, _i);
	uint64_t sent = say_far(&e, 0, 0);
	call_send(&e, STEP, SEND_PUSH);
	uint32_t cwnd = e.tcb.cc.cwnd;
	e.taken = e.outs;
	struct seg s = peer_seg(&e, ACK, 1, 1, 0);
	s.ack = seq_add(e.iss, (uint32_t)(1 + sent));
	for (int i = 0; i < 3; i++)
		arrives_seg(&e, &s);
	expect_that(&e, e.outs > e.taken);
	expect_that(&e, seq_eq(e.out[e.taken].seq, s.ack));
	expect_that(&e, e.out[e.taken].rexmit > 0);
	expect_that(&e, e.tcb.cc.cwnd < cwnd);
}
END_TEST

START_TEST(a_window_can_still_be_updated)
{
	static struct end e;

	/* SND.WL1 moves with every segment, or the comparison would turn round. */
	open_wide(&e, _i);
	uint64_t heard = hear_far(&e);
	struct seg s = peer_seg(&e, ACK, 1, 1, 0);
	s.seq = seq_add(e.irs, (uint32_t)(1 + heard));
	s.wnd = 1234;
	arrives_seg(&e, &s);
	expect_number(&e, e.tcb.snd.wnd, 1234);
}
END_TEST

START_TEST(a_window_can_be_updated_after_much_was_said)
{
	static struct end e;

	open_wide(&e, _i);
	uint64_t sent = say_far(&e, 0, 0);
	struct seg s = peer_seg(&e, ACK, 1, 1, 0);
	s.ack = seq_add(e.iss, (uint32_t)(1 + sent));
	s.wnd = 1234;
	arrives_seg(&e, &s);
	expect_number(&e, e.tcb.snd.wnd, 1234);
}
END_TEST

START_TEST(the_end_comes_as_ever)
{
	static struct end e;

	open_wide(&e, _i);
	uint64_t sent = say_far(&e, 0, 0), heard = hear_far(&e);
	call_close(&e, CLOSE_SEND);
	expect_state(&e, FIN_WAIT_1);
	struct seg s = peer_seg(&e, FIN | ACK, 1, 1, 0);
	s.seq = seq_add(e.irs, (uint32_t)(1 + heard));
	s.ack = seq_add(e.iss, (uint32_t)(2 + sent));
	arrives_seg(&e, &s);
	expect_state(&e, TIME_WAIT);
	after(&e, S(240));
	expect_state(&e, CLOSED);
}
END_TEST

Suite *far_suite(void)
{
	Suite *s = suite_create("far");
	TCase *tc = tcase_create("beyond 2^31");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, an_urgent_pointer_is_seen, 0, 2 * ISS_CASES);
	tcase_add_loop_test(tc, nothing_is_urgent_that_is_not, 0, ISS_CASES);
	tcase_add_loop_test(tc, three_duplicates_still_tell_of_a_loss, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_can_still_be_updated, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_window_can_be_updated_after_much_was_said, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_end_comes_as_ever, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
