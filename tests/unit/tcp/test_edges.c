/* SPDX-License-Identifier: MIT */
/* Figure 5: every edge of the engine's table is taken by a real event, and no other is. */
#include "fixture.h"
#include "suites.h"

static struct end e;

static void start(enum state s, bool is_passive)
{
	end_init(&e, "rfc", ISS_PLAIN);
	e.is_passive = is_passive;
	tcb_in(&e, s);
}

/* The figure's own arrows, and its notes 1 and 2. */
static void opening(void)
{
	start(LISTEN, true);
	call_close(&e, CLOSE_SEND);
	start(LISTEN, true);
	call_open(&e, OPEN_ACTIVE);
	call_close(&e, CLOSE_SEND);
	start(LISTEN, true);
	arrives(&e, SYN, 0, 0, 0);
	arrives(&e, RST, 1, 0, 0);
	start(SYN_SENT, false);
	arrives(&e, SYN, 0, 0, 0);
	arrives(&e, ACK, 1, 1, 0);
	start(SYN_SENT, false);
	arrives(&e, SYN | ACK, 0, 1, 0);
	start(SYN_RECEIVED, true);
	call_close(&e, CLOSE_SEND);
	start(SYN_RECEIVED, true);
	arrives(&e, SYN, 1, 0, 0);
}

static void closing(void)
{
	start(FIN_WAIT_1, true);
	arrives(&e, ACK, 1, 2, 0);
	arrives(&e, FIN | ACK, 1, 2, 0);
	after(&e, S(240));
	start(FIN_WAIT_1, true);
	arrives(&e, FIN | ACK, 1, 1, 0);
	arrives(&e, ACK, 2, 2, 0);
	start(FIN_WAIT_1, true);
	arrives(&e, FIN | ACK, 1, 2, 0); /* note 2, perhaps in two steps */
	start(ESTABLISHED, true);
	arrives(&e, FIN | ACK, 1, 1, 0);
	call_close(&e, CLOSE_SEND);
	arrives(&e, ACK, 2, 2, 0);
}

/* Note 3 and what the text adds: from every state to CLOSED by RST, ABORT, and time. */
static void ending(void)
{
	for (int s = SYN_SENT; s < STATE_COUNT; s++) {
		start((enum state)s, false);
		call_abort(&e);
		start((enum state)s, false);
		if (s == SYN_SENT)
			arrives(&e, RST | ACK, 0, 1, 0);
		else
			arrives(&e, RST, seq_span(e.irs, e.tcb.rcv.nxt), 0, 0);
		expect_state(&e, CLOSED);
		start((enum state)s, false);
		if (s == ESTABLISHED || s == CLOSE_WAIT)
			call_send(&e, 10, SEND_PUSH);
		after(&e, S(1000));
	}
}

START_TEST(every_edge_is_taken)
{
	opening();
	closing();
	ending();
	ck_assert_uint_ge(edge_count(), 20);
	for (size_t i = 0; i < edge_count(); i++) {
		enum state from, to;
		const char *label = NULL;
		edge_at(i, &from, &to, &label);
		ck_assert(edge_exists(from, to));
		ck_assert_ptr_nonnull(label);
		ck_assert_msg(has_gone(from, to), "%s -> %s is never taken", state_name(from),
			      state_name(to));
	}
	for (int from = 0; from < STATE_COUNT; from++)
		for (int to = 0; to < STATE_COUNT; to++)
			ck_assert_msg(from == to || !has_gone((enum state)from, (enum state)to) ||
					      edge_exists((enum state)from, (enum state)to),
				      "%s -> %s is taken and is no edge",
				      state_name((enum state)from), state_name((enum state)to));
}
END_TEST

/* Figure 5 as it is drawn; whoever loses a line of edge.def is told here. */
START_TEST(the_figures_arrows_are_edges)
{
	static const enum state arrows[][2] = {
		{CLOSED, LISTEN},           {CLOSED, SYN_SENT},          {LISTEN, CLOSED},
		{LISTEN, SYN_RECEIVED},     {LISTEN, SYN_SENT},          {SYN_SENT, CLOSED},
		{SYN_SENT, SYN_RECEIVED},   {SYN_SENT, ESTABLISHED},     {SYN_RECEIVED, LISTEN},
		{SYN_RECEIVED, FIN_WAIT_1}, {SYN_RECEIVED, ESTABLISHED}, {ESTABLISHED, FIN_WAIT_1},
		{ESTABLISHED, CLOSE_WAIT},  {FIN_WAIT_1, FIN_WAIT_2},    {FIN_WAIT_1, CLOSING},
		{FIN_WAIT_2, TIME_WAIT},    {CLOSING, TIME_WAIT},        {CLOSE_WAIT, LAST_ACK},
		{LAST_ACK, CLOSED},         {TIME_WAIT, CLOSED},
	};

	for (size_t i = 0; i < sizeof(arrows) / sizeof(arrows[0]); i++)
		ck_assert_msg(edge_exists(arrows[i][0], arrows[i][1]), "%s -> %s",
			      state_name(arrows[i][0]), state_name(arrows[i][1]));
	/* And some that must not be. */
	ck_assert(!edge_exists(CLOSED, ESTABLISHED));
	ck_assert(!edge_exists(ESTABLISHED, TIME_WAIT));
	ck_assert(!edge_exists(ESTABLISHED, LISTEN));
	ck_assert(!edge_exists(TIME_WAIT, LISTEN));
	ck_assert(!edge_exists(LAST_ACK, TIME_WAIT));
	ck_assert(!edge_exists(CLOSE_WAIT, FIN_WAIT_1));
}
END_TEST

Suite *edges_suite(void)
{
	Suite *s = suite_create("edges");
	TCase *tc = tcase_create("Figure 5");

	tcase_add_test(tc, every_edge_is_taken);
	tcase_add_test(tc, the_figures_arrows_are_edges);
	suite_add_tcase(s, tc);
	return s;
}
