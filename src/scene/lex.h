/* SPDX-License-Identifier: MIT */
/* lex.h - a scene file as tokens with places. Comments stay: the formatter prints them. */
#ifndef SCENE_LEX_H
#define SCENE_LEX_H

#include <stddef.h>
#include <stdint.h>
#include <base/array.h>
#include <base/diag.h>

enum token_kind {
	TOKEN_END,
	TOKEN_LINE_END,
	TOKEN_COMMENT,
	TOKEN_WORD,     /* connect, 张三, SYN+ACK, FIN-WAIT-1, li.next.ack */
	TOKEN_NUMBER,   /* 1015; with a unit: 1.05s, 64KiB, 10%; 2nd */
	TOKEN_TEXT,     /* "...", quotes included */
	TOKEN_TEMPLATE, /* a word or number with loop variables in it: {loss}, p{i} */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_ARROW,     /* -> */
	TOKEN_BOTH_WAYS, /* <-> */
	TOKEN_RANGE,     /* .. */
	TOKEN_COMPARE,   /* = != < <= > >= */
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_BAD, /* why says what is wrong; only an address or flags may hold it */
};

/* What the formatter wants to know; the parser sets it. */
enum token_mark {
	MARK_ITEM = 1 << 0,    /* a setting or an attribute of the wind begins */
	MARK_SUBJECT = 1 << 1, /* after `at T`, `expect at T`: who */
	MARK_REST = 1 << 2,    /* what follows the subject */
	MARK_STATE = 1 << 3,   /* a TCP state, printed in one spelling */
	MARK_SAY = 1 << 4,     /* say and because: belong to the line above */
};

struct token {
	uint8_t kind;
	uint8_t mark;
	uint32_t line; /* from 1 */
	uint32_t byte; /* in the line, from 0 */
	uint32_t size;
	const char *text; /* into the source */
	const char *why;  /* TOKEN_BAD */
};

struct source {
	char *name;
	char *bytes;
	size_t size;
	ARRAY(struct token) tokens;  /* the last is TOKEN_END */
	ARRAY(uint32_t) line_starts; /* [line - 1] */
};

struct source *source_new(const char *name, const char *bytes, size_t n);
void source_free(struct source *s);
/* The text of a line, NUL-terminated, in the caller's buffer. */
enum { SOURCE_LINE = 4096 + 8 };
void source_line(const struct source *s, uint32_t line, char out[SOURCE_LINE]);
/* `size` octets of a `{name}` at s, 0 when there is none. */
size_t lex_variable(const char *s, const char *end);

#endif
