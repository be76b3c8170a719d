/* SPDX-License-Identifier: MIT */
#include "stage/edge.h"

#include "stage/player.h"

/* What waits altogether is shown in about this time. */
static const usec REPLAY = 2 * USEC_PER_S;
/* A tick that comes later than this was asleep. */
static const usec LATEST = 250 * USEC_PER_MS;

uint32_t player_behind(const struct player *p)
{
	return (uint32_t)p->story->stops.count - 1 - player_stop(p);
}

bool player_is_at_edge(const struct player *p)
{
	return p->edge.is_followed && player_behind(p) == 0;
}

bool player_edge_is_still(const struct player *p)
{
	return p->edge.is_open && player_behind(p) == 0 && p->edge.spent >= EDGE_STEP_LEAST;
}

/* The clock never runs back there, and a loss that is not seen yet is seen. */
static void stand_at_edge(struct player *p)
{
	const struct stop *last = &p->story->stops.at[p->story->stops.count - 1];

	p->cursor = last->cursor > p->cursor ? last->cursor : p->cursor;
	if (p->now < p->edge.now)
		p->now = p->edge.now;
	if (p->now < last->at)
		p->now = last->at;
	p->edge.from = p->now;
}

static void show_step(struct player *p, uint32_t stop)
{
	p->now = p->story->stops.at[stop].at;
	p->cursor = p->story->stops.at[stop].cursor;
	p->edge.from = p->now;
	p->edge.spent = 0;
	if (stop + 1 >= p->story->stops.count)
		stand_at_edge(p);
}

void player_leave_edge(struct player *p)
{
	p->edge.is_followed = false;
}

void player_follow(struct player *p)
{
	uint32_t last = (uint32_t)p->story->stops.count - 1;

	player_go(p, last);
	if (!p->edge.is_open)
		return;
	p->is_playing = false;
	p->edge.is_followed = true;
	show_step(p, last);
	p->edge.spent = EDGE_STEP_MOST;
}

void player_edge_clock(struct player *p, usec now)
{
	p->edge.now = now;
	if (player_is_at_edge(p))
		stand_at_edge(p);
}

/* The more waits the shorter each. */
static usec time_of_step(uint32_t waiting)
{
	usec each = waiting > 0 ? REPLAY / waiting : EDGE_STEP_MOST;

	return each < EDGE_STEP_LEAST  ? EDGE_STEP_LEAST
	       : each > EDGE_STEP_MOST ? EDGE_STEP_MOST
				       : each;
}

/* The clock between two steps, so that what is in the air flies. */
static void glide(struct player *p, usec until, usec whole)
{
	usec way = until - p->edge.from;

	/* Hours of silence times a second still fit 63 bits. */
	if (p->edge.pace == EDGE_GLIDES && way > 0)
		p->now = p->edge.from + way / whole * p->edge.spent +
			 way % whole * p->edge.spent / whole;
}

void player_edge_tick(struct player *p, usec real)
{
	uint32_t waiting = player_behind(p), next = player_stop(p) + 1;
	usec whole = time_of_step(waiting);

	p->edge.spent += real < LATEST ? real : LATEST;
	if (waiting == 0) {
		stand_at_edge(p);
		/* All is told, and nothing will come any more. */
		p->edge.is_followed = p->edge.is_open;
		return;
	}
	if (p->edge.spent >= whole)
		show_step(p, waiting > EDGE_REPLAY ? next + waiting - EDGE_REPLAY : next);
	else
		glide(p, p->story->stops.at[next].at, whole);
}

/* What happened before the clock was read last, and was heard of only now. */
static void turn_clock_back(struct player *p)
{
	const struct trace *t = p->story->trace;

	if (p->cursor < trace_count(t) && p->now > trace_at(t, p->cursor)->at)
		p->now = trace_at(t, p->cursor)->at;
}

/* What comes while nothing else is being shown is seen at once. */
static void take_news(struct player *p, bool was_waiting)
{
	if (p->edge.from > p->now)
		p->edge.from = p->now;
	if (player_behind(p) == 0) {
		stand_at_edge(p);
		return;
	}
	if (!was_waiting)
		p->edge.from = p->now;
	if (!was_waiting && p->edge.spent >= EDGE_STEP_LEAST)
		show_step(p, player_stop(p) + 1);
}

/* The row that was looked at, where it is now. */
static uint32_t row_again(const struct story *before, uint32_t look, const struct story *s)
{
	const struct row *was;
	size_t from;

	if (look >= before->rows.count || s->rows.count == 0)
		return 0;
	was = &before->rows.at[look];
	from = look < s->rows.count ? look : s->rows.count - 1;
	for (size_t off = 0; off < s->rows.count; off++) {
		size_t at[2] = {from + off, from >= off ? from - off : SIZE_MAX};

		for (int i = 0; i < 2; i++) {
			if (at[i] < s->rows.count && s->rows.at[at[i]].record == was->record &&
			    s->rows.at[at[i]].kind == was->kind)
				return (uint32_t)at[i];
		}
	}
	return (uint32_t)from;
}

void player_grow(struct player *p, const struct story *s, usec now)
{
	const struct story *before = p->story;
	bool was_waiting = player_behind(p) > 0;

	if (p->is_looking)
		p->look = row_again(before, p->look, s);
	p->story = s;
	p->edge.now = now;
	turn_clock_back(p);
	if (!p->edge.is_followed)
		return;
	if (p->edge.pace == EDGE_JUMPS)
		player_follow(p);
	else
		take_news(p, was_waiting);
}
