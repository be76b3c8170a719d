/* SPDX-License-Identifier: MIT */
/*
 * leaves.c - the places of records on a retransmission queue. A leaf has two of them; a tree of
 * directories, sixteen children each, finds the leaf of a number, and says of every child which
 * kinds of records lie under it: so the next LOST one, or the next not SACKED, is found in as many
 * steps as the tree is high, whatever a peer has SACKED.
 *
 * The tree covers [base, base + 2 * 16^height). Leaves come at the end and go at the front. What
 * lies before the front is not looked at, and its directories are given back when it passes them.
 * Root, height and base stand in the last leaf. A tree of height 0 is a leaf alone.
 */
#include "leaves.h"
#include "pool.h"
#include <base/assert.h>
#include <string.h>

enum {
	FAN = TCP_BLOCK / 4,
	DIGIT = 4, /* bits: log2(FAN) */
	HEIGHT_MAX = 7,
	KIND_SHIFT = 28, /* a child: its block, and above that the kinds under it */
	BLOCK_MASK = (1 << KIND_SHIFT) - 1,
	HEIGHT_SHIFT = KIND_SHIFT, /* the root: its block, and above that the height */
};

/* Records have numbers, the front's of a new queue is this: so that passing 2^32 is not rare. */
static const uint32_t FIRST_NUMBER = 0u - 500;

enum { LEAF_NUMBER, LEAF_NEXT, LEAF_ROOT, LEAF_BASE, LEAF_PLACES };
enum { PLACE_OLDER = 4, PLACE_NEWER, PLACE_WORDS };

_Static_assert(sizeof(struct rexmit) == 4 * PLACE_OLDER, "a record is four words");
_Static_assert(LEAF_PLACES + 2 * PLACE_WORDS == FAN, "two places fit a leaf");

static uint32_t *words(const struct tcp_pool *pool, uint32_t block)
{
	ASSERT(block != 0);
	return pool->blocks[block].word;
}

static uint32_t *place_words(const struct tcp_pool *pool, uint32_t place)
{
	return words(pool, place / 2) + LEAF_PLACES + PLACE_WORDS * (place & 1);
}

struct rexmit place_load(const struct tcp_pool *pool, uint32_t place)
{
	struct rexmit r;

	memcpy(&r, place_words(pool, place), sizeof r);
	return r;
}

void place_store(struct tcp_pool *pool, uint32_t place, const struct rexmit *r)
{
	memcpy(place_words(pool, place), r, sizeof *r);
}

/* The front's number; those behind it count on. */
static uint32_t first_of(const struct tcb *t, const struct tcp_pool *pool)
{
	return words(pool, t->rexmitq.head)[LEAF_NUMBER] + t->rexmit_slot;
}

uint32_t place_index(const struct tcb *t, uint32_t place, const struct tcp_pool *pool)
{
	return words(pool, place / 2)[LEAF_NUMBER] + (place & 1) - first_of(t, pool);
}

/* Which leaf of those the tree covers is the number's? */
static uint32_t position_of(const struct tcb *t, uint32_t number, const struct tcp_pool *pool)
{
	return (number - words(pool, t->rexmitq.tail)[LEAF_BASE]) / 2;
}

/* Which child of a directory at this level? Those just above the leaves are at level 1. */
static uint32_t digit(uint32_t position, unsigned level)
{
	return position >> DIGIT * (level - 1) & (FAN - 1);
}

static uint32_t root_of(const struct tcb *t, const struct tcp_pool *pool)
{
	return words(pool, t->rexmitq.tail)[LEAF_ROOT] & BLOCK_MASK;
}

static unsigned height_of(const struct tcb *t, const struct tcp_pool *pool)
{
	return words(pool, t->rexmitq.tail)[LEAF_ROOT] >> HEIGHT_SHIFT;
}

static uint32_t child(const struct tcp_pool *pool, uint32_t at, uint32_t position, unsigned level)
{
	return words(pool, at)[digit(position, level)] & BLOCK_MASK;
}

