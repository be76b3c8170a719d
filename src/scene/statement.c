/* SPDX-License-Identifier: MIT */
/* statement.c - statements by their first word, and what gives them their time. */
#include <scene/parse.h>

#include <stdio.h>
#include <string.h>

/* ---- words ----------------------------------------------------------------------------------- */

const char *const scene_statement_words[] = {
	"after",  "ask",      "at",    "because", "by",   "each",   "end",    "expect", "for",
	"golden", "include",  "limit", "marker",  "no",   "person", "repeat", "say",    "scene",
	"seed",   "stranger", "title", "when",    "wind", "woshou", NULL,
};

/* Words that a statement's grammar tells from a name by looking at one word. */
static const char *const reserved[] = {
	"and",   "any",   "as",   "broken",     "data",        "en",   "eventually",
	"every", "from",  "in",   "len",        "never",       "none", "of",
	"on",    "off",   "port", "retransmit", "retransmits", "seq",  "ack",
	"total", "where", "win",  "within",     "zh",          NULL,
};

static bool is_among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

bool word_is_reserved(const char *word)
{
	return is_among(word, scene_statement_words) || is_among(word, reserved) ||
	       seg_class_named(word) >= 0;
}

/* ---- declarations ---------------------------------------------------------------------------- */

static bool parse_title(struct parser *p)
{
	struct place at = parse_place(p);

	parse_next(p);
	if (p->play->has_title)
		return parse_fail(p, at, NULL, "the play has its title already");
	p->play->has_title = true;
	parse_mark(p, MARK_SUBJECT);
	return parse_titles(p, &p->play->title, false);
}

static bool parse_seed(struct parser *p)
{
	struct place at = parse_place(p);

	parse_next(p);
	if (p->play->has_seed)
		return parse_fail(p, at, NULL, "the play has its seed already");
	p->play->has_seed = true;
	parse_mark(p, MARK_SUBJECT);
	if (p->edits && p->edits->seed)
		parse_note(p, p->index, p->index + 1, p->edits->seed);
	return parse_number(p, "a seed", 0, UINT64_MAX, &p->play->seed);
}

/* limit 2h, limit 50000000 events, or both */
static bool parse_limit(struct parser *p)
{
	struct place at = parse_place(p);
	bool has_any = false;

	parse_next(p);
	if (p->play->has_limit)
		return parse_fail(p, at, NULL, "the play has its limit already");
	p->play->has_limit = true;
	parse_mark(p, MARK_SUBJECT);
	if (parse_is_unit(p)) {
		at = parse_place(p);
		if (!parse_one_time(p, &p->play->time_limit))
			return false;
		if (p->play->time_limit == 0)
			return parse_fail(p, at, NULL, "a limit is more than nothing");
		has_any = true;
	}
	if (has_any && parse_is_line_over(p))
		return true;
	return parse_number(p, "a number of events", 1, UINT64_C(1) << 40, &p->play->event_limit) &&
	       parse_expect_word(p, "events");
}

static bool parse_end(struct parser *p)
{
	struct place at = parse_place(p);
	size_t from;

	parse_next(p);
	if (p->play->has_end)
		return parse_fail(p, at, NULL, "the play has its end already");
	p->play->has_end = true;
	p->play->end_at = at;
	parse_mark(p, MARK_SUBJECT);
	from = p->index + 1;
	if (!parse_expect_word(p, "at") || !parse_time(p, &p->play->end))
		return false;
	if (p->edits && p->edits->end)
		parse_note(p, from, p->index, p->edits->end);
	return true;
}

static bool parse_golden(struct parser *p)
{
	struct place at = parse_place(p);
	size_t from = p->index;

	parse_next(p);
	if (p->play->golden)
		return parse_fail(p, at, NULL, "the play has its golden ladder already");
	parse_mark(p, MARK_SUBJECT);
	if (!parse_expect_word(p, "ladder") || !expand_path(p, &p->play->golden))
		return false;
	parse_note(p, from, p->index, NULL);
	return true;
}

