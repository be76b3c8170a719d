/* SPDX-License-Identifier: MIT */
/* RFC 9293 sections 3.10.1 to 3.10.6: every call in every state. */
#include "fixture.h"
#include "suites.h"

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

enum call { OPEN, SEND, RECEIVE, CLOSE, ABORT, STATUS, CALLS };

/* `ctl` with `seq`, `ack`: what is sent at once; 0: nothing. */
static const struct call_row {
	enum call call;
	enum state state;
	enum tcp_answer answer;
	enum state then;
	unsigned ctl;
	int64_t seq, ack;
	uint32_t len;
} rows[] = {
	/* 3.10.1: active; the passive one is below */
	{OPEN, CLOSED, TCP_OK, SYN_SENT, SYN, 0, 0, 0},
	{OPEN, LISTEN, TCP_OK, SYN_SENT, SYN, 0, 0, 0},
	{OPEN, SYN_SENT, TCP_EXISTS, SYN_SENT, 0, 0, 0, 0},
	{OPEN, SYN_RECEIVED, TCP_EXISTS, SYN_RECEIVED, 0, 0, 0, 0},
	{OPEN, ESTABLISHED, TCP_EXISTS, ESTABLISHED, 0, 0, 0, 0},
	{OPEN, FIN_WAIT_1, TCP_EXISTS, FIN_WAIT_1, 0, 0, 0, 0},
	{OPEN, FIN_WAIT_2, TCP_EXISTS, FIN_WAIT_2, 0, 0, 0, 0},
	{OPEN, CLOSE_WAIT, TCP_EXISTS, CLOSE_WAIT, 0, 0, 0, 0},
	{OPEN, CLOSING, TCP_EXISTS, CLOSING, 0, 0, 0, 0},
	{OPEN, LAST_ACK, TCP_EXISTS, LAST_ACK, 0, 0, 0, 0},
	{OPEN, TIME_WAIT, TCP_EXISTS, TIME_WAIT, 0, 0, 0, 0},
	/* 3.10.2 */
	{SEND, CLOSED, TCP_NOT_OPEN, CLOSED, 0, 0, 0, 0},
	{SEND, SYN_SENT, TCP_OK, SYN_SENT, 0, 0, 0, 0},
	{SEND, SYN_RECEIVED, TCP_OK, SYN_RECEIVED, 0, 0, 0, 0},
	{SEND, ESTABLISHED, TCP_OK, ESTABLISHED, ACK, 1, 1, 10},
	{SEND, FIN_WAIT_1, TCP_CLOSING, FIN_WAIT_1, 0, 0, 0, 0},
	{SEND, FIN_WAIT_2, TCP_CLOSING, FIN_WAIT_2, 0, 0, 0, 0},
	{SEND, CLOSE_WAIT, TCP_OK, CLOSE_WAIT, ACK, 1, 2, 10},
	{SEND, CLOSING, TCP_CLOSING, CLOSING, 0, 0, 0, 0},
	{SEND, LAST_ACK, TCP_CLOSING, LAST_ACK, 0, 0, 0, 0},
	{SEND, TIME_WAIT, TCP_CLOSING, TIME_WAIT, 0, 0, 0, 0},
	/* 3.10.3, nothing to read */
	{RECEIVE, CLOSED, TCP_NOT_OPEN, CLOSED, 0, 0, 0, 0},
	{RECEIVE, LISTEN, TCP_WAIT, LISTEN, 0, 0, 0, 0},
	{RECEIVE, SYN_SENT, TCP_WAIT, SYN_SENT, 0, 0, 0, 0},
	{RECEIVE, SYN_RECEIVED, TCP_WAIT, SYN_RECEIVED, 0, 0, 0, 0},
	{RECEIVE, ESTABLISHED, TCP_WAIT, ESTABLISHED, 0, 0, 0, 0},
	{RECEIVE, FIN_WAIT_1, TCP_WAIT, FIN_WAIT_1, 0, 0, 0, 0},
	{RECEIVE, FIN_WAIT_2, TCP_WAIT, FIN_WAIT_2, 0, 0, 0, 0},
	{RECEIVE, CLOSE_WAIT, TCP_CLOSING, CLOSE_WAIT, 0, 0, 0, 0},
	{RECEIVE, CLOSING, TCP_CLOSING, CLOSING, 0, 0, 0, 0},
	{RECEIVE, LAST_ACK, TCP_CLOSING, LAST_ACK, 0, 0, 0, 0},
	{RECEIVE, TIME_WAIT, TCP_CLOSING, TIME_WAIT, 0, 0, 0, 0},
	/* 3.10.4 */
	{CLOSE, CLOSED, TCP_NOT_OPEN, CLOSED, 0, 0, 0, 0},
	{CLOSE, LISTEN, TCP_OK, CLOSED, 0, 0, 0, 0},
	{CLOSE, SYN_SENT, TCP_OK, CLOSED, 0, 0, 0, 0},
	{CLOSE, SYN_RECEIVED, TCP_OK, FIN_WAIT_1, FIN | ACK, 1, 1, 0},
	{CLOSE, ESTABLISHED, TCP_OK, FIN_WAIT_1, FIN | ACK, 1, 1, 0},
	{CLOSE, FIN_WAIT_1, TCP_CLOSING, FIN_WAIT_1, 0, 0, 0, 0}, /* TCP_OK would do as well */
	{CLOSE, FIN_WAIT_2, TCP_CLOSING, FIN_WAIT_2, 0, 0, 0, 0}, /* the same */
	{CLOSE, CLOSE_WAIT, TCP_OK, LAST_ACK, FIN | ACK, 1, 2, 0},
	{CLOSE, CLOSING, TCP_CLOSING, CLOSING, 0, 0, 0, 0},
	{CLOSE, LAST_ACK, TCP_CLOSING, LAST_ACK, 0, 0, 0, 0},
	{CLOSE, TIME_WAIT, TCP_CLOSING, TIME_WAIT, 0, 0, 0, 0},
	/* 3.10.5 */
	{ABORT, CLOSED, TCP_NOT_OPEN, CLOSED, 0, 0, 0, 0},
	{ABORT, LISTEN, TCP_OK, CLOSED, 0, 0, 0, 0},
	{ABORT, SYN_SENT, TCP_OK, CLOSED, 0, 0, 0, 0},
	{ABORT, SYN_RECEIVED, TCP_OK, CLOSED, RST, 1, 0, 0},
	{ABORT, ESTABLISHED, TCP_OK, CLOSED, RST, 1, 0, 0},
	{ABORT, FIN_WAIT_1, TCP_OK, CLOSED, RST, 2, 0, 0},
	{ABORT, FIN_WAIT_2, TCP_OK, CLOSED, RST, 2, 0, 0},
	{ABORT, CLOSE_WAIT, TCP_OK, CLOSED, RST, 1, 0, 0},
	{ABORT, CLOSING, TCP_OK, CLOSED, 0, 0, 0, 0},
	{ABORT, LAST_ACK, TCP_OK, CLOSED, 0, 0, 0, 0},
	{ABORT, TIME_WAIT, TCP_OK, CLOSED, 0, 0, 0, 0},
	/* 3.10.6 */
	{STATUS, CLOSED, TCP_NOT_OPEN, CLOSED, 0, 0, 0, 0},
	{STATUS, LISTEN, TCP_OK, LISTEN, 0, 0, 0, 0},
	{STATUS, SYN_SENT, TCP_OK, SYN_SENT, 0, 0, 0, 0},
	{STATUS, SYN_RECEIVED, TCP_OK, SYN_RECEIVED, 0, 0, 0, 0},
	{STATUS, ESTABLISHED, TCP_OK, ESTABLISHED, 0, 0, 0, 0},
	{STATUS, FIN_WAIT_1, TCP_OK, FIN_WAIT_1, 0, 0, 0, 0},
	{STATUS, FIN_WAIT_2, TCP_OK, FIN_WAIT_2, 0, 0, 0, 0},
	{STATUS, CLOSE_WAIT, TCP_OK, CLOSE_WAIT, 0, 0, 0, 0},
	{STATUS, CLOSING, TCP_OK, CLOSING, 0, 0, 0, 0},
	{STATUS, LAST_ACK, TCP_OK, LAST_ACK, 0, 0, 0, 0},
	{STATUS, TIME_WAIT, TCP_OK, TIME_WAIT, 0, 0, 0, 0},
};

