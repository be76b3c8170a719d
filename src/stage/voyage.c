/* SPDX-License-Identifier: MIT */
/* voyage.c - each segment's way through the air, from the records that speak of it. */
#include "stage/story.h"

#include "trace/frame.h"

/* A lost segment's way when no other ever arrived in that direction. */
static const usec WAY_UNKNOWN = 100 * USEC_PER_MS;

enum { WAY = 1000, HALF_WAY = 500 };

/* ---- finding them --------------------------------------------------------------------------- */

size_t story_begun(const struct story *s, uint64_t cursor)
{
	size_t low = 0, high = s->voyages.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->voyages.at[middle].send < cursor)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct voyage *story_voyage(const struct story *s, uint64_t send)
{
	size_t i = story_begun(s, send);

	return i < s->voyages.count && s->voyages.at[i].send == send ? &s->voyages.at[i] : NULL;
}

static struct voyage *begin_voyage(struct story *s, const struct record *r)
{
	struct voyage *v = array_push(&s->voyages);

	*v = (struct voyage){.send = r->serial,
			     .end = r->serial,
			     .sent = r->at,
			     .due = USEC_NEVER,
			     .from = r->host,
			     .to = r->peer,
			     .fate = FATE_FLYING,
			     .dies_at = HALF_WAY,
			     .turn = -1};
	return v;
}

static void add_turn(struct story *s, struct voyage *v, usec at, int progress)
{
	*array_push(&s->turns) = (struct turn){.at = at, .progress = progress, .before = v->turn};
	v->turn = (int32_t)(s->turns.count - 1);
}

/* How far it has come where a hand is laid on it, with the arrival it had until then. */
static int progress_by_hand(const struct story *s, const struct voyage *v, const struct record *r)
{
	const struct turn *last = v->turn >= 0 ? &s->turns.at[v->turn] : NULL;
	usec since = last ? last->at : v->sent, until = r->number[1];
	int come = last ? last->progress : 0;

	if (until <= since || r->at <= since)
		return come;
	return r->at >= until ? WAY
			      : come + (int)((WAY - come) * (r->at - since) / (until - since));
}

static void blow(struct story *s, const struct record *r)
{
	struct voyage *v = story_voyage(s, r->of);
	bool is_by_hand = v && r->number[1] > 0;
	int come = is_by_hand ? progress_by_hand(s, v, r) : 0;

	if (is_by_hand) {
		add_turn(s, v, r->at, come);
		v->dies_at = (uint16_t)come;
	}
	if (v) {
		v->deeds = (uint16_t)(v->deeds | 1u << r->detail);
		v->deed = r->serial;
		if (deed_takes((enum deed)r->detail)) {
			v->fate = FATE_LOST;
			v->end = r->serial;
		}
	}
	if (r->detail == DEED_DUPLICATE && v) {
		uint8_t from = v->from, to = v->to;
		struct voyage *twin = begin_voyage(s, r);

		twin->from = from;
		twin->to = to;
		twin->is_duplicate = true;
		if (is_by_hand)
			add_turn(s, twin, r->at, come);
	}
}

static void land(struct story *s, const struct record *r)
{
	struct voyage *v = r->of != r->serial ? story_voyage(s, r->of) : NULL;

	if (!v) {
		v = begin_voyage(s, r);
		v->from = r->peer;
		v->to = r->host;
		v->is_stranger = true;
	}
	v->fate = r->kind == REC_ARRIVE ? FATE_ARRIVED : FATE_DISCARDED;
	v->end = r->serial;
	v->due = r->at;
}

/* What a twin is the twin of. */
static const struct voyage *origin_of(const struct story *s, const struct record *twin)
{
	return story_voyage(s, trace_origin(s->trace, twin)->serial);
}

/* In the order of the trace, for every number needs the SYN before it. */
static void number_voyages(struct story *s)
{
	struct talks talks = {0};
	struct datagrams datagrams = {0};
	uint32_t lost = 0, again = 0;
	size_t next = 0;

	for (uint64_t i = 0; i < trace_count(s->trace); i++) {
		const struct record *r = trace_at(s->trace, i);
		const struct talk *talk = talks_see(&talks, s->trace, r);
		uint16_t datagram = datagrams_see(&datagrams, s->trace, r);
		struct voyage *v;

		if (next == s->voyages.count || s->voyages.at[next].send != i)
			continue;
		v = &s->voyages.at[next++];
		v->datagram = v->is_duplicate ? origin_of(s, r)->datagram : datagram;
		if (talk) {
			struct leg leg = trace_leg(s->trace, r);

			v->relative = talk_relative(talk, &leg, voyage_seg(s, v));
		}
		lost += v->fate == FATE_LOST;
		again += !v->is_duplicate && voyage_seg(s, v)->rexmit > 0;
		v->lost = lost;
		v->again = again;
	}
	talks_fini(&talks);
}

