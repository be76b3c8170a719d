/* SPDX-License-Identifier: MIT */
#include "stage/talks.h"

#include <string.h>
#include "stage/session.h"
#include "stage/text.h"

/* ---- the list -------------------------------------------------------------------------------- */

bool talks_find(const struct stage_live *live, uint32_t id, size_t hint, size_t *index)
{
	struct stage_conversation talk;
	size_t count = live->count(live->user);

	if (id == 0)
		return false;
	*index = hint;
	if (hint < count && live->at(live->user, hint, &talk) && talk.id == id)
		return true;
	/* The newest are asked for most. */
	for (size_t i = count; i-- > 0;) {
		*index = i;
		if (live->at(live->user, i, &talk) && talk.id == id)
			return true;
	}
	return false;
}

void talks_open(struct session *s)
{
	struct talks_list *list = &s->growth.list;

	if (!s->growth.live) {
		hands_say(s, STRING_NOT_LIVE, true);
		return;
	}
	list->picked = s->growth.chosen;
	list->index = 0;
	s->player.overlay = OVERLAY_TALKS;
	s->player.is_playing = false;
}

static void choose(struct session *s, uint32_t id)
{
	s->player.overlay = OVERLAY_NONE;
	session_choose(s, id);
}

void talks_pick(struct session *s, uint32_t id)
{
	if (s->growth.list.picked == id)
		choose(s, id);
	else
		s->growth.list.picked = id;
}

/* The newest stand first, and before them "always the newest". */
static void move(struct session *s, int64_t by)
{
	const struct stage_live *live = s->growth.live;
	struct talks_list *list = &s->growth.list;
	int64_t count = (int64_t)live->count(live->user), place = 0;
	struct stage_conversation talk;
	size_t index;

	if (talks_find(live, list->picked, list->index, &index))
		place = count - (int64_t)index;
	place += by;
	place = place < 0 ? 0 : place > count ? count : place;
	list->picked = 0;
	if (place > 0 && live->at(live->user, (size_t)(count - place), &talk)) {
		list->picked = talk.id;
		list->index = (size_t)(count - place);
	}
}

static int64_t step_of(const struct session *s, enum action a)
{
	int64_t page = s->growth.list.page > 1 ? s->growth.list.page : 1;
	int64_t all = (int64_t)s->growth.live->count(s->growth.live->user) + 1;

	if (a == ACTION_DOWN || a == ACTION_UP)
		return a == ACTION_DOWN ? 1 : -1;
	if (a == ACTION_PAGE_DOWN || a == ACTION_PAGE_UP)
		return a == ACTION_PAGE_DOWN ? page : -page;
	return a == ACTION_END ? all : 0;
}

void talks_key(struct session *s, uint32_t key)
{
	enum action a = key_action(key);
	int64_t by = step_of(s, a);

	if (by != 0)
		move(s, by);
	else if (key == PRESS_ENTER)
		choose(s, s->growth.list.picked);
	else if (key == '0')
		choose(s, 0);
	else if (key == PRESS_HOME)
		s->growth.list.picked = 0;
	else if (a == ACTION_LANG)
		player_do(&s->player, a, 0);
	else
		s->player.overlay = OVERLAY_NONE;
}

/* ---- saying something ------------------------------------------------------------------------ */

bool talks_can_say(const struct session *s)
{
	return s->growth.live && s->growth.live->say && s->player.edge.is_open;
}

bool talks_go_on(struct session *s)
{
	const struct stage_live *live = s->growth.live;

	if (!live || !live->next || s->player.overlay != OVERLAY_NONE || !s->player.edge.is_open ||
	    s->player.is_looking || (!s->player.edge.is_followed && player_behind(&s->player) > 0))
		return false;
	/* What is still on its way to the screen is there at once. Who stopped at the end goes
	 * along again: what comes is to be seen. */
	player_follow(&s->player);
	return live->next(live->user);
}

void talks_open_line(struct session *s)
{
	if (talks_can_say(s))
		command_open(s, QUESTION_SAY, "");
	else
		hands_say(s, s->growth.live ? STRING_NOBODY_SAYS : STRING_NOT_LIVE, true);
}

static bool say(struct session *s, const char *line)
{
	const struct stage_live *live = s->growth.live;
	struct sink complaint = {0};
	bool is_said;

	if (!talks_can_say(s)) {
		prompt_complain(&s->player.prompt, string_in(STRING_NOBODY_SAYS, s->player.lang));
		return false;
	}
	is_said = live->say(live->user, line, s->player.lang, &complaint);
	if (!is_said)
		prompt_complain(&s->player.prompt, complaint.count > 0 ? complaint.at : "?");
	sink_fini(&complaint);
	return is_said;
}

/* One says several lines, one after the other; an empty one ends it. */
bool talks_say_line(struct session *s)
{
	char line[ENTRY_OCTETS];

	if (s->player.prompt.entry.count == 0)
		return true;
	text_copy(line, sizeof line, s->player.prompt.entry.text);
	/* Completion leaves a blank behind an order. */
	for (size_t n = strlen(line); line[0] == ':' && line[n - 1] == ' ';)
		line[--n] = '\0';
	recall_add(&s->growth.list.said, line);
	if (say(s, line))
		prompt_open(&s->player.prompt, "");
	return false;
}

bool talks_order(struct session *s, const char *order, const char *rest)
{
	struct sink line = {0};
	bool is_said;

	sink_puts(&line, order);
	if (rest[0] != '\0')
		sink_printf(&line, "%s%s", order[0] != '\0' ? " " : "", rest);
	is_said = say(s, line.at);
	sink_fini(&line);
	return is_said;
}
