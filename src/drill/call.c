/* SPDX-License-Identifier: MIT */
/*
 * call.c - the calls of the script's application. A call is tried; if it would wait and the
 * descriptor lets it, it stands in `pending` and is tried again after everything that happens.
 */
#include <drill/run.h>

#include <string.h>

static const usec PATIENCE = 3600 * (usec)1000000;

static const struct call_name {
	const char *name;
	struct outcome (*call)(struct run *run, const struct drill_call *c);
	bool waits; /* may wait for what the peer does */
} calls[] = {
#define CALL(name, least, most, waits) {#name, call_##name, waits},
#include <drill/calls.def>
#undef CALL
};

static const struct call_name *call_named(const char *name)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	return NULL;
}

/* ---- arguments ------------------------------------------------------------------------------- */

const struct drill_term *call_arg(const struct drill_call *c, uint32_t arg)
{
	return arg < c->count ? c->args[arg] : NULL;
}

bool call_number(const struct drill_call *c, uint32_t arg, int64_t *out)
{
	const struct drill_term *t = call_arg(c, arg);

	if (!t || !t->has_value)
		return false;
	*out = t->value;
	return true;
}

bool call_is_word(const struct drill_term *t, const char *word)
{
	return t && t->kind == TERM_NAME && strcmp(t->text, word) == 0;
}

const struct drill_term *term_item(const struct drill_term *t, uint32_t nth)
{
	return t && t->kind == TERM_LIST && nth < t->count ? t->items[nth] : NULL;
}

const struct drill_term *term_field(const struct drill_term *t, const char *name)
{
	if (!t || t->kind != TERM_STRUCT)
		return NULL;
	for (uint32_t i = 0; i < t->count; i++)
		if (t->fields[i].name && strcmp(t->fields[i].name, name) == 0)
			return t->fields[i].value;
	return NULL;
}

struct fd *call_fd(struct run *run, const struct drill_call *c, uint32_t arg, uint8_t kind)
{
	int64_t fd;

	if (!call_number(c, arg, &fd) || fd < 0 || fd >= DRILL_FDS || run->fd[fd].kind != kind)
		return NULL;
	return &run->fd[fd];
}

/* The script says which number it will be; else the lowest that is free. */
int call_new_fd(struct run *run, const struct drill_call *c)
{
	int fd = 3;

	if (c->result->has_value && c->result->value >= 0 && c->result->value < DRILL_FDS &&
	    run->fd[c->result->value].kind == FD_NONE)
		fd = (int)c->result->value;
	while (fd < DRILL_FDS - 1 && run->fd[fd].kind != FD_NONE)
		fd++;
	run->fd[fd] = (struct fd){0};
	return fd;
}

/* ---- outcomes -------------------------------------------------------------------------------- */

struct outcome call_done(int64_t value)
{
	return (struct outcome){.is_done = true, .value = value};
}

struct outcome call_failed(const char *error)
{
	return (struct outcome){.is_done = true, .value = -1, .error = error};
}

struct outcome call_waits(void)
{
	return (struct outcome){.is_done = false};
}

struct outcome call_error(enum sock_error e)
{
	if (e == SOCK_EAGAIN)
		return call_waits();
	return call_failed(sock_error_name(e));
}

/* EWOULDBLOCK is another name of EAGAIN. */
static bool is_error(const char *wanted, const char *error)
{
	if (strcmp(wanted, "EWOULDBLOCK") == 0)
		wanted = "EAGAIN";
	return strcmp(wanted, error) == 0;
}

static const char *outcome_words(struct run *run, const struct outcome *o)
{
	if (o->error)
		return run_text(run, "-1 %s", o->error);
	return run_text(run, "%lld", (long long)o->value);
}

static const char *wanted_words(struct run *run, const struct drill_call *c)
{
	if (c->error)
		return run_text(run, "-1 %s", c->error);
	return run_text(run, "%lld", (long long)c->result->value);
}

