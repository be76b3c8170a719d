/* SPDX-License-Identifier: MIT */
/* script_lex.h - a packetdrill script as tokens: comments and #ifdef are gone, -D is filled in. */
#ifndef DRILL_SCRIPT_LEX_H
#define DRILL_SCRIPT_LEX_H

#include <stddef.h>
#include <stdint.h>
#include <base/array.h>
#include <base/diag.h>
#include <drill/script.h>

enum drill_token_kind {
	TOK_END,
	TOK_NUMBER,   /* 12, 0x0c: value */
	TOK_FRACTION, /* 0.5, .5 */
	TOK_WORD,
	TOK_TEXT,    /* "...", quotes included */
	TOK_COMMAND, /* `...`, backticks included */
	TOK_CODE,    /* %{ ... }%, marks included */
	TOK_OPTION,  /* --name, or --name=value */
	TOK_MARK,    /* mark: the character, or MARK_DOTS */
	TOK_BAD,     /* why says what is wrong */
};

enum { MARK_DOTS = 1 }; /* ... */

struct drill_token {
	uint8_t kind;
	char mark;
	bool is_first;      /* of its line */
	bool is_given;      /* not in the file: a value of --define */
	uint16_t name_size; /* OPTION: octets of --name */
	uint32_t size;
	int line, byte; /* where it begins; of a given one: where the word stands */
	int last_line;
	const char *text; /* into the source, or into what was given */
	const char *why;  /* BAD */
	uint64_t value;   /* NUMBER */
};

struct drill_tokens {
	ARRAY(struct drill_token) list; /* the last is TOK_END */
	ARRAY(uint32_t) line_starts;    /* [line - 1] */
};

enum { DRILL_BYTES_MAX = 1 << 20 };

/* `s` has name and bytes. What is wrong with #ifdef is told at once, the rest becomes TOK_BAD. */
void drill_lex(struct drill_tokens *out, struct drill_script *s, const struct drill_words *words,
	       struct diags *d);

#endif