uint32_t place_of(const struct tcb *t, uint32_t index, const struct tcp_pool *pool)
{
	uint32_t leaf, slot = t->rexmit_slot + index, last = t->rexmit_slot + t->rexmitq.count - 1;

	if (slot < 2) {
		leaf = t->rexmitq.head;
	} else if (slot / 2 == last / 2) {
		leaf = t->rexmitq.tail;
	} else {
		uint32_t position = position_of(t, first_of(t, pool) + index, pool);

		leaf = root_of(t, pool);
		for (unsigned level = height_of(t, pool); level > 0; level--)
			leaf = child(pool, leaf, position, level);
	}
	return 2 * leaf + (slot & 1);
}

/* ---- kinds ---------------------------------------------------------------------------------- */

static unsigned kind_at(const struct tcb *t, uint32_t leaf, uint32_t number,
			const struct tcp_pool *pool)
{
	uint32_t index = number - first_of(t, pool);

	if (index >= t->rexmitq.count)
		return 0;
	if (index == 0)
		return board_kind(&t->rexmitq.front);
	struct rexmit r = place_load(pool, 2 * leaf + (number & 1));

	return board_kind(&r);
}

unsigned leaf_kinds(const struct tcb *t, uint32_t leaf, const struct tcp_pool *pool)
{
	uint32_t number = words(pool, leaf)[LEAF_NUMBER];

	return kind_at(t, leaf, number, pool) | kind_at(t, leaf, number + 1, pool);
}

static unsigned directory_kinds(const struct tcp_pool *pool, uint32_t block)
{
	uint32_t all = 0;

	for (int i = 0; i < FAN; i++)
		all |= words(pool, block)[i];
	return all >> KIND_SHIFT;
}

/* The directories above a leaf, by level; the leaf is path[0]. Says how high it is. */
static unsigned find_path(const struct tcb *t, uint32_t position, uint32_t path[HEIGHT_MAX + 1],
			  const struct tcp_pool *pool)
{
	unsigned height = height_of(t, pool);

	path[height] = root_of(t, pool);
	for (unsigned level = height; level > 0; level--)
		path[level - 1] = child(pool, path[level], position, level);
	return height;
}

void leaves_refresh(struct tcb *t, uint32_t index, struct tcp_pool *pool)
{
	uint32_t path[HEIGHT_MAX + 1];
	uint32_t position = position_of(t, first_of(t, pool) + index, pool);
	unsigned height = find_path(t, position, path, pool);
	unsigned kinds = leaf_kinds(t, path[0], pool);

	for (unsigned level = 1; level <= height; level++) {
		uint32_t *at = &words(pool, path[level])[digit(position, level)];
		uint32_t word = (*at & BLOCK_MASK) | kinds << KIND_SHIFT;

		if (*at == word)
			return;
		*at = word;
		kinds = directory_kinds(pool, path[level]);
	}
}

/* The index of the first of the kinds in this leaf, from the number on. */
static uint32_t seek_leaf(const struct tcb *t, unsigned kinds, uint32_t leaf, uint32_t number,
			  const struct tcp_pool *pool)
{
	if (kind_at(t, leaf, number, pool) & kinds)
		return number - first_of(t, pool);
	if (!(number & 1) && (kind_at(t, leaf, number + 1, pool) & kinds))
		return number + 1 - first_of(t, pool);
	return REXMIT_NONE;
}

/* The first child behind this one that has such records under it; FAN: none. */
static uint32_t seek_child(const struct tcp_pool *pool, uint32_t block, unsigned kinds,
			   uint32_t from)
{
	while (from < FAN && !(words(pool, block)[from] >> KIND_SHIFT & kinds))
		from++;
	return from;
}

uint32_t leaves_seek(const struct tcb *t, unsigned kinds, uint32_t from,
		     const struct tcp_pool *pool)
{
	uint32_t path[HEIGHT_MAX + 1], number = first_of(t, pool) + from, to = FAN;
	uint32_t position = position_of(t, number, pool);
	unsigned level = 0, height = find_path(t, position, path, pool);

	from = seek_leaf(t, kinds, path[0], number, pool);
	if (from != REXMIT_NONE)
		return from;
	/* Up until something lies to the right, then down along it. */
	while (to == FAN) {
		if (++level > height)
			return REXMIT_NONE;
		to = seek_child(pool, path[level], kinds, digit(position, level) + 1);
	}
	uint32_t at = words(pool, path[level])[to] & BLOCK_MASK;

	while (--level > 0) {
		to = seek_child(pool, at, kinds, 0);
		ASSERT(to < FAN);
		at = words(pool, at)[to] & BLOCK_MASK;
	}
	return seek_leaf(t, kinds, at, words(pool, at)[LEAF_NUMBER], pool);
}

