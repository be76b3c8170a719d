/* SPDX-License-Identifier: MIT */
/* judge.c - verdicts: what was expected, what was. */
#include <scene/run.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wire/seg_text.h>
#include <woshou/names.h>
#include <woshou/streams.h>

enum { LISTED = 3, QUOTED = 60 };

/* ---- what is --------------------------------------------------------------------------------- */

bool run_field(struct scene_run *run, const struct who *who, enum tcb_field field, int64_t *out)
{
	uint32_t conn = run_conn_of(run, who);
	const struct moment_conn *c;

	if (field == F_state) {
		*out = run_state_of(run, who);
		return true;
	}
	moment_go(&run->moment, run->trace, trace_count(run->trace));
	c = conn ? moment_conn(&run->moment, conn) : NULL;
	if (!c)
		return false;
	*out = c->field[field];
	return true;
}

/* What was received stays received, even after a crash. */
static const struct conn_note *reader(const struct scene_run *run, const struct who *who)
{
	uint32_t conn = who->label ? run_conn_of(run, who) : run->now.host[who->host].latest;

	return conn && conn < run->now.conns.count ? &run->now.conns.at[conn] : NULL;
}

/* Octets [0, size) of a stream are `wanted`. */
static bool is_stream(const struct scene_run *run, uint32_t stream, const struct chars *wanted)
{
	char octets[4096];
	size_t done = 0;

	while (done < wanted->size) {
		size_t n =
			wanted->size - done < sizeof octets ? wanted->size - done : sizeof octets;
		struct text t = {.stream = stream, .offset = done, .len = (uint32_t)n};

		if (stream_read(trace_streams_of(run->trace), &t, 0, octets, n) != n ||
		    memcmp(octets, wanted->at + done, n) != 0)
			return false;
		done += n;
	}
	return true;
}

bool run_received(const struct scene_run *run, const struct fact *f)
{
	const struct conn_note *c = reader(run, &f->who);
	uint64_t read = c ? c->read : 0;

	if (f->is_size)
		return read == (uint64_t)f->value;
	if (read != f->octets.size)
		return false;
	return read == 0 || is_stream(run, c->stream, &f->octets);
}

/* ---- what was, in words ---------------------------------------------------------------------- */

static void quote(struct sink *out, const char *s, size_t n)
{
	sink_putc(out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\n')
			sink_puts(out, "\\n");
		else if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
			sink_printf(out, "\\x%02x", c);
		else
			sink_putc(out, s[i]);
	}
	sink_putc(out, '"');
}

static void say_received(const struct scene_run *run, const struct fact *f, struct sink *out)
{
	const struct conn_note *c = reader(run, &f->who);
	uint64_t read = c ? c->read : 0;
	char octets[QUOTED];
	struct text t = {.stream = c ? c->stream : 0,
			 .len = read < QUOTED ? (uint32_t)read : QUOTED};

	sink_printf(out, "%s received %" PRIu64 " octets", f->who.name, read);
	if (read == 0 || f->is_size)
		return;
	sink_puts(out, ": ");
	quote(out, octets, stream_read(trace_streams_of(run->trace), &t, 0, octets, sizeof octets));
	if (read > QUOTED)
		sink_puts(out, "...");
}

/* What the person sent or got in records [from, end). */
static void say_segments(const struct scene_run *run, const struct fact *f, uint64_t from,
			 struct sink *out)
{
	const char *verb = f->claim == CLAIM_SENDS ? "sent" : "got";
	struct fact any = *f;
	size_t count = 0;

	any.match = (struct seg_match){.class = CLASS_ANY};
	sink_printf(out, "%s %s ", f->who.name, verb);
	for (uint64_t i = from; i < trace_count(run->trace); i++) {
		const struct record *r = trace_at(run->trace, i);

		if (!fact_is_segment(run, &any, r))
			continue;
		if (++count > LISTED)
			continue;
		if (count > 1)
			sink_puts(out, " and ");
		seg_print(out, &r->seg);
		if (r->seg.rexmit)
			sink_printf(out, " retransmit %u", r->seg.rexmit);
	}
	if (count == 0)
		sink_puts(out, "nothing");
	if (count > LISTED)
		sink_printf(out, " and %zu more", count - LISTED);
}

