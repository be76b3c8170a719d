/* SPDX-License-Identifier: MIT */
/*
 * talks.h - the conversations of a live recording: the list of them, and what the reader says in
 * the one that is his own. A part of a session.
 */
#ifndef STAGE_TALKS_H
#define STAGE_TALKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "stage/entry.h"

struct session;
struct stage_live;

struct talks_list {
	uint32_t picked; /* id; 0: always the newest */
	size_t index;    /* where it was found last */
	int page;        /* how many the picture drawn last had */
	struct recall said;
};

void talks_open(struct session *s);
void talks_key(struct session *s, uint32_t key);
void talks_pick(struct session *s, uint32_t id); /* a click */
/* Where the picked one stands; false: it is not there, or none is picked. */
bool talks_find(const struct stage_live *live, uint32_t id, size_t hint, size_t *index);

/* Somebody may say something here, and the line for it. */
bool talks_can_say(const struct session *s);
/* What was announced happens now. False: nothing was, or it is under way. */
bool talks_go_on(struct session *s);
void talks_open_line(struct session *s);
/* The line that was typed. True: it may be closed. */
bool talks_say_line(struct session *s);
/* An order of the `:` line. False: the prompt says why not. */
bool talks_order(struct session *s, const char *order, const char *rest);

#endif
