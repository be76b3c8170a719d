/* SPDX-License-Identifier: MIT */
/* film.h - capture files for tests, octet by octet, in either byte order. */
#ifndef TEST_LIVE_FILM_H
#define TEST_LIVE_FILM_H

#include <base/sink.h>
#include <wire/packet.h>

struct film {
	struct sink out;
	bool is_big;
	bool is_ng;
	uint64_t units; /* of time in a second, where frames are put */
	uint64_t at;    /* in those units since 1970: of the next frame */
	uint32_t interface;
	uint8_t ttl; /* of the next segment; 0: 64 */
};

void film_u16(struct film *f, uint16_t v);
void film_u32(struct film *f, uint32_t v);
void film_pcap(struct film *f, uint32_t magic, uint32_t link);
/* pcapng */
void film_block(struct film *f, uint32_t type, const void *octets, size_t n);
void film_section(struct film *f);
/* resolution: if_tsresol; offset: if_tsoffset; snap: 0 is none */
void film_interface(struct film *f, uint16_t link, uint32_t snap, uint8_t resolution,
		    int64_t offset);
void film_frame(struct film *f, const void *octets, size_t n, size_t wire);
void film_simple(struct film *f, const void *octets, size_t n);

/* A segment between two ends of 10.0.0.0/8: "10.0.0.1:1000" is {1, 1000}. */
struct film_end {
	uint8_t host;
	uint16_t port;
};

void film_segment(struct film *f, struct film_end from, struct film_end to, uint16_t ctl,
		  uint32_t number, uint32_t ack, const char *text);

#endif
