/* SPDX-License-Identifier: MIT */
/* expand.c - what is written out while reading: variables, `for`, `repeat`, `include`. */
#include <scene/parse.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <base/sink.h>

/* ---- variables ------------------------------------------------------------------------------- */

static const struct binding *binding_of(const struct parser *p, const char *name, size_t n)
{
	for (size_t i = p->binding_count; i > 0; i--) {
		const struct binding *b = &p->bindings[i - 1];

		if (strlen(b->name) == n && memcmp(b->name, name, n) == 0)
			return b;
	}
	return NULL;
}

static bool fill_one(struct parser *p, struct place at, const char *s, size_t n, bool is_text,
		     struct sink *out)
{
	const struct binding *b;
	size_t size;

	if (n == 0)
		return parse_fail(p, at, "{{ writes a brace", "'{' begins a loop variable here");
	b = binding_of(p, s + 1, n - 2);
	if (!b)
		return parse_fail(p, at,
				  is_text ? "{{ writes a brace" : "blocks have a blank after '{'",
				  "there is no loop variable '%.*s' here",
				  n - 2 > 60 ? 60 : (int)(n - 2), s + 1);
	size = strlen(b->text);
	if (is_text && b->text[0] == '"')
		sink_put(out, b->text + 1, size - 2);
	else
		sink_put(out, b->text, size);
	return true;
}

const char *expand_fill(struct parser *p, struct place at, const char *text, size_t n, size_t *size)
{
	bool is_text = parse_at(p, TOKEN_TEXT);
	const char *end = text + n;
	struct sink out = {0};
	const char *filled;
	bool is_good = true;

	if (!memchr(text, '{', n)) {
		*size = n;
		return arena_strndup(&p->play->arena, text, n);
	}
	while (text < end && is_good) {
		const char *brace = memchr(text, '{', (size_t)(end - text));
		size_t taken;

		if (!brace)
			brace = end;
		sink_put(&out, text, (size_t)(brace - text));
		text = brace;
		if (text == end)
			break;
		if (is_text && end - text >= 2 && text[1] == '{') {
			sink_putc(&out, '{');
			text += 2;
			continue;
		}
		taken = lex_variable(text, end);
		is_good = fill_one(p, at, text, taken, is_text, &out);
		text += taken;
		if (is_good && out.count > SCENE_TEXT_MAX)
			is_good = parse_fail(p, at, NULL,
					     "filled in, the text is longer than %d octets",
					     SCENE_TEXT_MAX);
	}
	*size = out.count;
	filled =
		is_good ? arena_strndup(&p->play->arena, out.count ? out.at : "", out.count) : NULL;
	sink_fini(&out);
	return filled;
}

static bool bind(struct parser *p, const char *name, const char *text, struct place at)
{
	if (p->binding_count == sizeof p->bindings / sizeof p->bindings[0])
		return parse_fail(p, at, NULL, "too many loop variables");
	p->bindings[p->binding_count++] = (struct binding){.name = name, .text = text, .at = at};
	return true;
}

/* The name of a loop variable: plain letters and digits, so that `{name}` is one. */
static bool parse_variable(struct parser *p, const char **out)
{
	struct place at = parse_place(p);

	if (!parse_name(p, "a loop variable", out))
		return false;
	if (strchr(*out, '-'))
		return parse_fail(p, at, NULL, "a loop variable has letters, digits and '_' only");
	if (binding_of(p, *out, strlen(*out)))
		return parse_fail(p, at, NULL, "there is a loop variable '%s' already", *out);
	return true;
}

/* ---- for ------------------------------------------------------------------------------------- */

enum { FOR_VALUES_MAX = SCENE_VARIANTS_MAX };

static bool parse_value(struct parser *p, const char **out)
{
	if (!parse_at(p, TOKEN_WORD) && !parse_at(p, TOKEN_NUMBER) && !parse_at(p, TOKEN_TEXT))
		return parse_fail_here(p, "a value: a word, a number or a text");
	*out = parse_copy(p);
	parse_next(p);
	return true;
}

static bool is_told_before(const struct parser *p, const char *name)
{
	for (size_t i = 0; i < p->file->loops.count; i++)
		if (strcmp(p->file->loops.at[i].name, name) == 0)
			return true;
	return false;
}

