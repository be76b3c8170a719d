/* SPDX-License-Identifier: MIT */
/* captures.h - frames taken from the wire between two Linux 6 kernels, checksums made by them. */
#ifndef TEST_WIRE_CAPTURES_H
#define TEST_WIRE_CAPTURES_H

#include <wire/packet.h>

struct capture {
	const char *name;
	const char *hex;
	enum refusal refused;
	const char *text; /* what seg_print says of it; or NULL */
};

extern const struct capture captures[];
extern const int captures_count;

#endif
