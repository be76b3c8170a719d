/* SPDX-License-Identifier: MIT */
/*
 * md.c - a play as lecture notes in Markdown (GitHub's): who takes part, the figure, chapter by
 * chapter what is told and what happens, with the questions and, folded away, their answers; and
 * the rules that decided, with where they stand.
 */
#include "export/export.h"

#include <inttypes.h>
#include <string.h>
#include <woshou/why.h>
#include "export/figure.h"
#include "export/md.h"
#include "export/words.h"
#include "trace/beat.h"
#include "trace/brief.h"
#include "trace/moment.h"
#include "trace/question.h"
#include "trace/talk.h"

/* Mermaid draws no more than so many octets; then the ladder stands there. */
enum { FIGURE_MAX = 45000 };

struct notes {
	const struct trace *trace;
	const struct export_options *options;
	struct sink *out;
	struct talks talks;
	struct moment moment;
	bool is_in_table;
	unsigned chapters;
	bool has_rule[RULE_COUNT];
};

static bool is_zh(const struct notes *n)
{
	return n->options->lang != LANG_EN;
}

static const char *say(const struct notes *n, const char *en, const char *zh)
{
	return is_zh(n) ? zh : en;
}

static void put_text(struct notes *n, const char *text)
{
	md_put_text(n->out, text, strlen(text));
}

/* One of two texts; both where both are asked for and there. */
static void put_both(struct notes *n, const char *en, const char *zh, const char *between)
{
	const char *first = is_zh(n) && zh[0] != '\0' ? zh : en[0] != '\0' ? en : zh;

	put_text(n, first);
	if (n->options->lang == LANG_BOTH && first == zh && en[0] != '\0' && strcmp(en, zh) != 0) {
		sink_puts(n->out, between);
		put_text(n, en);
	}
}

static void put_texts_of(struct notes *n, const struct record *r, const char *between)
{
	put_both(n, trace_text_of(n->trace, r, 0), trace_text_of(n->trace, r, 1), between);
}

static void end_table(struct notes *n)
{
	if (n->is_in_table)
		sink_putc(n->out, '\n');
	n->is_in_table = false;
}

/* ---- what stands before ---------------------------------------------------------------------- */

static void put_name(struct notes *n, uint8_t host)
{
	const struct trace_host *h;

	if (host >= trace_host_count(n->trace))
		return;
	h = trace_host_at(n->trace, host);
	put_both(n, h->title[0], h->title[1], " ");
}

static void put_head(struct notes *n)
{
	const char *en = n->options->title[0] ? n->options->title[0] : "";
	const char *zh = n->options->title[1] ? n->options->title[1] : "";
	const char *name = n->options->name ? n->options->name : "";

	sink_puts(n->out, "# ");
	if (en[0] != '\0' || zh[0] != '\0')
		put_both(n, en, zh, " · ");
	else
		put_text(n, name[0] != '\0' ? name : say(n, "A play", "一出戏"));
	sink_puts(n->out, "\n\n");
	put_text(n, name);
	sink_printf(n->out, say(n, "%sseed %" PRIu64 ".\n\n", "%s种子 %" PRIu64 "。\n\n"),
		    name[0] != '\0' ? say(n, ", ", "，") : "", trace_seed(n->trace));
	sink_puts(n->out, say(n, "| who | address | TCP |\n| --- | --- | --- |\n",
			      "| 人物 | 地址 | 协议栈 |\n| --- | --- | --- |\n"));
	for (size_t i = 0; i < trace_host_count(n->trace); i++) {
		const struct trace_host *h = trace_host_at(n->trace, (uint8_t)i);
		char address[ADDRESS_TEXT];

		address_text(&h->address, address);
		sink_puts(n->out, "| ");
		put_name(n, (uint8_t)i);
		sink_printf(n->out, " | %s | ", address);
		put_text(n, h->profile);
		sink_puts(n->out, " |\n");
	}
	sink_putc(n->out, '\n');
}

