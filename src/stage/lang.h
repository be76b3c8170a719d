/* SPDX-License-Identifier: MIT */
/* lang.h - the stage's own words in both languages (string.def). */
#ifndef STAGE_LANG_H
#define STAGE_LANG_H

#include <base/sink.h>
#include <woshou/lang.h>
#include <woshou/tcp.h>
#include <woshou/trace.h>

enum string {
#define STRING(id, columns, en, zh) STRING_##id,
#include "stage/string.def"
#include "stage/key.def"
#include "stage/field.def"
#include "stage/playbill.def"
#include "stage/chooser.def"
#undef STRING
	STRING_COUNT,
};

struct string_info {
	const char *id;
	int columns;         /* neither language is wider */
	const char *text[2]; /* en, zh */
};

const struct string_info *string_info(enum string s);

/* The string in this language; LANG_BOTH has the English one where there is room for one only. */
const char *string_in(enum string s, enum lang lang);
/* "旁白 narration" when both are asked for. */
void string_put(struct sink *out, enum string s, enum lang lang);

/* One of a pair of texts (en, zh) as traces carry them; the other one where it is empty. */
const char *text_in(const char *en, const char *zh, enum lang lang);
struct diag;
/* A mistake in words, in Chinese where it has them. */
const char *mistake_in(const struct diag *d, enum lang lang);

enum string string_of_state(enum state s);
enum string string_of_deed(enum deed d);
enum string string_of_discard(enum discard d);
enum string string_of_timer(enum tcp_timer t);

#endif
