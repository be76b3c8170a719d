/* SPDX-License-Identifier: MIT */
/* call.c - around every call of the engine: its surroundings before, what it noted after. */
#include <sim/parts.h>

#include <base/array.h>

enum { BLOCKS_LEAST = 256 };

/* The engine takes blocks without asking; there is always more than one event can need. */
void pool_ensure(struct world *w)
{
	uint32_t count;

	if (w->blocks.free_count >= BLOCKS_LEAST)
		return;
	count = w->blocks.count ? 2 * w->blocks.count : 2 * BLOCKS_LEAST;
	tcp_pool_extend(&w->blocks, xrealloc(w->blocks.blocks, count * sizeof *w->blocks.blocks),
			count);
}

void call_begin(struct world *w, struct conn *c)
{
	pool_ensure(w);
	w->env.now = w->now;
	w->env.profile = conn_profile(w, c);
	w->env.is_unclaimed = conn_is(c, CONN_SYN_QUEUE | CONN_ACCEPT_QUEUE);
	w->env.is_ipv6 = host_of(w, c)->address.family == FAMILY_IPV6;
	w->state_before = c->tcb.state;
	if (w->trace)
		w->before = c->tcb;
}

/* A record of this connection's. NULL when nobody keeps a trace. */
struct record *tell(struct world *w, enum record_kind kind, const struct conn *c)
{
	struct record *r;

	if (!w->trace)
		return NULL;
	r = trace_push(w->trace, kind, w->now);
	r->host = (uint8_t)c->at.host;
	r->peer = c->at.remote < WORLD_HOSTS_MAX ? (uint8_t)c->at.remote : TRACE_NO_HOST;
	r->conn = c->serial;
	r->from = r->to = c->tcb.state;
	r->from_port = c->at.port;
	r->to_port = c->at.remote_port;
	return r;
}

struct record *tell_call(struct world *w, enum call_verb verb, const struct conn *c)
{
	struct record *r = tell(w, REC_CALL, c);

	if (r) {
		r->detail = (uint8_t)verb;
		w->cause = r->serial;
	}
	return r;
}

void tell_notes(struct world *w, const struct conn *c)
{
	for (uint32_t i = 0; i < w->env.notes_count; i++) {
		const struct tcp_note *note = &w->notes[i];
		struct record *r = tell(w, note->from == note->to ? REC_RULE : REC_STATE, c);

		r->of = w->cause;
		r->rule = note->rule;
		r->from = note->from;
		r->to = note->to;
	}
}

/* `r` is the record of what the engine was called for, and the newest one. */
void call_end(struct world *w, struct conn *c, struct record *r)
{
	check_notes(w, c);
	if (w->trace) {
		w->cause = r->serial;
		r->from = r->to = c->tcb.state;
		trace_changes(w->trace, r->serial, &w->before, &c->tcb);
		tell_notes(w, c);
	}
	w->env.notes_count = 0;
}