/* ---- coming --------------------------------------------------------------------------------- */

static uint32_t take_zeroed(struct tcp_pool *pool)
{
	uint32_t block = pool_take(pool);

	ASSERT(block <= BLOCK_MASK);
	memset(words(pool, block), 0, TCP_BLOCK);
	return block;
}

static void set_leaf(struct tcp_pool *pool, uint32_t leaf, uint32_t number, uint32_t root,
		     uint32_t base)
{
	uint32_t *word = words(pool, leaf);

	word[LEAF_NUMBER] = number;
	word[LEAF_NEXT] = 0;
	word[LEAF_ROOT] = root;
	word[LEAF_BASE] = base;
}

bool leaves_begin(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t leaf = pool_take(pool);

	if (leaf == 0)
		return false;
	t->rexmitq.head = t->rexmitq.tail = leaf;
	set_leaf(pool, leaf, FIRST_NUMBER, leaf, FIRST_NUMBER);
	if (is_in_order(&t->rexmitq.front))
		order_append(t, 2 * leaf, pool);
	return true;
}

/* The root's children that lie before the front make room for others behind. */
static void shift_root(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t *root = words(pool, root_of(t, pool));
	unsigned height = height_of(t, pool);

	if (height == 0)
		return;
	uint32_t by = digit(position_of(t, first_of(t, pool), pool), height);

	memmove(root, root + by, (FAN - by) * sizeof *root);
	memset(root + FAN - by, 0, by * sizeof *root);
	words(pool, t->rexmitq.tail)[LEAF_BASE] += 2 * (by << DIGIT * (height - 1));
}

static void add_level(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t old = root_of(t, pool), root = take_zeroed(pool);
	unsigned height = height_of(t, pool);
	unsigned kinds = height > 0 ? directory_kinds(pool, old) : leaf_kinds(t, old, pool);

	ASSERT(height < HEIGHT_MAX);
	words(pool, root)[0] = old | kinds << KIND_SHIFT;
	words(pool, t->rexmitq.tail)[LEAF_ROOT] = root | (height + 1) << HEIGHT_SHIFT;
}

static bool is_in_tree(uint32_t position, unsigned height)
{
	return position >> DIGIT * height == 0;
}

/* Blocks for a leaf there: itself, directories of which it is the first, perhaps a new root. */
static uint32_t blocks_for(uint32_t position, unsigned height)
{
	bool is_in = is_in_tree(position, height);
	uint32_t n = is_in ? 1 : 2;

	for (unsigned level = 1; level < height + !is_in; level++)
		n += (position & ((1u << DIGIT * level) - 1)) == 0;
	return n;
}

bool leaves_extend(struct tcb *t, unsigned kind, struct tcp_pool *pool)
{
	uint32_t *tail = words(pool, t->rexmitq.tail), number = tail[LEAF_NUMBER] + 2;

	if (!is_in_tree(position_of(t, number, pool), height_of(t, pool)))
		shift_root(t, pool);
	uint32_t position = position_of(t, number, pool), at;

	if (pool->free_count < blocks_for(position, height_of(t, pool)))
		return false;
	if (!is_in_tree(position, height_of(t, pool)))
		add_level(t, pool);
	at = root_of(t, pool);
	for (unsigned level = height_of(t, pool); level > 0; level--) {
		uint32_t *word = &words(pool, at)[digit(position, level)];

		if (*word == 0)
			*word = take_zeroed(pool);
		*word |= kind << KIND_SHIFT;
		at = *word & BLOCK_MASK;
	}
	set_leaf(pool, at, number, tail[LEAF_ROOT], tail[LEAF_BASE]);
	tail[LEAF_NEXT] = at;
	t->rexmitq.tail = at;
	return true;
}

uint32_t leaves_needed(uint32_t records)
{
	uint32_t n, at_level = (records + 1) / 2;

	if (records < 2)
		return 0;
	for (n = at_level; at_level > 1; n += at_level)
		at_level = (at_level + FAN - 1) / FAN;
	return n;
}

/* ---- going ---------------------------------------------------------------------------------- */

static bool is_last_of(uint32_t position, unsigned level)
{
	uint32_t mask = (1u << DIGIT * level) - 1;

	return (position & mask) == mask;
}

