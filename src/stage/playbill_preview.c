/* SPDX-License-Identifier: MIT */
/* playbill_preview.c - what a scene is about: its people, its length, its words, its first rows. */
#include <string.h>
#include <base/utf8.h>
#include "stage/playbill.h"
#include "stage/view.h"

/* ---- fetching -------------------------------------------------------------------------------- */

static void forget(struct preview *v)
{
	story_free(v->story);
	sink_clear(&v->complaint);
	v->story = NULL;
	v->is_there = false;
}

void playbill_look(struct playbill *p)
{
	struct preview *v = &p->preview;
	const struct trace *t;
	size_t entry;

	if (!p->source || p->selected >= p->matches.count || p->has_no_preview)
		return;
	entry = p->matches.at[p->selected];
	if (v->is_there && v->entry == entry && v->variant == p->variant)
		return;
	forget(v);
	*v = (struct preview){
		.is_there = true, .entry = entry, .variant = p->variant, .complaint = v->complaint};
	t = p->source->preview(p->source->user, entry, p->variant, &v->complaint);
	if (t)
		v->story = story_new(t);
}

/* ---- the lines ------------------------------------------------------------------------------- */

struct page {
	struct canvas *canvas;
	struct area left; /* to be filled */
	enum lang lang;
};

static void put_line(struct page *k, enum role role, const char *text)
{
	if (k->left.rows <= 0)
		return;
	canvas_text_cut(k->canvas, k->left.row, k->left.column, k->left.columns, INK(role), text);
	k->left.row++;
	k->left.rows--;
}

/* At most `most` lines of it. */
static void put_lines(struct page *k, enum role role, const char *text, int most)
{
	while (*text && most-- > 0 && k->left.rows > 0 && k->left.columns > 0) {
		size_t next, n = text_line(text, (size_t)k->left.columns, &next);
		struct sink line = {0};

		/* What does not fit ends in an ellipsis. */
		sink_put(&line, text, most > 0 ? n : strlen(text));
		put_line(k, role, line.at);
		sink_fini(&line);
		text += next;
	}
}

static void put_people(struct page *k, const struct story *s)
{
	struct sink text = {0};

	for (int i = 0; i < s->people_count; i++) {
		const struct trace_host *h = trace_host_at(s->trace, s->people[i]);

		sink_puts(&text, i > 0 ? "  " : "");
		playbill_put_pair(&text, h->title, k->lang);
		sink_printf(&text, " (%s)", h->profile);
	}
	put_line(k, ROLE_TEXT, text.at ? text.at : "");
	sink_fini(&text);
}

static void put_facts(struct page *k, const struct playbill *p, const struct story *s)
{
	const struct playbill_entry *e = playbill_selected(p);
	struct sink text = {0};
	size_t words = s->voyages.count;
	uint32_t lost = words > 0 ? s->voyages.at[words - 1].lost : 0;

	put_span(&text, s->end);
	sink_printf(&text, " · %zu %s", words, string_in(STRING_PREVIEW_WORDS, k->lang));
	if (lost > 0)
		sink_printf(&text, ", %u %s", lost, string_in(STRING_PREVIEW_LOST, k->lang));
	if (s->expects > 0)
		sink_printf(&text, " · %s %u", string_in(STRING_EXPECT, k->lang), s->expects);
	if (e->variant_count > 1) {
		sink_printf(&text, " · %s %zu/%zu", string_in(STRING_PREVIEW_RUN, k->lang),
			    p->variant + 1, e->variant_count);
		if (e->variants)
			sink_printf(&text, " %s", e->variants[p->variant]);
		sink_puts(&text, " [v]");
	}
	put_line(k, ROLE_FAINT, text.at);
	sink_fini(&text);
}

