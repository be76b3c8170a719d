/* SPDX-License-Identifier: MIT */
/* expr_parse.h - code as a tree; expr.c walks it. */
#ifndef DRILL_EXPR_PARSE_H
#define DRILL_EXPR_PARSE_H

#include <base/array.h>
#include <drill/expr.h>

enum code_op {
	CODE_OR,
	CODE_AND,
	CODE_NOT,
	CODE_LESS,
	CODE_LESS_EQUAL,
	CODE_GREATER,
	CODE_GREATER_EQUAL,
	CODE_EQUAL,
	CODE_UNEQUAL,
	CODE_BIT_OR,
	CODE_BIT_XOR,
	CODE_BIT_AND,
	CODE_SHIFT_LEFT,
	CODE_SHIFT_RIGHT,
	CODE_ADD,
	CODE_SUBTRACT,
	CODE_MULTIPLY,
	CODE_DIVIDE, /* /: of two numbers a fraction, as in Python 3 */
	CODE_FLOOR,  /* // */
	CODE_MODULO, /* also: "..." % values */
	CODE_NEGATE,
	CODE_INVERT,
	CODE_OPS,
};

enum code_kind {
	NODE_NUMBER, /* number */
	NODE_REAL,   /* real */
	NODE_TEXT,   /* text, size */
	NODE_NONE,   /* None */
	NODE_NAME,   /* text */
	NODE_OP,     /* op, kids: one or two; OR, AND: many */
	NODE_CHAIN,  /* kids joined by ops[]: a <= b <= c */
	NODE_TUPLE,  /* kids */
	NODE_CALL,   /* text(kids): abs, int, max, min */
};

struct code_node {
	uint8_t kind;   /* enum code_kind */
	uint8_t op;     /* enum code_op */
	uint16_t depth; /* of the tree below it: it is walked by recursion */
	uint32_t count;
	struct code_node **kids;
	uint8_t *ops; /* CHAIN: count - 1 of them */
	int64_t number;
	double real;
	const char *text;
	uint32_t size;
	struct place at;
};

enum code_statement_kind { CODE_ASSERT, CODE_PRINT, CODE_ASSIGN, CODE_CHANGE, CODE_PASS };

struct code_statement {
	uint8_t kind;              /* enum code_statement_kind */
	uint8_t op;                /* CHANGE: NAME op= value */
	const char *name;          /* ASSIGN, CHANGE */
	struct code_node *value;   /* ASSERT: the condition; PRINT: a TUPLE */
	struct code_node *message; /* ASSERT; or NULL */
	const char *text;          /* as written, white space as one blank */
	struct place at;
};

struct drill_code {
	const char *text; /* as written, without %{ and }% */
	struct code_statement *statements;
	size_t count;
	struct place at;
};

/* Names that the blocks before have given a value. */
struct drill_code_names {
	ARRAY(const char *) list;
};

/* Where code stands: `text` lies in the source, so that places can be told. */
struct code_source {
	struct drill_script *script;
	const char *text;
	size_t size;
	int line, byte; /* of the first octet of text */
};

/* NULL after an error. */
struct drill_code *drill_code_parse(const struct code_source *source,
				    struct drill_code_names *names, struct diags *d);

/* Constants of code: TCP_CA_Open, TCPI_LISTEN, TCPI_OPT_SACK. */
bool drill_code_constant(const char *name, int64_t *value);
/* Names of the socket's figures: tcpi_*, SK_MEMINFO_*. */
bool drill_code_is_figure(const char *name);
const char *const *drill_code_figures(void); /* NULL-terminated */

#endif
