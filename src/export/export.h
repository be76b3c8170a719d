/* SPDX-License-Identifier: MIT */
/*
 * export.h - what leaves the house: pure functions from a trace to octets. The same trace gives the
 * same octets, on every machine.
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <base/sink.h>
#include <woshou/lang.h>
#include <woshou/trace.h>

/* Whose eyes a capture is seen with. */
enum { EXPORT_WIRE = 0 };

static inline uint8_t export_side(uint8_t host)
{
	return (uint8_t)(host + 1);
}

/* Zeroed: English, the wire's view, absolute numbers. So does NULL for the whole. */
struct export_options {
	enum lang lang; /* of sentences and comments: tell, pcapng, mermaid, md */
	uint8_t view;   /* EXPORT_WIRE or export_side(host): pcapng */
	bool relative;  /* sequence numbers count from the ISN: ladder, mermaid, md */
	bool detailed;  /* the machinery, too: tell */
	bool corrupted; /* a side's view holds garbled segments too, with their bad checksum: pcapng
			 */
	const char *name;     /* of the file, or NULL: md */
	const char *title[2]; /* of the play, in en and zh, or NULL: md */
};

typedef void export_function(const struct trace *t, const struct export_options *o,
			     struct sink *out);

export_function export_ladder; /* docs/LADDER.md */
/* The same lines of a trace that still grows, without the first, as soon as each is certain. Times
 * have microseconds. `is_quiet`: what is due by now is told, nothing more comes at that instant. */
struct ladder_feed;
struct ladder_feed *ladder_feed_new(const struct trace *t, const struct export_options *o);
void ladder_feed_free(struct ladder_feed *f);
void ladder_feed_more(struct ladder_feed *f, bool is_quiet, struct sink *out);

export_function export_tell;
export_function export_jsonl;
export_function export_csv;
export_function export_pcapng;
export_function export_mermaid;
export_function export_md;

/* By the name that `--to` takes: "ladder", "tell", "jsonl", "csv", "pcapng",
 * "mermaid", "md". NULL: no such. */
export_function *export_named(const char *name);

/* What one record means, in plain words; in LANG_BOTH the two stand side by side. Nothing when
 * the record has no story of its own. Without a newline. */
void tell_record(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out);
/* What every listener should hear; the rest is machinery, or said by another sentence already. */
bool tell_is_news(const struct record *r);
/* What changed inside a connection: "Zhang San's cwnd, the congestion window, goes from ..." */
bool tell_change_is_news(const struct tcb_change *c);
void tell_change(const struct trace *t, const struct record *r, const struct tcb_change *c,
		 enum lang lang, struct sink *out);
/* The lines that `tell` gives a record, each with its time; none, when it is no news. */
void tell_lines(const struct trace *t, uint64_t serial, enum lang lang, bool is_detailed,
		struct sink *out);

#endif
