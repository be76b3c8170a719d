/* SPDX-License-Identifier: MIT */
/* arena.h - many small things with one lifetime: an AST, a run. Freed all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;
	size_t used; /* octets handed out, for reports */
};

/* A zeroed struct arena is an empty one. Memory is zeroed and aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t n); /* NUL-terminated copy */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_fini(struct arena *a);

#endif
