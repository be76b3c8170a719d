/* SPDX-License-Identifier: MIT */
/*
 * cmd_law.c - what the RFCs oblige a TCP to, what became of it here, and which of it, with which
 * edges of Figure 5, runs of scenes and of tests have exercised.
 */
#include <app/drill.h>
#include <app/law.h>
#include <app/play.h>
#include <app/scenes.h>
#include <string.h>

/* The scenes of the folder that exercise it, by their paths below it. */
static void put_scenes(struct sink *out, const struct request *r, const char *id, enum rule rule)
{
	struct sink folder = {0};
	struct paths scenes = {0};

	if (scenes_folder(r, &folder))
		paths_below(&scenes, folder.at, ".scene");
	if (scenes.count == 0)
		sink_puts(out, in_lang(r->lang,
				       "not known: no scenes here; --scenes FOLDER says where they "
				       "are",
				       "不知道：这里没有戏；用 --scenes 目录 指明"));
	for (size_t i = 0; i < scenes.count; i++) {
		struct law law = {0};
		uint64_t hits;

		if (!law_count_scene(&law, r, scenes.at[i]))
			continue;
		hits = law.rule[rule];
		for (size_t k = 0; k < law_count(); k++) {
			if (law_is_id(law_at(k), id))
				hits += law_hits(&law, law_at(k));
		}
		if (hits > 0)
			sink_printf(out, "%s%s", out->count > 0 ? ", " : "",
				    scenes.at[i] + folder.count + 1);
	}
	paths_fini(&scenes);
	sink_fini(&folder);
}

static void explain_id(struct sink *out, const struct request *r, const char *id)
{
	struct sink scenes = {0};
	size_t shown = 0;

	put_scenes(&scenes, r, id, RULE_NONE);
	for (size_t i = 0; i < law_count(); i++) {
		if (!law_is_id(law_at(i), id))
			continue;
		sink_puts(out, shown++ > 0 ? "\n" : "");
		law_put_requirement(out, law_at(i), scenes.at ? scenes.at : "", r->lang);
	}
	sink_fini(&scenes);
}

static void explain_rule(struct sink *out, const struct request *r, enum rule rule)
{
	struct sink text = {0};

	law_put_rule(out, rule, r->lang);
	for (size_t i = 0; i < law_count(); i++) {
		if (!law_is_heading(law_at(i)) && law_rests_on(law_at(i), rule))
			sink_printf(&text, "%s%s", text.count > 0 ? ", " : "", law_at(i)->id);
	}
	sink_printf(out, "    %s: %s\n", in_lang(r->lang, "keeps", "遵守"),
		    text.count > 0 ? text.at : "-");
	sink_clear(&text);
	put_scenes(&text, r, "", rule);
	sink_printf(out, "    %s: %s\n", in_lang(r->lang, "taken in", "用到它的戏"),
		    text.count > 0 ? text.at : "-");
	sink_fini(&text);
}

/* "SHOULD-5" is what others call SHLD-5. */
static const char *usual_id(const char *word, struct sink *room)
{
	if (strncmp(word, "SHOULD-", 7) != 0 && strncmp(word, "should-", 7) != 0)
		return word;
	sink_printf(room, "SHLD-%s", word + 7);
	return room->at;
}

static int explain(const struct request *r, struct sink *out)
{
	int status = STATUS_HELD;

	for (size_t i = 0; i < r->files.count; i++) {
		struct sink room = {0};
		const char *word = usual_id(r->files.at[i], &room), *near;

		sink_puts(out, out->count > 0 ? "\n" : "");
		if (law_has_id(word)) {
			explain_id(out, r, word);
		} else if (rule_named(word) > 0) {
			explain_rule(out, r, (enum rule)rule_named(word));
		} else {
			near = law_nearest_id(word);
			complain(near ? "no requirement '%s'; did you mean %s?"
				      : "no requirement '%s'; woshou law lists them",
				 r->files.at[i], near);
			status = STATUS_WRONG;
		}
		sink_fini(&room);
	}
	return status;
}

/* Requirements and rules are named like nothing else; files have an ending or a folder. */
static bool is_name(const char *word)
{
	return law_looks_like_id(word) || rule_named(word) > 0;
}

static bool are_names(const struct request *r)
{
	for (size_t i = 0; i < r->files.count; i++) {
		if (!is_name(r->files.at[i]))
			return false;
	}
	return r->files.count > 0;
}

/* All scenes of a folder; without any, all of its scripts. */
static bool count_folder(struct law *law, const struct request *r, const char *name)
{
	struct paths scenes = {0};
	bool is_good = true;

	paths_below(&scenes, name, ".scene");
	if (scenes.count == 0)
		is_good = law_count_scripts(law, r, name);
	for (size_t i = 0; i < scenes.count; i++)
		is_good = law_count_scene(law, r, scenes.at[i]) && is_good;
	paths_fini(&scenes);
	return is_good;
}

static bool count_operand(struct law *law, const struct request *r, const char *name)
{
	if (is_folder(name))
		return count_folder(law, r, name);
	return drill_is_script(name) ? law_count_scripts(law, r, name)
				     : law_count_scene(law, r, name);
}

static int count(const struct request *r, struct sink *out)
{
	struct law law = {0};
	size_t read = 0, wanted = r->files.count + r->given[OPT_TESTS];

	if (r->given[OPT_TESTS])
		read += law_count_tests(&law, r->value[OPT_TESTS]);
	for (size_t i = 0; i < r->files.count; i++)
		read += count_operand(&law, r, r->files.at[i]);
	if (read == 0)
		return STATUS_WRONG;
	if (r->given[OPT_JSON])
		law_put_taken_json(out, &law, r);
	else
		law_put_taken(out, &law, r);
	return read < wanted ? STATUS_WRONG : STATUS_HELD;
}

int cmd_law(const struct request *r)
{
	struct sink out = {0};
	int status = STATUS_HELD;

	if (r->given[OPT_SECTION] && !law_has_section(r)) {
		complain(in_lang(r->lang,
				 "no requirement in section '%s'; --section takes 3.8 of RFC 9293, "
				 "7323 whole, or 7323:4",
				 "没有第 '%s' 节的要求；--section 可以是 RFC 9293 的 3.8、"
				 "整份 7323，或 7323:4"),
			 r->value[OPT_SECTION]);
		return STATUS_WRONG;
	}
	if (are_names(r))
		status = explain(r, &out);
	else if (r->files.count > 0 || r->given[OPT_TESTS])
		status = count(r, &out);
	else if (r->given[OPT_JSON])
		law_put_list_json(&out, r);
	else
		law_put_list(&out, r);
	if (!output_text(&out))
		status = worse(status, STATUS_LACKING);
	sink_fini(&out);
	return status;
}
