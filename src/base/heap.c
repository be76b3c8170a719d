/* SPDX-License-Identifier: MIT */
#include <base/heap.h>

static bool is_before(const struct heap_item *a, const struct heap_item *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	return a->serial < b->serial;
}

static void swap(struct heap_item *a, struct heap_item *b)
{
	struct heap_item kept = *a;

	*a = *b;
	*b = kept;
}

void heap_push(struct heap *h, struct heap_item item)
{
	size_t i = h->items.count;

	*array_push(&h->items) = item;
	while (i > 0) {
		size_t parent = (i - 1) / 2;

		if (!is_before(&h->items.at[i], &h->items.at[parent]))
			break;
		swap(&h->items.at[i], &h->items.at[parent]);
		i = parent;
	}
}

bool heap_pop(struct heap *h, struct heap_item *out)
{
	struct heap_item *at = h->items.at;
	size_t i = 0;

	if (h->items.count == 0)
		return false;
	*out = at[0];
	at[0] = array_pop(&h->items);
	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= h->items.count)
			return true;
		if (child + 1 < h->items.count && is_before(&at[child + 1], &at[child]))
			child++;
		if (!is_before(&at[child], &at[i]))
			return true;
		swap(&at[child], &at[i]);
		i = child;
	}
}

void heap_fini(struct heap *h)
{
	array_fini(&h->items);
}
