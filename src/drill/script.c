/* SPDX-License-Identifier: MIT */
#include <drill/script_parse.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SECONDS_MAX = 1000000000 };

/* Of a whole script: sums of its times stay far from overflow. */
static const usec SPAN_MAX = 10 * (usec)SECONDS_MAX * USEC_PER_S;

/* ---- what the parts share ---- */

struct drill_token *drill_peek_at(struct parser *p, size_t ahead)
{
	size_t last = p->tokens.list.count - 1;

	return &p->tokens.list.at[p->at + ahead < last ? p->at + ahead : last];
}

struct drill_token *drill_peek(struct parser *p)
{
	return drill_peek_at(p, 0);
}

struct drill_token *drill_take(struct parser *p)
{
	struct drill_token *t = drill_peek(p);

	if (t->kind != TOK_END)
		p->at++;
	return t;
}

static bool is_mark(const struct drill_token *t, char mark)
{
	return t->kind == TOK_MARK && t->mark == mark;
}

bool drill_is_mark(struct parser *p, char mark)
{
	return is_mark(drill_peek(p), mark);
}

static bool is_word(const struct drill_token *t, const char *word)
{
	return t->kind == TOK_WORD && t->size == strlen(word) &&
	       memcmp(t->text, word, t->size) == 0;
}

bool drill_is_word(struct parser *p, const char *word)
{
	return is_word(drill_peek(p), word);
}

bool drill_may_mark(struct parser *p, char mark)
{
	bool is_there = drill_is_mark(p, mark);

	if (is_there)
		p->at++;
	return is_there;
}

bool drill_may_word(struct parser *p, const char *word)
{
	bool is_there = drill_is_word(p, word);

	if (is_there)
		p->at++;
	return is_there;
}

bool drill_parse_mark(struct parser *p, char mark, const char *after)
{
	if (drill_may_mark(p, mark))
		return true;
	return drill_parse_error(p, drill_peek(p), NULL, "expected '%c' after %s", mark, after);
}

struct place drill_place(const struct parser *p, const struct drill_token *t)
{
	return (struct place){p->s->name, t->line, t->byte, t->is_given ? 1 : (int)t->size};
}

char *drill_parse_text(struct parser *p, const struct drill_token *t)
{
	return arena_strndup(&p->s->arena, t->text, t->size);
}

const char *drill_script_line(struct drill_script *s, int line)
{
	const char *p = s->bytes;
	const char *end = s->bytes + s->size;
	char *text;

	for (int i = 1; i < line && p; i++) {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p ? p + 1 : NULL;
	}
	if (!p || line < 1)
		return "";
	text = memchr(p, '\n', (size_t)(end - p));
	text = arena_strndup(&s->arena, p, (size_t)((text ? text : end) - p));
	for (size_t i = strlen(text); i > 0 && text[i - 1] == '\r'; i--)
		text[i - 1] = '\0';
	return text;
}

bool drill_parse_error(struct parser *p, const struct drill_token *t, const char *hint,
		       const char *format, ...)
{
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	if (p->d->errors >= DIAG_MAX) /* counted, not shown: its line need not be looked for */
		diag_error(p->d, drill_place(p, t), NULL, NULL, "%s", "");
	else
		diag_error(p->d, drill_place(p, t), drill_script_line(p->s, t->line),
			   t->kind == TOK_BAD ? NULL : hint, "%s",
			   t->kind == TOK_BAD ? t->why : message);
	return false;
}

const char *drill_near(struct parser *p, const struct drill_token *t, const char *const *words)
{
	const char *near = t->size > 64 ? NULL : nearest_word(drill_parse_text(p, t), words);

	return near ? arena_printf(&p->s->arena, "did you mean \"%s\"?", near) : NULL;
}

bool drill_number(struct parser *p, uint64_t most, const char *what, uint32_t *value)
{
	struct drill_token *t = drill_peek(p);

	if (t->kind != TOK_NUMBER)
		return drill_parse_error(p, t, NULL, "expected a number: %s", what);
	if (t->value > most)
		return drill_parse_error(p, t, NULL, "%s is at most %llu", what,
					 (unsigned long long)most);
	*value = (uint32_t)t->value;
	drill_take(p);
	return true;
}

/* ---- times ---- */

