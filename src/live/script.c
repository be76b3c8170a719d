/* SPDX-License-Identifier: MIT */
/* script.c - the calls of a recording as statements, each at its time. */
#include "live/script_inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <scene/scene.h>
#include <woshou/names.h>
#include <woshou/world.h>
#include "live/script_write.h"

enum {
	CALLS_USUAL = 10000,
	JOIN_WITHIN = 10 * USEC_PER_MS, /* writes that are too many are joined */
};

struct script {
	struct survey *s;
	const struct script_options *o;
	struct sink *out;
	uint32_t calls, calls_max;
	bool joins; /* writes: there are too many */
	bool is_cut;
	ARRAY(struct port_open) ports; /* where somebody listens */
};

struct port_open {
	uint8_t host;
	uint16_t port;
};

/* ---- one statement --------------------------------------------------------------------------- */

static const char *name_of_host(const struct script *x, uint8_t host)
{
	return x->s->cast[host].name;
}

/* False: there are too many already. `at` is the script's time. */
static bool begin_at(struct script *x, usec at)
{
	if (x->calls == x->calls_max) {
		if (!x->is_cut) {
			sink_puts(x->out, "# the recording goes on from here, at ");
			script_put_time(x->out, at);
			sink_putc(x->out, '\n');
		}
		x->is_cut = true;
		return false;
	}
	x->calls++;
	sink_puts(x->out, "at ");
	script_put_time(x->out, at);
	sink_putc(x->out, ' ');
	return true;
}

static bool begin(struct script *x, usec at)
{
	return begin_at(x, at + x->s->lag);
}