static enum tcp_answer do_call(struct end *e, const struct call_row *r)
{
	enum tcp_answer a = TCP_OK;
	enum state s = CLOSED;

	switch (r->call) {
	case OPEN: return call_open(e, OPEN_ACTIVE);
	case SEND: return call_send(e, 10, SEND_PUSH);
	case RECEIVE: call_receive(e, 10, 0, &a); return a;
	case CLOSE: return call_close(e, CLOSE_SEND);
	case ABORT: return call_abort(e);
	case STATUS:
		a = tcp_call_status(&e->tcb, &s);
		if (a == TCP_OK)
			expect_number(e, s, r->state);
		return a;
	case CALLS: break;
	}
	return a;
}

static bool is_answer(const struct call_row *r, enum tcp_answer a)
{
	/* "An 'ok' response would be acceptable, too, as long as a second FIN is not emitted". */
	if (r->call == CLOSE && (r->state == FIN_WAIT_1 || r->state == FIN_WAIT_2))
		return a == TCP_CLOSING || a == TCP_OK;
	return a == r->answer;
}

START_TEST(every_call_in_every_state)
{
	static struct end e;
	static const char *const names[] = {"OPEN", "SEND", "RECEIVE", "CLOSE", "ABORT", "STATUS"};
	const struct call_row *r = &rows[_i % COUNT(rows)];

	end_init(&e, "rfc", _i / COUNT(rows));
	e.is_passive = r->state == LISTEN || r->state == CLOSE_WAIT;
	tcb_in(&e, r->state);
	story_add("-- %s in %s\n", names[r->call], state_name(r->state));
	expect_that(&e, is_answer(r, do_call(&e, r)));
	if (r->ctl)
		expect(&e, r->ctl, r->seq, r->ack, r->len);
	expect_nothing(&e);
	expect_state(&e, r->then);
	if (r->then == CLOSED) {
		expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
		expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
		expect_told(&e, r->state == CLOSED ? 0 : TCP_SIG_CLOSED);
	}
}
END_TEST

