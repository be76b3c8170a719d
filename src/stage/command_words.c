/* SPDX-License-Identifier: MIT */
/* command_words.c - what may come next in the line at the foot, and what it means. */
#include <string.h>
#include "stage/command.h"
#include "stage/session.h"
#include "stage/text.h"

enum { TOKENS_MAX = 8 };

/* The line before the word in which the cursor stands. */
struct before {
	char text[ENTRY_OCTETS];
	const char *token[TOKENS_MAX]; /* the first of them */
	int count;                     /* all of them */
	bool is_quoted;                /* the cursor is inside a text */
};

/* What people do. The language's other words are offered by their places. */
static const struct {
	const char *name;
	enum string usage;
} verbs[] = {
	{"connect", STRING_USAGE_CONNECT}, {"listen", STRING_USAGE_LISTEN},
	{"accept", STRING_USAGE_ACCEPT},   {"write", STRING_USAGE_WRITE},
	{"read", STRING_USAGE_READ},       {"shutdown", STRING_USAGE_SHUTDOWN},
	{"close", STRING_USAGE_CLOSE},     {"abort", STRING_USAGE_ABORT},
	{"crash", STRING_USAGE_CRASH},     {"reboot", STRING_USAGE_REBOOT},
	{"option", STRING_USAGE_OPTION},
};

enum { VERBS = sizeof verbs / sizeof verbs[0] };

const char *const command_langs[] = {"en", "zh", "both", "zh+en", NULL};

static void look_before(const struct entry *e, struct before *b)
{
	size_t n = entry_word(e), at = 0;

	*b = (struct before){.count = 0};
	memcpy(b->text, e->text, n);
	for (size_t i = 0; i < e->at; i++) {
		if (e->text[i] == '"' && (i == 0 || e->text[i - 1] != '\\'))
			b->is_quoted = !b->is_quoted;
	}
	while (at < n) {
		while (at < n && b->text[at] == ' ')
			b->text[at++] = '\0';
		if (at == n)
			break;
		if (b->count < TOKENS_MAX)
			b->token[b->count] = b->text + at;
		b->count++;
		while (at < n && b->text[at] != ' ')
			at++;
	}
}

static bool is_token(const struct before *b, int i, const char *word)
{
	return i < b->count && i < TOKENS_MAX && strcmp(b->token[i], word) == 0;
}

/* ---- offers ---------------------------------------------------------------------------------- */

static void offer(struct session *s, const char *word)
{
	candidates_offer(&s->player.prompt.words, &s->player.prompt.entry, word);
}

static void offer_all(struct session *s, const char *const *words)
{
	prompt_offer(&s->player.prompt, words);
}

static void offer_people(struct session *s)
{
	for (size_t i = 0; i < trace_host_count(s->story->trace); i++)
		offer(s, trace_host_at(s->story->trace, (uint8_t)i)->name);
}

/* Connections that the play or an earlier command has named. */
static void offer_labels(struct session *s)
{
	const struct trace *t = s->story->trace;

	for (size_t i = 0; i < trace_conn_count(t) && i < 1000; i++) {
		const struct trace_conn *c = trace_conn_nth(t, i);

		if (c->label && c->born < s->player.cursor)
			offer(s, c->label);
	}
}

static void offer_words_in_flight(struct session *s)
{
	const struct story *story = s->story;
	size_t begun = story_begun(story, s->player.cursor);
	struct sink name = {0};

	for (size_t i = begun; i-- > 0 && begun - i < 256;) {
		sink_clear(&name);
		if (voyage_is_in_flight(&story->voyages.at[i], s->player.cursor) &&
		    flight_name(story->trace, s->player.now, story->voyages.at[i].send, &name))
			offer(s, name.at);
	}
	sink_fini(&name);
}

static void offer_branches(struct session *s)
{
	for (uint32_t i = 0; s->hands.history && i < history_count(s->hands.history); i++)
		offer(s, history_branch(s->hands.history, i)->name);
}

