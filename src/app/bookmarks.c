/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include <app/bookmarks.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <base/array.h>

struct bookmarks {
	json_t *root; /* {"last": path, "scenes": {path: {...}}} */
};

/* ---- the file -------------------------------------------------------------------------------- */

bool bookmarks_file(struct sink *out)
{
	const char *home = getenv("HOME");
	const char *state = getenv("XDG_STATE_HOME");

	/* The specification wants relative paths ignored. */
	if (state != NULL && state[0] == '/')
		sink_printf(out, "%s/woshou/progress.json", state);
	else if (home != NULL && home[0] == '/')
		sink_printf(out, "%s/.local/state/woshou/progress.json", home);
	else
		return false;
	return true;
}

/* The folders above the file, for its owner alone. */
static void make_folders(const char *file)
{
	char path[PATH_MAX];

	if (strlen(file) >= sizeof path)
		return;
	for (size_t i = 1; file[i] != '\0'; i++) {
		if (file[i] != '/')
			continue;
		memcpy(path, file, i);
		path[i] = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return;
	}
}

static json_t *empty(void)
{
	json_t *root = json_object();

	json_object_set_new(root, "scenes", json_object());
	return root;
}

/* What cannot be understood is set aside beside the new one, not overwritten. */
static json_t *read_file(void)
{
	struct sink file = {0}, aside = {0};
	json_t *root = NULL;
	json_error_t error;

	if (bookmarks_file(&file) && access(file.at, R_OK) == 0) {
		root = json_load_file(file.at, 0, &error);
		if (root == NULL || !json_is_object(json_object_get(root, "scenes"))) {
			sink_printf(&aside, "%s.damaged", file.at);
			rename(file.at, aside.at);
			json_decref(root);
			root = NULL;
		}
	}
	sink_fini(&file);
	sink_fini(&aside);
	return root != NULL ? root : empty();
}

/* Beside the old one first, so that a full disk costs nothing. */
static void write_file(const json_t *root)
{
	struct sink file = {0}, fresh = {0};

	if (bookmarks_file(&file)) {
		make_folders(file.at);
		sink_printf(&fresh, "%s.%ld", file.at, (long)getpid());
		if (json_dump_file(root, fresh.at, JSON_INDENT(1) | JSON_SORT_KEYS) != 0 ||
		    rename(fresh.at, file.at) != 0)
			unlink(fresh.at);
	}
	sink_fini(&file);
	sink_fini(&fresh);
}

/* ---- what stands in it ----------------------------------------------------------------------- */

struct bookmarks *bookmarks_open(void)
{
	struct bookmarks *s = xcalloc(1, sizeof *s);

	s->root = read_file();
	return s;
}

void bookmarks_free(struct bookmarks *s)
{
	if (s == NULL)
		return;
	json_decref(s->root);
	free(s);
}

const char *bookmarks_last(const struct bookmarks *s)
{
	const char *last = json_string_value(json_object_get(s->root, "last"));

	return last != NULL ? last : "";
}

static usec time_of(const json_t *scene, const char *name)
{
	json_int_t value = json_integer_value(json_object_get(scene, name));

	return value >= 0 ? (usec)value : 0;
}

bool bookmarks_progress(const struct bookmarks *s, const char *path, struct progress *out)
{
	char real[PATH_MAX];
	const json_t *scene;

	*out = (struct progress){0};
	if (realpath(path, real) == NULL)
		return false;
	scene = json_object_get(json_object_get(s->root, "scenes"), real);
	if (!json_is_object(scene))
		return false;
	out->at = time_of(scene, "at_us");
	out->furthest = time_of(scene, "furthest_us");
	out->end = time_of(scene, "end_us");
	out->is_ended = json_is_true(json_object_get(scene, "ended"));
	return true;
}

void bookmarks_keep(struct bookmarks *s, const char *path, const struct progress *p)
{
	char real[PATH_MAX];
	struct progress before;
	json_t *scene;

	if (realpath(path, real) == NULL)
		return;
	json_decref(s->root);
	s->root = read_file();
	if (!bookmarks_progress(s, path, &before) || before.end != p->end)
		before = (struct progress){0};
	scene = json_pack(
		"{s:I, s:I, s:I, s:b}", "at_us", (json_int_t)p->at, "furthest_us",
		(json_int_t)(p->furthest > before.furthest ? p->furthest : before.furthest),
		"end_us", (json_int_t)p->end, "ended", (int)(p->is_ended || before.is_ended));
	/* A path that is no UTF-8 cannot stand in JSON: it is not remembered. */
	if (scene != NULL &&
	    json_object_set_new(json_object_get(s->root, "scenes"), real, scene) == 0)
		json_object_set_new(s->root, "last", json_string(real));
	write_file(s->root);
}
