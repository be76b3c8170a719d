/* SPDX-License-Identifier: MIT */
/* Running code: the tree is walked, names are asked for. */
#include <drill/expr_value.h>

#include <string.h>

struct variable {
	const char *name;
	struct value value;
};

struct drill_variables {
	struct arena arena;
	ARRAY(struct variable) list;
};

struct walk {
	struct drill_variables *v;
	drill_ask *ask;
	void *of;
	struct place at;           /* of what is wrong */
	const char *why;           /* NULL: nothing is */
	const char *seen;          /* "a is 1, b is 2"; NULL: no name yet */
	ARRAY(const char *) names; /* in `seen` */
};

static bool eval(struct walk *w, const struct code_node *n, struct value *out);

enum { SEEN_MAX = 64 };

struct drill_variables *drill_variables_new(void)
{
	return xcalloc(1, sizeof(struct drill_variables));
}

void drill_variables_free(struct drill_variables *v)
{
	if (!v)
		return;
	array_fini(&v->list);
	arena_fini(&v->arena);
	free(v);
}

static bool is_wrong(struct walk *w, const struct code_node *n, const char *why)
{
	if (!w->why) {
		w->why = why;
		w->at = n->at;
	}
	return false;
}

static struct variable *find(struct drill_variables *v, const char *name)
{
	for (size_t i = 0; i < v->list.count; i++)
		if (strcmp(v->list.at[i].name, name) == 0)
			return &v->list.at[i];
	return NULL;
}

/* Names and what they were, for whoever must understand why it failed. */
static void note_seen(struct walk *w, const char *name, struct value value)
{
	for (size_t i = 0; i < w->names.count; i++)
		if (strcmp(w->names.at[i], name) == 0)
			return;
	if (w->names.count == SEEN_MAX)
		return;
	*array_push(&w->names) = name;
	w->seen = arena_printf(&w->v->arena, "%s%s%s is %s", w->seen ? w->seen : "",
			       w->seen ? ", " : "", name, value_print(&w->v->arena, value));
}

static bool eval_name(struct walk *w, const struct code_node *n, struct value *out)
{
	struct variable *variable = find(w->v, n->text);

	*out = (struct value){.kind = VALUE_INT};
	if (variable)
		*out = variable->value;
	else if (drill_code_constant(n->text, &out->number))
		return true; /* what it is needs not be told */
	else if (!w->ask(w->of, n->text, &out->number))
		return is_wrong(w, n, arena_printf(&w->v->arena, "%s has no value here", n->text));
	note_seen(w, n->text, *out);
	return true;
}

static bool eval_chain(struct walk *w, const struct code_node *n, struct value *out)
{
	struct value left, right;
	bool holds = true;

	if (!eval(w, n->kids[0], &left))
		return false;
	for (uint32_t i = 1; i < n->count && holds; i++) {
		const char *why = NULL;

		if (!eval(w, n->kids[i], &right))
			return false;
		if (!value_compare(n->ops[i - 1], left, right, &holds, &why))
			return is_wrong(w, n->kids[i], why);
		left = right;
	}
	*out = (struct value){.kind = VALUE_INT, .number = holds};
	return true;
}

/* The value of the one that decided, as in Python. */
static bool eval_joined(struct walk *w, const struct code_node *n, struct value *out)
{
	for (uint32_t i = 0; i < n->count; i++) {
		if (!eval(w, n->kids[i], out))
			return false;
		if (value_is_true(*out) == (n->op == CODE_OR))
			return true;
	}
	return true;
}

static bool eval_single(struct walk *w, const struct code_node *n, struct value *out)
{
	struct value zero = {.kind = VALUE_INT};
	const char *why = NULL;
	struct value x;

	if (!eval(w, n->kids[0], &x))
		return false;
	if (n->op == CODE_NOT) {
		*out = (struct value){.kind = VALUE_INT, .number = !value_is_true(x)};
		return true;
	}
	if (n->op == CODE_INVERT) {
		if (x.kind != VALUE_INT)
			return is_wrong(w, n, "this needs a whole number");
		*out = (struct value){.kind = VALUE_INT, .number = ~x.number};
		return true;
	}
	return value_op(&w->v->arena, CODE_SUBTRACT, zero, x, out, &why) || is_wrong(w, n, why);
}

static bool eval_op(struct walk *w, const struct code_node *n, struct value *out)
{
	struct value x, y;
	const char *why = NULL;

	if (n->op == CODE_OR || n->op == CODE_AND)
		return eval_joined(w, n, out);
	if (n->count == 1)
		return eval_single(w, n, out);
	if (!eval(w, n->kids[0], &x) || !eval(w, n->kids[1], &y))
		return false;
	return value_op(&w->v->arena, n->op, x, y, out, &why) || is_wrong(w, n, why);
}

static bool eval_tuple(struct walk *w, const struct code_node *n, struct value *out)
{
	struct value *items = arena_alloc(&w->v->arena, n->count * sizeof *items + 1);

	for (uint32_t i = 0; i < n->count; i++)
		if (!eval(w, n->kids[i], &items[i]))
			return false;
	*out = (struct value){.kind = VALUE_TUPLE, .count = n->count, .items = items};
	return true;
}

