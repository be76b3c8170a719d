/* SPDX-License-Identifier: MIT */
/* RFC 5482: the user timeout is told, and the peer's is taken. */
#include "fixture.h"
#include "suites.h"

enum { MINUTES = 1 << 15 };

/* The peer's segment, and in it a user timeout. */
static void tells(struct end *e, unsigned ctl, int64_t at, int64_t ack, unsigned uto)
{
	struct seg s = peer_seg(e, ctl, at, ack, 0);

	s.opts |= OPT_USER_TIMEOUT;
	s.uto = (uint16_t)uto;
	arrives_seg(e, &s);
}

static void begin(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.user_timeout_option = true;
	e->profile.ack_delay = 0;
}

/* ESTABLISHED by an active OPEN, and the first segments have told ours. */
static void open_with(struct end *e, unsigned uto)
{
	call_open(e, OPEN_ACTIVE);
	if (uto > 0)
		tells(e, SYN | ACK, 0, 1, uto);
	else
		arrives(e, SYN | ACK, 0, 1, 0);
	expect_state(e, ESTABLISHED);
	forget(e);
}

static int told_by(const struct seg *s)
{
	return s->opts & OPT_USER_TIMEOUT ? s->uto : -1;
}

/* What is sent now is given up after exactly so long. */
static void ends_after(struct end *e, usec span)
{
	after(e, span - 1);
	expect_state(e, ESTABLISHED);
	forget(e);
	after(e, 1);
	expect_state(e, CLOSED);
	expect_told(e, TCP_SIG_TIMEOUT | TCP_SIG_CLOSED);
}

static void text_ends_after(struct end *e, usec span)
{
	call_send(e, 100, SEND_PUSH);
	ends_after(e, span);
}

START_TEST(a_syn_tells_seconds_or_minutes)
{
	static const struct {
		bool is_on;
		usec told, timeout;
		int field;
	} rows[] = {
		{false, S(20), S(300), -1},
		{true, 0, S(300), 300},
		{true, 0, 0, 300}, /* where there is none, the default of RFC 793 */
		{true, S(20), S(300), 20},
		{true, 1, S(300), 1}, /* never zero: 3.4 */
		{true, S(32767), 0, 32767},
		{true, S(32768), 0, MINUTES | 547},
		{true, S(32767) * 60, 0, MINUTES | 32767},
		{true, S(40 * 86400), 0, MINUTES | 32767},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		end_init(&e, "rfc", _i);
		e.profile.user_timeout_option = rows[i].is_on;
		e.profile.user_timeout = rows[i].timeout;
		e.profile.uto_told = rows[i].told;
		call_open(&e, OPEN_ACTIVE);
		expect_number(&e, told_by(expect(&e, SYN, 0, 0, 0)), rows[i].field);
	}
}
END_TEST

START_TEST(a_syn_ack_tells_it_unasked_and_so_does_what_follows)
{
	static struct end e;

	begin(&e, _i);
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	expect_number(&e, told_by(expect(&e, SYN | ACK, 0, 1, 0)), 300);
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 10, SEND_PUSH); /* "the first packet that does not have the SYN flag set" */
	expect_number(&e, told_by(expect(&e, ACK, 1, 1, 10)), 300);
	arrives(&e, ACK, 1, 11, 0);
	call_send(&e, 10, SEND_PUSH);
	expect_number(&e, told_by(expect(&e, ACK, 11, 1, 10)), -1);
}
END_TEST

START_TEST(the_third_segment_tells_it_and_a_rst_never)
{
	static struct end e;

	begin(&e, _i);
	call_open(&e, OPEN_ACTIVE);
	forget(&e);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_number(&e, told_by(expect(&e, ACK, 1, 1, 0)), 300);
	begin(&e, _i);
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	forget(&e);
	call_abort(&e);
	expect_number(&e, told_by(expect(&e, RST, 1, 0, 0)), -1);
}
END_TEST

