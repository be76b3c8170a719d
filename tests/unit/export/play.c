/* SPDX-License-Identifier: MIT */
#include "play.h"

#include <string.h>
#include <woshou/names.h>

static const uint16_t ports[] = {[ZHANG] = 49152, [LI] = 8888};
static const uint32_t conns[] = {[ZHANG] = 2, [LI] = 3};
static const uint32_t streams[] = {[ZHANG] = 1, [LI] = 2};

static struct record *push(struct play *p, usec at, enum record_kind kind, uint8_t host)
{
	struct record *r = trace_push(p->trace, kind, at);

	r->host = host;
	p->last = r->serial;
	return r;
}

struct play play_new(void)
{
	struct play p = {.trace = trace_new()};
	struct trace_host zhang = {
		.name = "zhang", .title = {"Zhang San", "张三"}, .profile = "rfc"};
	struct trace_host li = {.name = "li", .title = {"Li Si", "李四"}, .profile = "rfc"};

	address_parse("10.0.0.1", &zhang.address);
	address_parse("10.0.0.2", &li.address);
	trace_add_host(p.trace, &zhang);
	trace_add_host(p.trace, &li);
	trace_set_seed(p.trace, 1);
	trace_add_conn(p.trace, &(struct trace_conn){.serial = 1,
						     .host = LI,
						     .peer = TRACE_NO_HOST,
						     .is_listener = true,
						     .port = ports[LI]});
	trace_add_conn(p.trace, &(struct trace_conn){.serial = conns[ZHANG],
						     .host = ZHANG,
						     .peer = LI,
						     .port = ports[ZHANG],
						     .peer_port = ports[LI],
						     .stream = streams[ZHANG],
						     .born = 2});
	trace_add_conn(p.trace, &(struct trace_conn){.serial = conns[LI],
						     .host = LI,
						     .peer = ZHANG,
						     .port = ports[LI],
						     .peer_port = ports[ZHANG],
						     .stream = streams[LI],
						     .born = 6});
	return p;
}

void play_free(struct play *p)
{
	trace_free(p->trace);
}

struct record *play_last(struct play *p)
{
	return (struct record *)trace_at(p->trace, p->last);
}

uint64_t play_send(struct play *p, usec at, uint8_t host, struct said said)
{
	struct record *r = push(p, at, REC_SEND, host);

	r->peer = host == ZHANG ? LI : ZHANG;
	r->conn = conns[host];
	r->from_port = ports[host];
	r->to_port = ports[r->peer];
	r->seg = (struct seg){.seq = seq(said.seq),
			      .ack = seq(said.ack),
			      .len = seg_len(said.ctl, said.len),
			      .ctl = said.ctl,
			      .wnd = 65535,
			      .mss = said.mss,
			      .opts = said.mss ? OPT_MSS : 0,
			      .rexmit = said.rexmit};
	if (said.len > 0)
		r->seg.text = (struct text){said.offset, streams[host], said.len};
	return r->serial;
}

static uint64_t come(struct play *p, usec at, uint64_t sent, enum record_kind kind)
{
	const struct record *from = trace_at(p->trace, sent);
	struct record *r;

	while (from->kind != REC_SEND)
		from = trace_at(p->trace, from->of);
	r = push(p, at, kind, from->peer);
	r->of = sent;
	r->peer = from->host;
	r->conn = from->peer < 2 ? conns[from->peer] : 0;
	r->from_port = from->from_port;
	r->to_port = from->to_port;
	r->seg = from->seg;
	r->is_stranger = from->is_stranger;
	return r->serial;
}

uint64_t play_arrive(struct play *p, usec at, uint64_t sent)
{
	return come(p, at, sent, REC_ARRIVE);
}

uint64_t play_discard(struct play *p, usec at, uint64_t sent, enum discard why)
{
	uint64_t serial = come(p, at, sent, REC_DISCARD);

	play_last(p)->detail = (uint8_t)why;
	return serial;
}

