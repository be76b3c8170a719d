/* SPDX-License-Identifier: MIT */
#include <scene/parse.h>

#include <stdio.h>
#include <string.h>
#include <woshou/names.h>

/* The two ends of a wind, shared by all that stands in its braces. */
struct ends {
	struct who from, to;
	bool is_both_ways;
	int32_t stmt;
};

static struct gust *push(struct parser *p, const struct ends *e, struct place at,
			 enum gust_kind kind, uint64_t value)
{
	struct gust *g = array_push(&p->play->gusts);

	*g = (struct gust){.from = e->from,
			   .to = e->to,
			   .is_both_ways = e->is_both_ways,
			   .kind = (uint8_t)kind,
			   .value = value,
			   .at = at,
			   .stmt = e->stmt};
	return g;
}

/* ---- attributes ------------------------------------------------------------------------------ */

static bool parse_span(struct parser *p, const struct ends *e, struct place at, enum gust_kind kind)
{
	usec time;

	if (!parse_one_time(p, &time))
		return false;
	push(p, e, at, kind, (uint64_t)time);
	return true;
}

static bool parse_amount(struct parser *p, const struct ends *e, struct place at,
			 enum gust_kind kind)
{
	struct place value_at = parse_place(p);
	uint64_t least = kind == GUST_MTU ? 68 : 1; /* RFC 791's smallest */
	uint64_t size;

	if (!parse_size(p, &size))
		return false;
	if (size < least)
		return parse_fail(p, value_at, NULL, "at least %d octets", (int)least);
	if (kind == GUST_MTU && size > 65535)
		return parse_fail(p, value_at, NULL, "no IP datagram is larger than 65535 octets");
	push(p, e, at, kind, size);
	return true;
}

