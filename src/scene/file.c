/* SPDX-License-Identifier: MIT */
/* file.c - a file and its named runs. */
#include <scene/parse.h>

#include <string.h>
#include <base/assert.h>

void play_fini(struct play *p)
{
	for (size_t i = 0; i < p->persons.count; i++) {
		array_fini(&p->persons.at[i].settings);
		array_fini(&p->persons.at[i].isn);
	}
	array_fini(&p->persons);
	array_fini(&p->gusts);
	array_fini(&p->stmts);
	array_fini(&p->says);
	array_fini(&p->chapters);
	array_fini(&p->labels);
	arena_fini(&p->arena);
}

const struct person *play_person(const struct play *play, const char *name)
{
	for (size_t i = 0; i < play->persons.count; i++)
		if (strcmp(play->persons.at[i].name, name) == 0)
			return &play->persons.at[i];
	return NULL;
}

/* "[loss=SYN,rto=1s]", or "". */
static const char *tag_of(struct parser *p)
{
	struct sink out = {0};
	const char *tag;

	for (size_t i = 0; i < p->tag.count; i++)
		sink_printf(&out, "%c%s", i ? ',' : '[', p->tag.at[i]);
	if (out.count)
		sink_putc(&out, ']');
	tag = arena_strndup(&p->play->arena, out.count ? out.at : "", out.count);
	sink_fini(&out);
	return tag;
}

/* For what reason a file is read. */
enum reading { READING_FIRST, READING_VARIANT, READING_MARKS };

static bool read_variant(struct scene_file *f, size_t variant, enum reading why, size_t *words,
			 struct play *play, struct edits *edits, struct diags *d)
{
	struct parser p = {
		.file = f,
		.play = play,
		.d = d,
		.variant = variant,
		.words = *words,
		.edits = edits,
		.is_discovering = why == READING_FIRST,
		.is_first = why == READING_FIRST,
		.is_formatting = why == READING_MARKS,
		.source = f->sources.at[0],
		.rounds = 1,
		.last_timed = NONE,
		.context = {.cue = {.trigger = NONE, .is_absolute = true},
			    .chapter = NONE,
			    .off_from = USEC_NEVER},
	};
	int errors = d->errors;

	*play = (struct play){.time_limit = SCENE_TIME_LIMIT,
			      .event_limit = SCENE_EVENT_LIMIT,
			      .end = USEC_NEVER,
			      .seed = 1};
	expand_file(&p, f->sources.at[0]);
	play->tag = tag_of(&p);
	if (d->errors == errors && why != READING_MARKS)
		play_check(&p);
	*words = p.words;
	array_fini(&p.tag);
	return d->errors == errors;
}

bool scene_read_marks(struct scene_file *f, struct diags *d)
{
	struct play play;
	size_t words = 0;
	bool is_good = read_variant(f, 0, READING_MARKS, &words, &play, NULL, d);

	play_fini(&play);
	return is_good;
}

bool scene_read(const struct scene_file *f, size_t variant, struct play *play, struct diags *d)
{
	size_t words = 0;

	/* Reading again adds nothing to the file: loops are noted, includes are there. */
	return read_variant((struct scene_file *)f, variant, READING_VARIANT, &words, play, NULL,
			    d);
}

bool scene_read_edits(const struct scene_file *f, size_t variant, struct play *play,
		      struct edits *edits, struct diags *d)
{
	size_t words = 0;

	return read_variant((struct scene_file *)f, variant, READING_VARIANT, &words, play, edits,
			    d);
}

void edits_fini(struct edits *e)
{
	for (size_t i = 0; i < e->persons.count; i++)
		array_fini(&e->persons.at[i].settings);
	array_fini(&e->persons);
	array_fini(&e->list);
}

static const char *keep(struct scene_file *f, const char *text)
{
	return text ? arena_strndup(&f->arena, text, strlen(text)) : NULL;
}

static bool read_all(struct scene_file *f, struct diags *d)
{
	size_t count = 1;
	size_t words = 0;

	for (size_t i = 0; i < count; i++) {
		struct play play;
		bool is_good = read_variant(f, i, i ? READING_VARIANT : READING_FIRST, &words,
					    &play, NULL, d);

		*array_push(&f->variants) = keep(f, play.tag);
		if (i == 0) {
			f->title = (struct titles){keep(f, play.title.en), keep(f, play.title.zh)};
			f->golden = keep(f, play.golden);
		}
		play_fini(&play);
		if (!is_good)
			return false;
		if (i > 0)
			continue;
		for (size_t l = 0; l < f->loops.count; l++)
			count *= f->loops.at[l].count;
	}
	return true;
}

struct scene_file *scene_parse(const char *name, const char *bytes, size_t n,
			       const struct scene_loader *loader, struct diags *d)
{
	struct scene_file *f = xcalloc(1, sizeof *f);
	bool is_good;

	f->name = xstrndup(name, strlen(name));
	f->loader = loader;
	*array_push(&f->sources) = source_new(name, bytes, n);
	is_good = read_all(f, d);
	f->loader = NULL; /* the caller's: good until now */
	if (is_good)
		return f;
	scene_free(f);
	return NULL;
}

void scene_free(struct scene_file *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->sources.count; i++)
		source_free(f->sources.at[i]);
	array_fini(&f->sources);
	array_fini(&f->loops);
	array_fini(&f->variants);
	arena_fini(&f->arena);
	free(f->name);
	free(f);
}

const char *scene_name(const struct scene_file *f)
{
	return f->name;
}

size_t scene_variant_count(const struct scene_file *f)
{
	return f->variants.count;
}

const char *scene_variant_name(const struct scene_file *f, size_t variant)
{
	ASSERT(variant < f->variants.count);
	return f->variants.at[variant];
}

const char *scene_title(const struct scene_file *f, const char *language)
{
	return strcmp(language, "zh") == 0 ? f->title.zh : f->title.en;
}

const char *scene_golden(const struct scene_file *f)
{
	return f->golden;
}
