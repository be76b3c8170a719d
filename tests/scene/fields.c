/* SPDX-License-Identifier: MIT */
/*
 * fields.c - what header_read finds in frames, for fields.py to hold against an analyst:
 *
 *	fields sample N   N random frames and all captured ones, in hex, one a line
 *	fields read       frames in hex from standard input; for each a line of JSON:
 *	                  {"right": [of IPv4, of TCP], "fields": [[id, bit, bits, "hex"], ...]}
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/array.h>
#include <wire/header.h>
#include <wire/packet.h>
#include "../unit/wire/captures.h"
#include "../unit/wire/random_packet.h"

enum { ROOM = 1 << 17 };

static void put_hex(const uint8_t *octets, size_t size)
{
	for (size_t i = 0; i < size; i++)
		printf("%02x", octets[i]);
}

static void sample(unsigned long n)
{
	uint8_t *octets = xmalloc(ROOM);
	struct prng chance;

	prng_init(&chance, 1, 1);
	for (int i = 0; i < captures_count; i++)
		printf("%s\n", captures[i].hex);
	while (n-- > 0) {
		struct packet p;
		size_t size;

		random_packet(&chance, &p);
		p.has_ethernet = true;
		p.ethernet.type = p.ip.from.family == FAMILY_IPV6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
		if (!packet_emit(&p, octets, ROOM, &size))
			abort();
		put_hex(octets, size);
		putchar('\n');
	}
	free(octets);
}

static void put_value(const uint8_t *octets, const struct header_node *n)
{
	if (n->bits <= 64)
		printf("%llx", (unsigned long long)header_value(octets, n));
	else
		put_hex(octets + n->bit / 8, n->bits / 8);
}

static void put_fields(const uint8_t *octets, size_t size)
{
	const char *between = "";
	struct header_tree t;

	header_read(octets, size, &t);
	printf("{\"right\": [%d, %d], \"fields\": [",
	       header_sum_is_right(&t, octets, HEADER_IPV4_CHECKSUM),
	       header_sum_is_right(&t, octets, HEADER_TCP_CHECKSUM));
	for (uint16_t i = 0; i < t.count; i++) {
		const struct header_node *n = &t.node[i];
		const struct header_info *info = header_info((enum header)n->header);

		if (info->shape != HEADER_SHAPE_FIELD)
			continue;
		printf("%s[\"%s\", %u, %u, \"", between, info->id, n->bit, n->bits);
		put_value(octets, n);
		printf("\"]");
		between = ", ";
	}
	printf("]}\n");
}

static int read_frames(void)
{
	char *line = xmalloc(2 * ROOM);
	uint8_t *octets = xmalloc(ROOM);

	while (fgets(line, 2 * ROOM, stdin)) {
		size_t size = strcspn(line, "\n") / 2;

		for (size_t i = 0; i < size; i++) {
			char pair[3] = {line[2 * i], line[2 * i + 1], '\0'};

			octets[i] = (uint8_t)strtoul(pair, NULL, 16);
		}
		put_fields(octets, size);
	}
	free(octets);
	free(line);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "sample") == 0) {
		sample(strtoul(argv[2], NULL, 10));
		return 0;
	}
	return argc == 2 && strcmp(argv[1], "read") == 0 ? read_frames() : 2;
}
