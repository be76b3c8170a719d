/* SPDX-License-Identifier: MIT */
/* hands.c - deeds by hand, the branches they open, and the way back. */
#include "stage/hands.h"

#include <string.h>
#include "stage/session.h"

void hands_init(struct session *s, const struct stage_options *o)
{
	s->hands = (struct hands){.history = o->history, .files = o->files, .delay = "200ms"};
}

void hands_fini(struct session *s)
{
	branches_fini(&s->hands.branches);
}

/* ---- what is said ---------------------------------------------------------------------------- */

void hands_say(struct session *s, enum string what, bool is_bad)
{
	player_notice(&s->player, string_in(what, s->player.lang), is_bad);
}

static void offer(struct session *s, enum action a, enum action b, enum action c)
{
	s->player.notice.offer[0] = a;
	s->player.notice.offer[1] = b;
	s->player.notice.offer[2] = c;
}

static void put_time(struct sink *out, usec at)
{
	sink_time(out, at);
	sink_puts(out, " s");
}

static void say_branch(struct session *s, const struct branch *b, const char *deed)
{
	struct sink at = {0}, text = {0};

	put_time(&at, b->at);
	sink_printf(&text, string_in(STRING_BRANCH_MADE, s->player.lang), b->name, at.at, deed);
	player_notice(&s->player, text.at, false);
	offer(s, ACTION_UNDO, ACTION_BRANCHES, ACTION_NONE);
	sink_fini(&at);
	sink_fini(&text);
}

static void say_first(struct session *s, const struct diags *d)
{
	for (size_t i = 0; i < d->list.count; i++) {
		if (d->list.at[i].severity != DIAG_ERROR)
			continue;
		player_notice(&s->player, mistake_in(&d->list.at[i], s->player.lang), true);
		return;
	}
}

/* ---- branches -------------------------------------------------------------------------------- */

static void show(struct session *s, uint32_t branch)
{
	s->hands.branch = branch;
	session_show(s, history_trace(s->hands.history, branch));
}

void hands_switch(struct session *s, uint32_t branch)
{
	const struct branch *b = history_branch(s->hands.history, branch);
	struct sink text = {0}, at = {0};

	show(s, branch);
	put_time(&at, s->player.now);
	sink_printf(&text, string_in(STRING_BRANCH_SHOWN, s->player.lang), b->name, at.at);
	player_notice(&s->player, text.at, false);
	offer(s, ACTION_BRANCHES, ACTION_NONE, ACTION_NONE);
	sink_fini(&text);
	sink_fini(&at);
}

void hands_undo(struct session *s)
{
	const struct hands *h = &s->hands;
	const struct branch *b = h->history ? history_branch(h->history, h->branch) : NULL;
	struct sink text = {0}, at = {0};

	if (!b || b->parent == NO_BRANCH) {
		hands_say(s, STRING_NOTHING_TO_UNDO, true);
		return;
	}
	show(s, b->parent);
	player_seek(&s->player, b->at);
	put_time(&at, b->at);
	sink_printf(&text, string_in(STRING_UNDONE, s->player.lang),
		    history_branch(h->history, b->parent)->name, at.at, b->name);
	player_notice(&s->player, text.at, false);
	offer(s, ACTION_BRANCHES, ACTION_NONE, ACTION_NONE);
	sink_fini(&text);
	sink_fini(&at);
}

size_t hands_unsaved(const struct hands *h)
{
	size_t count = 0;

	for (uint32_t i = 1; h->history && i < history_count(h->history); i++)
		count += !history_branch(h->history, i)->is_saved;
	return count;
}

void hands_quit(struct session *s)
{
	size_t unsaved = hands_unsaved(&s->hands);
	struct sink text = {0};

	if (unsaved == 0 || s->hands.is_leaving) {
		s->player.wants_quit = true;
		return;
	}
	s->hands.is_leaving = true;
	s->player.is_playing = false;
	sink_printf(&text, string_in(STRING_NOT_SAVED, s->player.lang), unsaved);
	player_notice(&s->player, text.at, true);
	offer(s, ACTION_BRANCHES, ACTION_NONE, ACTION_NONE);
	sink_fini(&text);
}

