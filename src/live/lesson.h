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
	/* A step is over: the next one may happen, or there is none. */
	void (*rests)(void *user);
};

struct lesson_options {
	bool is_private;      /* in a network of its own (lab.h): port 8888, and more may be done */
	bool no_capture;      /* do not even try */
	const char *programs; /* the folder of the Python programs; NULL: unknown */
	usec patience;        /* so long the kernel may take to show something; 0: a minute */
};

struct lesson;

/* NULL: something is missing; the complaint says what, and how to get it. What needs privilege is
 * open afterwards. */
struct lesson *lesson_open(struct loop *l, enum lesson_name name, const struct lesson_options *o,
			   const struct lesson_watcher *w, struct sink *complaint);
void lesson_close(struct lesson *s); /* all of its sockets and processes, and the trace */

/* The first step is told: it happens with lesson_next. Each further one is told when the one before
 * it is over. */
void lesson_begin(struct lesson *s);
/* The step that was told happens. False: one is under way, or the lesson is over. */
bool lesson_next(struct lesson *s);
bool lesson_rests(const struct lesson *s); /* it waits for lesson_next */
bool lesson_is_over(const struct lesson *s);

struct lesson_figures {
	size_t step, steps;             /* the one that was told last, from 1; of how many */
	uint32_t seen, missed, skipped; /* expectations */
	uint64_t lost_frames;           /* the kernel had no room for so many */
	uint32_t program;               /* that was started: its process; 0: none */
	int percent;                    /* of a processor, that it takes; -1: unknown */
};
void lesson_figures(const struct lesson *s, struct lesson_figures *out);
void lesson_where(const struct lesson *s, struct endpoint *out);
/* What is told of the step that is next, or under way; "" when it is over. */
const char *lesson_told(const struct lesson *s, bool is_zh);
/* What is missing, a sentence; "": nothing. */
const char *lesson_lack(const struct lesson *s, bool is_zh);

/* All conversations in one recording, which grows until the lesson is over. */
const struct trace *lesson_trace(const struct lesson *s);
uint64_t lesson_version(const struct lesson *s); /* counts up with whatever can be shown */

/* A conversation as the kernel showed it last. */
struct lesson_talk_shown {
	struct flow flow;
	enum state state[2];
	uint32_t unread[2];
	uint32_t program; /* of the called end: a process that is not ours; 0: none */
	int percent;      /* of a processor, that it takes; -1: unknown */
	uint64_t segments;
	bool is_over;
};
bool lesson_talk_at(const struct lesson *s, size_t index, struct lesson_talk_shown *out);

#endif
