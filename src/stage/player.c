/* SPDX-License-Identifier: MIT */
#include "stage/player.h"

#include <string.h>
#include <base/assert.h>
#include <base/utf8.h>
#include "stage/text.h"
#include "trace/moment.h"

/* Of the reader's time. At each stop the play halts a little, at a narration as long as reading
 * takes, so that two things at one instant are seen one after the other. */
static const usec HALT = 350 * USEC_PER_MS;
static const usec HALT_COLUMN = 55 * USEC_PER_MS; /* of narration */
static const usec HALT_MAX = 6 * USEC_PER_S;
/* A gap without anything in the air takes this long when idle time is skipped. */
static const usec SKIPPED_GAP = 1500 * USEC_PER_MS;
/* A tick that comes later than this was asleep: no leap makes up for it. */
static const usec LATEST = 250 * USEC_PER_MS;

void player_init(struct player *p, const struct story *s, enum lang lang)
{
	*p = (struct player){.story = s,
			     .now = s->stops.at[0].at,
			     .speed = SPEED_DEFAULT,
			     .skips_idle = true,
			     .lang = lang,
			     .panels.given = panels_given(SMALL_ROWS, SMALL_COLUMNS, false),
			     .focus = PANEL_LADDER,
			     .complaint = STRING_COUNT};
	inspector_init(&p->inspector);
}

/* ---- where it is ----------------------------------------------------------------------------- */

uint32_t player_stop(const struct player *p)
{
	return story_stop_at(p->story, p->now, p->cursor);
}

uint32_t player_row(const struct player *p)
{
	return p->is_looking ? p->look : p->story->stops.at[player_stop(p)].row;
}

bool player_is_at_end(const struct player *p)
{
	return player_stop(p) + 1 >= p->story->stops.count;
}

bool player_is_still(const struct player *p)
{
	return p->edge.is_followed ? player_edge_is_still(p) : !p->is_playing;
}

void player_go(struct player *p, uint32_t stop)
{
	ASSERT(stop < p->story->stops.count);
	p->now = p->story->stops.at[stop].at;
	p->cursor = p->story->stops.at[stop].cursor;
	p->rest = 0;
	p->halt = 0;
	p->is_looking = false;
	player_leave_edge(p);
}

void player_seek(struct player *p, usec at)
{
	usec begin = p->story->stops.at[0].at;

	p->now = at < begin ? begin : at > p->story->end ? p->story->end : at;
	p->cursor = at < begin ? 0 : trace_cursor_at(p->story->trace, p->now);
	p->rest = 0;
	p->halt = 0;
	p->is_looking = false;
	player_leave_edge(p);
}

/* ---- passing time ---------------------------------------------------------------------------- */

static usec reading_time(const struct player *p, const struct stop *stop)
{
	const struct beat *b;
	usec most = HALT;

	if (stop->lost >= 0)
		return 2 * HALT;
	if (p->story->beats.count == 0 || stop->cursor == 0)
		return HALT;
	b = &p->story->beats.at[stop->beat];
	for (uint64_t i = b->first; i < b->end; i++) {
		const struct record *r = trace_at(p->story->trace, i);
		const char *text;
		usec takes;

		if (r->kind != REC_SAY)
			continue;
		text = text_in(trace_text_of(p->story->trace, r, 0),
			       trace_text_of(p->story->trace, r, 1), p->lang);
		takes = HALT + HALT_COLUMN * (usec)utf8_columns(text);
		if (takes > most)
			most = takes;
	}
	return most < HALT_MAX ? most : HALT_MAX;
}

/* Who plays faster reads faster. */
static usec halt_at(const struct player *p, const struct stop *stop)
{
	int faster = p->speed - SPEED_DEFAULT;
	usec halt = reading_time(p, stop);

	return faster > 0 ? halt >> faster : halt;
}

/* The virtual time that `real` buys, and what is left of it in p->rest. */
static usec earn(struct player *p, usec real, usec gap)
{
	usec worth = p->speed >= 0 ? gap >> p->speed : gap << -p->speed;
	usec earned;

	p->rest += real;
	if (p->skips_idle && worth > SKIPPED_GAP &&
	    !story_is_airborne(p->story, p->now, p->cursor)) {
		earned = p->rest * (gap / 1000) / (SKIPPED_GAP / 1000);
		p->rest = 0;
	} else if (p->speed >= 0) {
		earned = p->rest << p->speed;
		p->rest = 0;
	} else {
		earned = p->rest >> -p->speed;
		p->rest -= earned << -p->speed;
	}
	return earned;
}

