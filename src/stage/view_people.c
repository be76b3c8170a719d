/* SPDX-License-Identifier: MIT */
/* view_people.c - the people: names, states, poses, and the timers they wait for. */
#include <base/utf8.h>
#include "stage/pose.h"
#include "stage/view.h"

enum { MARGIN = 2, BAR_COLUMNS = 12, BAR_LEAST = 4, FIGURE_COLUMNS = 18 };

enum side { SIDE_LEFT, SIDE_RIGHT, SIDE_MIDDLE };

/* Where a person stands: the first one at the left edge, the last at the right one, mirrored;
 * those between above their lines in the ladder. */
struct place {
	int column, columns;
	enum side side;
	int middle; /* of SIDE_MIDDLE: the lifeline's column */
};

/* Each has the columns up to half the way to the next. */
static struct place place_of(struct area a, const struct view *v, int line)
{
	int n = v->story->people_count;
	int left = a.column, right = a.column + a.columns;
	int here = view_lifeline(a, n, line);

	if (line > 0)
		left = n == 2 ? a.column + a.columns / 2
			      : (view_lifeline(a, n, line - 1) + here) / 2 + 1;
	if (line < n - 1)
		right = n == 2 ? a.column + a.columns / 2
			       : (here + view_lifeline(a, n, line + 1)) / 2;
	if (line == 0 || n == 2)
		left += MARGIN;
	if (line == n - 1 || n == 2)
		right -= MARGIN;
	return (struct place){.column = left,
			      .columns = right - left,
			      .side = line == 0       ? SIDE_LEFT
				      : line == n - 1 ? SIDE_RIGHT
						      : SIDE_MIDDLE,
			      .middle = here};
}

/* Where `columns` of a place begin, as near to its side as can be. */
static int begin_of(struct place p, int columns)
{
	int column = p.middle - columns / 2;

	switch (p.side) {
	case SIDE_LEFT: return p.column;
	case SIDE_RIGHT: return p.column + p.columns - columns;
	case SIDE_MIDDLE: break;
	}
	if (column + columns > p.column + p.columns)
		column = p.column + p.columns - columns;
	return column < p.column ? p.column : column;
}

/* With the word beside it, where there is one. */
void view_figure(struct area a, const struct view *v, int line, int *left, int *right)
{
	struct place p = place_of(a, v, line);
	int columns = v->story->people_count <= 2 ? FIGURE_COLUMNS
		      : p.side == SIDE_MIDDLE     ? POSE_COLUMNS
						  : POSE_COLUMNS + 1;

	*left = begin_of(p, columns);
	*right = *left + columns;
}

static int put(struct canvas *c, int row, struct place p, int room, struct ink ink,
	       const char *text)
{
	int columns = (int)utf8_columns(text);

	if (room > p.columns)
		room = p.columns;
	if (columns > room)
		columns = room;
	return canvas_text_cut(c, row, begin_of(p, columns), columns, ink, text);
}

/* The place without the `columns` next to the edge that are taken. */
static struct place past(struct place p, int columns)
{
	p.columns -= columns;
	if (p.side != SIDE_RIGHT)
		p.column += columns;
	return p;
}

static void draw_state(struct canvas *c, int row, struct place p, const struct view *v,
		       uint8_t host)
{
	enum state state = moment_state(v->moment, host);
	struct sink word = {0};
	struct ink ink = view_ink(v, host);
	int used;

	ink.attrs |= ATTR_BOLD;
	used = put(c, row, p, p.columns, ink, state_name(state));
	if (p.side == SIDE_MIDDLE)
		return;
	p = past(p, used + 2);
	string_put(&word, string_of_state(state), v->player->lang);
	if ((int)utf8_columns(word.at) > p.columns) {
		sink_clear(&word);
		sink_puts(&word, string_in(string_of_state(state), v->player->lang));
	}
	if ((int)utf8_columns(word.at) <= p.columns)
		put(c, row, p, p.columns, INK(ROLE_FAINT), word.at);
	sink_fini(&word);
}

static void draw_figure(struct canvas *c, int row, struct place p, const struct view *v,
			uint8_t host)
{
	enum pose pose = pose_of(v, host);
	const char *word = string_in(pose_word(pose), v->player->lang);

	for (int i = 0; i < POSE_ROWS; i++) {
		char text[POSE_COLUMNS + 1];

		pose_row(pose, i, p.side == SIDE_RIGHT, text);
		put(c, row + i, p, POSE_COLUMNS, view_line_ink(v, host), text);
	}
	if (v->story->people_count <= 2)
		put(c, row + 1, past(p, POSE_COLUMNS + 1), 12, INK(ROLE_FAINT), word);
}

static bool is_synchronized(const struct moment_conn *k)
{
	return k->field[F_state] != SYN_SENT && k->field[F_state] != SYN_RECEIVED;
}

