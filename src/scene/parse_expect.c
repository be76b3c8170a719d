/* SPDX-License-Identifier: MIT */
/* parse_expect.c - expect and ask. */
#include <scene/parse.h>

#include <stdio.h>
#include <string.h>
#include <base/sink.h>

/* ---- values of fields ------------------------------------------------------------------------ */

bool parse_field_value(struct parser *p, enum tcb_field field, int64_t *out)
{
	uint64_t number = 0;
	enum state state = CLOSED;
	bool is_on = false;
	bool is_good = false;

	switch (tcb_field_kind_of(field)) {
	case FIELD_TIME:
	case FIELD_DEADLINE:
		if (parse_take(p, "never") || parse_take(p, "off")) {
			*out = USEC_NEVER;
			return true;
		}
		return parse_time(p, out);
	case FIELD_BYTES: is_good = parse_size(p, &number); break;
	case FIELD_SEQ:
	case FIELD_COUNT:
		is_good = parse_number(p, tcb_field_name(field), 0, UINT32_MAX, &number);
		break;
	case FIELD_BOOL:
		is_good = parse_switch(p, &is_on);
		number = is_on;
		break;
	case FIELD_STATE:
		is_good = parse_state(p, &state);
		number = (uint64_t)state;
		break;
	}
	*out = (int64_t)number;
	return is_good;
}

static int field_here(const struct parser *p)
{
	char word[40];

	if (!parse_at(p, TOKEN_WORD) || p->token.size >= sizeof word)
		return NONE;
	snprintf(word, sizeof word, "%.*s", (int)p->token.size, p->token.text);
	return tcb_field_named(word);
}

/* ---- what is claimed ------------------------------------------------------------------------- */

static bool claim_state(struct parser *p, struct expectation *e)
{
	enum state state;

	e->fact.claim = CLAIM_STATE;
	if (!parse_state(p, &state))
		return false;
	e->fact.state = (uint8_t)state;
	if (e->look != LOOK_NEVER || !parse_take(p, "longer"))
		return true;
	return parse_one_time(p, &e->longer);
}

static bool claim_segment(struct parser *p, struct expectation *e, enum claim claim)
{
	e->fact.claim = (uint8_t)claim;
	return parse_match(p, &e->fact.match);
}

/* A repeated segment: any with `retransmit` of 1 or more. */
static bool claim_retransmits(struct expectation *e)
{
	e->fact.claim = CLAIM_SENDS;
	e->fact.match = (struct seg_match){
		.class = CLASS_ANY,
		.count = 1,
		.compare = {{.what = NUMBER_RETRANSMIT, .how = CMP_GE, .value = 1}}};
	return true;
}

static bool claim_received(struct parser *p, struct expectation *e)
{
	uint64_t size;

	e->fact.claim = CLAIM_RECEIVED;
	if (parse_at(p, TOKEN_NUMBER)) {
		e->fact.is_size = true;
		if (!parse_size(p, &size))
			return false;
		e->fact.value = (int64_t)size;
		return true;
	}
	return parse_chars(p, &e->fact.octets);
}

/* VERB fails [ERROR] */
static bool claim_fails(struct parser *p, struct expectation *e, enum call_verb call)
{
	static const char *const names[] = {
#define SOCK_ERROR(name, text) #name,
#include <woshou/sock_error.def>
#undef SOCK_ERROR
		NULL,
	};

	e->fact.claim = CLAIM_FAILS;
	e->fact.call = (uint8_t)call;
	e->fact.error = NONE;
	parse_next(p);
	if (!parse_expect_word(p, "fails"))
		return false;
	if (!parse_at(p, TOKEN_WORD) || parse_is(p, "because"))
		return true;
	for (int i = 1; names[i]; i++)
		if (parse_take(p, names[i])) {
			e->fact.error = (int16_t)i;
			return true;
		}
	return parse_fail_unknown(p, "error", names + 1);
}

static bool claim_field(struct parser *p, struct expectation *e, int field)
{
	enum comparison how;

	e->fact.claim = CLAIM_FIELD;
	e->fact.field = (uint8_t)field;
	parse_next(p);
	if (!parse_at(p, TOKEN_COMPARE))
		return parse_fail_here(p, "a comparison: = != < <= > >=");
	parse_comparison(p, &how);
	e->fact.how = (uint8_t)how;
	return parse_field_value(p, (enum tcb_field)field, &e->fact.value);
}

