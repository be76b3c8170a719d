/* SPDX-License-Identifier: MIT */
/* Code as a tree, by the levels of Python's grammar. */
#include <drill/expr_lex.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 64, KIDS_MAX = 64, TREE_MAX = 500, VARIABLES_MAX = 1000 };

struct code_parser {
	const struct code_source *source;
	struct drill_code_names *names;
	struct diags *d;
	struct code_tokens tokens;
	size_t at;
	int depth;
};

static struct code_node *parse_test(struct code_parser *p);

static struct arena *arena_of(struct code_parser *p)
{
	return &p->source->script->arena;
}

static struct code_token *peek(struct code_parser *p)
{
	return &p->tokens.list.at[p->at];
}

static struct code_token *take(struct code_parser *p)
{
	struct code_token *t = peek(p);

	if (t->kind != CTOK_END)
		p->at++;
	return t;
}

static bool is_text(const struct code_token *t, uint8_t kind, const char *text)
{
	return t->kind == kind && t->size == strlen(text) && memcmp(t->text, text, t->size) == 0;
}

static bool may_mark(struct code_parser *p, const char *mark)
{
	bool is_there = is_text(peek(p), CTOK_MARK, mark);

	p->at += is_there;
	return is_there;
}

static bool may_word(struct code_parser *p, const char *word)
{
	bool is_there = is_text(peek(p), CTOK_NAME, word);

	p->at += is_there;
	return is_there;
}

/* NULL, always. */
__attribute__((format(printf, 4, 5))) static void *
fail(struct code_parser *p, const struct code_token *t, const char *hint, const char *format, ...)
{
	char message[256];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	diag_error(p->d, t->at,
		   p->d->errors < DIAG_MAX ? drill_script_line(p->source->script, t->at.line)
					   : NULL,
		   t->kind == CTOK_BAD ? NULL : hint, "%s", t->kind == CTOK_BAD ? t->why : message);
	return NULL;
}

static struct code_node *node_new(struct code_parser *p, enum code_kind kind, struct place at)
{
	struct code_node *n = arena_alloc(arena_of(p), sizeof *n);

	n->kind = (uint8_t)kind;
	n->at = at;
	return n;
}

static struct code_node *op_new(struct code_parser *p, enum code_op op, struct place at,
				struct code_node *a, struct code_node *b)
{
	struct code_node *n;

	if (!a || (!b && op != CODE_NOT && op != CODE_NEGATE && op != CODE_INVERT))
		return NULL;
	if (a->depth > TREE_MAX || (b && b->depth > TREE_MAX))
		return fail(p, peek(p), NULL, "more values in a row than can be read");
	n = node_new(p, NODE_OP, at);
	n->op = (uint8_t)op;
	n->count = b ? 2 : 1;
	n->kids = arena_alloc(arena_of(p), 2 * sizeof *n->kids);
	n->kids[0] = a;
	n->kids[1] = b;
	n->depth = (uint16_t)(1 + (b && b->depth > a->depth ? b->depth : a->depth));
	return n;
}

static void keep_kids(struct code_parser *p, struct code_node *n, struct code_node **kids,
		      uint32_t count)
{
	n->count = count;
	n->depth = 1;
	if (count == 0)
		return;
	for (uint32_t i = 0; i < count; i++)
		if (kids[i]->depth >= n->depth)
			n->depth = (uint16_t)(kids[i]->depth + 1);
	n->kids = arena_alloc(arena_of(p), count * sizeof *kids);
	memcpy(n->kids, kids, count * sizeof *kids);
}

/* ---- atoms ---- */

static struct code_node *parse_text(struct code_parser *p)
{
	struct code_token *t = take(p);
	struct code_node *n = node_new(p, NODE_TEXT, t->at);
	char *text = arena_alloc(arena_of(p), t->size);

