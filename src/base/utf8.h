/* SPDX-License-Identifier: MIT */
/*
 * utf8.h - display columns of UTF-8 text, the same on every machine and in every locale
 * (libutf8proc; wcwidth() knows nothing in the C locale). Control characters count 0 columns;
 * malformed octets count 1 each.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One code point from at most n octets. Returns octets taken (>= 1 when n > 0); *cp is 0xfffd for
 * a malformed octet. */
size_t utf8_next(const char *s, size_t n, uint32_t *cp);
size_t utf8_put(uint32_t cp, char out[4]);
bool utf8_valid(const char *s, size_t n);

int cp_width(uint32_t cp); /* 0, 1 or 2 columns */
bool cp_is_letter(uint32_t cp);
bool cp_is_control(uint32_t cp); /* C0, DEL, C1, bidi controls: never to a terminal */

size_t utf8_width(const char *s, size_t n);       /* columns of n octets */
size_t utf8_columns(const char *s);               /* columns of a string */
size_t utf8_clip(const char *s, size_t columns);  /* octets that fit; a wide one never straddles */

#endif
