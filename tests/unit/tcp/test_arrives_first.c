/* SPDX-License-Identifier: MIT */
/* RFC 9293 sections 3.10.7.1 to 3.10.7.3: segments in CLOSED, LISTEN and SYN-SENT. */
#include "fixture.h"
#include "suites.h"

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

/* 3.10.7.1. Numbers here are as they stand: a CLOSED endpoint has neither ISS nor IRS. */
static const struct {
	const char *name;
	unsigned ctl;
	uint32_t seq, ack, len;
	unsigned answer; /* 0: none */
	uint32_t answer_seq, answer_ack;
} closed_rows[] = {
	{"discards a RST", RST, 7, 0, 0, 0, 0, 0},
	{"discards a RST,ACK", RST | ACK, 7, 9, 0, 0, 0, 0},
	{"resets a SYN: it counts one", SYN, 7, 0, 0, RST | ACK, 0, 8},
	{"resets a SYN with text", SYN, 7, 0, 10, RST | ACK, 0, 18},
	{"resets a FIN: it counts one", FIN, 7, 0, 0, RST | ACK, 0, 8},
	{"resets SYN,FIN with text", SYN | FIN, 7, 0, 10, RST | ACK, 0, 19},
	{"resets text without ACK", PSH, 7, 0, 10, RST | ACK, 0, 17},
	{"resets no bits at all", 0, 7, 0, 0, RST | ACK, 0, 7},
	{"resets an ACK at its number", ACK, 7, 9, 0, RST, 9, 0},
	{"resets a SYN,ACK at its number", SYN | ACK, 7, 9, 0, RST, 9, 0},
	{"resets a FIN,ACK with text at its number", FIN | ACK, 7, 9, 5, RST, 9, 0},
	{"counts over the end of the numbers", SYN, UINT32_MAX, 0, 1, RST | ACK, 0, 1},
	{"resets an ACK of zero", ACK, 7, 0, 0, RST, 0, 0},
};

static void is_closed_answer(const struct end *e, int i, const struct seg *out, unsigned outs)
{
	if (!closed_rows[i].answer) {
		expect_number(e, outs, 0);
		return;
	}
	expect_number(e, outs, 1);
	expect_number(e, out->ctl, closed_rows[i].answer);
	expect_number(e, out->seq.v, closed_rows[i].answer_seq);
	expect_number(e, out->ack.v, closed_rows[i].answer_ack);
	expect_number(e, out->len, 0);
	expect_number(e, out->opts, 0);
}

static struct seg closed_in(int i)
{
	struct seg s = {
		.seq = seq(closed_rows[i].seq),
		.ack = seq(closed_rows[i].ack),
		.ctl = (uint16_t)closed_rows[i].ctl,
		.len = seg_len((uint16_t)closed_rows[i].ctl, closed_rows[i].len),
		.wnd = 500,
	};
	if (closed_rows[i].len)
		s.text = (struct text){0, THEIR_STREAM, closed_rows[i].len};
	return s;
}

START_TEST(a_closed_endpoint)
{
	static struct end e;
	struct seg s = closed_in(_i);

	end_init(&e, "rfc", ISS_PLAIN);
	story_add("-- %s\n", closed_rows[_i].name);
	arrives_seg(&e, &s);
	is_closed_answer(&e, _i, &e.out[0], e.outs);
	expect_state(&e, CLOSED);
	expect_told(&e, 0);
}
END_TEST

START_TEST(a_segment_that_belongs_to_nobody)
{
	static struct end e;
	struct seg s = closed_in(_i);
	struct seg reset = {0};

	end_init(&e, "rfc", ISS_PLAIN);
	story_add("-- %s\n", closed_rows[_i].name);
	bool is_answered = tcp_answer_closed(&s, &reset, &e.env);
	is_closed_answer(&e, _i, &reset, is_answered ? 1 : 0);
}
END_TEST

/* 3.10.7.2 */
static const struct row listen_rows[] = {
	{"ignores a RST", {RST, 0, 0, 0}, {0}, LISTEN, 0},
	{"ignores a RST,ACK", {RST | ACK, 0, 1, 0}, {0}, LISTEN, 0},
	{"ignores a RST with a SYN", {RST | SYN, 0, 0, 0}, {0}, LISTEN, 0},
	{"resets any ACK", {ACK, 10, 77, 0}, {RST, 77, 0}, LISTEN, 0},
	{"resets a SYN,ACK", {SYN | ACK, 0, 1, 0}, {RST, 1, 0}, LISTEN, 0},
	{"resets text with ACK", {PSH | ACK, 10, -5, 9}, {RST, -5, 0}, LISTEN, 0},
	{"resets a FIN,ACK", {FIN | ACK, 10, 3, 0}, {RST, 3, 0}, LISTEN, 0},
	{"answers a SYN with SYN,ACK", {SYN, 0, 0, 0}, {SYN | ACK, 0, 1}, SYN_RECEIVED, 0},
	{"acknowledges the SYN alone when text comes with it",
	 {SYN, 0, 0, 9},
	 {SYN | ACK, 0, 1},
	 SYN_RECEIVED,
	 0},
	{"answers SYN,PSH,URG too", {SYN | PSH | URG, 0, 0, 0}, {SYN | ACK, 0, 1}, SYN_RECEIVED, 0},
	{"drops a FIN", {FIN, 0, 0, 0}, {0}, LISTEN, 0},
	{"drops text without ACK", {PSH, 0, 0, 9}, {0}, LISTEN, 0},
	{"drops no bits at all", {0, 0, 0, 0}, {0}, LISTEN, 0},
};

