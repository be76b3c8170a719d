/* SPDX-License-Identifier: MIT */
#include <wire/packet.h>

#include <wire/octets.h>

uint32_t checksum_add(uint32_t sum, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint64_t wide = sum;

	for (; n >= 2; p += 2, n -= 2)
		wide += get16(p);
	if (n)
		wide += (uint32_t)p[0] << 8;
	/* Folded, so that the next call has as much room as this one had. */
	while (wide >> 16)
		wide = (wide & 0xffff) + (wide >> 16);
	return (uint32_t)wide;
}

uint16_t checksum_end(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}
