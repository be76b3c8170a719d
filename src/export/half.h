/* SPDX-License-Identifier: MIT */
/* half.h - one side of a row in a table of two traces: a time, and a text that may need lines. */
#ifndef EXPORT_HALF_H
#define EXPORT_HALF_H

#include <stdbool.h>
#include <stddef.h>
#include <base/sink.h>

struct half {
	struct sink time, text;
	const char *rest; /* of the text, still to be written */
	bool is_begun;
};

struct half_columns {
	size_t time, text;
};

/* Empty. Who fills in time and text calls half_filled; half_fini frees what they hold. */
void half_init(struct half *h);
void half_filled(struct half *h);
void half_fini(struct half *h);

/* The next line of it, as wide as it is, or all its columns. */
void half_put(struct half *h, struct half_columns columns, bool is_filled, struct sink *out);

#endif
