/* SPDX-License-Identifier: MIT */
/*
 * alongside.h - the kernel's ladder and our engine's, segment by segment: which segments stand in
 * one row, and which row is looked at. A part of a session; views read it.
 */
#ifndef STAGE_ALONGSIDE_H
#define STAGE_ALONGSIDE_H

#include "trace/beside.h"
#include "trace/talk.h"

struct player;
struct session;
struct stage_options;

/* Numbers from the ISN on, of the row's two segments. */
struct row_numbers {
	struct relative kernel, engine;
};

struct alongside {
	const struct trace
		*own; /* of a whole recording; NULL: a live one tells, or there is none */
	const struct trace *kernel;
	const struct trace *twin;          /* that the rows were found with; NULL: none */
	uint64_t kernel_count, twin_count; /* records they had then */
	bool has_rows;
	struct beside rows;
	ARRAY(struct row_numbers) numbers; /* by row */
	bool is_own; /* the reader has moved within the panel: `at` is looked at, as long as the
		      * clock and the ladder's cursor stay where they were */
	int64_t at;
	usec own_now;
	uint64_t own_cursor;
	uint32_t own_row;
};

void alongside_init(struct session *s, const struct stage_options *o);
void alongside_fini(struct alongside *a);
/* What there is to compare now; before each picture, for its size decides whether it is shown. */
void alongside_refresh(struct session *s, int rows, int columns);
/* There is a performance of the engine's. */
bool alongside_is_there(const struct alongside *a);

/* So many rows are told at this moment. */
int64_t alongside_told(const struct alongside *a, const struct player *p);
/* The row that is looked at: the ladder's, or the panel's own; -1: none. */
int64_t alongside_here(const struct alongside *a, const struct player *p);
/* Flags, length or order differ, or one of them does not send it. */
bool alongside_differs(const struct beside_row *r);
/* Looks so many rows down; the ladder's cursor goes along where the kernel has the segment. */
void alongside_move(struct session *s, int by);
/* True: the key moved within the panel. */
bool alongside_key(struct session *s, uint32_t key);

#endif
