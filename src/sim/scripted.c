/* SPDX-License-Identifier: MIT */
/*
 * scripted.c - hosts without a TCP. What one says is a connection of its own in the trace, so that
 * the other end has somebody to talk to; what it hears is kept until it is asked for.
 */
#include <sim/parts.h>

#include <string.h>

/* Further out no stream is made: it would be nothing but zeros. */
enum { STREAM_MOST = 1 << 26 };

/* ---- speaking -------------------------------------------------------------------------------- */

static struct mouth *mouth_at(struct host *h, uint16_t port, uint8_t to, uint16_t to_port)
{
	for (size_t i = h->mouths.count; i-- > 0;) {
		struct mouth *m = &h->mouths.at[i];

		if (m->port == port && m->to == to && m->to_port == to_port)
			return m;
	}
	return NULL;
}

static struct mouth *mouth_new(struct world *w, uint8_t from, uint16_t port, uint8_t to,
			       uint16_t to_port)
{
	struct mouth *m = array_push(&w->host[from]->mouths);

	*m = (struct mouth){.port = port, .to = to, .to_port = to_port, .serial = ++w->serials};
	if (w->trace)
		trace_add_conn(w->trace, &(struct trace_conn){.serial = m->serial,
							      .host = from,
							      .peer = to,
							      .port = port,
							      .peer_port = to_port,
							      .stream = m->serial,
							      .born = trace_count(w->trace)});
	return m;
}

/* A SYN with another number begins another conversation. */
static struct mouth *mouth_for(struct world *w, uint8_t from, uint16_t port, uint8_t to,
			       uint16_t to_port, const struct seg *s)
{
	struct mouth *m = mouth_at(w->host[from], port, to, to_port);

	if (!m || ((s->ctl & SYN) && m->has_syn && m->syn.v != s->seq.v))
		m = mouth_new(w, from, port, to, to_port);
	if (!m->has_syn) {
		m->has_syn = (s->ctl & SYN) != 0;
		m->syn = s->seq;
	}
	return m;
}

/* The octet after the SYN is the first one of the stream. */
static void place_text(struct world *w, struct mouth *m, struct seg *s)
{
	static const uint8_t zeros[4096];
	uint32_t offset = seq_span(m->syn, seg_text_seq(s)) - 1;
	uint64_t end = (uint64_t)offset + s->text.len;

	if (s->text.len == 0) {
		s->text = (struct text){0};
		return;
	}
	if (end > STREAM_MOST) {
		offset = 0;
		end = s->text.len;
	}
	s->text = (struct text){.offset = offset, .stream = m->serial, .len = s->text.len};
	while (m->written < end) {
		size_t n =
			end - m->written < sizeof zeros ? (size_t)(end - m->written) : sizeof zeros;

		stream_write(w->streams, m->serial, zeros, n);
		m->written += n;
	}
}

void host_says(struct world *w, uint8_t from, uint16_t from_port, uint8_t to, uint16_t to_port,
	       const struct seg *s, struct trace_place place)
{
	struct mouth *m = mouth_for(w, from, from_port, to, to_port, s);
	struct flight f = {.state = FLIGHT_ALOFT, .sender = m->serial, .seg = *s};
	struct record *r = w->trace ? trace_push(w->trace, REC_SEND, w->now) : NULL;

	f.at = (struct tuple){
		.host = to, .port = to_port, .remote = from, .remote_port = from_port};
	f.seg.len = seg_len(s->ctl, s->text.len);
	place_text(w, m, &f.seg);
	w->figures.segments_sent++;
	if (r) {
		r->host = from;
		r->peer = to;
		r->conn = m->serial;
		r->from_port = from_port;
		r->to_port = to_port;
		r->seg = f.seg;
		r->place = place;
		f.send = r->serial;
	}
	deliver_segment(w, &f);
}

/* ---- hearing --------------------------------------------------------------------------------- */

/* Whoever has sent it, or holds its port; its settings say how its datagrams look. */
static const struct tcp_profile *profile_of(const struct world *w, const struct flight *f)
{
	struct tuple at = tuple_turned(f->at);
	uint32_t id = demux_find(&w->demux, at), index = wheel_id_index(id);
	struct conn look;

	if (id && wheel_id_kind(id) == WHERE_CONN)
		return conn_profile(w, conn_at(w, index));
	if (id && time_wait_look(w, index, &look))
		return conn_profile(w, &look);
	for (index = w->host[f->at.remote]->oldest; index; index = conn_at(w, index)->younger)
		if (conn_is(conn_at(w, index), CONN_BOUND) &&
		    conn_at(w, index)->at.port == f->at.remote_port)
			return conn_profile(w, conn_at(w, index));
	return &w->host[f->at.remote]->profile;
}

void scripted_hears(struct world *w, const struct flight *f)
{
	struct record *r = tell_arrival(w, f, REC_ARRIVE);
	struct host *h = w->host[f->at.host];
	const struct mouth *m = mouth_at(h, f->at.port, (uint8_t)f->at.remote, f->at.remote_port);
	const struct tcp_profile *p = profile_of(w, f);

	if (r && m)
		r->conn = m->serial;
	*array_push(&h->heard) = (struct heard){
		.at = w->now,
		.record = r ? r->serial : 0,
		.from = (uint8_t)f->at.remote,
		.from_port = f->at.remote_port,
		.to_port = f->at.port,
		.ttl = (uint8_t)p->ttl,
		.tos = (uint8_t)(p->dscp << 2 | f->seg.ecn),
		.seg = f->seg,
	};
}

bool host_heard(struct world *w, uint8_t host, struct heard *out)
{
	struct host *h = w->host[host];

	if (h->heard_told == h->heard.count)
		return false;
	*out = h->heard.at[h->heard_told++];
	if (h->heard_told == h->heard.count) {
		array_clear(&h->heard);
		h->heard_told = 0;
	}
	return true;
}

/* ---- counting -------------------------------------------------------------------------------- */

static enum state state_of(const struct conn *c)
{
	return !c->serial || conn_is(c, CONN_DEAD) ? CLOSED : (enum state)c->tcb.state;
}

uint32_t host_count(const struct world *w, uint8_t host, enum state state, uint16_t port,
		    bool is_held)
{
	uint32_t count = 0;

	for (uint32_t i = w->host[host]->oldest; i; i = conn_at(w, i)->younger) {
		const struct conn *c = conn_at(w, i);

		if (is_held && (!c->fd || conn_is(c, CONN_CLOSED)))
			continue;
		count += state_of(c) == state && (port == 0 || c->at.port == port);
	}
	if (state != TIME_WAIT || is_held)
		return count;
	for (uint32_t i = 1; i < w->time_waits.count; i++) {
		const struct time_wait *t = pool_at(&w->time_waits, i);

		count += t->serial && t->at.host == host && (port == 0 || t->at.port == port);
	}
	return count;
}

void host_forget(struct world *w, uint8_t host, enum state state)
{
	uint32_t next;

	for (uint32_t i = w->host[host]->oldest; i; i = next) {
		struct conn *c = conn_at(w, i);

		next = c->younger;
		if (state_of(c) != state || !c->serial)
			continue;
		if (!c->fd || conn_is(c, CONN_CLOSED)) {
			conn_free(w, i);
			continue;
		}
		tcb_fini(&c->tcb, &w->env);
		conn_dead(w, i);
	}
	for (uint32_t i = 1; state == TIME_WAIT && i < w->time_waits.count; i++) {
		const struct time_wait *t = pool_at(&w->time_waits, i);

		if (t->serial && t->at.host == host)
			time_wait_free(w, i);
	}
}
