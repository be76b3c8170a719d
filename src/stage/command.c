/* SPDX-License-Identifier: MIT */
/*
 * command.c - the line at the foot and what it does: deeds as the scene language says them, at the
 * moment shown, and the stage's own commands.
 */
#include "stage/command.h"

#include <string.h>
#include <base/diag.h>
#include "stage/session.h"
#include "stage/text.h"

static bool complain(struct session *s, enum string what)
{
	prompt_complain(&s->player.prompt, string_in(what, s->player.lang));
	return false;
}

/* About what stands behind the command. */
static bool complain_of(struct session *s, enum string what, struct rest rest)
{
	struct prompt *p = &s->player.prompt;

	complain(s, what);
	p->wrong_at = rest.at;
	p->wrong_size = strlen(rest.text);
	return false;
}

/* ---- deeds ----------------------------------------------------------------------------------- */

/* The deed has from its octet `from` on what the line has behind the command. */
static bool act(struct session *s, const char *deed, struct rest rest, size_t from)
{
	struct diags d = {0};
	bool is_done;

	if (!s->hands.history)
		return complain(s, STRING_RECORDING);
	is_done = hands_act(s, deed, &d);
	if (!is_done)
		prompt_blame(&s->player.prompt, &d, rest.at, from, s->player.lang);
	diags_fini(&d);
	return is_done;
}

/* The word in flight that is meant when none is named. */
static bool put_selected(struct session *s, struct sink *out)
{
	if (!s->hands.history)
		return complain(s, STRING_RECORDING);
	if (player_selected(&s->player) < 0)
		return complain(s, STRING_NOTHING_FLIES);
	return hands_selected_name(s, out) || complain(s, STRING_LANDS_NOW);
}

static bool begins_with_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	return strncmp(text, word, n) == 0 && (text[n] == ' ' || text[n] == '\0');
}

/* "3rd zhang -> li": the word is named already. 3s is a time, and none. */
static bool names_a_word(const char *text)
{
	static const char *const endings[] = {"st", "nd", "rd", "th"};
	size_t digits = strspn(text, "0123456789");

	for (size_t i = 0; digits > 0 && i < sizeof endings / sizeof endings[0]; i++) {
		if (begins_with_word(text + digits, endings[i]))
			return true;
	}
	return false;
}

const struct deed_word deed_words[] = {
	{"drop", "", ""},         {"delay", "by", "200ms"}, {"duplicate", "after", ""},
	{"reorder", "past", "1"}, {"corrupt", "", ""},      {NULL, NULL, NULL},
};

/* "delay 300ms" is "delay 3rd zhang -> li by 300ms", "reorder" is "reorder 3rd ... past 1". */
static bool act_on_selected(struct session *s, const struct deed_word *w, struct rest rest)
{
	const char *how = rest.text[0] != '\0' ? rest.text : w->by_default;
	struct sink deed = {0};
	size_t from;
	bool is_done;

	sink_printf(&deed, "%s ", w->name);
	is_done = put_selected(s, &deed);
	if (is_done && how[0] != '\0') {
		sink_putc(&deed, ' ');
		if (w->between[0] != '\0' && !begins_with_word(how, w->between))
			sink_printf(&deed, "%s ", w->between);
		from = deed.count;
		sink_puts(&deed, how);
		is_done = act(s, deed.at, rest, from);
	} else if (is_done) {
		is_done = act(s, deed.at, rest, deed.count);
	}
	sink_fini(&deed);
	return is_done;
}

/* ---- the stage's own ------------------------------------------------------------------------- */

static bool run_goto(struct session *s, struct rest rest)
{
	enum string complaint = STRING_COUNT;

	return player_goto(&s->player, rest.text, &complaint) || complain_of(s, complaint, rest);
}

static bool run_save(struct session *s, struct rest rest)
{
	if (!s->hands.history)
		return complain(s, STRING_RECORDING);
	saving_branch(s, s->hands.branch, rest.text);
	return s->player.prompt.complaint[0] == '\0';
}

/* A name, or a number as the list has it. NO_BRANCH: there is none. */
static uint32_t branch_named(const struct history *h, const char *name)
{
	size_t digits = strspn(name, "0123456789"), number = 0;

	for (uint32_t i = 0; i < history_count(h); i++) {
		if (strcmp(history_branch(h, i)->name, name) == 0)
			return i;
	}
	if (digits == 0 || name[digits] != '\0' || digits > 6)
		return NO_BRANCH;
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (size_t)(name[i] - '0');
	return number < history_count(h) ? (uint32_t)number : NO_BRANCH;
}

