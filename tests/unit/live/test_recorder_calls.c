/* SPDX-License-Identifier: MIT */
/* Calls that our own process told, looks at the kernel's sockets, and all sources together. */
#include "suites.h"

#include <stdio.h>
#include <trace/frame.h>
#include <trace/moment.h>
#include "overheard.h"

/* ---- what is told ---------------------------------------------------------------------------- */

static void act(struct recorder *r, usec at, enum call_verb verb, int who, const char *octets)
{
	struct flow f;
	struct act a = {.at = OVERHEARD_EPOCH + at, .verb = verb};

	overheard_flow(&f);
	a.self = f.end[who];
	if (verb != CALL_LISTEN && verb != CALL_BIND)
		a.peer = f.end[!who];
	a.octets = octets;
	a.size = octets ? strlen(octets) : 0;
	if (verb == CALL_LISTEN)
		a.value = 5;
	recorder_act(r, &a);
}

static void act_connect(struct recorder *r, usec at, bool is_result, enum sock_error e)
{
	struct flow f;
	struct act a = {.at = OVERHEARD_EPOCH + at, .verb = CALL_CONNECT, .error = e};

	overheard_flow(&f);
	a.self = f.end[ZHANG];
	a.peer = f.end[LI];
	a.is_result = is_result;
	if (!is_result)
		a.self.port = 0; /* the kernel has not chosen it yet */
	recorder_act(r, &a);
}

static void look(struct recorder *r, usec at, int who, enum state state)
{
	struct flow f;
	struct socket_sight k = {.at = OVERHEARD_EPOCH + at, .state = state};

	overheard_flow(&f);
	k.self = f.end[who];
	if (state != LISTEN)
		k.peer = f.end[!who];
	k.has_info = state == ESTABLISHED;
	k.rto = 204000;
	k.srtt = 30;
	k.cwnd = 10;
	k.snd_mss = 1460;
	k.ssthresh = UINT32_MAX;
	k.receive_queue = state == CLOSE_WAIT ? 6 : 0;
	recorder_socket(r, &k);
}

static void hear(struct recorder *r, struct overheard o)
{
	uint8_t frame[2000];
	size_t size = overheard_frame(&o, frame, sizeof frame);

	recorder_frame(r, &(struct frame_sight){.at = OVERHEARD_EPOCH + o.at,
						.link = 1,
						.octets = frame,
						.size = size,
						.wire_size = size});
}

static void gone(struct recorder *r, usec at, int who)
{
	struct flow f;

	overheard_flow(&f);
	recorder_gone(r, OVERHEARD_EPOCH + at, &f, who);
}

static void expect_steps(struct recorder *r, const char *steps)
{
	char *found = steps_of(recorder_trace(r)), *lines = lines_of(recorder_trace(r));

	ck_assert_msg(strcmp(found, steps) == 0, "%s\nnot\n%s\n%s", found, steps, lines);
	free(found);
	free(lines);
}

static void expect_lines(struct recorder *r, const char *const *lines)
{
	char *all = lines_of(recorder_trace(r)), *at = all;

	for (; *lines; lines++) {
		char *found = strstr(at, *lines);

		ck_assert_msg(found != NULL, "no %s after\n%s\nin\n%s", *lines, at, all);
		at = found + strlen(*lines);
	}
	free(all);
}

/* ---- without a capture ----------------------------------------------------------------------- */

/* Calls and looks alone make the story: what the kernel told is no inference, what lies between is.
 */
