/* SPDX-License-Identifier: MIT */
/*
 * layer.h - what the files of this folder tell each other: one parse and one emit a layer. Every
 * parse gets exactly the octets of its layer and answers with a refusal; every emit gets room that
 * packet.c has measured.
 */
#ifndef WIRE_LAYER_H
#define WIRE_LAYER_H

#include <wire/packet.h>

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, ICMP_HEADER = 8 };

/* IP option and extension header kinds we must know to skip or refuse them (RFC 8200 section 4). */
enum ipv6_next {
	NEXT_HOP_BY_HOP = 0,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_DESTINATION = 60,
};

struct octets {
	const uint8_t *at;
	size_t size;
};

/* `payload` is what the datagram carries, without extension headers and without padding. */
MUST_USE enum refusal ip_parse(struct octets datagram, struct ip *out, struct octets *payload);
/* The same of a datagram that was captured: `wire` octets before its end was cut off. Its checksum
 * is not judged. What is missing of the payload is counted. */
MUST_USE enum refusal ip_parse_captured(struct octets datagram, size_t wire, struct ip *out,
					struct octets *payload, size_t *missing);
size_t ip_header_size(const struct ip *ip);
/* `payload` octets of `protocol` will follow. */
void ip_emit(const struct ip *ip, uint8_t protocol, size_t payload, uint8_t *at);
/* The pseudo header of RFC 9293 3.1 and RFC 8200 8.1, summed. */
uint32_t ip_pseudo_sum(const struct ip *ip, uint8_t protocol, size_t payload);
/* The datagram quoted in an ICMP error: cut short, its lengths not to be believed. False: it is
 * not whole enough to show where TCP begins, or it is not TCP. */
MUST_USE bool ip_parse_quoted(struct octets quoted, enum family family, struct ip *out,
			      struct octets *payload);

MUST_USE enum refusal tcp_header_parse(struct octets segment, const struct ip *ip,
				       struct tcp_header *out);
/* Without a look at the checksum. */
MUST_USE enum refusal tcp_header_read(struct octets segment, struct tcp_header *out);
/* Header, options and text; 0: the options do not fit. */
size_t tcp_header_size(const struct tcp_header *t);
void tcp_header_emit(const struct tcp_header *t, const struct ip *ip, uint8_t *at);

MUST_USE enum refusal icmp_error_parse(struct octets message, const struct ip *ip,
				       struct icmp_error *out);
size_t icmp_error_size(const struct icmp_error *e, const struct ip *ip);
void icmp_error_emit(const struct icmp_error *e, const struct ip *ip, uint8_t *at);

#endif
