/* SPDX-License-Identifier: MIT */
/*
 * trace.h - how a trace is kept. Only src/trace includes this; everyone else reads with
 * <woshou/trace.h>.
 *
 * Records and changes lie in chunks, so that a growing trace never moves: a record's address is
 * good until the trace is cut or freed. Texts lie in blocks of their own, each text whole in one.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include <base/array.h>
#include <woshou/trace.h>

enum {
	TRACE_CHUNK = 512,
	TRACE_HOSTS_MAX = 64,
	TRACE_TEXT_BLOCK = 1 << 14,
	TRACE_OCTET_BLOCK = 1 << 16,
};

/* How large the side tables were when a record was pushed: what trace_rewind cuts back to. */
struct trace_mark {
	uint32_t changes, texts, frames;
	uint8_t hosts;
};

struct trace_chunk {
	struct record record[TRACE_CHUNK];
	struct trace_mark mark[TRACE_CHUNK];
};

struct trace_changes_chunk {
	struct tcb_change change[TRACE_CHUNK];
};

struct trace_text_block {
	char *at;
	uint32_t base; /* offset of its first octet among all texts */
	uint32_t size;
};

struct trace_octet_block {
	uint8_t *at;
	uint32_t size, used;
};

struct trace_frame_entry {
	struct trace_frame_kept frame; /* its octets lie in a block */
	uint32_t block, end;           /* which, and what of it was used then */
};

struct trace_quote {
	struct trace_place place;
	char *words;
};

struct trace {
	uint64_t seed;
	usec epoch;
	uint64_t count;
	ARRAY(struct trace_chunk *) chunks;
	uint32_t change_count;
	ARRAY(struct trace_changes_chunk *) changes;
	uint32_t text_size;
	ARRAY(struct trace_text_block) texts;
	ARRAY(struct trace_frame_entry) frames;
	ARRAY(struct trace_octet_block) octets; /* of frames */
	struct trace_host host[TRACE_HOSTS_MAX];
	uint8_t host_count;
	ARRAY(struct trace_conn) conns; /* by serial */
	ARRAY(char *) files;
	ARRAY(char *) tags;
	ARRAY(struct trace_quote) quotes;
	ARRAY(uint64_t) cuts; /* every trace_rewind that cut something: who folds must fold anew */
	struct streams *streams;
};

struct record *trace_record_at(const struct trace *t, uint64_t serial);
struct trace_mark *trace_mark_at(const struct trace *t, uint64_t serial);
/* kept.c */
void trace_rewind_frames(struct trace *t, uint32_t count);
void trace_free_frames(struct trace *t);
uint64_t trace_frames_memory(const struct trace *t);

#endif
