/* SPDX-License-Identifier: MIT */
/* lines.h - a text broken into lines of so many columns, at blanks or beside wide characters. */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>

/* Octets of the first line when `text` is broken into lines of `columns`; *next is where the second
 * begins, past the blank between them. At least one character, so that every call gets on. */
size_t text_line(const char *text, size_t columns, size_t *next);
size_t text_lines(const char *text, size_t columns); /* how many */

#endif