/* Which value this variant takes: the last loop turns fastest. */
static size_t choice_of(const struct scene_file *f, size_t variant, size_t loop)
{
	for (size_t i = f->loops.count; i > loop + 1; i--)
		variant /= f->loops.at[i - 1].count;
	return loop < f->loops.count ? variant % f->loops.at[loop].count : 0;
}

static bool note_loop(struct parser *p, struct place at, const char *name, size_t count)
{
	struct scene_file *f = p->file;
	size_t product = count;

	if (f->loops.count == SCENE_LOOPS_MAX)
		return parse_fail(p, at, NULL, "more than %d 'for' in a play", SCENE_LOOPS_MAX);
	if (is_told_before(p, name))
		return parse_fail(p, at, NULL,
				  "another 'for' has the variable '%s': runs are named by them",
				  name);
	for (size_t i = 0; i < f->loops.count; i++)
		product *= f->loops.at[i].count; /* stays below VARIANTS_MAX * FOR_VALUES_MAX */
	if (product > SCENE_VARIANTS_MAX)
		return parse_fail(p, at, NULL, "these 'for' make %zu runs; at most %d are possible",
				  product, SCENE_VARIANTS_MAX);
	*array_push(&f->loops) =
		(struct loop){.name = arena_strndup(&f->arena, name, strlen(name)), .count = count};
	return true;
}

bool expand_for(struct parser *p)
{
	struct place at = parse_place(p);
	ARRAY(const char *) values = {0};
	const char *name = NULL;
	const char *chosen = NULL;
	size_t loop = p->loop++;
	size_t first = 0;
	bool is_good;

	if (p->context.is_timed || p->context.is_repeated)
		return parse_fail(p, at, NULL, "'for' makes whole runs: it cannot stand in %s",
				  p->context.is_repeated ? "a repeat" : "a statement with a time");
	parse_next(p);
	is_good = parse_variable(p, &name) && parse_expect_word(p, "in");
	first = p->index;
	while (is_good) {
		is_good = parse_value(p, array_push(&values));
		if (is_good && values.count > FOR_VALUES_MAX)
			is_good = parse_fail(p, at, NULL, "more than %d values", FOR_VALUES_MAX);
		if (!is_good || !parse_at(p, TOKEN_COMMA))
			break;
		parse_next(p);
	}
	if (is_good && p->is_discovering)
		is_good = note_loop(p, at, name, values.count);
	if (is_good) {
		size_t choice = choice_of(p->file, p->variant, loop);

		chosen = values.at[choice < values.count ? choice : 0];
		parse_note(p, first, p->index, chosen);
	}
	array_fini(&values);
	if (!is_good || !bind(p, name, chosen, at))
		return false;
	*array_push(&p->tag) = arena_printf(&p->play->arena, "%s=%s", name, chosen);
	parse_look(p);
	is_good = parse_body(p);
	p->binding_count--;
	return is_good;
}

/* ---- repeat ---------------------------------------------------------------------------------- */

static bool parse_rounds(struct parser *p, uint64_t *rounds)
{
	struct place at = parse_place(p);

	if (!parse_number(p, "the number of rounds", 1, SCENE_REPEAT_MAX, rounds))
		return false;
	if (*rounds * p->rounds > SCENE_REPEAT_MAX)
		return parse_fail(p, at, NULL, "nested repeats make more than %d rounds",
				  SCENE_REPEAT_MAX);
	return true;
}

static bool repeat_rounds(struct parser *p, const char *name, uint64_t from, uint64_t rounds,
			  usec every)
{
	struct context outer = p->context;
	bool was_first = p->is_first;
	size_t start = p->index;
	bool is_good = true;

	for (uint64_t i = 0; i < rounds && is_good && !p->is_stopped; i++) {
		if (name)
			p->bindings[p->binding_count - 1].text =
				arena_printf(&p->play->arena, "%" PRIu64, from + i);
		p->index = start;
		p->is_first = was_first && i == 0;
		p->context = outer;
		p->context.is_repeated = true;
		p->context.shift = outer.shift + (usec)i * every;
		parse_look(p);
		is_good = parse_body(p);
	}
	p->context = outer;
	p->is_first = was_first;
	return is_good;
}

