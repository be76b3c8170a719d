/* SPDX-License-Identifier: MIT */
/* view_words.c - the narration: what the scene says of this step, else what happened in it. */
#include <string.h>
#include <base/utf8.h>
#include "stage/view.h"

/* Signals that no other sentence of the beat tells. */
static bool is_news(const struct record *r)
{
	const int64_t news = TCP_SIG_REFUSED | TCP_SIG_RESET | TCP_SIG_TIMEOUT |
			     TCP_SIG_UNREACHABLE | TCP_SIG_URGENT | TCP_SIG_R1;

	return r->kind != REC_EXPECT && r->kind != REC_RULE && r->kind != REC_SAY &&
	       r->kind != REC_PICTURE && (r->kind != REC_SIGNAL || (r->number[0] & news) != 0);
}

/* One sentence a record, as many as there are in the beat; the rules are what `why` is for. */
static void tell_beat(struct sink *out, const struct view *v, const struct beat *b, enum lang lang)
{
	enum { ENOUGH = 4096 }; /* octets: more than any screen shows */

	if (!v->tell)
		return;
	for (uint64_t i = b->first; i < b->end && i < v->player->cursor && out->count < ENOUGH;
	     i++) {
		struct sink one = {0};

		if (is_news(trace_at(v->story->trace, i)))
			v->tell(v->story->trace, i, lang, &one);
		if (one.count > 0)
			put_sentence(out, one.at);
		sink_fini(&one);
	}
}

/* All says of the beat, or all becauses: one takes nothing from another. */
static bool put_says(struct sink *out, const struct view *v, const struct beat *b, enum lang lang,
		     bool is_because)
{
	const struct trace *t = v->story->trace;
	bool found = false;

	for (uint64_t i = b->first; i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind != REC_SAY || (r->number[0] != 0) != is_because)
			continue;
		put_sentence(out, text_in(trace_text_of(t, r, 0), trace_text_of(t, r, 1), lang));
		found = true;
	}
	return found;
}

static bool asks(const struct view *v, const struct beat *b)
{
	for (uint64_t i = b->first; i < b->end && i < v->player->cursor; i++) {
		if (trace_at(v->story->trace, i)->kind == REC_ASK)
			return true;
	}
	return false;
}

/* True: the scene itself speaks or asks. A reason follows what it is the reason of. */
static bool put_text(struct sink *out, const struct view *v, enum lang lang)
{
	const struct beat *b = view_beat(v);
	bool is_said;

	sink_puts(out, "");
	if (!b)
		return false;
	is_said = put_says(out, v, b, lang, false);
	if (!is_said)
		tell_beat(out, v, b, lang);
	return put_says(out, v, b, lang, true) || is_said || asks(v, b);
}

static int draw_text(struct canvas *c, int row, int rows, struct area a, struct ink ink,
		     const char *text)
{
	int used = 0;

	while (*text && used < rows) {
		size_t next, n = text_line(text, (size_t)(a.columns - 2), &next);
		struct sink line = {0};
		bool is_cut = used == rows - 1 && text[next] != '\0';

		sink_put(&line, text, n);
		canvas_text(c, row + used, a.column + 1, a.columns - 2, ink, line.at);
		if (is_cut)
			canvas_glyph(c, row + used, a.column + a.columns - 1, GLYPH_ELLIPSIS, ink);
		sink_fini(&line);
		text += next;
		used++;
	}
	return used;
}

static int lines_of(const struct view *v, int columns, enum lang lang)
{
	struct sink text = {0};
	int lines;

	put_text(&text, v, lang);
	lines = (int)text_lines(text.at, (size_t)(columns - 2));
	sink_fini(&text);
	return lines;
}

int view_words_rows(const struct view *v, int columns)
{
	enum lang lang = v->player->lang;

	if (lang != LANG_BOTH)
		return lines_of(v, columns, lang);
	return lines_of(v, columns, LANG_ZH) + lines_of(v, columns, LANG_EN);
}

void view_words(struct canvas *c, struct area a, const struct view *v)
{
	enum lang lang = v->player->lang;
	bool is_both = lang == LANG_BOTH;
	int row = a.row + 1, rows = a.rows - 1, first = rows;
	struct sink heading = {0}, text = {0};
	struct ink ink;

	if (a.rows < 1)
		return;
	string_put(&heading, STRING_NARRATION, lang);
	view_rule(c, a, heading.at);
	sink_fini(&heading);
	if (is_both && rows > 1) {
		/* What the second language does not need is the first one's. */
		first = rows - lines_of(v, a.columns, LANG_EN);
		if (first < (rows + 1) / 2)
			first = (rows + 1) / 2;
	}
	ink = INK(put_text(&text, v, is_both ? LANG_ZH : lang) ? ROLE_TEXT : ROLE_FAINT);
	first = draw_text(c, row, first, a, ink, text.at);
	if (is_both && rows > 1) {
		sink_clear(&text);
		put_text(&text, v, LANG_EN);
		draw_text(c, row + first, rows - first, a, ink, text.at);
	}
	sink_fini(&text);
}