START_TEST(a_listen_endpoint)
{
	static struct end e;

	end_init(&e, "rfc", _i / COUNT(listen_rows));
	tcb_in(&e, LISTEN);
	run_row(&e, &listen_rows[_i % COUNT(listen_rows)]);
}
END_TEST

START_TEST(listen_sets_the_variables)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, LISTEN);
	e.wnd = 3333;
	arrives(&e, SYN, 0, 0, 0);
	expect_that(&e, seq_eq(e.tcb.irs, e.irs));
	expect_that(&e, seq_eq(e.tcb.iss, e.iss));
	expect_that(&e, seq_eq(e.tcb.rcv.nxt, seq_add(e.irs, 1)));
	expect_that(&e, seq_eq(e.tcb.snd.una, e.iss));
	expect_that(&e, seq_eq(e.tcb.snd.nxt, seq_add(e.iss, 1)));
	expect_number(&e, e.tcb.origin, ORIGIN_PASSIVE);
}
END_TEST

START_TEST(text_and_fin_on_a_syn_are_kept_for_later)
{
	static struct end e;

	/* "any other control or text should be queued for processing later" */
	end_init(&e, "rfc", _i);
	e.profile.ack_delay = 0;
	tcb_in(&e, LISTEN);
	arrives(&e, SYN | FIN, 0, 0, 9);
	expect(&e, SYN | ACK, 0, 1, 0);
	expect_state(&e, SYN_RECEIVED);
	expect_number(&e, call_receive(&e, 9, 0, NULL), 0);

	/* The peer has sent all: its ACK stands after text and FIN. */
	arrives(&e, ACK, 11, 1, 0);
	expect_state(&e, CLOSE_WAIT);
	expect(&e, ACK, 1, 11, 0);
	expect_nothing(&e);
	expect_number(&e, call_receive(&e, 9, 0, NULL), 9);
}
END_TEST

/* 3.10.7.3; SYN-SENT stands at SND.UNA = ISS, SND.NXT = ISS+1. */

static const struct row syn_sent_rows[] = {
	{"goes on to ESTABLISHED with SYN,ACK",
	 {SYN | ACK, 0, 1, 0},
	 {ACK, 1, 1},
	 ESTABLISHED,
	 TCP_SIG_ESTABLISHED},
	{"goes on to SYN-RECEIVED with SYN", {SYN, 0, 0, 0}, {SYN | ACK, 0, 1}, SYN_RECEIVED, 0},
	{"resets an ACK of the ISS", {SYN | ACK, 0, 0, 0}, {RST, 0, 0}, SYN_SENT, 0},
	{"resets an ACK before the ISS", {ACK, 0, -9, 0}, {RST, -9, 0}, SYN_SENT, 0},
	{"resets an ACK of what was not sent", {SYN | ACK, 0, 2, 0}, {RST, 2, 0}, SYN_SENT, 0},
	{"resets a bare ACK of what was not sent", {ACK, 0, 91, 0}, {RST, 91, 0}, SYN_SENT, 0},
	{"drops a RST with a bad ACK", {RST | ACK, 0, 2, 0}, {0}, SYN_SENT, 0},
	{"drops a RST with an ACK of the ISS", {RST | ACK, 0, 0, 0}, {0}, SYN_SENT, 0},
	{"drops a RST without ACK", {RST, 0, 0, 0}, {0}, SYN_SENT, 0},
	{"drops a RST,SYN without ACK", {RST | SYN, 0, 0, 0}, {0}, SYN_SENT, 0},
	{"drops a good ACK alone", {ACK, 0, 1, 0}, {0}, SYN_SENT, 0},
	{"drops a FIN", {FIN, 0, 0, 0}, {0}, SYN_SENT, 0},
	{"drops a FIN with a good ACK", {FIN | ACK, 0, 1, 0}, {0}, SYN_SENT, 0},
	{"drops text", {PSH | ACK, 0, 1, 9}, {0}, SYN_SENT, 0},
	{"drops no bits at all", {0, 0, 0, 0}, {0}, SYN_SENT, 0},
	{"acknowledges SYN,ACK,FIN in one and closes",
	 {SYN | ACK | FIN, 0, 1, 0},
	 {ACK, 1, 2},
	 CLOSE_WAIT,
	 TCP_SIG_ESTABLISHED | TCP_SIG_CLOSING},
};

