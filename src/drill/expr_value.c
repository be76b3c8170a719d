/* SPDX-License-Identifier: MIT */
#include <drill/expr_value.h>

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 4096 }; /* octets; no message is longer */

bool value_is_number(struct value v)
{
	return v.kind == VALUE_INT || v.kind == VALUE_REAL;
}

double value_real(struct value v)
{
	return v.kind == VALUE_INT ? (double)v.number : v.real;
}

bool value_is_true(struct value v)
{
	switch ((enum value_kind)v.kind) {
	case VALUE_INT: return v.number != 0;
	case VALUE_REAL: return v.real != 0;
	case VALUE_TEXT: return v.text[0] != '\0';
	case VALUE_TUPLE: return v.count > 0;
	case VALUE_NONE: return false;
	}
	return false;
}

const char *value_print(struct arena *a, struct value v)
{
	const char *text = "(";

	switch ((enum value_kind)v.kind) {
	case VALUE_INT: return arena_printf(a, "%lld", (long long)v.number);
	case VALUE_REAL: return arena_printf(a, "%.12g", v.real);
	case VALUE_TEXT: return v.text;
	case VALUE_NONE: return "None";
	case VALUE_TUPLE: break;
	}
	for (uint32_t i = 0; i < v.count; i++)
		text = arena_printf(a, "%s%s%s", text, i ? ", " : "", value_print(a, v.items[i]));
	return arena_printf(a, "%s%s)", text, v.count == 1 ? "," : "");
}

/* ---- "..." % values ---- */

struct directive {
	char text[16]; /* %-5.2 and the length's sign, without the letter */
	size_t n;
	char letter;
	size_t taken; /* octets of the format */
};

/* False: not one that is known. */
static bool read_directive(const char *at, struct directive *d)
{
	const char *p = at + 1;

	while (*p && strchr("-+ #0", *p) && p - at < 4)
		p++;
	for (int i = 0; i < 2 && *p >= '0' && *p <= '9'; i++)
		p++;
	if (*p == '.') {
		p++;
		for (int i = 0; i < 2 && *p >= '0' && *p <= '9'; i++)
			p++;
	}
	d->n = (size_t)(p - at);
	if (d->n + 4 > sizeof d->text || !*p || !strchr("diusrxXofgeF%", *p))
		return false;
	memcpy(d->text, at, d->n);
	d->letter = *p;
	d->taken = d->n + 1;
	return true;
}

static const char *format_one(struct arena *a, struct directive *d, struct value v,
			      const char **why)
{
	bool is_text = d->letter == 's' || d->letter == 'r';
	bool is_real = strchr("fgeF", d->letter) != NULL;
	char out[400];

	if (!is_text && !value_is_number(v)) {
		*why = "a number is needed for the format";
		return NULL;
	}
	if (is_text) {
		memcpy(d->text + d->n, "s", 2);
	} else if (is_real) {
		d->text[d->n] = d->letter;
		d->text[d->n + 1] = '\0';
	} else {
		memcpy(d->text + d->n, "ll", 2);
		d->text[d->n + 2] = d->letter == 'u' || d->letter == 'i' ? 'd' : d->letter;
		d->text[d->n + 3] = '\0';
	}
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (is_text)
		snprintf(out, sizeof out, d->text, value_print(a, v));
	else if (is_real)
		snprintf(out, sizeof out, d->text, value_real(v));
	else
		snprintf(out, sizeof out, d->text,
			 v.kind == VALUE_INT ? (long long)v.number : (long long)v.real);
#pragma GCC diagnostic pop
	return arena_strndup(a, out, strlen(out));
}

const char *value_format(struct arena *a, const char *format, struct value v, const char **why)
{
	const char *out = "";
	uint32_t used = 0;
	uint32_t count = v.kind == VALUE_TUPLE ? v.count : 1;

	if (strlen(format) > TEXT_MAX) {
		*why = "the text is too long";
		return NULL;
	}
	while (*format) {
		struct directive d = {0};
		const char *percent = strchr(format, '%');
		const char *part;

		if (percent != format) {
			size_t n = percent ? (size_t)(percent - format) : strlen(format);

			out = arena_printf(a, "%s%.*s", out, (int)n, format);
			format += n;
			continue;
		}
		if (!read_directive(format, &d)) {
			*why = "the format is not known here: %d, %s, %x, %f";
			return NULL;
		}
		format += d.taken;
		if (d.letter == '%') {
			out = arena_printf(a, "%s%%", out);
			continue;
		}
		if (used == count) {
			*why = "the format wants more values than there are";
			return NULL;
		}
		part = format_one(a, &d, v.kind == VALUE_TUPLE ? v.items[used] : v, why);
		if (!part)
			return NULL;
		out = arena_printf(a, "%s%s", out, part);
		used++;
	}
	if (used == count)
		return out;
	*why = "the format takes fewer values than there are";
	return NULL;
}

