/* SPDX-License-Identifier: MIT */
#include "hall.h"

#include <string.h>
#include <base/utf8.h>
#include "fixture.h"

void hall_enter(struct hall *h, struct trace *whole, uint64_t told, enum stage_motion motion)
{
	*h = (struct hall){0};
	theatre_init(&h->theatre, whole);
	theatre_say(&h->theatre, 0, told);
	h->theatre.live.turn(&h->theatre);
	h->options = (struct stage_options){
		.live = &h->theatre.live, .motion = motion, .tell = fixture_tell};
	session_init(&h->session, NULL, "echo", &h->options);
	canvas_init(&h->canvas, 24, 80, false);
	session_draw(&h->session, &h->canvas);
}

void hall_leave(struct hall *h)
{
	canvas_fini(&h->canvas);
	session_fini(&h->session);
	theatre_fini(&h->theatre);
}

void hall_press(struct hall *h, uint32_t key)
{
	session_input(&h->session, &(struct input){.key = key});
	session_draw(&h->session, &h->canvas);
}

void hall_hear(struct hall *h)
{
	session_turn(&h->session);
	if (session_has_news(&h->session))
		session_take(&h->session);
	session_draw(&h->session, &h->canvas);
}

void hall_pass(struct hall *h, usec real)
{
	session_tick(&h->session, real);
	session_draw(&h->session, &h->canvas);
}

bool hall_shows(const struct hall *h, const char *text)
{
	struct sink out = {0};
	bool found;

	canvas_dump(&h->canvas, &out);
	found = strstr(out.at, text) != NULL;
	sink_fini(&out);
	return found;
}

void hall_resize(struct hall *h, int rows, int columns)
{
	canvas_fini(&h->canvas);
	canvas_init(&h->canvas, rows, columns, false);
	session_draw(&h->session, &h->canvas);
}

void hall_type(struct hall *h, const char *text)
{
	while (*text) {
		uint32_t cp;

		text += utf8_next(text, strlen(text), &cp);
		hall_press(h, cp);
	}
}
