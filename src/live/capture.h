/* SPDX-License-Identifier: MIT */
/*
 * capture.h - captures from elsewhere: pcap and pcapng files of anyone's making. First the list of
 * the TCP connections in it, then a trace of those that were chosen.
 */
#ifndef LIVE_CAPTURE_H
#define LIVE_CAPTURE_H

#include <base/array.h>
#include <base/diag.h>
#include "live/recorder.h"

bool capture_is(const char *octets, size_t n); /* it begins as such a file does */

struct capture_flow {
	uint32_t id; /* from 1, in order of the first segment: tshark's tcp.stream + 1 */
	struct flow flow;
	bool is_begun;     /* its SYN is there */
	bool is_ended;     /* both FINs were acknowledged, or a RST was seen */
	bool is_reset;
	usec first, last;  /* since 1970 */
	uint64_t segments, octets[2];
	uint32_t repeated; /* segments that came again */
};

struct capture {
	ARRAY(struct capture_flow) flows;
	uint64_t frames, others /* not TCP */, damaged;
	bool is_cut; /* the file ends in the middle of a frame: what was whole is there */
	/* capture.c's own */
	const char *octets;
	size_t size;
};

/* False: it is no capture that can be read; `d` says why. `octets` must outlive it. */
bool capture_open(struct capture *c, const char *octets, size_t n, const char *file,
		  struct diags *d);
void capture_close(struct capture *c);

/* Flows for which this filter holds: "port 8888", "host 10.0.0.1", "#17", "state", words joined by
 * `and`, `or`, `not`, as Wireshark's users say them: tcp.port == 8888, ip.addr == 10.0.0.1,
 * tcp.stream == 16, "reset", "lossy", "unfinished". NULL: fine; else what is wrong. */
bool capture_filter(const struct capture *c, const char *filter, bool *chosen,
		    struct sink *complaint);
/* The trace of the chosen flows; the caller's. */
struct trace *capture_trace(const struct capture *c, const bool *chosen);

#endif
