/* SPDX-License-Identifier: MIT */
/* view_people.c - the people: names, states, poses, and the timers they wait for. */
#include <base/utf8.h>
#include "stage/pose.h"
#include "stage/view.h"

enum { MARGIN = 2, BAR_COLUMNS = 12, FIGURE_COLUMNS = 18 };

/* Where a person stands: the first one at the left edge, the last at the right one, mirrored;
 * those between in the middle of their share. */
struct place {
	int column, columns;
	bool is_right;
};

static struct place place_of(struct area a, const struct view *v, int line)
{
	int n = v->story->people_count;
	int share = a.columns / (n > 0 ? n : 1);

	return (struct place){.column = a.column + line * share + MARGIN,
			      .columns = share - 2 * MARGIN,
			      .is_right = n > 1 && line == n - 1};
}

/* With the word beside it, where there is one. */
void view_figure(struct area a, const struct view *v, int line, int *left, int *right)
{
	struct place p = place_of(a, v, line);
	int columns = v->story->people_count <= 2 ? FIGURE_COLUMNS : POSE_COLUMNS + 1;

	*left = p.is_right ? p.column + p.columns - columns : p.column;
	*right = *left + columns;
}

static int put(struct canvas *c, int row, struct place p, int room, struct ink ink,
	       const char *text)
{
	if (room > p.columns)
		room = p.columns;
	if (p.is_right)
		return canvas_text_right(c, row, p.column + p.columns, room, ink, text);
	return canvas_text(c, row, p.column, room, ink, text);
}

/* The place without the `columns` next to the edge that are taken. */
static struct place past(struct place p, int columns)
{
	p.columns -= columns;
	if (!p.is_right)
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

		pose_row(pose, i, p.is_right, text);
		put(c, row + i, p, POSE_COLUMNS, view_line_ink(v, host), text);
	}
	if (v->story->people_count <= 2)
		put(c, row + 1, past(p, POSE_COLUMNS + 1), 12, INK(ROLE_FAINT), word);
}

/* The timer a bystander should see: mourning before repeating before nodding late. */
static bool find_timer(const struct view *v, const struct moment_conn *k, enum tcb_field *field,
		       enum string *name)
{
	static const struct {
		enum tcb_field field;
		enum string name;
	} timers[] = {{F_t_time_wait, STRING_MOURNING},
		      {F_t_retransmit, STRING_RTO},
		      {F_t_ack, STRING_ACK_TIMER}};

	for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++) {
		int64_t due = k->field[timers[i].field];

		if (due == USEC_NEVER || due <= v->player->now)
			continue;
		if (timers[i].field == F_t_time_wait && k->field[F_state] != TIME_WAIT)
			continue;
		*field = timers[i].field;
		*name = timers[i].name;
		return true;
	}
	return false;
}

/* "RTO ▕███░░░░▏ 0.43 s": what is left burns down like a candle. */
static void draw_timer(struct canvas *c, int row, struct place p, const struct view *v,
		       uint8_t host)
{
	const struct moment_conn *k = view_conn(v, host);
	struct sink left = {0};
	enum tcb_field field;
	enum string name;
	usec since, due;

	if (!k || !find_timer(v, k, &field, &name))
		return;
	due = k->field[field];
	since = view_since(v, k, field);
	put_span(&left, due - v->player->now);
	if (p.is_right) {
		p = past(p, put(c, row, p, p.columns, INK(ROLE_TEXT), left.at) + 1);
		view_bar(c, row, p.column + p.columns - BAR_COLUMNS, BAR_COLUMNS,
			 due - v->player->now, due - since, view_line_ink(v, host));
		p = past(p, BAR_COLUMNS + 1);
		put(c, row, p, p.columns, INK(ROLE_FAINT), string_in(name, v->player->lang));
	} else {
		p = past(p, put(c, row, p, p.columns, INK(ROLE_FAINT),
				string_in(name, v->player->lang)) +
				    1);
		view_bar(c, row, p.column, BAR_COLUMNS, due - v->player->now, due - since,
			 view_line_ink(v, host));
		p = past(p, BAR_COLUMNS + 1);
		put(c, row, p, p.columns, INK(ROLE_TEXT), left.at);
	}
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
		put(c, a.row, p, p.columns, ink, name.at);
		draw_state(c, a.row + 1, p, v, host);
		draw_figure(c, a.row + 2, p, v, host);
		draw_timer(c, a.row + 5, p, v, host);
		sink_fini(&name);
	}
	view_wind(c, a, v);
}

/* "张三 SYN_SENT                SYN_RCVD 李四" */
void view_names(struct canvas *c, struct area a, const struct view *v)
{
	if (a.rows < 1)
		return;
	for (int i = 0; i < v->story->people_count; i++) {
		uint8_t host = v->story->people[i];
		struct place p = place_of(a, v, i);
		struct ink ink = view_ink(v, host);

		if (i == 0)
			p.column--;
		if (p.is_right)
			p.columns++;
		p = past(p, put(c, a.row, p, p.columns, ink, view_name(v, host)) + 1);
		ink.attrs |= ATTR_BOLD;
		put(c, a.row, p, p.columns, ink, state_name(moment_state(v->moment, host)));
	}
}