/* One tick passes at most one stop: however late it comes, nothing is jumped over unseen. */
void player_tick(struct player *p, usec real)
{
	const struct story *s = p->story;
	uint32_t next = player_stop(p) + 1;
	const struct stop *stop;
	usec earned;

	if (p->edge.is_followed && real > 0)
		player_edge_tick(p, real);
	if (p->edge.is_followed || !p->is_playing || real <= 0)
		return;
	if (real > LATEST)
		real = LATEST;
	if (p->halt > 0) {
		p->halt = real < p->halt ? p->halt - real : 0;
		return;
	}
	if (next >= s->stops.count) {
		p->is_playing = false;
		if (p->edge.is_open)
			player_follow(p);
		return;
	}
	stop = &s->stops.at[next];
	earned = earn(p, real, stop->at - s->stops.at[next - 1].at);
	if (earned < stop->at - p->now) {
		p->now += earned;
		return;
	}
	player_go(p, next);
	p->halt = halt_at(p, stop);
}

void player_notice(struct player *p, const char *text, bool is_bad)
{
	p->notice = (struct notice){.is_bad = is_bad};
	text_copy(p->notice.text, sizeof p->notice.text, text);
}

/* ---- actions --------------------------------------------------------------------------------- */

static void step(struct player *p, bool forward)
{
	uint32_t stop = player_stop(p);
	const struct stop *at = &p->story->stops.at[stop];
	bool is_past = p->now != at->at || p->cursor != at->cursor;

	p->is_playing = false;
	if (forward && stop + 1 < p->story->stops.count)
		player_go(p, stop + 1);
	else if (!forward && (is_past || stop > 0))
		player_go(p, is_past ? stop : stop - 1);
}

static uint32_t last_told_row(const struct player *p)
{
	const struct story *s = p->story;
	size_t i = s->rows.count;

	while (i > 1 && !row_is_told(s, &s->rows.at[i - 1], p->now, p->cursor))
		i--;
	return i > 0 ? (uint32_t)(i - 1) : 0;
}

static void look(struct player *p, int by)
{
	int64_t row = (int64_t)player_row(p) + by;
	int64_t most = (int64_t)last_told_row(p);

	p->look = (uint32_t)(row < 0 ? 0 : row > most ? most : row);
	p->is_looking = true;
	player_leave_edge(p);
}

void player_look_at(struct player *p, uint32_t row)
{
	uint32_t most = last_told_row(p);

	p->focus = PANEL_LADDER;
	p->scroll = 0;
	p->look = row < most ? row : most;
	p->is_looking = true;
	player_leave_edge(p);
}

/* Arrows and pages belong to what has the focus. */
static void move(struct player *p, int by)
{
	enum panel focus = player_focus(p);

	if (focus == PANEL_LADDER)
		look(p, by);
	else
		player_scroll(p, focus, by);
}

static void move_page(struct player *p, int direction)
{
	enum panel focus = player_focus(p);
	int page = p->panels.page[panel_index(focus)];

	if (focus == PANEL_LADDER || page < 1)
		page = 10;
	move(p, direction * page);
}

/* The clock to the row looked at. */
static void set_clock(struct player *p)
{
	const struct story *s = p->story;
	const struct row *row;

	if (!p->is_looking || s->rows.count == 0)
		return;
	row = &s->rows.at[p->look];
	if (row->kind == ROW_LOST) {
		for (uint32_t i = 0; i < s->stops.count; i++) {
			if (s->stops.at[i].lost == (int32_t)row->voyage) {
				player_go(p, i);
				return;
			}
		}
	}
	player_go(p, story_stop_of(s, row->record));
}

static void go_mark(struct player *p, bool forward)
{
	const struct story *s = p->story;
	uint32_t here = player_stop(p);
	uint32_t best = forward ? (uint32_t)s->stops.count - 1 : 0;

	for (size_t i = 0; i < s->marks.count; i++) {
		uint32_t stop = s->marks.at[i].stop;

		if (forward && stop > here && stop < best)
			best = stop;
		if (!forward && stop < here && stop > best)
			best = stop;
	}
	player_go(p, best);
}

/* A tenth of all steps at once. */
static void scrub(struct player *p, bool forward)
{
	uint32_t stops = (uint32_t)p->story->stops.count, here = player_stop(p);
	uint32_t by = stops / 10 > 0 ? stops / 10 : 1;

	if (forward)
		player_go(p, here + by < stops ? here + by : stops - 1);
	else
		player_go(p, here > by ? here - by : 0);
}

