/* SPDX-License-Identifier: MIT */
/* lesson_stage.c - a lesson on the stage: Enter lets the next step happen. */
#include <app/lesson.h>
#include <app/show.h>
#include <stdio.h>
#include <string.h>

static struct lesson *lesson_of(void *user)
{
	return ((struct taught *)user)->lesson;
}

static void turn(void *user)
{
	enum { AT_ONCE = 16 };
	struct taught *t = user;

	for (int i = 0; i < AT_ONCE && loop_turn(t->loop, 0); i++)
		;
}

static uint64_t version(void *user)
{
	return lesson_version(lesson_of(user));
}

static const struct trace *trace(void *user)
{
	return lesson_trace(lesson_of(user));
}

static const struct trace *twin(void *user)
{
	(void)user;
	return NULL;
}

static usec now(void *user)
{
	usec epoch = trace_epoch(trace(user)), late = clock_wall() - epoch;

	return epoch != 0 && late > 0 ? late : 0;
}

/* What the program takes; the step that comes, or is under way; what was not as expected; what is
 * missing. */
static void status(void *user, enum lang lang, struct sink *out, bool *is_lack)
{
	struct taught *t = user;
	struct lesson_figures f;
	bool is_zh = lang != LANG_EN;
	const char *lack = lesson_lack(t->lesson, is_zh);

	lesson_figures(t->lesson, &f);
	*is_lack = t->missed.count > 0 || lack[0] != '\0';
	if (f.program != 0)
		sink_printf(out, "python3 (%u) ", f.program);
	if (f.program != 0 && f.percent >= 0)
		sink_printf(out, "%d%% CPU ", f.percent);
	if (f.program != 0)
		sink_puts(out, "| ");
	if (lesson_rests(t->lesson))
		sink_puts(out, is_zh ? "[按 Enter] " : "[Enter] ");
	if (lesson_told(t->lesson, is_zh)[0] != '\0')
		sink_printf(out, "%zu/%zu %s", f.step, f.steps, lesson_told(t->lesson, is_zh));
	else
		sink_printf(out,
			    is_zh ? "这一课完了：%u 条如所预期，%u 条不是"
				  : "the lesson is over: %u things were as expected, %u were not",
			    f.seen, f.missed);
	if (t->missed.count > 0)
		sink_printf(out, " | %s", t->missed.at);
	if (lack[0] != '\0')
		sink_printf(out, " | %s", lack);
}

static size_t count(void *user)
{
	struct lesson_talk_shown talk;
	size_t n = 0;

	while (lesson_talk_at(lesson_of(user), n, &talk))
		n++;
	return n;
}

static void put_endpoint(char *out, size_t room, const struct endpoint *e)
{
	char text[ADDRESS_TEXT];

	address_text(&e->address, text);
	snprintf(out, room, "%s:%u", text, e->port);
}

static void put_note(const struct lesson_talk_shown *talk, char *out, size_t room)
{
	size_t n = 0;

	out[0] = '\0';
	if (talk->program != 0)
		n = (size_t)snprintf(out, room, "python3 (%u)", talk->program);
	if (talk->percent >= 0 && n < room)
		n += (size_t)snprintf(out + n, room - n, " %d%% CPU", talk->percent);
	if (talk->unread[1] > 0 && n < room)
		snprintf(out + n, room - n, "%s%u unread", n > 0 ? ", " : "", talk->unread[1]);
}

static bool conversation_at(void *user, size_t index, struct stage_conversation *out)
{
	struct lesson_talk_shown talk;
	char end[2][64];

	if (!lesson_talk_at(lesson_of(user), index, &talk))
		return false;
	*out = (struct stage_conversation){.id = (uint32_t)index + 1,
					   .state = {talk.state[0], talk.state[1]},
					   .segments = talk.segments,
					   .is_ended = talk.is_over,
					   .is_shown = true};
	put_endpoint(end[0], sizeof end[0], &talk.flow.end[0]);
	put_endpoint(end[1], sizeof end[1], &talk.flow.end[1]);
	snprintf(out->name, sizeof out->name, "%.40s -> %.40s", end[0], end[1]);
	put_note(&talk, out->note, sizeof out->note);
	return true;
}

/* All of them stand on one ladder. */
static void choose(void *user, uint32_t id)
{
	(void)user, (void)id;
}

static bool next(void *user)
{
	return lesson_next(lesson_of(user));
}

static bool is_over(void *user)
{
	return lesson_is_over(lesson_of(user));
}

int lesson_on_stage(struct taught *t)
{
	const struct lesson_info *info = &lesson_table[t->name];
	struct stage_live live = {.user = t,
				  .fd = loop_fd(t->loop),
				  .turn = turn,
				  .version = version,
				  .trace = trace,
				  .twin = twin,
				  .now = now,
				  .status = status,
				  .count = count,
				  .at = conversation_at,
				  .choose = choose,
				  .next = next,
				  .is_over = is_over};
	struct stage_options options;

	if (!show_options(t->request, &options))
		return STATUS_WRONG;
	/* As where a call is watched: `f` shows them as they are. */
	options.is_absolute = false;
	options.live = &live;
	options.files = &stage_files;
	options.play[0] = info->title[0];
	options.play[1] = info->title[1];
	lesson_begin(t->lesson);
	return stage_play(trace(t), info->title[0], &options);
}
