/* SPDX-License-Identifier: MIT */
#include <scene/parse.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- fields of the profile ------------------------------------------------------------------- */

static const char *field_name(size_t i)
{
	return profile_field_at(i)->name;
}

/* `words` names a field, or is the beginning of longer names. */
static bool begins_field(const char *words)
{
	size_t n = strlen(words);

	for (size_t i = 0; i < profile_field_count(); i++) {
		const char *name = field_name(i);

		if (strncmp(name, words, n) == 0 && (name[n] == '\0' || name[n] == ' '))
			return true;
	}
	return false;
}

/* The longest name that the coming words make. False, and nothing taken: none. */
static bool take_field(struct parser *p, size_t *field)
{
	size_t start = p->index;
	char words[128];
	size_t n = 0;
	int found;

	if (!parse_at(p, TOKEN_WORD))
		return false;
	words[0] = '\0';
	/* "fin wait 2" has a number for its third word. */
	while ((parse_at(p, TOKEN_WORD) || (n && parse_at(p, TOKEN_NUMBER))) &&
	       n + p->token.size + 2 < sizeof words) {
		size_t before = n;

		n += (size_t)snprintf(words + n, sizeof words - n, "%s%.*s", n ? " " : "",
				      (int)p->token.size, p->token.text);
		if (!begins_field(words)) {
			words[before] = '\0';
			break;
		}
		parse_next(p);
	}
	found = profile_field_named(words);
	*field = found < 0 ? 0 : (size_t)found;
	if (found < 0) {
		p->index = start;
		parse_look(p);
	}
	return found >= 0;
}

static bool parse_choice(struct parser *p, const struct profile_field *f, int64_t *out)
{
	char what[64];

	for (int i = 0; f->choices[i]; i++)
		if (parse_take(p, f->choices[i])) {
			*out = i;
			return true;
		}
	snprintf(what, sizeof what, "choice for %s", f->name);
	return parse_fail_unknown(p, what, f->choices);
}

static bool parse_field_setting(struct parser *p, const struct profile_field *f, int64_t *out)
{
	uint64_t number = 0;
	bool is_on = false;
	usec time = 0;
	bool is_good = false;

	/* "Off" is 0 for whatever can be 0. */
	if (parse_is(p, "off") && f->kind != PROFILE_CHOICE && f->least <= 0) {
		parse_next(p);
		*out = 0;
		return true;
	}
	switch (f->kind) {
	case PROFILE_TIME:
		is_good = parse_one_time(p, &time);
		*out = time;
		return is_good;
	case PROFILE_SIZE:
		is_good = parse_size(p, &number);
		*out = (int64_t)number;
		return is_good;
	case PROFILE_COUNT_KIND:
		is_good = parse_number(p, f->name, 0, UINT32_MAX, &number);
		*out = (int64_t)number;
		return is_good;
	case PROFILE_SWITCH:
		is_good = parse_switch(p, &is_on);
		*out = is_on;
		return is_good;
	case PROFILE_CHOICE: return parse_choice(p, f, out);
	}
	return false;
}

static bool in_range(struct parser *p, struct place at, const struct profile_field *f, int64_t v)
{
	if (v >= f->least && v <= f->most)
		return true;
	if (f->kind == PROFILE_TIME)
		return parse_fail(p, at, NULL, "%s goes from %" PRId64 "us to %" PRId64 "us",
				  f->name, f->least < 0 ? 0 : f->least, f->most);
	return parse_fail(p, at, NULL, "%s goes from %" PRId64 " to %" PRId64, f->name, f->least,
			  f->most);
}

static void set(struct person *to, struct place at, size_t field, int64_t value)
{
	*array_push(&to->settings) = (struct setting){.field = field, .value = value, .at = at};
}

static void set_named(struct person *to, struct place at, const char *name, int64_t value)
{
	int field = profile_field_named(name);

	if (field >= 0)
		set(to, at, (size_t)field, value);
}

