/* SPDX-License-Identifier: MIT */
/*
 * plays.c FOLDER - every play of every scene on the stage, stepped through to its end and back:
 * each picture is sound, each step shows something new, and going back shows what was shown.
 */
#include "scenery.h"

#include <stdio.h>
#include "folder.h"

enum { STEPS_MAX = 3000, ROWS = 30, COLUMNS = 100 };

static uint64_t hash_of(const struct canvas *c)
{
	uint64_t h = 1469598103934665603u;

	for (int i = 0; i < c->rows * c->columns; i++) {
		const struct cell *cell = &c->cells[i];

		for (int o = 0; o < cell->octets; o++)
			h = (h ^ (unsigned char)cell->text[o]) * 1099511628211u;
		h = (h ^ (unsigned)(cell->role << 8 | cell->attrs)) * 1099511628211u;
	}
	return h;
}

/* NULL: all is well. */
static const char *look(struct scenery *s, uint64_t *hash)
{
	struct canvas c = scenery_draw(s, ROWS, COLUMNS);
	const char *wrong = canvas_is_sound(&c) ? NULL : "a picture is not sound";

	*hash = hash_of(&c);
	canvas_fini(&c);
	return wrong;
}

static const char *walk(struct scenery *s)
{
	static uint64_t seen[STEPS_MAX];
	const char *wrong = look(s, &seen[0]);
	int n = 0;

	while (!wrong && n + 1 < STEPS_MAX && !player_is_at_end(&s->player)) {
		player_key(&s->player, '.');
		wrong = look(s, &seen[++n]);
		if (!wrong && seen[n] == seen[n - 1])
			wrong = "a step shows nothing new";
	}
	while (!wrong && n > 0) {
		uint64_t again;

		player_key(&s->player, ',');
		wrong = look(s, &again);
		if (!wrong && again != seen[--n])
			wrong = "going back shows something else";
	}
	return wrong;
}

static const char *play(const struct scene_file *f, size_t variant)
{
	struct diags diags = {0};
	struct scene_run *run = scene_run_new(f, variant, NULL, &diags);
	const struct trace *t;
	struct scenery s = {0};
	const char *wrong;

	diags_fini(&diags);
	if (!run)
		return "it does not run";
	scene_run_all(run);
	t = scene_run_trace(run);
	s.trace = (struct trace *)t; /* scenery only ends what it was given: not here */
	s.story = story_new(t);
	player_init(&s.player, s.story, LANG_BOTH);
	s.view = (struct view){.story = s.story,
			       .player = &s.player,
			       .moment = &s.moment,
			       .title = scene_name(f),
			       .tell = fixture_tell};
	wrong = walk(&s);
	moment_fini(&s.moment);
	story_free(s.story);
	scene_run_free(run);
	return wrong;
}

int main(int argc, char **argv)
{
	int number = 0, failed = folder_play(argv + 1, argc - 1, play, &number);

	printf("1..%d\n", number);
	return failed > 0;
}
