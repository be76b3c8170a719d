/* SPDX-License-Identifier: MIT */
#include "live/timers.h"

#include <base/assert.h>

void timers_fini(struct timers *t)
{
	heap_fini(&t->heap);
	array_fini(&t->slots);
}

static uint32_t slot_of(uint64_t id)
{
	return (uint32_t)id - 1;
}

static bool is_alive(const struct timers *t, uint64_t id)
{
	uint32_t slot = slot_of(id);

	return (uint32_t)id != 0 && slot < t->slots.count && t->slots.at[slot].due != NULL &&
	       t->slots.at[slot].age == id >> 32;
}

static void free_slot(struct timers *t, uint32_t slot)
{
	struct timer *one = &t->slots.at[slot];

	one->due = NULL;
	one->age++;
	/* An id is never used again: a slot whose ages are used up is left alone. */
	if (one->age == UINT32_MAX)
		return;
	one->next_free = t->first_free;
	t->first_free = slot + 1;
}

uint64_t timers_add(struct timers *t, usec when, loop_due *due, void *user)
{
	uint32_t slot = t->first_free - 1;
	struct timer *one;
	uint64_t id;

	ASSERT(due != NULL);
	if (t->first_free == 0) {
		ASSERT(t->slots.count < UINT32_MAX - 1);
		slot = (uint32_t)t->slots.count;
		*array_push(&t->slots) = (struct timer){0};
	} else {
		t->first_free = t->slots.at[slot].next_free;
	}
	one = &t->slots.at[slot];
	one->due = due;
	one->user = user;
	id = (uint64_t)one->age << 32 | (slot + 1);
	if (when != USEC_NEVER)
		heap_push(&t->heap, (struct heap_item){when, t->serial, id});
	t->serial++;
	return id;
}

/* Without those that were cancelled: each was paid for by one that was. */
static void sweep(struct timers *t)
{
	struct heap kept = {0};

	for (size_t i = 0; i < t->heap.items.count; i++) {
		if (is_alive(t, t->heap.items.at[i].value))
			heap_push(&kept, t->heap.items.at[i]);
	}
	heap_fini(&t->heap);
	t->heap = kept;
	t->cancelled = 0;
}

static void drop_first(struct timers *t)
{
	struct heap_item item;

	while (t->heap.items.count > 0 && !is_alive(t, t->heap.items.at[0].value)) {
		heap_pop(&t->heap, &item);
		if (t->cancelled > 0)
			t->cancelled--;
	}
}

void timers_cancel(struct timers *t, uint64_t id)
{
	if (!is_alive(t, id))
		return;
	free_slot(t, slot_of(id));
	t->cancelled++;
	drop_first(t);
	if (t->cancelled > 64 && t->cancelled > t->heap.items.count / 2)
		sweep(t);
}

usec timers_first(const struct timers *t)
{
	return t->heap.items.count > 0 ? t->heap.items.at[0].at : USEC_NEVER;
}

void timers_mark(struct timers *t)
{
	t->mark = t->serial;
}

bool timers_take(struct timers *t, usec now, struct timer *out)
{
	const struct heap_item *first = t->heap.items.at;
	struct heap_item item;

	if (t->heap.items.count == 0 || first->at > now || first->serial >= t->mark)
		return false;
	heap_pop(&t->heap, &item);
	*out = t->slots.at[slot_of(item.value)];
	free_slot(t, slot_of(item.value));
	drop_first(t);
	return true;
}
