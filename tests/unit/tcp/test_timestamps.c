/* SPDX-License-Identifier: MIT */
/* RFC 7323 sections 3 to 5: timestamps, PAWS, round-trip times; RFC 6691; RFC 6191. */
#include "fixture.h"
#include "suites.h"

static uint32_t ms_of(const struct end *e)
{
	return (uint32_t)(e->env.now / USEC_PER_MS);
}

static void begin(struct end *e, int iss_case)
{
	end_init(e, "rfc", iss_case);
	e->profile.timestamps = true;
	e->opts = OPT_TIMESTAMPS;
	e->tsval = 700;
	e->tsecr = ms_of(e);
}

static void stamped(struct end *e, int iss_case)
{
	begin(e, iss_case);
	tcb_in(e, ESTABLISHED);
}

static void expect_stamps(struct end *e, const struct seg *s, uint32_t tsecr)
{
	expect_that(e, (s->opts & OPT_TIMESTAMPS) != 0);
	expect_number(e, s->tsval, ms_of(e));
	expect_number(e, s->tsecr, tsecr);
}

START_TEST(agreed_on_they_stand_on_every_segment)
{
	static struct end e;

	begin(&e, _i);
	call_open(&e, OPEN_ACTIVE);
	expect_stamps(&e, expect(&e, SYN, 0, 0, 0), 0);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_stamps(&e, expect(&e, ACK, 1, 1, 0), 700);
	call_send(&e, 100, SEND_PUSH);
	expect_stamps(&e, expect(&e, ACK, 1, 1, 100), 700);
	after(&e, S(1));
	expect_stamps(&e, expect(&e, ACK, 1, 1, 100), 700); /* again, with a new one */
	call_close(&e, CLOSE_SEND);
	expect_stamps(&e, expect(&e, FIN | ACK, 101, 1, 0), 700);
}
END_TEST

/* "When the ACK bit is not set, the receiver MUST ignore the value of the TSecr field." */
START_TEST(an_echo_without_ack_says_nothing)
{
	static struct end e;

	begin(&e, _i);
	call_open(&e, OPEN_ACTIVE);
	after(&e, MS(100));
	arrives(&e, SYN, 0, 0, 0);
	expect_state(&e, SYN_RECEIVED);
	expect_that(&e, !(e.tcb.flags & TCB_SAMPLED));
}
END_TEST

START_TEST(text_leaves_room_for_them)
{
	static struct end e;

	stamped(&e, _i);
	call_send(&e, 2000, SEND_PUSH);
	expect(&e, ACK, 1, 1, 988);
	expect(&e, ACK, 989, 1, 988);
	expect_number(&e, e.tcb.snd.mss, 988);
	expect_number(&e, e.tcb.rcv.mss, 1460); /* what is announced speaks of no options */
}
END_TEST

START_TEST(nobody_has_them_unless_both_do)
{
	static struct end e;

	begin(&e, _i);
	e.opts = 0;
	call_open(&e, OPEN_ACTIVE);
	expect(&e, SYN, 0, 0, 0);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_number(&e, expect(&e, ACK, 1, 1, 0)->opts, 0);

	begin(&e, _i);
	e.opts = 0;
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	expect_number(&e, expect(&e, SYN | ACK, 0, 1, 0)->opts, OPT_MSS);

	begin(&e, _i);
	call_open(&e, OPEN_PASSIVE);
	arrives(&e, SYN, 0, 0, 0);
	expect_stamps(&e, expect(&e, SYN | ACK, 0, 1, 0), 700);
}
END_TEST

START_TEST(the_oldest_that_is_not_acknowledged_is_echoed)
{
	static struct end e;

	/* 4.3: (A) delayed ACKs, (B) a hole, (C) a filled hole. */
	stamped(&e, _i);
	e.tsval = 1000;
	arrives(&e, ACK, 1, 1, 1000);
	expect_nothing(&e);
	e.tsval = 1010;
	arrives(&e, ACK, 1001, 1, 1000);
	e.tsval = 1020;
	arrives(&e, ACK, 2001, 1, 1000);
	expect_stamps(&e, expect(&e, ACK, 1, 3001, 0), 1000);
	e.tsval = 1030;
	arrives(&e, ACK, 4001, 1, 1000);
	expect_stamps(&e, expect(&e, ACK, 1, 3001, 0), 1000);
	e.tsval = 1025;
	arrives(&e, ACK, 3001, 1, 1000);
	expect_stamps(&e, expect(&e, ACK, 1, 5001, 0), 1025);
}
END_TEST

