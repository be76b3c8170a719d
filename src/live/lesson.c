/* SPDX-License-Identifier: MIT */
/* lesson.c - a lesson takes its steps: tells, does, looks until the kernel shows it, explains. */
#include "live/lesson.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "live/lesson_inside.h"

enum { LESSON_PORT = 8888 };

static const usec LOOK_AGAIN = 10 * USEC_PER_MS;
static const usec LOOK_AT_REST = USEC_PER_S;
static const usec SETTLED = 100 * USEC_PER_MS; /* the capture and the recorder are as late */
static const usec PATIENCE = 60 * USEC_PER_S;

/* ---- beginning and end ----------------------------------------------------------------------- */

/* A port that is free at all the addresses that a lesson uses. */
static bool find_port(struct lesson *s)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in any = {.sin_family = AF_INET};
	struct endpoint found;
	bool is_found = fd >= 0 && bind(fd, (struct sockaddr *)&any, sizeof any) == 0 &&
			sock_self(fd, &found);

	if (is_found)
		s->at.port = found.port;
	if (fd >= 0)
		close(fd);
	return is_found;
}

static void find_steps(struct lesson *s)
{
	for (size_t i = 0; i < lesson_script_count; i++) {
		if (lesson_script[i].lesson != s->name)
			continue;
		if (s->count++ == 0)
			s->steps = &lesson_script[i];
	}
}

static bool open_parts(struct lesson *s, struct sink *complaint)
{
	struct sink why[2] = {{0}, {0}};

	if (lesson_table[s->name].needs_python &&
	    !lesson_find_python(s->options.programs, complaint))
		return false;
	s->diag = sockdiag_open(why);
	if (s->diag == NULL)
		sink_puts(complaint, why[0].at);
	sink_fini(&why[0]);
	sink_fini(&why[1]);
	if (s->diag == NULL)
		return false;
	if (!s->options.is_private && !find_port(s)) {
		sink_printf(complaint, "there is no free port for the lesson: %s", strerror(errno));
		return false;
	}
	if (!film_open(s)) {
		sink_printf(complaint, "nothing can be recorded: %s", strerror(errno));
		return false;
	}
	s->may_filter = s->options.is_private && lesson_may_filter();
	return true;
}

struct lesson *lesson_open(struct loop *l, enum lesson_name name, const struct lesson_options *o,
			   const struct lesson_watcher *w, struct sink *complaint)
{
	struct lesson *s = xcalloc(1, sizeof *s);

	s->loop = l;
	s->name = name;
	s->options = *o;
	s->watcher = *w;
	if (s->options.patience == 0)
		s->options.patience = PATIENCE;
	s->at.port = LESSON_PORT;
	address_parse("127.0.0.1", &s->at.address);
	for (int i = 0; i < LESSON_TALKS; i++)
		s->talks[i].fd[LESSON_ZHANG] = s->talks[i].fd[LESSON_LI] = -1;
	for (int i = 0; i < LESSON_LISTENERS; i++)
		s->listener[i] = -1;
	find_steps(s);
	if (open_parts(s, complaint))
		return s;
	lesson_close(s);
	return NULL;
}

void lesson_close(struct lesson *s)
{
	if (s == NULL)
		return;
	loop_cancel(s->loop, s->timer);
	lesson_sweep(s);
	film_close(s);
	if (s->diag != NULL)
		sockdiag_close(s->diag);
	array_fini(&s->sights);
	free(s);
}

/* ---- answers --------------------------------------------------------------------------------- */

void lesson_where(const struct lesson *s, struct endpoint *out)
{
	*out = s->at;
}

bool lesson_rests(const struct lesson *s)
{
	return s->phase == LESSON_RESTS;
}

bool lesson_is_over(const struct lesson *s)
{
	return s->phase == LESSON_OVER;
}

void lesson_figures(const struct lesson *s, struct lesson_figures *out)
{
	*out = s->figures;
	out->step = s->step < s->count ? s->step + 1 : s->count;
	out->steps = s->count;
	out->program = (uint32_t)s->child;
	out->percent = s->percent;
	out->lost_frames = s->sniff != NULL ? sniff_missed(s->sniff) : 0;
}

