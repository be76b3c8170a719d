/* SPDX-License-Identifier: MIT */
/* chooser_view.c - the picture of the list of connections. */
#include <stdio.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/chooser.h"
#include "stage/playbill.h"
#include "stage/view.h"

/* ---- the columns ----------------------------------------------------------------------------- */

/* Where they begin; those that a screen has no room for have no columns. */
struct columns {
	int number, number_room; /* ends there */
	int end[2], room;        /* of each end */
	int state, state_room;
	int segments, octets, time, again; /* end there; 0: not shown */
};

enum {
	STATE_ROOM = 8,
	SEGMENTS_ROOM = 7,
	OCTETS_ROOM = 9,
	TIME_ROOM = 9,
	AGAIN_ROOM = 6,
	END_LEAST = 15, /* columns for an end, so that others may stand beside it */
	END_MOST = 47,  /* "[" and an IPv6 address and "]:65535" */
};

static int take(int *left, int room)
{
	if (*left < room)
		return 0;
	*left -= room;
	return room;
}

/* Ids stand in order: the last one is the longest. */
static int number_room(const struct chooser *ch)
{
	struct stage_row last;
	int room = 3;

	ch->list->row(ch->list->user, ch->list->count - 1, &last);
	for (uint32_t v = last.id; v >= 10; v /= 10)
		room++;
	return room;
}

static struct columns lay_out(struct area a, const struct chooser *ch)
{
	int number = number_room(ch);
	struct columns c = {.number = a.column + number - 1, .number_room = number};
	int ends = a.columns - number - 1;
	int left = ends - 2 * (END_LEAST + 1);
	int at = c.number + 1;
	int segments, octets, time, again;

	/* In the order in which one would miss them. */
	c.state_room = take(&left, STATE_ROOM);
	segments = take(&left, SEGMENTS_ROOM);
	again = take(&left, AGAIN_ROOM);
	time = take(&left, TIME_ROOM);
	octets = take(&left, OCTETS_ROOM);
	c.room = END_LEAST + (left > 0 ? left / 2 : 0);
	if (ends < 2 * (END_LEAST + 1))
		c.room = ends / 2 - 1;
	if (c.room > END_MOST)
		c.room = END_MOST;
	c.end[0] = at;
	c.end[1] = at + c.room + 1;
	at = c.end[1] + c.room + 1;
	c.state = at;
	at += c.state_room - 1;
	c.segments = segments ? (at += segments) : 0;
	c.octets = octets ? (at += octets) : 0;
	c.time = time ? (at += time) : 0;
	c.again = again ? (at += again) : 0;
	return c;
}

/* The port is never cut off: addresses of one net differ least in what stands first, and people
 * look for ports. */
static void draw_end(struct canvas *c, int row, int column, int room, struct ink ink,
		     const char *text)
{
	int columns = (int)utf8_columns(text);
	const char *port = strrchr(text, ':');
	int tail = port ? (int)strlen(port) : 0;
	char address[64];

	if (columns <= room || !port || room <= tail + 2) {
		canvas_text_cut(c, row, column, room, ink, text);
		return;
	}
	snprintf(address, sizeof address, "%.*s", (int)(port - text), text);
	canvas_text_cut(c, row, column, room - tail, ink, address);
	canvas_text(c, row, column + room - tail, tail, ink, port);
}

static void draw_number(struct canvas *c, int row, int end, int room, struct ink ink, uint64_t v)
{
	struct sink text = {0};

	sink_printf(&text, "%llu", (unsigned long long)v);
	if ((int)text.count >= room) {
		sink_clear(&text);
		sink_printf(&text, "%lluM", (unsigned long long)(v / 1000000));
	}
	if (end > 0)
		canvas_text_right(c, row, end, room - 1, ink, text.at);
	sink_fini(&text);
}

static void draw_time(struct canvas *c, int row, int end, struct ink ink, usec us)
{
	struct sink text = {0};

	/* To the millisecond: the chosen one's stands below as it is. */
	sink_printf(&text, "%lld.%03lld", (long long)(us / USEC_PER_S),
		    (long long)(us % USEC_PER_S / USEC_PER_MS));
	if (end > 0)
		canvas_text_right(c, row, end, TIME_ROOM - 1, ink, text.at);
	sink_fini(&text);
}

/* ---- the list -------------------------------------------------------------------------------- */

