/* SPDX-License-Identifier: MIT */
/*
 * frame.h - the octets of a segment on the wire, from Ethernet to text: the one place where they
 * are made, or taken from those that a recording kept. A capture and the header inspector show the
 * same ones.
 */
#ifndef TRACE_FRAME_H
#define TRACE_FRAME_H

#include <woshou/trace.h>
#include "wire/packet.h"

enum { FRAME_MAX = 65535 + ETHERNET_HEADER };

struct frame {
	size_t size;     /* 0: no frame can carry the segment */
	bool is_garbled; /* one bit is wrong, and so the checksum */
	size_t ip, tcp;  /* where these headers begin */
	size_t text;     /* and where the text does; `size` when there is none */
	uint8_t octets[FRAME_MAX];
};

/* The frame of a segment's record: a REC_SEND, or what came of it. The wind garbles on the way: a
 * segment thrown away for its checksum is garbled, the one that was sent is not. `id` is its
 * datagram's number. */
void trace_frame(const struct trace *t, const struct record *r, uint16_t id, struct frame *out);

/* Each host counts its datagrams, modulo 2^16, from 1. Zeroed in the beginning; it sees every
 * record in order and answers the number of the datagram that comes into the world with it; 0 when
 * none does. */
struct datagrams {
	uint16_t last[256];
};

uint16_t datagrams_see(struct datagrams *all, const struct trace *t, const struct record *r);

#endif
