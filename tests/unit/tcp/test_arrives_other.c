/* SPDX-License-Identifier: MIT */
/* RFC 9293 section 3.10.7.4: the eight checks, the rows a reader would ask about by name. The rest
 * of the cells is the matrix's. RCV.NXT is IRS+1 (IRS+2 after a FIN); SND.UNA = SND.NXT = ISS+1. */
#include "fixture.h"
#include "suites.h"

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

enum { GONE = TCP_SIG_RESET | TCP_SIG_CLOSED };

struct row_in {
	enum state state;
	const char *profile;
	bool is_passive;
	struct row row;
};

static const struct row_in rows[] = {
	/* SYN-RECEIVED */
	{SYN_RECEIVED,
	 "rfc",
	 true,
	 {"goes on with the ACK of its SYN",
	  {ACK, 1, 1, 0},
	  {0},
	  ESTABLISHED,
	  TCP_SIG_ESTABLISHED}},
	{SYN_RECEIVED,
	 "rfc",
	 true,
	 {"resets an ACK of its ISS", {ACK, 1, 0, 0}, {RST, 0, 0}, SYN_RECEIVED, 0}},
	{SYN_RECEIVED,
	 "classic",
	 true,
	 {"resets an ACK of what was not sent", {ACK, 1, 2, 0}, {RST, 2, 0}, SYN_RECEIVED, 0}},
	{SYN_RECEIVED,
	 "rfc",
	 true,
	 {"goes back to LISTEN on a RST", {RST, 1, 0, 0}, {0}, LISTEN, TCP_SIG_RELISTEN}},
	{SYN_RECEIVED,
	 "rfc",
	 false,
	 {"is refused by a RST when it called",
	  {RST, 1, 0, 0},
	  {0},
	  CLOSED,
	  TCP_SIG_REFUSED | TCP_SIG_CLOSED}},
	{SYN_RECEIVED,
	 "rfc",
	 true,
	 {"challenges a RST inside the window", {RST, 2, 0, 0}, {ACK, 1, 1}, SYN_RECEIVED, 0}},
	{SYN_RECEIVED,
	 "classic",
	 true,
	 {"believes a RST inside the window", {RST, 2, 0, 0}, {0}, LISTEN, TCP_SIG_RELISTEN}},
	{SYN_RECEIVED,
	 "rfc",
	 true,
	 {"goes back to LISTEN on a SYN in the window",
	  {SYN, 1, 0, 0},
	  {0},
	  LISTEN,
	  TCP_SIG_RELISTEN}},
	{SYN_RECEIVED,
	 "rfc",
	 false,
	 {"challenges a SYN in the window when it called",
	  {SYN, 1, 0, 0},
	  {ACK, 1, 1},
	  SYN_RECEIVED,
	  0}},
	{SYN_RECEIVED,
	 "rfc",
	 true,
	 {"acknowledges a repeated SYN", {SYN, 0, 0, 0}, {ACK, 1, 1}, SYN_RECEIVED, 0}},
	{SYN_RECEIVED,
	 "rfc",
	 false,
	 {"goes on with the SYN,ACK of Figure 7, line 6",
	  {SYN | ACK, 0, 1, 0},
	  {0},
	  ESTABLISHED,
	  TCP_SIG_ESTABLISHED}},
	{SYN_RECEIVED,
	 "rfc",
	 true,
	 {"drops what has no ACK", {PSH, 1, 0, 9}, {0}, SYN_RECEIVED, 0}},
	{SYN_RECEIVED,
	 "rfc",
	 true,
	 {"closes at once with ACK and FIN",
	  {FIN | ACK, 1, 1, 0},
	  {ACK, 1, 2},
	  CLOSE_WAIT,
	  TCP_SIG_ESTABLISHED | TCP_SIG_CLOSING}},
	/* First: sequence number */
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"acknowledges an old segment", {ACK, 0, 1, 1}, {ACK, 1, 1}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"acknowledges a keep-alive probe", {ACK, 0, 1, 0}, {ACK, 1, 1}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"acknowledges what is right of the window",
	  {ACK, 1 + 65535, 1, 1},
	  {ACK, 1, 1},
	  ESTABLISHED,
	  0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"drops a RST left of the window", {RST, 0, 0, 0}, {0}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"drops a RST right of the window", {RST, 1 + 65535, 0, 0}, {0}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "classic",
	 true,
	 {"drops a RST right of the window (classic)",
	  {RST, 1 + 65535, 0, 0},
	  {0},
	  ESTABLISHED,
	  0}},
	/* Second: RST */
	{ESTABLISHED, "rfc", true, {"is reset at RCV.NXT", {RST, 1, 0, 0}, {0}, CLOSED, GONE}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"is reset by a RST with data (SHLD-2)", {RST, 1, 0, 20}, {0}, CLOSED, GONE}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"challenges a RST one right of RCV.NXT", {RST, 2, 0, 0}, {ACK, 1, 1}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"challenges a RST on the last octet of the window",
	  {RST, 65535, 0, 0},
	  {ACK, 1, 1},
	  ESTABLISHED,
	  0}},
	{ESTABLISHED,
	 "classic",
	 true,
	 {"believes a RST on the last octet of the window", {RST, 65535, 0, 0}, {0}, CLOSED, GONE}},
	{FIN_WAIT_1, "rfc", true, {"is reset", {RST, 1, 0, 0}, {0}, CLOSED, GONE}},
	{FIN_WAIT_2, "rfc", true, {"is reset", {RST, 1, 0, 0}, {0}, CLOSED, GONE}},
	{CLOSE_WAIT, "rfc", true, {"is reset", {RST, 2, 0, 0}, {0}, CLOSED, GONE}},
	/* Fourth: SYN */
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"challenges a SYN anywhere (Figure 9)", {SYN, 4711, 0, 0}, {ACK, 1, 1}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"challenges a SYN left of the window", {SYN, -4711, 0, 0}, {ACK, 1, 1}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "classic",
	 true,
	 {"acknowledges a SYN left of the window",
	  {SYN, -4711, 0, 0},
	  {ACK, 1, 1},
	  ESTABLISHED,
	  0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"challenges a repeated SYN,ACK", {SYN | ACK, 0, 1, 0}, {ACK, 1, 1}, ESTABLISHED, 0}},
	/* Fifth: ACK */
	{ESTABLISHED, "rfc", true, {"drops text without ACK", {PSH, 1, 0, 9}, {0}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"acknowledges an ACK of what was not sent", {ACK, 1, 2, 0}, {ACK, 1, 1}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"throws away its text too", {ACK, 1, 2, 9}, {ACK, 1, 1}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"takes the oldest ACK of RFC 5961 5.2 in silence",
	  {ACK, 1, 1 - 65535, 0},
	  {0},
	  ESTABLISHED,
	  0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"discards and answers an ACK one older",
	  {ACK, 1, 1 - 65536, 9},
	  {ACK, 1, 1},
	  ESTABLISHED,
	  0}},
	{ESTABLISHED,
	 "classic",
	 true,
	 {"ignores an ancient ACK", {ACK, 1, 1 - 65536, 0}, {0}, ESTABLISHED, 0}},
	{FIN_WAIT_1,
	 "rfc",
	 true,
	 {"waits on when its FIN is acknowledged",
	  {ACK, 1, 2, 0},
	  {0},
	  FIN_WAIT_2,
	  TCP_SIG_CLOSE_DONE}},
	{FIN_WAIT_1,
	 "rfc",
	 true,
	 {"is CLOSING when the FINs cross",
	  {FIN | ACK, 1, 1, 0},
	  {ACK, 2, 2},
	  CLOSING,
	  TCP_SIG_CLOSING}},
	{FIN_WAIT_1,
	 "rfc",
	 true,
	 {"goes straight to TIME-WAIT with FIN and ACK of FIN (note 2)",
	  {FIN | ACK, 1, 2, 0},
	  {ACK, 2, 2},
	  TIME_WAIT,
	  TCP_SIG_CLOSING | TCP_SIG_CLOSE_DONE}},
	{FIN_WAIT_2,
	 "rfc",
	 true,
	 {"is in TIME-WAIT after the FIN",
	  {FIN | ACK, 1, 2, 0},
	  {ACK, 2, 2},
	  TIME_WAIT,
	  TCP_SIG_CLOSING}},
	{CLOSING,
	 "rfc",
	 true,
	 {"is in TIME-WAIT after the ACK", {ACK, 2, 2, 0}, {0}, TIME_WAIT, TCP_SIG_CLOSE_DONE}},
	{CLOSING,
	 "rfc",
	 true,
	 {"ignores an ACK of less than its FIN", {ACK, 2, 1, 0}, {0}, CLOSING, 0}},
	{CLOSING,
	 "rfc",
	 true,
	 {"acknowledges a repeated FIN", {FIN | ACK, 1, 1, 0}, {ACK, 2, 2}, CLOSING, 0}},
	{LAST_ACK,
	 "rfc",
	 true,
	 {"is closed by the ACK of its FIN",
	  {ACK, 2, 2, 0},
	  {0},
	  CLOSED,
	  TCP_SIG_CLOSED | TCP_SIG_CLOSE_DONE}},
	{LAST_ACK, "rfc", true, {"stays with an ACK of less", {ACK, 2, 1, 0}, {0}, LAST_ACK, 0}},
	{LAST_ACK,
	 "rfc",
	 true,
	 {"acknowledges a repeated FIN", {FIN | ACK, 1, 1, 0}, {ACK, 2, 2}, LAST_ACK, 0}},
	{CLOSE_WAIT,
	 "rfc",
	 true,
	 {"acknowledges a repeated FIN", {FIN | ACK, 1, 1, 0}, {ACK, 1, 2}, CLOSE_WAIT, 0}},
	/* Seventh: text after a FIN */
	{CLOSE_WAIT,
	 "rfc",
	 true,
	 {"ignores text after the FIN", {ACK, 2, 1, 9}, {0}, CLOSE_WAIT, 0}},
	/* Eighth: FIN */
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"waits for the user after a FIN",
	  {FIN | ACK, 1, 1, 0},
	  {ACK, 1, 2},
	  CLOSE_WAIT,
	  TCP_SIG_CLOSING}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"does not see a FIN without ACK", {FIN, 1, 0, 0}, {0}, ESTABLISHED, 0}},
	{ESTABLISHED,
	 "rfc",
	 true,
	 {"holds a FIN ahead of RCV.NXT", {FIN | ACK, 5, 1, 0}, {ACK, 1, 1}, ESTABLISHED, 0}},
};

