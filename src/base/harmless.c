/* SPDX-License-Identifier: MIT */
#include <base/harmless.h>

#include <base/utf8.h>

void put_harmless(struct sink *out, const char *text, size_t n)
{
	while (n > 0) {
		uint32_t cp;
		size_t taken = utf8_next(text, n, &cp);

		if (cp == '\n')
			sink_puts(out, "\\n");
		else if (cp == '\t')
			sink_puts(out, "\\t");
		else if (cp == '\r')
			sink_puts(out, "\\r");
		else if (cp_is_control(cp) || (cp == 0xfffd && taken == 1))
			for (size_t i = 0; i < taken; i++)
				sink_printf(out, "\\x%02x", (unsigned char)text[i]);
		else
			sink_put(out, text, taken);
		text += taken;
		n -= taken;
	}
}

static bool is_latin(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* U+4E00 to U+9FFF are three octets in UTF-8, of which the first is E4 to E9. */
static bool is_han(const char *c)
{
	return (unsigned char)c[0] >= 0xe4 && (unsigned char)c[0] <= 0xe9;
}

void put_spaced(struct sink *out, const char *piece, size_t n)
{
	const char *end = out->count > 0 ? out->at + out->count : NULL;

	if (n > 0 && end &&
	    ((is_latin(end[-1]) && is_han(piece)) ||
	     (out->count >= 3 && is_han(end - 3) && is_latin(piece[0]))))
		sink_putc(out, ' ');
	sink_put(out, piece, n);
}
