/* SPDX-License-Identifier: MIT */
/*
 * branch.c - every branch is the play as written, rewritten with the deeds that led to it, parsed
 * and run from the beginning. What fails because of a deed is silenced, and the branch run again:
 * nothing of that changes what happens, so two runs are enough, three when it needs another end.
 */
#include <scene/branch.h>

#include <string.h>
#include <base/harmless.h>
#include <scene/rewrite.h>
#include <trace/moment.h>

enum { ROUNDS_MAX = 5 };

static const usec GOES_ON = 60 * USEC_PER_S; /* behind a deed at or after the end */
static const uint64_t MEMORY_LEAST = UINT64_C(16) << 20;

char *branch_copied(const char *s)
{
	return xstrndup(s, strlen(s));
}

void branch_forget(struct played *p)
{
	scene_run_free(p->run);
	scene_free(p->file);
	free(p->text);
	*p = (struct played){0};
}

void branch_add_line(struct node *n, struct sink *line)
{
	*array_push(&n->lines) = branch_copied(line->at);
	sink_fini(line);
}

/* ---- mistakes -------------------------------------------------------------------------------- */

/* What was found in the branch's text, as a mistake in the words of the deed: they stand on line
 * `line` behind `before` octets. */
static void pass_on(const struct diags *from, struct diags *to, int line, int before,
		    const char *deed)
{
	int errors = to->errors;

	for (size_t i = 0; i < from->list.count; i++) {
		const struct diag *e = &from->list.at[i];
		struct place at = {.file = ""};

		if (e->severity != DIAG_ERROR)
			continue;
		if (e->at.line >= line && e->at.byte >= before) {
			at.line = 1;
			at.byte = e->at.byte - before;
			at.size = e->at.size;
		}
		diag_error(to, at, at.line ? deed : NULL, e->hint, "%s", e->message);
	}
	if (to->errors == errors)
		diag_error_in(to, "the deed cannot be read", "这件事读不懂");
}

/* ---- running a text -------------------------------------------------------------------------- */

static uint64_t memory_of(const struct scene_run *run)
{
	return trace_memory(run->trace) + world_memory(run->world);
}

/* All branches share the memory that one run may take; `n` is played anew. */
static bool limits_of(const struct history *h, const struct node *n, struct scene_options *o,
		      struct diags *d)
{
	uint64_t most = h->options && h->options->memory_limit ? h->options->memory_limit
							       : SCENE_MEMORY_LIMIT;
	uint64_t used = 0;

	for (size_t i = 0; i < h->nodes.count; i++)
		if (h->nodes.at[i] != n)
			used += memory_of(h->nodes.at[i]->played.run);
	if (h->nodes.count > 1 && used + MEMORY_LEAST > most) {
		diag_error_in(d, "the branches take all the memory that a run may have",
			      "这些分支用完了一次演出能用的内存");
		return false;
	}
	*o = (struct scene_options){.event_limit = h->options ? h->options->event_limit : 0,
				    .memory_limit = most > used ? most - used : 1};
	return true;
}

bool branch_write(const struct history *h, const struct node *n, bool is_rough, struct sink *out,
		  struct diags *d)
{
	struct rewriting r = {
		.file = h->file,
		.variant = h->variant,
		.options = h->options,
		.off_from = n->off.at,
		.off_count = n->off.count,
		.end = n->end,
		.lines = (const char *const *)n->lines.at,
		.line_count = n->lines.count,
		.is_rough = is_rough,
	};

	return scene_rewrite(&r, out, d);
}

/* Parses and plays a text under this name. */
bool branch_play(const struct history *h, const struct node *n, const char *name,
		 struct played *out, struct diags *d)
{
	struct scene_options o;

	if (!limits_of(h, n, &o, d))
		return false;
	out->file = scene_parse(name, out->text, strlen(out->text), NULL, d);
	if (!out->file)
		return false;
	out->run = scene_run_new(out->file, 0, &o, d);
	if (!out->run)
		return false;
	scene_run_all(out->run);
	return true;
}

/* ---- what is no longer so -------------------------------------------------------------------- */