static void say_failures(const struct scene_run *run, const struct fact *f, uint64_t from,
			 struct sink *out)
{
	const char *call = name_of(NAMES_CALL, f->call);
	struct fact any = *f;
	const struct record *last = NULL;

	any.error = NONE;
	for (uint64_t i = from; i < trace_count(run->trace); i++)
		if (fact_is_failure(run, &any, trace_at(run->trace, i)))
			last = trace_at(run->trace, i);
	if (last)
		sink_printf(out, "%s %s failed with %s", f->who.name, call,
			    sock_error_name((enum sock_error)last->error));
	else
		sink_printf(out, "no %s of %s failed", call, f->who.name);
}

static void say_field(struct scene_run *run, const struct fact *f, struct sink *out)
{
	int64_t value;

	if (!run_field(run, &f->who, (enum tcb_field)f->field, &value)) {
		sink_printf(out, "%s has no connection", f->who.name);
		return;
	}
	sink_printf(out, "%s of %s is ", tcb_field_name((enum tcb_field)f->field), f->who.name);
	field_print(out, tcb_field_kind_of((enum tcb_field)f->field), value);
}

static void say_fact(struct scene_run *run, const struct fact *f, uint64_t from, struct sink *out)
{
	switch ((enum claim)f->claim) {
	case CLAIM_STATE:
		sink_printf(out, "%s is in %s", f->who.name,
			    state_name(run_state_of(run, &f->who)));
		return;
	case CLAIM_SENDS:
	case CLAIM_GETS: say_segments(run, f, from, out); return;
	case CLAIM_RECEIVED: say_received(run, f, out); return;
	case CLAIM_FAILS: say_failures(run, f, from, out); return;
	case CLAIM_FIELD: say_field(run, f, out); return;
	case CLAIM_BROKEN:
		sink_printf(out, "%s was kept", promise_name((enum promise)f->promise));
		return;
	case CLAIM_READS: return;
	}
}

/* ---- verdicts -------------------------------------------------------------------------------- */

static void count(struct scene_run *run, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS: run->now.verdict.pass++; return;
	case VERDICT_FAIL: run->now.verdict.fail++; return;
	case VERDICT_INCONCLUSIVE: run->now.verdict.inconclusive++; return;
	}
}

/* `of`: the record that decided it; UINT64_MAX: none did. */
static void tell(struct scene_run *run, uint32_t stmt, enum verdict verdict, uint64_t of,
		 const char *actual)
{
	const struct stmt *s = &run->play.stmts.at[stmt];
	const struct expectation *e = s->expect;
	struct record *r = run_tell(run, REC_EXPECT, e->text, actual);

	count(run, verdict);
	run->now.verdicts.at[stmt]++;
	if (verdict != VERDICT_PASS)
		*array_push(&run->now.failures) = (struct failure){stmt, run->now.now};
	r->detail = (uint8_t)verdict;
	r->place = run_place(run, (int32_t)stmt);
	if (e->fact.claim != CLAIM_BROKEN)
		r->host = e->fact.who.host;
	if (of != UINT64_MAX && of < r->serial)
		r->of = of;
	run_says(run, s->says, of != UINT64_MAX && of < r->serial ? of : r->serial);
}

void judge_error(struct scene_run *run, int32_t stmt, const char *expected, const char *actual)
{
	struct record *r = run_tell(run, REC_EXPECT, expected, actual);

	r->detail = VERDICT_FAIL;
	if (stmt != NONE) {
		r->place = run_place(run, stmt);
		*array_push(&run->now.failures) = (struct failure){(uint32_t)stmt, run->now.now};
	}
	count(run, VERDICT_FAIL);
}

void judge_hand(struct scene_run *run, int32_t stmt, const char *expected, const char *actual,
		const char *actual_zh)
{
	judge_error(run, stmt, expected, actual);
	free(run->hand_error_zh);
	run->hand_error_zh = xstrndup(actual_zh, strlen(actual_zh));
}

/* ---- expect at T ----------------------------------------------------------------------------- */

