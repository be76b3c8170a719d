/* SPDX-License-Identifier: MIT */
/* RFC 5681, RFC 6582, RFC 6928: exact numbers. SMSS is 1000 unless a test says otherwise. */
#include "fixture.h"
#include "suites.h"

enum { SMSS = 1000 };

/* Open, with `n` octets given to SEND; what was sent is forgotten. */
static void send_lots(struct end *e, const char *profile, int iss_case, uint32_t n)
{
	end_init(e, profile, iss_case);
	tcb_in(e, ESTABLISHED);
	call_send(e, n, SEND_PUSH);
}

static void acks(struct end *e, int64_t ack)
{
	arrives(e, ACK, 1, ack, 0);
}

static void expect_data(struct end *e, int64_t from, unsigned segments)
{
	for (unsigned i = 0; i < segments; i++)
		expect(e, ACK, from + SMSS * (int64_t)i, 1, SMSS);
}

START_TEST(the_initial_window)
{
	static struct end e;
	static const struct {
		enum iw_choice iw;
		uint16_t mss;
		uint32_t window;
	} cases[] = {
		{IW_RFC6928, 536, 5360},   {IW_RFC6928, 1000, 10000}, {IW_RFC6928, 1460, 14600},
		{IW_RFC6928, 4000, 14600}, {IW_RFC6928, 8000, 16000}, {IW_RFC3390, 1000, 4000},
		{IW_RFC3390, 1095, 4380},  {IW_RFC3390, 1460, 4380},  {IW_RFC3390, 2191, 4382},
		{IW_ONE, 1000, 1000},      {IW_ONE, 1460, 1460},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		end_init(&e, "rfc", _i % ISS_CASES);
		e.profile.mtu = 9000;
		e.profile.initial_window = (uint8_t)cases[i].iw;
		e.mss = cases[i].mss;
		e.is_passive = _i / ISS_CASES;
		tcb_in(&e, ESTABLISHED);
		/* "the SYN/ACK and the acknowledgment of the SYN/ACK MUST NOT increase" it */
		expect_number(&e, e.tcb.cc.cwnd, cases[i].window);
		call_send(&e, 60000, SEND_PUSH);
		uint32_t sent = 0;
		for (unsigned s = 0; s < e.outs; s++)
			sent += e.out[s].text.len;
		expect_that(&e, sent <= cases[i].window);
		expect_that(&e, sent > cases[i].window - cases[i].mss);
	}
}
END_TEST

START_TEST(after_a_lost_syn_the_initial_window_is_one_segment)
{
	static struct end e;

	/* RFC 5681: one repetition; RFC 6928: "more than one". */
	static const struct {
		enum iw_choice iw;
		int losses, segments;
	} cases[] = {{IW_RFC3390, 0, 4},
		     {IW_RFC3390, 1, 1},
		     {IW_RFC6928, 1, 10},
		     {IW_RFC6928, 2, 1}};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		end_init(&e, "rfc", _i);
		e.profile.initial_window = (uint8_t)cases[i].iw;
		call_open(&e, OPEN_ACTIVE);
		for (int n = 0; n < cases[i].losses; n++)
			after(&e, S(1 << n));
		arrives(&e, SYN | ACK, 0, 1, 0);
		expect_number(&e, e.tcb.cc.cwnd, cases[i].segments * SMSS);
		forget(&e);
		call_send(&e, 20000, SEND_PUSH);
		expect_data(&e, 1, cases[i].segments);
		expect_nothing(&e);
	}
}
END_TEST

