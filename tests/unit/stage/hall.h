/* SPDX-License-Identifier: MIT */
/* hall.h - a theatre (theatre.h) with somebody in it who watches. */
#ifndef TEST_STAGE_HALL_H
#define TEST_STAGE_HALL_H

#include "theatre.h"

struct hall {
	struct theatre theatre;
	struct session session;
	struct canvas canvas; /* as drawn last */
	struct stage_options options;
};

/* It points into itself. Takes the trace; the first records are there from the beginning. */
void hall_enter(struct hall *h, struct trace *whole, uint64_t told, enum stage_motion motion);
void hall_leave(struct hall *h);
void hall_resize(struct hall *h, int rows, int columns);
void hall_press(struct hall *h, uint32_t key);
void hall_type(struct hall *h, const char *text);
/* What is ready is heard and taken in. */
void hall_hear(struct hall *h);
void hall_pass(struct hall *h, usec real);
bool hall_shows(const struct hall *h, const char *text);

#endif
