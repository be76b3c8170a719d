/* SPDX-License-Identifier: MIT */
/* expr_lex.h - code as tokens. */
#ifndef DRILL_EXPR_LEX_H
#define DRILL_EXPR_LEX_H

#include <base/array.h>
#include <drill/expr_parse.h>

enum code_token_kind {
	CTOK_END,
	CTOK_LINE, /* a statement ends: a line, or ; */
	CTOK_NUMBER,
	CTOK_REAL,
	CTOK_TEXT,
	CTOK_NAME,
	CTOK_MARK, /* one of < > = + - * / % & | ^ ~ ( ) , or two of them */
	CTOK_BAD,
};

struct code_token {
	uint8_t kind;
	const char *text;
	uint32_t size;
	int64_t number;
	double real;
	const char *why;
	struct place at;
};

struct code_tokens {
	ARRAY(struct code_token) list;
};

void code_lex(const struct code_source *source, struct code_tokens *out);

#endif
