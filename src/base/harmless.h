/* SPDX-License-Identifier: MIT */
/* harmless.h - text that somebody else wrote, made fit for people's eyes. */
#ifndef BASE_HARMLESS_H
#define BASE_HARMLESS_H

#include <stddef.h>
#include <base/sink.h>

/* With everything spelled out that could move a cursor, break a line or forge one: \n, \t, \r,
 * \x1b; the octets of bidi controls and malformed octets too. */
void put_harmless(struct sink *out, const char *text, size_t n);

/* The next piece of a sentence: Chinese sets a blank between its own characters and Latin letters
 * or numbers. */
void put_spaced(struct sink *out, const char *piece, size_t n);

#endif