static const char *const call_words[CALL_VERB_COUNT] = {
	[CALL_LISTEN] = "listen", [CALL_CONNECT] = "connect", [CALL_ACCEPT] = "accept",
	[CALL_WRITE] = "write",   [CALL_READ] = "read",       [CALL_SHUTDOWN] = "shutdown",
	[CALL_CLOSE] = "close",   [CALL_ABORT] = "abort",     [CALL_OPTION] = "option",
	[CALL_BIND] = "bind",
};

static bool fail_claim(struct parser *p)
{
	const char *words[8 + CALL_VERB_COUNT + TCB_FIELD_COUNT] = {
		"in", "sends", "gets", "never", "received", "retransmits"};
	size_t n = 6;

	for (int i = 0; i < CALL_VERB_COUNT; i++)
		words[n++] = call_words[i];
	for (int i = 0; i < TCB_FIELD_COUNT; i++)
		words[n++] = tcb_field_name((enum tcb_field)i);
	return parse_fail_unknown(p, "expectation", words);
}

static bool parse_claim(struct parser *p, struct expectation *e)
{
	int field;

	if (parse_take(p, "in"))
		return claim_state(p, e);
	if (parse_take(p, "sends"))
		return claim_segment(p, e, CLAIM_SENDS);
	if (parse_take(p, "gets"))
		return claim_segment(p, e, CLAIM_GETS);
	if (parse_take(p, "retransmits"))
		return claim_retransmits(e);
	if (parse_take(p, "received"))
		return claim_received(p, e);
	for (int i = 0; i < CALL_VERB_COUNT; i++)
		if (parse_is(p, call_words[i]))
			return claim_fails(p, e, (enum call_verb)i);
	field = field_here(p);
	if (field >= 0)
		return claim_field(p, e, field);
	return fail_claim(p);
}

/* ---- expect ---------------------------------------------------------------------------------- */

const char *parse_spoken(struct parser *p, size_t from, size_t to)
{
	size_t back = p->index;
	struct sink out = {0};
	const char *text;

	for (p->index = from; p->index < to;) {
		parse_look(p);
		if (p->index >= to)
			break;
		if (out.count)
			sink_putc(&out, ' ');
		sink_put(&out, p->token.text, p->token.size);
		p->index++;
	}
	p->index = back;
	parse_look(p);
	text = arena_strndup(&p->play->arena, out.count ? out.at : "", out.count);
	sink_fini(&out);
	return text;
}

static bool parse_broken(struct parser *p, struct expectation *e)
{
	const char *names[PROMISE_COUNT + 1] = {0};

	e->look = LOOK_END;
	e->fact.claim = CLAIM_BROKEN;
	for (int i = 0; i < PROMISE_COUNT; i++) {
		names[i] = promise_name((enum promise)i);
		if (parse_take(p, names[i])) {
			e->fact.promise = (uint8_t)i;
			return true;
		}
	}
	return parse_fail_unknown(p, "promise", names);
}

static bool parse_total(struct parser *p, struct expectation *e)
{
	enum comparison how;
	uint64_t total;

	if (e->fact.claim != CLAIM_SENDS && e->fact.claim != CLAIM_GETS)
		return parse_fail(p, parse_place(p), NULL,
				  "'total' counts what someone sends or gets");
	parse_comparison(p, &how);
	if (!parse_number(p, "how many", 0, UINT32_MAX, &total))
		return false;
	e->fact.how = (uint8_t)how;
	e->total = (int64_t)total;
	return true;
}

/* at T, never, eventually, total: how to look. */
static bool parse_look_at(struct parser *p, struct expectation *e, struct cue *cue)
{
	e->look = cue->is_told ? LOOK_AT : LOOK_END;
	if (parse_take(p, "at")) {
		e->look = LOOK_AT;
		cue->is_absolute = cue->is_told = true;
		return parse_time(p, &cue->time);
	}
	if (parse_take(p, "never"))
		e->look = LOOK_NEVER;
	else if (parse_take(p, "eventually"))
		e->look = LOOK_EVENTUALLY;
	else if (parse_take(p, "total"))
		e->look = LOOK_TOTAL;
	return true;
}