/* An error of the run that belongs to no statement is the limit that it came to. */
static bool has_met_limit(const struct scene_run *run)
{
	const struct trace *t = scene_run_trace(run);

	for (uint64_t i = trace_count(t); i-- > 0;) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_EXPECT && r->detail == VERDICT_FAIL && r->place.line == 0)
			return true;
	}
	return false;
}

/* The line stays where it is, also when what it says is no longer so: others count on theirs. */
static void declare_broken(struct node *n, enum promise p, bool is_broken)
{
	struct sink line = {0};

	sink_printf(&line, "%sexpect broken %s because en \"by hand\" zh \"动了手\"",
		    is_broken ? "" : "no longer ", promise_name(p));
	n->is_broken[p] = is_broken;
	if (n->broken_line[p] == 0) {
		branch_add_line(n, &line);
		n->broken_line[p] = n->lines.count;
		return;
	}
	free(n->lines.at[n->broken_line[p] - 1]);
	n->lines.at[n->broken_line[p] - 1] = branch_copied(line.at);
	sink_fini(&line);
}

static bool is_expected_broken(const struct scene_run *run, enum promise p)
{
	for (size_t i = 0; i < run->play.stmts.count; i++) {
		const struct stmt *s = &run->play.stmts.at[i];

		if (s->kind == STMT_EXPECT && s->off_from == USEC_NEVER &&
		    s->expect->fact.claim == CLAIM_BROKEN && s->expect->fact.promise == p)
			return true;
	}
	return false;
}

/* What shares its words shares its fate, but only from the deed on: what came before stays. */
static bool silence(const struct history *h, struct node *n, uint32_t stmt)
{
	uint32_t first = h->first.at[stmt];
	bool may_have_held = h->is_shared.at[first] || h->play.stmts.at[stmt].is_each;
	usec from = may_have_held ? n->branch.at : 0;

	if (n->off.at[first] <= from)
		return false;
	n->off.at[first] = from;
	return true;
}

static bool end_at_limit(struct node *n, struct diags *d)
{
	const struct trace *t = n->played.run->trace;
	usec limit = n->played.run->play.time_limit;

	if (n->end == limit || trace_at(t, trace_count(t) - 1)->at < limit) {
		diag_error_in(d, "after this deed the play comes to no end within its limits",
			      "做了这件事，戏在它的限度之内演不完");
		return false;
	}
	n->end = limit;
	return true;
}

/* What failed of the play as written since the deed is silenced; promises that broke were to break.
 * False: there is nothing that could be done. */
static bool mend(const struct history *h, struct node *n, struct diags *d)
{
	const struct scene_run *run = n->played.run;
	bool has_mended = false;

	if (has_met_limit(run))
		return end_at_limit(n, d);
	for (size_t i = 0; i < run->now.failures.count; i++) {
		const struct failure *f = &run->now.failures.at[i];

		if (f->stmt < h->play.stmts.count && f->at >= n->branch.at &&
		    silence(h, n, f->stmt))
			has_mended = true;
	}
	for (int p = 0; p < PROMISE_COUNT; p++) {
		bool is_broken = world_broken(run->world, (enum promise)p) > 0;

		if (is_broken == n->is_broken[p] ||
		    (is_broken && is_expected_broken(run, (enum promise)p)))
			continue;
		declare_broken(n, (enum promise)p, is_broken);
		has_mended = true;
	}
	return has_mended;
}

/* What fails already before the deed is the past, and stays. */
static bool holds_since(const struct node *n)
{
	const struct scene_run *run = n->played.run;

	if (has_met_limit(run))
		return false;
	for (size_t i = 0; i < run->now.failures.count; i++)
		if (run->now.failures.at[i].at >= n->branch.at)
			return false;
	for (int p = 0; p < PROMISE_COUNT; p++)
		if (world_broken(run->world, (enum promise)p) > 0 &&
		    !is_expected_broken(run, (enum promise)p))
			return false;
	return true;
}

/* ---- the deed -------------------------------------------------------------------------------- */

/* Is it one? Read without any layout, so that mistakes have their place in its own words. */
bool branch_check_deed(const struct history *h, const struct node *n, const char *deed,
		       struct diags *d)
{
	const char *line = *array_last(&n->lines);
	struct sink text = {0};
	struct diags own = {0};
	struct scene_file *f;
	int number = 0;

