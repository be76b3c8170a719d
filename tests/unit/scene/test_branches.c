/* SPDX-License-Identifier: MIT */
/*
 * Random deeds by hand in all plays that come along: the past of a branch is its parent's, its text
 * played again gives the same octets and passes, is laid out as it should be, and lint finds
 * nothing in it that it does not find in the play.
 */
#include "fixture.h"
#include "suites.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/prng.h>
#include <scene/history.h>
#include <trace/moment.h>
#include <woshou/jsonl.h>

enum { DEEDS = 4, VARIANTS_MAX = 8, SEED = 7 };

struct world_of_deeds {
	struct history *h;
	struct prng prng;
	bool has_passed; /* the play as written */
};

static uint64_t below(struct world_of_deeds *w, uint64_t bound)
{
	return prng_below(&w->prng, bound);
}

/* ---- any deed -------------------------------------------------------------------------------- */

static const char *person(struct world_of_deeds *w, const struct trace *t)
{
	return trace_host_at(t, (uint8_t)below(w, trace_host_count(t)))->name;
}

static usec any_time(struct world_of_deeds *w, const struct trace *t)
{
	usec at = trace_at(t, below(w, trace_count(t)))->at;

	switch (below(w, 4)) {
	case 0: return at + (usec)below(w, 50000);
	case 1: return at + (usec)below(w, 5000000);
	default: return at;
	}
}

static void flight_deed(struct world_of_deeds *w, const char *word, struct sink *out)
{
	switch (below(w, 7)) {
	case 0: sink_printf(out, "drop %s", word); return;
	case 1: sink_printf(out, "delay %s by %" PRIu64 "ms", word, below(w, 9000)); return;
	case 2: sink_printf(out, "duplicate %s", word); return;
	case 3: sink_printf(out, "duplicate %s after %" PRIu64 "us", word, below(w, 99999)); return;
	case 4: sink_printf(out, "reorder %s past %" PRIu64, word, 1 + below(w, 3)); return;
	case 5:
		sink_printf(out, "reorder %s past 1 or %" PRIu64 "ms", word, 1 + below(w, 99));
		return;
	default: sink_printf(out, "corrupt %s", word); return;
	}
}

static void call(struct world_of_deeds *w, const struct trace *t, struct sink *out)
{
	static const char *const verbs[] = {"close",
					    "shutdown",
					    "abort",
					    "write \"hand\"",
					    "crash",
					    "reboot",
					    "listen port 99",
					    "read",
					    "accept",
					    "write 5kB",
					    "option nagle off",
					    "echo"};
	size_t verb = below(w, sizeof verbs / sizeof verbs[0] + 1);
	const char *who = person(w, t);

	if (verb < sizeof verbs / sizeof verbs[0])
		sink_printf(out, "%s %s", who, verbs[verb]);
	else
		sink_printf(out, "%s connect %s", who, person(w, t));
}

static void wind(struct world_of_deeds *w, const struct trace *t, struct sink *out)
{
	static const char *const gusts[] = {"delay 10ms",
					    "delay 1s  jitter 20ms",
					    "drop 1st where data",
					    "drop 50% max 2",
					    "mtu 200B",
					    "duplicate every 2nd where data",
					    "rate 1kbit queue 2kB",
					    "lifetime 30ms",
					    "corrupt 1st"};

	sink_printf(out, "wind %s <-> %s { %s }", person(w, t), person(w, t),
		    gusts[below(w, sizeof gusts / sizeof gusts[0])]);
}

/* A word in flight that set out before, or nothing. */
static bool any_flight(struct world_of_deeds *w, const struct trace *t, usec at, struct sink *out)
{
	for (int i = 0; i < 20; i++)
		if (flight_name(t, at, below(w, trace_count(t)), out))
			return true;
	for (uint64_t i = trace_cursor_at(t, at); i-- > 0;)
		if (flight_name(t, at, i, out))
			return true;
	return false;
}

/* ---- what must hold -------------------------------------------------------------------------- */

static char *octets_of(const struct trace *t)
{
	struct sink out = {0};

	trace_write_jsonl(t, &out);
	return out.at;
}

/* A question's answer may come after the deed. */
static bool is_asked(const char *line)
{
	return strstr(line, "\"ask\"") != NULL;
}

static void has_past_of(struct world_of_deeds *w, uint32_t b, const char *about)
{
	const struct branch *branch = history_branch(w->h, b);
	char *mine = octets_of(history_trace(w->h, b));
	char *theirs = octets_of(history_trace(w->h, branch->parent));
	char *x = strchr(mine, '\n') + 1, *y = strchr(theirs, '\n') + 1;

	for (uint64_t i = 0; i < branch->cursor; i++) {
		size_t n = strcspn(x, "\n");

		x[n] = '\0';
		y[strcspn(y, "\n")] = '\0';
		if (strcmp(x, y) != 0 && !is_asked(x) &&
		    trace_at(history_trace(w->h, b), i)->at < branch->at)
			ck_abort_msg("%s: record %" PRIu64 " of the past\n%s\n%s", about, i, x, y);
		x += strlen(x) + 1;
		y += strlen(y) + 1;
	}
	free(mine);
	free(theirs);
}

static int warnings_of(const char *text, size_t n)
{
	struct diags d = {0};
	int warnings;

	scene_free(scene_parse("x.scene", text, n, NULL, &d));
	warnings = d.errors ? 1000 : d.warnings;
	diags_fini(&d);
	return warnings;
}

