/* SPDX-License-Identifier: MIT */
/*
 * view_predict.c - the card with a question: in the narration's place, so that the ladder stays in
 * sight; its keys stand where the footer's do.
 */
#include <string.h>
#include <base/utf8.h>
#include "stage/view.h"

bool view_has_card(const struct view *v)
{
	return v->predict && v->player->overlay == OVERLAY_PREDICT;
}

bool view_is_guessing(const struct view *v)
{
	return view_has_card(v) && v->predict->phase == PREDICT_ASKS;
}

bool view_hides_deadlines(const struct view *v)
{
	enum tcb_field_kind field;

	if (!view_is_guessing(v))
		return false;
	field = (enum tcb_field_kind)v->predict->question.field;
	return field == FIELD_DEADLINE ||
	       (field == FIELD_TIME && v->predict->question.kind == QUESTION_SCENE);
}

/* ---- what stands on it ----------------------------------------------------------------------- */

/* A row of text, of choices (the first of them), or the line to type in. */
enum part { PART_TEXT, PART_CHOICES, PART_ENTRY };

struct part_row {
	enum part part;
	struct ink ink;
	int choice;
	char *text;
};

/* Where both languages take too much room the question is repeated in one of them only, then
 * everything is said in one. */
enum speech { SPEECH_ALL, SPEECH_SHORT, SPEECH_ONE };

struct card {
	const struct view *view;
	const struct predict *predict;
	const struct trace *trace;
	enum speech speech;
	int columns;  /* inside */
	int in_a_row; /* choices */
	bool in_both; /* they are said in both languages */
	ARRAY(struct part_row) rows;
};

static void card_fini(struct card *k)
{
	for (size_t i = 0; i < k->rows.count; i++)
		free(k->rows.at[i].text);
	array_fini(&k->rows);
}

/* What does not fit into `most` rows ends in an ellipsis. */
static void add_text(struct card *k, struct ink ink, const char *text, int most)
{
	while (*text && most-- > 0) {
		size_t next, n = text_line(text, (size_t)k->columns, &next);
		struct sink line = {0};

		sink_put(&line, text, n);
		text += next;
		if (*text && most == 0) {
			char dots[5] = {0};

			line.count = utf8_clip(line.at, (size_t)k->columns - 1);
			utf8_put(glyph_code(GLYPH_ELLIPSIS), dots);
			sink_puts(&line, dots);
		}
		*array_push(&k->rows) = (struct part_row){.ink = ink, .text = line.at};
	}
}

/* In the reader's language, or in both, each with its own rows. */
static bool speaks(const struct card *k, enum lang lang)
{
	enum lang own = k->view->player->lang;

	return own == lang || (own == LANG_BOTH && (k->speech != SPEECH_ONE || lang == LANG_ZH));
}

static void add_question(struct card *k, bool is_repeated)
{
	static const enum lang order[] = {LANG_ZH, LANG_EN};

	for (int i = 0; i < 2; i++) {
		struct sink text = {0};

		if (!speaks(k, order[i]))
			continue;
		question_put(&text, &k->predict->question, k->trace, order[i],
			     k->view->player->is_absolute);
		add_text(k, INK(ROLE_TEXT, ATTR_BOLD), text.at ? text.at : "", 3);
		sink_fini(&text);
		if (is_repeated && k->speech != SPEECH_ALL)
			return;
	}
}

/* "1 李四：SYN+ACK"; in both languages where they differ. */
static void put_choice(struct sink *out, const struct card *k, int i, bool in_both)
{
	const struct riddle *q = &k->predict->question;
	struct sink en = {0};

	question_put_choice(out, q, k->trace, i,
			    k->view->player->lang == LANG_EN ? LANG_EN : LANG_ZH);
	question_put_choice(&en, q, k->trace, i, LANG_EN);
	if (in_both && strcmp(en.at, out->at) != 0)
		sink_printf(out, " / %s", en.at);
	sink_fini(&en);
}

enum { CHOICE_SIGN = 3, CHOICE_GAP = 2 };

static int choice_room(const struct card *k)
{
	return k->columns / k->in_a_row - CHOICE_SIGN - CHOICE_GAP;
}