START_TEST(the_formula)
{
	static const struct {
		usec own, least, most;
		unsigned remote;
		usec is;
	} rows[] = {
		{S(300), S(100), S(3600), 600, S(600)},
		{S(300), S(100), S(3600), 200, S(300)},
		{S(300), S(100), S(3600), MINUTES | 20, S(1200)},
		{S(20), S(100), S(3600), 30, S(100)},
		{S(20), S(100), S(3600), MINUTES | 32767, S(3600)},
		{S(20), S(100), S(50), 30, S(50)}, /* U_LIMIT has the last word */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		begin(&e, _i);
		e.profile.uto_told = rows[i].own;
		e.profile.uto_least = rows[i].least;
		e.profile.uto_most = rows[i].most;
		open_with(&e, rows[i].remote);
		text_ends_after(&e, rows[i].is); /* R2 is 100 s, and gives way */
	}
}
END_TEST

START_TEST(the_lower_limit_is_more_than_rto)
{
	static struct end e;

	begin(&e, _i);
	e.profile.uto_told = e.profile.uto_least = S(1);
	open_with(&e, 2);
	expect_number(&e, e.tcb.rto, S(1));
	text_ends_after(&e, S(2) + MS(1)); /* the first timeout has made RTO two seconds */
}
END_TEST

START_TEST(an_open_keeps_the_default)
{
	static struct end e;

	begin(&e, _i);
	e.profile.user_timeout = S(20);
	call_open(&e, OPEN_PASSIVE);
	tells(&e, SYN, 0, 0, 600);
	after(&e, S(20) - 1);
	expect_state(&e, SYN_RECEIVED);
	after(&e, 1);
	expect_state(&e, CLOSED);
	begin(&e, _i); /* "simple SYN floods never reach" the states where it counts */
	e.profile.user_timeout = S(20);
	call_open(&e, OPEN_PASSIVE);
	tells(&e, SYN, 0, 0, 600);
	arrives(&e, ACK, 1, 1, 0);
	text_ends_after(&e, S(600));
}
END_TEST

/* So it goes with a SYN cookie: of the SYN nothing was kept. */
START_TEST(the_acknowledgment_of_our_syn_may_tell_it)
{
	static struct end e;

	begin(&e, _i);
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	tells(&e, ACK, 1, 1, 600);
	text_ends_after(&e, S(600));
}
END_TEST

START_TEST(what_runs_ends_later)
{
	static struct end e;

	begin(&e, _i);
	open_with(&e, 0);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(50));
	tells(&e, ACK, 1, 1, 500);
	ends_after(&e, S(450));

	begin(&e, _i); /* and where there was none it begins */
	e.profile.user_timeout = 0;
	e.profile.uto_told = S(10);
	open_with(&e, 0);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(50));
	tells(&e, ACK, 1, 1, 500);
	ends_after(&e, S(500));
}
END_TEST

START_TEST(a_timeout_of_the_users_own_stays)
{
	static struct end e;

	begin(&e, _i);
	e.profile.user_timeout = S(20);
	e.profile.uto_changeable = false;
	open_with(&e, 0);
	tells(&e, ACK, 1, 1, 600);
	expect_told(&e, TCP_SIG_USER_TIMEOUT);
	expect_number(&e, tcb_field_get(&e.tcb, F_remote_uto), S(600));
	tells(&e, ACK, 1, 1, 600); /* nothing new */
	expect_told(&e, 0);
	text_ends_after(&e, S(20));
}
END_TEST

START_TEST(zero_and_what_is_not_used_are_ignored)
{
	static struct end e;

	for (int is_on = 0; is_on < 2; is_on++) {
		begin(&e, _i);
		e.profile.user_timeout_option = is_on;
		e.profile.user_timeout = S(20);
		open_with(&e, is_on ? 0 : 600);
		tells(&e, ACK, 1, 1, is_on ? 0 : 600);
		tells(&e, ACK, 1, 1, is_on ? MINUTES : MINUTES | 10);
		expect_nothing(&e);
		expect_told(&e, 0);
		expect_number(&e, e.tcb.remote_uto, 0);
		text_ends_after(&e, S(20));
	}
}
END_TEST

START_TEST(a_segment_that_is_not_acceptable_tells_nothing)
{
	static struct end e;

	begin(&e, _i);
	open_with(&e, 0);
	tells(&e, ACK, -10, 1, 600);    /* before the window */
	tells(&e, ACK, 1, 5000, 600);   /* acknowledges what was never sent */
	tells(&e, ACK, 1, -70000, 600); /* too old */
	expect_number(&e, e.tcb.remote_uto, 0);
}
END_TEST

