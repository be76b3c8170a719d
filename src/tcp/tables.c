/* SPDX-License-Identifier: MIT */
/* tables.c - the names of states, rules, answers, edges and fields, from their .def files. */
#include <woshou/tcp.h>

static bool names_eq(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a, y = *b;

		if (x >= 'A' && x <= 'Z')
			x = (char)(x - 'A' + 'a');
		if (y >= 'A' && y <= 'Z')
			y = (char)(y - 'A' + 'a');
		if (x != y)
			return false;
	}
	return *a == *b;
}

const char *state_name(enum state s)
{
	static const char *const names[STATE_COUNT] = {
#define STATE(name, printed, rfc) [name] = printed,
#include <woshou/state.def>
#undef STATE
	};

	return (unsigned)s < STATE_COUNT ? names[s] : "?";
}

const char *tcp_answer_text(enum tcp_answer a)
{
	switch (a) {
	case TCP_OK: return "ok";
	case TCP_NOT_OPEN: return "connection does not exist";
	case TCP_EXISTS: return "connection already exists";
	case TCP_CLOSING: return "connection closing";
	case TCP_RESOURCES: return "insufficient resources";
	case TCP_UNSPECIFIED: return "remote socket unspecified";
	case TCP_WAIT: return "queued";
	}
	return "?";
}

/* ---- rules ---------------------------------------------------------------------------------- */

static const struct rule_info rules[RULE_COUNT] = {
	[RULE_NONE] = {"NONE", 0, "", "", "", ""},
#define RULE(id, rfc, section, ordinal, strength, text)                                            \
	[R_##id] = {#id, rfc, section, ordinal, strength, text},
#include <woshou/rule.def>
#undef RULE
};

const struct rule_info *rule_info(enum rule r)
{
	return &rules[(unsigned)r < RULE_COUNT ? r : RULE_NONE];
}

static const struct {
	const char *zh, *quote;
} rule_texts[RULE_COUNT] = {
	[RULE_NONE] = {"", ""},
#define RULE_TEXT(id, zh, quote) [R_##id] = {zh, quote},
#include <woshou/rule_text.def>
#undef RULE_TEXT
};

const char *rule_sentence(enum rule r, enum lang lang)
{
	if (lang != LANG_ZH)
		return rule_info(r)->text;
	return rule_texts[(unsigned)r < RULE_COUNT ? r : RULE_NONE].zh;
}

const char *rule_quote(enum rule r)
{
	return rule_texts[(unsigned)r < RULE_COUNT ? r : RULE_NONE].quote;
}

int rule_named(const char *id)
{
	for (int i = 1; i < RULE_COUNT; i++) {
		if (names_eq(rules[i].id, id))
			return i;
	}
	return -1;
}

/* ---- Figure 5 ------------------------------------------------------------------------------- */

static const bool reachable[STATE_COUNT][STATE_COUNT] = {
#define EDGE(from, to, label, source) [from][to] = true,
#include <woshou/edge.def>
#undef EDGE
};

static const struct edge {
	enum state from, to;
	const char *label, *source;
} edges[] = {
#define EDGE(from, to, label, source) {from, to, label, source},
#include <woshou/edge.def>
#undef EDGE
};

bool edge_exists(enum state from, enum state to)
{
	return (unsigned)from < STATE_COUNT && (unsigned)to < STATE_COUNT && reachable[from][to];
}

size_t edge_count(void)
{
	return sizeof edges / sizeof edges[0];
}

void edge_at(size_t index, enum state *from, enum state *to, const char **label)
{
	*from = edges[index].from;
	*to = edges[index].to;
	*label = edges[index].label;
}

const char *edge_source(size_t index)
{
	return edges[index].source;
}

/* ---- fields --------------------------------------------------------------------------------- */

static const struct field {
	const char *name, *meaning;
	enum tcb_field_kind kind;
} fields[TCB_FIELD_COUNT] = {
#define FIELD(id, name, kind, expression, meaning) [F_##id] = {name, meaning, kind},
#include <woshou/tcb_field.def>
#undef FIELD
};

const char *tcb_field_name(enum tcb_field f)
{
	return fields[f].name;
}

enum tcb_field_kind tcb_field_kind_of(enum tcb_field f)
{
	return fields[f].kind;
}

const char *tcb_field_meaning(enum tcb_field f)
{
	return fields[f].meaning;
}

int tcb_field_named(const char *name)
{
	for (int i = 0; i < TCB_FIELD_COUNT; i++) {
		if (names_eq(fields[i].name, name))
			return i;
	}
	return -1;
}

int64_t tcb_field_get(const struct tcb *t, enum tcb_field f)
{
	switch (f) {
#define FIELD(id, name, kind, expression, meaning)                                                 \
	case F_##id:                                                                               \
		return (int64_t)(expression);
#include <woshou/tcb_field.def>
#undef FIELD
	case TCB_FIELD_COUNT: break;
	}
	return 0;
}
