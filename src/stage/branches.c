/* SPDX-License-Identifier: MIT */
/* branches.c - the list of all branches of history, and what a reader does with it. */
#include "stage/branches.h"

#include "stage/session.h"

/* ---- the tree -------------------------------------------------------------------------------- */

static struct outcome outcome_of(const struct history *h, uint32_t branch)
{
	const struct trace *t = history_trace(h, branch);
	struct scene_verdict verdict = scene_run_verdict(history_run(h, branch));
	struct moment end = {0};
	struct outcome o = {.pass = verdict.pass, .fail = verdict.fail + verdict.inconclusive};

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		o.segments += r->kind == REC_SEND;
		o.lost += r->kind == REC_WIND && deed_takes((enum deed)r->detail);
		o.end = r->at;
	}
	moment_go(&end, t, trace_count(t));
	for (; o.people < OUTCOME_PEOPLE && o.people < (int)trace_host_count(t); o.people++)
		o.state[o.people] = (uint8_t)moment_state(&end, (uint8_t)o.people);
	moment_fini(&end);
	return o;
}

/* The next child of `parent` behind branch `after`: children are younger than their parent, and
 * stand in the order of their birth. NO_BRANCH: there is none. */
static uint32_t child_behind(const struct history *h, uint32_t parent, uint32_t after)
{
	for (uint32_t i = after + 1; i < history_count(h); i++) {
		if (history_branch(h, i)->parent == parent)
			return i;
	}
	return NO_BRANCH;
}

static void add_line(struct branches *b, const struct history *h, uint32_t branch, int depth)
{
	struct branch_line *line = array_push(&b->lines);
	uint32_t parent = history_branch(h, branch)->parent;

	*line = (struct branch_line){.branch = branch, .depth = depth};
	line->is_last = parent == NO_BRANCH || child_behind(h, parent, branch) == NO_BRANCH;
	for (size_t i = b->lines.count - 1; i-- > 0;) {
		const struct branch_line *above = &b->lines.at[i];

		if (above->branch != parent)
			continue;
		line->rails = above->rails;
		if (!above->is_last && above->depth < 64)
			line->rails |= UINT64_C(1) << above->depth;
		return;
	}
}

/* Each branch, then its children. */
static void list_all(struct branches *b, const struct history *h)
{
	uint32_t branch = 0;
	int depth = 0;

	array_clear(&b->lines);
	while (branch != NO_BRANCH) {
		uint32_t next = child_behind(h, branch, branch);

		add_line(b, h, branch, depth);
		if (next != NO_BRANCH)
			depth++;
		while (next == NO_BRANCH && depth > 0) {
			uint32_t parent = history_branch(h, branch)->parent;

			next = child_behind(h, parent, branch);
			if (next == NO_BRANCH) {
				branch = parent;
				depth--;
			}
		}
		branch = next;
	}
}

static void compare_all(struct session *s)
{
	const struct history *h = s->hands.history;
	const struct trace *shown = history_trace(h, s->hands.branch);

	for (size_t i = 0; i < s->hands.branches.lines.count; i++) {
		struct branch_line *line = &s->hands.branches.lines.at[i];
		const struct trace *own = history_trace(h, line->branch);
		uint32_t parent = history_branch(h, line->branch)->parent;

		line->outcome = outcome_of(h, line->branch);
		if (parent != NO_BRANCH)
			trace_compare(history_trace(h, parent), own, &line->from_parent);
		if (line->branch != s->hands.branch)
			trace_compare(shown, own, &line->from_shown);
	}
}

static int line_of(const struct branches *b, uint32_t branch)
{
	for (size_t i = 0; i < b->lines.count; i++) {
		if (b->lines.at[i].branch == branch)
			return (int)i;
	}
	return 0;
}

void branches_refresh(struct session *s)
{
	struct branches *b = &s->hands.branches;
	uint32_t chosen = b->lines.count > 0 ? b->lines.at[b->at].branch : s->hands.branch;

	list_all(b, s->hands.history);
	compare_all(s);
	b->at = line_of(b, chosen);
}

