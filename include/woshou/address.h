/* SPDX-License-Identifier: MIT */
/* address.h - an IPv4 or IPv6 address. */
#ifndef WOSHOU_ADDRESS_H
#define WOSHOU_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum family { FAMILY_NONE = 0, FAMILY_IPV4 = 4, FAMILY_IPV6 = 6 };

struct address {
	uint8_t octets[16]; /* network order; IPv4 uses the first four, the rest are 0 */
	uint8_t family;     /* enum family */
};

enum { ADDRESS_TEXT = 46 }; /* room for the text and its NUL */

bool address_eq(const struct address *a, const struct address *b);
bool address_parse(const char *text, struct address *out); /* "10.0.0.1", "fd00::1"; RFC 4291 2.2 */
void address_text(const struct address *a, char out[ADDRESS_TEXT]); /* RFC 5952 */
bool address_is_multicast(const struct address *a); /* or the IPv4 limited broadcast */

#endif
