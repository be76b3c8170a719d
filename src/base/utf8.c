/* SPDX-License-Identifier: MIT */
#include <base/utf8.h>

#include <string.h>
#include <utf8proc.h>

size_t utf8_next(const char *s, size_t n, uint32_t *cp)
{
	/* A code point has at most 4 octets; the cut keeps n within utf8proc's signed size. */
	utf8proc_ssize_t room = (utf8proc_ssize_t)(n < 4 ? n : 4);
	utf8proc_ssize_t taken;
	utf8proc_int32_t c;

	if (n == 0) {
		*cp = 0;
		return 0;
	}
	taken = utf8proc_iterate((const utf8proc_uint8_t *)s, room, &c);
	if (taken <= 0) {
		*cp = 0xfffd;
		return 1;
	}
	*cp = (uint32_t)c;
	return (size_t)taken;
}

size_t utf8_put(uint32_t cp, char out[4])
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = 0xfffd;
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

/* U+FFFD itself is well-formed, and three octets long. */
static bool is_malformed(uint32_t cp, size_t taken)
{
	return cp == 0xfffd && taken == 1;
}

bool utf8_valid(const char *s, size_t n)
{
	while (n > 0) {
		uint32_t cp;
		size_t taken = utf8_next(s, n, &cp);

		if (is_malformed(cp, taken))
			return false;
		s += taken;
		n -= taken;
	}
	return true;
}

bool cp_is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x061c || /* Arabic letter mark */
	       cp == 0x200e || cp == 0x200f ||   /* left-to-right and right-to-left marks */
	       (cp >= 0x2028 && cp <= 0x202e) || /* separators; embeddings and overrides */
	       (cp >= 0x2066 && cp <= 0x2069) || /* isolates */
	       cp == 0xfeff;                     /* byte order mark */
}

int cp_width(uint32_t cp)
{
	int width;

	if (cp_is_control(cp))
		return 0;
	if (cp > 0x10ffff)
		return 1;
	width = utf8proc_charwidth((utf8proc_int32_t)cp);
	return width < 0 ? 0 : width > 2 ? 2 : width;
}

bool cp_is_letter(uint32_t cp)
{
	utf8proc_category_t category;

	if (cp > 0x10ffff)
		return false;
	category = utf8proc_category((utf8proc_int32_t)cp);
	/* Letter numbers are among them for the sake of U+3007, the Chinese zero. */
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       category == UTF8PROC_CATEGORY_NL;
}

size_t utf8_width(const char *s, size_t n)
{
	size_t columns = 0;

	while (n > 0) {
		uint32_t cp;
		size_t taken = utf8_next(s, n, &cp);

		columns += is_malformed(cp, taken) ? 1 : (size_t)cp_width(cp);
		s += taken;
		n -= taken;
	}
	return columns;
}

size_t utf8_columns(const char *s)
{
	return utf8_width(s, strlen(s));
}

size_t utf8_clip(const char *s, size_t columns)
{
	size_t left = strlen(s);
	size_t octets = 0;

	while (left > 0) {
		uint32_t cp;
		size_t taken = utf8_next(s + octets, left, &cp);
		size_t width = is_malformed(cp, taken) ? 1 : (size_t)cp_width(cp);

		if (width > columns)
			break;
		columns -= width;
		octets += taken;
		left -= taken;
	}
	return octets;
}
