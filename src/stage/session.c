/* SPDX-License-Identifier: MIT */
#include "stage/session.h"

/* Once through the trace: the moment takes its pictures, and from then on every place is near. */
static void prepare(struct session *s)
{
	moment_go(&s->moment, s->story->trace, trace_count(s->story->trace));
}

void session_init(struct session *s, const struct trace *t, const char *title,
		  const struct stage_options *o)
{
	*s = (struct session){.story = story_new(growth_trace(o, t))};
	player_init(&s->player, s->story, o->lang);
	s->player.is_absolute = o->is_absolute;
	s->player.has_no_mouse = o->has_no_mouse;
	if (o->has_speed)
		s->player.speed = o->speed;
	if (o->has_start)
		player_seek(&s->player, o->start_at);
	s->view = (struct view){.story = s->story,
				.player = &s->player,
				.moment = &s->moment,
				.title = title,
				.play = {o->play[0], o->play[1]},
				.motion = o->motion,
				.tell = o->tell,
				.hands = &s->hands};
	hands_init(s, o);
	predict_init(s, o->score, o->is_predicting);
	growth_init(s, o);
	alongside_init(s, o);
	prepare(s);
}

void session_fini(struct session *s)
{
	hands_fini(s);
	predict_fini(s);
	alongside_fini(&s->alongside);
	moment_fini(&s->moment);
	story_free(s->story);
	*s = (struct session){0};
}

/* As many records of this instant are true as were; all that is older is. */
static uint64_t same_cursor(const struct trace *t, usec now, uint64_t cursor)
{
	uint64_t least = trace_cursor_at(t, now - 1), most = trace_cursor_at(t, now);

	return cursor < least ? least : cursor > most ? most : cursor;
}

void session_show(struct session *s, const struct trace *t)
{
	uint64_t cursor = s->player.cursor;

	predict_forget(s);
	moment_fini(&s->moment);
	story_free(s->story);
	s->story = story_new(t);
	s->view.story = s->story;
	s->player.story = s->story;
	s->player.is_playing = false;
	s->hits.count = 0;
	player_seek(&s->player, s->player.now);
	s->player.cursor = same_cursor(t, s->player.now, cursor);
	prepare(s);
}

void session_draw(struct session *s, struct canvas *c)
{
	moment_go(&s->moment, s->story->trace, s->player.cursor);
	alongside_refresh(s, c->rows, c->columns);
	view_draw(c, &s->view, &s->hits);
	s->player.panels = s->hits.panels;
	s->rows = c->rows;
	s->columns = c->columns;
	s->is_ascii = c->is_ascii;
	if (s->player.now > s->furthest)
		s->furthest = s->player.now;
	s->has_ended = s->has_ended || player_is_at_end(&s->player);
}

static void press(struct session *s, uint32_t key)
{
	if (predict_key(s, key))
		s->hands.is_leaving = s->hands.is_leaving && key_action(key) == ACTION_QUIT;
	else if (!hands_key(s, key) && !alongside_key(s, key))
		player_key(&s->player, key);
}

static void click(struct session *s, const struct input *in)
{
	const struct hit *hit = hits_find(&s->hits, in->row, in->column);

	s->is_scrubbing = false;
	if (s->player.overlay == OVERLAY_PREDICT) {
		/* What lies beside the card is no way around it. */
		if (hit && hit->action == ACTION_ANSWER)
			predict_click(s, hit->arg);
	} else if (s->player.overlay != OVERLAY_NONE &&
		   (!hit || hit - s->hits.at < s->hits.below)) {
		/* Beside what lies over the picture a click closes it. */
		press(s, PRESS_ESCAPE);
	} else if (hit && (s->player.overlay != OVERLAY_NONE || !predict_do(s, hit->action)) &&
		   !hands_do(s, hit->action, hit->arg)) {
		player_do(&s->player, hit->action, hit->arg);
		s->is_scrubbing = hit->action == ACTION_GOTO_STOP;
		s->scrub_row = hit->area.row;
	}
}

/* The nearest piece of the timeline, however far away the mouse is by now. */
static void drag(struct session *s, const struct input *in)
{
	const struct hit *best = NULL;

	if (!s->is_scrubbing || s->player.overlay != OVERLAY_NONE)
		return;
	s->player.notice = (struct notice){0};
	for (int i = 0; i < s->hits.count; i++) {
		const struct hit *hit = &s->hits.at[i];

		if (hit->action != ACTION_GOTO_STOP || hit->area.row != s->scrub_row)
			continue;
		if (!best ||
		    abs(hit->area.column - in->column) < abs(best->area.column - in->column))
			best = hit;
	}
	if (best)
		player_do(&s->player, ACTION_GOTO_STOP, best->arg);
}

/* The wheel scrolls what lies under the mouse; the focus stays where it is. */
static void turn_wheel(struct session *s, const struct input *in, int by)
{
	enum panel panel = player_panel_at(&s->player, in->row, in->column);
	enum panel focus = s->player.focus;

	if (s->player.overlay != OVERLAY_NONE) {
		press(s, by < 0 ? PRESS_UP : PRESS_DOWN);
	} else if (panel == PANEL_BESIDE) {
		alongside_move(s, by);
		s->player.focus = focus;
	} else if (panel != PANEL_LADDER && panel != PANEL_PEOPLE) {
		player_scroll(&s->player, panel, by);
	} else {
		s->player.focus = PANEL_LADDER;
		player_do(&s->player, by < 0 ? ACTION_UP : ACTION_DOWN, 0);
		s->player.focus = focus;
	}
}

void session_input(struct session *s, const struct input *in)
{
	switch (in->key) {
	case PRESS_NONE:
	case PRESS_RESIZED:
	case PRESS_NEWS: return;
	/* What a click has said still stands when the button is let go. */
	case PRESS_DRAG: drag(s, in); return;
	case PRESS_DROP: s->is_scrubbing = false; return;
	default: break;
	}
	s->player.notice = (struct notice){0};
	switch (in->key) {
	case PRESS_WHEEL_UP: turn_wheel(s, in, -1); return;
	case PRESS_WHEEL_DOWN: turn_wheel(s, in, 1); return;
	case PRESS_CLICK: click(s, in); return;
	default: press(s, in->key); return;
	}
}

void session_tick(struct session *s, usec real)
{
	predict_tick(s, real);
}

bool session_is_still(const struct session *s)
{
	return player_is_still(&s->player);
}

bool session_is_over(const struct session *s)
{
	return s->player.wants_quit;
}