/* `rto fixed 1s` is two fields; `ack delay 200ms every 2 full` is three. */
static bool parse_field(struct parser *p, struct person *to, struct place at, size_t field)
{
	const struct profile_field *f = profile_field_at(field);
	struct place value_at = parse_place(p);
	uint64_t every;
	int64_t value;
	usec time;

	if (strcmp(f->name, "rto fixed") == 0 && parse_is_unit(p)) {
		if (!parse_one_time(p, &time))
			return false;
		field = (size_t)profile_field_named("rto");
		if (!in_range(p, value_at, profile_field_at(field), time))
			return false;
		set(to, at, field, time);
		set_named(to, at, "rto fixed", 1);
		return true;
	}
	if (!parse_field_setting(p, f, &value) || !in_range(p, value_at, f, value))
		return false;
	set(to, at, field, value);
	if (strcmp(f->name, "ack delay") == 0 && parse_take(p, "every")) {
		if (!parse_number(p, "how many segments", 1, 255, &every))
			return false;
		set_named(to, at, "ack every", (int64_t)every);
		set_named(to, at, "ack count",
			  parse_take(p, "full") ? ACK_COUNT_FULL : ACK_COUNT_ANY);
	}
	return true;
}

/* ---- socket options -------------------------------------------------------------------------- */

enum option_kind { OPTION_SWITCH, OPTION_TIME, OPTION_SIZE, OPTION_NUMBER };

static const struct {
	const char *name;
	enum option_kind kind;
} options[] = {
	{"SO_REUSEADDR", OPTION_SWITCH},   {"SO_KEEPALIVE", OPTION_SWITCH},
	{"SO_LINGER", OPTION_TIME},        {"SO_OOBINLINE", OPTION_SWITCH},
	{"SO_RCVBUF", OPTION_SIZE},        {"SO_SNDBUF", OPTION_SIZE},
	{"TCP_NODELAY", OPTION_SWITCH},    {"TCP_KEEPIDLE", OPTION_TIME},
	{"TCP_KEEPINTVL", OPTION_TIME},    {"TCP_KEEPCNT", OPTION_NUMBER},
	{"TCP_USER_TIMEOUT", OPTION_TIME}, {"TCP_MAXSEG", OPTION_SIZE},
	{"IP_TTL", OPTION_NUMBER},         {"IP_TOS", OPTION_NUMBER},
};

enum { OPTION_COUNT = sizeof options / sizeof options[0] };

static int option_named(const struct parser *p)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (parse_is(p, options[i].name))
			return i;
	return NONE;
}

static bool parse_option_value(struct parser *p, enum option_kind kind, int64_t *out)
{
	uint64_t number = 0;
	bool is_on = false;
	bool is_good = false;

	switch (kind) {
	case OPTION_SWITCH:
		is_good = parse_switch(p, &is_on);
		*out = is_on;
		return is_good;
	case OPTION_TIME: *out = -1; return parse_take(p, "off") || parse_one_time(p, out);
	case OPTION_SIZE: is_good = parse_size(p, &number); break;
	case OPTION_NUMBER: is_good = parse_number(p, "a value", 0, UINT32_MAX, &number); break;
	}
	*out = (int64_t)number;
	return is_good;
}

/* NAME VALUE, of a socket option or of a field. */
bool parse_option(struct parser *p, const char **name, int64_t *value)
{
	const char *words[OPTION_COUNT + 1] = {0};
	int option = option_named(p);
	struct place at = parse_place(p);
	size_t field;

	if (option != NONE) {
		*name = options[option].name;
		parse_next(p);
		return parse_option_value(p, options[option].kind, value);
	}
	if (take_field(p, &field)) {
		*name = field_name(field);
		at = parse_place(p);
		return parse_field_setting(p, profile_field_at(field), value) &&
		       in_range(p, at, profile_field_at(field), *value);
	}
	for (int i = 0; i < OPTION_COUNT; i++)
		words[i] = options[i].name;
	return parse_fail_unknown(p, "option", words);
}

/* ---- applications ---------------------------------------------------------------------------- */

static bool parse_reader(struct parser *p, struct app *app)
{
	struct place at;

	app->kind = APP_READER;
	if (!parse_expect_word(p, "every"))
		return false;
	at = parse_place(p);
	if (!parse_one_time(p, &app->every) || !parse_expect_word(p, "takes"))
		return false;
	if (app->every <= 0)
		return parse_fail(p, at, NULL, "a reader needs time between two reads");
	return parse_size(p, &app->size);
}

/* at 8kbit, at 1KiB (a second) */
static bool parse_sink(struct parser *p, struct app *app)
{
	struct place at;
	uint64_t bits;
	char last;

	app->kind = APP_SINK;
	if (!parse_take(p, "at"))
		return true;
	at = parse_place(p);
	last = parse_at(p, TOKEN_NUMBER) ? p->token.text[p->token.size - 1] : '\0';
	if (last == 'B') {
		if (!parse_size(p, &app->rate))
			return false;
	} else {
		if (!parse_rate(p, &bits))
			return false;
		app->rate = bits / 8;
	}
	return app->rate > 0 || parse_fail(p, at, NULL, "a sink takes at least one octet a second");
}

