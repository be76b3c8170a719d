/* SPDX-License-Identifier: MIT */
#include <base/lines.h>

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
