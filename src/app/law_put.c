/* SPDX-License-Identifier: MIT */
/* law_put.c - the table, one requirement, and what runs have exercised, as text and as JSON. */
#include <app/law.h>
#include <base/utf8.h>
#include <inttypes.h>
#include <string.h>
#include <trace/jsonl.h>

static void put_both(struct sink *out, const char *const text[2], enum lang lang)
{
	if (lang != LANG_EN)
		sink_puts(out, text[1]);
	if (lang == LANG_BOTH)
		sink_putc(out, ' ');
	if (lang != LANG_ZH)
		sink_puts(out, text[0]);
}

/* ---- the table ------------------------------------------------------------------------------ */

/* A heading is worth its line when one of its rows is wanted. */
static bool has_wanted(size_t heading, const struct request *r, const struct law *law)
{
	for (size_t i = heading + 1; i < law_count() && !law_is_heading(law_at(i)); i++) {
		if (law_is_wanted(law_at(i), r, law))
			return true;
	}
	return false;
}

static void put_fate(struct sink *out, enum fate f, enum lang lang)
{
	const char *name = fate_name(f, lang);

	sink_puts(out, name);
	sink_pad(out, ' ', 9 - utf8_columns(name));
}

void law_put_list(struct sink *out, const struct request *r)
{
	size_t shown = 0, kept = 0;

	for (size_t i = 0; i < law_count(); i++) {
		const struct requirement *q = law_at(i);

		if (law_is_heading(q) && has_wanted(i, r, NULL)) {
			sink_puts(out, shown > 0 ? "\n" : "");
			put_both(out, q->area, r->lang);
			sink_putc(out, '\n');
		}
		if (!law_is_wanted(q, r, NULL))
			continue;
		shown++;
		kept += q->fate == FATE_KEPT || q->fate == FATE_SETTING;
		sink_puts(out, "  ");
		put_fate(out, q->fate, r->lang);
		sink_printf(out, "%-15s RFC %d %-10s %-10s ", q->id, q->rfc, q->section, q->level);
		put_both(out, q->what, r->lang);
		sink_putc(out, '\n');
	}
	sink_printf(out,
		    r->lang == LANG_ZH ? "%s%zu 条要求，其中 %zu 条遵守或看设置\n"
				       : "%s%zu requirements, %zu kept, always or by a setting\n",
		    shown > 0 ? "\n" : "", shown, kept);
}

/* "A, B" as ["A","B"]. */
static void put_names_json(struct sink *out, const char *names)
{
	const char *between = "";

	sink_putc(out, '[');
	while (*names != '\0') {
		size_t n = strcspn(names, ",");

		sink_printf(out, "%s\"%.*s\"", between, (int)n, names);
		names += n;
		names += strspn(names, ", ");
		between = ",";
	}
	sink_putc(out, ']');
}

static void put_rules_json(struct sink *out, const struct requirement *q)
{
	const char *between = "";

	sink_putc(out, '[');
	for (int i = 1; i < RULE_COUNT; i++) {
		if (!law_rests_on(q, (enum rule)i))
			continue;
		sink_printf(out, "%s\"%s\"", between, rule_info((enum rule)i)->id);
		between = ",";
	}
	sink_putc(out, ']');
}

static void put_member(struct sink *out, const char *name, const char *text)
{
	sink_printf(out, ",\"%s\":", name);
	jsonl_put_string(out, text, strlen(text));
}

static void put_row_json(struct sink *out, const struct requirement *q)
{
	sink_printf(out, "{\"id\":\"%s\",\"rfc\":%d", q->id, q->rfc);
	put_member(out, "section", q->section);
	put_member(out, "strength", q->level);
	put_member(out, "kept", fate_name(q->fate, LANG_EN));
	put_member(out, "what", q->what[0]);
	put_member(out, "what_zh", q->what[1]);
	put_member(out, "words", q->words);
	sink_puts(out, ",\"rules\":");
	put_rules_json(out, q);
	sink_puts(out, ",\"tests\":");
	put_names_json(out, q->tests);
	put_member(out, "note", q->note[0]);
	put_member(out, "note_zh", q->note[1]);
	sink_putc(out, '}');
}