/* ---- operators ---- */

static bool too_large(const char **why)
{
	*why = "the result has more than 63 bits";
	return false;
}

/* Of two whole numbers; towards minus infinity, as Python does. */
static bool int_divide(enum code_op op, int64_t x, int64_t y, int64_t *out, const char **why)
{
	int64_t rest;

	if (y == 0) {
		*why = "a division by 0";
		return false;
	}
	if (x == INT64_MIN && y == -1)
		return too_large(why);
	rest = x % y;
	*out = x / y;
	if (rest != 0 && (rest < 0) != (y < 0)) {
		rest += y;
		*out -= 1;
	}
	if (op == CODE_MODULO)
		*out = rest;
	return true;
}

static bool int_op(enum code_op op, int64_t x, int64_t y, int64_t *out, const char **why)
{
	if (op == CODE_FLOOR || op == CODE_MODULO)
		return int_divide(op, x, y, out, why);
	if (op == CODE_BIT_OR)
		*out = x | y;
	else if (op == CODE_BIT_XOR)
		*out = x ^ y;
	else if (op == CODE_BIT_AND)
		*out = x & y;
	else if (op == CODE_ADD)
		return !__builtin_add_overflow(x, y, out) || too_large(why);
	else if (op == CODE_SUBTRACT)
		return !__builtin_sub_overflow(x, y, out) || too_large(why);
	else if (op == CODE_MULTIPLY)
		return !__builtin_mul_overflow(x, y, out) || too_large(why);
	else if (y < 0 || y > 62)
		return too_large(why);
	else if (op == CODE_SHIFT_RIGHT)
		*out = x >> y;
	else
		return !__builtin_mul_overflow(x, (int64_t)1 << y, out) || too_large(why);
	return true;
}

static bool real_op(enum code_op op, double x, double y, double *out, const char **why)
{
	if (op == CODE_ADD) {
		*out = x + y;
	} else if (op == CODE_SUBTRACT) {
		*out = x - y;
	} else if (op == CODE_MULTIPLY) {
		*out = x * y;
	} else if (op == CODE_DIVIDE) {
		if (y == 0) {
			*why = "a division by 0";
			return false;
		}
		*out = x / y;
	} else {
		*why = "this needs whole numbers";
		return false;
	}
	return true;
}

bool value_op(struct arena *a, enum code_op op, struct value x, struct value y, struct value *out,
	      const char **why)
{
	if (op == CODE_MODULO && x.kind == VALUE_TEXT) {
		*out = (struct value){.kind = VALUE_TEXT, .text = value_format(a, x.text, y, why)};
		return out->text != NULL;
	}
	if (op == CODE_ADD && x.kind == VALUE_TEXT && y.kind == VALUE_TEXT) {
		if (strlen(x.text) + strlen(y.text) > TEXT_MAX) {
			*why = "the text is too long";
			return false;
		}
		*out = (struct value){.kind = VALUE_TEXT,
				      .text = arena_printf(a, "%s%s", x.text, y.text)};
		return true;
	}
	if (!value_is_number(x) || !value_is_number(y)) {
		*why = "this needs numbers";
		return false;
	}
	if (x.kind == VALUE_INT && y.kind == VALUE_INT && op != CODE_DIVIDE) {
		*out = (struct value){.kind = VALUE_INT};
		return int_op(op, x.number, y.number, &out->number, why);
	}
	*out = (struct value){.kind = VALUE_REAL};
	return real_op(op, value_real(x), value_real(y), &out->real, why);
}

static int order_of(struct value x, struct value y)
{
	if (x.kind == VALUE_TEXT)
		return strcmp(x.text, y.text);
	if (x.kind == VALUE_INT && y.kind == VALUE_INT)
		return (x.number > y.number) - (x.number < y.number);
	return (value_real(x) > value_real(y)) - (value_real(x) < value_real(y));
}

bool value_compare(enum code_op op, struct value x, struct value y, bool *out, const char **why)
{
	bool is_alike = (value_is_number(x) && value_is_number(y)) ||
			(x.kind == VALUE_TEXT && y.kind == VALUE_TEXT);
	int order;

	if (!is_alike) {
		if (op != CODE_EQUAL && op != CODE_UNEQUAL) {
			*why = "these cannot be compared";
			return false;
		}
		*out = (x.kind == VALUE_NONE && y.kind == VALUE_NONE) == (op == CODE_EQUAL);
		return true;
	}
	order = order_of(x, y);
	*out = op == CODE_LESS            ? order < 0
	       : op == CODE_LESS_EQUAL    ? order <= 0
	       : op == CODE_GREATER       ? order > 0
	       : op == CODE_GREATER_EQUAL ? order >= 0
	       : op == CODE_EQUAL         ? order == 0
					  : order != 0;
	return true;
}