/* Seconds with a fraction, as microseconds. */
static bool parse_seconds(struct parser *p, usec *out)
{
	struct drill_token *t = drill_peek(p);
	usec unit = USEC_PER_S;
	usec whole = 0;
	size_t i = 0;

	if (t->kind != TOK_NUMBER && t->kind != TOK_FRACTION)
		return drill_parse_error(p, t,
					 "seconds, as 0.25; +0.25 since the event before; or *",
					 "expected a time");
	for (; i < t->size && t->text[i] != '.'; i++) {
		if (t->text[i] < '0' || t->text[i] > '9')
			return drill_parse_error(p, t, NULL, "a time is written in decimals");
		whole = whole * 10 + (t->text[i] - '0');
		if (whole > SECONDS_MAX)
			return drill_parse_error(p, t, NULL, "a time of more than 10^9 seconds");
	}
	*out = whole * USEC_PER_S;
	for (i++; i < t->size; i++) {
		unit /= 10;
		if (unit == 0 && t->text[i] != '0')
			return drill_parse_error(p, t, NULL, "a time finer than a microsecond");
		*out += unit * (t->text[i] - '0');
	}
	drill_take(p);
	return true;
}

/* T, +T, A~B, +A~+B, *, and behind them ...E. */
static bool parse_when(struct parser *p, struct drill_when *when)
{
	struct drill_token *t = drill_peek(p);
	bool is_relative;

	when->at = drill_place(p, t);
	if (drill_may_mark(p, '*')) {
		when->kind = WHEN_ANY;
		return true;
	}
	is_relative = drill_may_mark(p, '+');
	when->kind = is_relative ? WHEN_RELATIVE : WHEN_ABSOLUTE;
	if (!parse_seconds(p, &when->from))
		return false;
	when->to = when->from;
	if (drill_may_mark(p, '~')) {
		t = drill_peek(p);
		when->kind = is_relative ? WHEN_RELATIVE_RANGE : WHEN_RANGE;
		if (drill_may_mark(p, '+') != is_relative)
			return drill_parse_error(p, t, "A~B, or +A~+B",
						 "both times of a range are of one kind");
		if (!parse_seconds(p, &when->to))
			return false;
		if (when->to < when->from)
			return drill_parse_error(p, t, NULL, "the range ends before it begins");
	}
	t = drill_peek(p);
	if (drill_may_mark(p, MARK_DOTS)) {
		when->has_end = true;
		when->end_at = drill_place(p, drill_peek(p));
		t = drill_peek(p);
		(void)(is_relative && drill_may_mark(p, '+'));
		if (!parse_seconds(p, &when->end))
			return false;
		if (when->end < when->from)
			return drill_parse_error(p, t, NULL, "the call ends before it begins");
	}
	return true;
}

/* ---- events ---- */

static bool starts_event(const struct drill_token *t)
{
	return t->kind == TOK_NUMBER || t->kind == TOK_FRACTION || is_mark(t, '+') ||
	       is_mark(t, '*');
}

/* To the next line that begins as an event does. */
static void recover(struct parser *p, size_t began)
{
	if (p->at == began && drill_peek(p)->kind != TOK_END)
		p->at++;
	for (;;) {
		struct drill_token *t = drill_peek(p);

		if (t->kind == TOK_END || (t->is_first && starts_event(t)))
			return;
		p->at++;
	}
}

/* The event's own words from the file: comments are gone, white space is one blank. */
static const char *written(struct parser *p, size_t from, size_t to)
{
	struct drill_token *tokens = p->tokens.list.at;
	size_t size = 1;
	size_t n = 0;
	char *text;

	for (size_t i = from; i < to; i++)
		size += tokens[i].size + 1;
	text = arena_alloc(&p->s->arena, size);
	for (size_t i = from; i < to; i++) {
		const struct drill_token *t = &tokens[i];

		if (i > from && t->text != tokens[i - 1].text + tokens[i - 1].size)
			text[n++] = ' ';
		for (size_t j = 0; j < t->size; j++) {
			char c = t->text[j];
			bool is_blank = c == '\n' || c == '\t' || c == '\r' || c == '\0';

			if (!is_blank)
				text[n++] = c;
			else if (n > 0 && text[n - 1] != ' ')
				text[n++] = ' ';
		}
	}
	return text;
}

static bool parse_code(struct parser *p, struct drill_event *e)
{
	struct drill_token *t = drill_take(p);
	struct code_source source = {.script = p->s,
				     .text = t->text + 2,
				     .size = t->size - 4,
				     .line = t->line,
				     .byte = t->byte + 2};

	e->kind = EVENT_CODE;
	e->code = drill_code_parse(&source, &p->names, p->d);
	return e->code != NULL;
}

static bool parse_what(struct parser *p, struct drill_event *e)
{
	struct drill_token *t = drill_peek(p);

	if (is_mark(t, '<') || is_mark(t, '>')) {
		e->kind = EVENT_PACKET;
		e->packet = arena_alloc(&p->s->arena, sizeof *e->packet);
		return drill_parse_packet(p, e->packet);
	}
	if (t->kind == TOK_COMMAND) {
		e->kind = EVENT_COMMAND;
		e->command = arena_alloc(&p->s->arena, sizeof *e->command);
		return drill_parse_command(p, e->command);
	}
	if (t->kind == TOK_CODE)
		return parse_code(p, e);
	if (t->kind == TOK_WORD) {
		e->kind = EVENT_CALL;
		e->call = arena_alloc(&p->s->arena, sizeof *e->call);
		return drill_parse_call(p, e->call);
	}
	return drill_parse_error(
		p, t,
		"< a packet to the stack, > one from it, call(...) = 0, `command`, %{ code }%",
		"expected what happens at this time");
}