START_TEST(test_no_frames)
{
	static const char *const lines[] = {"call listen li\n",
					    "call connect zhang\n",
					    "result connect zhang\n",
					    "call accept li\n",
					    "call write zhang 6\n",
					    "read li 6\n",
					    "call write li 6\n",
					    "read zhang 6\n",
					    "call close zhang\n",
					    "call close li\n",
					    NULL};
	struct recorder *r = recorder_new(&(struct recorder_options){.has_acts = true});

	act(r, 0, CALL_LISTEN, LI, NULL);
	act_connect(r, 10, false, SOCK_OK);
	act_connect(r, 20, true, SOCK_OK);
	act(r, 30, CALL_ACCEPT, LI, NULL);
	look(r, 40, ZHANG, ESTABLISHED);
	look(r, 40, LI, ESTABLISHED);
	act(r, 50, CALL_WRITE, ZHANG, "hello\n");
	act(r, 60, CALL_READ, LI, "hello\n");
	act(r, 70, CALL_WRITE, LI, "hello\n");
	act(r, 80, CALL_READ, ZHANG, "hello\n");
	act(r, 90, CALL_CLOSE, ZHANG, NULL);
	look(r, 100, ZHANG, FIN_WAIT_2);
	look(r, 100, LI, CLOSE_WAIT);
	act(r, 110, CALL_CLOSE, LI, NULL);
	look(r, 120, ZHANG, TIME_WAIT);
	gone(r, 120, LI);
	gone(r, 60000120, ZHANG);
	recorder_end(r, OVERHEARD_EPOCH + 70000000);
	expect_lines(r, lines);
	expect_steps(r, "[li:LISTEN] zhang:SYN_SENT [zhang:ESTABLISHED] zhang:FIN_WAIT_1 "
			"[zhang:FIN_WAIT_2] [li:CLOSE_WAIT] li:LAST_ACK [zhang:TIME_WAIT] "
			"[li:CLOSED] [zhang:CLOSED] ");
	recorder_free(r);
}
END_TEST

START_TEST(test_refused_without_frames)
{
	struct recorder *r = recorder_new(&(struct recorder_options){.has_acts = true});
	static const char *const lines[] = {"call connect zhang\n",
					    "result connect zhang ECONNREFUSED\n", NULL};

	act_connect(r, 10, false, SOCK_OK);
	act_connect(r, 20, true, SOCK_ECONNREFUSED);
	recorder_end(r, OVERHEARD_EPOCH + 1000);
	expect_lines(r, lines);
	expect_steps(r, "zhang:SYN_SENT zhang:CLOSED ");
	recorder_free(r);
}
END_TEST

/* ---- together -------------------------------------------------------------------------------- */

static void a_talk(struct recorder *r)
{
	hear(r, (struct overheard){100, ZHANG, "S", 100, 0});
	hear(r, (struct overheard){110, LI, "S.", 300, 101});
	hear(r, (struct overheard){120, ZHANG, ".", 101, 301});
	hear(r, (struct overheard){200, ZHANG, "P.", 101, 301, "hello\n"});
	hear(r, (struct overheard){210, LI, ".", 301, 107});
	hear(r, (struct overheard){250, LI, "P.", 301, 107, "hello\n"});
	hear(r, (struct overheard){260, ZHANG, ".", 107, 307});
	hear(r, (struct overheard){300, ZHANG, "F.", 107, 307});
	hear(r, (struct overheard){310, LI, ".", 307, 108});
	hear(r, (struct overheard){410, LI, "F.", 307, 108});
	hear(r, (struct overheard){420, ZHANG, ".", 108, 308});
}

static const char *const server_tells[] = {"call listen li\n",  "call connect zhang~\n",
					   "call accept li\n",  "call write zhang 6~\n",
					   "arrive li 18",      "read li 6\n",
					   "call write li 6\n", "send li 18",
					   "read zhang 6~\n",   "call close zhang~\n",
					   "arrive li 11",      "read li 0\n",
					   "call close li\n",   "state li CLOSE_WAIT>LAST_ACK~\n",
					   "send li 11",        NULL};

static void server_acts(struct recorder *r)
{
	act(r, 0, CALL_LISTEN, LI, NULL);
	act(r, 150, CALL_ACCEPT, LI, NULL);
	act(r, 230, CALL_READ, LI, "hello\n");
	act(r, 240, CALL_WRITE, LI, "hello\n");
	act(r, 305, CALL_READ, LI, NULL);
	act(r, 400, CALL_CLOSE, LI, NULL);
}

/* The server is ours and tells its calls, the client is not: its calls are inferred. The sources
 * come one after the other, and are told in the order of time. */
START_TEST(test_together)
{
	struct recorder_options o = {.slack = _i == 0 ? 0 : USEC_PER_S, .has_acts = true};
	struct recorder *r = recorder_new(&o);

	if (_i == 2)
		server_acts(r);
	a_talk(r);
	if (_i < 2)
		server_acts(r);
	if (_i > 0) {
		ck_assert_uint_eq(trace_count(recorder_trace(r)), 0);
		ck_assert_int_ne(recorder_pass(r, OVERHEARD_EPOCH + 2 * USEC_PER_S), 0);
		ck_assert_uint_gt(trace_count(recorder_trace(r)), 20);
	}
	recorder_end(r, OVERHEARD_EPOCH + 3 * USEC_PER_S);
	expect_lines(r, server_tells);
	recorder_free(r);
}
END_TEST