/* "If a TSopt is received on a connection where TSopt was not negotiated ... the TSopt MUST be
 * ignored and the packet processed normally." */
START_TEST(one_that_was_not_agreed_on_is_ignored)
{
	static struct end e;

	begin(&e, _i);
	e.opts = 0;
	tcb_in(&e, ESTABLISHED);
	e.profile.ack_delay = 0;
	e.opts = OPT_TIMESTAMPS;
	e.tsval = 1u << 31 | 1; /* "before" zero */
	arrives(&e, ACK, 1, 1, 100);
	expect_number(&e, expect(&e, ACK, 1, 101, 0)->opts, 0);
	expect_number(&e, e.tcb.rcv.user, 100);
	expect_number(&e, e.tcb.ts.recent, 0);
}
END_TEST

/* 5.3: "the timestamp MUST be checked only when a segment first arrives". */
START_TEST(what_is_held_is_not_asked_again)
{
	static struct end e;

	stamped(&e, _i);
	e.tsval = 1000;
	arrives(&e, ACK, 1001, 1, 1000);
	e.tsval = 1500;
	arrives(&e, ACK, 1, 1, 1000);
	expect_number(&e, e.tcb.ts.recent, 1500);
	expect_number(&e, e.tcb.rcv.user, 2000);
}
END_TEST

/* R2 comes before R3. */
START_TEST(a_segment_outside_the_window_leaves_none)
{
	static struct end e;

	stamped(&e, _i);
	e.tsval = 800;
	arrives(&e, ACK, -500, 1, 100);
	expect(&e, ACK, 1, 1, 0);
	expect_number(&e, e.tcb.ts.recent, 700);
}
END_TEST

START_TEST(an_old_duplicate_is_told_by_its_timestamp)
{
	static struct end e;

	stamped(&e, _i);
	e.tsval = 699;
	arrives(&e, ACK, 1, 1, 100); /* its place is right, its time is not */
	expect(&e, ACK, 1, 1, 0);
	expect_number(&e, e.tcb.rcv.user, 0);
	arrives(&e, ACK, 5000, 1, 0);
	expect(&e, ACK, 1, 1, 0);
	e.tsval = 700;
	arrives(&e, ACK, 1, 1, 100);
	expect_number(&e, e.tcb.rcv.user, 100);
	/* "Less than" is modulo 2^32. */
	e.tsval = 700 + (1u << 31) - 1;
	arrives(&e, ACK, 101, 1, 100);
	expect_number(&e, e.tcb.rcv.user, 200);
}
END_TEST

START_TEST(a_reset_is_not_asked_for_its_timestamp)
{
	static struct end e;

	stamped(&e, _i);
	e.tsval = 1;
	arrives(&e, RST, 1, 0, 0);
	expect_state(&e, CLOSED);
	stamped(&e, _i); /* nor is anything learned from it */
	e.tsval = 900;
	arrives(&e, RST, 2, 0, 0);
	expect(&e, ACK, 1, 1, 0);
	expect_number(&e, e.tcb.ts.recent, 700);
	e.opts = 0; /* nor is it missed */
	arrives(&e, RST, 1, 0, 0);
	expect_state(&e, CLOSED);
}
END_TEST

START_TEST(a_segment_that_lacks_them_is_dropped_in_silence)
{
	static struct end e;

	for (int tolerant = 0; tolerant < 2; tolerant++) {
		stamped(&e, _i);
		e.profile.ts_missing = tolerant;
		e.opts = 0;
		arrives(&e, ACK, 1, 1, 100);
		expect_nothing(&e);
		expect_number(&e, e.tcb.rcv.user, tolerant ? 100 : 0);
		expect_number(&e, e.tcb.ts.recent, 700);
		expect_state(&e, ESTABLISHED);
	}
}
END_TEST