/* ---- deeds ----------------------------------------------------------------------------------- */

/* The reader sees the deed happen: the clock stands where its first record is told. */
static void go_to_deed(struct session *s, const struct branch *b)
{
	const struct trace *t = s->story->trace;

	if (b->cursor < trace_count(t) && trace_at(t, b->cursor)->at == b->at)
		player_go(&s->player, story_stop_of(s->story, b->cursor));
	else
		player_seek(&s->player, b->at);
}

bool hands_act(struct session *s, const char *deed, struct diags *d)
{
	struct hands *h = &s->hands;
	uint32_t branch = history_act(h->history, h->branch, s->player.now, deed, d);
	const struct branch *b;

	if (branch == NO_BRANCH)
		return false;
	show(s, branch);
	b = history_branch(h->history, branch);
	go_to_deed(s, b);
	say_branch(s, b, b->deed);
	return true;
}

static const struct voyage *selected(const struct session *s)
{
	int64_t i = player_selected(&s->player);

	return i >= 0 ? &s->story->voyages.at[i] : NULL;
}

bool hands_selected_name(const struct session *s, struct sink *out)
{
	const struct voyage *v = selected(s);

	return v && flight_name(s->story->trace, s->player.now, v->send, out);
}

static void say_selected(struct session *s)
{
	struct sink text = {0};

	sink_printf(&text, "%s: ", string_in(STRING_SELECTED, s->player.lang));
	view_put_word(&text, &s->view, selected(s));
	player_notice(&s->player, text.at, false);
	offer(s, ACTION_DROP, ACTION_DELAY, ACTION_DUPLICATE);
	sink_fini(&text);
}

/* The wind has it, but its end is still to be seen. */
static bool is_shown_lost(const struct session *s)
{
	const struct player *p = &s->player;
	size_t begun = story_begun(s->story, p->cursor);

	for (size_t i = begun; i-- > 0 && begun - i < 64;) {
		const struct voyage *v = &s->story->voyages.at[i];

		if (v->fate == FATE_LOST && !voyage_has_ended(v, p->now, p->cursor))
			return true;
	}
	return false;
}

static void say_none(struct session *s)
{
	hands_say(s, is_shown_lost(s) ? STRING_WIND_HAS_IT : STRING_NOTHING_FLIES, true);
	offer(s, ACTION_NEXT, ACTION_BACK, ACTION_NONE);
}

/* Is there a word upon which something can be done? Otherwise it is said why not. */
static bool may_act(struct session *s)
{
	struct sink name = {0}, text = {0};
	bool may;

	s->player.is_playing = false;
	if (!s->hands.history) {
		hands_say(s, STRING_RECORDING, true);
		return false;
	}
	if (!selected(s)) {
		say_none(s);
		return false;
	}
	may = hands_selected_name(s, &name);
	if (!may) {
		view_label(&text, &s->view, selected(s), 24);
		sink_printf(&text, " %s", string_in(STRING_LANDS_NOW, s->player.lang));
		player_notice(&s->player, text.at, true);
		offer(s, ACTION_BACK, ACTION_NONE, ACTION_NONE);
	}
	sink_fini(&name);
	sink_fini(&text);
	return may;
}

static void do_deed(struct session *s, const char *verb, const char *how)
{
	struct sink deed = {0};
	struct diags d = {0};

	if (!may_act(s))
		return;
	sink_printf(&deed, "%s ", verb);
	hands_selected_name(s, &deed);
	sink_puts(&deed, how);
	if (!hands_act(s, deed.at, &d))
		say_first(s, &d);
	sink_fini(&deed);
	diags_fini(&d);
}

static void do_delay(struct session *s)
{
	if (may_act(s))
		command_open(s, QUESTION_DELAY, s->hands.delay);
}

