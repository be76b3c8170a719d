/* SPDX-License-Identifier: MIT */
#include <app/options.h>
#include <base/assert.h>
#include <base/diag.h>
#include <getopt.h>
#include <string.h>

#define ON(id) (1u << COMMAND_##id)
#define EVERY  ((1u << COMMAND_COUNT) - 1)
#define ON_SERVING (ON(ECHO_SERVE) | ON(ECHO_LAB))
#define ON_ECHO    (ON_SERVING | ON(ECHO_CALL) | ON(ECHO_WATCH))
#define ON_STAGED  (ON_ECHO | ON(ECHO_LESSON))

const struct command_info command_table[COMMAND_COUNT] = {
#define COMMAND(id, name, operands, en, zh) [COMMAND_##id] = {name, operands, {en, zh}},
#include <app/options.def>
#undef COMMAND
};

const struct option_info option_table[OPT_COUNT] = {
#define OPTION(id, letter, name, kind, value, on, en, zh)                                          \
	[OPT_##id] = {letter, name, VALUE_##kind, value, on, {en, zh}},
#include <app/options.def>
#undef OPTION
};

/* getopt_long's two descriptions of the table: a letter string, and an array whose `val` lies
 * above every letter. */
enum { LONG_VALUE = 256 };

struct getopt_tables {
	char letters[2 + 2 * OPT_COUNT + 1];
	struct option named[OPT_COUNT + 1];
};

static void describe(struct getopt_tables *g)
{
	char *letter = g->letters;

	*letter++ = ':'; /* tell a missing value from an unknown option */
	for (int i = 0; i < OPT_COUNT; i++) {
		bool takes = option_table[i].kind != VALUE_NONE;

		g->named[i] = (struct option){.name = option_table[i].name,
					      .has_arg = takes ? required_argument : no_argument,
					      .val = LONG_VALUE + i};
		if (option_table[i].letter == 0)
			continue;
		*letter++ = option_table[i].letter;
		if (takes)
			*letter++ = ':';
	}
	*letter = '\0';
	g->named[OPT_COUNT] = (struct option){0};
}

static int option_of(int answer)
{
	if (answer >= LONG_VALUE)
		return answer - LONG_VALUE;
	for (int i = 0; i < OPT_COUNT; i++) {
		if (option_table[i].letter == answer)
			return i;
	}
	UNREACHABLE();
}

static bool read_number(const char *text, uint64_t *out)
{
	uint64_t n = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*text - '0'), &n))
			return false;
	}
	*out = n;
	return true;
}

enum { WORDS_MAX = 16 };

/* "a|b|c" as a NULL-terminated list of words in `room`. */
static void split_words(const char *value, char *room, size_t size, const char **words)
{
	size_t n = 0;

	ASSERT(strlen(value) < size);
	memcpy(room, value, strlen(value) + 1);
	for (char *at = room; at != NULL && n < WORDS_MAX - 1; n++) {
		char *bar = strchr(at, '|');

		words[n] = at;
		if (bar != NULL)
			*bar++ = '\0';
		at = bar;
	}
	words[n] = NULL;
}

static bool is_among(const char *word, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strcmp(*words, word) == 0)
			return true;
	}
	return false;
}

static bool check_word(const struct option_info *o, const char *text, struct sink *complaint)
{
	char room[128];
	const char *words[WORDS_MAX], *near;

	split_words(o->value, room, sizeof room, words);
	if (is_among(text, words))
		return true;
	sink_printf(complaint, "--%s is one of %s, not '%s'", o->name, o->value, text);
	near = nearest_word(text, words);
	if (near != NULL)
		sink_printf(complaint, "; did you mean %s?", near);
	return false;
}

static bool take_option(struct request *r, int id, const char *text, struct sink *complaint)
{
	const struct option_info *o = &option_table[id];

	r->given[id] = true;
	r->value[id] = text;
	if (id == OPT_SET)
		*array_push(&r->settings) = text;
	if (id == OPT_SET_B)
		*array_push(&r->settings_b) = text;
	if (id == OPT_SAVE)
		*array_push(&r->saves) = text;
	if (id == OPT_DEFINE)
		*array_push(&r->defines) = text;
	if (id == OPT_SYSCTL)
		*array_push(&r->sysctls) = text;
	if (o->kind == VALUE_WORD)
		return check_word(o, text, complaint);
	if (o->kind == VALUE_NUMBER && !read_number(text, &r->number[id])) {
		sink_printf(complaint, "--%s takes a number, not '%s'", o->name, text);
		return false;
	}
	return true;
}

