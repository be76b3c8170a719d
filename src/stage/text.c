/* SPDX-License-Identifier: MIT */
#include "stage/text.h"

#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>

void put_span(struct sink *out, usec span)
{
	usec s = span / USEC_PER_S;

	if (span < USEC_PER_MS)
		sink_printf(out, "%" PRId64 " us", span);
	else if (span < USEC_PER_S)
		sink_printf(out, "%" PRId64 " ms", span / USEC_PER_MS);
	else if (s < 10)
		sink_printf(out, "%" PRId64 ".%02" PRId64 " s", s, span % USEC_PER_S / 10000);
	else if (s < 120)
		sink_printf(out, "%" PRId64 ".%" PRId64 " s", s, span % USEC_PER_S / 100000);
	else if (s < 7200)
		sink_printf(out, "%" PRId64 " min %02" PRId64 " s", s / 60, s % 60);
	else
		sink_printf(out, "%" PRId64 " h %02" PRId64 " min", s / 3600, s / 60 % 60);
}

void text_copy(char *out, size_t size, const char *text)
{
	size_t n = strlen(text);

	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, text, n);
	out[n] = '\0';
}

/* Does it end in a wide mark, such as the Chinese full stop? */
static bool ends_wide(const struct sink *text)
{
	size_t at = text->count;
	uint32_t cp;

	while (at > 0 && ((unsigned char)text->at[at - 1] & 0xc0) == 0x80)
		at--;
	if (at == 0)
		return false;
	utf8_next(text->at + at - 1, text->count - at + 1, &cp);
	return cp_width(cp) == 2;
}

void put_sentence(struct sink *out, const char *text)
{
	if (out->count > 0 && text[0] != '\0' && !ends_wide(out))
		sink_putc(out, ' ');
	sink_puts(out, text);
}
