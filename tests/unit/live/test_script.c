/* SPDX-License-Identifier: MIT */
/*
 * A recording becomes a scene. What a simulation has recorded must, performed again from the scene
 * that was made of it, be the same segments at the same times: that is the oracle here. Every
 * scene that comes along becomes one that is laid out, has no mistakes, and passes.
 */
#include "suites.h"

#include <glob.h>
#include <stdio.h>
#include <base/array.h>
#include "live/script.h"
#include "live/twin.h"
#include "staged.h"
#include "trace/beside.h"

static const char *const plays[] = {
	CONNECTED,
	CONNECTED "li echo\nat 1s zhang write \"hello\\n\"\n",
	CONNECTED "at 1s zhang write \"hello\\n\"\nat 2s zhang close\nat 3s li close\nend at 4s\n",
	CONNECTED "at 1s li close\nat 2s zhang close\n",
	CONNECTED "at 1s zhang close\nwhen li in CLOSE_WAIT li close\n",
	CONNECTED "at 1s zhang close\nat 1s li close\n",
	CONNECTED "at 1s zhang shutdown\nat 2s li write \"last words\"\nat 3s li close\n",
	CONNECTED "at 1s zhang abort\n",
	CONNECTED "at 1s zhang option SO_LINGER 0s\nat 1s zhang close\n",
	TWO_PEOPLE "at 1s zhang connect li\n",
	TWO_PEOPLE "li reads never\nat 0s li listen\nat 0s zhang connect li\n"
		   "at 1s zhang write \"nobody reads this\"\nat 2s li close\n",
	/* One leaves octets unread, the other has read all. */
	TWO_PEOPLE "li reads never\nat 0s li listen\n"
		   "at 0s zhang connect li as c1\nat 1ms zhang connect li as c2\n"
		   "at 20ms li accept as s1\nat 20ms li accept as s2\n"
		   "at 1s c1 write \"nobody reads this\"\nat 1s c2 write \"but this\"\n"
		   "at 2s s2 read\nat 2s s1 close\nat 2s s2 close\nat 3s c2 close\n",
	CONNECTED "at 1s zhang write 100KiB\nat 2s zhang close\nat 3s li close\n",
	CONNECTED "at 1s zhang write \"a\"\nat 1s zhang write \"b\"\nat 1s zhang write \"c\"\n",
	CONNECTED "at 100ms zhang option TCP_NODELAY on\n"
		  "at 1s zhang write \"a\"\nat 1s zhang write \"b\"\nat 1s zhang write \"c\"\n",
	CONNECTED "wind zhang -> li { drop 1st where data }\nat 1s zhang write \"hello\"\n",
	CONNECTED "wind zhang -> li { drop 1st..2nd where data }\nat 1s zhang write \"hello\"\n",
	CONNECTED "wind zhang -> li { drop 1st where SYN }\n",
	CONNECTED "wind li -> zhang { drop 1st where SYN+ACK }\nat 2s zhang write \"hello\"\n",
	CONNECTED "wind zhang -> li { drop 1st where ACK }\nat 2s zhang write \"hello\"\n",
	CONNECTED "wind li -> zhang { drop 2nd where ACK }\nat 2s zhang write \"hello\"\n"
		  "at 3s zhang write \"hello\"\n",
	CONNECTED "wind zhang -> li { corrupt 1st where data }\nat 1s zhang write \"hello\"\n",
	CONNECTED "wind zhang -> li { drop 1st where FIN }\nat 1s zhang close\nat 2s li close\n",
	TWO_PEOPLE "at 0s li listen port 80 backlog 3\nat 0s zhang connect li port 80 as c1\n"
		   "at 1ms zhang connect li port 80 as c2\nat 1s c2 write \"two\"\n"
		   "at 1s c1 write \"one\"\nat 2s c2 close\nat 3s c1 close\n",
	TWO_PEOPLE "li accepts by hand\nat 0s li listen\nat 0s zhang connect li\n"
		   "at 1s zhang write \"is anybody there?\"\n",
	CONNECTED "at 1s zhang write \"hello\"\nat 2s li crash\nat 3s li reboot\n"
		  "at 4s zhang write \"still there?\"\n",
};

