/* SPDX-License-Identifier: MIT */
#include <sim/wheel.h>

#include <base/assert.h>

static uint32_t digit(usec at, uint32_t level)
{
	return (uint32_t)((uint64_t)at >> (level * WHEEL_BITS)) & (WHEEL_SLOTS - 1);
}

/* The level is the highest digit in which `at` differs from the base. So it follows from the two,
 * and a node need not remember where it lies: going forward, the base reaches a slot's digit only
 * when that slot is opened. */
static uint32_t level_of(const struct wheel *w, usec at)
{
	uint64_t differ = (uint64_t)at ^ (uint64_t)w->base;

	return differ == 0 ? 0 : (uint32_t)(63 - __builtin_clzll(differ)) / WHEEL_BITS;
}

static void append(struct wheel *w, uint32_t id, struct wheel_node *node)
{
	uint32_t level = level_of(w, node->at), slot = digit(node->at, level);

	node->next = 0;
	node->prev = w->slot[level][slot].last;
	if (node->prev)
		wheel_node(w, node->prev)->next = id;
	else
		w->slot[level][slot].first = id;
	w->slot[level][slot].last = id;
	w->bits[level][slot / 64] |= 1ull << slot % 64;
}

void wheel_put(struct wheel *w, uint32_t id, usec at)
{
	struct wheel_node *node = wheel_node(w, id);

	ASSERT(at >= w->base);
	ASSERT(at != USEC_NEVER);
	node->at = at;
	append(w, id, node);
	w->count++;
}

void wheel_take(struct wheel *w, uint32_t id)
{
	struct wheel_node *node = wheel_node(w, id);
	uint32_t level, slot;

	ASSERT(node->at != USEC_NEVER);
	level = level_of(w, node->at);
	slot = digit(node->at, level);
	if (node->prev)
		wheel_node(w, node->prev)->next = node->next;
	else
		w->slot[level][slot].first = node->next;
	if (node->next)
		wheel_node(w, node->next)->prev = node->prev;
	else
		w->slot[level][slot].last = node->prev;
	if (!w->slot[level][slot].first)
		w->bits[level][slot / 64] &= ~(1ull << slot % 64);
	node->at = USEC_NEVER;
	w->count--;
}

/* The first slot of a level that is not empty, from `from` on; WHEEL_SLOTS: none. */
static uint32_t next_slot(const struct wheel *w, uint32_t level, uint32_t from)
{
	for (uint32_t word = from / 64; word < WHEEL_SLOTS / 64; word++) {
		uint64_t bits = w->bits[level][word];

		if (word == from / 64)
			bits &= ~0ull << from % 64;
		if (bits)
			return word * 64 + (uint32_t)__builtin_ctzll(bits);
	}
	return WHEEL_SLOTS;
}

static usec slot_start(const struct wheel *w, uint32_t level, uint32_t slot)
{
	uint32_t shift = level * WHEEL_BITS;
	uint64_t above = shift + WHEEL_BITS < 64
				 ? (uint64_t)w->base >> (shift + WHEEL_BITS) << WHEEL_BITS
				 : 0;

	return (usec)((above | slot) << shift);
}

/* A coarse slot's time has come: what lies in it moves to finer ones, in order. */
static void open_slot(struct wheel *w, uint32_t level, uint32_t slot)
{
	uint32_t id = w->slot[level][slot].first;

	w->base = slot_start(w, level, slot);
	w->slot[level][slot].first = w->slot[level][slot].last = 0;
	w->bits[level][slot / 64] &= ~(1ull << slot % 64);
	while (id) {
		struct wheel_node *node = wheel_node(w, id);
		uint32_t next = node->next;

		append(w, id, node);
		id = next;
	}
}

static uint32_t pop_first(struct wheel *w, uint32_t slot)
{
	uint32_t id = w->slot[0][slot].first;
	struct wheel_node *node = wheel_node(w, id);

	w->base = node->at;
	w->slot[0][slot].first = node->next;
	if (node->next) {
		struct wheel_node *next = wheel_node(w, node->next);

		next->prev = 0;
	} else {
		w->slot[0][slot].last = 0;
		w->bits[0][slot / 64] &= ~(1ull << slot % 64);
	}
	node->at = USEC_NEVER;
	w->count--;
	return id;
}

/* Opens the next coarse slot. False: there is none, or it begins after `until`. */
static bool open_next(struct wheel *w, usec until)
{
	for (uint32_t level = 1; level < WHEEL_LEVELS; level++) {
		uint32_t slot = next_slot(w, level, digit(w->base, level) + 1);

		if (slot == WHEEL_SLOTS)
			continue;
		if (slot_start(w, level, slot) > until)
			return false;
		open_slot(w, level, slot);
		return true;
	}
	return false;
}

uint32_t wheel_pop(struct wheel *w, usec until)
{
	do {
		uint32_t slot = next_slot(w, 0, digit(w->base, 0));

		if (slot != WHEEL_SLOTS)
			return slot_start(w, 0, slot) > until ? 0 : pop_first(w, slot);
	} while (open_next(w, until));
	return 0;
}

usec wheel_next(const struct wheel *w, usec (*when)(const void *who, uint32_t id, usec at),
		const void *who)
{
	usec best = USEC_NEVER;

	for (uint32_t level = 0; level < WHEEL_LEVELS; level++) {
		uint32_t slot = next_slot(w, level, digit(w->base, level) + (level > 0));

		for (; slot < WHEEL_SLOTS; slot = next_slot(w, level, slot + 1)) {
			if (best <= slot_start(w, level, slot))
				return best;
			for (uint32_t id = w->slot[level][slot].first; id;) {
				const struct wheel_node *node = wheel_node(w, id);
				usec at = when ? when(who, id, node->at) : node->at;

				if (at < best)
					best = at;
				id = node->next;
			}
		}
	}
	return best;
}