/* With sign and gap. */
static int widest_choice(const struct card *k, bool in_both)
{
	int widest = 1;

	for (int i = 0; i < k->predict->question.choices; i++) {
		struct sink text = {0};
		int columns;

		put_choice(&text, k, i, in_both);
		columns = (int)utf8_columns(text.at) + CHOICE_SIGN + CHOICE_GAP;
		widest = columns > widest ? columns : widest;
		sink_fini(&text);
	}
	return widest;
}

/* All of them in both languages, or none. */
static void add_choices(struct card *k)
{
	bool is_both = k->view->player->lang == LANG_BOTH;

	k->in_both = is_both && widest_choice(k, true) * 2 <= k->columns;
	k->in_a_row = widest_choice(k, k->in_both) * 4 <= k->columns ? 4 : 2;
	for (int i = 0; i < k->predict->question.choices; i += k->in_a_row)
		*array_push(&k->rows) = (struct part_row){.part = PART_CHOICES, .choice = i};
}

static void add_how(struct card *k, struct ink ink, bool is_complaint)
{
	struct sink text = {0};
	enum lang lang = k->view->player->lang == LANG_EN ? LANG_EN : LANG_ZH;

	if (is_complaint)
		sink_printf(&text, "%s ", string_in(STRING_PREDICT_HOW, lang));
	question_put_how(&text, &k->predict->question, lang);
	add_text(k, ink, text.at, 2);
	sink_fini(&text);
}

static void add_hint(struct card *k)
{
	static const enum lang order[] = {LANG_ZH, LANG_EN};
	const struct predict *p = k->predict;
	enum lang lang = k->view->player->lang == LANG_EN ? LANG_EN : LANG_ZH;
	struct sink text = {0};

	put_harmless(&text, p->given, strlen(p->given));
	sink_puts(&text, lang == LANG_EN ? "? " : "？");
	sink_printf(&text, string_in(STRING_PREDICT_TRY, lang), QUESTION_TRIES - p->tries);
	for (int i = 0; i < 2; i++) {
		if (!speaks(k, order[i]))
			continue;
		sink_putc(&text, ' ');
		question_put_hint(&text, &p->question, k->trace, p->tries, order[i],
				  k->view->player->is_absolute);
	}
	add_text(k, INK(ROLE_LOSS), text.at, 2);
	sink_fini(&text);
}

static void add_asking(struct card *k)
{
	const struct predict *p = k->predict;
	bool is_complaint = p->is_graded && p->grade == GRADE_UNREADABLE;

	add_question(k, false);
	if (p->question.choices > 0)
		add_choices(k);
	else if (!p->question.is_unanswered)
		*array_push(&k->rows) = (struct part_row){.part = PART_ENTRY};
	if (p->is_graded && p->grade == GRADE_WRONG)
		add_hint(k);
	else if (p->question.choices == 0 && !p->question.is_unanswered)
		add_how(k, INK(is_complaint ? ROLE_LOSS : ROLE_FAINT), is_complaint);
}

static void put_glyph(struct sink *out, enum glyph g)
{
	char octets[5] = {0};

	utf8_put(glyph_code(g), octets);
	sink_puts(out, octets);
	sink_putc(out, ' ');
}

static void add_verdict(struct card *k)
{
	const struct predict *p = k->predict;
	enum lang lang = k->view->player->lang;
	bool is_right = p->is_graded && p->grade == GRADE_RIGHT;
	bool is_wrong = p->is_graded && p->grade == GRADE_WRONG;
	struct sink text = {0};

	if (p->question.is_unanswered) {
		add_text(k, INK(ROLE_TEXT), string_in(STRING_PREDICT_OPEN, lang), 2);
		return;
	}
	if (is_right || is_wrong)
		put_glyph(&text, is_right ? GLYPH_YES : GLYPH_NO);
	sink_puts(&text, string_in(is_right   ? STRING_PREDICT_RIGHT
				   : is_wrong ? STRING_PREDICT_WRONG
					      : STRING_PREDICT_ANSWER,
				   lang == LANG_EN ? LANG_EN : LANG_ZH));
	sink_puts(&text, lang == LANG_EN ? " " : "");
	question_put_answer(&text, &p->question, k->trace, lang == LANG_EN ? LANG_EN : LANG_ZH,
			    k->view->player->is_absolute);
	add_text(k, INK(is_wrong ? ROLE_LOSS : ROLE_HEAD, ATTR_BOLD), text.at, 2);
	sink_fini(&text);
}

