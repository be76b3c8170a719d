/* SPDX-License-Identifier: MIT */
#include <drill/script_lex.h>

#include <string.h>
#include <base/utf8.h>

struct lexer {
	struct drill_tokens *out;
	struct drill_script *s;
	const struct drill_words *words;
	struct diags *d;
	const char *at, *end;
	const char *line_start;
	int line;
	bool is_fresh;  /* nothing of this line has been seen */
	int ifdef_line; /* of the open #ifdef; 0: none */
	bool has_else;
	bool is_skipping;
	const struct drill_token *given_for; /* lexing a value of --define: stands here */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct drill_token *push(struct lexer *x, enum drill_token_kind kind, const char *to)
{
	struct drill_token *t = array_push(&x->out->list);

	*t = (struct drill_token){.kind = (uint8_t)kind,
				  .is_first = x->is_fresh,
				  .size = (uint32_t)(to - x->at),
				  .line = x->line,
				  .last_line = x->line,
				  .byte = (int)(x->at - x->line_start),
				  .text = x->at};
	if (x->given_for) {
		t->is_given = true;
		t->is_first = x->given_for->is_first && x->is_fresh;
		t->line = t->last_line = x->given_for->line;
		t->byte = x->given_for->byte;
	}
	x->is_fresh = false;
	x->at = to;
	return t;
}

static void push_bad(struct lexer *x, const char *to, const char *why)
{
	push(x, TOK_BAD, to)->why = why;
}

static void next_line(struct lexer *x, const char *start)
{
	x->line++;
	x->line_start = start;
	x->is_fresh = true;
	*array_push(&x->out->line_starts) = (uint32_t)(start - x->s->bytes);
}

/* A token that may go over lines, up to `to`. */
static void push_long(struct lexer *x, enum drill_token_kind kind, const char *to)
{
	const char *from = x->at;
	size_t index = x->out->list.count;

	push(x, kind, to);
	if (x->given_for)
		return;
	for (const char *p = from; p < to; p++)
		if (*p == '\n')
			next_line(x, p + 1);
	x->is_fresh = false;
	x->out->list.at[index].last_line = x->line;
}

static const char *find(const struct lexer *x, const char *from, const char *what)
{
	size_t n = strlen(what);

	for (const char *p = from; (size_t)(x->end - p) >= n; p++)
		if (memcmp(p, what, n) == 0)
			return p;
	return NULL;
}

static const char *line_end(const struct lexer *x, const char *from)
{
	const char *p = memchr(from, '\n', (size_t)(x->end - from));

	return p ? p : x->end;
}

static void lex_number(struct lexer *x)
{
	const char *p = x->at;
	bool is_hex = x->end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X') &&
		      hex_digit(p[2]) >= 0;
	uint64_t base = is_hex ? 16 : 10;
	uint64_t value = 0;
	bool is_huge = false;

	if (is_hex)
		p += 2;
	for (; p < x->end && (is_hex ? hex_digit(*p) >= 0 : is_digit(*p)); p++) {
		if (value > (uint64_t)INT64_MAX / base - 1)
			is_huge = true;
		else
			value = value * base + (uint64_t)hex_digit(*p);
	}
	if (!is_hex && x->end - p > 1 && *p == '.' && is_digit(p[1])) {
		p++;
		while (p < x->end && is_digit(*p))
			p++;
		push(x, TOK_FRACTION, p);
	} else if (p < x->end && is_letter(*p)) {
		while (p < x->end && (is_letter(*p) || is_digit(*p)))
			p++;
		push_bad(x, p, "a number with letters in it");
	} else if (is_huge) {
		push_bad(x, p, "a number of more than 63 bits");
	} else {
		push(x, TOK_NUMBER, p)->value = value;
	}
}

static void lex_text(struct lexer *x)
{
	const char *p = x->at + 1;

	while (p < x->end && *p != '"' && *p != '\n')
		p += *p == '\\' && x->end - p > 1 && p[1] != '\n' ? 2 : 1;
	if (p < x->end && *p == '"')
		push(x, TOK_TEXT, p + 1);
	else
		push_bad(x, p, "the text does not end on its line: '\"' is missing");
}

/* What goes on until `close`, over lines. */
static void lex_until(struct lexer *x, enum drill_token_kind kind, size_t open, const char *close,
		      const char *why)
{
	const char *p = find(x, x->at + open, close);

	if (p) {
		push_long(x, kind, p + strlen(close));
		return;
	}
	push_bad(x, x->at + open, why);
	x->at = x->end;
}

static void lex_option(struct lexer *x)
{
	const char *p = x->at + 2;
	uint16_t name_size;

	while (p < x->end && (is_letter(*p) || is_digit(*p) || *p == '-'))
		p++;
	name_size = (uint16_t)(p - x->at < UINT16_MAX ? p - x->at : UINT16_MAX);
	if (p < x->end && *p == '=') {
		p++;
		if (p < x->end && *p == '"') {
			const char *end = line_end(x, p);
			const char *q = memchr(p + 1, '"', (size_t)(end - p - 1));

			p = q ? q + 1 : end;
		}
		while (p < x->end && !strchr(" \t\r\n", *p))
			p++;
	}
	push(x, TOK_OPTION, p)->name_size = name_size;
}

static void lex_any(struct lexer *x);

/* The value of --define NAME=VALUE for the word just read, if it is one. */
static bool fill_in(struct lexer *x, const char *word, size_t n)
{
	struct drill_token stands = *array_last(&x->out->list);
	struct lexer inner = *x;

	for (size_t i = 0; x->words && x->words->given && x->words->given[i]; i++) {
		const char *given = x->words->given[i];

		if (strncmp(given, word, n) != 0 || given[n] != '=')
			continue;
		(void)array_pop(&x->out->list);
		inner.given_for = &stands;
		inner.at = inner.line_start =
			arena_strndup(&x->s->arena, given + n + 1, strlen(given + n + 1));
		inner.end = inner.at + strlen(inner.at);
		inner.is_fresh = true;
		while (inner.at < inner.end)
			lex_any(&inner);
		return true;
	}
	return false;
}

static void lex_word(struct lexer *x)
{
	const char *from = x->at;
	const char *p = from;

	while (p < x->end && (is_letter(*p) || is_digit(*p)))
		p++;
	push(x, TOK_WORD, p);
	if (!x->given_for)
		fill_in(x, from, (size_t)(p - from));
}

static bool starts(const struct lexer *x, const char *what)
{
	size_t n = strlen(what);

	return (size_t)(x->end - x->at) >= n && memcmp(x->at, what, n) == 0;
}

static void lex_mark(struct lexer *x)
{
	uint32_t cp;

	if (starts(x, "...")) {
		push(x, TOK_MARK, x->at + 3)->mark = MARK_DOTS;
	} else if (*x->at && strchr("+~*<>:()[]{},=|-!.;&/", *x->at)) {
		char mark = *x->at;

		push(x, TOK_MARK, x->at + 1)->mark = mark;
	} else {
		size_t n = utf8_next(x->at, (size_t)(x->end - x->at), &cp);

		push_bad(x, x->at + n,
			 cp == 0xfffd && n == 1 ? "not UTF-8" : "unexpected character");
	}
}

/* One token, or a piece of white space or comment. */
static void lex_any(struct lexer *x)
{
	if (*x->at == '\n') {
		x->at++;
		if (!x->given_for)
			next_line(x, x->at);
	} else if (strchr(" \t\r\f\v", *x->at) && *x->at) {
		x->at++;
	} else if (starts(x, "//")) {
		x->at = line_end(x, x->at);
	} else if (starts(x, "/*")) {
		const char *p = find(x, x->at + 2, "*/");

		if (!p) {
			push_bad(x, x->at + 2, "the comment does not end: '*/' is missing");
			x->at = x->end;
			return;
		}
		for (; x->at < p; x->at++)
			if (*x->at == '\n' && !x->given_for)
				next_line(x, x->at + 1);
		x->at += 2;
	} else if (is_digit(*x->at) ||
		   (*x->at == '.' && x->end - x->at > 1 && is_digit(x->at[1]))) {
		lex_number(x);
	} else if (is_letter(*x->at)) {
		lex_word(x);
	} else if (*x->at == '"') {
		lex_text(x);
	} else if (*x->at == '`') {
		lex_until(x, TOK_COMMAND, 1, "`", "the command does not end: '`' is missing");
	} else if (starts(x, "%{")) {
		lex_until(x, TOK_CODE, 2, "}%", "the code does not end: '}%' is missing");
	} else if (starts(x, "--") && x->end - x->at > 2 && is_letter(x->at[2])) {
		lex_option(x);
	} else {
		lex_mark(x);
	}
}

/* ---- #ifdef ---- */

static void complain(struct lexer *x, size_t size, const char *hint, const char *what)
{
	struct place at = {x->s->name, x->line, (int)(x->at - x->line_start), (int)size};
	const char *end = line_end(x, x->line_start);
	char *line = arena_strndup(&x->s->arena, x->line_start, (size_t)(end - x->line_start));

	diag_error(x->d, at, line, hint, "%s", what);
}

static bool is_defined(const struct lexer *x, const char *name, size_t n)
{
	for (size_t i = 0; x->words && x->words->defined && x->words->defined[i]; i++)
		if (strlen(x->words->defined[i]) == n && memcmp(x->words->defined[i], name, n) == 0)
			return true;
	return false;
}

static void lex_ifdef(struct lexer *x, const char *name, size_t n, bool is_not)
{
	if (x->ifdef_line)
		complain(x, 6, "close the other one with #endif first", "#ifdef inside #ifdef");
	else if (n == 0)
		complain(x, 6, "#ifdef NAME", "#ifdef without a name");
	x->ifdef_line = x->line;
	x->has_else = false;
	x->is_skipping = is_defined(x, name, n) == is_not;
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* A line that begins with #. */
static void lex_directive(struct lexer *x)
{
	const char *end = line_end(x, x->at);
	const char *word = skip_blanks(x->at + 1, end);
	const char *word_end = word;
	const char *name, *name_end;
	size_t n;

	while (word_end < end && is_letter(*word_end))
		word_end++;
	n = (size_t)(word_end - word);
	name = name_end = skip_blanks(word_end, end);
	while (name_end < end && (is_letter(*name_end) || is_digit(*name_end)))
		name_end++;
	if (n == 5 && memcmp(word, "ifdef", 5) == 0) {
		lex_ifdef(x, name, (size_t)(name_end - name), false);
	} else if (n == 6 && memcmp(word, "ifndef", 6) == 0) {
		lex_ifdef(x, name, (size_t)(name_end - name), true);
	} else if (n == 4 && memcmp(word, "else", 4) == 0) {
		if (!x->ifdef_line || x->has_else)
			complain(x, 5, NULL, "#else without #ifdef");
		x->has_else = true;
		x->is_skipping = !x->is_skipping && x->ifdef_line;
	} else if (n == 5 && memcmp(word, "endif", 5) == 0) {
		if (!x->ifdef_line)
			complain(x, 6, NULL, "#endif without #ifdef");
		x->ifdef_line = 0;
		x->is_skipping = false;
	} else {
		complain(x, n + 1, "#ifdef NAME, #ifndef NAME, #else and #endif are known",
			 "an unknown line with #");
	}
	x->at = end;
}

static bool at_directive(const struct lexer *x)
{
	return x->is_fresh && x->at < x->end && *x->at == '#';
}

static void lex_all(struct lexer *x)
{
	while (x->at < x->end) {
		if (at_directive(x)) {
			lex_directive(x);
		} else if (x->is_skipping && *x->at != '\n') {
			const char *p = x->is_fresh ? skip_blanks(x->at, x->end) : x->at;

			x->at = p < x->end && *p == '#' && x->is_fresh ? p : line_end(x, x->at);
		} else {
			lex_any(x);
		}
	}
	if (x->ifdef_line) {
		x->line = x->ifdef_line;
		x->line_start = x->s->bytes + x->out->line_starts.at[x->line - 1];
		x->at = x->line_start;
		complain(x, 6, NULL, "#ifdef without #endif");
		x->at = x->end;
	}
}

void drill_lex(struct drill_tokens *out, struct drill_script *s, const struct drill_words *words,
	       struct diags *d)
{
	struct lexer x = {.out = out, .s = s, .words = words, .d = d, .line = 1, .is_fresh = true};

	x.at = x.line_start = s->bytes;
	x.end = s->bytes + s->size;
	*array_push(&out->line_starts) = 0;
	if (s->size > DRILL_BYTES_MAX) {
		push_bad(&x, x.at, "the file is larger than 1 MiB");
		x.at = x.end;
	} else if (s->size >= 3 && memcmp(s->bytes, "\xef\xbb\xbf", 3) == 0) {
		x.at = x.line_start = s->bytes + 3; /* a byte order mark */
	}
	if (x.at < x.end)
		lex_all(&x);
	push(&x, TOK_END, x.at);
}
