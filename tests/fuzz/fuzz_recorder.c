/* SPDX-License-Identifier: MIT */
/*
 * Any octets as what a recorder hears: frames, calls, looks at sockets, time that passes. Its
 * trace keeps the laws that every view relies on, and goes out and comes back.
 *
 * The first octet chooses the options. Then one sight after another: an octet for its kind, one for
 * the time that passed, one for its size, and its octets.
 */
#include "fuzz.h"

#include <string.h>
#include <base/assert.h>
#include <base/diag.h>
#include <base/sink.h>
#include <live/recorder.h>
#include <trace/frame.h>
#include <trace/moment.h>
#include <wire/packet.h>
#include <woshou/jsonl.h>

struct source {
	const uint8_t *at;
	size_t left;
};

static uint8_t next(struct source *s)
{
	if (s->left == 0)
		return 0;
	s->left--;
	return *s->at++;
}

static const uint8_t *some(struct source *s, size_t *n)
{
	const uint8_t *at = s->at;

	*n = *n < s->left ? *n : s->left;
	s->at += *n;
	s->left -= *n;
	return at;
}

static void endpoint(uint8_t who, struct endpoint *out)
{
	*out = (struct endpoint){.port = who & 1 ? 8888 : (uint16_t)(40000 + who / 16)};
	address_parse(who & 2 ? "10.0.0.1" : "127.0.0.1", &out->address);
	if ((who & 0x0c) == 0x0c)
		*out = (struct endpoint){.port = out->port};
}

static void hear_frame(struct recorder *r, struct source *s, usec at, uint8_t how)
{
	static const int links[] = {1, 1, 0, 12, 101, 113, 276, 228};
	size_t n = next(s);
	const uint8_t *octets = some(s, &n);

	recorder_frame(r, &(struct frame_sight){.at = at,
						.link = links[how >> 5],
						.octets = octets,
						.size = n,
						.wire_size = n + (how & 0x10 ? 100 : 0)});
}

/* A segment that is well formed: few bits decide what it says, so that conversations come about. */
static void hear_segment(struct recorder *r, struct source *s, usec at, uint8_t how)
{
	static const uint16_t ctl[] = {SYN,       SYN | ACK, ACK,       PSH | ACK,
				       FIN | ACK, RST,       RST | ACK, FIN | PSH | ACK};
	struct packet p = {.kind = PACKET_TCP, .has_ethernet = true};
	uint8_t octets[400], who = next(s), seq_of = next(s), ack_of = next(s), len = next(s);
	struct endpoint ends[2];
	size_t size;

	endpoint(who & 0xf2, &ends[0]);
	endpoint(who | 1, &ends[1]);
	ends[0].address.family = ends[1].address.family = FAMILY_IPV4;
	p.ip = (struct ip){.from = ends[who >> 2 & 1].address,
			   .to = ends[!(who >> 2 & 1)].address,
			   .ttl = 64,
			   .protocol = IP_PROTOCOL_TCP,
			   .id = (uint16_t)(how >> 6)};
	p.tcp.from_port = ends[who >> 2 & 1].port;
	p.tcp.to_port = ends[!(who >> 2 & 1)].port;
	p.tcp.seg.ctl = ctl[how & 7];
	p.tcp.seg.seq = seq(seq_of * (how & 8 ? 1u : 0x01000001u));
	p.tcp.seg.ack = seq(ack_of * (how & 8 ? 1u : 0x01000001u));
	p.tcp.seg.wnd = (uint16_t)(len * 3u);
	p.tcp.seg.text.len = (p.tcp.seg.ctl & (SYN | RST)) ? 0 : len % 16;
	p.tcp.seg.len = seg_len(p.tcp.seg.ctl, p.tcp.seg.text.len);
	if (!(p.tcp.seg.ctl & ACK))
		p.tcp.seg.ack = seq(0);
	if (!packet_emit(&p, octets, sizeof octets, &size))
		return;
	recorder_frame(r,
		       &(struct frame_sight){.at = at,
					     .link = 1,
					     .octets = octets,
					     .size = size - (how & 0x10 ? p.tcp.seg.text.len : 0),
					     .wire_size = size});
}

static void hear_act(struct recorder *r, struct source *s, usec at, uint8_t how)
{
	static const char *const options[] = {"SO_LINGER", "TCP_NODELAY", NULL, NULL};
	struct act a = {.at = at, .verb = (enum call_verb)(how % CALL_VERB_COUNT)};
	uint8_t who = next(s);
	size_t n = how >> 4;

	endpoint(who, &a.self);
	endpoint((uint8_t)(who >> 4 | who << 4), &a.peer);
	if (who & 0x80)
		a.self.port = 0;
	a.is_result = a.verb == CALL_CONNECT && (how & 0x10);
	a.error = how & 0x20 ? SOCK_ECONNREFUSED : SOCK_OK;
	a.octets = some(s, &n);
	a.size = n;
	a.value = how;
	if (a.verb == CALL_OPTION)
		a.option = options[how >> 6];
	recorder_act(r, &a);
}

