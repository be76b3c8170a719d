/* SPDX-License-Identifier: MIT */
#include <scene/history.h>

#include <string.h>
#include <base/assert.h>
#include <scene/branch.h>
#include <scene/rewrite.h>

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

static void node_free(struct node *n)
{
	branch_forget(&n->played);
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
		*array_push(&n->lines) = branch_copied(parent->lines.at[i]);
	for (size_t i = 0; i < parent->off.count; i++)
		*array_push(&n->off) = parent->off.at[i];
	memcpy(n->is_broken, parent->is_broken, sizeof n->is_broken);
	memcpy(n->broken_line, parent->broken_line, sizeof n->broken_line);
	return n;
}

/* ---- growing --------------------------------------------------------------------------------- */

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

	n->deed = branch_copied(deed);
	n->branch = (struct branch){.parent = parent, .at = at, .deed = n->deed};
	sink_puts(&line, "at ");
	put_seconds(&line, at);
	sink_printf(&line, " by hand %s", deed);
	branch_add_line(n, &line);
	branch_move_end(h, n);
	if (!branch_check_deed(h, n, deed, d) ||
	    !branch_grow(h, n, node_at(h, parent)->played.run->play.stmts.count, d)) {
		node_free(n);
		return NO_BRANCH;
	}
	sink_printf(&line, "what-if-%zu", h->nodes.count);
	n->name = branch_copied(line.at);
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
		return branch_write(h, n, false, out, d);
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
	if (!branch_play(h, n, name, &anew, d)) {
		branch_forget(&anew);
		return false;
	}
	branch_forget(&n->played);
	n->played = anew;
	free(n->name);
	n->name = branch_copied(slash ? slash + 1 : name);
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
	n->name = branch_copied("main");
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
