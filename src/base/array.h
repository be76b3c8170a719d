/* SPDX-License-Identifier: MIT */
/*
 * array.h - a growable array of anything: `struct { T *at; size_t count, size; }`.
 *
 *	struct { struct rule *at; size_t count, size; } rules = {0};
 *	*array_push(&rules) = (struct rule){...};
 *	array_fini(&rules);
 *
 * The elements move when the array grows: keep indices, not pointers. Growing dies with a
 * message when memory is short (xmalloc's promise), so no caller checks.
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY(type)                                                                                \
	struct {                                                                                   \
		type *at;                                                                          \
		size_t count, size;                                                                \
	}

/* realloc to room for at least `count` elements; doubles. Never returns NULL. */
void *array_grown(void *at, size_t element, size_t count, size_t *size);

#define array_reserve(a, n)                                                                        \
	((a)->size >= (n)                                                                          \
		 ? (void)0                                                                         \
		 : (void)((a)->at = array_grown((a)->at, sizeof *(a)->at, (n), &(a)->size)))
#define array_push(a)  (array_reserve((a), (a)->count + 1), (a)->at + (a)->count++)
#define array_last(a)  ((a)->at + (a)->count - 1)
#define array_pop(a)   ((a)->at[--(a)->count])
#define array_clear(a) ((void)((a)->count = 0))
#define array_fini(a)  (free((a)->at), (a)->at = NULL, (a)->count = (a)->size = 0)

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrndup(const char *s, size_t n);

#endif
