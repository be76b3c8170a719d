/* SPDX-License-Identifier: MIT */
/* run_save.c - going back: a run that is saved is its world, saved, and its state, copied. */
#include <scene/run.h>

#include <string.h>

void run_state_fini(struct run_state *s)
{
	array_fini(&s->queue);
	array_fini(&s->triggers);
	array_fini(&s->verdicts);
	array_fini(&s->begun);
	array_fini(&s->watches);
	array_fini(&s->conns);
	array_fini(&s->labels);
	array_fini(&s->questions);
	array_fini(&s->accepts);
	array_fini(&s->listeners);
	array_fini(&s->options);
	array_fini(&s->failures);
}

struct scene_snapshot {
	struct world_snapshot *world;
	struct run_state state;
};

#define COPIED(to, from)                                                                           \
	do {                                                                                       \
		array_clear(to);                                                                   \
		array_reserve((to), (from)->count);                                                \
		if ((from)->count)                                                                 \
			memcpy((to)->at, (from)->at, (from)->count * sizeof *(from)->at);          \
		(to)->count = (from)->count;                                                       \
	} while (0)

static void state_copy(struct run_state *to, const struct run_state *from)
{
	COPIED(&to->queue, &from->queue);
	COPIED(&to->triggers, &from->triggers);
	COPIED(&to->verdicts, &from->verdicts);
	COPIED(&to->begun, &from->begun);
	COPIED(&to->watches, &from->watches);
	COPIED(&to->conns, &from->conns);
	COPIED(&to->labels, &from->labels);
	COPIED(&to->questions, &from->questions);
	COPIED(&to->accepts, &from->accepts);
	COPIED(&to->listeners, &from->listeners);
	COPIED(&to->options, &from->options);
	COPIED(&to->failures, &from->failures);
	to->rules = from->rules;
	memcpy(to->host, from->host, sizeof to->host);
	to->cursor = from->cursor;
	to->instant = from->instant;
	to->now = from->now;
	to->acts = from->acts;
	to->serial = from->serial;
	to->is_over = from->is_over;
	to->verdict = from->verdict;
}

struct scene_snapshot *scene_run_save(const struct scene_run *run)
{
	struct scene_snapshot *s = xcalloc(1, sizeof *s);

	s->world = world_save(run->world);
	state_copy(&s->state, &run->now);
	return s;
}

void scene_run_restore(struct scene_run *run, const struct scene_snapshot *s)
{
	world_restore(run->world, s->world);
	state_copy(&run->now, &s->state);
}

void scene_snapshot_free(struct scene_snapshot *s)
{
	if (!s)
		return;
	world_snapshot_free(s->world);
	run_state_fini(&s->state);
	free(s);
}

size_t scene_snapshot_size(const struct scene_snapshot *s)
{
	const struct run_state *r = &s->state;

	return sizeof *s + world_snapshot_size(s->world) + r->queue.count * sizeof *r->queue.at +
	       r->triggers.count * sizeof *r->triggers.at +
	       r->verdicts.count * sizeof *r->verdicts.at +
	       r->watches.count * sizeof *r->watches.at + r->conns.count * sizeof *r->conns.at +
	       r->labels.count * sizeof *r->labels.at +
	       r->listeners.count * sizeof *r->listeners.at;
}
