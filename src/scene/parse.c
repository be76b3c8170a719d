/* SPDX-License-Identifier: MIT */
#include <scene/parse.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- tokens ---------------------------------------------------------------------------------- */

struct place parse_place(const struct parser *p)
{
	return (struct place){.file = p->source->name,
			      .line = (int)p->token.line,
			      .byte = (int)p->token.byte,
			      .size = (int)p->token.size};
}

size_t parse_offset(const struct parser *p, size_t from)
{
	return (size_t)(p->source->tokens.at[from].text - p->source->bytes);
}

size_t parse_offset_end(const struct parser *p, size_t to)
{
	const struct token *last = &p->source->tokens.at[to - 1];

	while (last->kind == TOKEN_COMMENT)
		last--;
	return (size_t)(last->text + last->size - p->source->bytes);
}

void parse_note(struct parser *p, size_t from, size_t to, const char *text)
{
	if (p->edits)
		*array_push(&p->edits->list) = (struct edit){.source = p->source,
							     .from = parse_offset(p, from),
							     .to = parse_offset_end(p, to),
							     .text = text};
}

/* A template's value must be one token again. */
static void resolve(struct parser *p)
{
	struct place at = parse_place(p);
	const struct token *first;
	struct source *s;
	const char *text;
	size_t size;

	text = expand_fill(p, at, p->token.text, p->token.size, &size);
	if (!text) {
		p->token.kind = TOKEN_BAD;
		p->token.why = NULL; /* told */
		return;
	}
	s = source_new("", text, size);
	first = s->tokens.at;
	if (first->size == size && first->kind != TOKEN_BAD && first->kind != TOKEN_TEMPLATE) {
		p->token.kind = first->kind;
		p->token.text = text;
		p->token.size = (uint32_t)size;
	} else {
		parse_fail(p, at, NULL, "'%s' is not one word", text);
		p->token.kind = TOKEN_BAD;
		p->token.why = NULL;
	}
	source_free(s);
}

void parse_look(struct parser *p)
{
	while (p->source->tokens.at[p->index].kind == TOKEN_COMMENT)
		p->index++;
	p->token = p->source->tokens.at[p->index];
	if (p->is_stopped)
		p->token.kind = TOKEN_END;
	if (p->token.kind == TOKEN_TEMPLATE)
		resolve(p);
}

void parse_next(struct parser *p)
{
	if (p->source->tokens.at[p->index].kind != TOKEN_END)
		p->index++;
	if (++p->words > SCENE_WORDS_MAX && !p->is_stopped) {
		parse_fail(p, parse_place(p), NULL, "written out, the play has more than %d words",
			   SCENE_WORDS_MAX);
		p->is_stopped = true;
	}
	parse_look(p);
}

bool parse_at(const struct parser *p, enum token_kind kind)
{
	return p->token.kind == kind;
}

bool parse_is(const struct parser *p, const char *word)
{
	return p->token.kind == TOKEN_WORD && p->token.size == strlen(word) &&
	       memcmp(p->token.text, word, p->token.size) == 0;
}

bool parse_take(struct parser *p, const char *word)
{
	if (!parse_is(p, word))
		return false;
	parse_next(p);
	return true;
}

bool parse_expect(struct parser *p, enum token_kind kind, const char *what)
{
	if (p->token.kind != kind)
		return parse_fail_here(p, what);
	parse_next(p);
	return true;
}

bool parse_expect_word(struct parser *p, const char *word)
{
	char what[64];

	if (parse_take(p, word))
		return true;
	snprintf(what, sizeof what, "'%s'", word);
	return parse_fail_here(p, what);
}

void parse_mark(struct parser *p, enum token_mark mark)
{
	p->source->tokens.at[p->index].mark |= (uint8_t)mark;
}

const char *parse_copy(struct parser *p)
{
	return arena_strndup(&p->play->arena, p->token.text, p->token.size);
}

bool parse_is_line_over(const struct parser *p)
{
	return p->token.kind == TOKEN_LINE_END || p->token.kind == TOKEN_CLOSE ||
	       p->token.kind == TOKEN_END;
}

bool parse_line_end(struct parser *p)
{
	if (parse_at(p, TOKEN_LINE_END)) {
		parse_next(p);
		return true;
	}
	if (parse_is_line_over(p))
		return true;
	return parse_fail_here(p, "the end of the line");
}

/* ---- mistakes -------------------------------------------------------------------------------- */