/* ---- statements with a time ------------------------------------------------------------------ */

static struct cue cue_here(const struct parser *p)
{
	struct cue cue = p->context.cue;

	cue.time += p->context.shift;
	return cue;
}

static struct stmt *push(struct parser *p, enum stmt_kind kind, struct place at, bool is_looking_at)
{
	struct play *play = p->play;
	struct stmt *s;

	if (play->stmts.count == SCENE_STATEMENTS_MAX && !p->is_stopped) {
		parse_fail(p, at, NULL, "written out, the play has more than %d statements",
			   SCENE_STATEMENTS_MAX);
		p->is_stopped = true;
	}
	s = array_push(&play->stmts);
	*s = (struct stmt){.kind = (uint8_t)kind,
			   .at = at,
			   .cue = cue_here(p),
			   .chapter = p->context.chapter,
			   .says = NONE,
			   .is_by_hand = p->context.is_by_hand,
			   .is_each = p->context.is_each,
			   .off_from = p->context.off_from};
	p->above = ABOVE_STMT;
	p->above_index = (int32_t)play->stmts.count - 1;
	p->last_say = NONE;
	/* What is judged at the end has no time to count from; nor does a chapter begin by it. */
	if (kind == STMT_EXPECT && !is_looking_at)
		return s;
	p->last_timed = p->above_index;
	if (s->cue.trigger == NONE && s->chapter != NONE && (kind != STMT_WHEN || s->cue.is_told) &&
	    s->cue.time < play->chapters.at[s->chapter].begins)
		play->chapters.at[s->chapter].begins = s->cue.time;
	return s;
}

struct stmt *parse_push(struct parser *p, enum stmt_kind kind, struct place at)
{
	return push(p, kind, at, true);
}

struct stmt *parse_push_expect(struct parser *p, struct place at, struct expectation *e)
{
	struct stmt *s = push(p, STMT_EXPECT, at, e->look == LOOK_AT);

	s->expect = e;
	return s;
}

bool parse_within(struct parser *p, const struct context *inner)
{
	struct context outer = p->context;
	bool is_good;

	p->context = *inner;
	is_good = parse_body(p);
	p->context = outer;
	return is_good;
}

static bool parse_at_time(struct parser *p)
{
	struct context inner = p->context;

	parse_next(p);
	if (!parse_time(p, &inner.cue.time))
		return false;
	inner.cue.is_absolute = inner.cue.is_told = inner.is_timed = true;
	if (!parse_at(p, TOKEN_OPEN))
		parse_mark(p, MARK_SUBJECT);
	return parse_within(p, &inner);
}

static bool parse_after(struct parser *p)
{
	struct context inner = p->context;
	struct place at = parse_place(p);
	usec time;

	parse_next(p);
	if (!parse_one_time(p, &time))
		return false;
	if (p->last_timed == NONE) {
		if (p->d->errors > 0)
			return true; /* the statement above may have had a mistake */
		return parse_fail(p, at, NULL, "there is no statement above to count from");
	}
	inner.cue = p->play->stmts.at[p->last_timed].cue;
	inner.cue.time += time;
	inner.cue.is_told = inner.is_timed = true;
	inner.shift = 0; /* the statement above has it already */
	if (inner.cue.time > SCENE_TIME_MAX)
		return parse_fail(p, at, NULL, "a time this large cannot be told");
	if (!parse_at(p, TOKEN_OPEN))
		parse_mark(p, MARK_SUBJECT);
	return parse_within(p, &inner);
}

