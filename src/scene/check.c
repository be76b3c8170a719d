/* SPDX-License-Identifier: MIT */
/* check.c - what one line alone cannot know: who is who, and what contradicts what. */
#include <scene/parse.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ----------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct label *)a)->name, ((const struct label *)b)->name);
}

static int by_name_and_place(const void *a, const void *b)
{
	const struct label *x = a;
	const struct label *y = b;
	int order = by_name(a, b);

	return order ? order : (int)x->label - (int)y->label;
}

static void label_owners(struct parser *p)
{
	struct play *play = p->play;

	for (size_t i = 0; i < play->stmts.count; i++) {
		const struct stmt *s = &play->stmts.at[i];
		const struct person *owner;

		if (s->kind != STMT_ACT || !s->act->label)
			continue;
		owner = play_person(play, s->act->who.name);
		if (owner)
			play->labels.at[s->act->label - 1].host =
				(uint8_t)(owner - play->persons.at);
	}
}

static void check_labels(struct parser *p)
{
	struct play *play = p->play;

	label_owners(p);
	if (play->labels.count)
		qsort(play->labels.at, play->labels.count, sizeof *play->labels.at,
		      by_name_and_place);
	for (size_t i = 0; i < play->labels.count; i++) {
		const struct label *l = &play->labels.at[i];

		if (play_person(play, l->name))
			parse_fail(p, l->at, NULL, "'%s' is a person's name", l->name);
		else if (i > 0 && by_name(l, l - 1) == 0)
			parse_fail(p, l->at, NULL, "there is a connection '%s' already (line %d)",
				   l->name, l[-1].at.line);
	}
}

static bool fail_who(struct parser *p, const struct who *who, bool is_person)
{
	const char *words[SCENE_PEOPLE_MAX + 65] = {0};
	struct play *play = p->play;
	const char *near;
	char hint[96];
	size_t n = 0;

	for (size_t i = 0; i < play->persons.count; i++)
		words[n++] = play->persons.at[i].name;
	for (size_t i = 0; i < play->labels.count && i < 64 && !is_person; i++)
		words[n++] = play->labels.at[i].name;
	near = nearest_word(who->name, words);
	snprintf(hint, sizeof hint, "did you mean %s?", near ? near : "");
	return parse_fail(p, who->at, near ? hint : NULL,
			  is_person ? "there is no person '%s'"
				    : "there is no person and no connection '%s'",
			  who->name);
}

static bool find_person(struct parser *p, struct who *who)
{
	const struct person *person = play_person(p->play, who->name);

	if (!person)
		return fail_who(p, who, true);
	who->host = (uint8_t)(person - p->play->persons.at);
	return true;
}

static bool find_who(struct parser *p, struct who *who)
{
	const struct person *person = play_person(p->play, who->name);
	struct label key = {.name = who->name};
	const struct label *label;

	if (person) {
		who->host = (uint8_t)(person - p->play->persons.at);
		return true;
	}
	label = p->play->labels.count ? bsearch(&key, p->play->labels.at, p->play->labels.count,
						sizeof key, by_name)
				      : NULL;
	if (!label)
		return fail_who(p, who, false);
	who->host = label->host;
	who->label = label->label;
	return true;
}

/* ---- people ---------------------------------------------------------------------------------- */

static struct address default_address(size_t index)
{
	return (struct address){.octets = {10, 0, 0, (uint8_t)(index + 1)}, .family = FAMILY_IPV4};
}

static void check_addresses(struct parser *p)
{
	struct play *play = p->play;

	for (size_t i = 0; i < play->persons.count; i++) {
		struct person *a = &play->persons.at[i];

		if (a->address.family == FAMILY_NONE)
			a->address = default_address(i);
		for (size_t j = 0; j < i; j++)
			if (address_eq(&a->address, &play->persons.at[j].address)) {
				parse_fail(p, a->at, NULL, "'%s' has the address of '%s'", a->name,
					   play->persons.at[j].name);
				break;
			}
	}
}