const char *parse_line_of(const struct scene_file *f, struct place at, char out[SOURCE_LINE])
{
	for (size_t i = 0; i < f->sources.count; i++) {
		if (strcmp(f->sources.at[i]->name, at.file) != 0)
			continue;
		source_line(f->sources.at[i], (uint32_t)at.line, out);
		return out;
	}
	return NULL;
}

bool parse_fail(struct parser *p, struct place at, const char *hint, const char *format, ...)
{
	char line[SOURCE_LINE], message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	/* The first reading was clean: what is wrong now is wrong with this value of a `for`. */
	if (p->variant > 0 && p->tag.count > 0)
		diag_error(p->d, at, parse_line_of(p->file, at, line), hint, "%s (with %s)",
			   message, *array_last(&p->tag));
	else
		diag_error(p->d, at, parse_line_of(p->file, at, line), hint, "%s", message);
	return false;
}

void parse_warn(struct parser *p, struct place at, const char *hint, const char *format, ...)
{
	char line[SOURCE_LINE], message[512];
	va_list args;

	if (!p->is_first)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	diag_warning(p->d, at, parse_line_of(p->file, at, line), hint, "%s", message);
}

static void describe(const struct parser *p, char *out, size_t room)
{
	switch ((enum token_kind)p->token.kind) {
	case TOKEN_END: snprintf(out, room, "the end of the file"); return;
	case TOKEN_LINE_END: snprintf(out, room, "the end of the line"); return;
	case TOKEN_TEXT: snprintf(out, room, "a text"); return;
	case TOKEN_COMMENT:
	case TOKEN_WORD:
	case TOKEN_NUMBER:
	case TOKEN_TEMPLATE:
	case TOKEN_OPEN:
	case TOKEN_CLOSE:
	case TOKEN_COMMA:
	case TOKEN_ARROW:
	case TOKEN_BOTH_WAYS:
	case TOKEN_RANGE:
	case TOKEN_COMPARE:
	case TOKEN_PLUS:
	case TOKEN_MINUS:
	case TOKEN_BAD: break;
	}
	snprintf(out, room, "'%.*s'", p->token.size > 100 ? 100 : (int)p->token.size,
		 p->token.text);
}

bool parse_fail_here(struct parser *p, const char *what)
{
	struct place at = parse_place(p);
	char found[128];

	if (parse_at(p, TOKEN_BAD)) {
		if (p->token.why)
			parse_fail(p, at, NULL, "%s", p->token.why);
		return false;
	}
	if (parse_at(p, TOKEN_LINE_END) || parse_at(p, TOKEN_END))
		at.size = 0;
	describe(p, found, sizeof found);
	return parse_fail(p, at, NULL, "expected %s, found %s", what, found);
}

