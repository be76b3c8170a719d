/* SPDX-License-Identifier: MIT */
/*
 * playbill.h - the first screen: all scenes in their groups, one of them to be played. playbill.c
 * chooses, playbill_view.c draws, playbill_preview.c tells what the chosen one is about.
 */
#ifndef STAGE_PLAYBILL_H
#define STAGE_PLAYBILL_H

#include <base/array.h>
#include "stage/entry.h"
#include "stage/keys.h"
#include "stage/stage.h"
#include "stage/story.h"

/* What is typed at the bottom. */
enum typing { TYPING_NOTHING, TYPING_SEARCH, TYPING_PATH };

/* What is told of one run: nothing, a story, or why there is none. */
struct preview {
	bool is_there;
	size_t entry, variant;
	struct story *story; /* NULL: complaint */
	struct sink complaint;
};

struct playbill {
	const struct playbill_source *source; /* NULL: nothing is previewed or opened */
	const struct playbill_entry *entries;
	size_t count;
	ARRAY(size_t) matches; /* entries that the search lets through */
	size_t selected;       /* index into matches */
	size_t variant;        /* of the selected one */
	size_t number;         /* being typed */
	enum lang lang;
	enum typing typing;
	struct entry search, path;
	struct completion completion; /* of the path */
	struct sink notice;           /* what went wrong; "": nothing */
	bool has_no_preview;
	bool is_helping; /* all keys are shown */
	int scroll;      /* of them */
	struct preview preview;
	bool wants_quit, has_chosen, is_afresh;
};

void playbill_init(struct playbill *p, const struct playbill_entry *entries, size_t n,
		   enum lang lang, size_t selected);
void playbill_fini(struct playbill *p);
void playbill_key(struct playbill *p, uint32_t key);
/* A click on the row of the match `arg`: the first chooses, the second plays. */
void playbill_click(struct playbill *p, uint32_t arg);
size_t playbill_chosen(const struct playbill *p); /* an entry; count: none */
const struct playbill_entry *playbill_selected(const struct playbill *p); /* NULL: none */
/* Fetches what is told of the selected one, when it is another than before. */
void playbill_look(struct playbill *p);
void playbill_draw(struct canvas *c, const struct playbill *p, struct hits *hits);

/* The parts of the picture. */
void masthead_draw(struct canvas *c, enum lang lang, const char *line); /* rows 0 to 2 */
void preview_draw(struct canvas *c, struct area a, const struct playbill *p);
void playbill_put_pair(struct sink *out, const char *const text[2], enum lang lang);
const char *playbill_base_name(const char *path);

/* The table of its keys, as troff or Markdown. */
void playbill_manual(struct sink *out, enum lang lang);
void playbill_markdown(struct sink *out, enum lang lang);

#endif
