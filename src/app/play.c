/* SPDX-License-Identifier: MIT */
#include <app/play.h>
#include <app/bookmarks.h>
#include <stage/stage.h>
#include <string.h>
#include <woshou/jsonl.h>

static bool load_file(void *user, const char *path, struct sink *out)
{
	(void)user;
	return input_read(path, out);
}

const struct scene_loader play_loader = {.load = load_file};

static void take_options(struct play *p, const struct request *r)
{
	p->sets = xcalloc(r->settings.count + 1, sizeof p->sets[0]);
	for (size_t i = 0; i < r->settings.count; i++)
		p->sets[i] = r->settings.at[i];
	p->options = (struct scene_options){
		.has_seed = r->given[OPT_SEED],
		.seed = r->number[OPT_SEED],
		.profile = r->value[OPT_PROFILE],
		.sets = p->sets,
	};
}

static bool parse(struct play *p)
{
	p->file = scene_parse(p->name, p->bytes.at, p->bytes.count, &play_loader, &p->diags);
	/* Warnings are `woshou lint`'s to tell. */
	if (p->diags.errors > 0 && !p->is_silent)
		complain_all(&p->diags);
	return p->file != NULL;
}

bool play_open(struct play *p, const char *name, const struct request *r)
{
	*p = (struct play){.name = name};
	take_options(p, r);
	return input_read(name, &p->bytes) && parse(p);
}

void play_close(struct play *p)
{
	if (p->file != NULL)
		scene_free(p->file);
	diags_fini(&p->diags);
	sink_fini(&p->bytes);
	free(p->sets);
	*p = (struct play){0};
}

/* "loss=SYN" and "[loss=SYN]" both name "[loss=SYN]". */
static bool is_named(const char *variant, const char *wanted)
{
	size_t n = strlen(variant);

	if (strcmp(variant, wanted) == 0)
		return true;
	return n >= 2 && strlen(wanted) == n - 2 && memcmp(variant + 1, wanted, n - 2) == 0;
}

static void complain_variants(const struct play *p, const char *wanted)
{
	struct sink names = {0};

	for (size_t i = 0; i < scene_variant_count(p->file); i++)
		sink_printf(&names, " %s", scene_variant_name(p->file, i));
	if (wanted != NULL)
		complain("%s: no run is named '%s'; there are:%s", p->name, wanted, names.at);
	else
		complain("%s holds several runs; choose one with --variant:%s", p->name, names.at);
	sink_fini(&names);
}

bool play_choose(const struct play *p, const struct request *r, bool first, size_t *variant)
{
	const char *wanted = r->value[OPT_VARIANT];
	size_t count = scene_variant_count(p->file);

	*variant = 0;
	if (wanted == NULL && (count == 1 || first))
		return true;
	for (size_t i = 0; wanted != NULL && i < count; i++) {
		if (is_named(scene_variant_name(p->file, i), wanted)) {
			*variant = i;
			return true;
		}
	}
	complain_variants(p, wanted);
	return false;
}

struct scene_run *play_run(struct play *p, size_t variant)
{
	struct scene_run *run = scene_run_new(p->file, variant, &p->options, &p->diags);

	if (run == NULL) {
		if (!p->is_silent)
			complain_all(&p->diags);
		return NULL;
	}
	scene_run_all(run);
	return run;
}

/* On the stage a reader may change what happens. */
static bool show_run(struct shown *s, size_t variant, bool is_for_stage)
{
	struct play *p = &s->play;

	if (!is_for_stage) {
		s->run = play_run(p, variant);
		s->trace = s->run != NULL ? scene_run_trace(s->run) : NULL;
		return s->run != NULL;
	}
	s->history = history_new(p->file, variant, &p->options, &p->diags);
	if (s->history == NULL && !p->is_silent)
		complain_all(&p->diags);
	s->trace = s->history != NULL ? history_trace(s->history, 0) : NULL;
	return s->history != NULL;
}

