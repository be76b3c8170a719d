/* SPDX-License-Identifier: MIT */
/* cmd_law.c - which decisions of the RFCs, and which edges of Figure 5, these runs have taken. */
#include <app/play.h>
#include <woshou/world.h>
#include <inttypes.h>

struct law {
	uint64_t rule[RULE_COUNT];
	uint64_t edge[STATE_COUNT][STATE_COUNT];
};

static void count_run(struct law *law, struct scene_run *run)
{
	const uint64_t *hits = world_rule_hits(scene_run_world(run));
	const struct trace *t = scene_run_trace(run);

	for (int i = 1; i < RULE_COUNT; i++)
		law->rule[i] += hits[i];
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *rec = trace_at(t, i);

		if (rec->kind == REC_STATE)
			law->edge[rec->from][rec->to]++;
	}
}

static bool count_file(struct law *law, const struct request *r, const char *name)
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
			count_run(law, run);
			scene_run_free(run);
		}
	}
	play_close(&p);
	return is_good;
}

static void put_sentence(enum rule rule, enum lang lang, struct sink *out)
{
	if (lang != LANG_EN)
		sink_puts(out, rule_sentence(rule, LANG_ZH));
	if (lang == LANG_BOTH)
		sink_putc(out, ' ');
	if (lang != LANG_ZH)
		sink_puts(out, rule_sentence(rule, LANG_EN));
	sink_putc(out, '\n');
}

static void put_text(const struct law *law, enum lang lang, struct sink *out)
{
	int taken = 0;
	size_t edges = 0;

	for (int i = 1; i < RULE_COUNT; i++) {
		const struct rule_info *info = rule_info((enum rule)i);

		taken += law->rule[i] > 0;
		sink_printf(out, "%8" PRIu64 "  RFC %d %-12s %-10s %s: ", law->rule[i], info->rfc,
			    info->section, info->strength, info->id);
		put_sentence((enum rule)i, lang, out);
	}
	sink_puts(out, "\n");
	for (size_t i = 0; i < edge_count(); i++) {
		enum state from, to;
		const char *label;

		edge_at(i, &from, &to, &label);
		edges += law->edge[from][to] > 0;
		sink_printf(out, "%8" PRIu64 "  %s -> %s: %s\n", law->edge[from][to],
			    state_name(from), state_name(to), label);
	}
	sink_printf(out,
		    lang == LANG_ZH ? "\n规则 %d/%d，边 %zu/%zu\n"
				    : "\n%d of %d rules, %zu of %zu edges\n",
		    taken, RULE_COUNT - 1, edges, edge_count());
}

static void put_json(const struct law *law, struct sink *out)
{
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
	sink_puts(out, "}}\n");
}

int cmd_law(const struct request *r)
{
	struct law law = {0};
	struct sink out = {0};
	int status = STATUS_HELD;

	for (size_t i = 0; i < r->files.count; i++) {
		if (!count_file(&law, r, r->files.at[i]))
			status = STATUS_WRONG;
	}
	if (r->given[OPT_JSON])
		put_json(&law, &out);
	else
		put_text(&law, r->lang, &out);
	if (!output_text(&out))
		status = STATUS_LACKING;
	sink_fini(&out);
	return status;
}
