/* SPDX-License-Identifier: MIT */
/* random_packet.h - any well-formed packet, from a seed. */
#ifndef TEST_WIRE_RANDOM_PACKET_H
#define TEST_WIRE_RANDOM_PACKET_H

#include <base/prng.h>
#include <wire/packet.h>

/* Its text, when there is any, lies in static memory and lasts until the next call. */
void random_packet(struct prng *p, struct packet *out);

#endif