static void complain_unknown(const char *word, struct sink *complaint)
{
	const char *names[OPT_COUNT + 1], *near;
	const char *equals = strchr(word, '=');
	struct sink name = {0};

	sink_put(&name, word, equals != NULL ? (size_t)(equals - word) : strlen(word));
	sink_printf(complaint, "unknown option '%s'", name.at);
	for (int i = 0; i < OPT_COUNT; i++)
		names[i] = option_table[i].name;
	names[OPT_COUNT] = NULL;
	if (strncmp(name.at, "--", 2) == 0) {
		near = nearest_word(name.at + 2, names);
		if (near != NULL)
			sink_printf(complaint, "; did you mean --%s?", near);
	}
	sink_fini(&name);
}

static bool read_options(struct request *r, int argc, char **argv, struct sink *complaint)
{
	struct getopt_tables g;
	int answer;

	describe(&g);
	opterr = 0;
	optind = 0; /* glibc: start afresh */
	while ((answer = getopt_long(argc, argv, g.letters, g.named, NULL)) != -1) {
		if (answer == ':') {
			sink_printf(complaint, "option '%s' needs a value", argv[optind - 1]);
			return false;
		}
		if (answer == '?' && optopt >= LONG_VALUE) {
			sink_printf(complaint, "--%s takes no value",
				    option_table[optopt - LONG_VALUE].name);
			return false;
		}
		if (answer == '?') {
			char letter[3] = {'-', (char)optopt, '\0'};

			complain_unknown(optopt != 0 ? letter : argv[optind - 1], complaint);
			return false;
		}
		if (!take_option(r, option_of(answer), optarg, complaint))
			return false;
	}
	for (int i = optind; i < argc; i++)
		*array_push(&r->files) = argv[i];
	return true;
}

static void drop_first(struct request *r)
{
	r->files.count--;
	memmove(r->files.at, r->files.at + 1, r->files.count * sizeof r->files.at[0]);
}

/* "echo serve" has the first word "echo". */
static bool command_has_first(int command, const char *word)
{
	size_t n = strlen(word);
	const char *name = command_table[command].name;

	return n > 0 && strncmp(name, word, n) == 0 && name[n] == ' ';
}

static void complain_command(const char *word, struct sink *complaint)
{
	const char *names[COMMAND_COUNT], *near;

	for (int i = 1; i < COMMAND_COUNT; i++)
		names[i - 1] = command_table[i].name;
	names[COMMAND_COUNT - 1] = NULL;
	sink_printf(complaint, "unknown command '%s'", word);
	near = nearest_word(word, names);
	if (near != NULL)
		sink_printf(complaint, "; did you mean %s?", near);
	else if (strchr(word, '.') != NULL)
		sink_printf(complaint, "; to play a file: woshou play %s", word);
}

/* `echo` what? */
static void complain_second(const struct request *r, struct sink *complaint)
{
	const char *first = r->files.at[0], *names[COMMAND_COUNT], *near = NULL;
	size_t n = 0;

	for (int i = 1; i < COMMAND_COUNT; i++) {
		if (command_has_first(i, first))
			names[n++] = strchr(command_table[i].name, ' ') + 1;
	}
	names[n] = NULL;
	if (r->files.count > 1) {
		sink_printf(complaint, "unknown command '%s %s'", first, r->files.at[1]);
		near = nearest_word(r->files.at[1], names);
	} else {
		sink_printf(complaint, "%s what?", first);
	}
	if (near != NULL) {
		sink_printf(complaint, "; did you mean %s %s?", first, near);
		return;
	}
	sink_puts(complaint, r->files.count > 1 ? "; there are" : " There are");
	for (size_t i = 0; i < n; i++)
		sink_printf(complaint, "%s %s %s", i > 0 ? "," : "", first, names[i]);
}

