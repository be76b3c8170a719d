/* SPDX-License-Identifier: MIT */
/* deliver.c - a segment reaches its host: is it whole, whose is it, and what does the engine say?
 */
#include <sim/parts.h>

#include <string.h>
#include <wire/packet.h>
#include <woshou/names.h>

struct record *tell_arrival(struct world *w, const struct flight *f, enum record_kind kind)
{
	struct record *r = w->trace ? trace_push(w->trace, kind, w->now) : NULL;

	if (!r)
		return NULL;
	if (f->is_stranger)
		r->place = w->stranger_place;
	else
		r->of = f->send;
	r->host = (uint8_t)f->at.host;
	r->peer = (uint8_t)f->at.remote;
	r->from_port = f->at.remote_port;
	r->to_port = f->at.port;
	r->is_stranger = f->is_stranger;
	r->seg = f->seg;
	r->rule = f->seg.rule;
	return r;
}

void tell_discard(struct world *w, const struct flight *f, enum discard why)
{
	struct record *r = tell_arrival(w, f, REC_DISCARD);

	if (r)
		r->detail = (uint8_t)why;
}

enum { DATAGRAM_MAX = 65535 + 60 };

static size_t emit(struct world *w, const struct flight *f, uint8_t *bytes)
{
	struct packet *p = xcalloc(1, sizeof *p);
	uint8_t *text = xmalloc(f->seg.text.len + 1);
	size_t size = 0;
	bool fits;

	stream_read(w->streams, &f->seg.text, 0, text, f->seg.text.len);
	p->kind = PACKET_TCP;
	p->ip.from = w->host[f->at.remote]->address;
	p->ip.to = w->host[f->at.host]->address;
	p->ip.ttl = (uint8_t)w->host[f->at.remote]->profile.ttl;
	p->ip.ecn = f->seg.ecn;
	p->ip.protocol = IP_PROTOCOL_TCP;
	p->tcp.from_port = f->at.remote_port;
	p->tcp.to_port = f->at.port;
	p->tcp.seg = f->seg;
	p->tcp.seg.text.stream = 0;
	p->tcp.text = text;
	fits = packet_emit(p, bytes, DATAGRAM_MAX, &size);
	ASSERT(fits);
	free(text);
	free(p);
	return size;
}

/* The wind's deed done in earnest: octets, one bit of them turned, and the parser's verdict. One
 * wrong bit never escapes a sum of 16-bit words, so this must be refused. */
static bool is_refused(struct world *w, const struct flight *f)
{
	struct direction *d = direction_make(w, (uint8_t)f->at.remote, (uint8_t)f->at.host);
	uint8_t *bytes = xmalloc(DATAGRAM_MAX);
	struct packet *p = xmalloc(sizeof *p);
	size_t size = emit(w, f, bytes);
	size_t ip = w->host[f->at.host]->address.family == FAMILY_IPV6 ? 40 : 20;
	uint64_t bit = prng_below(&d->corrupt, (size - ip) * 8);
	enum refusal why;

	bytes[ip + bit / 8] ^= (uint8_t)(1u << bit % 8);
	why = packet_parse(bytes, size, PACKET_IP, p);
	free(p);
	free(bytes);
	return why != REFUSED_NOTHING;
}

static bool may_pass(struct world *w, const struct flight *f)
{
	if (w->host[f->at.host]->is_down) {
		tell_discard(w, f, DISCARD_HOST_DOWN);
		return false;
	}
	if (f->is_corrupt && is_refused(w, f)) {
		tell_discard(w, f, DISCARD_CHECKSUM);
		return false;
	}
	/* MUST-63, MUST-57: from nowhere that a host could be, or to all of a group. */
	if (w->host[f->at.remote]->is_multicast || w->host[f->at.host]->is_multicast) {
		tell_discard(w, f, DISCARD_ADDRESS);
		return false;
	}
	return true;
}

/* Nobody's: 3.10.7.1. */
static void arrives_closed(struct world *w, const struct flight *f)
{
	struct conn nobody = {.at = f->at};
	struct seg reset;
	bool is_answered;

	tell_arrival(w, f, REC_ARRIVE);
	call_begin(w, &nobody);
	is_answered = tcp_answer_closed(&f->seg, &reset, &w->env);
	if (w->trace) {
		w->cause = trace_count(w->trace) - 1;
		tell_notes(w, &nobody);
	}
	w->env.notes_count = 0;
	if (is_answered)
		transmit_reset(w, f->at, &reset);
}

/* Where the text of this connection must come from: the connection whose SYN it took. */
static void learn_peer(const struct world *w, struct conn *c, const struct flight *f)
{
	if (w->state_before == SYN_SENT && c->tcb.state != SYN_SENT && (f->seg.ctl & SYN))
		c->peer = f->sender;
}

static void arrives_conn(struct world *w, struct conn *c, const struct flight *f)
{
	struct record *r = tell_arrival(w, f, REC_ARRIVE);
	struct tcp_profile refusing;

	if (r)
		r->conn = c->serial;
	measure_arrival(w, c, &f->seg);
	call_begin(w, c);
	/* MAY-2 needs somebody to take the new connection. */
	if (c->tcb.state == TIME_WAIT && (f->seg.ctl & SYN)) {
		uint32_t listener = listener_at(w, f->at.host, f->at.port);

		if (!listener || listen_is_full(w, conn_at(w, listener))) {
			refusing = *w->env.profile;
			refusing.time_wait_syn = TW_SYN_REFUSE;
			w->env.profile = &refusing;
		}
	}
	tcp_arrives(&c->tcb, &f->seg, &w->env);
	learn_peer(w, c, f);
	call_end(w, c, r);
}

