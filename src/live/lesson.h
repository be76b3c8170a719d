/* SPDX-License-Identifier: MIT */
/*
 * lesson.h - lessons on the real thing: a script (lesson.def) of deeds on real sockets, each step
 * with what is said about it and with what the kernel must then show. Whatever the kernel shows is
 * asked of the kernel; where it differs from the script, the lesson says so and goes on.
 *
 * Zhang San is the clients, Li Si the server: sockets of this process, or a program of its own that
 * is started (the Python server of the story).
 */
#ifndef LIVE_LESSON_H
#define LIVE_LESSON_H

#include <base/sink.h>
#include "live/loop.h"
#include "live/sight.h"

enum lesson_name {
#define LESSON(id, name, needs_python, title_en, title_zh, gist_en, gist_zh) LESSON_##id,
#define STEP(...)
#include "live/lesson.def"
#undef STEP
#undef LESSON
	LESSON_COUNT,
};

struct lesson_info {
	const char *name; /* "close-wait" */
	bool needs_python;
	const char *title[2], *gist[2]; /* en, zh */
};

extern const struct lesson_info lesson_table[LESSON_COUNT];

/* By name, or by number from 1. False: there is none. */
bool lesson_named(const char *name, enum lesson_name *out);

/* One line of a lesson. */
enum lesson_line {
	LESSON_TELLS,    /* what comes now: a paragraph */
	LESSON_DOES,     /* a call and its answer */
	LESSON_SEES,     /* what the kernel shows, as expected */
	LESSON_MISSES,   /* what was expected, and that the kernel shows something else */
	LESSON_SKIPS,    /* what cannot be shown here, and why */
	LESSON_EXPLAINS, /* a paragraph */
};

struct lesson_watcher {
	struct act_watcher acts;
	void *user;
	void (*line)(void *user, enum lesson_line kind, const char *en, const char *zh);
	/* A step is over: the next one may begin, or there is none. */
	void (*rests)(void *user);
	/* The recording of this conversation, or NULL as long as there is none. False, or nobody to
	 * ask: segments cannot be seen here, and are not compared. */
	bool (*recording)(void *user, const struct flow *f, const struct trace **out);
};

struct lesson_options {
	bool is_private;      /* in a network of its own (lab.h): port 8888, and more may be done */
	const char *programs; /* the folder of the Python programs; NULL: unknown */
	usec patience;        /* so long the kernel may take to show something; 0: a minute */
};

struct lesson;

/* NULL: something is missing; the complaint says what, and how to get it. */
struct lesson *lesson_open(struct loop *l, enum lesson_name name, const struct lesson_options *o,
			   const struct lesson_watcher *w, struct sink *complaint);
/* Where its conversations go: to be watched before the first step. */
void lesson_where(const struct lesson *s, struct endpoint *out);
/* The next step happens. False: one is under way, or it is over. */
bool lesson_next(struct lesson *s);
bool lesson_rests(const struct lesson *s); /* it waits for lesson_next */
bool lesson_is_over(const struct lesson *s);
size_t lesson_step(const struct lesson *s, size_t *steps); /* how many have begun, of how many */
/* So many expectations did not hold; so many held; so many could not be looked at. */
struct lesson_figures {
	uint32_t missed, seen, skipped;
};
void lesson_figures(const struct lesson *s, struct lesson_figures *out);
void lesson_close(struct lesson *s); /* all of its sockets and processes */

#endif