/* The first operand is the command, or the first two are; without one it is the playbill. */
static bool take_command(struct request *r, struct sink *complaint)
{
	const char *word;
	bool has_second = false;

	r->command = COMMAND_PLAYBILL;
	if (r->files.count == 0)
		return true;
	word = r->files.at[0];
	if (strcmp(word, "help") == 0) {
		r->given[OPT_HELP] = true;
		drop_first(r);
		return take_command(r, complaint);
	}
	for (int i = 1; i < COMMAND_COUNT; i++) {
		if (strcmp(command_table[i].name, word) == 0) {
			r->command = (enum command)i;
			drop_first(r);
			return true;
		}
		if (!command_has_first(i, word))
			continue;
		has_second = true;
		if (r->files.count > 1 &&
		    strcmp(strchr(command_table[i].name, ' ') + 1, r->files.at[1]) == 0) {
			r->command = (enum command)i;
			drop_first(r);
			drop_first(r);
			return true;
		}
	}
	if (has_second)
		complain_second(r, complaint);
	else
		complain_command(word, complaint);
	return false;
}

/* The options are wrong; whose help may be of use? That of the words before the first of them. */
static void guess_command(struct request *r, int argc, char **argv)
{
	struct sink aside = {0};

	r->files.count = 0;
	for (int i = 1; i < argc && argv[i][0] != '-'; i++)
		*array_push(&r->files) = argv[i];
	take_command(r, &aside);
	sink_fini(&aside);
}

/* "[HOST] [PORT]" are two; files are counted by their own rules. */
static size_t most_operands(const struct command_info *c)
{
	size_t n = 0;

	if (c->operands[0] != '[' || strstr(c->operands, "...") != NULL)
		return SIZE_MAX;
	for (const char *at = c->operands; *at != '\0'; at++)
		n += *at == '[';
	return n;
}

static bool check_fit(const struct request *r, struct sink *complaint)
{
	const struct command_info *c = &command_table[r->command];
	const char *name = r->command == COMMAND_PLAYBILL ? "the playbill" : c->name;

	for (int i = 0; i < OPT_COUNT; i++) {
		if (r->given[i] && (option_table[i].commands & 1u << r->command) == 0) {
			sink_printf(complaint, "--%s is no option of %s", option_table[i].name,
				    name);
			return false;
		}
	}
	if (c->operands[0] == '\0' && r->files.count > 0) {
		sink_printf(complaint, "%s takes no file", name);
		return false;
	}
	if (strncmp(c->operands, "FILE", 4) == 0 && r->files.count == 0) {
		sink_printf(complaint, "%s which file? ('-' is standard input)", name);
		return false;
	}
	if (r->files.count > most_operands(c)) {
		sink_printf(complaint, "%s takes no more than %s", name, c->operands);
		return false;
	}
	if (strcmp(c->operands, "FILE") == 0 && r->files.count > 1) {
		sink_printf(complaint, "%s takes one file", name);
		return false;
	}
	if (strcmp(c->operands, "FILE [FILE]") == 0 && r->files.count > 2) {
		sink_printf(complaint, "%s takes two files", name);
		return false;
	}
	return true;
}

static enum lang lang_named(const char *name)
{
	if (strcmp(name, "zh+en") == 0)
		return LANG_BOTH;
	return strcmp(name, "zh") == 0 ? LANG_ZH : LANG_EN;
}

bool request_read(struct request *r, int argc, char **argv, struct sink *complaint)
{
	*r = (struct request){.lang = lang_of_environment()};
	if (!read_options(r, argc, argv, complaint)) {
		guess_command(r, argc, argv);
		return false;
	}
	if (r->given[OPT_LANG])
		r->lang = lang_named(r->value[OPT_LANG]);
	if (!take_command(r, complaint))
		return false;
	/* Who asks for help is not told that the call is incomplete. */
	if (r->given[OPT_HELP] || r->given[OPT_VERSION])
		return true;
	return check_fit(r, complaint);
}

void request_fini(struct request *r)
{
	array_fini(&r->settings);
	array_fini(&r->settings_b);
	array_fini(&r->saves);
	array_fini(&r->defines);
	array_fini(&r->sysctls);
	array_fini(&r->files);
}

enum lang lang_of_environment(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	/* POSIX: the first that is set and not empty decides. */
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return strncmp(value, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
	}
	return LANG_EN;
}

const char *in_lang(enum lang lang, const char *en, const char *zh)
{
	return lang == LANG_ZH ? zh : en;
}
