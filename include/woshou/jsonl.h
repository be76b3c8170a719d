/* SPDX-License-Identifier: MIT */
/*
 * jsonl.h - a trace as JSON Lines (docs/TRACE.md), and back. The first line is a header object,
 * then one record a line, keys in a fixed order, times in integer microseconds, sequence numbers
 * absolute and relative. Writing what was read gives the same octets.
 */
#ifndef WOSHOU_JSONL_H
#define WOSHOU_JSONL_H

#include <stdbool.h>
#include <stddef.h>
#include <woshou/trace.h>

struct sink;
struct diags;

void trace_write_jsonl(const struct trace *t, struct sink *out);

/* From octets of anyone's making. False: what is wrong stands in `d` with its place, *out is NULL.
 * `file` is the name to complain with; it must outlive `d`. */
bool trace_read_jsonl(struct trace **out, const char *bytes, size_t n, const char *file,
		      struct diags *d);

/* True when the octets begin as such a file does: to tell it from a scene. */
bool trace_is_jsonl(const char *bytes, size_t n);

#endif
