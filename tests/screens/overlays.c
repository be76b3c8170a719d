/* SPDX-License-Identifier: MIT */
/*
 * overlays.c FOLDER FIRST-WAVE GARBLED - what lies over the picture, at three sizes and in all
 * languages, compared with the files in FOLDER (golden.h). Behind each picture stands what is
 * marked in it.
 */
#include "fixture.h"
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <export/export.h>
#include <scene/scene.h>
#include <stage/session.h>

static const struct {
	int rows, columns;
} sizes[] = {{12, 40}, {24, 80}, {40, 120}};

static const struct {
	const char *name;
	enum lang lang;
} langs[] = {{"en", LANG_EN}, {"zh", LANG_ZH}, {"zh+en", LANG_BOTH}};

/* Those made by hand depend on no engine; why things happen only an engine knows. */
enum play { WAVE, STORM, WAVE_SCENE, GARBLED_SCENE, PLAYS };

/* From a moment of a play these keys are pressed; '\n' is Enter. */
static const struct {
	const char *name;
	enum play play;
	usec at;
	const char *keys;
} shows[] = {
	{"header-syn", WAVE, 0, "ijj"},
	{"header-folded", WAVE, 1000000, "i\n"},
	{"header-option", WAVE, 0, "ijjjjjjjjjjjjjjjjjjjjjjjjj"},
	{"header-text", WAVE, 1250000, "ijjjjjjjjjjjjjjjjjjjjjjjjjjjjjj"},
	{"header-garbled", STORM, 253000, "ijjjjjjjjjjjjjjjjjj"},
	{"header-none", WAVE, -1, "i"},
	{"why-loss", WAVE_SCENE, 25000, "w"},
	{"why-again", WAVE_SCENE, 1000000, "w"},
	{"why-nod", WAVE_SCENE, 1310000, "w"},
	{"why-scrolled", WAVE_SCENE, 1310000, "wjjjjjjjjjj"},
	{"why-goodbye", WAVE_SCENE, 2000000, "w"},
	{"why-garbled", GARBLED_SCENE, 1050000, "w"},
	{"why-nothing", WAVE, -1, "w"},
};

static void put_marks(struct sink *out, const struct canvas *c)
{
	for (int row = 0; row < c->rows; row++) {
		int from = -1;

		for (int column = 0; column <= c->columns; column++) {
			bool is_marked = column < c->columns &&
					 (canvas_at(c, row, column)->attrs & ATTR_REVERSE) != 0;

			if (is_marked && from < 0)
				from = column;
			if (is_marked || from < 0)
				continue;
			sink_printf(out, "marked: row %d, columns %d to %d\n", row, from,
				    column - 1);
			from = -1;
		}
	}
}

static void draw(struct sink *out, const struct trace *t, int show, int size, enum lang lang)
{
	struct stage_options o = {.lang = lang,
				  .tell = shows[show].play < WAVE_SCENE ? fixture_tell
									: tell_record,
				  .has_start = true,
				  .start_at = shows[show].at};
	struct session s;
	struct canvas c;

	canvas_init(&c, sizes[size].rows, sizes[size].columns, false);
	session_init(&s, t, "first-wave.scene", &o);
	for (const char *key = shows[show].keys; *key; key++) {
		struct input in = {.key = *key == '\n' ? PRESS_ENTER : (uint32_t)*key};

		session_draw(&s, &c);
		session_input(&s, &in);
	}
	/* Alone: what lies below has pictures of its own. */
	session_draw(&s, &c);
	canvas_clear(&c);
	view_overlay(&c, (struct area){0, 0, c.rows, c.columns}, &s.view, &s.hits);
	canvas_dump(&c, out);
	put_marks(out, &c);
	session_fini(&s);
	canvas_fini(&c);
}

static const struct trace *run_scene(const char *path, struct scene_file **f,
				     struct scene_run **run)
{
	struct diags diags = {0};
	struct sink bytes = {0};
	FILE *file = fopen(path, "rb");
	char some[4096];
	size_t n;

	sink_puts(&bytes, "");
	while (file && (n = fread(some, 1, sizeof some, file)) > 0)
		sink_put(&bytes, some, n);
	*f = scene_parse(strrchr(path, '/') ? strrchr(path, '/') + 1 : path, bytes.at, bytes.count,
			 NULL, &diags);
	*run = *f ? scene_run_new(*f, 0, NULL, &diags) : NULL;
	if (!*run)
		exit(2);
	scene_run_all(*run);
	fclose(file);
	sink_fini(&bytes);
	diags_fini(&diags);
	return scene_run_trace(*run);
}

static int test_one(const char *folder, const struct trace *t, int show, int size, int number)
{
	struct sink name = {0}, pictures = {0};
	bool is_good;

	sink_printf(&name, "%s-%dx%d", shows[show].name, sizes[size].columns, sizes[size].rows);
	for (int lang = 0; lang < 3; lang++) {
		sink_printf(&pictures, "== %s\n", langs[lang].name);
		draw(&pictures, t, show, size, langs[lang].lang);
	}
	is_good = golden(folder, name.at, number, &pictures);
	sink_fini(&name);
	sink_fini(&pictures);
	return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct trace *made[] = {fixture_first_wave(), fixture_storm()};
	const struct trace *traces[PLAYS] = {made[0], made[1]};
	struct scene_file *files[PLAYS];
	struct scene_run *runs[PLAYS];
	int number = 0, failed = 0;

	if (argc != 4)
		return 2;
	for (int i = WAVE_SCENE; i < PLAYS; i++)
		traces[i] = run_scene(argv[2 + i - WAVE_SCENE], &files[i], &runs[i]);
	for (int show = 0; show < (int)(sizeof shows / sizeof shows[0]); show++) {
		for (int size = 0; size < 3; size++)
			failed += test_one(argv[1], traces[shows[show].play], show, size, ++number);
	}
	printf("1..%d\n", number);
	for (int i = WAVE_SCENE; i < PLAYS; i++) {
		scene_run_free(runs[i]);
		scene_free(files[i]);
	}
	trace_free(made[0]);
	trace_free(made[1]);
	return failed > 0;
}
