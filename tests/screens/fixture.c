/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <string.h>
#include <woshou/names.h>

enum { ZHANG, LI, WANG };

struct maker {
	struct trace *trace;
	uint64_t of; /* the record that caused what follows */
};

static const usec MS = USEC_PER_MS;

static struct record *push(struct maker *m, enum record_kind kind, usec at, uint8_t host)
{
	struct record *r = trace_push(m->trace, kind, at);

	r->host = host;
	r->peer = host == ZHANG ? LI : ZHANG;
	r->conn = host == TRACE_NO_HOST ? 0 : host + 1u;
	return r;
}

static void add_host(struct maker *m, const char *name, const char *en, const char *zh,
		     uint8_t last)
{
	trace_add_host(m->trace, &(struct trace_host){.name = name,
						      .title = {en, zh},
						      .profile = "rfc",
						      .address = {.octets = {10, 0, 0, last},
								  .family = FAMILY_IPV4}});
}

static struct maker begin(int people)
{
	struct maker m = {.trace = trace_new()};

	trace_set_seed(m.trace, 1);
	trace_file(m.trace, "first-wave.scene");
	add_host(&m, "zhang", "Zhang San", "张三", 1);
	if (people > 1)
		add_host(&m, "li", "Li Si", "李四", 2);
	if (people > 2)
		add_host(&m, "wang", "Lao Wang", "老王", 3);
	return m;
}

static void born(struct maker *m, uint8_t host, bool is_listener, uint16_t port)
{
	trace_add_conn(m->trace, &(struct trace_conn){.serial = host + 1u,
						      .host = host,
						      .peer = host == ZHANG ? LI : ZHANG,
						      .is_listener = is_listener,
						      .port = port,
						      .peer_port = 8888,
						      .stream = host + 1u,
						      .born = trace_count(m->trace)});
}

static void call(struct maker *m, usec at, uint8_t host, enum call_verb verb, const char *text)
{
	struct record *r = push(m, REC_CALL, at, host);

	r->detail = (uint8_t)verb;
	if (text)
		r->text[0] = trace_text(m->trace, text, strlen(text));
	m->of = r->serial;
}

/* Changes go on the last record. */
static void field(struct maker *m, enum tcb_field f, int64_t old, int64_t new)
{
	struct tcb_change change = {.field = f, .old = old, .new = new};

	trace_change_put(m->trace, trace_count(m->trace) - 1, &change);
}

static void state(struct maker *m, usec at, uint8_t host, enum state from, enum state to,
		  enum rule rule)
{
	struct record *r = push(m, REC_STATE, at, host);

	r->from = (uint8_t)from;
	r->to = (uint8_t)to;
	r->rule = (uint16_t)rule;
	r->of = m->of;
}

struct says {
	uint16_t ctl;
	uint32_t seq, ack;
	const char *text;
	uint8_t rexmit;
	uint16_t wnd;
	uint8_t to;
	enum rule rule;
};

static uint64_t say_segment(struct maker *m, usec at, uint8_t host, struct says says)
{
	struct record *r = push(m, REC_SEND, at, host);
	struct streams *streams = trace_streams(m->trace);
	size_t n = says.text ? strlen(says.text) : 0;

	if (says.to != 0)
		r->peer = (uint8_t)(says.to - 1);
	r->from_port = host == ZHANG ? 49152 : 8888;
	r->to_port = host == ZHANG ? 8888 : 49152;
	r->of = m->of;
	r->seg = (struct seg){.seq = seq(says.seq),
			      .ack = seq(says.ack),
			      .len = seg_len(says.ctl, (uint32_t)n),
			      .ctl = says.ctl,
			      .wnd = says.wnd == 1 ? 0 : 65535,
			      .rexmit = says.rexmit,
			      .rule = (uint16_t)says.rule};
	if (says.ctl & SYN) {
		r->seg.opts = OPT_MSS;
		r->seg.mss = 1460;
	}
	if (n > 0) {
		r->seg.text = (struct text){.offset = stream_size(streams, host + 1u),
					    .stream = host + 1u,
					    .len = (uint32_t)n};
		stream_write(streams, host + 1u, says.text, n);
	}
	return r->serial;
}

#define SAY(m, at, host, ...) say_segment(m, at, host, (struct says){__VA_ARGS__})