static void hear_look(struct recorder *r, struct source *s, usec at, uint8_t how)
{
	struct socket_sight k = {.at = at, .state = (enum state)(how % STATE_COUNT)};
	uint8_t who = next(s), what = next(s);

	endpoint(who, &k.self);
	endpoint((uint8_t)(who >> 4 | who << 4), &k.peer);
	k.timer = what % 5;
	k.timer_left = what * 1000;
	k.has_info = what & 1;
	k.rto = what * 1000;
	k.cwnd = what & 2 ? UINT32_MAX : what;
	k.ssthresh = what & 4 ? UINT32_MAX : 0;
	k.snd_mss = what & 8 ? UINT32_MAX : 1460;
	k.receive_queue = what;
	k.send_queue = how;
	recorder_socket(r, &k);
}

static void hear_gone(struct recorder *r, struct source *s, usec at, uint8_t how)
{
	struct flow f = {0};
	uint8_t who = next(s);

	endpoint(who, &f.end[0]);
	endpoint((uint8_t)(who >> 4 | who << 4), &f.end[1]);
	recorder_gone(r, at, &f, how & 1);
}

/* A state's step begins where the last one ended, and Figure 5 has it; time never goes back; what
 * stands in a record is there. */
static void check_laws(const struct trace *t)
{
	enum state *state = xcalloc(trace_conn_count(t) + 2, sizeof *state);
	bool *is_told = xcalloc(trace_conn_count(t) + 2, sizeof *is_told);
	usec now = 0;

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		ASSERT(r->at >= now && r->of <= i);
		now = r->at;
		ASSERT(r->host == TRACE_NO_HOST || r->host < trace_host_count(t));
		ASSERT(r->conn == 0 || trace_conn_at(t, r->conn));
		if (r->kind == REC_PICTURE && !is_told[r->conn])
			state[r->conn] = (enum state)r->to;
		if (r->kind == REC_STATE) {
			ASSERT(edge_exists((enum state)r->from, (enum state)r->to));
			ASSERT(!is_told[r->conn] || state[r->conn] == (enum state)r->from);
			state[r->conn] = (enum state)r->to;
		}
		is_told[r->conn] =
			is_told[r->conn] || r->kind == REC_STATE || r->kind == REC_PICTURE;
		ASSERT(r->seg.text.len == 0 ||
		       r->seg.text.offset + r->seg.text.len <=
			       stream_size(trace_streams_of(t), r->seg.text.stream));
	}
	free(state);
	free(is_told);
}

static void go_out_and_come_back(const struct trace *t)
{
	struct sink first = {0}, second = {0};
	struct diags d = {0};
	struct trace *back;

	trace_write_jsonl(t, &first);
	ASSERT(trace_read_jsonl(&back, first.at, first.count, "back", &d));
	trace_write_jsonl(back, &second);
	ASSERT(first.count == second.count);
	ASSERT(memcmp(first.at, second.at, first.count) == 0);
	trace_free(back);
	diags_fini(&d);
	sink_fini(&first);
	sink_fini(&second);
}

static void look_at(const struct trace *t)
{
	static struct frame frame;
	struct moment m = {0};

	for (uint64_t i = 0; i < trace_count(t); i++) {
		if (trace_at(t, i)->kind == REC_SEND || trace_at(t, i)->kind == REC_ARRIVE)
			trace_frame(t, trace_at(t, i), 1, &frame);
	}
	moment_go(&m, t, trace_count(t));
	moment_go(&m, t, trace_count(t) / 2);
	moment_fini(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = {data, size};
	uint8_t how = next(&s);
	struct recorder_options o = {.vantage = (enum vantage)(how & 3),
				     .keeps_frames = how & 4,
				     .has_acts = how & 8,
				     .slack = how & 0x10 ? 1000 : 0,
				     .record_limit = how & 0x20 ? 100 : 0};
	struct recorder *r = recorder_new(&o);
	usec at = INT64_C(1700000000000000);

	while (s.left > 0) {
		uint8_t kind = next(&s), step = next(&s);

		at += step & 0x80 ? (step & 0x7f) * INT64_C(100000) : step * INT64_C(10);
		switch (kind & 7) {
		case 0: hear_frame(r, &s, at, kind); break;
		case 1: hear_act(r, &s, at, next(&s)); break;
		case 2: hear_look(r, &s, at, next(&s)); break;
		case 3: hear_gone(r, &s, at, kind); break;
		case 4: recorder_pass(r, at); break;
		case 5: at -= 1000000; break; /* the clock is set back */
		default: hear_segment(r, &s, at, next(&s)); break;
		}
	}
	recorder_end(r, at + (how & 0x40 ? 100 * USEC_PER_S : 0));
	check_laws(recorder_trace(r));
	go_out_and_come_back(recorder_trace(r));
	look_at(recorder_trace(r));
	recorder_free(r);
	return 0;
}
