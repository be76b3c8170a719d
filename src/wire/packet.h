/* SPDX-License-Identifier: MIT */
/*
 * packet.h - bytes and meaning. Two types, and two functions between them:
 *
 *	packet_parse: octets of an Ethernet frame (or of an IP datagram) -> struct packet
 *	packet_emit:  struct packet -> octets, with every length and checksum made
 *
 * packet_parse(packet_emit(x)) = x for every well-formed x. Nothing is read past `size`; what is
 * not understood is refused with a reason, and nothing is guessed.
 */
#ifndef WIRE_PACKET_H
#define WIRE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/seg.h>
#include <woshou/address.h>
#include <base/assert.h>

enum {
	ETHERNET_HEADER = 14,
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_IPV6 = 0x86dd,
	IP_PROTOCOL_ICMP = 1,
	IP_PROTOCOL_TCP = 6,
	IP_PROTOCOL_ICMPV6 = 58,
	TCP_HEADER_MIN = 20,
	TCP_OPTIONS_MAX = 40,
};

struct ethernet {
	uint8_t to[6], from[6];
	uint16_t type;
};

struct ip {
	struct address from, to; /* both of the same family, which tells the version */
	uint8_t ttl;             /* hop limit */
	uint8_t protocol;        /* IP_PROTOCOL_... */
	uint8_t dscp, ecn;       /* RFC 2474, RFC 3168 section 5 */
	uint16_t id;             /* IPv4 identification */
	bool dont_fragment;      /* IPv4 DF */
	uint32_t flow;           /* IPv6 flow label */
};

/* A TCP header: the ports, the segment, and the options that `struct seg` does not know. */
struct tcp_header {
	uint16_t from_port, to_port;
	struct seg seg;      /* text.len is the octets of text, text.stream is 0 */
	const uint8_t *text; /* into the parsed octets; or what to emit; NULL: all zeros */
	uint8_t other[TCP_OPTIONS_MAX]; /* unknown options as they stood, kind and length too */
	uint8_t other_size;
};

/* ICMP errors (RFC 792, RFC 4443) with as much of the offending datagram as they carry. */
struct icmp_error {
	uint8_t type, code;
	uint32_t info;  /* next-hop MTU of "fragmentation needed", "packet too big"; else raw */
	bool has_inner; /* the quoted datagram is TCP and shows ports and sequence number */
	struct address inner_from, inner_to;
	uint16_t inner_from_port, inner_to_port;
	seq32 inner_seq;
};

enum packet_kind { PACKET_TCP, PACKET_ICMP_ERROR };

struct packet {
	enum packet_kind kind;
	bool has_ethernet;
	struct ethernet ethernet;
	struct ip ip;
	union {
		struct tcp_header tcp;
		struct icmp_error icmp;
	};
};

/* Why octets were refused. packet_reason() says it in a sentence. */
enum refusal {
	REFUSED_NOTHING = 0, /* not refused */
	REFUSED_ETHERNET_SHORT,
	REFUSED_ETHERTYPE,
	REFUSED_IP_SHORT,
	REFUSED_IP_VERSION,
	REFUSED_IP_HEADER_LENGTH,
	REFUSED_IP_TOTAL_LENGTH,
	REFUSED_IP_CHECKSUM,
	REFUSED_IP_FRAGMENT,
	REFUSED_IP_PROTOCOL,
	REFUSED_IPV6_EXTENSION,
	REFUSED_TCP_SHORT,
	REFUSED_TCP_DATA_OFFSET,
	REFUSED_TCP_CHECKSUM,
	REFUSED_TCP_OPTION_LENGTH,
	REFUSED_ICMP_SHORT,
	REFUSED_ICMP_CHECKSUM,
	REFUSED_ICMP_KIND,
	REFUSAL_COUNT,
};

enum packet_form { PACKET_ETHERNET, PACKET_IP };

/* `out` is filled only when REFUSED_NOTHING is returned. */
MUST_USE enum refusal packet_parse(const uint8_t *bytes, size_t size, enum packet_form form,
				   struct packet *out);

/* What a capture can do to a segment. */
enum captured_sum {
	SUM_RIGHT,
	SUM_PARTIAL, /* the rest was left to the hardware, or to nobody on the loopback */
	SUM_WRONG,
	SUM_UNKNOWN, /* octets are missing */
};

struct captured {
	enum captured_sum sum; /* of TCP */
	uint32_t tcp;          /* where its header begins */
	uint32_t header;       /* octets before the text */
	uint32_t text;         /* octets of text that are there; seg.text.len counts all */
};

/* A TCP segment's IP datagram as it was captured: its end may be cut off, its checksums may be
 * those that a sending machine has before the hardware makes them, its length 0 when it is larger
 * than a length can say. `wire` is its size before the cut. Only TCP; else refused. */
MUST_USE enum refusal packet_parse_captured(const uint8_t *bytes, size_t size, size_t wire,
					    struct packet *out, struct captured *how);

/* Octets that packet_emit will write. */
size_t packet_size(const struct packet *p);

/* Writes the frame (has_ethernet) or the datagram. False, nothing written: `room` is too small, or
 * the options do not fit 40 octets, or the text does not fit a datagram. */
MUST_USE bool packet_emit(const struct packet *p, uint8_t *bytes, size_t room, size_t *size);

/* The TCP header's own part: options. Octets of the options area, a multiple of 4. */
size_t tcp_options_size(const struct seg *s);
const char *packet_reason(enum refusal why);

/* Equal as the wire sees them: texts by their octets, notes of the sender not at all. */
bool packet_eq(const struct packet *a, const struct packet *b);

/* RFC 1071: one's complement sum over n octets, continuing from `sum`. Only the last part of what
 * is summed may have an odd number of octets. */
uint32_t checksum_add(uint32_t sum, const void *bytes, size_t n);
uint16_t checksum_end(uint32_t sum);

#endif
