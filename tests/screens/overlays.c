/* SPDX-License-Identifier: MIT */
/*
 * overlays.c FOLDER - what lies over the picture, at three sizes and in all languages, compared
 * with the files in FOLDER (golden.h). Behind each picture stands what is marked in it.
 */
#include "fixture.h"
#include "golden.h"

#include <stdio.h>
#include <stage/session.h>

static const struct {
	int rows, columns;
} sizes[] = {{12, 40}, {24, 80}, {40, 120}};

static const struct {
	const char *name;
	enum lang lang;
} langs[] = {{"en", LANG_EN}, {"zh", LANG_ZH}, {"zh+en", LANG_BOTH}};

/* From a moment of a play these keys are pressed; '\n' is Enter. */
static const struct {
	const char *name;
	bool is_storm;
	usec at;
	const char *keys;
} shows[] = {
	{"header-syn", false, 0, "ijj"},
	{"header-folded", false, 1000000, "i\n"},
	{"header-option", false, 0, "ijjjjjjjjjjjjjjjjjjjjjjjjj"},
	{"header-text", false, 1250000, "ijjjjjjjjjjjjjjjjjjjjjjjjjjjjjj"},
	{"header-garbled", true, 253000, "ijjjjjjjjjjjjjjjjjj"},
	{"header-none", false, -1, "i"},
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
	struct stage_options o = {
		.lang = lang, .tell = fixture_tell, .has_start = true, .start_at = shows[show].at};
	struct session s;
	struct canvas c;

	canvas_init(&c, sizes[size].rows, sizes[size].columns, false);
	session_init(&s, t, "first-wave.scene", &o);
	for (const char *key = shows[show].keys; *key; key++) {
		struct input in = {.key = *key == '\n' ? PRESS_ENTER : (uint32_t)*key};

		session_draw(&s, &c);
		session_input(&s, &in);
	}
	session_draw(&s, &c);
	canvas_dump(&c, out);
	put_marks(out, &c);
	session_fini(&s);
	canvas_fini(&c);
}

int main(int argc, char **argv)
{
	struct trace *traces[] = {fixture_first_wave(), fixture_storm()};
	int number = 0, failed = 0;

	if (argc != 2)
		return 2;
	for (int show = 0; show < (int)(sizeof shows / sizeof shows[0]); show++) {
		for (int size = 0; size < 3; size++) {
			struct sink name = {0}, pictures = {0};

			sink_printf(&name, "%s-%dx%d", shows[show].name, sizes[size].columns,
				    sizes[size].rows);
			for (int lang = 0; lang < 3; lang++) {
				sink_printf(&pictures, "== %s\n", langs[lang].name);
				draw(&pictures, traces[shows[show].is_storm], show, size,
				     langs[lang].lang);
			}
			failed += !golden(argv[1], name.at, ++number, &pictures);
			sink_fini(&name);
			sink_fini(&pictures);
		}
	}
	printf("1..%d\n", number);
	trace_free(traces[0]);
	trace_free(traces[1]);
	return failed > 0;
}