uint64_t play_wind(struct play *p, usec at, uint64_t sent, enum deed deed, uint32_t line,
		   const char *words)
{
	struct record *r = push(p, at, REC_WIND, trace_at(p->trace, sent)->host);

	r->of = sent;
	r->detail = (uint8_t)deed;
	r->peer = trace_at(p->trace, sent)->peer;
	r->place.file = trace_file(p->trace, "first-wave.scene");
	r->place.line = line;
	r->text[0] = trace_text(p->trace, words, strlen(words));
	return r->serial;
}

uint64_t play_state(struct play *p, usec at, uint8_t host, uint32_t conn, enum state from,
		    enum state to)
{
	struct record *r = push(p, at, REC_STATE, host);

	r->conn = conn;
	r->from = (uint8_t)from;
	r->to = (uint8_t)to;
	return r->serial;
}

uint64_t play_call(struct play *p, usec at, uint8_t host, uint32_t conn, enum call_verb verb,
		   const char *text)
{
	struct record *r = push(p, at, REC_CALL, host);

	r->conn = conn;
	r->detail = (uint8_t)verb;
	r->text[0] = trace_text(p->trace, text, strlen(text));
	if (verb == CALL_CONNECT)
		r->peer = LI;
	return r->serial;
}

uint64_t play_write(struct play *p, usec at, uint8_t host, const char *octets)
{
	uint64_t offset = stream_size(trace_streams(p->trace), streams[host]);
	uint64_t serial = play_call(p, at, host, conns[host], CALL_WRITE, "");

	stream_write(trace_streams(p->trace), streams[host], octets, strlen(octets));
	play_last(p)->seg.text = (struct text){offset, streams[host], (uint32_t)strlen(octets)};
	play_last(p)->number[0] = (int64_t)strlen(octets);
	return serial;
}

uint64_t play_read(struct play *p, usec at, uint8_t host, uint64_t offset, uint32_t len)
{
	struct record *r = push(p, at, REC_READ, host);

	r->conn = conns[host];
	r->number[0] = len;
	if (len > 0)
		r->seg.text = (struct text){offset, streams[host == ZHANG ? LI : ZHANG], len};
	return r->serial;
}

uint64_t play_record(struct play *p, usec at, enum record_kind kind, uint8_t host)
{
	return push(p, at, kind, host)->serial;
}

/* ---- the first wave -------------------------------------------------------------------------- */

static void timer(struct play *p, usec at, uint8_t host, enum tcp_timer which)
{
	struct record *r = push(p, at, REC_TIMER, host);

	r->conn = conns[host];
	r->detail = (uint8_t)which;
}

static void shake_hands(struct play *p)
{
	const struct said wave = {.ctl = SYN, .seq = 1000, .mss = 1460};
	struct said again = wave;
	uint64_t sent;

	play_call(p, 0, LI, 1, CALL_LISTEN, "");
	play_state(p, 0, LI, 1, CLOSED, LISTEN);
	play_call(p, 0, ZHANG, 2, CALL_CONNECT, "");
	play_state(p, 0, ZHANG, 2, CLOSED, SYN_SENT);
	sent = play_send(p, 0, ZHANG, wave);
	play_wind(p, 0, sent, DEED_DROP, 10, "drop 1st where SYN");
	timer(p, 1 * S, ZHANG, TIMER_RETRANSMIT);
	again.rexmit = 1;
	sent = play_send(p, 1 * S, ZHANG, again);
	play_arrive(p, 1050 * MS, sent);
	play_state(p, 1050 * MS, LI, 3, LISTEN, SYN_RECEIVED);
	sent = play_send(p, 1050 * MS, LI,
			 (struct said){.ctl = SYN | ACK, .seq = 5000, .ack = 1001, .mss = 1460});
	play_arrive(p, 1100 * MS, sent);
	play_state(p, 1100 * MS, ZHANG, 2, SYN_SENT, ESTABLISHED);
	sent = play_send(p, 1100 * MS, ZHANG, (struct said){.ctl = ACK, .seq = 1001, .ack = 5001});
	play_arrive(p, 1150 * MS, sent);
	play_state(p, 1150 * MS, LI, 3, SYN_RECEIVED, ESTABLISHED);
}