static bool parse_who_claims(struct parser *p, struct expectation *e)
{
	parse_mark(p, MARK_SUBJECT);
	if (parse_take(p, "broken"))
		return parse_broken(p, e);
	if (!parse_who(p, &e->fact.who))
		return false;
	parse_mark(p, MARK_REST);
	if (parse_is(p, "never")) {
		if (e->look != LOOK_END && e->look != LOOK_AT)
			return parse_fail_here(p, "what is expected");
		parse_next(p);
		e->look = LOOK_NEVER;
	}
	if (!parse_claim(p, e))
		return false;
	if (e->look == LOOK_TOTAL)
		return parse_total(p, e);
	if (e->look == LOOK_EVENTUALLY && parse_take(p, "within"))
		return parse_one_time(p, &e->within);
	return true;
}

bool parse_expectation(struct parser *p)
{
	struct cue outer = p->context.cue;
	struct place at = parse_place(p);
	struct expectation *e = arena_alloc(&p->play->arena, sizeof *e);
	size_t from;
	bool is_good;

	e->within = USEC_NEVER;
	e->longer = -1;
	parse_next(p);
	from = p->index;
	is_good = parse_look_at(p, e, &p->context.cue) && parse_who_claims(p, e);
	if (is_good) {
		e->text = parse_spoken(p, from, p->index);
		parse_push_expect(p, at, e);
	}
	p->context.cue = outer;
	if (is_good && parse_is(p, "because"))
		return parse_statement(p);
	return is_good;
}

/* ---- ask ------------------------------------------------------------------------------------- */

/* li.next.ack, li.rto, 1015, 3s, ESTABLISHED */
static bool parse_path(struct parser *p, struct question *q)
{
	static const char *const numbers[] = {"seq", "ack", "len", "win", NULL};
	struct place at = parse_place(p);
	char *dot, *path = arena_strndup(&p->play->arena, p->token.text, p->token.size);
	int field;

	dot = strchr(path, '.');
	*dot = '\0';
	q->who = (struct who){.name = path, .at = at};
	path = dot + 1;
	if (strncmp(path, "next.", 5) == 0) {
		q->kind = ANSWER_NEXT;
		for (int i = 0; numbers[i]; i++)
			if (strcmp(path + 5, numbers[i]) == 0) {
				q->number = (uint8_t)i;
				parse_next(p);
				return true;
			}
		return parse_fail(p, at, "next.seq, next.ack, next.len or next.win",
				  "a segment has no '%s'", path + 5);
	}
	field = tcb_field_named(path);
	if (field < 0)
		return parse_fail(p, at, NULL, "a connection has no '%s'", path);
	q->kind = ANSWER_FIELD;
	q->number = (uint8_t)field;
	parse_next(p);
	return true;
}

static bool parse_answer(struct parser *p, struct question *q)
{
	enum state state = CLOSED;
	uint64_t number = 0;

	if (parse_at(p, TOKEN_WORD) && memchr(p->token.text, '.', p->token.size))
		return parse_path(p, q);
	if (parse_at(p, TOKEN_WORD)) {
		q->kind = ANSWER_STATE;
		if (!parse_state(p, &state))
			return false;
		q->value = state;
		return true;
	}
	if (parse_is_unit(p)) {
		q->kind = ANSWER_TIME;
		return parse_time(p, &q->value);
	}
	q->kind = ANSWER_NUMBER;
	if (!parse_number(p, "an answer: li.next.ack, a number, a time or a state", 0, UINT32_MAX,
			  &number))
		return false;
	q->value = (int64_t)number;
	return true;
}

bool parse_ask(struct parser *p)
{
	struct cue outer = p->context.cue;
	struct place at = parse_place(p);
	struct question *q = arena_alloc(&p->play->arena, sizeof *q);
	bool is_good = true;

	parse_next(p);
	if (parse_take(p, "at")) {
		p->context.cue.is_absolute = p->context.cue.is_told = true;
		is_good = parse_time(p, &p->context.cue.time);
	}
	is_good = is_good && parse_titles(p, &q->text, false) && parse_expect_word(p, "answer") &&
		  parse_answer(p, q);
	if (is_good)
		parse_push(p, STMT_ASK, at)->ask = q;
	p->context.cue = outer;
	return is_good;
}
