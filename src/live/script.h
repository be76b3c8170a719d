/* SPDX-License-Identifier: MIT */
/*
 * script.h - a scene made from a recording: the people, the calls at their times, the wind as it
 * was measured, what was lost. What was inferred says `# inferred`. It is laid out as by `woshou
 * fmt`, passes `woshou lint` and runs: our engine then performs the same calls.
 *
 * People have the MSS that their segments had (a kernel that stamps them has 12 octets less), and
 * the window of their SYN. Where the recording shows that somebody left octets unread, reading is
 * by hand; else everything is read as it comes. Octets that are many or no text become a size.
 */
#ifndef LIVE_SCRIPT_H
#define LIVE_SCRIPT_H

#include <base/sink.h>
#include <woshou/trace.h>

/* Zeroed: profile linux, 10000 calls. */
struct script_options {
	const char *profile; /* of everyone */
	uint32_t calls;      /* at most so many; a line says where it stops */
};

/* False: the recording has no conversation that could be performed; nothing was written. */
bool script_write(const struct trace *t, const struct script_options *o, struct sink *out);
/* The same in a hurry: not laid out, and nothing is said of what goes on at its end, where `woshou
 * run` complains of it. */
bool script_draft(const struct trace *t, const struct script_options *o, struct sink *out);

#endif
