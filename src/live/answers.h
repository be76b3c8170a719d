/* SPDX-License-Identifier: MIT */
/*
 * answers.h - which octets that come back answer which that were sent. A server may put several
 * echoes into one segment or one into several; it may also greet, or answer otherwise.
 *
 * What was said stands here until its echo is whole, so this is also what waits to be sent.
 * Octets that are no echo are told apart line by line: behind the next LF it is tried anew, with
 * the oldest message without an echo first. One that was passed over has no echo any more.
 */
#ifndef LIVE_ANSWERS_H
#define LIVE_ANSWERS_H

#include <base/array.h>
#include <base/sink.h>
#include <stdbool.h>
#include <woshou/seq.h>

/* Octets without an echo, at most: then nothing new may be said. */
enum { ANSWERS_ROOM = 1 << 20 };

struct asked {
	size_t size;
	usec since; /* when its first octet went to the kernel */
};

struct answers {
	struct sink words; /* [0, head) is answered, [head, taken) the kernel has */
	size_t head, taken;
	ARRAY(struct asked) asked;
	size_t first, timed; /* asked: the oldest without an echo; those before have a time */
	size_t trial, at;    /* the one that is being compared, and where its words begin */
	size_t matched;      /* so many octets of it have come back */
	size_t timed_at;     /* where the words of `timed` begin */
	bool is_lost;        /* in a line that is no echo */
	bool has_strange;    /* since the last echo */
	struct sink strange;
};

/* What was heard. A piece that is no echo may be told in parts. */
struct answers_watcher {
	void *user;
	void (*echoed)(void *user, const void *octets, size_t n, usec rtt);
	void (*strange)(void *user, const void *octets, size_t n);
};

/* A zeroed struct answers is an empty one. */
void answers_fini(struct answers *a);
/* False: no room. A message of any size fits where nothing else is. */
bool answers_say(struct answers *a, const void *octets, size_t n);
/* What the kernel has not got yet. */
const char *answers_unsent(const struct answers *a, size_t *n);
void answers_sent(struct answers *a, size_t n, usec at);
void answers_heard(struct answers *a, const char *octets, size_t n, usec at,
		   const struct answers_watcher *w);
size_t answers_waiting(const struct answers *a); /* messages without an echo */

#endif
