/* SPDX-License-Identifier: MIT */
#include <drill/expr_lex.h>

#include <string.h>

struct code_lexer {
	struct code_tokens *out;
	const char *file;
	const char *at, *end;
	const char *line_start;
	int line, extra; /* octets of its first line before line_start */
	int depth;       /* of parentheses: a line's end means nothing there */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static struct code_token *push(struct code_lexer *x, enum code_token_kind kind, const char *to)
{
	struct code_token *t = array_push(&x->out->list);

	*t = (struct code_token){.kind = (uint8_t)kind,
				 .text = x->at,
				 .size = (uint32_t)(to - x->at),
				 .at = {x->file, x->line, (int)(x->at - x->line_start) + x->extra,
					(int)(to - x->at)}};
	x->at = to;
	return t;
}

static void push_bad(struct code_lexer *x, const char *to, const char *why)
{
	push(x, CTOK_BAD, to)->why = why;
}

static void next_line(struct code_lexer *x)
{
	x->line++;
	x->line_start = x->at;
	x->extra = 0;
}

static int digit_of(char c)
{
	if (is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

static const char *skip_digits(const struct code_lexer *x, const char *p)
{
	while (p < x->end && is_digit(*p))
		p++;
	return p;
}

static void lex_real(struct code_lexer *x, const char *point)
{
	const char *end = *point == '.' ? skip_digits(x, point + 1) : point;
	double real = 0;
	double unit = 1;

	for (const char *p = x->at; p < point; p++)
		real = real * 10 + (*p - '0');
	for (const char *p = point + 1; p < end; p++) {
		unit /= 10;
		real += unit * (*p - '0');
	}
	if (end < x->end && is_letter(*end))
		push_bad(x, end + 1, "a number with letters in it");
	else
		push(x, CTOK_REAL, end)->real = real;
}

static void lex_number(struct code_lexer *x)
{
	const char *p = x->at;
	bool is_hex = x->end - p > 2 && *p == '0' && (p[1] == 'x' || p[1] == 'X');
	int base = is_hex ? 16 : 10;
	int64_t n = 0;
	bool is_huge = false;

	if (!is_hex) {
		const char *point = skip_digits(x, p);

		if (point < x->end && *point == '.') {
			lex_real(x, point);
			return;
		}
	}
	for (p += is_hex ? 2 : 0; p < x->end && digit_of(*p) < base; p++) {
		is_huge = is_huge || n > INT64_MAX / base - 1;
		n = is_huge ? 0 : n * base + digit_of(*p);
	}
	if (p < x->end && is_letter(*p))
		push_bad(x, p + 1, "a number with letters in it");
	else if (is_huge)
		push_bad(x, p, "a number of more than 63 bits");
	else
		push(x, CTOK_NUMBER, p)->number = n;
}

static void lex_text(struct code_lexer *x)
{
	const char *p = x->at + 1;

	while (p < x->end && *p != *x->at && *p != '\n')
		p += *p == '\\' && x->end - p > 1 && p[1] != '\n' ? 2 : 1;
	if (p < x->end && *p == *x->at)
		push(x, CTOK_TEXT, p + 1);
	else
		push_bad(x, p, "the text does not end on its line");
}

static void lex_mark(struct code_lexer *x)
{
	static const char *const two[] = {"<=", ">=", "==", "!=", "//", "<<", ">>",
					  "**", "+=", "-=", "*=", "&=", "|=", "%="};

	for (size_t i = 0; i < sizeof two / sizeof two[0]; i++) {
		if (x->end - x->at >= 2 && memcmp(x->at, two[i], 2) == 0) {
			push(x, CTOK_MARK, x->at + 2);
			return;
		}
	}
	if (!*x->at || !strchr("<>=+-*/%&|^~(),", *x->at)) {
		push_bad(x, x->at + 1, "unexpected character");
		return;
	}
	if (*x->at == '(')
		x->depth++;
	else if (*x->at == ')' && x->depth > 0)
		x->depth--;
	push(x, CTOK_MARK, x->at + 1);
}

static void lex_blank(struct code_lexer *x)
{
	if (*x->at == '\\' && x->end - x->at > 1 && (x->at[1] == '\n' || x->at[1] == '\r')) {
		x->at += x->at[1] == '\r' && x->end - x->at > 2 && x->at[2] == '\n' ? 3 : 2;
		next_line(x);
	} else if (*x->at == '\n') {
		if (x->depth == 0)
			push(x, CTOK_LINE, x->at + 1);
		else
			x->at++;
		next_line(x);
	} else if (*x->at == '#') {
		while (x->at < x->end && *x->at != '\n')
			x->at++;
	} else {
		x->at++;
	}
}

void code_lex(const struct code_source *source, struct code_tokens *out)
{
	struct code_lexer x = {.out = out,
			       .file = source->script->name,
			       .at = source->text,
			       .end = source->text + source->size,
			       .line_start = source->text,
			       .line = source->line,
			       .extra = source->byte};

	while (x.at < x.end) {
		const char *p = x.at;

		if (strchr(" \t\r\n#", *p) || (*p == '\\' && x.end - p > 1)) {
			lex_blank(&x);
		} else if (*p == ';') {
			push(&x, CTOK_LINE, p + 1);
		} else if (is_digit(*p)) {
			lex_number(&x);
		} else if (is_letter(*p)) {
			while (p < x.end && (is_letter(*p) || is_digit(*p)))
				p++;
			push(&x, CTOK_NAME, p);
		} else if (*p == '\'' || *p == '"') {
			lex_text(&x);
		} else {
			lex_mark(&x);
		}
	}
	push(&x, CTOK_END, x.at);
}
