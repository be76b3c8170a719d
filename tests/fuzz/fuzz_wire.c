/* SPDX-License-Identifier: MIT */
/* Any octets, as a frame and as a datagram, as they are and with mended checksums: refused with a
 * reason, or understood; and what is understood goes out and comes back equal. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <base/array.h>
#include <wire/header.h>
#include <wire/packet.h>
#include <wire/seg_text.h>
#include "../unit/wire/mend.h"

enum { ROOM = 1 << 17 };

static void go_out_and_come_back(const struct packet *p, enum packet_form form)
{
	uint8_t *bytes = xmalloc(ROOM);
	struct sink line = {0};
	struct packet back;
	size_t size;

	ASSERT(packet_emit(p, bytes, ROOM, &size));
	ASSERT(size == packet_size(p));
	ASSERT(packet_parse(bytes, size, form, &back) == REFUSED_NOTHING);
	ASSERT(packet_eq(p, &back));
	ASSERT(packet_parse(bytes, size - 1, form, &back) != REFUSED_NOTHING);
	if (p->kind == PACKET_TCP)
		seg_print(&line, &p->tcp.seg);
	sink_fini(&line);
	free(bytes);
}

/* Whatever it is, each of its bits is in one field. */
static void take_apart(const uint8_t *data, size_t size)
{
	struct header_tree t;
	uint32_t bit = 0;

	header_read(data, size, &t);
	for (uint16_t i = 0; i < t.count; i++) {
		ASSERT(t.node[i].bit == bit);
		if (header_info((enum header)t.node[i].header)->shape == HEADER_SHAPE_FIELD)
			bit += t.node[i].bits;
	}
	ASSERT(bit == size * 8);
	header_sum_is_right(&t, data, HEADER_TCP_CHECKSUM);
}

static void parse(const uint8_t *data, size_t size, enum packet_form form)
{
	enum refusal why;
	struct packet p;

	take_apart(data, size);
	why = packet_parse(data, size, form, &p);
	ASSERT(why < REFUSAL_COUNT);
	ASSERT(packet_reason(why));
	if (why == REFUSED_NOTHING)
		go_out_and_come_back(&p, form);
}

static void parse_mended(const uint8_t *data, size_t size, enum packet_form form)
{
	size_t before = form == PACKET_ETHERNET ? ETHERNET_HEADER : 0;
	uint8_t *copy;

	parse(data, size, form);
	if (size <= before)
		return;
	copy = xmalloc(size);
	memcpy(copy, data, size);
	octets_mend(copy + before, size - before);
	parse(copy, size, form);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > UINT16_MAX)
		return 0;
	parse_mended(data, size, PACKET_ETHERNET);
	parse_mended(data, size, PACKET_IP);
	return 0;
}
