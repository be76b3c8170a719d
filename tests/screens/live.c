/* SPDX-License-Identifier: MIT */
/*
 * live.c FOLDER - pictures of a recording while it grows: at its edge, on the way there, looking
 * back, the list of conversations, and the line in which one speaks.
 */
#include <stdio.h>
#include <string.h>
#include <base/utf8.h>
#include "fixture.h"
#include "golden.h"
#include "theatre.h"

static const struct size {
	const char *name;
	int rows, columns;
} sizes[] = {{"80x24", 24, 80}, {"120x40", 40, 120}, {"40x12", 12, 40}};

static const struct shot {
	const char *name;
	uint64_t told;     /* records when it is opened */
	uint64_t more;     /* records that come then */
	usec late;         /* after the last of them */
	const char *typed; /* E: Enter */
	bool is_lacking, has_more_talks, is_waiting, has_twin;
	enum stage_motion motion;
} shots[] = {
	{"waiting", 0, 0, 0, "", false, false, true, false, MOTION_NONE},
	{"lacking", 0, 0, 0, "", true, false, true, false, MOTION_NONE},
	{"edge", 1000, 0, 12300000, "", false, false, false, false, MOTION_NONE},
	{"arriving", 4, 30, 0, "", false, false, false, false, MOTION_STEPS},
	{"back", 60, 0, 0, ",,,,,,", true, false, false, false, MOTION_NONE},
	{"talks", 60, 0, 0, "Cj", true, true, false, false, MOTION_NONE},
	{"say", 60, 0, 0, "eget down", false, false, false, false, MOTION_NONE},
	{"order", 60, 0, 0, "e:c", false, false, false, false, MOTION_NONE},
	{"beside", 1000, 0, 0, "", false, false, false, true, MOTION_NONE},
	{"beside-why", 1000, 0, 0, "kkkkkk", false, false, false, true, MOTION_NONE},
};

static void type(struct session *s, struct canvas *c, const char *typed)
{
	while (*typed) {
		uint32_t cp;

		typed += utf8_next(typed, strlen(typed), &cp);
		session_input(s, &(struct input){.key = cp == 'E' ? PRESS_ENTER : cp});
		session_draw(s, c);
	}
}

static void take_shot(const struct shot *shot, const struct size *size, enum lang lang,
		      bool is_ascii, struct sink *out)
{
	struct theatre t;
	struct trace *twin = shot->has_twin ? theatre_twin() : NULL;
	struct stage_options o = {
		.live = &t.live,
		.lang = lang,
		.motion = shot->motion,
		.is_ascii = is_ascii,
		.tell = fixture_tell,
		.play = {"echo server at 127.0.0.1:8888", "回声服务器 127.0.0.1:8888"}};
	struct session s;
	struct canvas c;

	theatre_init(&t, theatre_loopback());
	if (shot->is_waiting)
		t.talks = 0;
	for (int i = 0; i < 2 && shot->has_more_talks; i++) {
		theatre_add(&t, theatre_loopback());
		theatre_say(&t, (uint32_t)i + 1, 30 + 1000 * (uint64_t)i);
	}
	theatre_say(&t, 0, shot->told);
	t.live.turn(&t);
	t.now += shot->late;
	t.is_lacking = shot->is_lacking;
	t.twin = twin;
	session_init(&s, NULL, "echo", &o);
	canvas_init(&c, size->rows, size->columns, is_ascii);
	session_draw(&s, &c);
	theatre_say(&t, 0, shot->more);
	session_turn(&s);
	if (session_has_news(&s))
		session_take(&s);
	/* On a large screen the two ladders are there already. */
	if (shot->has_twin && size->columns < 120)
		type(&s, &c, "7");
	if (shot->has_twin && size->columns >= 120)
		type(&s, &c, "77");
	type(&s, &c, shot->typed);
	session_draw(&s, &c);
	canvas_dump(&c, out);
	canvas_fini(&c);
	session_fini(&s);
	t.talks = t.talks == 0 ? 1 : t.talks;
	theatre_fini(&t);
	if (twin)
		trace_free(twin);
}

int main(int argc, char **argv)
{
	enum { SIZES = sizeof sizes / sizeof sizes[0], SHOTS = sizeof shots / sizeof shots[0] };
	int number = 0, bad = 0;

	if (argc != 2)
		return 2;
	printf("1..%d\n", SIZES * SHOTS * 2 + 1);
	for (int i = 0; i < SHOTS * SIZES * 2; i++) {
		const struct size *size = &sizes[i / 2 % SIZES];
		const struct shot *shot = &shots[i / 2 / SIZES];
		struct sink out = {0}, name = {0};

		take_shot(shot, size, i % 2 ? LANG_ZH : LANG_EN, false, &out);
		sink_printf(&name, "live-%s-%s%s", shot->name, size->name, i % 2 ? "-zh" : "");
		bad += !golden(argv[1], name.at, ++number, &out);
		sink_fini(&out);
		sink_fini(&name);
	}
	for (int i = 0; i < 1; i++) {
		struct sink out = {0};

		take_shot(&shots[4], &sizes[0], LANG_EN, true, &out);
		bad += !golden(argv[1], "live-back-80x24-ascii", ++number, &out);
		sink_fini(&out);
	}
	return bad > 0;
}
