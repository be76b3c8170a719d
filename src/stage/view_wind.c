/* SPDX-License-Identifier: MIT */
/*
 * view_wind.c - what is in the air between the people: each word at the place where the clock has
 * brought it, what the wind does to it and by which rule, and the wind itself.
 *
 * Above the strip stands what the wind does, or how it is. The strip has as many rows as the
 * figures. Each word has its lane for all of its way (lanes.c); the first lane is the middle row.
 */
#include <string.h>
#include <base/utf8.h>
#include "stage/pose.h"
#include "stage/scatter.h"
#include "stage/view.h"

enum {
	STRIP_ROW = 2,    /* of the people's area */
	TAIL = 6,         /* columns that a word draws behind itself */
	NARROWEST = 8,    /* columns between two people in which something can fly */
	GARBLED_AT = 400, /* thousandths of the way after which a garbled word looks it */
};

struct air {
	struct canvas *canvas;
	const struct view *view;
	struct area area; /* of the people */
	int row, rows;    /* of the strip */
	int untold;       /* words for which there was no room */
	int64_t selected; /* voyage, as view_selection */
	struct hits *hits;
};

/* The moment the air is drawn at. Who wants no motion sees that of the step, until the next one. */
static usec moment_of(const struct view *v)
{
	return v->motion == MOTION_FULL ? v->player->now
					: v->story->stops.at[player_stop(v->player)].at;
}

/* Of the strip, as a canvas row: the middle one first, then those around it. */
static int row_of(const struct air *air, int lane)
{
	int i = lane % air->rows, off = (i + 1) / 2;

	return air->row + air->rows / 2 + (i % 2 == 1 ? -off : off);
}

static bool goes_right(const struct view *v, const struct voyage *w)
{
	return story_lifeline(v->story, w->from) < story_lifeline(v->story, w->to);
}

/* The columns [left, right) between two people. False: too few of them. */
static bool span_of(const struct air *air, const struct voyage *w, int *left, int *right)
{
	const struct story *s = air->view->story;
	int from = story_lifeline(s, w->from), to = story_lifeline(s, w->to);
	int low = from < to ? from : to, high = from < to ? to : from;
	int ignored;

	if (low < 0)
		low = 0;
	if (high <= low)
		high = s->people_count - 1;
	view_figure(air->area, air->view, low, &ignored, left);
	view_figure(air->area, air->view, high, right, &ignored);
	return *right - *left >= NARROWEST;
}

