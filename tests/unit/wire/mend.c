/* SPDX-License-Identifier: MIT */
#include "mend.h"

#include <wire/packet.h>

/* RFC 1071 by the letter: 16-bit words added, carries added back, complemented. */
static uint16_t plain_sum(const uint8_t *p, size_t n, uint32_t start)
{
	uint32_t sum = start;

	for (size_t i = 0; i < n; i++) {
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

static void store(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static size_t load(const uint8_t *p)
{
	return (size_t)(p[0] << 8 | p[1]);
}

static void mend_payload(uint8_t *p, size_t n, uint8_t protocol, uint32_t addresses)
{
	size_t place = protocol == IP_PROTOCOL_TCP ? 16 : 2;
	uint32_t start = protocol == IP_PROTOCOL_ICMP ? 0 : addresses + protocol + (uint32_t)n;

	if (n < place + 2)
		return;
	store(p + place, 0);
	store(p + place, plain_sum(p, n, (start & 0xffff) + (start >> 16)));
}

void octets_mend(uint8_t *bytes, size_t size)
{
	if (size < 20)
		return;
	if (bytes[0] >> 4 == 4) {
		size_t header = (bytes[0] & 0xfu) * 4;
		size_t total = load(bytes + 2);

		if (header < 20 || header > size)
			return;
		store(bytes + 10, 0);
		store(bytes + 10, plain_sum(bytes, header, 0));
		if (total >= header && total <= size)
			mend_payload(bytes + header, total - header, bytes[9],
				     (uint16_t)~plain_sum(bytes + 12, 8, 0));
	} else if (size >= 40 && 40 + load(bytes + 4) <= size) {
		uint8_t next = bytes[6];
		size_t at = 40;

		while ((next == 0 || next == 43 || next == 60) && at + 8 <= size) {
			next = bytes[at];
			at += (bytes[at + 1] + 1u) * 8;
		}
		if (at <= 40 + load(bytes + 4))
			mend_payload(bytes + at, 40 + load(bytes + 4) - at, next,
				     (uint16_t)~plain_sum(bytes + 8, 32, 0));
	}
}