/* What the listener did long before has no time: it comes first, and time begins with the SYN,
 * though accept() was told before it was heard. */
START_TEST(test_listened_before)
{
	struct recorder *r =
		recorder_new(&(struct recorder_options){.slack = USEC_PER_S, .has_acts = true});
	char *lines;

	act(r, -OVERHEARD_EPOCH, CALL_LISTEN, LI, NULL);
	act(r, 150, CALL_ACCEPT, LI, NULL);
	a_talk(r);
	act(r, 230, CALL_READ, LI, "hello\n");
	act(r, 240, CALL_WRITE, LI, "hello\n");
	act(r, 305, CALL_READ, LI, NULL);
	act(r, 400, CALL_CLOSE, LI, NULL);
	recorder_end(r, OVERHEARD_EPOCH + 3 * USEC_PER_S);
	expect_lines(r, server_tells);
	ck_assert_int_eq(trace_epoch(recorder_trace(r)), OVERHEARD_EPOCH + 100);
	lines = lines_of(recorder_trace(r));
	ck_assert_ptr_null(strstr(lines, "call listen li~"));
	ck_assert_ptr_null(strstr(lines, "call accept li~"));
	free(lines);
	recorder_free(r);
}
END_TEST

/* A look that finds what was inferred makes it seen; one that says more brings the fields. */
START_TEST(test_looks)
{
	struct recorder *r = recorder_new(&(struct recorder_options){.epoch = OVERHEARD_EPOCH});
	const struct trace *t = recorder_trace(r);
	struct moment m = {0};

	a_talk(r);
	look(r, 50, LI, LISTEN);
	look(r, 150, ZHANG, ESTABLISHED);
	look(r, 350, ZHANG, FIN_WAIT_2);
	look(r, 350, LI, ESTABLISHED); /* taken before, told late: it is no news */
	recorder_end(r, OVERHEARD_EPOCH + 1000);
	expect_steps(r, "[li:LISTEN] zhang:SYN_SENT li:SYN_RCVD [zhang:ESTABLISHED] li:ESTABLISHED "
			"zhang:FIN_WAIT_1 li:CLOSE_WAIT [zhang:FIN_WAIT_2] li:LAST_ACK "
			"zhang:TIME_WAIT li:CLOSED ");
	moment_go(&m, t, trace_cursor_at(t, 160));
	ck_assert_int_eq(moment_conn(&m, m.host[ZHANG].newest)->field[F_rto], 204000);
	ck_assert_int_eq(moment_conn(&m, m.host[ZHANG].newest)->field[F_cwnd], 14600);
	ck_assert_int_eq(moment_conn(&m, m.host[ZHANG].newest)->field[F_snd_wnd], 1000);
	moment_fini(&m);
	recorder_free(r);
}
END_TEST

/* The kernel tells that nothing has been read, and later that it was. */
START_TEST(test_unread)
{
	struct recorder *r = recorder_new(&(struct recorder_options){.epoch = OVERHEARD_EPOCH});
	static const char *const lines[] = {"arrive li 18 101 301 +6\n", "send li 10 301 107",
					    "250 read li 6~\n", "end", NULL};

	look(r, 50, LI, LISTEN);
	hear(r, (struct overheard){100, ZHANG, "S", 100, 0});
	hear(r, (struct overheard){110, LI, "S.", 300, 101});
	hear(r, (struct overheard){120, ZHANG, ".", 101, 301});
	hear(r, (struct overheard){200, ZHANG, "P.", 101, 301, "hello\n"});
	hear(r, (struct overheard){210, LI, ".", 301, 107});
	look(r, 250, LI, ESTABLISHED);
	recorder_end(r, OVERHEARD_EPOCH + 1000);
	expect_lines(r, lines);
	recorder_free(r);
}
END_TEST