static bool eval_call(struct walk *w, const struct code_node *n, struct value *out)
{
	struct value next;
	bool is_least = strcmp(n->text, "min") == 0;

	if (!eval(w, n->kids[0], out))
		return false;
	if (!value_is_number(*out))
		return is_wrong(w, n, "this needs numbers");
	if (strcmp(n->text, "int") == 0 && out->kind == VALUE_REAL) {
		if (!(out->real > -9e18 && out->real < 9e18))
			return is_wrong(w, n, "the result has more than 63 bits");
		*out = (struct value){.kind = VALUE_INT, .number = (int64_t)out->real};
	} else if (strcmp(n->text, "abs") == 0) {
		if (out->kind == VALUE_INT && out->number == INT64_MIN)
			return is_wrong(w, n, "the result has more than 63 bits");
		out->number = out->number < 0 ? -out->number : out->number;
		out->real = out->real < 0 ? -out->real : out->real;
	}
	for (uint32_t i = 1; i < n->count; i++) {
		const char *why = NULL;
		bool is_better;

		if (!eval(w, n->kids[i], &next))
			return false;
		if (!value_compare(is_least ? CODE_LESS : CODE_GREATER, next, *out, &is_better,
				   &why))
			return is_wrong(w, n, why);
		if (is_better)
			*out = next;
	}
	return true;
}

static bool eval(struct walk *w, const struct code_node *n, struct value *out)
{
	switch ((enum code_kind)n->kind) {
	case NODE_NUMBER:
		*out = (struct value){.kind = VALUE_INT, .number = n->number};
		return true;
	case NODE_REAL: *out = (struct value){.kind = VALUE_REAL, .real = n->real}; return true;
	case NODE_TEXT: *out = (struct value){.kind = VALUE_TEXT, .text = n->text}; return true;
	case NODE_NONE: *out = (struct value){.kind = VALUE_NONE}; return true;
	case NODE_NAME: return eval_name(w, n, out);
	case NODE_OP: return eval_op(w, n, out);
	case NODE_CHAIN: return eval_chain(w, n, out);
	case NODE_TUPLE: return eval_tuple(w, n, out);
	case NODE_CALL: return eval_call(w, n, out);
	}
	return false;
}

/* ---- statements ---- */

static bool run_print(struct walk *w, const struct code_statement *s, struct sink *out)
{
	struct value all;

	if (!eval(w, s->value, &all))
		return false;
	for (uint32_t i = 0; i < all.count; i++)
		sink_printf(out, "%s%s", i ? " " : "", value_print(&w->v->arena, all.items[i]));
	sink_putc(out, '\n');
	return true;
}

static bool run_assignment(struct walk *w, const struct code_statement *s)
{
	struct variable *variable = find(w->v, s->name);
	struct value value;

	if (!eval(w, s->value, &value))
		return false;
	if (s->kind == CODE_CHANGE) {
		struct code_node name = {.kind = NODE_NAME, .text = s->name, .at = s->at};
		struct value old;
		const char *why = NULL;

		if (!eval(w, &name, &old))
			return false;
		if (!value_op(&w->v->arena, s->op, old, value, &value, &why))
			return is_wrong(w, &name, why);
	}
	if (value.kind == VALUE_TUPLE)
		return is_wrong(w, s->value, "a tuple cannot be kept in a variable");
	if (!variable) {
		variable = array_push(&w->v->list);
		variable->name = arena_strndup(&w->v->arena, s->name, strlen(s->name));
	}
	if (value.kind == VALUE_TEXT) /* it must outlive the script's tree */
		value.text = arena_strndup(&w->v->arena, value.text, strlen(value.text));
	variable->value = value;
	return true;
}

/* False: it does not hold, or cannot be judged (then w->why is set). */
static bool run_assert(struct walk *w, const struct code_statement *s, struct drill_code_result *r)
{
	struct value value;
	const char *seen;

	w->seen = NULL;
	array_clear(&w->names);
	if (!eval(w, s->value, &value))
		return false;
	if (value_is_true(value))
		return true;
	seen = w->seen;
	r->verdict = CODE_FAILED;
	r->at = s->at;
	r->text = arena_strndup(&w->v->arena, s->text, strlen(s->text));
	/* A message that stumbles does not hide the failure. */
	if (s->message && eval(w, s->message, &value))
		r->message = value_print(&w->v->arena, value);
	w->why = NULL;
	r->values = seen;
	return false;
}

static bool run_statement(struct walk *w, const struct code_statement *s,
			  struct drill_code_result *r, struct sink *out)
{
	switch ((enum code_statement_kind)s->kind) {
	case CODE_ASSERT: return run_assert(w, s, r);
	case CODE_PRINT: return run_print(w, s, out);
	case CODE_ASSIGN:
	case CODE_CHANGE: return run_assignment(w, s);
	case CODE_PASS: return true;
	}
	return false;
}

struct drill_code_result drill_code_run(const struct drill_code *code, struct drill_variables *v,
					drill_ask *ask, void *of, struct sink *out)
{
	struct walk w = {.v = v, .ask = ask, .of = of};
	struct drill_code_result r = {.verdict = CODE_HELD};

	for (size_t i = 0; i < code->count; i++) {
		if (run_statement(&w, &code->statements[i], &r, out))
			continue;
		if (w.why)
			r = (struct drill_code_result){
				.verdict = CODE_WRONG, .at = w.at, .text = w.why, .values = w.seen};
		break;
	}
	array_fini(&w.names);
	return r;
}
