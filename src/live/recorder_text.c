/* SPDX-License-Identifier: MIT */
/* recorder_text.c - the octets: each side's stream as far as it is known, and the frames that are
 * kept with it. */
#include "live/recorder_inside.h"

#include <string.h>
#include "trace/jsonl.h"

enum { SCRATCH_STREAM = 1u << 31, GAP_MAX = 1 << 24 };

/* Where in the stream this sequence number stands; false: before its beginning. */
static bool offset_of(const struct side *s, seq32 at, uint64_t *out)
{
	uint32_t back = seq_span(at, s->stream_end);

	if (!s->has_stream || seq_gt(at, s->stream_end) || back > s->stream_size)
		return false;
	*out = s->stream_size - back;
	return true;
}

static void append(struct recorder *r, struct side *s, const uint8_t *octets, uint32_t there,
		   uint32_t all)
{
	struct streams *streams = trace_streams(r->trace);

	stream_write(streams, s->conn, octets, there);
	stream_write_synthetic(streams, s->conn, all - there);
	s->stream_end = seq_add(s->stream_end, all);
	s->stream_size += all;
}

/* What was not captured, or comes later: its place is kept. */
static void skip_gap(struct recorder *r, struct side *s, seq32 to)
{
	uint32_t gap = seq_span(s->stream_end, to);

	if (gap == 0)
		return;
	append(r, s, NULL, 0, gap);
}

/* The frame's octets become the stream's, unless it has them. */
void text_gather(struct recorder *r, struct pair *f, struct item *frame)
{
	struct side *s = &f->side[frame->side];
	seq32 from = seg_text_seq(&frame->seg);
	seq32 end = seq_add(from, frame->seg.text.len);
	const uint8_t *octets = frame->octets + frame->header;
	uint64_t offset;
	uint32_t old;

	if (frame->seg.text.len == 0 || !s->is_known || frame->is_gathered)
		return;
	frame->is_gathered = true;
	if (!s->has_stream) {
		s->has_stream = true;
		s->stream_end = from;
	}
	if (seq_gt(from, s->stream_end) && seq_span(s->stream_end, from) > GAP_MAX)
		return;
	if (seq_gt(from, s->stream_end))
		skip_gap(r, s, from);
	if (offset_of(s, from, &offset))
		stream_mend(trace_streams(r->trace), s->conn, offset, octets, frame->text);
	if (seq_le(end, s->stream_end))
		return;
	old = seq_span(from, s->stream_end);
	append(r, s, octets + (old < frame->text ? old : frame->text),
	       frame->text > old ? frame->text - old : 0, frame->seg.text.len - old);
}

/* Octets from before the capture, or from nowhere near the others. */
static void put_aside(struct recorder *r, const struct item *frame, struct text *out)
{
	uint32_t stream = SCRATCH_STREAM | ++r->scratch;

	stream_write(trace_streams(r->trace), stream, frame->octets + frame->header, frame->text);
	stream_write_synthetic(trace_streams(r->trace), stream, frame->seg.text.len - frame->text);
	*out = (struct text){.stream = stream, .len = frame->seg.text.len};
}

void text_name(struct recorder *r, struct pair *f, struct item *frame, struct text *out)
{
	const struct side *s = &f->side[frame->side];
	seq32 from = seg_text_seq(&frame->seg);
	uint64_t offset;

	if (frame->seg.text.len == 0)
		return;
	text_gather(r, f, frame);
	if (s->is_known && offset_of(s, from, &offset) &&
	    frame->seg.text.len <= s->stream_size - offset)
		*out = (struct text){offset, s->conn, frame->seg.text.len};
	else
		put_aside(r, frame, out);
}

/* Its text need not be kept twice when the stream has the same octets and nothing comes behind. */
static bool is_in_stream(struct recorder *r, const struct item *frame, const struct text *text)
{
	const uint8_t *own = frame->octets + frame->header;
	uint8_t some[4096];

	if (frame->header + frame->text != frame->size || frame->text == 0)
		return false;
	for (uint32_t done = 0; done < frame->text;) {
		size_t n = frame->text - done < sizeof some ? frame->text - done : sizeof some;

		if (stream_read(trace_streams(r->trace), text, done, some, n) != n ||
		    memcmp(some, own + done, n) != 0)
			return false;
		done += (uint32_t)n;
	}
	return true;
}

static usec at_of_capture(const struct recorder *r, const struct item *frame)
{
	return frame->seen > r->epoch ? frame->seen - r->epoch : 0;
}

void frame_keep(struct recorder *r, const struct item *frame, uint64_t record)
{
	const struct text *text = &trace_at(r->trace, record)->seg.text;
	struct trace_frame_kept kept = {.link = frame->link,
					.at = at_of_capture(r, frame),
					.ip = frame->ip,
					.size = frame->size,
					.captured = frame->size,
					.wire_size = frame->wire,
					.octets = frame->octets};

	if (!r->o.keeps_frames || frame->is_unseen || frame->size == 0 ||
	    frame->size > JSONL_FRAME_MAX)
		return;
	if (is_in_stream(r, frame, text))
		kept.size = frame->header;
	trace_keep_frame(r->trace, record, &kept);
}