/* The fields of both TCBs are those that the segments told. */
START_TEST(test_fields)
{
	struct recorder *r = recorder_new(&(struct recorder_options){.epoch = OVERHEARD_EPOCH});
	const struct trace *t = recorder_trace(r);
	const struct moment_conn *zhang, *li;
	struct moment m = {0};

	a_talk(r);
	recorder_end(r, OVERHEARD_EPOCH + 1000);
	moment_go(&m, t, trace_cursor_at(t, 215));
	zhang = moment_conn(&m, m.host[ZHANG].newest);
	li = moment_conn(&m, m.host[LI].newest);
	ck_assert_int_eq(zhang->field[F_iss], 100);
	ck_assert_int_eq(zhang->field[F_irs], 300);
	ck_assert_int_eq(zhang->field[F_snd_una], 107);
	ck_assert_int_eq(zhang->field[F_snd_nxt], 107);
	ck_assert_int_eq(zhang->field[F_rcv_nxt], 301);
	ck_assert_int_eq(zhang->field[F_snd_wnd], 1000);
	ck_assert_int_eq(li->field[F_iss], 300);
	ck_assert_int_eq(li->field[F_irs], 100);
	ck_assert_int_eq(li->field[F_rcv_nxt], 107);
	ck_assert_int_eq(li->field[F_rcv_wnd], 1000);
	ck_assert_int_eq(li->field[F_rcv_user], 0);
	ck_assert_int_eq(m.flights.count, 0);
	moment_fini(&m);
	recorder_free(r);
}
END_TEST

/* The clock is set back in the middle: the trace's time stands still, and nothing is lost. */
START_TEST(test_clock_steps_back)
{
	struct recorder *r = recorder_new(&(struct recorder_options){.slack = 50});
	const struct trace *t = recorder_trace(r);

	hear(r, (struct overheard){5000000, ZHANG, "S", 100, 0});
	hear(r, (struct overheard){5000010, LI, "S.", 300, 101});
	hear(r, (struct overheard){5000020, ZHANG, ".", 101, 301});
	recorder_pass(r, OVERHEARD_EPOCH + 6000000);
	hear(r, (struct overheard){1000, ZHANG, "P.", 101, 301, "hello\n"});
	hear(r, (struct overheard){1010, LI, ".", 301, 107});
	recorder_end(r, OVERHEARD_EPOCH + 2000);
	for (uint64_t i = 1; i < trace_count(t); i++)
		ck_assert_int_ge(trace_at(t, i)->at, trace_at(t, i - 1)->at);
	expect_lines(r, (const char *const[]){"send zhang 18 101 301 +6\n", "arrive li 18", "end",
					      NULL});
	recorder_free(r);
}
END_TEST

/* ---- limits ---------------------------------------------------------------------------------- */

static void hear_from(struct recorder *r, unsigned caller)
{
	struct packet p = {.kind = PACKET_TCP, .has_ethernet = true};
	uint8_t frame[100];
	size_t size;

	p.ip = (struct ip){.ttl = 64, .protocol = IP_PROTOCOL_TCP};
	ck_assert(address_parse("10.0.0.1", &p.ip.from));
	p.ip.to = p.ip.from;
	p.ip.from.octets[2] = (uint8_t)(1 + caller);
	p.tcp.from_port = 40000;
	p.tcp.to_port = 8888;
	p.tcp.seg.ctl = SYN;
	p.tcp.seg.len = 1;
	ck_assert(packet_emit(&p, frame, sizeof frame, &size));
	recorder_frame(r, &(struct frame_sight){.at = OVERHEARD_EPOCH + caller,
						.link = 1,
						.octets = frame,
						.size = size,
						.wire_size = size});
}

START_TEST(test_many_people)
{
	struct recorder *r = recorder_new(&(struct recorder_options){0});
	const struct trace *t = recorder_trace(r);

	for (unsigned i = 0; i < 100; i++)
		hear_from(r, i);
	recorder_end(r, OVERHEARD_EPOCH + 1000);
	ck_assert_uint_eq(trace_host_count(t), 64);
	ck_assert_str_eq(trace_host_at(t, 0)->name, "zhang");
	ck_assert_str_eq(trace_host_at(t, 1)->name, "li");
	ck_assert_str_eq(trace_host_at(t, 2)->name, "10.0.2.1");
	ck_assert_str_eq(trace_host_at(t, 63)->name, "others");
	ck_assert_uint_eq(trace_conn_count(t), 100);
	recorder_free(r);
}
END_TEST