static void talk(struct play *p)
{
	uint64_t sent;

	play_write(p, 1200 * MS, ZHANG, "line 1\n");
	sent = play_send(p, 1200 * MS, ZHANG,
			 (struct said){.ctl = PSH | ACK, .seq = 1001, .ack = 5001, .len = 7});
	play_arrive(p, 1250 * MS, sent);
	play_read(p, 1250 * MS, LI, 0, 7);
	timer(p, 1450 * MS, LI, TIMER_ACK);
	sent = play_send(p, 1450 * MS, LI, (struct said){.ctl = ACK, .seq = 5001, .ack = 1008});
	play_arrive(p, 1500 * MS, sent);
}

static void part(struct play *p)
{
	uint64_t sent;

	play_call(p, 2 * S, ZHANG, 2, CALL_SHUTDOWN, "");
	play_state(p, 2 * S, ZHANG, 2, ESTABLISHED, FIN_WAIT_1);
	sent = play_send(p, 2 * S, ZHANG,
			 (struct said){.ctl = FIN | ACK, .seq = 1008, .ack = 5001});
	play_arrive(p, 2050 * MS, sent);
	play_state(p, 2050 * MS, LI, 3, ESTABLISHED, CLOSE_WAIT);
	sent = play_send(p, 2050 * MS, LI, (struct said){.ctl = ACK, .seq = 5001, .ack = 1009});
	play_read(p, 2050 * MS, LI, 7, 0);
	play_arrive(p, 2100 * MS, sent);
	play_state(p, 2100 * MS, ZHANG, 2, FIN_WAIT_1, FIN_WAIT_2);
	play_call(p, 3 * S, LI, 3, CALL_CLOSE, "");
	play_state(p, 3 * S, LI, 3, CLOSE_WAIT, LAST_ACK);
	sent = play_send(p, 3 * S, LI, (struct said){.ctl = FIN | ACK, .seq = 5001, .ack = 1009});
	play_arrive(p, 3050 * MS, sent);
	play_state(p, 3050 * MS, ZHANG, 2, FIN_WAIT_2, TIME_WAIT);
	sent = play_send(p, 3050 * MS, ZHANG, (struct said){.ctl = ACK, .seq = 1009, .ack = 5002});
	play_arrive(p, 3100 * MS, sent);
	play_state(p, 3100 * MS, LI, 3, LAST_ACK, CLOSED);
	timer(p, 63050 * MS, ZHANG, TIMER_TIME_WAIT);
	play_state(p, 63050 * MS, ZHANG, 2, TIME_WAIT, CLOSED);
}

struct play play_first_wave(void)
{
	struct play p = play_new();

	shake_hands(&p);
	talk(&p);
	part(&p);
	return p;
}

/* ---- everything ------------------------------------------------------------------------------ */

static void every_detail(struct play *p, enum record_kind kind, usec at, uint64_t sent)
{
	int set = names_of_detail(kind);
	size_t count = set < 0 ? 1 : names_count((enum name_set)set);

	for (size_t i = 0; i < count; i++) {
		struct record *r = push(p, at, kind, ZHANG);

		r->detail = (uint8_t)i;
		r->peer = LI;
		r->conn = 2;
		r->to = ESTABLISHED;
		r->number[0] = kind == REC_SIGNAL ? TCP_SIG_RESET : 7;
		r->text[0] = trace_text(p->trace, "stream", 6);
		r->text[1] = trace_text(p->trace, "词", strlen("词"));
		if (kind == REC_WIND || kind == REC_DISCARD || kind == REC_ARRIVE)
			r->of = sent;
		if (kind == REC_RESULT && i > 0)
			r->error = SOCK_ECONNRESET;
		if (kind == REC_RULE)
			r->rule = 1;
		if (kind == REC_READ || kind == REC_CALL)
			r->seg.text = (struct text){0, 1, 7};
	}
}

struct play play_everything(void)
{
	struct play p = play_new();
	uint64_t sent;

	play_write(&p, 0, ZHANG, "line 1\n");
	sent = play_send(&p, 1 * MS, ZHANG,
			 (struct said){.ctl = PSH | ACK, .seq = 1001, .ack = 5001, .len = 7});
	for (int kind = 0; kind < RECORD_KIND_COUNT; kind++) {
		if (kind != REC_SEND)
			every_detail(&p, (enum record_kind)kind, (2 + kind) * MS, sent);
	}
	return p;
}
