/* SPDX-License-Identifier: MIT */
/* A system call: name(terms) = result [ERRNO (note)] [(note)]. */
#include <drill/script_parse.h>

#include <string.h>

enum { DEPTH_MAX = 16, ITEMS_MAX = 256 };

struct terms {
	ARRAY(struct drill_term *) list;
};

static struct drill_term *parse_term(struct parser *p, int depth);

static struct drill_term *term_new(struct parser *p, enum drill_term_kind kind,
				   const struct drill_token *t)
{
	struct drill_term *term = arena_alloc(&p->s->arena, sizeof *term);

	term->kind = (uint8_t)kind;
	term->at = drill_place(p, t);
	return term;
}

static struct drill_term **keep(struct parser *p, struct terms *terms, uint32_t *count)
{
	struct drill_term **kept = NULL;

	*count = (uint32_t)terms->list.count;
	if (*count > 0) {
		kept = arena_alloc(&p->s->arena, *count * sizeof *kept);
		memcpy(kept, terms->list.at, *count * sizeof *kept);
	}
	array_fini(&terms->list);
	return kept;
}

/* Terms between commas, up to `close`, which is taken. */
static bool parse_terms(struct parser *p, char close, int depth, struct drill_term ***out,
			uint32_t *count)
{
	struct terms terms = {0};
	bool is_good = true;

	if (!drill_may_mark(p, close)) {
		do {
			struct drill_term *term = parse_term(p, depth + 1);

			is_good = term != NULL;
			if (is_good && terms.list.count == ITEMS_MAX)
				is_good = drill_parse_error(p, drill_peek(p), NULL,
							    "more than %d values", (int)ITEMS_MAX);
			if (is_good)
				*array_push(&terms.list) = term;
		} while (is_good && drill_may_mark(p, ','));
		is_good = is_good && drill_parse_mark(p, close, "the values");
	}
	*out = keep(p, &terms, count);
	return is_good;
}

/* ---- kinds of terms ---- */

static struct drill_term *parse_integer(struct parser *p)
{
	struct drill_token *first = drill_peek(p);
	struct drill_term *term = term_new(p, TERM_NUMBER, first);
	bool is_negative = drill_may_mark(p, '-');
	struct drill_token *t = drill_peek(p);

	if (t->kind != TOK_NUMBER) {
		drill_parse_error(p, t, NULL, "expected a number");
		return NULL;
	}
	drill_take(p);
	term->value = is_negative ? -(int64_t)t->value : (int64_t)t->value;
	term->has_value = true;
	term->is_hex = t->size > 1 && (t->text[1] == 'x' || t->text[1] == 'X');
	term->text =
		arena_printf(&p->s->arena, "%s%s", is_negative ? "-" : "", drill_parse_text(p, t));
	term->at.size += is_negative && !t->is_given ? (int)t->size : 0;
	return term;
}

static struct drill_term *parse_string(struct parser *p)
{
	struct drill_token *t = drill_take(p);
	struct drill_term *term = term_new(p, TERM_TEXT, t);
	char *text = arena_alloc(&p->s->arena, t->size);

	for (uint32_t i = 1; i + 1 < t->size; i++) {
		char c = t->text[i];

		if (c == '\\' && i + 2 < t->size) {
			c = t->text[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
		}
		text[term->size++] = c;
	}
	term->text = text;
	return term;
}

static struct drill_term *parse_name(struct parser *p, int depth)
{
	struct drill_token *t = drill_take(p);
	struct drill_term *term = term_new(p, TERM_NAME, t);

	term->text = drill_parse_text(p, t);
	if (drill_may_mark(p, '(')) {
		term->kind = TERM_CALL;
		return parse_terms(p, ')', depth, &term->items, &term->count) ? term : NULL;
	}
	term->has_value = drill_constant(term->text, &term->value);
	/* The name of a field of a struct is no constant. */
	if (!term->has_value && !drill_is_mark(p, '=')) {
		drill_parse_error(p, t, drill_near(p, t, drill_constant_names()),
				  "unknown name \"%s\"", term->text);
		return NULL;
	}
	return term;
}

static bool parse_field(struct parser *p, int depth, struct drill_field *field)
{
	struct drill_token *t = drill_peek(p);
	struct drill_term *term = parse_term(p, depth + 1);

	if (!term)
		return false;
	field->at = drill_place(p, t);
	field->value = term;
	if (!drill_is_mark(p, '='))
		return true;
	if (term->kind == TERM_CALL && term->count == 1)
		field->of = term->items[0];
	else if (term->kind != TERM_NAME)
		return drill_parse_error(p, t, "{name=value}, or {name(N)=value}",
					 "expected the name of a field");
	drill_take(p);
	field->name = term->text;
	field->value = parse_term(p, depth + 1);
	return field->value != NULL;
}

static struct drill_term *parse_struct(struct parser *p, int depth)
{
	struct drill_term *term = term_new(p, TERM_STRUCT, drill_take(p));
	struct drill_field fields[64];

	if (drill_may_mark(p, '}'))
		return term;
	do {
		if (term->count == sizeof fields / sizeof fields[0]) {
			drill_parse_error(p, drill_peek(p), NULL, "more than 64 fields");
			return NULL;
		}
		fields[term->count] = (struct drill_field){0};
		if (!parse_field(p, depth, &fields[term->count]))
			return NULL;
		term->count++;
	} while (drill_may_mark(p, ','));
	if (!drill_parse_mark(p, '}', "the fields"))
		return NULL;
	term->fields = arena_alloc(&p->s->arena, term->count * sizeof fields[0]);
	memcpy(term->fields, fields, term->count * sizeof fields[0]);
	return term;
}

static struct drill_term *parse_one(struct parser *p, int depth)
{
	struct drill_token *t = drill_peek(p);
	struct drill_term *term;

