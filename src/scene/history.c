/* SPDX-License-Identifier: MIT */
/*
 * history.c - every branch is the play as written, rewritten with the deeds that led to it, parsed
 * and run from the beginning. What fails because of a deed is silenced, and the branch run again:
 * nothing of that changes what happens, so two runs are enough, three when it needs another end.
 */
#include <scene/history.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <base/assert.h>
#include <scene/rewrite.h>
#include <scene/run.h>

enum { ROUNDS_MAX = 5 };

static const usec GOES_ON = 60 * USEC_PER_S; /* behind a deed at or after the end */
static const uint64_t MEMORY_LEAST = UINT64_C(16) << 20;

/* A text, and what comes of it. Branch 0 has neither text nor file of its own. */
struct played {
	char *text;
	struct scene_file *file;
	struct scene_run *run;
};

struct node {
	struct branch branch;
	char *name, *deed;
	ARRAY(char *) lines; /* what is written at the end, all of its ancestors' too */
	/* By statement of the play as written: no longer so from then on. Told of the first one
	 * that stands there. */
	ARRAY(usec) off;
	usec end; /* instead of the play's; USEC_NEVER: as it is */
	/* By promise: is it told as one to be broken, and on which of the lines, + 1? */
	bool is_broken[PROMISE_COUNT];
	size_t broken_line[PROMISE_COUNT];
	struct played played;
};

struct history {
	const struct scene_file *file;
	size_t variant;
	const struct scene_options *options;
	struct play play; /* as written: where its statements stand */
	/* By statement: the first one that stands at its place, and are there more? */
	ARRAY(uint32_t) first;
	ARRAY(bool) is_shared;
	ARRAY(struct node *) nodes;
};

/* ---- places ---------------------------------------------------------------------------------- */

struct stand {
	struct place at;
	uint32_t stmt;
};

static int compare_places(const struct stand *x, const struct stand *y)
{
	int file = x->at.file == y->at.file ? 0 : strcmp(x->at.file, y->at.file);

	if (file)
		return file;
	return x->at.line != y->at.line ? x->at.line - y->at.line : x->at.byte - y->at.byte;
}

static int by_place(const void *a, const void *b)
{
	const struct stand *x = a;
	const struct stand *y = b;
	int order = compare_places(x, y);

	return order ? order : (x->stmt > y->stmt) - (x->stmt < y->stmt);
}

/* Rounds of a `repeat` and copies of an included file stand where others stand. */
static void find_places(struct history *h)
{
	size_t n = h->play.stmts.count;
	struct stand *all = xcalloc(n + 1, sizeof *all);

	for (size_t i = 0; i < n; i++) {
		all[i] = (struct stand){h->play.stmts.at[i].at, (uint32_t)i};
		*array_push(&h->first) = (uint32_t)i;
		*array_push(&h->is_shared) = false;
	}
	qsort(all, n, sizeof *all, by_place);
	for (size_t i = 1; i < n; i++) {
		if (compare_places(&all[i], &all[i - 1]) != 0)
			continue;
		h->first.at[all[i].stmt] = h->first.at[all[i - 1].stmt];
		h->is_shared.at[h->first.at[all[i].stmt]] = true;
	}
	free(all);
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static char *copied(const char *s)
{
	return xstrndup(s, strlen(s));
}

static void forget(struct played *p)
{
	scene_run_free(p->run);
	scene_free(p->file);
	free(p->text);
	*p = (struct played){0};
}

static void node_free(struct node *n)
{
	forget(&n->played);
	for (size_t i = 0; i < n->lines.count; i++)
		free(n->lines.at[i]);
	array_fini(&n->lines);
	array_fini(&n->off);
	free(n->name);
	free(n->deed);
	free(n);
}

static struct node *node_at(const struct history *h, uint32_t number)
{
	ASSERT(number < h->nodes.count);
	return h->nodes.at[number];
}

/* A child that begins as its parent is. */
static struct node *node_new(const struct node *parent)
{
	struct node *n = xcalloc(1, sizeof *n);

	n->end = USEC_NEVER;
	if (!parent)
		return n;
	n->end = parent->end;
	for (size_t i = 0; i < parent->lines.count; i++)
		*array_push(&n->lines) = copied(parent->lines.at[i]);
	for (size_t i = 0; i < parent->off.count; i++)
		*array_push(&n->off) = parent->off.at[i];
	memcpy(n->is_broken, parent->is_broken, sizeof n->is_broken);
	memcpy(n->broken_line, parent->broken_line, sizeof n->broken_line);
	return n;
}

static void add_line(struct node *n, struct sink *line)
{
	*array_push(&n->lines) = copied(line->at);
	sink_fini(line);
}

/* ---- mistakes -------------------------------------------------------------------------------- */

static void fail(struct diags *d, const char *hint, const char *message)
{
	diag_error(d, (struct place){.file = ""}, NULL, hint, "%s", message);
}

/* What was found in the branch's text, as a mistake in the words of the deed: they stand on line
 * `line` behind `before` octets. */
static void pass_on(const struct diags *from, struct diags *to, int line, int before,
		    const char *deed)
{
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
	if (to->errors == 0)
		fail(to, NULL, "the deed cannot be read");
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
		fail(d, NULL, "the branches take all the memory that a run may have");
		return false;
	}
	*o = (struct scene_options){.event_limit = h->options ? h->options->event_limit : 0,
				    .memory_limit = most > used ? most - used : 1};
	return true;
}