void law_put_list_json(struct sink *out, const struct request *r)
{
	const char *between = "";

	sink_puts(out, "{\"requirements\":[");
	for (size_t i = 0; i < law_count(); i++) {
		if (!law_is_wanted(law_at(i), r, NULL))
			continue;
		sink_puts(out, between);
		put_row_json(out, law_at(i));
		between = ",\n";
	}
	sink_puts(out, "]}\n");
}

/* ---- one of them ---------------------------------------------------------------------------- */

enum { INDENT = 4, WIDTH = 78 };

/* Breaks at spaces; each line begins with INDENT spaces. */
static void put_wrapped(struct sink *out, const char *text)
{
	size_t at = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " "), columns = utf8_width(text, n);

		if (at > 0 && at + 1 + columns > WIDTH) {
			sink_putc(out, '\n');
			at = 0;
		}
		if (at == 0)
			sink_pad(out, ' ', INDENT);
		else
			sink_putc(out, ' ');
		sink_put(out, text, n);
		at += (at == 0 ? INDENT : 1) + columns;
		text += n;
		text += strspn(text, " ");
	}
	sink_putc(out, '\n');
}

static void put_titled(struct sink *out, enum lang lang, const char *en, const char *zh)
{
	sink_printf(out, "  %s\n", in_lang(lang, en, zh));
}

void law_put_rule(struct sink *out, enum rule rule, enum lang lang)
{
	const struct rule_info *info = rule_info(rule);
	const char *const sentence[2] = {rule_sentence(rule, LANG_EN),
					 rule_sentence(rule, LANG_ZH)};

	sink_printf(out, "    %s, RFC %d %s %s\n      ", info->id, info->rfc, info->section,
		    info->strength);
	put_both(out, sentence, lang);
	sink_putc(out, '\n');
}

static void put_note(struct sink *out, const struct requirement *q, enum lang lang)
{
	if (q->note[0][0] == '\0')
		return;
	put_titled(out, lang, "Note", "说明");
	if (lang != LANG_EN)
		put_wrapped(out, q->note[1]);
	if (lang != LANG_ZH)
		put_wrapped(out, q->note[0]);
}

void law_put_requirement(struct sink *out, const struct requirement *q, const char *scenes,
			 enum lang lang)
{
	sink_printf(out, "%s  RFC %d %s  %s  %s\n  ", q->id, q->rfc, q->section, q->level,
		    fate_name(q->fate, lang));
	put_both(out, q->what, lang);
	sink_puts(out, "\n");
	put_titled(out, lang, "The RFC's words", "RFC 原文");
	put_wrapped(out, q->words);
	put_note(out, q, lang);
	if (law_has_rules(q))
		put_titled(out, lang, "Rules of the engine that keep it", "引擎里遵守它的规则");
	for (int i = 1; i < RULE_COUNT; i++) {
		if (law_rests_on(q, (enum rule)i))
			law_put_rule(out, (enum rule)i, lang);
	}
	if (q->tests[0] != '\0') {
		put_titled(out, lang, "Tests that show it (tests/unit/FOLDER/NAME)",
			   "证明它的测试（tests/unit/目录/名字）");
		put_wrapped(out, q->tests);
	}
	if (scenes == NULL || !law_has_rules(q))
		return;
	put_titled(out, lang, "Scenes that exercise it", "用到它的戏");
	put_wrapped(out, scenes[0] != '\0' ? scenes : in_lang(lang, "none", "没有"));
}

/* ---- what runs have exercised --------------------------------------------------------------- */

static void put_rules_taken(struct sink *out, const struct law *law, enum lang lang)
{
	for (int i = 1; i < RULE_COUNT; i++) {
		const struct rule_info *info = rule_info((enum rule)i);
		const char *const sentence[2] = {rule_sentence((enum rule)i, LANG_EN),
						 rule_sentence((enum rule)i, LANG_ZH)};

		sink_printf(out, "%8" PRIu64 "  RFC %d %-12s %-10s %s: ", law->rule[i], info->rfc,
			    info->section, info->strength, info->id);
		put_both(out, sentence, lang);
		sink_putc(out, '\n');
	}
	sink_puts(out, "\n");
}