START_TEST(test_record_limit)
{
	struct recorder *r = recorder_new(&(struct recorder_options){.record_limit = 10});
	const struct trace *t = recorder_trace(r);

	a_talk(r);
	recorder_end(r, OVERHEARD_EPOCH + 1000);
	ck_assert_uint_lt(trace_count(t), 20);
	ck_assert_int_eq(trace_at(t, trace_count(t) - 1)->kind, REC_END);
	ck_assert_ptr_nonnull(strstr(trace_text_of(t, trace_at(t, trace_count(t) - 1), 0), "full"));
	recorder_free(r);
}
END_TEST

/* ---- frames ---------------------------------------------------------------------------------- */

/* One segment as it lies on other links, whole and cut, with and without its checksum: the octets
 * come back as they were. */
START_TEST(test_frames_come_back)
{
	static const struct {
		int link;
		size_t before; /* octets before the datagram */
		uint8_t head[20];
		size_t cut;
		bool is_partial;
	} shots[] = {
		{1, 14, {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, 0, false},
		{1, 14, {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, 5, false},
		{1, 14, {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, 0, true},
		{1, 18, {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 8, 0}, 0, false},
		{101, 0, {0}, 0, false},
		{113, 16, {0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0}, 3, false},
		{276, 20, {8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 4, 6, 0}, 0, false},
	};
	struct recorder *r = recorder_new(&(struct recorder_options){.keeps_frames = true});
	const struct trace *t = recorder_trace(r);
	struct overheard o = {0, ZHANG, "P.", 101, 301, "hello, world\n"};
	uint8_t whole[200], shot[200];
	struct trace_frame_kept kept;
	static struct frame made;
	size_t size = overheard_frame(&o, whole, sizeof whole) - 14, n, text;
	const struct record *send = NULL;

	memcpy(shot, shots[_i].head, shots[_i].before);
	memcpy(shot + shots[_i].before, whole + 14, size);
	if (shots[_i].is_partial)
		memset(shot + shots[_i].before + 36, 0, 2);
	n = shots[_i].before + size;
	recorder_frame(r, &(struct frame_sight){.at = OVERHEARD_EPOCH,
						.link = shots[_i].link,
						.octets = shot,
						.size = n - shots[_i].cut,
						.wire_size = n});
	recorder_end(r, OVERHEARD_EPOCH + 1000);
	for (uint64_t i = 0; i < trace_count(t); i++) {
		if (trace_at(t, i)->kind == REC_SEND)
			send = trace_at(t, i);
	}
	ck_assert_ptr_nonnull(send);
	ck_assert_uint_eq(send->seg.text.len, 13);
	ck_assert(trace_kept_frame(t, send, &kept));
	ck_assert_int_eq(kept.link, shots[_i].link);
	ck_assert_uint_eq(kept.captured, n - shots[_i].cut);
	ck_assert_uint_eq(kept.wire_size, n);
	/* The text lies in the stream alone. */
	text = n - 13;
	ck_assert_uint_eq(kept.size, text);
	ck_assert_mem_eq(kept.octets, shot, text);
	trace_frame(t, send, 1, &made);
	ck_assert_uint_eq(made.size, 14 + size - shots[_i].cut);
	ck_assert_mem_eq(made.octets + 14, shot + shots[_i].before, size - shots[_i].cut);
	ck_assert_uint_eq(made.octets[12], 8);
	ck_assert_uint_eq(made.tcp, 34);
	ck_assert_uint_eq(made.text, 54);
	recorder_free(r);
}
END_TEST

Suite *recorder_calls_suite(void)
{
	Suite *s = suite_create("recorder_calls");
	TCase *c = tcase_create("recorder_calls");

	tcase_add_test(c, test_no_frames);
	tcase_add_test(c, test_refused_without_frames);
	tcase_add_loop_test(c, test_together, 0, 3);
	tcase_add_test(c, test_listened_before);
	tcase_add_test(c, test_looks);
	tcase_add_test(c, test_unread);
	tcase_add_test(c, test_fields);
	tcase_add_test(c, test_clock_steps_back);
	tcase_add_test(c, test_many_people);
	tcase_add_test(c, test_record_limit);
	tcase_add_loop_test(c, test_frames_come_back, 0, 7);
	suite_add_tcase(s, c);
	return s;
}