START_TEST(a_syn_sent_endpoint)
{
	static struct end e;

	end_init(&e, "rfc", _i / COUNT(syn_sent_rows));
	tcb_in(&e, SYN_SENT);
	run_row(&e, &syn_sent_rows[_i % COUNT(syn_sent_rows)]);
}
END_TEST

START_TEST(syn_sent_is_reset_by_a_rst_that_acknowledges_the_syn)
{
	static struct end e;

	/* Whatever its sequence number: erratum 8167. */
	for (int64_t seq_no = -1000; seq_no <= 1000; seq_no += 500) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, SYN_SENT);
		arrives(&e, RST | ACK, seq_no, 1, 0);
		expect_nothing(&e);
		expect_state(&e, CLOSED);
		expect_that(&e, e.told & TCP_SIG_CLOSED);
		expect_that(&e, e.told & (TCP_SIG_RESET | TCP_SIG_REFUSED));
		expect_number(&e, tcp_next_timeout(&e.tcb), USEC_NEVER);
	}
}
END_TEST

START_TEST(syn_sent_takes_text_with_the_syn_ack)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ack_delay = 0;
	tcb_in(&e, SYN_SENT);
	arrives(&e, SYN | ACK | PSH, 0, 1, 9);
	expect(&e, ACK, 1, 10, 0);
	expect_nothing(&e);
	expect_told(&e, TCP_SIG_ESTABLISHED | TCP_SIG_READABLE);
	expect_number(&e, call_receive(&e, 9, 0, NULL), 9);
}
END_TEST

START_TEST(syn_sent_keeps_text_of_a_bare_syn_for_later)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.profile.ack_delay = 0;
	tcb_in(&e, SYN_SENT);
	arrives(&e, SYN, 0, 0, 9);
	expect(&e, SYN | ACK, 0, 1, 0);
	expect_number(&e, call_receive(&e, 9, 0, NULL), 0);
	arrives(&e, ACK, 10, 1, 0);
	expect_state(&e, ESTABLISHED);
	expect(&e, ACK, 1, 10, 0);
	expect_number(&e, call_receive(&e, 9, 0, NULL), 9);
}
END_TEST

START_TEST(syn_sent_sets_the_variables)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	e.wnd = 4444;
	tcb_in(&e, SYN_SENT);
	arrives(&e, SYN | ACK, 0, 1, 0);
	expect_that(&e, seq_eq(e.tcb.irs, e.irs));
	expect_that(&e, seq_eq(e.tcb.rcv.nxt, seq_add(e.irs, 1)));
	expect_that(&e, seq_eq(e.tcb.snd.una, seq_add(e.iss, 1)));
	expect_number(&e, e.tcb.snd.wnd, 4444);
	expect_number(&e, e.tcb.snd.max_wnd, 4444);
	expect_number(&e, e.tcb.origin, ORIGIN_ACTIVE);
	/* The retransmission queue is empty: nothing more of the SYN. */
	forget(&e);
	after(&e, S(3600));
	expect_nothing(&e);
}
END_TEST

Suite *arrives_first_suite(void)
{
	Suite *s = suite_create("arrives first");
	TCase *closed = tcase_create("3.10.7.1 CLOSED");
	TCase *listen = tcase_create("3.10.7.2 LISTEN");
	TCase *syn_sent = tcase_create("3.10.7.3 SYN-SENT");

	tcase_add_loop_test(closed, a_closed_endpoint, 0, COUNT(closed_rows));
	tcase_add_loop_test(closed, a_segment_that_belongs_to_nobody, 0, COUNT(closed_rows));
	tcase_add_loop_test(listen, a_listen_endpoint, 0, COUNT(listen_rows) * ISS_CASES);
	tcase_add_loop_test(listen, listen_sets_the_variables, 0, ISS_CASES);
	tcase_add_loop_test(listen, text_and_fin_on_a_syn_are_kept_for_later, 0, ISS_CASES);
	tcase_add_loop_test(syn_sent, a_syn_sent_endpoint, 0, COUNT(syn_sent_rows) * ISS_CASES);
	tcase_add_loop_test(syn_sent, syn_sent_is_reset_by_a_rst_that_acknowledges_the_syn, 0,
			    ISS_CASES);
	tcase_add_loop_test(syn_sent, syn_sent_takes_text_with_the_syn_ack, 0, ISS_CASES);
	tcase_add_loop_test(syn_sent, syn_sent_keeps_text_of_a_bare_syn_for_later, 0, ISS_CASES);
	tcase_add_loop_test(syn_sent, syn_sent_sets_the_variables, 0, ISS_CASES);
	suite_add_tcase(s, closed);
	suite_add_tcase(s, listen);
	suite_add_tcase(s, syn_sent);
	return s;
}