static void put_edges_taken(struct sink *out, const struct law *law)
{
	for (size_t i = 0; i < edge_count(); i++) {
		enum state from, to;
		const char *label;

		edge_at(i, &from, &to, &label);
		sink_printf(out, "%8" PRIu64 "  %s -> %s: %s\n", law->edge[from][to],
			    state_name(from), state_name(to), label);
	}
	sink_puts(out, "\n");
}

static void put_requirements_taken(struct sink *out, const struct law *law, const struct request *r,
				   size_t *taken, size_t *all)
{
	for (size_t i = 0; i < law_count(); i++) {
		const struct requirement *q = law_at(i);
		uint64_t hits;

		if (!law_is_wanted(q, r, law) || !law_has_rules(q))
			continue;
		hits = law_hits(law, q);
		*taken += hits > 0;
		*all += 1;
		sink_printf(out, "%8" PRIu64 "  %-15s RFC %d %-10s %-10s ", hits, q->id, q->rfc,
			    q->section, q->level);
		put_both(out, q->what, r->lang);
		sink_putc(out, '\n');
	}
	sink_puts(out, "\n");
}

void law_put_taken(struct sink *out, const struct law *law, const struct request *r)
{
	int rules = 0;
	size_t edges = 0, taken = 0, all = 0;

	for (int i = 1; i < RULE_COUNT; i++)
		rules += law->rule[i] > 0;
	for (size_t i = 0; i < edge_count(); i++) {
		enum state from, to;
		const char *label;

		edge_at(i, &from, &to, &label);
		edges += law->edge[from][to] > 0;
	}
	if (!r->given[OPT_MISSING]) {
		put_rules_taken(out, law, r->lang);
		put_edges_taken(out, law);
	}
	put_requirements_taken(out, law, r, &taken, &all);
	sink_printf(out,
		    r->lang == LANG_ZH
			    ? "规则 %d/%d，边 %zu/%zu，要求 %zu/%zu\n"
			    : "%d of %d rules, %zu of %zu edges, %zu of %zu requirements\n",
		    rules, RULE_COUNT - 1, edges, edge_count(), taken, all);
}

/* An id that has several rows is told once, with what all of them rest on. */
static bool is_first_of_id(size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (law_is_id(law_at(i), law_at(index)->id))
			return false;
	}
	return true;
}

static uint64_t hits_of_id(const struct law *law, const char *id)
{
	uint64_t hits = 0;

	for (size_t i = 0; i < law_count(); i++) {
		uint64_t own = law_is_id(law_at(i), id) ? law_hits(law, law_at(i)) : 0;

		hits = own > hits ? own : hits;
	}
	return hits;
}

void law_put_taken_json(struct sink *out, const struct law *law, const struct request *r)
{
	const char *between = "";

	sink_puts(out, "{\"rules\":{");
	for (int i = 1; i < RULE_COUNT; i++)
		sink_printf(out, "%s\"%s\":%" PRIu64, i > 1 ? "," : "", rule_info((enum rule)i)->id,
			    law->rule[i]);
	sink_puts(out, "},\"edges\":{");
	for (size_t i = 0; i < edge_count(); i++) {
		enum state from, to;
		const char *label;

		edge_at(i, &from, &to, &label);
		sink_printf(out, "%s\"%s %s\":%" PRIu64, i > 0 ? "," : "", state_name(from),
			    state_name(to), law->edge[from][to]);
	}
	sink_puts(out, "},\"requirements\":{");
	for (size_t i = 0; i < law_count(); i++) {
		const struct requirement *q = law_at(i);

		if (!law_is_wanted(q, r, law) || !law_has_rules(q) || !is_first_of_id(i))
			continue;
		sink_printf(out, "%s\"%s\":%" PRIu64, between, q->id, hits_of_id(law, q->id));
		between = ",";
	}
	sink_puts(out, "}}\n");
}
