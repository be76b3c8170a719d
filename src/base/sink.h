/* SPDX-License-Identifier: MIT */
/*
 * sink.h - where text and octets go: a growing buffer. Exporters write into one; only src/app
 * puts a buffer into a file. The buffer is always NUL-terminated.
 */
#ifndef BASE_SINK_H
#define BASE_SINK_H

#include <stddef.h>
#include <stdint.h>

struct sink {
	char *at;
	size_t count, size;
};

/* A zeroed struct sink is an empty one. */
void sink_put(struct sink *s, const void *bytes, size_t n);
void sink_puts(struct sink *s, const char *text);
void sink_putc(struct sink *s, char c);
void sink_pad(struct sink *s, char c, size_t n); /* n times c */
void sink_printf(struct sink *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sink_clear(struct sink *s);
void sink_fini(struct sink *s);

/* "0.000", "1.050", "63.050001": seconds, three decimals, six where three would lie. */
void sink_time(struct sink *s, int64_t us);

#endif