static bool is_free(const struct air *air, int row, int column, int columns)
{
	for (int i = 0; i < columns; i++) {
		if (!canvas_is_blank(air->canvas, row, column + i))
			return false;
	}
	return true;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* In one of its forms; a garbled word looks it after a while. */
static void put_word(struct sink *out, const struct view *v, const struct voyage *w, int form)
{
	struct sink plain = {0};

	if (!(voyage_deeds(v->story, w, v->player->cursor, NULL) & 1u << DEED_CORRUPT) ||
	    voyage_progress(v->story, w, moment_of(v)) < GARBLED_AT) {
		view_label_form(out, v, w, form);
		return;
	}
	view_label_form(&plain, v, w, form);
	garble(out, plain.at, w->send);
	sink_fini(&plain);
}

/* From column `at` against the direction of flight, up to what stands in its way. */
static void draw_tail(struct air *air, int row, int at, int direction, int left, int right)
{
	for (int i = 0; i < TAIL; i++, at -= direction) {
		if (at < left || at >= right || !canvas_is_blank(air->canvas, row, at))
			return;
		canvas_glyph(air->canvas, row, at, GLYPH_HLINE, INK(ROLE_FRAME));
	}
}

static struct ink ink_of_word(const struct air *air, const struct voyage *w)
{
	const struct view *v = air->view;
	const struct player *p = v->player;
	struct ink ink = view_ink(v, w->from);

	if (voyage_has_ended(w, p->now, p->cursor))
		return INK(ROLE_FAINT);
	if (p->is_looking && (p->look == w->leave_row || p->look == w->reach_row))
		ink.attrs |= ATTR_BOLD | ATTR_REVERSE;
	else if (air->selected >= 0 && w == &v->story->voyages.at[air->selected])
		ink.attrs |= ATTR_BOLD | ATTR_UNDERLINE;
	return ink;
}

/* "── SYN 0 ►": it begins where its sender stands and ends where it is heard. */
static bool put_flying(struct air *air, const struct voyage *w, int row, const char *label)
{
	const struct view *v = air->view;
	int left, right, columns, room, at, progress = 0;
	struct ink ink = ink_of_word(air, w);

	span_of(air, w, &left, &right);
	room = right - left;
	columns = (int)utf8_columns(label) + 2;
	if (v->motion == MOTION_FULL || voyage_has_ended(w, v->player->now, v->player->cursor))
		progress = voyage_progress(v->story, w, moment_of(v));
	at = (room - columns) * progress / 1000;
	at = goes_right(v, w) ? left + at : right - columns - at;
	if (at < left || at + columns > right || !is_free(air, row, at - 1, columns + 2))
		return false;
	hits_add(air->hits, (struct area){row, at, 1, columns}, ACTION_LOOK_AT, w->leave_row);
	if (goes_right(v, w)) {
		canvas_text(air->canvas, row, at, columns, ink, label);
		canvas_glyph(air->canvas, row, at + columns - 1, GLYPH_DELIVERED_RIGHT,
			     view_line_ink(v, w->from));
		draw_tail(air, row, at - 2, 1, left, right);
	} else {
		canvas_glyph(air->canvas, row, at, GLYPH_DELIVERED_LEFT, view_line_ink(v, w->from));
		canvas_text(air->canvas, row, at + 2, columns, ink, label);
		draw_tail(air, row, at + columns + 1, -1, left, right);
	}
	return true;
}

/* In its lane; where another word is in the way shorter, then in any row, then it is only counted.
 * The forms without what was said say nothing here. */
static void draw_word(struct air *air, const struct voyage *w)
{
	enum { FULLEST = 1, SHORTEST = 3 };
	int left, right;
	struct sink label = {0};
	bool is_drawn = false;

	/* Nobody waits for a place in a crowd. */
	if (air->untold > air->rows || !span_of(air, w, &left, &right)) {
		air->untold++;
		return;
	}
	for (int form = FULLEST; form <= SHORTEST && !is_drawn; form++) {
		put_word(&label, air->view, w, form);
		if (form < SHORTEST && (int)utf8_columns(label.at) > (right - left) * 2 / 3)
			continue;
		for (int i = 0; i < air->rows && !is_drawn; i++)
			is_drawn = put_flying(air, w, row_of(air, w->lane + i), label.at);
	}
	if (!is_drawn)
		air->untold++;
	sink_fini(&label);
}

static int dies_at(const struct air *air, const struct voyage *w, int left, int right)
{
	int come = (right - left) * w->dies_at / 1000;

	return goes_right(air->view, w) ? left + come : right - come;
}

/* × where it died. */
static void draw_end(struct air *air, const struct voyage *w)
{
	int left, right;

	if (span_of(air, w, &left, &right))
		canvas_glyph(air->canvas, row_of(air, w->lane), dies_at(air, w, left, right),
			     GLYPH_LOST, INK(ROLE_LOSS));
}

/* Its letters flying on, ever farther apart and fainter. To the left a word begins with its last
 * letter. */
static void draw_scatter(struct air *air, const struct voyage *w, int frame)
{
	const struct view *v = air->view;
	struct letter letters[SCATTER_LETTERS];
	struct sink word = {0};
	int left, right, row = row_of(air, w->lane), column;
	bool is_rightward = goes_right(v, w);
	size_t n;

	if (!span_of(air, w, &left, &right))
		return;
	view_label(&word, v, w, (right - left) / 2);
	n = scatter_letters(word.at, frame, letters);
	column = dies_at(air, w, left, right);
	for (size_t i = 0; i < n; i++) {
		const struct letter *l = &letters[is_rightward ? i : n - 1 - i];
		int at = is_rightward ? column + letters[i].columns
				      : column - letters[i].columns - l->width + 1;
		int down = row + letters[i].rows;

		if (at < left || at + l->width > right || down < air->row ||
		    down >= air->row + air->rows || !is_free(air, down, at, l->width))
			continue;
		canvas_code(air->canvas, down, at, l->code,
			    frame <= 1 ? view_ink(v, w->from) : INK(ROLE_FAINT));
	}
	sink_fini(&word);
}

/* ---- which are in the air -------------------------------------------------------------------- */

/* The first voyage that may still be in the air. */
static size_t first_open(const struct view *v)
{
	const struct story *s = v->story;
	size_t i;

	if (s->rows.count == 0)
		return 0;
	i = s->rows.at[s->stops.at[player_stop(v->player)].row].first_open;
	/* A scattering word may belong to a row already left behind. */
	return i > STORY_LANES ? i - STORY_LANES : 0;
}

static bool is_airborne(const struct view *v, const struct voyage *w)
{
	return !w->is_stranger && !voyage_has_ended(w, v->player->now, v->player->cursor);
}

/* It ended in the step just told, and not long ago. */
static bool is_just_heard(const struct view *v, const struct voyage *w)
{
	const struct beat *b = view_beat(v);

	return b && w->fate != FATE_LOST && w->end >= b->first && w->end < b->end &&
	       !w->is_stranger && !is_airborne(v, w) && moment_of(v) - w->due <= w->due - w->sent;
}

/* -1: it does not scatter now. */
static int frame_of(const struct view *v, const struct voyage *w)
{
	return is_airborne(v, w) ? -1 : scatter_frame(w, moment_of(v));
}

enum rank { RANK_END, RANK_FLYING, RANK_HEARD, RANK_LETTERS, RANKS };

static void draw_ranked(struct air *air, const struct voyage *w, enum rank rank)
{
	int frame = frame_of(air->view, w);

	switch (rank) {
	case RANK_END:
		if (frame >= 0)
			draw_end(air, w);
		break;
	case RANK_FLYING:
		if (is_airborne(air->view, w))
			draw_word(air, w);
		break;
	case RANK_HEARD:
		if (is_just_heard(air->view, w))
			draw_word(air, w);
		break;
	case RANK_LETTERS:
		if (frame >= 0)
			draw_scatter(air, w, frame);
		break;
	case RANKS: break;
	}
}

/* Where something was lost, then those in the air, the nearest to its end first, so that none has
 * to make room for one that comes later; then, where there is room left, what was just heard, and
 * what is lost. */
static void draw_words(struct air *air)
{
	const struct story *s = air->view->story;
	size_t begun = story_begun(s, air->view->player->cursor);
	int untold = 0;

	for (int rank = 0; rank < RANKS; rank++) {
		for (size_t i = first_open(air->view); i < begun; i++)
			draw_ranked(air, &s->voyages.at[i], (enum rank)rank);
		if (rank == RANK_FLYING)
			untold = air->untold;
	}
	air->untold = untold;
}

/* ---- what the wind does ---------------------------------------------------------------------- */

/* The newest word that something befalls just now; NULL: none. */
static const struct voyage *find_befallen(const struct view *v)
{
	const struct story *s = v->story;
	size_t first = first_open(v);

	for (size_t i = story_begun(s, v->player->cursor); i-- > first;) {
		const struct voyage *w = &s->voyages.at[i];

		if (w->fate == FATE_LOST ? scatter_frame(w, moment_of(v)) >= 0 && !is_airborne(v, w)
					 : w->fate == FATE_DISCARDED && is_just_heard(v, w))
			return w;
		if (w->fate != FATE_LOST && is_airborne(v, w) &&
		    voyage_deeds(s, w, v->player->cursor, NULL) != 0)
			return w;
	}
	return NULL;
}

static enum glyph glyph_of_deed(enum deed deed)
{
	switch (deed) {
	case DEED_CORRUPT: return GLYPH_CORRUPT;
	case DEED_DUPLICATE: return GLYPH_DUPLICATE;
	case DEED_REORDER: return GLYPH_REORDERED;
	case DEED_MARK:
	case DEED_DELAY: return GLYPH_ELLIPSIS;
	case DEED_DROP:
	case DEED_CUT:
	case DEED_QUEUE:
	case DEED_MTU:
	case DEED_LIFETIME:
	case DEED_ICMP:
	case DEED_COUNT: break;
	}
	return GLYPH_LOST;
}

static void put_glyph(struct sink *out, enum glyph g)
{
	char octets[4];

	sink_put(out, octets, utf8_put(glyph_code(g), octets));
	sink_putc(out, ' ');
}

/* "× blown away", then the rule that willed it, then where it stands. */
enum { NOTE_PARTS = 3 };

static void put_note(struct sink part[NOTE_PARTS], const struct view *v, const struct voyage *w)
{
	const struct trace *t = v->story->trace;
	const struct record *r;
	const char *words;
	uint64_t last;

	voyage_deeds(v->story, w, v->player->cursor, &last);
	r = trace_at(t, w->fate == FATE_DISCARDED && w->end < v->player->cursor ? w->end : last);

	if (r->kind == REC_DISCARD) {
		put_glyph(&part[0], r->detail == DISCARD_CHECKSUM ? GLYPH_CORRUPT : GLYPH_LOST);
		sink_puts(&part[0],
			  string_in(string_of_discard((enum discard)r->detail), v->player->lang));
		return;
	}
	sink_puts(&part[0], r->is_inferred ? VIEW_INFERRED : "");
	put_glyph(&part[0], glyph_of_deed((enum deed)r->detail));
	sink_puts(&part[0], string_in(string_of_deed((enum deed)r->detail), v->player->lang));
	words = trace_quoted(t, &r->place);
	if (words[0] != '\0') {
		sink_puts(&part[1], "  ");
		put_harmless(&part[1], words, strlen(words));
	}
	if (r->place.line > 0) {
		sink_puts(&part[2], "  ");
		put_harmless(&part[2], trace_file_name(t, r->place.file),
			     strlen(trace_file_name(t, r->place.file)));
		sink_printf(&part[2], ":%u", r->place.line);
	}
}

/* In the middle of a row, if nothing stands there. */
static bool put_middle(struct air *air, int row, struct ink ink, const char *text)
{
	int columns = (int)utf8_columns(text);
	int column = air->area.column + (air->area.columns - columns) / 2;

	if (columns == 0 || columns + 2 > air->area.columns ||
	    !is_free(air, row, column - 1, columns + 2))
		return false;
	canvas_text(air->canvas, row, column, columns, ink, text);
	return true;
}

static bool draw_note(struct air *air, int row, const struct voyage *w)
{
	struct sink part[NOTE_PARTS] = {{0}}, text = {0};
	bool is_drawn = false;

	put_note(part, air->view, w);
	for (int used = NOTE_PARTS; used > 0 && !is_drawn; used--) {
		sink_clear(&text);
		for (int i = 0; i < used; i++)
			sink_put(&text, part[i].at ? part[i].at : "", part[i].count);
		is_drawn = put_middle(air, row, INK(ROLE_LOSS), text.at);
	}
	for (int i = 0; i < NOTE_PARTS; i++)
		sink_fini(&part[i]);
	sink_fini(&text);
	return is_drawn;
}

/* ---- the wind itself ------------------------------------------------------------------------- */

/* Of all words up to now how many the wind took; those not yet shown lost are among the last. */
static uint32_t count_lost(const struct view *v)
{
	const struct story *s = v->story;
	size_t begun = story_begun(s, v->player->cursor);
	uint32_t lost = begun > 0 ? s->voyages.at[begun - 1].lost : 0;

	for (size_t i = first_open(v); i < begun; i++) {
		const struct voyage *w = &s->voyages.at[i];

		if (w->fate == FATE_LOST && is_airborne(v, w))
			lost--;
	}
	return lost;
}

static int percent_lost(const struct view *v)
{
	size_t begun = story_begun(v->story, v->player->cursor);

	return begun > 0 ? (int)((uint64_t)count_lost(v) * 100 / begun) : 0;
}

static void put_count(struct sink *out, const struct view *v, enum string what, uint32_t count)
{
	if (count == 0)
		return;
	if (out->count > 0)
		sink_puts(out, "   ");
	sink_printf(out, "%s %u", string_in(what, v->player->lang), count);
}

/* "被风吹走 1   重说 2" */
static void draw_counts(struct air *air, int row)
{
	const struct view *v = air->view;
	const struct story *s = v->story;
	size_t begun = story_begun(s, v->player->cursor);
	struct sink text = {0};

	sink_puts(&text, "");
	put_count(&text, v, STRING_BLOWN_AWAY, count_lost(v));
	put_count(&text, v, STRING_SAID_AGAIN, begun > 0 ? s->voyages.at[begun - 1].again : 0);
	put_count(&text, v, STRING_MORE, (uint32_t)air->untold);
	put_middle(air, row, INK(ROLE_FAINT), text.at);
	sink_fini(&text);
}

/* How long the last word took that went undisturbed in this direction; -1: none did. */
static usec way_of(const struct view *v, bool rightward)
{
	enum { NEAR = 256 };
	const struct story *s = v->story;
	size_t begun = story_begun(s, v->player->cursor);

	for (size_t i = begun, seen = 0; i-- > 0 && seen < NEAR; seen++) {
		const struct voyage *w = &s->voyages.at[i];

		if (w->fate == FATE_ARRIVED && w->deeds == 0 && !w->is_stranger &&
		    !w->is_duplicate && !is_airborne(v, w) && goes_right(v, w) == rightward)
			return w->due - w->sent;
	}
	return -1;
}

/* "50 ms ►  ~ wind 33% ~  ◄ 50 ms": what the two see of it: how long words take, how many of all
 * it has taken. */
static void draw_weather(struct air *air, int row)
{
	const struct view *v = air->view;
	usec right = way_of(v, true), left = way_of(v, false);
	struct sink text = {0}, wind = {0};

	if (story_begun(v->story, v->player->cursor) == 0)
		return;
	sink_printf(&wind, "~ %s %d%% ~", string_in(STRING_WIND_TAKES, v->player->lang),
		    percent_lost(v));
	if (right >= 0 && v->story->people_count == 2) {
		put_span(&text, right);
		sink_putc(&text, ' ');
		put_glyph(&text, GLYPH_DELIVERED_RIGHT);
		sink_putc(&text, ' ');
	}
	sink_puts(&text, wind.at);
	if (left >= 0 && v->story->people_count == 2) {
		sink_puts(&text, "  ");
		put_glyph(&text, GLYPH_DELIVERED_LEFT);
		put_span(&text, left);
	}
	if (!put_middle(air, row, INK(ROLE_FAINT), text.at))
		put_middle(air, row, INK(ROLE_FAINT), wind.at);
	sink_fini(&text);
	sink_fini(&wind);
}

/* How far the wind has moved, in thousandths of the way between the people: it blows while words
 * fly, so that a silence that is played faster does not flicker. */
static int drift_of(const struct view *v)
{
	const struct story *s = v->story;

	for (size_t i = first_open(v); i < story_begun(s, v->player->cursor); i++) {
		const struct voyage *w = &s->voyages.at[i];

		if (is_airborne(v, w) && w->fate != FATE_FLYING && v->motion == MOTION_FULL)
			return voyage_progress(v->story, w, v->player->now);
	}
	return 0;
}

/* The more it takes the more of it is seen, wherever nothing else is. */
static void draw_wind(struct air *air)
{
	enum { CALM = 2, STRONG = 30 };
	const struct view *v = air->view;
	int percent = percent_lost(v), drift = drift_of(v), left, right, ignored, columns;
	int marks;

	view_figure(air->area, v, 0, &ignored, &left);
	view_figure(air->area, v, v->story->people_count - 1, &right, &ignored);
	columns = right - left - 2;
	if (columns < NARROWEST)
		return;
	marks = CALM + air->rows * columns * percent / 600;
	for (int i = 0; i < marks; i++) {
		uint64_t chance = (uint64_t)(i + 1) * 0x9e3779b97f4a7c15u;
		int row = air->row + (int)((chance >> 33) % (unsigned)air->rows);
		int begin = (int)((chance >> 40) % (unsigned)columns);
		int speed = 1 + (int)(chance >> 60) % 3;
		int column = left + 1 + (begin + drift * columns * speed / 4000) % columns;

		if (is_free(air, row, column - 2, 5))
			canvas_glyph(air->canvas, row, column,
				     percent >= STRONG && i % 3 == 0 ? GLYPH_SHADE : GLYPH_BREEZE,
				     INK(ROLE_FRAME));
	}
}

void view_wind(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct air air = {.canvas = c,
			  .view = v,
			  .area = a,
			  .row = a.row + STRIP_ROW,
			  .selected = view_selection(v),
			  .hits = hits};
	const struct voyage *befallen;

	if (v->story->people_count < 2)
		return;
	air.rows = a.rows - STRIP_ROW - 1;
	if (v->motion != MOTION_NONE)
		draw_words(&air);
	befallen = find_befallen(v);
	if (!befallen || !draw_note(&air, a.row, befallen))
		draw_weather(&air, a.row);
	draw_counts(&air, a.row + a.rows - 1);
	if (v->motion != MOTION_NONE)
		draw_wind(&air);
}
