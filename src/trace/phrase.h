/* SPDX-License-Identifier: MIT */
/*
 * phrase.h - sentences with blanks to be filled in, "{who} waves to {peer}.", in both languages.
 */
#ifndef TRACE_PHRASE_H
#define TRACE_PHRASE_H

#include <base/sink.h>

struct phrase {
	const char *text[2]; /* LANG_EN, LANG_ZH */
};

/* Writes what belongs into the blank of this name. */
typedef void phrase_fill(const void *user, const char *blank, size_t n, struct sink *out);

/* Appends the sentence. Chinese sets a blank between its own characters and Latin letters or
 * numbers; an English name that ends in s takes the apostrophe alone. */
void phrase_put(struct sink *out, const char *sentence, phrase_fill *fill, const void *user);

#endif