static bool write_text(const struct history *h, const struct node *n, bool is_rough,
		       struct sink *out, struct diags *d)
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
static bool play_text(const struct history *h, const struct node *n, const char *name,
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
		add_line(n, &line);
		n->broken_line[p] = n->lines.count;
		return;
	}
	free(n->lines.at[n->broken_line[p] - 1]);
	n->lines.at[n->broken_line[p] - 1] = copied(line.at);
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
		fail(d, NULL, "after this deed the play comes to no end within its limits");
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
static bool check_deed(const struct history *h, const struct node *n, const char *deed,
		       struct diags *d)
{
	const char *line = *array_last(&n->lines);
	struct sink text = {0};
	struct diags own = {0};
	struct scene_file *f;
	int number = 0;

	if (strlen(deed) > SCENE_LINE_MAX / 2 || strpbrk(deed, "\r\n")) {
		fail(d, NULL, "a deed is one line, and not a long one");
		return false;
	}
	if (!write_text(h, n, true, &text, d))
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
		diag_error(d, (struct place){.file = ""}, NULL, NULL, "%s", trace_text_of(t, r, 1));
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

	if (!r || r->kind != REC_CALL || r->error != SOCK_EBADF)
		return false;
	diag_error(d, (struct place){.file = ""}, NULL, NULL, "%s has no socket for this (EBADF)",
		   trace_host_at(t, r->host)->name);
	return true;
}

/* ---- growing --------------------------------------------------------------------------------- */

/* A deed at the end, or behind it: the play goes on for a while. */
static void move_end(const struct history *h, struct node *n)
{
	usec end = n->end != USEC_NEVER ? n->end : h->play.end;

	if (end == USEC_NEVER || n->branch.at < end)
		return;
	n->end = n->branch.at + GOES_ON;
	if (n->end > h->play.time_limit && n->branch.at <= h->play.time_limit)
		n->end = h->play.time_limit;
}

/* Plays it until it holds. `first`: the statements from there on are those of the deed. */
static bool grow(const struct history *h, struct node *n, size_t first, struct diags *d)
{
	for (int round = 0; round < ROUNDS_MAX; round++) {
		struct sink text = {0};

		forget(&n->played);
		if (!write_text(h, n, false, &text, d))
			return false;
		n->played.text = text.at;
		if (!play_text(h, n, h->file->name, &n->played, d) || has_failed(n, first, d))
			return false;
		if (holds_since(n)) {
			n->branch.cursor = find_deed(n, first);
			return !is_on_nothing(n, d);
		}
		if (!mend(h, n, d))
			break;
	}
	if (d->errors == 0)
		fail(d, NULL, "after this deed the play cannot be told so that it holds");
	return false;
}

