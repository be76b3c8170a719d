/* SPDX-License-Identifier: MIT */
/*
 * run.c - the events of a script in their order, on a clock that is exact. Relative times count
 * from when the event before was over: a packet that was waited for moves it, nothing else does.
 */
#include <drill/run.h>

#include <stdarg.h>
#include <stdio.h>

enum { PORT_FIRST = 32768, MTU_DEFAULT = 1500 };

/* ---- findings -------------------------------------------------------------------------------- */

static char *text_list(struct run *run, const char *format, va_list list)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, list);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = arena_alloc(&run->result->arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, list);
	return text;
}

char *run_text(struct run *run, const char *format, ...)
{
	va_list list;
	char *text;

	va_start(list, format);
	text = text_list(run, format, list);
	va_end(list);
	return text;
}

struct drill_finding *run_find(struct run *run, enum drill_finding_kind kind, const char *format,
			       ...)
{
	struct drill_finding *f = array_push(&run->result->findings);
	va_list list;

	*f = (struct drill_finding){.kind = (uint8_t)kind, .when = world_now(run->world)};
	if (run->event) {
		f->at = run->event->at;
		f->line = run->event->text;
	}
	va_start(list, format);
	f->what = text_list(run, format, list);
	va_end(list);
	if (kind == FINDING_FAILURE)
		run->result->has_passed = false;
	return f;
}

struct trace_place run_place_of(const struct run *run)
{
	return (struct trace_place){.file = run->file,
				    .line = run->event ? (uint32_t)run->event->at.line : 0};
}

/* The lines of the script are where its records come from. */
static void quote_events(struct run *run)
{
	for (size_t i = 0; i < run->script->events.count; i++) {
		const struct drill_event *e = &run->script->events.at[i];

		trace_quote(run->trace,
			    (struct trace_place){.file = run->file, .line = (uint32_t)e->at.line},
			    e->text);
	}
}

/* The calls told since then are this event's. */
static void place_calls(struct run *run, uint64_t from)
{
	for (uint64_t i = from; i < trace_count(run->trace); i++) {
		const struct record *r = trace_at(run->trace, i);

		if ((r->kind == REC_CALL || r->kind == REC_READ) && r->place.line == 0)
			trace_set_place(run->trace, i, run_place_of(run));
	}
}

/* ---- time ------------------------------------------------------------------------------------ */

/* An eighth, where the script says nothing. */
usec run_slack(const struct run *run, usec expected, usec since)
{
	const struct drill_options *o = &run->script->options;
	usec span = expected > since ? expected - since : 0;
	usec share = o->has_percent ? span * o->percent / 100 : span / 8;

	if (run->settings->is_exact)
		return 0;
	return share > o->tolerance ? share : o->tolerance;
}

static const char *time_words(struct run *run, usec from, usec to)
{
	struct sink s = {0};
	const char *words;

	sink_time(&s, from);
	if (to != from) {
		sink_putc(&s, '~');
		sink_time(&s, to);
	}
	words = run_text(run, "%s", s.at);
	sink_fini(&s);
	return words;
}

void run_check_time(struct run *run, const char *what, usec from, usec to, usec since, usec actual)
{
	usec off = actual < from ? from - actual : actual > to ? actual - to : 0;
	enum drill_finding_kind kind = FINDING_DEVIATION;
	struct drill_finding *f;

	if (off == 0)
		return;
	if (off > run_slack(run, actual < from ? from : to, since))
		kind = FINDING_FAILURE;
	f = run_find(run, kind, "%s %lld us too %s", what, (long long)off,
		     actual < from ? "early" : "late");
	f->expected = time_words(run, from, to);
	f->actual = time_words(run, actual, actual);
}

static void collect(struct run *run)
{
	struct heard h;

	while (host_heard(run->world, run->peer, &h)) {
		const struct talk *t = &run->talk;

		if (run->is_black_hole)
			continue;
		if (!t->is_there || h.from_port != t->local_port || h.to_port != t->remote_port) {
			run->result->skipped++;
			continue;
		}
		if (h.seg.ctl & ACK)
			run->talk.rcv_nxt = h.seg.ack;
		*array_push(&run->left) =
			(struct left){.heard = h, .is_farewell = run->is_farewell};
	}
}