/* The timer a bystander should see: mourning before repeating before nodding late before asking
 * whether anybody is there. */
static bool find_timer(const struct view *v, const struct moment_conn *k, enum tcb_field *field,
		       enum string *name)
{
	static const struct {
		enum tcb_field field;
		enum string name;
	} timers[] = {{F_t_time_wait, STRING_MOURNING},
		      {F_t_retransmit, STRING_RTO},
		      {F_t_ack, STRING_ACK_TIMER},
		      {F_t_keepalive, STRING_KEEPALIVE}};

	for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++) {
		int64_t due = k->field[timers[i].field];

		if (due == USEC_NEVER || due <= v->player->now)
			continue;
		if (timers[i].field == F_t_time_wait && k->field[F_state] != TIME_WAIT)
			continue;
		*field = timers[i].field;
		*name = timers[i].name;
		/* The same timer asks a shut window (RFC 9293 3.8.6.1). */
		if (*field == F_t_retransmit && k->field[F_snd_wnd] == 0 && is_synchronized(k))
			*name = STRING_PROBE;
		return true;
	}
	return false;
}

/* "RTO ▕███░░░░▏ 0.43 s": what is left burns down like a candle. Where the place is narrow the bar
 * is shorter, then the name is left out, then the bar: the time itself is always whole. */
static void draw_timer(struct canvas *c, int row, struct place p, const struct view *v,
		       uint8_t host)
{
	const struct moment_conn *k = view_conn(v, host);
	struct sink left = {0};
	enum tcb_field field;
	enum string title;
	const char *name;
	int time, label, bar, column;
	usec due;

	if (!k || !find_timer(v, k, &field, &title))
		return;
	due = k->field[field];
	name = string_in(title, v->player->lang);
	put_span(&left, due - v->player->now);
	time = (int)utf8_columns(left.at);
	label = (int)utf8_columns(name) + 1;
	if (p.columns < label + BAR_LEAST + 1 + time)
		label = 0;
	bar = p.columns - label - 1 - time;
	bar = bar > BAR_COLUMNS ? BAR_COLUMNS : bar < BAR_LEAST ? -1 : bar;
	column = begin_of(p, label + bar + 1 + time);
	if (label > 0)
		canvas_text(c, row, column, label - 1, INK(ROLE_FAINT), name);
	if (bar > 0)
		view_bar(c, row, column + label, bar, due - v->player->now,
			 due - moment_since(k, field), view_line_ink(v, host));
	canvas_text(c, row, column + label + bar + 1, time, INK(ROLE_TEXT), left.at);
	sink_fini(&left);
}

void view_people(struct canvas *c, struct area a, const struct view *v)
{
	if (a.rows < 6)
		return;
	for (int i = 0; i < v->story->people_count; i++) {
		uint8_t host = v->story->people[i];
		struct place p = place_of(a, v, i);
		struct sink name = {0};
		struct ink ink = view_ink(v, host);

		ink.attrs |= ATTR_BOLD;
		view_put_name(&name, v, host);
		if ((int)utf8_columns(name.at) > p.columns) {
			sink_clear(&name);
			sink_puts(&name, view_name(v, host));
		}
		put(c, a.row, p, p.columns, ink, name.at);
		draw_state(c, a.row + 1, p, v, host);
		draw_figure(c, a.row + 2, p, v, host);
		draw_timer(c, a.row + 5, p, v, host);
		sink_fini(&name);
	}
	view_wind(c, a, v);
}

/* "张三 SYN_SENT                SYN_RCVD 李四": where that is too long, the state; colour says who.
 */
static void draw_name(struct canvas *c, int row, struct place p, const struct view *v, uint8_t host)
{
	const char *name = view_name(v, host), *state = state_name(moment_state(v->moment, host));
	int columns = (int)utf8_columns(name), all = columns + 1 + (int)utf8_columns(state);
	struct ink ink = view_ink(v, host), bold = ink;
	int column = begin_of(p, all);

	bold.attrs |= ATTR_BOLD;
	if (all > p.columns) {
		put(c, row, p, p.columns, bold, state);
	} else if (p.side == SIDE_RIGHT) {
		canvas_text(c, row, column, all, bold, state);
		canvas_text(c, row, column + all - columns, columns, ink, name);
	} else {
		canvas_text(c, row, column, columns, ink, name);
		canvas_text(c, row, column + columns + 1, all, bold, state);
	}
}

void view_names(struct canvas *c, struct area a, const struct view *v)
{
	if (a.rows < 1)
		return;
	for (int i = 0; i < v->story->people_count; i++) {
		struct place p = place_of(a, v, i);

		if (p.side != SIDE_MIDDLE)
			p.columns++;
		if (p.side == SIDE_LEFT)
			p.column--;
		draw_name(c, a.row, p, v, v->story->people[i]);
	}
}
