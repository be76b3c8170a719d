/* SPDX-License-Identifier: MIT */
/*
 * jsonl_reader.h - the reader's parts: values with complaints (jsonl_value.c), records
 * (jsonl_record.c), header and lines (jsonl_read.c).
 */
#ifndef TRACE_JSONL_READER_H
#define TRACE_JSONL_READER_H

#include <jansson.h>
#include <base/diag.h>
#include "trace/jsonl.h"
#include "trace/trace.h"

struct reader {
	struct trace *trace;
	const char *file;
	struct diags *diags;
	const char *line; /* the one being read */
	size_t size;
	int number;
	bool is_bad;      /* the line has a mistake: the rest of it is not worth a look */
	uint64_t records; /* the header's promise */
};

/* The first mistake of a line is told; what follows from it is not. */
void reader_complain_at(struct reader *r, size_t byte, size_t size, const char *what);
void reader_complain(struct reader *r, const char *key, const char *what);

/* _in: this value, found under `key`. _of: what `o` has under `key`; absent is 0 or NULL. */
int64_t reader_integer_in(struct reader *r, const json_t *value, const char *key, int64_t least,
			  int64_t most);
int64_t reader_integer_of(struct reader *r, const json_t *o, const char *key, int64_t least,
			  int64_t most);
const char *reader_string_in(struct reader *r, const json_t *value, const char *key);
const char *reader_string_of(struct reader *r, const json_t *o, const char *key);
bool reader_integers_of(struct reader *r, const json_t *o, const char *key, int64_t least,
			int64_t most, int64_t *out, size_t n);
bool reader_is_true(struct reader *r, const json_t *o, const char *key);
uint8_t reader_host_of(struct reader *r, const json_t *o, const char *key);
enum state reader_state_named(struct reader *r, const char *name, const char *key);

void reader_octets(struct reader *r, const json_t *o, const char *key);
void reader_place(struct reader *r, const json_t *o, const char *key, struct trace_place *out);
void reader_record(struct reader *r, json_t *o);

#endif
