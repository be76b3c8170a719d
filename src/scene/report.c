/* SPDX-License-Identifier: MIT */
/* report.c - what went wrong, for people. */
#include <scene/run.h>

#include <inttypes.h>
#include <string.h>
#include <wire/seg_text.h>
#include <woshou/names.h>

enum { RECORDS_BEFORE = 5 };

void field_print(struct sink *out, enum tcb_field_kind kind, int64_t value)
{
	switch (kind) {
	case FIELD_SEQ:
	case FIELD_COUNT: sink_printf(out, "%" PRId64, value); return;
	case FIELD_BYTES: sink_printf(out, "%" PRId64 "B", value); return;
	case FIELD_TIME:
	case FIELD_DEADLINE:
		if (value == USEC_NEVER) {
			sink_puts(out, "never");
			return;
		}
		sink_time(out, value);
		sink_putc(out, 's');
		return;
	case FIELD_BOOL: sink_puts(out, value ? "on" : "off"); return;
	case FIELD_STATE: sink_puts(out, state_name((enum state)value)); return;
	}
}

/* ---- records, one line each ------------------------------------------------------------------ */

static const char *host_name(const struct trace *t, uint8_t host)
{
	return host < trace_host_count(t) ? trace_host_at(t, host)->name : "?";
}

static void print_detail(const struct trace *t, const struct record *r, struct sink *out)
{
	int set = names_of_detail((enum record_kind)r->kind);

	if (set >= 0 && name_of((enum name_set)set, r->detail))
		sink_printf(out, " %s", name_of((enum name_set)set, r->detail));
	if (r->kind == REC_SEND || r->kind == REC_ARRIVE) {
		sink_putc(out, ' ');
		seg_print(out, &r->seg);
		if (r->seg.rexmit)
			sink_printf(out, " rexmit %u", r->seg.rexmit);
	}
	if (r->kind == REC_STATE)
		sink_printf(out, " %s -> %s", state_name((enum state)r->from),
			    state_name((enum state)r->to));
	if (r->error != SOCK_OK)
		sink_printf(out, " %s", sock_error_name((enum sock_error)r->error));
	if ((r->kind == REC_WIND || r->kind == REC_DISCARD) && r->of < r->serial) {
		sink_puts(out, " of ");
		seg_print(out, &trace_at(t, r->of)->seg);
	}
	if (r->kind == REC_READ)
		sink_printf(out, " %u octets", r->seg.text.len);
}

void record_print(const struct trace *t, const struct record *r, struct sink *out)
{
	sink_time(out, r->at);
	sink_printf(out, "  %-8s %s", r->host == TRACE_NO_HOST ? "" : host_name(t, r->host),
		    name_of(NAMES_KIND, r->kind));
	print_detail(t, r, out);
}

/* What shows on a ladder; decisions, pictures and the play's own words do not help here. */
static bool is_telling(const struct record *r)
{
	switch ((enum record_kind)r->kind) {
	case REC_CALL:
	case REC_RESULT:
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_TIMER:
	case REC_STATE:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP: return true;
	case REC_RULE:
	case REC_SIGNAL:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return false;
}

/* The last five up to and including `last`. */
static void print_before(const struct trace *t, uint64_t last, struct sink *out)
{
	uint64_t found[RECORDS_BEFORE];
	size_t count = 0;

	for (uint64_t i = last + 1; i-- > 0 && count < RECORDS_BEFORE;)
		if (is_telling(trace_at(t, i)))
			found[count++] = i;
	for (size_t i = count; i-- > 0;) {
		sink_puts(out, i + 1 == count ? "  before    " : "            ");
		record_print(t, trace_at(t, found[i]), out);
		sink_putc(out, '\n');
	}
}

/* ---- failures -------------------------------------------------------------------------------- */

/* Paths go through a shell: quoted when they hold more than plain characters. */
static void print_path(const char *path, struct sink *out)
{
	if (path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			      "_-./+@%,:")] == '\0') {
		sink_puts(out, path);
		return;
	}
	sink_putc(out, '\'');
	for (const char *c = path; *c; c++)
		if (*c == '\'')
			sink_puts(out, "'\\''");
		else
			sink_putc(out, *c);
	sink_putc(out, '\'');
}

static void print_command(const struct scene_run *run, usec at, struct sink *out)
{
	const char *tag = run->play.tag;

	sink_puts(out, "  see       woshou play ");
	print_path(scene_name(run->file), out);
	if (*tag)
		sink_printf(out, " --variant %.*s", (int)strlen(tag) - 2, tag + 1);
	sink_puts(out, " --at ");
	sink_time(out, at);
	sink_puts(out, "s\n");
}

static void print_place(const struct trace *t, const struct trace_place *p, struct sink *out)
{
	if (p->line > 0)
		sink_printf(out, "%s:%u%s: ", trace_file_name(t, p->file), p->line,
			    p->tag ? p->tag : "");
}

static void print_expect(const struct scene_run *run, const struct record *r, struct sink *out)
{
	const struct trace *t = run->trace;
	uint64_t moment = r->of < r->serial ? r->of : r->serial;

	print_place(t, &r->place, out);
	sink_puts(out, r->detail == VERDICT_FAIL ? "failed" : "inconclusive");
	sink_puts(out, " at ");
	sink_time(out, trace_at(t, moment)->at);
	sink_printf(out, "s\n  expected  %s\n", trace_text_of(t, r, 0));
	sink_printf(out, "  actual    %s\n", trace_text_of(t, r, 1));
	print_before(t, moment, out);
	print_command(run, trace_at(t, moment)->at, out);
}

static void print_promise(const struct scene_run *run, const struct record *r, struct sink *out)
{
	const struct trace *t = run->trace;

	sink_printf(out, "%s: the promise '%s' was broken at ", scene_name(run->file),
		    trace_text_of(t, r, 0));
	sink_time(out, r->at);
	sink_printf(out, "s\n  how       %s\n", trace_text_of(t, r, 1));
	print_before(t, r->serial, out);
	print_command(run, r->at, out);
}

void scene_run_report(const struct scene_run *run, struct sink *out)
{
	const struct trace *t = run->trace;
	uint32_t told[PROMISE_COUNT] = {0};

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);
		int promise;

		if (r->kind == REC_EXPECT && r->detail != VERDICT_PASS)
			print_expect(run, r, out);
		if (r->kind != REC_PROMISE || r->number[0] != 0)
			continue;
		/* The first time says it all. */
		promise = promise_named(trace_text_of(t, r, 0));
		if (promise < 0 || told[promise]++ == 0)
			print_promise(run, r, out);
	}
}