START_TEST(a_passive_open_only_in_closed)
{
	static struct end e;

	for (int s = CLOSED; s < STATE_COUNT; s++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		enum tcp_answer a = call_open(&e, OPEN_PASSIVE);
		expect_number(&e, a, s == CLOSED ? TCP_OK : TCP_EXISTS);
		expect_state(&e, s == CLOSED ? LISTEN : (enum state)s);
		expect_nothing(&e);
	}
}
END_TEST

START_TEST(a_closed_endpoint_opens_again)
{
	static struct end e;

	/* "Create a new transmission control block": nothing of the former connection is left. */
	for (int how = OPEN_PASSIVE; how <= OPEN_ACTIVE; how++) {
		for (int s = LISTEN; s < STATE_COUNT; s++) {
			end_init(&e, "rfc", _i);
			tcb_in(&e, (enum state)s);
			call_abort(&e);
			expect_state(&e, CLOSED);
			forget(&e);
			e.iss = e.env.iss = seq_add(e.iss, 5000);
			e.irs = seq_add(e.irs, 7000);
			expect_number(&e, call_open(&e, (enum tcp_open)how), TCP_OK);
			if (how == OPEN_PASSIVE) {
				arrives(&e, SYN, 0, 0, 0);
				expect(&e, SYN | ACK, 0, 1, 0);
				arrives(&e, ACK, 1, 1, 0);
			} else {
				expect(&e, SYN, 0, 0, 0);
				arrives(&e, SYN | ACK, 0, 1, 0);
				expect(&e, ACK, 1, 1, 0);
			}
			expect_state(&e, ESTABLISHED);
			expect_told(&e, TCP_SIG_ESTABLISHED);
		}
	}
}
END_TEST

