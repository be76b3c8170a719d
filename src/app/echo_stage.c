/* SPDX-License-Identifier: MIT */
/* echo_stage.c - real conversations on the stage, while they happen. */
#include <app/echo.h>
#include <app/show.h>
#include <live/capture.h>
#include <live/twin.h>
#include <stdio.h>
#include <string.h>

/* What the stage asks, answered from the observer's recordings. */
struct shown_live {
	struct echo *echo;
	uint32_t chosen;          /* 0: always the newest */
	uint32_t id;              /* looked at; 0: none yet */
	struct recorder *waiting; /* before the first conversation: somebody listens */
	const struct trace *trace;
	struct twin *twin;
	const struct trace *twin_of;
	uint64_t seen;  /* observer_version that was answered */
	usec twin_rest; /* so late the twin may perform again: it takes a tenth at most */
};

static struct recorder *record_waiting(const struct echo *e)
{
	struct recorder *r = recorder_new(&(struct recorder_options){.has_acts = true});
	struct act listen = {.at = clock_wall(), .verb = CALL_LISTEN, .self = e->at, .value = 0};
	uint32_t waiting, backlog;

	if (e->serve == NULL && !observer_listener(e->observer, &waiting, &backlog))
		return r;
	if (e->serve == NULL)
		listen.value = backlog;
	for (size_t i = 0; i < e->early_count; i++)
		recorder_act(r, &e->early[i]);
	if (e->early_count == 0)
		recorder_act(r, &listen);
	recorder_pass(r, clock_wall());
	return r;
}

static void turn(void *user)
{
	enum { AT_ONCE = 16 };
	struct shown_live *s = user;

	for (int i = 0; i < AT_ONCE && loop_turn(s->echo->loop, 0); i++)
		;
}

static bool find(const struct shown_live *s, uint32_t id, struct observed *o)
{
	size_t n = observer_count(s->echo->observer);

	if (id == 0)
		return n > 0 && observer_at(s->echo->observer, n - 1, o);
	for (size_t i = 0; i < n; i++) {
		if (observer_at(s->echo->observer, i, o) && o->id == id)
			return true;
	}
	return false;
}

/* The engine's performance, anew; seldom enough that the stage stays quick. */
static void perform(struct shown_live *s)
{
	usec began = loop_now();

	if (s->id == 0 || (s->twin_of == s->trace && began < s->twin_rest))
		return;
	if (s->twin_of != s->trace) {
		twin_free(s->twin);
		s->twin = twin_new();
		s->twin_of = s->trace;
	}
	twin_follow(s->twin, s->trace);
	s->twin_rest = loop_now() + 10 * (loop_now() - began);
}

static void look(struct shown_live *s)
{
	struct observed o;
	uint64_t version = observer_version(s->echo->observer);

	if (s->trace != NULL && version == s->seen)
		return;
	s->seen = version;
	if (find(s, s->chosen, &o) || find(s, 0, &o)) {
		s->id = o.id;
		s->trace = o.trace;
		observer_hold(s->echo->observer, o.id);
	} else {
		s->id = 0;
		s->trace = recorder_trace(s->waiting);
	}
	perform(s);
}

static uint64_t version(void *user)
{
	struct shown_live *s = user;

	look(s);
	return observer_version(s->echo->observer) + s->echo->version;
}

static const struct trace *trace(void *user)
{
	struct shown_live *s = user;

	look(s);
	return s->trace;
}

static const struct trace *twin(void *user)
{
	struct shown_live *s = user;

	return s->id != 0 && s->twin != NULL ? twin_trace(s->twin) : NULL;
}

static usec now(void *user)
{
	struct shown_live *s = user;
	usec epoch, late;

	look(s);
	epoch = trace_epoch(s->trace);
	late = clock_wall() - epoch;
	/* Nothing is told of the newest until its first moments are in order. */
	return epoch != 0 && late > 0 ? late : 0;
}

/* How to begin: nobody else can come into a private network. */
static void put_hint(const struct echo *e, enum lang lang, struct sink *out)
{
	char address[ADDRESS_TEXT];

	if (e->serve == NULL || e->in_lab)
		return;
	address_text(&e->at.address, address);
	sink_printf(out, in_lang(lang, " | try: nc %s %u", " | 试试：nc %s %u"), address,
		    (unsigned)e->at.port);
}

