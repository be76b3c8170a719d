/* SPDX-License-Identifier: MIT */
#include "trace/compare.h"

#include <base/assert.h>
#include "trace/brief.h"
#include "trace/essence.h"

/* So far one looks, in one instant, for a record that the other side has already. */
enum { NEAR = 1024 };
/* The same thing, later: what comes of the hour may differ with it. */
enum { LATE = DIFFERS_TIME | DIFFERS_STAMPS | DIFFERS_FIELDS | DIFFERS_RULE };

const char *difference_name(enum difference bit, enum lang lang)
{
	static const char *const names[DIFFERENCES][2] = {
		{"time", "时刻"},       {"what", "事情"},     {"who", "人"},
		{"ports", "端口"},      {"flags", "控制位"},  {"seq", "序号"},
		{"ack", "确认号"},      {"window", "窗口"},   {"urgent", "紧急指针"},
		{"options", "选项"},    {"stamps", "时间戳"}, {"text", "正文"},
		{"repeat", "重复次数"}, {"state", "状态"},    {"number", "数目"},
		{"error", "错误"},      {"rule", "规则"},     {"fields", "字段"},
	};

	for (int i = 0; i < DIFFERENCES; i++) {
		if (bit == 1u << i)
			return names[i][lang == LANG_ZH];
	}
	UNREACHABLE();
}

/* ---- the first ------------------------------------------------------------------------------- */

struct pair {
	struct side a, b;
	unsigned ignored;
};

static unsigned differences(const struct pair *p, uint64_t a, uint64_t b)
{
	struct essence of_a, of_b;

	side_essence(&p->a, a, &of_a);
	side_essence(&p->b, b, &of_b);
	return essence_differences(&of_a, &of_b) & ~ignored_differences(p->ignored);
}

/* Does `wanted` of the one side come on the other at the same instant, from `serial` on? */
static bool is_near(const struct pair *p, const struct side *side, uint64_t serial,
		    const struct side *other, uint64_t wanted)
{
	unsigned bits = ignored_differences(p->ignored);
	usec at = trace_at(side->trace, serial)->at;
	struct essence sought, found;

	side_essence(other, wanted, &sought);
	for (int i = 0; i < NEAR; i++) {
		serial = side_next(side, serial, p->ignored);
		if (serial == trace_count(side->trace))
			return false;
		if (trace_at(side->trace, serial)->at != at && !(p->ignored & IGNORE_TIME))
			return false;
		side_essence(side, serial, &found);
		if ((essence_differences(&sought, &found) & ~bits) == 0)
			return true;
		serial++;
	}
	return false;
}

/* Who of the two does nothing at this moment. */
static void find_idle(const struct pair *p, struct divergence *d)
{
	bool has_a = d->a < trace_count(p->a.trace), has_b = d->b < trace_count(p->b.trace);
	usec at_a = has_a ? trace_at(p->a.trace, d->a)->at : USEC_NEVER;
	usec at_b = has_b ? trace_at(p->b.trace, d->b)->at : USEC_NEVER;
	bool heeds_time = !(p->ignored & IGNORE_TIME);

	d->at = at_a < at_b ? at_a : at_b;
	d->is_a_idle = !has_a || (has_b && heeds_time && at_a > at_b);
	d->is_b_idle = !has_b || (has_a && heeds_time && at_b > at_a);
	if (!has_a || !has_b)
		return;
	d->what = differences(p, d->a, d->b);
	if (d->is_a_idle || d->is_b_idle) {
		d->is_late = (d->what & ~(unsigned)LATE) == 0;
		return;
	}
	d->is_a_idle = is_near(p, &p->b, d->b, &p->a, d->a);
	d->is_b_idle = is_near(p, &p->a, d->a, &p->b, d->b);
	/* Both are there, in another order: that is a difference of both. */
	if (d->is_a_idle && d->is_b_idle)
		d->is_a_idle = d->is_b_idle = false;
	if (d->is_a_idle)
		d->at = at_b;
	if (d->is_b_idle)
		d->at = at_a;
}

void trace_compare_but(const struct trace *a, const struct trace *b, unsigned ignored,
		       struct divergence *out)
{
	struct pair p = {.ignored = ignored};

	*out = (struct divergence){0};
	sides_init(&p.a, &p.b, a, b, ignored);
	while (true) {
		out->a = side_next(&p.a, out->a, ignored);
		out->b = side_next(&p.b, out->b, ignored);
		out->differs = (out->a < trace_count(a)) != (out->b < trace_count(b));
		if (out->differs || out->a == trace_count(a))
			break;
		out->differs = differences(&p, out->a, out->b) != 0;
		if (out->differs)
			break;
		out->a++;
		out->b++;
	}
	if (out->differs)
		find_idle(&p, out);
	side_fini(&p.a);
	side_fini(&p.b);
}

void trace_compare(const struct trace *a, const struct trace *b, struct divergence *out)
{
	trace_compare_but(a, b, 0, out);
}

/* ---- in words -------------------------------------------------------------------------------- */

static void put_side(struct sink *out, const struct trace *t, uint64_t record, bool is_idle,
		     bool is_late, enum lang lang)
{
	if (record == trace_count(t)) {
		sink_puts(out, lang == LANG_ZH ? "已散场" : "it is over");
	} else if (is_idle && is_late) {
		sink_puts(out, lang == LANG_ZH ? "到 " : "not before ");
		sink_time(out, trace_at(t, record)->at);
		sink_puts(out, lang == LANG_ZH ? " 秒才有" : " s");
	} else if (is_idle) {
		sink_puts(out, lang == LANG_ZH ? "无事" : "nothing");
	} else {
		brief_record(out, t, trace_at(t, record), lang);
	}
}

/* " (window, ack)": two that look alike may differ in what few words do not say. */
static void put_what(struct sink *out, unsigned what, enum lang lang)
{
	const char *comma = lang == LANG_ZH ? "（" : " (";

	for (int i = 0; i < DIFFERENCES; i++) {
		if (!(what & 1u << i))
			continue;
		sink_printf(out, "%s%s", comma, difference_name((enum difference)(1u << i), lang));
		comma = lang == LANG_ZH ? "、" : ", ";
	}
	if (what != 0)
		sink_puts(out, lang == LANG_ZH ? "）" : ")");
}

static void put_in(struct sink *out, const struct trace *a, const struct trace *b,
		   const struct divergence *d, enum lang lang)
{
	if (!d->differs) {
		sink_puts(out, lang == LANG_ZH ? "没有不同" : "no difference");
		return;
	}
	if (lang == LANG_EN)
		sink_puts(out, "at ");
	sink_time(out, d->at);
	sink_puts(out, lang == LANG_ZH ? " 秒：" : " s: ");
	put_side(out, a, d->a, d->is_a_idle, d->is_late, lang);
	sink_puts(out, " / ");
	put_side(out, b, d->b, d->is_b_idle, d->is_late, lang);
	if (!d->is_a_idle && !d->is_b_idle)
		put_what(out, d->what, lang);
}

void divergence_put(struct sink *out, const struct trace *a, const struct trace *b,
		    const struct divergence *d, enum lang lang)
{
	if (lang != LANG_EN)
		put_in(out, a, b, d, LANG_ZH);
	if (lang == LANG_BOTH)
		sink_puts(out, "  ");
	if (lang != LANG_ZH)
		put_in(out, a, b, d, LANG_EN);
}