void branches_open(struct session *s)
{
	struct branches *b = &s->hands.branches;

	s->player.overlay = OVERLAY_BRANCHES;
	b->is_comparing = false;
	b->scroll = 0;
	branches_refresh(s);
	b->at = line_of(b, s->hands.branch);
}

static void forget_comparison(struct branches *b)
{
	if (b->has_comparison)
		comparison_fini(&b->comparison);
	b->has_comparison = false;
}

void branches_compare(struct session *s, uint32_t branch)
{
	const struct history *h = s->hands.history;
	struct branches *b = &s->hands.branches;

	b->at = line_of(b, branch);
	b->scroll = 0;
	b->is_comparing = branch != s->hands.branch;
	if (!b->is_comparing) {
		hands_say(s, STRING_COMPARE_SAME, true);
		return;
	}
	forget_comparison(b);
	b->has_comparison = true;
	comparison_init(&b->comparison, history_trace(h, s->hands.branch), history_trace(h, branch),
			IGNORE_FIELDS | IGNORE_RULES);
}

void branches_fini(struct branches *b)
{
	array_fini(&b->lines);
	forget_comparison(b);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static uint32_t chosen(const struct session *s)
{
	return s->hands.branches.lines.at[s->hands.branches.at].branch;
}

static void enter(struct session *s)
{
	s->player.overlay = OVERLAY_NONE;
	if (chosen(s) != s->hands.branch)
		hands_switch(s, chosen(s));
}

static void ask_name(struct session *s)
{
	struct sink name = {0};

	saving_default_name(s, chosen(s), "scene", &name);
	s->hands.writing = (struct writing){.branch = chosen(s)};
	command_open(s, QUESTION_NAME, name.at);
	sink_fini(&name);
}

void branches_pick(struct session *s, uint32_t line)
{
	struct branches *b = &s->hands.branches;

	if (line >= b->lines.count)
		return;
	if (b->at == (int)line)
		enter(s);
	else
		b->at = (int)line;
}

static void move(struct branches *b, int by)
{
	int last = (int)b->lines.count - 1;

	b->at += by;
	b->at = b->at < 0 ? 0 : b->at > last ? last : b->at;
}

/* How far a list moves; 0: no key for it. */
static int step_of(enum action a)
{
	if (a == ACTION_DOWN || a == ACTION_UP)
		return a == ACTION_DOWN ? 1 : -1;
	if (a == ACTION_PAGE_DOWN || a == ACTION_PAGE_UP)
		return a == ACTION_PAGE_DOWN ? 10 : -10;
	return 0;
}

static void compare_key(struct session *s, uint32_t key)
{
	struct branches *b = &s->hands.branches;
	enum action a = key_action(key);
	int by = step_of(a);

	if (by != 0)
		b->scroll = b->scroll + by < 0 ? 0 : b->scroll + by;
	else if (key == PRESS_ENTER)
		enter(s);
	else if (a == ACTION_LANG || a == ACTION_SEQ)
		player_do(&s->player, a, 0);
	else
		b->is_comparing = false;
}

static void undo(struct session *s)
{
	hands_undo(s);
	branches_open(s);
}

void branches_key(struct session *s, uint32_t key)
{
	struct branches *b = &s->hands.branches;
	enum action a = key_action(key);

	if (b->is_comparing) {
		compare_key(s, key);
		return;
	}
	if (step_of(a) != 0)
		move(b, step_of(a));
	else if (key == PRESS_ENTER)
		enter(s);
	else if (key == '=' || key == 'c')
		branches_compare(s, chosen(s));
	else if (key == 's')
		ask_name(s);
	else if (a == ACTION_UNDO)
		undo(s);
	else if (a == ACTION_START || a == ACTION_END)
		b->at = a == ACTION_START ? 0 : (int)b->lines.count - 1;
	else if (a == ACTION_COMMAND)
		command_open(s, QUESTION_COMMAND, "");
	else if (a == ACTION_LANG)
		player_do(&s->player, a, 0);
	else
		s->player.overlay = OVERLAY_NONE;
}
