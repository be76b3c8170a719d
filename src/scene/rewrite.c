/* SPDX-License-Identifier: MIT */
#include <scene/rewrite.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is no longer so -------------------------------------------------------------------- */

static const struct source *source_named(const struct scene_file *f, const char *name)
{
	for (size_t i = 0; i < f->sources.count; i++)
		if (strcmp(f->sources.at[i]->name, name) == 0)
			return f->sources.at[i];
	return NULL;
}

static const char *no_longer(struct play *play, usec from)
{
	struct sink out = {0};
	const char *text;

	sink_puts(&out, "no longer ");
	if (from > 0) {
		sink_puts(&out, "from ");
		put_seconds(&out, from);
		sink_putc(&out, ' ');
	}
	text = arena_strndup(&play->arena, out.at, out.count);
	sink_fini(&out);
	return text;
}

static void note_silences(const struct rewriting *r, struct play *play, struct edits *edits)
{
	for (size_t i = 0; i < r->off_count && i < play->stmts.count; i++) {
		const struct place *at = &play->stmts.at[i].at;
		const struct source *s;
		size_t from;

		if (r->off_from[i] == play->stmts.at[i].off_from)
			continue;
		s = source_named(r->file, at->file);
		from = s->line_starts.at[at->line - 1] + (size_t)at->byte;
		*array_push(&edits->list) = (struct edit){
			.source = s,
			.from = from,
			.to = from,
			.text = no_longer(play, r->off_from[i]),
		};
	}
}

/* ---- from edits to text ---------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct edit *x = a;
	const struct edit *y = b;

	if (x->source != y->source)
		return (uintptr_t)x->source < (uintptr_t)y->source ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

/* What was read more than once was noted more than once. */
static void sort_edits(struct edits *e)
{
	size_t kept = 0;

	if (e->list.count > 1)
		qsort(e->list.at, e->list.count, sizeof *e->list.at, by_place);
	for (size_t i = 0; i < e->list.count; i++)
		if (kept == 0 || by_place(&e->list.at[kept - 1], &e->list.at[i]) != 0 ||
		    e->list.at[kept - 1].to != e->list.at[i].to)
			e->list.at[kept++] = e->list.at[i];
	e->list.count = kept;
}

/* Behind blanks; '\0' at the end. */
static char next_char(const struct source *s, size_t at)
{
	while (at < s->size && (s->bytes[at] == ' ' || s->bytes[at] == '\t'))
		at++;
	return at < s->size ? s->bytes[at] : '\0';
}

static bool is_line_over(const struct source *s, size_t at)
{
	char c = next_char(s, at);

	return c == '\0' || c == '\n' || c == '\r';
}

static void put_source(const struct edits *e, const struct source *s, bool is_included,
		       struct sink *out);

/* `golden ladder "x"`: a comment where it stood, or behind what else stands on its line. */
static size_t put_comment(const struct source *s, const struct edit *e, struct sink *out)
{
	size_t to = e->to;

	if (!is_line_over(s, to) && next_char(s, to) != '#') {
		size_t end = to;

		while (end < s->size && s->bytes[end] != '\n')
			end++;
		sink_put(out, s->bytes + to, end - to);
		sink_putc(out, ' ');
		to = end;
	}
	sink_puts(out, "# no longer so: ");
	sink_put(out, s->bytes + e->from, e->to - e->from);
	return to;
}

static void put_included(const struct edits *all, const struct source *s, const struct edit *e,
			 struct sink *out)
{
	if (e->is_body)
		sink_puts(out, "{\n");
	sink_puts(out, "# ");
	sink_put(out, s->bytes + e->from, e->to - e->from);
	sink_putc(out, '\n');
	put_source(all, e->included, true, out);
	while (out->count > 0 && out->at[out->count - 1] == '\n')
		out->at[--out->count] = '\0';
	if (e->is_body)
		sink_puts(out, "\n}");
	else if (!is_line_over(s, e->to) && next_char(s, e->to) != '#')
		sink_putc(out, '\n');
}

/* Behind `woshou 1` and its line. */
static size_t after_version(const struct source *s, struct sink *out)
{
	const struct token *t = s->tokens.at;
	size_t to;

	while (t->kind != TOKEN_WORD) {
		if (t->kind == TOKEN_COMMENT) {
			sink_put(out, t->text, t->size);
			sink_putc(out, '\n');
		}
		t++;
	}
	t++; /* the number follows */
	to = (size_t)(t->text + t->size - s->bytes);
	while (to < s->size && strchr(" \t\r\n", s->bytes[to]))
		to++;
	return to;
}

