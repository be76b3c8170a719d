/* SPDX-License-Identifier: MIT */
/* view_words.c - the narration: what the scene says of this step, else what happened in it. */
#include <string.h>
#include <base/utf8.h>
#include "stage/view.h"

static const struct record *say_in(const struct view *v, const struct beat *b)
{
	const struct record *found = NULL;

	for (uint64_t i = b->first; i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);

		if (r->kind == REC_SAY)
			found = r;
	}
	return found;
}

/* One sentence a record, as many as there are in the beat; the rules are what `why` is for. */
static void tell_beat(struct sink *out, const struct view *v, const struct beat *b, enum lang lang)
{
	if (!v->tell)
		return;
	for (uint64_t i = b->first; i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);
		struct sink one = {0};

		if (r->kind != REC_EXPECT && r->kind != REC_RULE)
			v->tell(v->story->trace, i, lang, &one);
		if (one.count > 0 && out->count > 0)
			sink_putc(out, ' ');
		if (one.count > 0)
			sink_puts(out, one.at);
		sink_fini(&one);
	}
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

static void put_text(struct sink *out, const struct view *v, const struct beat *b,
		     const struct record *say, enum lang lang)
{
	const struct trace *t = v->story->trace;

	if (say)
		sink_puts(out, text_in(trace_text_of(t, say, 0), trace_text_of(t, say, 1), lang));
	else if (b)
		tell_beat(out, v, b, lang);
}

void view_words(struct canvas *c, struct area a, const struct view *v)
{
	const struct beat *b = view_beat(v);
	const struct record *say = b ? say_in(v, b) : NULL;
	enum lang lang = v->player->lang;
	struct ink ink = INK(say ? ROLE_TEXT : ROLE_FAINT);
	int row = a.row + 1, rows = a.rows - 1, used = 0;
	struct sink heading = {0}, text = {0};

	if (a.rows < 1)
		return;
	string_put(&heading, STRING_NARRATION, lang);
	view_rule(c, a, heading.at);
	sink_fini(&heading);
	put_text(&text, v, b, say, lang == LANG_BOTH ? LANG_ZH : lang);
	if (text.count > 0)
		used = draw_text(c, row, lang == LANG_BOTH ? (rows + 1) / 2 : rows, a, ink,
				 text.at);
	if (lang == LANG_BOTH && rows > 1) {
		sink_clear(&text);
		put_text(&text, v, b, say, LANG_EN);
		if (text.count > 0)
			draw_text(c, row + used, rows - used, a, ink, text.at);
	}
	sink_fini(&text);
}
