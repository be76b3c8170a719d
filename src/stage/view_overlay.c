/* SPDX-License-Identifier: MIT */
/* view_overlay.c - what lies over the picture: which it is, and the keys. */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include <woshou/rule.h>
#include <woshou/why.h>
#include "stage/page.h"
#include "stage/view.h"

/* ---- help ------------------------------------------------------------------------------------ */

static void draw_help(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct page p = {.columns = page_columns(a, 62)};
	enum lang lang = v->player->lang;

	for (int i = 0; i < ACTION_COUNT; i++) {
		struct sink keys = {0};

		keys_put(&keys, (enum action)i, " ");
		if (keys.count > 0)
			page_pair(&p, keys.at, string_in(action_sentence((enum action)i), lang));
		sink_fini(&keys);
	}
	page_draw(c, a, &p, v->player->scroll, string_in(STRING_HELP_TITLE, lang), hits);
}

/* ---- why ------------------------------------------------------------------------------------- */

static void add_rule(struct page *p, enum rule rule)
{
	const struct rule_info *info = rule_info(rule);
	struct sink source = {0};

	sink_printf(&source, "RFC %d section %s", info->rfc, info->section);
	if (info->ordinal[0] != '\0')
		sink_printf(&source, ", %s", info->ordinal);
	if (strcmp(info->strength, "PROSE") != 0)
		sink_printf(&source, ", %s", info->strength);
	page_text(p, 0, INK(ROLE_TEXT), info->text);
	page_text(p, 0, INK(ROLE_FAINT), source.at);
	sink_fini(&source);
}

static void add_deed(struct page *p, const struct view *v, const struct record *r)
{
	const struct trace *t = v->story->trace;
	struct sink text = {0};

	sink_puts(&text, string_in(string_of_deed((enum deed)r->detail), v->player->lang));
	if (trace_text_of(t, r, 0)[0] != '\0') {
		sink_puts(&text, ": ");
		put_harmless(&text, trace_text_of(t, r, 0), strlen(trace_text_of(t, r, 0)));
	}
	if (r->place.line > 0) {
		sink_puts(&text, "  (");
		put_harmless(&text, trace_file_name(t, r->place.file),
			     strlen(trace_file_name(t, r->place.file)));
		sink_printf(&text, ":%u)", r->place.line);
	}
	page_text(p, 0, INK(ROLE_LOSS), text.at);
	sink_fini(&text);
}

/* Every decision of the beat, once each, and every deed of the wind. */
static void draw_why(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct page p = {.columns = page_columns(a, 72)};
	const struct beat *b = view_beat(v);
	bool seen[RULE_COUNT] = {false};

	for (uint64_t i = b ? b->first : 0; b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);
		enum rule rule = r->kind == REC_SEND && r->rule == RULE_NONE
					 ? (enum rule)r->seg.rule
					 : (enum rule)r->rule;

		if (r->kind == REC_WIND)
			add_deed(&p, v, r);
		if (rule == RULE_NONE || rule >= RULE_COUNT || seen[rule])
			continue;
		seen[rule] = true;
		add_rule(&p, rule);
	}
	if (p.lines.count == 0)
		page_text(&p, 0, INK(ROLE_FAINT), string_in(STRING_WHY_NOTHING, v->player->lang));
	page_draw(c, a, &p, v->player->scroll, string_in(STRING_WHY_TITLE, v->player->lang), hits);
}

void view_overlay(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	if (hits)
		hits->below = hits->count;
	switch (v->player->overlay) {
	case OVERLAY_NONE: return;
	case OVERLAY_HELP: draw_help(c, a, v, hits); return;
	case OVERLAY_WHY: draw_why(c, a, v, hits); return;
	case OVERLAY_HEADER: view_header(c, a, v, hits); return;
	case OVERLAY_GOTO: view_goto(c, a, v); return;
	case OVERLAY_COMMAND: view_command(c, a, v, hits); return;
	case OVERLAY_BRANCHES: view_branches(c, a, v, hits); return;
	case OVERLAY_EXPORT: view_exports(c, a, v, hits); return;
	case OVERLAY_PREDICT: return;
	}
}
