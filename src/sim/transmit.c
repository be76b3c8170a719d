/* SPDX-License-Identifier: MIT */
/* transmit.c - segments leave their TCP. */
#include <sim/parts.h>

uint32_t flight_take(struct world *w)
{
	uint32_t index = pool_take(&w->flights);
	struct flight *f = flight_at(w, index);

	f->node.at = USEC_NEVER;
	f->state = FLIGHT_ALOFT;
	f->is_corrupt = f->is_stranger = f->is_awaited = false;
	f->send = 0;
	if (index >= w->ways.count) {
		array_reserve(&w->ways, index + 1);
		w->ways.count = index + 1;
	}
	*way_of(w, index) = (struct way){0};
	return index;
}

void flight_give(struct world *w, uint32_t index)
{
	if (flight_at(w, index)->is_awaited)
		door_forget(w, index);
	flight_at(w, index)->state = FLIGHT_FREE;
	pool_give(&w->flights, index);
}

static void discard_nowhere(struct world *w, uint32_t index)
{
	const struct flight *f = flight_at(w, index);
	struct record *r = w->trace ? trace_push(w->trace, REC_DISCARD, w->now) : NULL;

	if (r) {
		r->of = f->send;
		r->detail = DISCARD_NO_HOST;
		r->host = (uint8_t)f->at.remote;
		r->from_port = f->at.remote_port;
		r->to_port = f->at.port;
		r->conn = f->sender;
		r->seg = f->seg;
	}
	flight_give(w, index);
}

/* What the sender's IP is told to write into the header: MUST-49, MUST-48. */
static void tell_datagram(struct record *r, const struct tcp_profile *profile)
{
	r->ttl = (uint8_t)(profile->ttl == TTL_USUAL ? 0 : profile->ttl);
	r->dscp = (uint8_t)profile->dscp;
}

/* `c` is who sends it, or a stand-in without a serial. */
static void leave(struct world *w, const struct conn *c, uint32_t index)
{
	struct flight *f = flight_at(w, index);
	struct record *r = tell(w, REC_SEND, c);

	f->at = tuple_turned(c->at);
	f->sender = c->serial;
	w->figures.segments_sent++;
	if (r) {
		r->seg = f->seg;
		r->rule = f->seg.rule;
		tell_datagram(r, conn_profile(w, c));
		f->send = r->serial;
		if (c->serial)
			trace_changes(w->trace, r->serial, &w->before, &c->tcb);
	}
	if (c->at.remote >= WORLD_HOSTS_MAX) {
		discard_nowhere(w, index);
		return;
	}
	*way_of(w, index) =
		(struct way){.since = w->now, .nth = ++w->words[c->at.host][c->at.remote]};
	wind_enter(w, c->at.host, c->at.remote, index);
}

/* What the engine noted while it chose what to send belongs to the event that is going on. */
static void tell_polled(struct world *w, struct conn *c, bool is_sent)
{
	check_notes(w, c);
	if (w->trace) {
		tell_notes(w, c);
		if (!is_sent && w->cause < trace_count(w->trace))
			trace_changes(w->trace, w->cause, &w->before, &c->tcb);
	}
	w->env.notes_count = 0;
}

bool transmit_next(struct world *w, struct conn *c)
{
	struct flight *f;
	uint32_t index;
	bool is_sent;

	/* Most events end with nothing to say. */
	if (!c->tcb.due && !w->env.has_reply)
		return false;
	if (!w->spare)
		w->spare = flight_take(w);
	index = w->spare;
	f = flight_at(w, index);
	call_begin(w, c);
	is_sent = tcp_poll_segment(&c->tcb, &f->seg, &w->env);
	tell_polled(w, c, is_sent);
	if (!is_sent)
		return false;
	w->spare = 0;
	check_sent(w, c, &f->seg);
	leave(w, c, index);
	return true;
}

void transmit_reset(struct world *w, struct tuple at, const struct seg *reset)
{
	struct conn nobody = {.at = at};
	uint32_t index = flight_take(w);

	flight_at(w, index)->seg = *reset;
	if (!(reset->ctl & RST))
		check_broken(w, &nobody, PROMISE_CLOSED_SILENT, "no connection, and yet not RST");
	leave(w, &nobody, index);
}

bool transmit_cookie(struct world *w, struct conn *trial, const struct seg *syn)
{
	uint32_t index = flight_take(w);
	bool is_sent = tcp_poll_segment(&trial->tcb, &flight_at(w, index)->seg, &w->env);

	w->env.notes_count = 0; /* of a copy that is forgotten */
	if (!is_sent) {
		flight_give(w, index);
		return false;
	}
	tcp_cookie_stamp(syn, &flight_at(w, index)->seg);
	w->before = trial->tcb; /* of the listener nothing has changed */
	leave(w, trial, index);
	return true;
}