static void add_reason(struct card *k)
{
	static const enum lang order[] = {LANG_ZH, LANG_EN};

	for (int i = 0; i < 2; i++) {
		struct sink text = {0};

		if (!speaks(k, order[i]))
			continue;
		question_put_reason(&text, &k->predict->question, k->trace, order[i],
				    k->view->player->is_absolute);
		add_text(k, INK(ROLE_TEXT), text.at ? text.at : "", 4);
		sink_fini(&text);
	}
}

static void add_sum(struct card *k)
{
	static const enum lang order[] = {LANG_ZH, LANG_EN};

	for (int i = 0; i < 2; i++) {
		struct sink text = {0};

		if (!speaks(k, order[i]))
			continue;
		score_put(&text, k->predict->score, order[i]);
		add_text(k, INK(ROLE_TEXT, ATTR_BOLD), text.at, 2);
		sink_clear(&text);
		score_put_kinds(&text, k->predict->score, order[i]);
		add_text(k, INK(ROLE_TEXT), text.at, 2);
		sink_fini(&text);
	}
}

static void build(struct card *k, const struct view *v, int columns, enum speech speech)
{
	*k = (struct card){.view = v,
			   .predict = v->predict,
			   .trace = v->story->trace,
			   .speech = speech,
			   .columns = columns - 2,
			   .in_a_row = 2};
	switch (v->predict->phase) {
	case PREDICT_ASKS: add_asking(k); return;
	case PREDICT_TELLS:
		add_question(k, true);
		add_verdict(k);
		add_reason(k);
		return;
	case PREDICT_SUMS: add_sum(k); return;
	}
}

static void fit(struct card *k, const struct view *v, int columns, int most)
{
	build(k, v, columns, SPEECH_ALL);
	for (int speech = SPEECH_SHORT;
	     speech <= SPEECH_ONE && (int)k->rows.count > most && v->player->lang == LANG_BOTH;
	     speech++) {
		card_fini(k);
		build(k, v, columns, (enum speech)speech);
	}
}

/* With the heading: as many rows while it asks as when it tells, as far as they go, so that the
 * ladder stays where it is; and not so many that the people have to go. */