static bool parse_rate_of(struct parser *p, const struct ends *e, struct place at)
{
	uint64_t bits;

	if (!parse_rate(p, &bits))
		return false;
	push(p, e, at, GUST_RATE, bits);
	return true;
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* 1st, 2nd..4th, every 5th, 10%: which of those that match. */
static bool parse_which(struct parser *p, struct wind_rule *r)
{
	struct place at = parse_place(p);

	r->first = 1;
	r->last = UINT32_MAX;
	if (parse_is_percent(p))
		return parse_percent(p, &r->chance_ppm);
	if (parse_take(p, "every"))
		return parse_ordinal(p, &r->every);
	if (!parse_is_ordinal(p))
		return true;
	if (!parse_ordinal(p, &r->first))
		return false;
	r->last = r->first;
	if (!parse_at(p, TOKEN_RANGE))
		return true;
	parse_next(p);
	if (!parse_ordinal(p, &r->last))
		return false;
	return r->last >= r->first || parse_fail(p, at, NULL, "the range ends before it begins");
}

/* Must the deed be told: by D, after D, past N [or D]? */
bool parse_deed_time(struct parser *p, struct wind_rule *r)
{
	uint64_t past;

	switch ((enum deed)r->deed) {
	case DEED_DELAY: return parse_expect_word(p, "by") && parse_one_time(p, &r->time);
	case DEED_DUPLICATE: return !parse_take(p, "after") || parse_one_time(p, &r->time);
	case DEED_REORDER:
		r->time = USEC_PER_S;
		if (!parse_expect_word(p, "past") ||
		    !parse_number(p, "how many pass", 1, 1000000, &past))
			return false;
		r->past = (uint32_t)past;
		return !parse_take(p, "or") || parse_one_time(p, &r->time);
	case DEED_DROP:
	case DEED_CORRUPT:
	case DEED_MARK:
	case DEED_ICMP:
	case DEED_CUT:
	case DEED_QUEUE:
	case DEED_MTU:
	case DEED_LIFETIME:
	case DEED_COUNT: break;
	}
	return true;
}

static bool parse_rule_as(struct parser *p, const struct ends *e, struct place at,
			  struct wind_rule r)
{
	struct place which_at = parse_place(p);
	struct who of = {0};
	uint64_t max = 0;
	struct gust *g;

	if (!parse_which(p, &r))
		return false;
	if (parse_take(p, "where") && !parse_match(p, &r.match))
		return false;
	if (parse_take(p, "of") && !parse_who(p, &of))
		return false;
	if (!parse_deed_time(p, &r))
		return false;
	if (parse_take(p, "max") && !parse_number(p, "at most how many", 1, 1000000, &max))
		return false;
	r.max = (uint32_t)max;
	if (r.chance_ppm > 0 && r.max == 0)
		return parse_fail(p, which_at, "drop 10% max 3",
				  "chance must be bounded: 'max N' is missing");
	g = push(p, e, at, GUST_RULE, 0);
	g->rule = r;
	g->of = of;
	return true;
}

static bool parse_rule(struct parser *p, const struct ends *e, struct place at, enum deed deed)
{
	return parse_rule_as(
		p, e, at,
		(struct wind_rule){.deed = (uint8_t)deed, .match = {.class = CLASS_ANY}});
}

/* icmp host-unreachable 1st where SYN: the kind first */
static bool parse_icmp(struct parser *p, const struct ends *e, struct place at)
{
	struct wind_rule r = {.deed = DEED_ICMP, .match = {.class = CLASS_ANY}};
	const char *words[ICMP_KIND_COUNT];
	size_t count = 0;

	for (unsigned kind = 0; kind < ICMP_KIND_COUNT; kind++) {
		if (kind == KIND_TOO_BIG) /* that is what `mtu` does */
			continue;
		words[count++] = name_of(NAMES_ICMP_KIND, kind);
		if (parse_take(p, words[count - 1])) {
			r.icmp = (uint8_t)kind;
			return parse_rule_as(p, e, at, r);
		}
	}
	words[count] = NULL;
	return parse_fail_unknown(p, "ICMP error", words);
}

/* between 2s and 4s cut */
static bool parse_cut(struct parser *p, const struct ends *e, struct place at)
{
	struct wind_rule r = {
		.deed = DEED_CUT, .match = {.class = CLASS_ANY}, .first = 1, .last = UINT32_MAX};

	if (!parse_time(p, &r.from) || !parse_expect_word(p, "and") || !parse_time(p, &r.to))
		return false;
	if (r.to <= r.from)
		return parse_fail(p, at, NULL, "the cut ends before it begins");
	if (!parse_expect_word(p, "cut"))
		return false;
	push(p, e, at, GUST_RULE, 0)->rule = r;
	return true;
}

/* ---- wind ------------------------------------------------------------------------------------ */

static bool parse_gust(struct parser *p, const struct ends *e, struct place at)
{
	static const char *const words[] = {"delay",   "jitter",   "rate",    "queue",
					    "mtu",     "lifetime", "drop",    "duplicate",
					    "reorder", "corrupt",  "mark",    "icmp",
					    "between", NULL};

	if (parse_take(p, "delay"))
		return parse_is_unit(p) ? parse_span(p, e, at, GUST_DELAY)
					: parse_rule(p, e, at, DEED_DELAY);
	if (parse_take(p, "jitter"))
		return parse_span(p, e, at, GUST_JITTER);
	if (parse_take(p, "lifetime"))
		return parse_span(p, e, at, GUST_LIFETIME);
	if (parse_take(p, "rate"))
		return parse_rate_of(p, e, at);
	if (parse_take(p, "queue"))
		return parse_amount(p, e, at, GUST_QUEUE);
	if (parse_take(p, "mtu"))
		return parse_amount(p, e, at, GUST_MTU);
	if (parse_take(p, "drop"))
		return parse_rule(p, e, at, DEED_DROP);
	if (parse_take(p, "duplicate"))
		return parse_rule(p, e, at, DEED_DUPLICATE);
	if (parse_take(p, "reorder"))
		return parse_rule(p, e, at, DEED_REORDER);
	if (parse_take(p, "corrupt"))
		return parse_rule(p, e, at, DEED_CORRUPT);
	if (parse_take(p, "mark"))
		return parse_rule(p, e, at, DEED_MARK);
	if (parse_take(p, "icmp"))
		return parse_icmp(p, e, at);
	if (parse_take(p, "between"))
		return parse_cut(p, e, at);
	return parse_fail_unknown(p, "deed of the wind", words);
}

static bool parse_item(struct parser *p, void *to)
{
	struct place at = parse_place(p);
	size_t from = p->index;

	parse_mark(p, MARK_ITEM);
	if (!parse_gust(p, to, at))
		return false;
	array_last(&p->play->gusts)->text = parse_spoken(p, from, p->index);
	return true;
}

/* With a time the wind changes then; without one it blows so from the beginning. */
bool parse_wind(struct parser *p)
{
	struct ends e = {.stmt = NONE};
	struct place at = parse_place(p);
	struct act *a = NULL;
	bool is_good;

	p->is_declaring = true; /* its block has no statements */
	parse_next(p);
	if (!parse_who(p, &e.from))
		return false;
	parse_mark(p, MARK_SUBJECT);
	e.is_both_ways = parse_at(p, TOKEN_BOTH_WAYS);
	if (!e.is_both_ways && !parse_at(p, TOKEN_ARROW))
		return parse_fail_here(p, "'->' or '<->'");
	parse_next(p);
	if (!parse_who(p, &e.to))
		return false;
	parse_mark(p, MARK_REST);
	if (p->context.is_timed) {
		a = arena_alloc(&p->play->arena, sizeof *a);
		a->verb = VERB_WIND;
		a->who = e.from;
		a->to = e.to;
		a->is_both_ways = e.is_both_ways;
		a->gust = p->play->gusts.count;
		parse_push(p, STMT_ACT, at)->act = a;
		e.stmt = (int32_t)p->play->stmts.count - 1;
	} else {
		p->above = ABOVE_NOTHING;
	}
	is_good = parse_block(p, parse_item, &e);
	if (a)
		a->gusts = p->play->gusts.count - a->gust;
	return is_good;
}
