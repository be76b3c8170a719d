/* SPDX-License-Identifier: MIT */
/* playbill.h - the first screen: all scenes in their groups, one of them to be played. */
#ifndef STAGE_PLAYBILL_H
#define STAGE_PLAYBILL_H

#include <base/array.h>
#include "stage/keys.h"
#include "stage/stage.h"

enum { SEARCH_MAX = 40 };

struct playbill {
	const struct playbill_entry *entries;
	size_t count;
	ARRAY(size_t) matches; /* entries that the search lets through */
	size_t selected;       /* index into matches */
	size_t number;         /* being typed */
	enum lang lang;
	bool is_searching;
	char search[SEARCH_MAX]; /* UTF-8 */
	size_t search_count;
	bool wants_quit, has_chosen;
};

void playbill_init(struct playbill *p, const struct playbill_entry *entries, size_t n,
		   enum lang lang, size_t selected);
void playbill_fini(struct playbill *p);
void playbill_key(struct playbill *p, uint32_t key);
/* A click on the row of the match `arg`: the first chooses, the second plays. */
void playbill_click(struct playbill *p, uint32_t arg);
size_t playbill_chosen(const struct playbill *p); /* an entry; count: none */
void playbill_draw(struct canvas *c, const struct playbill *p, struct hits *hits);

#endif
