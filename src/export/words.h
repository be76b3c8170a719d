/* SPDX-License-Identifier: MIT */
/* words.h - small things that every text exporter writes. */
#ifndef EXPORT_WORDS_H
#define EXPORT_WORDS_H

#include <base/sink.h>
#include <woshou/trace.h>

/* Text from a scene or from the network, with everything escaped that could move a cursor, break a
 * line or forge one: \n, \t, \\ and \x1b; malformed octets too. */
void words_put_safe(struct sink *out, const char *text);
/* The same between double quotes, which are escaped too. */
void words_put_quoted(struct sink *out, const void *octets, size_t n);

/* The text of a segment or call: "line 1\n" in quotes while short, else "1448 octets". */
enum { WORDS_SHORT = 40 };
void words_put_octets(struct sink *out, const struct trace *t, const struct text *text);

/* "25s", "30ms", "1500us": as the language writes times. */
void words_put_span(struct sink *out, usec span);

/* "first-wave.scene:10[loss=SYN]"; nothing when the record has no place. */
void words_put_place(struct sink *out, const struct trace *t, const struct trace_place *place);

/* What is between the parentheses of a call, and what an unlucky one ended with. */
void words_put_arguments(struct sink *out, const struct trace *t, const struct record *r);

/* The wind's deed in words: the rule's own, else the deed's name and number. */
void words_put_deed(struct sink *out, const struct trace *t, const struct record *r);

const char *words_host(const struct trace *t, uint8_t host);   /* "?" for TRACE_NO_HOST */
const char *words_label(const struct trace *t, uint32_t conn); /* "c1", or NULL */
const char *words_discard(uint8_t discard);                    /* "checksum wrong" */

#endif
