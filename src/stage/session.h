/* SPDX-License-Identifier: MIT */
/*
 * session.h - a play being watched, without a terminal: what the reader does and passing time go
 * in, a canvas comes out. stage.c puts it on the terminal; tests press its keys.
 */
#ifndef STAGE_SESSION_H
#define STAGE_SESSION_H

#include "stage/alongside.h"
#include "stage/growth.h"
#include "stage/hands.h"
#include "stage/predict.h"
#include "stage/view.h"

/* It points into itself: it stays where it was begun. */
struct session {
	struct story *story;
	struct player player;
	struct moment moment;
	struct view view;
	struct hands hands;
	struct hits hits;  /* of the picture drawn last: what a click means */
	int rows, columns; /* of the picture drawn last */
	bool is_ascii;
	bool is_scrubbing; /* the button went down on the timeline and is still held */
	int scrub_row;
	struct predict predict;
	struct growth growth;
	struct alongside alongside;
	usec furthest;  /* the latest moment that was drawn */
	bool has_ended; /* its end was drawn */
};

/* The trace and the title must outlive the session. */
void session_init(struct session *s, const struct trace *t, const char *title,
		  const struct stage_options *o);
void session_fini(struct session *s);

/* Another trace in the place of the one shown: a pause at the same moment of it, or at its end when
 * it is shorter. What the reader has set up stays as it is. */
void session_show(struct session *s, const struct trace *t);

/* A click means what stood there when session_draw was last called. */
void session_input(struct session *s, const struct input *in);
void session_tick(struct session *s, usec real);
bool session_is_still(const struct session *s); /* nothing moves until the next input */
bool session_is_over(const struct session *s);
void session_draw(struct session *s, struct canvas *c);
/* The same as SVG (paper.c). */
void session_svg(struct session *s, enum theme theme, int rows, int columns, bool is_ascii,
		 struct sink *out);

#endif