/* What a time of this kind may be said of. */
static bool check_when(struct parser *p, const struct drill_token *t, const struct drill_event *e)
{
	bool is_out = e->kind == EVENT_PACKET && !e->packet->is_in;

	if (e->when.has_end && e->kind != EVENT_CALL)
		return drill_parse_error(p, t, "+0...0.1 call(...) = 0",
					 "only a call may have a time at which it ends");
	if (!is_out && (e->when.kind == WHEN_ANY || e->when.kind == WHEN_RANGE ||
			e->when.kind == WHEN_RELATIVE_RANGE))
		return drill_parse_error(
			p, t, NULL,
			"only an expected packet (>) may come at any time or in a range");
	return true;
}

static bool check_span(struct parser *p, const struct drill_token *t, const struct drill_when *when)
{
	usec longest = when->has_end && when->end > when->to ? when->end : when->to;

	if (p->span == USEC_NEVER)
		return true;
	if (when->kind == WHEN_ABSOLUTE || when->kind == WHEN_RANGE)
		p->span = longest > p->span ? longest : p->span;
	else
		p->span += longest;
	if (p->span <= SPAN_MAX)
		return true;
	p->span = USEC_NEVER; /* told once */
	return drill_parse_error(p, t, NULL, "the script lasts more than 10^10 seconds");
}

static bool parse_event(struct parser *p, struct drill_event *e)
{
	struct drill_token *first = drill_peek(p);
	size_t from;

	e->at = drill_place(p, first);
	if (!starts_event(first))
		return drill_parse_error(
			p, first,
			first->is_first ? "an event begins with its time: +0 call(...) = 0"
					: "it does not belong to what stands before it",
			first->is_first ? "expected the time of an event" : "unexpected");
	if (!parse_when(p, &e->when))
		return false;
	from = p->at;
	if (!parse_what(p, e) || !check_when(p, first, e) || !check_span(p, first, &e->when))
		return false;
	e->text = written(p, from, p->at);
	e->last_line = p->tokens.list.at[p->at - 1].last_line;
	return true;
}

/* The commands without a time: before the events, and after them. */
static void parse_untimed(struct parser *p, struct drill_command **slot)
{
	struct drill_token *t = drill_peek(p);

	if (*slot)
		drill_parse_error(p, t, "one before the first event, one after the last",
				  "a second command without a time");
	*slot = arena_alloc(&p->s->arena, sizeof **slot);
	(void)drill_parse_command(p, *slot);
}

static void parse_events(struct parser *p)
{
	while (drill_peek(p)->kind == TOK_COMMAND)
		parse_untimed(p, &p->s->init);
	while (drill_peek(p)->kind != TOK_END) {
		struct drill_event e = {0};
		struct drill_token *t = drill_peek(p);
		size_t began = p->at;

		if (t->kind == TOK_COMMAND && p->s->events.count > 0) {
			parse_untimed(p, &p->s->cleanup);
			continue;
		}
		if (p->s->cleanup) {
			drill_parse_error(p, t, "a command without a time ends the script",
					  "something stands after the last command");
			return;
		}
		if (parse_event(p, &e))
			*array_push(&p->s->events) = e;
		else
			recover(p, began);
	}
	if (p->s->events.count == 0 && p->d->errors == 0)
		drill_parse_error(p, drill_peek(p), NULL, "the script has no event");
}

struct drill_script *drill_script_read(const char *name, const char *bytes, size_t n,
				       const struct drill_words *words, struct diags *d)
{
	struct drill_script *s = xcalloc(1, sizeof *s);
	struct parser p = {.s = s, .d = d};
	int before = d->errors;
	char *copy = arena_alloc(&s->arena, n + 1);

	if (n > 0)
		memcpy(copy, bytes, n);
	s->name = arena_strndup(&s->arena, name, strlen(name));
	s->bytes = copy;
	s->size = n;
	drill_lex(&p.tokens, s, words, d);
	drill_parse_settings(&p);
	parse_events(&p);
	array_fini(&p.tokens.list);
	array_fini(&p.tokens.line_starts);
	array_fini(&p.names.list);
	if (d->errors > before) {
		drill_script_free(s);
		return NULL;
	}
	return s;
}

void drill_script_free(struct drill_script *s)
{
	if (!s)
		return;
	array_fini(&s->events);
	arena_fini(&s->arena);
	free(s);
}
