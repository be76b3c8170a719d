/* SPDX-License-Identifier: MIT */
/*
 * scripted.h - hosts without a TCP (host_options.is_scripted): somebody else puts segments in their
 * mouth, keeps what they hear, and answers or does not. For tests that play the peer of a TCP.
 *
 *	host_says(w, peer, 5000, tcp, 80, &syn, place);
 *	while (host_heard(w, peer, &heard))
 *		look(&heard.seg);
 */
#ifndef WOSHOU_SCRIPTED_H
#define WOSHOU_SCRIPTED_H

#include <woshou/world.h>

/* The segment leaves and arrives now: no wind blows upon it. Its text is all zeros; where it lies
 * in the stream follows from SEG.SEQ. */
void host_says(struct world *w, uint8_t from, uint16_t from_port, uint8_t to, uint16_t to_port,
	       const struct seg *s, struct trace_place place);

/* What has arrived at a scripted host. */
struct heard {
	usec at;
	uint64_t record; /* of its arrival; with a trace */
	uint8_t from;
	uint16_t from_port, to_port;
	uint8_t ttl, tos; /* the datagram's; ECN in the two low bits */
	struct seg seg;
};

bool host_heard(struct world *w, uint8_t host, struct heard *out); /* the oldest; false: no more */

/* Sockets (is_held) or connections of a host in a state, on a port (0: any). A socket that was
 * never connected, or whose connection is gone, is CLOSED. */
uint32_t host_count(const struct world *w, uint8_t host, enum state state, uint16_t port,
		    bool is_held);
/* Connections in this state are gone, without a word to anybody. */
void host_forget(struct world *w, uint8_t host, enum state state);

#endif