START_TEST(send_in_listen)
{
	static struct end e;

	/* With the remote socket known it opens; unknown, it is an error: the RFC has both. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, LISTEN);
	enum tcp_answer a = call_send(&e, 10, SEND_PUSH);
	if (a == TCP_OK) {
		expect_state(&e, SYN_SENT);
		expect(&e, SYN, 0, 0, 0);
	} else {
		expect_number(&e, a, TCP_UNSPECIFIED);
		expect_state(&e, LISTEN);
	}
	expect_nothing(&e);
}
END_TEST

START_TEST(what_is_sent_before_the_connection_stands_goes_after_it)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, SYN_SENT);
	call_send(&e, 10, 0);
	call_send(&e, 20, SEND_PUSH);
	expect_nothing(&e);
	arrives(&e, SYN | ACK, 0, 1, 0);
	/* The ACK of the SYN may carry them ("Data ... MAY be included"). */
	if (e.outs == 2)
		expect(&e, ACK, 1, 1, 0);
	expect(&e, ACK, 1, 1, 30);
	expect_nothing(&e);
}
END_TEST

START_TEST(send_takes_what_the_buffer_has_room_for)
{
	static struct end e;
	uint32_t taken = 99;

	end_init(&e, "rfc", _i);
	e.profile.snd_buff = 1000;
	tcb_in(&e, SYN_SENT);
	expect_number(&e, tcp_call_send(&e.tcb, 700, 0, &taken, &e.env), TCP_OK);
	expect_number(&e, taken, 700);
	expect_number(&e, tcp_call_send(&e.tcb, 700, 0, &taken, &e.env), TCP_OK);
	expect_number(&e, taken, 300);
	expect_number(&e, tcp_call_send(&e.tcb, 700, 0, &taken, &e.env), TCP_RESOURCES);
	expect_number(&e, taken, 0);
	drain(&e);
	arrives(&e, SYN | ACK, 0, 1, 0);
	forget(&e);
	arrives(&e, ACK, 1, 1001, 0);
	expect_told(&e, TCP_SIG_WRITABLE);
	expect_number(&e, tcp_call_send(&e.tcb, 700, SEND_PUSH, &taken, &e.env), TCP_OK);
	expect_number(&e, taken, 700);
	drain(&e);
}
END_TEST

START_TEST(close_in_syn_received_waits_for_queued_data)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.is_passive = true;
	tcb_in(&e, SYN_RECEIVED);
	call_send(&e, 10, SEND_PUSH);
	expect_number(&e, call_close(&e, CLOSE_SEND), TCP_OK);
	expect_state(&e, SYN_RECEIVED);
	expect_nothing(&e);
	expect_number(&e, call_send(&e, 10, SEND_PUSH), TCP_CLOSING);
	arrives(&e, ACK, 1, 1, 0);
	expect_state(&e, FIN_WAIT_1);
	if (e.outs == 2) { /* the FIN may stand alone */
		expect(&e, ACK, 1, 1, 10);
		expect(&e, FIN | ACK, 11, 1, 0);
	} else {
		expect(&e, FIN | ACK, 1, 1, 10);
	}
	expect_nothing(&e);
	arrives(&e, ACK, 1, 12, 0);
	expect_state(&e, FIN_WAIT_2);
}
END_TEST

START_TEST(close_waits_for_the_window_in_fin_wait_1)
{
	static struct end e;

	/* "Queue this until all preceding SENDs have been segmentized ... In any case, enter
	 * FIN-WAIT-1 state". */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	e.wnd = 0;
	arrives(&e, ACK, 1, 1, 0);
	call_send(&e, 10, SEND_PUSH);
	call_close(&e, CLOSE_SEND);
	expect_nothing(&e);
	expect_state(&e, FIN_WAIT_1);
	e.wnd = 1000;
	arrives(&e, ACK, 1, 1, 0);
	expect(&e, FIN | ACK, 1, 1, 10);
	arrives(&e, ACK, 1, 11, 0);
	expect_state(&e, FIN_WAIT_1);
	arrives(&e, ACK, 1, 12, 0);
	expect_state(&e, FIN_WAIT_2);
}
END_TEST