static void open_overlay(struct player *p, enum overlay overlay)
{
	p->overlay = p->overlay == overlay ? OVERLAY_NONE : overlay;
	p->scroll = 0;
	prompt_open(&p->prompt, "");
	p->complaint = STRING_COUNT;
	if (overlay == OVERLAY_GOTO)
		goto_words(&p->prompt, 0);
	if (p->overlay != OVERLAY_NONE)
		p->is_playing = false;
	/* What one reads stays what it is. */
	if (p->overlay == OVERLAY_WHY || p->overlay == OVERLAY_HEADER)
		player_leave_edge(p);
}

static void play(struct player *p)
{
	if (p->edge.is_followed) {
		player_leave_edge(p);
		return;
	}
	if (p->edge.is_open && !p->is_playing && player_is_at_end(p)) {
		player_follow(p);
		return;
	}
	if (!p->is_playing && player_is_at_end(p))
		player_go(p, 0);
	p->is_looking = false;
	p->is_playing = !p->is_playing;
}

void player_set_speed(struct player *p, int speed)
{
	if (speed < SPEED_SLOWEST || speed > SPEED_FASTEST)
		return;
	p->speed = speed;
	p->rest = 0;
}

static void switch_mouse(struct player *p)
{
	p->has_no_mouse = !p->has_no_mouse;
	player_notice(p, string_in(p->has_no_mouse ? STRING_MOUSE_OFF : STRING_MOUSE_ON, p->lang),
		      false);
}

static void toggle_beside(struct player *p)
{
	if (p->panels.has_twin)
		player_toggle(p, PANEL_BESIDE);
	else
		player_notice(p, string_in(STRING_BESIDE_NONE, p->lang), true);
}

static void point_at_field(struct player *p, int field)
{
	player_focus_on(p, PANEL_TCB);
	p->scrolled[panel_index(PANEL_TCB)] = field;
}

static void go_stop(struct player *p, uint32_t stop)
{
	if (stop < p->story->stops.count)
		player_go(p, stop);
}

