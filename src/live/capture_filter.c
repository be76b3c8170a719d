/* SPDX-License-Identifier: MIT */
/*
 * capture_filter.c - which connections are wanted:
 *
 *	filter := all { ("or" | "||") all }
 *	all    := one { ("and" | "&&") one }
 *	one    := ("not" | "!") one | "(" filter ")" | test
 *	test   := "#" number | address | word | ("port" | "host" | "net") value | field sign value
 *
 * Each part is answered for all connections at once.
 */
#include "live/capture.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 64, WORD_MAX = 63 };

enum field {
	FIELD_PORT,
	FIELD_ADDRESS,
	FIELD_STREAM,
	FIELD_ID,
	FIELD_SEGMENTS,
	FIELD_OCTETS,
	FIELD_DURATION,
};

static const struct {
	const char *name;
	enum field field;
} fields[] = {
	{"tcp.port", FIELD_PORT},     {"tcp.srcport", FIELD_PORT},  {"tcp.dstport", FIELD_PORT},
	{"ip.addr", FIELD_ADDRESS},   {"ip.src", FIELD_ADDRESS},    {"ip.dst", FIELD_ADDRESS},
	{"ipv6.addr", FIELD_ADDRESS}, {"ipv6.src", FIELD_ADDRESS},  {"ipv6.dst", FIELD_ADDRESS},
	{"tcp.stream", FIELD_STREAM}, {"connection", FIELD_ID},     {"segments", FIELD_SEGMENTS},
	{"octets", FIELD_OCTETS},     {"duration", FIELD_DURATION}, {"port", FIELD_PORT},
	{"host", FIELD_ADDRESS},      {"net", FIELD_ADDRESS},
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

static bool is_reset(const struct capture_flow *f)
{
	return f->is_reset;
}

static bool is_lossy(const struct capture_flow *f)
{
	return f->repeated > 0 || f->late > 0;
}

static bool is_ended(const struct capture_flow *f)
{
	return f->is_ended;
}

static bool is_unfinished(const struct capture_flow *f)
{
	return !f->is_ended;
}

static bool is_begun(const struct capture_flow *f)
{
	return f->is_begun;
}

static const struct {
	const char *name;
	bool (*holds)(const struct capture_flow *f);
} words[] = {
	{"reset", is_reset}, {"lossy", is_lossy},           {"ended", is_ended},
	{"begun", is_begun}, {"unfinished", is_unfinished},
};

enum { WORDS = sizeof words / sizeof words[0] };

/* ---- words ----------------------------------------------------------------------------------- */

struct parser {
	const struct capture *capture;
	const char *text;
	struct diags *diags;
	size_t at;          /* behind the token */
	size_t begin, size; /* the token; size 0: the end */
	char word[WORD_MAX + 1];
	bool has_failed;
	int depth;
};

static bool is_sign(char c)
{
	return strchr("()!=<>&|", c) != NULL;
}

/* The token's size in octets. */
static size_t measure(const char *s)
{
	static const char *const signs[] = {"==", "!=", "<=", ">=", "&&", "||", NULL};
	size_t n = 0;

	if (*s == '\0')
		return 0;
	for (int i = 0; signs[i]; i++)
		if (strncmp(s, signs[i], 2) == 0)
			return 2;
	if (is_sign(*s))
		return 1;
	while (s[n] != '\0' && s[n] != ' ' && s[n] != '\t' && !is_sign(s[n]))
		n++;
	return n;
}

static void next(struct parser *p)
{
	size_t kept;

	p->at += strspn(p->text + p->at, " \t");
	p->begin = p->at;
	p->size = measure(p->text + p->at);
	p->at += p->size;
	kept = p->size < WORD_MAX ? p->size : WORD_MAX;
	memcpy(p->word, p->text + p->begin, kept);
	p->word[kept] = '\0';
}

static bool is(const struct parser *p, const char *word)
{
	return strcmp(p->word, word) == 0;
}

/* The first mistake is told; what follows from it is not. */
static void fail(struct parser *p, const char *hint, const char *what)
{
	struct place at = {"--filter", 1, (int)p->begin, (int)(p->size > 0 ? p->size : 1)};

	if (!p->has_failed)
		diag_error(p->diags, at, p->text, hint, "%s", what);
	p->has_failed = true;
}

static void fail_word(struct parser *p)
{
	const char *all[FIELDS + WORDS + 1];
	const char *near;
	char hint[160];
	size_t n = 0;

	for (size_t i = 0; i < FIELDS; i++)
		all[n++] = fields[i].name;
	for (size_t i = 0; i < WORDS; i++)
		all[n++] = words[i].name;
	all[n] = NULL;
	near = p->size > 0 ? nearest_word(p->word, all) : NULL;
	if (near != NULL)
		snprintf(hint, sizeof hint, "did you mean '%s'?", near);
	else
		snprintf(hint, sizeof hint,
			 "#17, port 80, host 10.0.0.1, tcp.port == 80, reset, "
			 "lossy, ended, unfinished, segments > 100");
	fail(p, hint,
	     p->size > 0 ? "nothing in a filter is called so" : "something is missing here");
}

/* ---- tests ----------------------------------------------------------------------------------- */

enum sign { SIGN_EQUAL, SIGN_OTHER, SIGN_LESS, SIGN_MORE, SIGN_MOST, SIGN_LEAST };

static bool take_sign(struct parser *p, enum sign *out)
{
	static const struct {
		const char *sign, *word;
		enum sign is;
	} all[] = {{"==", "eq", SIGN_EQUAL}, {"=", "=", SIGN_EQUAL}, {"!=", "ne", SIGN_OTHER},
		   {"<", "lt", SIGN_LESS},   {">", "gt", SIGN_MORE}, {"<=", "le", SIGN_MOST},
		   {">=", "ge", SIGN_LEAST}};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (is(p, all[i].sign) || is(p, all[i].word)) {
			*out = all[i].is;
			next(p);
			return true;
		}
	}
	return false;
}