static void plays_again(struct world_of_deeds *w, uint32_t b, const char *name, int warnings,
			const char *about)
{
	char *mine = octets_of(history_trace(w->h, b)), *again;
	struct sink text = {0}, laid = {0};
	struct diags d = {0};
	struct scene_file *f;
	struct scene_run *run;

	ck_assert(history_text(w->h, b, &text, &d));
	ck_assert(scene_format(name, text.at, text.count, &laid, &d));
	ck_assert_msg(strcmp(text.at, laid.at) == 0, "%s: not laid out\n%s", about, text.at);
	ck_assert_msg(warnings_of(text.at, text.count) <= warnings, "%s: lint\n%s", about, text.at);
	f = scene_parse(name, text.at, text.count, NULL, &d);
	run = scene_run_new(f, 0, NULL, &d);
	scene_run_all(run);
	again = octets_of(scene_run_trace(run));
	ck_assert_msg(strcmp(mine, again) == 0, "%s: another play\n%s", about, text.at);
	ck_assert_msg(scene_run_has_passed(run) == scene_run_has_passed(history_run(w->h, b)),
		      "%s: another verdict\n%s", about, text.at);
	scene_run_free(run);
	scene_free(f);
	free(mine);
	free(again);
	sink_fini(&text);
	sink_fini(&laid);
	diags_fini(&d);
}

/* ---- plays ----------------------------------------------------------------------------------- */

static void do_deed(struct world_of_deeds *w, const char *name, int warnings)
{
	uint32_t from = (uint32_t)below(w, history_count(w->h)), b;
	const struct trace *t = history_trace(w->h, from);
	usec at = any_time(w, t);
	struct sink deed = {0}, word = {0}, said = {0}, about = {0};
	struct diags d = {0};
	uint64_t kind = below(w, 8);
	bool is_flight = kind < 5 && any_flight(w, t, at, &word);

	if (is_flight)
		flight_deed(w, word.at, &deed);
	else if (kind < 7)
		call(w, t, &deed);
	else
		wind(w, t, &deed);
	sink_printf(&about, "%s %s: on %" PRIu32 " at %" PRId64 " %s", name,
		    history_branch(w->h, 0)->name, from, (int64_t)at, deed.at);
	b = history_act(w->h, from, at, deed.at, &d);
	diag_print(&d, &said);
	ck_assert_msg((b == NO_BRANCH) == (d.errors > 0), "%s: %s", about.at, said.at);
	ck_assert_msg(!is_flight || b != NO_BRANCH || strstr(said.at, "comes to no end"), "%s: %s",
		      about.at, said.at);
	if (getenv("WOSHOU_SAY"))
		fprintf(stderr, "%s: %s\n", about.at, b == NO_BRANCH ? said.at : "ok");
	if (b != NO_BRANCH) {
		/* What fails before the deed is no business of the branch. */
		ck_assert(scene_run_has_passed(history_run(w->h, b)) || !w->has_passed);
		has_past_of(w, b, about.at);
		plays_again(w, b, name, warnings, about.at);
	}
	diags_fini(&d);
	sink_fini(&deed);
	sink_fini(&word);
	sink_fini(&said);
	sink_fini(&about);
}

static void play_variant(const struct scene_file *f, size_t variant, const struct scene_options *o,
			 const char *name, int warnings, uint64_t seed, int deeds)
{
	struct diags d = {0};
	struct world_of_deeds w = {.h = history_new(f, variant, o, &d)};

	prng_init(&w.prng, seed, variant);
	ck_assert_ptr_nonnull(w.h);
	w.has_passed = scene_run_has_passed(history_run(w.h, 0));
	ck_assert_msg(w.has_passed || o, "%s", name);
	plays_again(&w, 0, name, warnings, name);
	for (int i = 0; i < deeds; i++)
		do_deed(&w, name, warnings);
	history_free(w.h);
	diags_fini(&d);
}

static void play_with(const char *path, uint64_t seed, int deeds)
{
	static const char *const sets[] = {"rto=3s", "ack delay=100ms", NULL};
	const struct scene_options options[] = {
		{.has_seed = true, .seed = seed},
		{.profile = "linux", .sets = sets},
	};
	const char *name = path + strlen(SOURCE_ROOT) + 1;
	char *text = file_text(name);
	struct diags d = {0};
	struct scene_file *f = scene_parse(name, text, strlen(text), NULL, &d);
	int warnings = d.warnings;

	ck_assert_ptr_nonnull(f);
	for (size_t v = 0; v < scene_variant_count(f) && v < VARIANTS_MAX; v++)
		play_variant(f, v, NULL, name, warnings, seed, deeds);
	for (size_t o = 0; o < sizeof options / sizeof options[0]; o++)
		play_variant(f, 0, &options[o], name, warnings, seed + o + 1, deeds);
	scene_free(f);
	free(text);
	diags_fini(&d);
}

static glob_t scenes;

static void find_scenes(void)
{
	glob(SOURCE_ROOT "/scenarios/*.scene", 0, NULL, &scenes);
	glob(SOURCE_ROOT "/scenarios/*/*.scene", GLOB_APPEND, NULL, &scenes);
}

START_TEST(any_play_with_any_deed)
{
	const char *more = getenv("WOSHOU_DEEDS");
	const char *seed = getenv("WOSHOU_SEED");

	find_scenes();
	ck_assert_uint_gt(scenes.gl_pathc, 40);
	for (size_t i = (size_t)_i; i < scenes.gl_pathc; i += 10)
		play_with(scenes.gl_pathv[i], (seed ? strtoull(seed, NULL, 10) : SEED) + i,
			  more ? (int)strtol(more, NULL, 10) : DEEDS);
	globfree(&scenes);
}
END_TEST

Suite *branches_suite(void)
{
	Suite *s = suite_create("branches");
	TCase *c = tcase_create("any");

	tcase_set_timeout(c, 600);
	tcase_add_loop_test(c, any_play_with_any_deed, 0, 10);
	suite_add_tcase(s, c);
	return s;
}
