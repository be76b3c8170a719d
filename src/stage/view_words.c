/* SPDX-License-Identifier: MIT */
/*
 * view_words.c - the narration: what the play says of this step, else what happened in it.
 *
 * A bar on the left marks the play's own words, which are brighter than sentences that tell what
 * can be seen anyway; names are drawn as their people are.
 */
#include <string.h>
#include <base/array.h>
#include <base/utf8.h>
#include "stage/view.h"

/* Signals that no other sentence of the beat tells. */
static bool is_news(const struct record *r)
{
	const int64_t news = TCP_SIG_REFUSED | TCP_SIG_RESET | TCP_SIG_TIMEOUT |
			     TCP_SIG_UNREACHABLE | TCP_SIG_URGENT | TCP_SIG_R1 |
			     TCP_SIG_USER_TIMEOUT;

	return r->kind != REC_EXPECT && r->kind != REC_RULE && r->kind != REC_SAY &&
	       r->kind != REC_PICTURE && (r->kind != REC_SIGNAL || (r->number[0] & news) != 0);
}

/* Who speaks: the play, whoever tells a record in a sentence, or the play again with its reason. */
enum voice { VOICE_SAID, VOICE_TOLD, VOICE_BECAUSE };

struct line {
	char *text;
	enum voice voice;
};

typedef ARRAY(struct line) line_array;

static void lines_fini(line_array *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->at[i].text);
	array_fini(lines);
}

static char *copied(const char *text, size_t n)
{
	char *copy = xcalloc(n + 1, 1);

	memcpy(copy, text, n);
	return copy;
}

static void add_lines(line_array *lines, enum voice voice, const char *text, int columns)
{
	while (*text) {
		size_t next, n = text_line(text, (size_t)(columns > 2 ? columns - 2 : 1), &next);

		*array_push(lines) = (struct line){copied(text, n), voice};
		text += next;
	}
}

/* ---- what there is to say -------------------------------------------------------------------- */

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

/* A reason follows what it is the reason of. A question to the class is the play's word, too. */
static void add_voices(line_array *lines, const struct view *v, int columns, enum lang lang)
{
	const struct beat *b = view_beat(v);
	struct sink text = {0};
	enum voice voice = VOICE_SAID;

	if (!b)
		return;
	sink_puts(&text, "");
	if (!put_says(&text, v, b, lang, false)) {
		tell_beat(&text, v, b, lang);
		voice = asks(v, b) ? VOICE_SAID : VOICE_TOLD;
	}
	add_lines(lines, voice, text.at, columns);
	sink_clear(&text);
	if (put_says(&text, v, b, lang, true))
		add_lines(lines, VOICE_BECAUSE, text.at, columns);
	sink_fini(&text);
}

/* Both languages, the first one's lines first; *first: how many they are. */
static void add_all(line_array *lines, const struct view *v, int columns, int *first)
{
	enum lang lang = v->player->lang;

	add_voices(lines, v, columns, lang == LANG_BOTH ? LANG_ZH : lang);
	*first = (int)lines->count;
	if (lang == LANG_BOTH)
		add_voices(lines, v, columns, LANG_EN);
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* Whose name begins here? NULL: nobody's. Longer names go before those that they begin with. */
static const char *name_at(const struct view *v, const char *text, struct ink *ink)
{
	const struct trace *t = v->story->trace;
	const char *best = NULL;

	for (int i = 0; i < v->story->people_count; i++) {
		const struct trace_host *h = trace_host_at(t, v->story->people[i]);

		for (int lang = 0; lang < 2; lang++) {
			const char *name = h->title[lang];

			if (utf8_columns(name) < 2 || strncmp(text, name, strlen(name)) != 0 ||
			    (best && strlen(name) <= strlen(best)))
				continue;
			best = name;
			*ink = view_ink(v, v->story->people[i]);
		}
	}
	return best;
}

static void draw_line(struct canvas *c, int row, struct area a, const struct view *v,
		      const struct line *line)
{
	struct ink plain = INK(line->voice == VOICE_TOLD ? ROLE_FAINT : ROLE_TEXT);
	int column = a.column + 1, end = a.column + a.columns - 1;
	const char *at = line->text;

	if (line->voice != VOICE_TOLD)
		canvas_glyph(c, row, a.column, GLYPH_SAID, INK(ROLE_FAINT));
	while (*at && column < end) {
		struct ink ink = plain;
		const char *name = name_at(v, at, &ink);
		uint32_t code;
		size_t n = name ? strlen(name) : utf8_next(at, strlen(at), &code);
		char *part = copied(at, n);

		column += canvas_text(c, row, column, end - column, ink, part);
		free(part);
		at += n;
	}
}

/* Lines [from, to) into `rows` rows; where they do not fit the last row ends in an ellipsis. */
static int draw_lines(struct canvas *c, int row, int rows, struct area a, const struct view *v,
		      const line_array *lines, int from, int to)
{
	int n = to - from < rows ? to - from : rows;

	for (int i = 0; i < n; i++)
		draw_line(c, row + i, a, v, &lines->at[from + i]);
	if (n > 0 && to - from > rows)
		canvas_glyph(c, row + n - 1, a.column + a.columns - 1, GLYPH_ELLIPSIS,
			     INK(ROLE_TEXT));
	return n > 0 ? n : 0;
}

/* A small screen has no room for a heading. */
static int heading_rows(int screen_rows)
{
	return screen_rows < SMALL_ROWS ? 0 : 1;
}

/* Two rows for each language, so that the ladder seldom moves; more where more is said, as long as
 * a ladder is left. */
int view_words_rows(const struct view *v, int rows, int columns)
{
	bool is_both = v->player->lang == LANG_BOTH;
	int least = is_both ? 4 : 2, most = least + (rows >= LARGE_ROWS ? 4 : 2), first, n;
	line_array lines = {0};

	add_all(&lines, v, columns, &first);
	n = (int)lines.count;
	lines_fini(&lines);
	if (rows < SMALL_ROWS) {
		least = 2;
		most = rows < 16 ? 2 : is_both ? 4 : 3;
	}
	return heading_rows(rows) + (n < least ? least : n > most ? most : n);
}

void view_words(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	int above = heading_rows(c->rows), rows = a.rows - above, row = a.row + above;
	int first, total, top, half;
	struct sink heading = {0};
	line_array lines = {0};

	if (rows < 1)
		return;
	add_all(&lines, v, a.columns, &first);
	total = (int)lines.count;
	top = view_scroll(v, hits, PANEL_NARRATION, total, rows);
	string_put(&heading, STRING_NARRATION, v->player->lang);
	if (above > 0)
		view_heading(c, a, v, PANEL_NARRATION, heading.at, top,
			     total - top > rows ? total - top - rows : 0);
	if (above > 0)
		view_selected(c, (struct area){a.row, a.column, 1, a.columns}, v);
	sink_fini(&heading);
	/* Too much in two languages begins with some of each: what the second does not need is the
	 * first one's. Whoever scrolls reads one after the other. */
	half = rows - (total - first) > (rows + 1) / 2 ? rows - (total - first) : (rows + 1) / 2;
	if (total > rows && first < total && top == 0) {
		half = draw_lines(c, row, half, a, v, &lines, 0, first);
		draw_lines(c, row + half, rows - half, a, v, &lines, first, total);
	} else {
		draw_lines(c, row, rows, a, v, &lines, top, total);
	}
	lines_fini(&lines);
}
