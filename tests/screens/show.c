/* SPDX-License-Identifier: MIT */
/*
 * show.c - the stage on a trace made by hand, for looking at it:
 *
 *	show first-wave|storm|empty|alone|playbill [zh|en|zh+en] [ascii] [mono|light|dark]
 *		[no-mouse] [still]
 *
 * Or how it dies in the middle of a picture: show die-fault|die-overflow|die-assert|die-memory.
 *With is-sanitized it only says by its status whether a sanitizer watches over it.
 */
#include "fixture.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <base/array.h>
#include <base/assert.h>

static const struct playbill_entry bill[] = {
	{"hello/three-way.scene",
	 {"Three waves", "三次招手"},
	 {"Hello", "见面"},
	 NULL,
	 1,
	 1000,
	 true,
	 0},
	{"hello/syn-lost.scene",
	 {"The wind eats the first wave", "第一次招手被风吹走"},
	 {"Hello", "见面"},
	 NULL,
	 1,
	 420,
	 false,
	 1050000},
	{"talk/eight.scene",
	 {"Eight sentences, one nod", "八句话，一次点头"},
	 {"Talk", "交谈"},
	 NULL,
	 1,
	 -1,
	 false,
	 0},
	{"bye/four-way.scene",
	 {"Goodbye in four moves", "四次挥手"},
	 {"Goodbye", "告别"},
	 NULL,
	 1,
	 -1,
	 false,
	 0},
};

static const struct playbill_entry *entries(void *user, size_t *count)
{
	(void)user;
	*count = sizeof bill / sizeof bill[0];
	return bill;
}

static const struct trace *preview(void *user, size_t entry, size_t variant, struct sink *complaint)
{
	(void)variant;
	if (entry == 3)
		sink_puts(complaint, "bye/four-way.scene:3:1: error: unknown word 'persn'");
	return entry == 3 ? NULL : user;
}

static bool open_named(void *user, const char *path, size_t *entry, struct sink *complaint)
{
	(void)user;
	*entry = 1;
	if (strcmp(path, bill[1].path) != 0)
		sink_printf(complaint, "%s: no such file", path);
	return strcmp(path, bill[1].path) == 0;
}

static void complete(void *user, const char *path, struct sink *names)
{
	(void)user;
	(void)path;
	for (size_t i = 0; i < sizeof bill / sizeof bill[0]; i++)
		sink_printf(names, "%s\n", bill[i].path);
}

/* ---- ways to die ----------------------------------------------------------------------------- */

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#if defined __SANITIZE_ADDRESS__
#define IS_SANITIZED 1
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static int *volatile nowhere;

static int overflow(volatile int depth)
{
	volatile char room[4096];

	room[depth % 4096] = (char)depth;
	return depth < 0 ? 0 : overflow(depth + 1) + room[depth % 4096];
}

/* Nobody but the machine is to object. */
__attribute__((no_sanitize("undefined"))) static void
die_fault(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out)
{
	*nowhere = 1;
	fixture_tell(t, serial, lang, out);
}

static void die_overflow(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out)
{
	sink_printf(out, "%d", overflow(1));
	fixture_tell(t, serial, lang, out);
}

static void die_assert(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out)
{
	ASSERT(out == NULL);
	fixture_tell(t, serial, lang, out);
}

static void die_memory(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out)
{
	free(xmalloc(SIZE_MAX / 4));
	fixture_tell(t, serial, lang, out);
}

static stage_teller *teller_named(const char *name)
{
	static const struct {
		const char *name;
		stage_teller *tell;
	} ways[] = {{"die-fault", die_fault},
		    {"die-overflow", die_overflow},
		    {"die-assert", die_assert},
		    {"die-memory", die_memory}};

	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		if (strcmp(name, ways[i].name) == 0)
			return ways[i].tell;
	}
	return fixture_tell;
}

/* ---------------------------------------------------------------------------------------------- */

static struct trace *named(const char *name)
{
	if (strcmp(name, "storm") == 0)
		return fixture_storm();
	if (strcmp(name, "empty") == 0)
		return fixture_empty();
	if (strcmp(name, "alone") == 0)
		return fixture_alone();
	return fixture_first_wave();
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "first-wave";
	struct stage_options o = {.tell = teller_named(name)};
	struct trace *t;
	int status;

	for (int i = 2; i < argc; i++) {
		int theme = theme_named(argv[i]);

		if (strcmp(argv[i], "zh") == 0)
			o.lang = LANG_ZH;
		else if (strcmp(argv[i], "zh+en") == 0)
			o.lang = LANG_BOTH;
		else if (strcmp(argv[i], "no-mouse") == 0)
			o.has_no_mouse = true;
		else if (strcmp(argv[i], "still") == 0)
			o.motion = MOTION_NONE;
		else if (strcmp(argv[i], "ascii") == 0)
			o.is_ascii = true;
		else if (theme >= 0)
			o.theme = (enum theme)theme;
	}
	stage_options_environment(&o);
	if (strcmp(name, "is-sanitized") == 0)
		return IS_SANITIZED ? 0 : 1;
	if (strcmp(name, "playbill") == 0) {
		struct playbill_choice choice = {0};
		const struct playbill_source source = {t = fixture_first_wave(), entries, preview,
						       open_named, complete};

		status = stage_playbill(&source, &o, &choice, "");
		printf("%zu\n", choice.entry);
		trace_free(t);
		return status;
	}
	t = named(name);
	status = stage_play(t, "first-wave.scene", &o);
	trace_free(t);
	stage_raise_again();
	return status;
}
