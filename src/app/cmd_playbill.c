/* SPDX-License-Identifier: MIT */
/*
 * cmd_playbill.c - the scenes there are (scenes.h). A subfolder is a group; its file TITLE holds
 * its English and its Chinese title, a line each, and then the names of its scenes in the order in
 * which they teach. Scenes that it does not name follow by name. How far each one was seen is
 * remembered (bookmarks.h).
 */
#include <app/play.h>
#include <app/scenes.h>
#include <app/show.h>
#include <app/bookmarks.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <woshou/jsonl.h>

struct bill {
	ARRAY(struct playbill_entry) entries;
	struct arena arena; /* the strings */
	const struct request *request;
	struct bookmarks *bookmarks;
	struct shown previewed; /* the run that the preview is of */
};

static bool ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), m = strlen(ending);

	return n > m && strcmp(text + n - m, ending) == 0;
}

static char *copy(struct bill *b, const char *text)
{
	return arena_strndup(&b->arena, text, strlen(text));
}

static void add_variants(struct bill *b, struct playbill_entry *e, const struct scene_file *file)
{
	const char **names;

	e->variant_count = scene_variant_count(file);
	names = arena_alloc(&b->arena, e->variant_count * sizeof *names);
	for (size_t i = 0; i < e->variant_count; i++)
		names[i] = copy(b, scene_variant_name(file, i));
	e->variants = names;
}

/* A capture's runs are its connections. */
static void add_connections(struct bill *b, struct playbill_entry *e, const struct sink *bytes)
{
	struct capture c;
	struct diags diags = {0};
	const char **names;

	if (capture_open(&c, bytes->at, bytes->count, e->path, &diags)) {
		names = arena_alloc(&b->arena, c.flows.count * sizeof *names);
		for (size_t i = 0; i < c.flows.count; i++) {
			struct sink name = {0};

			capture_put_name(&name, &c.flows.at[i]);
			names[i] = copy(b, name.at);
			sink_fini(&name);
		}
		e->variants = names;
		e->variant_count = c.flows.count;
	}
	capture_close(&c);
	diags_fini(&diags);
}

/* A scene's own titles; of one that has mistakes, its path, and the preview tells what is wrong. */
static void add_scene(struct bill *b, const char *path, const char *const group[2])
{
	struct sink bytes = {0};
	struct diags diags = {0};
	struct scene_file *file = NULL;
	struct playbill_entry entry = {.path = copy(b, path),
				       .group = {group[0], group[1]},
				       .variant_count = 1,
				       .seen = -1};
	static const char *const language[2] = {"en", "zh"};

	if (!input_read(path, &bytes))
		sink_puts(&bytes, "");
	else if (capture_is(bytes.at, bytes.count))
		add_connections(b, &entry, &bytes);
	else if (!trace_is_jsonl(bytes.at, bytes.count))
		file = scene_parse(path, bytes.at, bytes.count, &play_loader, &diags);
	for (int i = 0; i < 2; i++) {
		const char *title = file != NULL ? scene_title(file, language[i]) : NULL;

		if (title == NULL && file != NULL)
			title = scene_title(file, language[1 - i]);
		entry.title[i] = copy(b, title != NULL ? title : path);
	}
	if (file != NULL) {
		add_variants(b, &entry, file);
		scene_free(file);
	}
	*array_push(&b->entries) = entry;
	diags_fini(&diags);
	sink_fini(&bytes);
}

/* The line at *text, cut off there; *text moves behind it. NULL: there is none. */
static char *cut_line(char **text)
{
	char *line = *text;

	if (line == NULL || *line == '\0')
		return NULL;
	*text = strchr(line, '\n');
	if (*text != NULL)
		*(*text)++ = '\0';
	return line;
}

