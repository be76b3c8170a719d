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

/* It begins as such a file does, or as something that a capture is often wrapped in: a scene or a
 * trace never begins so. */
bool capture_is(const char *octets, size_t n);

struct capture_flow {
	uint32_t id; /* from 1, in order of the first segment: tshark's tcp.stream + 1 */
	struct flow flow;
	bool is_begun; /* its SYN is there */
	bool is_ended; /* both FINs were acknowledged, or a RST was seen */
	bool is_reset;
	usec first, last; /* since 1970 */
	uint64_t segments, octets[2];
	uint32_t repeated;    /* segments that came again */
	uint32_t late;        /* segments that came after later ones */
	enum vantage vantage; /* where it was captured, as far as can be told */
	usec far[2];          /* from there, one way, to who calls and to who is called */
};

struct capture {
	ARRAY(struct capture_flow) flows;
	uint64_t frames;
	uint64_t others;    /* not TCP */
	uint64_t fragments; /* of IP datagrams: they are not put together */
	uint64_t damaged;   /* TCP headers that are not whole or cannot be right */
	uint64_t unknown;   /* of a kind of link that we do not know */
	uint64_t copies;    /* seen a second time, on another interface */
	bool is_cut;        /* the file ends in the middle of a frame: what was whole is there */
	/* capture.c's own */
	const char *octets;
	size_t size;
};

/* False: it is no capture that can be read, or nothing in it is TCP; `d` says why. What is true but
 * less than hoped for stands there as a warning. `octets` must outlive it. */
bool capture_open(struct capture *c, const char *octets, size_t n, const char *file,
		  struct diags *d);
void capture_close(struct capture *c);

/* Flows for which this filter holds: "port 8888", "host 10.0.0.1", "#17", words joined by `and`,
 * `or`, `not`, and as Wireshark's users say them: tcp.port == 8888, ip.addr == 10.0.0.0/8,
 * tcp.stream == 16, "reset", "lossy", "ended", "unfinished", "segments > 100". False: what is wrong
 * stands in `d`, with the place in the filter. */
bool capture_filter(const struct capture *c, const char *filter, bool *chosen, struct diags *d);
/* The trace of the chosen flows, CAPTURE_PLAYED of them at most; the caller's. */
enum { CAPTURE_PLAYED = 60000 };
struct trace *capture_trace(const struct capture *c, const bool *chosen);

/* "127.0.0.1:40312", "[fd00::1]:80". */
void capture_put_end(struct sink *out, const struct endpoint *e);

#endif
