/* SPDX-License-Identifier: MIT */
/*
 * poses.c DOC DOC.zh FOLDER - plays every scene and counts how the people stand: each pose there
 * is must be seen by somebody who steps through the scenes that come with the program. The
 * documents show them all, and where each is seen, between <!-- poses --> and <!-- /poses -->;
 * WOSHOU_BLESS=1 writes what is there.
 */
#include "scenery.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/utf8.h>
#include <stage/pose.h>
#include "folder.h"

struct sight {
	const char *file; /* NULL: nobody ever stands so */
	usec at;
};

static struct sight seen[POSE_COUNT];

/* Only what `--at` shows: all records of the instant are told. */
static void look(struct scenery *s, const char *file)
{
	moment_go(&s->moment, s->trace, s->player.cursor);
	for (int i = 0; i < s->story->people_count; i++) {
		uint8_t host = s->story->people[i];
		enum pose pose = pose_of(&s->view, host).pose;

		if (!seen[pose].file)
			seen[pose] = (struct sight){.file = file, .at = s->player.now};
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
	struct scene_file *f = folder_parse(path);

	/* Of several runs --at would need one named. */
	if (f && scene_variant_count(f) == 1)
		play(f, path, 0);
	if (f)
		scene_free(f);
}

/* ---- the documents --------------------------------------------------------------------------- */

static const char *const when[POSE_COUNT][2] = {
	[POSE_STANDS] = {"nothing is done", "没有动作"},
	[POSE_WAITS] = {"LISTEN", "LISTEN"},
	[POSE_WAVES] = {"SYN sent", "发出 SYN"},
	[POSE_NODS_WAVES] = {"SYN,ACK sent", "发出 SYN,ACK"},
	[POSE_NODS] = {"ACK sent", "发出 ACK"},
	[POSE_SPEAKS] = {"text sent", "发出数据"},
	[POSE_AGAIN] = {"text retransmitted", "重传数据"},
	[POSE_LISTENS] = {"the delayed ACK's timer runs", "延迟确认的定时器在走"},
	[POSE_COVERS] = {"the own window is 0", "自己的窗口为 0"},
	[POSE_ASKS] = {"zero-window probe", "零窗口探测"},
	[POSE_TAPS] = {"keep-alive probe", "保活探测"},
	[POSE_GOODBYE] = {"FIN sent", "发出 FIN"},
	[POSE_TURNED] = {"FIN-WAIT-1", "FIN-WAIT-1"},
	[POSE_HEARS_OUT] = {"FIN-WAIT-2", "FIN-WAIT-2"},
	[POSE_TALKS_ON] = {"CLOSE-WAIT", "CLOSE-WAIT"},
	[POSE_LAST_WORD] = {"LAST-ACK", "LAST-ACK"},
	[POSE_BOTH_LEAVE] = {"CLOSING", "CLOSING"},
	[POSE_MOURNS] = {"TIME-WAIT; the candle burns for 2MSL", "TIME-WAIT；蜡烛烧 2MSL"},
	[POSE_SLAMS] = {"RST sent", "发出 RST"},
	[POSE_STARTLED] = {"reset or refused by a RST", "被 RST 打断或拒绝"},
	[POSE_GIVES_UP] = {"timed out", "超时放弃"},
	[POSE_LIES] = {"crashed", "死机"},
	[POSE_WAKES] = {"rebooted", "重启"},
};

/* "3-goodbye/four-way.scene" */
static const char *short_name(const char *path)
{
	const char *at = strstr(path, "scenarios/");

	return at ? at + strlen("scenarios/") : path;
}

/* One row of figures side by side, each under its word. */
static void put_figures(struct sink *out, enum pose_size size, enum lang lang, int from, int to)
{
	enum { APART = 3 };
	int columns = pose_columns(size) + APART;

	for (int row = -1; row < pose_rows(size); row++) {
		for (int p = from; p < to; p++) {
			char text[POSE_LARGE_COLUMNS + 1];
			struct stance s = {.pose = (enum pose)p, .candle = 700};
			const char *word = string_in(pose_word((enum pose)p), lang);

			if (row >= 0)
				pose_row(s, size, row, false, text);
			sink_puts(out, row < 0 ? word : text);
			for (size_t i = utf8_columns(row < 0 ? word : text); i < (size_t)columns;
			     i++)
				sink_putc(out, ' ');
		}
		while (out->at[out->count - 1] == ' ')
			out->at[--out->count] = '\0';
		sink_putc(out, '\n');
	}
	sink_putc(out, '\n');
}

/* "1.05" */
static void put_seconds(struct sink *out, usec at)
{
	sink_printf(out, "%" PRId64 ".%06" PRId64, at / USEC_PER_S, at % USEC_PER_S);
	while (out->at[out->count - 1] == '0')
		out->at[--out->count] = '\0';
	if (out->at[out->count - 1] == '.')
		out->at[--out->count] = '\0';
}

static void put_poses(struct sink *out, enum lang lang)
{
	static const int side_by_side[] = {[POSE_SMALL] = 7, [POSE_LARGE] = 6};

	for (int size = POSE_SMALL; size <= POSE_LARGE; size++) {
		sink_puts(out, "\n```\n");
		for (int p = 0; p < POSE_COUNT; p += side_by_side[size])
			put_figures(out, (enum pose_size)size, lang, p,
				    p + side_by_side[size] < POSE_COUNT ? p + side_by_side[size]
									: POSE_COUNT);
		out->at[--out->count] = '\0';
		sink_puts(out, "```\n");
	}
	sink_puts(out, lang == LANG_ZH ? "\n| 姿势 | 何时 | 在哪里看到：`tools/run play` |\n"
				       : "\n| pose | when | seen with `tools/run play` |\n");
	sink_puts(out, "| --- | --- | --- |\n");
	for (int p = 0; p < POSE_COUNT; p++) {
		const struct sight *s = &seen[p];

		sink_printf(out, "| %s | %s | ", string_in(pose_word((enum pose)p), lang),
			    when[p][lang == LANG_ZH]);
		if (s->file) {
			sink_printf(out, "`scenarios/%s --at ", short_name(s->file));
			put_seconds(out, s->at);
			sink_puts(out, "s`");
		}
		sink_puts(out, " |\n");
	}
	sink_putc(out, '\n');
}

static bool write_file(const char *path, const struct sink *bytes)
{
	FILE *file = fopen(path, "wb");
	bool is_good = file && fwrite(bytes->at, 1, bytes->count, file) == bytes->count;

	return file && fclose(file) == 0 && is_good;
}

/* Does it show what is? */
static bool is_current(const char *path, enum lang lang)
{
	static const char begin[] = "<!-- poses -->\n", end[] = "<!-- /poses -->\n";
	struct sink was = {0}, is = {0};
	const char *first, *last;
	bool is_good;

	if (!folder_read(path, &was))
		return false;
	first = strstr(was.at, begin);
	last = first ? strstr(first, end) : NULL;
	if (!last)
		return false;
	sink_put(&is, was.at, (size_t)(first - was.at) + strlen(begin));
	put_poses(&is, lang);
	sink_puts(&is, last);
	is_good = was.count == is.count && memcmp(was.at, is.at, is.count) == 0;
	if (!is_good && getenv("WOSHOU_BLESS"))
		is_good = write_file(path, &is);
	sink_fini(&was);
	sink_fini(&is);
	return is_good;
}

int main(int argc, char **argv)
{
	int failed = 0, number = 0;
	struct folder folder;

	if (argc < 3)
		return 2;
	folder_init(&folder, argv + 3, argc - 3);
	for (size_t i = 0; i < folder.paths.count; i++)
		play_all(folder.paths.at[i]);
	for (int p = 0; p < POSE_COUNT; p++) {
		printf("%s %d - somebody %s (%s)\n", seen[p].file ? "ok" : "not ok", ++number,
		       string_in(pose_word((enum pose)p), LANG_EN), pose_name((enum pose)p));
		failed += !seen[p].file;
	}
	for (int i = 1; i <= 2; i++) {
		bool is_good = is_current(argv[i], i == 1 ? LANG_EN : LANG_ZH);

		printf("%s %d - %s shows the poses as they are\n", is_good ? "ok" : "not ok",
		       ++number, argv[i]);
		failed += !is_good;
	}
	printf("1..%d\n", number);
	folder_fini(&folder);
	return failed > 0;
}