START_TEST(slow_start_grows_by_what_is_acknowledged)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 60000);
	expect_data(&e, 1, 10);
	expect_nothing(&e);
	acks(&e, 1001); /* cwnd 11000: one went out of flight, one is won */
	expect_number(&e, e.tcb.cc.cwnd, 11000);
	expect_data(&e, 10001, 2);
	expect_nothing(&e);
	acks(&e, 4001); /* min(3000, SMSS) */
	expect_number(&e, e.tcb.cc.cwnd, 12000);
	expect_data(&e, 12001, 4);
	expect_nothing(&e);
	acks(&e, 4201); /* min(200, SMSS): ACK division wins nothing */
	expect_number(&e, e.tcb.cc.cwnd, 12200);
	acks(&e, 4201);
	expect_number(&e, e.tcb.cc.cwnd, 12200);
}
END_TEST

START_TEST(the_smaller_of_both_windows_governs)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.wnd = 3000;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 60000, SEND_PUSH);
	expect_data(&e, 1, 3);
	expect_nothing(&e);
}
END_TEST

START_TEST(a_timeout_takes_the_window_to_one_segment)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 60000);
	forget(&e);
	expect_silence(&e, S(1));
	expect_data(&e, 1, 1);
	expect_nothing(&e);
	expect_number(&e, e.tcb.cc.cwnd, SMSS);
	expect_number(&e, e.tcb.cc.ssthresh, 5000); /* max(FlightSize/2, 2*SMSS) */
	/* "already been retransmitted ... at least once, the value of ssthresh is held constant" */
	expect_silence(&e, S(2));
	expect_data(&e, 1, 1);
	expect_nothing(&e);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	expect_number(&e, e.tcb.cc.cwnd, SMSS);
}
END_TEST

START_TEST(ssthresh_is_at_least_two_segments)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 3000);
	forget(&e);
	after(&e, S(1));
	expect_number(&e, e.tcb.cc.ssthresh, 2000);
}
END_TEST

START_TEST(ssthresh_counts_the_flight_and_not_the_window)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 6000); /* cwnd is 10000 */
	forget(&e);
	for (int i = 0; i < 3; i++)
		acks(&e, 1);
	expect_number(&e, e.tcb.cc.ssthresh, 3000);
}
END_TEST

START_TEST(after_a_timeout_slow_start_repairs_the_rest)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 10000);
	forget(&e);
	after(&e, S(1));
	expect_data(&e, 1, 1);
	acks(&e, 1001);
	expect_number(&e, e.tcb.cc.cwnd, 2000);
	expect_that(&e, e.outs > e.taken); /* the next hole is not left to another timeout */
	expect_data(&e, 1001, 1);
	acks(&e, 10001);
	forget(&e);
	after(&e, S(100));
	expect_nothing(&e);
}
END_TEST

/* A timeout, and slow start up to cwnd = 6000 with ssthresh = 5000; all is acknowledged before
 * `*ack` but 6000 octets in flight. */
static void come_to_avoidance(struct end *e, int iss_case, int64_t *ack)
{
	send_lots(e, "rfc", iss_case, 60000);
	after(e, S(1));
	expect_number(e, e->tcb.cc.ssthresh, 5000);
	*ack = 10001;
	acks(e, *ack);
	for (int i = 0; i < 20 && e->tcb.cc.cwnd < 6000; i++)
		acks(e, *ack += SMSS);
	expect_number(e, e->tcb.cc.cwnd, 6000);
	forget(e);
}

START_TEST(congestion_avoidance_grows_by_one_segment_a_window)
{
	static struct end e;
	int64_t ack;

	come_to_avoidance(&e, _i, &ack);
	for (int window = 6; window < 9; window++) {
		for (int i = 0; i < window - 1; i++) {
			acks(&e, ack += SMSS);
			expect_number(&e, e.tcb.cc.cwnd, window * SMSS);
		}
		acks(&e, ack += SMSS);
		expect_number(&e, e.tcb.cc.cwnd, (window + 1) * SMSS);
	}
}
END_TEST