bool expand_repeat(struct parser *p)
{
	struct place at = parse_place(p);
	uint32_t outer_rounds = p->rounds;
	const char *name = NULL;
	uint64_t rounds, from = 1;
	usec every = 0;
	bool is_good;

	parse_next(p);
	if (!parse_rounds(p, &rounds))
		return false;
	if (parse_take(p, "as") && !parse_variable(p, &name))
		return false;
	if (parse_take(p, "from") && !parse_number(p, "where to count from", 0, UINT32_MAX, &from))
		return false;
	if (parse_take(p, "every") && !parse_one_time(p, &every))
		return false;
	if (every > 0 && every > (SCENE_TIME_MAX - p->context.shift) / (usec)rounds)
		return parse_fail(p, at, NULL, "the repeats go on for too long a time");
	if (name && !bind(p, name, "1", at))
		return false;
	p->rounds *= (uint32_t)rounds;
	is_good = repeat_rounds(p, name, from, rounds, every);
	p->rounds = outer_rounds;
	if (name)
		p->binding_count--;
	return is_good;
}

/* ---- include --------------------------------------------------------------------------------- */

/* The path seen from where the including file lies. */
static const char *resolve_path(struct parser *p, const char *from, const char *path)
{
	const char *slash = strrchr(from, '/');

	if (!slash || path[0] == '/')
		return path;
	return arena_printf(&p->play->arena, "%.*s%s", (int)(slash + 1 - from), from, path);
}

bool expand_path(struct parser *p, const char **out)
{
	struct place at = parse_place(p);

	if (!parse_at(p, TOKEN_TEXT))
		return parse_fail_here(p, "a path in quotes");
	if (memchr(p->token.text, '{', p->token.size))
		return parse_fail(p, at, NULL, "a path has no braces");
	if (p->token.size > SCENE_PATH_MAX)
		return parse_fail(p, at, NULL, "a path has at most %d octets", SCENE_PATH_MAX);
	if (!parse_string(p, "a path", out))
		return false;
	if (!**out)
		return parse_fail(p, at, NULL, "the path is empty");
	*out = resolve_path(p, p->source->name, *out);
	if (strlen(*out) > SCENE_PATH_MAX)
		return parse_fail(p, at, NULL, "a path has at most %d octets", SCENE_PATH_MAX);
	return true;
}

static struct source *load(struct parser *p, struct place at, const char *path)
{
	struct scene_file *f = p->file;
	struct sink bytes = {0};
	struct source *s;

	for (size_t i = 0; i < f->sources.count; i++)
		if (strcmp(f->sources.at[i]->name, path) == 0)
			return f->sources.at[i];
	if (!f->loader || !f->loader->load) {
		parse_fail(p, at, NULL, "nothing can be included here");
		return NULL;
	}
	if (!f->loader->load(f->loader->user, path, &bytes)) {
		parse_fail(p, at, NULL, "cannot read '%s'", path);
		sink_fini(&bytes);
		return NULL;
	}
	s = source_new(path, bytes.at ? bytes.at : "", bytes.count);
	*array_push(&f->sources) = s;
	sink_fini(&bytes);
	return s;
}

static void note_include(struct parser *p, size_t first, const struct source *s, const char *path)
{
	enum token_kind before;

	if (!p->edits)
		return;
	before = first > 0 ? (enum token_kind)p->source->tokens.at[first - 1].kind : TOKEN_LINE_END;
	parse_note(p, first, p->index, path);
	array_last(&p->edits->list)->included = s;
	array_last(&p->edits->list)->is_body =
		before != TOKEN_LINE_END && before != TOKEN_OPEN && before != TOKEN_COMMENT;
}

bool expand_include(struct parser *p)
{
	size_t first = p->index;
	const char *path;
	struct source *s;
	struct place at;
	bool is_good;

	parse_next(p);
	parse_mark(p, MARK_SUBJECT);
	at = parse_place(p);
	if (!expand_path(p, &path))
		return false;
	if (p->is_formatting)
		return true;
	if (p->include_depth == SCENE_INCLUDE_DEPTH_MAX)
		return parse_fail(p, at, NULL, "includes are nested deeper than %d (a circle?)",
				  SCENE_INCLUDE_DEPTH_MAX);
	if (++p->includes > SCENE_INCLUDES_MAX)
		return parse_fail(p, at, NULL, "more than %d includes", SCENE_INCLUDES_MAX);
	s = load(p, at, path);
	if (!s)
		return false;
	for (const struct include *i = p->including; i; i = i->outer)
		if (i->source == s)
			return parse_fail(p, at, NULL, "'%s' includes itself", path);
	note_include(p, first, s, path);
	p->include_depth++;
	is_good = expand_file(p, s);
	p->include_depth--;
	parse_look(p);
	return is_good;
}
