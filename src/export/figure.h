/* SPDX-License-Identifier: MIT */
/* figure.h - what the notes of a play share with its figure. */
#ifndef EXPORT_FIGURE_H
#define EXPORT_FIGURE_H

#include <base/sink.h>

/* Anybody's text, fit for every place of a Mermaid diagram, also inside a code fence. */
void mermaid_put_text(struct sink *out, const char *text, size_t n);

#endif
