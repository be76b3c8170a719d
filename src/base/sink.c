/* SPDX-License-Identifier: MIT */
#include <base/sink.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <base/array.h>
#include <base/assert.h>

/* Room for n more octets and the NUL. */
static char *reserve(struct sink *s, size_t n)
{
	ASSERT(n < SIZE_MAX - s->count);
	array_reserve(s, s->count + n + 1);
	return s->at + s->count;
}

void sink_put(struct sink *s, const void *bytes, size_t n)
{
	char *p = reserve(s, n);

	if (n)
		memcpy(p, bytes, n);
	p[n] = '\0';
	s->count += n;
}

void sink_puts(struct sink *s, const char *text)
{
	sink_put(s, text, strlen(text));
}

void sink_putc(struct sink *s, char c)
{
	sink_put(s, &c, 1);
}

void sink_pad(struct sink *s, char c, size_t n)
{
	char *p = reserve(s, n);

	memset(p, c, n);
	p[n] = '\0';
	s->count += n;
}

void sink_printf(struct sink *s, const char *format, ...)
{
	char small[128];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	ASSERT(n >= 0);
	if ((size_t)n < sizeof small) {
		sink_put(s, small, (size_t)n);
		return;
	}
	va_start(args, format);
	vsnprintf(reserve(s, (size_t)n), (size_t)n + 1, format, args);
	va_end(args);
	s->count += (size_t)n;
}

void sink_clear(struct sink *s)
{
	s->count = 0;
	if (s->at)
		s->at[0] = '\0';
}

void sink_fini(struct sink *s)
{
	array_fini(s);
}

void sink_time(struct sink *s, int64_t us)
{
	/* Unsigned: the negative of INT64_MIN has no place in int64_t. */
	uint64_t size = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;

	if (us < 0)
		sink_putc(s, '-');
	if (size % 1000 == 0)
		sink_printf(s, "%" PRIu64 ".%03" PRIu64, size / 1000000, size / 1000 % 1000);
	else
		sink_printf(s, "%" PRIu64 ".%06" PRIu64, size / 1000000, size % 1000000);
}