static int show_scene(struct shown *s, const struct request *r, bool is_for_stage, size_t *variant)
{
	if (!parse(&s->play) || !play_choose(&s->play, r, is_for_stage, variant))
		return STATUS_WRONG;
	return show_run(s, *variant, is_for_stage) ? STATUS_HELD : STATUS_WRONG;
}

static int show_recorded(struct shown *s)
{
	if (!trace_read_jsonl(&s->recorded, s->play.bytes.at, s->play.bytes.count, s->play.name,
			      &s->play.diags)) {
		if (!s->play.is_silent)
			complain_all(&s->play.diags);
		return STATUS_WRONG;
	}
	s->trace = s->recorded;
	return STATUS_HELD;
}

/* ---- captures -------------------------------------------------------------------------------- */

static bool is_capture(const struct shown *s)
{
	static const char *const endings[] = {".pcap", ".pcapng", ".cap", NULL};
	size_t n = strlen(s->play.name);

	if (capture_is(s->play.bytes.at, s->play.bytes.count))
		return true;
	/* Who calls a file so wants to be told why it is none. */
	for (int i = 0; endings[i] != NULL; i++) {
		size_t m = strlen(endings[i]);

		if (n > m && strcmp(s->play.name + n - m, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool asks_for_connection(const struct request *r)
{
	return r->given[OPT_CONNECTION] || r->given[OPT_FILTER];
}

static void record_selected(struct shown *s)
{
	if (s->recorded != NULL)
		trace_free(s->recorded);
	s->recorded = capture_trace(&s->capture, s->selection.chosen);
	s->trace = s->recorded;
}

static bool open_capture(struct shown *s)
{
	bool is_good;

	s->is_capture = true;
	is_good = capture_open(&s->capture, s->play.bytes.at, s->play.bytes.count, s->play.name,
			       &s->play.diags);
	if (!s->play.is_silent)
		complain_all(&s->play.diags);
	return is_good;
}

static int show_capture(struct shown *s, const struct request *r, bool is_for_stage)
{
	struct sink complaint = {0};
	bool is_good;

	if (!open_capture(s) || !selection_take(&s->selection, &s->capture, s->play.name, r))
		return STATUS_WRONG;
	is_good = selection_fits(&s->selection, LANG_EN, &complaint);
	if (!is_good)
		complain("%s: %s", s->play.name, complaint.at);
	sink_fini(&complaint);
	if (!is_good)
		return STATUS_WRONG;
	if (s->selection.count > 0)
		record_selected(s);
	else if (!is_for_stage)
		complain_connections(&s->capture, s->play.name);
	/* The end is always told. */
	if (s->selection.count > 0 && trace_count(s->trace) <= 1) {
		complain("%s: nothing can be shown: no whole segment of it was captured",
			 s->play.name);
		return STATUS_WRONG;
	}
	return s->selection.count > 0 || is_for_stage ? STATUS_HELD : STATUS_WRONG;
}

/* "web.pcapng #17", "web.pcapng (12 connections)". */
static void name_capture(struct shown *s)
{
	struct sink title = {0};

	sink_puts(&title, s->play.name);
	if (s->capture.flows.count > 1 && s->selection.count == 1)
		sink_printf(&title, " #%zu", s->selection.first + 1);
	else if (s->selection.count > 1)
		sink_printf(&title, " (%zu connections)", s->selection.count);
	free(s->title);
	s->title = title.at;
}

void shown_select(struct shown *s)
{
	record_selected(s);
	name_capture(s);
}

static bool peek_capture(struct shown *s, size_t connection)
{
	if (!open_capture(s) || connection >= s->capture.flows.count)
		return false;
	s->selection.chosen = xcalloc(s->capture.flows.count, sizeof *s->selection.chosen);
	selection_one(&s->selection, &s->capture, connection);
	record_selected(s);
	return true;
}

/* ---- titles ---------------------------------------------------------------------------------- */

/* A play with a title in one language only has it in both. */
static void take_own_titles(struct shown *s)
{
	static const char *const language[2] = {"en", "zh"};

	for (int i = 0; i < 2; i++) {
		const char *own = scene_title(s->play.file, language[i]);
		struct sink title = {0};

		if (own == NULL)
			own = scene_title(s->play.file, language[1 - i]);
		if (own == NULL)
			continue;
		sink_puts(&title, own);
		if (s->variant != NULL && s->variant[0] != '\0')
			sink_printf(&title, " %s", s->variant);
		s->own_title[i] = title.at;
	}
}

static void name_it(struct shown *s, size_t variant)
{
	struct sink title = {0};

	if (s->run != NULL)
		s->variant = scene_variant_name(s->play.file, variant);
	if (s->is_capture) {
		name_capture(s);
		return;
	}
	sink_puts(&title, s->play.name);
	if (s->play.file != NULL && s->trace != NULL &&
	    scene_variant_name(s->play.file, variant)[0] != '\0')
		sink_printf(&title, " %s", scene_variant_name(s->play.file, variant));
	s->title = title.at;
	if (s->play.file != NULL && s->trace != NULL)
		take_own_titles(s);
}

void shown_introduce(const struct shown *s, struct stage_options *o)
{
	for (int i = 0; i < 2; i++)
		o->play[i] = s->own_title[i];
}

int shown_open(struct shown *s, const char *name, const struct request *r, bool is_for_stage)
{
	size_t variant = 0;
	int status;

	*s = (struct shown){.play.name = name};
	take_options(&s->play, r);
	if (!input_read(name, &s->play.bytes))
		return STATUS_WRONG;
	if (!is_capture(s) && asks_for_connection(r)) {
		complain("%s is no capture: --connection and --filter choose in one", name);
		return STATUS_WRONG;
	}
	if (trace_is_jsonl(s->play.bytes.at, s->play.bytes.count))
		status = show_recorded(s);
	else if (is_capture(s))
		status = show_capture(s, r, is_for_stage);
	else
		status = show_scene(s, r, is_for_stage, &variant);
	name_it(s, variant);
	return status;
}

bool shown_peek(struct shown *s, const char *name, const struct request *r, size_t variant,
		uint64_t event_limit)
{
	bool is_good = false;

	*s = (struct shown){.play.name = name};
	take_options(&s->play, r);
	s->play.is_silent = true;
	s->play.options.event_limit = event_limit;
	if (!input_peek(name, &s->play.bytes))
		return false;
	if (trace_is_jsonl(s->play.bytes.at, s->play.bytes.count)) {
		is_good = show_recorded(s) == STATUS_HELD;
	} else if (is_capture(s)) {
		is_good = peek_capture(s, variant);
	} else if (parse(&s->play) && variant < scene_variant_count(s->play.file)) {
		is_good = show_run(s, variant, event_limit == 0);
	}
	name_it(s, variant);
	return is_good;
}

void shown_remember(struct bookmarks *bookmarks, const struct shown *s,
		    const struct stage_options *left)
{
	/* A branch that was saved on the stage has another trace since. */
	const struct trace *t = s->history != NULL ? history_trace(s->history, 0) : s->trace;
	uint64_t n = trace_count(t);
	usec end = n > 0 ? trace_at(t, n - 1)->at : 0;

	bookmarks_keep(bookmarks, s->play.name,
		       &(struct progress){.at = left->left_at,
					  .furthest = left->furthest,
					  .end = end,
					  .is_ended = left->has_ended});
}

void shown_close(struct shown *s)
{
	history_free(s->history);
	if (s->run != NULL)
		scene_run_free(s->run);
	if (s->recorded != NULL)
		trace_free(s->recorded);
	capture_close(&s->capture);
	selection_fini(&s->selection);
	play_close(&s->play);
	free(s->title);
	free(s->own_title[0]);
	free(s->own_title[1]);
	*s = (struct shown){0};
}
