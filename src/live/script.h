/* SPDX-License-Identifier: MIT */
/*
 * script.h - a scene made from a recording: the people, the calls at their times, the wind as it
 * was measured, what was lost. What was inferred says `# inferred`. It passes `woshou fmt` and
 * `woshou run`: our engine then performs the same calls.
 */
#ifndef LIVE_SCRIPT_H
#define LIVE_SCRIPT_H

#include <base/sink.h>
#include <woshou/trace.h>

struct script_options {
	const char *profile; /* of both; NULL: linux */
	bool is_exact;       /* windows and MSS as the kernel told them */
};

void script_write(const struct trace *t, const struct script_options *o, struct sink *out);

#endif
