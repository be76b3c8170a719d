/* SPDX-License-Identifier: MIT */
/*
 * chooser.h - the list of a capture's connections, one of them to be played. chooser.c chooses,
 * chooser_view.c draws: only the rows that are in sight, however many there are.
 */
#ifndef STAGE_CHOOSER_H
#define STAGE_CHOOSER_H

#include <base/array.h>
#include "stage/entry.h"
#include "stage/keys.h"
#include "stage/stage.h"

struct chooser {
	const struct stage_list *list;
	const char *title;
	ARRAY(size_t) matches; /* rows that the filter lets through */
	size_t selected;       /* index into matches */
	uint64_t number;       /* being typed */
	int page;              /* rows of the list in the picture drawn last */
	enum lang lang;
	bool is_typing;
	struct entry filter;
	struct sink notice; /* what is wrong with the filter or the choice; "": nothing */
	bool is_helping;    /* all keys are shown */
	int scroll;         /* of them */
	bool wants_quit, has_chosen, is_all;
};

/* It begins as `choice` says. */
void chooser_init(struct chooser *c, const struct stage_list *list, const char *title,
		  enum lang lang, const struct stage_choice *choice);
void chooser_fini(struct chooser *c);
void chooser_key(struct chooser *c, uint32_t key);
/* A click on the row of the match `arg`: the first chooses, the second plays. */
void chooser_click(struct chooser *c, uint32_t arg);
bool chooser_is_over(const struct chooser *c);
void chooser_choice(const struct chooser *c, struct stage_choice *out);
/* Its picture. `page` is set to the rows it has room for. */
void chooser_draw(struct canvas *c, struct chooser *ch, struct hits *hits);

/* The table of its keys, as troff or Markdown. */
void chooser_manual(struct sink *out, enum lang lang);
void chooser_markdown(struct sink *out, enum lang lang);

#endif