START_TEST(the_third_duplicate_ack_repeats_the_segment)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 60000);
	forget(&e);
	acks(&e, 1);
	acks(&e, 1);
	expect_nothing(&e);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	acks(&e, 1);
	expect_data(&e, 1, 1);
	expect_nothing(&e);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	expect_number(&e, e.tcb.cc.cwnd, 8000); /* ssthresh + 3*SMSS */
	acks(&e, 1);                            /* 9000 */
	acks(&e, 1);                            /* 10000: all in flight */
	expect_nothing(&e);
	acks(&e, 1); /* 11000: "previously unsent data is available": one segment */
	expect_number(&e, e.tcb.cc.cwnd, 11000);
	expect_data(&e, 10001, 1);
	acks(&e, 1);
	expect_data(&e, 11001, 1);
	/* Full acknowledgment: the window is deflated. */
	acks(&e, 12001);
	expect_that(&e, e.tcb.cc.cwnd == 5000 || e.tcb.cc.cwnd == 2000);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
}
END_TEST

/* RFC 5681 section 2: the five marks of a duplicate. Each of these lacks one. */
START_TEST(what_is_no_duplicate_is_not_counted)
{
	static struct end e;

	for (int lacks = 0; lacks < 3; lacks++) {
		send_lots(&e, "rfc", _i, 60000);
		acks(&e, 1);
		acks(&e, 1);
		forget(&e);
		switch (lacks) {
		case 0: arrives(&e, PSH | ACK, 1, 1, 10); break; /* (b) carries data */
		case 1: arrives(&e, SYN | ACK, 0, 1, 0); break;  /* (c) SYN */
		case 2:
			e.wnd = 65000; /* (e) the window is another */
			acks(&e, 1);
			break;
		default: break;
		}
		for (unsigned i = 0; i < e.outs; i++)
			expect_number(&e, e.out[i].text.len, 0);
		expect_number(&e, e.tcb.cc.cwnd, 10000);
		forget(&e);
		/* The count stands: no ACK has moved SND.UNA. */
		arrives(&e, ACK, lacks == 0 ? 11 : 1, 1, 0);
		expect(&e, ACK, 1, lacks == 0 ? 11 : 1, 1000);
	}
}
END_TEST

START_TEST(a_fin_is_no_duplicate)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 60000);
	acks(&e, 1);
	acks(&e, 1);
	forget(&e);
	arrives(&e, FIN | ACK, 1, 1, 0);
	expect(&e, ACK, 10001, 2, 0);
	expect_nothing(&e);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
}
END_TEST

START_TEST(without_flight_there_are_no_duplicates)
{
	static struct end e;

	/* (a) "the receiver of the ACK has outstanding data" */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	for (int i = 0; i < 5; i++)
		acks(&e, 1);
	call_send(&e, 60000, SEND_PUSH);
	expect_data(&e, 1, 10);
	expect_number(&e, e.tcb.cc.cwnd, 10000);
	acks(&e, 1);
	acks(&e, 1);
	expect_nothing(&e); /* the five before do not count */
}
END_TEST

START_TEST(an_older_ack_is_no_duplicate)
{
	static struct end e;

	/* (d) equal to the greatest received */
	send_lots(&e, "rfc", _i, 60000);
	acks(&e, 2001);
	forget(&e);
	for (int i = 0; i < 5; i++)
		acks(&e, 1001);
	expect_nothing(&e);
}
END_TEST

START_TEST(an_ack_of_new_data_ends_the_count)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 60000);
	acks(&e, 1);
	acks(&e, 1);
	acks(&e, 1001);
	forget(&e);
	acks(&e, 1001);
	acks(&e, 1001);
	expect_nothing(&e);
	acks(&e, 1001);
	expect_data(&e, 1001, 1);
}
END_TEST

/* Segments 1 and 4 of ten are lost: nine duplicates, of the first; cwnd 8000 + 6*1000. */
static void lose_two(struct end *e, const char *profile, enum cc_choice cc, int iss_case)
{
	end_init(e, profile, iss_case);
	e->profile.cc = (uint8_t)cc;
	tcb_in(e, ESTABLISHED);
	call_send(e, 60000, SEND_PUSH);
	forget(e);
	for (int i = 0; i < 9; i++)
		acks(e, 1);
}