enum { OPTIONS_SEEN = 32 };

/* Each setting stands once; one mistake a person is enough. */
static void check_person(struct parser *p, struct person *person)
{
	bool *fields = arena_alloc(&p->play->arena, profile_field_count() * sizeof *fields);
	const char *options[OPTIONS_SEEN];
	size_t count = 0;

	for (size_t i = 0; i < person->settings.count; i++) {
		const struct setting *s = &person->settings.at[i];
		bool is_twice = !s->option && fields[s->field];

		if (!s->option)
			fields[s->field] = true;
		for (size_t j = 0; j < count && s->option; j++)
			is_twice = is_twice || strcmp(options[j], s->option) == 0;
		if (is_twice) {
			parse_fail(p, s->at, NULL, "%s is set already",
				   s->option ? s->option : profile_field_at(s->field)->name);
			return;
		}
		if (s->option && count < OPTIONS_SEEN)
			options[count++] = s->option;
	}
}

/* ---- wind ------------------------------------------------------------------------------------ */

/* How an attribute of a direction was told: not, by `<->`, by `->`. */
enum told { TOLD_NOT, TOLD_BOTH_WAYS, TOLD_ONE_WAY };

struct told_table {
	uint8_t told[SCENE_PEOPLE_MAX][SCENE_PEOPLE_MAX][GUST_RULE];
};

static const char *const gust_names[GUST_RULE] = {"delay", "jitter", "rate",
						  "queue", "mtu",    "lifetime"};

static bool tell(struct parser *p, struct told_table *t, const struct gust *g, uint8_t from,
		 uint8_t to)
{
	uint8_t *told = &t->told[from][to][g->kind];
	uint8_t now = g->is_both_ways ? TOLD_BOTH_WAYS : TOLD_ONE_WAY;

	if (*told >= now)
		return parse_fail(p, g->at, NULL, "the %s from %s to %s is told already",
				  gust_names[g->kind], p->play->persons.at[from].name,
				  p->play->persons.at[to].name);
	*told = now;
	return true;
}

/* In a wind that changes at a time each attribute stands once: `told` is a set of gust_kind. */
static void check_later(struct parser *p, const struct gust *g, uint32_t *told)
{
	if (*told & 1u << g->kind)
		parse_fail(p, g->at, NULL, "the %s is told already", gust_names[g->kind]);
	*told |= 1u << g->kind;
}

static void check_gust(struct parser *p, struct told_table *t, struct gust *g, uint32_t *later)
{
	if (!find_person(p, &g->from) || !find_person(p, &g->to))
		return;
	if (g->from.host == g->to.host) {
		parse_fail(p, g->to.at, NULL, "no wind blows between a person and the same person");
		return;
	}
	if (g->kind == GUST_RULE) {
		if (g->of.name && find_who(p, &g->of) && !g->of.label)
			parse_fail(p, g->of.at, NULL,
				   "'%s' is a person: a rule is 'of' a connection", g->of.name);
		return;
	}
	if (g->stmt != NONE)
		check_later(p, g, later);
	else if (tell(p, t, g, g->from.host, g->to.host) && g->is_both_ways)
		tell(p, t, g, g->to.host, g->from.host);
}

static void check_wind(struct parser *p)
{
	struct told_table *t = arena_alloc(&p->play->arena, sizeof *t);
	struct play *play = p->play;
	uint32_t later = 0;

	for (size_t i = 0; i < play->gusts.count; i++) {
		int errors = p->d->errors;

		if (i > 0 && play->gusts.at[i].stmt != play->gusts.at[i - 1].stmt)
			later = 0;
		check_gust(p, t, &play->gusts.at[i], &later);
		/* All that stands in one wind's braces has its ends: one mistake is enough. */
		while (p->d->errors > errors && i + 1 < play->gusts.count &&
		       play->gusts.at[i + 1].from.at.line == play->gusts.at[i].from.at.line)
			i++;
	}
	if (play->gusts.count > SCENE_RULES_MAX)
		parse_fail(p, play->gusts.at[SCENE_RULES_MAX].at, NULL,
			   "the wind has more than %d attributes and rules", SCENE_RULES_MAX);
}

