/* SPDX-License-Identifier: MIT */
/*
 * frames.h - the frames in a capture file, one after another: pcap (both byte orders, micro- and
 * nanoseconds) and pcapng (any sections, interfaces and resolutions). Written anew rather than
 * taken from libpcap, which refuses a pcapng file whose interfaces differ in kind. Nothing is
 * copied, and nothing in the file is believed before it was measured.
 */
#ifndef LIVE_FRAMES_H
#define LIVE_FRAMES_H

#include <base/array.h>
#include "live/sight.h"

/* An interface of a pcapng section; a pcap file has one. */
struct frames_interface {
	int link;
	uint32_t snap;      /* octets kept of a frame at most; 0: no limit */
	uint8_t resolution; /* if_tsresol: 10^-n s; with the top bit 2^-n s */
	int64_t offset;     /* if_tsoffset: seconds */
};

struct frames {
	const uint8_t *octets;
	size_t size, next;  /* the next block or record begins there */
	bool is_ng, is_big; /* is_big: numbers have their highest octet first */
	size_t record;      /* pcap: octets of a record's header */
	bool is_nano;       /* pcap */
	ARRAY(struct frames_interface) interfaces; /* of this section */
	usec last;                                 /* a frame without a time gets this one */
	uint32_t interface;                        /* of the frame given last: its index */
	/* How it ended. */
	bool is_cut;        /* in the middle of a block or record */
	const char *damage; /* what cannot be right, at octet `next`; NULL: nothing */
};

/* It begins as pcap or pcapng does. */
bool frames_are(const uint8_t *octets, size_t n);
/* What else it begins as, and how to make a capture of it: "compressed (gzip)", "gunzip". False:
 * nothing that we know. */
bool frames_other(const uint8_t *octets, size_t n, const char **what, const char **tool);

/* False: the file's own header is not whole (is_cut) or not right (damage). */
bool frames_open(struct frames *f, const uint8_t *octets, size_t n);
/* The next frame; false: there are no more. Its octets lie in the file. */
bool frames_next(struct frames *f, struct frame_sight *out);
void frames_fini(struct frames *f);

#endif