static void do_select(struct session *s, bool is_back)
{
	s->player.is_playing = false;
	if (player_select(&s->player, is_back))
		say_selected(s);
	else
		say_none(s);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void open_branches(struct session *s)
{
	s->player.is_playing = false;
	if (s->hands.history)
		branches_open(s);
	else
		hands_say(s, STRING_RECORDING, true);
}

static void open_exports(struct session *s)
{
	s->player.is_playing = false;
	if (!s->hands.files)
		return;
	s->player.overlay = OVERLAY_EXPORT;
	s->hands.picked = 0;
}

static void select_next(struct session *s)
{
	do_select(s, false);
}

static void select_last(struct session *s)
{
	do_select(s, true);
}

static void do_drop(struct session *s)
{
	do_deed(s, "drop", "");
}

static void do_duplicate(struct session *s)
{
	do_deed(s, "duplicate", "");
}

static void do_reorder(struct session *s)
{
	do_deed(s, "reorder", " past 1");
}

static void do_corrupt(struct session *s)
{
	do_deed(s, "corrupt", "");
}

static void open_command(struct session *s)
{
	command_open(s, QUESTION_COMMAND, "");
}

static void pick(struct session *s, uint32_t line)
{
	if (s->player.overlay == OVERLAY_BRANCHES)
		branches_pick(s, line);
	else if (s->player.overlay == OVERLAY_EXPORT)
		saving_menu_pick(s, line);
	else if (s->player.overlay == OVERLAY_TALKS)
		talks_pick(s, line);
}

bool hands_do(struct session *s, enum action a, uint32_t arg)
{
	static const struct {
		enum action action;
		void (*run)(struct session *s);
	} doings[] = {
		{ACTION_SELECT, select_next},     {ACTION_SELECT_BACK, select_last},
		{ACTION_DROP, do_drop},           {ACTION_DELAY, do_delay},
		{ACTION_DUPLICATE, do_duplicate}, {ACTION_REORDER, do_reorder},
		{ACTION_CORRUPT, do_corrupt},     {ACTION_COMMAND, open_command},
		{ACTION_BRANCHES, open_branches}, {ACTION_UNDO, hands_undo},
		{ACTION_EXPORT, open_exports},    {ACTION_QUIT, hands_quit},
		{ACTION_TALKS, talks_open},       {ACTION_SAY, talks_open_line},
	};

	for (size_t i = 0; i < sizeof doings / sizeof doings[0]; i++) {
		if (doings[i].action == a) {
			doings[i].run(s);
			return true;
		}
	}
	if (a == ACTION_PICK)
		pick(s, arg);
	return a == ACTION_PICK;
}

/* Another key than q: nobody wants to leave any more. */
static bool plain_key(struct session *s, uint32_t key)
{
	enum action a = key_action(key);
	bool was_leaving = s->hands.is_leaving;

	if (a != ACTION_QUIT)
		s->hands.is_leaving = false;
	/* Over a card q closes it. */
	if (a == ACTION_QUIT && s->player.overlay != OVERLAY_NONE && !was_leaving)
		return false;
	/* At the edge there is no row to set the clock to. */
	if (key == PRESS_ENTER && talks_go_on(s))
		return true;
	if (key == PRESS_ENTER && player_is_at_edge(&s->player) && talks_can_say(s))
		a = ACTION_SAY;
	return hands_do(s, a, 0);
}

bool hands_key(struct session *s, uint32_t key)
{
	if (key == PRESS_LEAVE)
		return false;
	switch (s->player.overlay) {
	case OVERLAY_COMMAND: command_key(s, key); return true;
	case OVERLAY_BRANCHES: branches_key(s, key); return true;
	case OVERLAY_EXPORT: saving_menu_key(s, key); return true;
	case OVERLAY_TALKS: talks_key(s, key); return true;
	case OVERLAY_GOTO:
	case OVERLAY_HELP:
	case OVERLAY_PREDICT: return false;
	case OVERLAY_NONE:
	case OVERLAY_WHY:
	case OVERLAY_HEADER: return plain_key(s, key);
	}
	return false;
}
