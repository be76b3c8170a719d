/* SPDX-License-Identifier: MIT */
#include "film.h"

#include <check.h>
#include <string.h>

static void put(struct film *f, uint64_t v, size_t octets)
{
	for (size_t i = 0; i < octets; i++)
		sink_putc(&f->out, (char)(v >> 8 * (f->is_big ? octets - 1 - i : i)));
}

void film_u16(struct film *f, uint16_t v)
{
	put(f, v, 2);
}

void film_u32(struct film *f, uint32_t v)
{
	put(f, v, 4);
}

void film_pcap(struct film *f, uint32_t magic, uint32_t link)
{
	f->is_ng = false;
	f->units = magic == 0xa1b23c4d ? 1000000000 : 1000000;
	film_u32(f, magic);
	film_u16(f, 2);
	film_u16(f, 4);
	film_u32(f, 0);
	film_u32(f, 0);
	film_u32(f, 262144);
	film_u32(f, link);
}

void film_block(struct film *f, uint32_t type, const void *octets, size_t n)
{
	size_t padding = (4 - n % 4) % 4;

	film_u32(f, type);
	film_u32(f, (uint32_t)(n + padding + 12));
	sink_put(&f->out, octets, n);
	sink_pad(&f->out, '\0', padding);
	film_u32(f, (uint32_t)(n + padding + 12));
}

/* What `fill` writes becomes a block. */
static void finish(struct film *f, struct film *inner, uint32_t type)
{
	film_block(f, type, inner->out.at, inner->out.count);
	sink_fini(&inner->out);
}

void film_section(struct film *f)
{
	struct film b = {.is_big = f->is_big};

	f->is_ng = true;
	f->interface = 0;
	film_u32(&b, 0x1a2b3c4d);
	film_u16(&b, 1);
	film_u16(&b, 0);
	film_u32(&b, UINT32_MAX);
	film_u32(&b, UINT32_MAX);
	finish(f, &b, 0x0a0d0d0a);
}

void film_interface(struct film *f, uint16_t link, uint32_t snap, uint8_t resolution,
		    int64_t offset)
{
	struct film b = {.is_big = f->is_big};

	film_u16(&b, link);
	film_u16(&b, 0);
	film_u32(&b, snap);
	film_u16(&b, 2); /* if_name */
	film_u16(&b, 3);
	sink_put(&b.out, "eth\0", 4);
	film_u16(&b, 9);
	film_u16(&b, 1);
	put(&b, resolution, 1);
	sink_pad(&b.out, '\0', 3);
	film_u16(&b, 14);
	film_u16(&b, 8);
	put(&b, (uint64_t)offset, 8);
	film_u32(&b, 0);
	finish(f, &b, 1);
}

static void put_pcap(struct film *f, const void *octets, size_t n, size_t wire)
{
	film_u32(f, (uint32_t)(f->at / f->units));
	film_u32(f, (uint32_t)(f->at % f->units));
	film_u32(f, (uint32_t)n);
	film_u32(f, (uint32_t)wire);
	sink_put(&f->out, octets, n);
}

void film_frame(struct film *f, const void *octets, size_t n, size_t wire)
{
	struct film b = {.is_big = f->is_big};

	if (!f->is_ng) {
		put_pcap(f, octets, n, wire);
		return;
	}
	film_u32(&b, f->interface);
	film_u32(&b, (uint32_t)(f->at >> 32));
	film_u32(&b, (uint32_t)f->at);
	film_u32(&b, (uint32_t)n);
	film_u32(&b, (uint32_t)wire);
	sink_put(&b.out, octets, n);
	finish(f, &b, 6);
}

void film_simple(struct film *f, const void *octets, size_t n)
{
	struct film b = {.is_big = f->is_big};

	film_u32(&b, (uint32_t)n);
	sink_put(&b.out, octets, n);
	finish(f, &b, 3);
}

void film_segment(struct film *f, struct film_end from, struct film_end to, uint16_t ctl,
		  uint32_t number, uint32_t ack, const char *text)
{
	struct packet p = {.kind = PACKET_TCP};
	uint8_t octets[2000];
	size_t n = 0;

	p.ip.from = (struct address){{10, 0, 0, from.host}, FAMILY_IPV4};
	p.ip.to = (struct address){{10, 0, 0, to.host}, FAMILY_IPV4};
	p.ip.ttl = f->ttl ? f->ttl : 64;
	p.ip.protocol = IP_PROTOCOL_TCP;
	p.tcp.from_port = from.port;
	p.tcp.to_port = to.port;
	p.tcp.seg.ctl = ctl;
	p.tcp.seg.seq = seq(number);
	p.tcp.seg.ack = seq(ack);
	p.tcp.seg.wnd = 1000;
	p.tcp.seg.text.len = (uint32_t)strlen(text);
	p.tcp.text = (const uint8_t *)text;
	ck_assert(packet_emit(&p, octets, sizeof octets, &n));
	film_frame(f, octets, n, n);
}
