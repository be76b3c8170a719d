/* SPDX-License-Identifier: MIT */
/* cmd_lesson.c - `woshou echo lesson`: which there are, and one of them, step by step. */
#include <app/echo.h>
#include <app/lesson.h>
#include <base/lines.h>
#include <base/utf8.h>
#include <live/lab.h>
#include <live/sniff.h>
#include <stage/stage.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS = 100, COLUMNS_LEAST = 40, INDENT = 4 };

/* ---- the list -------------------------------------------------------------------------------- */

static int list(enum lang lang)
{
	struct sink text = {0};
	bool is_good;

	for (int i = 0; i < LESSON_COUNT; i++) {
		const struct lesson_info *l = &lesson_table[i];

		sink_printf(&text, "%d  %-12s%s\n", i + 1, l->name,
			    in_lang(lang, l->title[0], l->title[1]));
		sink_printf(&text, "%15s%s\n", "", in_lang(lang, l->gist[0], l->gist[1]));
	}
	is_good = output_text(&text);
	sink_fini(&text);
	return is_good ? STATUS_HELD : STATUS_LACKING;
}

static bool find_lesson(const char *name, enum lesson_name *out)
{
	const char *names[LESSON_COUNT + 1] = {NULL}, *near;

	if (lesson_named(name, out))
		return true;
	for (int i = 0; i < LESSON_COUNT; i++)
		names[i] = lesson_table[i].name;
	near = nearest_word(name, names);
	if (near != NULL)
		complain("there is no lesson '%s'; did you mean %s?", name, near);
	else
		complain("there is no lesson '%s'; woshou echo lesson lists them", name);
	return false;
}

/* ---- the Python programs --------------------------------------------------------------------- */

static bool has_programs(const char *folder)
{
	char name[4096];

	return snprintf(name, sizeof name, "%s/echo_server.py", folder) < (int)sizeof name &&
	       access(name, R_OK) == 0;
}

/* In $WOSHOU_LESSONS, ./docs/lessons, beside the program, or where they were installed. */
static const char *find_programs(char *room, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", room, size - 32);
	const char *asked = getenv("WOSHOU_LESSONS");
	char *slash;

	if (asked != NULL && asked[0] != '\0')
		return asked;
	if (has_programs("docs/lessons"))
		return "docs/lessons";
	if (n > 0) {
		room[n] = '\0';
		slash = strrchr(room, '/');
		snprintf(slash, size - (size_t)(slash - room), "/../share/woshou/lessons");
		if (has_programs(room))
			return room;
	}
	return WOSHOU_DATADIR "/lessons";
}

/* ---- as lines -------------------------------------------------------------------------------- */

static size_t columns_of(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 ||
	    w.ws_col < COLUMNS_LEAST || w.ws_col > COLUMNS)
		return COLUMNS;
	return w.ws_col;
}

static void put_paragraph(const struct taught *t, const char *text, struct sink *out)
{
	size_t next;

	for (; *text != '\0'; text += next) {
		size_t n = text_line(text, t->columns - INDENT, &next);

		sink_pad(out, ' ', INDENT);
		sink_put(out, text, n);
		sink_putc(out, '\n');
	}
}

static void put_paragraphs(const struct taught *t, const char *en, const char *zh, struct sink *out)
{
	if (t->lang != LANG_EN)
		put_paragraph(t, zh, out);
	if (t->lang != LANG_ZH)
		put_paragraph(t, en, out);
}

static void put_line(const struct taught *t, const char *sign, const char *en, const char *zh,
		     struct sink *out)
{
	sink_printf(out, "%s %s\n", sign, t->lang == LANG_EN ? en : zh);
	if (t->lang == LANG_BOTH && strcmp(en, zh) != 0)
		sink_printf(out, "%*s%s\n", INDENT, "", en);
}

