/* SPDX-License-Identifier: MIT */
/*
 * random_keys.c COLUMNSxROWS [SCENE...] - a monkey at the stage, on traces made by hand, on a
 * recording that breaks off, and on each SCENE. $WOSHOU_KEYS deeds (20,000), from $WOSHOU_SEED (1).
 */
#include "monkey.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <woshou/jsonl.h>
#include <base/diag.h>
#include <scene/scene.h>
#include "fixture.h"
#include "theatre.h"

enum { LIFE = 400 /* deeds before he goes to another play */ };

struct play {
	const char *name;
	struct trace *own; /* to be freed */
	const struct trace *trace;
	struct scene_file *file;
	struct scene_run *run;
	bool grows; /* while he is there, with others of its kind */
};

struct plays {
	ARRAY(struct play) list;
};

static void add_trace(struct plays *plays, const char *name, struct trace *t)
{
	*array_push(&plays->list) = (struct play){.name = name, .own = t, .trace = t};
}

static struct trace *cut(struct trace *t, uint64_t count)
{
	if (count < trace_count(t))
		trace_rewind(t, count);
	return t;
}

static void add_scene(struct plays *plays, const char *name, const char *bytes, size_t n)
{
	struct diags d = {0};
	struct play play = {.name = name};
	struct sink recorded = {0};
	struct trace *broken;

	play.file = scene_parse(name, bytes, n, NULL, &d);
	play.run = play.file ? scene_run_new(play.file, 0, NULL, &d) : NULL;
	diags_fini(&d);
	if (!play.run) {
		printf("Bail out! %s does not run\n", name);
		exit(1);
	}
	scene_run_all(play.run);
	play.trace = scene_run_trace(play.run);
	*array_push(&plays->list) = play;
	/* And as it comes back from a file, broken off in the middle. */
	trace_write_jsonl(play.trace, &recorded);
	if (trace_read_jsonl(&broken, recorded.at, recorded.count, name, &d))
		add_trace(plays, "a recording", cut(broken, trace_count(broken) / 2));
	diags_fini(&d);
	sink_fini(&recorded);
}

static bool add_file(struct plays *plays, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct sink text = {0};
	char bytes[4096];
	size_t n;

	if (!file)
		return false;
	sink_puts(&text, "");
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
		sink_put(&text, bytes, n);
	fclose(file);
	add_scene(plays, path, text.at, text.count);
	sink_fini(&text);
	return true;
}

static void add_all(struct plays *plays, char **scenes, int n)
{
	static const char bulk[] =
		"woshou 1\ntitle en \"bulk\" zh \"多\"\n"
		"person zhang en \"Zhang San\" zh \"张三\" { source 300KiB }\n"
		"person li en \"Li Si\" zh \"李四\" { sink }\n"
		"wind zhang <-> li { delay 50ms }\n"
		"wind zhang -> li { drop 5% max 100 }\n"
		"scene a en \"a\" zh \"一\" {\n  at 0s li listen\n  at 0s zhang connect li\n}\n";

	add_trace(plays, "first wave", fixture_first_wave());
	add_trace(plays, "storm", fixture_storm());
	add_trace(plays, "empty", fixture_empty());
	add_trace(plays, "alone", fixture_alone());
	add_trace(plays, "a storm that grows", fixture_storm());
	array_last(&plays->list)->grows = true;
	add_trace(plays, "a conversation that grows", theatre_loopback());
	array_last(&plays->list)->grows = true;
	add_trace(plays, "storm, broken off", cut(fixture_storm(), 37));
	add_scene(plays, "bulk", bulk, sizeof bulk - 1);
	for (int i = 0; i < n; i++) {
		if (!add_file(plays, scenes[i])) {
			printf("Bail out! %s: not there\n", scenes[i]);
			exit(1);
		}
	}
}

static void free_all(struct plays *plays)
{
	for (size_t i = 0; i < plays->list.count; i++) {
		struct play *p = &plays->list.at[i];

		if (p->own)
			trace_free(p->own);
		if (p->run)
			scene_run_free(p->run);
		if (p->file)
			scene_free(p->file);
	}
	array_fini(&plays->list);
}

static uint64_t asked(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 10) : otherwise;
}

static void stir(void *user, struct chance *c)
{
	struct theatre *t = user;

	if (t->talks < THEATRE_TALKS && chance_below(c, 40) == 0)
		theatre_add(t, theatre_part(t->talk[0].whole, UINT64_MAX));
	if (t->talks > 0)
		theatre_say(t, chance_below(c, t->talks), chance_below(c, 6));
	t->now += chance_below(c, 2) * chance_below(c, 3000000);
	if (chance_below(c, 30) == 0)
		t->twin = t->twin ? NULL : t->talk[0].whole;
	t->is_forbidden = chance_below(c, 2) == 0;
	t->is_lacking = chance_below(c, 2) == 0;
	t->is_over = t->is_over || chance_below(c, 200) == 0;
}

/* One life in one play. NULL: nothing was wrong. */
static const char *live(const struct play *play, uint64_t seed, uint64_t life, uint64_t deeds,
			int rows, int columns)
{
	struct chance c = {0};
	struct monkey m = {0};
	const char *fault = NULL;
	struct theatre theatre;
	uint64_t i = 0;

	prng_init(&c.prng, seed, life);
	if (play->grows) {
		theatre_init(&theatre, theatre_part(play->trace, UINT64_MAX));
		m.live = &theatre.live;
		m.stir = stir;
		m.user = &theatre;
	}
	monkey_open(&m, play->trace, play->file, &c, rows, columns);
	for (; !fault && i < deeds; i++)
		fault = monkey_act(&m, &c);
	if (fault) {
		printf("# %s, %dx%d, seed %" PRIu64 ", life %" PRIu64 ", deed %" PRIu64 ": %s\n",
		       play->name, columns, rows, seed, life, i, fault);
		monkey_print_trail(&m);
	}
	monkey_close(&m);
	if (play->grows)
		theatre_fini(&theatre);
	return fault;
}

int main(int argc, char **argv)
{
	uint64_t deeds = asked("WOSHOU_KEYS", 20000), seed = asked("WOSHOU_SEED", 1);
	struct plays plays = {0};
	int rows, columns, failed = 0;

	if (argc < 2 || sscanf(argv[1], "%dx%d", &columns, &rows) != 2)
		return 2;
	add_all(&plays, argv + 2, argc - 2);
	printf("1..%zu\n", plays.list.count);
	for (size_t i = 0; i < plays.list.count; i++) {
		const char *fault = NULL;
		uint64_t share = deeds / plays.list.count + 1, life = i * 1000000;

		for (uint64_t done = 0; !fault && done < share; done += LIFE)
			fault = live(&plays.list.at[i], seed, life++,
				     share - done < LIFE ? share - done : LIFE, rows, columns);
		printf("%s %zu - %" PRIu64 " deeds: %s\n", fault ? "not ok" : "ok", i + 1, share,
		       plays.list.at[i].name);
		failed += fault != NULL;
	}
	free_all(&plays);
	return failed > 0 ? 1 : 0;
}