static void judge(struct run *run, const struct drill_call *c, const struct outcome *o)
{
	struct drill_finding *f;
	bool is_same = true;

	if (c->result->kind != TERM_ANY && c->result->has_value)
		is_same = c->result->value == o->value &&
			  (o->value >= 0 || (c->error && o->error && is_error(c->error, o->error)));
	if (is_same && !o->differs)
		return;
	f = run_find(run, FINDING_FAILURE, "%s() %s", c->name,
		     is_same ? "tells something else" : "returns something else");
	f->expected = is_same ? o->wanted : wanted_words(run, c);
	f->actual = is_same ? o->differs : outcome_words(run, o);
	run->is_over = run->is_over || !is_same;
}

/* ---- now, or later --------------------------------------------------------------------------- */

static bool may_wait(struct run *run, const struct drill_call *c)
{
	const struct fd *fd = call_fd(run, c, 0, FD_SOCKET);
	int64_t flags = 0;

	if (!call_named(c->name)->waits || (fd && fd->is_nonblocking))
		return false;
	if (strncmp(c->name, "send", 4) == 0 || strncmp(c->name, "recv", 4) == 0)
		call_number(c, strstr(c->name, "msg") ? 2 : 3, &flags);
	return !(flags & 0x40); /* MSG_DONTWAIT */
}

static void returned(struct run *run, const struct drill_call *c, const struct outcome *o)
{
	const struct drill_when *when = &run->pending.event->when;
	const struct drill_event *event = run->event;
	usec now = world_now(run->world);

	run->event = run->pending.event;
	run->pending.event = NULL;
	if (when->has_end)
		run_check_time(run, "the call returns", run->pending.base + when->end,
			       run->pending.base + when->end, run->pending.since, now);
	else
		run_check_time(run, "the call returns", run->pending.started, run->pending.started,
			       run->pending.since, now);
	judge(run, c, o);
	run->event = event;
}

void run_pending(struct run *run)
{
	const struct drill_call *c;
	struct outcome o;

	if (!run->pending.event || run->pending.is_trying)
		return;
	c = run->pending.event->call;
	o = call_named(c->name)->call(run, c);
	if (o.is_done)
		returned(run, c, &o);
}

void run_await(struct run *run)
{
	usec limit = world_now(run->world) + PATIENCE;
	struct drill_finding *f;

	while (run->pending.event) {
		usec until = run->pending.patience < limit ? run->pending.patience : limit;

		if (run_step(run, until))
			continue;
		if (until < limit) {
			world_advance(run->world, until);
			run_pending(run);
			continue;
		}
		run->event = run->pending.event;
		f = run_find(run, FINDING_FAILURE, "%s() never returns", run->event->call->name);
		f->expected = wanted_words(run, run->event->call);
		run->pending.event = NULL;
		run->is_over = true;
	}
}

void run_call(struct run *run, const struct drill_event *e, usec base)
{
	const struct drill_call *c = e->call;
	const struct call_name *name = call_named(c->name);
	struct outcome o;

	run->result->calls++;
	ASSERT(name); /* the parser has seen to that, and to the number of its values */
	run->pending = (struct pending){.event = e,
					.since = run->since,
					.base = base,
					.started = world_now(run->world),
					.patience = USEC_NEVER};
	run->pending.is_trying = true;
	run->is_farewell = name->call == call_close || name->call == call_shutdown;
	o = name->call(run, c);
	if (!o.is_done && !may_wait(run, c)) {
		o = run->pending.done ? call_done((int64_t)run->pending.done)
				      : call_failed("EAGAIN");
	}
	while (run_step(run, world_now(run->world)) && run->is_farewell)
		;
	run->is_farewell = run->pending.is_trying = false;
	if (o.is_done) {
		returned(run, c, &o);
		return;
	}
	/* Without an end time nothing goes on beside it. */
	if (!e->when.has_end)
		run_await(run);
}