/* who in STATE, who gets MATCH, who sends MATCH, who reads "..." */
static bool parse_trigger(struct parser *p, struct fact *f)
{
	static const char *const words[] = {"in", "gets", "sends", "reads", NULL};
	enum state state;

	if (!parse_who(p, &f->who))
		return false;
	if (parse_take(p, "in")) {
		f->claim = CLAIM_STATE;
		if (!parse_state(p, &state))
			return false;
		f->state = (uint8_t)state;
		return true;
	}
	if (parse_take(p, "gets")) {
		f->claim = CLAIM_GETS;
		return parse_match(p, &f->match);
	}
	if (parse_take(p, "sends")) {
		f->claim = CLAIM_SENDS;
		return parse_match(p, &f->match);
	}
	if (parse_is(p, "reads")) {
		struct place at = parse_place(p);

		parse_next(p);
		f->claim = CLAIM_READS;
		if (!parse_chars(p, &f->octets))
			return false;
		return f->octets.size > 0 ||
		       parse_fail(p, at, NULL, "nothing is read all the time");
	}
	return parse_fail_unknown(p, "event", words);
}

bool parse_when(struct parser *p, bool is_each)
{
	struct context inner = p->context;
	struct place at = parse_place(p);
	struct fact *f = arena_alloc(&p->play->arena, sizeof *f);
	struct stmt *s;
	usec delay = 0;

	parse_next(p);
	if (!parse_trigger(p, f))
		return false;
	if (parse_at(p, TOKEN_PLUS)) {
		parse_next(p);
		if (!parse_one_time(p, &delay))
			return false;
	}
	s = parse_push(p, STMT_WHEN, at);
	s->when.fact = f;
	s->when.is_each = is_each;
	/* An absolute time in an outer `at` arms the trigger; within, time starts anew. */
	inner.cue = (struct cue){.trigger = p->above_index, .is_told = true, .time = delay};
	inner.shift = 0;
	inner.is_timed = true;
	inner.is_each = inner.is_each || is_each;
	if (!parse_at(p, TOKEN_OPEN))
		parse_mark(p, MARK_ITEM);
	return parse_within(p, &inner);
}

static bool parse_marker(struct parser *p)
{
	struct cue outer = p->context.cue;
	struct place at = parse_place(p);
	struct titles text;

	parse_next(p);
	if (!parse_titles(p, &text, true))
		return false;
	if (parse_take(p, "at")) {
		if (!parse_time(p, &p->context.cue.time))
			return false;
		p->context.cue.is_absolute = p->context.cue.is_told = true;
	}
	parse_push(p, STMT_MARKER, at)->marker = text;
	p->context.cue = outer;
	return true;
}

/* ---- say and because ------------------------------------------------------------------------- */

static bool parse_say(struct parser *p)
{
	struct say say = {.at = parse_place(p), .next = NONE};
	struct play *play = p->play;
	int32_t *to = NULL;

	say.is_because = parse_is(p, "because");
	parse_mark(p, MARK_SAY);
	parse_next(p);
	if (!parse_titles(p, &say.text, say.is_because))
		return false;
	switch (p->above) {
	case ABOVE_NOTHING:
		if (p->d->errors > 0)
			return true;
		return parse_fail(p, say.at, NULL,
				  "there is no statement above for this to belong to");
	case ABOVE_STMT: to = &play->stmts.at[p->above_index].says; break;
	case ABOVE_CHAPTER: to = &play->chapters.at[p->above_index].says; break;
	}
	if (p->last_say != NONE && *to != NONE)
		to = &play->says.at[p->last_say].next;
	*to = p->last_say = (int32_t)play->says.count;
	*array_push(&play->says) = say;
	return true;
}

/* ---- scenes ---------------------------------------------------------------------------------- */

