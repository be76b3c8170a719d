/* SPDX-License-Identifier: MIT */
/* mend.h - checksums made right after a change, so that a lie is met where it is told. */
#ifndef TEST_WIRE_MEND_H
#define TEST_WIRE_MEND_H

#include <stddef.h>
#include <stdint.h>

/* Makes the checksums agree with what the lengths now say, as far as they can be followed; written
 * apart from src/wire. `bytes` is an IP datagram. */
void octets_mend(uint8_t *bytes, size_t size);

#endif
