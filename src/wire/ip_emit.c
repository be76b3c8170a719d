/* SPDX-License-Identifier: MIT */
/* ip_emit.c - from struct ip to octets, and the pseudo header. */
#include <wire/layer.h>

#include <string.h>
#include <wire/octets.h>

static size_t address_size(const struct ip *ip)
{
	return ip->from.family == FAMILY_IPV4 ? 4 : 16;
}

size_t ip_header_size(const struct ip *ip)
{
	return ip->from.family == FAMILY_IPV4 ? IPV4_HEADER : IPV6_HEADER;
}

static void emit_ipv4(const struct ip *ip, uint8_t protocol, size_t payload, uint8_t *at)
{
	at[0] = 4 << 4 | IPV4_HEADER / 4;
	at[1] = (uint8_t)(ip->dscp << 2 | ip->ecn);
	put16(at + 2, (uint16_t)(IPV4_HEADER + payload));
	put16(at + 4, ip->id);
	put16(at + 6, ip->dont_fragment ? 0x4000 : 0);
	at[8] = ip->ttl;
	at[9] = protocol;
	put16(at + 10, 0);
	memcpy(at + 12, ip->from.octets, 4);
	memcpy(at + 16, ip->to.octets, 4);
	put16(at + 10, checksum_end(checksum_add(0, at, IPV4_HEADER)));
}

static void emit_ipv6(const struct ip *ip, uint8_t protocol, size_t payload, uint8_t *at)
{
	put32(at, 6u << 28 | (uint32_t)ip->dscp << 22 | (uint32_t)ip->ecn << 20 | ip->flow);
	put16(at + 4, (uint16_t)payload);
	at[6] = protocol;
	at[7] = ip->ttl;
	memcpy(at + 8, ip->from.octets, 16);
	memcpy(at + 24, ip->to.octets, 16);
}

void ip_emit(const struct ip *ip, uint8_t protocol, size_t payload, uint8_t *at)
{
	ASSERT(ip->from.family == ip->to.family);
	ASSERT(ip->dscp <= 0x3f);
	ASSERT(ip->ecn <= 3);
	ASSERT(ip->flow <= 0xfffff);
	if (ip->from.family == FAMILY_IPV4)
		emit_ipv4(ip, protocol, payload, at);
	else
		emit_ipv6(ip, protocol, payload, at);
}

uint32_t ip_pseudo_sum(const struct ip *ip, uint8_t protocol, size_t payload)
{
	uint8_t tail[8] = {[7] = protocol};
	uint32_t sum;

	/* IPv4 has 16 bits for the length and IPv6 32; the sum is the same. */
	put32(tail, (uint32_t)payload);
	sum = checksum_add(0, ip->from.octets, address_size(ip));
	sum = checksum_add(sum, ip->to.octets, address_size(ip));
	return checksum_add(sum, tail, sizeof tail);
}