static void put_figure(struct notes *n)
{
	struct sink figure = {0};
	const char *kind = "mermaid";

	export_mermaid(n->trace, n->options, &figure);
	if (figure.count > FIGURE_MAX) {
		sink_clear(&figure);
		export_ladder(n->trace, n->options, &figure);
		kind = "text";
	}
	md_put_fence(n->out, kind, figure.at, figure.count);
	sink_putc(n->out, '\n');
	sink_fini(&figure);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void begin_row(struct notes *n)
{
	if (n->is_in_table)
		return;
	n->is_in_table = true;
	sink_puts(n->out, say(n, "| time | who | segment | what happens | state after | why |\n",
			      "| 时刻 | 谁 | 报文段 | 发生了什么 | 此后状态 | 依据 |\n"));
	sink_puts(n->out, "| ---: | --- | --- | --- | --- | --- |\n");
}

static bool speaks_of_segment(const struct record *r)
{
	return r->kind == REC_SEND || r->kind == REC_WIND || r->kind == REC_ARRIVE ||
	       r->kind == REC_DISCARD;
}

static void put_segment(struct notes *n, const struct record *r, const struct talk *talk)
{
	struct seg s = *trace_seg(n->trace, r);
	struct sink text = {0};

	if (n->options->relative && talk) {
		struct leg leg = trace_leg(n->trace, r);
		struct relative rel = talk_relative(talk, &leg, &s);

		s.seq = rel.seq;
		s.ack = rel.ack;
	}
	brief_seg(&text, &s);
	put_text(n, text.at);
	sink_fini(&text);
}

static void put_sentence(struct notes *n, const struct record *r)
{
	struct sink text = {0};

	for (int lang = LANG_ZH; lang >= LANG_EN; lang--) {
		if (n->options->lang != LANG_BOTH && n->options->lang != (enum lang)lang)
			continue;
		sink_clear(&text);
		tell_record(n->trace, r->serial, (enum lang)lang, &text);
		put_text(n, text.at ? text.at : "");
		if (n->options->lang == LANG_BOTH && lang == LANG_ZH)
			sink_puts(n->out, "<br>");
	}
	sink_fini(&text);
}

/* An arrival brings along why it was sent; here it is asked what came of it. The wind has its own
 * rules, and its sentence names them. */
static enum rule rule_of(const struct notes *n, const struct trace_beat *b, const struct record *r)
{
	enum rule first = RULE_NONE;

	if (r->kind == REC_WIND)
		return RULE_NONE;
	if (r->kind != REC_ARRIVE && r->kind != REC_DISCARD)
		return trace_rule(n->trace, r->serial);
	/* The rule that changed the state teaches more than the first that looked at it. */
	for (uint64_t i = r->serial + 1; i < b->end; i++) {
		const struct record *next = trace_at(n->trace, i);

		if (next->of != r->serial)
			continue;
		if (next->kind == REC_STATE)
			return (enum rule)next->rule;
		if (next->kind == REC_RULE && first == RULE_NONE)
			first = (enum rule)next->rule;
	}
	return first;
}

/* "RTO_EXPIRED, RFC 6298 §5.4", the section a link. */
static void put_rule(struct notes *n, const struct trace_beat *b, const struct record *r)
{
	enum rule rule = rule_of(n, b, r);
	const struct rule_info *info = rule_info(rule);

	if (rule == RULE_NONE)
		return;
	n->has_rule[rule] = true;
	sink_printf(n->out, "`%s` ", info->id);
	md_put_section(n->out, info);
}

/* Which state each person is in after the beat, told beside the first row that is his or hers. */
static void put_states(struct notes *n, const struct trace_beat *b, uint8_t host)
{
	const char *comma = "";

	for (uint64_t i = b->first; i < b->end; i++) {
		const struct record *r = trace_at(n->trace, i);

		if (r->kind != REC_STATE || r->from == r->to || r->host != host)
			continue;
		sink_puts(n->out, comma);
		put_name(n, host);
		sink_puts(n->out, " ");
		put_text(n, inferred_sign(r));
		put_text(n, state_name((enum state)r->to));
		comma = "<br>";
	}
}

static bool has_row(const struct record *r)
{
	switch ((enum record_kind)r->kind) {
	case REC_CALL: return r->error != SOCK_OK || call_is_deed((enum call_verb)r->detail);
	case REC_RESULT:
	case REC_EXPECT:
		return r->kind == REC_RESULT ? r->error != SOCK_OK : r->detail != VERDICT_PASS;
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_TIMER:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP:
	case REC_PROMISE: return true;
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return false;
}

/* Is it the first row of its person in the beat? */
static bool is_first_of(const struct notes *n, const struct trace_beat *b, const struct record *r)
{
	for (uint64_t i = b->first; i < r->serial; i++) {
		const struct record *before = trace_at(n->trace, i);

		if (before->host == r->host && has_row(before))
			return false;
	}
	return true;
}

static void put_row(struct notes *n, const struct trace_beat *b, const struct record *r,
		    const struct talk *talk)
{
	begin_row(n);
	sink_puts(n->out, "| ");
	sink_time(n->out, r->at);
	sink_puts(n->out, " | ");
	put_name(n, r->host);
	sink_puts(n->out, " | ");
	if (speaks_of_segment(r))
		put_segment(n, r, talk);
	sink_puts(n->out, " | ");
	put_sentence(n, r);
	sink_puts(n->out, " | ");
	if (is_first_of(n, b, r))
		put_states(n, b, r->host);
	sink_puts(n->out, " | ");
	put_rule(n, b, r);
	sink_puts(n->out, " |\n");
}

/* A step of somebody who does nothing else in this beat. */
static void put_lone_state(struct notes *n, const struct trace_beat *b, const struct record *r)
{
	for (uint64_t i = b->first; i < b->end; i++) {
		const struct record *other = trace_at(n->trace, i);

		if (other->host == r->host && has_row(other))
			return;
	}
	put_row(n, &(struct trace_beat){.first = r->serial, .end = r->serial}, r, NULL);
}

/* ---- between the rows ------------------------------------------------------------------------ */

static void put_chapter(struct notes *n, const struct record *r)
{
	end_table(n);
	sink_printf(n->out, "## %u. ", ++n->chapters);
	put_texts_of(n, r, " · ");
	sink_puts(n->out, "\n\n");
}

static void put_narration(struct notes *n, const struct record *r)
{
	end_table(n);
	sink_puts(n->out, "> ");
	put_texts_of(n, r, "\\\n> ");
	sink_puts(n->out, "\n\n");
}

static void put_answer(struct notes *n, const struct riddle *q, enum lang lang)
{
	struct sink text = {0};

	sink_puts(&text, "");
	if (q->is_unanswered) {
		sink_puts(&text,
			  lang == LANG_ZH ? "戏里没有走到这一步。" : "The play never came to it.");
	} else {
		question_put_answer(&text, q, n->trace, lang, !n->options->relative);
		sink_puts(&text, lang == LANG_ZH ? "。" : ". ");
		question_put_reason(&text, q, n->trace, lang, !n->options->relative);
	}
	md_put_text(n->out, text.at, text.count);
	sink_puts(n->out, "\n\n");
	sink_fini(&text);
}

static void put_question(struct notes *n, const struct record *r)
{
	struct riddle q;

	end_table(n);
	moment_go(&n->moment, n->trace, r->serial);
	question_of(n->trace, &n->moment, r->serial, &q);
	sink_puts(n->out, say(n, "**Question:** ", "**问：**"));
	put_texts_of(n, r, "\\\n");
	sink_printf(n->out, "\n\n<details><summary>%s</summary>\n\n", say(n, "Answer", "答案"));
	if (n->options->lang != LANG_EN)
		put_answer(n, &q, LANG_ZH);
	if (n->options->lang != LANG_ZH)
		put_answer(n, &q, LANG_EN);
	sink_puts(n->out, "</details>\n\n");
}

static void put_marker(struct notes *n, const struct record *r)
{
	end_table(n);
	sink_puts(n->out, "### ");
	put_texts_of(n, r, " · ");
	sink_puts(n->out, "\n\n");
}

static void put_end(struct notes *n, const struct record *r)
{
	end_table(n);
	sink_time(n->out, r->at);
	sink_puts(n->out, say(n, " s: ", " 秒："));
	put_sentence(n, r);
	sink_puts(n->out, "\n\n");
}

static void see(struct notes *n, const struct trace_beat *b, const struct record *r)
{
	const struct talk *talk = talks_see(&n->talks, n->trace, r);

	if (has_row(r))
		put_row(n, b, r, talk);
	else if (r->kind == REC_STATE && r->from != r->to)
		put_lone_state(n, b, r);
	else if (r->kind == REC_SCENE)
		put_chapter(n, r);
	else if (r->kind == REC_SAY)
		put_narration(n, r);
	else if (r->kind == REC_MARKER)
		put_marker(n, r);
	else if (r->kind == REC_ASK)
		put_question(n, r);
	else if (r->kind == REC_END)
		put_end(n, r);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void put_rules(struct notes *n)
{
	bool has_any = false;

	for (int rule = 1; rule < RULE_COUNT; rule++) {
		struct sink source = {0};

		if (!n->has_rule[rule])
			continue;
		if (!has_any)
			sink_puts(n->out, say(n, "## Why\n\n", "## 依据\n\n"));
		has_any = true;
		sink_printf(n->out, "- `%s`%s", rule_info((enum rule)rule)->id, say(n, ": ", "："));
		put_both(n, rule_sentence((enum rule)rule, LANG_EN),
			 rule_sentence((enum rule)rule, LANG_ZH), " ");
		rule_put_source(&source, (enum rule)rule,
				n->options->lang == LANG_EN ? LANG_EN : LANG_ZH);
		sink_puts(n->out, say(n, " (", "（"));
		put_text(n, source.at);
		sink_puts(n->out, say(n, ")\n", "）\n"));
		sink_fini(&source);
	}
}

void export_md(const struct trace *t, const struct export_options *o, struct sink *out)
{
	static const struct export_options plain;
	struct notes n = {.trace = t, .options = o ? o : &plain, .out = out};

	put_head(&n);
	put_figure(&n);
	for (uint64_t first = 0; first < trace_count(t);) {
		struct trace_beat b = trace_beat_at(t, first);

		for (uint64_t i = b.first; i < b.end; i++)
			see(&n, &b, trace_at(t, i));
		first = b.end;
	}
	end_table(&n);
	put_rules(&n);
	talks_fini(&n.talks);
	moment_fini(&n.moment);
}
