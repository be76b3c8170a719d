/* SPDX-License-Identifier: MIT */
/*
 * page.h - a framed box over the picture, and lines of text to fill one with: gathered first, so
 * that the box fits them, scrolled when it cannot.
 */
#ifndef STAGE_PAGE_H
#define STAGE_PAGE_H

#include <base/array.h>
#include "stage/canvas.h"
#include "stage/keys.h"

/* A box in the middle of `a`, blank inside, with a margin where there is room for one. Returns the
 * inside; a click there means nothing until a later hit says what. */
struct area page_box(struct canvas *c, struct area a, int rows, int columns, const char *heading,
		     struct hits *hits);
/* Columns inside a box that would like to have so many. */
int page_columns(struct area a, int wanted);

struct line {
	char *name; /* in the first PAGE_NAME columns; NULL: the text has the whole line */
	char *text;
	struct ink ink;
	int indent;
	enum action action; /* of a click on it; ACTION_NONE: none */
	uint32_t arg;
};

enum { PAGE_NAME = 15 };

struct page {
	ARRAY(struct line) lines;
	int columns; /* inside */
};

void page_pair(struct page *p, const char *name, const char *text);
/* As many lines as it takes, all of them indented. A click on any of them does the same. */
void page_text(struct page *p, int indent, struct ink ink, const char *text);
void page_click(struct page *p, size_t from, enum action action,
		uint32_t arg); /* lines from..end */
/* Lines from `scroll` on. Which are seen stands in the frame when not all are; how far one can
 * scroll is noted. Ends the page. */
void page_draw(struct canvas *c, struct area a, struct page *p, int scroll, const char *heading,
	       struct hits *hits);

#endif
