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

bool trace_why(const struct trace *t, uint64_t serial, struct sink *out)
{
	enum rule rule = trace_rule(t, serial);
	const struct rule_info *info;

	if (rule == RULE_NONE)
		return false;
	info = rule_info(rule);
	sink_printf(out, "%s (RFC %d section %s", info->text, info->rfc, info->section);
	if (info->ordinal[0] != '\0')
		sink_printf(out, ", %s", info->ordinal);
	if (strcmp(info->strength, "PROSE") != 0)
		sink_printf(out, ", %s", info->strength);
	sink_puts(out, ")");
	return true;
}