static bool parse_echo(struct parser *p, struct app *app)
{
	struct place at;
	struct chars quit;

	app->kind = APP_ECHO;
	if (!parse_take(p, "until"))
		return true;
	at = parse_place(p);
	if (!parse_chars(p, &quit))
		return false;
	if (quit.size != 1)
		return parse_fail(p, at, NULL, "an echo ends with one letter");
	app->quit = quit.at[0];
	return true;
}

static bool parse_app_kind(struct parser *p, struct app *app, bool *is_app)
{
	*is_app = true;
	app->closes_at_end = parse_is(p, "echo") || parse_is(p, "discard") || parse_is(p, "sink");
	if (parse_take(p, "echo"))
		return parse_echo(p, app);
	if (parse_take(p, "sink"))
		return parse_sink(p, app);
	if (parse_take(p, "reader"))
		return parse_reader(p, app);
	if (parse_take(p, "discard")) {
		app->kind = APP_DISCARD;
		return true;
	}
	if (parse_take(p, "chargen")) {
		app->kind = APP_CHARGEN;
		return true;
	}
	if (parse_take(p, "source")) {
		app->kind = APP_SOURCE;
		return parse_size(p, &app->size);
	}
	*is_app = false;
	return true;
}

bool parse_app(struct parser *p, struct app *app, bool *is_app)
{
	if (!parse_app_kind(p, app, is_app))
		return false;
	if (*is_app) {
		if (parse_take(p, "never")) {
			app->closes_at_end = false;
			return parse_expect_word(p, "closes");
		}
		return true;
	}
	*is_app = true;
	if (parse_take(p, "reads")) {
		app->reads_never = true;
		return parse_expect_word(p, "never");
	}
	if (parse_take(p, "accepts")) {
		app->accepts_by_hand = true;
		return parse_expect_word(p, "by") && parse_expect_word(p, "hand");
	}
	*is_app = false;
	return true;
}

/* ---- person ---------------------------------------------------------------------------------- */

static bool parse_isn(struct parser *p, struct person *to)
{
	uint64_t isn;

	for (;;) {
		if (!parse_number(p, "an initial sequence number", 0, UINT32_MAX, &isn))
			return false;
		*array_push(&to->isn) = seq((uint32_t)isn);
		if (!parse_at(p, TOKEN_COMMA))
			return true;
		parse_next(p);
	}
}

static bool parse_address(struct parser *p, struct person *to)
{
	struct place at = parse_place(p);
	const char *text;

	if (!parse_raw(p, "an address", &text))
		return false;
	at.size = (int)strlen(text);
	if (!address_parse(text, &to->address))
		return parse_fail(p, at, NULL, "'%s' is neither an IPv4 nor an IPv6 address", text);
	if (address_is_multicast(&to->address))
		return parse_fail(p, at, NULL, "'%s' is not one person's address", text);
	return true;
}

static bool parse_profile(struct parser *p, struct person *to)
{
	const char *names[PROFILE_COUNT + 1] = {0};

	for (int i = 0; i < PROFILE_COUNT; i++) {
		names[i] = tcp_profiles[i].name;
		if (parse_take(p, names[i])) {
			to->profile = names[i];
			return true;
		}
	}
	return parse_fail_unknown(p, "profile", names);
}

static bool fail_setting(struct parser *p)
{
	const char *words[128 + OPTION_COUNT] = {"isn",     "port",    "address", "profile",
						 "reads",   "accepts", "echo",    "discard",
						 "chargen", "sink",    "source",  "reader"};
	size_t n = 12;

	for (size_t i = 0; i < profile_field_count() && n < 126; i++)
		words[n++] = field_name(i);
	for (int i = 0; i < OPTION_COUNT; i++)
		words[n++] = options[i].name;
	return parse_fail_unknown(p, "setting", words);
}

