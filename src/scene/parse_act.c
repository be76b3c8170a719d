/* SPDX-License-Identifier: MIT */
/* parse_act.c - what people do: the calls, their applications, segments from strangers. */
#include <scene/parse.h>

#include <stdio.h>
#include <string.h>

static struct act *push(struct parser *p, struct place at, enum verb verb, const struct who *who)
{
	struct act *a = arena_alloc(&p->play->arena, sizeof *a);

	a->verb = (uint8_t)verb;
	a->who = *who;
	parse_push(p, STMT_ACT, at)->act = a;
	return a;
}

/* as NAME: from here on the connection has a name. */
static bool parse_label(struct parser *p, struct act *a)
{
	struct play *play = p->play;
	struct place at;

	if (!parse_take(p, "as"))
		return true;
	at = parse_place(p);
	if (!parse_name(p, "a name for the connection", &a->label_name))
		return false;
	if (play->labels.count == SCENE_LABELS_MAX)
		return parse_fail(p, at, NULL, "more than %d named connections", SCENE_LABELS_MAX);
	a->label = (uint16_t)(play->labels.count + 1);
	*array_push(&play->labels) =
		(struct label){.name = a->label_name, .label = a->label, .at = at};
	return true;
}

static bool parse_listen(struct parser *p, struct act *a)
{
	uint64_t backlog = 0;

	a->backlog = 128;
	for (;;) {
		if (parse_take(p, "port")) {
			a->has_port = true;
			if (!parse_port(p, &a->port))
				return false;
		} else if (parse_take(p, "backlog")) {
			if (!parse_number(p, "a backlog", 0, 65535, &backlog))
				return false;
			a->backlog = (uint32_t)backlog;
		} else {
			return true;
		}
	}
}

static bool parse_connect(struct parser *p, struct act *a)
{
	if (!parse_who(p, &a->to))
		return false;
	if (parse_take(p, "port")) {
		a->has_port = true;
		if (!parse_port(p, &a->port))
			return false;
	}
	if (parse_take(p, "from")) {
		a->has_from = true;
		if (!parse_port(p, &a->from))
			return false;
	}
	return parse_label(p, a);
}

static bool parse_write(struct parser *p, struct act *a)
{
	a->is_urgent = parse_take(p, "urgent");
	if (parse_at(p, TOKEN_TEXT) || a->is_urgent) {
		a->has_octets = true;
		return parse_chars(p, &a->octets);
	}
	if (!parse_at(p, TOKEN_NUMBER))
		return parse_fail_here(p, "a text in quotes or a size");
	return parse_size(p, &a->size);
}

static bool parse_read(struct parser *p, struct act *a)
{
	if (parse_is_line_over(p))
		return true;
	return parse_size(p, &a->size);
}

static const struct {
	const char *word;
	enum verb verb;
	bool (*rest)(struct parser *, struct act *); /* NULL: nothing follows */
} verbs[] = {
	{"listen", VERB_LISTEN, parse_listen}, {"connect", VERB_CONNECT, parse_connect},
	{"accept", VERB_ACCEPT, parse_label},  {"write", VERB_WRITE, parse_write},
	{"read", VERB_READ, parse_read},       {"shutdown", VERB_SHUTDOWN, NULL},
	{"close", VERB_CLOSE, NULL},           {"abort", VERB_ABORT, NULL},
	{"crash", VERB_CRASH, NULL},           {"reboot", VERB_REBOOT, NULL},
};

enum { VERBS = sizeof verbs / sizeof verbs[0] };

/* The first word was a name; what can it be if it was none? Told at the place of the mistake. */
static bool fail_verb(struct parser *p, const struct who *who)
{
	const char *words[VERBS + 12] = {"option", "echo",   "discard", "chargen", "sink",
					 "source", "reader", "reads",   "accepts"};
	size_t n = 9;
	bool is_person = play_person(p->play, who->name) != NULL;
	const char *near = nearest_word(who->name, scene_statement_words);
	char hint[64];

	for (size_t i = 0; i < p->play->labels.count && i < 1000 && !is_person; i++)
		is_person = strcmp(p->play->labels.at[i].name, who->name) == 0;
	if (!is_person && (near || !parse_at(p, TOKEN_WORD))) {
		snprintf(hint, sizeof hint, "did you mean %s?", near ? near : "");
		return parse_fail(p, who->at, near ? hint : NULL, "unknown statement '%s'",
				  who->name);
	}
	for (size_t i = 0; i < VERBS; i++)
		words[n++] = verbs[i].word;
	return parse_fail_unknown(p, "verb", words);
}