/* The record of this instant that makes it true. */
static bool happens_now(const struct scene_run *run, const struct fact *f, uint64_t *of)
{
	for (uint64_t i = run->now.instant; i < trace_count(run->trace); i++) {
		const struct record *r = trace_at(run->trace, i);

		if (f->claim == CLAIM_FAILS ? fact_is_failure(run, f, r)
					    : fact_is_segment(run, f, r)) {
			*of = i;
			return true;
		}
	}
	return false;
}

static bool holds_now(struct scene_run *run, const struct fact *f, uint64_t *of)
{
	int64_t value;

	switch ((enum claim)f->claim) {
	case CLAIM_STATE: return (uint8_t)run_state_of(run, &f->who) == f->state;
	case CLAIM_SENDS:
	case CLAIM_GETS:
	case CLAIM_FAILS: return happens_now(run, f, of);
	case CLAIM_RECEIVED: return run_received(run, f);
	case CLAIM_FIELD:
		return run_field(run, &f->who, (enum tcb_field)f->field, &value) &&
		       number_compares(value, (enum comparison)f->how, f->value,
				       tcb_field_kind_of((enum tcb_field)f->field) == FIELD_SEQ);
	case CLAIM_BROKEN: return world_broken(run->world, (enum promise)f->promise) > 0;
	case CLAIM_READS: break;
	}
	return false;
}

void judge_look(struct scene_run *run, uint32_t stmt)
{
	const struct fact *f = &run->play.stmts.at[stmt].expect->fact;
	struct sink actual = {0};
	uint64_t of = UINT64_MAX;

	if (holds_now(run, f, &of)) {
		tell(run, stmt, VERDICT_PASS, of, NULL);
		return;
	}
	say_fact(run, f, run->now.instant, &actual);
	tell(run, stmt, VERDICT_FAIL, UINT64_MAX, actual.at);
	sink_fini(&actual);
}

/* ---- at the end ------------------------------------------------------------------------------ */

static void judge_total(struct scene_run *run, const struct watch *w, const struct expectation *e)
{
	char actual[80];
	bool is_good = number_compares(w->count, (enum comparison)e->fact.how, e->total, false);

	snprintf(actual, sizeof actual, "it was %" PRId64, w->count);
	tell(run, w->stmt, is_good ? VERDICT_PASS : VERDICT_FAIL,
	     w->record ? w->record - 1 : UINT64_MAX, is_good ? NULL : actual);
}

static void judge_never(struct scene_run *run, struct watch *w, const struct expectation *e)
{
	struct sink actual = {0};
	const struct record *r;

	if (e->longer >= 0 && w->since >= 0 && run->now.now - w->since > e->longer) {
		w->is_true = true;
		w->record = w->since_record;
	}
	if (!w->is_true) {
		tell(run, w->stmt, VERDICT_PASS, UINT64_MAX, NULL);
		return;
	}
	r = w->record && w->record <= trace_count(run->trace) ? trace_at(run->trace, w->record - 1)
							      : NULL;
	sink_puts(&actual, e->longer >= 0 ? "it was from " : "it was at ");
	sink_time(&actual, r ? r->at : w->from);
	sink_puts(&actual, "s");
	if (r && (r->kind == REC_SEND || r->kind == REC_ARRIVE)) {
		sink_puts(&actual, ": ");
		seg_print(&actual, &r->seg);
	}
	tell(run, w->stmt, VERDICT_FAIL, r ? r->serial : UINT64_MAX, actual.at);
	sink_fini(&actual);
}

/* Who had no connection in the whole run was "in CLOSED" for all of it. */
static bool never_opened(const struct scene_run *run, const struct fact *f)
{
	return f->claim == CLAIM_STATE && f->state == CLOSED && !f->who.label &&
	       run->now.host[f->who.host].latest == 0 && run_conn_of(run, &f->who) == 0;
}