static void count_silenced(const struct history *h, struct node *n)
{
	for (size_t i = 0; i < n->off.count; i++)
		n->branch.silenced += n->off.at[i] != h->play.stmts.at[i].off_from;
	for (int p = 0; p < PROMISE_COUNT; p++)
		n->branch.broken += n->is_broken[p];
}

/* Deeds that come later have not happened yet. */
static uint32_t parent_at(const struct history *h, uint32_t from, usec at)
{
	while (from != 0 && node_at(h, from)->branch.at > at)
		from = node_at(h, from)->branch.parent;
	return from;
}

uint32_t history_act(struct history *h, uint32_t from, usec at, const char *deed, struct diags *d)
{
	uint32_t parent = parent_at(h, from, at);
	struct node *n = node_new(node_at(h, parent));
	struct sink line = {0};

	n->deed = copied(deed);
	n->branch = (struct branch){.parent = parent, .at = at, .deed = n->deed};
	sink_puts(&line, "at ");
	put_seconds(&line, at);
	sink_printf(&line, " by hand %s", deed);
	add_line(n, &line);
	move_end(h, n);
	if (!check_deed(h, n, deed, d) ||
	    !grow(h, n, node_at(h, parent)->played.run->play.stmts.count, d)) {
		node_free(n);
		return NO_BRANCH;
	}
	sink_printf(&line, "what-if-%zu", h->nodes.count);
	n->name = copied(line.at);
	n->branch.name = n->name;
	sink_fini(&line);
	count_silenced(h, n);
	*array_push(&h->nodes) = n;
	return (uint32_t)h->nodes.count - 1;
}

/* ---- as files -------------------------------------------------------------------------------- */

bool history_text(const struct history *h, uint32_t number, struct sink *out, struct diags *d)
{
	const struct node *n = node_at(h, number);

	if (!n->played.text)
		return write_text(h, n, false, out, d);
	sink_puts(out, n->played.text);
	return true;
}

bool history_saved(struct history *h, uint32_t number, const char *name, struct diags *d)
{
	struct node *n = node_at(h, number);
	const char *slash = strrchr(name, '/');
	struct played anew = {0};
	struct sink text = {0};

	if (!history_text(h, number, &text, d))
		return false;
	anew.text = text.at;
	if (!play_text(h, n, name, &anew, d)) {
		forget(&anew);
		return false;
	}
	forget(&n->played);
	n->played = anew;
	free(n->name);
	n->name = copied(slash ? slash + 1 : name);
	n->branch.name = n->name;
	n->branch.is_saved = true;
	return true;
}

/* ---- the rest -------------------------------------------------------------------------------- */

struct history *history_new(const struct scene_file *f, size_t variant,
			    const struct scene_options *o, struct diags *d)
{
	struct history *h = xcalloc(1, sizeof *h);
	struct node *n = node_new(NULL);

	*h = (struct history){.file = f, .variant = variant, .options = o};
	*array_push(&h->nodes) = n;
	n->name = copied("main");
	n->branch = (struct branch){.name = n->name, .parent = NO_BRANCH, .deed = ""};
	n->played.run = scene_run_new(f, variant, o, d);
	if (!n->played.run || !scene_read(f, variant, &h->play, d)) {
		history_free(h);
		return NULL;
	}
	find_places(h);
	for (size_t i = 0; i < h->play.stmts.count; i++)
		*array_push(&n->off) = h->play.stmts.at[i].off_from;
	scene_run_all(n->played.run);
	return h;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->nodes.count; i++)
		node_free(h->nodes.at[i]);
	array_fini(&h->nodes);
	array_fini(&h->first);
	array_fini(&h->is_shared);
	play_fini(&h->play);
	free(h);
}

size_t history_count(const struct history *h)
{
	return h->nodes.count;
}

const struct branch *history_branch(const struct history *h, uint32_t number)
{
	return &node_at(h, number)->branch;
}

const struct trace *history_trace(const struct history *h, uint32_t number)
{
	return scene_run_trace(node_at(h, number)->played.run);
}

const struct scene_run *history_run(const struct history *h, uint32_t number)
{
	return node_at(h, number)->played.run;
}