bool parse_act(struct parser *p)
{
	struct place at = parse_place(p);
	struct app app = {0};
	struct who who;
	struct act *a;
	bool is_app;

	if (!parse_who(p, &who))
		return false;
	parse_mark(p, MARK_REST);
	for (size_t i = 0; i < VERBS; i++) {
		if (!parse_take(p, verbs[i].word))
			continue;
		a = push(p, at, verbs[i].verb, &who);
		return !verbs[i].rest || verbs[i].rest(p, a);
	}
	if (parse_take(p, "option")) {
		a = push(p, at, VERB_OPTION, &who);
		return parse_option(p, &a->option, &a->value);
	}
	if (!parse_app(p, &app, &is_app))
		return false;
	if (is_app) {
		push(p, at, VERB_APP, &who)->app = app;
		return true;
	}
	return fail_verb(p, &who);
}

/* ---- strangers ------------------------------------------------------------------------------- */

/* tcpdump's letters: S F R P U, "." for ACK, "-" for none. */
static bool parse_flags(struct parser *p, uint16_t *ctl)
{
	static const char letters[] = "SFRPU.EWe";
	static const uint16_t bits[] = {SYN, FIN, RST, PSH, URG, ACK, ECE, CWR, AE};
	struct place at = parse_place(p);
	const char *text;

	*ctl = 0;
	if (!parse_raw(p, "flags in tcpdump's letters", &text))
		return false;
	at.size = (int)strlen(text);
	if (strcmp(text, "-") == 0)
		return true;
	for (const char *c = text; *c; c++) {
		const char *l = strchr(letters, *c);

		if (!l)
			return parse_fail(p, at, "S SYN, F FIN, R RST, P PSH, U URG, . ACK, - none",
					  "'%s' are no flags", text);
		*ctl |= bits[l - letters];
	}
	return true;
}

static bool parse_segment(struct parser *p, struct act *a)
{
	uint64_t v;

	if (!parse_flags(p, &a->seg.ctl))
		return false;
	a->seg.wnd = 65535;
	for (;;) {
		struct place at = parse_place(p);

		if (parse_take(p, "seq")) {
			if (!parse_number(p, "a sequence number", 0, UINT32_MAX, &v))
				return false;
			a->seg.seq = seq((uint32_t)v);
		} else if (parse_take(p, "ack")) {
			if (!parse_number(p, "a sequence number", 0, UINT32_MAX, &v))
				return false;
			if (!(a->seg.ctl & ACK))
				return parse_fail(p, at, "S., F., R., P.: the dot is ACK",
						  "an ack number needs the ACK flag");
			a->seg.ack = seq((uint32_t)v);
		} else if (parse_take(p, "win")) {
			if (!parse_number(p, "a window", 0, 65535, &v))
				return false;
			a->seg.wnd = (uint16_t)v;
		} else if (parse_take(p, "len")) {
			if (parse_is_unit(p) ? !parse_size(p, &a->size)
					     : !parse_number(p, "a length", 0, 65000, &a->size))
				return false;
		} else if (parse_take(p, "text")) {
			a->has_octets = true;
			if (!parse_chars(p, &a->octets))
				return false;
			a->size = a->octets.size;
		} else {
			break;
		}
		if (a->size > 65000)
			return parse_fail(p, at, NULL, "no segment is this long");
	}
	a->seg.text.len = (uint32_t)a->size;
	a->seg.len = seg_len(a->seg.ctl, a->seg.text.len);
	return true;
}

/* stranger as zhang [port N] -> li [port N] segment FLAGS [seq N] [ack N] [win N] [len N] */
bool parse_stranger(struct parser *p)
{
	struct place at = parse_place(p);
	struct who who;
	struct act *a;

	parse_next(p);
	if (!parse_expect_word(p, "as") || !parse_who(p, &who))
		return false;
	a = push(p, at, VERB_STRANGER, &who);
	if (parse_take(p, "port")) {
		a->has_from = true;
		if (!parse_port(p, &a->from))
			return false;
	}
	if (!parse_expect(p, TOKEN_ARROW, "'->'") || !parse_who(p, &a->to))
		return false;
	if (parse_take(p, "port")) {
		a->has_port = true;
		if (!parse_port(p, &a->port))
			return false;
	}
	return parse_expect_word(p, "segment") && parse_segment(p, a);
}