START_TEST(close_in_close_wait_waits_for_the_window)
{
	static struct end e;

	/* "Queue this request until all preceding SENDs have been segmentized; then send a FIN
	 * segment, enter LAST-ACK state." */
	end_init(&e, "rfc", _i);
	tcb_in(&e, CLOSE_WAIT);
	e.wnd = 0;
	arrives(&e, ACK, 2, 1, 0);
	call_send(&e, 10, SEND_PUSH);
	expect_number(&e, call_close(&e, CLOSE_SEND), TCP_OK);
	expect_nothing(&e);
	expect_state(&e, CLOSE_WAIT);
	expect_number(&e, call_send(&e, 10, SEND_PUSH), TCP_CLOSING);
	e.wnd = 1000;
	arrives(&e, ACK, 2, 1, 0);
	expect(&e, FIN | ACK, 1, 2, 10);
	expect_state(&e, LAST_ACK);
}
END_TEST

START_TEST(close_sends_the_fin_at_once_behind_data_in_flight)
{
	static struct end e;

	/* Nagle holds small data, not a FIN: nothing more can come to fill the segment. */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 10, SEND_PUSH);
	expect(&e, ACK, 1, 1, 10);
	call_close(&e, CLOSE_SEND);
	expect(&e, FIN | ACK, 11, 1, 0);
}
END_TEST

START_TEST(the_rst_of_an_abort_stands_at_snd_nxt)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_send(&e, 100, SEND_PUSH);
	call_send(&e, 50, SEND_PUSH); /* Nagle keeps it: not in SND.NXT */
	forget(&e);
	call_abort(&e);
	expect(&e, RST, 101, 0, 0);
	after(&e, S(1000));
	expect_nothing(&e);
}
END_TEST

START_TEST(unread_text_is_given_after_the_fin)
{
	static struct end e;
	enum tcp_answer last;

	/* 3.10.3 CLOSE-WAIT: "satisfied by data already on hand"; and the user who has closed "must
	 * keep reading" (3.6), so in TIME-WAIT the octets are still theirs. */
	for (int i = 0; i < 2; i++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, i ? FIN_WAIT_2 : ESTABLISHED);
		arrives(&e, FIN | ACK, 1, i ? 2 : 1, 50);
		expect_state(&e, i ? TIME_WAIT : CLOSE_WAIT);
		expect_number(&e, call_receive(&e, 20, 0, &last), 20);
		expect_number(&e, call_receive(&e, 100, 20, &last), 30);
		expect_number(&e, last, TCP_CLOSING);
	}
}
END_TEST

START_TEST(close_for_good_with_unread_text_resets)
{
	static struct end e;

	/* SHLD-3, MAY-1 */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 50);
	forget(&e);
	expect_number(&e, call_close(&e, CLOSE_BOTH), TCP_OK);
	expect_that(&e, e.outs == 1);
	expect_that(&e, e.out[0].ctl & RST);
	expect_that(&e, seq_eq(e.out[0].seq, seq_add(e.iss, 1)));
	expect_state(&e, CLOSED);
	expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
}
END_TEST

START_TEST(close_for_good_in_every_state_with_unread_text)
{
	static struct end e;
	static const struct {
		enum state state, then;
		bool resets;
	} cases[] = {
		{ESTABLISHED, CLOSED, true},   {FIN_WAIT_1, CLOSED, true},
		{FIN_WAIT_2, CLOSED, true},    {CLOSE_WAIT, CLOSED, true},
		{TIME_WAIT, TIME_WAIT, false},
	};

	/* In TIME-WAIT the peer is gone: a RST would tell nobody, and 2 MSL are 2 MSL (MUST-13). */
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum state s = cases[i].state;
		end_init(&e, "rfc", _i);
		tcb_in(&e, s == CLOSE_WAIT ? ESTABLISHED : s == TIME_WAIT ? FIN_WAIT_2 : s);
		unsigned fin = s == CLOSE_WAIT || s == TIME_WAIT ? FIN : 0;
		arrives(&e, PSH | ACK | fin, 1, s == FIN_WAIT_2 || s == TIME_WAIT ? 2 : 1, 50);
		expect_state(&e, s);
		forget(&e);
		call_close(&e, CLOSE_BOTH);
		expect_state(&e, cases[i].then);
		expect_number(&e, e.outs, cases[i].resets);
		expect_that(&e, !cases[i].resets || (e.out[0].ctl & RST));
		expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
		enum tcp_answer last;
		expect_number(&e, call_receive(&e, 100, 0, &last), 0);
		expect_that(&e, last == TCP_CLOSING || last == TCP_NOT_OPEN);
	}
}
END_TEST

