/* SPDX-License-Identifier: MIT */
#include "stage/entry.h"

#include <string.h>
#include <base/utf8.h>
#include "stage/keys.h"

/* ---- places ---------------------------------------------------------------------------------- */

static uint32_t code_at(const struct entry *l, size_t at)
{
	uint32_t cp = 0;

	if (at < l->count)
		utf8_next(l->text + at, l->count - at, &cp);
	return cp;
}

/* A mark that stands on the letter before it goes where the letter goes. */
static size_t after(const struct entry *l, size_t at)
{
	uint32_t cp;

	if (at >= l->count)
		return l->count;
	at += utf8_next(l->text + at, l->count - at, &cp);
	while (at < l->count && cp_width(code_at(l, at)) == 0)
		at += utf8_next(l->text + at, l->count - at, &cp);
	return at;
}

static size_t before(const struct entry *l, size_t at)
{
	size_t last = 0;

	for (size_t i = 0; i < at; i = after(l, i))
		last = i;
	return last;
}

static bool is_blank(const struct entry *l, size_t at)
{
	return l->text[at] == ' ';
}

size_t entry_word(const struct entry *l)
{
	size_t at = l->at;

	while (at > 0 && !is_blank(l, at - 1))
		at--;
	return at;
}

/* ---- changes --------------------------------------------------------------------------------- */

void entry_set(struct entry *l, const char *text)
{
	size_t n = strlen(text);

	*l = (struct entry){0};
	entry_put(l, 0, n < ENTRY_OCTETS ? text : "");
}

static void cut(struct entry *l, size_t from, size_t to)
{
	memmove(l->text + from, l->text + to, l->count - to + 1);
	l->count -= to - from;
	if (l->at > to)
		l->at -= to - from;
	else if (l->at > from)
		l->at = from;
}

static void put(struct entry *l, const char *octets, size_t n)
{
	if (n >= ENTRY_OCTETS - l->count)
		return;
	memmove(l->text + l->at + n, l->text + l->at, l->count - l->at + 1);
	memcpy(l->text + l->at, octets, n);
	l->at += n;
	l->count += n;
}

void entry_put(struct entry *l, size_t from, const char *text)
{
	size_t n = strlen(text);

	if (from > l->at || n >= ENTRY_OCTETS - l->count + (l->at - from))
		return;
	cut(l, from, l->at);
	put(l, text, n);
}

static void type(struct entry *l, uint32_t key)
{
	char octets[4];

	/* Nothing to set an accent on. */
	if (l->at == 0 && cp_width(key) == 0)
		return;
	put(l, octets, utf8_put(key, octets));
}

static void cut_word(struct entry *l)
{
	size_t from = l->at;

	while (from > 0 && is_blank(l, from - 1))
		from--;
	while (from > 0 && !is_blank(l, from - 1))
		from--;
	cut(l, from, l->at);
}

bool entry_key(struct entry *l, uint32_t key)
{
	switch (key) {
	case PRESS_LEFT:
	case CTRL_KEY('B'): l->at = before(l, l->at); return true;
	case PRESS_RIGHT:
	case CTRL_KEY('F'): l->at = after(l, l->at); return true;
	case PRESS_HOME:
	case CTRL_KEY('A'): l->at = 0; return true;
	case PRESS_END:
	case CTRL_KEY('E'): l->at = l->count; return true;
	case PRESS_BACKSPACE: cut(l, before(l, l->at), l->at); return true;
	case PRESS_DELETE:
	case CTRL_KEY('D'): cut(l, l->at, after(l, l->at)); return true;
	case CTRL_KEY('U'): cut(l, 0, l->at); return true;
	case CTRL_KEY('K'): cut(l, l->at, l->count); return true;
	case CTRL_KEY('W'): cut_word(l); return true;
	default:
		if (key < ' ' || key >= PRESS_ENTER || cp_is_control(key))
			return false;
		type(l, key);
		return true;
	}
}

/* ---- seen ------------------------------------------------------------------------------------ */

/* Behind the text the cursor takes a column of its own. */
static int cursor_columns(const struct entry *l)
{
	return l->at < l->count ? cp_width(code_at(l, l->at)) : 1;
}