	if (t->kind == TOK_NUMBER || drill_is_mark(p, '-'))
		return parse_integer(p);
	if (t->kind == TOK_WORD)
		return parse_name(p, depth);
	if (t->kind == TOK_TEXT)
		return parse_string(p);
	if (drill_is_mark(p, '{'))
		return parse_struct(p, depth);
	if (drill_is_mark(p, MARK_DOTS))
		return term_new(p, TERM_ANY, drill_take(p));
	if (drill_may_mark(p, '[')) {
		term = term_new(p, TERM_LIST, t);
		return parse_terms(p, ']', depth, &term->items, &term->count) ? term : NULL;
	}
	drill_parse_error(p, t, "a number, a NAME, \"text\", ..., [list], {name=value}",
			  "expected a value");
	return NULL;
}

static struct drill_term *parse_term(struct parser *p, int depth)
{
	struct drill_token *t = drill_peek(p);
	struct drill_term *first, *all;
	struct terms terms = {0};
	bool is_good = true;

	if (depth > DEPTH_MAX) {
		drill_parse_error(p, t, NULL, "values inside values, more than %d deep",
				  (int)DEPTH_MAX);
		return NULL;
	}
	first = parse_one(p, depth);
	if (!first || !drill_is_mark(p, '|'))
		return first;
	all = term_new(p, TERM_OR, t);
	all->has_value = true;
	*array_push(&terms.list) = first;
	while (is_good && terms.list.count < ITEMS_MAX && drill_may_mark(p, '|')) {
		struct drill_term *next = parse_one(p, depth);

		is_good = next != NULL;
		if (next)
			*array_push(&terms.list) = next;
	}
	for (size_t i = 0; i < terms.list.count; i++) {
		all->has_value = all->has_value && terms.list.at[i]->has_value;
		all->value |= terms.list.at[i]->value;
	}
	all->items = keep(p, &terms, &all->count);
	if (is_good && !all->has_value)
		is_good = drill_parse_error(p, t, NULL, "only numbers can be joined with |");
	return is_good ? all : NULL;
}

/* ---- the call ---- */

/* What stands in ( ) means nothing; it may hold anything but a parenthesis. */
static bool parse_note(struct parser *p, const char **note)
{
	struct drill_token *open = drill_peek(p);
	struct drill_token *t;

	if (!drill_may_mark(p, '('))
		return true;
	while (!drill_is_mark(p, ')')) {
		t = drill_peek(p);
		if (t->kind == TOK_END || drill_is_mark(p, '(') || t->line > open->line + 1)
			return drill_parse_error(p, open, NULL, "the note in ( ) does not end");
		drill_take(p);
	}
	t = drill_take(p);
	if (!open->is_given && !t->is_given)
		*note = arena_strndup(&p->s->arena, open->text + 1,
				      (size_t)(t->text - open->text - 1));
	return true;
}

static bool parse_error_name(struct parser *p, struct drill_call *call)
{
	struct drill_token *t = drill_peek(p);
	bool has_failed = call->result->has_value && call->result->value == -1;

	if (t->kind != TOK_WORD || t->is_first) {
		if (has_failed)
			return drill_parse_error(p, t, "= -1 EINPROGRESS",
						 "a result of -1 needs the name of the error");
		return true;
	}
	call->error = drill_parse_text(p, t);
	call->error_at = drill_place(p, t);
	call->errno_value = drill_errno(call->error);
	if (!call->errno_value)
		return drill_parse_error(p, t, drill_near(p, t, drill_errno_names()),
					 "unknown error \"%s\"", call->error);
	if (!has_failed)
		return drill_parse_error(p, t, NULL, "an error stands after -1 only");
	drill_take(p);
	return true;
}

/* What no stack here knows, or would take for something else, is told before anything is run. */
static bool check_call(struct parser *p, const struct drill_token *t, const struct drill_call *call)
{
	const char *count;
	uint32_t least, most;

	if (!drill_call_takes(call->name, &least, &most))
		return drill_parse_error(p, t, drill_near(p, t, drill_call_names()),
					 "no call is named %s()", call->name);
	if (call->count >= least && call->count <= most)
		return true;
	count = least == most ? arena_printf(&p->s->arena, "it takes %u", least)
			      : arena_printf(&p->s->arena, "it takes %u or %u", least, most);
	return drill_parse_error(p, t, count, "%s() with %u value%s", call->name, call->count,
				 call->count == 1 ? "" : "s");
}

bool drill_parse_call(struct parser *p, struct drill_call *call)
{
	struct drill_token *t = drill_take(p), *name = t;

	call->at = call->name_at = drill_place(p, t);
	call->name = drill_parse_text(p, t);
	if (!drill_may_mark(p, '('))
		return drill_parse_error(p, t, "name(values) = result",
					 "\"%s\" is neither a call nor anything else known here",
					 call->name);
	if (!parse_terms(p, ')', 0, &call->args, &call->count) || !check_call(p, name, call) ||
	    !drill_parse_mark(p, '=', "the call"))
		return false;
	t = drill_peek(p);
	call->result = parse_term(p, 0);
	if (!call->result)
		return false;
	if (!call->result->has_value && call->result->kind != TERM_ANY)
		return drill_parse_error(p, t, NULL, "a call's result is a number, or ...");
	return parse_error_name(p, call) && parse_note(p, &call->note) &&
	       parse_note(p, &call->note);
}