START_TEST(urgent_needs_an_octet)
{
	static struct end e;
	uint32_t taken = 7;

	/* 3.8.5: "To send an urgent indication, the user must also send at least one data octet."
	 */
	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	expect_number(&e, tcp_call_send(&e.tcb, 0, SEND_URGENT | SEND_PUSH, &taken, &e.env),
		      TCP_OK);
	expect_number(&e, taken, 0);
	drain(&e);
	expect_nothing(&e);
	call_send(&e, 5, SEND_PUSH);
	expect(&e, ACK, 1, 1, 5);
}
END_TEST

START_TEST(text_after_a_close_for_good_is_reset)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	call_close(&e, CLOSE_BOTH);
	expect(&e, FIN | ACK, 1, 1, 0);
	arrives(&e, ACK, 1, 2, 50);
	expect_that(&e, e.outs == e.taken + 1);
	expect_that(&e, e.out[e.taken].ctl & RST);
	expect_that(&e, seq_eq(e.out[e.taken].seq, seq_add(e.iss, 2)));
	expect_state(&e, CLOSED);
}
END_TEST

START_TEST(text_after_a_close_for_good_may_be_thrown_away)
{
	static struct end e;

	/* Without SHLD-3: the peer is acknowledged and learns nothing; no window is lost by it. */
	end_init(&e, "rfc", _i);
	e.profile.reset_unread = false;
	e.profile.ack_delay = 0;
	e.profile.rcv_buff = 1000;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 100);
	forget(&e);
	call_close(&e, CLOSE_BOTH);
	expect(&e, FIN | ACK, 1, 101, 0);
	for (int i = 0; i < 10; i++)
		arrives(&e, ACK, 101 + 500 * i, 2, 500);
	expect_state(&e, FIN_WAIT_2);
	expect_that(&e, seq_eq(e.tcb.rcv.nxt, seq_add(e.irs, 5101)));
	arrives(&e, FIN | ACK, 5101, 2, 0);
	expect_state(&e, TIME_WAIT);
	expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
}
END_TEST

START_TEST(a_half_close_goes_on_receiving)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, FIN_WAIT_2);
	arrives(&e, PSH | ACK, 1, 2, 50);
	expect_told(&e, TCP_SIG_READABLE);
	expect_number(&e, call_receive(&e, 100, 0, NULL), 50);
	expect_state(&e, FIN_WAIT_2);
}
END_TEST

Suite *calls_suite(void)
{
	Suite *s = suite_create("calls");
	TCase *tc = tcase_create("3.10.1-3.10.6");

	tcase_add_loop_test(tc, every_call_in_every_state, 0, COUNT(rows) * ISS_CASES);
	tcase_add_loop_test(tc, a_passive_open_only_in_closed, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_closed_endpoint_opens_again, 0, ISS_CASES);
	tcase_add_loop_test(tc, send_in_listen, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_is_sent_before_the_connection_stands_goes_after_it, 0,
			    ISS_CASES);
	tcase_add_loop_test(tc, send_takes_what_the_buffer_has_room_for, 0, ISS_CASES);
	tcase_add_loop_test(tc, close_in_syn_received_waits_for_queued_data, 0, ISS_CASES);
	tcase_add_loop_test(tc, close_waits_for_the_window_in_fin_wait_1, 0, ISS_CASES);
	tcase_add_loop_test(tc, close_in_close_wait_waits_for_the_window, 0, ISS_CASES);
	tcase_add_loop_test(tc, close_sends_the_fin_at_once_behind_data_in_flight, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_rst_of_an_abort_stands_at_snd_nxt, 0, ISS_CASES);
	tcase_add_loop_test(tc, unread_text_is_given_after_the_fin, 0, ISS_CASES);
	tcase_add_loop_test(tc, close_for_good_with_unread_text_resets, 0, ISS_CASES);
	tcase_add_loop_test(tc, close_for_good_in_every_state_with_unread_text, 0, ISS_CASES);
	tcase_add_loop_test(tc, urgent_needs_an_octet, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_after_a_close_for_good_is_reset, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_after_a_close_for_good_may_be_thrown_away, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_half_close_goes_on_receiving, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
