/* SPDX-License-Identifier: MIT */
/*
 * poses.c [--list] FILE... - plays every scene and counts how the people stand: each pose there is
 * must be seen by somebody who steps through the scenes that come with the program. --list prints
 * where each is seen first, for docs/STAGE.md.
 */
#include "scenery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <scene/scene.h>
#include <stage/pose.h>

struct sight {
	const char *file;
	usec at;
	char who[32];
};

static struct sight seen[POSE_COUNT];

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

/* Only what `--at` shows: all records of the instant are told. */
static void look(struct scenery *s, const char *file)
{
	moment_go(&s->moment, s->trace, s->player.cursor);
	for (int i = 0; i < s->story->people_count; i++) {
		uint8_t host = s->story->people[i];
		enum pose pose = pose_of(&s->view, host).pose;

		if (seen[pose].file)
			continue;
		seen[pose] = (struct sight){.file = file, .at = s->player.now};
		snprintf(seen[pose].who, sizeof seen[pose].who, "%s",
			 trace_host_at(s->trace, host)->title[0]);
	}
}

static void play(const struct scene_file *f, const char *file, size_t variant)
{
	struct diags diags = {0};
	struct scene_run *run = scene_run_new(f, variant, NULL, &diags);
	struct scenery s = {0};

	diags_fini(&diags);
	if (!run)
		return;
	scene_run_all(run);
	s.trace = (struct trace *)scene_run_trace(run);
	s.story = story_new(s.trace);
	player_init(&s.player, s.story, LANG_EN);
	s.view = (struct view){.story = s.story, .player = &s.player, .moment = &s.moment};
	for (size_t i = 0; i < s.story->stops.count; i++) {
		usec at = s.story->stops.at[i].at;
		usec next = i + 1 < s.story->stops.count ? s.story->stops.at[i + 1].at : at;

		player_seek(&s.player, at);
		look(&s, file);
		player_seek(&s.player, at + (next - at) / 2);
		look(&s, file);
	}
	moment_fini(&s.moment);
	story_free(s.story);
	scene_run_free(run);
}

static void play_all(const char *path)
{
	struct sink bytes = {0};
	struct diags diags = {0};
	struct scene_file *f = NULL;

	if (read_file(path, &bytes))
		f = scene_parse(path, bytes.at, bytes.count, NULL, &diags);
	for (size_t v = 0; f && v < scene_variant_count(f); v++)
		play(f, path, v);
	if (f)
		scene_free(f);
	diags_fini(&diags);
	sink_fini(&bytes);
}

/* "3-goodbye/four-way.scene" */
static const char *short_name(const char *path)
{
	const char *at = strstr(path, "scenarios/");

	return at ? at + strlen("scenarios/") : path;
}

static void list(void)
{
	for (int p = 0; p < POSE_COUNT; p++) {
		const struct sight *s = &seen[p];

		printf("| %s | %s | ", string_in(pose_word((enum pose)p), LANG_EN),
		       string_in(pose_word((enum pose)p), LANG_ZH));
		if (s->file)
			printf("`scenarios/%s --at %" PRId64 ".%06" PRId64 "s` | %s |\n",
			       short_name(s->file), s->at / USEC_PER_S, s->at % USEC_PER_S, s->who);
		else
			printf("- | - |\n");
	}
}

int main(int argc, char **argv)
{
	bool lists = argc > 1 && strcmp(argv[1], "--list") == 0;
	int failed = 0;

	for (int i = lists ? 2 : 1; i < argc; i++)
		play_all(argv[i]);
	if (lists) {
		list();
		return 0;
	}
	for (int p = 0; p < POSE_COUNT; p++) {
		printf("%s %d - somebody %s (%s)\n", seen[p].file ? "ok" : "not ok", p + 1,
		       string_in(pose_word((enum pose)p), LANG_EN), pose_name((enum pose)p));
		failed += !seen[p].file;
	}
	printf("1..%d\n", POSE_COUNT);
	return failed > 0;
}