static uint64_t blow(struct maker *m, usec at, uint64_t send, enum deed deed, uint32_t line)
{
	const struct record *s = trace_at(m->trace, send);
	struct record *r = push(m, REC_WIND, at, s->host);

	r->peer = s->peer;
	r->of = send;
	r->detail = (uint8_t)deed;
	r->place.line = line;
	r->text[0] = trace_text(m->trace, "drop 1st where SYN", 18);
	return r->serial;
}

static void hear_as(struct maker *m, enum record_kind kind, usec at, uint64_t send)
{
	uint64_t origin =
		trace_at(m->trace, send)->kind == REC_WIND ? trace_at(m->trace, send)->of : send;
	const struct record *s = trace_at(m->trace, origin);
	struct record *r = push(m, kind, at, s->peer);

	r->peer = s->host;
	r->of = send;
	r->seg = s->seg;
	r->from_port = s->from_port;
	r->to_port = s->to_port;
	m->of = r->serial;
}

static void hear(struct maker *m, usec at, uint64_t send)
{
	hear_as(m, REC_ARRIVE, at, send);
}

static void timer(struct maker *m, usec at, uint8_t host, enum tcp_timer which)
{
	struct record *r = push(m, REC_TIMER, at, host);

	r->detail = (uint8_t)which;
	m->of = r->serial;
}

static void tell(struct maker *m, enum record_kind kind, usec at, const char *en, const char *zh)
{
	struct record *r = push(m, kind, at, TRACE_NO_HOST);

	r->text[0] = trace_text(m->trace, en, strlen(en));
	r->text[1] = trace_text(m->trace, zh, strlen(zh));
	r->of = m->of;
}

static void expect(struct maker *m, usec at, bool holds)
{
	struct record *r = push(m, REC_EXPECT, at, TRACE_NO_HOST);

	r->detail = holds ? VERDICT_PASS : VERDICT_FAIL;
	r->place.line = 20;
	if (!holds) {
		r->text[0] = trace_text(m->trace, "li in ESTABLISHED", 17);
		r->text[1] = trace_text(m->trace, "SYN_RCVD", 8);
	}
}

/* ---- the first wave -------------------------------------------------------------------------- */

static void open_numbers(struct maker *m, bool is_li)
{
	field(m, F_iss, 0, is_li ? 5000 : 1000);
	field(m, F_irs, 0, is_li ? 1000 : 0);
	field(m, F_snd_una, 0, is_li ? 5000 : 1000);
	field(m, F_snd_nxt, 0, is_li ? 5001 : 1001);
	field(m, F_rcv_nxt, 0, is_li ? 1001 : 0);
	field(m, F_rcv_wnd, 0, 65535);
	field(m, F_flight, 0, 1);
	field(m, F_rto, 0, USEC_PER_S);
	field(m, F_mss, 0, 1460);
	field(m, F_cwnd, 0, 14600);
	for (int f = F_t_retransmit; f <= F_t_pace; f++)
		field(m, (enum tcb_field)f, 0, USEC_NEVER);
}

