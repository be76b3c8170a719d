/* SPDX-License-Identifier: MIT */
/*
 * options.h - TCP options (RFC 9293 section 3.2; RFC 2018, RFC 7323): the octets, and the order in
 * which they stand, which is the order in which they are printed.
 *
 * Of an option that stands twice the first counts, the others are kept as unknown ones. A known
 * kind with a length it cannot have is kept as unknown too. Only framing that leads nowhere
 * (length 0 or 1, or past the end) is refused (MUST-7).
 */
#ifndef WIRE_OPTIONS_H
#define WIRE_OPTIONS_H

#include <wire/layer.h>

enum option_kind {
	KIND_EOL = 0,
	KIND_NOP = 1,
	KIND_MSS = 2,
	KIND_WSCALE = 3,
	KIND_SACK_PERMITTED = 4,
	KIND_SACK = 5,
	KIND_TIMESTAMPS = 8,
	KIND_USER_TIMEOUT = 28, /* RFC 5482 */
};

enum { OPTIONS_LAYOUT_MAX = 16 };

/* The options of a segment in their order, with the NOPs that put the 32-bit fields where most
 * stacks put them; without these when `room` would not hold them. */
struct options_layout {
	uint8_t kind[OPTIONS_LAYOUT_MAX];
	size_t count;
	size_t size; /* octets; not yet a multiple of 4 */
};

void options_lay_out(const struct seg *s, size_t room, struct options_layout *out);
void options_emit(const struct tcp_header *t, uint8_t *at, size_t size);
MUST_USE enum refusal options_parse(struct octets options, struct tcp_header *out);

#endif
