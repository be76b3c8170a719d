/* SPDX-License-Identifier: MIT */
/*
 * screens.c FOLDER - draws the stage at several sizes, in all languages, with both sets of glyphs,
 * and compares with the files in FOLDER (golden.h).
 */
#include "fixture.h"
#include "golden.h"

#include <stdio.h>
#include <base/sink.h>

static const struct {
	int rows, columns;
} sizes[] = {{12, 40}, {24, 80}, {25, 81}, {40, 120}, {60, 200}};

static const struct {
	const char *name;
	enum lang lang;
} langs[] = {{"en", LANG_EN}, {"zh", LANG_ZH}, {"zh+en", LANG_BOTH}};

/* A lost wave, several words in the air, and mourning. */
static const usec moments[] = {30000, 1245000, 3075000};

static void draw(struct sink *out, const struct trace *t, int size, enum lang lang, bool is_ascii)
{
	struct stage_options o = {.lang = lang, .is_ascii = is_ascii, .tell = fixture_tell};

	for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
		sink_printf(out, "== %lld us\n", (long long)moments[i]);
		stage_text(t, "first-wave.scene", &o, moments[i], sizes[size].rows,
			   sizes[size].columns, out);
	}
}

static int test_one(const char *folder, const struct trace *t, const char *play, int number,
		    int size, int lang, bool is_ascii)
{
	struct sink name = {0}, picture = {0};
	bool is_good;

	sink_printf(&name, "%s-%dx%d-%s%s", play, sizes[size].columns, sizes[size].rows,
		    langs[lang].name, is_ascii ? "-ascii" : "");
	draw(&picture, t, size, langs[lang].lang, is_ascii);
	is_good = golden(folder, name.at, number, &picture);
	sink_fini(&name);
	sink_fini(&picture);
	return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct trace *wave = fixture_first_wave(), *storm = fixture_storm();
	int number = 0, failed = 0;

	if (argc != 2)
		return 2;
	for (int size = 0; size < 5; size++) {
		for (int lang = 0; lang < 3; lang++) {
			for (int ascii = 0; ascii < 2; ascii++)
				failed += test_one(argv[1], wave, "wave", ++number, size, lang,
						   ascii == 1);
		}
	}
	for (int size = 1; size < 4; size += 2)
		failed += test_one(argv[1], storm, "storm", ++number, size, 2, false);
	printf("1..%d\n", number);
	trace_free(wave);
	trace_free(storm);
	return failed > 0 ? 1 : 0;
}