/* The directories below the root of which this was the last leaf. */
static void give_directories(struct tcb *t, uint32_t position, struct tcp_pool *pool)
{
	uint32_t path[HEIGHT_MAX + 1];

	if (!is_last_of(position, 1))
		return;
	unsigned height = find_path(t, position, path, pool);

	for (unsigned level = 1; level < height && is_last_of(position, level); level++)
		pool_give(pool, path[level]);
}

void leaves_pass_head(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t head = t->rexmitq.head;
	const uint32_t *word = words(pool, head);
	uint32_t next = word[LEAF_NEXT];

	give_directories(t, position_of(t, word[LEAF_NUMBER], pool), pool);
	pool_give(pool, head);
	t->rexmitq.head = next;
	t->rexmit_slot = 0;
}

void leaves_end(struct tcb *t, struct tcp_pool *pool)
{
	uint32_t path[HEIGHT_MAX + 1];

	ASSERT(t->rexmitq.head == t->rexmitq.tail);
	unsigned height = find_path(t, position_of(t, first_of(t, pool), pool), path, pool);

	for (unsigned level = 0; level <= height; level++)
		pool_give(pool, path[level]);
	t->rexmitq.head = t->rexmitq.tail = t->rexmit_slot = 0;
	t->rexmitq.oldest = t->rexmitq.newest = 0;
}

/* ---- the order of sending ------------------------------------------------------------------- */

/* The link that leads to `place` from the older side, and from the newer one. */
static uint32_t *link_to_newer(struct tcb *t, uint32_t older, struct tcp_pool *pool)
{
	return older ? &place_words(pool, older)[PLACE_NEWER] : &t->rexmitq.oldest;
}

static uint32_t *link_to_older(struct tcb *t, uint32_t newer, struct tcp_pool *pool)
{
	return newer ? &place_words(pool, newer)[PLACE_OLDER] : &t->rexmitq.newest;
}

void order_insert(struct tcb *t, uint32_t older, uint32_t place, struct tcp_pool *pool)
{
	uint32_t *word = place_words(pool, place), *from = link_to_newer(t, older, pool);
	uint32_t newer = *from;

	word[PLACE_OLDER] = older;
	word[PLACE_NEWER] = newer;
	*from = place;
	*link_to_older(t, newer, pool) = place;
}

void order_append(struct tcb *t, uint32_t place, struct tcp_pool *pool)
{
	order_insert(t, t->rexmitq.newest, place, pool);
}

void order_remove(struct tcb *t, uint32_t place, struct tcp_pool *pool)
{
	const uint32_t *word = place_words(pool, place);

	*link_to_newer(t, word[PLACE_OLDER], pool) = word[PLACE_NEWER];
	*link_to_older(t, word[PLACE_NEWER], pool) = word[PLACE_OLDER];
}

uint32_t order_newer(const struct tcp_pool *pool, uint32_t place)
{
	return place_words(pool, place)[PLACE_NEWER];
}

void place_move(struct tcb *t, uint32_t from, uint32_t to, struct tcp_pool *pool)
{
	struct rexmit r = place_load(pool, from);

	place_store(pool, to, &r);
	if (!is_in_order(&r))
		return;
	uint32_t older = place_words(pool, from)[PLACE_OLDER];

	order_remove(t, from, pool);
	order_insert(t, older, to, pool);
}

void order_check(const struct tcb *t, const struct tcp_pool *pool)
{
	uint32_t older = 0, n = 0, in_order = 0;
	usec at = 0;

	for (uint32_t i = 0; i < t->rexmitq.count; i++) {
		struct rexmit r = rexmitq_at(t, i, pool);

		in_order += is_in_order(&r);
	}
	for (uint32_t place = t->rexmitq.oldest; place != 0; place = order_newer(pool, place)) {
		struct rexmit r = rexmitq_at(t, place_index(t, place, pool), pool);

		ASSERT(is_in_order(&r));
		ASSERT(r.sent_at >= at);
		ASSERT(place_words(pool, place)[PLACE_OLDER] == older);
		at = r.sent_at;
		older = place;
		n++;
	}
	ASSERT(older == t->rexmitq.newest);
	ASSERT(n == (t->rexmitq.count > 1 ? in_order : 0));
}
