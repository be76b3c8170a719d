/* SPDX-License-Identifier: MIT */
/* stranger.c - from outside: a segment out of nowhere, the wind's attributes, names. */
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
