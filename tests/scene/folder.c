/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void find(struct folder *f, const char *path, bool is_asked_for)
{
	struct dirent **entries;
	size_t n = strlen(path);
	struct stat st;
	int count;

	if (stat(path, &st) != 0)
		return;
	if (!S_ISDIR(st.st_mode)) {
		if (is_asked_for || (n > 6 && strcmp(path + n - 6, ".scene") == 0))
			*array_push(&f->paths) = xstrndup(path, n);
		return;
	}
	count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		struct sink below = {0};

		sink_printf(&below, "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			find(f, below.at, false);
		sink_fini(&below);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void folder_init(struct folder *f, char *const *paths, int count)
{
	*f = (struct folder){0};
	for (int i = 0; i < count; i++)
		find(f, paths[i], true);
	/* A folder has no order of its own. */
	if (f->paths.count > 0)
		qsort(f->paths.at, f->paths.count, sizeof *f->paths.at, compare);
}

void folder_fini(struct folder *f)
{
	for (size_t i = 0; i < f->paths.count; i++)
		free(f->paths.at[i]);
	array_fini(&f->paths);
}

bool folder_read(const char *path, struct sink *out)
{
	FILE *file = fopen(path, "rb");
	char bytes[4096];
	size_t n;

	sink_puts(out, "");
	if (!file)
		return false;
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
		sink_put(out, bytes, n);
	fclose(file);
	return true;
}

struct scene_file *folder_parse(const char *path)
{
	struct sink bytes = {0};
	struct diags diags = {0};
	struct scene_file *f = NULL;

	if (folder_read(path, &bytes))
		f = scene_parse(path, bytes.at, bytes.count, NULL, &diags);
	diags_fini(&diags);
	sink_fini(&bytes);
	return f;
}

static int play_one(const char *path, folder_player *play, int *number)
{
	struct scene_file *f = folder_parse(path);
	int failed = 0;

	/* Scenes that include others need a loader: they are played by scenes.py. */
	if (!f)
		printf("ok %d - %s # SKIP not a scene by itself\n", ++*number, path);
	for (size_t v = 0; f && v < scene_variant_count(f); v++) {
		const char *wrong = play(f, v);

		printf("%s %d - %s %s\n", wrong ? "not ok" : "ok", ++*number, path,
		       scene_variant_name(f, v));
		if (wrong)
			printf("# %s\n", wrong);
		failed += wrong != NULL;
	}
	if (f)
		scene_free(f);
	return failed;
}

int folder_play(char *const *paths, int count, folder_player *play, int *number)
{
	struct folder f;
	bool is_empty;
	int failed = 0;

	folder_init(&f, paths, count);
	for (size_t i = 0; i < f.paths.count; i++)
		failed += play_one(f.paths.at[i], play, number);
	is_empty = f.paths.count == 0;
	printf("%s %d - there are scenes\n", is_empty ? "not ok" : "ok", ++*number);
	folder_fini(&f);
	return failed + is_empty;
}
