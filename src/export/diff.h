/* SPDX-License-Identifier: MIT */
/* diff.h - a comparison of two traces as text in two columns, or as JSON. */
#ifndef EXPORT_DIFF_H
#define EXPORT_DIFF_H

#include <stdbool.h>
#include <base/sink.h>
#include <woshou/lang.h>
#include "trace/compare.h"

enum { DIFF_COLUMNS_LEAST = 60, DIFF_ROWS = 40 };

/* Zeroed: English, 80 columns, plain, nothing around the differences. */
struct diff_options {
	enum lang lang;
	int columns;
	bool has_colour; /* SGR sequences; every colour has its sign, too */
	bool is_full;    /* all differences, not only the first DIFF_ROWS */
	size_t context;  /* so many of the same before and after each */
	const char *name[2];
};

/* Both traces and what comparison_init made of them. */
struct diff {
	const struct trace *a, *b;
	const struct comparison *found;
};

void diff_text(const struct diff *d, const struct diff_options *o, struct sink *out);
void diff_json(const struct diff *d, const struct diff_options *o, struct sink *out);

/* "window 65535 / 64240, fields cwnd 1460 / 2920": what differs in a pair, with its values. */
void diff_put_what(struct sink *out, const struct diff *d, const struct pairing *p, enum lang lang);

#endif
