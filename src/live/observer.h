/* SPDX-License-Identifier: MIT */
/*
 * observer.h - one who watches a port of this machine: captures where permitted, asks the kernel,
 * hears the calls of our own process, and keeps each conversation as a trace of its own.
 *
 * It asks the kernel when something has happened, then ever more rarely, and not at all while no
 * conversation is open; what it keeps is bounded (oldest ended conversations are let go first).
 */
#ifndef LIVE_OBSERVER_H
#define LIVE_OBSERVER_H

#include "live/loop.h"
#include "live/recorder.h"

struct observer_options {
	struct endpoint at;   /* what is watched: port, and the address that tells the interface */
	bool has_acts;        /* our process tells its calls */
	bool no_capture;      /* do not even try */
	uint32_t keep;        /* conversations kept at most; 0: 64 */
	uint64_t memory;      /* octets of all traces at most; 0: 256 MiB */
};

/* What the screen must say: each is 0 or a sentence. */
struct observer_lack {
	bool no_capture, no_states, is_forbidden;
	char why[2][256]; /* one sentence, en and zh */
	uint64_t missed; /* frames that the kernel had no room for */
};

struct observed {
	uint32_t id; /* from 1, in order of appearance */
	struct flow flow;
	usec began, ended; /* since 1970; ended 0: it goes on */
	enum state state[2];
	const struct trace *trace;
	uint64_t segments, octets[2];
	uint32_t holder[2]; /* the process that holds each end; 0: unknown or nobody */
	char program[2][16];
	int cpu_percent[2]; /* of that process, lately; -1: unknown */
	uint32_t unread[2]; /* octets */
};

struct observer;

struct observer *observer_new(struct loop *l, const struct observer_options *o);
void observer_free(struct observer *o);
const struct act_watcher *observer_acts(struct observer *o);
void observer_lack(struct observer *o, struct observer_lack *out);
/* Counts up whenever something that can be shown has changed. */
uint64_t observer_version(const struct observer *o);
size_t observer_count(const struct observer *o); /* kept now, in order of id */
bool observer_at(const struct observer *o, size_t index, struct observed *out);
/* The listener: what waits to be accepted, and how many may. False: nobody listens there. */
bool observer_listener(const struct observer *o, uint32_t *waiting, uint32_t *backlog);
/* This one is being looked at, and is not let go. 0: none. */
void observer_hold(struct observer *o, uint32_t id);

#endif