enum { PLAYS = sizeof plays / sizeof plays[0] };

/* The scene without a mistake, laid out as it should be, and it passes. */
static void check_script(const char *name, const struct sink *script)
{
	struct sink formatted = {0}, said = {0};
	struct diags d = {0};
	struct staged again;

	ck_assert(scene_format(name, script->at, script->count, &formatted, &d));
	ck_assert_str_eq(script->at, formatted.at);
	staged_run(&again, name, script->at, script->count, 0, NULL);
	diag_print(&again.diags, &said);
	ck_assert_msg(said.count == 0, "%s: %s\n%s", name, said.at, script->at);
	scene_run_report(again.run, &said);
	ck_assert_msg(scene_run_has_passed(again.run), "%s: %s\n%s", name, said.at, script->at);
	staged_fini(&again);
	sink_fini(&formatted);
	sink_fini(&said);
	diags_fini(&d);
}

static void check_same(const struct trace *recorded, const struct trace *performed,
		       const char *script)
{
	struct beside b;

	beside_init(&b, recorded, performed);
	ck_assert_msg(b.rows.count > 0, "%s", script);
	for (size_t i = 0; i < b.rows.count; i++) {
		const struct beside_row *r = &b.rows.at[i];

		ck_assert_msg(r->kernel != PAIRING_NONE && r->engine != PAIRING_NONE &&
				      r->reason == BESIDE_SAME,
			      "row %zu: %s\n%s", i,
			      beside_text((enum beside_reason)r->reason, LANG_EN), script);
		ck_assert_int_eq(trace_at(recorded, r->kernel)->at,
				 trace_at(performed, r->engine)->at);
	}
	ck_assert_uint_eq(b.same, b.rows.count);
	ck_assert_uint_eq(b.alike, 0);
	beside_fini(&b);
}

START_TEST(test_performed_again)
{
	struct script_options o = {0};
	struct staged first, again;
	struct sink script = {0};

	staged_text(&first, plays[_i]);
	ck_assert(script_write(first.trace, &o, &script));
	check_script("script", &script);
	staged_run(&again, "again", script.at, script.count, 0, NULL);
	check_same(first.trace, again.trace, script.at);
	staged_fini(&again);
	staged_fini(&first);
	sink_fini(&script);
}
END_TEST

/* ---- every scene ----------------------------------------------------------------------------- */

static void read_file(const char *path, struct sink *out)
{
	FILE *file = fopen(path, "rb");
	char some[4096];
	size_t got;

	ck_assert_msg(file != NULL, "%s", path);
	while ((got = fread(some, 1, sizeof some, file)) > 0)
		sink_put(out, some, got);
	fclose(file);
}

static void script_scene(const char *path)
{
	struct script_options o = {0};
	struct sink text = {0};
	size_t variants = 1;

	read_file(path, &text);
	for (size_t i = 0; i < variants; i++) {
		struct sink script = {0};
		struct staged s;

		staged_run(&s, path, text.at, text.count, i, NULL);
		variants = scene_variant_count(s.file);
		if (script_write(s.trace, &o, &script))
			check_script(path, &script);
		staged_fini(&s);
		sink_fini(&script);
	}
	sink_fini(&text);
}

START_TEST(test_every_scene)
{
	glob_t scenes;

	glob(SOURCE_ROOT "/scenarios/*.scene", 0, NULL, &scenes);
	glob(SOURCE_ROOT "/scenarios/*/*.scene", GLOB_APPEND, NULL, &scenes);
	ck_assert_uint_ge(scenes.gl_pathc, 40);
	for (size_t i = 0; i < scenes.gl_pathc; i++)
		script_scene(scenes.gl_pathv[i]);
	globfree(&scenes);
}
END_TEST

/* ---- what it says ---------------------------------------------------------------------------- */

static char *script_of(const char *text, const struct script_options *o)
{
	struct sink out = {0};
	struct staged s;

	staged_text(&s, text);
	ck_assert(script_write(s.trace, o, &out));
	staged_fini(&s);
	return out.at;
}