	for (uint32_t i = 1; i + 1 < t->size; i++) {
		char c = t->text[i];

		if (c == '\\' && i + 2 < t->size) {
			c = t->text[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		text[n->size++] = c;
	}
	n->text = text;
	return n;
}

/* After ( : what stands up to ), between commas. One without a comma is itself. */
static struct code_node *parse_tuple(struct code_parser *p, struct place at, bool is_call)
{
	struct code_node *kids[KIDS_MAX];
	struct code_node *n;
	uint32_t count = 0;
	bool has_comma = false;

	while (!may_mark(p, ")")) {
		if (count == KIDS_MAX)
			return fail(p, peek(p), NULL, "more than %d values", (int)KIDS_MAX);
		kids[count] = parse_test(p);
		if (!kids[count++])
			return NULL;
		if (may_mark(p, ",")) {
			has_comma = true;
		} else if (!is_text(peek(p), CTOK_MARK, ")")) {
			return fail(p, peek(p), NULL, "expected ')'");
		}
	}
	if (count == 1 && !has_comma && !is_call)
		return kids[0];
	n = node_new(p, NODE_TUPLE, at);
	keep_kids(p, n, kids, count);
	return n;
}

static bool has_variable(const struct drill_code_names *names, const char *name)
{
	for (size_t i = 0; i < names->list.count; i++)
		if (strcmp(names->list.at[i], name) == 0)
			return true;
	return false;
}

static bool is_known(const struct code_parser *p, const char *name)
{
	int64_t value;

	return has_variable(p->names, name) || drill_code_constant(name, &value) ||
	       drill_code_is_figure(name);
}

static struct code_node *parse_function(struct code_parser *p, const struct code_token *t)
{
	static const char *const known[] = {"abs", "int", "max", "min", NULL};
	struct code_node *n;

	for (size_t i = 0; known[i]; i++) {
		if (!is_text(t, CTOK_NAME, known[i]))
			continue;
		n = parse_tuple(p, t->at, true);
		if (!n)
			return NULL;
		if (n->count == 0 || (i < 2 && n->count != 1))
			return fail(p, t, NULL, "%s() takes %s", known[i],
				    i < 2 ? "one value" : "values");
		n->kind = NODE_CALL;
		n->text = known[i];
		return n;
	}
	return fail(p, t, "abs(), int(), max(), min()", "this function is not known here");
}

static struct code_node *parse_name(struct code_parser *p)
{
	static const char *const python[] = {"if",     "else", "for", "while",  "def",   "import",
					     "lambda", "in",   "is",  "return", "class", NULL};
	struct code_token *t = take(p);
	char *name = arena_strndup(arena_of(p), t->text, t->size);
	struct code_node *n = node_new(p, NODE_NAME, t->at);
	const char *near;

	if (strcmp(name, "True") == 0 || strcmp(name, "False") == 0) {
		n->kind = NODE_NUMBER;
		n->number = name[0] == 'T';
		return n;
	}
	if (strcmp(name, "None") == 0) {
		n->kind = NODE_NONE;
		return n;
	}
	for (size_t i = 0; python[i]; i++)
		if (strcmp(python[i], name) == 0)
			return fail(p, t, "assert, print, NAME = value",
				    "\"%s\" is not in the part of Python that is read here", name);
	if (may_mark(p, "("))
		return parse_function(p, t);
	n->text = name;
	if (is_known(p, name))
		return n;
	near = t->size > 64 ? NULL : nearest_word(name, drill_code_figures());
	return fail(p, t, near, "unknown name \"%s\"", name);
}

static struct code_node *parse_atom(struct code_parser *p)
{
	struct code_token *t = peek(p);
	struct code_node *n;

	if (t->kind == CTOK_NAME)
		return parse_name(p);
	if (t->kind == CTOK_TEXT)
		return parse_text(p);
	if (t->kind == CTOK_NUMBER || t->kind == CTOK_REAL) {
		n = node_new(p, t->kind == CTOK_NUMBER ? NODE_NUMBER : NODE_REAL, t->at);
		n->number = t->number;
		n->real = t->real;
		take(p);
		return n;
	}
	if (may_mark(p, "("))
		return parse_tuple(p, t->at, false);
	return fail(p, t, NULL, "expected a value");
}

static struct code_node *parse_unary(struct code_parser *p)
{
	struct code_token *t = peek(p);
	struct code_node *n = NULL;

	if (++p->depth > DEPTH_MAX)
		return fail(p, t, NULL, "values inside values, more than %d deep", (int)DEPTH_MAX);
	if (may_mark(p, "-"))
		n = op_new(p, CODE_NEGATE, t->at, parse_unary(p), NULL);
	else if (may_mark(p, "~"))
		n = op_new(p, CODE_INVERT, t->at, parse_unary(p), NULL);
	else if (may_mark(p, "+"))
		n = parse_unary(p);
	else
		n = parse_atom(p);
	p->depth--;
	return n;
}

/* ---- operators ---- */

static const struct {
	const char *mark;
	enum code_op op;
	int level; /* a higher one binds more tightly */
} binaries[] = {
	{"|", CODE_BIT_OR, 0},      {"^", CODE_BIT_XOR, 1},      {"&", CODE_BIT_AND, 2},
	{"<<", CODE_SHIFT_LEFT, 3}, {">>", CODE_SHIFT_RIGHT, 3}, {"+", CODE_ADD, 4},
	{"-", CODE_SUBTRACT, 4},    {"*", CODE_MULTIPLY, 5},     {"/", CODE_DIVIDE, 5},
	{"//", CODE_FLOOR, 5},      {"%", CODE_MODULO, 5},
};

enum { BINARIES = sizeof binaries / sizeof binaries[0], LEVELS = 6 };

static struct code_node *parse_binary(struct code_parser *p, int level)
{
	struct code_node *left = level == LEVELS ? parse_unary(p) : parse_binary(p, level + 1);

	for (size_t i = 0; left && level < LEVELS && i < BINARIES;) {
		struct code_token *t = peek(p);

		if (binaries[i].level != level || !may_mark(p, binaries[i].mark)) {
			i++;
			continue;
		}
		left = op_new(p, binaries[i].op, t->at, left, parse_binary(p, level + 1));
		i = 0;
	}
	return left;
}

static bool may_compare(struct code_parser *p, uint8_t *op)
{
	static const char *const marks[] = {"<", "<=", ">", ">=", "==", "!="};

	for (size_t i = 0; i < 6; i++) {
		if (may_mark(p, marks[i])) {
			*op = (uint8_t)(CODE_LESS + i);
			return true;
		}
	}
	return false;
}

static struct code_node *parse_comparison(struct code_parser *p)
{
	struct code_node *kids[KIDS_MAX];
	uint8_t ops[KIDS_MAX];
	struct place at = peek(p)->at;
	struct code_node *n;
	uint32_t count = 1;

	kids[0] = parse_binary(p, 0);
	if (!kids[0])
		return NULL;
	while (may_compare(p, &ops[count - 1])) {
		if (count == KIDS_MAX - 1)
			return fail(p, peek(p), NULL, "too long a chain");
		kids[count] = parse_binary(p, 0);
		if (!kids[count++])
			return NULL;
	}
	if (count == 1)
		return kids[0];
	n = node_new(p, NODE_CHAIN, at);
	keep_kids(p, n, kids, count);
	n->ops = arena_alloc(arena_of(p), count);
	memcpy(n->ops, ops, count - 1);
	return n;
}

static struct code_node *parse_not(struct code_parser *p)
{
	struct code_token *t = peek(p);
	struct code_node *n;

	if (!may_word(p, "not"))
		return parse_comparison(p);
	if (++p->depth > DEPTH_MAX)
		return fail(p, t, NULL, "values inside values, more than %d deep", (int)DEPTH_MAX);
	n = op_new(p, CODE_NOT, t->at, parse_not(p), NULL);
	p->depth--;
	return n;
}

static struct code_node *parse_joined(struct code_parser *p, enum code_op op)
{
	struct code_node *kids[KIDS_MAX];
	struct place at = peek(p)->at;
	struct code_node *n;
	uint32_t count = 0;

	do {
		if (count == KIDS_MAX)
			return fail(p, peek(p), NULL, "more than %d conditions", (int)KIDS_MAX);
		kids[count] = op == CODE_OR ? parse_joined(p, CODE_AND) : parse_not(p);
		if (!kids[count++])
			return NULL;
	} while (may_word(p, op == CODE_OR ? "or" : "and"));
	if (count == 1)
		return kids[0];
	n = node_new(p, NODE_OP, at);
	n->op = (uint8_t)op;
	keep_kids(p, n, kids, count);
	return n;
}

static struct code_node *parse_test(struct code_parser *p)
{
	return parse_joined(p, CODE_OR);
}

/* ---- statements ---- */

static bool parse_assert(struct code_parser *p, struct code_statement *s)
{
	s->kind = CODE_ASSERT;
	s->value = parse_test(p);
	if (s->value && may_mark(p, ",")) {
		s->message = parse_test(p);
		return s->message != NULL;
	}
	return s->value != NULL;
}

static bool parse_print(struct code_parser *p, struct code_statement *s)
{
	struct code_token *t = peek(p);

	s->kind = CODE_PRINT;
	if (!may_mark(p, "("))
		return fail(p, t, "print(value)", "expected '(' after print") != NULL;
	s->value = parse_tuple(p, t->at, true);
	return s->value != NULL;
}

static bool parse_assignment(struct code_parser *p, struct code_statement *s)
{
	static const struct {
		const char *mark;
		enum code_op op;
	} changes[] = {{"+=", CODE_ADD},     {"-=", CODE_SUBTRACT}, {"*=", CODE_MULTIPLY},
		       {"&=", CODE_BIT_AND}, {"|=", CODE_BIT_OR},   {"%=", CODE_MODULO}};
	struct code_token *t = take(p);

	s->name = arena_strndup(arena_of(p), t->text, t->size);
	s->kind = CODE_ASSIGN;
	if (!may_mark(p, "=")) {
		size_t i = 0;

		s->kind = CODE_CHANGE;
		while (i < sizeof changes / sizeof changes[0] && !may_mark(p, changes[i].mark))
			i++;
		if (i == sizeof changes / sizeof changes[0])
			return fail(p, t, "assert condition, message; print(value); NAME = value",
				    "expected a statement") != NULL;
		if (!is_known(p, s->name))
			return fail(p, t, NULL, "\"%s\" has no value yet", s->name) != NULL;
		s->op = (uint8_t)changes[i].op;
	}
	s->value = parse_test(p);
	if (!s->value)
		return false;
	if (p->names->list.count == VARIABLES_MAX)
		return fail(p, t, NULL, "more than %d variables", (int)VARIABLES_MAX) != NULL;
	if (!has_variable(p->names, s->name))
		*array_push(&p->names->list) = s->name;
	return true;
}

static bool parse_statement(struct code_parser *p, struct code_statement *s)
{
	struct code_token *t = peek(p);

	s->at = t->at;
	if (may_word(p, "assert"))
		return parse_assert(p, s);
	if (may_word(p, "print"))
		return parse_print(p, s);
	if (may_word(p, "pass")) {
		s->kind = CODE_PASS;
		return true;
	}
	if (t->kind == CTOK_NAME)
		return parse_assignment(p, s);
	return fail(p, t, "assert condition, message; print(value); NAME = value",
		    "expected a statement") != NULL;
}

/* From token to token, white space as one blank. */
static const char *written(struct code_parser *p, size_t from)
{
	const struct code_token *tokens = p->tokens.list.at;
	size_t size = 1;
	size_t n = 0;
	char *text;

	for (size_t i = from; i < p->at; i++)
		size += tokens[i].size + 1;
	text = arena_alloc(arena_of(p), size);
	for (size_t i = from; i < p->at; i++) {
		if (i > from && tokens[i].text != tokens[i - 1].text + tokens[i - 1].size)
			text[n++] = ' ';
		memcpy(text + n, tokens[i].text, tokens[i].size);
		n += tokens[i].size;
	}
	return text;
}

struct statements {
	ARRAY(struct code_statement) list;
};

static bool parse_statements(struct code_parser *p, struct statements *out)
{
	bool is_good = true;

	for (;;) {
		struct code_statement s = {0};
		size_t from;

		while (peek(p)->kind == CTOK_LINE)
			p->at++;
		if (peek(p)->kind == CTOK_END)
			return is_good;
		from = p->at;
		p->depth = 0;
		if (!parse_statement(p, &s)) {
			is_good = false;
		} else if (peek(p)->kind != CTOK_LINE && peek(p)->kind != CTOK_END) {
			fail(p, peek(p), NULL, "the statement should end here");
			is_good = false;
		}
		while (peek(p)->kind != CTOK_LINE && peek(p)->kind != CTOK_END)
			p->at++;
		s.text = written(p, from);
		if (is_good)
			*array_push(&out->list) = s;
	}
}

struct drill_code *drill_code_parse(const struct code_source *source,
				    struct drill_code_names *names, struct diags *d)
{
	struct code_parser p = {.source = source, .names = names, .d = d};
	struct statements parsed = {0};
	struct drill_code *code = NULL;
	struct code_token *first;

	code_lex(source, &p.tokens);
	first = p.tokens.list.at;
	if (parse_statements(&p, &parsed)) {
		size_t size = parsed.list.count * sizeof *parsed.list.at;

		code = arena_alloc(arena_of(&p), sizeof *code);
		code->at = first->at;
		code->text = arena_strndup(arena_of(&p), source->text, source->size);
		if (size > 0) {
			code->statements = arena_alloc(arena_of(&p), size);
			memcpy(code->statements, parsed.list.at, size);
		}
		code->count = parsed.list.count;
	}
	array_fini(&parsed.list);
	array_fini(&p.tokens.list);
	return code;
}
