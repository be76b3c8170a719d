/* SPDX-License-Identifier: MIT */
#include "stage/text.h"

#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>

/* Marks that may not begin a line. */
static bool clings(uint32_t cp)
{
	static const uint32_t marks[] = {0xff0c, 0x3002, 0xff1a, 0xff1b, 0xff01, 0xff1f, 0x3001,
					 0xff09, 0x300d, 0x300f, 0x201d, 0x2019, 0x300b, ',',
					 '.',    ':',    ';',    '!',    '?',    ')'};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (marks[i] == cp)
			return true;
	}
	return false;
}

static size_t skip_blanks(const char *text, size_t at)
{
	while (text[at] == ' ')
		at++;
	return at;
}

/* A line may end before `at` when a blank stands there, or a wide character on either side. */
static bool may_break(uint32_t before, uint32_t after)
{
	return after == ' ' || ((cp_width(before) == 2 || cp_width(after) == 2) && !clings(after));
}

size_t text_line(const char *text, size_t columns, size_t *next)
{
	size_t left = strlen(text), at = 0, used = 0, best = 0;
	uint32_t before = 0;

	while (at < left) {
		uint32_t cp;
		size_t taken = utf8_next(text + at, left - at, &cp);

		if (at > 0 && may_break(before, cp))
			best = at;
		if (used + (size_t)cp_width(cp) > columns)
			break;
		used += (size_t)cp_width(cp);
		at += taken;
		before = cp;
	}
	if (at == left)
		best = left;
	else if (best == 0)
		best = at; /* a word longer than the line is cut */
	if (best == 0 && left > 0) {
		uint32_t cp;

		best = utf8_next(text, left, &cp);
	}
	*next = skip_blanks(text, best);
	while (best > 1 && text[best - 1] == ' ')
		best--;
	return best;
}

size_t text_lines(const char *text, size_t columns)
{
	size_t lines = 0;

	while (*text) {
		size_t next;

		text_line(text, columns, &next);
		text += next;
		lines++;
	}
	return lines;
}

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
