/* SPDX-License-Identifier: MIT */
/* view_people.c - the people: names, states, poses, and the timers they wait for. */
#include <base/utf8.h>
#include "stage/pose.h"
#include "stage/view.h"

enum {
	MARGIN = 2,
	BAR_COLUMNS = 12,
	BAR_LEAST = 4,
	WORD_COLUMNS = 10, /* of a pose's word, beside the figure */
};

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

/* Many people are small even on a large screen. */
static enum pose_size size_of(struct area a, const struct view *v)
{
	int n = v->story->people_count;
	bool has_room =
		n <= 2 || view_lifeline(a, n, 1) - view_lifeline(a, n, 0) >= POSE_LARGE_COLUMNS + 2;

	return a.rows >= PEOPLE_LARGE_ROWS && has_room ? POSE_LARGE : POSE_SMALL;
}

/* Who stands above a lifeline has the head over it. */
static int figure_begin(struct place p, enum pose_size size)
{
	switch (p.side) {
	case SIDE_LEFT: return p.column;
	case SIDE_RIGHT: return p.column + p.columns - pose_columns(size);
	case SIDE_MIDDLE: break;
	}
	return p.middle - (pose_columns(size) - 1) / 2;
}

/* With the word beside it, where there is one. */
void view_figure(struct area a, const struct view *v, int line, int *left, int *right)
{
	struct place p = place_of(a, v, line);
	enum pose_size size = size_of(a, v);
	int word = v->story->people_count <= 2 ? 1 + WORD_COLUMNS : 0;

	*left = figure_begin(p, size) - (p.side == SIDE_RIGHT ? word : 0);
	*right = *left + pose_columns(size) + word;
}

