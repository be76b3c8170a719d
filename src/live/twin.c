/* SPDX-License-Identifier: MIT */
/* twin.c - the recording's calls, performed by our engine: a script, a parse, a run. */
#include "live/twin.h"

#include <stdlib.h>
#include <string.h>
#include <base/array.h>
#include <scene/scene.h>
#include "live/script.h"
#include "live/script_write.h"

enum {
	CALLS_MAX = 4000, /* what is performed again and again stays small */
	MEMORY_MAX = 64 << 20,
};

struct twin {
	const struct trace *kernel;
	uint64_t seen; /* records of it */
	struct sink script;
	struct scene_file *file;
	struct scene_run *run;
};

struct twin *twin_new(void)
{
	return xcalloc(1, sizeof(struct twin));
}

static void let_go(struct twin *t)
{
	if (t->run)
		scene_run_free(t->run);
	if (t->file)
		scene_free(t->file);
	t->run = NULL;
	t->file = NULL;
}

void twin_free(struct twin *t)
{
	if (!t)
		return;
	let_go(t);
	sink_fini(&t->script);
	free(t);
}

/* Has something been done or sent since? What follows from it is the engine's own business. */
static bool has_grown(struct twin *t, const struct trace *kernel)
{
	uint64_t count = trace_count(kernel), from = t->seen;

	if (kernel != t->kernel || count < from)
		from = 0;
	t->kernel = kernel;
	t->seen = count;
	for (uint64_t i = from; i < count; i++) {
		uint8_t kind = trace_at(kernel, i)->kind;

		if (kind == REC_CALL || kind == REC_SEND || kind == REC_READ || kind == REC_WIND ||
		    kind == REC_END)
			return true;
	}
	return false;
}

static void perform(struct twin *t)
{
	struct scene_options o = {.event_limit = SCRIPT_EVENTS, .memory_limit = MEMORY_MAX};
	struct diags d = {0};

	t->file = scene_parse("twin", t->script.at, t->script.count, NULL, &d);
	t->run = t->file ? scene_run_new(t->file, 0, &o, &d) : NULL;
	if (t->run)
		scene_run_all(t->run);
	diags_fini(&d);
}

bool twin_follow(struct twin *t, const struct trace *kernel)
{
	struct script_options o = {.calls = CALLS_MAX};
	struct sink script = {0};

	if (!has_grown(t, kernel))
		return false;
	if (!script_draft(kernel, &o, &script) ||
	    (t->run && script.count == t->script.count &&
	     memcmp(script.at, t->script.at, script.count) == 0)) {
		sink_fini(&script);
		return false;
	}
	let_go(t);
	sink_fini(&t->script);
	t->script = script;
	perform(t);
	return true;
}

const struct trace *twin_trace(const struct twin *t)
{
	return t->run ? scene_run_trace(t->run) : NULL;
}
