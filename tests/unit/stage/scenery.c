/* SPDX-License-Identifier: MIT */
#include "scenery.h"

#include "sound.h"

void scenery_init(struct scenery *s, struct trace *t)
{
	*s = (struct scenery){.trace = t, .story = story_new(t)};
	player_init(&s->player, s->story, LANG_EN);
	s->view = (struct view){.story = s->story,
				.player = &s->player,
				.moment = &s->moment,
				.title = "plays/first-wave.scene",
				.tell = fixture_tell};
}

void scenery_fini(struct scenery *s)
{
	moment_fini(&s->moment);
	story_free(s->story);
	trace_free(s->trace);
}

struct canvas scenery_draw(struct scenery *s, int rows, int columns)
{
	struct canvas c;

	canvas_init(&c, rows, columns, false);
	moment_go(&s->moment, s->trace, s->player.cursor);
	view_draw(&c, &s->view, &s->hits);
	s->player.panels = s->hits.panels;
	return c;
}

bool canvas_is_sound(const struct canvas *c)
{
	return canvas_fault(c) == NULL;
}
