/* SPDX-License-Identifier: MIT */
#include "desk.h"

#include <check.h>
#include <string.h>
#include <base/diag.h>
#include <base/utf8.h>

const char desk_scene[] =
	"woshou 1\n"
	"title en \"Three lines\" zh \"三句话\"\n"
	"seed 1\n"
	"person zhang en \"Zhang San\" zh \"张三\" { isn 1000 nagle off sack off scale off "
	"timestamps off }\n"
	"person li en \"Li Si\" zh \"李四\" { isn 5000 sack off scale off timestamps off }\n"
	"wind zhang <-> li { delay 50ms }\n"
	"scene talk en \"A talk\" zh \"交谈\" {\n"
	"  at 0s li listen\n"
	"  at 0s zhang connect li\n"
	"  when zhang in ESTABLISHED +100ms {\n"
	"    repeat 3 as i every 10ms { zhang write \"line {i}\\n\" }\n"
	"  }\n"
	"  expect at 100ms zhang in ESTABLISHED\n"
	"  at 1s zhang shutdown\n"
	"  at 1500ms li write \"one\"\n"
	"  at 1500ms li write \"two\"\n"
	"  at 2s li close\n"
	"  expect eventually li in CLOSED within 3s\n"
	"}\n";

/* ---- the cupboard ---------------------------------------------------------------------------- */

static int find(const struct cupboard *c, const char *path)
{
	for (int i = 0; i < c->count; i++) {
		if (strcmp(c->at[i].name, path) == 0)
			return i;
	}
	return -1;
}

static bool exists(void *user, const char *path)
{
	return find(user, path) >= 0;
}

static bool put(void *user, const char *path, const struct sink *bytes, struct sink *complaint)
{
	struct cupboard *c = user;
	int i = find(c, path);

	if (c->is_locked || c->count == CUPBOARD) {
		sink_printf(complaint, "%s: the cupboard is locked", path);
		return false;
	}
	if (i < 0) {
		i = c->count++;
		ck_assert_uint_lt(strlen(path), sizeof c->at[i].name);
		memcpy(c->at[i].name, path, strlen(path) + 1);
	}
	sink_clear(&c->at[i].bytes);
	sink_put(&c->at[i].bytes, bytes->at, bytes->count);
	return true;
}

/* What was asked for, instead of what it would be. */
static bool export(void *user, const struct stage_export *what, struct sink *complaint)
{
	struct sink text = {0};
	bool is_good;

	sink_printf(&text, "%s of %zu records", what->format, (size_t)trace_count(what->trace));
	is_good = put(user, what->path, &text, complaint);
	sink_fini(&text);
	return is_good;
}

static void complete(void *user, const char *path, struct sink *names)
{
	const struct cupboard *c = user;

	for (int i = 0; i < c->count; i++) {
		if (strncmp(c->at[i].name, path, strlen(path)) == 0)
			sink_printf(names, "%s\n", c->at[i].name);
	}
}

const struct sink *desk_written(const struct desk *d, const char *name)
{
	int i = find(&d->cupboard, name);

	return i >= 0 ? &d->cupboard.at[i].bytes : NULL;
}

/* ---- the desk -------------------------------------------------------------------------------- */

static void draw(struct desk *d)
{
	session_draw(&d->session, &d->canvas);
}

void desk_begin(struct desk *d, const char *scene, int rows, int columns, enum lang lang)
{
	struct diags diags = {0};
	struct stage_options o = {.lang = lang};

	*d = (struct desk){0};
	d->file = scene_parse("talk.scene", scene, strlen(scene), NULL, &diags);
	ck_assert_msg(d->file != NULL, "%s",
		      diags.list.count > 0 ? diags.list.at[0].message : "no scene");
	d->history = history_new(d->file, 0, NULL, &diags);
	ck_assert_ptr_nonnull(d->history);
	diags_fini(&diags);
	d->files = (struct stage_files){&d->cupboard, exists, put, export, complete};
	o.history = d->history;
	o.files = &d->files;
	session_init(&d->session, history_trace(d->history, 0), "plays/talk.scene", &o);
	canvas_init(&d->canvas, rows, columns, false);
	draw(d);
}

void desk_end(struct desk *d)
{
	for (int i = 0; i < d->cupboard.count; i++)
		sink_fini(&d->cupboard.at[i].bytes);
	canvas_fini(&d->canvas);
	session_fini(&d->session);
	history_free(d->history);
	scene_free(d->file);
}

void desk_resize(struct desk *d, int rows, int columns)
{
	canvas_fini(&d->canvas);
	canvas_init(&d->canvas, rows, columns, false);
	draw(d);
}

void desk_press(struct desk *d, uint32_t key)
{
	session_input(&d->session, &(struct input){.key = key});
	draw(d);
}

void desk_type(struct desk *d, const char *text)
{
	while (*text) {
		uint32_t cp;

		text += utf8_next(text, strlen(text), &cp);
		desk_press(d, cp);
	}
}

void desk_run(struct desk *d, const char *command)
{
	desk_press(d, ':');
	desk_type(d, command);
	desk_press(d, PRESS_ENTER);
}

void desk_go(struct desk *d, usec at)
{
	player_seek(&d->session.player, at);
	draw(d);
}

void desk_click(struct desk *d, enum action action, uint32_t arg)
{
	for (int i = d->session.hits.count - 1; i >= 0; i--) {
		const struct hit *hit = &d->session.hits.at[i];

		if (hit->action != action || hit->arg != arg)
			continue;
		session_input(&d->session, &(struct input){.key = PRESS_CLICK,
							   .row = hit->area.row,
							   .column = hit->area.column});
		draw(d);
		return;
	}
	ck_abort_msg("nothing to click for action %d", (int)action);
}

bool desk_shows(const struct desk *d, const char *text)
{
	struct sink out = {0};
	bool found;

	canvas_dump(&d->canvas, &out);
	found = strstr(out.at, text) != NULL;
	sink_fini(&out);
	return found;
}
