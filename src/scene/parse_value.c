/* SPDX-License-Identifier: MIT */
#include <scene/parse.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- numbers with units ---------------------------------------------------------------------- */

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit times[] = {
	{"us", 1},
	{"ms", 1000},
	{"s", 1000000},
	{"min", 60 * INT64_C(1000000)},
	{"h", 3600 * INT64_C(1000000)},
	{"day", 86400 * INT64_C(1000000)},
	{NULL, 0},
};

static const struct unit sizes[] = {
	{"B", 1},         {"kB", 1000},     {"MB", 1000000},  {"GB", 1000000000},
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0},
};

static const struct unit rates[] = {
	{"bit", 1}, {"kbit", 1000}, {"Mbit", 1000000}, {"Gbit", 1000000000}, {NULL, 0},
};

/* The number's parts: "1.05s" is 1, "05", "s". */
struct number {
	uint64_t whole;
	const char *fraction;
	size_t fraction_size;
	const char *unit;
	size_t unit_size;
	bool is_too_large;
};

static struct number split(const struct token *t)
{
	struct number n = {0};
	size_t i = 0;

	for (; i < t->size && t->text[i] >= '0' && t->text[i] <= '9'; i++) {
		uint64_t digit = (uint64_t)(t->text[i] - '0');

		if (n.whole > (UINT64_MAX - digit) / 10)
			n.is_too_large = true;
		else
			n.whole = n.whole * 10 + digit;
	}
	if (i < t->size && t->text[i] == '.') {
		n.fraction = t->text + ++i;
		while (i < t->size && t->text[i] >= '0' && t->text[i] <= '9')
			i++;
		n.fraction_size = (size_t)(t->text + i - n.fraction);
	}
	n.unit = t->text + i;
	n.unit_size = t->size - i;
	return n;
}

static const struct unit *unit_of(const struct number *n, const struct unit *units)
{
	for (; units->name; units++)
		if (strlen(units->name) == n->unit_size &&
		    memcmp(units->name, n->unit, n->unit_size) == 0)
			return units;
	return NULL;
}

static void list_units(const struct unit *units, char *out, size_t room)
{
	size_t n = 0;

	out[0] = '\0';
	for (; units->name && n < room; units++) {
		const char *between = n == 0 ? "" : units[1].name ? ", " : " or ";
		int added = snprintf(out + n, room - n, "%s%s", between, units->name);

		n += added > 0 ? (size_t)added : 0;
	}
}

static bool fail_unit(struct parser *p, const char *what, const struct number *n,
		      const struct unit *units)
{
	char list[80];

	list_units(units, list, sizeof list);
	if (n->unit_size == 0)
		return parse_fail(p, parse_place(p), NULL, "%s needs a unit: %s", what, list);
	return parse_fail(p, parse_place(p), NULL, "unknown unit '%.*s': %s is told in %s",
			  n->unit_size > 40 ? 40 : (int)n->unit_size, n->unit, what, list);
}

/* whole.fraction times factor, exactly. */
static bool scale(struct parser *p, const char *what, const struct number *n, int64_t factor,
		  uint64_t most, uint64_t *out)
{
	uint64_t value;
	uint64_t step = (uint64_t)factor;

	if (n->is_too_large || n->whole > most / (uint64_t)factor)
		return parse_fail(p, parse_place(p), NULL, "%s this large cannot be told", what);
	value = n->whole * (uint64_t)factor;
	for (size_t i = 0; i < n->fraction_size; i++) {
		uint64_t digit = (uint64_t)(n->fraction[i] - '0');

		if (step % 10 != 0 && digit != 0)
			return parse_fail(
				p, parse_place(p), NULL, "%s this fine cannot be told: '%.*s'",
				what, p->token.size > 60 ? 60 : (int)p->token.size, p->token.text);
		step /= 10;
		value += digit * step;
	}
	if (value > most)
		return parse_fail(p, parse_place(p), NULL, "%s this large cannot be told", what);
	*out = value;
	return true;
}

static bool take_unit(struct parser *p, const char *what, const struct unit *units, uint64_t most,
		      uint64_t *out)
{
	const struct unit *unit;
	struct number n;

	if (!parse_at(p, TOKEN_NUMBER))
		return parse_fail_here(p, what);
	n = split(&p->token);
	unit = unit_of(&n, units);
	if (!unit)
		return fail_unit(p, what, &n, units);
	if (!scale(p, what, &n, unit->factor, most, out))
		return false;
	parse_next(p);
	return true;
}

bool parse_one_time(struct parser *p, usec *out)
{
	uint64_t value;

	if (!take_unit(p, "a time", times, (uint64_t)SCENE_TIME_MAX, &value))
		return false;
	*out = (usec)value;
	return true;
}

