/* SPDX-License-Identifier: MIT */
#include <scene/lex.h>

#include <string.h>
#include <base/utf8.h>
#include <scene/limits.h>

struct lexer {
	struct source *s;
	const char *at, *end;
	const char *line_start;
	uint32_t line;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Octets of the letter at s, 0: none. */
static size_t letter_size(const char *s, const char *end)
{
	uint32_t cp;
	size_t n;

	if (s >= end)
		return 0;
	if ((unsigned char)*s < 0x80)
		return is_ascii_letter(*s);
	n = utf8_next(s, (size_t)(end - s), &cp);
	return cp != 0xfffd && cp_is_letter(cp) ? n : 0;
}

size_t lex_variable(const char *s, const char *end)
{
	const char *p = s;
	size_t n;

	if (p >= end || *p != '{')
		return 0;
	p++;
	n = letter_size(p, end);
	if (n == 0)
		return 0;
	while (p < end && (n = is_digit(*p) ? 1 : letter_size(p, end)) > 0)
		p += n;
	return p < end && *p == '}' ? (size_t)(p + 1 - s) : 0;
}

static struct token *push(struct lexer *x, enum token_kind kind, const char *from, const char *to)
{
	struct token *t = array_push(&x->s->tokens);

	*t = (struct token){.kind = (uint8_t)kind,
			    .line = x->line,
			    .byte = (uint32_t)(from - x->line_start),
			    .size = (uint32_t)(to - from),
			    .text = from};
	x->at = to;
	return t;
}

static void push_bad(struct lexer *x, const char *from, const char *to, const char *why)
{
	push(x, TOKEN_BAD, from, to)->why = why;
}

/* Letters and digits; `-` before a letter or digit (FIN-WAIT-1), `.` and `+` before a letter
 * (snd.una, SYN+ACK). */
static const char *word_end(const char *p, const char *end)
{
	for (;;) {
		size_t n = p < end && is_digit(*p) ? 1 : letter_size(p, end);

		if (n > 0) {
			p += n;
			continue;
		}
		if (p + 1 >= end || (*p != '-' && *p != '.' && *p != '+'))
			return p;
		if (letter_size(p + 1, end) == 0 && !(*p == '-' && is_digit(p[1])))
			return p;
		p++;
	}
}

/* 12, 1.05s, 10%, 2nd: digits, a fraction, a unit of letters. */
static const char *number_end(const char *p, const char *end)
{
	size_t n;

	while (p < end && is_digit(*p))
		p++;
	if (p + 1 < end && *p == '.' && is_digit(p[1])) {
		p++;
		while (p < end && is_digit(*p))
			p++;
	}
	if (p < end && *p == '%')
		return p + 1;
	while (p < end && (n = is_digit(*p) ? 1 : letter_size(p, end)) > 0)
		p += n;
	return p;
}

/* A run that holds loop variables: it becomes one word once they are known. */
static const char *template_end(const char *p, const char *end)
{
	for (;;) {
		size_t n = lex_variable(p, end);

		if (n == 0 && p < end && is_digit(*p))
			n = 1;
		if (n == 0)
			n = letter_size(p, end);
		if (n == 0 && p + 1 < end && strchr("-.+%", *p) && p[1] != '>' && p[1] != '.' &&
		    (is_digit(p[1]) || p[1] == '{' || letter_size(p + 1, end)))
			n = 1;
		if (n == 0 && p < end && *p == '%')
			n = 1;
		if (n == 0)
			return p;
		p += n;
	}
}

static void lex_run(struct lexer *x, enum token_kind kind, const char *end)
{
	const char *from = x->at;

	if (lex_variable(end, x->end)) {
		end = template_end(end, x->end);
		kind = TOKEN_TEMPLATE;
	}
	push(x, kind, from, end);
}

static void lex_text(struct lexer *x)
{
	const char *from = x->at;
	const char *p = from + 1;
	const char *why = NULL;

	while (p < x->end && *p != '\n' && *p != '"') {
		uint32_t cp;
		size_t n;

		if (*p == '\\' && p + 1 < x->end && p[1] != '\n') {
			p++;
			if ((unsigned char)*p < 0x80) {
				p++;
				continue;
			}
		}
		n = utf8_next(p, (size_t)(x->end - p), &cp);
		if (cp == 0xfffd && n == 1)
			why = "the text is not UTF-8";
		else if (cp != '\t' && cp_is_control(cp) && !why)
			why = "a control character: write it as \\xHH";
		p += n;
	}
	if (p >= x->end || *p != '"') {
		if (p > from && p[-1] == '\r')
			p--;
		push_bad(x, from, p, "the text does not end on its line: '\"' is missing");
		return;
	}
	p++;
	if (why)
		push_bad(x, from, p, why);
	else
		push(x, TOKEN_TEXT, from, p);
}

static void lex_comment(struct lexer *x)
{
	const char *from = x->at;
	const char *p = memchr(from, '\n', (size_t)(x->end - from));

	if (!p)
		p = x->end;
	while (p > from && (p[-1] == '\r' || p[-1] == ' ' || p[-1] == '\t'))
		p--;
	for (const char *q = from; q < p;) {
		uint32_t cp;
		size_t n = utf8_next(q, (size_t)(p - q), &cp);

		if ((cp == 0xfffd && n == 1) || (cp != '\t' && cp_is_control(cp))) {
			push_bad(x, from, p, "a comment must be clean UTF-8");
			return;
		}
		q += n;
	}
	push(x, TOKEN_COMMENT, from, p);
}

static bool lex_mark(struct lexer *x)
{
	static const struct {
		const char *text;
		enum token_kind kind;
	} marks[] = {
		{"<->", TOKEN_BOTH_WAYS}, {"->", TOKEN_ARROW},   {"..", TOKEN_RANGE},
		{"!=", TOKEN_COMPARE},    {"<=", TOKEN_COMPARE}, {">=", TOKEN_COMPARE},
		{"=", TOKEN_COMPARE},     {"<", TOKEN_COMPARE},  {">", TOKEN_COMPARE},
		{"{", TOKEN_OPEN},        {"}", TOKEN_CLOSE},    {",", TOKEN_COMMA},
		{"+", TOKEN_PLUS},        {"-", TOKEN_MINUS},
	};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		size_t n = strlen(marks[i].text);

		if ((size_t)(x->end - x->at) >= n && memcmp(x->at, marks[i].text, n) == 0) {
			push(x, marks[i].kind, x->at, x->at + n);
			return true;
		}
	}
	return false;
}