static bool parse_scene(struct parser *p)
{
	struct chapter c = {.at = parse_place(p), .says = NONE, .begins = USEC_NEVER};
	bool is_good;

	parse_next(p);
	if (p->context.chapter != NONE)
		return parse_fail(p, c.at, NULL, "scenes do not stand in scenes");
	if (!parse_name(p, "the scene's name", &c.name))
		return false;
	if (!parse_at(p, TOKEN_OPEN) && !parse_titles(p, &c.title, false))
		return false;
	if (p->play->chapters.count == SCENE_CHAPTERS_MAX)
		return parse_fail(p, c.at, NULL, "more than %d scenes", SCENE_CHAPTERS_MAX);
	for (size_t i = 0; i < p->play->chapters.count; i++)
		if (!p->context.is_repeated && strcmp(p->play->chapters.at[i].name, c.name) == 0)
			return parse_fail(p, c.at, NULL, "there is a scene '%s' already", c.name);
	p->context.chapter = (int32_t)p->play->chapters.count;
	*array_push(&p->play->chapters) = c;
	p->above = ABOVE_CHAPTER;
	p->above_index = p->context.chapter;
	p->last_say = NONE;
	is_good = parse_at(p, TOKEN_OPEN) ? parse_body(p) : parse_fail_here(p, "'{'");
	p->context.chapter = NONE;
	return is_good;
}

/* ---- which ----------------------------------------------------------------------------------- */

static bool parse_again(struct parser *p)
{
	return parse_fail(p, parse_place(p), NULL, "'woshou' stands once, at the beginning");
}

static bool parse_when_once(struct parser *p)
{
	return parse_when(p, false);
}

static bool parse_each(struct parser *p)
{
	return parse_when(p, true);
}

static const struct {
	const char *word;
	bool (*parse)(struct parser *);
	bool is_declaration; /* has no time */
	bool is_single;      /* makes no sense in a repeat */
} statements[] = {
	{"after", parse_after, false, false},    {"ask", parse_ask, false, false},
	{"at", parse_at_time, false, false},     {"because", parse_say, false, false},
	{"by", parse_by_hand, false, false},     {"each", parse_each, false, false},
	{"end", parse_end, true, true},          {"expect", parse_expectation, false, false},
	{"for", expand_for, false, false},       {"golden", parse_golden, true, true},
	{"include", expand_include, true, true}, {"limit", parse_limit, true, true},
	{"marker", parse_marker, false, false},  {"no", parse_no_longer, false, false},
	{"person", parse_person, true, false},   {"repeat", expand_repeat, false, false},
	{"say", parse_say, false, false},        {"scene", parse_scene, true, true},
	{"seed", parse_seed, true, true},        {"stranger", parse_stranger, false, false},
	{"title", parse_title, true, true},      {"when", parse_when_once, false, false},
	{"wind", parse_wind, false, false},      {"woshou", parse_again, true, true},
};

static bool parse_one(struct parser *p)
{
	for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
		if (!parse_is(p, statements[i].word))
			continue;
		if (statements[i].is_declaration && p->context.is_timed)
			return parse_fail(p, parse_place(p), NULL,
					  "'%s' has no time: it stands for the whole run",
					  statements[i].word);
		if (statements[i].is_single && p->context.is_repeated)
			return parse_fail(p, parse_place(p), NULL, "'%s' cannot be repeated",
					  statements[i].word);
		if (statements[i].is_declaration)
			p->above = ABOVE_NOTHING;
		return statements[i].parse(p);
	}
	return parse_is_deed(p) ? parse_deed(p) : parse_act(p);
}

bool parse_statement(struct parser *p)
{
	size_t from = p->index, count = p->play->stmts.count;
	struct stmt *s;

	if (!parse_at(p, TOKEN_WORD))
		return parse_fail_here(p, "a statement");
	if (!p->context.is_by_hand)
		return parse_one(p);
	if (!parse_may_be_by_hand(p) || !parse_one(p))
		return false;
	/* Whoever asks why it happened can quote it. */
	s = p->play->stmts.count == count + 1 ? &p->play->stmts.at[count] : NULL;
	if (s && s->kind == STMT_ACT && s->act->verb != VERB_WIND && !s->text)
		s->text = arena_printf(&p->play->arena, "by hand %s",
				       parse_spoken(p, from, p->index));
	return true;
}
