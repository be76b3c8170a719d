/* SPDX-License-Identifier: MIT */
/*
 * view_why.c - the why card: what happened in the row looked at, the rule that decided it with the
 * RFC's own words, and the chain of its causes back to the line of the play.
 */
#include <string.h>
#include <woshou/names.h>
#include <woshou/why.h>
#include "stage/page.h"
#include "stage/view.h"
#include "trace/cause.h"

enum { CAUSES_MAX = 48 };

struct card {
	const struct view *view;
	const struct trace *trace;
	struct page page;
	struct sink text; /* of the line in the making */
	enum rule said;   /* the rule told last: it is not told again */
	bool has_quoted;  /* the sentence told last quotes its line */
};

/* ---- pieces ---------------------------------------------------------------------------------- */

static void add(struct card *k, int indent, struct ink ink)
{
	page_text(&k->page, indent, ink, k->text.count > 0 ? k->text.at : "");
	sink_clear(&k->text);
}

static void blank(struct card *k)
{
	if (k->page.lines.count > 0)
		page_text(&k->page, 0, INK(ROLE_TEXT), " ");
}

/* Both languages: each gets a line of its own. */
static enum lang first_lang(const struct card *k)
{
	return k->view->player->lang == LANG_EN ? LANG_EN : LANG_ZH;
}

static bool has_second(const struct card *k)
{
	return k->view->player->lang == LANG_BOTH;
}

/* For what nobody has a sentence: "call connect". */
static void put_kind(struct sink *out, const struct record *r)
{
	int details = names_of_detail((enum record_kind)r->kind);
	const char *detail = details >= 0 ? name_of((enum name_set)details, r->detail) : NULL;

	sink_puts(out, name_of(NAMES_KIND, r->kind));
	if (detail)
		sink_printf(out, " %s", detail);
}

/* Of the wind's deeds the sentence itself may quote the line: then it is not quoted again. */
static void put_sentence_of(struct card *k, uint64_t record, enum lang lang)
{
	const char *words = trace_quoted(k->trace, &trace_at(k->trace, record)->place);
	size_t before = k->text.count;

	if (k->view->tell)
		k->view->tell(k->trace, record, lang, &k->text);
	k->has_quoted = k->text.count > before && words[0] != '\0' &&
			strstr(k->text.at + before, words) != NULL;
	if (k->text.count == before)
		put_kind(&k->text, trace_at(k->trace, record));
}

/* "first-wave.scene:10 drop 1st where SYN": the line, and what it says. */
static void add_place(struct card *k, int indent, const struct record *r)
{
	const char *file = trace_file_name(k->trace, r->place.file), *slash = strrchr(file, '/');
	const char *words = trace_quoted(k->trace, &r->place);
	const char *name = slash ? slash + 1 : file;

	if (r->place.line == 0 || k->has_quoted)
		return;
	put_harmless(&k->text, name, strlen(name));
	sink_printf(&k->text, ":%u", r->place.line);
	if (r->place.tag)
		put_harmless(&k->text, r->place.tag, strlen(r->place.tag));
	if (words[0] == '\0')
		words = trace_text_of(k->trace, r, 0);
	if (words[0] != '\0') {
		sink_puts(&k->text, "  ");
		put_harmless(&k->text, words, strlen(words));
	}
	add(k, indent, INK(ROLE_KEY));
}

/* The rule in one sentence, and where it stands. */
static void add_rule(struct card *k, int indent, enum rule rule, enum lang lang)
{
	sink_puts(&k->text, rule_sentence(rule, lang));
	sink_puts(&k->text, lang == LANG_ZH ? "（" : " (");
	rule_put_source(&k->text, rule, lang);
	sink_puts(&k->text, lang == LANG_ZH ? "）" : ")");
	add(k, indent, INK(ROLE_TEXT));
}

static void add_law(struct card *k, int indent, enum rule rule)
{
	add_rule(k, indent, rule, first_lang(k));
	if (has_second(k))
		add_rule(k, indent, rule, LANG_EN);
	if (rule_quote(rule)[0] == '\0')
		return;
	sink_printf(&k->text, "\"%s\"", rule_quote(rule));
	add(k, indent, INK(ROLE_FAINT));
}

/* ---- what happened --------------------------------------------------------------------------- */

static void add_event(struct card *k, uint64_t record)
{
	const struct record *r = trace_at(k->trace, record);
	enum role role = r->kind == REC_WIND || r->kind == REC_DISCARD ? ROLE_LOSS : ROLE_TEXT;

	sink_time(&k->text, r->at);
	sink_puts(&k->text, "  ");
	put_sentence_of(k, record, first_lang(k));
	add(k, 0, INK(role, ATTR_BOLD));
	if (has_second(k)) {
		put_sentence_of(k, record, LANG_EN);
		add(k, 0, INK(role));
	}
	if (r->is_inferred) {
		string_put(&k->text, STRING_WHY_INFERRED, k->view->player->lang);
		add(k, 0, INK(ROLE_HEAD));
	}
	add_place(k, 0, r);
}

/* ---- why ------------------------------------------------------------------------------------- */

