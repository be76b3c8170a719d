/* SPDX-License-Identifier: MIT */
/*
 * fuzz_scene.c - any octets as a scene file. They are read, and formatted when they are a play: the
 * layout must be a play again, the same one however often. Its first runs are begun, and cut short.
 * A line by hand is done to it: whatever comes of that must be a play of its own, without includes.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <base/assert.h>
#include <scene/history.h>
#include <scene/scene.h>

enum { OCTETS_MAX = 1 << 16, RUNS_MAX = 2, EVENTS = 2000, MEMORY = 64 << 20, RECORDS_MAX = 20000 };

/* Everything that an `include` names is this one file. */
static bool load(void *user, const char *path, struct sink *out)
{
	(void)user;
	(void)path;
	sink_puts(out, "woshou 1\nperson guest\n");
	return true;
}

static void format(const char *text, size_t n)
{
	struct diags d = {0};
	struct sink once = {0}, twice = {0};

	if (scene_format("-", text, n, &once, &d)) {
		ASSERT(scene_format("-", once.at, once.count, &twice, &d));
		ASSERT(once.count == twice.count);
		ASSERT(memcmp(once.at, twice.at, once.count) == 0);
	}
	sink_fini(&once);
	sink_fini(&twice);
	diags_fini(&d);
}

static void run(const struct scene_file *f, size_t variant)
{
	const struct scene_options o = {.event_limit = EVENTS};
	struct diags d = {0};
	struct scene_run *run = scene_run_new(f, variant, &o, &d);
	struct sink out = {0};

	ASSERT(run);
	while (trace_count(scene_run_trace(run)) < RECORDS_MAX && scene_run_step(run))
		;
	if (scene_run_is_over(run))
		scene_run_report(run, &out);
	sink_fini(&out);
	scene_run_free(run);
	diags_fini(&d);
}

/* The last line, as a deed; most are none, and told so. */
static void act(const struct scene_file *f, const char *text, size_t n)
{
	const struct scene_options o = {.event_limit = EVENTS, .memory_limit = MEMORY};
	struct diags d = {0};
	struct history *h = history_new(f, 0, &o, &d);
	struct sink deed = {0}, out = {0};
	size_t from;
	uint32_t b;

	while (n > 0 && text[n - 1] == '\n')
		n--;
	for (from = n; from > 0 && text[from - 1] != '\n'; from--)
		;
	sink_put(&deed, text + from, n - from);
	sink_puts(&deed, "");
	b = history_act(h, 0, (usec)(n % 7) * 300000, deed.at, &d);
	ASSERT((b == NO_BRANCH) == (d.errors > 0));
	if (b == NO_BRANCH)
		b = 0;
	if (history_text(h, b, &out, &d)) {
		struct diags none = {0};
		struct scene_file *again = scene_parse("-", out.at, out.count, NULL, &none);

		ASSERT(again);
		ASSERT(scene_variant_count(again) == 1);
		scene_free(again);
		diags_fini(&none);
	}
	history_free(h);
	sink_fini(&deed);
	sink_fini(&out);
	diags_fini(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	const struct scene_loader loader = {.load = load};
	const char *text = (const char *)octets;
	struct diags d = {0};
	struct sink out = {0};
	struct scene_file *f;

	if (n > OCTETS_MAX)
		return 0;
	f = scene_parse("-", text, n, &loader, &d);
	diag_print(&d, &out);
	ASSERT((f == NULL) == (d.errors > 0));
	for (size_t i = 0; f && i < scene_variant_count(f) && i < RUNS_MAX; i++)
		run(f, i);
	if (f)
		act(f, text, n);
	format(text, n);
	scene_free(f);
	sink_fini(&out);
	diags_fini(&d);
	return 0;
}