/* As the language counts them: every word from one to another, the wind's copies too. */
static void count_voyages(struct story *s)
{
	size_t hosts = trace_host_count(s->trace);
	uint32_t *count = xcalloc(hosts * hosts + 1, sizeof *count);

	for (size_t i = 0; i < s->voyages.count; i++) {
		struct voyage *v = &s->voyages.at[i];

		if (!v->is_stranger && v->from < hosts && v->to < hosts)
			v->nth = ++count[v->from * hosts + v->to];
	}
	free(count);
}

static bool is_taken_by_hand(const struct story *s, const struct voyage *v)
{
	return v->turn >= 0 && s->turns.at[v->turn].at == trace_at(s->trace, v->end)->at;
}

/* The lost ones never arrive. They are shown dying half-way of the time that others take. */
static void time_losses(struct story *s)
{
	usec way[2] = {WAY_UNKNOWN, WAY_UNKNOWN};

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = s->voyages.count; i-- > 0;) {
			struct voyage *v = &s->voyages.at[i];

			if (v->fate == FATE_ARRIVED && !v->is_stranger && v->due > v->sent &&
			    v->deeds == 0)
				way[v->from > v->to] = v->due - v->sent;
			if (pass == 1 && v->fate == FATE_LOST && is_taken_by_hand(s, v))
				v->due = trace_at(s->trace, v->end)->at;
			else if (pass == 1 && v->fate == FATE_LOST)
				v->due = v->sent + way[v->from > v->to] / 2;
		}
		if (pass == 0 && way[0] == WAY_UNKNOWN)
			way[0] = way[1];
		if (pass == 0 && way[1] == WAY_UNKNOWN)
			way[1] = way[0];
	}
}

void story_find_voyages(struct story *s)
{
	for (uint64_t i = 0; i < trace_count(s->trace); i++) {
		const struct record *r = trace_at(s->trace, i);

		if (r->kind == REC_SEND)
			begin_voyage(s, r);
		else if (r->kind == REC_WIND)
			blow(s, r);
		else if (r->kind == REC_ARRIVE || r->kind == REC_DISCARD)
			land(s, r);
		else if (r->kind == REC_EXPECT)
			s->expects++;
		s->end = r->at;
	}
	number_voyages(s);
	count_voyages(s);
	time_losses(s);
}

/* ---- answers -------------------------------------------------------------------------------- */

const struct seg *voyage_seg(const struct story *s, const struct voyage *v)
{
	return trace_seg(s->trace, trace_at(s->trace, v->send));
}

unsigned voyage_deeds(const struct story *s, const struct voyage *v, uint64_t cursor,
		      uint64_t *last)
{
	unsigned deeds = 0;
	uint64_t ignored;

	last = last ? last : &ignored;
	*last = v->deed;
	if (v->deeds == 0 || v->deed < cursor)
		return v->deeds;
	/* A hand will still lay hold of it. */
	for (uint64_t i = v->send; i < cursor; i++) {
		const struct record *r = trace_at(s->trace, i);

		if (r->kind != REC_WIND || r->of != v->send)
			continue;
		deeds |= 1u << r->detail;
		*last = i;
	}
	return deeds;
}

bool voyage_has_ended(const struct voyage *v, usec now, uint64_t cursor)
{
	switch ((enum fate)v->fate) {
	case FATE_FLYING: return false;
	case FATE_LOST: return now >= v->due && v->end < cursor;
	case FATE_ARRIVED:
	case FATE_DISCARDED: return v->end < cursor;
	}
	return false;
}

bool voyage_is_in_flight(const struct voyage *v, uint64_t cursor)
{
	return !v->is_stranger && v->send < cursor && (v->fate == FATE_FLYING || v->end >= cursor);
}

int voyage_progress(const struct story *s, const struct voyage *v, usec now)
{
	usec since = v->sent, until = v->due;
	int from = 0, to = v->fate == FATE_LOST ? v->dies_at : WAY;

	for (int32_t i = v->turn; i >= 0; i = s->turns.at[i].before) {
		const struct turn *turn = &s->turns.at[i];

		if (now >= turn->at) {
			since = turn->at;
			from = turn->progress;
			break;
		}
		until = turn->at;
		to = turn->progress;
	}
	if (until == USEC_NEVER)
		return now > since ? from + (to - from) / 2 : from;
	if (now <= since)
		return from;
	if (now >= until)
		return to;
	/* Spans of hours times 1000 still fit 63 bits. */
	return from + (int)((now - since) * (to - from) / (until - since));
}