static void draw_row(struct canvas *c, struct area a, const struct columns *at,
		     const struct stage_row *r, enum lang lang, bool is_selected)
{
	struct ink ink = INK(is_selected ? ROLE_HEAD : ROLE_TEXT);
	uint64_t again = (uint64_t)r->again + r->late;

	draw_number(c, a.row, at->number, at->number_room, INK(ROLE_FAINT), r->id);
	for (int i = 0; i < 2; i++)
		draw_end(c, a.row, at->end[i], at->room,
			 is_selected ? ink : INK(i ? ROLE_PERSON_1 : ROLE_PERSON_0), r->end[i]);
	if (at->state_room > 0)
		canvas_text_cut(c, a.row, at->state, at->state_room - 1,
				r->is_reset ? INK(ROLE_LOSS) : ink,
				r->state[lang == LANG_EN ? 0 : 1]);
	draw_number(c, a.row, at->segments, SEGMENTS_ROOM, ink, r->segments);
	draw_number(c, a.row, at->octets, OCTETS_ROOM, ink, r->octets);
	draw_time(c, a.row, at->time, ink, r->duration);
	if (again > 0)
		draw_number(c, a.row, at->again, AGAIN_ROOM, INK(ROLE_LOSS), again);
	if (is_selected) {
		canvas_glyph(c, a.row, a.column, GLYPH_HERE, INK(ROLE_HERE, ATTR_BOLD));
		canvas_mark(c, a.row, at->end[0], a.columns - at->end[0], ATTR_REVERSE);
	}
}

static void draw_heading(struct canvas *c, struct area a, const struct columns *at, enum lang lang)
{
	const struct {
		int end;
		enum string word;
	} numbers[] = {{at->segments, STRING_CHOOSER_SEGS},
		       {at->octets, STRING_OCTETS},
		       {at->time, STRING_CHOOSER_TIME},
		       {at->again, STRING_CHOOSER_AGAIN}};
	struct ink ink = INK(ROLE_FAINT);

	canvas_text_right(c, a.row, at->number, 1, ink, "#");
	canvas_text(c, a.row, at->end[0], at->room, ink, string_in(STRING_CHOOSER_CLIENT, lang));
	canvas_text(c, a.row, at->end[1], at->room, ink, string_in(STRING_CHOOSER_SERVER, lang));
	if (at->state_room > 0)
		canvas_text(c, a.row, at->state, at->state_room - 1, ink,
			    string_in(STRING_CHOOSER_STATE, lang));
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (numbers[i].end > 0)
			canvas_text_right(c, a.row, numbers[i].end, 10, ink,
					  string_in(numbers[i].word, lang));
}

/* The first row in sight: the chosen one stays in the middle third. */
static size_t top_of(const struct chooser *ch, size_t rows)
{
	size_t before = rows * 2 / 3;
	size_t top = ch->selected > before ? ch->selected - before : 0;

	if (ch->matches.count <= rows)
		return 0;
	return top > ch->matches.count - rows ? ch->matches.count - rows : top;
}

static void draw_list(struct canvas *c, struct area a, struct chooser *ch, struct hits *hits)
{
	struct columns at = lay_out(a, ch);
	size_t top;

	draw_heading(c, a, &at, ch->lang);
	a.row++;
	a.rows--;
	ch->page = a.rows > 1 ? a.rows - 1 : 1;
	top = top_of(ch, a.rows > 0 ? (size_t)a.rows : 0);
	for (int i = 0; i < a.rows && top + (size_t)i < ch->matches.count; i++) {
		struct area row = {a.row + i, a.column, 1, a.columns};
		size_t match = top + (size_t)i;
		struct stage_row r;

		ch->list->row(ch->list->user, ch->matches.at[match], &r);
		draw_row(c, row, &at, &r, ch->lang, match == ch->selected);
		hits_add(hits, row, ACTION_LOOK_AT, (uint32_t)match);
	}
}

static void draw_masthead(struct canvas *c, const struct chooser *ch)
{
	struct sink line = {0};

	string_put(&line, STRING_CHOOSER, ch->lang);
	sink_printf(&line, " · %zu %s", ch->matches.count,
		    string_in(ch->matches.count == 1 ? STRING_CHOOSER_ONE : STRING_CHOOSER_MANY,
			      ch->lang));
	if (ch->matches.count < ch->list->count)
		sink_printf(&line, " %s %zu", string_in(STRING_CHOOSER_OF, ch->lang),
			    ch->list->count);
	sink_printf(&line, " · %s", playbill_base_name(ch->title));
	masthead_draw(c, ch->lang, line.at);
	sink_fini(&line);
}

/* ---- the last rows --------------------------------------------------------------------------- */

/* All that is known of the chosen one: first what the columns do not show. */
static void put_detail(struct sink *out, const struct chooser *ch, bool is_narrow)
{
	enum lang lang = ch->lang;
	struct stage_row r;

	if (ch->selected >= ch->matches.count)
		return;
	ch->list->row(ch->list->user, ch->matches.at[ch->selected], &r);
	sink_printf(out, "#%u ", r.id);
	if (!is_narrow)
		sink_printf(out, "%s > %s · ", r.end[0], r.end[1]);
	sink_printf(out, "%s · %llu %s · %llu %s · ", r.state[lang == LANG_EN ? 0 : 1],
		    (unsigned long long)r.segments, string_in(STRING_CHOOSER_WORDS, lang),
		    (unsigned long long)r.octets, string_in(STRING_CHOOSER_TEXT, lang));
	sink_time(out, r.duration);
	sink_puts(out, lang == LANG_EN ? " s" : " 秒");
	if (r.again > 0)
		sink_printf(out, " · %u %s", r.again, string_in(STRING_CHOOSER_REPEATED, lang));
	if (r.late > 0)
		sink_printf(out, " · %u %s", r.late, string_in(STRING_CHOOSER_LATE, lang));
	if (is_narrow)
		sink_printf(out, " · %s > %s", r.end[0], r.end[1]);
}

