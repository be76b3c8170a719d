/* SPDX-License-Identifier: MIT */
/* saving.c - what leaves the stage for a file: branches as scenes, and exports. */
#include <string.h>
#include <base/diag.h>
#include "stage/hands.h"
#include "stage/session.h"
#include "stage/text.h"

/* ---- what the stage draws itself ------------------------------------------------------------- */

/* As it stands on the screen, without what lies over it. */
static struct player bare(struct session *s)
{
	struct player before = s->player;

	s->player.overlay = OVERLAY_NONE;
	s->player.notice = (struct notice){0};
	return before;
}

static void draw_text(struct session *s, struct sink *out)
{
	struct player before = bare(s);
	struct canvas c;

	canvas_init(&c, s->rows, s->columns, s->is_ascii);
	session_draw(s, &c);
	canvas_dump(&c, out);
	canvas_fini(&c);
	s->player = before;
}

static void draw_picture(struct session *s, struct sink *out)
{
	struct player before = bare(s);

	session_svg(s, THEME_AUTO, s->rows, s->columns, s->is_ascii, out);
	s->player = before;
}

static struct stage_options options_of(const struct session *s)
{
	return (struct stage_options){.lang = s->player.lang,
				      .is_ascii = s->is_ascii,
				      .is_absolute = s->player.is_absolute,
				      .motion = s->view.motion,
				      .has_speed = true,
				      .speed = s->player.speed,
				      .play = {s->view.play[0], s->view.play[1]},
				      .tell = s->view.tell};
}

static void draw_ladder(struct session *s, struct sink *out)
{
	struct stage_options o = options_of(s);

	stage_page_svg(s->story->trace, s->view.title, &o, PAGE_COLUMNS, out);
}

static void draw_cast(struct session *s, struct sink *out)
{
	struct stage_options o = options_of(s);

	stage_cast(s->story->trace, s->view.title, &o, s->rows, s->columns, out);
}

const struct export_format export_formats[] = {
	{"svg", "svg", STRING_EXPORT_SVG, draw_ladder, false},
	{"picture", "svg", STRING_EXPORT_PICTURE, draw_picture, true},
	{"text", "txt", STRING_EXPORT_TEXT, draw_text, true},
	{"pcapng", "pcapng", STRING_EXPORT_PCAPNG, NULL, false},
	{"md", "md", STRING_EXPORT_MD, NULL, false},
	{"mermaid", "mmd", STRING_EXPORT_MERMAID, NULL, false},
	{"ladder", "ladder", STRING_EXPORT_LADDER, NULL, false},
	{"jsonl", "jsonl", STRING_EXPORT_JSONL, NULL, false},
	{"csv", "csv", STRING_EXPORT_CSV, NULL, false},
	{"tell", "tell.txt", STRING_EXPORT_TELL, NULL, false},
	{"asciicast", "cast", STRING_EXPORT_CAST, draw_cast, false},
	{"scene", "scene", STRING_EXPORT_SCENE, NULL, false},
	{NULL, NULL, STRING_COUNT, NULL, false},
};

static const struct export_format *format_named(const char *name)
{
	const struct export_format *f = export_formats;

	while (f->name && strcmp(f->name, name) != 0)
		f++;
	return f;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* "plays/first-wave.scene [loss=SYN]" is "first-wave-loss-SYN". */
static void put_scene_name(const struct session *s, struct sink *out)
{
	const char *title = s->view.title, *slash = strrchr(title, '/');
	const char *base = slash && slash[1] != '\0' ? slash + 1 : title;
	const char *dot = strstr(base, ".scene");
	size_t n = dot && dot > base ? (size_t)(dot - base) : strcspn(base, ". ");

	sink_put(out, base, n);
	if (dot && dot[6] == ' ') {
		for (const char *c = dot + 6; *c; c++) {
			if (*c != ' ' && *c != '[' && *c != ']')
				sink_putc(out, *c == '=' || *c == '/' ? '-' : *c);
			else if (*c == '[')
				sink_putc(out, '-');
		}
	}
	if (out->count == 0)
		sink_puts(out, "play");
}

static bool ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), m = strlen(ending);

	return n > m && strcmp(text + n - m, ending) == 0;
}

void saving_default_name(const struct session *s, uint32_t branch, const char *ending,
			 struct sink *out)
{
	const struct history *h = s->hands.history;
	const struct branch *b = h && branch > 0 ? history_branch(h, branch) : NULL;