bool parse_time(struct parser *p, usec *out)
{
	struct place at = parse_place(p);
	usec sum, next;

	if (!parse_one_time(p, &sum))
		return false;
	while (parse_at(p, TOKEN_PLUS) || parse_at(p, TOKEN_MINUS)) {
		bool is_minus = parse_at(p, TOKEN_MINUS);

		parse_next(p);
		if (!parse_one_time(p, &next))
			return false;
		sum = is_minus ? sum - next : sum + next;
		if (sum < 0)
			return parse_fail(p, at, NULL, "this time is before the beginning");
		if (sum > SCENE_TIME_MAX)
			return parse_fail(p, at, NULL, "a time this large cannot be told");
	}
	*out = sum;
	return true;
}

bool parse_size(struct parser *p, uint64_t *out)
{
	return take_unit(p, "a size", sizes, SCENE_SIZE_MAX, out);
}

bool parse_rate(struct parser *p, uint64_t *bits)
{
	struct place at = parse_place(p);

	if (!take_unit(p, "a rate", rates, UINT64_C(1) << 50, bits))
		return false;
	return *bits > 0 || parse_fail(p, at, NULL, "a rate is more than nothing");
}

bool parse_number(struct parser *p, const char *what, uint64_t least, uint64_t most, uint64_t *out)
{
	struct number n;

	if (!parse_at(p, TOKEN_NUMBER))
		return parse_fail_here(p, what);
	n = split(&p->token);
	if (n.unit_size > 0 || n.fraction)
		return parse_fail(p, parse_place(p), NULL, "%s is a plain number", what);
	if (n.is_too_large || n.whole < least || n.whole > most)
		return parse_fail(p, parse_place(p), NULL,
				  "%s is a number from %" PRIu64 " to %" PRIu64, what, least, most);
	*out = n.whole;
	parse_next(p);
	return true;
}

bool parse_port(struct parser *p, uint16_t *out)
{
	uint64_t value;

	if (!parse_number(p, "a port", 1, 65535, &value))
		return false;
	*out = (uint16_t)value;
	return true;
}

static bool is_ordinal(const struct number *n)
{
	static const char *const endings[] = {"st", "nd", "rd", "th"};

	for (size_t i = 0; i < 4; i++)
		if (n->unit_size == 2 && memcmp(n->unit, endings[i], 2) == 0)
			return true;
	return false;
}

bool parse_is_ordinal(const struct parser *p)
{
	struct number n = split(&p->token);

	return parse_at(p, TOKEN_NUMBER) && is_ordinal(&n);
}

bool parse_is_percent(const struct parser *p)
{
	return parse_at(p, TOKEN_NUMBER) && p->token.text[p->token.size - 1] == '%';
}

bool parse_is_unit(const struct parser *p)
{
	return parse_at(p, TOKEN_NUMBER) && split(&p->token).unit_size > 0 &&
	       !parse_is_ordinal(p) && !parse_is_percent(p);
}

bool parse_ordinal(struct parser *p, uint32_t *out)
{
	struct number n;

	if (!parse_at(p, TOKEN_NUMBER))
		return parse_fail_here(p, "an ordinal (1st, 2nd, ...)");
	n = split(&p->token);
	if (!is_ordinal(&n) || n.fraction)
		return parse_fail(p, parse_place(p), NULL,
				  "expected an ordinal: 1st, 2nd, 3rd, 4th, ...");
	if (n.is_too_large || n.whole == 0 || n.whole >= UINT32_MAX)
		return parse_fail(p, parse_place(p), NULL, "ordinals count from 1st");
	*out = (uint32_t)n.whole;
	parse_next(p);
	return true;
}

bool parse_percent(struct parser *p, uint32_t *ppm)
{
	struct number n = split(&p->token);
	uint64_t value;

	if (!scale(p, "a percentage", &n, 10000, UINT32_MAX, &value))
		return false;
	if (value == 0 || value > 1000000)
		return parse_fail(p, parse_place(p), NULL,
				  "a percentage is more than 0%% and at most 100%%");
	*ppm = (uint32_t)value;
	parse_next(p);
	return true;
}

