/* SPDX-License-Identifier: MIT */
/*
 * brief.h - a record in few words, in both languages, for lists and tables: "Zhang San sends SYN
 * 1000 again". Whole sentences are export's `tell`. What came from outside is made harmless.
 */
#ifndef TRACE_BRIEF_H
#define TRACE_BRIEF_H

#include <base/sink.h>
#include <woshou/lang.h>
#include <woshou/trace.h>

/* "SYN", "SYN+ACK", "FIN", "RST", "data", "ACK", "-": the part of a segment that names it. */
const char *brief_class(const struct seg *s);
/* "SYN 1000", "FIN 1021 ack 5001", "1001:1008 ack 5001", "ACK 5001". */
void brief_seg(struct sink *out, const struct seg *s);
/* What stands in every view and language before that which a recording did not see but inferred:
 * "~"; else nothing. */
const char *inferred_sign(const struct record *r);
/* Without a full stop; in LANG_BOTH the two stand side by side. */
void brief_record(struct sink *out, const struct trace *t, const struct record *r, enum lang lang);

#endif