void player_do(struct player *p, enum action a, uint32_t arg)
{
	switch (a) {
	case ACTION_PLAY: play(p); break;
	case ACTION_NEXT: step(p, true); break;
	case ACTION_BACK: step(p, false); break;
	case ACTION_FASTER: player_set_speed(p, p->speed + 1); break;
	case ACTION_SLOWER: player_set_speed(p, p->speed - 1); break;
	case ACTION_SPEED_1: player_set_speed(p, 0); break;
	case ACTION_IDLE: p->skips_idle = !p->skips_idle; break;
	case ACTION_DOWN: move(p, 1); break;
	case ACTION_UP: move(p, -1); break;
	case ACTION_PAGE_DOWN: move_page(p, 1); break;
	case ACTION_PAGE_UP: move_page(p, -1); break;
	case ACTION_SET: set_clock(p); break;
	case ACTION_GOTO: open_overlay(p, OVERLAY_GOTO); break;
	case ACTION_START: player_go(p, 0); break;
	case ACTION_END: player_follow(p); break;
	case ACTION_NEXT_MARK: go_mark(p, true); break;
	case ACTION_LAST_MARK: go_mark(p, false); break;
	case ACTION_SCRUB: scrub(p, true); break;
	case ACTION_SCRUB_BACK: scrub(p, false); break;
	case ACTION_WHY: open_overlay(p, OVERLAY_WHY); break;
	case ACTION_HEADER: open_overlay(p, OVERLAY_HEADER); break;
	case ACTION_SEQ: p->is_absolute = !p->is_absolute; break;
	case ACTION_LANG: p->lang = (enum lang)((p->lang + 1) % (LANG_BOTH + 1)); break;
	case ACTION_PEOPLE: player_toggle(p, PANEL_PEOPLE); break;
	case ACTION_STATES: player_toggle(p, PANEL_STATES); break;
	case ACTION_TCB: player_toggle(p, PANEL_TCB); break;
	case ACTION_WINDOWS: player_toggle(p, PANEL_WINDOWS); break;
	case ACTION_NARRATION: player_toggle(p, PANEL_NARRATION); break;
	case ACTION_BESIDE: toggle_beside(p); break;
	case ACTION_GRAPH: player_cycle_graph(p); break;
	case ACTION_FOCUS: player_focus_next(p, 1); break;
	case ACTION_FOCUS_BACK: player_focus_next(p, -1); break;
	case ACTION_FOCUS_ON: player_focus_on(p, arg); break;
	case ACTION_FIELD: point_at_field(p, (int)arg); break;
	case ACTION_HEADER_FIELD: inspector_point(p, arg); break;
	case ACTION_MOUSE: switch_mouse(p); break;
	case ACTION_HELP: open_overlay(p, OVERLAY_HELP); break;
	case ACTION_QUIT: p->wants_quit = true; break;
	case ACTION_GOTO_STOP: go_stop(p, arg); break;
	case ACTION_LOOK_AT: player_look_at(p, arg); break;
	case ACTION_AGAIN: player_search(p, false); break;
	case ACTION_AGAIN_BACK: player_search(p, true); break;
	case ACTION_SELECT:
	case ACTION_SELECT_BACK:
	case ACTION_DROP:
	case ACTION_DELAY:
	case ACTION_DUPLICATE:
	case ACTION_REORDER:
	case ACTION_CORRUPT:
	case ACTION_COMMAND:
	case ACTION_BRANCHES:
	case ACTION_UNDO:
	case ACTION_EXPORT:
	case ACTION_PREDICT:
	case ACTION_INSIDE:
	case ACTION_PREDICT_MODE:
	case ACTION_TALKS:
	case ACTION_SAY:
	case ACTION_ANSWER:
	case ACTION_NONE:
	case ACTION_PICK:
	case ACTION_COUNT: break;
	}
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* Enter on an empty line leaves. */
static void goto_key(struct player *p, uint32_t key)
{
	enum prompt_answer answer = prompt_key(&p->prompt, &p->places, key);

	p->complaint = STRING_COUNT;
	if (answer == PROMPT_GIVEN) {
		recall_add(&p->places, p->prompt.entry.text);
		if (p->prompt.entry.count == 0 ||
		    player_goto(p, p->prompt.entry.text, &p->complaint))
			answer = PROMPT_LEFT;
	}
	if (answer == PROMPT_LEFT)
		p->overlay = OVERLAY_NONE;
	goto_words(&p->prompt, 0);
}

/* Over the help one scrolls; anything else closes it. */
static void help_key(struct player *p, enum action a)
{
	if (a == ACTION_DOWN || a == ACTION_PAGE_DOWN)
		p->scroll += a == ACTION_DOWN ? 1 : 10;
	else if (a == ACTION_UP || a == ACTION_PAGE_UP)
		p->scroll -= a == ACTION_UP ? 1 : 10;
	else
		p->overlay = OVERLAY_NONE;
	if (p->scroll < 0)
		p->scroll = 0;
	if (p->scroll > ACTION_COUNT)
		p->scroll = ACTION_COUNT;
}

/* One may step on and go on reading. */
static void reader_key(struct player *p, uint32_t key)
{
	enum action a = key_action(key);

	if (key == PRESS_ESCAPE || a == ACTION_QUIT)
		p->overlay = OVERLAY_NONE;
	else
		player_do(p, a, 0);
}

/* The arrows scroll; at another row the card begins from its top. */
static void why_key(struct player *p, uint32_t key)
{
	enum action a = key_action(key);
	int by = a == ACTION_DOWN        ? 1
		 : a == ACTION_UP        ? -1
		 : a == ACTION_PAGE_DOWN ? 10
		 : a == ACTION_PAGE_UP   ? -10
					 : 0;

	if (by == 0) {
		p->scroll = 0;
		reader_key(p, key);
		return;
	}
	p->scroll += by;
	if (p->scroll > p->panels.overlay_most)
		p->scroll = p->panels.overlay_most;
	if (p->scroll < 0)
		p->scroll = 0;
}

/* From a panel to the ladder, in the ladder to the clock's row. */
static void go_home(struct player *p)
{
	if (player_focus(p) == PANEL_LADDER)
		p->is_looking = false;
	p->focus = PANEL_LADDER;
}

void player_key(struct player *p, uint32_t key)
{
	enum action a = key_action(key);

	p->notice = (struct notice){0};
	if (key == PRESS_LEAVE) {
		p->wants_quit = true;
		return;
	}
	switch (p->overlay) {
	case OVERLAY_GOTO: goto_key(p, key); return;
	case OVERLAY_HELP: help_key(p, a); return;
	case OVERLAY_HEADER:
		if (inspector_key(p, key))
			return;
		reader_key(p, key);
		return;
	case OVERLAY_WHY: why_key(p, key); return;
	case OVERLAY_COMMAND:
	case OVERLAY_BRANCHES:
	case OVERLAY_EXPORT:
	case OVERLAY_TALKS:
	case OVERLAY_PREDICT: reader_key(p, key); return;
	case OVERLAY_NONE: break;
	}
	if (key == PRESS_ESCAPE)
		go_home(p);
	player_do(p, a, 0);
}
