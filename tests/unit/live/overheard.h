/* SPDX-License-Identifier: MIT */
/* overheard.h - conversations made by hand, as a capture hears them, and what became of them. */
#ifndef TEST_LIVE_OVERHEARD_H
#define TEST_LIVE_OVERHEARD_H

#include <live/recorder.h>

enum { ZHANG, LI, OVERHEARD_END };

struct overheard {
	usec at;           /* microseconds after the beginning */
	int who;           /* who sends it: ZHANG or LI; OVERHEARD_END ends the table */
	const char *flags; /* as tcpdump writes them: "S", "S.", "P.", "F.", "R" */
	uint32_t seq, ack;
	const char *text;
	int win; /* 0: 1000; -1: really 0 */
	struct sack_block sack;
};

/* A whole frame on Ethernet, between 10.0.0.1:40000 and 10.0.0.2:8888. Its size. */
size_t overheard_frame(const struct overheard *o, uint8_t *frame, size_t room);
void overheard_flow(struct flow *out);
enum { OVERHEARD_EPOCH = 1000000000 };

/* Records them all; the recorder is the caller's. */
struct recorder *overheard_record(const struct overheard *all, const struct recorder_options *o);

/* The steps of the trace, one a word: "zhang:SYN_SENT li:SYN_RCVD ". In brackets what was not
 * inferred. Freed by the caller. */
char *steps_of(const struct trace *t);
/* All its records, one a line: "0 call connect zhang~". */
char *lines_of(const struct trace *t);

#endif
