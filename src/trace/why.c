/* SPDX-License-Identifier: MIT */
#include <woshou/why.h>

#include <string.h>
#include <base/sink.h>

/* A state's step, a segment sent, a decision: all name their rule. A record without one may be
 * explained by what it speaks of, an arrival by the first decision taken over it. */
static enum rule own_rule(const struct record *r)
{
	if (r->rule != RULE_NONE)
		return (enum rule)r->rule;
	return r->kind == REC_SEND ? (enum rule)r->seg.rule : RULE_NONE;
}

static enum rule rule_over(const struct trace *t, const struct record *r)
{
	enum { NEAR = 64 }; /* what follows from a record stands right behind it */
	uint64_t end = r->serial + 1 + NEAR;

	if (end > trace_count(t))
		end = trace_count(t);
	for (uint64_t i = r->serial + 1; i < end; i++) {
		const struct record *next = trace_at(t, i);

		if (next->at != r->at)
			break;
		if (next->of == r->serial && own_rule(next) != RULE_NONE)
			return own_rule(next);
	}
	return RULE_NONE;
}

enum rule trace_rule(const struct trace *t, uint64_t serial)
{
	const struct record *r = trace_at(t, serial);
	enum rule rule = own_rule(r);

	if (rule == RULE_NONE)
		rule = rule_over(t, r);
	if (rule == RULE_NONE && r->of < serial)
		rule = own_rule(trace_at(t, r->of));
	return rule;
}

/* The steps of 3.10.7 have numbers in words; other ordinals are names that stay as they are. */
static const char *ordinal_in(const char *ordinal, enum lang lang)
{
	static const struct {
		const char *en, *zh;
	} steps[] = {{"first", "第一步"},   {"second", "第二步"}, {"third", "第三步"},
		     {"fourth", "第四步"},  {"fifth", "第五步"},  {"sixth", "第六步"},
		     {"seventh", "第七步"}, {"eighth", "第八步"}};

	for (size_t i = 0; lang == LANG_ZH && i < sizeof steps / sizeof steps[0]; i++) {
		if (strcmp(steps[i].en, ordinal) == 0)
			return steps[i].zh;
	}
	return ordinal;
}

void rule_put_source(struct sink *out, enum rule rule, enum lang lang)
{
	const struct rule_info *info = rule_info(rule);
	const char *comma = lang == LANG_ZH ? "，" : ", ";

	sink_printf(out, lang == LANG_ZH ? "RFC %d 第 %s 节" : "RFC %d section %s", info->rfc,
		    info->section);
	if (info->ordinal[0] != '\0')
		sink_printf(out, "%s%s", comma, ordinal_in(info->ordinal, lang));
	if (strcmp(info->strength, "LOCAL") == 0)
		sink_printf(out, "%s%s", comma, lang == LANG_ZH ? "本程序自定" : "our own");
	else if (strcmp(info->strength, "PROSE") != 0)
		sink_printf(out, "%s%s", comma, info->strength);
}

static void put_why(struct sink *out, enum rule rule, enum lang lang)
{
	sink_puts(out, rule_sentence(rule, lang));
	sink_puts(out, lang == LANG_ZH ? "（" : " (");
	rule_put_source(out, rule, lang);
	sink_puts(out, lang == LANG_ZH ? "）" : ")");
}

bool trace_why(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out)
{
	enum rule rule = trace_rule(t, serial);

	if (rule == RULE_NONE)
		return false;
	if (lang != LANG_EN)
		put_why(out, rule, LANG_ZH);
	if (lang == LANG_BOTH)
		sink_putc(out, ' ');
	if (lang != LANG_ZH)
		put_why(out, rule, LANG_EN);
	return true;
}