static void says(const char *script, const char *words)
{
	ck_assert_msg(strstr(script, words) != NULL, "no '%s' in\n%s", words, script);
}

START_TEST(test_texts)
{
	struct script_options o = {0};
	char *s = script_of(CONNECTED "at 1s zhang write \"a\\\"b\\\\{{c}\\t\\0\\e\\xff你\"\n", &o);

	says(s, "write \"a\\\"b\\\\{{c}\\t\\x00\\x1b\\xff你\"");
	free(s);
}
END_TEST

START_TEST(test_long_or_binary_becomes_a_size)
{
	struct script_options o = {0};
	char *s = script_of(CONNECTED "at 1s zhang write 500B\n", &o);

	says(s, "write 500B\n");
	free(s);
	s = script_of(CONNECTED "at 1s zhang write \"\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08"
				"\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\x01\\x02\"\n",
		      &o);
	says(s, "write 18B\n");
	free(s);
}
END_TEST

START_TEST(test_profile_and_limit)
{
	struct script_options o = {.profile = "rfc", .calls = 4};
	char *s = script_of(CONNECTED "repeat 9 as i every 20ms { at 1s zhang write \"x{i}\" }\n",
			    &o);

	says(s, "person zhang profile rfc");
	/* Nine are more than may be said: those that follow closely are joined. */
	says(s, "# the recording goes on from here");
	free(s);
	o = (struct script_options){.calls = 8};
	s = script_of(CONNECTED "repeat 9 as i every 1ms { at 1s zhang write \"x{i}\" }\n", &o);
	says(s, "write 18B");
	ck_assert_ptr_null(strstr(s, "goes on from here"));
	free(s);
}
END_TEST

START_TEST(test_nothing_to_perform)
{
	struct script_options o = {0};
	struct trace *t = trace_new();
	struct twin *twin = twin_new();
	struct sink out = {0};

	ck_assert(!script_write(t, &o, &out));
	ck_assert_uint_eq(out.count, 0);
	ck_assert(!twin_follow(twin, t));
	ck_assert_ptr_null(twin_trace(twin));
	twin_free(twin);
	trace_free(t);
	sink_fini(&out);
}
END_TEST

/* ---- the twin -------------------------------------------------------------------------------- */

START_TEST(test_twin_follows)
{
	struct twin *twin = twin_new();
	struct trace *growing;
	struct staged s;
	uint64_t seen;

	staged_text(&s, CONNECTED "li echo\nat 1s zhang write \"hello\"\nat 2s zhang close\n");
	growing = (struct trace *)s.trace;
	ck_assert(twin_follow(twin, growing));
	check_same(growing, twin_trace(twin), "twin");
	ck_assert(!twin_follow(twin, growing));
	/* What follows from calls by itself is no reason to do all of it again. */
	trace_push(growing, REC_RULE, 200 * USEC_PER_S);
	ck_assert(!twin_follow(twin, growing));
	seen = trace_count(twin_trace(twin));
	trace_push(growing, REC_END, 200 * USEC_PER_S);
	ck_assert(twin_follow(twin, growing));
	ck_assert_uint_ge(trace_count(twin_trace(twin)), seen);
	staged_fini(&s);
	/* Another recording. */
	staged_text(&s, CONNECTED);
	ck_assert(twin_follow(twin, s.trace));
	check_same(s.trace, twin_trace(twin), "another");
	staged_fini(&s);
	twin_free(twin);
}
END_TEST

Suite *script_suite(void)
{
	Suite *s = suite_create("script");
	TCase *c = tcase_create("script");

	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, test_performed_again, 0, PLAYS);
	tcase_add_test(c, test_every_scene);
	tcase_add_test(c, test_texts);
	tcase_add_test(c, test_long_or_binary_becomes_a_size);
	tcase_add_test(c, test_profile_and_limit);
	tcase_add_test(c, test_nothing_to_perform);
	tcase_add_test(c, test_twin_follows);
	suite_add_tcase(s, c);
	return s;
}