START_TEST(a_new_one_is_told_with_the_next_segment)
{
	static struct end e;

	begin(&e, _i);
	open_with(&e, 0);
	tells(&e, ACK, 1, 1, 600); /* a new one is in force */
	expect_nothing(&e);        /* but that is no reason to speak */
	call_send(&e, 10, SEND_PUSH);
	expect_number(&e, told_by(expect(&e, ACK, 1, 1, 10)), 300);
	arrives(&e, ACK, 1, 11, 0);
	tells(&e, ACK, 1, 11, 200); /* the longer of both is another one again */
	tells(&e, ACK, 1, 11, 100); /* and now it is not */
	call_send(&e, 10, SEND_PUSH);
	expect_number(&e, told_by(expect(&e, ACK, 11, 1, 10)), 300);
	arrives(&e, ACK, 1, 21, 0);

	e.profile.uto_told = S(400); /* the user's wish */
	tcp_call_user_timeout(&e.tcb, &e.env);
	drain(&e);
	expect_nothing(&e);
	arrives(&e, ACK, 1, 21, 2000);
	expect_number(&e, told_by(expect(&e, ACK, 21, 2001, 0)), 400);
	arrives(&e, ACK, 2001, 21, 2000);
	expect_number(&e, told_by(expect(&e, ACK, 21, 4001, 0)), -1);
}
END_TEST

START_TEST(text_leaves_room_for_it)
{
	static struct end e;

	begin(&e, _i);
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	arrives(&e, ACK, 1, 1, 0);
	forget(&e);
	call_send(&e, 1996, SEND_PUSH); /* the MSS is 1000 */
	expect_number(&e, told_by(expect(&e, ACK, 1, 1, 996)), 300);
	expect_number(&e, told_by(expect(&e, ACK, 997, 1, 1000)), -1);
}
END_TEST

START_TEST(what_is_repeated_has_it_again_if_it_fits)
{
	static struct end e;

	begin(&e, _i);
	open_with(&e, 0);
	call_send(&e, 100, SEND_PUSH);
	expect_number(&e, told_by(expect(&e, ACK, 1, 1, 100)), -1);
	after(&e, S(1));
	expect_number(&e, told_by(expect(&e, ACK, 1, 1, 100)), 300);
	arrives(&e, ACK, 1, 101, 0);
	call_send(&e, 1000, SEND_PUSH);
	expect_number(&e, told_by(expect(&e, ACK, 101, 1, 1000)), -1);
	after(&e, S(2));
	expect_number(&e, told_by(expect(&e, ACK, 101, 1, 1000)), -1); /* it fills the MSS */
	arrives(&e, ACK, 1, 1101, 2000);
	expect_number(&e, told_by(expect(&e, ACK, 1101, 2001, 0)), 300);
}
END_TEST

START_TEST(after_r1_repetitions_it_is_kept_back)
{
	static struct end e;

	begin(&e, _i);
	e.profile.r1 = 2;
	call_open(&e, OPEN_ACTIVE);
	after(&e, S(1) + S(2) + S(4));
	for (int i = 0; i < 4; i++)
		expect_number(&e, told_by(expect(&e, SYN, 0, 0, 0)), i < 2 ? 300 : -1);

	begin(&e, _i);
	e.profile.r1 = 2;
	open_with(&e, 0);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(1));
	forget(&e);
	tells(&e, ACK, 1, 1, 600); /* due once more */
	after(&e, S(2));
	expect_number(&e, told_by(expect(&e, ACK, 1, 1, 100)), -1);
	arrives(&e, ACK, 1, 101, 2000); /* the way is open again */
	expect_number(&e, told_by(expect(&e, ACK, 101, 2001, 0)), 300);
}
END_TEST

