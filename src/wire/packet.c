/* SPDX-License-Identifier: MIT */
#include <wire/packet.h>

#include <string.h>
#include <wire/layer.h>
#include <wire/octets.h>

enum { IPV4_TOTAL_MAX = 65535, IPV6_PAYLOAD_MAX = 65535 };

static enum refusal parse_ethernet(struct octets *frame, struct ethernet *out)
{
	if (frame->size < ETHERNET_HEADER)
		return REFUSED_ETHERNET_SHORT;
	memcpy(out->to, frame->at, 6);
	memcpy(out->from, frame->at + 6, 6);
	out->type = get16(frame->at + 12);
	if (out->type != ETHERTYPE_IPV4 && out->type != ETHERTYPE_IPV6)
		return REFUSED_ETHERTYPE;
	frame->at += ETHERNET_HEADER;
	frame->size -= ETHERNET_HEADER;
	return REFUSED_NOTHING;
}

static uint8_t icmp_protocol(const struct ip *ip)
{
	return ip->from.family == FAMILY_IPV4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6;
}

static uint16_t ethertype(const struct ip *ip)
{
	return ip->from.family == FAMILY_IPV4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
}

enum refusal packet_parse(const uint8_t *bytes, size_t size, enum packet_form form,
			  struct packet *out)
{
	struct octets rest = {bytes, size};
	struct octets payload = {0};
	struct packet p = {.has_ethernet = form == PACKET_ETHERNET};
	enum refusal why = REFUSED_NOTHING;

	if (p.has_ethernet)
		why = parse_ethernet(&rest, &p.ethernet);
	if (why == REFUSED_NOTHING)
		why = ip_parse(rest, &p.ip, &payload);
	if (why != REFUSED_NOTHING)
		return why;
	if (p.has_ethernet && p.ethernet.type != ethertype(&p.ip))
		return REFUSED_IP_VERSION;
	if (p.ip.protocol == IP_PROTOCOL_TCP) {
		p.kind = PACKET_TCP;
		why = tcp_header_parse(payload, &p.ip, &p.tcp);
	} else if (p.ip.protocol == icmp_protocol(&p.ip)) {
		p.kind = PACKET_ICMP_ERROR;
		why = icmp_error_parse(payload, &p.ip, &p.icmp);
	} else {
		why = REFUSED_IP_PROTOCOL;
	}
	if (why == REFUSED_NOTHING)
		*out = p;
	return why;
}

/* Octets that IP will carry; 0: the options do not fit. */
static size_t payload_size(const struct packet *p)
{
	switch (p->kind) {
	case PACKET_TCP: return tcp_header_size(&p->tcp);
	case PACKET_ICMP_ERROR: return icmp_error_size(&p->icmp, &p->ip);
	}
	UNREACHABLE();
}

size_t packet_size(const struct packet *p)
{
	return (p->has_ethernet ? ETHERNET_HEADER : 0) + ip_header_size(&p->ip) + payload_size(p);
}

bool packet_emit(const struct packet *p, uint8_t *bytes, size_t room, size_t *size)
{
	bool is_ipv4 = p->ip.from.family == FAMILY_IPV4;
	size_t most = is_ipv4 ? IPV4_TOTAL_MAX - IPV4_HEADER : IPV6_PAYLOAD_MAX;
	size_t payload = payload_size(p);
	size_t header = ip_header_size(&p->ip);

	ASSERT(is_ipv4 || p->ip.from.family == FAMILY_IPV6);
	if (payload == 0 || payload > most || packet_size(p) > room)
		return false;
	*size = packet_size(p);
	if (p->has_ethernet) {
		memcpy(bytes, p->ethernet.to, 6);
		memcpy(bytes + 6, p->ethernet.from, 6);
		put16(bytes + 12, ethertype(&p->ip));
		bytes += ETHERNET_HEADER;
	}
	switch (p->kind) {
	case PACKET_TCP:
		ip_emit(&p->ip, IP_PROTOCOL_TCP, payload, bytes);
		tcp_header_emit(&p->tcp, &p->ip, bytes + header);
		break;
	case PACKET_ICMP_ERROR:
		ip_emit(&p->ip, icmp_protocol(&p->ip), payload, bytes);
		icmp_error_emit(&p->icmp, &p->ip, bytes + header);
		break;
	}
	return true;
}

const char *packet_reason(enum refusal why)
{
	switch (why) {
	case REFUSED_NOTHING: return "nothing is wrong with it";
	case REFUSED_ETHERNET_SHORT: return "shorter than an Ethernet header";
	case REFUSED_ETHERTYPE: return "neither IPv4 nor IPv6 in the Ethernet frame";
	case REFUSED_IP_SHORT: return "shorter than an IP header";
	case REFUSED_IP_VERSION: return "the IP version is not the one expected";
	case REFUSED_IP_HEADER_LENGTH: return "the IPv4 header length cannot be right";
	case REFUSED_IP_TOTAL_LENGTH:
		return "the IP length does not agree with the octets there are";
	case REFUSED_IP_CHECKSUM: return "the IPv4 header checksum is wrong";
	case REFUSED_IP_FRAGMENT: return "a fragment of an IP datagram";
	case REFUSED_IP_PROTOCOL: return "neither TCP nor ICMP in the IP datagram";
	case REFUSED_IPV6_EXTENSION: return "an IPv6 extension header that must not be skipped";
	case REFUSED_TCP_SHORT: return "shorter than a TCP header";
	case REFUSED_TCP_DATA_OFFSET: return "the TCP data offset cannot be right";
	case REFUSED_TCP_CHECKSUM: return "the TCP checksum is wrong";
	case REFUSED_TCP_OPTION_LENGTH: return "the length of a TCP option leads nowhere";
	case REFUSED_ICMP_SHORT: return "shorter than an ICMP header";
	case REFUSED_ICMP_CHECKSUM: return "the ICMP checksum is wrong";
	case REFUSED_ICMP_KIND: return "an ICMP message that is not an error about a datagram";
	case REFUSAL_COUNT: break;
	}
	UNREACHABLE();
}
