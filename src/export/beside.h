/* SPDX-License-Identifier: MIT */
/* beside.h - kernel and engine in two columns, segment by segment, or as JSON. */
#ifndef EXPORT_BESIDE_H
#define EXPORT_BESIDE_H

#include <stdbool.h>
#include <base/sink.h>
#include <woshou/lang.h>
#include <woshou/trace.h>

/* Zeroed: English, 80 columns, plain. */
struct beside_options {
	enum lang lang;
	int columns;
	bool has_colour; /* SGR sequences; every colour has its sign, too */
};

/* Both ladders with every difference and its reason. True: flags, length and order agree in all
 * segments. */
bool beside_write(const struct trace *kernel, const struct trace *engine,
		  const struct beside_options *o, struct sink *out);
bool beside_json(const struct trace *kernel, const struct trace *engine, struct sink *out);

#endif