bool run_step(struct run *run, usec limit)
{
	usec next = world_next(run->world);

	collect(run);
	if (next == USEC_NEVER || next > limit)
		return false;
	world_step(run->world);
	collect(run);
	run_pending(run);
	return true;
}

void run_reach(struct run *run, usec at)
{
	while (run_step(run, at))
		;
	world_advance(run->world, at);
}

/* ---- events ---------------------------------------------------------------------------------- */

/* From where a time of this event counts. Packets injected in a row count from the first one, so
 * that errors do not add up. */
static usec base_of(const struct run *run, const struct drill_event *e)
{
	bool is_inject = e->kind == EVENT_PACKET && e->packet->is_in;

	switch ((enum drill_when_kind)e->when.kind) {
	case WHEN_ABSOLUTE:
	case WHEN_RANGE: return 0;
	case WHEN_RELATIVE:
	case WHEN_RELATIVE_RANGE:
	case WHEN_ANY: break;
	}
	return is_inject && run->was_inject ? run->inject_base : world_now(run->world);
}

/* Everything but a packet that is waited for happens at its time. */
static void reach_event(struct run *run, const struct drill_event *e, usec base)
{
	usec at = base + e->when.from;

	if (e->when.kind == WHEN_ANY)
		at = world_now(run->world);
	if (at < world_now(run->world))
		run_check_time(run, "the event begins", at, base + e->when.to, run->since,
			       world_now(run->world));
	else
		run_reach(run, at);
}

static void do_event(struct run *run, const struct drill_event *e)
{
	usec base = base_of(run, e);
	bool is_inject = e->kind == EVENT_PACKET && e->packet->is_in;
	uint64_t told;

	run->event = e;
	if (e->kind == EVENT_CALL)
		run_await(run);
	run->event = e;
	if (run->is_over)
		return;
	if (e->kind != EVENT_PACKET || is_inject)
		reach_event(run, e, base);
	run->event = e;
	if (is_inject)
		run->inject_base = world_now(run->world);
	run->was_inject = is_inject;
	told = trace_count(run->trace);
	switch ((enum drill_event_kind)e->kind) {
	case EVENT_PACKET:
		if (is_inject)
			run_inject(run, e->packet);
		else
			run_expect(run, e->packet, base);
		break;
	case EVENT_CALL:
		run_call(run, e, base);
		place_calls(run, told);
		break;
	case EVENT_COMMAND: run_orders(run, e->command); break;
	case EVENT_CODE: run_code(run, e->code); break;
	}
	collect(run);
	run_pending(run);
	run->since = world_now(run->world);
}

/* ---- the world ------------------------------------------------------------------------------- */

static bool host_lives_at(struct run *run, const char *given, const char *usual,
			  struct address *out)
{
	if (given && !address_parse(given, out)) {
		run_find(run, FINDING_FAILURE, "%s is no address", given);
		return false;
	}
	return given || address_parse(usual, out);
}

static void add_hosts(struct run *run)
{
	const struct drill_options *o = &run->script->options;
	bool is_ipv6 = o->ip == DRILL_IPV6;
	const struct tcp_profile *given = run->settings->profile;
	struct tcp_profile profile =
		given ? *given
		      : *tcp_profile_named(run->stack == STACK_LINUX ? "linux" : "freebsd");
	struct host_options tcp = {.name = "tcp", .title = {"the TCP", "被测的 TCP"}},
			    peer = {.name = "peer",
				    .title = {"the script", "脚本"},
				    .is_scripted = true};

	if (!given)
		run_assume(run, &profile);
	profile.mtu = o->mtu ? o->mtu : MTU_DEFAULT;
	tcp.profile = &profile;
	host_lives_at(run, o->local_ip, is_ipv6 ? "fd3d:fa7b:d17d::1" : "192.168.0.1",
		      &tcp.address);
	host_lives_at(run, o->remote_ip, is_ipv6 ? "2001:db8::1" : "192.0.2.1", &peer.address);
	run->tcp = host_add(run->world, &tcp);
	run->peer = host_add(run->world, &peer);
	host_app(run->world, run->tcp, &(struct app){.kind = APP_BY_HAND, .accepts_by_hand = true});
}

