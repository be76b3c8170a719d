/* SPDX-License-Identifier: MIT */
/*
 * diag.h - mistakes of the user, with their place: `file:line:col: error: message`, the line, a
 * caret in display columns, a hint. Up to DIAG_MAX are collected, then told together.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <base/arena.h>
#include <base/array.h>
#include <base/sink.h>

enum { DIAG_MAX = 20 };

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

struct place {
	const char *file; /* as the user named it; "-" for standard input */
	int line;         /* from 1; 0: the whole file */
	int byte;         /* octet in the line, from 0 */
	int size;         /* octets underlined; 0 counts as 1 */
};

struct diag {
	enum diag_severity severity;
	struct place at;
	const char *message;
	const char *message_zh; /* for screens that speak Chinese; NULL: in English only */
	const char *hint;       /* or NULL */
	const char *line; /* the text of the line, without its end; or NULL */
};

struct diags {
	ARRAY(struct diag) list;
	struct arena arena; /* the strings */
	int errors;         /* all of them, also those past DIAG_MAX */
	int warnings;
};

/* A zeroed struct diags is an empty one. The texts are copied. */
void diag_error(struct diags *d, struct place at, const char *line, const char *hint,
		const char *format, ...) __attribute__((format(printf, 5, 6)));
void diag_warning(struct diags *d, struct place at, const char *line, const char *hint,
		  const char *format, ...) __attribute__((format(printf, 5, 6)));
/* In both languages, without a place in any file. */
void diag_error_in(struct diags *d, const char *en, const char *zh);
void diag_print(const struct diags *d, struct sink *out); /* in the order found */
void diags_fini(struct diags *d);

/* The nearest word in a NULL-terminated list, by edit distance, or NULL when none is near. */
const char *nearest_word(const char *word, const char *const *words);

#endif