/* Blanks are not drawn: in a crowd the next one's arm may be there. */
static void put_figure(struct canvas *c, int row, int column, struct ink ink, const char *text)
{
	for (; *text; text++, column++) {
		if (*text != ' ')
			canvas_code(c, row, column, (unsigned char)*text, ink);
	}
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
	struct sink word = {0}, name = {0};
	struct ink ink = view_ink(v, host);
	int used;

	ink.attrs |= ATTR_BOLD;
	view_put_state(&name, v, host);
	used = put(c, row, p, p.columns, ink, name.at);
	sink_fini(&name);
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

/* "↻1": what was said before is said again. */
static void put_again(struct sink *out, struct stance s)
{
	char sign[4];

	if (s.again == 0)
		return;
	sink_put(out, sign, utf8_put(glyph_code(GLYPH_REXMIT), sign));
	sink_printf(out, "%u", s.again);
}

/* Of two people the word stands beside the figure. */
static void draw_figure(struct canvas *c, struct area a, struct place p, const struct view *v,
			uint8_t host)
{
	enum pose_size size = size_of(a, v);
	struct stance stance = pose_of(v, host);
	int row = a.row + (a.rows - pose_rows(size) + 1) / 2, middle = row + pose_rows(size) / 2;
	struct sink again = {0};

	for (int i = 0; i < pose_rows(size); i++) {
		char text[POSE_LARGE_COLUMNS + 1];

		pose_row(stance, size, i, p.side == SIDE_RIGHT, text);
		put_figure(c, row + i, figure_begin(p, size), view_line_ink(v, host), text);
	}
	if (v->story->people_count > 2)
		return;
	p = past(p, pose_columns(size) + 1);
	put(c, middle, p, WORD_COLUMNS, INK(ROLE_TEXT),
	    string_in(pose_word(stance.pose), v->player->lang));
	put_again(&again, stance);
	if (again.count > 0)
		put(c, middle + 1, p, WORD_COLUMNS, INK(ROLE_TEXT), again.at);
	sink_fini(&again);
}

static bool is_synchronized(const struct moment_conn *k)
{
	return k->field[F_state] != SYN_SENT && k->field[F_state] != SYN_RECEIVED;
}

struct timer {
	enum tcb_field field;
	enum string name;
	usec due;
};

enum { TIMERS = 4 };

/* What a bystander should see first: mourning before repeating before nodding late before asking
 * whether anybody is there. Returns how many run. */
static int find_timers(const struct view *v, const struct moment_conn *k, struct timer out[TIMERS])
{
	static const struct timer timers[TIMERS] = {{F_t_time_wait, STRING_MOURNING, 0},
						    {F_t_retransmit, STRING_RTO, 0},
						    {F_t_ack, STRING_ACK_TIMER, 0},
						    {F_t_keepalive, STRING_KEEPALIVE, 0}};
	int n = 0;

	for (int i = 0; i < TIMERS; i++) {
		int64_t due = k->field[timers[i].field];

		if (due == USEC_NEVER || due <= v->player->now)
			continue;
		if (timers[i].field == F_t_time_wait && k->field[F_state] != TIME_WAIT)
			continue;
		out[n] = timers[i];
		out[n].due = due;
		/* The same timer asks a shut window (RFC 9293 3.8.6.1). */
		if (out[n].field == F_t_retransmit && k->field[F_snd_wnd] == 0 &&
		    is_synchronized(k))
			out[n].name = STRING_PROBE;
		n++;
	}
	return n;
}

/* "RTO ▕███░░░░▏ 0.43 s" in at most `room` columns: what is left burns down like a candle. Where
 * the room is small the bar is shorter, then the name is left out, then the bar: the time itself is
 * always whole. Returns its columns; draws when `column` is one. */
static int draw_timer(struct canvas *c, int row, int column, int room, const struct view *v,
		      uint8_t host, const struct timer *t)
{
	const char *name = string_in(t->name, v->player->lang);
	struct sink left = {0};
	int time, label, bar;

	put_span(&left, t->due - v->player->now);
	time = (int)utf8_columns(left.at);
	label = (int)utf8_columns(name) + 1;
	if (room < label + BAR_LEAST + 1 + time)
		label = 0;
	bar = room - label - 1 - time;
	bar = bar > BAR_COLUMNS ? BAR_COLUMNS : bar < BAR_LEAST ? -1 : bar;
	if (column >= 0) {
		const struct moment_conn *k = view_conn(v, host);

		if (label > 0)
			canvas_text(c, row, column, label - 1, INK(ROLE_FAINT), name);
		if (bar > 0)
			view_bar(c, row, column + label, bar, t->due - v->player->now,
				 t->due - moment_since(k, t->field), view_line_ink(v, host));
		canvas_text(c, row, column + label + bar + 1, time, INK(ROLE_TEXT), left.at);
	}
	sink_fini(&left);
	return label + bar + 1 + time;
}

/* "waves", "waves ↻1" */
static void put_pose_word(struct sink *out, const struct view *v, struct stance s)
{
	sink_puts(out, string_in(pose_word(s.pose), v->player->lang));
	if (s.again > 0)
		sink_putc(out, ' ');
	put_again(out, s);
}

/* The first one, and those after it that there is room for. */
static void draw_timers(struct canvas *c, int row, struct place p, const struct view *v,
			uint8_t host)
{
	enum { APART = 2 };
	const struct moment_conn *k = view_conn(v, host);
	struct timer timers[TIMERS];
	int n = k && !view_hides_deadlines(v) ? find_timers(v, k, timers) : 0;

	for (int i = 0; i < n; i++) {
		int columns = draw_timer(c, row, -1, p.columns, v, host, &timers[i]);

		if (i > 0 &&
		    columns < (int)utf8_columns(string_in(timers[i].name, v->player->lang)) +
				      BAR_LEAST)
			break;
		if (columns > p.columns)
			break;
		draw_timer(c, row, begin_of(p, columns), p.columns, v, host, &timers[i]);
		p = past(p, columns + APART);
	}
}

/* Of many people each has the word after the name: there is none beside the figure. */
static void draw_who(struct canvas *c, int row, struct place p, const struct view *v, uint8_t host)
{
	struct sink name = {0}, word = {0};
	struct ink ink = view_ink(v, host);
	int columns;

	ink.attrs |= ATTR_BOLD;
	view_put_name(&name, v, host);
	if (v->story->people_count > 2) {
		sink_putc(&word, ' ');
		put_pose_word(&word, v, pose_of(v, host));
	}
	if ((int)(utf8_columns(name.at) + utf8_columns(word.at ? word.at : "")) > p.columns) {
		sink_clear(&name);
		sink_puts(&name, view_name(v, host));
	}
	columns = (int)(utf8_columns(name.at) + utf8_columns(word.at ? word.at : ""));
	if (word.count > 0 && columns <= p.columns) {
		int column = begin_of(p, columns);

		column += canvas_text(c, row, column, columns, ink, name.at);
		canvas_text(c, row, column, columns, INK(ROLE_TEXT), word.at);
	} else {
		put(c, row, p, p.columns, ink, name.at);
	}
	sink_fini(&name);
	sink_fini(&word);
}

void view_people(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	if (a.rows < PEOPLE_ROWS)
		return;
	for (int i = 0; i < v->story->people_count; i++) {
		uint8_t host = v->story->people[i];
		struct place p = place_of(a, v, i);

		draw_who(c, a.row, p, v, host);
		draw_state(c, a.row + 1, p, v, host);
		draw_figure(c, a, p, v, host);
		draw_timers(c, a.row + a.rows - 1, p, v, host);
	}
	view_wind(c, a, v, hits);
}

/* ---- one row of it, for small screens -------------------------------------------------------- */

struct part {
	const char *text;
	struct ink ink;
	bool is_shown;
};

static int columns_of(const struct part *parts, int n)
{
	int columns = 0;

	for (int i = 0; i < n; i++) {
		if (parts[i].is_shown)
			columns += (columns > 0) + (int)utf8_columns(parts[i].text);
	}
	return columns;
}

/* "张三 SYN_SENT 招手                招手 SYN_RCVD 李四": where that is too long without the name,
 * for the ladder's heading has it; then without the pose's word. */
static void draw_name(struct canvas *c, int row, struct place p, const struct view *v, uint8_t host)
{
	enum { NAME, STATE, WORD, PARTS };
	struct ink ink = view_ink(v, host), bold = ink;
	struct sink word = {0}, state = {0};
	struct part parts[PARTS];
	int column;

	bold.attrs |= ATTR_BOLD;
	put_pose_word(&word, v, pose_of(v, host));
	parts[NAME] = (struct part){view_name(v, host), ink, true};
	view_put_state(&state, v, host);
	parts[STATE] = (struct part){state.at, bold, true};
	parts[WORD] = (struct part){word.at, INK(ROLE_TEXT), true};
	if (columns_of(parts, PARTS) > p.columns)
		parts[NAME].is_shown = false;
	if (columns_of(parts, PARTS) > p.columns) {
		parts[WORD].is_shown = false;
		parts[NAME].is_shown = true;
	}
	if (columns_of(parts, PARTS) > p.columns)
		parts[NAME].is_shown = false;
	column = begin_of(p, columns_of(parts, PARTS));
	for (int i = 0; i < PARTS; i++) {
		const struct part *part = &parts[p.side == SIDE_RIGHT ? PARTS - 1 - i : i];

		if (part->is_shown)
			column += 1 +
				  canvas_text_cut(c, row, column, p.columns, part->ink, part->text);
	}
	sink_fini(&state);
	sink_fini(&word);
}

void view_names(struct canvas *c, struct area a, const struct view *v)
{
	if (a.rows < 1)
		return;
	for (int i = 0; i < v->story->people_count; i++) {
		struct place p = place_of(a, v, i);

		/* Nearer to the edge and to the middle than figures stand. */
		if (p.side != SIDE_MIDDLE)
			p.columns += v->story->people_count == 2 ? 2 : 1;
		if (p.side == SIDE_LEFT || v->story->people_count == 2)
			p.column--;
		draw_name(c, a.row, p, v, v->story->people[i]);
	}
}