static bool compare(uint64_t a, enum sign sign, uint64_t b)
{
	switch (sign) {
	case SIGN_EQUAL: return a == b;
	case SIGN_OTHER: return a != b;
	case SIGN_LESS: return a < b;
	case SIGN_MORE: return a > b;
	case SIGN_MOST: return a <= b;
	case SIGN_LEAST: return a >= b;
	}
	return false;
}

/* What is asked for. */
struct wanted {
	enum field field;
	enum sign sign;
	uint64_t number; /* of FIELD_DURATION: microseconds */
	struct address address;
	int bits; /* of the address that count */
};

static bool read_number(const char *word, uint64_t most, uint64_t *out)
{
	*out = 0;
	if (*word == '\0')
		return false;
	for (; *word != '\0'; word++) {
		if (*word < '0' || *word > '9' || *out > UINT64_MAX / 10 - 10)
			return false;
		*out = *out * 10 + (uint64_t)(*word - '0');
	}
	return *out <= most;
}

/* "1.5", "1.5s", "20ms", "300us". */
static bool read_duration(const char *word, uint64_t *out)
{
	uint64_t whole = 0, part = 0, unit = 1000000, scale;
	size_t n = strspn(word, "0123456789.");
	char digits[WORD_MAX + 1];
	char *point;

	memcpy(digits, word, n);
	digits[n] = '\0';
	word += n;
	if (strcmp(word, "ms") == 0)
		unit = 1000;
	else if (strcmp(word, "us") == 0)
		unit = 1;
	else if (*word != '\0' && strcmp(word, "s") != 0)
		return false;
	point = strchr(digits, '.');
	if (point != NULL)
		*point++ = '\0';
	if (!read_number(digits, UINT32_MAX, &whole) ||
	    (point != NULL && !read_number(point, UINT32_MAX, &part)))
		return false;
	*out = whole * unit;
	scale = unit;
	for (; point != NULL && *point != '\0' && scale >= 10; point++) {
		scale /= 10;
		*out += (uint64_t)(*point - '0') * scale;
	}
	return true;
}

/* "10.0.0.1", "10.0.0.0/8". */
static bool read_net(const char *word, struct wanted *out)
{
	const char *slash = strchr(word, '/');
	size_t n = slash != NULL ? (size_t)(slash - word) : strlen(word);
	char address[WORD_MAX + 1];
	uint64_t bits;
	int most;

	memcpy(address, word, n);
	address[n] = '\0';
	if (!address_parse(address, &out->address))
		return false;
	most = out->address.family == FAMILY_IPV4 ? 32 : 128;
	out->bits = most;
	if (slash == NULL)
		return true;
	if (!read_number(slash + 1, (uint64_t)most, &bits))
		return false;
	out->bits = (int)bits;
	return true;
}

static bool is_within(const struct address *a, const struct wanted *w)
{
	int whole = w->bits / 8, rest = w->bits % 8;

	if (a->family != w->address.family ||
	    memcmp(a->octets, w->address.octets, (size_t)whole) != 0)
		return false;
	return rest == 0 || (a->octets[whole] ^ w->address.octets[whole]) >> (8 - rest) == 0;
}

static bool holds_of_end(const struct endpoint *e, const struct wanted *w)
{
	/* As in Wireshark, "other than" means neither end: that is turned round by the caller. */
	if (w->field == FIELD_ADDRESS)
		return is_within(&e->address, w);
	return compare(e->port, w->sign == SIGN_OTHER ? SIGN_EQUAL : w->sign, w->number);
}

static bool holds(const struct capture_flow *f, const struct wanted *w)
{
	switch (w->field) {
	case FIELD_PORT:
	case FIELD_ADDRESS:
		return (holds_of_end(&f->flow.end[0], w) || holds_of_end(&f->flow.end[1], w)) ==
		       (w->sign != SIGN_OTHER);
	case FIELD_STREAM: return compare(f->id - 1, w->sign, w->number);
	case FIELD_ID: return compare(f->id, w->sign, w->number);
	case FIELD_SEGMENTS: return compare(f->segments, w->sign, w->number);
	case FIELD_OCTETS: return compare(f->octets[0] + f->octets[1], w->sign, w->number);
	case FIELD_DURATION: return compare((uint64_t)(f->last - f->first), w->sign, w->number);
	}
	return false;
}

