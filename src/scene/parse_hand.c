/* SPDX-License-Identifier: MIT */
/* parse_hand.c - what is done by hand, at a moment; and what is no longer so because of it. */
#include <scene/parse.h>

#include <stdio.h>
#include <string.h>

static const struct {
	const char *word;
	enum deed deed;
} deeds[] = {
	{"drop", DEED_DROP},       {"delay", DEED_DELAY},     {"duplicate", DEED_DUPLICATE},
	{"reorder", DEED_REORDER}, {"corrupt", DEED_CORRUPT},
};

enum { DEEDS = sizeof deeds / sizeof deeds[0] };

/* drop 3rd: a person of that name would go on with a verb. */
bool parse_is_deed(const struct parser *p)
{
	size_t next = p->index + 1;

	for (size_t i = 0; i < DEEDS; i++)
		if (parse_is(p, deeds[i].word)) {
			enum token_kind kind = (enum token_kind)p->source->tokens.at[next].kind;

			return kind == TOKEN_NUMBER || kind == TOKEN_TEMPLATE;
		}
	return false;
}

/* drop 3rd zhang -> li; delay ... by D; duplicate ... [after D]; reorder ... past N [or D] */
bool parse_deed(struct parser *p)
{
	struct place at = parse_place(p);
	struct wind_rule how = {0};
	struct act *a;

	if (!p->context.is_by_hand)
		return parse_fail(p, at, "by hand drop 3rd zhang -> li",
				  "what befalls one word in flight is done by hand");
	a = arena_alloc(&p->play->arena, sizeof *a);
	a->verb = VERB_DEED;
	for (size_t i = 0; i < DEEDS; i++)
		if (parse_is(p, deeds[i].word))
			how.deed = a->hand.deed = (uint8_t)deeds[i].deed;
	parse_next(p);
	if (!parse_ordinal(p, &a->hand.nth) || !parse_who(p, &a->who) ||
	    !parse_expect(p, TOKEN_ARROW, "'->'") || !parse_who(p, &a->to) ||
	    !parse_deed_time(p, &how))
		return false;
	a->hand.time = how.time;
	a->hand.past = how.past;
	parse_push(p, STMT_ACT, at)->act = a;
	return true;
}

/* May stand behind `by hand`, besides what people do and what befalls words in flight. */
static bool is_handy(const struct parser *p)
{
	static const char *const words[] = {"because", "marker",   "no",   "repeat",
					    "say",     "stranger", "wind", NULL};

	for (size_t i = 0; words[i]; i++)
		if (parse_is(p, words[i]))
			return true;
	for (size_t i = 0; scene_statement_words[i]; i++)
		if (parse_is(p, scene_statement_words[i]))
			return false;
	return true;
}

bool parse_may_be_by_hand(struct parser *p)
{
	if (is_handy(p))
		return true;
	return parse_fail(p, parse_place(p), "at 2s by hand zhang close",
			  "'%.*s' is nothing that is done by hand", (int)p->token.size,
			  p->token.text);
}

bool parse_by_hand(struct parser *p)
{
	struct context inner = p->context;

	parse_next(p);
	if (!parse_expect_word(p, "hand"))
		return false;
	inner.is_by_hand = inner.is_timed = true;
	return parse_within(p, &inner);
}

/* no longer expect ..., no longer from 2s zhang close: read and understood, and left undone. */
bool parse_no_longer(struct parser *p)
{
	struct context inner = p->context;
	usec from = 0;

	parse_next(p);
	if (!parse_expect_word(p, "longer"))
		return false;
	if (parse_take(p, "from") && !parse_time(p, &from))
		return false;
	if (!parse_is(p, "expect") && !parse_is(p, "stranger") && !parse_is(p, "no")) {
		for (size_t i = 0; scene_statement_words[i]; i++)
			if (parse_is(p, scene_statement_words[i]))
				return parse_fail(p, parse_place(p), NULL,
						  "'no longer' stands before 'expect' and before "
						  "what people do");
		if (parse_at(p, TOKEN_OPEN))
			return parse_fail_here(p, "'expect' or what somebody did");
	}
	if (from < inner.off_from)
		inner.off_from = from;
	return parse_within(p, &inner);
}
