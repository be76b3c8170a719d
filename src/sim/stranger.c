/* SPDX-License-Identifier: MIT */
/* stranger.c - hands from outside: a segment out of nowhere, a deed upon one in flight, names. */
#include <sim/parts.h>

#include <string.h>

/* Streams of strangers are numbered apart from those of connections. */
enum { STRANGER_STREAM = 1u << 31 };

void world_stranger(struct world *w, uint8_t from, uint16_t from_port, uint8_t to, uint16_t to_port,
		    const struct seg *s, const void *octets, struct trace_place place)
{
	struct flight f = {.is_stranger = true, .state = FLIGHT_ALOFT, .seg = *s};
	uint32_t stream;

	f.at = (struct tuple){
		.host = to, .port = to_port, .remote = from, .remote_port = from_port};
	f.seg.text = (struct text){.len = s->text.len};
	f.seg.len = seg_len(s->ctl, s->text.len);
	if (s->text.len > 0) {
		stream = STRANGER_STREAM | ++w->strangers;
		f.seg.text.stream = stream;
		if (octets)
			stream_write(w->streams, stream, octets, s->text.len);
		else
			stream_write_synthetic(w->streams, stream, s->text.len);
	}
	w->stranger_place = place;
	deliver_segment(w, &f);
}

static uint32_t flight_named(const struct world *w, uint64_t send)
{
	for (uint32_t i = 1; i < w->flights.count; i++) {
		const struct flight *f = flight_at(w, i);

		if (f->send == send &&
		    (f->state == FLIGHT_ALOFT || f->state == FLIGHT_HELD ||
		     f->state == FLIGHT_LATE) &&
		    f->node.at != USEC_NEVER)
			return i;
	}
	return 0;
}

static void copy_by_hand(struct world *w, const struct flight *f, usec after, struct record *r)
{
	usec at = f->node.at;
	uint32_t copy = flight_take(w);

	*flight_at(w, copy) = *f;
	flight_at(w, copy)->node.at = USEC_NEVER;
	flight_at(w, copy)->state = FLIGHT_ALOFT;
	flight_at(w, copy)->send = r ? r->serial : 0;
	wheel_put(&w->wheel, wheel_id(EVENT_FLIGHT, copy), at + after);
}

/* Behind the one that would arrive next after it in its direction; alone: nothing changes. */
static usec behind_the_next(const struct world *w, const struct flight *f)
{
	usec best = USEC_NEVER;

	for (uint32_t i = 1; i < w->flights.count; i++) {
		const struct flight *g = flight_at(w, i);

		if (g != f && g->state == FLIGHT_ALOFT && g->node.at != USEC_NEVER &&
		    g->at.host == f->at.host && g->at.remote == f->at.remote &&
		    g->node.at >= f->node.at && g->node.at < best)
			best = g->node.at;
	}
	return best == USEC_NEVER ? f->node.at : best;
}

bool world_act(struct world *w, uint64_t send, enum deed deed, usec by)
{
	uint32_t index = flight_named(w, send), id = wheel_id(EVENT_FLIGHT, index);
	struct flight *f;
	struct record *r;
	usec at;

	if (!index || flight_at(w, index)->state == FLIGHT_HELD)
		return false;
	f = flight_at(w, index);
	if (deed > DEED_CORRUPT)
		return false;
	r = wind_tell(w, f, deed);
	if (r)
		r->number[0] = by;
	switch (deed) {
	case DEED_DROP:
		wheel_take(&w->wheel, id);
		flight_give(w, index);
		return true;
	case DEED_DELAY:
	case DEED_REORDER:
		at = deed == DEED_DELAY ? f->node.at + by : behind_the_next(w, f);
		wheel_take(&w->wheel, id);
		wheel_put(&w->wheel, id, at);
		return true;
	case DEED_DUPLICATE: copy_by_hand(w, f, by, r); return true;
	case DEED_CORRUPT: f->is_corrupt = true; return true;
	case DEED_CUT:
	case DEED_QUEUE:
	case DEED_MTU:
	case DEED_LIFETIME:
	case DEED_COUNT: break;
	}
	UNREACHABLE();
}

struct wind *world_wind(struct world *w, uint8_t from, uint8_t to)
{
	return &direction_make(w, from, to)->wind;
}

void sock_label(struct world *w, struct sock s, uint16_t label, const char *name)
{
	uint32_t index = sock_index(w, s);
	struct conn *c = conn_at(w, index);
	struct trace_conn told;

	ASSERT(label > 0);
	while (w->labels.count <= label)
		*array_push(&w->labels) = (struct label){0};
	if (!index)
		return;
	c->label = label;
	w->labels.at[label] = (struct label){.serial = c->serial};
	if (!w->trace)
		return;
	if (c->serial) {
		told = *trace_conn_at(w->trace, c->serial);
		told.label = name;
		trace_add_conn(w->trace, &told);
	} else {
		w->labels.at[label].name = trace_tag(w->trace, name);
	}
}
