/* SPDX-License-Identifier: MIT */
/* lesson.h - a lesson on real sockets, on the stage or as lines. */
#ifndef APP_LESSON_H
#define APP_LESSON_H

#include <app/app.h>
#include <export/export.h>
#include <live/lesson.h>

struct taught {
	const struct request *request;
	enum lesson_name name;
	enum lang lang;
	struct loop *loop;
	struct lesson *lesson;
	/* As lines. */
	bool is_plain;
	struct ladder_feed *feed;
	struct sink verdicts; /* of this step, until its ladder is printed */
	size_t columns;
	bool has_asked; /* for Enter */
	bool is_left;   /* the reader has gone */
	/* On the stage. */
	struct sink missed; /* the latest expectation that did not hold */
};

/* The stage, until the reader leaves. An enum status. */
int lesson_on_stage(struct taught *t);

#endif