const char *lesson_told(const struct lesson *s, bool is_zh)
{
	return s->step < s->count ? s->steps[s->step].tells[is_zh] : "";
}

const char *lesson_lack(const struct lesson *s, bool is_zh)
{
	return s->lack[is_zh].count > 0 ? s->lack[is_zh].at : "";
}

const struct trace *lesson_trace(const struct lesson *s)
{
	return recorder_trace(s->recorder);
}

uint64_t lesson_version(const struct lesson *s)
{
	return s->version;
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void tell(const struct lesson *s, enum lesson_line kind, const char *en, const char *zh)
{
	if (s->watcher.line != NULL)
		s->watcher.line(s->watcher.user, kind, en, zh);
}

static void tell_deed(struct lesson *s, const struct lesson_deed *d, const struct lesson_result *r)
{
	struct sink line = {0};

	if (d->verb == DEED_NONE)
		return;
	lesson_put_deed(s, d, &line);
	sink_puts(&line, " = ");
	lesson_put_answer(r->error, r->octets, r->size, r->has_octets, &line);
	tell(s, LESSON_DOES, line.at, line.at);
	sink_fini(&line);
}

static void miss(struct lesson *s, const struct sink *expected, const struct sink *found)
{
	struct sink line[2] = {{0}, {0}};

	sink_printf(&line[0], "expected: %s; there is: %s", expected[0].at, found[0].at);
	sink_printf(&line[1], "应当是：%s；实际是：%s", expected[1].at, found[1].at);
	s->figures.missed++;
	film_say(s, line[0].at, line[1].at);
	tell(s, LESSON_MISSES, line[0].at, line[1].at);
	sink_fini(&line[0]);
	sink_fini(&line[1]);
}

static void miss_deed(struct lesson *s, const struct lesson_deed *d, const struct lesson_result *r)
{
	struct sink expected[2] = {{0}, {0}}, found[2] = {{0}, {0}};
	bool has_octets = d->verb == DEED_READ && d->error == SOCK_OK;

	for (int i = 0; i < 2; i++) {
		lesson_put_deed(s, d, &expected[i]);
		sink_puts(&expected[i], " = ");
		lesson_put_answer((enum sock_error)d->error, d->text,
				  has_octets ? strlen(d->text) : 0, has_octets, &expected[i]);
		if (r->answer == ANSWER_WAITS)
			sink_puts(&found[i], i == 0 ? "no answer" : "没有回答");
		else
			lesson_put_answer(r->error, r->octets, r->size, r->has_octets, &found[i]);
	}
	miss(s, expected, found);
	for (int i = 0; i < 2; i++) {
		sink_fini(&expected[i]);
		sink_fini(&found[i]);
	}
}

static void tell_sight(struct lesson *s, const struct lesson_expect *e, bool holds)
{
	struct sink expected[2] = {{0}, {0}}, found[2] = {{0}, {0}};

	for (int i = 0; i < 2; i++) {
		lesson_put_expect(e, i == 1, &expected[i]);
		lesson_put_sight(s, e, i == 1, &found[i]);
	}
	if (holds) {
		s->figures.seen++;
		tell(s, LESSON_SEES, expected[0].at, expected[1].at);
	} else {
		miss(s, expected, found);
	}
	for (int i = 0; i < 2; i++) {
		sink_fini(&expected[i]);
		sink_fini(&found[i]);
	}
}

/* ---- steps ----------------------------------------------------------------------------------- */

static const struct lesson_step *step_of(const struct lesson *s)
{
	return &s->steps[s->step];
}

static void turn(void *user);

static void turn_again(struct lesson *s, usec delay)
{
	loop_cancel(s->loop, s->timer);
	s->timer = loop_after(s->loop, delay, turn, s);
}

static void enter(struct lesson *s, enum lesson_phase phase, usec delay)
{
	s->phase = phase;
	s->index = 0;
	s->is_under_way = false;
	s->since = loop_now();
	s->version++;
	turn_again(s, delay);
}

static bool is_late(const struct lesson *s)
{
	return loop_now() - s->since > s->options.patience;
}

static void tell_next(struct lesson *s)
{
	tell(s, LESSON_TELLS, step_of(s)->tells[0], step_of(s)->tells[1]);
	enter(s, LESSON_RESTS, LOOK_AT_REST);
}

void lesson_begin(struct lesson *s)
{
	tell_next(s);
}

static void end_step(struct lesson *s)
{
	s->step++;
	if (s->step < s->count)
		tell_next(s);
	else
		enter(s, LESSON_ENDS, SETTLED);
	if (s->watcher.rests != NULL)
		s->watcher.rests(s->watcher.user);
}

static bool is_as_expected(const struct lesson_deed *d, const struct lesson_result *r)
{
	if (r->error != (enum sock_error)d->error)
		return false;
	return !r->has_octets ||
	       (r->size == strlen(d->text) && memcmp(r->octets, d->text, r->size) == 0);
}

/* Done with them all? Else: later. */
static bool do_deeds(struct lesson *s)
{
	for (; s->index < LESSON_DEEDS; s->index++) {
		const struct lesson_deed *d = &step_of(s)->deeds[s->index];
		struct lesson_result r;

		if (d->verb == DEED_NONE)
			break;
		lesson_do(s, d, &r);
		s->is_under_way = true;
		if (r.answer == ANSWER_WAITS && !is_late(s))
			return false;
		if (r.answer == ANSWER_DONE)
			tell_deed(s, d, &r);
		if (r.answer == ANSWER_WAITS || !is_as_expected(d, &r))
			miss_deed(s, d, &r);
		s->is_under_way = false;
		s->since = loop_now();
	}
	return true;
}

/* Told once: the rest is as invisible. */
static void tell_unseen(struct lesson *s)
{
	if (s->figures.skipped++ == 0)
		tell(s, LESSON_SKIPS, lesson_lack(s, false), lesson_lack(s, true));
}

/* All that was expected is there, or too late? Else: later. */
static bool look(struct lesson *s)
{
	film_measure(s);
	if (!lesson_look(s))
		return is_late(s);
	for (; s->index < LESSON_EXPECTS; s->index++) {
		const struct lesson_expect *e = &step_of(s)->expects[s->index];
		enum lesson_verdict v = lesson_holds(s, e);

		if (e->kind == SIGHT_NONE)
			break;
		if (v == VERDICT_NOT_YET && !is_late(s))
			return false;
		if (v == VERDICT_UNSEEN)
			tell_unseen(s);
		else
			tell_sight(s, e, v == VERDICT_HOLDS);
		s->since = loop_now();
	}
	return true;
}

static void explain(struct lesson *s)
{
	const struct lesson_step *step = step_of(s);

	film_say(s, step->explains[0], step->explains[1]);
	tell(s, LESSON_EXPLAINS, step->explains[0], step->explains[1]);
	end_step(s);
}

static void acted(struct lesson *s)
{
	char state;

	if (!lesson_child_stat(s, &s->child_ticks, &state))
		s->child_ticks = 0;
	enter(s, LESSON_LOOKS, 0);
}

static void turn(void *user)
{
	struct lesson *s = user;

	s->timer = 0;
	switch (s->phase) {
	case LESSON_RESTS:
		film_measure(s);
		lesson_look(s);
		turn_again(s, LOOK_AT_REST);
		break;
	case LESSON_ACTS:
		if (do_deeds(s))
			acted(s);
		else
			turn_again(s, LOOK_AGAIN);
		break;
	case LESSON_LOOKS:
		if (look(s))
			enter(s, LESSON_SETTLES, SETTLED);
		else
			turn_again(s, LOOK_AGAIN);
		break;
	case LESSON_SETTLES: explain(s); break;
	case LESSON_ENDS:
		film_end(s);
		s->phase = LESSON_OVER;
		break;
	case LESSON_OVER: break;
	}
}

bool lesson_next(struct lesson *s)
{
	const struct lesson_step *step = step_of(s);

	if (s->phase != LESSON_RESTS)
		return false;
	if (step->needs_filter && !s->may_filter) {
		s->figures.skipped++;
		tell(s, LESSON_SKIPS,
		     "this needs a filter on a socket, which is not allowed here; a private "
		     "network "
		     "allows it",
		     "这一步要在套接字上加过滤器，这里不允许；私有网络里可以");
		end_step(s);
		return true;
	}
	film_say(s, step->tells[0], step->tells[1]);
	enter(s, LESSON_ACTS, 0);
	return true;
}