/* Without the segment's options, "<mss 65495,sackOK,...>": the lines shall fit. */
static void put_rung(const char *line, size_t n, struct sink *out)
{
	const char *options = memmem(line, n, " <", 2);
	const char *end =
		options != NULL ? memchr(options, '>', n - (size_t)(options - line)) : NULL;

	sink_puts(out, "  | ");
	if (end == NULL) {
		sink_put(out, line, n);
	} else {
		sink_put(out, line, (size_t)(options - line));
		sink_put(out, end + 1, n - (size_t)(end + 1 - line));
	}
	sink_putc(out, '\n');
}

/* What the step did, segment by segment; each line with a bar before it. */
static void put_ladder(struct taught *t, struct sink *out)
{
	static const struct export_options relative = {.relative = true};
	struct sink lines = {0};
	const char *at, *end;

	if (t->feed == NULL && trace_host_count(lesson_trace(t->lesson)) > 0)
		t->feed = ladder_feed_new(lesson_trace(t->lesson), &relative);
	if (t->feed == NULL)
		return;
	ladder_feed_more(t->feed, true, &lines);
	for (at = lines.count > 0 ? lines.at : ""; *at != '\0'; at = end + 1) {
		end = strchr(at, '\n');
		put_rung(at, (size_t)(end - at), out);
	}
	sink_fini(&lines);
}

static void print(struct taught *t, struct sink *text)
{
	if (text->count > 0 && !output_text(text))
		t->is_left = true;
	sink_clear(text);
}

static void put_step(struct taught *t, const char *en, const char *zh, struct sink *out)
{
	struct lesson_figures f;

	lesson_figures(t->lesson, &f);
	sink_printf(out, "\n%zu/%zu\n", f.step, f.steps);
	put_paragraphs(t, en, zh, out);
}

static void heard_line(void *user, enum lesson_line kind, const char *en, const char *zh)
{
	struct taught *t = user;
	struct sink out = {0};

	if (!t->is_plain) {
		if (kind == LESSON_MISSES) {
			sink_clear(&t->missed);
			sink_puts(&t->missed, in_lang(t->lang, en, zh));
		}
		return;
	}
	switch (kind) {
	case LESSON_TELLS: put_step(t, en, zh, &out); break;
	case LESSON_DOES: put_line(t, "  >", en, zh, &out); break;
	case LESSON_SEES: put_line(t, " ok", en, zh, &t->verdicts); break;
	case LESSON_MISSES: put_line(t, "NOT", en, zh, &t->verdicts); break;
	case LESSON_SKIPS: put_line(t, " --", en, zh, &t->verdicts); break;
	case LESSON_EXPLAINS:
		put_ladder(t, &out);
		sink_put(&out, t->verdicts.at, t->verdicts.count);
		sink_clear(&t->verdicts);
		put_paragraphs(t, en, zh, &out);
		break;
	}
	print(t, &out);
	sink_fini(&out);
}

/* Standard input is a terminal: the reader says when. */
static void heard_enter(void *user, int fd, unsigned events)
{
	struct taught *t = user;
	char line[256];
	ssize_t n = read(fd, line, sizeof line);

	(void)events;
	if (n <= 0 || line[0] == 'q')
		t->is_left = true;
	else if (t->has_asked)
		lesson_next(t->lesson);
	t->has_asked = false;
}

static void ask_for_enter(struct taught *t)
{
	struct sink out = {0};

	if (t->has_asked)
		return;
	t->has_asked = true;
	sink_puts(&out, in_lang(t->lang, "    [Enter; q leaves] ", "    [按 Enter；q 离开] "));
	print(t, &out);
	sink_fini(&out);
	fflush(stdout);
}

static void put_sum(struct taught *t, struct sink *out)
{
	struct lesson_figures f;
	char en[200], zh[200];

	lesson_figures(t->lesson, &f);
	snprintf(en, sizeof en, "%u things were as expected, %u were not, %u could not be seen",
		 f.seen, f.missed, f.skipped);
	snprintf(zh, sizeof zh, "%u 条如所预期，%u 条不是，%u 条看不到", f.seen, f.missed,
		 f.skipped);
	sink_putc(out, '\n');
	put_paragraphs(t, en, zh, out);
	if (f.lost_frames > 0)
		sink_printf(out, "%*s%llu segments came too fast to be captured\n", INDENT, "",
			    (unsigned long long)f.lost_frames);
}

