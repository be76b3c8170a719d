/* SPDX-License-Identifier: MIT */
/*
 * choosing.c FOLDER - the list of a capture's connections at three sizes in all languages: as it
 * opens, far down, filtered, and with a filter that is wrong; compared with the files in FOLDER
 * (golden.h).
 */
#include "golden.h"

#include <stage/chooser.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 12345 };

static const struct {
	int rows, columns;
} sizes[] = {{12, 40}, {24, 80}, {40, 120}};

static const struct {
	const char *name;
	enum lang lang;
} langs[] = {{"en", LANG_EN}, {"zh", LANG_ZH}, {"zh+en", LANG_BOTH}};

/* As chosen.c names them; every kind within a dozen. */
static void give(void *user, size_t index, struct stage_row *out)
{
	static const char *const states[4][2] = {
		{"ended", "已挥别"}, {"reset", "被重置"}, {"open", "未完"}, {"part", "片段"}};
	size_t kind = index % 4;

	(void)user;
	*out = (struct stage_row){
		.id = (uint32_t)index + 1,
		.state = {states[kind][0], states[kind][1]},
		.segments = 3 + index * index % 1009,
		.octets = index * index * 37 % 100000007,
		.duration = (usec)(index * 777777 % 90000000),
		.again = index % 3 == 0 ? (uint32_t)(index % 50) : 0,
		.late = index % 5 == 0 ? 2 : 0,
		.is_reset = kind == 1,
	};
	if (index % 6 == 5) {
		snprintf(out->end[0], sizeof out->end[0],
			 "[2001:db8:85a3:8d3:1319:8a2e:370:%zx]:%zu", index % 65536,
			 49152 + index % 1000);
		snprintf(out->end[1], sizeof out->end[1], "[2001:db8::1]:443");
	} else {
		snprintf(out->end[0], sizeof out->end[0], "192.168.%zu.%zu:%zu", index / 250 % 250,
			 index % 250, 49152 + index % 1000);
		snprintf(out->end[1], sizeof out->end[1], "10.0.0.%zu:%d", index % 7, 8888);
	}
}

static bool filter(void *user, const char *filter, bool *lets, struct sink *complaint)
{
	(void)user;
	if (strcmp(filter, "reset") != 0) {
		sink_puts(complaint, "1: nothing in a filter is called so (did you mean 'reset'?)");
		return false;
	}
	for (size_t i = 0; i < ROWS; i++)
		lets[i] = i % 4 == 1;
	return true;
}

static const struct stage_list list = {NULL, ROWS, give, filter};

static void press(struct chooser *ch, const char *keys)
{
	for (; *keys; keys++)
		chooser_key(ch, *keys == '\n' ? PRESS_ENTER : (unsigned char)*keys);
}

static void draw(struct sink *out, struct chooser *ch, struct canvas *c, const char *what)
{
	sink_printf(out, "== %s\n", what);
	chooser_draw(c, ch, NULL);
	canvas_dump(c, out);
}

static int test_list(const char *folder, int number, int size, int lang)
{
	struct stage_choice from = {0};
	struct sink name = {0}, picture = {0};
	struct chooser ch;
	struct canvas c;
	bool is_good;

	chooser_init(&ch, &list, "captures/school.pcapng", langs[lang].lang, &from);
	canvas_init(&c, sizes[size].rows, sizes[size].columns, false);
	draw(&picture, &ch, &c, "as it opens");
	press(&ch, "10000jj");
	draw(&picture, &ch, &c, "far down");
	press(&ch, "/reste\n");
	draw(&picture, &ch, &c, "a filter that is wrong");
	chooser_key(&ch, PRESS_BACKSPACE);
	chooser_key(&ch, PRESS_BACKSPACE);
	press(&ch, "et\n");
	draw(&picture, &ch, &c, "filtered");
	press(&ch, "?");
	draw(&picture, &ch, &c, "all keys");
	sink_printf(&name, "choose-%dx%d-%s", sizes[size].columns, sizes[size].rows,
		    langs[lang].name);
	is_good = golden(folder, name.at, number, &picture);
	canvas_fini(&c);
	chooser_fini(&ch);
	sink_fini(&name);
	sink_fini(&picture);
	return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
	int number = 0, failed = 0;

	if (argc != 2) {
		fputs("choosing FOLDER\n", stderr);
		return 2;
	}
	puts("1..9");
	for (int size = 0; size < 3; size++)
		for (int lang = 0; lang < 3; lang++)
			failed += test_list(argv[1], ++number, size, lang);
	return failed > 0;
}