static enum string link_of(enum because because)
{
	switch (because) {
	case BECAUSE_COURSE: return STRING_WHY_COURSE;
	case BECAUSE_SENT: return STRING_WHY_SENT;
	case BECAUSE_WRITTEN: return STRING_WHY_WRITTEN;
	case BECAUSE_CLOSED: return STRING_WHY_CLOSED;
	case BECAUSE_SET: return STRING_WHY_SET;
	case BECAUSE_BLOWN: return STRING_WHY_BLOWN;
	case BECAUSE_DOWN: return STRING_WHY_DOWN;
	case BECAUSE_NOTHING:
	case BECAUSE_COUNT: break;
	}
	return STRING_WHY_COURSE;
}

/* "because at 1.260: " and the sentence. */
static void put_link(struct card *k, enum string link, uint64_t record, enum lang lang)
{
	struct sink at = {0};

	sink_time(&at, trace_at(k->trace, record)->at);
	sink_printf(&k->text, string_in(link, lang), at.at);
	put_sentence_of(k, record, lang);
	sink_fini(&at);
}

/* The row at which a record is seen. */
static uint32_t row_of(const struct card *k, uint64_t record)
{
	const struct story *s = k->view->story;

	return s->stops.at[story_stop_of(s, record)].row;
}

static void add_because(struct card *k, enum string link, uint64_t record)
{
	size_t from = k->page.lines.count;
	enum rule rule = trace_main_rule(k->trace, record);

	put_link(k, link, record, first_lang(k));
	add(k, 0, INK(ROLE_TEXT));
	if (has_second(k)) {
		put_link(k, link, record, LANG_EN);
		add(k, 0, INK(ROLE_TEXT));
	}
	add_place(k, 2, trace_at(k->trace, record));
	if (rule != RULE_NONE && rule != k->said) {
		k->said = rule;
		sink_puts(&k->text, rule_sentence(rule, first_lang(k)));
		sink_puts(&k->text, "  ");
		rule_put_source(&k->text, rule, first_lang(k));
		add(k, 2, INK(ROLE_FAINT));
	}
	page_click(&k->page, from, ACTION_LOOK_AT, row_of(k, record));
}

/* An application that nobody woke: it keeps its own time. */
static void add_self(struct card *k, const struct record *last)
{
	if (last->place.line > 0 || (last->kind != REC_CALL && last->kind != REC_READ))
		return;
	string_put(&k->text, STRING_WHY_ITSELF, k->view->player->lang);
	add(k, 2, INK(ROLE_FAINT));
}

static void add_chain(struct card *k, uint64_t record)
{
	struct cause chain[CAUSES_MAX];
	size_t count = trace_causes(k->trace, record, chain, CAUSES_MAX);

	if (count > 1)
		blank(k);
	for (size_t i = 0; i + 1 < count; i++) {
		if (chain[i].release != chain[i].record)
			add_because(k, STRING_WHY_RELEASED, chain[i].release);
		add_because(k, link_of(chain[i].because), chain[i + 1].record);
	}
	add_self(k, trace_at(k->trace, chain[count - 1].record));
}

/* What else the engine decided about the same event, in its order. */
static void add_others(struct card *k, uint64_t record, enum rule said)
{
	const struct record *r = trace_at(k->trace, record);
	bool seen[RULE_COUNT] = {false};
	bool is_first = true;

	seen[said] = true;
	for (uint64_t i = record + 1; i < trace_count(k->trace); i++) {
		const struct record *next = trace_at(k->trace, i);
		enum rule rule = (enum rule)next->rule;

		if (next->at != r->at)
			break;
		if (next->of != record || rule == RULE_NONE || seen[rule] ||
		    (next->kind != REC_RULE && next->kind != REC_STATE))
			continue;
		if (is_first) {
			blank(k);
			string_put(&k->text, STRING_WHY_ALSO, k->view->player->lang);
			add(k, 0, INK(ROLE_HEAD));
		}
		is_first = false;
		seen[rule] = true;
		add_law(k, 0, rule);
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* The record that a row is about; false: it is about none. */
static bool record_of(const struct view *v, uint64_t *record)
{
	const struct story *s = v->story;
	const struct row *row = s->rows.count > 0 ? &s->rows.at[player_row(v->player)] : NULL;
	const struct voyage *w;

	if (!row || v->player->cursor == 0)
		return false;
	*record = row->record;
	if (row->kind == ROW_LEAVE || row->kind == ROW_REACH || row->kind == ROW_LOST) {
		w = &s->voyages.at[row->voyage];
		*record = row->kind == ROW_LEAVE ? w->send : w->end;
	}
	return *record < v->player->cursor;
}

void view_why(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct card k = {.view = v, .trace = v->story->trace, .page.columns = page_columns(a, 96)};
	struct sink heading = {0};
	uint64_t record;

	string_put(&heading, STRING_WHY_TITLE, v->player->lang);
	if (record_of(v, &record)) {
		enum rule rule = trace_main_rule(k.trace, record);

		add_event(&k, record);
		if (rule != RULE_NONE)
			add_law(&k, 0, rule);
		k.said = rule;
		add_chain(&k, record);
		add_others(&k, record, rule);
	} else {
		string_put(&k.text, STRING_WHY_NOTHING, v->player->lang);
		add(&k, 0, INK(ROLE_FAINT));
	}
	page_draw(c, a, &k.page, v->player->scroll, heading.at, hits);
	sink_fini(&heading);
	sink_fini(&k.text);
}
