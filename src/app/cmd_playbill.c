/* SPDX-License-Identifier: MIT */
/*
 * cmd_playbill.c - the scenes there are. They are looked for in --scenes, $WOSHOU_SCENARIOS,
 * ./scenarios, beside the installed program, and where it was built to be installed. A subfolder is
 * a group; its file TITLE holds its English and its Chinese title, a line each, and then the names
 * of its scenes in the order in which they teach. Scenes that it does not name follow by name.
 */
#include <app/play.h>
#include <app/show.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct bill {
	ARRAY(struct playbill_entry) entries;
	struct arena arena; /* the strings */
};

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), m = strlen(ending);

	return n > m && strcmp(text + n - m, ending) == 0;
}

static char *copy(struct bill *b, const char *text)
{
	return arena_strndup(&b->arena, text, strlen(text));
}

/* A scene's own titles; of one that has mistakes, its path, and choosing it tells what is wrong. */
static void add_scene(struct bill *b, const char *path, const char *const group[2])
{
	struct sink bytes = {0};
	struct diags diags = {0};
	struct scene_file *file = NULL;
	struct playbill_entry entry = {.path = copy(b, path), .group = {group[0], group[1]}};
	static const char *const language[2] = {"en", "zh"};

	if (input_read(path, &bytes))
		file = scene_parse(path, bytes.at, bytes.count, &play_loader, &diags);
	for (int i = 0; i < 2; i++) {
		const char *title = file != NULL ? scene_title(file, language[i]) : NULL;

		if (title == NULL && file != NULL)
			title = scene_title(file, language[1 - i]);
		entry.title[i] = copy(b, title != NULL ? title : path);
	}
	*array_push(&b->entries) = entry;
	if (file != NULL)
		scene_free(file);
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

/* share/ beside bin/: the program may have been installed anywhere. */
static const char *beside_program(struct bill *b)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	char *slash;

	if (n < 0)
		return NULL;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	return arena_printf(&b->arena, "%s/../share/woshou/scenarios", path);
}

static const char *find_folder(struct bill *b, const struct request *r)
{
	const char *places[] = {getenv("WOSHOU_SCENARIOS"), "scenarios", beside_program(b),
				WOSHOU_DATADIR "/scenarios"};

	if (r->given[OPT_SCENES])
		return r->value[OPT_SCENES];
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		if (places[i] != NULL && places[i][0] != '\0' && is_folder(places[i]))
			return places[i];
	}
	return NULL;
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

static int play_chosen(const struct request *r, const char *path, struct stage_options *options)
{
	struct shown s;
	int status = shown_open(&s, path, r, true);

	if (status == STATUS_HELD)
		status = stage_play(s.trace, s.title, options);
	shown_close(&s);
	return status;
}

static int choose(const struct request *r, const struct bill *b, struct stage_options *options)
{
	size_t chosen = 0;
	int status;

	while (true) {
		status = stage_playbill(b->entries.at, b->entries.count, options, &chosen);
		if (status != STATUS_HELD || chosen >= b->entries.count)
			return status;
		status = play_chosen(r, b->entries.at[chosen].path, options);
		if (status != STATUS_HELD)
			return status;
	}
}

int cmd_playbill(const struct request *r)
{
	struct bill b = {0};
	struct stage_options options;
	const char *folder = find_folder(&b, r);
	int status = STATUS_WRONG;

	if (folder == NULL)
		complain("no scenes found; say where they are: --scenes DIR");
	else
		add_folder(&b, folder, 0);
	if (folder != NULL && b.entries.count == 0)
		complain("%s: no scenes in there", folder);
	if (b.entries.count > 0) {
		if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
			status = list(&b, r->lang);
		else if (show_options(r, &options))
			status = choose(r, &b, &options);
	}
	array_fini(&b.entries);
	arena_fini(&b.arena);
	return status;
}