/* The group's titles. Returns the rest of TITLE: the scenes in their order, a line each. */
static char *read_group(struct bill *b, const char *folder, const char *group[2])
{
	const char *slash = strrchr(folder, '/');
	char *path = arena_printf(&b->arena, "%s/TITLE", folder);
	struct sink text = {0};
	char *rest = NULL;

	group[0] = group[1] = slash != NULL ? slash + 1 : folder;
	if (access(path, R_OK) == 0 && input_read(path, &text) && text.count > 0) {
		const char *en, *zh;

		rest = copy(b, text.at);
		en = cut_line(&rest);
		zh = cut_line(&rest);
		if (zh != NULL) {
			group[0] = en;
			group[1] = zh;
		}
	}
	sink_fini(&text);
	return rest;
}

enum { DEPTH_MAX = 4 };

static void add_folder(struct bill *b, const char *folder, int depth);

static void add_name(struct bill *b, const char *folder, const char *name, int depth,
		     const char *const group[2])
{
	char *path = arena_printf(&b->arena, "%s/%s", folder, name);

	if (ends_with(path, ".scene"))
		add_scene(b, path, group);
	else if (name[0] != '.' && depth < DEPTH_MAX && is_folder(path))
		add_folder(b, path, depth + 1);
}

static bool is_named(const char *name, const char *line)
{
	size_t n = strlen(line);

	return strncmp(name, line, n) == 0 && strcmp(name + n, ".scene") == 0;
}

static void add_folder(struct bill *b, const char *folder, int depth)
{
	struct dirent **names;
	const char *group[2] = {"", ""};
	char *order = NULL, *line;
	int n = scandir(folder, &names, NULL, alphasort);

	if (n < 0)
		return;
	if (depth > 0)
		order = read_group(b, folder, group);
	while ((line = cut_line(&order)) != NULL) {
		for (int i = 0; i < n; i++)
			if (names[i] != NULL && is_named(names[i]->d_name, line)) {
				add_name(b, folder, names[i]->d_name, depth, group);
				free(names[i]);
				names[i] = NULL;
			}
	}
	for (int i = 0; i < n; i++) {
		if (names[i] == NULL)
			continue;
		add_name(b, folder, names[i]->d_name, depth, group);
		free(names[i]);
	}
	free(names);
}

/* No terminal to choose on: the list itself. */
static int list(const struct bill *b, enum lang lang)
{
	struct sink text = {0};
	bool is_good;

	for (size_t i = 0; i < b->entries.count; i++) {
		const struct playbill_entry *e = &b->entries.at[i];

		sink_printf(&text, "%s\t%s\n", e->path, in_lang(lang, e->title[0], e->title[1]));
	}
	is_good = output_text(&text);
	sink_fini(&text);
	return is_good ? STATUS_HELD : STATUS_LACKING;
}

/* ---- what the stage asks --------------------------------------------------------------------- */

/* How far each was seen. */
static void tell_progress(struct bill *b)
{
	for (size_t i = 0; i < b->entries.count; i++) {
		struct playbill_entry *e = &b->entries.at[i];
		struct progress p;

		e->seen = -1;
		e->is_ended = false;
		e->left_at = 0;
		if (!bookmarks_progress(b->bookmarks, e->path, &p))
			continue;
		e->seen = p.end > 0 && p.furthest < p.end ? (int)(p.furthest * 1000 / p.end) : 1000;
		e->is_ended = p.is_ended;
		e->left_at = p.at < p.end ? p.at : 0;
	}
}

static const struct playbill_entry *give_entries(void *user, size_t *count)
{
	struct bill *b = user;

	*count = b->entries.count;
	return b->entries.at;
}

/* The first complaint, in one line. */
static void put_first(struct sink *out, const struct diags *d, const char *otherwise)
{
	struct sink text = {0};

	diag_print(d, &text);
	if (text.count > 0)
		sink_put(out, text.at, strcspn(text.at, "\n"));
	else
		sink_puts(out, otherwise);
	sink_fini(&text);
}

static const struct trace *preview(void *user, size_t entry, size_t variant, struct sink *complaint)
{
	enum { EVENTS = 20000 }; /* of a long play the beginning will do */
	struct bill *b = user;
	struct shown *s = &b->previewed;

	shown_close(s);
	if (shown_peek(s, b->entries.at[entry].path, b->request, variant, EVENTS))
		return s->trace;
	put_first(complaint, &s->play.diags, "it cannot be read");
	return NULL;
}

