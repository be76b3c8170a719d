/* SPDX-License-Identifier: MIT */
#include <base/array.h>

#include <stdint.h>
#include <base/assert.h>

enum { ARRAY_FIRST = 8 };

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		die_of_memory();
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		die_of_memory();
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		die_of_memory();
	return p;
}

char *xstrndup(const char *s, size_t n)
{
	const char *end = memchr(s, '\0', n);
	char *copy;

	if (end)
		n = (size_t)(end - s);
	copy = xmalloc(n + 1);
	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

void *array_grown(void *at, size_t element, size_t count, size_t *size)
{
	size_t grown = *size ? *size : ARRAY_FIRST;

	while (grown < count) {
		if (grown > SIZE_MAX / 2)
			die_of_memory();
		grown *= 2;
	}
	if (grown > SIZE_MAX / element)
		die_of_memory();
	*size = grown;
	return xrealloc(at, grown * element);
}