START_TEST(newreno_repairs_the_second_loss_on_a_partial_ack)
{
	static struct end e;

	lose_two(&e, "rfc", CC_NEWRENO, _i);
	expect_data(&e, 1, 1);
	expect_number(&e, e.tcb.cc.cwnd, 14000);
	expect_data(&e, 10001, 4);
	expect_nothing(&e);
	/* Partial: 3000 of new data. 14000 - 3000 + 1000; flight 11000. */
	acks(&e, 3001);
	expect_data(&e, 3001, 1);
	expect_number(&e, e.tcb.cc.cwnd, 12000);
	expect_data(&e, 14001, 1);
	expect_nothing(&e);
	/* "if any duplicate ACKs subsequently arrive, execute step 4" */
	acks(&e, 3001);
	expect_number(&e, e.tcb.cc.cwnd, 13000);
	expect_data(&e, 15001, 1);
	/* All up to recover (10001): out of recovery. */
	acks(&e, 10001);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	expect_nothing(&e); /* 6000 are in flight */
}
END_TEST

START_TEST(a_partial_ack_of_less_than_a_segment_adds_nothing_back)
{
	static struct end e;

	lose_two(&e, "rfc", CC_NEWRENO, _i);
	forget(&e);
	acks(&e, 501);
	expect_number(&e, e.tcb.cc.cwnd, 13500);
}
END_TEST

START_TEST(the_first_partial_ack_starts_the_timer_again)
{
	static struct end e;

	lose_two(&e, "rfc", CC_NEWRENO, _i);
	forget(&e);
	after(&e, MS(700));
	acks(&e, 3001);
	forget(&e);
	expect_silence(&e, S(1));
	expect_that(&e, e.outs > 0);
	expect_that(&e, seq_eq(e.out[0].seq, seq_add(e.iss, 3001)));
}
END_TEST

START_TEST(reno_leaves_recovery_on_any_new_ack)
{
	static struct end e;

	lose_two(&e, "rfc", CC_RENO, _i);
	forget(&e);
	acks(&e, 3001);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
	expect_nothing(&e);
}
END_TEST

START_TEST(tahoe_starts_over)
{
	static struct end e;

	lose_two(&e, "rfc", CC_TAHOE, _i);
	expect_data(&e, 1, 1);
	expect_number(&e, e.tcb.cc.ssthresh, 5000);
	expect_number(&e, e.tcb.cc.cwnd, 1000);
	expect_nothing(&e); /* no inflation: the other six duplicates send nothing */
	acks(&e, 3001);
	expect_number(&e, e.tcb.cc.cwnd, 2000);
	/* The second loss: no RFC says how Tahoe finds it; the timer does in the end. */
	after(&e, S(1));
	expect_that(&e, e.outs > e.taken);
	expect_that(&e, seq_eq(e.out[e.taken].seq, seq_add(e.iss, 3001)));
}
END_TEST

START_TEST(duplicates_after_a_timeout_are_no_new_loss)
{
	static struct end e;

	/* RFC 6582 section 4: recover covers all that was sent before the timeout. */
	send_lots(&e, "rfc", _i, 60000);
	after(&e, S(1));
	acks(&e, 1001);
	forget(&e);
	uint32_t ssthresh = e.tcb.cc.ssthresh;
	for (int i = 0; i < 3; i++)
		acks(&e, 1001);
	expect_number(&e, e.tcb.cc.ssthresh, ssthresh);
	for (unsigned i = 0; i < e.outs; i++)
		expect_that(&e, !seq_eq(e.out[i].seq, seq_add(e.iss, 1001)));
}
END_TEST

