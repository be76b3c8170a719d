/* SPDX-License-Identifier: MIT */
/* recorder_tell.c - records as a simulation writes them: what was done, what it changed, the steps
 * from state to state that it caused. */
#include "live/recorder_inside.h"

#include <base/assert.h>

/* The trace's time: it never goes back, whatever the clock did. */
usec at_of(struct recorder *r, usec seen)
{
	usec at = seen - r->epoch;

	return at > r->now ? at : r->now;
}

bool is_room(struct recorder *r)
{
	uint64_t limit = r->o.record_limit ? r->o.record_limit : RECORDS_MAX;

	if (r->is_full || r->is_ended)
		return false;
	r->is_full = trace_count(r->trace) >= limit;
	return !r->is_full;
}

struct record *side_tell(struct recorder *r, const struct pair *f, uint8_t side,
			 enum record_kind kind, usec at)
{
	const struct side *own = &f->side[side], *other = &f->side[!side];
	struct record *record = trace_push(r->trace, kind, at);

	r->now = at;
	record->host = own->host;
	record->peer = other->host;
	record->conn = own->is_known ? own->conn : 0;
	record->from = record->to = own->is_known ? own->tcb.state : CLOSED;
	record->from_port = own->at.port;
	record->to_port = other->at.port;
	return record;
}

/* ---- connections ----------------------------------------------------------------------------- */

void side_open(struct side *s)
{
	s->tcb = (struct tcb){.state = CLOSED};
	for (size_t i = 0; i < TIMER_COUNT; i++)
		s->tcb.deadline[i] = USEC_NEVER;
}

/* The next record is its first. */
void conn_birth(struct recorder *r, struct pair *f, uint8_t side)
{
	struct side *s = &f->side[side];

	pair_begin(r, f);
	side_open(s);
	s->is_known = true;
	s->conn = ++r->serials;
	s->tcb.snd.stream = s->conn;
	trace_add_conn(r->trace, &(struct trace_conn){.serial = s->conn,
						      .host = s->host,
						      .peer = f->side[!side].host,
						      .port = s->at.port,
						      .peer_port = f->side[!side].at.port,
						      .stream = s->conn,
						      .born = trace_count(r->trace)});
}

/* ---- changes --------------------------------------------------------------------------------- */

void change_begin(struct recorder *r, const struct side *s)
{
	r->before = s->tcb;
	r->notes = 0;
}

void change_note(struct recorder *r, struct side *s, enum state to, enum rule rule, bool is_told)
{
	ASSERT(r->notes < sizeof r->note / sizeof r->note[0]);
	r->note[r->notes].rule = (uint16_t)rule;
	r->note[r->notes].from = s->tcb.state;
	r->note[r->notes].to = (uint8_t)to;
	r->note[r->notes].is_told = is_told;
	r->notes++;
	s->tcb.state = (uint8_t)to;
}

void change_end(struct recorder *r, struct pair *f, uint8_t side, struct record *cause, usec at)
{
	struct side *s = &f->side[side];
	uint64_t serial = cause->serial;

	cause->from = cause->to = s->tcb.state;
	trace_changes(r->trace, serial, &r->before, &s->tcb);
	for (uint32_t i = 0; i < r->notes; i++) {
		struct record *step = side_tell(r, f, side, REC_STATE, at);

		step->of = serial;
		step->rule = r->note[i].rule;
		step->from = r->note[i].from;
		step->to = r->note[i].to;
		step->is_inferred = !r->note[i].is_told;
		s->state_record = step->serial + 1;
	}
	r->notes = 0;
	r->before = s->tcb;
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void tell_picture(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	struct record *picture = side_tell(r, f, side, REC_PICTURE, at);

	trace_changes(r->trace, picture->serial, NULL, &f->side[side].tcb);
}

/* Of everyone, every so many records; more seldom when that would be most of the trace. */
void tell_pictures(struct recorder *r, usec at)
{
	uint64_t since = trace_count(r->trace) - r->pictured;

	if (since < TRACE_PICTURE || since < 16ull * r->pairs)
		return;
	for (struct pair *f = r->oldest; f; f = f->after) {
		for (uint8_t side = CALLER; side <= CALLED; side++) {
			if (f->side[side].is_known && f->side[side].tcb.state != CLOSED)
				tell_picture(r, f, side, at);
		}
	}
	r->pictured = trace_count(r->trace);
}
