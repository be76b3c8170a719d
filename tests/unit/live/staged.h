/* SPDX-License-Identifier: MIT */
/* staged.h - a scene that was run, for tests that take its trace for a recording. */
#ifndef TEST_LIVE_STAGED_H
#define TEST_LIVE_STAGED_H

#include <scene/scene.h>

/* Two people with the profile linux, 5 ms apart; the test goes on from here. */
#define TWO_PEOPLE                                                                                 \
	"woshou 1\n"                                                                               \
	"person zhang profile linux en \"Zhang San\" zh \"张三\" { isn 1000 }\n"                 \
	"person li profile linux en \"Li Si\" zh \"李四\" { isn 5000 }\n"                        \
	"wind zhang <-> li { delay 5ms }\n"
#define CONNECTED TWO_PEOPLE "at 0s li listen\nat 0s zhang connect li\n"

struct staged {
	struct scene_file *file;
	struct scene_run *run;
	const struct trace *trace;
	struct diags diags; /* none of them errors */
};

/* Fails the test when it cannot be read or run. */
void staged_run(struct staged *s, const char *name, const char *text, size_t n, size_t variant,
		const struct scene_options *o);
void staged_text(struct staged *s, const char *text);
void staged_fini(struct staged *s);

#endif