static void offer_first(struct session *s)
{
	static const char *const others[] = {"wind", "stranger", "marker", NULL};

	if (s->hands.history) {
		offer_people(s);
		offer_labels(s);
		for (const struct deed_word *w = deed_words; w->name; w++)
			offer(s, w->name);
		offer_all(s, others);
	}
	for (const struct own_command *c = own_commands; c->name; c++) {
		if (command_is_known(s, c))
			offer(s, c->name);
	}
}

/* Of the line in which one speaks: only what begins as an order. */
static void offer_orders(struct session *s)
{
	static const char *const orders[] = {":shutdown", ":close", ":abort", ":linger", NULL};

	if (s->player.prompt.entry.text[0] == ':')
		offer_all(s, orders);
}

/* ---- behind a person ------------------------------------------------------------------------- */

static void offer_verbs(struct session *s)
{
	static const char *const apps[] = {"echo",   "discard", "chargen", "sink",
					   "source", "reader",  "reads",   NULL};

	for (int i = 0; i < VERBS; i++)
		offer(s, verbs[i].name);
	offer_all(s, apps);
}

static void offer_behind_verb(struct session *s, const struct before *b)
{
	static const char *const options[] = {"SO_REUSEADDR", "SO_KEEPALIVE", "SO_LINGER",
					      "SO_RCVBUF",    "SO_SNDBUF",    "TCP_NODELAY",
					      "nagle",        "ack",          NULL};
	static const char *const switches[] = {"on", "off", NULL};
	static const char *const connect[] = {"port", "from", "as", NULL};
	static const char *const listen[] = {"port", "backlog", NULL};

	if (is_token(b, 1, "connect") && b->count == 2)
		offer_people(s);
	else if (is_token(b, 1, "connect") && b->count % 2 == 1)
		offer_all(s, connect);
	else if (is_token(b, 1, "listen") && b->count % 2 == 0)
		offer_all(s, listen);
	else if (is_token(b, 1, "accept") && b->count == 2)
		offer(s, "as");
	else if (is_token(b, 1, "write") && b->count == 2)
		offer(s, "urgent");
	else if (is_token(b, 1, "option") && b->count == 2)
		offer_all(s, options);
	else if (is_token(b, 1, "option") && b->count == 3)
		offer_all(s, switches);
}

/* ---- the wind -------------------------------------------------------------------------------- */

static void offer_wind(struct session *s, const struct before *b)
{
	static const char *const arrows[] = {"->", "<->", NULL};
	static const char *const gusts[] = {"delay",    "jitter", "rate",      "queue",   "mtu",
					    "lifetime", "drop",   "duplicate", "reorder", "corrupt",
					    "mark",     "icmp",   "between",   "where",   "}",
					    NULL};
	static const char *const classes[] = {"SYN", "SYN+ACK", "ACK", "FIN",
					      "RST", "data",    "any", NULL};
	const char *last = b->count <= TOKENS_MAX ? b->token[b->count - 1] : "";

	if (b->count == 1 || b->count == 3)
		offer_people(s);
	else if (b->count == 2)
		offer_all(s, arrows);
	else if (b->count == 4)
		offer(s, "{");
	else if (strcmp(last, "where") == 0)
		offer_all(s, classes);
	else
		offer_all(s, gusts);
}

/* ---- behind a command ------------------------------------------------------------------------ */

static void offer_lines(struct session *s, const struct sink *names)
{
	const char *at = names->at;

	while (at && *at) {
		size_t n = strcspn(at, "\n");
		char name[WORD_OCTETS];

		text_copy(name, n < sizeof name ? n + 1 : sizeof name, at);
		if (n < sizeof name)
			offer(s, name);
		at += n + (at[n] == '\n');
	}
}

static void offer_files(struct session *s, uint32_t branch)
{
	const struct stage_files *files = s->hands.files;
	const struct prompt *p = &s->player.prompt;
	char path[ENTRY_OCTETS];
	struct sink names = {0};

	saving_default_name(s, branch, "scene", &names);
	offer(s, names.at);
	sink_clear(&names);
	text_copy(path, p->entry.at - p->words.from + 1, p->entry.text + p->words.from);
	if (files && files->complete)
		files->complete(files->user, path, &names);
	offer_lines(s, &names);
	sink_fini(&names);
}

