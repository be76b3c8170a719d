/* SPDX-License-Identifier: MIT */
/* Frames as they were captured, beside the records of a recording. */
#include "trace/trace.h"

#include <string.h>
#include <base/assert.h>

static struct trace_octet_block *block_with_room(struct trace *t, uint32_t room)
{
	struct trace_octet_block *b;

	if (t->octets.count > 0) {
		b = array_last(&t->octets);
		if (b->size - b->used >= room)
			return b;
	}
	b = array_push(&t->octets);
	b->size = room > TRACE_OCTET_BLOCK ? room : TRACE_OCTET_BLOCK;
	b->used = 0;
	b->at = xmalloc(b->size);
	return b;
}

void trace_keep_frame(struct trace *t, uint64_t serial, const struct trace_frame_kept *frame)
{
	struct trace_octet_block *b = block_with_room(t, frame->size);
	struct trace_frame_entry *own = array_push(&t->frames);

	ASSERT(serial < t->count && t->frames.count < UINT32_MAX);
	*own = (struct trace_frame_entry){
		.frame = *frame, .block = (uint32_t)(t->octets.count - 1), .end = b->used};
	own->frame.octets = b->at + b->used;
	if (frame->size > 0)
		memcpy(b->at + b->used, frame->octets, frame->size);
	b->used += frame->size;
	own->end = b->used;
	trace_record_at(t, serial)->frame = (uint32_t)t->frames.count;
	/* Cutting after this record must not take what came to it late. */
	for (uint64_t later = serial + 1; later < t->count; later++)
		trace_mark_at(t, later)->frames = (uint32_t)t->frames.count;
}

/* What came of a segment was captured with it. */
bool trace_kept_frame(const struct trace *t, const struct record *r, struct trace_frame_kept *out)
{
	uint32_t frame = r->frame;

	if (frame == 0 && r->of < t->count &&
	    (r->kind == REC_WIND || r->kind == REC_ARRIVE || r->kind == REC_DISCARD))
		frame = trace_at(t, r->of)->frame;
	if (frame == 0 || frame > t->frames.count)
		return false;
	*out = t->frames.at[frame - 1].frame;
	return true;
}

void trace_rewind_frames(struct trace *t, uint32_t count)
{
	size_t blocks = count > 0 ? t->frames.at[count - 1].block + 1u : 0;

	t->frames.count = count;
	while (t->octets.count > blocks)
		free(array_pop(&t->octets).at);
	if (count > 0)
		array_last(&t->octets)->used = t->frames.at[count - 1].end;
}

void trace_free_frames(struct trace *t)
{
	trace_rewind_frames(t, 0);
	array_fini(&t->frames);
	array_fini(&t->octets);
}

uint64_t trace_frames_memory(const struct trace *t)
{
	uint64_t octets = t->frames.count * sizeof *t->frames.at;

	for (size_t i = 0; i < t->octets.count; i++)
		octets += t->octets.at[i].size;
	return octets;
}