	/* Once saved a branch is called like its file. */
	if (b && b->is_saved) {
		sink_put(out, b->name, strlen(b->name) - (ends_with(b->name, ".scene") ? 6 : 0));
	} else {
		put_scene_name(s, out);
		if (b)
			sink_printf(out, "-%s", b->name);
	}
	sink_printf(out, ".%s", ending);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Into the prompt when that is where it was asked for. */
static void fail(struct session *s, const char *text)
{
	if (s->player.overlay == OVERLAY_COMMAND)
		prompt_complain(&s->player.prompt, text);
	else
		player_notice(&s->player, text, true);
}

static void say_written(struct session *s, const char *path)
{
	struct sink text = {0};

	sink_printf(&text, string_in(STRING_WRITTEN, s->player.lang), path);
	player_notice(&s->player, text.at, false);
	sink_fini(&text);
}

/* The branch is called like its file from now on, and its trace names it. */
static void branch_is_saved(struct session *s, uint32_t branch, const char *path)
{
	struct player before = s->player;
	struct diags d = {0};

	/* Without memory for it, it is saved all the same, and called as before. */
	history_saved(s->hands.history, branch, path, &d);
	diags_fini(&d);
	if (branch != s->hands.branch)
		return;
	session_show(s, history_trace(s->hands.history, branch));
	s->player.is_looking = before.is_looking;
	s->player.look = before.look;
}

static bool write_branch(struct session *s, const struct writing *w, struct sink *complaint)
{
	const struct stage_files *files = s->hands.files;
	struct sink text = {0};
	struct diags d = {0};
	bool is_good;

	is_good = history_text(s->hands.history, w->branch, &text, &d);
	if (is_good)
		is_good = files->write(files->user, w->path, &text, complaint);
	else if (d.list.count > 0)
		sink_puts(complaint, mistake_in(&d.list.at[0], s->player.lang));
	sink_fini(&text);
	diags_fini(&d);
	if (is_good)
		branch_is_saved(s, w->branch, w->path);
	return is_good;
}

static bool write_export(struct session *s, const struct writing *w, struct sink *complaint)
{
	const struct stage_files *files = s->hands.files;
	const struct export_format *f = format_named(w->format);
	const struct stage_export what = {.trace = s->story->trace,
					  .title = s->view.title,
					  .format = w->format,
					  .path = w->path,
					  .lang = s->player.lang,
					  .is_absolute = s->player.is_absolute};
	struct sink bytes = {0};
	bool is_good;

	if (!f->draw)
		return files->export(files->user, &what, complaint);
	sink_puts(&bytes, "");
	f->draw(s, &bytes);
	is_good = files->write(files->user, w->path, &bytes, complaint);
	sink_fini(&bytes);
	return is_good;
}

void saving_go_on(struct session *s)
{
	struct writing w = s->hands.writing;
	struct sink complaint = {0};
	bool is_good = w.format ? write_export(s, &w, &complaint) : write_branch(s, &w, &complaint);

	if (is_good) {
		say_written(s, w.path);
		if (s->player.overlay == OVERLAY_EXPORT)
			s->player.overlay = OVERLAY_NONE;
		else if (s->player.overlay == OVERLAY_BRANCHES)
			branches_refresh(s);
	} else {
		fail(s, complaint.count > 0 ? complaint.at : w.path);
	}
	sink_fini(&complaint);
}

static void begin(struct session *s, const struct writing *w)
{
	const struct stage_files *files = s->hands.files;

	s->hands.writing = *w;
	if (!files)
		fail(s, string_in(STRING_NO_FILES, s->player.lang));
	else if (files->exists(files->user, w->path))
		command_open(s, QUESTION_OVERWRITE, "");
	else
		saving_go_on(s);
}

/* False: it is too long, and that was said. */
static bool take_path(struct session *s, struct writing *w, const char *path, const char *ending)
{
	bool is_moment = w->format && format_named(w->format)->is_moment;
	struct sink name = {0}, at = {0};
	bool fits;

	/* Pictures of two moments are two files. */
	sink_puts(&at, "");
	if (is_moment)
		sink_time(&at, s->player.now);
	if (is_moment)
		sink_printf(&at, "s.%s", ending);
	if (path[0] == '\0')
		saving_default_name(s, w->branch, is_moment ? at.at : ending, &name);
	else
		sink_puts(&name, path);
	if (!w->format && !ends_with(name.at, ".scene"))
		sink_puts(&name, ".scene");
	fits = name.count < sizeof w->path;
	if (fits)
		memcpy(w->path, name.at, name.count + 1);
	else
		fail(s, string_in(STRING_NAME_TOO_LONG, s->player.lang));
	sink_fini(&name);
	sink_fini(&at);
	return fits;
}

void saving_branch(struct session *s, uint32_t branch, const char *path)
{
	struct writing w = {.branch = branch};

	if (take_path(s, &w, path, "scene"))
		begin(s, &w);
}

void saving_export(struct session *s, const char *format, const char *path)
{
	const struct export_format *f = format_named(format);
	struct writing w = {.branch = s->hands.branch, .format = f->name};

	if (f->name && take_path(s, &w, path, f->ending))
		begin(s, &w);
}

/* ---- the menu -------------------------------------------------------------------------------- */

static int formats(void)
{
	return (int)(format_named("") - export_formats);
}

void saving_menu_pick(struct session *s, uint32_t line)
{
	if (line >= (uint32_t)formats())
		return;
	s->hands.picked = (int)line;
	saving_export(s, export_formats[line].name, "");
}

void saving_menu_key(struct session *s, uint32_t key)
{
	int *picked = &s->hands.picked;
	enum action a = key_action(key);

	if (key == PRESS_ENTER)
		saving_menu_pick(s, (uint32_t)*picked);
	else if (key == PRESS_ESCAPE || a == ACTION_QUIT || a == ACTION_EXPORT)
		s->player.overlay = OVERLAY_NONE;
	else if (a == ACTION_UP)
		*picked -= *picked > 0;
	else if (a == ACTION_DOWN)
		*picked += *picked + 1 < formats();
	else if (key >= '1' && key <= '9' && (int)(key - '1') < formats())
		saving_menu_pick(s, key - '1');
	else if (a == ACTION_LANG)
		player_do(&s->player, a, 0);
}
