/* SPDX-License-Identifier: MIT */
#include <base/arena.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <base/array.h>
#include <base/assert.h>

enum { CHUNK_ROOM = 64 * 1024 - 64 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, room;
	_Alignas(max_align_t) unsigned char octets[];
};

static struct arena_chunk *make_chunk(size_t room)
{
	struct arena_chunk *c;

	ASSERT(room <= SIZE_MAX - sizeof *c);
	c = xcalloc(1, sizeof *c + room);
	c->room = room;
	return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct arena_chunk *c = a->chunks;
	void *p;

	ASSERT(size <= SIZE_MAX - align);
	size = (size + align - 1) / align * align;
	if (size > CHUNK_ROOM / 4) {
		/* A chunk of its own, behind the first, which still has room for small things. */
		c = make_chunk(size);
		if (a->chunks) {
			c->next = a->chunks->next;
			a->chunks->next = c;
		} else {
			a->chunks = c;
		}
	} else if (!c || c->room - c->used < size) {
		c = make_chunk(CHUNK_ROOM);
		c->next = a->chunks;
		a->chunks = c;
	}
	p = c->octets + c->used;
	c->used += size;
	a->used += size;
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	const char *end = memchr(s, '\0', n);
	char *copy;

	if (end)
		n = (size_t)(end - s);
	copy = arena_alloc(a, n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	ASSERT(n >= 0);
	text = arena_alloc(a, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	return text;
}

void arena_fini(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *next = a->chunks->next;

		free(a->chunks);
		a->chunks = next;
	}
	a->used = 0;
}