bool parse_setting(struct parser *p, struct person *to)
{
	struct place at = parse_place(p);
	const char *option;
	bool is_app;
	size_t field;
	int64_t value;

	parse_mark(p, MARK_ITEM);
	if (parse_is(p, "isn")) {
		/* "isn 1000, 2000", but "isn choice clock" is a field. */
		size_t index = p->index + 1;

		if (p->source->tokens.at[index].kind != TOKEN_WORD) {
			parse_next(p);
			return parse_isn(p, to);
		}
	}
	if (parse_take(p, "port"))
		return parse_port(p, &to->port);
	if (parse_take(p, "address"))
		return parse_address(p, to);
	if (parse_take(p, "profile"))
		return parse_profile(p, to);
	if (!parse_app(p, &to->app, &is_app))
		return false;
	if (is_app) {
		to->has_app = true;
		return true;
	}
	if (option_named(p) != NONE && profile_field_named(options[option_named(p)].name) < 0) {
		if (!parse_option(p, &option, &value))
			return false;
		*array_push(&to->settings) =
			(struct setting){.option = option, .value = value, .at = at};
		return true;
	}
	if (take_field(p, &field))
		return parse_field(p, to, at, field);
	return fail_setting(p);
}

static bool is_word(const struct token *t, const char *word)
{
	return t->size == strlen(word) && memcmp(t->text, word, t->size) == 0;
}

static enum setting_kind kind_of_setting(const struct token *first, const struct person *before,
					 const struct person *now)
{
	if (now->settings.count > before->settings.count)
		return array_last(&now->settings)->option ? SETTING_OPTION : SETTING_FIELD;
	if (now->isn.count > before->isn.count)
		return SETTING_ISN;
	if (is_word(first, "port"))
		return SETTING_PORT;
	if (is_word(first, "address"))
		return SETTING_ADDRESS;
	return is_word(first, "profile") ? SETTING_PROFILE : SETTING_APP;
}

/* Whoever rewrites the play finds each setting by its octets. */
static void note_setting(struct parser *p, size_t from, const struct person *before,
			 const struct person *now)
{
	struct person_text *text = array_last(&p->edits->persons);

	*array_push(&text->settings) = (struct setting_text){
		.from = parse_offset(p, from),
		.to = parse_offset_end(p, p->index),
		.kind = kind_of_setting(&p->source->tokens.at[from], before, now),
		.first = before->settings.count,
		.count = now->settings.count - before->settings.count};
}

static bool setting_item(struct parser *p, void *to)
{
	const struct person before = *(struct person *)to;
	size_t from = p->index;

	if (!parse_setting(p, to))
		return false;
	if (p->edits)
		note_setting(p, from, &before, to);
	return true;
}

static bool parse_header_profile(struct parser *p, struct person *person)
{
	size_t name;

	if (!parse_take(p, "profile"))
		return true;
	name = p->index;
	if (!parse_profile(p, person))
		return false;
	if (p->edits) {
		array_last(&p->edits->persons)->profile_from = parse_offset(p, name);
		array_last(&p->edits->persons)->profile_to = parse_offset_end(p, name + 1);
	}
	return true;
}

/* Its braces, if there are any, and where they end. */
static bool parse_braces(struct parser *p, struct person *person)
{
	struct person_text *text = NULL;
	size_t close;

	if (p->edits) {
		text = array_last(&p->edits->persons);
		text->end = parse_offset_end(p, p->index);
	}
	if (!parse_at(p, TOKEN_OPEN))
		return true;
	if (!parse_block(p, setting_item, person))
		return false;
	for (close = p->index - 1; p->source->tokens.at[close].kind != TOKEN_CLOSE; close--)
		;
	if (text)
		text->close = parse_offset(p, close);
	return true;
}

bool parse_person(struct parser *p)
{
	struct person *person;
	struct place at;
	const char *name;

	parse_next(p);
	at = parse_place(p);
	if (!parse_name(p, "a name", &name))
		return false;
	for (size_t i = 0; i < p->play->persons.count; i++)
		if (strcmp(p->play->persons.at[i].name, name) == 0)
			return parse_fail(p, at, NULL, "there is a person '%s' already", name);
	if (p->play->persons.count == SCENE_PEOPLE_MAX)
		return parse_fail(p, at, NULL, "more than %d people", SCENE_PEOPLE_MAX);
	person = array_push(&p->play->persons);
	*person = (struct person){.name = name, .at = at};
	if (p->edits)
		*array_push(&p->edits->persons) =
			(struct person_text){.source = p->source,
					     .name_end = parse_offset_end(p, p->index),
					     .person = p->play->persons.count - 1};
	if (!parse_header_profile(p, person))
		return false;
	parse_mark(p, MARK_SUBJECT);
	if ((parse_is(p, "en") || parse_is(p, "zh")) && !parse_titles(p, &person->title, false))
		return false;
	if (!parse_header_profile(p, person))
		return false;
	parse_mark(p, MARK_REST);
	return parse_braces(p, person);
}