START_TEST(a_timeout_ends_fast_recovery)
{
	static struct end e;

	lose_two(&e, "rfc", CC_NEWRENO, _i);
	forget(&e);
	after(&e, S(1));
	expect_data(&e, 1, 1);
	expect_number(&e, e.tcb.cc.cwnd, 1000);
	acks(&e, 1);
	expect_number(&e, e.tcb.cc.cwnd, 1000); /* no inflation any more */
}
END_TEST

START_TEST(an_idle_connection_starts_slowly_again)
{
	static struct end e;

	/* RFC 5681 4.1: RW = min(IW, cwnd) after more than an RTO without sending. */
	for (int is_on = 0; is_on < 2; is_on++) {
		end_init(&e, "rfc", _i);
		e.profile.restart_idle = is_on;
		tcb_in(&e, ESTABLISHED);
		call_send(&e, 20000, SEND_PUSH);
		for (int i = 1; i <= 20; i++)
			acks(&e, 1 + 1000 * i);
		expect_that(&e, e.tcb.cc.cwnd >= 20000);
		forget(&e);
		after(&e, S(1) + 1);
		call_send(&e, 20000, SEND_PUSH);
		expect_data(&e, 20001, is_on ? 10 : 20);
		expect_nothing(&e);
	}
}
END_TEST

START_TEST(a_short_pause_is_not_idle)
{
	static struct end e;

	send_lots(&e, "rfc", _i, 20000);
	for (int i = 1; i <= 20; i++)
		acks(&e, 1 + 1000 * i);
	forget(&e);
	after(&e, S(1)); /* "in an interval exceeding the retransmission timeout" */
	call_send(&e, 20000, SEND_PUSH);
	expect_data(&e, 20001, 20);
}
END_TEST

START_TEST(without_control_the_peers_window_alone_governs)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.cc = CC_NONE;
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 60000, SEND_PUSH);
	expect_data(&e, 1, 60);
}
END_TEST

static void add_recovery(Suite *s)
{
	TCase *tc = tcase_create("fast retransmit and recovery");

	tcase_add_loop_test(tc, the_third_duplicate_ack_repeats_the_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_no_duplicate_is_not_counted, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_fin_is_no_duplicate, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_flight_there_are_no_duplicates, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_older_ack_is_no_duplicate, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_ack_of_new_data_ends_the_count, 0, ISS_CASES);
	tcase_add_loop_test(tc, newreno_repairs_the_second_loss_on_a_partial_ack, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_partial_ack_of_less_than_a_segment_adds_nothing_back, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, the_first_partial_ack_starts_the_timer_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, reno_leaves_recovery_on_any_new_ack, 0, ISS_CASES);
	tcase_add_loop_test(tc, tahoe_starts_over, 0, ISS_CASES);
	tcase_add_loop_test(tc, duplicates_after_a_timeout_are_no_new_loss, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_timeout_ends_fast_recovery, 0, ISS_CASES);
	suite_add_tcase(s, tc);
}

Suite *congestion_suite(void)
{
	Suite *s = suite_create("congestion");
	TCase *tc = tcase_create("slow start and avoidance");

	tcase_add_loop_test(tc, the_initial_window, 0, 2 * ISS_CASES);
	tcase_add_loop_test(tc, after_a_lost_syn_the_initial_window_is_one_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, slow_start_grows_by_what_is_acknowledged, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_smaller_of_both_windows_governs, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_timeout_takes_the_window_to_one_segment, 0, ISS_CASES);
	tcase_add_loop_test(tc, ssthresh_is_at_least_two_segments, 0, ISS_CASES);
	tcase_add_loop_test(tc, ssthresh_counts_the_flight_and_not_the_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, after_a_timeout_slow_start_repairs_the_rest, 0, ISS_CASES);
	tcase_add_loop_test(tc, congestion_avoidance_grows_by_one_segment_a_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, an_idle_connection_starts_slowly_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_short_pause_is_not_idle, 0, ISS_CASES);
	tcase_add_loop_test(tc, without_control_the_peers_window_alone_governs, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	add_recovery(s);
	return s;
}