int view_card_rows(const struct canvas *c, const struct view *v)
{
	bool is_small = c->rows < SMALL_ROWS, is_large = c->rows >= LARGE_ROWS;
	int least = v->player->lang == LANG_BOTH ? 8 : 7, most = is_large ? 14 : 8, rows;
	struct card k;

	if (is_small)
		return c->rows - 6 < 8 ? c->rows - 6 : 8;
	fit(&k, v, c->columns, most - 1);
	rows = 1 + (int)k.rows.count;
	card_fini(&k);
	return rows < least ? least : rows > most ? most : rows;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void draw_choice(struct canvas *c, int row, int column, const struct card *k, int i,
			struct hits *hits)
{
	struct sink text = {0};
	int room = choice_room(k), columns;
	char sign[3] = {(char)('1' + i), ' ', '\0'};

	put_choice(&text, k, i, k->in_both);
	columns = (int)utf8_columns(text.at);
	columns = columns < room ? columns : room;
	canvas_text(c, row, column, CHOICE_SIGN, INK(ROLE_KEY, ATTR_BOLD), sign);
	canvas_text_cut(c, row, column + CHOICE_SIGN - 1, columns, INK(ROLE_TEXT), text.at);
	hits_add(hits, (struct area){row, column, 1, CHOICE_SIGN - 1 + columns}, ACTION_ANSWER,
		 (uint32_t)i);
	sink_fini(&text);
}

static void draw_row(struct canvas *c, int row, struct area a, const struct card *k,
		     const struct part_row *r, struct hits *hits)
{
	const struct predict *p = k->predict;

	switch (r->part) {
	case PART_TEXT: canvas_text(c, row, a.column + 1, k->columns, r->ink, r->text); return;
	case PART_CHOICES:
		for (int i = 0; i < k->in_a_row && r->choice + i < p->question.choices; i++)
			draw_choice(c, row, a.column + 1 + i * (k->columns / k->in_a_row), k,
				    r->choice + i, hits);
		return;
	case PART_ENTRY:
		canvas_text(c, row, a.column + 1, 2, INK(ROLE_KEY, ATTR_BOLD), ">");
		entry_draw(&p->entry, c, row, a.column + 3, k->columns - 2,
			   INK(ROLE_TEXT, ATTR_BOLD));
		return;
	}
}

static enum string heading_of(const struct predict *p)
{
	if (p->phase == PREDICT_SUMS)
		return STRING_PREDICT_SUM;
	return p->question.kind == QUESTION_SCENE ? STRING_PREDICT_ASKED : STRING_PREDICT_TITLE;
}

void view_card(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct sink heading = {0};
	struct card k;

	if (a.rows < 1)
		return;
	/* Nothing that lies under it can be clicked. */
	canvas_clear_area(c, a);
	string_put(&heading, heading_of(v->predict), v->player->lang);
	view_rule(c, a, heading.at);
	sink_fini(&heading);
	fit(&k, v, a.columns, a.rows - 1);
	for (int i = 0; i < (int)k.rows.count && i + 1 < a.rows; i++)
		draw_row(c, a.row + 1 + i, a, &k, &k.rows.at[i], hits);
	card_fini(&k);
}

/* ---- its keys -------------------------------------------------------------------------------- */

struct card_key {
	const char *keys;
	enum string word;
	int click; /* enum predict_click; -1: nothing to click at */
};

static int key_columns(const struct card_key *key, enum lang lang)
{
	return (int)utf8_columns(key->keys) + 1 + (int)utf8_columns(string_in(key->word, lang)) + 2;
}

static void draw_keys(struct canvas *c, struct area a, const struct card_key *keys, int n,
		      enum lang lang, struct hits *hits)
{
	int column = a.column + 1, end = a.column + a.columns - 1;

	for (int i = 0; i < n && column + key_columns(&keys[i], lang) - 2 <= end; i++) {
		int from = column;

		column += canvas_text(c, a.row, column, end - column, INK(ROLE_KEY), keys[i].keys) +
			  1;
		column += canvas_text(c, a.row, column, end - column, INK(ROLE_FAINT),
				      string_in(keys[i].word, lang));
		if (keys[i].click >= 0)
			hits_add(hits, (struct area){a.row, from, 1, column - from}, ACTION_ANSWER,
				 (uint32_t)keys[i].click);
		column += 2;
	}
}

void view_card_keys(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	static const struct card_key asks[] = {
		{"", STRING_PREDICT_KEY_ANSWER, -1},
		{"SPC", STRING_PREDICT_KEY_PASS, CLICK_PASS},
		{"?", STRING_PREDICT_KEY_SHOW, CLICK_SHOW},
		{"p", STRING_PREDICT_KEY_OTHER, CLICK_OTHER},
		{"Esc", STRING_PREDICT_KEY_CLOSE, CLICK_CLOSE},
	};
	static const struct card_key tells[] = {
		{"SPC", STRING_PREDICT_KEY_ON, CLICK_PASS},
		{"Esc", STRING_PREDICT_KEY_STAY, CLICK_CLOSE},
	};
	static const struct card_key leaves[] = {
		{"q", STRING_KEY_QUIT, CLICK_PASS},
		{"Esc", STRING_PREDICT_KEY_STAY, CLICK_CLOSE},
	};
	const struct predict *p = v->predict;
	struct card_key mine[5];

	if (p->phase == PREDICT_SUMS && p->then == THEN_QUIT) {
		draw_keys(c, a, leaves, 2, v->player->lang, hits);
	} else if (p->phase != PREDICT_ASKS) {
		draw_keys(c, a, tells, 2, v->player->lang, hits);
	} else {
		static const char *const digits[] = {"", "1", "1-2", "1-3", "1-4"};
		bool is_choice = p->question.choices > 0;

		memcpy(mine, asks, sizeof mine);
		mine[0].keys = is_choice ? digits[p->question.choices] : "Enter";
		draw_keys(c, a, mine, 5, v->player->lang, hits);
	}
}