static void wave(struct maker *m)
{
	uint64_t s;

	tell(m, REC_SCENE, 0, "Two waves and two nods", "两次招手，两次点头");
	born(m, LI, true, 8888);
	call(m, 0, LI, CALL_LISTEN, NULL);
	state(m, 0, LI, CLOSED, LISTEN, R_OPEN_PASSIVE);
	born(m, ZHANG, false, 49152);
	call(m, 0, ZHANG, CALL_CONNECT, NULL);
	s = SAY(m, 0, ZHANG, .ctl = SYN, .seq = 1000, .rule = R_OPEN_ACTIVE);
	open_numbers(m, false);
	field(m, F_t_retransmit, USEC_NEVER, 1000 * MS);
	blow(m, 0, s, DEED_DROP, 10);
	state(m, 0, ZHANG, CLOSED, SYN_SENT, R_OPEN_ACTIVE);
	tell(m, REC_SAY, 0, "Zhang San waves. The wind takes it.", "张三招手，被风吹走。");
	expect(m, 0, true);
	timer(m, 1000 * MS, ZHANG, TIMER_RETRANSMIT);
	s = SAY(m, 1000 * MS, ZHANG, .ctl = SYN, .seq = 1000, .rexmit = 1);
	field(m, F_rto, USEC_PER_S, 2 * USEC_PER_S);
	field(m, F_rexmits, 0, 1);
	field(m, F_t_retransmit, 1000 * MS, 3000 * MS);
	expect(m, 1000 * MS, true);
	hear(m, 1050 * MS, s);
	state(m, 1050 * MS, LI, LISTEN, SYN_RECEIVED, RULE_NONE);
	s = SAY(m, 1050 * MS, LI, .ctl = SYN | ACK, .seq = 5000, .ack = 1001);
	open_numbers(m, true);
	field(m, F_t_retransmit, USEC_NEVER, 2050 * MS);
	tell(m, REC_SAY, 1050 * MS, "Li Si sees the second wave, nods and waves back.",
	     "李四看见了第二次招手，点头微笑，也招起手来。");
	expect(m, 1050 * MS, true);
	hear(m, 1100 * MS, s);
	state(m, 1100 * MS, ZHANG, SYN_SENT, ESTABLISHED, RULE_NONE);
	s = SAY(m, 1100 * MS, ZHANG, .ctl = ACK, .seq = 1001, .ack = 5001);
	field(m, F_irs, 0, 5000);
	field(m, F_rcv_nxt, 0, 5001);
	field(m, F_snd_una, 1000, 1001);
	field(m, F_flight, 1, 0);
	field(m, F_snd_wnd, 0, 65535);
	field(m, F_t_retransmit, 3000 * MS, USEC_NEVER);
	expect(m, 1100 * MS, true);
	hear(m, 1150 * MS, s);
	field(m, F_snd_una, 5000, 5001);
	field(m, F_flight, 1, 0);
	field(m, F_snd_wnd, 0, 65535);
	field(m, F_t_retransmit, 2050 * MS, USEC_NEVER);
	state(m, 1150 * MS, LI, SYN_RECEIVED, ESTABLISHED, RULE_NONE);
	expect(m, 1150 * MS, true);
}

static void talk(struct maker *m)
{
	static const char *const line[] = {"line 1\n", "line 2\n", "line 3\n"};
	uint64_t s[3], a;

	for (int i = 0; i < 3; i++) {
		usec at = (1200 + 10 * i) * MS;

		if (i == 0)
			tell(m, REC_SCENE, at, "Three lines, two nods", "三句话，两次点头");
		call(m, at, ZHANG, CALL_WRITE, line[i]);
		s[i] = SAY(m, at, ZHANG, .ctl = PSH | ACK, .seq = 1001 + 7 * (uint32_t)i,
			   .ack = 5001, .text = line[i]);
		field(m, F_snd_nxt, 1001 + 7 * i, 1008 + 7 * i);
		field(m, F_flight, 7 * i, 7 * i + 7);
	}
	hear(m, 1250 * MS, s[0]);
	field(m, F_rcv_nxt, 1001, 1008);
	field(m, F_t_ack, USEC_NEVER, 1450 * MS);
	hear(m, 1260 * MS, s[1]);
	a = SAY(m, 1260 * MS, LI, .ctl = ACK, .seq = 5001, .ack = 1015);
	field(m, F_rcv_nxt, 1008, 1015);
	field(m, F_t_ack, 1450 * MS, USEC_NEVER);
	tell(m, REC_SAY, 1260 * MS, "Two lines are enough for one nod.", "听完两句才点一次头。");
	hear(m, 1270 * MS, s[2]);
	field(m, F_rcv_nxt, 1015, 1022);
	field(m, F_t_ack, USEC_NEVER, 1470 * MS);
	hear(m, 1310 * MS, a);
	field(m, F_snd_una, 1001, 1015);
	field(m, F_flight, 21, 7);
	timer(m, 1470 * MS, LI, TIMER_ACK);
	a = SAY(m, 1470 * MS, LI, .ctl = ACK, .seq = 5001, .ack = 1022);
	field(m, F_t_ack, 1470 * MS, USEC_NEVER);
	expect(m, 1470 * MS, true);
	hear(m, 1520 * MS, a);
	field(m, F_snd_una, 1015, 1022);
	field(m, F_flight, 7, 0);
}