static void put_progress(struct page *k, const struct playbill_entry *e)
{
	struct sink text = {0};

	if (e->seen < 0) {
		string_put(&text, STRING_SEEN_NOT, k->lang);
	} else if (e->is_ended) {
		string_put(&text, STRING_SEEN_END, k->lang);
	} else {
		string_put(&text, STRING_SEEN, k->lang);
		sink_printf(&text, " %d%%", e->seen / 10);
	}
	if (e->left_at > 0) {
		sink_puts(&text, " · ");
		string_put(&text, STRING_LEFT_AT, k->lang);
		sink_puts(&text, " ");
		sink_time(&text, e->left_at);
		sink_printf(&text, " s: %s", string_in(STRING_GOES_ON, k->lang));
	}
	put_line(k, ROLE_FAINT, text.at);
	sink_fini(&text);
}

static void put_chapters(struct page *k, const struct story *s)
{
	struct sink text = {0};
	int number = 0;

	for (size_t i = 0; i < s->marks.count; i++) {
		const struct record *r = trace_at(s->trace, s->marks.at[i].record);
		const char *title[2];

		if (s->marks.at[i].kind != MARK_SCENE)
			continue;
		for (int l = 0; l < 2; l++)
			title[l] = trace_text_of(s->trace, r, l);
		sink_printf(&text, "%s%d ", number > 0 ? "  " : "", number + 1);
		sink_puts(&text, text_in(title[0], title[1], k->lang));
		number++;
	}
	if (number > 1)
		put_lines(k, ROLE_TEXT, text.at, 2);
	sink_fini(&text);
}

static const struct record *first_words(const struct trace *t)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		if (trace_at(t, i)->kind == REC_SAY)
			return trace_at(t, i);
	}
	return NULL;
}

static void put_words(struct page *k, const struct story *s)
{
	const struct record *r = first_words(s->trace);
	const char *en = r ? trace_text_of(s->trace, r, 0) : "";
	const char *zh = r ? trace_text_of(s->trace, r, 1) : "";

	if (k->lang != LANG_EN)
		put_lines(k, ROLE_HEAD, text_in(en, zh, LANG_ZH), 2);
	if (k->lang != LANG_ZH && (k->lang == LANG_EN || strcmp(en, zh) != 0))
		put_lines(k, ROLE_HEAD, text_in(en, zh, LANG_EN), 2);
}

/* The first rows of its ladder, as they will be seen. */
static void put_ladder(struct page *k, const struct story *s, enum stage_motion motion)
{
	enum { LEAST = 8 };
	struct moment moment = {0};
	struct player player;
	struct view view = {
		.story = s, .player = &player, .moment = &moment, .title = "", .motion = motion};
	uint32_t stop = 0;

	if (k->left.rows < LEAST || k->left.columns < LEAST_COLUMNS || s->rows.count == 0)
		return;
	player_init(&player, s, k->lang);
	while (stop + 1 < s->stops.count && (int)s->stops.at[stop + 1].row < k->left.rows - 3)
		stop++;
	player_go(&player, stop);
	moment_go(&moment, s->trace, player.cursor);
	view_ladder(k->canvas, k->left, &view, NULL);
	moment_fini(&moment);
}

void preview_draw(struct canvas *c, struct area a, const struct playbill *p)
{
	const struct playbill_entry *e = playbill_selected(p);
	const struct preview *v = &p->preview;
	struct page k = {c, {a.row + 1, a.column + 1, a.rows - 1, a.columns - 2}, p->lang};
	struct sink heading = {0};

	if (!e || !v->is_there)
		return;
	playbill_put_pair(&heading, e->title, p->lang);
	view_rule(c, (struct area){a.row, a.column, 1, a.columns}, heading.at);
	sink_fini(&heading);
	if (!v->story) {
		put_line(&k, ROLE_LOSS, string_in(STRING_PREVIEW_NONE, p->lang));
		put_lines(&k, ROLE_TEXT, v->complaint.at ? v->complaint.at : "", k.left.rows);
		return;
	}
	put_words(&k, v->story);
	put_facts(&k, p, v->story);
	put_progress(&k, e);
	put_people(&k, v->story);
	put_chapters(&k, v->story);
	k.left.row++;
	k.left.rows--;
	put_ladder(&k, v->story, MOTION_NONE);
}