START_TEST(timestamps_and_three_sack_blocks_leave_no_room)
{
	static struct end e;

	begin(&e, _i);
	e.profile.sack = e.profile.timestamps = true;
	e.opts = OPT_SACK_PERMITTED | OPT_TIMESTAMPS;
	e.tsval = 700;
	open_with(&e, 0);
	e.tsecr = e.tcb.ts.recent;
	tells(&e, ACK, 1, 1, 600); /* ours is due again */
	for (int i = 0; i < 3; i++) {
		forget(&e);
		e.tcb.flags |= TCB_UTO;
		arrives(&e, ACK, 201 + 200 * i, 1, 100);
		expect_number(&e, told_by(expect(&e, ACK, 1, 1, 0)), i < 2 ? 300 : -1);
	}
	call_send(&e, 2000, SEND_PUSH); /* nor beside text: 12 + 28 are all 40 octets */
	expect_number(&e, told_by(expect(&e, ACK, 1, 1, 960)), -1);
	expect_number(&e, told_by(expect(&e, ACK, 961, 1, 960)), -1);
	arrives(&e, ACK, 1, 961, 600); /* the holes are filled */
	expect_number(&e, told_by(expect(&e, ACK, 1921, 701, 0)), 300);
}
END_TEST

START_TEST(keep_alives_wait_longer)
{
	static struct end e;

	begin(&e, _i);
	e.profile.keepalive = true;
	e.profile.keepalive_idle = S(60);
	open_with(&e, 0);
	tells(&e, ACK, 1, 1, 600);
	expect_silence(&e, S(601));
	expect(&e, ACK, 0, 1, 0);

	begin(&e, _i); /* who waits longer anyway does not wait longer still */
	e.profile.keepalive = true;
	e.profile.keepalive_idle = S(700);
	open_with(&e, 600);
	expect_silence(&e, S(700));
	expect(&e, ACK, 0, 1, 0);
}
END_TEST

START_TEST(a_shut_window_is_probed_as_long)
{
	static struct end e;

	begin(&e, _i);
	open_with(&e, 600);
	e.wnd = 0;
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(1)); /* the first probe: from here on something is outstanding */
	ends_after(&e, S(600));
}
END_TEST

Suite *user_timeout_suite(void)
{
	Suite *s = suite_create("user timeout");
	TCase *told = tcase_create("told"), *taken = tcase_create("taken");

	tcase_add_loop_test(told, a_syn_tells_seconds_or_minutes, 0, ISS_CASES);
	tcase_add_loop_test(told, a_syn_ack_tells_it_unasked_and_so_does_what_follows, 0,
			    ISS_CASES);
	tcase_add_loop_test(told, the_third_segment_tells_it_and_a_rst_never, 0, ISS_CASES);
	tcase_add_loop_test(told, a_new_one_is_told_with_the_next_segment, 0, ISS_CASES);
	tcase_add_loop_test(told, text_leaves_room_for_it, 0, ISS_CASES);
	tcase_add_loop_test(told, what_is_repeated_has_it_again_if_it_fits, 0, ISS_CASES);
	tcase_add_loop_test(told, after_r1_repetitions_it_is_kept_back, 0, ISS_CASES);
	tcase_add_loop_test(told, timestamps_and_three_sack_blocks_leave_no_room, 0, ISS_CASES);
	suite_add_tcase(s, told);
	tcase_add_loop_test(taken, the_formula, 0, ISS_CASES);
	tcase_add_loop_test(taken, the_lower_limit_is_more_than_rto, 0, ISS_CASES);
	tcase_add_loop_test(taken, an_open_keeps_the_default, 0, ISS_CASES);
	tcase_add_loop_test(taken, the_acknowledgment_of_our_syn_may_tell_it, 0, ISS_CASES);
	tcase_add_loop_test(taken, what_runs_ends_later, 0, ISS_CASES);
	tcase_add_loop_test(taken, a_timeout_of_the_users_own_stays, 0, ISS_CASES);
	tcase_add_loop_test(taken, zero_and_what_is_not_used_are_ignored, 0, ISS_CASES);
	tcase_add_loop_test(taken, a_segment_that_is_not_acceptable_tells_nothing, 0, ISS_CASES);
	tcase_add_loop_test(taken, keep_alives_wait_longer, 0, ISS_CASES);
	tcase_add_loop_test(taken, a_shut_window_is_probed_as_long, 0, ISS_CASES);
	suite_add_tcase(s, taken);
	return s;
}