static void tell_left(struct run *run)
{
	enum drill_finding_kind kind =
		run->settings->is_strict ? FINDING_FAILURE : FINDING_LEFTOVER;

	for (size_t i = 0; i < run->left.count; i++) {
		const struct left *l = &run->left.at[i];

		if (l->is_farewell && (l->heard.seg.ctl & (FIN | RST)))
			continue;
		run_find(run, kind, "a packet left that nobody expected")->actual =
			left_words(run, l);
	}
	array_clear(&run->left);
}

void run_talk_begins(struct run *run, uint16_t local_port, uint16_t remote_port)
{
	struct talk *t = &run->talk;
	uint8_t number = (uint8_t)(t->number + 1);

	tell_left(run); /* of the talk before: nobody will expect it any more */

	array_fini(&t->ts);
	*t = (struct talk){.is_there = true,
			   .number = number,
			   .local_port = local_port,
			   .remote_port =
				   remote_port ? remote_port : (uint16_t)(PORT_FIRST + number)};
}

/* ---- the end --------------------------------------------------------------------------------- */

/* What is due at this moment has left, too. */
static void tell_leftovers(struct run *run)
{
	while (run_step(run, world_now(run->world)))
		;
	tell_left(run);
}

/* Every descriptor is closed, and the peer resets what is left. */
static void close_all(struct run *run)
{
	struct seg reset = {.seq = run->talk.rcv_nxt, .ctl = RST};

	for (int i = 0; i < DRILL_FDS; i++)
		if (run->fd[i].kind == FD_SOCKET)
			sock_close(run->world, run->fd[i].sock);
	if (run->talk.is_there)
		host_says(run->world, run->peer, run->talk.remote_port, run->tcp,
			  run->talk.local_port, &reset, run_place_of(run));
}

static void do_script(struct run *run)
{
	const struct drill_script *s = run->script;

	if (s->init)
		run_orders(run, s->init);
	for (size_t i = 0; i < s->events.count && !run->is_over; i++)
		do_event(run, &s->events.at[i]);
	if (!run->is_over)
		run_await(run);
	run->event = NULL;
	run->pending.event = NULL;
	if (!run->is_over)
		tell_leftovers(run);
	if (s->cleanup)
		run_orders(run, s->cleanup);
	run->result->end = world_now(run->world);
	close_all(run);
	while (run_step(run, world_now(run->world)))
		;
}

void drill_run(struct drill_script *s, const struct drill_settings *settings,
	       struct drill_result *out)
{
	struct run *run = xcalloc(1, sizeof *run);

	*out = (struct drill_result){.has_passed = true};
	run->script = s;
	run->settings = settings;
	run->result = out;
	run->under_test = -1;
	run->trace = settings->trace ? settings->trace : trace_new();
	run->file = trace_file(run->trace, s->name);
	run->world = world_new(
		&(struct world_options){.seed = 1, .trace = run->trace, .measures = true});
	run->variables = drill_variables_new();
	run->stack = (uint8_t)run_stack_of(s);
	add_hosts(run);
	quote_events(run);
	do_script(run);
	drill_variables_free(run->variables);
	array_fini(&run->left);
	array_fini(&run->talk.ts);
	for (int r = 1; settings->rules && r < RULE_COUNT; r++)
		settings->rules[r] += world_rule_hits(run->world)[r];
	world_free(run->world);
	if (!settings->trace)
		trace_free(run->trace);
	free(run);
}

void drill_result_fini(struct drill_result *r)
{
	array_fini(&r->findings);
	sink_fini(&r->printed);
	arena_fini(&r->arena);
}
