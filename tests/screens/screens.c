/* SPDX-License-Identifier: MIT */
/*
 * screens.c FOLDER - draws the stage at several sizes, in all languages, with both sets of glyphs,
 * and compares with the files in FOLDER. WOSHOU_BLESS=1 writes them instead: look at the difference
 * before it is committed.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static bool read_file(const char *path, struct sink *out)
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

static bool write_file(const char *path, const struct sink *bytes)
{
	FILE *file = fopen(path, "wb");
	bool is_good = file && fwrite(bytes->at, 1, bytes->count, file) == bytes->count;

	return file && fclose(file) == 0 && is_good;
}

/* The first line that differs, both ways, as TAP comments. */
static void show_difference(const char *was, const char *is)
{
	int line = 1;

	while (*was && *is) {
		size_t a = strcspn(was, "\n"), b = strcspn(is, "\n");

		if (a != b || memcmp(was, is, a) != 0) {
			printf("# line %d\n# was: %.*s\n# is:  %.*s\n", line, (int)a, was, (int)b,
			       is);
			return;
		}
		was += a + (was[a] == '\n');
		is += b + (is[b] == '\n');
		line++;
	}
	printf("# one is longer than the other, from line %d on\n", line);
}

static bool compare(const char *folder, const char *name, const struct sink *is)
{
	bool is_blessed = getenv("WOSHOU_BLESS") != NULL;
	struct sink path = {0}, was = {0};
	bool is_same;

	sink_printf(&path, "%s/%s.txt", folder, name);
	if (is_blessed) {
		is_same = write_file(path.at, is);
	} else {
		is_same = read_file(path.at, &was) && was.count == is->count &&
			  memcmp(was.at, is->at, is->count) == 0;
		if (!is_same)
			show_difference(was.at, is->at);
	}
	sink_fini(&path);
	sink_fini(&was);
	return is_same;
}

static int test_one(const char *folder, const struct trace *t, const char *play, int number,
		    int size, int lang, bool is_ascii)
{
	struct sink name = {0}, picture = {0};
	bool is_good;

	sink_printf(&name, "%s-%dx%d-%s%s", play, sizes[size].columns, sizes[size].rows,
		    langs[lang].name, is_ascii ? "-ascii" : "");
	draw(&picture, t, size, langs[lang].lang, is_ascii);
	is_good = compare(folder, name.at, &picture);
	printf("%s %d - %s\n", is_good ? "ok" : "not ok", number, name.at);
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