static void status(void *user, enum lang lang, struct sink *out, bool *is_lack)
{
	struct shown_live *s = user;

	*is_lack = echo_status(s->echo, lang, out);
	if (s->id == 0)
		put_hint(s->echo, lang, out);
}

static size_t count(void *user)
{
	struct shown_live *s = user;

	return observer_count(s->echo->observer);
}

static void put_note(const struct observed *o, int end, enum lang lang, char *out, size_t room)
{
	size_t n = strlen(out);

	if (o->holder[end] == 0 || n >= room)
		return;
	n += (size_t)snprintf(out + n, room - n, "%s%s (%u)", n > 0 ? "; " : "", o->program[end],
			      o->holder[end]);
	if (n < room && o->cpu_percent[end] > 0)
		n += (size_t)snprintf(out + n, room - n, " %d%% CPU", o->cpu_percent[end]);
	if (n < room && o->unread[end] > 0)
		snprintf(out + n, room - n, in_lang(lang, " %u unread", " %u 未读"),
			 o->unread[end]);
}

static bool conversation_at(void *user, size_t index, struct stage_conversation *out)
{
	struct shown_live *s = user;
	struct observed o;
	struct sink name = {0};

	if (!observer_at(s->echo->observer, index, &o))
		return false;
	*out = (struct stage_conversation){.id = o.id,
					   .state = {o.state[0], o.state[1]},
					   .segments = o.segments,
					   .is_ended = o.ended != 0,
					   .is_shown = o.id == s->id};
	echo_put_flow(&name, &o.flow);
	snprintf(out->name, sizeof out->name, "%s", name.at);
	sink_fini(&name);
	put_note(&o, 0, s->echo->lang, out->note, sizeof out->note);
	put_note(&o, 1, s->echo->lang, out->note, sizeof out->note);
	return true;
}

static void choose(void *user, uint32_t id)
{
	struct shown_live *s = user;

	s->chosen = id;
	s->trace = NULL; /* look anew */
	s->echo->version++;
	look(s);
}

static bool say(void *user, const char *line, enum lang lang, struct sink *complaint)
{
	struct shown_live *s = user;

	return echo_say(s->echo, line, lang, complaint);
}

static bool is_over(void *user)
{
	struct shown_live *s = user;

	return echo_is_over(s->echo);
}

static void put_title(const struct echo *e, int lang, struct sink *out)
{
	static const char *const what[3][2] = {{"echo server at ", "回声服务器 "},
					       {"a call to ", "呼叫 "},
					       {"watching ", "旁观 "}};
	int which = e->serve != NULL ? 0 : e->call != NULL ? 1 : 2;

	sink_puts(out, what[which][lang]);
	capture_put_end(out, &e->at);
}

int echo_on_stage(struct echo *e)
{
	struct shown_live s = {.echo = e};
	struct stage_live live = {.user = &s,
				  .fd = loop_fd(e->loop),
				  .turn = turn,
				  .version = version,
				  .trace = trace,
				  .twin = twin,
				  .now = now,
				  .status = status,
				  .count = count,
				  .at = conversation_at,
				  .choose = choose,
				  .say = e->call != NULL ? say : NULL,
				  .is_over = is_over};
	struct stage_options options;
	struct sink title[2] = {{0}, {0}};
	int answer;

	if (!show_options(e->request, &options))
		return STATUS_WRONG;
	/* ISNs of ten digits tell a beginner nothing; `f` shows them. */
	options.is_absolute = false;
	s.waiting = record_waiting(e);
	options.live = &live;
	options.files = &stage_files;
	for (int i = 0; i < 2; i++) {
		put_title(e, i, &title[i]);
		options.play[i] = title[i].at;
	}
	answer = stage_play(trace(&s), title[LANG_EN].at, &options);
	sink_fini(&title[0]);
	sink_fini(&title[1]);
	twin_free(s.twin);
	recorder_free(s.waiting);
	return answer;
}