/* ---- statements ------------------------------------------------------------------------------ */

static bool is_persons_own(enum verb verb)
{
	switch (verb) {
	case VERB_LISTEN:
	case VERB_CONNECT:
	case VERB_ACCEPT:
	case VERB_CRASH:
	case VERB_REBOOT:
	case VERB_APP:
	case VERB_STRANGER:
	case VERB_DEED:
	case VERB_WIND: return true;
	case VERB_WRITE:
	case VERB_READ:
	case VERB_SHUTDOWN:
	case VERB_CLOSE:
	case VERB_ABORT:
	case VERB_OPTION: break;
	}
	return false;
}

static void check_act(struct parser *p, struct act *a, bool is_by_hand)
{
	struct play *play = p->play;
	struct person *person;

	if (!(is_persons_own((enum verb)a->verb) ? find_person(p, &a->who) : find_who(p, &a->who)))
		return;
	person = &play->persons.at[a->who.host];
	/* What is done by hand changes nothing of what was before. */
	if (a->verb == VERB_ACCEPT && !is_by_hand)
		person->app.accepts_by_hand = person->has_app = true;
	if (a->verb == VERB_READ && !person->app.reads_never && p->is_discovering && !is_by_hand)
		parse_warn(p, a->who.at, "say in the person's braces: reads never",
			   "%s reads every octet by itself: nothing is left to read", person->name);
	if (a->verb != VERB_CONNECT && a->verb != VERB_STRANGER && a->verb != VERB_DEED &&
	    a->verb != VERB_WIND)
		return;
	if (!find_person(p, &a->to) || a->verb == VERB_WIND)
		return;
	if (a->to.host == a->who.host && a->verb == VERB_DEED)
		parse_fail(p, a->to.at, NULL, "no word flies from a person to the same person");
	else if (a->to.host == a->who.host)
		parse_fail(p, a->to.at, NULL, "nobody connects to themselves here");
	else if (play->persons.at[a->to.host].address.family != person->address.family)
		parse_fail(p, a->to.at, NULL, "%s and %s have addresses of different families",
			   person->name, a->to.name);
}

/* Never told at all is a mistake; told for after the end is probably one. */
static void check_time(struct parser *p, const struct stmt *s)
{
	struct play *play = p->play;

	if (s->cue.trigger != NONE || s->cue.time <= 0)
		return;
	if (s->cue.time > play->end)
		parse_warn(p, s->at, NULL, "this stands after the end of the run");
	else if (s->cue.time > play->time_limit)
		parse_fail(p, s->at, "raise it: limit 10day",
			   "this stands after the limit of the run");
}

static void check_stmt(struct parser *p, struct stmt *s)
{
	switch ((enum stmt_kind)s->kind) {
	case STMT_ACT: check_act(p, s->act, s->is_by_hand); break;
	case STMT_EXPECT:
		if (s->expect->fact.claim != CLAIM_BROKEN)
			find_who(p, &s->expect->fact.who);
		break;
	case STMT_ASK:
		if (s->ask->kind == ANSWER_NEXT || s->ask->kind == ANSWER_FIELD)
			find_who(p, &s->ask->who);
		break;
	case STMT_WHEN: find_who(p, &s->when.fact->who); break;
	case STMT_MARKER: break;
	}
	check_time(p, s);
}

/* ---- all ------------------------------------------------------------------------------------- */

bool play_check(struct parser *p)
{
	struct play *play = p->play;
	int errors = p->d->errors;

	check_labels(p);
	check_addresses(p);
	for (size_t i = 0; i < play->persons.count; i++)
		check_person(p, &play->persons.at[i]);
	check_wind(p);
	for (size_t i = 0; i < play->stmts.count; i++)
		check_stmt(p, &play->stmts.at[i]);
	return p->d->errors == errors;
}