static void show_lines(struct taught *t)
{
	bool asks = isatty(STDIN_FILENO);
	struct sink out = {0};

	t->is_plain = true;
	t->columns = columns_of();
	if (asks && !loop_watch(t->loop, STDIN_FILENO, LOOP_READ, heard_enter, t))
		asks = false;
	lesson_begin(t->lesson);
	while (!lesson_is_over(t->lesson) && !t->is_left) {
		if (lesson_rests(t->lesson) && asks)
			ask_for_enter(t);
		else if (lesson_rests(t->lesson))
			lesson_next(t->lesson);
		else
			t->has_asked = false;
		if (!lesson_rests(t->lesson) || asks)
			loop_turn(t->loop, USEC_NEVER);
	}
	if (asks)
		loop_forget(t->loop, STDIN_FILENO);
	put_sum(t, &out);
	print(t, &out);
	sink_fini(&out);
}

/* ---- one of them ----------------------------------------------------------------------------- */

static void say_title(const struct taught *t, const char *why_not_private)
{
	const struct lesson_info *info = &lesson_table[t->name];
	struct sink out = {0};

	sink_printf(&out, "%s\n", in_lang(t->lang, info->title[0], info->title[1]));
	output_text(&out);
	sink_fini(&out);
	if (why_not_private != NULL)
		complain("%s; %s", why_not_private,
			 in_lang(t->lang, "the lesson is held on this machine's own loopback",
				 "这一课就在本机的环回上上"));
}

static bool is_for_stage(const struct request *r)
{
	return !r->given[OPT_PLAIN] && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static int teach(struct taught *t, const struct lesson_options *o, const char *why_not_private)
{
	struct lesson_watcher w = {.user = t, .line = heard_line};
	struct sink complaint = {0};
	struct lesson_figures f;
	int status = STATUS_LACKING;

	t->lesson = lesson_open(t->loop, t->name, o, &w, &complaint);
	if (t->lesson == NULL) {
		complain("%s", complaint.at);
		sink_fini(&complaint);
		return status;
	}
	/* In a network of our own there is nothing that could be done to others. */
	if (!o->is_private && !privilege_drop())
		complain("privileges could not be given up");
	status = STATUS_HELD;
	if (is_for_stage(t->request)) {
		status = lesson_on_stage(t);
	} else {
		say_title(t, why_not_private);
		show_lines(t);
	}
	lesson_figures(t->lesson, &f);
	if (f.missed > 0)
		status = worse(status, STATUS_BROKEN);
	if (!echo_save_one(t->request, lesson_trace(t->lesson)))
		status = STATUS_LACKING;
	ladder_feed_free(t->feed);
	lesson_close(t->lesson);
	return status;
}

int cmd_echo_lesson(const struct request *r)
{
	struct taught t = {.request = r, .lang = r->lang};
	struct lesson_options o = {.no_capture = r->given[OPT_NO_CAPTURE]};
	struct sink why = {0};
	char room[4096];
	int status;

	if (r->files.count == 0)
		return list(r->lang);
	if (!find_lesson(r->files.at[0], &t.name) || !echo_may_save(r))
		return STATUS_WRONG;
	o.programs = find_programs(room, sizeof room);
	o.is_private = !r->given[OPT_HERE] && lab_enter(&why);
	t.loop = loop_new();
	if (t.loop == NULL) {
		complain("no descriptors are left for a loop");
		sink_fini(&why);
		return STATUS_LACKING;
	}
	status = teach(&t, &o, why.count > 0 ? why.at : NULL);
	loop_free(t.loop);
	sink_fini(&t.missed);
	sink_fini(&t.verdicts);
	sink_fini(&why);
	stage_raise_again();
	return status;
}
