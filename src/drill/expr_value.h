/* SPDX-License-Identifier: MIT */
/* expr_value.h - what code computes with: whole numbers, fractions, texts, tuples. */
#ifndef DRILL_EXPR_VALUE_H
#define DRILL_EXPR_VALUE_H

#include <drill/expr_parse.h>

enum value_kind { VALUE_INT, VALUE_REAL, VALUE_TEXT, VALUE_TUPLE, VALUE_NONE };

struct value {
	uint8_t kind; /* enum value_kind */
	uint32_t count;
	int64_t number;
	double real;
	const char *text; /* NUL-terminated */
	const struct value *items;
};

bool value_is_true(struct value v);
bool value_is_number(struct value v);
double value_real(struct value v);
const char *value_print(struct arena *a, struct value v);
/* "cwnd=%d" % values. NULL: they do not fit; why says what is wrong. */
const char *value_format(struct arena *a, const char *format, struct value v, const char **why);
/* False: `why` says what is wrong. */
bool value_op(struct arena *a, enum code_op op, struct value x, struct value y, struct value *out,
	      const char **why);
bool value_compare(enum code_op op, struct value x, struct value y, bool *out, const char **why);

#endif