START_TEST(the_eight_checks)
{
	static struct end e;
	const struct row_in *r = &rows[_i % COUNT(rows)];

	end_init(&e, r->profile, _i / COUNT(rows));
	e.is_passive = r->is_passive;
	tcb_in(&e, r->state);
	run_row(&e, &r->row);
	if (r->row.then == CLOSED)
		expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
}
END_TEST

START_TEST(text_and_ack_and_fin_come_together)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	forget(&e);
	arrives(&e, FIN | PSH | ACK, 1, 11, 7);
	expect(&e, ACK, 11, 9, 0);
	expect_nothing(&e);
	expect_state(&e, CLOSE_WAIT);
	expect_told(&e, TCP_SIG_WRITABLE | TCP_SIG_READABLE | TCP_SIG_CLOSING);
	expect_number(&e, call_receive(&e, 7, 0, NULL), 7);
}
END_TEST

START_TEST(only_the_new_part_of_a_straddling_segment_is_taken)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 10);
	expect(&e, ACK, 1, 11, 0);
	arrives(&e, ACK, 5, 1, 10);
	expect(&e, ACK, 1, 15, 0);
	expect_number(&e, call_receive(&e, 100, 0, NULL), 14);
}
END_TEST

START_TEST(a_segment_longer_than_the_window_is_cut)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ack_delay = 0;
	e.profile.rcv_buff = 1000;
	tcb_in(&e, ESTABLISHED);
	/* And its FIN lies outside: it is cut off with the rest. */
	arrives(&e, FIN | ACK, 1, 1, 1200);
	const struct seg *s = expect(&e, ACK, 1, 1001, 0);
	expect_number(&e, s->wnd, 0);
	expect_state(&e, ESTABLISHED);
	expect_number(&e, call_receive(&e, 2000, 0, NULL), 1000);
}
END_TEST