/* What is wrong with the filter stands in the place of the details. */
static void draw_detail(struct canvas *c, const struct chooser *ch)
{
	struct sink line = {0};
	bool is_wrong = ch->notice.count > 0;

	if (is_wrong)
		sink_put(&line, ch->notice.at, strcspn(ch->notice.at, "\n"));
	else
		put_detail(&line, ch, c->columns < 100);
	if (line.count > 0)
		canvas_text_cut(c, c->rows - 2, 1, c->columns - 2,
				INK(is_wrong ? ROLE_LOSS : ROLE_FAINT), line.at);
	sink_fini(&line);
}

static void draw_last(struct canvas *c, const struct chooser *ch)
{
	int row = c->rows - 1, at;

	if (!ch->is_typing && ch->filter.count == 0) {
		canvas_text(c, row, 1, c->columns - 2, INK(ROLE_FAINT),
			    string_in(STRING_CHOOSER_HINT, ch->lang));
		return;
	}
	at = 2 + canvas_text(c, row, 1, c->columns - 2, INK(ROLE_KEY),
			     string_in(STRING_CHOOSER_FILTER, ch->lang));
	if (ch->is_typing)
		entry_draw(&ch->filter, c, row, at, c->columns - at - 1, INK(ROLE_TEXT));
	else
		canvas_text_cut(c, row, at, c->columns - at - 1, INK(ROLE_TEXT), ch->filter.text);
}

/* ---- all keys -------------------------------------------------------------------------------- */

static const struct {
	const char *keys;
	enum string sentence;
} choose_keys[] = {
#define CHOOSE(id, keys, ...) {keys, STRING_CHOOSE_##id},
#include "stage/chooser.def"
#undef CHOOSE
};

enum { CHOOSE_KEYS = sizeof choose_keys / sizeof choose_keys[0] };

static void draw_help(struct canvas *c, const struct chooser *ch)
{
	int rows = c->rows - 2;
	int most = CHOOSE_KEYS > rows ? CHOOSE_KEYS - rows : 0;
	int from = ch->scroll < most ? ch->scroll : most;
	struct sink heading = {0};

	string_put(&heading, STRING_HELP_TITLE, ch->lang);
	view_rule(c, (struct area){0, 0, 1, c->columns}, heading.at);
	for (int i = 0; i < rows && from + i < CHOOSE_KEYS; i++) {
		struct sink text = {0};

		string_put(&text, choose_keys[from + i].sentence, ch->lang);
		canvas_text(c, 1 + i, 2, 10, INK(ROLE_KEY), choose_keys[from + i].keys);
		canvas_text_cut(c, 1 + i, 13, c->columns - 14, INK(ROLE_TEXT), text.at);
		sink_fini(&text);
	}
	sink_fini(&heading);
}

void chooser_manual(struct sink *out, enum lang lang)
{
	for (int i = 0; i < CHOOSE_KEYS; i++)
		sink_printf(out, ".It %s\n%s\n", choose_keys[i].keys,
			    string_in(choose_keys[i].sentence, lang));
}

void chooser_markdown(struct sink *out, enum lang lang)
{
	keys_markdown_head(out, lang);
	for (int i = 0; i < CHOOSE_KEYS; i++)
		sink_printf(out, "| `%s` | %s |\n", choose_keys[i].keys,
			    string_in(choose_keys[i].sentence, lang));
}

/* ---- the whole ------------------------------------------------------------------------------- */

void chooser_draw(struct canvas *c, struct chooser *ch, struct hits *hits)
{
	struct area list = {0, 0, c->rows - 2, c->columns};

	canvas_clear(c);
	if (hits)
		hits->count = 0;
	if (ch->is_helping) {
		draw_help(c, ch);
		return;
	}
	if (c->rows < 3)
		return;
	if (c->rows >= 10) {
		draw_masthead(c, ch);
		list.row = 3;
		list.rows -= 3;
	}
	if (ch->matches.count == 0)
		canvas_text(c, list.row, 2, c->columns - 2, INK(ROLE_TEXT),
			    string_in(STRING_CHOOSER_NONE, ch->lang));
	else
		draw_list(c, list, ch, hits);
	draw_detail(c, ch);
	draw_last(c, ch);
}