static void end(struct script *x, bool is_inferred)
{
	sink_puts(x->out, is_inferred ? "  # inferred\n" : "\n");
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool listens(const struct script *x, uint8_t host, uint16_t port)
{
	for (size_t i = 0; i < x->ports.count; i++) {
		if (x->ports.at[i].host == host && x->ports.at[i].port == port)
			return true;
	}
	return false;
}

static void say_listen(struct script *x, uint8_t host, uint16_t port, int64_t backlog,
		       bool is_inferred, usec at)
{
	/* Nobody saw it: before the first SYN, then. */
	if (!begin_at(x, is_inferred ? at : at + x->s->lag))
		return;
	sink_printf(x->out, "%s listen port %u", name_of_host(x, host), port);
	if (backlog > 0)
		sink_printf(x->out, " backlog %" PRId64, backlog < 65535 ? backlog : 65535);
	end(x, is_inferred);
	*array_push(&x->ports) = (struct port_open){host, port};
}

/* Somebody answered there, so somebody listened. */
static void ensure_listener(struct script *x, const struct line *called, usec at)
{
	if (called && called->has_isn && !called->is_active &&
	    !listens(x, called->conn->host, called->conn->port))
		say_listen(x, called->conn->host, called->conn->port, 0, true, at);
}

static void say_connect(struct script *x, struct line *l, bool is_inferred, usec at)
{
	usec leaves;

	if (l->is_named || l->conn->peer >= x->s->hosts)
		return;
	/* So that the SYN arrives when it did. */
	leaves = is_inferred && l->syn_there >= 0 && !x->s->is_loopback
			 ? l->syn_there - survey_delay(x->s)
			 : at;
	ensure_listener(x, survey_peer(x->s, l), leaves + x->s->lag);
	if (!begin(x, leaves))
		return;
	l->is_named = true;
	sink_printf(x->out, "%s connect %s port %u from %u as %s", name_of_host(x, l->conn->host),
		    name_of_host(x, l->conn->peer), l->conn->peer_port, l->conn->port, l->label);
	end(x, is_inferred);
}

static void say_accept(struct script *x, struct line *l, bool is_inferred, usec at)
{
	if (l->is_named)
		return;
	ensure_listener(x, l, at);
	if (!begin(x, at))
		return;
	l->is_named = true;
	sink_printf(x->out, "%s accept as %s", name_of_host(x, l->conn->host), l->label);
	end(x, is_inferred);
}

/* A conversation that had begun before the recording: it must begin somehow. */
static void ensure_named(struct script *x, struct line *l, usec at)
{
	struct line *caller = l->is_active ? l : survey_peer(x->s, l);

	if (l->is_named)
		return;
	if (l->is_active) {
		say_connect(x, l, true, at);
		return;
	}
	if (caller && caller->is_active && !caller->is_named)
		say_connect(x, caller, true, at);
	say_accept(x, l, true, at);
}

/* ---- what is said ---------------------------------------------------------------------------- */

static void write_size(struct script *x, struct line *l, uint64_t n, bool is_inferred, usec at)
{
	if (!begin(x, at))
		return;
	sink_printf(x->out, "%s write %" PRIu64 "B", l->label, n);
	end(x, is_inferred);
}

static void let_go(struct script *x, struct line *l)
{
	if (l->held > 0)
		write_size(x, l, l->held, true, l->held_at);
	l->held = 0;
}

/* Too many: those that follow each other closely become one. */
static void join(struct script *x, struct line *l, uint64_t n, usec at)
{
	if (l->held > 0 && at - l->held_to > JOIN_WITHIN)
		let_go(x, l);
	if (l->held == 0)
		l->held_at = at;
	l->held += n;
	l->held_to = at;
}

static void say_write(struct script *x, struct line *l, const struct record *r)
{
	uint64_t n = r->number[0] > 0 ? (uint64_t)r->number[0] : r->seg.text.len;
	char octets[SCRIPT_TEXT_MAX];
	size_t got = 0;

	if (n == 0 || (r->error != SOCK_OK && r->error != SOCK_EAGAIN))
		return;
	if (x->joins) {
		join(x, l, n, r->at);
		return;
	}
	if (n <= sizeof octets && r->seg.text.len == n)
		got = stream_read(trace_streams_of(x->s->trace), &r->seg.text, 0, octets,
				  sizeof octets);
	if (got != n || stream_is_synthetic(trace_streams_of(x->s->trace), &r->seg.text) ||
	    !script_is_text(octets, got)) {
		write_size(x, l, n, r->is_inferred, r->at);
		return;
	}
	if (!begin(x, r->at))
		return;
	sink_printf(x->out, "%s write ", l->label);
	script_put_text(x->out, octets, got);
	end(x, r->is_inferred);
}

static void say_read(struct script *x, struct line *l, const struct record *r)
{
	if (r->number[0] <= 0 || !x->s->cast[l->conn->host].reads_by_hand || !begin(x, r->at))
		return;
	sink_printf(x->out, "%s read %" PRId64 "B", l->label, r->number[0]);
	end(x, r->is_inferred);
}

static bool has_open_line(struct script *x, uint8_t host)
{
	for (size_t i = 0; i < x->s->lines; i++) {
		const struct line *l = survey_line(x->s, (uint32_t)i);

		if (l && l->conn->host == host && l->is_named && !l->is_closed)
			return true;
	}
	return false;
}

static void say_option(struct script *x, struct line *l, const struct record *r)
{
	const char *option = trace_text_of(x->s->trace, r, 0);
	bool is_of_line = l && !l->conn->is_listener;

	/* Without a name it would be that of an open connection. */
	if (r->error != SOCK_OK || !script_has_option(option) ||
	    (!is_of_line && has_open_line(x, r->host)))
		return;
	if (is_of_line)
		ensure_named(x, l, r->at);
	if (!begin(x, r->at))
		return;
	sink_printf(x->out, "%s option ", is_of_line ? l->label : name_of_host(x, r->host));
	script_put_option(x->out, option, r->number[0]);
	end(x, r->is_inferred);
}

static void say_leave(struct script *x, struct line *l, const struct record *r)
{
	if (r->error != SOCK_OK || l->is_closed)
		return;
	ensure_named(x, l, r->at);
	l->is_closed = r->detail != CALL_SHUTDOWN;
	/* No RST: it had read all, and nobody saw it do so. */
	if (l->is_closed && x->s->cast[l->conn->host].reads_by_hand && !l->is_reset &&
	    begin(x, r->at)) {
		sink_printf(x->out, "%s read", l->label);
		end(x, true);
	}
	if (!begin(x, r->at))
		return;
	sink_printf(x->out, "%s %s", l->label, name_of(NAMES_CALL, r->detail));
	end(x, r->is_inferred);
}

/* A listener has no name in the language: it can be closed when nothing else could be meant. */
static void close_listener(struct script *x, const struct record *r)
{
	if (r->error != SOCK_OK || has_open_line(x, r->host) || !begin(x, r->at))
		return;
	sink_printf(x->out, "%s close", name_of_host(x, r->host));
	end(x, r->is_inferred);
	for (size_t i = 0; i < x->ports.count; i++) {
		if (x->ports.at[i].host == r->host && x->ports.at[i].port == r->from_port)
			x->ports.at[i--] = x->ports.at[--x->ports.count];
	}
}

/* ---- every call ------------------------------------------------------------------------------ */

static void say_of_line(struct script *x, struct line *l, const struct record *r)
{
	if (r->detail != CALL_WRITE)
		let_go(x, l);
	switch ((enum call_verb)r->detail) {
	case CALL_CONNECT:
		if (r->error == SOCK_OK || r->error == SOCK_EINPROGRESS)
			say_connect(x, l, r->is_inferred, r->at);
		return;
	case CALL_ACCEPT: say_accept(x, l, r->is_inferred, r->at); return;
	case CALL_WRITE:
		ensure_named(x, l, r->at);
		say_write(x, l, r);
		return;
	case CALL_SHUTDOWN:
	case CALL_CLOSE:
	case CALL_ABORT: say_leave(x, l, r); return;
	case CALL_OPTION: say_option(x, l, r); return;
	case CALL_LISTEN:
	case CALL_READ:
	case CALL_BIND:
	case CALL_VERB_COUNT: return;
	}
}

static void say_call(struct script *x, const struct record *r)
{
	struct line *l = survey_line(x->s, r->conn);

	if (r->host >= x->s->hosts || !x->s->cast[r->host].is_used)
		return;
	if (r->detail == CALL_LISTEN && r->error == SOCK_OK && !listens(x, r->host, r->from_port))
		say_listen(x, r->host, r->from_port, r->number[0], r->is_inferred, r->at);
	else if (l && !l->conn->is_listener)
		say_of_line(x, l, r);
	else if (r->detail == CALL_OPTION)
		say_option(x, l, r);
	else if (r->detail == CALL_CLOSE && l)
		close_listener(x, r);
}

/* The first segment of a conversation whose beginning nobody saw. */
static void say_segment(struct script *x, const struct record *r)
{
	struct line *l = survey_line(x->s, r->conn);

	if (l && !l->is_named && l->is_active && !l->is_opened && !(r->seg.ctl & RST))
		ensure_named(x, l, r->at);
}

static void say_record(struct script *x, const struct record *r)
{
	struct line *l = survey_line(x->s, r->conn);

	switch ((enum record_kind)r->kind) {
	case REC_CALL: say_call(x, r); return;
	case REC_SEND: say_segment(x, r); return;
	case REC_READ:
		if (l && l->is_named)
			say_read(x, l, r);
		return;
	case REC_CRASH:
	case REC_REBOOT:
		if (r->host < x->s->hosts && x->s->cast[r->host].is_used && begin(x, r->at)) {
			sink_printf(x->out, "%s %s", name_of_host(x, r->host),
				    r->kind == REC_CRASH ? "crash" : "reboot");
			end(x, r->is_inferred);
		}
		return;
	case REC_RESULT:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_TIMER:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_ICMP:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: return;
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool has_play(const struct survey *s)
{
	for (size_t i = 0; i < s->hosts; i++) {
		if (s->cast[i].is_used)
			return s->calls > 0;
	}
	return false;
}

bool script_draft(const struct trace *t, const struct script_options *o, struct sink *out)
{
	struct survey s;
	struct script x = {.s = &s, .o = o, .out = out};
	bool has_any;

	survey_init(&s, t);
	has_any = has_play(&s);
	x.calls_max = o->calls ? o->calls : CALLS_USUAL;
	x.joins = s.calls > x.calls_max;
	if (has_any) {
		script_put_cast(out, &s, o);
		script_put_wind(out, &s);
		for (uint64_t i = 0; i < trace_count(t); i++)
			say_record(&x, trace_at(t, i));
		for (size_t i = 0; i < s.lines; i++)
			let_go(&x, &s.line[i]);
		sink_puts(out, "\nend at ");
		script_put_time(out, s.end + s.lag);
		sink_putc(out, '\n');
	}
	array_fini(&x.ports);
	survey_fini(&s);
	return has_any;
}

/* Is something still going on when it ends? */
static bool is_quiet_at_end(const struct sink *draft)
{
	struct scene_options o = {.event_limit = SCRIPT_EVENTS};
	struct diags d = {0};
	struct scene_file *f = scene_parse("it", draft->at, draft->count, NULL, &d);
	struct scene_run *run = f ? scene_run_new(f, 0, &o, &d) : NULL;
	bool is_quiet = true;

	if (run) {
		scene_run_all(run);
		is_quiet = world_broken(scene_run_world(run), PROMISE_QUIET) == 0;
		scene_run_free(run);
	}
	if (f)
		scene_free(f);
	diags_fini(&d);
	return is_quiet;
}

bool script_write(const struct trace *t, const struct script_options *o, struct sink *out)
{
	struct sink draft = {0};
	struct diags d = {0};

	if (!script_draft(t, o, &draft)) {
		sink_fini(&draft);
		return false;
	}
	if (!is_quiet_at_end(&draft))
		sink_puts(&draft, "expect broken quiet because \"the recording ends while "
				  "something is going on\"\n");
	if (!scene_format("it", draft.at, draft.count, out, &d))
		sink_put(out, draft.at, draft.count);
	diags_fini(&d);
	sink_fini(&draft);
	return true;
}
