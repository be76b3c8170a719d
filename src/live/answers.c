/* SPDX-License-Identifier: MIT */
#include "live/answers.h"

#include <string.h>
#include <base/assert.h>

/* How many later messages are looked at when what comes is not the echo of the oldest. */
enum { TRIALS = 256 };

void answers_fini(struct answers *a)
{
	sink_fini(&a->words);
	sink_fini(&a->strange);
	array_fini(&a->asked);
}

/* The oldest are gone: what is left moves to the front, now and then. */
static void compact(struct answers *a)
{
	if (a->first * 2 > a->asked.count) {
		size_t left = a->asked.count - a->first;

		memmove(a->asked.at, a->asked.at + a->first, left * sizeof *a->asked.at);
		a->asked.count = left;
		a->timed -= a->first;
		a->trial -= a->first;
		a->first = 0;
	}
	if (a->head * 2 > a->words.count) {
		size_t left = a->words.count - a->head;

		memmove(a->words.at, a->words.at + a->head, left);
		a->words.count = left;
		a->taken -= a->head;
		a->at -= a->head;
		a->timed_at -= a->head;
		a->head = 0;
	}
}

/* From the oldest that is left. */
static void try_anew(struct answers *a)
{
	a->trial = a->first;
	a->at = a->head;
	a->matched = 0;
}

/* Those before `index` have no echo any more: its words begin at `at`. */
static void forget_until(struct answers *a, size_t index, size_t at)
{
	a->first = index;
	a->head = at;
	ASSERT(a->first <= a->timed && a->head <= a->taken);
	compact(a);
}

bool answers_say(struct answers *a, const void *octets, size_t n)
{
	/* A server that answers, but otherwise, will not send the oldest echo after all. */
	while (a->has_strange && a->first < a->timed && a->matched == 0 &&
	       a->head + a->asked.at[a->first].size <= a->taken &&
	       a->words.count - a->head + n > ANSWERS_ROOM) {
		forget_until(a, a->first + 1, a->head + a->asked.at[a->first].size);
		try_anew(a);
	}
	if (a->words.count > a->head && a->words.count - a->head + n > ANSWERS_ROOM)
		return false;
	if (n == 0)
		return true;
	/* A greeting that did not end its line is over when it is our turn. */
	if (a->first == a->asked.count)
		a->is_lost = false;
	*array_push(&a->asked) = (struct asked){.size = n};
	sink_put(&a->words, octets, n);
	return true;
}

const char *answers_unsent(const struct answers *a, size_t *n)
{
	*n = a->words.count - a->taken;
	return a->words.at + a->taken;
}

void answers_sent(struct answers *a, size_t n, usec at)
{
	a->taken += n;
	ASSERT(a->taken <= a->words.count);
	while (a->timed < a->asked.count && a->timed_at < a->taken) {
		a->asked.at[a->timed].since = at;
		a->timed_at += a->asked.at[a->timed++].size;
	}
}

size_t answers_waiting(const struct answers *a)
{
	return a->asked.count - a->first;
}

/* ---- hearing --------------------------------------------------------------------------------- */

static void tell_strange(struct answers *a, const struct answers_watcher *w)
{
	if (a->strange.count > 0 && w->strange)
		w->strange(w->user, a->strange.at, a->strange.count);
	sink_clear(&a->strange);
}

static bool is_sent(const struct answers *a)
{
	return a->trial < a->timed && a->at + a->matched < a->taken;
}

/* As many octets as are what was to come. */
static size_t match(const struct answers *a, const char *octets, size_t n)
{
	size_t most = a->asked.at[a->trial].size - a->matched, i = 0;
	const char *words = a->words.at + a->at + a->matched;

	if (most > a->taken - a->at - a->matched)
		most = a->taken - a->at - a->matched;
	if (most > n)
		most = n;
	if (memcmp(words, octets, most) == 0)
		return most;
	while (words[i] == octets[i])
		i++;
	return i;
}

static void answered(struct answers *a, usec at, const struct answers_watcher *w)
{
	const struct asked m = a->asked.at[a->trial];

	tell_strange(a, w);
	a->has_strange = false;
	if (w->echoed)
		w->echoed(w->user, a->words.at + a->at, m.size, at - m.since);
	forget_until(a, a->trial + 1, a->at + m.size);
	try_anew(a);
}

/* A later message that begins with what has come back so far, and then with this octet. */
static bool try_later(struct answers *a, char octet)
{
	size_t was = a->at, begin = a->at;

	for (size_t i = a->trial, n = 0; i + 1 < a->timed && n < TRIALS; n++) {
		begin += a->asked.at[i++].size;
		if (a->asked.at[i].size <= a->matched || begin + a->matched >= a->taken ||
		    a->words.at[begin + a->matched] != octet ||
		    memcmp(a->words.at + begin, a->words.at + was, a->matched) != 0)
			continue;
		a->trial = i;
		a->at = begin;
		return true;
	}
	return false;
}

/* This octet is no echo, nor is what was taken for the beginning of one. */
static void lose(struct answers *a, char octet)
{
	if (a->matched > 0)
		sink_put(&a->strange, a->words.at + a->at, a->matched);
	sink_putc(&a->strange, octet);
	a->has_strange = true;
	a->is_lost = octet != '\n';
	try_anew(a);
}

/* To the end of the line. Octets taken. */
static size_t skip_line(struct answers *a, const char *octets, size_t n)
{
	const char *end = memchr(octets, '\n', n);

	if (end) {
		n = (size_t)(end - octets) + 1;
		a->is_lost = false;
	}
	sink_put(&a->strange, octets, n);
	a->has_strange = true;
	return n;
}

void answers_heard(struct answers *a, const char *octets, size_t n, usec at,
		   const struct answers_watcher *w)
{
	while (n > 0) {
		size_t done;

		if (a->is_lost) {
			done = skip_line(a, octets, n);
		} else if (is_sent(a) && (done = match(a, octets, n)) > 0) {
			a->matched += done;
			if (a->matched == a->asked.at[a->trial].size)
				answered(a, at, w);
		} else {
			done = is_sent(a) && try_later(a, *octets) ? 0 : 1;
			if (done == 1)
				lose(a, *octets);
		}
		octets += done;
		n -= done;
	}
	tell_strange(a, w);
}