static void put_source(const struct edits *e, const struct source *s, bool is_included,
		       struct sink *out)
{
	size_t done = is_included ? after_version(s, out) : 0;

	for (size_t i = 0; i < e->list.count; i++) {
		const struct edit *edit = &e->list.at[i];

		if (edit->source != s || edit->from < done)
			continue;
		sink_put(out, s->bytes + done, edit->from - done);
		done = edit->to;
		if (edit->included)
			put_included(e, s, edit, out);
		else if (edit->text)
			sink_puts(out, edit->text);
		else
			done = put_comment(s, edit, out);
	}
	sink_put(out, s->bytes + done, s->size - done);
}

/* ---- the whole ------------------------------------------------------------------------------- */

void put_seconds(struct sink *out, usec at)
{
	usec rest = at % USEC_PER_S;

	sink_printf(out, "%" PRId64, at / USEC_PER_S);
	if (rest) {
		sink_printf(out, ".%06" PRId64, rest);
		while (out->at[out->count - 1] == '0')
			out->at[--out->count] = '\0';
	}
	sink_putc(out, 's');
}

/* What has no place yet stands at the end: the lines above keep their numbers, and so do the lines
 * of deeds when more of them come. */
static void put_rest(const struct rewriting *r, const struct play *play, const struct edits *e,
		     struct sink *out)
{
	if (out->count > 0 && out->at[out->count - 1] != '\n')
		sink_putc(out, '\n');
	if (e->seed && !play->has_seed)
		sink_printf(out, "\n# as it was played\nseed %s\n", e->seed);
	if (r->line_count == 0 && (!e->end || play->has_end))
		return;
	sink_puts(out, "\n# by hand\n");
	for (size_t i = 0; i < r->line_count; i++)
		sink_printf(out, "%s\n", r->lines[i]);
	if (e->end && !play->has_end)
		sink_printf(out, "end at %s\n", e->end);
}

/* Was each of the author's files as `woshou fmt` lays it out? Then so is what comes of it. */
static bool is_laid_out(const struct scene_file *f)
{
	bool is_good = true;

	for (size_t i = 0; i < f->sources.count && is_good; i++) {
		const struct source *s = f->sources.at[i];
		struct diags d = {0};
		struct sink out = {0};

		is_good = scene_format(s->name, s->bytes, s->size, &out, &d) &&
			  out.count == s->size && memcmp(out.at, s->bytes, s->size) == 0;
		sink_fini(&out);
		diags_fini(&d);
	}
	return is_good;
}

static void lay_out(const char *name, struct sink *out)
{
	struct diags d = {0};
	struct sink laid = {0};

	if (scene_format(name, out->at, out->count, &laid, &d)) {
		sink_fini(out);
		*out = laid;
	} else {
		sink_fini(&laid); /* a deed with a mistake: whoever reads the text will tell */
	}
	diags_fini(&d);
}

bool scene_rewrite(const struct rewriting *r, struct sink *out, struct diags *d)
{
	struct edits edits = {0};
	struct sink seed = {0}, end = {0}, text = {0};
	struct play play;
	bool is_good;

	if (r->options && r->options->has_seed) {
		sink_printf(&seed, "%" PRIu64, r->options->seed);
		edits.seed = seed.at;
	}
	if (r->end != USEC_NEVER) {
		put_seconds(&end, r->end);
		edits.end = end.at;
	}
	is_good = scene_read_edits(r->file, r->variant, &play, &edits, d);
	if (is_good && r->options)
		is_good = rewrite_persons(&play, &edits, r->options, d);
	if (is_good) {
		note_silences(r, &play, &edits);
		sort_edits(&edits);
		put_source(&edits, r->file->sources.at[0], false, &text);
		put_rest(r, &play, &edits, &text);
		if (!r->is_rough && is_laid_out(r->file))
			lay_out(r->file->name, &text);
		sink_put(out, text.at, text.count);
	}
	edits_fini(&edits);
	play_fini(&play);
	sink_fini(&seed);
	sink_fini(&end);
	sink_fini(&text);
	return is_good;
}