START_TEST(after_24_days_the_last_timestamp_says_nothing)
{
	static struct end e;

	stamped(&e, _i);
	after(&e, S(24 * 86400));
	e.tsval = 600;
	arrives(&e, ACK, 1, 1, 100);
	expect_number(&e, e.tcb.rcv.user, 0);
	after(&e, S(1));
	arrives(&e, ACK, 1, 1, 100);
	expect_number(&e, e.tcb.rcv.user, 100);
	expect_number(&e, e.tcb.ts.recent, 600);
}
END_TEST

/* Nor do weeks beyond those in which a clock of milliseconds turns round: the peer's is slower. */
START_TEST(after_60_days_it_still_says_nothing)
{
	static struct end e;

	stamped(&e, _i);
	after(&e, S(60 * 86400));
	e.tsval = 700 + 60u * 86400 * 500; /* two milliseconds a tick: "before" 700 by now */
	arrives(&e, ACK, 1, 1, 100);
	expect_number(&e, e.tcb.rcv.user, 100);
}
END_TEST

START_TEST(what_was_repeated_gives_a_sample_too)
{
	static struct end e;
	usec before;

	stamped(&e, _i);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(1));
	e.tsecr = ms_of(&e);
	after(&e, MS(80));
	before = e.tcb.srtt;
	arrives(&e, ACK, 1, 101, 0);
	expect_number(&e, e.tcb.srtt, (7 * before + MS(80)) / 8);
}
END_TEST

/* 4.1: "only if the segment advances the left edge of the send window". */
START_TEST(an_echo_that_moves_nothing_is_no_sample)
{
	static struct end e;
	usec before;

	stamped(&e, _i);
	call_send(&e, 100, SEND_PUSH);
	after(&e, S(1));
	e.tsecr = ms_of(&e);
	after(&e, MS(80));
	before = e.tcb.srtt;
	arrives(&e, ACK, 1, 1, 100);
	expect_number(&e, e.tcb.srtt, before);
}
END_TEST

START_TEST(what_was_not_repeated_is_timed_once_a_flight)
{
	static struct end e;
	usec before;

	stamped(&e, _i);
	call_send(&e, 100, SEND_PUSH);
	e.tsecr = ms_of(&e) - 500; /* nonsense, and not needed */
	after(&e, MS(40) + 300);
	before = e.tcb.srtt;
	arrives(&e, ACK, 1, 101, 0);
	expect_number(&e, e.tcb.srtt, (7 * before + MS(40) + 300) / 8);
}
END_TEST

START_TEST(an_abort_has_a_timestamp_and_a_stranger_gets_his_back)
{
	static struct end e;

	stamped(&e, _i);
	call_abort(&e);
	expect_stamps(&e, expect(&e, RST, 1, 0, 0), 0); /* no ACK: no echo */

	begin(&e, _i);
	e.tsval = 4711;
	arrives(&e, SYN, 0, 0, 0);

	const struct seg *s = &e.out[e.outs - 1];

	expect_number(&e, s->ctl, RST | ACK);
	expect_that(&e, (s->opts & OPT_TIMESTAMPS) != 0);
	expect_number(&e, s->tsval, 0);
	expect_number(&e, s->tsecr, 4711);
}
END_TEST

START_TEST(the_clock_has_its_tick_and_its_beginning)
{
	static struct end e;

	begin(&e, _i);
	e.profile.ts_tick = MS(10);
	e.profile.ts_offset = TS_OFFSET_ISS;
	call_open(&e, OPEN_ACTIVE);
	expect_number(&e, expect(&e, SYN, 0, 0, 0)->tsval, (uint32_t)(ms_of(&e) / 10 + e.iss.v));
}
END_TEST

/* ---- RFC 6191: a SYN in TIME-WAIT ----------------------------------------------------------- */

