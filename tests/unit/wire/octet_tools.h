/* SPDX-License-Identifier: MIT */
/* octet_tools.h - octets for the wire's tests: made, and put before a wall. */
#ifndef TEST_WIRE_OCTET_TOOLS_H
#define TEST_WIRE_OCTET_TOOLS_H

#include <stddef.h>
#include <stdint.h>
#include <wire/packet.h>
#include "mend.h"

enum { OCTETS_MAX = 70000 };

/* From "0a0b.."; returns how many. */
size_t octets_from_hex(const char *hex, uint8_t *out);

/* Copied so that the octet after the last cannot be read: the process dies if it is. Valid until
 * the next call. */
const uint8_t *octets_walled(const uint8_t *bytes, size_t size);

/* packet_parse on a walled copy. */
enum refusal parse_walled(const uint8_t *bytes, size_t size, enum packet_form form,
			  struct packet *out);

/* An IPv4 datagram: a TCP segment with these octets for options (a multiple of 4) and this text. */
size_t octets_tcp(const uint8_t *options, size_t n, const char *text, uint8_t *out);

/* An IPv6 datagram: `chain` are extension headers; the first is of kind `next`. */
size_t octets_ipv6(uint8_t next, const uint8_t *chain, size_t n, uint8_t *out);

#endif