static bool run_branch(struct session *s, struct rest rest)
{
	uint32_t branch;

	if (!s->hands.history)
		return complain(s, STRING_RECORDING);
	if (rest.text[0] == '\0') {
		s->hands.below = OVERLAY_BRANCHES;
		branches_open(s);
		return true;
	}
	branch = branch_named(s->hands.history, rest.text);
	if (branch == NO_BRANCH)
		return complain_of(s, STRING_NO_SUCH_BRANCH, rest);
	hands_switch(s, branch);
	return true;
}

static bool run_undo(struct session *s, struct rest rest)
{
	(void)rest;
	if (!s->hands.history)
		return complain(s, STRING_RECORDING);
	hands_undo(s);
	return true;
}

/* With the parent, unless another is named. */
static bool run_diff(struct session *s, struct rest rest)
{
	const struct history *h = s->hands.history;
	uint32_t other;

	if (!h)
		return complain(s, STRING_RECORDING);
	other = rest.text[0] != '\0' ? branch_named(h, rest.text)
				     : history_branch(h, s->hands.branch)->parent;
	if (other == NO_BRANCH)
		return complain_of(
			s, rest.text[0] != '\0' ? STRING_NO_SUCH_BRANCH : STRING_NO_PARENT, rest);
	s->hands.below = OVERLAY_BRANCHES;
	branches_open(s);
	branches_compare(s, other);
	return true;
}

static bool run_speed(struct session *s, struct rest rest)
{
	int speed;

	if (!stage_speed(rest.text, &speed))
		return complain_of(s, STRING_SPEED_HOW, rest);
	player_set_speed(&s->player, speed);
	return true;
}

static bool run_lang(struct session *s, struct rest rest)
{
	for (int i = 0; command_langs[i]; i++) {
		if (strcmp(command_langs[i], rest.text) == 0) {
			s->player.lang = (enum lang)(i < LANG_BOTH ? i : LANG_BOTH);
			return true;
		}
	}
	return complain_of(s, STRING_LANG_HOW, rest);
}

static bool run_export(struct session *s, struct rest rest)
{
	char format[WORD_OCTETS];
	size_t n = strcspn(rest.text, " ");

	text_copy(format, n < sizeof format ? n + 1 : sizeof format, rest.text);
	for (const struct export_format *f = export_formats; f->name; f++) {
		if (strcmp(f->name, format) != 0)
			continue;
		saving_export(s, f->name, rest.text + n + strspn(rest.text + n, " "));
		return s->player.prompt.complaint[0] == '\0';
	}
	return complain_of(s, STRING_EXPORT_HOW, rest);
}

static bool run_help(struct session *s, struct rest rest)
{
	(void)rest;
	s->hands.below = OVERLAY_HELP;
	s->player.scroll = 0;
	return true;
}

static bool run_quit(struct session *s, struct rest rest)
{
	(void)rest;
	hands_quit(s);
	return true;
}

static bool run_say(struct session *s, struct rest rest)
{
	return talks_order(s, "", rest.text);
}

static bool run_shutdown(struct session *s, struct rest rest)
{
	return talks_order(s, ":shutdown", rest.text);
}

static bool run_close(struct session *s, struct rest rest)
{
	return talks_order(s, ":close", rest.text);
}

static bool run_abort(struct session *s, struct rest rest)
{
	return talks_order(s, ":abort", rest.text);
}

static bool run_linger(struct session *s, struct rest rest)
{
	return talks_order(s, ":linger", rest.text);
}

const struct own_command own_commands[] = {
	{"say", run_say, STRING_USAGE_SAY, true},
	{"shutdown", run_shutdown, STRING_USAGE_SHUTDOWN, true},
	{"close", run_close, STRING_USAGE_CLOSE, true},
	{"abort", run_abort, STRING_USAGE_ABORT, true},
	{"linger", run_linger, STRING_USAGE_LINGER, true},
	{"goto", run_goto, STRING_USAGE_GOTO, false},
	{"branch", run_branch, STRING_USAGE_BRANCH, false},
	{"undo", run_undo, STRING_USAGE_UNDO, false},
	{"diff", run_diff, STRING_USAGE_DIFF, false},
	{"save", run_save, STRING_USAGE_SAVE, false},
	{"export", run_export, STRING_USAGE_EXPORT, false},
	{"speed", run_speed, STRING_USAGE_SPEED, false},
	{"lang", run_lang, STRING_USAGE_LANG, false},
	{"help", run_help, STRING_USAGE_HELP, false},
	{"quit", run_quit, STRING_USAGE_QUIT, false},
	{NULL, NULL, STRING_COUNT, false},
};

/* ---- the line -------------------------------------------------------------------------------- */

bool command_is_known(const struct session *s, const struct own_command *c)
{
	return !c->is_order || talks_can_say(s);
}