static bool is_there(const struct bill *b, const char *path, size_t *entry)
{
	for (size_t i = 0; i < b->entries.count; i++) {
		if (is_one_file(b->entries.at[i].path, path)) {
			*entry = i;
			return true;
		}
	}
	return false;
}

static bool open_named(void *user, const char *path, size_t *entry, struct sink *complaint)
{
	static const char *const group[2] = {"opened by name", "按名打开的"};
	struct bill *b = user;
	struct shown s = {0};
	bool is_good = true;

	if (access(path, R_OK) != 0 || is_folder(path)) {
		sink_printf(complaint, "%s: %s", path,
			    is_folder(path) ? "is a folder" : strerror(errno));
		return false;
	}
	if (is_there(b, path, entry))
		return true;
	if (!shown_peek(&s, path, b->request, 0, 1)) {
		put_first(complaint, &s.play.diags, "it is no scene, no recording and no capture");
		is_good = false;
	}
	shown_close(&s);
	if (is_good) {
		add_scene(b, path, group);
		*entry = b->entries.count - 1;
		tell_progress(b);
	}
	return is_good;
}

/* ---- choosing and playing -------------------------------------------------------------------- */

static int play_chosen(struct bill *b, const struct playbill_choice *choice,
		       struct stage_options *options, struct sink *complaint)
{
	const struct playbill_entry *e = &b->entries.at[choice->entry];
	struct stage_options o = *options;
	struct shown s;
	int status;

	if (!shown_peek(&s, e->path, b->request, choice->variant, 0)) {
		put_first(complaint, &s.play.diags, "it cannot be read");
		shown_close(&s);
		return STATUS_HELD;
	}
	if (!choice->is_afresh && !o.has_start && e->left_at > 0 && choice->variant == 0) {
		o.has_start = true;
		o.start_at = e->left_at;
	}
	o.history = s.history;
	shown_introduce(&s, &o);
	o.files = &stage_files;
	status = stage_play(s.trace, s.title, &o);
	options->lang = o.lang;
	if (status == STATUS_HELD)
		shown_remember(b->bookmarks, &s, &o);
	shown_close(&s);
	stage_raise_again();
	return status;
}

/* Where it was left last time, if that is among them. */
static size_t first_choice(const struct bill *b)
{
	const char *last = bookmarks_last(b->bookmarks);
	size_t entry;

	return last[0] != '\0' && is_there(b, last, &entry) ? entry : 0;
}

static int choose(struct bill *b, struct stage_options *options)
{
	const struct playbill_source source = {b, give_entries, preview, open_named,
					       stage_files_complete};
	struct playbill_choice choice = {.entry = first_choice(b)};
	struct sink complaint = {0};
	int status;

	sink_puts(&complaint, "");
	do {
		tell_progress(b);
		status = stage_playbill(&source, options, &choice, complaint.at);
		sink_clear(&complaint);
		if (status != STATUS_HELD || choice.entry >= b->entries.count)
			break;
		status = play_chosen(b, &choice, options, &complaint);
	} while (status == STATUS_HELD);
	sink_fini(&complaint);
	return status;
}

int cmd_playbill(const struct request *r)
{
	struct bill b = {.request = r, .bookmarks = bookmarks_open()};
	struct stage_options options;
	struct sink folder = {0};
	bool is_found = scenes_folder(r, &folder);
	int status = STATUS_WRONG;

	if (is_found)
		add_folder(&b, folder.at, 0);
	else
		complain("no scenes found; say where they are: --scenes DIR");
	if (is_found && b.entries.count == 0)
		complain("%s: no scenes in there", folder.at);
	if (b.entries.count > 0) {
		if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
			status = list(&b, r->lang);
		else if (show_options(r, &options))
			status = choose(&b, &options);
	}
	shown_close(&b.previewed);
	array_fini(&b.entries);
	arena_fini(&b.arena);
	bookmarks_free(b.bookmarks);
	sink_fini(&folder);
	return status;
}
