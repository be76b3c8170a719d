/* SPDX-License-Identifier: MIT */
/* jsonl.h - what the writer and the reader of JSON Lines agree on. */
#ifndef TRACE_JSONL_H
#define TRACE_JSONL_H

#include <base/sink.h>
#include <woshou/jsonl.h>
#include <woshou/names.h>

enum { JSONL_VERSION = 1 };

enum {
	JSONL_FRAME_MAX = 1 << 18, /* what libpcap captures at most */
	JSONL_FRAME_IP = 14,       /* where the datagram lies in most of them */
};

#define JSONL_TIME_MAX     (INT64_C(1) << 60)  /* so that sums of two never overflow */
#define JSONL_SAFE_INTEGER (UINT64_C(1) << 53) /* what every reader of JSON takes exactly */

static const struct {
	uint16_t bit;
	char letter;
} jsonl_flags[] = {
	{FIN, 'F'}, {SYN, 'S'}, {RST, 'R'}, {PSH, 'P'}, {ACK, '.'},
	{URG, 'U'}, {ECE, 'E'}, {CWR, 'W'}, {AE, 'e'},
};

enum { jsonl_flag_count = sizeof jsonl_flags / sizeof jsonl_flags[0] };

/* A JSON string. Octets that are not UTF-8 become U+FFFD. */
void jsonl_put_string(struct sink *out, const char *s, size_t n);

#endif