bool parse_switch(struct parser *p, bool *out)
{
	if (!parse_is(p, "on") && !parse_is(p, "off"))
		return parse_fail_here(p, "'on' or 'off'");
	*out = parse_is(p, "on");
	parse_next(p);
	return true;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The octet that `\x` stands for; *taken counts what follows the backslash. */
static int escape_of(const char *s, const char *end, size_t *taken)
{
	static const char letters[] = "n\nt\tr\re\033\"\"\\\\";

	*taken = 1;
	if (s >= end)
		return -1;
	for (const char *l = letters; *l; l += 2)
		if (*s == *l)
			return (unsigned char)l[1];
	if (*s == '0')
		return 0;
	if (*s == 'x' && end - s >= 3 && hex_of(s[1]) >= 0 && hex_of(s[2]) >= 0) {
		*taken = 3;
		return hex_of(s[1]) * 16 + hex_of(s[2]);
	}
	return -1;
}

/* Escapes are resolved after the variables are filled in: `{{` must not be undone by `\x7b`. */
bool parse_chars(struct parser *p, struct chars *out)
{
	struct place at = parse_place(p);
	const char *s, *end;
	size_t size, n = 0;
	char *copy;

	if (!parse_at(p, TOKEN_TEXT))
		return parse_fail_here(p, "a text in quotes");
	s = expand_fill(p, at, p->token.text + 1, p->token.size - 2, &size);
	if (!s)
		return false;
	p->words += size / 16;
	end = s + size;
	copy = arena_alloc(&p->play->arena, size + 1);
	while (s < end) {
		size_t taken;
		int c;

		if (*s != '\\') {
			copy[n++] = *s++;
			continue;
		}
		c = escape_of(s + 1, end, &taken);
		if (c < 0)
			return parse_fail(p, at, "\\n \\t \\r \\e \\0 \\\" \\\\ \\xHH",
					  "unknown escape '\\%.*s'", s + 1 < end ? 1 : 0, s + 1);
		copy[n++] = (char)c;
		s += 1 + taken;
	}
	*out = (struct chars){copy, n};
	parse_next(p);
	return true;
}

bool parse_string(struct parser *p, const char *what, const char **out)
{
	struct place at = parse_place(p);
	struct chars text;

	if (!parse_at(p, TOKEN_TEXT))
		return parse_fail_here(p, what);
	if (!parse_chars(p, &text))
		return false;
	if (memchr(text.at, '\0', text.size))
		return parse_fail(p, at, NULL, "a NUL cannot be shown");
	*out = text.at;
	return true;
}

bool parse_titles(struct parser *p, struct titles *out, bool may_be_plain)
{
	struct place at = parse_place(p);

	*out = (struct titles){0};
	if (parse_at(p, TOKEN_TEXT) && may_be_plain) {
		if (!parse_string(p, "a text", &out->en))
			return false;
		out->zh = out->en;
		return true;
	}
	if (parse_at(p, TOKEN_TEXT))
		return parse_fail(p, at, "en \"...\" zh \"...\"", "the text needs its language");
	while (parse_is(p, "en") || parse_is(p, "zh")) {
		const char **to = parse_is(p, "en") ? &out->en : &out->zh;

		if (*to)
			return parse_fail(p, parse_place(p), NULL,
					  "this language has its text already");
		parse_next(p);
		if (!parse_string(p, "a text in quotes", to))
			return false;
	}
	if (!out->en && !out->zh)
		return parse_fail_here(p, may_be_plain ? "a text" : "en \"...\" zh \"...\"");
	if (!out->en || !out->zh)
		parse_warn(p, at, NULL, "the text has no %s",
			   out->en ? "Chinese: zh \"...\"" : "English: en \"...\"");
	return true;
}

/* ---- names ----------------------------------------------------------------------------------- */

bool parse_name(struct parser *p, const char *what, const char **out)
{
	struct place at = parse_place(p);

	if (!parse_at(p, TOKEN_WORD))
		return parse_fail_here(p, what);
	if (p->token.size > SCENE_NAME_MAX)
		return parse_fail(p, at, NULL, "a name has at most %d octets", SCENE_NAME_MAX);
	*out = parse_copy(p);
	if (word_is_reserved(*out))
		return parse_fail(p, at, NULL,
				  "'%s' is a word of the language: choose another name", *out);
	if (strpbrk(*out, ".+"))
		return parse_fail(p, at, NULL, "a name has letters, digits, '_' and '-' only");
	parse_next(p);
	return true;
}

bool parse_who(struct parser *p, struct who *out)
{
	*out = (struct who){.at = parse_place(p)};
	return parse_name(p, "a name", &out->name);
}

/* SYN-SENT and SYN_SENT, SYN_RCVD and SYN_RECEIVED. */
static int state_named(const char *word)
{
	static const char *const spelled[][2] = {
#define STATE(name, printed, rfc) {printed, rfc},
#include <woshou/state.def>
#undef STATE
	};
	char other[32];
	size_t n = strlen(word);

	if (n >= sizeof other)
		return -1;
	for (size_t i = 0; i <= n; i++)
		other[i] = word[i] == '_' ? '-' : word[i];
	for (int i = 0; i < STATE_COUNT; i++)
		if (strcmp(word, spelled[i][0]) == 0 || strcmp(other, spelled[i][1]) == 0)
			return i;
	return strcmp(other, "SYN-RCVD") == 0 ? SYN_RECEIVED : -1;
}

bool parse_state(struct parser *p, enum state *out)
{
	static const char *const printed[] = {
#define STATE(name, printed, rfc) printed,
#include <woshou/state.def>
#undef STATE
		NULL,
	};
	char word[40];
	int state;

	if (!parse_at(p, TOKEN_WORD))
		return parse_fail_here(p, "a TCP state");
	snprintf(word, sizeof word, "%.*s", p->token.size > 39 ? 39 : (int)p->token.size,
		 p->token.text);
	state = state_named(word);
	if (state < 0)
		return parse_fail_unknown(p, "TCP state", printed);
	parse_mark(p, MARK_STATE);
	*out = (enum state)state;
	parse_next(p);
	return true;
}

/* ---- segments -------------------------------------------------------------------------------- */

static const char *const class_words[] = {"SYN",  "SYN+ACK", "ACK",  "FIN", "RST",
					  "data", "any",     "none", NULL};
static const char *const number_words[NUMBER_COUNT + 1] = {
	[NUMBER_SEQ] = "seq",
	[NUMBER_ACK] = "ack",
	[NUMBER_LEN] = "len",
	[NUMBER_WIN] = "win",
	[NUMBER_RETRANSMIT] = "retransmit",
};

static int word_in(const struct parser *p, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (parse_is(p, words[i]))
			return i;
	return -1;
}

bool parse_is_match(const struct parser *p)
{
	return word_in(p, class_words) >= 0 || word_in(p, number_words) >= 0;
}

bool parse_comparison(struct parser *p, enum comparison *out)
{
	static const struct {
		const char *text;
		enum comparison is;
	} all[] = {{"=", CMP_EQ},  {"!=", CMP_NE}, {"<", CMP_LT},
		   {"<=", CMP_LE}, {">", CMP_GT},  {">=", CMP_GE}};

	*out = CMP_EQ;
	if (!parse_at(p, TOKEN_COMPARE))
		return true;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strlen(all[i].text) == p->token.size &&
		    memcmp(all[i].text, p->token.text, p->token.size) == 0)
			*out = all[i].is;
	parse_next(p);
	return true;
}