bool command_is_person(const struct trace *t, const char *text, size_t n)
{
	for (size_t i = 0; i < trace_host_count(t); i++) {
		const char *name = trace_host_at(t, (uint8_t)i)->name;

		if (strlen(name) == n && memcmp(name, text, n) == 0)
			return true;
	}
	return false;
}

static struct rest behind(struct rest line, size_t n)
{
	n += strspn(line.text + n, " ");
	return (struct rest){line.text + n, line.at + n};
}

static bool run(struct session *s, struct rest line)
{
	size_t n = strcspn(line.text, " ");
	struct rest rest = behind(line, n);

	/* Who is called like a command is a person first. */
	if (command_is_person(s->story->trace, line.text, n))
		return act(s, line.text, line, 0);
	for (const struct own_command *c = own_commands; c->name; c++) {
		if (command_is_known(s, c) && begins_with_word(line.text, c->name))
			return c->run(s, rest);
	}
	for (const struct deed_word *w = deed_words; w->name; w++) {
		if (begins_with_word(line.text, w->name) && !names_a_word(rest.text))
			return act_on_selected(s, w, rest);
	}
	return act(s, line.text, line, 0);
}

bool command_run(struct session *s)
{
	char text[ENTRY_OCTETS];
	struct rest line = behind((struct rest){s->player.prompt.entry.text, 0}, 0);
	size_t n;

	/* What it does may change the prompt: it works on a copy, without blanks at the end. */
	text_copy(text, sizeof text, line.text);
	for (n = strlen(text); n > 0 && text[n - 1] == ' ';)
		text[--n] = '\0';
	line.text = text;
	if (n == 0)
		return true;
	recall_add(&s->hands.commands, text);
	return run(s, line);
}

static bool run_delay(struct session *s)
{
	const struct prompt *p = &s->player.prompt;
	char by[WORD_OCTETS];

	if (p->entry.count == 0)
		return true;
	text_copy(by, sizeof by, p->entry.text);
	if (!act_on_selected(s, &deed_words[1], (struct rest){by, 0}))
		return false;
	memcpy(s->hands.delay, by, sizeof by);
	return true;
}

static bool run_name(struct session *s)
{
	char path[PATH_OCTETS];

	text_copy(path, sizeof path, s->player.prompt.entry.text);
	saving_branch(s, s->hands.writing.branch, path);
	return s->player.prompt.complaint[0] == '\0';
}

static bool give(struct session *s)
{
	switch (s->hands.question) {
	case QUESTION_COMMAND: return command_run(s);
	case QUESTION_DELAY: return run_delay(s);
	case QUESTION_NAME: return run_name(s);
	case QUESTION_OVERWRITE: return true;
	case QUESTION_SAY: return talks_say_line(s);
	}
	return true;
}

void command_open(struct session *s, enum question q, const char *offered)
{
	struct player *p = &s->player;

	/* What a command shows is not to be seen under the list. */
	if (p->overlay != OVERLAY_COMMAND)
		s->hands.below = q == QUESTION_COMMAND && p->overlay == OVERLAY_BRANCHES
					 ? OVERLAY_NONE
					 : p->overlay;
	p->is_playing = false;
	p->overlay = OVERLAY_COMMAND;
	s->hands.question = q;
	s->hands.commands.at = s->hands.commands.count;
	s->growth.list.said.at = s->growth.list.said.count;
	prompt_open(&p->prompt, offered);
	command_words(s);
}

static void close_line(struct session *s)
{
	s->player.overlay = s->hands.below;
	s->hands.below = OVERLAY_NONE;
	if (s->player.overlay == OVERLAY_BRANCHES)
		branches_refresh(s);
}

static void overwrite_key(struct session *s, uint32_t key)
{
	if (key == 'y' || key == 'Y') {
		close_line(s);
		saving_go_on(s);
	} else if (key == 'n' || key == 'N' || key == 'q' || key == PRESS_ESCAPE) {
		close_line(s);
		hands_say(s, STRING_NOT_WRITTEN, false);
	}
}

static struct recall *recall_of(struct session *s)
{
	return s->hands.question == QUESTION_COMMAND ? &s->hands.commands
	       : s->hands.question == QUESTION_SAY   ? &s->growth.list.said
						     : NULL;
}

void command_key(struct session *s, uint32_t key)
{
	struct recall *recall = recall_of(s);
	enum prompt_answer answer;

	if (s->hands.question == QUESTION_OVERWRITE) {
		overwrite_key(s, key);
		return;
	}
	answer = prompt_key(&s->player.prompt, recall, key);
	/* What was run may have asked a question of its own. */
	if (answer == PROMPT_GIVEN && give(s) && s->hands.question != QUESTION_OVERWRITE)
		answer = PROMPT_LEFT;
	if (answer == PROMPT_LEFT)
		close_line(s);
	else
		command_words(s);
}
