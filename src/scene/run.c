/* SPDX-License-Identifier: MIT */
/* run.c - the clock of a run: what acts when, and when it is over. */
#include <scene/run.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <base/assert.h>
#include <scene/parse.h>

/* ---- the queue ------------------------------------------------------------------------------- */

static bool is_before(const struct due *a, const struct due *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	if (a->phase != b->phase)
		return a->phase < b->phase;
	if (a->order != b->order)
		return a->order < b->order;
	return a->serial < b->serial;
}

static void swap(struct due *a, struct due *b)
{
	struct due c = *a;

	*a = *b;
	*b = c;
}

void run_queue(struct scene_run *run, struct due due)
{
	struct run_state *s = &run->now;
	size_t i = s->queue.count;

	due.serial = s->serial++;
	*array_push(&s->queue) = due;
	while (i > 0 && is_before(&s->queue.at[i], &s->queue.at[(i - 1) / 2])) {
		swap(&s->queue.at[i], &s->queue.at[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static struct due pop(struct run_state *s)
{
	struct due top = s->queue.at[0];
	size_t i = 0;

	s->queue.at[0] = array_pop(&s->queue);
	for (;;) {
		size_t least = i;

		for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++)
			if (child < s->queue.count &&
			    is_before(&s->queue.at[child], &s->queue.at[least]))
				least = child;
		if (least == i)
			return top;
		swap(&s->queue.at[i], &s->queue.at[least]);
		i = least;
	}
}

static enum phase phase_of(const struct stmt *s)
{
	switch ((enum stmt_kind)s->kind) {
	case STMT_ACT:
	case STMT_MARKER: return s->is_by_hand ? PHASE_HANDS : PHASE_DEEDS;
	case STMT_EXPECT: return s->expect->look == LOOK_AT ? PHASE_LOOKS : PHASE_BEFORE;
	case STMT_ASK:
	case STMT_WHEN: break;
	}
	return PHASE_BEFORE;
}

/* What lasts is judged at the end, and that comes later than anything. */
static bool is_off(const struct stmt *s, usec at)
{
	if (s->off_from == USEC_NEVER)
		return false;
	return at >= s->off_from || (s->kind == STMT_EXPECT && s->expect->look != LOOK_AT);
}

/* `base`: when the trigger fired in which it stands. */
void run_schedule(struct scene_run *run, int32_t stmt, usec base)
{
	const struct stmt *s = &run->play.stmts.at[stmt];
	usec at = s->cue.is_absolute ? s->cue.time : base + s->cue.time;

	if (is_off(s, at))
		return;
	/* A time on the clock that had passed when the trigger fired is never reached. */
	if (at < run->now.now)
		return;
	run_queue(run, (struct due){.at = at,
				    .phase = (uint8_t)phase_of(s),
				    .order = (uint32_t)stmt,
				    .base = at});
}

/* ---- records of the play itself -------------------------------------------------------------- */

struct trace_place run_place(const struct scene_run *run, int32_t stmt)
{
	return (struct trace_place){.file = run->files[stmt],
				    .line = (uint32_t)run->play.stmts.at[stmt].at.line,
				    .tag = run->tag};
}

static uint32_t text(struct scene_run *run, const char *s)
{
	return s && *s ? trace_text(run->trace, s, strlen(s)) : 0;
}

struct record *run_tell(struct scene_run *run, enum record_kind kind, const char *first,
			const char *second)
{
	struct record *r = trace_push(run->trace, kind, run->now.now);

	r->text[0] = text(run, first);
	r->text[1] = text(run, second);
	return r;
}

/* A text in one language alone stands for the other too. */
static struct record *tell_titles(struct scene_run *run, enum record_kind kind,
				  const struct titles *t)
{
	return run_tell(run, kind, t->en ? t->en : t->zh, t->zh ? t->zh : t->en);
}

static struct record *tell_because(struct scene_run *run, const struct titles *t)
{
	struct sink en = {0}, zh = {0};
	struct record *r;

	sink_printf(&en, "because %s", t->en ? t->en : t->zh);
	sink_printf(&zh, "因为 %s", t->zh ? t->zh : t->en);
	r = run_tell(run, REC_SAY, en.at, zh.at);
	sink_fini(&en);
	sink_fini(&zh);
	return r;
}

void run_says(struct scene_run *run, int32_t says, uint64_t of)
{
	for (; says != NONE; says = run->play.says.at[says].next) {
		const struct say *say = &run->play.says.at[says];
		struct record *r = say->is_because ? tell_because(run, &say->text)
						   : tell_titles(run, REC_SAY, &say->text);

		r->of = of;
		r->number[0] = say->is_because;
	}
}

void run_begin_chapter(struct scene_run *run, int32_t chapter)
{
	const struct chapter *c;
	struct titles title;
	uint64_t serial;

	if (chapter == NONE || run->now.begun.at[chapter])
		return;
	run->now.begun.at[chapter] = true;
	c = &run->play.chapters.at[chapter];
	title = c->title;
	if (!title.en && !title.zh)
		title.en = c->name;
	serial = tell_titles(run, REC_SCENE, &title)->serial;
	run_says(run, c->says, serial);
}

/* ---- an instant ------------------------------------------------------------------------------ */

static void act_on(struct scene_run *run, const struct due *due)
{
	int32_t stmt = (int32_t)due->order;
	const struct stmt *s;

	if (due->order >= run->play.stmts.count) {
		run_begin_chapter(run, (int32_t)(due->order - run->play.stmts.count));
		return;
	}
	s = &run->play.stmts.at[stmt];
	switch ((enum stmt_kind)s->kind) {
	case STMT_ACT: run_act(run, due->order); break;
	case STMT_ASK: question_ask(run, due->order); break;
	case STMT_MARKER: tell_titles(run, REC_MARKER, &s->marker); break;
	case STMT_WHEN: run->now.triggers.at[stmt].is_armed = true; break;
	case STMT_EXPECT:
		if (s->expect->look == LOOK_AT)
			judge_look(run, due->order);
		else
			watch_open(run, due->order, due->at);
		break;
	}
	if (s->kind == STMT_MARKER || s->kind == STMT_ASK)
		run_says(run, s->says, trace_count(run->trace) - 1);
}

static bool has_due(const struct scene_run *run, enum phase last)
{
	const struct run_state *s = &run->now;

	return s->queue.count > 0 && s->queue.at[0].at == s->now && s->queue.at[0].phase <= last;
}

static bool has_filled_memory(const struct scene_run *run)
{
	return trace_memory(run->trace) + world_memory(run->world) +
		       run->now.queue.count * sizeof *run->now.queue.at >=
	       run->memory_limit;
}

static bool is_exhausted(const struct scene_run *run)
{
	/* What the play does counts too: a trigger may set itself off without any event. */
	return world_events(run->world) + run->now.acts >= run->event_limit ||
	       has_filled_memory(run);
}

static void do_one(struct scene_run *run)
{
	struct due due = pop(&run->now);

	run->now.acts++;
	act_on(run, &due);
	run_scan(run);
}

static void do_due(struct scene_run *run, enum phase last)
{
	while (has_due(run, last) && !is_exhausted(run))
		do_one(run);
}

static void do_events(struct scene_run *run)
{
	while (world_next(run->world) == run->now.now && !is_exhausted(run)) {
		world_step(run->world);
		run_scan(run);
	}
}

/* All that happens now, until nothing does. */
static void do_until_quiet(struct scene_run *run)
{
	while (!is_exhausted(run) &&
	       (has_due(run, PHASE_DEEDS) || world_next(run->world) == run->now.now)) {
		do_due(run, PHASE_DEEDS);
		do_events(run);
	}
}

static void do_instant(struct scene_run *run, usec at)
{
	run->now.now = at;
	run->now.instant = trace_count(run->trace);
	do_due(run, PHASE_BEFORE);
	do_events(run);
	if (!is_exhausted(run))
		world_advance(run->world, at);
	run_scan(run);
	do_until_quiet(run);
	while (has_due(run, PHASE_HANDS) && !is_exhausted(run)) {
		do_one(run);
		do_until_quiet(run);
	}
	question_instant_over(run);
	/* At the limit the instant is cut short: what was to be looked at is not judged. */
	if (!is_exhausted(run))
		do_due(run, PHASE_LOOKS);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void finish(struct scene_run *run, const char *why, const char *why_zh)
{
	run->now.instant = trace_count(run->trace);
	judge_end(run);
	run_tell(run, REC_END, why, why_zh);
	run->now.is_over = true;
}

static void finish_at_limit(struct scene_run *run, const char *what)
{
	char pending[256], why[400];

	world_pending(run->world, pending, sizeof pending);
	snprintf(why, sizeof why, "%s with events pending: %s", what, pending);
	judge_error(run, NONE, "the run comes to its end", why);
	finish(run, why, "到了上限，还有事没演完");
}

usec scene_run_next(const struct scene_run *run)
{
	usec at = world_next(run->world);

	if (run->now.is_over)
		return USEC_NEVER;
	if (run->now.queue.count > 0 && run->now.queue.at[0].at < at)
		at = run->now.queue.at[0].at;
	return at;
}

bool scene_run_step(struct scene_run *run)
{
	char why[80];
	usec at;

	if (run->now.is_over)
		return false;
	/* Deeds by hand since the last step may have set something off, at the time that it was. */
	run_scan(run);
	at = scene_run_next(run);
	if (at == USEC_NEVER) {
		finish(run, "nothing is pending", "再没有要发生的事");
		return false;
	}
	if (at > run->play.end) {
		struct sink s = {0}, zh = {0};

		run->now.now = run->play.end;
		world_advance(run->world, run->play.end);
		sink_puts(&s, "end at ");
		sink_time(&s, run->play.end);
		sink_puts(&zh, "演到 ");
		sink_time(&zh, run->play.end);
		sink_puts(&zh, " 秒为止");
		finish(run, s.at, zh.at);
		sink_fini(&s);
		sink_fini(&zh);
		return false;
	}
	if (at > run->play.time_limit) {
		run->now.now = run->play.time_limit;
		world_advance(run->world, run->play.time_limit);
		finish_at_limit(run, "the limit of time was reached");
		return false;
	}
	if (is_exhausted(run)) {
		if (has_filled_memory(run))
			snprintf(why, sizeof why, "the limit of %" PRIu64 " MiB was reached",
				 run->memory_limit >> 20);
		else
			snprintf(why, sizeof why, "the limit of %" PRIu64 " events was reached",
				 run->event_limit);
		finish_at_limit(run, why);
		return false;
	}
	do_instant(run, at);
	return true;
}

void scene_run_all(struct scene_run *run)
{
	while (scene_run_step(run))
		;
}

bool scene_run_is_over(const struct scene_run *run)
{
	return run->now.is_over;
}

/* ---- making and ending ----------------------------------------------------------------------- */

static void make_families(struct scene_run *run)
{
	const struct play *play = &run->play;
	size_t n = play->stmts.count;

	run->kin = xcalloc(n + 1, sizeof *run->kin);
	run->triggers_of[0] = xcalloc(SCENE_PEOPLE_MAX, sizeof(int32_t));
	run->triggers_of[1] = xcalloc(n + 1, sizeof(int32_t));
	for (size_t i = 0; i < n; i++)
		run->kin[i] = (struct kin){NONE, NONE};
	for (size_t i = 0; i < SCENE_PEOPLE_MAX; i++)
		run->triggers_of[0][i] = NONE;
	/* From the last on, so that lists run in the order written. */
	for (size_t i = n; i-- > 0;) {
		const struct stmt *s = &play->stmts.at[i];

		if (s->cue.trigger != NONE) {
			run->kin[i].sibling = run->kin[s->cue.trigger].child;
			run->kin[s->cue.trigger].child = (int32_t)i;
		}
		if (s->kind == STMT_WHEN) {
			uint8_t host = s->when.fact->who.host;

			run->triggers_of[1][i] = run->triggers_of[0][host];
			run->triggers_of[0][host] = (int32_t)i;
		}
	}
}

const char *run_file_name(const struct scene_run *run, const char *path)
{
	const char *slash = strrchr(run->file->name, '/');
	size_t folder = slash ? (size_t)(slash - run->file->name) + 1 : 0;

	return strncmp(path, run->file->name, folder) == 0 ? path + folder : path;
}

static void make_files(struct scene_run *run)
{
	const struct play *play = &run->play;
	const char *last = NULL;
	uint16_t number = 0;

	run->files = xcalloc(play->stmts.count + 1, sizeof *run->files);
	trace_file(run->trace, run_file_name(run, run->file->name));
	for (size_t i = 0; i < play->stmts.count; i++) {
		if (play->stmts.at[i].at.file != last) {
			last = play->stmts.at[i].at.file;
			number = trace_file(run->trace, run_file_name(run, last));
		}
		run->files[i] = number;
	}
}

#define ZEROED(array, n)                                                                           \
	do {                                                                                       \
		array_reserve((array), (n) + 1);                                                   \
		memset((array)->at, 0, ((n) + 1) * sizeof *(array)->at);                           \
		(array)->count = (n);                                                              \
	} while (0)

static void schedule_all(struct scene_run *run)
{
	const struct play *play = &run->play;
	struct run_state *s = &run->now;

	ZEROED(&s->triggers, play->stmts.count);
	ZEROED(&s->verdicts, play->stmts.count);
	ZEROED(&s->begun, play->chapters.count);
	ZEROED(&s->labels, play->labels.count);
	for (size_t i = 0; i < play->chapters.count; i++)
		if (play->chapters.at[i].begins != USEC_NEVER)
			run_queue(run, (struct due){.at = play->chapters.at[i].begins,
						    .phase = PHASE_BEFORE,
						    .order = (uint32_t)(play->stmts.count + i)});
	for (size_t i = 0; i < play->stmts.count; i++)
		if (play->stmts.at[i].cue.trigger == NONE)
			run_schedule(run, (int32_t)i, 0);
}

struct scene_run *scene_run_new(const struct scene_file *f, size_t variant,
				const struct scene_options *o, struct diags *d)
{
	struct scene_run *run = xcalloc(1, sizeof *run);

	run->file = f;
	if (!scene_read(f, variant, &run->play, d) || (o && !play_override(&run->play, o, d))) {
		play_fini(&run->play);
		free(run);
		return NULL;
	}
	run->event_limit = o && o->event_limit ? o->event_limit : run->play.event_limit;
	run->trace = trace_new();
	run->memory_limit = o && o->memory_limit ? o->memory_limit : SCENE_MEMORY_LIMIT;
	run->world =
		world_new(&(struct world_options){.seed = run->play.seed, .trace = run->trace});
	trace_set_seed(run->trace, run->play.seed);
	run->tag = *run->play.tag ? trace_tag(run->trace, run->play.tag) : NULL;
	make_files(run);
	make_families(run);
	schedule_all(run);
	run_people(run);
	run_scan(run);
	return run;
}

void scene_run_free(struct scene_run *run)
{
	if (!run)
		return;
	run_state_fini(&run->now);
	moment_fini(&run->moment);
	world_free(run->world);
	trace_free(run->trace);
	play_fini(&run->play);
	free(run->kin);
	free(run->triggers_of[0]);
	free(run->triggers_of[1]);
	free(run->files);
	free(run->hand_error_zh);
	free(run);
}

struct scene_verdict scene_run_verdict(const struct scene_run *run)
{
	return run->now.verdict;
}

bool scene_run_has_passed(const struct scene_run *run)
{
	return run->now.is_over && run->now.verdict.fail == 0 && run->now.verdict.inconclusive == 0;
}

const struct trace *scene_run_trace(const struct scene_run *run)
{
	return run->trace;
}

struct world *scene_run_world(struct scene_run *run)
{
	return run->world;
}