static bool parse_compare(struct parser *p, struct seg_match *m)
{
	int what = word_in(p, number_words);
	uint64_t value;
	enum comparison how;

	if (m->count == SEG_COMPARES_MAX)
		return parse_fail(p, parse_place(p), NULL, "more than %d comparisons",
				  SEG_COMPARES_MAX);
	parse_next(p);
	parse_comparison(p, &how);
	if ((what == NUMBER_LEN || what == NUMBER_WIN) && parse_is_unit(p)) {
		if (!parse_size(p, &value))
			return false;
	} else if (!parse_number(p, number_words[what], 0, UINT32_MAX, &value)) {
		return false;
	}
	m->compare[m->count++] = (struct seg_compare){
		.what = (uint8_t)what, .how = (uint8_t)how, .value = (int64_t)value};
	return true;
}

bool parse_match(struct parser *p, struct seg_match *out)
{
	static const char *const words[] = {"SYN",  "SYN+ACK", "ACK",        "FIN", "RST",
					    "data", "any",     "none",       "seq", "ack",
					    "len",  "win",     "retransmit", NULL};
	char name[16];
	int class;

	*out = (struct seg_match){.class = CLASS_ANY};
	if (!parse_is_match(p))
		return parse_fail_unknown(p, "class of segments", words);
	if (word_in(p, class_words) >= 0) {
		snprintf(name, sizeof name, "%.*s", (int)p->token.size, p->token.text);
		class = seg_class_named(name);
		out->class = class < 0 ? CLASS_ANY : (uint8_t) class;
		parse_next(p);
	}
	while (word_in(p, number_words) >= 0)
		if (!parse_compare(p, out))
			return false;
	return true;
}

bool parse_raw(struct parser *p, const char *what, const char **out)
{
	struct place at = parse_place(p);
	const char *from = p->source->tokens.at[p->index].text;
	const char *end = p->source->bytes + p->source->size;
	const char *to = from;
	size_t size;

	if (parse_is_line_over(p) || parse_at(p, TOKEN_OPEN) || parse_at(p, TOKEN_TEXT))
		return parse_fail_here(p, what);
	while (to < end && !strchr(" \t\r\n{}#\"", *to))
		to++;
	while (to < end && *to == '{' && lex_variable(to, end)) {
		to += lex_variable(to, end);
		while (to < end && !strchr(" \t\r\n{}#\"", *to))
			to++;
	}
	at.size = (int)(to - from);
	*out = expand_fill(p, at, from, (size_t)(to - from), &size);
	if (!*out)
		return false;
	while (p->source->tokens.at[p->index].kind != TOKEN_END &&
	       p->source->tokens.at[p->index].text < to &&
	       p->source->tokens.at[p->index].kind != TOKEN_LINE_END)
		p->index++;
	p->words++;
	parse_look(p);
	return true;
}