	if (strlen(deed) > SCENE_LINE_MAX / 2 || strpbrk(deed, "\r\n")) {
		diag_error_in(d, "a deed is one line, and not a long one",
			      "一件事写成一行，不能太长");
		return false;
	}
	if (!branch_write(h, n, true, &text, d))
		return false;
	for (const char *c = text.at; *c; c++)
		number += *c == '\n';
	f = scene_parse(h->file->name, text.at, text.count, NULL, &own);
	if (!f)
		pass_on(&own, d, number, (int)(strlen(line) - strlen(deed)), deed);
	scene_free(f);
	diags_fini(&own);
	sink_fini(&text);
	return f != NULL;
}

/* The deed itself failed: what the run says of it. */
static bool has_failed(const struct node *n, size_t first, struct diags *d)
{
	const struct scene_run *run = n->played.run;
	const struct trace *t = run->trace;

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);
		bool is_deed = false;

		if (r->kind != REC_EXPECT || r->detail != VERDICT_FAIL)
			continue;
		for (size_t j = first; j < run->play.stmts.count; j++)
			is_deed = is_deed || (run->play.stmts.at[j].kind == STMT_ACT &&
					      run->play.stmts.at[j].at.line == (int)r->place.line);
		if (!is_deed)
			continue;
		diag_error_in(d, trace_text_of(t, r, 1), run->hand_error_zh);
		return true;
	}
	return false;
}

/* Its first record; without any, what comes after its time. */
static uint64_t find_deed(const struct node *n, size_t stmt)
{
	const struct scene_run *run = n->played.run;
	int line = stmt < run->play.stmts.count ? run->play.stmts.at[stmt].at.line : 0;

	for (uint64_t i = 0; i < trace_count(run->trace) && line; i++) {
		const struct record *r = trace_at(run->trace, i);

		if ((int)r->place.line == line && r->kind != REC_EXPECT)
			return i;
	}
	return trace_cursor_at(run->trace, n->branch.at);
}

/* A call on a socket that is not there does nothing: no branch for that. */
static bool is_on_nothing(const struct node *n, struct diags *d)
{
	const struct trace *t = n->played.run->trace;
	const struct record *r =
		n->branch.cursor < trace_count(t) ? trace_at(t, n->branch.cursor) : NULL;
	static const char none_zh[] = "没有套接字可用（EBADF）";
	struct sink en = {0}, zh = {0};

	if (!r || r->kind != REC_CALL || r->error != SOCK_EBADF)
		return false;
	sink_printf(&en, "%s has no socket for this (EBADF)", trace_host_at(t, r->host)->name);
	sink_puts(&zh, trace_host_at(t, r->host)->title[1]);
	put_spaced(&zh, none_zh, strlen(none_zh));
	diag_error_in(d, en.at, zh.at);
	sink_fini(&en);
	sink_fini(&zh);
	return true;
}

/* ---- growing --------------------------------------------------------------------------------- */

/* A deed at the end, or behind it: the play goes on for a while. */
void branch_move_end(const struct history *h, struct node *n)
{
	usec end = n->end != USEC_NEVER ? n->end : h->play.end;

	if (end == USEC_NEVER || n->branch.at < end)
		return;
	n->end = n->branch.at + GOES_ON;
	if (n->end > h->play.time_limit && n->branch.at <= h->play.time_limit)
		n->end = h->play.time_limit;
}

/* Plays it until it holds. `first`: the statements from there on are those of the deed. */
bool branch_grow(const struct history *h, struct node *n, size_t first, struct diags *d)
{
	int errors = d->errors;

	for (int round = 0; round < ROUNDS_MAX; round++) {
		struct sink text = {0};

		branch_forget(&n->played);
		if (!branch_write(h, n, false, &text, d))
			return false;
		n->played.text = text.at;
		if (!branch_play(h, n, h->file->name, &n->played, d) || has_failed(n, first, d))
			return false;
		if (holds_since(n)) {
			n->branch.cursor = find_deed(n, first);
			return !is_on_nothing(n, d);
		}
		if (!mend(h, n, d))
			break;
	}
	if (d->errors == errors)
		diag_error_in(d, "after this deed the play cannot be told so that it holds",
			      "做了这件事，这出戏没法写得成立");
	return false;
}