/* The final ACK of a handshake that finds the accept queue full is thrown away, as Linux does: the
 * child stays in SYN-RECEIVED, and its SYN,ACK will be repeated. */
static bool is_held_off(const struct world *w, const struct conn *c, const struct flight *f)
{
	return c->tcb.state == SYN_RECEIVED && conn_is(c, CONN_SYN_QUEUE) &&
	       (f->seg.ctl & (ACK | RST | SYN)) == ACK && accept_is_full(w, c);
}

void deliver_segment(struct world *w, const struct flight *f)
{
	uint32_t id, index;
	struct conn *c;

	if (!may_pass(w, f))
		return;
	w->figures.segments_delivered++;
	if (w->host[f->at.host]->is_scripted) {
		scripted_hears(w, f);
		return;
	}
	if (f->seg.text.len > 0)
		w->figures.data_delivered++;
	else if ((f->seg.ctl & (SYN | FIN | RST | ACK)) == ACK)
		w->figures.acks_delivered++;
	id = demux_find(&w->demux, f->at);
	if (!id) {
		index = listener_at(w, f->at.host, f->at.port);
		if (index)
			listen_arrives(w, index, f, NULL);
		else
			arrives_closed(w, f);
		return;
	}
	index = wheel_id_index(id);
	if (wheel_id_kind(id) == WHERE_TIME_WAIT)
		index = time_wait_unpack(w, index);
	c = conn_at(w, index);
	if (is_held_off(w, c, f)) {
		tell_discard(w, f, DISCARD_QUEUE_FULL);
		return;
	}
	arrives_conn(w, c, f);
	if (w->env.signals & TCP_SIG_REOPEN) {
		seq32 above = w->env.reopen_iss;

		settle(w, index);
		listen_arrives(w, listener_at(w, f->at.host, f->at.port), f, &above);
		return;
	}
	settle(w, index);
}

static const struct icmp_news {
	uint8_t what;  /* enum tcp_icmp */
	uint8_t error; /* enum sock_error */
} icmp_news[ICMP_KIND_COUNT] = {
#define ICMP_KIND(id, name, what, error, ...) [KIND_##id] = {ICMP_##what, SOCK_##error},
#include <woshou/icmp.def>
#undef ICMP_KIND
};

static void tell_icmp(struct world *w, const struct flight *f, enum icmp_kind kind,
		      struct record *r)
{
	const char *name = name_of(NAMES_ICMP_KIND, kind);

	if (f->send)
		r->of = f->send;
	else
		r->place = w->stranger_place;
	r->detail = icmp_news[kind].what;
	if (kind == KIND_TOO_BIG)
		r->number[0] = f->seg.len;
	else
		r->text[0] = trace_text(w->trace, name, strlen(name));
}

static void arrives_icmp(struct world *w, const struct flight *f)
{
	enum icmp_kind kind = (enum icmp_kind)f->seg.ctl;
	uint32_t id = demux_find(&w->demux, f->at);
	struct record *r = NULL;
	struct conn *c;

	if (w->host[f->at.host]->is_down || !id || wheel_id_kind(id) != WHERE_CONN)
		return;
	c = conn_at(w, wheel_id_index(id));
	r = tell(w, REC_ICMP, c);
	if (r)
		tell_icmp(w, f, kind, r);
	call_begin(w, c);
	tcp_arrives_icmp(&c->tcb, (enum tcp_icmp)icmp_news[kind].what, f->seg.seq, f->seg.len,
			 &w->env);
	if (w->env.signals & (TCP_SIG_SOFT_ERROR | TCP_SIG_UNREACHABLE))
		c->soft_error = icmp_news[kind].error;
	call_end(w, c, r);
	settle(w, wheel_id_index(id));
}

void world_icmp(struct world *w, uint8_t to, uint16_t to_port, uint8_t about, uint16_t about_port,
		enum icmp_kind kind, seq32 number, uint32_t mtu, struct trace_place place)
{
	struct flight f = {.state = FLIGHT_ICMP,
			   .at = {.host = to,
				  .port = to_port,
				  .remote = about,
				  .remote_port = about_port},
			   .seg = {.seq = number, .len = mtu, .ctl = (uint16_t)kind}};

	w->stranger_place = place;
	arrives_icmp(w, &f);
}

void deliver(struct world *w, uint32_t flight)
{
	const struct direction *d;
	struct flight *f = flight_at(w, flight);
	struct tuple at = f->at;
	struct record *r;

	switch ((enum flight_state)f->state) {
	case FLIGHT_HELD: wind_release(w, flight); return;
	case FLIGHT_ALOFT:
		if (f->is_awaited && door_holds(w, flight))
			return;
		deliver_segment(w, f);
		flight_give(w, flight);
		if (w->doors > 0)
			door_passed(w, at.remote, at.host);
		return;
	case FLIGHT_ICMP: arrives_icmp(w, f); break;
	case FLIGHT_LATE:
		d = direction_between(w, f->at.remote, f->at.host);
		r = wind_tell(w, f, DEED_LIFETIME);
		if (r) {
			r->number[0] = d->wind.lifetime;
			r->place = d->wind.lifetime_place;
		}
		break;
	case FLIGHT_FREE: UNREACHABLE();
	}
	flight_give(w, flight);
}