static void judge_eventually(struct scene_run *run, const struct watch *w,
			     const struct expectation *e)
{
	struct sink actual = {0};

	if (w->is_true || (e->look == LOOK_EVENTUALLY && never_opened(run, &e->fact))) {
		tell(run, w->stmt, VERDICT_PASS, w->record ? w->record - 1 : UINT64_MAX, NULL);
		return;
	}
	if (e->look == LOOK_EVENTUALLY)
		sink_puts(&actual, "it was not; at the end ");
	if (e->fact.claim == CLAIM_SENDS || e->fact.claim == CLAIM_GETS) {
		sink_clear(&actual);
		sink_printf(&actual, "no such segment was %s",
			    e->fact.claim == CLAIM_SENDS ? "sent" : "delivered");
	} else {
		say_fact(run, &e->fact, 0, &actual);
	}
	tell(run, w->stmt, VERDICT_FAIL, UINT64_MAX, actual.at);
	sink_fini(&actual);
}

static void judge_last(struct scene_run *run, const struct watch *w, const struct expectation *e)
{
	struct sink actual = {0};
	uint64_t of = UINT64_MAX;

	if (e->fact.claim == CLAIM_FAILS || e->fact.claim == CLAIM_SENDS ||
	    e->fact.claim == CLAIM_GETS) {
		judge_eventually(run, w, e);
		return;
	}
	if (holds_now(run, &e->fact, &of)) {
		tell(run, w->stmt, VERDICT_PASS, of, NULL);
		return;
	}
	say_fact(run, &e->fact, 0, &actual);
	tell(run, w->stmt, VERDICT_FAIL, UINT64_MAX, actual.at);
	sink_fini(&actual);
}

static void judge_watch(struct scene_run *run, struct watch *w)
{
	const struct expectation *e = run->play.stmts.at[w->stmt].expect;

	switch ((enum look)e->look) {
	case LOOK_TOTAL: judge_total(run, w, e); return;
	case LOOK_NEVER: judge_never(run, w, e); return;
	case LOOK_EVENTUALLY: judge_eventually(run, w, e); return;
	case LOOK_END: judge_last(run, w, e); return;
	case LOOK_AT: return;
	}
}

/* Looks at times that the run did not live to see; and what stood in a `when` that never fired. */
static void judge_unreached(struct scene_run *run)
{
	struct run_state *s = &run->now;

	for (size_t i = 0; i < s->queue.count; i++) {
		const struct due *due = &s->queue.at[i];

		if (due->order < run->play.stmts.count && due->phase == PHASE_LOOKS)
			tell(run, due->order, VERDICT_INCONCLUSIVE, UINT64_MAX,
			     "the run ended before");
	}
	for (size_t i = 0; i < run->play.stmts.count; i++)
		if (run->play.stmts.at[i].kind == STMT_EXPECT && s->verdicts.at[i] == 0 &&
		    run->play.stmts.at[i].off_from == USEC_NEVER)
			tell(run, (uint32_t)i, VERDICT_INCONCLUSIVE, UINT64_MAX,
			     "this was never reached");
}

static void judge_promises(struct scene_run *run)
{
	bool is_expected[PROMISE_COUNT] = {0};

	for (size_t i = 0; i < run->play.stmts.count; i++) {
		const struct stmt *s = &run->play.stmts.at[i];

		if (s->kind == STMT_EXPECT && s->expect->fact.claim == CLAIM_BROKEN &&
		    s->off_from == USEC_NEVER)
			is_expected[s->expect->fact.promise] = true;
	}
	for (int p = 0; p < PROMISE_COUNT; p++)
		if (!is_expected[p] && world_broken(run->world, (enum promise)p) > 0)
			run->now.verdict.fail++;
}

static int by_stmt(const void *a, const void *b)
{
	const struct watch *x = a;
	const struct watch *y = b;

	if (x->stmt != y->stmt)
		return x->stmt < y->stmt ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

void judge_end(struct scene_run *run)
{
	struct run_state *s = &run->now;

	world_judge_end(run->world);
	run_scan(run);
	if (s->watches.count)
		qsort(s->watches.at, s->watches.count, sizeof *s->watches.at, by_stmt);
	for (size_t i = 0; i < s->watches.count; i++)
		judge_watch(run, &s->watches.at[i]);
	judge_unreached(run);
	judge_promises(run);
	/* The lists were by place in the array; nothing looks at them any more. */
	for (size_t i = 0; i < SCENE_PEOPLE_MAX; i++)
		s->host[i].first_watch = 0;
}
