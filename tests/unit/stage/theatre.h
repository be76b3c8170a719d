/* SPDX-License-Identifier: MIT */
/*
 * theatre.h - a recording that grows, without a socket: whole traces are told anew, record by
 * record, to whoever watches the struct stage_live made of them.
 */
#ifndef TEST_STAGE_THEATRE_H
#define TEST_STAGE_THEATRE_H

#include <stage/session.h>

enum { THEATRE_TALKS = 4 };

struct theatre {
	struct {
		struct trace *whole; /* the theatre's own */
		struct trace *grown;
		uint64_t ready; /* records of it that the next turn tells */
	} talk[THEATRE_TALKS];
	uint32_t talks;  /* how many have begun; before the first `waiting` is shown */
	uint32_t chosen; /* 0: the newest */
	struct trace *waiting;
	uint64_t version;
	usec now;
	bool is_over, is_lacking;
	char said[128];    /* the last line */
	bool is_forbidden; /* to say anything */
	int nexts;         /* so often Enter asked for what is next */
	const struct trace *twin;
	struct stage_live live;
};

/* It points into itself: it stays where it was begun. Takes the trace. */
void theatre_init(struct theatre *t, struct trace *whole);
void theatre_fini(struct theatre *t);
void theatre_add(struct theatre *t, struct trace *whole); /* another conversation begins */
/* So many more records of the conversation (from 0) are ready; the clock stands at the last. */
void theatre_say(struct theatre *t, uint32_t talk, uint64_t records);
bool theatre_has_more(const struct theatre *t, uint32_t talk);
/* A scene's whole trace, and one as on the loopback: all at once, with a loss and a duplicate. They
 * are the caller's. */
struct trace *theatre_play(const char *scene);
struct trace *theatre_loopback(void);
/* The same calls in calm air, by people who nod otherwise: a twin of it. */
struct trace *theatre_twin(void);
/* A copy of the first records. */
struct trace *theatre_part(const struct trace *whole, uint64_t records);

#endif
