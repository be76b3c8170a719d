/* SPDX-License-Identifier: MIT */
/* scenery.h - a player on a trace, and its picture on a canvas of any size. */
#ifndef TEST_STAGE_SCENERY_H
#define TEST_STAGE_SCENERY_H

#include <stage/view.h>
#include "fixture.h"

struct scenery {
	struct trace *trace;
	struct story *story;
	struct player player;
	struct moment moment;
	struct view view;
	struct hits hits;
};

void scenery_init(struct scenery *s, struct trace *t); /* takes the trace */
void scenery_fini(struct scenery *s);
/* A new canvas; the caller ends it. */
struct canvas scenery_draw(struct scenery *s, int rows, int columns);
/* Every cell holds something, and what is wide has its right half beside it. */
bool canvas_is_sound(const struct canvas *c);

#endif