START_TEST(a_younger_syn_opens_anew_in_time_wait)
{
	static const struct {
		bool had, has;
		uint32_t tsval; /* the last one was 700 */
		int64_t seq;    /* the peer's FIN was at 1 */
		bool opens;
	} rows[] = {
		{true, true, 701, -5000, true}, {true, true, 700, 3, true},
		{true, true, 700, 1, false},    {true, true, 699, 3, false},
		{true, false, 0, 2, true},      {true, false, 0, 1, false},
		{false, true, 0, -5000, true},  {false, false, 0, 2, true},
		{false, false, 0, 1, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;
		struct tcb_time_wait packed;

		begin(&e, _i);
		e.profile.time_wait_syn = TW_SYN_TIMESTAMPS;
		e.opts = rows[i].had ? OPT_TIMESTAMPS : 0;
		tcb_in(&e, TIME_WAIT);
		story_add("-- row %zu\n", i);
		tcp_pack(&e.tcb, &packed); /* what it needs for this is kept */
		tcp_unpack(&packed, &e.tcb, &e.env);
		e.opts = rows[i].has ? OPT_TIMESTAMPS : 0;
		e.tsval = rows[i].tsval;
		arrives(&e, SYN, rows[i].seq, 0, 0);
		expect_nothing(&e);
		expect_told(&e, rows[i].opens ? TCP_SIG_REOPEN | TCP_SIG_CLOSED : 0);
		expect_state(&e, rows[i].opens ? CLOSED : TIME_WAIT);
	}
}
END_TEST

/* As Linux has it: who opens nothing is answered. */
START_TEST(a_younger_or_larger_syn_opens_anew)
{
	static const struct {
		bool had, has;
		uint32_t tsval; /* the last one was 700 */
		int64_t seq;    /* the peer's FIN was at 1 */
		bool opens;
	} rows[] = {
		{true, true, 701, -5000, true}, {true, true, 700, 3, true},
		{true, true, 700, 1, false},    {true, true, 699, 3, false},
		{true, false, 0, 3, true},      {true, false, 0, 2, false},
		{false, true, 0, -5000, false}, {false, true, 0, 3, true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static struct end e;

		begin(&e, _i);
		e.profile.time_wait_syn = TW_SYN_EITHER;
		e.profile.ts_missing = true;
		e.opts = rows[i].had ? OPT_TIMESTAMPS : 0;
		tcb_in(&e, TIME_WAIT);
		story_add("-- row %zu\n", i);
		e.opts = rows[i].has ? OPT_TIMESTAMPS : 0;
		e.tsval = rows[i].tsval;
		arrives(&e, SYN, rows[i].seq, 0, 0);
		if (!rows[i].opens)
			expect(&e, ACK, 2, 2, 0);
		expect_nothing(&e);
		expect_told(&e, rows[i].opens ? TCP_SIG_REOPEN | TCP_SIG_CLOSED : 0);
		expect_state(&e, rows[i].opens ? CLOSED : TIME_WAIT);
	}
}
END_TEST

Suite *timestamps_suite(void)
{
	Suite *s = suite_create("timestamps");
	TCase *tc = tcase_create("timestamps");

	tcase_add_loop_test(tc, agreed_on_they_stand_on_every_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_echo_without_ack_says_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_leaves_room_for_them, 0, ISS_CASES);
	tcase_add_loop_test(tc, nobody_has_them_unless_both_do, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_oldest_that_is_not_acknowledged_is_echoed, 0, ISS_CASES);
	tcase_add_loop_test(tc, one_that_was_not_agreed_on_is_ignored, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_held_is_not_asked_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_segment_outside_the_window_leaves_none, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_old_duplicate_is_told_by_its_timestamp, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_reset_is_not_asked_for_its_timestamp, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_segment_that_lacks_them_is_dropped_in_silence, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_24_days_the_last_timestamp_says_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_60_days_it_still_says_nothing, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_was_repeated_gives_a_sample_too, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_echo_that_moves_nothing_is_no_sample, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_was_not_repeated_is_timed_once_a_flight, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_abort_has_a_timestamp_and_a_stranger_gets_his_back, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, the_clock_has_its_tick_and_its_beginning, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_younger_syn_opens_anew_in_time_wait, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_younger_or_larger_syn_opens_anew, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