size_t entry_first(const struct entry *l, int room)
{
	size_t first = 0;

	while (first < l->at &&
	       (int)utf8_width(l->text + first, l->at - first) + cursor_columns(l) + (first > 0) >
		       room)
		first = after(l, first);
	return first;
}

void entry_draw(const struct entry *l, struct canvas *c, int row, int column, int room,
		struct ink ink)
{
	size_t first = entry_first(l, room);
	int end = column + room, here;

	if (room < 4)
		return;
	if (first > 0)
		canvas_glyph(c, row, column++, GLYPH_ELLIPSIS, INK(ROLE_FAINT));
	canvas_text(c, row, column, end - column, ink, l->text + first);
	here = column + (int)utf8_width(l->text + first, l->at - first);
	if ((int)utf8_columns(l->text + first) > end - column && here + cursor_columns(l) < end)
		canvas_glyph(c, row, end - 1, GLYPH_ELLIPSIS, INK(ROLE_FAINT));
	if (l->at == l->count)
		canvas_text(c, row, here, 1, ink, " ");
	canvas_mark(c, row, here, cursor_columns(l), ATTR_REVERSE);
}

/* ---- what was typed before ------------------------------------------------------------------- */

void recall_add(struct recall *r, const char *text)
{
	size_t n = strlen(text);

	if (n > 0 && n < ENTRY_OCTETS &&
	    (r->count == 0 || strcmp(r->text[r->count - 1], text) != 0)) {
		if (r->count == RECALL_LINES) {
			memmove(r->text[0], r->text[1], sizeof r->text - sizeof r->text[0]);
			r->count--;
		}
		memcpy(r->text[r->count++], text, n + 1);
	}
	r->at = r->count;
}

bool recall_key(struct recall *r, struct entry *l, uint32_t key)
{
	bool is_up = key == PRESS_UP || key == CTRL_KEY('P');

	if (!is_up && key != PRESS_DOWN && key != CTRL_KEY('N'))
		return false;
	if (is_up ? r->at == 0 : r->at >= r->count)
		return true;
	if (r->at >= r->count)
		memcpy(r->own, l->text, l->count + 1);
	r->at += is_up ? -1 : 1;
	entry_set(l, r->at < r->count ? r->text[r->at] : r->own);
	return true;
}

/* ---- completion ------------------------------------------------------------------------------ */

void candidates_offer(struct candidates *w, const struct entry *l, const char *word)
{
	size_t typed = l->at - w->from, n = strlen(word);

	if (w->count == CANDIDATES_MAX || n == 0 || n >= WORD_OCTETS || n < typed ||
	    memcmp(word, l->text + w->from, typed) != 0)
		return;
	for (int i = 0; i < w->count; i++) {
		if (strcmp(w->at[i], word) == 0)
			return;
	}
	memcpy(w->at[w->count++], word, n + 1);
}

/* The letters that all of them begin with. */
static size_t shared(const struct candidates *w)
{
	size_t n = strlen(w->at[0]);

	for (int i = 1; i < w->count; i++) {
		size_t k = 0;

		while (k < n && w->at[i][k] == w->at[0][k])
			k++;
		n = k;
	}
	/* No letter is cut in the middle. */
	while (n > 0 && ((unsigned char)w->at[0][n] & 0xc0) == 0x80)
		n--;
	return n;
}

static void put_shared(struct completion *c, struct entry *l)
{
	char text[WORD_OCTETS];
	size_t n = shared(&c->words);

	memcpy(text, c->words.at[0], n);
	text[n] = '\0';
	if (n > l->at - c->words.from)
		entry_put(l, c->words.from, text);
}

void completion_tab(struct completion *c, struct entry *l, const struct candidates *now, int by)
{
	if (!c->is_cycling) {
		size_t before_it = l->at;

		*c = (struct completion){.words = *now, .at = -1, .is_cycling = true};
		if (now->count == 0) {
			c->is_cycling = false;
			return;
		}
		put_shared(c, l);
		if (now->count == 1) {
			if (l->at == l->count)
				put(l, " ", 1);
			c->is_cycling = false;
			return;
		}
		if (l->at > before_it)
			return;
	}
	c->at = c->at < 0 ? (by > 0 ? 0 : c->words.count - 1)
			  : (c->at + by + c->words.count) % c->words.count;
	entry_put(l, c->words.from, c->words.at[c->at]);
}