static void lex_one(struct lexer *x)
{
	uint32_t cp;
	size_t n;

	if (is_digit(*x->at)) {
		lex_run(x, TOKEN_NUMBER, number_end(x->at, x->end));
	} else if (letter_size(x->at, x->end)) {
		lex_run(x, TOKEN_WORD, word_end(x->at, x->end));
	} else if (lex_variable(x->at, x->end)) {
		lex_run(x, TOKEN_TEMPLATE, x->at);
	} else if (*x->at == '"') {
		lex_text(x);
	} else if (*x->at == '#') {
		lex_comment(x);
	} else if (!lex_mark(x)) {
		n = utf8_next(x->at, (size_t)(x->end - x->at), &cp);
		push_bad(x, x->at, x->at + n,
			 cp == 0xfffd && n == 1 ? "not UTF-8" : "unexpected character");
	}
}

/* `en "..."` and `zh "..."` may stand on a line of their own, under the text they belong to: two
 * languages side by side are too long for one line. No statement begins with these words. */
static bool goes_on(const struct lexer *x)
{
	const char *p = x->at + 1;

	if (x->s->tokens.count == 0 || array_last(&x->s->tokens)->kind != TOKEN_TEXT)
		return false;
	while (p < x->end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return x->end - p > 3 && (memcmp(p, "en", 2) == 0 || memcmp(p, "zh", 2) == 0) &&
	       (p[2] == ' ' || p[2] == '\t' || p[2] == '"');
}

static void lex_line_end(struct lexer *x)
{
	if (goes_on(x))
		x->at++;
	else
		push(x, TOKEN_LINE_END, x->at, x->at + 1);
	x->line++;
	x->line_start = x->at;
	*array_push(&x->s->line_starts) = (uint32_t)(x->at - x->s->bytes);
}

/* A line that is too long is one mistake, whatever stands in it. */
static bool skip_long_line(struct lexer *x)
{
	const char *p = memchr(x->at, '\n', (size_t)(x->end - x->at));

	if (!p)
		p = x->end;
	if (p - x->at <= SCENE_LINE_MAX)
		return false;
	push_bad(x, x->at, x->at + 1, "the line is longer than 4096 octets");
	x->at = p;
	return true;
}

static void lex(struct lexer *x)
{
	bool is_fresh = true;

	*array_push(&x->s->line_starts) = (uint32_t)(x->at - x->s->bytes);
	while (x->at < x->end) {
		if (is_fresh) {
			is_fresh = false;
			if (skip_long_line(x))
				continue;
		}
		if (*x->at == '\n') {
			lex_line_end(x);
			is_fresh = true;
			if (x->line > SCENE_LINES_MAX) {
				push_bad(x, x->at, x->at, "the file has more than 20000 lines");
				x->at = x->end;
			}
		} else if (*x->at == ' ' || *x->at == '\t' || *x->at == '\r') {
			x->at++;
		} else {
			lex_one(x);
		}
	}
	push(x, TOKEN_LINE_END, x->end, x->end);
	push(x, TOKEN_END, x->end, x->end);
}

struct source *source_new(const char *name, const char *bytes, size_t n)
{
	struct source *s = xcalloc(1, sizeof *s);
	struct lexer x = {.s = s, .line = 1};

	s->name = xstrndup(name, strlen(name));
	s->bytes = xmalloc(n + 1);
	if (n)
		memcpy(s->bytes, bytes, n);
	s->bytes[n] = '\0';
	s->size = n;
	x.at = x.line_start = s->bytes;
	x.end = s->bytes + n;
	if (n > SCENE_BYTES_MAX) {
		*array_push(&s->line_starts) = 0;
		push_bad(&x, x.at, x.at, "the file is larger than 4 MiB");
		x.at = x.end = x.line_start;
		push(&x, TOKEN_LINE_END, x.end, x.end);
		push(&x, TOKEN_END, x.end, x.end);
		return s;
	}
	if (n >= 3 && memcmp(s->bytes, "\xef\xbb\xbf", 3) == 0)
		x.at = x.line_start = s->bytes + 3; /* a byte order mark */
	lex(&x);
	return s;
}

void source_free(struct source *s)
{
	if (!s)
		return;
	array_fini(&s->tokens);
	array_fini(&s->line_starts);
	free(s->name);
	free(s->bytes);
	free(s);
}

void source_line(const struct source *s, uint32_t line, char out[SOURCE_LINE])
{
	size_t from, n = 0;

	out[0] = '\0';
	if (line == 0 || line > s->line_starts.count)
		return;
	from = s->line_starts.at[line - 1];
	while (from + n < s->size && s->bytes[from + n] != '\n' && n < SOURCE_LINE - 1) {
		out[n] = s->bytes[from + n];
		n++;
	}
	if (n > 0 && out[n - 1] == '\r')
		n--;
	out[n] = '\0';
	/* What prints it takes C strings. */
	for (size_t i = 0; i < n; i++)
		if (out[i] == '\0')
			out[i] = ' ';
}