START_TEST(a_fin_is_seen_when_the_gap_before_it_is_filled)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, FIN | ACK, 11, 1, 5);
	expect(&e, ACK, 1, 1, 0);
	expect_state(&e, ESTABLISHED);
	expect_told(&e, 0);
	arrives(&e, ACK, 1, 1, 10);
	expect(&e, ACK, 1, 17, 0);
	expect_nothing(&e);
	expect_state(&e, CLOSE_WAIT);
	expect_told(&e, TCP_SIG_READABLE | TCP_SIG_CLOSING);
	expect_number(&e, call_receive(&e, 15, 0, NULL), 15);
}
END_TEST

START_TEST(a_bare_fin_is_seen_when_the_gap_before_it_is_filled)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, FIN_WAIT_2);
	arrives(&e, FIN | ACK, 11, 2, 0);
	expect(&e, ACK, 2, 1, 0);
	expect_state(&e, FIN_WAIT_2);
	arrives(&e, ACK, 1, 2, 10);
	expect(&e, ACK, 2, 12, 0);
	expect_state(&e, TIME_WAIT);
}
END_TEST

Suite *arrives_other_suite(void)
{
	Suite *s = suite_create("arrives other");
	TCase *tc = tcase_create("3.10.7.4");

	tcase_add_loop_test(tc, the_eight_checks, 0, COUNT(rows) * ISS_CASES);
	tcase_add_loop_test(tc, text_and_ack_and_fin_come_together, 0, ISS_CASES);
	tcase_add_loop_test(tc, only_the_new_part_of_a_straddling_segment_is_taken, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_segment_longer_than_the_window_is_cut, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_fin_is_seen_when_the_gap_before_it_is_filled, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_bare_fin_is_seen_when_the_gap_before_it_is_filled, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