static void part(struct maker *m)
{
	uint64_t f, d;

	tell(m, REC_SCENE, 2000 * MS, "Half close, last word, mourning",
	     "先说再见，再听遗言，然后守丧");
	call(m, 2000 * MS, ZHANG, CALL_SHUTDOWN, NULL);
	f = SAY(m, 2000 * MS, ZHANG, .ctl = FIN | ACK, .seq = 1022, .ack = 5001);
	state(m, 2000 * MS, ZHANG, ESTABLISHED, FIN_WAIT_1, RULE_NONE);
	hear(m, 2050 * MS, f);
	state(m, 2050 * MS, LI, ESTABLISHED, CLOSE_WAIT, RULE_NONE);
	f = SAY(m, 2050 * MS, LI, .ctl = ACK, .seq = 5001, .ack = 1023);
	hear(m, 2100 * MS, f);
	state(m, 2100 * MS, ZHANG, FIN_WAIT_1, FIN_WAIT_2, RULE_NONE);
	call(m, 2300 * MS, LI, CALL_WRITE, "take care\n");
	d = SAY(m, 2300 * MS, LI, .ctl = PSH | ACK, .seq = 5001, .ack = 1023,
		.text = "take care\n");
	hear(m, 2350 * MS, d);
	timer(m, 2550 * MS, ZHANG, TIMER_ACK);
	d = SAY(m, 2550 * MS, ZHANG, .ctl = ACK, .seq = 1023, .ack = 5011);
	hear(m, 2600 * MS, d);
	call(m, 3000 * MS, LI, CALL_CLOSE, NULL);
	f = SAY(m, 3000 * MS, LI, .ctl = FIN | ACK, .seq = 5011, .ack = 1023);
	state(m, 3000 * MS, LI, CLOSE_WAIT, LAST_ACK, RULE_NONE);
	hear(m, 3050 * MS, f);
	state(m, 3050 * MS, ZHANG, FIN_WAIT_2, TIME_WAIT, RULE_NONE);
	f = SAY(m, 3050 * MS, ZHANG, .ctl = ACK, .seq = 1023, .ack = 5012);
	field(m, F_t_time_wait, USEC_NEVER, 63050 * MS);
	tell(m, REC_SAY, 3050 * MS,
	     "Zhang San nods and starts to mourn: should the nod be blown away, Li Si will say "
	     "goodbye "
	     "again, and he must be there. For two whole MSL.",
	     "张三点了点头，开始守丧：万一这个点头被风吹走，李四还会再说一次再见，他得在场。整整两"
	     "个 MSL。");
	hear(m, 3100 * MS, f);
	state(m, 3100 * MS, LI, LAST_ACK, CLOSED, RULE_NONE);
	timer(m, 63050 * MS, ZHANG, TIMER_TIME_WAIT);
	state(m, 63050 * MS, ZHANG, TIME_WAIT, CLOSED, RULE_NONE);
	expect(m, 63050 * MS, false);
	tell(m, REC_END, 63050 * MS, "no event is pending", "");
}

struct trace *fixture_first_wave(void)
{
	struct maker m = begin(2);

	wave(&m);
	talk(&m);
	part(&m);
	return m.trace;
}

/* ---- the storm ------------------------------------------------------------------------------- */

static void quarrel(struct maker *m)
{
	uint64_t a, b;

	/* Both wave at once. */
	call(m, 0, ZHANG, CALL_CONNECT, NULL);
	a = SAY(m, 0, ZHANG, .ctl = SYN, .seq = 100);
	state(m, 0, ZHANG, CLOSED, SYN_SENT, RULE_NONE);
	call(m, 10 * MS, LI, CALL_CONNECT, NULL);
	b = SAY(m, 10 * MS, LI, .ctl = SYN, .seq = 300);
	state(m, 10 * MS, LI, CLOSED, SYN_SENT, RULE_NONE);
	hear(m, 50 * MS, a);
	state(m, 50 * MS, LI, SYN_SENT, SYN_RECEIVED, RULE_NONE);
	a = SAY(m, 50 * MS, LI, .ctl = SYN | ACK, .seq = 300, .ack = 101);
	hear(m, 60 * MS, b);
	state(m, 60 * MS, ZHANG, SYN_SENT, SYN_RECEIVED, RULE_NONE);
	b = SAY(m, 60 * MS, ZHANG, .ctl = SYN | ACK, .seq = 100, .ack = 301);
	hear(m, 100 * MS, a);
	state(m, 100 * MS, ZHANG, SYN_RECEIVED, ESTABLISHED, RULE_NONE);
	hear(m, 110 * MS, b);
	state(m, 110 * MS, LI, SYN_RECEIVED, ESTABLISHED, RULE_NONE);
}