static void answer(const struct parser *p, const struct wanted *w, bool *out)
{
	for (size_t i = 0; i < p->capture->flows.count; i++)
		out[i] = holds(&p->capture->flows.at[i], w);
}

static void parse_value(struct parser *p, struct wanted *w, bool *out)
{
	bool is_good = false;

	switch (w->field) {
	case FIELD_ADDRESS:
		is_good = read_net(p->word, w);
		if (!is_good)
			fail(p, "10.0.0.1, fd00::1, 10.0.0.0/8", "an address belongs here");
		else if (w->sign != SIGN_EQUAL && w->sign != SIGN_OTHER)
			fail(p, "== or !=", "addresses have no order");
		break;
	case FIELD_PORT:
		is_good = read_number(p->word, UINT16_MAX, &w->number);
		if (!is_good)
			fail(p, NULL, "a port belongs here: 0 to 65535");
		break;
	case FIELD_DURATION:
		is_good = read_duration(p->word, &w->number);
		if (!is_good)
			fail(p, "1.5s, 20ms, 300us", "a time belongs here");
		break;
	case FIELD_STREAM:
	case FIELD_ID:
	case FIELD_SEGMENTS:
	case FIELD_OCTETS:
		is_good = read_number(p->word, UINT64_MAX, &w->number);
		if (!is_good)
			fail(p, NULL, "a number belongs here");
		break;
	}
	if (!is_good)
		return;
	answer(p, w, out);
	next(p);
}

static bool parse_field(struct parser *p, bool *out)
{
	struct wanted w = {0};
	size_t i = 0;

	while (i < FIELDS && !is(p, fields[i].name))
		i++;
	if (i == FIELDS)
		return false;
	w.field = fields[i].field;
	next(p);
	/* tcpdump's words stand without a sign. */
	if (!take_sign(p, &w.sign) && strchr("phn", fields[i].name[0]) == NULL) {
		fail(p, "==, !=, <, >, <=, >=", "a sign belongs here");
		return true;
	}
	parse_value(p, &w, out);
	return true;
}

static bool parse_word(struct parser *p, bool *out)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (!is(p, words[i].name))
			continue;
		for (size_t k = 0; k < p->capture->flows.count; k++)
			out[k] = words[i].holds(&p->capture->flows.at[k]);
		next(p);
		return true;
	}
	return false;
}

static void parse_test(struct parser *p, bool *out)
{
	struct wanted w = {.field = FIELD_ID};

	if (p->size > WORD_MAX) {
		fail(p, NULL, "no word of a filter is so long");
	} else if (p->word[0] == '#') {
		if (!read_number(p->word + 1, UINT64_MAX, &w.number)) {
			fail(p, "#17", "a number belongs behind the #");
			return;
		}
		answer(p, &w, out);
		next(p);
	} else if (read_net(p->word, &w)) {
		w.field = FIELD_ADDRESS;
		answer(p, &w, out);
		next(p);
	} else if (!parse_word(p, out) && !parse_field(p, out)) {
		fail_word(p);
	}
}

/* ---- what joins them ------------------------------------------------------------------------- */

static void parse_any(struct parser *p, bool *out);

static void parse_one(struct parser *p, bool *out)
{
	if (++p->depth > DEPTH_MAX) {
		fail(p, NULL, "too deep");
	} else if (is(p, "not") || is(p, "!")) {
		next(p);
		parse_one(p, out);
		for (size_t i = 0; i < p->capture->flows.count; i++)
			out[i] = !out[i];
	} else if (is(p, "(")) {
		next(p);
		parse_any(p, out);
		if (!is(p, ")"))
			fail(p, NULL, "a ')' belongs here");
		next(p);
	} else {
		parse_test(p, out);
	}
	p->depth--;
}

static void parse_all(struct parser *p, bool *out)
{
	size_t n = p->capture->flows.count;
	bool *other = xcalloc(n + 1, sizeof *other);

	parse_one(p, out);
	while (!p->has_failed && (is(p, "and") || is(p, "&&"))) {
		next(p);
		memset(other, 0, n * sizeof *other);
		parse_one(p, other);
		for (size_t i = 0; i < n; i++)
			out[i] = out[i] && other[i];
	}
	free(other);
}

static void parse_any(struct parser *p, bool *out)
{
	size_t n = p->capture->flows.count;
	bool *other = xcalloc(n + 1, sizeof *other);

	parse_all(p, out);
	while (!p->has_failed && (is(p, "or") || is(p, "||"))) {
		next(p);
		memset(other, 0, n * sizeof *other);
		parse_all(p, other);
		for (size_t i = 0; i < n; i++)
			out[i] = out[i] || other[i];
	}
	free(other);
}

bool capture_filter(const struct capture *c, const char *filter, bool *chosen, struct diags *d)
{
	struct parser p = {.capture = c, .text = filter, .diags = d};

	memset(chosen, 0, c->flows.count * sizeof *chosen);
	next(&p);
	parse_any(&p, chosen);
	if (!p.has_failed && p.size > 0)
		fail(&p, "and, or", "nothing was expected here");
	return !p.has_failed;
}
