/* SPDX-License-Identifier: MIT */
/* text.h - small texts that several views write. */
#ifndef STAGE_TEXT_H
#define STAGE_TEXT_H

#include <stddef.h>
#include <base/harmless.h>
#include <base/lines.h>
#include <base/sink.h>
#include <woshou/seq.h>

/* "0.43 s", "12.3 s", "4 min 10 s": three figures are enough. */
void put_span(struct sink *out, usec span);

/* As much of it as fits `size` octets with its NUL; no letter is cut. */
void text_copy(char *out, size_t size, const char *text);

/* The next sentence of a paragraph; Chinese has no blank between two. */
void put_sentence(struct sink *out, const char *text);

#endif
