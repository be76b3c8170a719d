/* SPDX-License-Identifier: MIT */
#include "scenery.h"

#include <base/utf8.h>

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
	for (int row = 0; row < c->rows; row++) {
		for (int column = 0; column < c->columns; column++) {
			const struct cell *cell = canvas_at(c, row, column);
			bool has_half = column + 1 < c->columns &&
					canvas_at(c, row, column + 1)->width == 0;
			bool is_half_of_wide =
				column > 0 && canvas_at(c, row, column - 1)->width == 2;

			if (cell->width > 2 || (cell->width == 2) != has_half)
				return false;
			if ((cell->width == 0) != is_half_of_wide)
				return false;
			if (cell->width > 0 && utf8_width(cell->text, cell->octets) != cell->width)
				return false;
		}
	}
	return true;
}
