/* SPDX-License-Identifier: MIT */
#include "trace/frame.h"

#include <stdlib.h>
#include <string.h>
#include <base/array.h>
#include "trace/talk.h"
#include "wire/layer.h"

enum { LINK_ETHERNET = 1, IP_MAX = FRAME_MAX - ETHERNET_HEADER };

/* Locally administered: the last octet is the host's number, from 1. */
static void set_ethernet(uint8_t address[6], uint8_t host)
{
	memset(address, 0, 6);
	address[0] = 2;
	address[5] = (uint8_t)(host + 1);
}

/* Who is nobody in the trace gets an address of RFC 5737 and RFC 3849, kept for examples. */
static struct address address_of(const struct trace *t, uint8_t host, uint8_t family)
{
	struct address a = {.family = family};

	if (host < trace_host_count(t))
		return trace_host_at(t, host)->address;
	address_parse(family == FAMILY_IPV6 ? "2001:db8::fe" : "192.0.2.254", &a);
	return a;
}

static uint8_t family_of(const struct trace *t, const struct leg *leg)
{
	if (leg->from < trace_host_count(t))
		return trace_host_at(t, leg->from)->address.family;
	if (leg->to < trace_host_count(t))
		return trace_host_at(t, leg->to)->address.family;
	return FAMILY_IPV4;
}

/* `r` is the record of the datagram's sending. */
static void address_packet(const struct trace *t, const struct leg *leg, const struct record *r,
			   struct packet *p)
{
	uint8_t family = family_of(t, leg);

	p->kind = PACKET_TCP;
	p->has_ethernet = true;
	set_ethernet(p->ethernet.from, leg->from);
	set_ethernet(p->ethernet.to, leg->to);
	p->ip.from = address_of(t, leg->from, family);
	p->ip.to = address_of(t, leg->to, family);
	p->ethernet.type = p->ip.from.family == FAMILY_IPV6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
	p->ip.ttl = r->ttl ? r->ttl : TTL_USUAL;
	p->ip.dscp = r->dscp;
	p->ip.protocol = IP_PROTOCOL_TCP;
	p->ip.dont_fragment = p->ip.from.family == FAMILY_IPV4;
	p->tcp.from_port = leg->from_port;
	p->tcp.to_port = leg->to_port;
}

static void put_ethernet(const struct packet *p, uint8_t *at)
{
	memcpy(at, p->ethernet.to, sizeof p->ethernet.to);
	memcpy(at + 6, p->ethernet.from, sizeof p->ethernet.from);
	at[12] = (uint8_t)(p->ethernet.type >> 8);
	at[13] = (uint8_t)p->ethernet.type;
}

static size_t emit(const struct trace *t, struct packet *p, struct frame *out)
{
	struct text text = p->tcp.seg.text;
	uint8_t *octets;
	size_t size;
	bool is_good;

	if (p->ip.from.family != p->ip.to.family || p->ip.from.family == FAMILY_NONE ||
	    text.len > FRAME_MAX)
		return 0;
	octets = xcalloc(text.len + 1u, 1);
	stream_read(trace_streams_of(t), &text, 0, octets, text.len);
	p->tcp.seg.text = (struct text){.len = text.len};
	p->tcp.text = octets;
	is_good = packet_emit(p, out->octets, sizeof out->octets, &size);
	free(octets);
	return is_good ? size : 0;
}

/* The octets as they were captured; what lay before the datagram is made an Ethernet header. */
static bool take_kept(const struct trace *t, const struct record *r, const struct packet *made,
		      struct frame *out)
{
	struct trace_frame_kept kept;
	struct captured how;
	struct packet p;
	size_t size;

	if (!trace_kept_frame(t, r, &kept) || kept.ip > kept.size)
		return false;
	if (kept.link == LINK_ETHERNET && kept.ip == ETHERNET_HEADER)
		memcpy(out->octets, kept.octets, ETHERNET_HEADER);
	else
		put_ethernet(made, out->octets);
	size = kept.size - kept.ip;
	size = size < IP_MAX ? size : IP_MAX;
	memcpy(out->octets + ETHERNET_HEADER, kept.octets + kept.ip, size);
	if (size == kept.size - kept.ip)
		size += stream_read(trace_streams_of(t), &trace_seg(t, r)->text, 0,
				    out->octets + ETHERNET_HEADER + size,
				    kept.captured - kept.size < IP_MAX - size
					    ? kept.captured - kept.size
					    : IP_MAX - size);
	if (packet_parse_captured(out->octets + ETHERNET_HEADER, size,
				  kept.wire_size > kept.ip ? kept.wire_size - kept.ip : size, &p,
				  &how) != REFUSED_NOTHING)
		return false;
	out->size = ETHERNET_HEADER + size;
	out->ip = ETHERNET_HEADER;
	out->tcp = ETHERNET_HEADER + how.tcp;
	out->text = ETHERNET_HEADER + how.header;
	return true;
}

void trace_frame(const struct trace *t, const struct record *r, uint16_t id, struct frame *out)
{
	struct leg leg = trace_leg(t, r);
	struct packet p = {0};

	address_packet(t, &leg, trace_origin(t, r), &p);
	p.ip.id = p.ip.from.family == FAMILY_IPV4 ? id : 0;
	p.tcp.seg = *trace_seg(t, r);
	p.ip.ecn = p.tcp.seg.ecn;
	out->is_garbled = r->kind == REC_DISCARD && r->detail == DISCARD_CHECKSUM;
	if (take_kept(t, r, &p, out))
		return;
	out->size = emit(t, &p, out);
	if (out->size == 0)
		return;
	out->ip = ETHERNET_HEADER;
	out->tcp = out->ip + ip_header_size(&p.ip);
	out->text = out->size - p.tcp.seg.text.len;
	/* Which bit the wind turned is not told: here it is one of the checksum's. */
	if (out->is_garbled)
		out->octets[out->tcp + 16] ^= 1;
}

uint16_t datagrams_see(struct datagrams *all, const struct trace *t, const struct record *r)
{
	/* A stranger's segment without a sender's record comes from nowhere: it is first seen where
	 * it arrives. */
	bool is_first = r->kind == REC_SEND ||
			(r->kind == REC_ARRIVE && r->is_stranger && r->of == r->serial);

	return is_first ? ++all->last[trace_leg(t, r).from] : 0;
}
