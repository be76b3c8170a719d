/* SPDX-License-Identifier: MIT */
/* law_count.c - what runs have taken: of scenes, and of tests that wrote it down. */
#include <app/drill.h>
#include <app/law.h>
#include <app/play.h>
#include <app/scenes.h>
#include <jansson.h>
#include <string.h>
#include <woshou/world.h>

static void count_edges(struct law *law, const struct trace *t)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *rec = trace_at(t, i);

		if (rec->kind == REC_STATE)
			law->edge[rec->from][rec->to]++;
	}
}

static void law_count_run(struct law *law, struct scene_run *run)
{
	const uint64_t *hits = world_rule_hits(scene_run_world(run));

	for (int i = 1; i < RULE_COUNT; i++)
		law->rule[i] += hits[i];
	count_edges(law, scene_run_trace(run));
}

bool law_count_scene(struct law *law, const struct request *r, const char *name)
{
	struct play p;
	bool is_good = play_open(&p, name, r);
	size_t first = 0, end = is_good ? scene_variant_count(p.file) : 0;

	if (is_good && r->given[OPT_VARIANT]) {
		is_good = play_choose(&p, r, false, &first);
		end = first + 1;
	}
	for (size_t i = first; is_good && i < end; i++) {
		struct scene_run *run = play_run(&p, i);

		is_good = run != NULL;
		if (is_good) {
			law_count_run(law, run);
			scene_run_free(run);
		}
	}
	play_close(&p);
	return is_good;
}

/* Whether it holds is not asked here: what it has exercised counts. */
static bool count_script(struct law *law, const struct request *r, const char *name)
{
	const char *standard[] = {"STANDARD", NULL}, *nothing[] = {NULL};
	struct drill_call_for how = {.request = r, .defines = {standard, nothing}};
	struct drill_outcome o = {.file = name};
	bool is_good;

	how.settings.trace = trace_new();
	how.settings.rules = law->rule;
	drill_outcome_make(&o, &how);
	is_good = o.kind == OUTCOME_PASSED || o.kind == OUTCOME_FAILED;
	complain_all(&o.diags);
	count_edges(law, how.settings.trace);
	drill_outcome_fini(&o);
	trace_free(how.settings.trace);
	return is_good;
}

bool law_count_scripts(struct law *law, const struct request *r, const char *name)
{
	struct drill_files files = {0};
	bool is_good = drill_files_add(&files, name);

	for (size_t i = 0; i < files.list.count; i++)
		is_good = count_script(law, r, files.list.at[i]) && is_good;
	drill_files_fini(&files);
	return is_good;
}

/* ---- tests ---------------------------------------------------------------------------------- */

/* A rule of another version of the program is passed over. */
static void add_rules(struct law *law, const json_t *rules)
{
	const char *name;
	json_t *hits;

	json_object_foreach((json_t *)rules, name, hits)
	{
		int rule = rule_named(name);

		if (rule > 0 && json_is_integer(hits) && json_integer_value(hits) > 0)
			law->rule[rule] += (uint64_t)json_integer_value(hits);
	}
}

/* "SYN_SENT ESTABLISHED": 3 */
static void add_edges(struct law *law, const json_t *edges)
{
	for (size_t i = 0; i < edge_count(); i++) {
		enum state from, to;
		const char *label;
		struct sink name = {0};
		const json_t *hits;

		edge_at(i, &from, &to, &label);
		sink_printf(&name, "%s %s", state_name(from), state_name(to));
		hits = json_object_get(edges, name.at);
		if (json_is_integer(hits) && json_integer_value(hits) > 0)
			law->edge[from][to] += (uint64_t)json_integer_value(hits);
		sink_fini(&name);
	}
}

static bool count_file(struct law *law, const char *path)
{
	struct sink text = {0};
	json_error_t error;
	json_t *root, *rules;
	bool is_good = input_read(path, &text);

	if (!is_good) {
		sink_fini(&text);
		return false;
	}
	root = json_loadb(text.at ? text.at : "", text.count, 0, &error);
	rules = json_object_get(root, "rules");
	is_good = json_is_object(rules);
	if (root == NULL)
		complain("%s:%d:%d: %s", path, error.line, error.column, error.text);
	else if (!is_good)
		complain("%s: no object \"rules\" in it: not what `woshou law --json` or a test "
			 "run with WOSHOU_COVERAGE writes",
			 path);
	if (is_good) {
		add_rules(law, rules);
		add_edges(law, json_object_get(root, "edges"));
	}
	json_decref(root);
	sink_fini(&text);
	return is_good;
}

bool law_count_tests(struct law *law, const char *path)
{
	struct paths files = {0};
	bool is_good = true;

	if (!is_folder(path))
		return count_file(law, path);
	paths_below(&files, path, ".json");
	if (files.count == 0) {
		complain("%s: no .json in there; tests write it where WOSHOU_COVERAGE says", path);
		is_good = false;
	}
	for (size_t i = 0; i < files.count; i++)
		is_good = count_file(law, files.at[i]) && is_good;
	paths_fini(&files);
	return is_good;
}
