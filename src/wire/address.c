/* SPDX-License-Identifier: MIT */
#include <woshou/address.h>

#include <string.h>
#include <wire/octets.h>

enum { GROUPS = 8 };

bool address_eq(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

bool address_is_multicast(const struct address *a)
{
	static const uint8_t everyone[4] = {255, 255, 255, 255};

	if (a->family == FAMILY_IPV6)
		return a->octets[0] == 0xff;
	return a->family == FAMILY_IPV4 &&
	       ((a->octets[0] & 0xf0) == 0xe0 || memcmp(a->octets, everyone, 4) == 0);
}

/* Four decimal numbers and nothing after them. A leading zero is refused: some read it as octal. */
static bool read_ipv4(const char *s, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		unsigned value = 0;
		int digits = 0;

		if (i > 0 && *s++ != '.')
			return false;
		for (; *s >= '0' && *s <= '9' && digits < 3; s++, digits++)
			value = value * 10 + (unsigned)(*s - '0');
		if (digits == 0 || value > 255 || (digits > 1 && s[-digits] == '0'))
			return false;
		out[i] = (uint8_t)value;
	}
	return *s == '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One group of up to four hex digits. Octets taken; 0: none there, or too many. */
static size_t read_group(const char *s, uint16_t *out)
{
	unsigned value = 0;
	size_t n = 0;

	while (hex_digit(s[n]) >= 0) {
		if (n == 4)
			return 0;
		value = value << 4 | (unsigned)hex_digit(s[n++]);
	}
	*out = (uint16_t)value;
	return n;
}

/* RFC 4291 section 2.2: groups, at most one "::", and perhaps an IPv4 address for the last two. */
static bool read_ipv6(const char *s, uint8_t out[16])
{
	uint16_t group[GROUPS];
	int count = 0;
	int gap = -1;

	if (s[0] == ':' && s[1] == ':') {
		gap = 0;
		s += 2;
	}
	while (*s) {
		size_t n;

		if (count == GROUPS)
			return false;
		n = read_group(s, &group[count]);
		if (s[n] == '.') {
			uint8_t tail[4];

			if (count > GROUPS - 2 || !read_ipv4(s, tail))
				return false;
			group[count++] = get16(tail);
			group[count++] = get16(tail + 2);
			break;
		}
		if (n == 0)
			return false;
		count++;
		s += n;
		if (*s == '\0')
			break;
		if (*s++ != ':')
			return false;
		if (*s == ':') {
			if (gap >= 0)
				return false;
			gap = count;
			s++;
		} else if (*s == '\0') {
			return false;
		}
	}
	/* "::" stands for at least one group. */
	if (gap < 0 ? count != GROUPS : count == GROUPS)
		return false;
	if (gap < 0)
		gap = count;
	memset(out, 0, 16);
	for (int i = 0; i < count; i++)
		put16(out + 2 * (i < gap ? i : i + GROUPS - count), group[i]);
	return true;
}

bool address_parse(const char *text, struct address *out)
{
	struct address a = {0};

	if (strchr(text, ':')) {
		a.family = FAMILY_IPV6;
		if (!read_ipv6(text, a.octets))
			return false;
	} else {
		a.family = FAMILY_IPV4;
		if (!read_ipv4(text, a.octets))
			return false;
	}
	*out = a;
	return true;
}

static char *write_decimal(char *to, unsigned value)
{
	if (value >= 100)
		*to++ = (char)('0' + value / 100);
	if (value >= 10)
		*to++ = (char)('0' + value / 10 % 10);
	*to++ = (char)('0' + value % 10);
	return to;
}

static char *write_ipv4(char *to, const uint8_t *octets)
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*to++ = '.';
		to = write_decimal(to, octets[i]);
	}
	return to;
}

static char *write_group(char *to, unsigned value)
{
	bool has_begun = false;

	for (int shift = 12; shift >= 0; shift -= 4) {
		unsigned digit = value >> shift & 0xf;

		has_begun = has_begun || digit || shift == 0;
		if (has_begun)
			*to++ = "0123456789abcdef"[digit];
	}
	return to;
}

/* RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equals. */
static void find_gap(const uint8_t *octets, int *start, int *size)
{
	*start = -1;
	*size = 1;
	for (int i = 0; i < GROUPS; i++) {
		int end = i;

		while (end < GROUPS && get16(octets + 2 * end) == 0)
			end++;
		if (end - i > *size) {
			*start = i;
			*size = end - i;
		}
		if (end > i)
			i = end;
	}
}

static char *write_ipv6(char *to, const uint8_t *octets)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	int start, size;

	if (memcmp(octets, mapped, sizeof mapped) == 0) {
		memcpy(to, "::ffff:", 7); /* RFC 5952 section 5 */
		return write_ipv4(to + 7, octets + 12);
	}
	find_gap(octets, &start, &size);
	for (int i = 0; i < GROUPS; i++) {
		if (i == start) {
			*to++ = ':';
			*to++ = ':';
			i += size - 1;
			continue;
		}
		if (i > 0 && i != start + size)
			*to++ = ':';
		to = write_group(to, get16(octets + 2 * i));
	}
	return to;
}

void address_text(const struct address *a, char out[ADDRESS_TEXT])
{
	char *end = out;

	if (a->family == FAMILY_IPV4)
		end = write_ipv4(out, a->octets);
	else if (a->family == FAMILY_IPV6)
		end = write_ipv6(out, a->octets);
	else
		*end++ = '-';
	*end = '\0';
}