bool parse_fail_unknown(struct parser *p, const char *what, const char *const *words)
{
	char word[72], hint[128];
	const char *near;

	if (!parse_at(p, TOKEN_WORD)) {
		snprintf(hint, sizeof hint, "a %s", what);
		return parse_fail_here(p, hint);
	}
	snprintf(word, sizeof word, "%.*s", p->token.size > 70 ? 70 : (int)p->token.size,
		 p->token.text);
	near = nearest_word(word, words);
	if (near)
		snprintf(hint, sizeof hint, "did you mean %s?", near);
	return parse_fail(p, parse_place(p), near ? hint : NULL, "unknown %s '%s'", what, word);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static bool statement_line(struct parser *p, void *to);

/* Not parse_next: what is skipped may hold unknown variables, told already. */
static void skip(struct parser *p)
{
	p->index++;
	while (p->source->tokens.at[p->index].kind == TOKEN_COMMENT)
		p->index++;
	p->token = p->source->tokens.at[p->index];
}

static bool opens_lines(const struct parser *p)
{
	size_t i = p->index + 1;

	while (p->source->tokens.at[i].kind == TOKEN_COMMENT)
		i++;
	return p->source->tokens.at[i].kind == TOKEN_LINE_END;
}

/* Goes on after a mistake: to the end of the line. Statements in a block that begins there are
 * still read for their own mistakes; settings are skipped with their block. */
static void recover(struct parser *p, bool has_statements)
{
	int depth = 0;

	while (!parse_at(p, TOKEN_END)) {
		if (parse_at(p, TOKEN_OPEN)) {
			if (has_statements && depth == 0 && opens_lines(p) &&
			    p->nesting < SCENE_NESTING_MAX) {
				parse_block(p, statement_line, NULL);
				continue;
			}
			depth++;
		} else if (parse_at(p, TOKEN_CLOSE)) {
			if (depth == 0)
				return;
			depth--;
		} else if (parse_at(p, TOKEN_LINE_END) && depth == 0) {
			return;
		}
		skip(p);
	}
}

bool parse_block(struct parser *p, bool (*one)(struct parser *, void *), void *to)
{
	struct place open = parse_place(p);
	int errors = p->d->errors;

	if (!parse_expect(p, TOKEN_OPEN, "'{'"))
		return false;
	if (p->nesting >= SCENE_NESTING_MAX)
		return parse_fail(p, open, NULL, "blocks are nested deeper than %d",
				  SCENE_NESTING_MAX);
	p->nesting++;
	while (!parse_at(p, TOKEN_CLOSE) && !parse_at(p, TOKEN_END)) {
		if (parse_at(p, TOKEN_LINE_END)) {
			parse_next(p);
			continue;
		}
		if (!one(p, to))
			recover(p, one == statement_line && !p->is_declaring);
	}
	p->nesting--;
	if (parse_at(p, TOKEN_END)) {
		if (!p->is_stopped)
			parse_fail(p, open, NULL, "this block is never closed: '}' is missing");
		return false;
	}
	parse_next(p);
	return errors == p->d->errors;
}

static bool statement_line(struct parser *p, void *to)
{
	(void)to;
	p->is_declaring = parse_is(p, "person") || parse_is(p, "wind");
	return parse_statement(p) && parse_line_end(p);
}

bool parse_body(struct parser *p)
{
	bool is_good;

	if (parse_at(p, TOKEN_OPEN))
		return parse_block(p, statement_line, NULL);
	if (p->nesting >= SCENE_NESTING_MAX)
		return parse_fail(p, parse_place(p), NULL, "statements are nested deeper than %d",
				  SCENE_NESTING_MAX);
	if (parse_is(p, "say") || parse_is(p, "because"))
		return parse_fail(
			p, parse_place(p), "it stands on the line below what it tells about",
			"'%.*s' has no time of its own", (int)p->token.size, p->token.text);
	p->nesting++;
	is_good = parse_statement(p);
	p->nesting--;
	return is_good;
}

/* `woshou 1`, before anything else. */
static bool parse_version(struct parser *p)
{
	struct place at = parse_place(p);
	uint64_t version;

	/* Something else altogether: what follows would be a mistake in every line. */
	if (parse_at(p, TOKEN_BAD) || parse_at(p, TOKEN_OPEN))
		p->is_stopped = true;
	if (parse_at(p, TOKEN_BAD))
		return parse_fail(p, at, NULL, "%s", p->token.why);
	if (parse_at(p, TOKEN_OPEN))
		return parse_fail(p, at, "a recorded trace is for: woshou play, tell, export",
				  "this does not begin as a scene file");
	if (!parse_is(p, "woshou"))
		return parse_fail(p, at, "the first statement of a scene file is: woshou 1",
				  "this does not begin as a scene file");
	parse_next(p);
	at = parse_place(p);
	if (!parse_number(p, "a version", 0, UINT32_MAX, &version))
		return false;
	if (version > SCENE_VERSION)
		return parse_fail(p, at, NULL,
				  "this file is written in version %u of the language; "
				  "this woshou knows version %d",
				  (unsigned)version, SCENE_VERSION);
	if (version < SCENE_VERSION)
		return parse_fail(p, at, NULL, "there is no version 0 of the language");
	return parse_line_end(p);
}

bool expand_file(struct parser *p, struct source *s)
{
	struct source *outer = p->source;
	size_t outer_index = p->index;
	struct include here = {.source = s, .outer = p->including};
	int errors = p->d->errors;

	p->including = &here;
	p->source = s;
	p->index = 0;
	p->lines += s->line_starts.count;
	parse_look(p);
	while (parse_at(p, TOKEN_LINE_END))
		parse_next(p);
	if (p->lines > SCENE_LINES_MAX + SCENE_INCLUDES_MAX) {
		parse_fail(p, parse_place(p), NULL, "the play has more than %d lines",
			   SCENE_LINES_MAX);
		p->is_stopped = true;
	} else if (!parse_version(p)) {
		recover(p, false);
	}
	while (!parse_at(p, TOKEN_END)) {
		if (parse_at(p, TOKEN_LINE_END)) {
			parse_next(p);
		} else if (parse_at(p, TOKEN_CLOSE)) {
			parse_fail(p, parse_place(p), NULL, "'}' closes nothing");
			parse_next(p);
		} else if (!statement_line(p, NULL)) {
			recover(p, !p->is_declaring);
		}
	}
	p->including = here.outer;
	p->source = outer;
	p->index = outer_index;
	return errors == p->d->errors;
}
