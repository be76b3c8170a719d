/* SPDX-License-Identifier: MIT */
#include "stage/growth.h"

#include "stage/session.h"

const struct trace *growth_trace(const struct stage_options *o, const struct trace *t)
{
	return o->live ? o->live->trace(o->live->user) : t;
}

static usec clock_of(const struct stage_live *live)
{
	return live->now(live->user);
}

static enum edge_pace pace_of(enum stage_motion motion)
{
	switch (motion) {
	case MOTION_FULL: return EDGE_GLIDES;
	case MOTION_STEPS: return EDGE_STEPS;
	case MOTION_NONE: break;
	}
	return EDGE_JUMPS;
}

void growth_init(struct session *s, const struct stage_options *o)
{
	const struct stage_live *live = o->live;
	struct edge *edge = &s->player.edge;

	s->growth = (struct growth){.live = live};
	s->view.growth = &s->growth;
	if (!live)
		return;
	s->growth.version = live->version(live->user);
	s->growth.count = trace_count(s->story->trace);
	edge->is_open = !live->is_over(live->user);
	edge->pace = pace_of(o->motion);
	edge->now = clock_of(live);
	if (!o->has_start)
		player_follow(&s->player);
}

/* ---- which conversation ---------------------------------------------------------------------- */

static uint32_t shown_id(const struct stage_live *live)
{
	size_t count = live->count(live->user);
	struct stage_conversation talk;

	for (size_t i = count; i-- > 0;) {
		if (live->at(live->user, i, &talk) && talk.is_shown)
			return talk.id;
	}
	return 0;
}

/* Who looks back at the newest conversation is not to be torn away from it by a newer one. */
static void hold(struct session *s)
{
	const struct stage_live *live = s->growth.live;
	bool wants = s->growth.chosen == 0 && !s->player.edge.is_followed;
	uint32_t id = wants && !s->growth.is_held ? shown_id(live) : 0;

	if (!wants && s->growth.is_held) {
		s->growth.is_held = false;
		live->choose(live->user, s->growth.chosen);
	} else if (id != 0) {
		s->growth.is_held = true;
		live->choose(live->user, id);
	}
}

/* What is shown may be gone when another conversation is there: it is taken in at once. */
static void heed_another(struct session *s)
{
	const struct stage_live *live = s->growth.live;

	if (live->trace(live->user) != s->story->trace)
		session_take(s);
}

void session_choose(struct session *s, uint32_t id)
{
	const struct stage_live *live = s->growth.live;

	s->growth.chosen = id;
	s->growth.is_held = false;
	live->choose(live->user, id);
	player_follow(&s->player);
	s->growth.wants_edge = true;
	heed_another(s);
}

/* ---- taking in ------------------------------------------------------------------------------- */

void session_turn(struct session *s)
{
	const struct stage_live *live = s->growth.live;

	if (!live)
		return;
	hold(s);
	live->turn(live->user);
	heed_another(s);
}

bool session_has_news(const struct session *s)
{
	const struct stage_live *live = s->growth.live;

	return live && live->version(live->user) != s->growth.version;
}

static void grow(struct session *s, const struct trace *t, usec now)
{
	struct story *before = s->story;

	s->story = story_new(t);
	s->view.story = s->story;
	player_grow(&s->player, s->story, now);
	story_free(before);
}

/* Another conversation: whoever follows sees it from its beginning, unless it was chosen. */
static void turn_to(struct session *s, const struct trace *t, usec now)
{
	bool is_followed = s->player.edge.is_followed;

	session_show(s, t);
	s->player.edge.now = now;
	if (s->growth.wants_edge || !is_followed || s->player.edge.pace == EDGE_JUMPS) {
		player_follow(&s->player);
	} else {
		player_go(&s->player, 0);
		s->player.edge.is_followed = s->player.edge.is_open;
		s->player.edge.from = s->player.now;
		s->player.edge.spent = EDGE_STEP_LEAST;
	}
	s->growth.wants_edge = false;
}

void session_take(struct session *s)
{
	const struct stage_live *live = s->growth.live;
	struct growth *g = &s->growth;
	const struct trace *t;
	bool is_same;

	if (!live)
		return;
	g->version = live->version(live->user);
	t = live->trace(live->user);
	s->player.edge.is_open = !live->is_over(live->user);
	is_same = t == s->story->trace && trace_count(t) >= g->count;
	if (!is_same)
		turn_to(s, t, clock_of(live));
	else if (trace_count(t) > g->count)
		grow(s, t, clock_of(live));
	else
		player_edge_clock(&s->player, clock_of(live));
	if (!is_same || trace_count(t) > g->count)
		s->hits.count = 0;
	g->count = trace_count(t);
}

/* ---- the clock at the edge ------------------------------------------------------------------- */

static bool counts_down(const struct session *s, uint8_t host)
{
	const struct moment_conn *k = view_conn(&s->view, host);

	for (int f = F_t_retransmit; k && f <= F_t_pace; f++) {
		if (k->field[f] != USEC_NEVER && k->field[f] > s->player.now)
			return true;
	}
	return false;
}

usec session_alarm(const struct session *s)
{
	const unsigned panels = PANEL_PEOPLE | PANEL_TCB;
	bool is_running = false;

	if (!s->growth.live || !player_is_at_edge(&s->player) ||
	    !(player_shown(&s->player) & panels))
		return -1;
	for (int i = 0; i < s->story->people_count; i++)
		is_running = is_running || counts_down(s, s->story->people[i]);
	return is_running ? USEC_PER_S - clock_of(s->growth.live) % USEC_PER_S : -1;
}

void session_clock(struct session *s)
{
	if (s->growth.live)
		player_edge_clock(&s->player, clock_of(s->growth.live));
}