static void shower(struct maker *m)
{
	uint64_t s[8], twin;

	for (int i = 0; i < 8; i++)
		s[i] = SAY(m, (200 + i) * MS, ZHANG, .ctl = PSH | ACK, .seq = 101 + 5 * (uint32_t)i,
			   .ack = 301, .text = "drop\n");
	blow(m, 208 * MS, s[2], DEED_CUT, 12);
	blow(m, 208 * MS, s[3], DEED_CORRUPT, 13);
	blow(m, 208 * MS, s[4], DEED_REORDER, 14);
	blow(m, 208 * MS, s[6], DEED_DELAY, 15);
	twin = blow(m, 208 * MS, s[5], DEED_DUPLICATE, 16);
	hear(m, 250 * MS, s[0]);
	hear(m, 251 * MS, s[1]);
	hear_as(m, REC_DISCARD, 253 * MS, s[3]);
	hear(m, 255 * MS, s[5]);
	hear(m, 256 * MS, twin);
	hear(m, 257 * MS, s[7]);
	hear(m, 258 * MS, s[4]);
	SAY(m, 258 * MS, LI, .ctl = ACK, .seq = 301, .ack = 111, .wnd = 1);
	hear(m, 3256 * MS, s[6]);
}

static void end_badly(struct maker *m)
{
	uint64_t a;
	struct record *r;

	push(m, REC_CRASH, 3300 * MS, LI);
	call(m, 3400 * MS, WANG, CALL_CONNECT, NULL);
	a = SAY(m, 3400 * MS, WANG, .ctl = SYN, .seq = 7, .to = LI + 1);
	hear_as(m, REC_DISCARD, 3450 * MS, a);
	trace_push(m->trace, REC_MARKER, 3500 * MS)->text[0] = trace_text(m->trace, "dark", 4);
	push(m, REC_REBOOT, 4000 * MS, LI);
	r = push(m, REC_ARRIVE, 4100 * MS, LI);
	r->is_stranger = true;
	r->peer = ZHANG;
	r->seg = (struct seg){.seq = seq(7000), .len = 1, .ctl = SYN, .wnd = 1000};
	a = SAY(m, 4100 * MS, LI, .ctl = RST | ACK, .ack = 7001);
	hear(m, 4150 * MS, a);
	state(m, 4150 * MS, ZHANG, ESTABLISHED, CLOSED, RULE_NONE);
	r = push(m, REC_SIGNAL, 4150 * MS, ZHANG);
	r->number[0] = TCP_SIG_RESET;
	call(m, 4200 * MS, ZHANG, CALL_CONNECT, NULL);
	trace_push(m->trace, REC_RESULT, 4200 * MS)->host = ZHANG;
	r = push(m, REC_RESULT, 4201 * MS, ZHANG);
	r->detail = CALL_CONNECT;
	r->error = SOCK_ECONNREFUSED;
	r = push(m, REC_PROMISE, 4202 * MS, LI);
	r->text[0] = trace_text(m->trace, "stream\033[31m", 11);
	r->text[1] = trace_text(m->trace, "an old word", 11);
	/* Never arrives. */
	SAY(m, 4300 * MS, WANG, .ctl = ACK, .seq = 8, .ack = 1, .to = ZHANG + 1);
}

struct trace *fixture_storm(void)
{
	struct maker m = begin(3);

	for (uint8_t host = ZHANG; host <= WANG; host++)
		born(&m, host, false, 8888);
	quarrel(&m);
	shower(&m);
	end_badly(&m);
	return m.trace;
}

struct trace *fixture_empty(void)
{
	return trace_new();
}

struct trace *fixture_alone(void)
{
	struct maker m = begin(1);

	call(&m, 0, ZHANG, CALL_LISTEN, NULL);
	return m.trace;
}

void fixture_tell(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out)
{
	const struct record *r = trace_at(t, serial);
	bool is_zh = lang == LANG_ZH;
	const char *name;

	if (r->host >= trace_host_count(t))
		return;
	name = trace_host_at(t, r->host)->title[is_zh];
	if (r->kind == REC_SEND)
		sink_printf(out, is_zh ? "%s开口。" : "%s speaks.", name);
	else if (r->kind == REC_ARRIVE)
		sink_printf(out, is_zh ? "%s听见了。" : "%s hears it.", name);
	else if (r->kind == REC_TIMER)
		sink_printf(out, is_zh ? "%s等够了。" : "%s has waited long enough.", name);
	else if (r->kind == REC_STATE && r->from != r->to)
		sink_printf(out, is_zh ? "%s进入 %s。" : "%s is in %s now.", name,
			    state_name((enum state)r->to));
}
