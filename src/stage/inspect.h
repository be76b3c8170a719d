/* SPDX-License-Identifier: MIT */
/*
 * inspect.h - the header inspector: the frame of the segment in the row looked at, taken apart into
 * fields, with a cursor on one of them. The cursor names a field, not a place: when the next
 * segment is looked at it stays on the window, on the checksum.
 */
#ifndef STAGE_INSPECT_H
#define STAGE_INSPECT_H

#include <base/sink.h>
#include <woshou/lang.h>
#include "stage/story.h"
#include "trace/frame.h"
#include "wire/header.h"

struct player;

/* What the player keeps of it. */
struct inspector {
	uint8_t header; /* enum header, under the cursor */
	uint8_t nth;    /* of those, from 0: a header may have two SACK blocks */
	bool is_folded[HEADER_COUNT];
};

void inspector_init(struct inspector *i);

/* One segment under inspection. About 64 KiB: made for a picture or a key, and freed. */
struct inspection {
	const struct story *story;
	const struct voyage *voyage; /* NULL: no segment in this row; the rest is then empty */
	const struct record *record; /* as it left, or as it arrived */
	struct frame frame;
	struct header_tree tree;
	uint16_t shown[HEADER_NODES_MAX]; /* nodes that are not folded away, in order */
	int count;
	int at; /* which of `shown` the cursor is on */
};

struct inspection *inspection_new(const struct player *p);
void inspection_free(struct inspection *i);
const struct header_node *inspection_node(const struct inspection *i); /* under the cursor */

/* The value of a field in words, in one language: "1000 = ISN+0", "0x26c9 right"; of a layer or a
 * group what is in it. */
void inspection_put_value(const struct inspection *i, const struct header_node *n, enum lang lang,
			  struct sink *out);

/* Keys of the inspector; false: it is none of them. */
bool inspector_key(struct player *p, uint32_t key);
/* A click on what stands at `shown` index: the cursor goes there; on it already, it folds. */
void inspector_point(struct player *p, uint32_t shown);

#endif
