/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE
#include "octet_tools.h"

#include <check.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint8_t nibble(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

size_t octets_from_hex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	return n;
}

const uint8_t *octets_walled(const uint8_t *bytes, size_t size)
{
	static uint8_t *end;

	ck_assert_uint_le(size, OCTETS_MAX);
	if (!end) {
		size_t page = (size_t)sysconf(_SC_PAGESIZE);
		size_t room = (OCTETS_MAX / page + 1) * page;
		uint8_t *at = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		ck_assert_ptr_ne(at, MAP_FAILED);
		end = at + room;
		ck_assert_int_eq(mprotect(end, page, PROT_NONE), 0);
	}
	if (size > 0)
		memcpy(end - size, bytes, size);
	return end - size;
}

enum refusal parse_walled(const uint8_t *bytes, size_t size, enum packet_form form,
			  struct packet *out)
{
	return packet_parse(octets_walled(bytes, size), size, form, out);
}

static void store(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

size_t octets_tcp(const uint8_t *options, size_t n, const char *text, uint8_t *out)
{
	static const uint8_t headers[40] = {
		0x45,
		0,
		0,
		0,
		0,
		1,
		0x40,
		0,
		64,
		6,
		0,
		0,
		10,
		0,
		0,
		1,
		10,
		0,
		0,
		2,
		/* ports 49152 and 8888, seq 1000, ack 5001, ACK, window 65535 */
		0xc0,
		0,
		0x22,
		0xb8,
		0,
		0,
		3,
		0xe8,
		0,
		0,
		0x13,
		0x89,
		0,
		0x10,
		0xff,
		0xff,
		0,
		0,
		0,
		0,
	};
	size_t size = sizeof headers + n + strlen(text);

	memcpy(out, headers, sizeof headers);
	if (n > 0)
		memcpy(out + sizeof headers, options, n);
	memcpy(out + sizeof headers + n, text, strlen(text));
	store(out + 2, (uint16_t)size);
	out[32] = (uint8_t)((20 + n) / 4 << 4);
	octets_mend(out, size);
	return size;
}

size_t octets_ipv6(uint8_t next, const uint8_t *chain, size_t n, uint8_t *out)
{
	uint8_t ipv4[64];
	size_t size = octets_tcp(NULL, 0, "text", ipv4) - 20;

	memset(out, 0, 40);
	out[0] = 6 << 4;
	store(out + 4, (uint16_t)(n + size));
	out[6] = next;
	out[7] = 64;
	out[8] = out[24] = 0xfd;
	out[23] = 1;
	out[39] = 2;
	if (n > 0)
		memcpy(out + 40, chain, n);
	memcpy(out + 40 + n, ipv4 + 20, size);
	octets_mend(out, 40 + n + size);
	return 40 + n + size;
}