static void offer_behind_command(struct session *s, const struct before *b)
{
	static const char *const speeds[] = {"1/8", "1/4", "1/2", "1", "2", "4", "8", NULL};

	if (is_token(b, 0, "branch") || is_token(b, 0, "diff"))
		offer_branches(s);
	else if (is_token(b, 0, "lang"))
		offer_all(s, command_langs);
	else if (is_token(b, 0, "speed"))
		offer_all(s, speeds);
	else if (is_token(b, 0, "save"))
		offer_files(s, s->hands.branch);
	for (const struct export_format *f = export_formats; is_token(b, 0, "export") && f->name;
	     f++)
		offer(s, f->name);
}

static const struct deed_word *deed_word(const struct before *b)
{
	for (const struct deed_word *w = deed_words; w->name; w++) {
		if (is_token(b, 0, w->name))
			return w;
	}
	return NULL;
}

/* "delay 200ms", "delay 3rd zhang -> li by 200ms". */
static void offer_deed(struct session *s, const struct before *b, const struct deed_word *w)
{
	if (b->count == 1) {
		if (strcmp(w->name, "delay") == 0)
			offer(s, s->hands.delay);
		offer_words_in_flight(s);
	} else if (b->count == 5 && w->between[0] != '\0') {
		offer(s, w->between);
	}
}

void command_words(struct session *s)
{
	struct prompt *p = &s->player.prompt;
	const struct deed_word *deed;
	struct before b;

	look_before(&p->entry, &b);
	p->words.count = 0;
	p->words.from = entry_word(&p->entry);
	if (s->hands.question == QUESTION_SAY && b.count == 0)
		offer_orders(s);
	if (s->hands.question == QUESTION_NAME)
		offer_files(s, s->hands.writing.branch);
	if (s->hands.question != QUESTION_COMMAND || b.is_quoted)
		return;
	deed = b.count > 0 ? deed_word(&b) : NULL;
	if (b.count == 0)
		offer_first(s);
	else if (command_is_person(s->story->trace, b.token[0], strlen(b.token[0])) && b.count == 1)
		offer_verbs(s);
	else if (command_is_person(s->story->trace, b.token[0], strlen(b.token[0])))
		offer_behind_verb(s, &b);
	else if (is_token(&b, 0, "goto"))
		goto_words(p, (size_t)(b.token[0] - b.text) + 4);
	else if (is_token(&b, 0, "wind"))
		offer_wind(s, &b);
	else if (deed)
		offer_deed(s, &b, deed);
	else if (b.count == 1)
		offer_behind_command(s, &b);
}

/* ---- what it means --------------------------------------------------------------------------- */

static enum string usage_of(const struct hands *h, const struct trace *t, const char *first,
			    const char *second)
{
	for (int i = 0; i < VERBS && command_is_person(t, first, strlen(first)); i++) {
		if (strcmp(verbs[i].name, second) == 0)
			return verbs[i].usage;
	}
	if (command_is_person(t, first, strlen(first)))
		return STRING_USAGE_PERSON;
	for (const struct own_command *c = own_commands; c->name; c++) {
		if (strcmp(c->name, first) == 0)
			return c->usage;
	}
	for (const struct deed_word *w = deed_words; w->name; w++) {
		if (strcmp(w->name, first) == 0)
			return STRING_USAGE_DEED;
	}
	if (strcmp(first, "wind") == 0)
		return STRING_USAGE_WIND;
	if (strcmp(first, "stranger") == 0)
		return STRING_USAGE_STRANGER;
	return h->history ? STRING_USAGE_COMMAND : STRING_USAGE_RECORDING;
}

void command_usage(const struct hands *h, const struct player *p, struct sink *out)
{
	const char *text = p->prompt.entry.text;
	char first[WORD_OCTETS] = "", second[WORD_OCTETS] = "";
	size_t n;

	text += strspn(text, " ");
	n = strcspn(text, " ");
	text_copy(first, n < sizeof first ? n + 1 : sizeof first, text);
	text += n + strspn(text + n, " ");
	n = strcspn(text, " ");
	text_copy(second, n < sizeof second ? n + 1 : sizeof second, text);
	sink_puts(out, string_in(usage_of(h, p->story->trace, first, second), p->lang));
}
